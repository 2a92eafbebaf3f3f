"""Value after acquisition: what the customers whom campaigns won have brought in since, against what they cost."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.acquisition.following import HORIZONS, Following, check_horizons, following
from insight.acquisition.observed import per_cost, sums_until
from insight.acquisition.ranks import ranks_table
from insight.acquisition.tally import FIRST_ORDER
from insight.campaigns.currency import Rates
from insight.errors import UnknownValue

__all__ = ["CohortRoas", "cohort_roas"]


@dataclass(frozen=True, eq=False)
class CohortRoas:
    """Result of :func:`cohort_roas`. Money is in units of the currency.

    rows : one row a campaign (or what `by` names) and horizon, most spend first
        channel (or campaign, or what `by` names)
                            str    its name in the campaigns
        days_after          int    the horizon: days after the acquisition; 0 is the day of the first purchase
        last_acquired       str    the last day of acquisition that is observed so long (ISO); "" where none is
        n_customers         int    acquired until then
        spend, total_cost   float  of the days until then
        revenue             float  what these customers paid by that day after their acquisition, less refunds
        roas                float  revenue / spend; roi : (margin revenue - total_cost) / total_cost
        roas_low, roas_high, roi_low, roi_high
                            float  ends of their intervals, the cost being known
        roas_why, roi_why   str    "" or the reason why it, or its interval, is NA
    total : the same of all campaigns together, one row a horizon
    ranks : one row a campaign with spend, the highest ROAS of first orders first; the same customers and the same
        spend in both rankings: those observed for `at` days
        channel, n_customers, spend, last_acquired as above
        first_order_roas    float  revenue of the first orders alone / spend
        later_roas          float  revenue until `at` / spend
        first_order_low, first_order_high, later_low, later_high
                            float  ends of their intervals
        first_rank, later_rank
                            int    places by the two, 1 for the highest
        move                str    "up", "down", "same", or "cannot_tell": it changed places, but only with campaigns
                                   whose intervals overlap its own
    names : one row a name that is not the same in orders and campaigns
        written_as          str    the name
        found_in            str    "orders" or "campaigns"
        n_customers         int    acquired under it; 0 for those of campaigns
        spend               float  under it; NA for those of orders
        counted_as          str    the campaign it was counted as, since it differs in capitals, blanks or dashes only
                                   or because `same` says so; "" where it was not
        suggestion          str    a campaign without customers that is called nearly so; "" where there is none
    at : the horizon of the later ranking; None where none is observed
    currency : of all amounts; None where nobody says
    source : the table that says through what a customer came: "orders" (the first order), "events" (the first touch)
        or "customers"; column : of it
    first_day, last_day : between which a customer must have been acquired; as_of : the last day of the orders
    n_customers : acquired in these days; organic : of them those whose name no campaign has
    before, after : customers acquired before or after these days; spend_outside : spend of other days
    rows_are : what the rows of the campaigns are taken as: "days"; "periods", whose amounts are spread evenly over
        their days; "totals", one row a campaign, whose spend is taken to lie on its date
    data_start : the day of the first order; who bought before it counts as new
    days_without_spend : days of the window on which nothing was spent; 0 where rows are totals
    left_out : orders after `as_of`, not used
    by, horizons, margin, extra_cost, same, rates, rows_as, level : the settings, as given
    """

    rows: pd.DataFrame
    total: pd.DataFrame
    ranks: pd.DataFrame
    names: pd.DataFrame
    at: int | None
    currency: str | None
    source: str
    column: str
    first_day: str
    last_day: str
    as_of: str
    n_customers: int
    organic: int
    before: int
    after: int
    rows_are: str
    spend_outside: float
    data_start: str
    days_without_spend: int
    left_out: int
    by: str
    horizons: list[int]
    margin: float | None
    extra_cost: float
    same: dict[str, str] | None
    rates: Rates | None
    rows_as: str
    level: float


def cohort_roas(
    orders,
    campaigns,
    events=None,
    customers=None,
    *,
    margin: float | None,
    by: str = "channel",
    column: str | None = None,
    source: str | None = None,
    horizons: list[int] = HORIZONS,
    at: int | None = None,
    extra_cost: float = 0.0,
    same: dict[str, str] | None = None,
    rates: Rates | None = None,
    rows_as: str = "auto",
    as_of: str | None = None,
    level: float = 0.95,
) -> CohortRoas:
    r"""What the customers whom a campaign acquired had brought in by day d, per unit of what it cost.

    With the customers acquired on days that lie at least d days before the last one, and the spend of the same days,

    .. math:: \text{cohort ROAS}_d = \frac{\text{revenue by day } d \text{ of customers acquired}}{\text{spend}}

    A customer is acquired by the value of `column` at the first purchase. Days are calendar days; day 0 is that of the
    first purchase. Intervals are those of a sum over customers who each came by chance (see `sum_interval`).

    orders : Orders; campaigns : Campaigns; events : EventLog and customers : Customers, that may say who came how
    margin : gross margin as a share of revenue; None where it is not known: then ROI is NA
    by : the column of the campaigns whose values are compared
    column : what it is called in the table that says how a customer came; None for the same name
    source : that table: "orders", "events" (the first event that has a value, at or before the first purchase),
        "customers"; None for the first of them that has the column
    horizons : days after the acquisition, ascending; at : the one of the later ranking, None for the longest in which
        two campaigns have ten customers each
    extra_cost : cost beside the spend, as a share of it
    same : names of the orders that are a campaign's under another: {"Goog": "google"}
    rates : what one unit of a currency of the campaigns is worth in that of the orders: {"EUR": 1.08}
    rows_as : what a row of the campaigns stands for: "days", "periods" (a week or month) or "totals" (the whole
        campaign); "auto" - totals where no campaign has two dates, periods where the dates are regular weeks or months,
        else days
    as_of, level : as everywhere

    Raises UnknownValue for a column, a table or a name that does not exist; InsightError for several currencies without
    a rate, impossible settings, and where orders and campaigns have no day in common.
    Source: cohort ROAS as mobile marketing counts it (D0, D7, D30 ROAS); Fay & Feuer 1997 for the interval.

    >>> from insight import read_campaigns, read_orders
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount,channel\n1,ana,2026-01-05,30,ads\n"
    ...                      b"2,ben,2026-01-06,20,mail\n3,ana,2026-02-04,50,mail\n")
    >>> campaigns = read_campaigns(b"date,channel,campaign,spend\n2026-01-05,ads,spring,20\n2026-01-06,mail,news,10\n")
    >>> found = cohort_roas(orders, campaigns, margin=0.4, horizons=[0, 30])
    >>> found.rows[["channel", "days_after", "n_customers", "spend", "revenue", "roas"]]
      channel  days_after  n_customers  spend  revenue  roas
    0     ads           0            1   20.0     30.0   1.5
    1     ads          30            1   20.0     80.0   4.0
    2    mail           0            1   10.0     20.0   2.0
    3    mail          30            0    0.0      0.0   NaN
    """
    check_horizons(horizons)
    if at is not None and at not in horizons:
        raise UnknownValue("at", at, horizons)
    given = {
        "by": by, "column": column, "source": source, "horizons": horizons, "margin": margin, "same": same,
        "extra_cost": extra_cost, "rates": rates, "rows_as": rows_as, "as_of": as_of,
        "level": level,
    }  # fmt: skip
    found = following(orders, campaigns, {"events": events, "customers": customers}, given)
    everything = [_row(found, list(range(len(found.names))), k, given) for k in range(len(horizons))]
    rows = [
        {by: name, **_row(found, [i], k, given)} for i, name in enumerate(found.names) for k in range(len(horizons))
    ]
    table = pd.DataFrame(rows).astype({by: "str"})
    at, ranks = ranks_table(found, table, given, at)
    return CohortRoas(
        rows=table, total=pd.DataFrame(everything), ranks=ranks, at=at, **found.facts(), by=by, horizons=horizons,
        margin=margin, extra_cost=extra_cost, same=same, rates=rates, rows_as=rows_as, level=level,
    )  # fmt: skip


def _row(found: Following, names: list[int], k: int, given: dict[str, object]) -> dict[str, object]:
    """All figures of some names at one horizon."""
    horizon, margin = given["horizons"][k], given["margin"]
    sums = sums_until(found, names, horizon, FIRST_ORDER + 1 + k)
    roas, low, high, why = per_cost(sums, sums.spend, given["level"])
    roi = [np.nan if margin is None else margin * one - 1 for one in per_cost(sums, sums.cost, given["level"])[:3]]
    return {
        "days_after": horizon, "last_acquired": found.day(sums.last) if sums.last >= 0 else "",
        "n_customers": sums.n, "spend": sums.spend, "total_cost": sums.cost,
        "revenue": sums.total if sums.last >= 0 else np.nan,
        "roas": roas, "roas_low": low, "roas_high": high, "roas_why": why,
        "roi": roi[0], "roi_low": roi[1], "roi_high": roi[2], "roi_why": "no_margin" if margin is None else why,
    }  # fmt: skip
