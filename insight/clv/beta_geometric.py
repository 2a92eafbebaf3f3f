"""BG/NBD and MBG/NBD: customers buy at random until, after some purchase, they leave for good."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import digamma, expit, exprel, gammaln, hyp2f1

from insight.clv.histories import Histories, dot
from insight.clv.model import Model
from insight.clv.repeat_buying import fit_histories

NEAR_ONE = 1e-4  # around a = 1 a formula divides nothing by nothing
MODERATE = 100.0  # parameters for which the hypergeometric function has been tried


@dataclass(frozen=True, eq=False)
class BgNbd(Model):
    r"""The beta-geometric / negative binomial model (BG/NBD) of repeat buying.

    While alive a customer buys at random at a rate :math:`\lambda`; after each *repeat* purchase he leaves for good
    with probability p. Rates differ between customers by a gamma distribution, p by a beta distribution:

    .. math:: \lambda \sim \text{Gamma}(r, \alpha), \qquad p \sim \text{Beta}(a, b)

    r, alpha : shape of the rates, and the time that goes with it: the mean rate is r / alpha
    a, b : of the chance to leave after a purchase, a / (a + b) on average

    Who never came back cannot have left: they are alive with probability 1. See `MbgNbd`.
    Built of parameters, or by `fit_bg_nbd`; what a fit has beside them is said in `Model`.
    Source: Fader, Hardie & Lee 2005, Marketing Science 24:275.

    >>> BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).parameters
    {'r': 0.243, 'alpha': 4.414, 'a': 0.793, 'b': 2.426}
    """

    r: float
    alpha: float
    a: float
    b: float
    chances: ClassVar[int] = 0  # to leave before the first repeat purchase


@dataclass(frozen=True, eq=False)
class MbgNbd(Model):
    r"""The modified BG/NBD model (MBG/NBD): as `BgNbd`, and a customer may also leave right after the *first* purchase.

    r, alpha, a, b : as for `BgNbd`

    So one-time buyers are not all alive, as under BG/NBD they are.
    Source: Batislam, Denizel & Filiztekin 2007, Int. J. of Research in Marketing 24:201.

    >>> MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614).b
    1.614
    """

    r: float
    alpha: float
    a: float
    b: float
    chances: ClassVar[int] = 1


def fit_bg_nbd(summary) -> BgNbd:
    r"""The BG/NBD model that makes the histories of the customers most likely.

    Of a customer with x repeat purchases, the last at :math:`t_x`, observed until T (equation 6 of the paper),

    .. math:: L = \frac{\Gamma(r+x)\, \alpha^r}{\Gamma(r)} \left[
        \frac{B(a, b+x)}{B(a, b)} (\alpha+T)^{-(r+x)} +
        \delta_{x>0} \frac{B(a+1, b+x-1)}{B(a, b)} (\alpha+t_x)^{-(r+x)} \right]

    summary : ClvSummary, ClvCells, or a DataFrame with frequency, recency, T and perhaps weight

    Raises NotEnoughData below 100 customers or 30 who came back, InsightError for values that are no history.
    Source: Fader, Hardie & Lee 2005, Marketing Science 24:275, equation 6.

    >>> import pandas as pd
    >>> cells = pd.DataFrame({"frequency": [0, 1, 3], "recency": [0, 10, 25], "T": 30, "weight": [80, 20, 20]})
    >>> found = fit_bg_nbd(cells)
    >>> type(found).__name__, found.n_customers, found.converged
    ('BgNbd', 120, True)
    """
    return fit_histories(BgNbd, _bg_score, summary, start=(1.0, 1.0, 1.0, 1.0), times=("alpha",))


def fit_mbg_nbd(summary) -> MbgNbd:
    r"""The MBG/NBD model that makes the histories of the customers most likely.

    As `fit_bg_nbd`, with one chance more to leave:

    .. math:: L = \frac{\Gamma(r+x)\, \alpha^r}{\Gamma(r)} \left[
        \frac{B(a, b+x+1)}{B(a, b)} (\alpha+T)^{-(r+x)} +
        \frac{B(a+1, b+x)}{B(a, b)} (\alpha+t_x)^{-(r+x)} \right]

    summary : as for `fit_bg_nbd`

    Raises as `fit_bg_nbd`.
    Source: Batislam, Denizel & Filiztekin 2007, Int. J. of Research in Marketing 24:201.

    >>> import pandas as pd
    >>> cells = pd.DataFrame({"frequency": [0, 1, 3], "recency": [0, 10, 25], "T": 30, "weight": [80, 20, 20]})
    >>> fit_mbg_nbd(cells).n_customers
    120
    """
    return fit_histories(MbgNbd, _mbg_score, summary, start=(1.0, 1.0, 1.0, 1.0), times=("alpha",))


def _bg_score(parameters: np.ndarray, histories: Histories) -> tuple[float, np.ndarray]:
    return score(parameters, histories, BgNbd.chances)


def _mbg_score(parameters: np.ndarray, histories: Histories) -> tuple[float, np.ndarray]:
    return score(parameters, histories, MbgNbd.chances)


def log_likelihoods(parameters: np.ndarray, h: Histories, chances: int) -> tuple[np.ndarray, np.ndarray]:
    """The log-likelihood of each history, and the probability that its customer is alive.

    chances : to leave before the first repeat purchase, so that there were k = x + chances in all
    """
    r, alpha, a, b = parameters
    distinct_x, place = h.by_x
    k = distinct_x + chances
    of_x = gammaln(r + distinct_x) - gammaln(r) + r * np.log(alpha)
    of_x += gammaln(a + b) + gammaln(b + k) - gammaln(b) - gammaln(a + b + k)
    with np.errstate(divide="ignore"):  # who had no chance to leave is alive: the logarithm of nothing
        odds = np.log(np.where(k > 0, a / np.where(k > 0, b + k - 1, 1), 0))
    # alive: (alpha + T)^-(r+x); left: a / (b+k-1) (alpha + t_x)^-(r+x)
    alive = -(r + h.x) * np.log(alpha + h.T)
    left = odds[place] - (r + h.x) * np.log(alpha + h.t_x)
    return of_x[place] + np.logaddexp(alive, left), expit(alive - left)


def score(parameters: np.ndarray, h: Histories, chances: int) -> tuple[float, np.ndarray]:
    """The log-likelihood of all histories and its gradient by r, alpha, a, b."""
    r, alpha, a, b = parameters
    rows, w = log_likelihoods(parameters, h, chances)
    distinct_x, place = h.by_x
    k = distinct_x + chances
    n = np.bincount(place, h.n)
    gone = h.n * (1 - w)
    gone_by_x = np.bincount(place, gone)
    mean_log = w * np.log(alpha + h.T) + (1 - w) * np.log(alpha + h.t_x)
    mean_inverse = w / (alpha + h.T) + (1 - w) / (alpha + h.t_x)
    chance = np.where(k > 0, gone_by_x / np.where(k > 0, b + k - 1, 1), 0)
    gradient = [
        dot(n, digamma(r + distinct_x) - digamma(r) + np.log(alpha)) - dot(h.n, mean_log),
        n.sum() * r / alpha - dot(h.n, (r + h.x) * mean_inverse),
        dot(n, digamma(a + b) - digamma(a + b + k)) + gone.sum() / a,
        dot(n, digamma(a + b) + digamma(b + k) - digamma(b) - digamma(a + b + k)) - chance.sum(),
    ]
    return dot(h.n, rows), np.array(gradient)


def probability_alive(model: BgNbd | MbgNbd, h: Histories) -> np.ndarray:
    """Of each history: equation 11 of Fader, Hardie & Lee 2005 (in Hardie's note 027 solved for x = 0)."""
    return log_likelihoods(np.array(list(model.parameters.values())), h, model.chances)[1]


def purchases_if_alive(model: BgNbd | MbgNbd, h: Histories, t: np.ndarray) -> np.ndarray:
    r"""Purchases in the next t units that are expected of a customer who is alive at T.

    Equation 10 of Fader, Hardie & Lee 2005 without the probability to be alive, its hypergeometric function turned so
    that x is in one argument only (Pfaff's transformation), where next to nothing cancels:

    .. math:: \frac{c}{a-1} \left[1 - \left(\frac{\alpha+T}{\alpha+T+t}\right)^{a-1}
        {}_2F_1\!\left(a-1,\, c-r-x;\, c;\, \frac{t}{\alpha+T+t}\right)\right], \qquad c = a + b + k - 1

    Where the function of scipy gives up, over p by quadrature.
    """
    r, alpha, a, b = model.parameters.values()
    end = alpha + h.T + t

    def with_a(a: float) -> np.ndarray:
        c = a + b + h.x + model.chances - 1
        return c / (a - 1) * (1 - ((alpha + h.T) / end) ** (a - 1) * hyp2f1(a - 1, c - r - h.x, c, t / end))

    most = (r + h.x) * t / (alpha + h.T)  # of a customer who never leaves
    found = np.full(len(h), np.nan)
    if max(r, a, b) < MODERATE:
        with np.errstate(all="ignore"):
            # around a = 1 the mean of both sides is off by less than 1e-8
            found = (with_a(1 - NEAR_ONE) + with_a(1 + NEAR_ONE)) / 2 if abs(a - 1) < NEAR_ONE else with_a(a)
    beyond = ~((found >= 0) & (found <= most * (1 + 1e-9)))
    if beyond.any():
        k = h.x[beyond] + model.chances
        found[beyond] = _over_chances(r + h.x[beyond], a, b + k, (t / (alpha + h.T))[beyond])
    return found


def _over_chances(k: np.ndarray, a: float, b: np.ndarray, tau: np.ndarray) -> np.ndarray:
    r"""The same as the mean over p of what a customer with this p buys, tau = t / (alpha + T), k = r + x:

    .. math:: E_p\left[\frac{1 - (1 + p \tau)^{-k}}{p}\right], \qquad p \sim \text{Beta}(a, b)

    The log-odds of p are spread by a hyperbolic sine around the mode, so that an even sum holds every shape.
    """
    mode, width = np.log(a / b), np.minimum(np.sqrt(1 / a + 1 / b), 1)
    weights, total = np.zeros(len(k)), np.zeros(len(k))
    peak = a * mode - (a + b) * np.logaddexp(0, mode)
    for v in np.arange(-13, 13, 0.0625):
        odds = mode + width * np.sinh(v)
        p = np.maximum(expit(odds), 1e-280)
        weight = np.cosh(v) * np.exp(a * odds - (a + b) * np.logaddexp(0, odds) - peak)
        grown = np.log1p(p * tau)
        weights += weight
        total += weight * k * (grown / p) * exprel(-k * grown)
    return total / weights


def no_purchase_if_alive(model: BgNbd | MbgNbd, h: Histories, t: np.ndarray) -> np.ndarray:
    """Probability of no purchase in the next t units of a customer who is alive at T: nobody leaves without one."""
    return np.exp(-(model.r + h.x) * np.log1p(t / (model.alpha + h.T)))
