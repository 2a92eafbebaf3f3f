"""Counting what customers spend after they were acquired: sums that add up over disjoint sets of customers."""

from dataclasses import dataclass, field, replace

import numpy as np

from insight.acquisition.origin import Origins
from insight.log import NOT_SET, Log, run_starts
from insight.log.calendar import period_numbers
from insight.periods import UNITS, calendar_periods, day_start
from insight.retention.revenue_tally import random_parts, total
from insight.tables.order_log import PURCHASE, REFUND

FIRST_ORDER = 0  # in the sums: what the first order alone came to; then a column for each horizon


@dataclass(frozen=True)
class Window:
    """Which customers are followed, and how far. Picklable, and the same for all parts of a table.

    first, last : days (ISO) between which a customer must have been acquired; as_of : the last day that is observed
    horizons : days after the acquisition, ascending
    column : of the orders, that says through what somebody came; None where `origins` say it
    whole_days : the first order has no clock time, so a touch of the same day came before it
    """

    first: str
    last: str
    as_of: str
    timezone: str | None
    horizons: tuple[int, ...]
    column: str | None
    whole_days: bool = False
    origins: Origins | None = field(default=None, compare=False)

    @property
    def begins(self) -> np.ndarray:
        """When each day begins, from the first to the last that is observed, and the end of that."""
        first, end = day_start(self.first, self.timezone), day_start(self.as_of, self.timezone, days_later=1)
        return calendar_periods(first, end - 1, "day", self.timezone)[1]

    @property
    def key(self) -> tuple:
        """What the counts depend on."""
        return ("acquired", self, self.origins.key if self.origins else ())


@dataclass(frozen=True, eq=False)
class AcquisitionTally:
    """Sums over customers by where they came from, the day they were acquired, and a random part of them.

    groups : names, in alphabetical order
    place : int64 (entries, 3), the group, the day after the first, the part
    n : customers; revenue, squares, largest : (entries, 1 + horizons), in minor units: of the first order, and of all
        until each horizon, the sum over customers, that of the squares, and the largest
    day_place : int64 (entries, 3), the group, days since the acquisition, the part; day_revenue : what came in then
    n_customers : who ever bought; before, after : of them acquired before or after the window; left_out : rows
    """

    groups: list[str]
    place: np.ndarray
    n: np.ndarray
    revenue: np.ndarray
    squares: np.ndarray
    largest: np.ndarray
    day_place: np.ndarray
    day_revenue: np.ndarray
    n_customers: int
    before: int
    after: int
    left_out: int


@dataclass(frozen=True, eq=False)
class Acquired:
    """The customers of a log who bought, in order of their codes.

    customer : code; day : of the first purchase, counted from the first of the window; group : code; names : of these
    first : int64, the first order's amount; entry : of each purchase or refund from then on, whose it is, as a
    position here; offset : days since the acquisition; minor : the amount
    """

    customer: np.ndarray
    day: np.ndarray
    group: np.ndarray
    names: list[str]
    first: np.ndarray
    entry: np.ndarray
    offset: np.ndarray
    minor: np.ndarray


def acquired(log: Log, window: Window) -> Acquired:
    """Who was acquired when and through what. Of a log until the end of the window; remembered by it."""
    return log.remember(window.key, lambda: _acquired(log, window))


def _acquired(log: Log, window: Window) -> Acquired:
    days = period_numbers(log, window.begins)
    bought = np.flatnonzero(log.event == log.events.index(PURCHASE))
    row = bought[run_starts(log.customer[bought])] if len(bought) else bought
    customer = log.customer[row]
    group, names = _groups(log, row, bought, window)
    mine = np.full(len(log.customers), -1)
    mine[customer] = np.arange(len(customer))
    paid = np.flatnonzero(np.isin(log.event, [log.events.index(PURCHASE), log.events.index(REFUND)]))
    paid = paid[mine[log.customer[paid]] >= 0]
    paid = paid[log.time[paid] >= log.time[row][mine[log.customer[paid]]]]  # refunds of before belong to nobody here
    entry = mine[log.customer[paid]]
    return Acquired(
        customer, days[row].astype(np.int64), group, names, log.minor[row], entry,
        (days[paid] - days[row][entry]).astype(np.int64), log.minor[paid],
    )  # fmt: skip


def _groups(log: Log, row: np.ndarray, bought: np.ndarray, window: Window) -> tuple[np.ndarray, list[str]]:
    """The group of the customers of these first purchases; of several at that moment the alphabetically first."""
    if window.origins is None:
        codes, names = log.values(window.column)
        first = run_starts(log.moment[bought]) if len(bought) else bought
        lowest = np.minimum.reduceat(codes[bought], first) if len(bought) else codes[:0]
        return lowest[np.searchsorted(log.moment[bought[first]], log.moment[row])], names
    value, since = window.origins.of(log.customers[log.customer[row]])
    by_then = log.time[row] + (UNITS["D"] - 1 if window.whole_days else 0)
    names = [*window.origins.names, NOT_SET]
    return np.where((value >= 0) & (since <= by_then), value, len(names) - 1), names


