"""Intervals of ratios of two daily sums, such as revenue over spend, and of a cost per counted event."""

import numpy as np
from scipy.special import chdtri, stdtrit

FEWEST_DAYS = 10  # of rows, for an interval from their spread
ALIKE = 0.3  # correlation of neighbouring days above which days are drawn in blocks
BLOCK = 7  # days: a week holds the rhythm of its days
RESAMPLES = 2000
OVERDISPERSED = 1.2  # a rate that spreads more than this over the days has fewer effective trials

Interval = tuple[float, float, str]  # low, high, and why not where they are NaN


def ratio_interval(numerator: np.ndarray, denominator: np.ndarray, level: float) -> Interval:
    """The interval of sum(numerator) / sum(denominator), one entry a day.

    By Fieller where days are independent of each other; where neighbouring days are alike, by drawing weeks anew.
    """
    if len(numerator) < FEWEST_DAYS:
        return np.nan, np.nan, "needs_daily_rows"
    if lag_correlation(numerator - denominator * (numerator.sum() / denominator.sum())) > ALIKE:
        return block_interval(numerator, denominator, level)
    return fieller(numerator, denominator, level)


def fieller(numerator: np.ndarray, denominator: np.ndarray, level: float) -> Interval:
    r"""Fieller's interval of a ratio of two means.

    It holds the ratios :math:`\theta` that a t-test of :math:`y - \theta x` would not reject. With :math:`v` the
    variances and covariance of the means,

    .. math:: a = \bar x^2 - t^2 v_x, \quad b = \bar x \bar y - t^2 c_{xy}, \quad c = \bar y^2 - t^2 v_y, \qquad
              \frac{b \pm \sqrt{b^2 - a c}}{a}

    It is unbounded, and NaN, where the denominator cannot be told from zero (a <= 0).
    Source: Fieller 1954, JRSS B 16:175.

    >>> low, high, why = fieller(np.arange(1.0, 11), np.arange(2.0, 12), 0.95)
    >>> round(float(low), 3), round(float(high), 3), why
    (0.769, 0.885, '')
    """
    y, x, n = numerator, denominator, len(numerator)
    t = stdtrit(n - 1, (1 + level) / 2)
    mean_y, mean_x = y.mean(), x.mean()
    v_y, v_x = y.var(ddof=1) / n, x.var(ddof=1) / n
    c_xy = ((y - mean_y) * (x - mean_x)).sum() / (n - 1) / n
    a, b, c = mean_x**2 - t**2 * v_x, mean_x * mean_y - t**2 * c_xy, mean_y**2 - t**2 * v_y
    if a <= 0:
        return np.nan, np.nan, "unbounded"
    root = np.sqrt(max(b**2 - a * c, 0.0))
    return (b - root) / a, (b + root) / a, ""


def block_interval(numerator: np.ndarray, denominator: np.ndarray, level: float) -> Interval:
    """The percentile interval of the ratio from weeks drawn anew, with the end of the data joined to its beginning.

    The draws are the same for the same data. Source: Politis & Romano 1992, for the circular block bootstrap.
    """
    n = len(numerator)
    blocks = -(-n // BLOCK)
    start = np.random.default_rng(n).integers(0, n, (RESAMPLES, blocks))
    at = ((start[:, :, None] + np.arange(BLOCK)) % n).reshape(RESAMPLES, -1)[:, :n]
    below = denominator[at].sum(axis=1)
    if (below <= 0).any():
        return np.nan, np.nan, "unbounded"
    low, high = np.quantile(numerator[at].sum(axis=1) / below, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high), ""


def total_interval(values: np.ndarray, level: float) -> Interval:
    """The interval of a sum over days; by drawing weeks anew where neighbouring days are alike."""
    n = len(values)
    if n < FEWEST_DAYS:
        return np.nan, np.nan, "needs_daily_rows"
    if lag_correlation(values) > ALIKE:
        low, high, why = block_interval(values, np.full(n, 1 / n), level)
        return low, high, why
    half = stdtrit(n - 1, (1 + level) / 2) * values.std(ddof=1) * np.sqrt(n)
    return values.sum() - half, values.sum() + half, ""


def lag_correlation(values: np.ndarray) -> float:
    """How alike neighbouring days are, -1 to 1; 0 where all are the same.

    >>> round(lag_correlation(np.array([1.0, 2, 3, 4, 5])), 2), lag_correlation(np.ones(5))
    (0.4, 0.0)
    """
    centred = values - values.mean()
    spread = (centred**2).sum()
    if spread <= 1e-24 * max(float((values**2).sum()), 1e-300):
        return 0.0
    return float((centred[1:] * centred[:-1]).sum() / spread)


def poisson_limits(n: float, level: float) -> tuple[float, float]:
    """The exact limits of the mean of a Poisson count; of none, the one-sided upper limit.

    Source: Garwood 1936, Biometrika 28:437.

    >>> [round(limit, 3) for limit in poisson_limits(10, 0.95)], round(poisson_limits(0, 0.95)[1], 3)
    ([4.795, 18.39], 2.996)
    """
    if n == 0:
        return 0.0, float(chdtri(2, 1 - level) / 2)
    tail = (1 - level) / 2
    return float(chdtri(2 * n, 1 - tail) / 2), float(chdtri(2 * n + 2, tail) / 2)


def cost_per_event(cost: float, events: float, level: float) -> Interval:
    """The interval of cost / events where only the totals are known: the cost is given, the events are a count.

    Of no events there is a lower end only: the cost over the most events that none so far would allow.
    """
    low, high = poisson_limits(events, level)
    return cost / high, cost / low if events else np.nan, ""


def effective_trials(successes: np.ndarray, trials: np.ndarray) -> float:
    """How many independent trials those of several days are worth, as the rate spreads over the days.

    >>> float(effective_trials(np.array([0.0, 10, 0, 10]), np.full(4, 10.0)))
    3.0
    """
    n, rate = trials.sum(), successes.sum() / trials.sum()
    if len(trials) < FEWEST_DAYS and len(trials) < 2 or not 0 < rate < 1:
        return n
    seen = trials > 0
    spread = ((successes - trials * rate)[seen] ** 2 / (trials[seen] * rate * (1 - rate))).sum() / max(
        seen.sum() - 1, 1
    )
    return n / spread if spread > OVERDISPERSED else n
