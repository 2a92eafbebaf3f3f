"""Who starts when, and when they are active after that: the two things every way to count retention asks of a log.

A *unit* is a customer in a cohort: one for each customer, or, where cohorts recur, one for each period with a start.
A *mark* is a row that counts as activity; on the calendar one mark for each customer and period is enough. Both are in
log order, so the marks of a unit are one stretch: from its start to the last mark of its customer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from insight.log import Log, run_starts
from insight.log.calendar import period_numbers
from insight.retention.settings import Rows, Settings

CHUNK = 4_000_000  # marks that are looked at together: recurring cohorts look at each mark many times


@dataclass(frozen=True, eq=False)
class Units:
    """Customers in cohorts, in log order.

    row : position in the log of the row that starts each
    customer : code; cohort : number of the calendar period of the start; start : its time
    guarded : customers left out because they came too early to be known as new
    """

    row: np.ndarray
    customer: np.ndarray
    cohort: np.ndarray
    start: np.ndarray
    guarded: int


@dataclass(frozen=True, eq=False)
class Marks:
    """Activity, in log order: `row` in the log, `customer`, and `at`, the calendar period or (rolling) the time."""

    row: np.ndarray
    customer: np.ndarray
    at: np.ndarray


def used_rows(log: Log, settings: Settings) -> Log:
    """The rows that are looked at."""
    return log if settings.ends is None else log.until(settings.ends)


def rows_at(log: Log, rows: Rows) -> np.ndarray:
    """The positions of these rows in the log."""
    if not rows.names and not rows.where:
        return log.remember("all rows", lambda: np.arange(len(log), dtype=np.int32))
    return log.arrivals_at(rows.names or tuple(log.events), rows.where).row


def units_of(log: Log, settings: Settings) -> Units:
    """Who starts when. Remembered by the log."""
    key = ("cohort units", settings.starts, settings.recurring, settings.begins.tobytes(), settings.opens)
    return log.remember(key, lambda: _units(log, settings))


def _units(log: Log, settings: Settings) -> Units:
    if settings.recurring:
        row = _once_a_period(log, settings.starts, settings.begins).row
    else:
        row = rows_at(log, settings.starts)
        row = row[run_starts(log.customer[row])]
    guarded = 0
    if settings.opens is not None:
        early = log.time[log.starts][np.searchsorted(log.customer[log.starts], log.customer[row])] < settings.opens
        row, guarded = row[~early], int(early.sum())
    return Units(row, log.customer[row], period_numbers(log, settings.begins)[row], log.time[row], guarded)


def marks_of(log: Log, settings: Settings) -> Marks:
    """The activity. Remembered by the log."""
    if settings.length is None:
        return _once_a_period(log, settings.returns, settings.begins)
    key = ("activity", settings.returns)
    return log.remember(key, lambda: _all_marks(log, rows_at(log, settings.returns)))


def _all_marks(log: Log, row: np.ndarray) -> Marks:
    return Marks(row, log.customer[row], log.time[row])


def _once_a_period(log: Log, rows: Rows, begins: np.ndarray) -> Marks:
    """The first of these rows of each customer in each calendar period. Remembered by the log."""
    key = ("active periods", rows, begins.tobytes())
    return log.remember(key, lambda: _first_in_each_period(log, rows_at(log, rows), begins))


def _first_in_each_period(log: Log, row: np.ndarray, begins: np.ndarray) -> Marks:
    customer, period = log.customer[row], period_numbers(log, begins)[row]
    new = np.ones(len(row), bool)
    new[1:] = (customer[1:] != customer[:-1]) | (period[1:] != period[:-1])
    return Marks(row[new], customer[new], period[new])


def returns_of(
    units: Units, marks: Marks, settings: Settings, least: int = 1
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(unit, period) of all activity from period `least` on, each pair once, in order; some units at a time.

    Period 0 is that of the start, on the calendar or from the own start on.
    """
    begun = units.cohort if settings.length is None else units.start
    for mark, unit in stretches(units, marks):
        period = marks.at[mark] - begun[unit]
        if settings.length is not None:
            period //= settings.length
        new = period >= least
        new[1:] &= (period[1:] != period[:-1]) | (unit[1:] != unit[:-1])
        yield unit[new], period[new].astype(np.int32)


def stretches(units: Units, marks: Marks, *, from_start: bool = False) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The positions of the marks after each unit's start, and beside them the unit; some whole units at a time.

    from_start : the row that starts the unit is one of them
    """
    n = max(marks.customer.max(initial=-1), units.customer.max(initial=-1)) + 1
    ends = np.cumsum(np.bincount(marks.customer, minlength=n))[units.customer]
    first = np.searchsorted(marks.row, units.row, side="left" if from_start else "right")
    lengths = ends - first
    before = np.cumsum(lengths) - lengths
    cuts = np.flatnonzero(np.diff(before // CHUNK, prepend=-1))
    for low, high in pairwise([*cuts.tolist(), len(units.row)]):
        unit = np.repeat(np.arange(low, high), lengths[low:high])
        shift = first[low:high] - (before[low:high] - before[low])
        yield np.arange(len(unit)) + np.repeat(shift, lengths[low:high]), unit


def unbroken_returns(unit: np.ndarray, period: np.ndarray) -> np.ndarray:
    """Which returns, as `returns_of` gives them, come after one in each period before.

    >>> unbroken_returns(np.array([0, 0, 0, 1]), np.array([1, 2, 4, 2])).tolist()
    [True, True, False, False]
    """
    first = run_starts(unit)
    rank = np.arange(len(unit)) - np.repeat(first, np.diff(np.append(first, len(unit))))
    return rank == period - 1
