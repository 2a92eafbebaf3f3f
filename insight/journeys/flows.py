"""Paths: the ways customers take, position by position and as a whole."""

from functools import partial

import pandas as pd

from insight.errors import NotEnoughData
from insight.journeys.columns import Rows, drawing, flows_table, nodes_table, paths_table, step_table
from insight.journeys.comparison import compared, differences
from insight.journeys.graph import observed
from insight.journeys.results import Paths
from insight.journeys.settings import Settings, read_settings
from insight.journeys.tally import Tally, merged, paths_tally
from insight.log import Facts
from insight.tables.table import counted


def paths(
    events,
    *,
    session_gap: str | None = "30min",
    depth: int = 5,
    unit: str = "customer",
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    after: str | list | dict | None = None,
    before: str | list | dict | None = None,
    within: str | None = None,
    collapse_repeats: bool = True,
    clean: dict | None = None,
    top: int = 8,
    least_share: float = 0.0,
    top_paths: int = 1000,
    by: str | dict | None = None,
    level: float = 0.95,
) -> Paths:
    """Count the ways that units (customers, or sessions) take: one path each.

    The rows of a unit are put in order and cleaned as for :func:`transitions`. Its path is

    - without an anchor: its first `depth` events, from its first one in the date range;
    - with `after`: the first such event in the range (position 0) and the `depth` events that follow;
    - with `before`: the first such event in the range (position 0) and the `depth` events that came before it;
    - with both: from the first `after` in the range to the first `before` behind it, both included. A path of more than
      `depth` steps keeps its first ones, then "(more steps)", and the second anchor in the last column.

    Units without the anchor in the range are left out and counted (`without_anchor`), and with both anchors those who
    never get from the first to the second (`never_arrived`). With collapse_repeats an anchor that is repeated in a row
    is one event, at the time of its first row. A path may go on after `end`: the range is of its first event (of its
    anchor, where there is one).

    Every unit stands in every column once, so that each position's n adds up to `n_units`: who has no further event
    stays in "(end)". A flow joins two neighbouring columns and knows nothing of the columns before; whole ways are in
    `paths`.

    events : EventLog
    session_gap : of unit="session", as for :func:`transitions`; not used with unit="customer"
    depth : columns after (or before) position 0, 2 to 20
    unit : "customer" (their whole history is one sequence) or "session"
    start, end : ISO days, inclusive, in the table's time zone, in which the first event (the anchor) lies
    as_of : last complete day; later rows are ignored and counted
    after, before : the anchors: an event, or several of which any will do, by their names after the clean-up; or
        {"events": ["view"], "where": [["channel", "==", "ads"]]}, where a row must meet the conditions (of repeats in a
        row, any)
    within : only what lies so near the first event (the anchor) in time belongs to the path, "7D"; None for no limit
    collapse_repeats : False keeps every row, so that an event may be followed by itself
    clean : which kinds are hidden, merged and renamed; see :func:`event_kinds`
    top : at each position so many kinds of event keep their names, the most frequent ones; the others are one node
        "Other (3 kinds)" (never of a single kind). The tables `paths` and `steps` name all
    least_share : and only those with at least this share of the units (0 to 1)
    top_paths : so many paths are listed one by one
    by : compare two groups of units by the value of a column at their path's first event (anchor): "device" (its two
        largest values), {"column": "device", "values": ["phone", "desktop"]}, or with one value it against all others
    level : of the intervals of the differences

    Raises UnknownValue for an event, column or value that does not exist; NotEnoughData where nobody has such a path,
    or a group has nobody; InsightError for other settings.
    Source: as the paths of PostHog, the flows of Mixpanel and the journeys of Amplitude, with every unit kept in every
    column; Newcombe 1998 for the intervals.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> paths(log, depth=2).flows[["position", "source", "target", "n"]].values.tolist()
    [[0, '(start)', 'visit', 2], [1, 'visit', 'buy', 1], [1, 'visit', '(end)', 1]]
    """
    table = counted(events, "paths", "events")
    settings = {
        "session_gap": session_gap, "depth": depth, "unit": unit, "start": start, "end": end, "as_of": as_of,
        "after": after, "before": before, "within": within, "collapse_repeats": collapse_repeats, "clean": clean,
        "top": top, "least_share": least_share, "top_paths": top_paths, "by": by, "level": level,
    }  # fmt: skip
    facts = table.facts
    columns = read_settings(settings, facts).columns
    tally = table.tally(partial(paths_tally, facts=facts, settings=settings), merged, columns=columns)
    return paths_finish(tally, facts, settings)


def paths_finish(tally: Tally, facts: Facts, settings: dict[str, object]) -> Paths:
    """The result, made of the tally of all customers."""
    asked = read_settings(settings, facts)
    if not len(tally.n):
        raise _nobody(tally, asked)
    drawn = drawing(tally, asked)
    flows, nodes, whole = flows_table(drawn), nodes_table(drawn, tally), paths_table(drawn, tally, asked)
    groups = None if asked.comparison is None else compared(tally, asked.comparison)

    def apart(rows: Rows, *keys: str) -> pd.DataFrame | None:
        return None if groups is None else differences(rows, list(keys), tally, groups, asked.asked["level"])

    named = ("n_customers", "without_anchor", "never_arrived", "tied", "hidden", "left_out")
    return Paths(
        flows=flows.table,
        nodes=nodes.table,
        paths=whole.table,
        steps=step_table(drawn, tally),
        flow_differences=apart(flows, "position", "source", "target"),
        node_differences=apart(nodes, "position", "event"),
        path_differences=apart(whole, "path"),
        groups=None if groups is None else groups.names,
        group_sizes=None if groups is None else groups.sizes,
        n_units=drawn.n_units,
        n_paths=len(tally.code),
        **{name: getattr(tally, name) for name in named},
        still_open=tally.still_open if asked.may_be_open else None,
        **observed(facts, asked.asked["as_of"]),
        in_sequence=asked.cuts.in_sequence,
        **{name: value for name, value in asked.asked.items() if name != "as_of"},
    )


def _nobody(tally: Tally, asked: Settings) -> NotEnoughData:
    """Why there is no path, and what to change."""
    if not tally.never_arrived:
        return NotEnoughData("Nobody has such an event in these days: choose other days, or another event.")
    after, before, within = (asked.asked[name] for name in ("after", "before", "within"))
    if within is None:
        return NotEnoughData(f"Nobody gets from {after!r} to {before!r}: choose another event.")
    return NotEnoughData(f"Nobody gets from {after!r} to {before!r} within {within}: allow more time, within=None.")
