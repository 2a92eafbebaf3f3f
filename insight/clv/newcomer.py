"""What a new customer is worth: the first purchase day, and those that are expected to follow."""

from dataclasses import dataclass

import numpy as np

from insight.clv.histories import Histories
from insight.clv.uncertainty import Spread, joint_covariance, row_slopes
from insight.clv.valuation import Base, Valuation


@dataclass(frozen=True)
class FirstDays:
    """Of `n` customers the spend of the first purchase day, and the sum of its squares, in whole currency."""

    n: int
    spend: float
    squares: float


@dataclass(frozen=True)
class Newcomer:
    """The margin expected of a new customer, its interval, that of the first day, and the purchase days to come."""

    value: float
    low: float
    high: float
    first: float
    purchases: float


def newcomer(valuation: Valuation, days: FirstDays, model_error: float, level: float) -> Newcomer:
    """The mean of many, so what single customers do by chance is not in its interval.

    That has the parameters, the mean spend of first days, and the error of the back-test, which the later purchases
    bear and the first do not.
    """
    one = np.zeros(1)
    base = Base(one, one, np.ones(1), Histories(one, one, one, np.ones(1)), np.zeros(1, np.int64))
    own = Valuation(valuation.model, valuation.spend_model, base, valuation.horizon, valuation.margin)
    mean = days.spend / days.n
    variance = max(days.squares / days.n - mean**2, 0.0) / days.n
    slopes = row_slopes(own)[0]
    off = max(slopes @ joint_covariance(valuation) @ slopes, 0.0) + valuation.margin**2 * variance
    first = valuation.margin * mean
    value = first + own.total
    relative = model_error * own.total / value if value > 0 else 0.0
    return Newcomer(value, *Spread(float(np.sqrt(off)), 0.0, relative).interval(value, level), first, own.purchases)
