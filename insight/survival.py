"""Survival: how long until something happens, where for some it has not happened yet (they are censored)."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtri

from insight.errors import InsightError
from insight.intervals import wilson

TIE = 1e-12  # two shares closer than this are one: products of fractions miss a round number by less


class LogRank(NamedTuple):
    """Result of :func:`log_rank`; NaN where nothing happened, so that nothing can differ."""

    statistic: float
    degrees_of_freedom: int
    p_value: float


class Estimate(NamedTuple):
    """A number and its interval; an end is NaN where the data does not bound it."""

    value: float
    ci_low: float
    ci_high: float


def kaplan_meier(durations, observed, weights=None, level: float = 0.95) -> pd.DataFrame:
    r"""The share for whom it has not happened yet by each time, by Kaplan and Meier.

    Whoever is censored is at risk up to and including that time, and after it says nothing. With :math:`d_i` events
    among :math:`n_i` at risk at the i-th distinct time,

    .. math::
        \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr), \qquad
        \hat\sigma^2(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)} \quad \text{(Greenwood)}

    and the interval is symmetric in :math:`\log(-\log \hat S)`, so it never leaves 0 to 1:

    .. math:: \hat S(t)^{\exp(\pm z\, \hat\sigma(t) / \log \hat S(t))}

    durations : array of times, at least 0, in any unit
    observed : array of booleans: the event happened then; False where the observation ended (censored)
    weights : how many customers each row stands for; None for one each. With weights that are no counts the
        survival is right, and the interval is not one
    Returns one row a distinct time, ascending:
        time                      as the durations
        at_risk, events, censored int (float where weights are): still there just before, event at, censored at the time
        survival                  float, just after the time
        ci_low, ci_high           float; NaN before the first event and where nobody is left
    Raises InsightError for no rows, arrays of different lengths, missing or negative times, an impossible level.
    Source: Kaplan & Meier 1958, JASA 53:457; Kalbfleisch & Prentice 2002, Statistical Analysis of Failure Time Data,
    section 1.4, for the interval. As survfit(..., conf.type = "log-log") of R and lifelines.

    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, False])[["time", "at_risk", "events", "survival"]]
       time  at_risk  events  survival
    0     1        4       1      0.75
    1     2        3       1      0.50
    2     3        1       0      0.50
    """
    wilson(0, 1, level)  # an impossible level
    durations, observed, weights = _checked(durations, observed, weights)
    times, ended, events = _by_time(durations, observed, weights)
    at_risk = ended[::-1].cumsum()[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(1 - events / at_risk)
        survival[survival < TIE] = 0.0  # fractional weights of the last ones leave a rounding error
        deviation = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        half = ndtri((1 + level) / 2) * deviation / np.log(survival)
        inside = (survival > 0) & (survival < 1)
        low, high = (np.where(inside, survival ** np.exp(sign * half), np.nan) for sign in (-1, 1))
    return pd.DataFrame(
        {
            **{"time": times, "at_risk": at_risk, "events": events, "censored": ended - events},
            **{"survival": survival, "ci_low": low, "ci_high": high},
        }
    )


def quantile_time(curve: pd.DataFrame, share: float) -> float:
    """The first time by which it has happened for this share; NaN where the curve does not come down so far.

    curve : as :func:`kaplan_meier` gives it

    >>> curve = kaplan_meier([1, 2, 2, 3], [True, True, False, False])
    >>> quantile_time(curve, 0.25), quantile_time(curve, 0.9)
    (1.0, nan)
    """
    return _first(curve, "survival", 1 - share)


def median_time(curve: pd.DataFrame) -> float:
    """The first time by which it has happened for half; NaN where the curve never comes down to half.

    >>> median_time(kaplan_meier([1, 2, 2, 3], [True, True, False, False]))
    2.0
    """
    return quantile_time(curve, 0.5)


def median_interval(curve: pd.DataFrame) -> Estimate:
    """The median with the times at which the interval of the curve comes down to half; NaN where it does not.

    Source: Brookmeyer & Crowley 1982, Biometrics 38:29.

    >>> median_interval(kaplan_meier([1, 2, 3, 4, 5], [True] * 5))
    Estimate(value=3.0, ci_low=1.0, ci_high=nan)
    """
    return Estimate(median_time(curve), _first(curve, "ci_low", 0.5), _first(curve, "ci_high", 0.5))


def restricted_mean(curve: pd.DataFrame, until: float, level: float = 0.95) -> Estimate:
    r"""The mean time without the event up to a horizon: the area under the curve from 0 to `until`.

    .. math::
        \hat\mu_\tau = \int_0^\tau \hat S(t)\,dt, \qquad
        \widehat{\mathrm{Var}} = \sum_{t_i \le \tau} \Bigl(\int_{t_i}^\tau \hat S\Bigr)^2 \frac{d_i}{n_i (n_i - d_i)}

    Unlike the mean itself it needs no guess about what comes after the data.

    Raises InsightError where `until` is not above 0, or lies beyond the last time while some are left.
    Source: Royston & Parmar 2013, BMC Medical Research Methodology 13:152. As survfit's rmean of R.

    >>> mean = restricted_mean(kaplan_meier([1, 2, 2, 3], [True, True, False, False]), until=3)
    >>> mean.value
    2.25
    """
    last = float(curve["time"].iloc[-1])
    if not until > 0 or (until > last and curve["survival"].iloc[-1] > 0):
        raise InsightError(f"until = {until!r} must be above 0 and, as some are left, not above {last:g}.")
    shown = curve[curve["time"] <= until]
    at_risk, events = shown["at_risk"].to_numpy(float), shown["events"].to_numpy(float)
    edges = np.concatenate([[0.0], shown["time"].to_numpy(float), [float(until)]])
    areas = np.diff(edges) * np.concatenate([[1.0], shown["survival"].to_numpy()])
    after = areas[1:][::-1].cumsum()[::-1]  # the area from each time on
    terms = np.divide(events, at_risk * (at_risk - events), out=np.zeros(len(shown)), where=at_risk > events)
    mean, half = areas.sum(), ndtri((1 + level) / 2) * np.sqrt((after**2 * terms).sum())
    return Estimate(float(mean), float(max(mean - half, 0)), float(min(mean + half, until)))


def log_rank(durations, observed, group, weights=None) -> LogRank:
    r"""Whether the curves of k groups differ by more than chance: the log-rank test.

    At each time the events are expected in proportion to those at risk. With observed minus expected events
    :math:`Z_g` and their hypergeometric covariance :math:`V`, of all groups but one,

    .. math:: \chi^2 = Z^\top V^{-1} Z \quad \text{with } k - 1 \text{ degrees of freedom}

    durations, observed, weights : as :func:`kaplan_meier`; the weights are counts
    group : array of the group of each row, numbers or names
    Raises InsightError for fewer than two groups, and as `kaplan_meier`.
    Source: Mantel 1966, Cancer Chemotherapy Reports 50:163. As survdiff of R.

    >>> test = log_rank([1, 2, 3, 4], [True] * 4, ["a", "a", "b", "b"])
    >>> f"{test.statistic:.3f} {test.degrees_of_freedom} {test.p_value:.3f}"
    '2.882 1 0.090'
    """
    durations, observed, weights = _checked(durations, observed, weights)
    codes, names = pd.factorize(np.asarray(group))
    if len(codes) != len(durations) or (codes < 0).any():
        raise InsightError("group needs one value for each duration, and none missing.")
    if len(names) < 2:
        raise InsightError("log_rank compares at least two groups, and there is only one.")
    at_risk, events = _by_group(durations, observed, weights, codes, len(names))
    n, d = at_risk.sum(axis=1), events.sum(axis=1)
    here = at_risk / n[:, None]
    excess = (events - d[:, None] * here).sum(axis=0)
    spread = np.divide(d * (n - d), n - 1, out=np.zeros(len(n)), where=n > 1)
    covariance = np.diag(spread @ here) - here.T @ (here * spread[:, None])
    told = np.flatnonzero(np.diag(covariance) > TIE)[:-1]  # the last follows from the others
    if not len(told):
        return LogRank(np.nan, len(names) - 1, np.nan)
    statistic = float(excess[told] @ np.linalg.solve(covariance[np.ix_(told, told)], excess[told]))
    return LogRank(statistic, len(told), float(chdtrc(len(told), statistic)))


def _first(curve: pd.DataFrame, column: str, share: float) -> float:
    """The first time at which a falling column is at most `share`; NaN where it never is."""
    there = np.flatnonzero(curve[column].to_numpy() <= share + TIE)
    return float(curve["time"].iloc[there[0]]) if len(there) else np.nan


def _checked(durations, observed, weights) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    durations, observed = np.asarray(durations), np.asarray(observed, bool)
    weights = None if weights is None else np.asarray(weights)
    if not len(durations):
        raise InsightError("There is nobody to follow: no durations.")
    if len(observed) != len(durations) or (weights is not None and len(weights) != len(durations)):
        raise InsightError("durations, observed and weights must have one value each for everybody.")
    if not (durations >= 0).all():
        raise InsightError("Durations must be times of at least 0, and none missing.")
    return durations, observed, weights


def _by_time(durations, observed, weights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct times, and at each how many end in either way and how many by the event."""
    if durations.dtype.kind in "iu" and durations.max() <= 4 * len(durations):  # whole days: no need to sort
        place, times = durations, np.arange(int(durations.max()) + 1, dtype=durations.dtype)
    else:
        times, place = np.unique(durations, return_inverse=True)
    ended = _sums(place, weights, len(times))
    events = _sums(place[observed], None if weights is None else weights[observed], len(times))
    there = ended > 0
    return times[there], ended[there], events[there]


def _by_group(durations, observed, weights, codes, k: int) -> tuple[np.ndarray, np.ndarray]:
    """By event time and group: how many are at risk, and how many events happen."""
    times, place = np.unique(durations, return_inverse=True)
    cell, shape = place * k + codes, (len(times), k)
    ended = _sums(cell, weights, len(times) * k).reshape(shape)
    events = _sums(cell[observed], None if weights is None else weights[observed], len(times) * k).reshape(shape)
    happened = events.any(axis=1)
    return ended[::-1].cumsum(axis=0)[::-1][happened], events[happened]


def _sums(place: np.ndarray, weights: np.ndarray | None, size: int) -> np.ndarray:
    """How many are at each place; whole numbers where the weights are."""
    found = np.bincount(place, weights, minlength=size)
    return found.astype(np.int64) if weights is None or weights.dtype.kind in "iub" else found
