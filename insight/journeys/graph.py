"""Transitions: which event directly follows which."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import UnknownValue
from insight.journeys.dwell import Dwell, dwell, dwell_merged, quantiles
from insight.journeys.results import END, START, Transitions
from insight.journeys.stream import Cuts, Stream, columns_of, read_cuts, stream_of
from insight.log import Facts, Log, run_starts
from insight.periods import timestamp
from insight.tables.table import counted

USUAL = {"session_gap": "30min", "collapse_repeats": True, "unit": "session", "clean": None, "as_of": None}


def transitions(
    events,
    *,
    session_gap: str | None = "30min",
    collapse_repeats: bool = True,
    unit: str = "session",
    clean: dict | None = None,
    as_of: str | None = None,
) -> Transitions:
    r"""Count how often each kind of event is directly followed by each other.

    The rows of each unit are put in order of time (equal times: by the file's sequence column where it has one, else by
    the events' names), hidden kinds are left out, and a kind repeated in a row counts once. Each unit then goes from
    "(start)" over its events to "(end)". With :math:`n_{ab}` passages from a to b,

    .. math:: \text{share}_{ab} = n_{ab} / \sum_x n_{ax}

    events : EventLog
    session_gap : a pause strictly longer than this begins a new session; None for the file's session column (rows that
        name no session are cut at pauses of 30 minutes). Sessions are cut before events are hidden: a hidden event
        still keeps a session alive. Not used with unit="customer"
    collapse_repeats : False keeps every row, so that an event may be followed by itself
    unit : "session", or "customer": each customer's whole history is one sequence
    clean : which kinds are hidden, merged and renamed; see :func:`event_kinds`
    as_of : last complete day; later rows are ignored and counted

    Raises UnknownValue for an event, column or value that does not exist, InsightError for other settings.
    Source: the first-order Markov view of a clickstream; as the transition matrix of retentioneering.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\nana,visit,2026-01-01 09:00\nana,buy,2026-01-01 09:05\n")
    >>> transitions(log).counts[["from_event", "to_event", "count", "share"]].values.tolist()
    [['(start)', 'visit', 1, 1.0], ['buy', '(end)', 1, 1.0], ['visit', 'buy', 1, 1.0]]
    """
    table = counted(events, "transitions", "events")
    settings = {
        "session_gap": session_gap, "collapse_repeats": collapse_repeats, "unit": unit, "clean": clean, "as_of": as_of,
    }  # fmt: skip
    facts = table.facts
    cuts, _kinds = read_transitions(settings, facts)
    count = partial(transitions_tally, facts=facts, settings=settings)
    return transitions_finish(table.tally(count, transitions_merged, columns=columns_of(cuts)), facts, settings)


@dataclass(frozen=True, eq=False)
class Counts:
    """For each `key`, ascending: how often it comes, the rows behind it, the different units and customers."""

    key: np.ndarray
    count: np.ndarray
    rows: np.ndarray
    units: np.ndarray
    customers: np.ndarray


@dataclass(frozen=True, eq=False)
class TransitionsTally:
    """Counts of the passages (see `passages`), of the kinds of event and of how long they last, and what is beside."""

    passages: Counts
    kinds: Counts
    dwell: Dwell
    n_units: int
    n_customers: int
    tied: int
    hidden: int
    left_out: int
    still_open: int


def transitions_tally(log: Log, facts: Facts, settings: dict[str, object]) -> TransitionsTally:
    """Count the passages of a log, which may be a part of the whole."""
    cuts, kinds = read_transitions(settings, facts)
    stream = stream_of(log, cuts, kinds)
    return stream.units.remember(("transitions", cuts, facts.last_time), lambda: _tally(stream, cuts, facts, settings))


def read_transitions(settings: dict[str, object], facts: Facts):
    """The settings of `transitions`, checked: how the log is cut, and what its events are called."""
    for key in settings:
        if key not in USUAL:
            raise UnknownValue("setting of transitions", key, USUAL)
    return read_cuts(USUAL | settings, facts)


def _tally(stream: Stream, cuts: Cuts, facts: Facts, settings: dict[str, object]) -> TransitionsTally:
    key, unit = passages(stream)
    return TransitionsTally(
        passages=_counts(key, unit, stream),
        kinds=_counts(stream.kind, stream.unit, stream, stream.length),
        dwell=dwell(stream),
        n_units=len(stream.code),
        n_customers=stream.n_customers,
        tied=int(stream.tied.sum()),
        hidden=stream.hidden,
        left_out=stream.left_out,
        still_open=int(may_go_on(stream, cuts, facts, settings).sum()),
    )


def passages(stream: Stream) -> tuple[np.ndarray, np.ndarray]:
    """Every passage and its unit, in order of units: into each run from what is before it, and from the last one out.

    A passage from a to b is the number a x (kinds + 1) + b, where "(start)" and "(end)" are the number of kinds.
    """
    n = len(stream.names) + 1
    before = np.empty(len(stream.kind), np.int64)
    before[1:] = stream.kind[:-1]
    first, last = stream.starts[:-1], stream.starts[1:] - 1
    before[first] = n - 1
    out = stream.kind[last] * np.int64(n) + (n - 1)
    place = last + 1  # the passage out of a unit stands behind those into its runs
    return np.insert(before * n + stream.kind, place, out), np.insert(stream.unit, place, np.arange(len(first)))


def may_go_on(stream: Stream, cuts: Cuts, facts: Facts, settings: dict[str, object]) -> np.ndarray:
    """Of each unit with a run: whether it is a session that the end of the data may have cut short."""
    if cuts.gap is None:
        return np.zeros(len(stream.code), bool)
    ends = facts.end_of_data(facts.as_of_day(settings.get("as_of")))
    last = np.append(stream.units.starts, len(stream.units))[stream.code + 1] - 1  # hidden rows keep a session alive
    return stream.units.time[last] + cuts.gap >= ends


def _counts(key: np.ndarray, unit: np.ndarray, stream: Stream, rows: np.ndarray | None = None) -> Counts:
    """Counts by key; `unit` ascends, so that in a stable order by key the same units stand together."""
    key = key.astype(np.min_scalar_type(int(key.max(initial=0))))
    order = np.argsort(key, kind="stable")  # numpy sorts small numbers in one pass
    key, unit = key[order], unit[order]
    first = run_starts(key)
    count = np.diff(np.append(first, len(key)))

    def different(who: np.ndarray) -> np.ndarray:
        new = np.ones(len(who), np.int32)
        new[1:] = who[1:] != who[:-1]
        new[first] = 1
        return _sums(new, first)

    units = different(unit)
    return Counts(
        key=key[first].astype(np.int64),
        count=count,
        rows=count if rows is None else _sums(rows[order], first),
        units=units,
        customers=units if stream.units.owner is None else different(stream.customer[unit]),
    )


def _sums(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The sums of consecutive whole numbers, from each of `first` to the next."""
    return np.add.reduceat(values, first, dtype=np.int64) if len(first) else np.zeros(0, np.int64)


