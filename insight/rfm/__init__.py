"""RFM: how recently, how often and for how much each customer bought, and the segments that follow."""

from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from insight.errors import NotEnoughData
from insight.log import Facts
from insight.periods import timestamp
from insight.rfm.settings import SEGMENTS, Settings, read_settings
from insight.rfm.tables import (
    all_limits,
    cells_table,
    concentration_table,
    customers_table,
    moves_table,
    scores_table,
    segments_table,
)
from insight.rfm.tally import Spread, scored, scored_merged, spread, spread_merged
from insight.tables.table import Counted, counted

__all__ = ["SEGMENTS", "Rfm", "rfm", "limits_of"]


@dataclass(frozen=True, eq=False)
class Rfm:
    """Result of :func:`rfm`.

    customers : one row a customer with a purchase, in ascending order of the ids; None with `customers=False`
        customer_id          str    who
        days_since_last      int    days from the last order to the day after the end of the data (1 = on the last day)
        orders               int    purchases
        revenue              float  amounts of all orders, refunds taken off
        average_order_value  float  revenue / orders
        recency_score, frequency_score, monetary_score
                             int    1 to 5; 5 is best: bought lately, often, for much
        segment              str    by the recency score and the mean of the two others
    segments : one row a segment, best first
        segment              str    its name
        n_customers          int    who is in it
        share                float  of all customers with a purchase
        revenue              float  what they brought
        revenue_share        float  of the revenue; NA where there is none to share
        orders               int    their purchases
        average_order_value  float  revenue / orders; NA where nobody is in it
        median_days_since_last
                             float  half of them bought this many days ago or later; NA where nobody is in it
    cells : the 25 pairs of scores, the best recency first
        recency_score, frequency_monetary_score, segment, n_customers, revenue
    scores : one row a measure and score, 1 first: how large the scores are, since ties stay together
        measure              str    days_since_last, orders, revenue (or average_order_value)
        score                int    1 to 5
        begins               float  the limit where the score begins; NA for score 1, and where nobody has it
        n_customers          int    who has it
        lowest, highest      float  from where to where their values lie; NA where nobody has it
    concentration : what the customers with the highest revenue bring
        top_share            float  the best 1 %, 2 %, ... 100 % of the customers
        n_customers          int    how many they are, rounded up
        revenue, revenue_share
                             float  what they brought; NA where the revenue is nothing or less
    moves : where limits of one's own take customers, one row a pair of segments with somebody; None without any
        from_segment         str    by fifths of the customers
        to_segment           str    by the limits
        n_customers, share, revenue
                             int, float, float  who they are, as a share of `from_segment`, and what they brought
    thresholds : the limits in force, to be given again: then the same behaviour has the same score another month
    fixed : the measures whose limits were given
    n_customers : customers with a purchase; revenue : theirs, refunds taken off
    without_purchase : customers without one (refunds or free orders only), left out
    left_out : rows after `as_of`, not used; days_beyond : how many days `as_of` lies after the last row
    as_of : the last day of the observed time; data_start : first moment of the data
    currency : of the amounts, None where the file does not say
    monetary : as given
    """

    customers: pd.DataFrame | None
    segments: pd.DataFrame
    cells: pd.DataFrame
    scores: pd.DataFrame
    concentration: pd.DataFrame
    moves: pd.DataFrame | None
    thresholds: dict[str, list]
    fixed: list[str]
    n_customers: int
    revenue: float
    without_purchase: int
    left_out: int
    days_beyond: int
    as_of: str
    data_start: pd.Timestamp
    currency: str | None
    monetary: str


