"""Every mode of the funnel against a twin that tries every chain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel, read_events
from insight.errors import NotEnoughData
from insight.funnel.people import funnel_people
from tests.funnel_twin import twin
from tests.logs import START

KIND = st.sampled_from(["A", "B", "C", ["A", "B"], ["B", "C"]])
WHERE = st.sampled_from([[], [], [["value", ">=", 1]], [["value", "!=", 1], ["channel", "in", ["p", "q"]]]])
EXCLUDED = st.sampled_from(["X", "X", "B", ["A", "X"]])


def steps(optional, gaps, own_events=False):
    """Two to four steps as a user may write them."""
    if own_events:
        kinds = st.permutations(["A", "B", "C", "D"]).flatmap(lambda own: st.integers(2, 4).map(lambda n: own[:n]))
    else:
        kinds = st.lists(KIND, min_size=2, max_size=4)

    def written(kinds):
        each = [
            st.fixed_dictionaries(
                {"events": st.just([kind] if isinstance(kind, str) else kind), "where": WHERE},
                optional={"max_gap": st.sampled_from(["1h", "2h"])} if gaps and k else {},
            ).flatmap(
                lambda step, k=k: st.sampled_from([step, step | {"optional": True}] if optional and k else [step])
            )
            for k, kind in enumerate(kinds)
        ]
        return st.tuples(*each).map(list)

    return kinds.flatmap(written).filter(lambda own: sum("optional" not in step for step in own) > 1)


def asked(order):
    """Settings of a funnel in this order."""
    return st.fixed_dictionaries(
        {
            "order": st.just(order),
            "steps": steps(optional=order in ("ordered", "strict"), gaps=order != "any", own_events=order == "any"),
            "within": st.sampled_from([None, "1h", "2h", "3h", "5h"]),
            "reentry": st.sampled_from(["best", "first"]),
            "entries": st.sampled_from(["mature", "all"]),
            "exclude": st.lists(exclusion(order), max_size=2),
            "value": st.sampled_from(["entry", "entry", "first", "last", 1, 2]),
            "days": st.sampled_from([(None, None), (0, 0), (1, None), (None, 0)]),
            "as_of": st.sampled_from([None, None, 0]),
        }
    )


def exclusion(order):
    between = {} if order == "any" else {"between": st.sampled_from([[1, 2], [2, 3], [1, 3]])}
    effect = st.sampled_from(["drop", "drop", "remove"])
    fixed = {"events": EXCLUDED.map(lambda own: [own] if isinstance(own, str) else own), "effect": effect}
    return st.fixed_dictionaries(fixed, optional=between)


def possible(settings):
    """The exclusions that fit the steps."""
    required = [k for k, step in enumerate(settings["steps"], start=1) if "optional" not in step]
    return [own for own in settings["exclude"] if set(own.get("between", [])) <= set(required)]


ROW = st.tuples(
    st.sampled_from("xy"), st.integers(20, 27), st.sampled_from("AABBCDX"), st.integers(0, 2), st.sampled_from("pqr")
)
ALL_KINDS = [("w", 25, kind, 1, "p") for kind in "ABCDX"]


def table_of(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "hour", "event", "value", "channel"])
    frame["timestamp"] = START + pd.to_timedelta(frame.pop("hour"), unit="h")
    return frame


def own_rows(rows):
    """The rows of each customer, as the twin reads them."""
    units = {}
    for customer, time, event, value, channel in rows:
        units.setdefault(customer, []).append({"time": time, "event": event, "value": value, "channel": channel})
    return units


def sessions_of(units, gap):
    """Each customer's rows cut at pauses longer than `gap` hours: {(customer, number): rows}."""
    found = {}
    for customer, rows in units.items():
        number, last = 0, None
        for row in sorted(rows, key=lambda row: row["time"]):
            number += last is not None and row["time"] - last > gap
            found.setdefault((customer, number), []).append(row)
            last = row["time"]
    return found


def day(n):
    return None if n is None else str((START + pd.Timedelta(n, unit="D")).date())


