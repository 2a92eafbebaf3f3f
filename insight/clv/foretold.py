"""What a model foretells of each history: being alive, purchases, and what they count for today."""

from dataclasses import dataclass

import numpy as np

from insight.clv.histories import Histories
from insight.clv.moments import Model, pairs_if_alive
from insight.clv.predictions import PARTS
from insight.clv.value_settings import Horizon


@dataclass(frozen=True, eq=False)
class Foretold:
    """Of each history; arrays of one length.

    alive : probability to be alive; purchases : expected within the horizon
    discounted : the same, each purchase counted for what a unit of money is worth today that comes then
    """

    alive: np.ndarray
    purchases: np.ndarray
    discounted: np.ndarray


def foretold(model: Model, h: Histories, horizon: Horizon) -> Foretold:
    r"""With the steps :math:`t_i` of the horizon and :math:`w_i` the worth today of money that comes in step i,

    .. math:: \sum_i w_i \left(E[Y(t_i)] - E[Y(t_{i-1})]\right)

    A purchase needs a living customer, and of the living only x and T matter: each pair of them is computed once.
    """
    alive = PARTS[type(model)].probability_alive(model, h)
    pairs, place = h.by_x_and_age
    purchases, discounted = if_alive(model, pairs, horizon)
    return Foretold(alive, alive * purchases[place], alive * discounted[place])


def if_alive(model: Model, pairs: Histories, horizon: Horizon) -> tuple[np.ndarray, np.ndarray]:
    """Purchases of the living within the horizon, and the same discounted."""
    before, discounted = np.zeros(len(pairs)), np.zeros(len(pairs))
    for purchases, factor in zip(by_step(model, pairs, horizon), horizon.factors, strict=True):
        discounted += factor * (purchases - before)
        before = purchases
    return before, discounted


def by_step(model: Model, pairs: Histories, horizon: Horizon):
    """Purchases of the living up to the end of each step, one array after the other."""
    part = PARTS[type(model)]
    for time in horizon.times:
        yield part.purchases_if_alive(model, pairs, np.full(len(pairs), time))


def squares_if_alive(model: Model, h: Histories, horizon: Horizon) -> np.ndarray:
    """E[Y (Y - 1)] of each history within the horizon, had it a living customer for sure."""
    pairs, place = h.by_x_and_age
    return pairs_if_alive(model, pairs, float(horizon.times[-1]))[place]
