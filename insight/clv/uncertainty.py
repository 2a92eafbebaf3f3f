"""How far off a total may be: because of the parameters, because of chance, and because no model is true."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from insight.clv import beta_geometric, pareto_nbd
from insight.clv.fitting import information
from insight.clv.foretold import foretold
from insight.clv.histories import Histories, dot
from insight.clv.moments import Model
from insight.clv.pareto_nbd import ParetoNbd
from insight.clv.valuation import Valuation
from insight.clv.value_settings import steps

STEP = 1e-3  # of the logarithm of a parameter


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Of the value of each customer, in the order of the ids; it adds up over any group of customers.

    slopes : change of the value by the logarithm of each parameter, (customers, parameters)
    covariance : of these logarithms, (parameters, parameters)
    chance : variance of the value given the parameters, (customers)
    model_error : relative error of a total that the back-test shows beyond both
    """

    slopes: np.ndarray
    covariance: np.ndarray
    chance: np.ndarray
    model_error: float


@dataclass(frozen=True, eq=False)
class Spread:
    """Of a total. parameters, chance : its standard deviations; model_error : relative, beyond them"""

    parameters: float
    chance: float
    model_error: float = 0.0

    def interval(self, total: float, level: float) -> tuple[float, float]:
        """Quantiles of the gamma distribution with this mean and standard deviation, by the method of moments.

        It is never below zero, and reaches rather far above than far below. Of a total that is nearly always nothing
        even the upper quantile would lie below the mean: then the mean is the upper end.
        """
        off = np.sqrt(self.parameters**2 + self.chance**2 + (self.model_error * total) ** 2) / total if total > 0 else 0
        if off == 0:
            return total, total
        low, high = total * off**2 * gammaincinv(off**-2.0, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(max(high, total))


def joint_covariance(valuation: Valuation) -> np.ndarray:
    """Of the logarithms of the parameters of purchases and, independent of them, of spend."""
    one, other = covariance_of(valuation.model, valuation.base.histories), valuation.spend_model.covariance
    both = np.zeros((len(one) + len(other),) * 2)
    both[: len(one), : len(one)], both[len(one) :, len(one) :] = one, other
    return both


def covariance_of(model: Model, h: Histories) -> np.ndarray:
    """Of the logarithms of its parameters; of what the data do not determine, as far as they do."""
    if model.covariance is not None:
        return model.covariance
    seen = h.where(h.T > 0)
    score = pareto_nbd.score if isinstance(model, ParetoNbd) else beta_geometric.score
    more = () if isinstance(model, ParetoNbd) else (model.chances,)
    return information(lambda own: score(own, seen, *more), np.array(list(model.parameters.values())))


def purchase_slopes(model: Model, h: Histories, days: int, unit_days: float) -> np.ndarray:
    """Change of the purchases of each history within so many days by the logarithm of each parameter."""
    horizon, columns = steps(days, 0.0, unit_days), []
    for name, value in model.parameters.items():
        ends = [
            foretold(type(model)(**model.parameters | {name: value * np.exp(step)}), h, horizon).purchases
            for step in (STEP, -STEP)
        ]
        columns.append((ends[0] - ends[1]) / (2 * STEP))
    return np.column_stack(columns)


def row_slopes(valuation: Valuation) -> np.ndarray:
    """Change of the value of a customer of each row by the logarithm of each parameter.

    What the discount takes off is the same share of a few purchases more.
    """
    base, horizon = valuation.base, valuation.horizon
    of_purchases = purchase_slopes(valuation.model, base.histories, int(horizon.ends[-1]), horizon.unit_days)
    of_purchases = (of_purchases * valuation.worth[:, None])[base.place]
    of_spend = np.column_stack(valuation.spend_model.slopes(base.x, base.total))
    own = [of_purchases * valuation.spend[:, None], of_spend * valuation.found.discounted[base.place][:, None]]
    return valuation.margin * np.concatenate(own, axis=1)


def spread_of(slopes: np.ndarray, chance: float, covariance: np.ndarray, model_error: float = 0.0) -> Spread:
    """Of a total: `slopes` and `chance` added up over its customers."""
    return Spread(float(np.sqrt(max(slopes @ covariance @ slopes, 0.0))), float(np.sqrt(chance)), model_error)


def total_spread(valuation: Valuation, slopes: np.ndarray, model_error: float = 0.0) -> Spread:
    """Of the total of a valuation, from the slopes of its rows."""
    n = valuation.base.n
    added = np.array([dot(n, column) for column in slopes.T])
    return spread_of(added, dot(n, valuation.chance), joint_covariance(valuation), model_error)
