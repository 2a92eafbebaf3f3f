"""Money: purchases times spend times margin, of each history and of all customers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from insight.clv.beta_geometric import fit_bg_nbd, fit_mbg_nbd
from insight.clv.foretold import Foretold, foretold, squares_if_alive
from insight.clv.histories import Histories, dot
from insight.clv.moments import Model
from insight.clv.pareto_nbd import fit_pareto_nbd
from insight.clv.spend import Spend
from insight.clv.value_settings import Horizon
from insight.clv.words import BG, MBG, PARETO

FITS = {PARETO: fit_pareto_nbd, MBG: fit_mbg_nbd, BG: fit_bg_nbd}


@dataclass(frozen=True, eq=False)
class Base:
    """Customers by history and repeat spend, in ascending order.

    x, total, n : of each row: repeat purchase days, spend on them in whole currency, customers
    histories : the distinct (x, t_x, T) of the rows, in units of time; place : of each row among them
    """

    x: np.ndarray
    total: np.ndarray
    n: np.ndarray
    histories: Histories
    place: np.ndarray

    @cached_property
    def n_customers(self) -> float:
        return float(self.n.sum())

    def by_history(self, values: np.ndarray) -> np.ndarray:
        """Values of rows, added up over the rows of each history."""
        return np.bincount(self.place, values, minlength=len(self.histories))

    def thinned(self, most: int) -> "Base":
        """Every k-th row, each standing for k: enough to say how sharp an estimate is."""
        step = -(-len(self.x) // most)
        if step == 1:
            return self
        kept, place = np.unique(self.place[::step], return_inverse=True)
        n = self.n[::step] * (self.n_customers / self.n[::step].sum())
        own = self.histories.where(kept)
        histories = Histories(own.x, own.t_x, own.T, np.bincount(place, n))
        return Base(self.x[::step], self.total[::step], n, histories, place)


def base_of(cells: dict[str, np.ndarray], unit_days: float, decimals: int) -> Base:
    """The customers of a tally's cells."""
    keys = np.array([cells[name] for name in ("repeats", "first_to_last", "first_to_end")])
    new = np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))
    place = np.cumsum(new) - 1
    x, t_x, age = keys[:, new].astype(float)
    n = cells["n"].astype(float)
    histories = Histories(x, t_x / unit_days, age / unit_days, np.bincount(place, n))
    return Base(keys[0].astype(float), cells["repeat_spend"] / 10**decimals, n, histories, place)


def fit(name: str, h: Histories) -> Model:
    """The model of this name. Raises NotEnoughData where there are too few customers."""
    rows = {"frequency": h.x, "recency": h.t_x, "T": h.T, "weight": h.n}
    return FITS[name](pd.DataFrame(rows))


@dataclass(frozen=True, eq=False)
class Valuation:
    """What a model of purchases and one of spend make of customers.

    found : by history; spend : by row, expected on a purchase day
    """

    model: Model
    spend_model: Spend
    base: Base
    horizon: Horizon
    margin: float

    @cached_property
    def found(self) -> Foretold:
        return foretold(self.model, self.base.histories, self.horizon)

    @cached_property
    def worth(self) -> np.ndarray:
        """What a unit of money that each history brings is worth today, on average."""
        found = self.found
        return np.divide(found.discounted, found.purchases, out=np.zeros(len(found.alive)), where=found.purchases > 0)

    @cached_property
    def spend(self) -> np.ndarray:
        return self.spend_model.expected(self.base.x, self.base.total)

    @cached_property
    def values(self) -> np.ndarray:
        """Of each row, for one customer."""
        return self.margin * self.found.discounted[self.base.place] * self.spend

    @property
    def total(self) -> float:
        return dot(self.base.n, self.values)

    @property
    def purchases(self) -> float:
        return dot(self.base.histories.n, self.found.purchases)

    @cached_property
    def chance(self) -> np.ndarray:
        """Variance of the margin of one customer of each row, given the parameters.

        A customer's own mean spend M and purchases Y are unknown, and the spend of each day varies around M:
        Var = E[M^2] (E[Y (Y - 1)] + (1 + within) E[Y]) - (E[M] E[Y])^2, discounted as the mean is.
        """
        found, place = self.found, self.base.place
        pairs = (found.alive * squares_if_alive(self.model, self.base.histories, self.horizon))[place]
        mean = found.purchases[place]
        by_spend = self.spend_model.squares(self.base.x) * (pairs + (1 + self.spend_model.within) * mean) - mean**2
        return np.maximum(by_spend, 0) * (self.margin * self.worth[place] * self.spend) ** 2