def check(rows, given_settings, session_gap=None):
    """The funnel of these rows is what the twin finds."""
    rows = [*rows, *ALL_KINDS]
    own = dict(given_settings)
    first, last = own.pop("days")
    own["exclude"] = possible(own)
    required = [k for k, step in enumerate(own["steps"], start=1) if "optional" not in step]
    value = own.pop("value")
    value = value if isinstance(value, str) or value in required else "entry"
    own["entries"] = "all" if own["within"] is None else own["entries"]
    as_of = own.pop("as_of")
    opens, closes = (-np.inf if first is None else 24 * first), (np.inf if last is None else 24 * (last + 1))
    used = [row for row in rows if as_of is None or row[1] < 24 * (as_of + 1)]
    end_of_data = max(row[1] for row in rows) if as_of is None else 24 * (as_of + 1)
    units = own_rows(used)
    if session_gap is not None:
        units = sessions_of(units, session_gap)
    expected = twin(units.values(), own | {"opens": opens, "closes": closes}, end_of_data)
    asked = own | {"start": day(first), "end": day(last), "as_of": day(as_of)}
    asked |= {"by": {"column": "channel", "value": value}} if expected["entered"] else {}
    asked |= {"unit": {"session_gap": f"{session_gap}h"}} if session_gap is not None else {}
    if as_of is not None and min(row[1] for row in rows) >= 24 * (as_of + 1):
        return
    events = read_events(table_of(rows))
    try:
        found = funnel(events, **asked)
    except NotEnoughData:
        assert expected["still_open"] == expected["entered"] > 0
        return
    compare(found, expected, value)
    people = funnel_people(events, asked)
    reached = people[[name for name in people if name.startswith("reached_")]]
    assert reached.sum().tolist() == found.steps["reached"].tolist()
    assert (people["counted"].sum(), people["removed"].sum()) == (len(expected["units"]), expected["removed"])
    assert len(people) == expected["entered"]


def compare(found, expected, value):
    assert [found.entered, found.removed, found.still_open] == [
        expected[name] for name in ("entered", "removed", "still_open")
    ]
    reached = [unit.reached() for unit in expected["units"]]
    n = len(found.steps)
    assert found.steps["reached"].tolist() == [sum(k in own for own in reached) for k in range(n)]
    for k, name in enumerate(found.steps["step"]):
        times = [own[k] for own in reached if own.get(k) is not None]
        counted = found.times[found.times["step"] == name]
        assert np.repeat(counted["seconds"], counted["n"]).tolist() == sorted(least for least, _ in times)
        previous = sorted(previous for _, previous in times)
        wanted = previous[-(-len(previous) // 2) - 1] if previous else np.nan
        np.testing.assert_equal(found.steps["median_seconds_from_previous"][k], wanted)
        if found.order == "open":
            assert found.steps["entered_here"][k] == sum(own.get(k, 0) is None for own in reached)
            assert found.steps["from_previous"][k] == len(times)
    if found.groups is not None:
        groups = {}
        for unit, own in zip(expected["units"], reached, strict=True):
            counts = groups.setdefault(unit.value("channel", value), [0] * n)
            for k in own:
                counts[k] += 1
        shown = found.groups.groupby("group", sort=False)["reached"].agg(list).to_dict()
        assert {name: counts for name, counts in shown.items() if sum(counts)} == groups


@pytest.mark.parametrize("order", ["ordered", "strict", "any", "open"])
def test_agrees_with_trying_every_chain(order):
    @settings(max_examples=150, deadline=None)
    @given(rows=st.lists(ROW, min_size=1, max_size=12), own=asked(order))
    def agrees(rows, own):
        check(rows, own)

    agrees()


@pytest.mark.parametrize("order", ["ordered", "open"])
def test_sessions_agree_with_trying_every_chain(order):
    @settings(max_examples=50, deadline=None)
    @given(rows=st.lists(ROW, min_size=1, max_size=14), own=asked(order), gap=st.sampled_from([1, 2]))
    def agrees(rows, own, gap):
        check(rows, own, session_gap=gap)

    agrees()
