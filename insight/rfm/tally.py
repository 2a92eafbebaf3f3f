"""Counting buyers: what each has bought, how often each value occurs, and how many have each score."""

from dataclasses import dataclass

import numpy as np

from insight.log import Facts, Log, run_starts
from insight.log.calendar import period_numbers
from insight.periods import calendar_periods
from insight.rfm.scores import frequency_monetary, scores
from insight.rfm.settings import Settings, read_settings
from insight.tables.order_log import PURCHASE

CELLS = 125  # of three scores


@dataclass(frozen=True, eq=False)
class Buyers:
    """Customers with a purchase; arrays of one length, money in minor units.

    code : the customer's number in the log
    days : from the last purchase to the day after the end of the data
    orders : purchases; revenue : amounts of all orders, refunds taken off
    without_purchase, left_out : customers with other orders only, rows after the end of the data
    """

    code: np.ndarray
    days: np.ndarray
    orders: np.ndarray
    revenue: np.ndarray
    without_purchase: int
    left_out: int

    def measure(self, name: str) -> np.ndarray:
        """What is scored: higher is better, but for days_since_last."""
        if name == "average_order_value":
            return self.revenue / self.orders
        return {"days_since_last": self.days, "orders": self.orders, "revenue": self.revenue}[name]


@dataclass(frozen=True, eq=False)
class Counts:
    """How many customers have each value: two arrays of one length, values in ascending order."""

    value: np.ndarray
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class Spread:
    """How often each value of each measure occurs, and of the revenue; and what was left out."""

    measures: dict[str, Counts]
    revenue: Counts
    without_purchase: int
    left_out: int


@dataclass(frozen=True, eq=False)
class Scored:
    """Customers by their three scores: arrays of 125, and `days`, counted by 125 x days + score.

    customers : ids, days, orders, revenue and three scores of each; None where nobody asked
    moves : customers and minor units by segment of the fifths and segment of the limits given; None without any
    """

    n: np.ndarray
    orders: np.ndarray
    revenue: np.ndarray
    days: Counts
    customers: tuple[np.ndarray, ...] | None
    moves: tuple[np.ndarray, np.ndarray] | None


def buyers(log: Log, facts: Facts, end: int) -> Buyers:
    """What each customer of a log has bought until `end`. Remembered by the log: scores are asked for after it."""
    return log.remember(("rfm buyers", end), lambda: _buyers(log, facts, end))


def _buyers(log: Log, facts: Facts, end: int) -> Buyers:
    days, begins = calendar_periods(facts.first_time, end - 1, "day", facts.timezone)
    day = period_numbers(log, begins)
    inside = log.time < end
    bought = inside & (log.event == log.events.index(PURCHASE))
    orders = np.add.reduceat(bought, log.starts, dtype=np.int64)
    last = np.maximum.reduceat(np.where(bought, day, -1), log.starts)
    code = np.flatnonzero(orders)
    return Buyers(
        code=code,
        days=(len(days) - last[code]).astype(np.int64),
        orders=orders[code],
        revenue=np.add.reduceat(np.where(inside, log.minor, 0), log.starts)[code],
        without_purchase=int(np.logical_or.reduceat(inside, log.starts).sum()) - len(code),
        left_out=len(log) - int(inside.sum()),
    )


def spread(log: Log, facts: Facts, settings: dict[str, object]) -> Spread:
    """How often each value occurs among the customers of a log, which may be a part of the whole."""
    asked = read_settings(settings, facts)
    found = buyers(log, facts, asked.end)
    measures = {name: _counts(found.measure(name)) for name in asked.measures}
    return Spread(measures, _counts(found.revenue), found.without_purchase, found.left_out)


def spread_merged(parts: list[Spread]) -> Spread:
    """That of all customers, given those of disjoint sets of them."""
    return Spread(
        {name: _added([part.measures[name] for part in parts]) for name in parts[0].measures},
        _added([part.revenue for part in parts]),
        sum(part.without_purchase for part in parts),
        sum(part.left_out for part in parts),
    )


def scored(
    log: Log, facts: Facts, settings: dict[str, object], thresholds: dict[str, list], fifths: dict[str, list] | None
) -> Scored:
    """The customers of a log by their scores.

    thresholds : the limits of all three measures
    fifths : what they would be without limits of one's own; None where there are none
    """
    asked = read_settings(settings, facts)
    found = buyers(log, facts, asked.end)
    own = scores(found, asked, thresholds, facts.decimals)
    moves = None
    if fifths is not None:
        ends = (segments_by(found, asked, limits, facts.decimals) for limits in (fifths, thresholds))
        moves = pairs(*ends, found.revenue, len(asked.names))
    cell = cell_of(*own)
    kept = (log.customers[found.code], found.days, found.orders, found.revenue, *own)
    return Scored(
        n=np.bincount(cell, minlength=CELLS),
        orders=_total(cell, found.orders),
        revenue=_total(cell, found.revenue),
        days=_counts(found.days * CELLS + cell),
        customers=kept if asked.customers else None,
        moves=moves,
    )


def scored_merged(parts: list[Scored]) -> Scored:
    """Those of all customers, given those of disjoint sets of them."""
    customers = None
    if parts[0].customers is not None:
        customers = tuple(np.concatenate(own) for own in zip(*(part.customers for part in parts), strict=True))
    sums = (np.sum([getattr(part, name) for part in parts], axis=0) for name in ("n", "orders", "revenue"))
    moves = None if parts[0].moves is None else pairs_merged([part.moves for part in parts])
    return Scored(*sums, _added([part.days for part in parts]), customers, moves)


def segments_by(found: Buyers, asked: Settings, thresholds: dict[str, list], decimals: int) -> np.ndarray:
    """The number of each buyer's segment under these limits."""
    recency, frequency, monetary = scores(found, asked, thresholds, decimals)
    return asked.named(recency, frequency_monetary(frequency, monetary))


def pairs(start: np.ndarray, end: np.ndarray, revenue: np.ndarray, n_segments: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers, and minor units, by two segments of each."""
    n, sums = (np.zeros((n_segments, n_segments), np.int64) for _what in range(2))
    np.add.at(n, (start, end), 1)
    np.add.at(sums, (start, end), revenue)
    return n, sums


def pairs_merged(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The sums over disjoint sets of customers."""
    n, revenue = zip(*parts, strict=True)
    return np.sum(n, axis=0), np.sum(revenue, axis=0)


def cell_of(recency: np.ndarray, frequency: np.ndarray, monetary: np.ndarray) -> np.ndarray:
    """The number of three scores, 0 to 124."""
    return ((recency - 1) * 5 + frequency - 1) * 5 + monetary - 1


def cell_scores() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three scores of each of the 125 cells."""
    return tuple(own.ravel() + 1 for own in np.indices((5, 5, 5)))


def _total(cell: np.ndarray, amount: np.ndarray) -> np.ndarray:
    total = np.zeros(CELLS, np.int64)
    np.add.at(total, cell, amount)
    return total


def _counts(values: np.ndarray) -> Counts:
    values = np.sort(values)
    first = run_starts(values)
    return Counts(values[first], np.diff(np.append(first, len(values))))


def _added(parts: list[Counts]) -> Counts:
    value, n = (np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "n"))
    order = np.argsort(value, kind="stable")
    value, n = value[order], n[order]
    first = run_starts(value)
    return Counts(value[first], np.add.reduceat(n, first) if len(n) else n)
