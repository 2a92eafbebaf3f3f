"""The table of customers: each with the value of customers like them."""

import numpy as np
import pandas as pd

from insight.clv.ranges import value_ranges
from insight.clv.tally import days_to_units
from insight.clv.uncertainty import Uncertainty, joint_covariance
from insight.clv.valuation import Base, Valuation
from insight.clv.value_settings import Settings
from insight.log.ids import ascending


def customers_table(
    people: dict[str, np.ndarray],
    valuation: Valuation,
    alive: np.ndarray,
    deciles: pd.DataFrame,
    decimals: int,
    asked: Settings,
) -> tuple[pd.DataFrame, np.ndarray]:
    """The `customers` table, and the row of the base that each customer is in.

    alive : probability of each history
    """
    order = ascending(people["ids"])
    own = {name: column[order] for name, column in people.items()}
    place = _rows_of(own, valuation.base, decimals, asked)
    history = valuation.base.place[place]
    low, high = value_ranges(valuation, asked.asked["annual_discount"])
    revenue = own["revenue"] / 10**decimals
    value = valuation.values[place]
    reached = np.searchsorted(-deciles["lowest"].to_numpy(), -value)
    table = pd.DataFrame(
        {
            "customer_id": pd.array(own["ids"], dtype="str"),
            "frequency": own["repeats"],
            "recency": days_to_units(own["first_to_last"], asked.asked["unit"]),
            "T": days_to_units(own["first_to_end"], asked.asked["unit"]),
            "orders": own["orders"],
            "revenue": revenue,
            "historical_margin": revenue * valuation.margin,
            "expected_purchases": valuation.found.purchases[history],
            "expected_spend": valuation.spend[place],
            "probability_alive": alive[history],
            "value": value,
            "value_low": low[place],
            "value_high": high[place],
            "decile": deciles["decile"].to_numpy()[reached],
        }
    )
    return table, place


def _rows_of(people: dict[str, np.ndarray], base: Base, decimals: int, asked: Settings) -> np.ndarray:
    """The row of each customer: the rows are sorted by history and spend, so it is their rank among distinct ones."""
    keys = [people[name] for name in ("repeats", "first_to_last", "first_to_end", "repeat_spend")]
    order = np.lexsort(keys[::-1])
    new = np.zeros(len(order), bool)
    new[0] = True
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(new) - 1
    return place


def uncertainty_of(valuation: Valuation, slopes: np.ndarray, place: np.ndarray, model_error: float) -> Uncertainty:
    """Of the customers in these rows."""
    return Uncertainty(slopes[place], joint_covariance(valuation), valuation.chance[place], model_error)