def transitions_merged(tallies: list[TransitionsTally]) -> TransitionsTally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = ("n_units", "n_customers", "tied", "hidden", "left_out", "still_open")
    totals = {name: sum(getattr(one, name) for one in tallies) for name in names}
    counts = (_added([one.passages for one in tallies]), _added([one.kinds for one in tallies]))
    return TransitionsTally(*counts, dwell_merged([one.dwell for one in tallies]), **totals)


def _added(parts: list[Counts]) -> Counts:
    key = np.concatenate([part.key for part in parts])
    order = np.argsort(key, kind="stable")
    first = run_starts(key[order])
    columns = [
        _sums(np.concatenate([getattr(part, name) for part in parts])[order], first)
        for name in ("count", "rows", "units", "customers")
    ]
    return Counts(key[order][first], *columns)


def transitions_finish(tally: TransitionsTally, facts: Facts, settings: dict[str, object]) -> Transitions:
    """The result, made of the tally of all customers."""
    cuts, kinds = read_transitions(settings, facts)
    names, asked = np.array([*kinds.names, ""], object), USUAL | settings
    n, own = len(names), tally.passages
    source, target = own.key // n, own.key % n
    counts = pd.DataFrame(
        {
            "from_event": pd.array(list(np.where(source == n - 1, START, names[source])), "str"),
            "to_event": pd.array(list(np.where(target == n - 1, END, names[target])), "str"),
            "count": own.count,
            "share": own.count / np.bincount(source, own.count)[source],
            "units": own.units,
            "customers": own.customers,
        }
    )
    found = tally.kinds
    events = pd.DataFrame(
        {
            "event": pd.array(list(names[found.key]), "str"),
            **{name: getattr(found, name) for name in ("count", "rows", "units", "customers")},
            **quantiles(tally.dwell, found.key),
        }
    )
    return Transitions(
        counts=counts.sort_values(
            ["count", "from_event", "to_event"], ascending=[False, True, True], ignore_index=True
        ),
        kinds=events.sort_values(["count", "event"], ascending=[False, True], ignore_index=True),
        still_open=None if cuts.gap is None else tally.still_open,
        **{name: getattr(tally, name) for name in ("n_units", "n_customers", "tied", "hidden", "left_out")},
        **observed(facts, asked["as_of"]),
        in_sequence=cuts.in_sequence,
        **{name: asked[name] for name in ("session_gap", "collapse_repeats", "unit", "clean")},
    )


def _most_first(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    return table.sort_values(["count", *names], ascending=[False, *(True for _name in names)], ignore_index=True)


def observed(facts: Facts, as_of: str | None) -> dict[str, object]:
    """What every result says of the observed time, which ends at the midnight that ends the last day."""
    ends = facts.end_of_data(facts.as_of_day(as_of))
    return {
        "days_beyond": facts.days_beyond(as_of),
        "data_start": timestamp(facts.first_time, facts.timezone),
        "data_end": timestamp(ends, facts.timezone),
        "as_of": facts.as_of_day(as_of),
        "dates_only": facts.dates_only,
    }
