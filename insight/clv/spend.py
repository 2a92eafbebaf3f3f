"""What a purchase day is worth: by the Gamma-Gamma model, or by plain means where that does not hold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clv import gamma_gamma
from insight.clv.fitting import information, maximum
from insight.clv.gamma_gamma import GammaGamma, Spending, correlation, fit_gamma_gamma
from insight.clv.histories import distinct, dot
from insight.errors import NotEnoughData
from insight.language import _

GAMMA_GAMMA, HELD, MEAN = "gamma_gamma", "gamma_gamma_of_mean", "mean"
ALIKE = 1 + 1e-9  # the spread of mean spends that are equal but for rounding


@dataclass(frozen=True, eq=False)
class Spend:
    """How much customers spend on a purchase day.

    model : fitted; None where every customer is taken to spend the same `mean`
    held : the model was fitted with the mean of all held at `mean`, as its own would not be finite
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
    held: bool = False

    @property
    def name(self) -> str:
        if self.model is None:
            return MEAN
        return HELD if self.held else GAMMA_GAMMA

    @property
    def has_ranges(self) -> bool:
        """How far single customers lie from what is expected of them is known: by a model, or as all are alike."""
        return self.model is not None or self.spread <= ALIKE

    def expected(self, x: np.ndarray, total: np.ndarray) -> np.ndarray:
        """Mean spend of a purchase day, of who spent `total` on x repeat purchase days: `expected_spend`."""
        if self.model is None:
            return np.full(len(x), self.mean)
        return _expected(np.array(list(self.model.parameters.values())), x, total)

    def squares(self, x: np.ndarray) -> np.ndarray:
        """E[M^2] / E[M]^2 of the own mean M of who has x repeat purchase days.

        The model's 1 + 1 / (p x + q - 2) has hardly an upper end where spend varies much (q below 2). It is taken as no
        larger than what is observed of all customers, and than 1 + 1 / (p x), which x days say without a model of M.
        """
        if self.model is None:
            return np.full(len(x), self.spread)
        shape = self.model.p * x + self.model.q
        finite = shape > 2
        own = np.where(finite, (shape - 1) / np.where(finite, shape - 2, 1), np.inf)
        of_days = 1 + np.divide(1, self.model.p * x, out=np.full(len(x), np.inf), where=x > 0)
        return np.minimum(np.minimum(own, of_days), max(self.spread, 1.0))

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

    Who never came back says nothing of later purchases, and is left out; so are those who spent nothing on them. Where
    the most likely model has no finite mean (q is 1 or less), the most likely one with the mean of the data is taken.
    """
    back = x > 0
    x, total, n = x[back], total[back], n[back]
    mean = dot(n, total) / dot(n, x) if len(x) else 0.0
    z = total / x
    paid = z > 0
    about = {"mean": mean, "spread": _spread(z[paid], n[paid])}
    everything = dot(n, total)
    off = dot(n, (total - mean * x) ** 2) / everything**2 if everything > 0 else 0.0  # of a ratio of sums
    related = correlation(x[paid], z[paid], n[paid]) if paid.any() else float("nan")
    (x_z, z_z), place = distinct((x, z))
    rows = pd.DataFrame({"frequency": x_z, "monetary_value": z_z, "weight": np.bincount(place, n, minlength=len(x_z))})
    try:
        model = fit_gamma_gamma(rows)
    except NotEnoughData as error:
        why = _("Every customer is taken to spend the mean of all: {reason}", reason=str(error))
        if about["spread"] > ALIKE:
            why += " " + _("How far single customers lie from it is not known, so they have no range.")
    else:
        if model.q > 1:
            covariance = _covariance(model, x_z, z_z, rows["weight"].to_numpy())
            return Spend(model, **about, covariance=covariance, correlation=related, warnings=model.warnings)
        spent = z_z > 0
        model, covariance = _held_at(mean, off, Spending(x_z[spent], z_z[spent], rows["weight"].to_numpy()[spent]))
        why = _(
            "Spend varies so much that by the Gamma-Gamma model the mean of all is not finite (q is 1 or less): it is "
            "held at the mean of the data, which few customers may make."
        )
        return Spend(model, **about, covariance=covariance, correlation=related, warnings=(why,), held=True)
    return Spend(None, **about, covariance=np.array([[off]]), correlation=related, warnings=(why,))


def _held_at(mean: float, off: float, spending: Spending) -> tuple[GammaGamma, np.ndarray]:
    """The most likely Gamma-Gamma model with this mean p v / (q - 1), and the covariance of its logarithms.

    off : variance of the logarithm of the mean
    Climbed by p and q - 1, which leave v = mean (q - 1) / p.
    """

    def of(own: np.ndarray) -> np.ndarray:
        p, above = own
        return np.array([p, 1 + above, mean * above / p])

    def score(own: np.ndarray) -> tuple[float, np.ndarray]:
        (p, above), (value, slopes) = own, gamma_gamma.score(of(own), spending)
        return value, np.array([slopes[0] - slopes[2] * mean * above / p**2, slopes[1] + slopes[2] * mean / p])

    found = maximum(score, (1.0, 0.1), float(spending.n.sum()), ("p", "q"))
    free = information(score, found.parameters) if found.covariance is None else found.covariance
    p, above = found.parameters
    both = np.zeros((3, 3))
    both[:2, :2], both[2, 2] = free, off
    by = np.array([[1, 0, 0], [0, above / (1 + above), 0], [-1, 1, 1]])  # p, q, v by p, q - 1 and the mean
    return GammaGamma(**dict(zip(GammaGamma.names(), map(float, of(found.parameters)), strict=True))), by @ both @ by.T


def _spread(z: np.ndarray, n: np.ndarray) -> float:
    return dot(n, z**2) * float(n.sum()) / dot(n, z) ** 2 if len(z) else 1.0


def _covariance(model: GammaGamma, x: np.ndarray, z: np.ndarray, n: np.ndarray) -> np.ndarray:
    if model.covariance is not None:
        return model.covariance
    used = z > 0
    spending = gamma_gamma.Spending(x[used], z[used], n[used])
    return information(lambda own: gamma_gamma.score(own, spending), np.array(list(model.parameters.values())))