def rfm(
    orders,
    *,
    as_of: str | None = None,
    thresholds: dict[str, list] | None = None,
    monetary: str = "total",
    segments: list[list[str]] | None = None,
    customers: bool = True,
) -> Rfm:
    r"""Score every customer by recency, frequency and monetary value, and name the segments.

    Each measure is scored from 1 to 5, 5 is best. Without limits of your own a score is the mid-rank percentile in
    fifths: with :math:`b` of :math:`N` customers worse and :math:`n` equal,

    .. math:: \text{score} = \left\lceil 5\, \frac{b + n/2}{N} \right\rceil, \qquad
              FM = \left\lfloor \frac{F + M}{2} + \frac12 \right\rfloor

    Equal values always have equal scores, so scores may hold more or fewer than a fifth, or nobody: where half of the
    customers bought once, half have the same frequency score. The segment is named by R and FM, 25 pairs in all. Such
    scores compare customers with each other; with `thresholds` they compare them with fixed limits.

    orders : Orders
    as_of : last complete day; later rows are ignored and counted
    thresholds : by measure the four limits where the scores 2, 3, 4 and 5 begin: {"days_since_last": [365, 180, 90,
        30], "orders": [2, 3, 4, 7]} - at most so many days, at least so many orders or so much revenue; None in a
        list for a score that nobody has. Measures that are not named are scored by percentile
    monetary : "total" revenue, or the "average" of an order; then the measure is called average_order_value
    segments : five lists of five names, for the recency scores 5 to 1, each for FM 1 to 5; None for the usual ones
    customers : False leaves the table of customers away, where it would be too large

    Raises UnknownValue and InsightError for settings that are not possible, InsightError for amounts in several
    currencies; NotEnoughData where nobody has a purchase.
    Source: Hughes 1994, "Strategic Database Marketing", for fifths of recency, frequency and monetary value.

    >>> from insight import read_orders
    >>> orders = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["ana", "ana", "ben"], "amount": [9, 8, 5],
    ...                        "order_date": ["2026-01-01", "2026-01-30", "2026-01-02"]})
    >>> found = rfm(read_orders(orders), thresholds={"orders": [2, 3, 4, 7]})
    >>> found.customers[["customer_id", "days_since_last", "orders", "frequency_score", "segment"]]
      customer_id  days_since_last  orders  frequency_score          segment
    0         ana                1       2                2  Potential loyal
    1         ben               29       1                1      Hibernating
    """
    table = counted(orders, "rfm", "orders")
    given = {"as_of": as_of, "thresholds": thresholds, "monetary": monetary, "segments": segments}
    given["customers"] = customers
    facts = table.facts
    currency, asked = facts.one_currency(), read_settings(given, facts)
    values, limits = limits_of(table, facts, given)
    fifths = fifths_of(values, asked, facts.decimals)
    count = partial(scored, facts=facts, settings=given, thresholds=limits, fifths=fifths)
    found = table.tally(count, scored_merged)
    return Rfm(
        customers=customers_table(found, asked, facts.decimals) if asked.customers else None,
        segments=segments_table(found, asked, facts.decimals),
        cells=cells_table(found, asked, facts.decimals),
        scores=scores_table(values, found, limits, facts.decimals),
        concentration=concentration_table(values.revenue, facts.decimals),
        moves=None if found.moves is None else moves_table(*found.moves, asked.names, facts.decimals),
        thresholds=limits,
        fixed=[name for name in asked.measures if name in asked.thresholds],
        n_customers=int(found.n.sum()),
        revenue=int(found.revenue.sum()) / 10**facts.decimals,
        without_purchase=values.without_purchase,
        left_out=values.left_out,
        days_beyond=facts.days_beyond(as_of),
        as_of=facts.as_of_day(as_of),
        data_start=timestamp(facts.first_time, facts.timezone),
        currency=currency,
        monetary=monetary,
    )


def limits_of(table: Counted, facts: Facts, given: dict[str, object]) -> tuple[Spread, dict[str, list]]:
    """How the values are spread, and the limits of the scores that follow. Raises NotEnoughData without a purchase."""
    asked: Settings = read_settings(given, facts)
    found = table.tally(partial(spread, facts=facts, settings=given), spread_merged)
    if not found.revenue.n.sum():
        raise NotEnoughData(f"Nobody has a purchase up to {facts.as_of_day(given.get('as_of'))}.")
    return found, all_limits(found, asked, facts.decimals)


def fifths_of(values: Spread, asked: Settings, decimals: int) -> dict[str, list] | None:
    """What the limits would be without any of one's own; None where there are none."""
    return all_limits(values, replace(asked, thresholds={}), decimals) if asked.thresholds else None
