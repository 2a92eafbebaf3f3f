"""The range of what one customer may bring: simulated futures of customers with the same history."""

from functools import partial

import numpy as np
from scipy.special import exprel

from insight.clv.histories import Histories
from insight.clv.moments import Model
from insight.clv.pareto_nbd import ParetoNbd
from insight.clv.valuation import Valuation
from insight.clv.value_settings import YEAR, Horizon

DRAWS, SEED, BLOCK = 400, 0, 2000
WITHIN = (0.1, 0.9)  # a margin is below the range, and above it, with a probability of 10 % each


def value_ranges(valuation: Valuation, annual_discount: float) -> tuple[np.ndarray, np.ndarray]:
    """From where to where the margin of a customer of each row lies with a probability of 80 %.

    The future of the living depends on x and T alone, so it is simulated once for each pair of them, with the same
    random numbers for the same x: a rate, a lifetime, purchases, and what they sum up to. Who may be gone already
    brings nothing with that probability; and the spend of the past scales all: given the parameters, the own mean
    spend of a customer is (v + total) over a gamma variable. NaN where nothing is known of that: spend differs, and no
    model says how.
    """
    base, spend = valuation.base, valuation.spend_model
    if not spend.has_ranges:
        return np.full(len(base.x), np.nan), np.full(len(base.x), np.nan)
    pairs, of_history = base.histories.by_x_and_age
    futures = _futures(valuation, pairs, annual_discount)
    alive = valuation.found.alive
    scale = valuation.margin * (spend.mean if spend.model is None else spend.model.v + base.total)
    ends = []
    for share in WITHIN:
        reached = np.divide(
            share - (1 - alive), alive, out=np.zeros(len(alive)), where=alive > 1 - share
        )  # of the living
        at = np.clip(np.ceil(reached * DRAWS).astype(int) - 1, 0, DRAWS - 1)
        of_histories = np.where(reached > 0, futures[of_history, at], 0.0)
        ends.append(of_histories[base.place] * scale)
    return ends[0], ends[1]


def _futures(valuation: Valuation, pairs: Histories, annual_discount: float) -> np.ndarray:
    """Of each pair of x and T in ascending order: what the living bring, in units of the scale; (pairs, draws)."""
    distinct_x, of_pair = pairs.by_x
    drawn = _own_draws(valuation, distinct_x)
    found = np.empty((len(pairs), DRAWS))
    random = np.random.default_rng([SEED, 1])
    simulated = partial(_block, valuation.model, valuation.horizon, annual_discount, random)
    for begin in range(0, len(pairs), BLOCK):  # so that memory stays small
        block = slice(begin, begin + BLOCK)
        own = {name: draws[of_pair[block]] for name, draws in drawn.items()}
        purchases, worth = simulated(pairs.T[block, None], own)
        spent = purchases if valuation.spend_model.model is None else _spent(valuation, random, purchases, own)
        found[block] = np.sort(worth * spent, axis=1)
    return found


def _own_draws(valuation: Valuation, x: np.ndarray) -> dict[str, np.ndarray]:
    """What a customer with x repeat purchase days may be like, (x, draws): each x with random numbers of its own."""
    model, spend = valuation.model, valuation.spend_model.model
    drawn = {name: np.empty((len(x), DRAWS)) for name in ("rate", "leaving", "spend")}
    for row, own in enumerate(x):
        random = np.random.default_rng([SEED, 0, int(own)])
        drawn["rate"][row] = random.standard_gamma(model.r + own, DRAWS)
        if isinstance(model, ParetoNbd):
            drawn["leaving"][row] = random.standard_exponential(DRAWS) / np.maximum(
                random.standard_gamma(model.s, DRAWS), 1e-200
            )
        else:
            drawn["leaving"][row] = _last_purchase(random, model.a, model.b + own + model.chances)
        drawn["spend"][row] = 1.0 if spend is None else random.standard_gamma(spend.p * own + spend.q, DRAWS)
    return drawn


def _last_purchase(random: np.random.Generator, a: float, b: float) -> np.ndarray:
    """The number of the purchase after which a customer leaves, by the odds of a chance p ~ Beta(a, b)."""
    leaves, stays = (np.maximum(random.standard_gamma(shape, DRAWS), 1e-300) for shape in (a, b))
    return 1 + np.floor(random.standard_exponential(DRAWS) / np.log1p(leaves / stays))


def _block(model: Model, horizon: Horizon, annual_discount: float, random, age: np.ndarray, own: dict):
    """Purchases of the living within the horizon, and what a unit of money then is worth today on average."""
    t = float(horizon.times[-1])
    rate = own["rate"] / (model.alpha + age)
    if isinstance(model, ParetoNbd):
        stay = np.minimum(own["leaving"] * (model.beta + age), t)
        purchases = random.poisson(rate * stay)
    else:
        all_of_them = random.poisson(rate * t)
        purchases = np.minimum(all_of_them, own["leaving"])
        stay = np.where(purchases < all_of_them, t * purchases / (all_of_them + 1), t)
    yearly = np.log1p(annual_discount) * horizon.unit_days / YEAR  # continuous, by unit of time
    return purchases, exprel(-yearly * stay)


def _spent(valuation: Valuation, random, purchases: np.ndarray, own: dict) -> np.ndarray:
    """The spend of so many purchase days, in units of (v + total)."""
    return random.standard_gamma(valuation.spend_model.model.p * purchases) / own["spend"]
