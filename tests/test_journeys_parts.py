"""Journeys counted in parts, each with a log of its own, are the journeys; the people behind them are the counts."""

import dataclasses
import pickle
from functools import partial

import numpy as np
import pandas as pd
import pytest

from insight import InsightError, event_kinds, paths, read_events, time_to_event, transitions
from insight.intervals import clustered_wilson, difference_of_rates, newcombe
from insight.journeys import arrival, graph, kinds, paths_members, tally, transitions_members, waiting
from insight.journeys.flows import paths_finish
from insight.journeys.path_members import Wanted, path_people
from insight.journeys.routes import routes
from insight.journeys.settings import read_settings
from insight.journeys.stream import stream_of
from insight.log import prepare_log
from insight.tables.table import concatenated

CLEAN = {"folders": 1, "hide": ["X"]}
PATHS = {
    "plain": {},
    "sessions": {"unit": "session"},
    "session column": {"unit": "session", "session_gap": None},
    "deep": {"depth": 20, "top": 3},
    "after": {"after": "A", "within": "12h", "start": "2026-01-02"},
    "before": {"before": "C", "clean": CLEAN, "end": "2026-01-02"},
    "between": {"after": "A", "before": ["C", "B"], "depth": 2, "unit": "session", "session_gap": "2h"},
    "conditions": {"after": {"events": ["A"], "where": [["channel", "==", "ads"]]}, "unit": "session"},
    "every row": {"collapse_repeats": False, "as_of": "2026-01-02"},
    "bundled": {"top": 2, "least_share": 0.2, "top_paths": 5},
    "by": {"by": "channel"},
    "by sessions": {"by": {"column": "channel", "values": ["ads"]}, "unit": "session", "clean": CLEAN},
}
OTHERS = {
    "transitions": (transitions, graph.transitions_tally, graph.transitions_merged, graph.transitions_finish, {}),
    "of the session column": (
        transitions, graph.transitions_tally, graph.transitions_merged, graph.transitions_finish,
        {"session_gap": None, "clean": CLEAN, "as_of": "2026-01-02"},
    ),
    "kinds": (
        event_kinds, kinds.kinds_tally, kinds.kinds_merged, kinds.kinds_finish, {"clean": CLEAN, "as_of": "2026-01-02"},
    ),
    "times": (
        time_to_event, arrival.waiting_tally, arrival.merged, waiting.time_to_event_finish,
        {"origin": "A", "target": ["B", "C"], "by": {"column": "channel", "top": 2}},
    ),
    "times with conditions": (
        time_to_event, arrival.waiting_tally, arrival.merged, waiting.time_to_event_finish,
        {"origin": {"events": "A", "where": [["channel", "is missing"]]}, "target": "B"},
    ),
    "times as of": (
        time_to_event, arrival.waiting_tally, arrival.merged, waiting.time_to_event_finish,
        {"origin": "A", "target": "A", "as_of": "2026-01-02", "start": "2026-01-01", "end": "2026-01-01"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def events():
    rng, n = np.random.default_rng(11), 2500
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:03}" for i in rng.integers(0, 200, n)],
            "event": rng.choice([*"AABBCX", "p/1", "p/2"], n),
            "timestamp": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 48 * 12, n) * 5, unit="min"),
            "channel": rng.choice(["ads", "mail", "seo", None], n),
            "session": rng.choice(["s1", "s2", None], n),
            "sequence": rng.choice([1.0, 2.0, np.nan], n),
        }
    )
    # an event that only one customer has, so that most parts do not know it
    return read_events(pd.concat([frame, frame.iloc[:1].assign(event="Z")], ignore_index=True))


def logs(events, n=5):
    """A log for each of several parts of the customers."""
    bucket = np.random.default_rng(2).integers(0, n, 200)[events.frame["customer_id"].str[1:].astype(int)]
    parts = [events.frame[bucket == b].reset_index(drop=True) for b in range(n)]
    return [prepare_log(part, events=events.facts.events) for part in parts]


def in_parts(events, count, merged):
    """The tallies of the parts, sent from one process to another, and their sum."""
    found = [pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(count))(log))) for log in logs(events)]
    return merged(found[::-1])


def assert_equal(one, other):
    for field in dataclasses.fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
        else:
            np.testing.assert_equal(left, right, field.name)


@pytest.mark.parametrize("mode", PATHS)
def test_paths_of_parts_add_up_to_the_whole(events, mode):
    facts, asked = events.facts, PATHS[mode]
    whole = paths(events, **asked)
    found = in_parts(events, partial(tally.paths_tally, facts=facts, settings=asked), tally.merged)
    assert_equal(paths_finish(found, facts, asked), whole)
    assert whole.n_paths > 1


@pytest.mark.parametrize("name", OTHERS)
def test_the_others_add_up_too(events, name):
    function, count, merged, finish, asked = OTHERS[name]
    facts = events.facts
    usual = graph.USUAL if function is transitions else {}
    found = in_parts(events, partial(count, facts=facts, settings=usual | asked), merged)
    assert_equal(finish(found, facts, usual | asked), function(events, **asked))


