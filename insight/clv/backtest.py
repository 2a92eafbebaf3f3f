"""The back-test: what each model would have said earlier, and what came of it."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clv.histories import dot
from insight.clv.spend import Spend, fit_spend
from insight.clv.uncertainty import row_slopes, total_spread
from insight.clv.valuation import FITS, Base, Valuation, base_of, fit
from insight.clv.value_settings import Settings, steps
from insight.clv.words import NAIVE
from insight.errors import NotEnoughData

ENOUGH_ROWS = 20_000  # to say how sharp a forecast is
TOP = 0.1
UNTRIED_ERROR = 0.1  # relative error of a total that was not, or not all, put to the test
CLOSE = 3  # decimals of an error: models that are nearer to each other than that are equally good
ALL_EQUAL = Spend(None, mean=1.0, spread=1.0, covariance=np.zeros((1, 1)), correlation=math.nan, warnings=())


@dataclass(frozen=True, eq=False)
class Forecast:
    """What was said of the customers known at an origin, by row of `base`.

    purchases, revenue : of one customer; valuation : None for the naive one
    """

    purchases: np.ndarray
    revenue: np.ndarray
    valuation: Valuation | None


@dataclass(frozen=True, eq=False)
class Trial:
    """An origin: `day` its number; `later`, `later_spend` of a customer of each row; forecasts by model."""

    day: int
    base: Base
    later: np.ndarray
    later_spend: np.ndarray
    forecasts: dict[str, Forecast]


def trials(past: list[dict[str, np.ndarray]], asked: Settings, decimals: int) -> list[Trial]:
    """One for each origin with enough customers, the latest first."""
    found = []
    for day, cells in zip(asked.origins, past, strict=True):
        base = base_of(cells, asked.unit_days, decimals)
        later, later_spend = cells["later"].astype(float), cells["later_spend"] / 10**decimals
        forecasts = {name: own for name in FITS if (own := _forecast(name, base, asked)) is not None}
        if forecasts:
            forecasts[NAIVE] = _naive(base, asked)
            found.append(Trial(day, base, later, later_spend, forecasts))
    return found


def _forecast(name: str, base: Base, asked: Settings) -> Forecast | None:
    """None where the model cannot be fitted."""
    try:
        model = fit(name, base.histories)
    except NotEnoughData:
        return None
    horizon = steps(asked.trial_days, 0.0, asked.unit_days)
    valuation = Valuation(model, fit_spend(base.x, base.total, base.n), base, horizon, 1.0)
    return Forecast(valuation.found.purchases[base.place], valuation.values, valuation)


def _naive(base: Base, asked: Settings) -> Forecast:
    """Everybody goes on as before: so many purchases and so much spend a day since the first."""
    age = base.histories.T[base.place]
    times = np.divide(asked.trial_days / asked.unit_days, age, out=np.zeros(len(age)), where=age > 0)
    return Forecast(base.x * times, base.total * times, None)


def backtest_table(found: list[Trial], asked: Settings) -> pd.DataFrame:
    """The `backtest` table."""
    rows = [
        {"origin": asked.dates[trial.day], "days": asked.trial_days, "model": name, **_scores(trial, name, asked)}
        for trial in found
        for name in trial.forecasts
    ]
    columns = [
        "origin", "days", "model", "n_customers", "actual", "expected", "error", "ci_low", "ci_high", "mae",
        "actual_revenue", "expected_revenue", "revenue_error", "revenue_sd", "top_share", "best_share",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    whole = dict.fromkeys(("days", "n_customers", "actual"), "int64") | dict.fromkeys(("origin", "model"), "str")
    return table.astype(dict.fromkeys(columns, "float64") | whole)


def _scores(trial: Trial, name: str, asked: Settings) -> dict[str, float]:
    base, said = trial.base, trial.forecasts[name]
    actual, expected = dot(base.n, trial.later), dot(base.n, said.purchases)
    revenue, foretold = dot(base.n, trial.later_spend), dot(base.n, said.revenue)
    low = high = sd = math.nan
    if said.valuation is not None:
        low, high, sd = _sharpness(said.valuation, asked.asked["level"])
    return {
        "n_customers": round(base.n_customers),
        "actual": round(actual),
        "expected": expected,
        "error": _relative(expected, actual),
        "ci_low": low,
        "ci_high": high,
        "mae": dot(base.n, np.abs(trial.later - said.purchases)) / base.n_customers,
        "actual_revenue": revenue,
        "expected_revenue": foretold,
        "revenue_error": _relative(foretold, revenue),
        "revenue_sd": sd,
        "top_share": top_share(said.revenue, trial.later_spend, base.n),
        "best_share": top_share(trial.later_spend, trial.later_spend, base.n),
    }


def _relative(expected: float, actual: float) -> float:
    return expected / actual - 1 if actual else math.nan


def _sharpness(valuation: Valuation, level: float) -> tuple[float, float, float]:
    """The interval of the purchases of all, and the standard deviation of the relative error of their revenue.

    Both from a part of the rows where there are many; purchases are money where every one is worth the same.
    """
    base = valuation.base.thinned(ENOUGH_ROWS)
    money, purchases = (
        Valuation(valuation.model, spend, base, valuation.horizon, 1.0) for spend in (valuation.spend_model, ALL_EQUAL)
    )
    spread = total_spread(money, row_slopes(money))
    relative = math.hypot(spread.parameters, spread.chance) / money.total if money.total > 0 else math.nan
    return *total_spread(purchases, row_slopes(purchases)).interval(valuation.purchases, level), relative


def top_share(by: np.ndarray, amount: np.ndarray, n: np.ndarray, top: float = TOP) -> float:
    """The share of all amounts that the customers with the highest `by` have; of equal ones at the border a part.

    >>> top_share(np.array([3.0, 1, 1]), np.array([5.0, 1, 3]), np.array([1, 2, 2]), top=0.4)
    0.5384615384615384
    """
    values, place = np.unique(-by, return_inverse=True)
    customers, amounts = (np.bincount(place, own, minlength=len(values)) for own in (n, n * amount))
    wanted, everything = top * customers.sum(), amounts.sum()
    taken = np.clip(wanted - (np.cumsum(customers) - customers), 0, customers)
    return float((amounts * taken / customers).sum() / everything) if everything > 0 else math.nan


def best_model(table: pd.DataFrame, fitted: list[str]) -> str | None:
    """The model whose totals were least off on average; the customers' own errors decide between equal ones.

    table : the back-test; fitted : the models there are to choose from, each tried at every origin
    """
    if table.empty:
        return None
    scores = trial_scores(table).reindex(fitted).dropna(subset="error").round(CLOSE)
    return None if scores.empty else str(scores.sort_values(["error", "mae"], kind="stable").index[0])


def trial_scores(table: pd.DataFrame) -> pd.DataFrame:
    """By model: the means over the origins of the size of the error, of mae and of top_share."""
    sizes = table.assign(error=table["error"].abs())
    means = sizes.groupby("model", sort=False)[["error", "mae", "top_share"]].agg(lambda own: own.mean(skipna=False))
    everywhere = table["model"].value_counts() == table["origin"].nunique()
    return means[everywhere.reindex(means.index)]


def model_error(table: pd.DataFrame, model: str, asked: Settings) -> float:
    r"""The relative error of the revenue of all, beyond what parameters and chance explain.

    .. math:: \tau^2 = \max\left(0, \text{mean}_o \left[e_o^2 - s_o^2\right]\right), \qquad
              e_o = \frac{\text{actual}_o}{\text{expected}_o} - 1

    over the origins o, with s the standard deviation that the model says. It is at least 10 % where there is no
    back-test that foretold any revenue, or a much shorter one than the horizon; and as few origins may have been lucky,
    at least 10 % by the root of one more than there are.
    """
    own = table[(table["model"] == model) & table["revenue_sd"].notna() & (table["expected_revenue"] > 0)]
    if own.empty:
        return UNTRIED_ERROR
    off = own["actual_revenue"] / own["expected_revenue"] - 1
    found = math.sqrt(max(float((off**2 - own["revenue_sd"] ** 2).mean()), 0.0))
    return max(found, UNTRIED_ERROR / math.sqrt(1 + len(own)) if asked.is_tried else UNTRIED_ERROR)
