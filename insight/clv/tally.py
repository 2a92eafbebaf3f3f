"""Purchase days: what every model of repeat buying needs to know of a customer, and how it adds up over customers."""

from dataclasses import dataclass

import numpy as np

from insight.errors import UnknownValue
from insight.log import Facts, Log, run_starts
from insight.log.calendar import period_numbers
from insight.periods import UNITS, calendar_periods, microseconds
from insight.tables.order_log import REFUND

USUAL = {"as_of": None, "unit": "7D"}


@dataclass(frozen=True, eq=False)
class PurchaseDays:
    """Customers with at least one purchase day, whole days and minor units; arrays of one length.

    customers : the ids
    repeats : purchase days after the first
    first_to_last : days from the first purchase day to the last
    first_to_end : days from the first purchase day to the end of the data
    repeat_spend : total of the purchase days after the first
    totals : how much there was of everything else
    """

    customers: np.ndarray
    repeats: np.ndarray
    first_to_last: np.ndarray
    first_to_end: np.ndarray
    repeat_spend: np.ndarray
    totals: "Totals"


@dataclass(frozen=True)
class Totals:
    """Counts beside the customers: those without a purchase day, refunds (`refunded` in minor units), rows left out."""

    without_purchase: int = 0
    refunds: int = 0
    refunded: int = 0
    left_out: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Cells:
    """The same without names: how many customers share a history. Far fewer rows than customers, and it adds up.

    histories : (repeats, first_to_last, first_to_end, n), arrays of one length, in ascending order
    spending : (repeats, repeat_spend, n) of the customers who came back, likewise
    """

    histories: tuple[np.ndarray, ...]
    spending: tuple[np.ndarray, ...]
    totals: Totals


def read_settings(given: dict[str, object]) -> dict[str, object]:
    """The settings of a summary, checked. Raises UnknownValue for another, InsightError for an impossible unit."""
    for key in given:
        if key not in USUAL:
            raise UnknownValue("setting of clv_summary", key, USUAL)
    asked = USUAL | given
    microseconds(asked["unit"], "unit")
    return asked


@dataclass(frozen=True, eq=False)
class DayRows:
    """One row a customer and purchase day, sorted by both; arrays of one length except the last two.

    customer : code of the customer; day : number of the day, 0 for the first of the data; spend : minor units
    first : where the rows of each customer begin
    n_days : days from the first of the data to the last of the observed time
    totals : how much there was of everything else
    """

    customer: np.ndarray
    day: np.ndarray
    spend: np.ndarray
    first: np.ndarray
    n_days: int
    totals: Totals


def day_rows(log: Log, facts: Facts, as_of: str | None) -> DayRows:
    """The purchase days of a log, which may be a part of the whole.

    A purchase day has at least one order that is no refund and no cancellation: free orders count, as in the
    published results for CDNOW. However many orders a day has, it is one purchase day; its spend is their sum.
    """
    end = facts.end_of_data(facts.as_of_day(as_of))
    days, begins = calendar_periods(facts.first_time, end - 1, "day", facts.timezone)
    day = period_numbers(log, begins)
    inside = log.time < end
    refund = log.event == log.events.index(REFUND)
    kept = np.flatnonzero(inside & ~refund)
    customer, day, minor = log.customer[kept], day[kept], log.minor[kept]
    one_day = run_starts(customer.astype(np.int64) * len(days) + day)  # the log is sorted by customer and time
    customer, day = customer[one_day], day[one_day].astype(np.int64)
    first = run_starts(customer)
    back = inside & refund
    totals = Totals(
        without_purchase=len(run_starts(log.customer[inside])) - len(first),
        refunds=int(back.sum()),
        refunded=-int(log.minor[back].sum()),
        left_out=len(log) - int(inside.sum()),
    )
    return DayRows(customer, day, np.add.reduceat(minor, one_day), first, len(days), totals)


