"""How large an audience is, what its customers have brought in so far, and how each condition narrows it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.audiences import Audience, audience_ids
from insight.audiences.spend import Spend, spend_merged, spend_of
from insight.audiences.words import in_words
from insight.language import _
from insight.periods import day_start

EVERYONE = {"not": {"ids": []}}  # a rule that all known customers fit


@dataclass(frozen=True, eq=False)
class AudienceSize:
    """Result of :func:`audience_size`.

    steps : one row a condition, everyone first
        condition    str    the condition in words
        alone        int    customers who fit it, whatever the other conditions say
        n_customers  int    customers left after it and those above; of a rule with "any": customers who fit it or one
                            of those above
        change       int    how many it took away; with "any" added
    n_customers, n_all : customers of the audience, and all who are known by `as_of`
    share : n_customers / n_all
    orders, revenue, average_order_value : of the audience until `as_of`: purchases; net amounts, refunds taken off;
        revenue / orders. NA without a table of orders in one currency
    buyers : customers of the audience with a purchase
    revenue_share : of the revenue of all customers
    currency : of the money, where the file says it
    how : "all" - the conditions narrow; "any" - they widen
    rule, as_of : as given
    """

    steps: pd.DataFrame
    n_customers: int
    n_all: int
    share: float
    orders: float
    revenue: float
    average_order_value: float
    buyers: float
    revenue_share: float
    currency: str | None
    how: str
    rule: dict
    as_of: str | None


def audience_size(audience: Audience, tables: object) -> AudienceSize:
    """Count an audience, its purchases and its revenue so far, condition by condition.

    tables : as for `audience_ids`

    Raises as `audience_ids`, but for an empty audience, which has the size 0.

    >>> from insight import read_orders
    >>> orders = read_orders(b"user,date,amount\\nana,2026-01-01,5\\nana,2026-01-05,7\\nben,2026-01-02,4\\n")
    >>> found = audience_size(Audience({"all": [{"measure": "orders", "value": 1}, {"measure": "orders", "value": 2}]}),
    ...                       orders)
    >>> found.steps["n_customers"].tolist(), found.n_customers, found.revenue, found.revenue_share
    ([2, 2, 1], 1, 12.0, 0.75)
    """
    everyone = frozenset(_ids(EVERYONE, audience, tables))
    how = "any" if "any" in audience.rule else "all"
    left, rows = everyone, [(_("Everyone"), len(everyone), len(everyone), 0)]
    for inner in audience.rule.get(how, [audience.rule]):
        fits = frozenset(_ids(inner, audience, tables))
        before = left if how == "all" or len(rows) > 1 else frozenset()
        left = before & fits if how == "all" else before | fits
        rows.append((in_words(inner), len(fits), len(left), len(left) - len(before)))
    steps = pd.DataFrame(rows, columns=["condition", "alone", "n_customers", "change"])
    steps["condition"] = steps["condition"].astype("str")
    n, n_all = len(left), len(everyone)
    value = _value(_spend(left, audience.as_of, _orders(tables)), tables)
    return AudienceSize(
        steps, n, n_all, n / n_all if n_all else np.nan, *value, how=how, rule=audience.rule, as_of=audience.as_of
    )


def _ids(rule: dict, audience: Audience, tables: object) -> list[str]:
    return audience_ids(Audience(rule, audience.as_of), tables).tolist()


def _orders(tables: object):
    """The table of orders, where there is one whose amounts can be added up."""
    given = tables if isinstance(tables, dict) else {tables.kind: tables}
    orders = given.get("orders")
    return None if orders is None or len(orders.facts.currencies) > 1 else orders


def _spend(ids: frozenset[str], as_of: str | None, orders) -> Spend | None:
    if orders is None:
        return None
    end = day_start(orders.facts.as_of_day(as_of), orders.facts.timezone, days_later=1)
    return orders.tally(partial(spend_of, ids=ids, closes=end), spend_merged)


def _value(spend: Spend | None, tables: object) -> tuple:
    """orders, revenue, average order value, buyers, share of the revenue, currency."""
    if spend is None:
        return (np.nan,) * 5 + (None,)
    facts = _orders(tables).facts
    revenue = spend.revenue / 10**facts.decimals
    return (
        spend.orders,
        revenue,
        revenue / spend.orders if spend.orders else np.nan,
        spend.buyers,
        spend.revenue / spend.all_revenue if spend.all_revenue > 0 else np.nan,
        facts.one_currency() if facts.currencies else None,
    )
