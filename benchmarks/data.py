"""Generated tables of any size: events of visits, and orders, in order of time, as a shop exports them; histories of
customers, and paths of touches."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

FIRST_DAY = "2026-01-01"
DAYS = 90  # of what the peers are compared on: whole months, so that every cell of a retention table is over
STEPS = ("visit", "product_view", "add_to_cart", "purchase")
SHARES = (0.45, 0.3, 0.15, 0.1)  # of the steps among the events: the commonest is the first
CHANNELS = ("ads", "direct", "mail", "partner", "search", "social")
A_VISIT = 5  # events, on average
PAUSE = 300  # seconds at most from one event of a visit to the next
REFUNDS = 0.03  # of the orders
TOUCHES = ("search", "ads", "mail", "social", "direct", "partner", "video", "display", "push", "print", "tv", "fair")
MOST_TOUCHES = 30


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


def histories(n: int, *, seed: int = 3) -> pd.DataFrame:
    """n customers, seen for half a year to two years: frequency, recency, T (weeks, of whole days), monetary_value.

    They buy and leave as the Pareto/NBD model says, and spend as the Gamma-Gamma model says, with its parameters for
    the customers of CDNOW.
    """
    rng = np.random.default_rng(seed)
    age = rng.integers(182, 728, n)
    weeks = np.minimum(rng.exponential(size=n) / np.maximum(rng.gamma(0.61, 1 / 11.7, n), 1e-9), age / 7)
    x = rng.poisson(rng.gamma(0.55, 1 / 10.6, n) * weeks)
    last = np.minimum(np.ceil(7 * weeks * rng.random(n) ** (1 / np.maximum(x, 1))).astype(np.int64), age)
    x = np.minimum(x, last)  # purchase days, so no more of them than days
    spend = rng.gamma(6.25 * np.maximum(x, 1)) / (np.maximum(x, 1) * rng.gamma(3.74, 1 / 15.4, n))
    return pd.DataFrame(
        {
            "frequency": x,
            "recency": np.where(x > 0, last, 0) / 7,
            "T": age / 7,
            "monetary_value": np.where(x > 0, spend.round(2) + 0.01, 0.0),
        }
    )


def paths(n: int, *, seed: int = 4) -> pd.DataFrame:
    """n journeys: path ("ads > mail"), conversions and nulls (one of them 1), value (of the conversion).

    Some channels are met often, some seldom; one often leads to a certain other; some close better.
    """
    rng = np.random.default_rng(seed)
    length = np.minimum(rng.geometric(0.3, n), MOST_TOUCHES)
    end = np.cumsum(length)
    touch = len(TOUCHES) * rng.random(end[-1]) ** 2
    touch = touch.astype(np.int64)
    led = rng.random(len(touch)) < 0.35
    led[end - length] = False
    touch = np.where(led, (5 * np.roll(touch, 1) + 3) % len(TOUCHES), touch)
    won = rng.random(n) < 0.05 + 0.02 * np.minimum(length, 5) + 0.1 * (touch[end - 1] % 4 == 0)
    offsets = pa.array(np.concatenate([[0], end]), pa.int32())
    lists = pa.ListArray.from_arrays(offsets, pa.array(TOUCHES).take(pa.array(touch)))
    return pd.DataFrame(
        {
            "path": pc.binary_join(lists, " > ").to_pandas().astype("str"),
            "conversions": won.astype(np.int64),
            "nulls": (~won).astype(np.int64),
            "value": np.where(won, rng.lognormal(3.5, 0.8, n).round(2), 0.0),
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
