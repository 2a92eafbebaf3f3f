"""Gamma-Gamma: what a purchase day is worth, more certain the more of them there were."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import digamma, gammaln

from insight.clv.fitting import FEWEST_REPEATERS, maximum
from insight.clv.histories import SPENDING, distinct, dot, rows_of, weighted_median
from insight.clv.model import Model, fitted
from insight.errors import NotEnoughData
from insight.language import _, count, decimal

MOST_CORRELATED = 0.3  # the model takes spend and frequency as unrelated


@dataclass(frozen=True, eq=False)
class GammaGamma(Model):
    r"""The Gamma-Gamma model of spend.

    The spend of a purchase day varies around the customer's own mean by a gamma distribution of shape p; one over the
    means is proportional to another:

    .. math:: z_j \sim \text{Gamma}(p, \nu), \qquad \nu \sim \text{Gamma}(q, v)

    p, q : shapes; v : an amount. The mean spend of all customers is p v / (q - 1), which exists where q is above 1.
    correlation : of frequency and mean spend, which the model takes as nothing; of a fit

    Built of parameters, or by `fit_gamma_gamma`; what a fit has beside them is said in `Model`.
    Source: Fader & Hardie 2013, "The gamma-gamma model of monetary value" (note 025), where v is called gamma.

    >>> GammaGamma(p=6.25, q=3.74, v=15.44).q
    3.74
    """

    p: float
    q: float
    v: float
    correlation: float | None = None

    @classmethod
    def names(cls) -> list[str]:
        return ["p", "q", "v"]


def fit_gamma_gamma(summary) -> GammaGamma:
    r"""The Gamma-Gamma model that makes the mean spends of the customers most likely.

    Of a customer with x repeat purchase days of z on average

    .. math:: L = \frac{\Gamma(px+q)}{\Gamma(px)\,\Gamma(q)} \frac{v^q\, z^{px-1} x^{px}}{(v+xz)^{px+q}}

    summary : ClvSummary, ClvCells, or a DataFrame with frequency, monetary_value and perhaps weight. Customers without
        a repeat purchase day, or who spent nothing on them, are left out

    Raises NotEnoughData below 30 customers who came back and spent, InsightError for values that are not possible.
    Source: Fader & Hardie 2013, note 025, equation 1a.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"frequency": [1, 1, 2, 4], "monetary_value": [10.0, 30, 20, 25], "weight": 20})
    >>> fit_gamma_gamma(rows).n_customers
    80
    """
    rows = rows_of(summary, SPENDING, "fit_gamma_gamma")
    x, z = rows.columns
    used = (x > 0) & (z > 0)
    n = float(rows.weight[used].sum())
    if n < FEWEST_REPEATERS:
        message = _("The model needs {fewest} customers who came back and spent; there are {n}.",
                    fewest=FEWEST_REPEATERS, n=count(n))  # fmt: skip
        raise NotEnoughData(message)
    cells, place = distinct((x[used], z[used]))
    weight = np.bincount(place, rows.weight[used])
    scale = weighted_median(cells[1], weight)
    spending = Spending(cells[0], cells[1] / scale, weight)
    found = maximum(lambda own: score(own, spending), (1.0, 2.0, 1.0), n, GammaGamma.names())
    return _with_doubts(
        fitted(
            GammaGamma,
            found,
            {"v": scale},
            log_likelihood=found.log_likelihood - n * math.log(scale),
            n_customers=round(n),
            left_out=round(float(rows.weight.sum()) - n),
            unit=rows.unit,
            correlation=correlation(cells[0], cells[1], weight),
        )
    )


@dataclass(frozen=True, eq=False)
class Spending:
    """Distinct pairs of frequency and mean spend, and how many customers have each; arrays of one length."""

    x: np.ndarray
    z: np.ndarray
    n: np.ndarray

    @cached_property
    def by_x(self) -> tuple[np.ndarray, np.ndarray]:
        """As of Histories."""
        return np.unique(self.x, return_inverse=True)


def log_likelihoods(parameters: np.ndarray, spending: Spending) -> np.ndarray:
    """The log-likelihood of each pair."""
    p, q, v = parameters
    x, z = spending.x, spending.z
    distinct_x, place = spending.by_x
    px = p * distinct_x
    of_x = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + px * np.log(distinct_x)
    return of_x[place] + (p * x - 1) * np.log(z) - (p * x + q) * np.log(v + x * z)


def score(parameters: np.ndarray, spending: Spending) -> tuple[float, np.ndarray]:
    """The log-likelihood of all pairs and its gradient by p, q, v."""
    p, q, v = parameters
    x, z, n = spending.x, spending.z, spending.n
    distinct_x, place = spending.by_x
    n_x = np.bincount(place, n)
    both, own = digamma(p * distinct_x + q), digamma(p * distinct_x)
    log_sum = np.log(v + x * z)
    gradient = [
        dot(n_x * distinct_x, both - own + np.log(distinct_x)) + dot(n * x, np.log(z) - log_sum),
        dot(n_x, both - digamma(q) + np.log(v)) - dot(n, log_sum),
        n.sum() * q / v - dot(n, (p * x + q) / (v + x * z)),
    ]
    return dot(n, log_likelihoods(parameters, spending)), np.array(gradient)


def correlation(x: np.ndarray, z: np.ndarray, n: np.ndarray) -> float:
    """Pearson's, of weighted pairs; NaN where one of them does not vary."""
    dx, dz = (own - dot(n, own) / n.sum() for own in (x, z))
    spread = math.sqrt(dot(n, dx**2) * dot(n, dz**2))
    return dot(n, dx * dz) / spread if spread > 0 else float("nan")


def _with_doubts(model: GammaGamma) -> GammaGamma:
    """The model, with what speaks against using it."""
    doubts = list(model.warnings)
    if abs(model.correlation) > MOST_CORRELATED:
        doubts.append(
            _(
                "Mean spend and frequency go together (correlation {correlation}): the model takes them as unrelated, "
                "and its values per customer are off.",
                correlation=decimal(model.correlation),
            )
        )
    if model.q <= 1:
        doubts.append(_("Spend varies so much that its mean is not finite (q is 1 or less): no new customer has one."))
    return replace(model, warnings=tuple(doubts))
