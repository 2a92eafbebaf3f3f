"""Transitions, paths and times against a twin that walks one unit after another."""

from collections import Counter

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import paths, read_events, time_to_event, transitions
from insight.errors import InsightError
from insight.journeys import paths_members, time_to_event_members, transitions_members
from tests.journeys_twin import NO_EVENT, paths_twin, time_twin, transitions_twin
from tests.logs import START

DAY = 24 * 60
CLEAN = {"merge": [{"contains": "p/", "name": "P"}], "rename": {"B": "C"}, "hide": ["X"]}
NAMES = {"p/1": "P", "p/2": "P", "B": "C", "X": None}
ROW = st.fixed_dictionaries(
    {
        "customer": st.sampled_from("xyz"),
        "time": st.integers(46, 52).map(lambda half: 30 * half),  # around midnight
        "event": st.sampled_from(["A", "A", "B", "B", "C", "D", "X", "p/1", "p/2"]),
        "sequence": st.sampled_from([None, 1, 2]),
        "session": st.sampled_from([None, None, "s1", "s2"]),
        "channel": st.sampled_from([None, "p", "q"]),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=30)
ROWS |= ROWS.map(lambda rows: [row | {"sequence": None} for row in rows])
# of a customer of its own, so that every log knows every event and column
ALL = [
    {"customer": "w", "time": 1400, "event": event, "sequence": 1, "session": "s1", "channel": "p"}
    for event in ("A", "B", "C", "D", "X", "p/1", "p/2")
]
WALK = {
    "unit": st.sampled_from(["customer", "session"]),
    "session_gap": st.sampled_from(["30min", "60min", None]),
    "collapse_repeats": st.booleans(),
    "clean": st.sampled_from([None, CLEAN]),
}
ASKED = st.fixed_dictionaries(
    WALK
    | {
        "depth": st.sampled_from([2, 3, 5]),
        "after": st.sampled_from([None, None, ["A"], ["A", "C"]]),
        "before": st.sampled_from([None, None, ["C"], ["A", "D"]]),
        "within": st.sampled_from([None, "60min", "120min"]),
        "days": st.sampled_from([(None, None), (0, None), (1, None), (None, 0)]),
    }
)


def table_of(rows, columns=("sequence", "session", "channel")):
    frame = pd.DataFrame(rows).rename(columns={"customer": "customer_id"})
    frame["timestamp"] = START + pd.to_timedelta(frame.pop("time"), unit="min")
    frame["sequence"] = frame["sequence"].astype(float)
    return read_events(frame[["customer_id", "event", "timestamp", *columns]])


def iso(day):
    return None if day is None else (START + pd.Timedelta(days=day)).strftime("%Y-%m-%d")


def of_package(asked):
    """The settings as `paths` takes them."""
    own = {name: value for name, value in asked.items() if name != "days"}
    return own | {"start": iso(asked["days"][0]), "end": iso(asked["days"][1])}


def of_twin(asked, rows):
    opens, closes = asked.get("days", (None, None))
    return asked | {
        "names": {} if asked["clean"] is None else NAMES,
        "opens": -1 if opens is None else opens * DAY,
        "closes": 10**6 if closes is None else (closes + 1) * DAY,
        "observed": (max(row["time"] for row in rows) // DAY + 1) * DAY,
    }


@settings(max_examples=60, deadline=None)
@given(ROWS, st.fixed_dictionaries(WALK))
def test_transitions_are_those_of_the_twin(rows, asked):
    rows = [*ALL, *rows]
    found = transitions(table_of(rows), **asked)
    count, people, tied, lasting = transitions_twin(rows, of_twin(asked, rows))
    keys = list(zip(found.counts["from_event"], found.counts["to_event"], strict=True))
    assert dict(zip(keys, found.counts["count"], strict=True)) == count
    units = zip(found.counts["units"], found.counts["customers"], strict=True)
    assert dict(zip(keys, units, strict=True)) == people
    assert found.tied == tied
    for row in found.kinds.itertuples():
        times = sorted(lasting.get(row.event, []))
        for percent, value in ((25, row.p25_seconds), (50, row.median_seconds), (75, row.p75_seconds)):
            reached = [60 * time for k, time in enumerate(times, start=1) if 100 * k >= percent * len(times)]
            assert value == reached[0] if times else np.isnan(value)


@settings(max_examples=80, deadline=None)
@given(ROWS, ASKED)
def test_paths_are_those_of_the_twin(rows, asked):
    rows = [*ALL, *rows]
    twin = paths_twin(rows, of_twin(asked, rows))
    try:
        found = paths(table_of(rows), **of_package(asked), top=99)
    except InsightError:
        assert not twin.columns
        return
    first = found.flows["position"].min()
    flows = {(row[0] - first, *row[1:3]): row[3] for row in found.flows.itertuples(index=False)}
    assert flows == twin.flows()
    assert {tuple(row.events): row.n for row in found.paths.itertuples()} == twin.whole()
    assert (found.n_units, found.n_customers) == (len(twin.columns), len(set(twin.customers)))
    assert (found.without_anchor, found.never_arrived) == (len(twin.without_anchor), len(twin.never_arrived))
    assert found.tied == twin.tied
    assert (found.still_open or 0) == twin.still_open
    rows_at, repeated = Counter(), Counter()
    for own, lengths in zip(twin.columns, twin.rows, strict=True):
        for place, (event, n) in enumerate(zip(own, lengths, strict=True)):
            rows_at[place, event] += n
            repeated[place, event] += n > 1
    nodes = found.nodes.assign(key=list(zip(found.nodes["position"] - first, found.nodes["event"], strict=True)))
    assert dict(zip(nodes["key"], nodes["rows"], strict=True)) == rows_at
    assert dict(zip(nodes["key"], nodes["repeated"], strict=True)) == repeated


@settings(max_examples=60, deadline=None)
@given(ROWS, ASKED, st.sampled_from([1, 2, 3]), st.sampled_from([0.0, 0.2, 0.6]), st.sampled_from([1, 3]))
def test_every_column_sums_to_the_same_total_whatever_is_bundled(rows, asked, top, least, top_paths):
    bundled = {"top": top, "least_share": least, "top_paths": top_paths}
    try:
        found = paths(table_of([*ALL, *rows]), **of_package(asked), **bundled)
    except InsightError:
        return
    for table in (found.flows, found.nodes, found.steps):
        assert set(table.groupby("position")["n"].sum()) == {found.n_units}
        assert np.allclose(table.groupby("position")["share"].sum(), 1)
    assert found.paths["n"].sum() == found.n_units
    # what goes into a node is what is there, and what comes out
    nodes = found.nodes.set_index(["position", "event"])["n"]
    into = found.flows.assign(position=found.flows["position"] + 1).groupby(["position", "target"])["n"].sum()
    out_of = found.flows.groupby(["position", "source"])["n"].sum()
    assert all(nodes[key] == n for own in (into, out_of) for key, n in own.items())
    edges = [set(nodes[edge].index) for edge in (found.nodes["position"].min(), found.nodes["position"].max())]
    assert len(into) + len(edges[0]) == len(out_of) + len(edges[1]) == len(nodes)


@settings(max_examples=40, deadline=None)
@given(ROWS, ASKED)
def test_two_groups_are_counted_apart(rows, asked):
    rows = [*ALL, *rows]
    twin = paths_twin(rows, of_twin(asked, rows))
    sizes = Counter(twin.groups)
    pair = sorted(sizes, key=lambda name: (-sizes[name], name))[:2]
    if len(pair) < 2:
        return
    found = paths(table_of(rows), **of_package(asked), top=99, by="channel")
    assert found.groups == tuple(pair)
    assert found.group_sizes == tuple(sizes[name] for name in pair)
    first = found.flows["position"].min()
    for name, column in zip(pair, ("n_first", "n_second"), strict=True):
        own = Counter(
            (k, *flow)
            for columns, group in zip(twin.columns, twin.groups, strict=True)
            for k, flow in enumerate(zip(columns, columns[1:], strict=False))
            if group == name
        )
        table = found.flow_differences
        there = {(p - first, s, t): n for p, s, t, n in table[["position", "source", "target", column]].values if n}
        assert there == own


@settings(max_examples=60, deadline=None)
@given(
    ROWS,
    st.sampled_from([["A"], ["A", "B"]]),
    st.sampled_from([["C"], ["A"], ["B", "D"]]),
    st.sampled_from([(None, None), (1, None), (None, 0)]),
)
def test_times_are_those_of_the_twin(rows, origin, target, days):
    rows = [*ALL, *rows]
    asked = {"origin": origin, "target": target, "clean": None, "days": days}
    twin = time_twin(rows, of_twin(asked, rows))
    events, own = table_of(rows), {"origin": origin, "target": target, "start": iso(days[0]), "end": iso(days[1])}
    try:
        found = time_to_event(events, **own, by="channel")
    except InsightError:
        assert not twin
        return
    counted = Counter()
    for row in found.curve.itertuples():
        counted[row.group, row.seconds, True] += row.arrived
        counted[row.group, row.seconds, False] += row.censored
    assert +counted == Counter((group, 60 * time, arrived) for time, arrived, group in twin.values())
    assert time_to_event_members(events, own, {"arrived": True}) == [name for name, one in twin.items() if one[1]]
    soon = [name for name, one in twin.items() if one[1] and one[0] <= 60]
    assert time_to_event_members(events, own, {"arrived": True, "within": "1h"}) == soon


@settings(max_examples=40, deadline=None)
@given(ROWS, ASKED, st.integers(0, 10**6))
def test_the_people_behind_a_path_are_those_of_the_twin(rows, asked, pick):
    rows = [*ALL, *rows]
    twin = paths_twin(rows, of_twin(asked, rows))
    if not twin.columns:
        return
    events, own = table_of(rows), of_package(asked) | {"top": 2}
    found = paths(events, **own)
    first = found.flows["position"].min()
    flow = found.flows.iloc[pick % len(found.flows)]
    if "Other" not in flow["source"] + flow["target"]:
        place, ends = flow["position"] - first, [flow["source"], flow["target"]]
        goes = [columns[place : place + 2] == ends for columns in twin.columns]
        behind = {c for c, own in zip(twin.customers, goes, strict=True) if own}
        cell = {"position": int(flow["position"]), "source": flow["source"], "target": flow["target"]}
        assert paths_members(events, own, cell) == sorted(behind)
    path = found.paths.iloc[pick % len(found.paths)]
    whole = [[event for event in columns if event not in NO_EVENT] for columns in twin.columns]
    behind = {c for c, own in zip(twin.customers, whole, strict=True) if own == path["events"]}
    assert paths_members(events, own, {"path": path["path"]}) == sorted(behind)
    assert paths_members(events, own, {"without_anchor": True}) == sorted(set(twin.without_anchor))


@settings(max_examples=25, deadline=None)
@given(ROWS, st.fixed_dictionaries(WALK))
def test_the_people_behind_a_transition_are_as_many_as_counted(rows, asked):
    events = table_of([*ALL, *rows])
    found = transitions(events, **asked)
    for row in found.counts.head(3).itertuples():
        cell = {"from_event": row.from_event, "to_event": row.to_event}
        assert len(transitions_members(events, asked, cell)) == row.customers
    for row in found.kinds.head(3).itertuples():
        assert len(transitions_members(events, asked, {"event": row.event})) == row.customers


def test_twenty_columns_of_two_hundred_kinds_are_exact():
    rng = np.random.default_rng(5)
    n = 6000
    kinds = np.where(rng.random(n) < 0.7, rng.integers(0, 4, n), rng.integers(0, 200, n))
    rows = [
        {"customer": f"c{c}", "time": int(t), "event": f"e{k:03}", "sequence": None, "session": None, "channel": None}
        for c, t, k in zip(rng.integers(0, 150, n), rng.integers(0, 40_000, n), kinds, strict=True)
    ]
    asked = {"unit": "customer", "session_gap": "30min", "collapse_repeats": True, "clean": None}
    asked |= {"depth": 20, "after": None, "before": None, "within": None}
    twin = paths_twin(rows, of_twin(asked, rows))
    found = paths(table_of(rows, columns=()), **asked, top=500)
    assert {tuple(row.events): row.n for row in found.paths.itertuples()} == twin.whole()
    assert {row[:3]: row[3] for row in found.flows.itertuples(index=False)} == twin.flows()
    assert len({event for columns in twin.columns for event in columns}) > 200
