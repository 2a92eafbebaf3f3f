"""How uncertain a sum over customers is, when other customers might as well have come."""

import numpy as np
from scipy.special import chdtri, ndtri, stdtrit

FEW = 10  # customers; fewer are a small sample


def sum_interval(total: float, squares: float, largest: float, level: float) -> tuple[float, float]:
    r"""The interval of a sum over customers who each came by chance, and spent what they spent.

    With :math:`x_i` of customer i, :math:`y = \sum x_i`, :math:`v = \sum x_i^2` and the largest one w, the gamma limits

    .. math:: \frac{v}{2y} \chi^2_{2y^2/v,\,\alpha/2}, \qquad
              \frac{v + w^2}{2(y + w)} \chi^2_{2(y+w)^2/(v+w^2),\,1-\alpha/2}

    They hold how many came as well as how much each spent; where all spend the same they are Garwood's exact limits of
    a count. A sum of nothing or less, after refunds, has the normal limits :math:`y \pm z \sqrt v`.

    total, squares, largest : y, v and w; (nan, nan) of no customers
    Source: Fay & Feuer 1997, Statistics in Medicine 16:791.

    >>> [[round(end, 2) for end in sum_interval(*sums, 0.95)] for sums in ((10, 10, 1), (90, 1700, 40))]
    [[4.8, 18.39], [28.21, 264.43]]
    """
    tail = (1 - level) / 2
    if squares <= 0:
        return np.nan, np.nan
    if total <= 0:
        reach = -ndtri(tail) * np.sqrt(squares)
        return total - reach, total + reach
    largest = max(largest, 0.0)
    low = squares / (2 * total) * chdtri(2 * total**2 / squares, 1 - tail)
    spread, most = squares + largest**2, total + largest
    return float(low), float(spread / (2 * most) * chdtri(2 * most**2 / spread, tail))


def mean_interval(n: int, total: float, squares: float, level: float) -> tuple[float, float]:
    """The t-interval of the mean of n customers, from their sum and the sum of their squares; NaN of a single one.

    >>> [round(end, 3) for end in mean_interval(3, 6, 14, 0.95)]
    [-0.484, 4.484]
    """
    if n < 2:
        return np.nan, np.nan
    variance = max(squares - total**2 / n, 0.0) / (n - 1)
    reach = stdtrit(n - 1, (1 + level) / 2) * np.sqrt(variance / n)
    return float(total / n - reach), float(total / n + reach)
