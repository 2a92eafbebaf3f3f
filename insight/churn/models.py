"""Chances from features: fitted on one day, tested on a later one."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import rankdata
from threadpoolctl import threadpool_limits

from insight.churn.features import KNOWN, Snapshot

COUNTS = ("active_days", "events")  # at least 1 of each
NAMED = 10  # values of a column of text that are told apart
SURE = 1e-6  # a chance is at least this far from 0 and from 1
WORST = 1e12  # condition number of what is still solved
CLEARLY = 2.0  # standard errors by which the more complex model has to be better


@dataclass(frozen=True, eq=False)
class Encoding:
    """Features as columns of numbers on one scale, as learnt from the customers a model is fitted to."""

    numbers: dict[str, float]  # name -> what stands for a missing value
    texts: dict[str, list[str]]  # name -> the values that are told apart
    mean: np.ndarray
    deviation: np.ndarray

    def matrix(self, snapshot: Snapshot) -> np.ndarray:
        return (_columns(snapshot, self.numbers, self.texts) - self.mean) / self.deviation


def encoding(snapshot: Snapshot, names: tuple[str, ...]) -> Encoding:
    """How to write features: counts as logarithms, days and money as log(1 + value), texts as one column a value."""
    numbers, texts = {}, {}
    for name in names:
        own = snapshot.features[name]
        if own.dtype == object:
            values, n = np.unique(own.astype(str), return_counts=True)
            texts[name] = [str(value) for value in values[np.lexsort((values, -n))][:NAMED]]
        else:
            known = own[~np.isnan(own)] if own.dtype.kind == "f" else own
            numbers[name] = float(np.median(known)) if len(known) else 0.0
    made = _columns(snapshot, numbers, texts)
    deviation = made.std(axis=0)
    return Encoding(numbers, texts, made.mean(axis=0), np.where(deviation > 0, deviation, 1.0))


def _columns(snapshot: Snapshot, numbers: dict[str, float], texts: dict[str, list[str]]) -> np.ndarray:
    made = []
    for name, usual in numbers.items():
        own = snapshot.features[name].astype(float)
        own = np.where(np.isnan(own), usual, own)
        if name in KNOWN:
            own = np.log(np.maximum(own, 1)) if name in COUNTS else np.log1p(np.maximum(own, 0))
        made.append(own)
    for name, values in texts.items():
        made += [(snapshot.features[name] == value).astype(float) for value in values]
    return np.column_stack(made)


def fitted(model: str, features: np.ndarray, returned: np.ndarray):
    """A fitted "logistic" or "boosting"; the same for the same rows, whatever drew them up."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # slow to load, and only this needs them
    from sklearn.linear_model import LogisticRegression

    if model == "boosting":
        least = max(20, min(50, len(returned) // 50))
        made = HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=least, early_stopping=False,
            random_state=0,
        )  # fmt: skip
    else:
        # the faint penalty keeps the fit finite where a feature tells everything
        made = LogisticRegression(C=100.0, solver="newton-cholesky", max_iter=200)
    with threadpool_limits(1):  # trees this small wait for each other longer than they count
        return made.fit(features, returned)


def chances(model, features: np.ndarray) -> np.ndarray:
    """The chance of each row."""
    with threadpool_limits(1):
        return np.clip(model.predict_proba(features)[:, 1], SURE, 1 - SURE)


def shift_to(chance: np.ndarray, rate: float) -> float:
    """What has to be added to every log-odds so that the mean chance is this rate."""
    return float(brentq(lambda shift: expit(logit(chance) + shift).mean() - rate, -30, 30))


def shifted(chance: np.ndarray, shift: float) -> np.ndarray:
    """The chances with this added to their log-odds."""
    return expit(logit(chance) + shift)


# -- how good they are ------------------------------------------------------------------------------------------------


def auc(score: np.ndarray, returned: np.ndarray) -> float:
    r"""The chance that someone who came back has the higher score than someone who did not; ties count half.

    >>> auc(np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False]))
    0.875
    """
    n, m = int(returned.sum()), int((~returned).sum())
    return float((rankdata(score)[returned].sum() - n * (n + 1) / 2) / (n * m))


def brier(chance: np.ndarray, returned: np.ndarray) -> float:
    """The mean squared distance of the chance from what happened."""
    return float(np.mean((chance - returned) ** 2))


def clearly_better(chance: np.ndarray, than: np.ndarray, returned: np.ndarray) -> bool:
    """Whether the squared errors are smaller by more than chance would make them, customer by customer."""
    gain = (than - returned) ** 2 - (chance - returned) ** 2
    return bool(gain.mean() > CLEARLY * gain.std(ddof=1) / np.sqrt(len(gain)))


def calibration(chance: np.ndarray, returned: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of the outcomes on the log-odds of the chances; 1 and 0 for chances that are right.

    NaN where the chances tell the outcomes apart completely, or are all the same.
    """
    x = np.column_stack([np.ones(len(chance)), logit(chance)])
    if auc(chance, returned) in (0.0, 1.0) or np.ptp(x[:, 1]) == 0:
        return np.nan, np.nan
    found = np.array([0.0, 1.0])
    for _step in range(50):  # Newton's; two unknowns
        p = expit(x @ found)
        information = x.T @ (x * (p * (1 - p))[:, None])
        if not np.isfinite(information).all() or np.linalg.cond(information) > WORST:
            break  # nothing is left to tell slope and intercept apart: the chances are all but certain
        move = np.linalg.solve(information, x.T @ (returned - p))
        found = found + move
        if np.abs(move).max() < 1e-10:
            return float(found[1]), float(found[0])
    return np.nan, np.nan


def lift_of_top(score: np.ndarray, returned: np.ndarray, share: float) -> float:
    """How many times as often as all of them those with the highest scores came back; of equals a part is taken."""
    wanted = np.ceil(share * len(score))
    values, where = np.unique(-score, return_inverse=True)
    n, back = np.bincount(where), np.bincount(where, returned)
    taken = np.clip(wanted - np.concatenate([[0], np.cumsum(n)[:-1]]), 0, n)
    return float((back * taken / n).sum() / wanted / returned.mean())
