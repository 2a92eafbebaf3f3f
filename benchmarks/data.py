"""Generated tables of any size: events of visits, and orders; in order of time, as a shop exports them."""

from pathlib import Path

import numpy as np
import pandas as pd

FIRST_DAY = "2026-01-01"
DAYS = 90  # of what the peers are compared on: whole months, so that every cell of a retention table is over
STEPS = ("visit", "product_view", "add_to_cart", "purchase")
SHARES = (0.45, 0.3, 0.15, 0.1)  # of the steps among the events: the commonest is the first
CHANNELS = ("ads", "direct", "mail", "partner", "search", "social")
A_VISIT = 5  # events, on average
PAUSE = 300  # seconds at most from one event of a visit to the next
REFUNDS = 0.03  # of the orders


def events(n: int, *, customers: int, days: int = DAYS, first: str = FIRST_DAY, seed: int = 1) -> pd.DataFrame:
    """n events in visits: customer_id, event, timestamp (whole seconds), channel (of the visit).

    Some customers come often, most seldom. Two events of a customer in the same second have the same channel.
    """
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(1 / A_VISIT, n)
    visit = np.repeat(np.arange(n), lengths)[:n]
    place = np.arange(n) - np.concatenate([[0], np.cumsum(lengths)])[visit]
    pauses = np.cumsum(np.where(place == 0, 0, rng.integers(0, PAUSE, n)))
    begins = np.maximum.accumulate(np.where(place == 0, np.arange(n), 0))
    seconds = rng.integers(0, days * 86_400 - 20 * PAUSE, n)[visit] + pauses - pauses[begins]
    by_time = np.argsort(seconds, kind="stable")
    customer, seconds = _customers(rng, customers, n)[visit][by_time], seconds[by_time]
    step = np.searchsorted(np.cumsum(SHARES)[:-1], rng.random(n), side="right")
    channel = (customer * 7 + seconds // 86_400 * 13) % 31 % len(CHANNELS)
    return pd.DataFrame(
        {
            "customer_id": _ids(customer),
            "event": pd.Categorical.from_codes(step, STEPS),
            "timestamp": _times(first, seconds),
            "channel": pd.Categorical.from_codes(channel, CHANNELS),
        }
    )


def orders(n: int, *, customers: int, days: int = DAYS, first: str = FIRST_DAY, seed: int = 2) -> pd.DataFrame:
    """n orders: order_id, customer_id, order_date (whole seconds), amount (two decimals; below zero for a refund)."""
    rng = np.random.default_rng(seed)
    cents = (100 * rng.lognormal(3.5, 0.8, n)).astype(np.int64) + 1
    return pd.DataFrame(
        {
            "order_id": np.arange(n) + seed * 10**9,
            "customer_id": _ids(_customers(rng, customers, n)),
            "order_date": _times(first, np.sort(rng.integers(0, days * 86_400, n))),
            "amount": np.where(rng.random(n) < REFUNDS, -cents, cents) / 100,
        }
    )


TABLES = {"events": (events, 10), "orders": (orders, 4)}  # kind -> how it is made, rows a customer


def csv_file(kind: str, n: int, folder: Path) -> Path:
    """A CSV file of n rows."""
    make, each = TABLES[kind]
    path = folder / f"{kind}.csv"
    make(n, customers=max(n // each, 1)).to_csv(path, index=False)
    return path


def parquet_folder(kind: str, n: int, folder: Path, *, days: int = 365, parts: int = 52) -> Path:
    """A folder of Parquet files of n rows altogether, one a week; no more than one is in memory at a time."""
    make, each = TABLES[kind]
    folder = folder / f"{kind}-{n}"
    folder.mkdir(parents=True, exist_ok=True)
    bounds = np.linspace(0, n, parts + 1).astype(int)
    for part in range(parts):
        first_day, last_day = days * part // parts, days * (part + 1) // parts
        rows = make(
            int(bounds[part + 1] - bounds[part]),
            customers=max(n // each, 1),
            days=last_day - first_day,
            first=str(np.datetime64(FIRST_DAY) + first_day),
            seed=1000 + part,
        )
        rows.to_parquet(folder / f"{part:03}.parquet", index=False)
    return folder


def _customers(rng: np.random.Generator, customers: int, n: int) -> np.ndarray:
    """Numbers of customers: the square makes low ones frequent."""
    return (customers * rng.random(n) ** 2).astype(np.int64)


def _ids(customer: np.ndarray) -> pd.Series:
    codes, distinct = pd.factorize(customer)
    return pd.Series(pd.array([f"c{number:08d}" for number in distinct], dtype="str").take(codes))


def _times(first: str, seconds: np.ndarray) -> np.ndarray:
    return np.datetime64(first, "us") + seconds.astype("timedelta64[s]")
