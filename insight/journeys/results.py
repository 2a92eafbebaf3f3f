"""What the journeys package returns: every table and number, documented."""

from dataclasses import dataclass

import pandas as pd

START = "(start)"  # before a unit's first event
END = "(end)"  # no further action: keeps its people to the last column
ARRIVED = "(arrived)"  # between two events: got to the second one; keeps its people to the last column
MORE = "(more steps)"  # between two events: what does not fit between the columns
SPECIAL = (START, END, ARRIVED, MORE)


@dataclass(frozen=True, eq=False)
class Transitions:
    """Result of :func:`transitions`. A unit is a session, or a customer (`unit`).

    counts : one row for each pair of neighbouring events that occurs, most frequent first
        from_event  str    "(start)" before a unit's first event
        to_event    str    "(end)" after a unit's last event
        count       int    how often the one is directly followed by the other
        share       float  of all that leave from_event
        units       int    different units in which it happens
        customers   int    different customers to whom it happens
    kinds : one row for each kind of event, most frequent first
        event       str    the name, after the clean-up
        count       int    how often it comes, repeats in a row counted once (with collapse_repeats=False: each)
        rows        int    rows of the file behind these; rows / count is how often it is repeated on average
        units, customers  int  different units and customers who have it
        median_seconds, p25_seconds, p75_seconds
                    float  time from it (repeats: the first) to the event that follows; NA where none does. The last
                           event of a unit is not in it: how long people stayed there before they left is not known
    n_units, n_customers : units and customers with at least one event that is not hidden
    tied : transitions between two events at the very same time, of which only the tie rule says which came first
    hidden : rows that the clean-up hides
    left_out : rows after `as_of`, not used
    still_open : sessions whose last event is so near the end of the data that they may still go on; None for customers
    days_beyond : days from the last row's to `as_of`
    data_start, data_end : first moment and end of the observed time
    as_of : the last day of the observed time
    dates_only : the file has no clock times, so the order inside a day is unknown
    in_sequence : equal times are in the order of the file's sequence column; else of the events' names
    session_gap, collapse_repeats, unit, clean : the settings, as given
    """

    counts: pd.DataFrame
    kinds: pd.DataFrame
    n_units: int
    n_customers: int
    tied: int
    hidden: int
    left_out: int
    still_open: int | None
    days_beyond: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    in_sequence: bool
    session_gap: str | None
    collapse_repeats: bool
    unit: str
    clean: dict | None


@dataclass(frozen=True, eq=False)
class Paths:
    """Result of :func:`paths`. A unit is a customer, or a session (`unit`); each has exactly one path.

    Positions are the columns of a flow diagram. Position 0 is "(start)", or the anchor where there is one; with
    `before` alone the positions before it are negative. In every column the units add up to `n_units`: who has no
    further event stays in "(end)" (looking backward: "(start)"), who got to the second of two anchors in "(arrived)".

    flows : one row for each ribbon, in order of position, then of n: from one column to the next, and no further (who
            comes from A to B and goes on to C is not told from who comes from D to B; `paths` is)
        position        int    the column it leaves; it goes to position + 1
        source, target  str    events, "(start)", "(end)", "(arrived)", "(more steps)" or "Other (3 kinds)"
        n               int    units
        share           float  of all units
        source_share    float  of the units at the source
    nodes : one row for each node that is drawn, in order of position, then of n ("Other" and the special ones last)
        position        int
        event           str    as in `flows`
        n, share        int, float  units, and their share of all
        rows            int    rows of the file behind them, repeats in a row included: rows / n is the loop count, the
                               x2.3 beside a node; 0 where the node is no event
        repeated        int    units that repeat it there
        is_event        bool   False for "(start)", "(end)", "(arrived)", "(more steps)" and Other
    paths : one row for each whole path from the first column to the last, most frequent first; those beyond `top_paths`
            added up in the last row, "Other (12 paths)"
        path            str    the events, " > " between them; nothing for start and end
        n, share        int, float  units, and their share of all
        steps           int    events in the path; 0 for Other
        ended           bool   the path ends there, before the last column (looking backward: begins)
        events          list   the names
        loops           list   for each event how often it is repeated in a row, on average
    steps : the same columns without Other: one row for each kind of event at each position, in order of both
        position, event, n, share     as in `nodes`
    flow_differences, node_differences, path_differences : with `by`: what the rows of `flows`, `nodes` and `paths`
            are in two groups, in the same order; None without
        position, source, target / position, event / path   as there
        n_first, n_second           int    units of the first and the second of `groups`
        share_first, share_second   float  of all units of the group
        difference                  float  share_first - share_second, in points
        ci_low, ci_high             float  Newcombe interval of the difference; of sessions with the effective numbers,
                                           as a customer's are alike. Each row has its own: of 20 with level=0.95 expect
                                           one without 0 where the groups do not differ at all
    groups : names of the two groups that are compared, (first, second); None without `by`
    group_sizes : units in each of them; None without `by`
    n_units : units with a path
    n_customers : customers who have one
    n_paths : different paths
    without_anchor : units that have events, but no anchor in the range: left out
    never_arrived : between two events: units with the first that do not get to the second, left out; else 0
    still_open : of the units in "(end)" at the last position, those that may still go on: sessions whose last event is
        near the end of the data, and with `within` those whose time is not over; None where nothing limits a path, and
        with `before`
    tied : steps in these paths between two events at the very same time, of which only the tie rule says the order
    hidden, left_out : rows that the clean-up hides; rows after `as_of`, not used
    days_beyond, data_start, data_end, as_of, dates_only, in_sequence : as of :class:`Transitions`
    depth, unit, session_gap, after, before, within, start, end, collapse_repeats, clean, top, least_share, top_paths,
        by, level : the settings, as given
    """

    flows: pd.DataFrame
    nodes: pd.DataFrame
    paths: pd.DataFrame
    steps: pd.DataFrame
    flow_differences: pd.DataFrame | None
    node_differences: pd.DataFrame | None
    path_differences: pd.DataFrame | None
    groups: tuple[str, str] | None
    group_sizes: tuple[int, int] | None
    n_units: int
    n_customers: int
    n_paths: int
    without_anchor: int
    never_arrived: int
    still_open: int | None
    tied: int
    hidden: int
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    in_sequence: bool
    depth: int
    unit: str
    session_gap: str | None
    after: str | list | dict | None
    before: str | list | dict | None
    within: str | None
    start: str | None
    end: str | None
    collapse_repeats: bool
    clean: dict | None
    top: int
    least_share: float
    top_paths: int
    by: str | dict | None
    level: float


@dataclass(frozen=True, eq=False)
class EventKinds:
    """Result of :func:`event_kinds`: what a clean-up does to the names.

    kinds : one row for each kind of event that remains, most frequent first
        event   str    the name after the clean-up
        rows    int    rows of the file
        share   float  of all rows that remain
        names   int    how many names of the file it stands for
    names : one row for each name in the file, most frequent first
        name    str    as in the file
        event   str    what it becomes; NA where it is hidden
        change  str    "kept", "hidden", "merged", "folder" or "renamed": the last rule that changed it
        rows    int    rows of the file
    n_before, n_after : kinds of event before and after
    rows : rows of the file that are used
    hidden : of these, the rows that are hidden
    left_out : rows after `as_of`, not used
    as_of : the last day of the observed time
    clean : the setting, as given
    """

    kinds: pd.DataFrame
    names: pd.DataFrame
    n_before: int
    n_after: int
    rows: int
    hidden: int
    left_out: int
    as_of: str
    clean: dict | None
