"""Pareto/NBD: customers buy at random for a lifetime that ends unseen, whenever."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import digamma, expit, exprel, gammaln

from insight.clv.histories import Histories, dot
from insight.clv.model import Model
from insight.clv.repeat_buying import fit_histories

NODES_TO_FIT, NODES = 16, 32
NEGLIGIBLE = 36.0  # what is smaller by exp(-36) does not change a sum


@dataclass(frozen=True, eq=False)
class ParetoNbd(Model):
    r"""The Pareto / negative binomial model (Pareto/NBD) of repeat buying.

    While alive a customer buys at random at a rate :math:`\lambda`, and leaves at any moment at a rate :math:`\mu`.
    Both differ between customers by gamma distributions:

    .. math:: \lambda \sim \text{Gamma}(r, \alpha), \qquad \mu \sim \text{Gamma}(s, \beta)

    r, alpha : of the rates of buying, r / alpha on average
    s, beta : of the rates of leaving, s / beta on average

    Built of parameters, or by `fit_pareto_nbd`; what a fit has beside them is said in `Model`. s and beta are often
    hardly determined one by one: compare predictions, not parameters.
    Source: Schmittlein, Morrison & Colombo 1987, Management Science 33:1.

    >>> ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669).s
    0.606
    """

    r: float
    alpha: float
    s: float
    beta: float


def fit_pareto_nbd(summary) -> ParetoNbd:
    r"""The Pareto/NBD model that makes the histories of the customers most likely.

    Of a customer with x repeat purchases, the last at :math:`t_x`, observed until T: alive at T, or gone at some time
    t since the last purchase,

    .. math:: L = \frac{\Gamma(r+x)}{\Gamma(r)}\, \alpha^r \beta^s \left[ (\alpha+T)^{-(r+x)} (\beta+T)^{-s} +
        s \int_{t_x}^{T} (\alpha+t)^{-(r+x)} (\beta+t)^{-(s+1)}\, dt \right]

    The integral is taken by Gauss and Legendre's rule. All its terms are positive, so nothing cancels, as it does in
    the difference of two hypergeometric functions by which it is usually written.

    summary : ClvSummary, ClvCells, or a DataFrame with frequency, recency, T and perhaps weight

    Raises NotEnoughData below 100 customers or 30 who came back, InsightError for values that are no history.
    Source: Schmittlein, Morrison & Colombo 1987, Management Science 33:1; Fader & Hardie 2005, "A note on deriving the
    Pareto/NBD model and related expressions".

    >>> import pandas as pd
    >>> cells = pd.DataFrame({"frequency": [0, 1, 3], "recency": [0, 10, 25], "T": 30, "weight": [80, 20, 20]})
    >>> fit_pareto_nbd(cells).n_customers
    120
    """
    return fit_histories(ParetoNbd, score, summary, start=(1.0, 1.0, 1.0, 1.0), times=("alpha", "beta"))


@dataclass(frozen=True, eq=False)
class Departure:
    """The integral over the time t of departure, and means under its integrand; arrays of one length.

    log : logarithm of the integral
    means : of ln(alpha + t), ln(beta + t), 1 / (alpha + t) and 1 / (beta + t); None where nobody asked
    """

    log: np.ndarray
    means: np.ndarray | None


def departure(k, s, alpha, beta, low: np.ndarray, high: np.ndarray, nodes: int, *, means: bool = False) -> Departure:
    r""":math:`\int_{low}^{high} (\alpha+t)^{-k} (\beta+t)^{-(s+1)} dt`, with k = r + x.

    With u = ln((m + t) / (m + low)), m the smaller of alpha and beta, the integrand falls off like an exponential;
    where it is negligible, u is cut.
    """
    m = np.minimum(alpha, beta)
    begin, ratio = m + low, (alpha + low) / (beta + low)
    fall = np.where(beta >= alpha, k - 1 + (s + 1) * ratio, s + k / ratio)  # the slope at u = 0
    length = np.log((m + high) / begin)
    length = np.minimum(length, np.where(fall > 0, NEGLIGIBLE / np.maximum(fall, 1e-300), np.inf))
    log_alpha, log_beta = np.log(alpha + low), np.log(beta + low)
    total, sums = np.zeros(len(low)), np.zeros((4, len(low)))
    for place, weight in zip(*_gauss(nodes), strict=True):
        u = place * length
        grown = begin * np.expm1(u)
        one, other = alpha + low + grown, beta + low + grown
        logs = np.log(one), np.log(other)
        mass = weight * np.exp(u - k * (logs[0] - log_alpha) - (s + 1) * (logs[1] - log_beta))
        total += mass
        if means:
            for own, value in zip(sums, (*logs, 1 / one, 1 / other), strict=True):
                own += mass * value
    with np.errstate(divide="ignore"):  # of no length: the logarithm of nothing
        log = np.log(length * total * begin) - k * log_alpha - (s + 1) * log_beta
    return Departure(log, sums / total if means else None)


@cache
def _gauss(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Places and weights of Gauss and Legendre's rule between 0 and 1."""
    places, weights = np.polynomial.legendre.leggauss(nodes)
    return (places + 1) / 2, weights / 2