def acquisition_tally(log: Log, window: Window) -> AcquisitionTally:
    """Add up the orders of a log, which may be a part of the whole. Remembered by it: a margin changes no count."""
    used = log.until(int(window.begins[-1]))
    return used.remember(("acquisition tally", window.key), lambda: _tally(used, window, len(log) - len(used)))


def _tally(used: Log, window: Window, left_out: int) -> AcquisitionTally:
    found = acquired(used, window)
    last = int(np.searchsorted(window.begins, day_start(window.last, window.timezone), side="right")) - 1
    within = (found.day >= 0) & (found.day <= last)
    part = random_parts(used.customers[found.customer])
    sums = _by_horizon(found, np.array(window.horizons))
    place = np.stack([found.group, found.day, part], axis=1)[within]
    kept, where = _distinct(place)
    n_kept, columns = len(kept), [sums[within][:, k] for k in range(sums.shape[1])]
    largest = np.full((n_kept, sums.shape[1]), np.iinfo(np.int64).min)
    np.maximum.at(largest, where, sums[within])
    own = within[found.entry]
    day_place = np.stack([found.group[found.entry], found.offset, part[found.entry]], axis=1)[own]
    day_kept, day_where = _distinct(day_place)
    return AcquisitionTally(
        groups=found.names,
        place=kept,
        n=np.bincount(where, minlength=n_kept),
        revenue=np.stack([total(column, where, n_kept) for column in columns], axis=1),
        squares=np.stack([np.bincount(where, column.astype(float) ** 2, n_kept) for column in columns], axis=1),
        largest=largest,
        day_place=day_kept,
        day_revenue=total(found.minor[own], day_where, len(day_kept)),
        n_customers=len(found.customer),
        before=int((found.day < 0).sum()),
        after=int((found.day > last).sum()),
        left_out=left_out,
    )


def _by_horizon(found: Acquired, horizons: np.ndarray) -> np.ndarray:
    """What each customer's first order came to, and all until each horizon: int64 (customers, 1 + horizons)."""
    n, k = len(found.customer), len(horizons)
    slot = np.searchsorted(horizons, found.offset)
    seen = slot < k
    cell = found.entry[seen] * k + slot[seen]
    sums = np.cumsum(total(found.minor[seen], cell, n * k).reshape(n, k), axis=1)
    return np.concatenate([found.first[:, None], sums], axis=1)


def _distinct(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows in order, and which of them each row is."""
    if not len(place):
        return place.reshape(0, 3).astype(np.int64), np.zeros(0, np.int64)
    low = place.min(axis=0)
    span = tuple((place.max(axis=0) - low + 1).tolist())
    kept, where = np.unique(np.ravel_multi_index(tuple((place - low).T), span), return_inverse=True)
    return np.stack(np.unravel_index(kept, span), axis=1) + low, where


def acquisition_merged(tallies: list[AcquisitionTally]) -> AcquisitionTally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = sorted({name for tally in tallies for name in tally.groups}, key=lambda name: (name == NOT_SET, name))
    parts = [_renamed(tally, names) for tally in tallies]
    place, where = _distinct(np.concatenate([part.place for part in parts]))
    day_place, day_where = _distinct(np.concatenate([part.day_place for part in parts]))

    def added(field_name: str, at: np.ndarray, n: int) -> np.ndarray:
        values = np.concatenate([getattr(part, field_name) for part in parts])
        found = np.zeros((n, *values.shape[1:]), values.dtype)
        np.add.at(found, at, values)
        return found

    largest = np.full((len(place), parts[0].largest.shape[1]), np.iinfo(np.int64).min)
    np.maximum.at(largest, where, np.concatenate([part.largest for part in parts]))
    return AcquisitionTally(
        names,
        place,
        *(added(name, where, len(place)) for name in ("n", "revenue", "squares")),
        largest,
        day_place,
        added("day_revenue", day_where, len(day_place)),
        *(sum(getattr(part, name) for part in parts) for name in ("n_customers", "before", "after", "left_out")),
    )


def _renamed(tally: AcquisitionTally, names: list[str]) -> AcquisitionTally:
    """The tally with its groups numbered as in `names`."""
    number = np.array([names.index(name) for name in tally.groups], np.int64)
    place, day_place = tally.place.copy(), tally.day_place.copy()
    place[:, 0], day_place[:, 0] = number[place[:, 0]], number[day_place[:, 0]]
    return replace(tally, groups=names, place=place, day_place=day_place)


def regrouped(tally: AcquisitionTally, counted_as: dict[str, str], names: list[str]) -> AcquisitionTally:
    """The tally of the groups that are one of these names, under it; the others are left out.

    counted_as : names of the tally -> those of `names`
    """
    number = np.array([names.index(counted_as[name]) if name in counted_as else -1 for name in tally.groups], np.int64)
    kept, day_kept = number[tally.place[:, 0]] >= 0, number[tally.day_place[:, 0]] >= 0
    columns = {name: getattr(tally, name)[kept] for name in ("place", "n", "revenue", "squares", "largest")}
    columns |= {"day_place": tally.day_place[day_kept], "day_revenue": tally.day_revenue[day_kept]}
    for name in ("place", "day_place"):
        columns[name] = columns[name].copy()
        columns[name][:, 0] = number[columns[name][:, 0]]
    return replace(tally, groups=names, **columns)