@pytest.mark.parametrize("mode", ["plain", "before", "between", "bundled", "by", "by sessions"])
def test_the_people_behind_paths_are_their_counts(events, mode):
    asked = PATHS[mode] | {"unit": "customer"}
    found = paths(events, **asked)
    for row in found.nodes.itertuples():
        assert len(paths_members(events, asked, {"position": row.position, "event": row.event})) == row.n
    for row in found.flows.iloc[::3].itertuples():
        cell = {"position": row.position, "source": row.source, "target": row.target}
        assert len(paths_members(events, asked, cell)) == row.n
    for row in found.paths.iloc[[0, -1]].itertuples():
        assert len(paths_members(events, asked, {"path": row.path})) == row.n
    if found.groups:
        for row in found.node_differences.iloc[::4].itertuples():
            cell = {"position": row.position, "event": row.event}
            sizes = [len(paths_members(events, asked, cell | {"group": name})) for name in found.groups]
            assert sizes == [row.n_first, row.n_second]


def test_the_people_beside_the_paths_are_their_counts(events):
    asked = {"after": "A", "before": "C", "within": "1h"}
    found = paths(events, **asked)
    for flag in ("without_anchor", "never_arrived"):
        assert len(paths_members(events, asked, {flag: True})) == getattr(found, flag) > 0
    asked = {"after": "A", "within": "2h"}
    assert len(paths_members(events, asked, {"still_open": True})) == paths(events, **asked).still_open > 0


def test_an_event_behind_other_has_people_of_its_own(events):
    asked = {"top": 2}
    found = paths(events, **asked)
    bundled = found.steps[(found.steps["position"] == 1) & ~found.steps["event"].isin(found.nodes["event"])].iloc[0]
    cell = {"position": 1, "event": bundled["event"]}
    assert len(paths_members(events, asked, cell)) == bundled["n"] > 0


def test_a_part_without_any_path_adds_nothing():
    names = [f"e{k:03}" for k in range(300)]
    times = pd.date_range("2026-01-01", periods=300, freq="min")
    whole = read_events(pd.DataFrame({"customer_id": "ana", "event": names, "timestamp": times}))
    other = prepare_log(whole.frame.iloc[:5].assign(customer_id="ben"), events=names)
    for asked in ({"after": "e100", "depth": 20}, {"after": "e100", "before": "e200", "depth": 2, "by": "event"}):
        counts = [tally.paths_tally(log, whole.facts, asked) for log in (other, whole.log)]
        assert len(counts[0].code) == 0
        found = paths_finish(tally.merged(counts), whole.facts, {**asked, "by": None})
        assert (found.n_units, found.without_anchor) == (1, 1)


def test_people_are_found_in_parts_too(events):
    settings, wanted = {"top": 2}, Wanted(codes=((1, (0, 1)),))
    count = partial(path_people, facts=events.facts, settings=settings, wanted=wanted)
    assert sorted(in_parts(events, count, concatenated)) == events.ids(count)


def test_of_sessions_each_customer_is_named_once(events):
    asked = {"unit": "session"}
    found = paths(events, **asked)
    people = paths_members(events, asked, {"position": 0, "event": "(start)"})
    assert people == sorted(set(people))
    assert len(people) == found.n_customers < found.n_units


@pytest.mark.parametrize(
    "cell",
    [
        {}, {"position": 9, "event": "A"}, {"position": 1, "event": "nothing"}, {"position": 1}, {"step": 1},
        {"position": 5, "source": "A", "target": "B"}, {"path": "A > nothing"}, {"still_open": False},
        {"without_anchor": True, "group": "ads"}, {"position": 1, "event": "A", "group": "tv"},
    ],
)  # fmt: skip
def test_a_cell_that_is_no_number_of_paths_is_refused(events, cell):
    with pytest.raises(InsightError):
        paths_members(events, {"by": "channel"}, cell)


@pytest.mark.parametrize(
    "cell", [{}, {"from_event": "A"}, {"event": "nothing"}, {"from_event": "(end)", "to_event": "A"}]
)
def test_a_cell_that_is_no_number_of_transitions_is_refused(events, cell):
    with pytest.raises(InsightError):
        transitions_members(events, {}, cell)


def test_a_difference_has_newcombes_interval(events):
    found = paths(events, by={"column": "channel", "values": ["ads", "seo"]})
    row, (first, second) = found.flow_differences.iloc[0], found.group_sizes
    expected = newcombe(row["n_first"], first, row["n_second"], second)
    assert row[["difference", "ci_low", "ci_high"]].tolist() == pytest.approx(expected)
    assert row["share_first"] == row["n_first"] / first


def test_the_interval_of_sessions_knows_that_those_of_a_customer_are_alike(events):
    asked = {"unit": "session", "session_gap": "2h", "by": {"column": "channel", "values": ["ads"]}}
    found = paths(events, **asked)
    assert found.groups == ("ads", "everyone else")
    row = found.node_differences.iloc[2]
    ends = []
    for group in found.groups:
        y, n = _by_customer(events.log, events.facts, asked, row, group)
        low, high = clustered_wilson(y[:, None], n)
        ends.append((y.sum() / n.sum(), low[0], high[0]))
    expected = difference_of_rates(*ends[0], *ends[1])
    assert row[["difference", "ci_low", "ci_high"]].tolist() == pytest.approx([float(one) for one in expected])


def _by_customer(log, facts, settings, row, group):
    """Each customer's sessions in a group, and how many of them stand in a node."""
    asked = read_settings(settings, facts)
    stream = stream_of(log, asked.cuts, asked.kinds)
    found = routes(stream, asked)
    of, names = tally.groups_of(stream, found, asked)
    own = (np.array(names)[of] == "ads") == (group == "ads")
    there = found.code[row["position"]] == stream.names.index(row["event"])
    table = pd.DataFrame({"customer": stream.customer[found.unit], "there": there})[own]
    sums = table.groupby("customer")["there"].agg(["sum", "size"])
    return sums["sum"].to_numpy(), sums["size"].to_numpy()
