"""Whether campaigns claim more orders than there are: platforms credit themselves, each by its own rule."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.campaigns.currency import rows_until
from insight.log import Facts, Log
from insight.periods import day_start, timestamp
from insight.tables.order_log import PURCHASE
from insight.tables.table import counted


@dataclass(frozen=True)
class Claims:
    """Result of :func:`claimed_orders`.

    claimed : conversions of all campaigns together; orders : purchases of the same days
    first_day, last_day : the days that both tables cover (ISO)
    """

    claimed: float
    orders: int
    first_day: str
    last_day: str

    @property
    def is_double(self) -> bool:
        """Whether more are claimed than there are: some are counted twice."""
        return self.claimed > self.orders


def claimed_orders(campaigns, orders) -> Claims | None:
    """The conversions that campaigns claim, beside the orders there are, on the days that both tables cover.

    None where the campaigns have no conversions, or share no day with the orders.

    >>> from insight import read_campaigns, read_orders
    >>> campaigns = read_campaigns(b"date,campaign,spend,conversions\\n2026-01-01,a,5,2\\n2026-01-01,b,5,1\\n")
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount\\n1,ana,2026-01-01,9\\n2,ben,2026-01-01,9\\n")
    >>> found = claimed_orders(campaigns, orders)
    >>> found.claimed, found.orders, found.is_double
    (3.0, 2, True)
    """
    table = counted(orders, "claimed_orders", "orders")
    if "conversions" not in campaigns.frame:
        return None
    facts = table.facts
    rows, _late = rows_until(campaigns, None)
    days = rows["date"].dt.strftime("%Y-%m-%d")
    first, last = max(days.min(), first_day_of(facts)), min(days.max(), facts.last_day)
    if first > last:
        return None
    begin, end = day_start(first, facts.timezone), day_start(last, facts.timezone, days_later=1)
    claimed = rows["conversions"].to_numpy(float)[((days >= first) & (days <= last)).to_numpy()]
    n = table.tally(partial(_purchases, begin=begin, end=end), sum)
    return Claims(float(np.nansum(claimed)), int(n), first, last)


def first_day_of(facts: Facts) -> str:
    """The day of the earliest row, as ISO text."""
    return timestamp(facts.first_time, facts.timezone).strftime("%Y-%m-%d")


def _purchases(log: Log, begin: int, end: int) -> int:
    bought = log.event == log.events.index(PURCHASE)
    return int((bought & (log.time >= begin) & (log.time < end)).sum())
