"""Counting returns: counts that add up over disjoint sets of customers, and that every criterion is made of.

For each period in which a customer came back, the tally keeps the period before it in which they had been back. So
"active in period 5" is a sum over the first of the two, "active at least once in 3 to 6" a sum over all pairs that
step over 3 and land in 3 to 6, and moving from one criterion to another looks at no customer again.
"""

from dataclasses import dataclass

import numpy as np

from insight.log import Facts, Log, run_starts
from insight.retention.activity import Units, marks_of, returns_of, rows_at, unbroken_returns, units_of, used_rows
from insight.retention.settings import Settings, read_settings

DENSE = 1 << 22  # so many counters are laid out side by side; more are sorted
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Returns:
    """How many returns there are of each kind: arrays of one length.

    group, cohort : numbers
    before : the period of the return before this one; 0 for the first return
    period : of this return, from 1 on
    n : how many; unbroken : how many of them of customers who came back in each period until this one
    """

    group: np.ndarray
    cohort: np.ndarray
    before: np.ndarray
    period: np.ndarray
    n: np.ndarray
    unbroken: np.ndarray


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of customers by group and cohort.

    groups : names of the groups, in alphabetical order; [""] where there is no breakdown
    size : customers, by group and calendar period of their start
    oldest, youngest : their first and last start; NEVER and -NEVER where there is nobody
    returns : how often they came back, and when
    n_customers : customers with a row that was used; guarded : those left out by the guard; left_out : rows not used
    """

    groups: list[str]
    size: np.ndarray
    oldest: np.ndarray
    youngest: np.ndarray
    returns: Returns
    n_customers: int
    guarded: int
    left_out: int


def retention_tally(log: Log, facts: Facts, settings: dict[str, object], kind: str) -> Tally:
    """Count the customers of a log, which may be a part of the whole.

    facts : of the whole table; settings : the keyword arguments of `retention`; kind : of the table
    """
    asked = read_settings(settings, facts, kind)
    used = used_rows(log, asked)
    return used.remember(("retention", asked.counted), lambda: _tally(used, asked, len(log) - len(used)))


def _tally(log: Log, settings: Settings, left_out: int) -> Tally:
    units = units_of(log, settings)
    group, names = groups_of(log, units, settings)
    shape = (len(names), len(settings.days))
    cell = group * np.int64(shape[1]) + units.cohort
    size = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    oldest, youngest = np.full(size.size, NEVER), np.full(size.size, -NEVER)
    np.minimum.at(oldest, cell, units.start)
    np.maximum.at(youngest, cell, units.start)
    return Tally(
        groups=names,
        size=size,
        oldest=oldest.reshape(shape),
        youngest=youngest.reshape(shape),
        returns=_returns(units, cell, log, settings, shape),
        n_customers=len(run_starts(log.customer)),
        guarded=units.guarded,
        left_out=left_out,
    )


def _returns(units: Units, cell: np.ndarray, log: Log, settings: Settings, shape: tuple[int, int]) -> Returns:
    found, n = [], settings.n_periods
    for unit, period in returns_of(units, marks_of(log, settings), settings):
        before = np.zeros(len(unit), np.int64)
        before[1:] = period[:-1]
        before[run_starts(unit)] = 0
        key = (cell[unit] * n + before) * n + period
        found.append(counted(key, shape[0] * shape[1] * n * n, unbroken_returns(unit, period)))
    key, counts, unbroken = map(np.concatenate, zip(*found, strict=True)) if found else [np.zeros(0, np.int64)] * 3
    which, before, period = key // (n * n), key // n % n, key % n
    together = Returns(which // shape[1], which % shape[1], before, period, counts, unbroken)
    return together if len(found) <= 1 else added(together)


def counted(key: np.ndarray, space: int, marked: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct keys below `space` in order, how often each comes, and how often it is marked."""
    if space <= DENSE:
        n = np.bincount(key, minlength=1)
        found = np.flatnonzero(n)
        return found, n[found], np.bincount(key[marked], minlength=len(n))[found]
    found, place, n = np.unique(key, return_inverse=True, return_counts=True)
    return found, n, np.bincount(place[marked], minlength=len(found))


def groups_of(log: Log, units: Units, settings: Settings) -> tuple[np.ndarray, list[str]]:
    """The group of each unit, and the groups' names in alphabetical order: the value at the start.

    Several rows at that moment: the alphabetically first value, so that the order of the file plays no role.
    """
    if settings.column is None:
        return np.zeros(len(units.row), np.int32), [""]
    codes, names = log.values(settings.column.name)
    row = rows_at(log, settings.starts)
    first = run_starts(log.moment[row])
    lowest = np.minimum.reduceat(codes[row], first) if len(row) else codes[:0]
    return lowest[np.searchsorted(log.moment[row[first]], log.moment[units.row])], names


# -- parts of a whole -------------------------------------------------------------------------------------------------


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = sorted({name for tally in tallies for name in tally.groups})
    parts = [regrouped(tally, np.array([names.index(name) for name in tally.groups]), names) for tally in tallies]
    fields = Returns.__dataclass_fields__
    joined = Returns(*(np.concatenate([getattr(part.returns, name) for part in parts]) for name in fields))
    return Tally(
        names,
        np.sum([part.size for part in parts], axis=0),
        np.min([part.oldest for part in parts], axis=0),
        np.max([part.youngest for part in parts], axis=0),
        added(joined),
        *(sum(getattr(part, name) for part in parts) for name in ("n_customers", "guarded", "left_out")),
    )


def regrouped(tally: Tally, new_group: np.ndarray, names: list[str]) -> Tally:
    """The tally with groups merged or renumbered: `new_group` says where each goes, `names` what they are called."""
    shape = (len(names), tally.size.shape[1])
    size, oldest, youngest = np.zeros(shape, np.int64), np.full(shape, NEVER), np.full(shape, -NEVER)
    np.add.at(size, new_group, tally.size)
    np.minimum.at(oldest, new_group, tally.oldest)
    np.maximum.at(youngest, new_group, tally.youngest)
    r = tally.returns
    returns = added(Returns(new_group[r.group], r.cohort, r.before, r.period, r.n, r.unbroken))
    return Tally(names, size, oldest, youngest, returns, tally.n_customers, tally.guarded, tally.left_out)


def added(returns: Returns) -> Returns:
    """The same, each kind once and in order."""
    if not len(returns.n):
        return returns
    kinds = np.stack([returns.group, returns.cohort, returns.before, returns.period], axis=1).astype(np.int64)
    span = kinds.max(axis=0) + 1
    key = ((kinds[:, 0] * span[1] + kinds[:, 1]) * span[2] + kinds[:, 2]) * span[3] + kinds[:, 3]
    order = np.argsort(key, kind="stable")
    first = run_starts(key[order])
    n, unbroken = (np.add.reduceat(own[order], first) for own in (returns.n, returns.unbroken))
    return Returns(*kinds[order][first].T, n, unbroken)
