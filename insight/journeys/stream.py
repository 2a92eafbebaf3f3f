"""The stream: what every unit did, one event after another, as all journeys walk it.

The rows of the log by unit, in order, without hidden kinds; a kind repeated in a row is one *run*. On six rows::

    unit  time   event     kind      run  kind    length  moment of its first row
    ana   09:00  visit     visit      0   visit     1       0
    ana   09:05  p/1       product    1   product   2       1
    ana   09:06  ping      (hidden)
    ana   09:07  p/2       product
    ana   09:07  pay       pay        2   pay       1       3      tied: it begins when the run before ends
    ben   08:00  visit     visit      3   visit     1       4

The runs of one unit stand together, so "what comes next" is the run below, unless a unit begins there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.journeys.naming import Kinds, read_clean
from insight.log import NOT_SET, Facts, Log, run_starts
from insight.log.conditions import Condition
from insight.log.sessions import sessions
from insight.periods import microseconds

SEQUENCE, SESSION = "sequence", "session"  # columns of the file


class Cuts(NamedTuple):
    """How a log becomes a stream. Hashable: streams are remembered by it.

    sessions : whether units are sessions; else customers
    gap : a longer pause, in microseconds, begins a session; None for the file's session column
    ends : rows from this instant on are not used; None for no limit
    collapse : whether a kind repeated in a row is one run
    in_sequence : equal times are in the order of the sequence column; else of the events' names
    clean : the clean-up as written, as text
    """

    sessions: bool
    gap: int | None
    ends: int | None
    collapse: bool
    in_sequence: bool
    clean: str


@dataclass(frozen=True, eq=False)
class Stream:
    """The runs of a log, in order of unit and time.

    units : the log by unit
    order : int32, positions in `units` of the rows that are not hidden, in order; None for all in their own order
    code : for each unit that has a run its code in `units`
    starts : where each such unit's runs begin, and the number of runs at the end
    unit : int32, for each run the number of its unit, from 0
    kind : for each run its kind
    length : int32, rows in the run
    row : int32, position of its first row in `units`
    time : when it begins, in microseconds
    tied : whether a run of the same unit ends at the very moment at which this one begins
    names : of the kinds
    hidden, left_out : rows of hidden kinds; rows after the end of the observed time
    """

    units: Log
    order: np.ndarray | None
    code: np.ndarray
    starts: np.ndarray
    unit: np.ndarray
    kind: np.ndarray
    length: np.ndarray
    row: np.ndarray
    time: np.ndarray
    tied: np.ndarray
    names: tuple[str, ...]
    hidden: int
    left_out: int

    def having(self, kinds: tuple[int, ...], where: tuple[Condition, ...] = ()) -> np.ndarray:
        """Which runs are of one of these kinds, with a row that meets all conditions."""
        wanted = np.zeros(len(self.names), bool)
        wanted[list(kinds)] = True
        found = wanted[self.kind]
        if not where or not len(found):
            return found
        frame, timezone = self.units.frame, self.units.timezone
        met = np.logical_and.reduce([one.holds(frame, timezone) for one in where])[self.units.row]
        first = np.cumsum(self.length) - self.length
        return found & np.logical_or.reduceat(met if self.order is None else met[self.order], first)

    @property
    def customer(self) -> np.ndarray:
        """The customer of each unit with a run, by a number that says which are the same."""
        return self.code if self.units.owner is None else self.units.owner[self.code]

    @property
    def n_customers(self) -> int:
        """How many customers have a run; units are in order of customers."""
        return len(run_starts(self.customer))


def read_cuts(asked: dict[str, object], facts: Facts) -> tuple[Cuts, Kinds]:
    """How the settings of an analysis cut a log, and what its events are called."""
    unit, gap, collapse = asked["unit"], asked["session_gap"], asked["collapse_repeats"]
    if unit not in ("customer", "session"):
        raise UnknownValue("unit", unit, ["customer", "session"])
    if not isinstance(collapse, bool):
        raise InsightError(f"collapse_repeats = {collapse!r} must be True or False.")
    length = None if gap is None else microseconds(gap, "session_gap")
    if unit == "session" and gap is None and SESSION not in facts.columns:
        raise InsightError('The file has no session column: say which pause ends a session, session_gap="30min".')
    ends = None if asked["as_of"] is None else facts.end_of_data(asked["as_of"])
    by_session = unit == "session"
    in_sequence, clean = SEQUENCE in facts.columns, repr(asked["clean"])
    cuts = Cuts(by_session, length if by_session else None, ends, collapse, in_sequence, clean)
    return cuts, read_clean(asked["clean"], facts.events)


def columns_of(cuts: Cuts) -> tuple[str, ...]:
    """The further columns of the file that the stream looks at."""
    by_column = cuts.sessions and cuts.gap is None
    return (*([SEQUENCE] if cuts.in_sequence else []), *([SESSION] if by_column else []))


def stream_of(log: Log, cuts: Cuts, kinds: Kinds) -> Stream:
    """The stream of a log, which may be a part of the whole. Remembered by the log."""
    used = log if cuts.ends is None else log.until(cuts.ends)
    units = sessions(used, cuts.gap) if cuts.sessions else used
    return units.remember(("stream", cuts), lambda: _stream(units, cuts, kinds, len(log) - len(used)))


def _stream(units: Log, cuts: Cuts, kinds: Kinds, left_out: int) -> Stream:
    order = _in_sequence(units) if cuts.in_sequence else None
    event = units.event if order is None else units.event[order]
    narrow = np.min_scalar_type(-max(len(kinds.names), 1))
    kind = kinds.kind.astype(narrow).take(event)
    shown = np.flatnonzero(kind >= 0) if (kinds.kind < 0).any() else None
    if shown is not None:
        kind = kind[shown]
        order = (shown if order is None else order[shown]).astype(np.int32)
    customer, moment = (own if order is None else own[order] for own in (units.customer, units.moment))
    begins = np.ones(len(kind), bool)
    begins[1:] = customer[1:] != customer[:-1]
    at = np.arange(len(kind))
    if cuts.collapse:
        new = begins.copy()
        new[1:] |= kind[1:] != kind[:-1]
        at = np.flatnonzero(new)
    first = np.flatnonzero(begins[at])
    tied = np.zeros(len(at), bool)
    tied[1:] = moment[at[1:]] == moment[at[1:] - 1]
    row = (at if order is None else order[at]).astype(np.int32)
    unit = np.repeat(np.arange(len(first), dtype=np.int32), np.diff(np.append(first, len(at))))
    return Stream(
        units=units,
        order=order,
        code=customer[at[first]],
        starts=np.append(first, len(at)),
        unit=unit,
        kind=kind[at],
        length=np.diff(np.append(at, len(kind))).astype(np.int32),
        row=row,
        time=units.time[row],
        tied=tied,
        names=kinds.names,
        hidden=len(units) - len(kind),
        left_out=left_out,
    )


def _in_sequence(units: Log) -> np.ndarray:
    """The order of rows in which those of one moment follow the sequence column, then the events' names.

    A row without a number comes after those of its moment that have one.
    """
    order = np.arange(len(units))
    again = np.zeros(len(units), bool)
    again[1:] = units.moment[1:] == units.moment[:-1]
    again[:-1] |= again[1:]
    tied = np.flatnonzero(again)
    number = units.frame[SEQUENCE].to_numpy(float, na_value=np.nan)[units.row[tied]]  # which sorts last
    order[tied] = tied[np.lexsort((units.event[tied], number, units.moment[tied]))]
    return order


def lowest_values(log: Log, column: str, row: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The value of a column at some rows of a log (positions), as codes, and the names of the codes.

    Rows with the same customer, time and event have no order: of their values the first in the alphabet is taken, so
    that the order of the file plays no role.
    """
    codes, names = log.values(column)
    if not len(log):
        return np.zeros(0, np.int64), names
    new = np.ones(len(log), bool)
    new[1:] = (log.moment[1:] != log.moment[:-1]) | (log.event[1:] != log.event[:-1])
    first = np.flatnonzero(new)
    lowest = np.minimum.reduceat(codes, first)
    return lowest[np.searchsorted(first, row, side="right") - 1].astype(np.int64), names


def united(names: Iterable[list[str]]) -> list[str]:
    """The names that the parts of a log know together, in the order in which the log of all names them.

    >>> united([["b", "(not set)"], ["a", "b"]])
    ['a', 'b', '(not set)']
    """
    return sorted(set(chain(*names)), key=lambda name: (name == NOT_SET, name))
