"""What the customers of a list have bought and spent between two instants, of orders in parts."""

from dataclasses import dataclass

import numpy as np

from insight.log import Log
from insight.tables.order_log import PURCHASE


@dataclass(frozen=True, eq=False)
class Spend:
    """Of the customers of a list, in minor units (whole numbers of any size).

    orders, buyers : purchases, and customers with one
    revenue, squares : sum, and sum of squares, of each customer's revenue; refunds are taken off
    all_revenue : of every customer, on the list or not
    """

    orders: int
    buyers: int
    revenue: int
    squares: int
    all_revenue: int


def spend_of(log: Log, ids: frozenset[str], closes: int, opens: int | None = None) -> Spend:
    """What those of a list, of the customers of a log, spent before an instant, and from `opens` on where it is given.

    ids : customers;  opens, closes : microseconds since 1970 UTC
    """
    mine = np.fromiter((one in ids for one in log.customers.tolist()), bool, len(log.customers))
    inside = log.time < closes if opens is None else (log.time >= opens) & (log.time < closes)
    rows = mine[log.customer] & inside
    total = np.zeros(len(mine), np.int64)
    np.add.at(total, log.customer[rows], log.minor[rows])
    bought = rows & (log.event == log.events.index(PURCHASE)) if PURCHASE in log.events else rows & False
    return Spend(
        orders=int(bought.sum()),
        buyers=len(np.unique(log.customer[bought])),
        revenue=int(total.sum()),
        squares=sum(int(own) ** 2 for own in total[total != 0]),
        all_revenue=int(log.minor[inside].sum()),
    )


def spend_merged(parts: list[Spend]) -> Spend:
    """That of all customers, given those of disjoint sets of them."""
    return Spend(*(sum(getattr(part, name) for part in parts) for name in Spend.__dataclass_fields__))
