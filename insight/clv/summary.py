"""How often, how recently and since when each customer buys: what the models of repeat buying are fitted to."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.clv.tally import (
    Totals,
    cells,
    cells_merged,
    days_merged,
    days_to_units,
    purchase_days,
    read_settings,
)
from insight.errors import NotEnoughData
from insight.log import Facts
from insight.log.ids import ascending
from insight.periods import timestamp
from insight.tables.table import counted


@dataclass(frozen=True, eq=False)
class ClvSummary:
    """Result of :func:`clv_summary`.

    customers : one row a customer with a purchase day, in ascending order of the ids
        customer_id     str    who
        frequency       int    purchase days after the first (x)
        recency         float  from the first purchase day to the last, in units of time (t_x)
        T               float  from the first purchase day to the end of the data, in units of time
        monetary_value  float  mean spend of the purchase days after the first (z); NA where there are none
    unit : length of one unit of time; as_of : the last day of the observed time
    n_customers : rows of `customers`; without_purchase : customers who only have refunds, left out
    refunds : refunds and cancellations, which are in neither days nor spend; refunded : what they come to
    left_out : rows after `as_of`, not used; days_beyond : how many days `as_of` lies after the last row
    data_start : first moment of the data; currency : of the amounts, None where the file does not say
    """

    customers: pd.DataFrame
    unit: str
    as_of: str
    n_customers: int
    without_purchase: int
    refunds: int
    refunded: float
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    currency: str | None


@dataclass(frozen=True, eq=False)
class ClvCells:
    """Result of :func:`clv_cells`: the same as a `ClvSummary`, without names.

    histories : one row a history of purchase days, in ascending order
        frequency, recency, T    as in `ClvSummary.customers`
        weight          int    customers who share it
    spending : one row a frequency of 1 or more and a total of repeat spend, in ascending order
        frequency, monetary_value  as in `ClvSummary.customers`
        weight          int    customers who share it
    n_customers : the sum of the weights of `histories`; the rest as in `ClvSummary`
    """

    histories: pd.DataFrame
    spending: pd.DataFrame
    unit: str
    as_of: str
    n_customers: int
    without_purchase: int
    refunds: int
    refunded: float
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    currency: str | None


def clv_summary(orders, *, as_of: str | None = None, unit: str = "7D") -> ClvSummary:
    r"""Frequency, recency, age and mean repeat spend of every customer, as the models of repeat buying take them.

    All orders of a calendar day are one purchase day. With :math:`d_0 < d_1 < \dots < d_x` the purchase days of a
    customer, :math:`s_j` the spend of day :math:`d_j`, and :math:`d_E` the last day of the observed time,

    .. math:: t_x = \frac{d_x - d_0}{u}, \qquad T = \frac{d_E - d_0}{u}, \qquad z = \frac{1}{x} \sum_{j=1}^{x} s_j

    where u is the unit in days. The first purchase is in neither x nor z: it makes the customer, and first baskets
    are not like later ones. Free orders make a purchase day, as in the published results for CDNOW; refunds and
    cancellations do not, and are counted aside. Recency grows with the *last* purchase: it is not the
    `days_since_last` of `rfm`, but T minus that.

    orders : Orders
    as_of : last complete day; later rows are ignored and counted
    unit : length of one unit of time, "7D" for weeks

    Raises InsightError for amounts in several currencies and an impossible `unit` or `as_of`; NotEnoughData where
    nobody has a purchase day.
    Source: Fader, Hardie & Lee 2005, Marketing Science 24:275, for x, t_x and T; Fader & Hardie 2013, "The gamma-gamma
    model of monetary value" (note 025), for z.

    >>> from insight import read_orders
    >>> orders = pd.DataFrame({"order_id": ["1", "2", "3", "4"], "customer_id": ["ana", "ana", "ana", "ben"],
    ...     "order_date": ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-29"], "amount": [10, 20, 40, 5]})
    >>> clv_summary(read_orders(orders)).customers
      customer_id  frequency  recency    T  monetary_value
    0         ana          2      2.0  4.0            30.0
    1         ben          0      0.0  0.0             NaN
    """
    table = counted(orders, "clv_summary", "orders")
    facts, given = table.facts, {"as_of": as_of, "unit": unit}
    asked, about = _about(facts, given)
    found = table.tally(partial(purchase_days, facts=facts, settings=given), days_merged)
    _check_anybody(len(found.repeats), asked)
    order = ascending(found.customers)
    days = (found.first_to_last[order], found.first_to_end[order])
    customers = pd.DataFrame(
        {
            "customer_id": pd.array(found.customers[order], dtype="str"),
            **_columns(found.repeats[order], *days, unit=unit),
            "monetary_value": _mean_spend(found.repeat_spend[order], found.repeats[order], facts.decimals),
        }
    )
    return ClvSummary(customers, n_customers=len(customers), **_aside(found.totals, facts), **about)


def clv_cells(orders, *, as_of: str | None = None, unit: str = "7D") -> ClvCells:
    """How many customers share each history of purchase days: `clv_summary` for any number of customers.

    The likelihood of a history does not ask whose it is, so the models can be fitted to these tables, with the same
    result. The tables of parts of the customers are added up by history, and days are whole: however many customers
    there are, there are only so many histories.

    orders, as_of, unit : as for `clv_summary`

    Raises as `clv_summary`. Source: as there.

    >>> from insight import read_orders
    >>> orders = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["ana", "ben", "cy"], "amount": [5, 6, 7],
    ...                        "order_date": ["2026-01-01", "2026-01-01", "2026-01-08"]})
    >>> clv_cells(read_orders(orders)).histories
       frequency  recency    T  weight
    0          0      0.0  0.0       1
    1          0      0.0  1.0       2
    """
    table = counted(orders, "clv_cells", "orders")
    facts, given = table.facts, {"as_of": as_of, "unit": unit}
    asked, about = _about(facts, given)
    found = table.tally(partial(cells, facts=facts, settings=given), cells_merged)
    *days, n = found.histories
    _check_anybody(len(n), asked)
    repeats, spend, n_spend = found.spending
    spending = {"frequency": repeats, "monetary_value": _mean_spend(spend, repeats, facts.decimals), "weight": n_spend}
    return ClvCells(
        histories=pd.DataFrame({**_columns(*days, unit=unit), "weight": n}),
        spending=pd.DataFrame(spending),
        n_customers=int(n.sum()),
        **_aside(found.totals, facts),
        **about,
    )


def _about(facts: Facts, given: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The settings, checked, and what a result says of the data."""
    asked = read_settings(given)
    as_of = facts.as_of_day(asked["as_of"])
    return asked | {"as_of": as_of}, {
        "unit": asked["unit"],
        "as_of": as_of,
        "days_beyond": facts.days_beyond(asked["as_of"]),
        "data_start": timestamp(facts.first_time, facts.timezone),
        "currency": facts.one_currency(),
    }


def _check_anybody(n: int, asked: dict[str, object]) -> None:
    if not n:
        raise NotEnoughData(f"Nobody has a purchase up to {asked['as_of']}: all orders are refunds or cancellations.")


def _aside(totals: Totals, facts: Facts) -> dict[str, object]:
    money = {"refunded": totals.refunded / 10**facts.decimals}
    return {name: getattr(totals, name) for name in ("without_purchase", "refunds", "left_out")} | money


def _columns(repeats: np.ndarray, first_to_last: np.ndarray, first_to_end: np.ndarray, *, unit: str) -> dict:
    recency, age = (days_to_units(days, unit) for days in (first_to_last, first_to_end))
    return {"frequency": repeats, "recency": recency, "T": age}


def _mean_spend(spend: np.ndarray, repeats: np.ndarray, decimals: int) -> np.ndarray:
    """Mean daily spend in whole currency, from minor units; NaN without a repeat day."""
    return np.divide(spend / 10**decimals, repeats, out=np.full(len(spend), np.nan), where=repeats > 0)
