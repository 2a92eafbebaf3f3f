"""The value of customers added up: by a column of the orders, by cohort, or by any group that customers are in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clv.group_finish import group_members, new_customer, value_by_group, with_new_customers
from insight.clv.group_tally import COHORT, read_by, shown_names
from insight.clv.value import CustomerValue, customer_value
from insight.clv.value_settings import read_settings
from insight.errors import InsightError
from insight.language import _
from insight.log import NOT_SET
from insight.tables.table import counted


@dataclass(frozen=True, eq=False)
class GroupValues:
    """Result of :func:`customer_value_by` and :func:`group_values`.

    groups : one row a group, the highest value first (cohorts: the earliest first)
        group                str    its name
        n_customers          int    who is in it
        share                float  of all customers
        historical_margin    float  margin so far
        expected_purchases   float  purchase days expected within the horizon
        value                float  margin expected within the horizon, discounted
        ci_low, ci_high      float  its interval at `level`: parameters, chance, and the back-test error of the total
        value_per_customer   float  value / n_customers
        value_share          float  of the total
        probability_alive    float  mean of its customers
        new_customer_value   float  margin expected of a new customer like these, from the first purchase day on; NA
            where a model of the group alone cannot be fitted
        new_customer_low, new_customer_high
                             float  interval of this mean
        new_customer_why     str    why it is NA; empty where it is not
    total, ci_low, ci_high, n_customers : of all groups together
    without_value : customers of `groups` without a value: no purchase up to `as_of`
    by : as given; None where the groups were given
    horizon, margin, annual_discount, level, as_of, currency, model, model_error, backtest_days : of the values, as in
        `CustomerValue`
    """

    groups: pd.DataFrame
    total: float
    ci_low: float
    ci_high: float
    n_customers: int
    without_value: int
    by: str | dict | None
    horizon: str
    margin: float
    annual_discount: float
    level: float
    as_of: str
    currency: str | None
    model: str
    model_error: float
    backtest_days: int | None


def customer_value_by(
    orders,
    *,
    by: str | dict,
    margin: float,
    horizon: str = "365D",
    annual_discount: float = 0.0,
    model: str = "auto",
    as_of: str | None = None,
    level: float = 0.95,
    unit: str = "7D",
) -> GroupValues:
    """The value of customers by a column of the file at the first order, or by the month of the first purchase day.

    One model is fitted to all customers, and what it expects of each is added up: the groups sum to the total, and
    differ as their customers' histories do. The value of a *new* customer needs a model of the group alone, as nobody
    knows a newcomer's history; it is what an acquisition cost is set against.

    orders : Orders
    by : "cohort" for months, a column ("channel"), or {"column": "channel", "top": 10}: the others are bundled
    margin and the others : as for `customer_value`

    The interval of a group bears the error of the back-test as the total does; single groups may be further off.

    Raises UnknownValue for a column that is not there; otherwise as `customer_value`.
    Source: as there.

    >>> from insight import sample
    >>> found = customer_value_by(sample("shop_orders"), by="cohort", margin=0.4)
    >>> float(round(found.groups["value"].sum() / found.total, 9))
    1.0
    """
    given = {
        "margin": margin, "horizon": horizon, "annual_discount": annual_discount, "model": model, "as_of": as_of,
        "level": level, "unit": unit,
    }  # fmt: skip
    table = counted(orders, "customer_value_by", "orders")
    column, top = read_by(by, table.facts)
    value = customer_value(table, **given)
    people = group_members(table, as_of, column)
    names = shown_names(people.names, top)
    groups = value_by_group(value, names)
    asked = read_settings(given, table.facts)
    new = [new_customer(people, names == name, value, asked, table.facts.decimals) for name in groups["group"]]
    return _result(with_new_customers(groups, new), value, by=by)


def group_values(value: CustomerValue, groups: pd.DataFrame, *, column: str = "group") -> GroupValues:
    """The value of customers added up by groups that are given: segments, clusters, an audience and the rest.

    value : with its table of customers
    groups : customer_id and `column`, one row a customer; who is missing in it is in the group "(not set)"

    Such groups are mostly made of what customers did, so nobody is in them from the first day on, and there is no value
    of a new customer.

    Raises InsightError where a table is not what it should be.
    Source: as `customer_value`.

    >>> from insight import rfm, sample
    >>> orders = sample("shop_orders")
    >>> found = group_values(customer_value(orders, margin=0.4), rfm(orders).customers, column="segment")
    >>> int(found.groups["n_customers"].sum()) == found.n_customers
    True
    """
    if not isinstance(value, CustomerValue) or value.customers is None:
        raise InsightError("group_values takes what customer_value returns, with its table of customers.")
    if not isinstance(groups, pd.DataFrame) or not {"customer_id", column} <= set(groups.columns):
        raise InsightError(f"The groups are a table of customer_id and {column}, one row a customer.")
    twice = groups["customer_id"].duplicated()
    if twice.any():
        raise InsightError(f"{int(twice.sum())} rows of the groups name a customer again: one row a customer.")
    own = groups.set_index("customer_id")[column].reindex(value.customers["customer_id"])
    names = np.array([NOT_SET if pd.isna(name) else str(name) for name in own], object)
    found = value_by_group(value, names)
    why = _("Customers come into such a group by what they do: nobody is in it from the first day on.")
    without = ~groups["customer_id"].isin(value.customers["customer_id"])
    new = [(np.nan, np.nan, np.nan, why)] * len(found)
    return _result(with_new_customers(found, new), value, by=None, without_value=int(without.sum()))


def _result(
    groups: pd.DataFrame, value: CustomerValue, *, by: str | dict | None, without_value: int = 0
) -> GroupValues:
    if by != COHORT:
        groups = groups.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)
    same = ("total", "ci_low", "ci_high", "n_customers", "horizon", "margin", "annual_discount", "level", "as_of")
    about = {name: getattr(value, name) for name in (*same, "currency", "model", "model_error", "backtest_days")}
    return GroupValues(groups, without_value=without_value, by=by, **about)
