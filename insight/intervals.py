"""Interval estimates, each in one place."""

import numpy as np
from scipy.special import ndtri

from insight.errors import InsightError


def wilson(successes, trials, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    r"""The Wilson score interval of a proportion: the rates that a two-sided z-test would not reject.

    .. math::
        \frac{\hat p + \frac{z^2}{2n}}{1 + \frac{z^2}{n}} \pm
        \frac{z}{1 + \frac{z^2}{n}} \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4 n^2}}

    successes, trials : counts of any shape (broadcast against each other); no trials give NaN
    Returns the lower and the upper ends, between 0 and 1.
    Raises InsightError when `level` is not strictly between 0 and 1.
    Source: Wilson 1927, JASA 22:209; recommended by Brown, Cai & DasGupta 2001, Statistical Science 16:101.

    >>> low, high = wilson(0, 10)
    >>> print(f"{low:.4f} {high:.4f}")
    0.0000 0.2775
    """
    if not isinstance(level, int | float) or not 0 < level < 1:
        raise InsightError(f"level = {level!r} must be between 0 and 1, for example 0.95.")
    x, n = np.asarray(successes, float), np.asarray(trials, float)
    z = ndtri((1 + level) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = x / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    # at 0 and n the end is exact; the formula would miss it by a rounding error
    low = np.where(x == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(x == n, 1.0, np.minimum(centre + half, 1.0))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def clustered_wilson(successes, trials, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    r"""The Wilson interval of a proportion whose trials come in clusters, such as the sessions of one customer.

    Trials of one cluster are alike, so they say less than as many independent ones. With :math:`y_c` successes in
    :math:`n_c` trials of each of m clusters, :math:`\hat p = \sum y_c / \sum n_c`, and

    .. math::
        v = \frac{m}{m - 1} \frac{\sum_c (y_c - \hat p\, n_c)^2}{(\sum_c n_c)^2}, \qquad
        n_{\text{eff}} = \min\Bigl(\frac{\hat p (1 - \hat p)}{v}, \sum_c n_c\Bigr)

    the interval is Wilson's for :math:`n_{\text{eff}}` trials. Where nobody or everybody succeeds, how much alike the
    trials of a cluster are cannot be seen, and each cluster counts as one trial. Of one cluster nothing can be seen.

    successes : array (clusters, rates) of counts; trials : array (clusters); no trials, or one cluster, give NaN
    Returns the lower and the upper ends, one for each rate.
    Source: Kish 1965, Survey Sampling, for the design effect; Dean & Pagano 2015, J. Survey Statistics and Methodology
    3:484, for Wilson's interval with the effective number of trials.

    >>> low, high = clustered_wilson(np.array([[2], [0], [1], [0]]), np.array([2, 2, 1, 3]))
    >>> print(f"{low[0]:.3f} {high[0]:.3f}")
    0.075 0.816
    """
    y, n = np.asarray(successes), np.asarray(trials)[:, None]
    # from sums of whole numbers, which are the same in any order
    sums = (part.sum(axis=0) for part in (y, n, y**2, y * n, n**2))
    return clustered_wilson_of_sums(*sums, clusters=len(n), level=level)


def clustered_wilson_of_sums(y, n, yy, yn, nn, *, clusters, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The same interval from sums over the clusters, which add up when clusters are counted in parts.

    y, n : successes and trials; yy, yn, nn : their squares and their product; arrays of any shape, one a rate
    clusters : how many clusters there are
    """
    y, n, m = np.asarray(y, float), np.asarray(n, float), np.asarray(clusters, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = y / n
        squares = yy - 2 * p * yn + p**2 * nn
        v = np.maximum(squares, 0) * (m / np.maximum(m - 1, 1)) / n**2
        effective = np.where((p == 0) | (p == 1), m, np.minimum(p * (1 - p) / v, n))
    effective = np.where(m > 1, effective, 0)  # how clusters differ cannot be seen in one
    return wilson(np.where(p == 1, effective, p * effective), effective, level)


def newcombe(successes, trials, other_successes, other_trials, level: float = 0.95) -> tuple[np.ndarray, ...]:
    r"""One rate minus another, each of people of its own, and Newcombe's interval of that difference.

    With the Wilson intervals :math:`(l_1, u_1)` and :math:`(l_2, u_2)` of the two rates:

    .. math::
        d - \sqrt{(\hat p_1 - l_1)^2 + (u_2 - \hat p_2)^2} \quad\text{to}\quad
        d + \sqrt{(u_1 - \hat p_1)^2 + (\hat p_2 - l_2)^2}

    successes, trials, other_... : counts of any shape (broadcast against each other); no trials give NaN
    Returns the differences, and the lower and the upper ends, between -1 and 1.
    Raises InsightError when `level` is not strictly between 0 and 1.
    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.

    >>> print(*(f"{value:.4f}" for value in newcombe(56, 70, 48, 80)))
    0.2000 0.0524 0.3339
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        p, q = np.asarray(successes) / np.asarray(trials), np.asarray(other_successes) / np.asarray(other_trials)
    (p_low, p_high), (q_low, q_high) = wilson(successes, trials, level), wilson(other_successes, other_trials, level)
    return difference_of_rates(p, p_low, p_high, q, q_low, q_high)


def difference_of_rates(p, low, high, q, q_low, q_high, correlation=0.0) -> tuple[np.ndarray, ...]:
    r"""One rate minus another that may be of the same people, from the interval of each.

    With the two rates' intervals :math:`(l_1, u_1)` and :math:`(l_2, u_2)` and the correlation r of their estimates:

    .. math::
        d - \sqrt{(\hat p_1 - l_1)^2 + (u_2 - \hat p_2)^2 - 2 r (\hat p_1 - l_1)(u_2 - \hat p_2)} \quad\text{to}\quad
        d + \sqrt{(u_1 - \hat p_1)^2 + (\hat p_2 - l_2)^2 - 2 r (u_1 - \hat p_1)(\hat p_2 - l_2)}

    With independent people (r = 0) and Wilson's intervals it is Newcombe's.
    Returns the differences, and the lower and the upper ends.
    Source: Zou & Donner 2008, Statistics in Medicine 27:1693; Newcombe 1998, Statistics in Medicine 17:2635.

    >>> print(*(f"{value:.4f}" for value in difference_of_rates(0.8, 0.69, 0.88, 0.6, 0.49, 0.70)))
    0.2000 0.0513 0.3360
    """

    def reach(one, other):
        return np.sqrt(np.maximum(one**2 + other**2 - 2 * correlation * one * other, 0))

    p, q = np.asarray(p, float), np.asarray(q, float)
    return p - q, p - q - reach(p - low, q_high - q), p - q + reach(high - p, q - q_low)
