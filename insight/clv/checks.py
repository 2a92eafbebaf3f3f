"""Tables by which anybody can see whether the model tells the truth: by week, by repeats, by tenths."""

import numpy as np
import pandas as pd

from insight.clv.backtest import Trial
from insight.clv.foretold import by_step
from insight.clv.histories import Histories, dot
from insight.clv.moments import Model, repeat_probabilities
from insight.clv.predictions import PARTS
from insight.clv.valuation import Base, Valuation
from insight.clv.value_settings import STEP, Horizon, Settings
from insight.clv.value_tally import Sums
from insight.clv.words import NAIVE

MOST_REPEATS = 7
REPEATS = [*(str(n) for n in range(MOST_REPEATS)), f"{MOST_REPEATS}+"]
TENTHS = 10
SCHEDULE_STEP = 28  # days


def tracking_table(model: Model, sums: Sums, asked: Settings, trial: Trial | None) -> pd.DataFrame:
    """The `tracking` table: repeat purchases by week, and what is expected of customers by their first day.

    Each customer is expected to buy as a new one does: what came of it is not looked at.
    """
    seen = asked.n_days - 1 if trial is None else trial.day
    actual = sums.weekly.sum(axis=0) if trial is None or trial.day != asked.origins[0] else sums.weekly[1]
    last = np.arange(1, len(actual) + 1) * STEP - 1
    cumulative = cumulative_expected(model, sums.arrivals[: seen + 1], asked.n_days, asked.unit_days)[last]
    return pd.DataFrame(
        {
            "week": np.arange(1, len(actual) + 1),
            "day": pd.array([asked.dates[day] for day in last], dtype="str"),
            "actual": actual,
            "expected": np.diff(cumulative, prepend=0.0),
            "cumulative_actual": np.cumsum(actual),
            "cumulative_expected": cumulative,
            "calibration": last <= seen,
        }
    )


def cumulative_expected(model: Model, arrivals: np.ndarray, n_days: int, unit_days: float) -> np.ndarray:
    """Repeat purchases expected up to the end of each of `n_days` days, of customers who arrive on the first of them.

    arrivals : new customers by day
    """
    ages = np.arange(n_days) / unit_days
    nobody = Histories(*np.zeros((3, n_days)), np.ones(n_days))
    part = PARTS[type(model)]
    bought = part.probability_alive(model, nobody) * part.purchases_if_alive(model, nobody, ages)
    return np.convolve(arrivals, bought)[:n_days]


def calibration_table(model: Model, base: Base) -> pd.DataFrame:
    """The `calibration` table: customers by repeats, beside what is expected of as many observed for as long."""
    h = base.histories
    ages, place = np.unique(h.T, return_inverse=True)
    n = np.bincount(place, h.n)
    expected = (n[:, None] * repeat_probabilities(model, ages, MOST_REPEATS)).sum(axis=0)
    actual = np.bincount(np.minimum(h.x, MOST_REPEATS).astype(int), h.n, minlength=len(REPEATS))
    return pd.DataFrame(
        {"repeats": pd.array(REPEATS, dtype="str"), "actual": actual.round().astype(np.int64), "expected": expected}
    )


def holdout_table(trial: Trial | None, model: str) -> pd.DataFrame:
    """The `holdout` table: mean purchases after the origin, by the repeats before it."""
    columns = {"repeats": "str", "n_customers": "int64", "actual": "float64", "expected": "float64", "naive": "float64"}
    if trial is None:
        return pd.DataFrame(columns=list(columns)).astype(columns)
    group = np.minimum(trial.base.x, MOST_REPEATS).astype(int)
    n = np.bincount(group, trial.base.n, minlength=len(REPEATS))
    own = {
        "actual": trial.later,
        "expected": trial.forecasts[model].purchases,
        "naive": trial.forecasts[NAIVE].purchases,
    }
    with np.errstate(invalid="ignore"):
        means = {name: np.bincount(group, trial.base.n * of, minlength=len(REPEATS)) / n for name, of in own.items()}
    rows = pd.DataFrame({"repeats": REPEATS, "n_customers": n.round(), **means})
    return rows.astype(columns)


