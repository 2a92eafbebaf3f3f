"""Sales: orders, revenue and who buys, period by period."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.log import Facts, Log, run_starts
from insight.overview.breakdown import Groups, largest, merged_sizes, read_breakdown, sizes_of
from insight.overview.shared import Tally, merged, period_of, read_asked, sums_by, tables, told, used_rows
from insight.overview.sums import Entries, Measure
from insight.tables.order_log import FREE, PURCHASE, REFUND
from insight.tables.table import counted

MEASURES = (
    Measure("revenue", "money", "revenue"),
    Measure("orders", "count", "orders"),
    Measure("average_order_value", "price", "sold", "orders"),
    Measure("buyers", "count", "buyers"),
    Measure("new_customers", "count", "new_customers"),
    Measure("returning_customers", "count", "returning_customers"),
    Measure("orders_per_buyer", "mean", "orders", "buyers"),
)
MONEY = ("revenue", "sold", "refunded")


@dataclass(frozen=True, eq=False)
class Sales:
    """Result of :func:`sales`. Money is in units of `currency`.

    periods : one row a calendar period of the data, in order of time
        period               str    its first day, ISO
        observed             str    "full"; "partial" where the data begins or ends in it
        cut                  str    at which ends it reaches beyond the data: "" for none, "start", "end", "both"
        orders               int    purchases: orders of more than 0
        sold                 float  their amounts
        refunds              int    orders below 0, or with the number of a cancellation
        refunded             float  their amounts, as a positive number
        free_orders          int    orders of exactly 0, which are no purchases
        revenue              float  sold - refunded
        buyers               int    customers with a purchase
        new_customers        int    buyers whose first purchase in the data lies in it
        returning_customers  int    buyers whose first purchase lies before it
        average_order_value  float  sold / orders
        orders_per_buyer     float  orders / buyers
        average_order_value_low, average_order_value_high, orders_per_buyer_low, orders_per_buyer_high
                             float  interval of each, orders of one customer being alike; NA below 10 buyers
    measures, groups, group_periods : as in :class:`~insight.overview.traffic.Traffic`: measure, value, ci_low, ci_high,
        n, previous, change, change_low, change_high, year_before, year_change, year_change_low, year_change_high;
        group, share
    n_customers : customers with a purchase in the data; n_orders : purchases; n_refunds, n_free : the others
    currency : ISO code; None where the file does not say
    measure, at, before, year_before, finished, left_out, days_beyond, data_start, as_of, dates_only, timezone, period,
        by, notes, week_start, level : as there
    """

    periods: pd.DataFrame
    measures: pd.DataFrame
    groups: pd.DataFrame | None
    group_periods: pd.DataFrame | None
    n_customers: int
    n_orders: int
    n_refunds: int
    n_free: int
    currency: str | None
    measure: str
    at: str
    before: str | None
    year_before: str | None
    finished: bool
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    as_of: str
    dates_only: bool
    timezone: str | None
    period: str
    by: str | dict | None
    notes: list
    week_start: str
    level: float


def sales(
    orders,
    *,
    measure: str = "revenue",
    period: str = "week",
    at: str | None = None,
    by: str | dict | None = None,
    notes: list | None = None,
    week_start: str = "MON",
    as_of: str | None = None,
    level: float = 0.95,
) -> Sales:
    r"""Count orders, revenue, and new and returning customers, period by period.

    A purchase is an order of more than 0. Refunds and cancellations are no purchases; they lower the revenue of the
    period they lie in. With amounts :math:`a_i` of N purchases and refunds R,

    .. math:: \text{revenue} = \sum_i a_i - R, \qquad \text{average order value} = \frac{1}{N} \sum_i a_i

    A **new customer**'s first purchase in the data lies in the period: who bought before the data begins looks new.

    orders : Orders
    measure : the one in front, in the picture and the first sentence; a column `measure` of `measures`
    by : column of the orders that makes groups. A buyer is in each group that they bought in, a new customer in that
        of the first purchase
    period, at, notes, week_start, as_of, level : as for `traffic`

    Raises InsightError for several currencies; else as `traffic`.
    Source: the terms are those of shop systems and web analytics; intervals as for `traffic`.

    >>> from insight import read_orders
    >>> table = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["ana", "ben", "ana"],
    ...     "order_date": pd.to_datetime(["2026-01-05", "2026-01-09", "2026-01-11"]), "amount": [10, 30, -4]})
    >>> sales(read_orders(table)).periods[["period", "orders", "sold", "refunded", "revenue", "average_order_value"]]
           period  orders  sold  refunded  revenue  average_order_value
    0  2026-01-05       2  40.0       4.0     36.0                 20.0
    """
    table = counted(orders, "sales", "orders")
    given = {
        "measure": measure, "period": period, "at": at, "by": by, "notes": notes, "week_start": week_start,
        "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = table.facts
    facts.one_currency()
    groups = order_groups(table, facts, given)
    tally = table.tally(
        partial(sales_tally, facts=facts, settings=given, groups=groups), merged, columns=columns_of(given, facts)
    )
    return sales_finish(tally, facts, given, groups)


def columns_of(settings: dict, facts: Facts) -> list[str]:
    """The further columns of the file that the groups need; checks them."""
    breakdown = read_breakdown(settings["by"], facts)
    return [breakdown.column] if breakdown else []


def order_groups(table, facts: Facts, settings: dict) -> Groups | None:
    """The groups that are shown: the largest by purchases."""
    breakdown = read_breakdown(settings["by"], facts)
    if breakdown is None:
        return None
    count = partial(order_sizes, facts=facts, settings=settings)
    return largest(table.tally(count, merged_sizes, columns=[breakdown.column]), breakdown)


def order_sizes(log: Log, facts: Facts, settings: dict) -> dict[str, int]:
    """How many purchases there are with each value; values of other orders alone come last."""
    asked = read_asked(settings | {"measure": None}, facts, MEASURES)
    used = used_rows(log, asked)
    codes, names = used.values(asked.breakdown.column)
    bought = sizes_of(codes[used.event == used.events.index(PURCHASE)], names)
    return {name: bought.get(name, 0) for name in sizes_of(codes, names)}


def sales_tally(log: Log, facts: Facts, settings: dict, groups: Groups | None = None) -> Tally:
    """Count the customers of a log of orders, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `sales`; groups : of the whole log
    """
    asked = read_asked(settings, facts, MEASURES, groups)
    used = used_rows(log, asked)
    group = order_group(used, groups)
    kinds = {kind: used.event == used.events.index(kind) for kind in (PURCHASE, REFUND, FREE)}
    minor = used.minor
    amounts = {
        "orders": kinds[PURCHASE],
        "sold": np.where(kinds[PURCHASE], minor, 0),
        "refunds": kinds[REFUND],
        "refunded": np.where(kinds[REFUND], -minor, 0),
        "free_orders": kinds[FREE],
        "revenue": minor,
        "new_customers": first_purchases(used, group),
    }
    period = period_of(used, "orders", used.time, asked.calendar)
    since = np.full(len(log.customers), len(asked.calendar))
    new = np.flatnonzero(amounts["new_customers"])
    since[used.customer[new]] = period[new]
    finished = partial(as_buyers, since=since)
    together, split = sums_by((used.customer, period, amounts), group, finished, MEASURES, asked)
    counts = {"customers": len(new), "left_out": len(log) - len(used)}
    return Tally(together, split, counts)


def order_group(log: Log, groups: Groups | None) -> np.ndarray | None:
    """The group of each order; None without groups."""
    if groups is None:
        return None
    codes, names = log.values(groups.column)
    return groups.numbers(names)[codes]


def first_purchases(log: Log, group: np.ndarray | None) -> np.ndarray:
    """Which rows are their customer's first purchase; of several at one instant that of the first group."""
    bought = np.flatnonzero(log.event == log.events.index(PURCHASE))
    if group is not None:
        bought = bought[np.lexsort((group[bought], log.time[bought], log.customer[bought]))]
    first = np.zeros(len(log), bool)
    first[bought[run_starts(log.customer[bought])]] = True
    return first


def as_buyers(own: Entries, since: np.ndarray) -> Entries:
    """Each customer with a purchase in a period is one buyer of it. `since` : period of each one's first purchase."""
    buyers = (own.amounts["orders"] > 0).astype(np.int64)
    returning = buyers * (since[own.customer] < own.period)
    return Entries(
        own.customer, own.period, own.group, own.amounts | {"buyers": buyers, "returning_customers": returning}
    )


def sales_finish(tally: Tally, facts: Facts, settings: dict, groups: Groups | None = None) -> Sales:
    """The result, made of the tally of all customers (`merged`, where they were counted in parts)."""
    asked = read_asked(settings, facts, MEASURES, groups)
    totals = {name: int(tally.all.totals[name].sum()) for name in ("orders", "refunds", "free_orders")}
    return Sales(
        **tables(tally, asked, MEASURES, dict.fromkeys(MONEY, 10**facts.decimals)),
        n_customers=tally.counts["customers"],
        n_orders=totals["orders"],
        n_refunds=totals["refunds"],
        n_free=totals["free_orders"],
        currency=facts.one_currency(),
        **told(asked, facts, settings, tally.counts["left_out"]),
    )
