"""A funnel counted in parts, each with a log of its own, is the funnel; and the people behind it are its counts."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from insight import funnel, read_events
from insight.funnel import funnel_finish, funnel_tally
from insight.funnel.people import funnel_people
from insight.funnel.tally import merged
from insight.log import prepare_log

MODES = {
    "plain": {},
    "first": {"reentry": "first"},
    "mature": {"entries": "mature", "within": "6h"},
    "no window": {"within": None},
    "as of": {"as_of": "2026-01-02", "start": "2026-01-01", "end": "2026-01-01"},
    "strict": {"order": "strict"},
    "any": {"order": "any"},
    "open": {"order": "open", "by": {"column": "channel", "value": "last"}},
    "filters": {"steps": [{"events": ["A"], "where": [["value", ">", 2]]}, "B", "C"]},
    "optional": {"steps": ["A", {"events": ["B"], "optional": True}, {"events": ["C"], "max_gap": "5h"}]},
    "drop": {"exclude": {"events": ["X"], "between": [1, 2]}},
    "remove": {"exclude": {"events": ["X"], "effect": "remove"}},
    "by": {"by": "channel"},
    "by the best attempt": {"by": {"column": "channel", "value": 2}},
    "top": {"by": {"column": "value", "top": 2}},
    "sessions": {"unit": "session"},
    "sessions by": {"unit": {"session_gap": "2h"}, "by": {"column": "value", "top": 2}},
}


def table(n=3000):
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:03}" for i in rng.integers(0, 240, n)],
            "event": rng.choice(list("AABBCX"), n),
            "timestamp": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 72 * 60, n), unit="min"),
            "channel": rng.choice(["ads", "mail", "seo", None], n),
            "value": rng.integers(0, 6, n),
            "session": rng.integers(0, 3, n).astype(str),
        }
    )
    # an event that only a few customers have, so that some parts do not know it
    return pd.concat([frame, frame.iloc[:2].assign(event="Z", channel="(not set)")], ignore_index=True)


@pytest.fixture(scope="module")
def events():
    return read_events(table())


def asked(mode):
    return {"steps": ["A", "B", "C"], "within": "12h", "entries": "all"} | MODES[mode]


def assert_equal(one, other):
    for field in dataclasses.fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
        else:
            assert left == right, field.name


@pytest.mark.parametrize("mode", MODES)
def test_parts_of_the_customers_add_up_to_the_whole(events, mode):
    facts, settings = events.log.facts, asked(mode)
    bucket = np.random.default_rng(2).integers(0, 5, 240)
    number = events.frame["customer_id"].str[1:].astype(int).to_numpy()
    parts = [events.frame[bucket[number] == b].reset_index(drop=True) for b in range(5)]
    tallies = [funnel_tally(prepare_log(part, events=facts.events), facts, settings) for part in parts]
    found, whole = funnel_finish(merged(tallies), facts, settings), funnel(events, **settings)
    assert_equal(found, whole)
    assert whole.steps["reached"].min() > 0
    assert_equal(funnel_finish(merged(tallies[::-1]), facts, settings), whole)


@pytest.mark.parametrize("mode", MODES)
def test_one_customer_a_part_is_the_whole(mode):
    small = read_events(table(150))
    facts, settings = small.log.facts, asked(mode)
    parts = [own.reset_index(drop=True) for _, own in small.frame.groupby("customer_id")]
    tallies = [funnel_tally(prepare_log(part, events=facts.events), facts, settings) for part in parts]
    assert_equal(funnel_finish(merged(tallies), facts, settings), funnel(small, **settings))


@pytest.mark.parametrize("mode", MODES)
def test_the_people_behind_a_funnel_are_its_counts(events, mode):
    settings = asked(mode)
    people, found = funnel_people(events, settings), funnel(events, **settings)
    reached = people.filter(like="reached_")
    assert reached.sum().tolist() == found.steps["reached"].tolist()
    assert len(people) == found.entered
    assert [people["removed"].sum(), (~people["counted"] & ~people["removed"]).sum()] == [
        found.removed,
        found.still_open,
    ]
    assert not reached[~people["counted"]].any(axis=None)
    if found.groups is not None:
        for group, own in found.groups.groupby("group", sort=False):
            assert reached[people["group"] == group].sum().tolist() == own["reached"].tolist()
        assert set(people["group"]) <= set(found.groups["group"])
    else:
        assert set(people["group"]) == {""}


def test_people_are_named_once_a_customer_and_once_a_session(events):
    assert funnel_people(events, asked("plain"))["customer_id"].is_unique
    people = funnel_people(events, asked("sessions"))
    assert not people["customer_id"].is_unique
    assert set(people["customer_id"]) <= set(events.frame["customer_id"])


def test_an_unknown_setting_is_refused(events):
    with pytest.raises(ValueError, match="setting of funnel = 'withn'"):
        funnel_people(events, asked("plain") | {"withn": "7D"})
