"""What is fully observed: the customers who could be followed long enough, and the cost of the days they came on."""

from dataclasses import dataclass

import numpy as np

from insight.acquisition.following import Following
from insight.acquisition.sums import sum_interval


@dataclass(frozen=True)
class Sums:
    """Of the customers of some names who could be followed for a number of days.

    n : customers; total, squares, largest : of what they paid, for `sum_interval`; spend, cost : of the days on which
    they were acquired; last : number of the last of these days, below 0 where nobody could be followed so long
    """

    n: int
    total: float
    squares: float
    largest: float
    spend: float
    cost: float
    last: int


def sums_until(found: Following, names: list[int], horizon: int, column: int) -> Sums:
    """The sums of these names over customers who are observed for `horizon` days.

    column : of the tally: FIRST_ORDER, or 1 + the position of a horizon up to this one
    """
    last, tally = min(found.last, found.end - horizon), found.tally
    own = np.isin(tally.place[:, 0], names) & (tally.place[:, 1] <= last)
    days = slice(0, max(last + 1, 0))
    return Sums(
        n=int(tally.n[own].sum()),
        total=tally.revenue[own, column].sum() / found.unit,
        squares=float(tally.squares[own, column].sum()) / found.unit**2,
        largest=float(tally.largest[own, column].max(initial=0)) / found.unit,
        spend=float(found.spend[names, days].sum()),
        cost=float(found.cost[names, days].sum()),
        last=last,
    )


def per_cost(sums: Sums, cost: float, level: float) -> tuple[float, float, float, str]:
    """Revenue over a cost that is known, its interval, and why one of them is missing."""
    if sums.last < 0:
        return np.nan, np.nan, np.nan, "not_observed"
    if not cost > 0:
        return np.nan, np.nan, np.nan, "no_cost"
    low, high = sum_interval(sums.total, sums.squares, sums.largest, level)
    why = "no_customers" if not sums.n else "no_revenue" if low != low else ""
    return sums.total / cost, low / cost, high / cost, why
