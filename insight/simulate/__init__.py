"""Data with a known truth, for the samples, the lessons and the tests."""

from insight.simulate.plain import simulate_events
from insight.simulate.shop import Shop, simulate_shop

__all__ = ["Shop", "simulate_events", "simulate_shop"]
