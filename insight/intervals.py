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
