"""From values of customers to those of groups, and of new customers of each group."""

from functools import partial

import numpy as np
import pandas as pd

from insight.clv.group_tally import Grouped, grouped, grouped_merged
from insight.clv.newcomer import FirstDays, newcomer
from insight.clv.spend import fit_spend
from insight.clv.tally import added_up
from insight.clv.uncertainty import spread_of
from insight.clv.valuation import Valuation, base_of, fit
from insight.clv.value_settings import Settings, steps
from insight.clv.value_tally import NOW
from insight.errors import NotEnoughData
from insight.language import _, count
from insight.log.ids import ascending

NEW = ("new_customer_value", "new_customer_low", "new_customer_high", "new_customer_why")
SHORTEST = 0.5  # of the horizon: a group that was observed for less says too little about its end


def group_members(table, as_of: str | None, column: str | None) -> Grouped:
    """Every customer with a purchase day, in ascending order of the ids, with the value that makes the group."""
    tally = partial(grouped, facts=table.facts, as_of=as_of, column=column)
    found = table.tally(tally, grouped_merged, columns=() if column is None else (column,))
    order = ascending(found.ids)
    return Grouped(*(getattr(found, name)[order] for name in Grouped.__annotations__))


def value_by_group(value, names: np.ndarray) -> pd.DataFrame:
    """The columns of `GroupValues.groups` that add up. `names` : the group of each row of `value.customers`."""
    code, labels = pd.factorize(names, sort=True)
    customers = value.customers

    def added(own: np.ndarray) -> np.ndarray:
        return np.bincount(code, own, minlength=len(labels))

    n, total = added(np.ones(len(code))), added(customers["value"])
    slopes = np.column_stack([added(own) for own in value.uncertainty.slopes.T])
    chance, share = added(value.uncertainty.chance), total.sum()
    ends = [
        spread_of(*own, value.uncertainty.covariance, value.model_error).interval(of_group, value.level)
        for *own, of_group in zip(slopes, chance, total, strict=True)
    ]
    low, high = np.array(ends).T
    return pd.DataFrame(
        {
            "group": pd.array(labels, dtype="str"),
            "n_customers": n.astype(np.int64),
            "share": n / n.sum(),
            "historical_margin": added(customers["historical_margin"]),
            "expected_purchases": added(customers["expected_purchases"]),
            "value": total,
            "ci_low": low,
            "ci_high": high,
            "value_per_customer": total / n,
            "value_share": total / share if share > 0 else np.nan,
            "probability_alive": added(customers["probability_alive"]) / n,
        }
    )


def with_new_customers(groups: pd.DataFrame, rows: list[tuple]) -> pd.DataFrame:
    """The table of groups with what a new customer of each is worth: `NEW`, one tuple a group."""
    new = pd.DataFrame(rows, columns=list(NEW)).astype(dict.fromkeys(NEW[:3], "float64") | {NEW[3]: "str"})
    return pd.concat([groups, new], axis=1)


def new_customer(people: Grouped, own: np.ndarray, value, asked: Settings, decimals: int) -> tuple:
    """The value of a new customer of a group by a model of the group alone, or why there is none.

    own : which of the `people` are in the group
    """
    columns = [getattr(people, name)[own] for name in NOW[:-1]]
    longest = int(columns[2].max())
    if longest < SHORTEST * asked.days:
        why = _(
            "Its customers have been observed for {n} days at most, less than half of the horizon.", n=count(longest)
        )
        return np.nan, np.nan, np.nan, why
    cells = dict(zip(NOW, added_up(*columns, np.ones(len(columns[0]), np.int64)), strict=True))
    base = base_of(cells, asked.unit_days, decimals)
    try:
        model = fit(value.model, base.histories)
    except NotEnoughData as error:
        return np.nan, np.nan, np.nan, str(error)
    horizon = steps(asked.days, asked.asked["annual_discount"], asked.unit_days)
    valuation = Valuation(model, fit_spend(base.x, base.total, base.n), base, horizon, value.margin)
    spend = people.first_spend[own] / 10**decimals
    days = FirstDays(len(spend), float(spend.sum()), float((spend**2).sum()))
    found = newcomer(valuation, days, value.model_error, value.level)
    return found.value, found.low, found.high, ""
