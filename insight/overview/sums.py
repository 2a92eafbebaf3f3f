"""What customers did in each period, added up: sums, and the sums of squares that say how sure a change is.

Customers are the independent units: what one of them does on Monday and on Friday, in May and in June, is alike. So
beside the sum of an amount :math:`\\sum_c x_c` stand :math:`\\sum_c x_c^2` within a period and
:math:`\\sum_c x_c y_c` across the two periods that are compared. All of them add up over disjoint sets of customers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from insight.log import run_starts
from insight.overview.calendar import Calendar


@dataclass(frozen=True)
class Measure:
    """One number of an overview, in every period.

    kind : "count" or "money", a sum of `part`; "share", "mean", "seconds" or "price", `part` divided by `whole`
    single : of a share: each customer is one trial, as with visitors
    """

    name: str
    kind: str
    part: str
    whole: str | None = None
    single: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The products that its interval needs."""
        if self.whole is None:
            return [(self.part, self.part)]
        return [(one, other) for one in (self.part, self.whole) for other in (self.part, self.whole)]


@dataclass(frozen=True, eq=False)
class Entries:
    """One row a customer and period (and group) with anything in it, in this order.

    customer : code; period, group : number; amounts : name -> whole numbers
    """

    customer: np.ndarray
    period: np.ndarray
    group: np.ndarray
    amounts: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over customers, by period and group.

    totals : name -> whole numbers (periods, groups)
    within : two names -> sum of their products (periods, groups)
    behind : name -> how many customers have any of it (periods, groups)
    across : two names -> sum of the first in the focus times the second in the period compared with, by comparison
        (the period before, the year before) and group
    """

    totals: dict[str, np.ndarray]
    within: dict[tuple[str, str], np.ndarray]
    behind: dict[str, np.ndarray]
    across: dict[tuple[str, str], np.ndarray]

    @property
    def n_groups(self) -> int:
        return next(iter(self.totals.values())).shape[1]


def entries(
    customer: np.ndarray, period: np.ndarray, amounts: dict[str, np.ndarray], group: np.ndarray | None = None
) -> Entries:
    """Units (sessions, orders) added up by customer and period, and by group where there are groups.

    The units are in order of customer and, for each, of period.
    """
    number = np.zeros(1, np.int64) if group is None else group
    size = int(number.max(initial=0)) + 1
    key = (customer.astype(np.int64) * (int(period.max(initial=0)) + 1) + period) * size + number
    if group is not None:
        order = np.argsort(key, kind="stable")
        key, customer, period, number = key[order], customer[order], period[order], number[order]
        amounts = {name: values[order] for name, values in amounts.items()}
    starts = run_starts(key)
    added = {name: _added(values, starts) for name, values in amounts.items()}
    groups = np.zeros(len(starts), np.int64) if group is None else number[starts]
    return Entries(customer[starts], period[starts], groups, added)


def _added(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values.astype(np.int64), starts) if len(starts) else np.zeros(0, np.int64)


def sums_of(own: Entries, measures: Iterable[Measure], calendar: Calendar, n_groups: int = 1) -> Sums:
    """The sums of these customers."""
    shape, key = (len(calendar), n_groups), own.period * n_groups + own.group

    def added(values: np.ndarray) -> np.ndarray:  # exact below 2^53
        return np.bincount(key, weights=values, minlength=shape[0] * shape[1]).reshape(shape)

    pairs = dict.fromkeys(pair for measure in measures for pair in measure.pairs)
    once = {tuple(sorted(pair)) for pair in pairs}
    products = {pair: own.amounts[pair[0]].astype(float) * own.amounts[pair[1]] for pair in once}
    within = {pair: added(values) for pair, values in products.items()}
    return Sums(
        totals={name: np.rint(added(values)).astype(np.int64) for name, values in own.amounts.items()},
        within={pair: within[tuple(sorted(pair))] for pair in pairs},
        behind={name: added(values != 0).astype(np.int64) for name, values in own.amounts.items()},
        across=_across(own, pairs, calendar, n_groups),
    )


def _across(own: Entries, pairs: Iterable[tuple[str, str]], calendar: Calendar, n_groups: int) -> dict:
    """Of customers who are in the focus and in the period it is compared with, in the same group."""
    now = np.flatnonzero(own.period == calendar.focus)
    found = {pair: np.zeros((2, n_groups)) for pair in pairs}
    for row, other in enumerate(calendar.compared):
        if other is None:
            continue
        then = np.flatnonzero(own.period == other)
        keys = [own.customer[rows].astype(np.int64) * n_groups + own.group[rows] for rows in (now, then)]
        _shared, at, before = np.intersect1d(*keys, assume_unique=True, return_indices=True)
        group = own.group[now[at]]
        for one, two in pairs:
            products = own.amounts[one][now[at]].astype(float) * own.amounts[two][then[before]]
            found[one, two][row] = np.bincount(group, weights=products, minlength=n_groups)
    return found


def merged_sums(parts: list[Sums]) -> Sums:
    """The sums of all customers, from those of disjoint sets of them."""
    fields = ("totals", "within", "behind", "across")
    first = parts[0]
    return Sums(*({key: sum(getattr(part, field)[key] for part in parts) for key in getattr(first, field)}
                  for field in fields))  # fmt: skip
