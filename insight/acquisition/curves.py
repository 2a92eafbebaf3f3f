"""How the margin of acquired customers grows, day by day, and when it has reached what they cost."""

import numpy as np
import pandas as pd

from insight.acquisition.following import Following
from insight.acquisition.sums import FEW
from insight.retention.jackknife import jackknife
from insight.retention.revenue_tally import PARTS

REACHED = 1 - 1e-12  # of the cost: what floats lose in adding up days is not missing
GROUP, DAY, PART = range(3)  # columns of the places in a tally


def curve_of(found: Following, names: list[int], margin: float, level: float) -> pd.DataFrame:
    """The mean margin of the customers of some names by each day after their acquisition.

    A day's mean is over who could be followed so long; the means are added up. As far as ten customers can be followed.
    Columns days_after, n_customers, margin_per_customer, ci_low, ci_high.
    """
    tally, n_days = found.tally, found.end + 1
    own = np.isin(tally.place[:, GROUP], names)
    size = np.zeros((n_days, PARTS))
    np.add.at(size, (tally.place[own, DAY], tally.place[own, PART]), tally.n[own])
    followed = np.cumsum(size, axis=0)[::-1]  # acquired by the day that lies so many days before the last
    n = followed.sum(axis=1).astype(np.int64)
    shown = int((n >= FEW).sum())  # fewer and fewer can be followed
    own = np.isin(tally.day_place[:, GROUP], names) & (tally.day_place[:, DAY] < shown)
    revenue = np.zeros((shown, PARTS))
    np.add.at(revenue, (tally.day_place[own, DAY], tally.day_place[own, PART]), tally.day_revenue[own])
    n, followed, everything = n[:shown], followed[:shown], revenue.sum(axis=1)
    mean = np.cumsum(everything / n) * margin / found.unit
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = (everything[:, None] - revenue) / (n[:, None] - followed)
    low, high = jackknife(mean, np.cumsum(rest, axis=0) * margin / found.unit, level)
    columns = {"days_after": np.arange(shown), "n_customers": n, "margin_per_customer": mean}
    return pd.DataFrame(columns | {"ci_low": low, "ci_high": high})


def payback_day(curve: pd.DataFrame, cac: float, why: str) -> dict[str, object]:
    """When the curve has reached the cost for the first time; `why` : there is nothing to reach.

    >>> curve = pd.DataFrame({"days_after": [0, 1], "n_customers": [20, 15], "margin_per_customer": [5.0, 9.0],
    ...                       "ci_low": [4.0, 7.0], "ci_high": [6.0, 11.0]})
    >>> found = payback_day(curve, 8.0, "")
    >>> found["payback_day"], found["payback_earliest"], found["payback_latest"], found["payback_why"]
    (1.0, 1.0, nan, '')
    """

    def first(column: str) -> float:
        reached = curve["days_after"][curve[column] >= cac * REACHED]
        return float(reached.iloc[0]) if len(reached) else np.nan

    found = first("margin_per_customer")
    if not why and found != found:
        why = "not_reached" if len(curve) else "few_customers"
    last = curve.iloc[-1] if len(curve) else None
    return {
        "payback_day": found, "payback_earliest": first("ci_high"), "payback_latest": first("ci_low"),
        "payback_why": why, "days_observed": -1 if last is None else int(last["days_after"]),
        "margin_so_far": np.nan if last is None else float(last["margin_per_customer"]),
    }  # fmt: skip