def histories_until(rows: DayRows, last: int) -> dict[str, np.ndarray]:
    """The histories up to a day, of the customers who have one by then: columns of `PurchaseDays` by name."""
    seen = (rows.day <= last).astype(np.int64)
    first = rows.first
    n = np.add.reduceat(seen, first)
    known = n > 0
    first, n = first[known], n[known]
    begun = rows.day[first]
    return {
        "repeats": n - 1,
        "first_to_last": rows.day[first + n - 1] - begun,
        "first_to_end": last - begun,
        "repeat_spend": np.add.reduceat(rows.spend * seen, rows.first)[known] - rows.spend[first],
    }


def purchase_days(log: Log, facts: Facts, settings: dict[str, object]) -> PurchaseDays:
    """The purchase days of the customers of a log, customer by customer."""
    rows = day_rows(log, facts, read_settings(settings)["as_of"])
    own = histories_until(rows, rows.n_days - 1)
    return PurchaseDays(customers=log.customers[rows.customer[rows.first]], **own, totals=rows.totals)


def days_merged(parts: list[PurchaseDays]) -> PurchaseDays:
    """Those of disjoint sets of customers, one set after the other."""
    names = ("customers", "repeats", "first_to_last", "first_to_end", "repeat_spend")
    joined = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return PurchaseDays(*joined, sum((part.totals for part in parts), Totals()))


def cells(log: Log, facts: Facts, settings: dict[str, object]) -> Cells:
    """How many customers of a log share each history of purchase days, and each total of repeat spend."""
    found = purchase_days(log, facts, settings)
    one = np.ones(len(found.repeats), np.int64)
    back = found.repeats > 0
    return Cells(
        added_up(found.repeats, found.first_to_last, found.first_to_end, one),
        added_up(found.repeats[back], found.repeat_spend[back], one[back]),
        found.totals,
    )


def cells_merged(parts: list[Cells]) -> Cells:
    """The cells of all customers, given those of disjoint sets of them."""
    joined = [
        added_up(*(np.concatenate(own) for own in zip(*(getattr(part, name) for part in parts), strict=True)))
        for name in ("histories", "spending")
    ]
    return Cells(*joined, sum((part.totals for part in parts), Totals()))


def added_up(*columns: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rows with equal keys as one row: the last column is added up, the others (whole, not negative) are the key.

    >>> [column.tolist() for column in added_up(np.array([2, 0, 2]), np.array([5, 1, 5]), np.array([1, 4, 2]))]
    [[0, 2], [1, 5], [4, 3]]
    """
    *keys, n = columns
    if not len(n):
        return columns
    words = _packed(keys)
    alone = len(words) == 1 and (n == 1).all()  # then no order has to be kept, and sorting is several times as fast
    order = None if alone else np.lexsort(words[::-1])
    words = [np.sort(words[0])] if alone else [word[order] for word in words]
    new = np.zeros(len(n), bool)
    new[0] = True
    for word in words:
        new[1:] |= word[1:] != word[:-1]
    first = np.flatnonzero(new)
    n = n if alone else n[order]
    return (*_unpacked([word[first] for word in words], keys), np.add.reduceat(n, first))


def _layout(keys: list[np.ndarray]) -> list[list[int]]:
    """How many bits each key needs, by the integer that holds it: as few integers as possible are quickly sorted."""
    words: list[list[int]] = [[]]
    for key in keys:
        width = max(int(key.max()).bit_length(), 1)
        if sum(words[-1]) + width > 62:
            words.append([])
        words[-1].append(width)
    return words


def _packed(keys: list[np.ndarray]) -> list[np.ndarray]:
    words, rest = [], iter(keys)
    for widths in _layout(keys):
        word = np.zeros(len(keys[0]), np.int64)
        for width in widths:
            word = (word << width) | next(rest)
        words.append(word)
    return words


def _unpacked(words: list[np.ndarray], keys: list[np.ndarray]) -> list[np.ndarray]:
    found = []
    for word, widths in zip(words, _layout(keys), strict=True):
        own, rest = [], word
        for width in reversed(widths):
            own.append(rest & ((1 << width) - 1))
            rest = rest >> width
        found += own[::-1]
    return found


def days_to_units(days: np.ndarray, unit: str) -> np.ndarray:
    """Whole days as a number of units of time.

    >>> days_to_units(np.array([3, 14]), "7D").round(3).tolist()
    [0.429, 2.0]
    """
    return days / (microseconds(unit, "unit") / UNITS["D"])
