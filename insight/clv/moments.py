"""Beyond the mean: how much the purchases of a living customer vary, and how many repeats customers have."""

import numpy as np
from scipy.special import betaln, expit, exprel, gammainc, gammaln

from insight.clv.beta_geometric import BgNbd, MbgNbd
from insight.clv.histories import Histories
from insight.clv.pareto_nbd import ParetoNbd

Model = BgNbd | MbgNbd | ParetoNbd
NODES = 64


def pairs_if_alive(model: Model, h: Histories, t: float) -> np.ndarray:
    r"""E[Y (Y - 1)] of the purchases Y in the next t units of a customer who is alive at T.

    Pareto/NBD: with a lifetime of L more within the horizon, :math:`E[\lambda^2]\, E[L^2]`, which are independent of
    each other given that the customer is alive. BG/NBD and MBG/NBD: given the rate and the chance p to leave,

    .. math:: \frac{2 (1-p)}{p^2} \left[1 - e^{-\lambda p t} (1 + \lambda p t)\right]

    averaged over the rate in closed form and over p by a sum.
    """
    if isinstance(model, ParetoNbd):
        k, b = model.r + h.x, model.beta + h.T
        grown = np.log1p(t / b)
        squares = grown * (exprel((2 - model.s) * grown) - exprel((1 - model.s) * grown))
        return k * (k + 1) / (model.alpha + h.T) ** 2 * 2 * b**2 * squares
    k, b = model.r + h.x, model.b + h.x + model.chances
    return _over_chances(k, model.a, b, t / (model.alpha + h.T))


def _over_chances(k: np.ndarray, a: float, b: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """The mean over p ~ Beta(a, b), spread as where purchases are expected: an even sum over stretched log-odds."""
    mode, width = np.log(a / b), np.minimum(np.sqrt(1 / a + 1 / b), 1)
    peak = a * mode - (a + b) * np.logaddexp(0, mode)
    weights, total = np.zeros(len(k)), np.zeros(len(k))
    for v in np.arange(-13, 13, 0.25):
        odds = mode + width * np.sinh(v)
        weight = np.cosh(v) * np.exp(a * odds - (a + b) * np.logaddexp(0, odds) - peak)
        weights += weight
        total += weight * _pairs_of_chance(expit(odds), expit(-odds), k, tau)
    return total / weights


def _pairs_of_chance(p: np.ndarray, stays: np.ndarray, k: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """Given p, over the rate: 2 (1-p) / p^2 (1 - e^-m (1 + k (1 - e^-g))), g = ln(1 + p tau), m = k g."""
    p = np.maximum(p, 1e-100)
    g = np.log1p(p * tau)
    small = g < 1e-4
    rest = np.where(small, g**2 / 2 - g**3 / 6, g + np.expm1(-g))  # next to nothing would be left of the difference
    inside = gammainc(2, k * g) + np.exp(-k * g) * k * rest
    return np.where(p * tau < 1e-9, k * (k + 1) * tau**2, 2 * inside / p**2) * stays


def repeat_probabilities(model: Model, ages: np.ndarray, most: int) -> np.ndarray:
    """The probability of 0, 1, ..., `most` - 1 repeat purchases, and of `most` or more, by time since the first.

    ages : distinct values of T
    Returns an array (ages, most + 1), the rows of which add up to 1.
    Source: equation 8 of Fader, Hardie & Lee 2005, Marketing Science 24:275; for Pareto/NBD the Poisson purchases of a
    lifetime, by Gauss and Legendre's rule over the probability to live so long.
    """
    x = np.arange(most)
    if isinstance(model, ParetoNbd):
        found = _pareto_repeats(model, ages, x)
    else:
        nb = _negative_binomial(model.r, model.alpha, ages, x)
        left = 1 - np.cumsum(nb, axis=1) + nb  # at least x purchases, had nobody left
        k = x + model.chances
        stayed = np.exp(betaln(model.a, model.b + k) - betaln(model.a, model.b))
        gone = np.where(
            k > 0, np.exp(betaln(model.a + 1, model.b + np.maximum(k, 1) - 1) - betaln(model.a, model.b)), 0
        )
        found = stayed * nb + gone * left
    return np.column_stack([found, 1 - found.sum(axis=1)])


def _negative_binomial(r: float, alpha: float, t: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Purchases in t at rates of a gamma distribution, (t, x)."""
    share = (t / (alpha + t))[:, None]
    ways = gammaln(r + x) - gammaln(r) - gammaln(x + 1)
    return np.exp(ways) * share**x * (1 - share) ** r


def _pareto_repeats(model: ParetoNbd, ages: np.ndarray, x: np.ndarray) -> np.ndarray:
    lives = np.exp(-model.s * np.log1p(ages / model.beta))  # longer than T
    found = lives[:, None] * _negative_binomial(model.r, model.alpha, ages, x)
    places, weights = np.polynomial.legendre.leggauss(NODES)
    for place, weight in zip((places + 1) / 2, weights / 2, strict=True):
        share = lives + (1 - lives) * place
        until = model.beta * np.expm1(-np.log(share) / model.s)
        found += weight * (1 - lives)[:, None] * _negative_binomial(model.r, model.alpha, np.minimum(until, ages), x)
    return found