def log_likelihoods(
    parameters: np.ndarray, h: Histories, nodes: int, *, means: bool = False
) -> tuple[np.ndarray, np.ndarray, Departure]:
    """The log-likelihood of each history, the probability that its customer is alive, and how it may have left."""
    r, alpha, s, beta = parameters
    distinct_x, place = h.by_x
    of_x = gammaln(r + distinct_x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    alive = -(r + h.x) * np.log(alpha + h.T) - s * np.log(beta + h.T)
    gone = departure(r + h.x, s, alpha, beta, h.t_x, h.T, nodes, means=means)
    left = np.log(s) + gone.log
    return of_x[place] + np.logaddexp(alive, left), expit(alive - left), gone


def score(parameters: np.ndarray, h: Histories) -> tuple[float, np.ndarray]:
    """The log-likelihood of all histories and its gradient by r, alpha, s, beta."""
    r, alpha, s, beta = parameters
    rows, w, gone = log_likelihoods(parameters, h, NODES_TO_FIT, means=True)
    log_alpha, log_beta, per_alpha, per_beta = gone.means
    distinct_x, place = h.by_x
    n = np.bincount(place, h.n)

    def mean(alive: np.ndarray, left: np.ndarray) -> np.ndarray:
        return w * alive + (1 - w) * left

    gradient = [
        dot(n, digamma(r + distinct_x) - digamma(r) + np.log(alpha)) - dot(h.n, mean(np.log(alpha + h.T), log_alpha)),
        n.sum() * r / alpha - dot(h.n * (r + h.x), mean(1 / (alpha + h.T), per_alpha)),
        dot(h.n, np.log(beta) - mean(np.log(beta + h.T), log_beta) + (1 - w) / s),
        n.sum() * s / beta - dot(h.n, mean(s / (beta + h.T), (s + 1) * per_beta)),
    ]
    return dot(h.n, rows), np.array(gradient)


def probability_alive(model: ParetoNbd, h: Histories) -> np.ndarray:
    """Of each history: the share of the first term in the likelihood."""
    return log_likelihoods(np.array(list(model.parameters.values())), h, NODES)[1]


def purchases_if_alive(model: ParetoNbd, h: Histories, t: np.ndarray) -> np.ndarray:
    r"""Purchases in the next t units that are expected of a customer who is alive at T.

    .. math:: \frac{(r+x)(\beta+T)}{(\alpha+T)(s-1)} \left[1 - \left(\frac{\beta+T}{\beta+T+t}\right)^{s-1}\right]

    Equation 41 of Fader & Hardie 2005, without the probability to be alive; at s = 1 its limit, a logarithm.
    """
    r, alpha, s, beta = model.parameters.values()
    grown = np.log1p(t / (beta + h.T))
    return (r + h.x) * (beta + h.T) / (alpha + h.T) * grown * exprel(-(s - 1) * grown)


def no_purchase_if_alive(model: ParetoNbd, h: Histories, t: np.ndarray) -> np.ndarray:
    """Probability of no purchase in the next t units of a customer alive at T: stayed without one, or left before."""
    r, alpha, s, beta = model.parameters.values()
    k, one, other = r + h.x, alpha + h.T, beta + h.T
    stayed = np.exp(-k * np.log1p(t / one) - s * np.log1p(t / other))
    gone = departure(k, s, one, other, np.zeros(len(h)), np.zeros(len(h)) + t, NODES)
    return stayed + np.exp(np.log(s) + gone.log + k * np.log(one) + s * np.log(other))
