"""Data with a known truth, for the samples, the lessons and the tests."""

from insight.simulate.contracts import Gym, simulate_contracts
from insight.simulate.plain import simulate_events
from insight.simulate.shop import Shop, simulate_shop

__all__ = ["Gym", "Shop", "simulate_contracts", "simulate_events", "simulate_shop"]
