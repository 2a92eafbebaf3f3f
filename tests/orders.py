"""Order tables made at random, and counted in parts."""

import numpy as np
import pandas as pd

from insight import read_orders
from insight.tables.order_log import order_log
from insight.tables.table import Counted


def order_table(seed=1, n=2000, customers=300, days=120, **more):
    """Orders of a season: some free, some refunds, several on one day, customers who only took things back."""
    rng = np.random.default_rng(seed)
    buyer = rng.integers(0, customers, n)
    amount = rng.choice([0, 500, 999, 2000, 2000, 12345, -700], n)
    frame = pd.DataFrame(
        {
            "order_id": np.arange(n).astype(str),
            "customer_id": [f"c{number:04}" for number in buyer],
            "order_date": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, days * 24 * 60, n), unit="min"),
            "amount": np.where(buyer < 4, -np.abs(amount) - 1, amount) / 100,
        }
    )
    return read_orders(frame, **more)


def order_parts(orders, n_parts=5, seed=2):
    """The logs of disjoint sets of customers; with n_parts=None one customer each."""
    owner, ids = pd.factorize(orders.frame["customer_id"])
    bucket = np.arange(len(ids)) if n_parts is None else np.random.default_rng(seed).integers(0, n_parts, len(ids))
    for number in np.unique(bucket):
        part = orders.frame[bucket[owner] == number].reset_index(drop=True)
        yield order_log(part, cancelled=False, timezone=orders.timezone, dates_only=orders.dates_only)


class InParts(Counted):
    """An order table that counts its customers in parts, as a table on disk does."""

    kind, reader = "orders", "read_orders"

    def __init__(self, orders, n_parts=5):
        self.orders, self.n_parts = orders, n_parts

    @property
    def facts(self):
        return self.orders.facts

    def tally(self, count, merged, *, columns=()):
        return merged([count(log) for log in order_parts(self.orders, self.n_parts)][::-1])
