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


def purchase_days(log: Log, facts: Facts, settings: dict[str, object]) -> PurchaseDays:
    """The purchase days of the customers of a log, which may be a part of the whole.

    A purchase day has at least one order that is no refund and no cancellation: free orders count, as in the
    published results for CDNOW. However many orders a day has, it is one purchase day; its spend is their sum.
    """
    end = facts.end_of_data(facts.as_of_day(read_settings(settings)["as_of"]))
    days, begins = calendar_periods(facts.first_time, end - 1, "day", facts.timezone)
    day = period_numbers(log, begins)
    inside = log.time < end
    refund = log.event == log.events.index(REFUND)
    kept = np.flatnonzero(inside & ~refund)
    customer, day, minor = log.customer[kept], day[kept], log.minor[kept]
    one_day = run_starts(customer.astype(np.int64) * len(days) + day)  # the log is sorted by customer and time
    customer, day = customer[one_day], day[one_day]
    spend = np.add.reduceat(minor, one_day)
    first = run_starts(customer)
    last = np.append(first, len(customer))[1:] - 1
    back = inside & refund
    totals = Totals(
        without_purchase=len(run_starts(log.customer[inside])) - len(first),
        refunds=int(back.sum()),
        refunded=-int(log.minor[back].sum()),
        left_out=len(log) - int(inside.sum()),
    )
    return PurchaseDays(
        customers=log.customers[customer[first]],
        repeats=(last - first).astype(np.int64),
        first_to_last=(day[last] - day[first]).astype(np.int64),
        first_to_end=(len(days) - 1 - day[first]).astype(np.int64),
        repeat_spend=np.add.reduceat(spend, first) - spend[first],
        totals=totals,
    )


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
    bits = [int(key.max()).bit_length() for key in keys]
    if sum(bits) < 63:  # one integer that holds the whole key sorts several times as fast
        packed = np.zeros(len(n), np.int64)
        for key, width in zip(keys, bits, strict=True):
            packed = (packed << width) | key
        order = None if (n == 1).all() else np.argsort(packed, kind="stable")
        packed = np.sort(packed) if order is None else packed[order]
        first = run_starts(packed)
        kept, rest = [], packed[first]
        for width in reversed(bits):
            kept.append(rest & ((1 << width) - 1))
            rest = rest >> width
        keys = kept[::-1]
    else:
        order = np.lexsort(keys[::-1])
        keys = [key[order] for key in keys]
        new = np.any([key[1:] != key[:-1] for key in keys], axis=0)
        first = np.flatnonzero(np.append(True, new))
        keys = [key[first] for key in keys]
    n = n if order is None else n[order]
    return (*keys, np.add.reduceat(n, first))


def days_to_units(days: np.ndarray, unit: str) -> np.ndarray:
    """Whole days as a number of units of time.

    >>> days_to_units(np.array([3, 14]), "7D").round(3).tolist()
    [0.429, 2.0]
    """
    return days / (microseconds(unit, "unit") / UNITS["D"])
