"""What a purchase day is worth: by the Gamma-Gamma model, or by plain means where that does not hold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clv import gamma_gamma
from insight.clv.fitting import information
from insight.clv.gamma_gamma import GammaGamma, correlation, fit_gamma_gamma
from insight.clv.histories import distinct, dot
from insight.errors import NotEnoughData
from insight.language import _

GAMMA_GAMMA, MEAN = "gamma_gamma", "mean"


@dataclass(frozen=True, eq=False)
class Spend:
    """How much customers spend on a purchase day.

    model : fitted; None where every customer is taken to spend the same `mean`
    mean : of all repeat purchase days
    spread : mean square of the customers' mean spends by the square of their mean
    covariance : of the logarithms of the parameters (of the mean, where there is no model)
    correlation : of frequency and mean spend, NaN where one does not vary
    warnings : what speaks against using it, in words
    """

    model: GammaGamma | None
    mean: float
    spread: float
    covariance: np.ndarray
    correlation: float
    warnings: tuple[str, ...]

    @property
    def name(self) -> str:
        return MEAN if self.model is None else GAMMA_GAMMA

    def expected(self, x: np.ndarray, total: np.ndarray) -> np.ndarray:
        """Mean spend of a purchase day, of who spent `total` on x repeat purchase days: `expected_spend`."""
        if self.model is None:
            return np.full(len(x), self.mean)
        return _expected(np.array(list(self.model.parameters.values())), x, total)

    def squares(self, x: np.ndarray) -> np.ndarray:
        """E[M^2] / E[M]^2 of the own mean M of who has x repeat purchase days.

        Where the model's is not finite, and for who it is larger than that of all customers, the observed one.
        """
        if self.model is None:
            return np.full(len(x), self.spread)
        shape = self.model.p * x + self.model.q
        finite = shape > 2
        own = np.where(finite, (shape - 1) / np.where(finite, shape - 2, 1), np.inf)
        return np.minimum(own, max(self.spread, 1.0))

    @property
    def within(self) -> float:
        """Variance of the spend of a day by the square of the customer's own mean."""
        return 0.0 if self.model is None else 1 / self.model.p

    def slopes(self, x: np.ndarray, total: np.ndarray, step: float = 1e-4) -> list[np.ndarray]:
        """Change of the expected spend by the logarithm of each parameter."""
        if self.model is None:
            return [self.expected(x, total)]
        at = np.log(list(self.model.parameters.values()))
        ends = ([np.exp(at + own), np.exp(at - own)] for own in step * np.eye(len(at)))
        return [(_expected(up, x, total) - _expected(down, x, total)) / (2 * step) for up, down in ends]


def _expected(parameters: np.ndarray, x: np.ndarray, total: np.ndarray) -> np.ndarray:
    p, q, v = parameters
    return p * (v + total) / (p * x + q - 1)


def fit_spend(x: np.ndarray, total: np.ndarray, n: np.ndarray) -> Spend:
    """Of customers with x repeat purchase days on which they spent `total`; n customers a row.

    Who never came back says nothing of later purchases, and is left out; so are those who spent nothing on them.
    """
    back = x > 0
    x, total, n = x[back], total[back], n[back]
    mean = dot(n, total) / dot(n, x) if len(x) else 0.0
    z = total / x
    paid = z > 0
    about = {"mean": mean, "spread": _spread(z[paid], n[paid])}
    related = correlation(x[paid], z[paid], n[paid]) if paid.any() else float("nan")
    (x_z, z_z), place = distinct((x, z))
    rows = pd.DataFrame({"frequency": x_z, "monetary_value": z_z, "weight": np.bincount(place, n, minlength=len(x_z))})
    try:
        model = fit_gamma_gamma(rows)
    except NotEnoughData as error:
        why = _("Every customer is taken to spend the mean of all: {reason}", reason=str(error))
    else:
        if model.q > 1:
            covariance = _covariance(model, x_z, z_z, rows["weight"].to_numpy())
            return Spend(model, **about, covariance=covariance, correlation=related, warnings=model.warnings)
        why = _(
            "Every customer is taken to spend the mean of all: spend varies so much that by the Gamma-Gamma model the "
            "mean of all is not finite (q is 1 or less)."
        )
    everything = dot(n, total)
    off = dot(n, (total - mean * x) ** 2) / everything**2 if everything > 0 else 0.0  # of a ratio of sums
    return Spend(None, **about, covariance=np.array([[off]]), correlation=related, warnings=(why,))


def _spread(z: np.ndarray, n: np.ndarray) -> float:
    return dot(n, z**2) * float(n.sum()) / dot(n, z) ** 2 if len(z) else 1.0


def _covariance(model: GammaGamma, x: np.ndarray, z: np.ndarray, n: np.ndarray) -> np.ndarray:
    if model.covariance is not None:
        return model.covariance
    used = z > 0
    spending = gamma_gamma.Spending(x[used], z[used], n[used])
    return information(lambda own: gamma_gamma.score(own, spending), np.array(list(model.parameters.values())))
