"""What cohorts bring in: orders and revenue per customer acquired, period by period."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from insight.errors import InsightError
from insight.log import Facts
from insight.periods import timestamp
from insight.retention.counts import largest
from insight.retention.payback import Payback, check_payback, payback_period
from insight.retention.revenue_tables import revenue_average, revenue_cells
from insight.retention.revenue_tally import RevenueTally, regrouped, revenue_merged, revenue_settings, revenue_tally
from insight.retention.tables import cohorts_table
from insight.tables.table import counted

OF_RETENTION = ("period", "clock", "cohort", "week_start", "guard", "by", "as_of", "level")  # settings read there


@dataclass(frozen=True, eq=False)
class CohortRevenue:
    """Result of :func:`cohort_revenue`. Money is in units of the currency.

    cells : one row a cohort and period
        cohort              str    the first day of the calendar period of the first purchase, ISO
        period              int    how many periods later; 0 is that of the first purchase, which is in it
        n_customers         int    customers in the cohort: acquired in that time
        orders              int    their purchases in the period; where not full so far; NA where none
        revenue             float  what they paid in it, less refunds; likewise
        refunds             float  what was paid back in it; likewise
        orders_per_customer float  orders / n_customers; NA unless full
        aov                 float  average order value: what the purchases of the period came to, refunds not taken
                                   off, / orders; NA unless full
        revenue_per_customer
                            float  revenue / n_customers; NA unless full
        cumulative_revenue_per_customer
                            float  the same added up from period 0 to this one; NA unless full
        ci_low, ci_high     float  interval of cumulative_revenue_per_customer (jackknife); NA below 10 customers
        observed            str    "full": the period is over for every customer; "partial": it has begun; "none"
    average : one row a period, the same columns without cohort and observed, over all cohorts that are full in it;
        cumulative_revenue_per_customer adds up revenue_per_customer of the periods until then: cohorts drop out from
        one period to the next, and adding up increments keeps that from looking like money lost
    groups : the columns of `average` behind `group`, in order of size; None without `by`
    cohorts : one row a cohort: cohort, n_customers, and cut, at which ends it reaches beyond the data (or the guard)
    currency : of all amounts; None where the file does not say
    n_customers : customers in the table; started : those in a cohort
    guarded : customers left out by the guard; without_purchase : customers who never bought (refunds only)
    before_start : orders and refunds before a customer's start, not counted
    left_out : rows after `as_of`, not used
    days_beyond : days from the last row's to `as_of`, in which nothing more is assumed to have happened
    data_start, data_end : first moment and end of the observed time
    as_of : the last day of the observed time
    dates_only : the file has no clock times
    payback : when the margin has reached the acquisition cost; None where none was given
    acquisition_cost, margin, period, clock, cohort, week_start, guard, by, level : the settings, as given
    """

    cells: pd.DataFrame
    average: pd.DataFrame
    groups: pd.DataFrame | None
    cohorts: pd.DataFrame
    currency: str | None
    n_customers: int
    started: int
    guarded: int
    without_purchase: int
    before_start: int
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    payback: Payback | None
    acquisition_cost: float | None
    margin: float | None
    period: str
    clock: str
    cohort: str | dict
    week_start: str
    guard: str | None
    by: str | dict | None
    level: float


def cohort_revenue(
    orders,
    *,
    period: str = "month",
    clock: str = "calendar",
    cohort: str | dict = "first",
    week_start: str = "MON",
    guard: str | None = None,
    by: str | dict | None = None,
    acquisition_cost: float | None = None,
    margin: float | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> CohortRevenue:
    r"""Add up what each cohort of customers has brought in since it was acquired.

    With :math:`N_c` customers first bought in cohort c and :math:`M_{c,k}` their net payments in period k,

    .. math:: \text{revenue per customer}_k = \frac{\sum_c M_{c,k}}{\sum_c N_c}, \qquad
        \text{cumulative}_k = \sum_{j \le k} \text{revenue per customer}_j

    each sum over the cohorts whose period is over. Refunds lower revenue and are no orders (nor are orders of nothing).

    orders : Orders, in one currency
    cohort : "first" - customers start with their first purchase; {"event": "purchase", "where": [...]} - with their
        first purchase that meets the conditions
    acquisition_cost, margin : both or neither: what acquiring a customer costs, and the share of revenue that is left
        after the cost of what was sold; then there is a payback period (see `payback_period`)
    period, clock, week_start, guard, by, as_of, level : as for `retention`

    Raises InsightError for several currencies, and as `retention` for settings.
    Source: cumulative revenue per acquired customer is the observed part of customer lifetime value (Gupta & Lehmann
    2003, Journal of Interactive Marketing 17:9); Kott 2001 for the interval (see `jackknife`).

    >>> from insight import read_orders
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount\n1,ana,2026-01-05,9\n2,ben,2026-01-09,15\n"
    ...                      b"3,ana,2026-02-07,6\n4,eva,2026-02-28,8\n")
    >>> cohort_revenue(orders).average[["period", "n_customers", "orders", "cumulative_revenue_per_customer"]]
       period  n_customers  orders  cumulative_revenue_per_customer
    0       0            3       3                        10.666667
    1       1            2       1                        13.666667
    """
    table = counted(orders, "cohort_revenue", "orders")
    given = {
        "period": period, "clock": clock, "cohort": cohort, "week_start": week_start, "guard": guard, "by": by,
        "acquisition_cost": acquisition_cost, "margin": margin, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = table.facts
    facts.one_currency()
    check_payback(acquisition_cost, margin)
    asked = revenue_settings(given, facts)
    if asked.recurring or asked.by_value:
        raise InsightError(
            'A customer is acquired once: cohort="first", or by an {"event": ...}; compare groups with by.'
        )
    count = partial(revenue_tally, facts=facts, settings=given)
    return revenue_finish(table.tally(count, revenue_merged, columns=asked.columns), facts, given)


def revenue_finish(tally: RevenueTally, facts: Facts, settings: dict[str, object]) -> CohortRevenue:
    """The result, made of the tally of all customers (`revenue_merged`, where they were counted in parts).

    facts : of the whole table; settings : the keyword arguments of `cohort_revenue`
    """
    asked, unit = revenue_settings(settings, facts), 10**facts.decimals
    if asked.column is not None:
        labels, label = largest(tally.size.sum(axis=(1, 2)), tally.groups, asked.column.top)
        tally = regrouped(tally, label, labels) if labels else tally
    average, cost = revenue_average(tally, asked, unit), settings.get("acquisition_cost")
    payback = None if cost is None else payback_period(average, acquisition_cost=cost, margin=settings["margin"])
    return CohortRevenue(
        cells=revenue_cells(tally, asked, unit),
        average=average,
        groups=None if asked.column is None else revenue_average(tally, asked, unit, grouped=True),
        cohorts=cohorts_table(tally.size.sum(axis=2), tally.groups, asked),
        currency=facts.one_currency(),
        n_customers=tally.n_customers,
        started=int(tally.size.sum()),
        guarded=tally.guarded,
        without_purchase=tally.without_purchase,
        before_start=tally.before_start,
        left_out=tally.left_out,
        days_beyond=facts.days_beyond(settings.get("as_of")),
        data_start=timestamp(facts.first_time, facts.timezone),
        data_end=timestamp(asked.observed, facts.timezone),
        as_of=facts.as_of_day(settings.get("as_of")),
        dates_only=facts.dates_only,
        payback=payback,
        acquisition_cost=cost,
        margin=settings.get("margin"),
        **{name: asked.asked[name] for name in OF_RETENTION if name != "as_of"},
    )