def tenths(by: np.ndarray, n: np.ndarray) -> np.ndarray:
    """1 for the tenth of the customers with the highest values, to 10; equal values share the tenth of their middle.

    by : of each row; n : customers a row

    >>> tenths(np.array([5.0, 1.0, 9.0]), np.array([1, 8, 1])).tolist()
    [2, 6, 1]
    """
    values, place = np.unique(-by, return_inverse=True)
    customers = np.bincount(place, n)
    middle = np.cumsum(customers) - customers / 2
    return np.clip(np.ceil(TENTHS * middle / customers.sum()), 1, TENTHS).astype(np.int64)[place]


def lift_table(trial: Trial | None, model: str) -> pd.DataFrame:
    """The `lift` table: by tenths of the revenue that was expected, what came."""
    columns = ["decile", "n_customers", "expected", "actual", "share", "cumulative_share"]
    whole = dict.fromkeys(columns[:2], "int64") | dict.fromkeys(columns[2:], "float64")
    if trial is None:
        return pd.DataFrame(columns=columns).astype(whole)
    said, n = trial.forecasts[model].revenue, trial.base.n
    sums = _by_tenth(tenths(said, n), {"n": n, "expected": n * said, "actual": n * trial.later_spend})
    everything = sums["actual"].sum()
    share = sums["actual"] / everything if everything > 0 else np.full(len(sums["actual"]), np.nan)
    means = {name: sums[name] / sums["n"] for name in ("expected", "actual")}
    there = {"decile": sums["decile"], "n_customers": sums["n"].round(), **means}
    return pd.DataFrame({**there, "share": share, "cumulative_share": np.cumsum(share)}).astype(whole)


def decile_table(valuation: Valuation) -> pd.DataFrame:
    """The `deciles` table."""
    values, n = valuation.values, valuation.base.n
    own = tenths(values, n)
    purchases = valuation.found.purchases[valuation.base.place]
    sums = _by_tenth(own, {"n": n, "value": n * values, "purchases": n * purchases})
    total = sums["value"].sum()
    limits = [(values[own == decile].min(), values[own == decile].max()) for decile in sums["decile"]]
    lowest, highest = np.array(limits).T
    return pd.DataFrame(
        {
            "decile": sums["decile"],
            "n_customers": sums["n"].round().astype(np.int64),
            "lowest": lowest,
            "highest": highest,
            "value": sums["value"],
            "value_share": sums["value"] / total if total > 0 else np.nan,
            "expected_purchases": sums["purchases"],
        }
    )


def _by_tenth(own: np.ndarray, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Columns added up by tenth; a tenth that nobody is in, because of equal values, has no row."""
    there = np.unique(own)
    return {"decile": there} | {name: np.bincount(own, of)[there] for name, of in columns.items()}


def schedule_table(valuation: Valuation, annual_discount: float) -> pd.DataFrame:
    """The `schedule` table: purchases and value of all customers as they come in."""
    base, found = valuation.base, valuation.found
    pairs, place = base.histories.by_x_and_age
    spend = found.alive * base.by_history(base.n * valuation.spend)
    money, customers = (np.bincount(place, own) for own in (spend, found.alive * base.histories.n))
    days = int(valuation.horizon.ends[-1])
    horizon = valuation.horizon
    if annual_discount == 0:
        ends = np.append(np.arange(SCHEDULE_STEP, days, SCHEDULE_STEP), days)
        horizon = Horizon(ends, np.ones(len(ends)), horizon.unit_days)
    rows, value, before = [], 0.0, np.zeros(len(pairs))
    for end, factor, purchases in zip(
        horizon.ends, horizon.factors, by_step(valuation.model, pairs, horizon), strict=True
    ):
        value += valuation.margin * factor * dot(money, purchases - before)
        before = purchases
        if end % SCHEDULE_STEP == 0 or end == days:
            rows.append((int(end), dot(customers, purchases), value))
    return pd.DataFrame(rows, columns=["days", "expected_purchases", "value"])
