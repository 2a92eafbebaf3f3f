"""How uncertain a number is that has no formula for it: how much it changes when some customers are left out."""

import numpy as np
from scipy.special import stdtrit


def jackknife(estimate: np.ndarray, without: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    r"""The interval of an estimate from random parts of the customers (delete-a-group jackknife).

    With :math:`\hat\theta` from everybody and :math:`\hat\theta_{(g)}` from all but part g of G,

    .. math:: v = \frac{G - 1}{G} \sum_g (\hat\theta_{(g)} - \hat\theta)^2, \qquad \hat\theta \pm t_{G-1} \sqrt{v}

    estimate : array of any shape; without : the same with one more axis, the parts
    Returns the lower and the upper ends; NaN where the estimate, or that without some part, is.
    Source: Kott 2001, Journal of Official Statistics 17:521; Wolter 2007, Introduction to Variance Estimation, ch. 4.

    >>> low, high = jackknife(np.array(5.0), np.array([4.0, 5.0, 6.0]))
    >>> print(f"{low:.3f} {high:.3f}")
    0.032 9.968
    """
    n = without.shape[-1]
    variance = (n - 1) / n * ((without - estimate[..., None]) ** 2).sum(axis=-1)
    reach = stdtrit(n - 1, (1 + level) / 2) * np.sqrt(variance)
    return estimate - reach, estimate + reach
