"""A four-step funnel with a 7-day window: this project beside what a user would use instead, in one run.

    python -m pip install -r benchmarks/requirements.txt
    python -m benchmarks.funnel                 # 1 million events
    python -m benchmarks.funnel 10_000_000
    python -m benchmarks.funnel modes           # this project's own modes beside its plain funnel

Prints for everyone the first answer (read the CSV, prepare, funnel) and the warm answer (everything loaded), as the
median and range of interleaved rounds and as a ratio to this project. Stops with an error when the counts differ: all
count customers whose best attempt reaches each step in time, everybody who entered, equal times in any order, which is
what ClickHouse's windowFunnel counts for distinct steps.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import chdb.session
import duckdb
import numpy as np
import pandas as pd
import polars as pl

from insight import funnel, read_events

STEPS = ["visit", "product_view", "add_to_cart", "purchase"]
SHARES = {"visit": 0.45, "product_view": 0.3, "add_to_cart": 0.15, "purchase": 0.1}  # the commonest event first
WINDOW = 7 * 86_400
MODES = {
    "plain": {},
    "first attempt": {"reentry": "first"},
    "breakdown": {"by": "channel"},
    "breakdown, last step": {"by": {"column": "channel", "value": "last"}},
    "strict": {"order": "strict"},
    "any": {"order": "any"},
    "open": {"order": "open"},
    "filter": {"steps": [{"events": "visit", "where": [["value", ">", 100]]}, *STEPS[1:]]},
    "optional step": {"steps": [*STEPS[:2], {"events": "add_to_cart", "optional": True}, "purchase"]},
    "largest gap": {"steps": [*STEPS[:3], {"events": "purchase", "max_gap": "1D"}]},
    "exclusion": {"steps": ["visit", "purchase"], "exclude": {"events": "add_to_cart"}},
    "exclusion, remove": {"steps": ["visit", "purchase"], "exclude": {"events": "add_to_cart", "effect": "remove"}},
    "sessions": {"unit": "session"},
}
ROUNDS = 5


def generated(n: int) -> pd.DataFrame:
    """n events of n / 10 customers over 90 days, whole seconds, in random order."""
    rng = np.random.default_rng(1)
    customer = rng.integers(0, max(n // 10, 1), n)
    seconds = rng.integers(0, 90 * 86_400, n)
    names = np.array(list(SHARES))
    return pd.DataFrame(
        {
            "customer_id": pd.Series(customer).map("c{:08d}".format),
            "event": names[np.searchsorted(np.cumsum(list(SHARES.values())), rng.random(n))],
            "timestamp": pd.Timestamp("2026-01-01") + pd.to_timedelta(seconds, unit="s"),
        }
    )


class Insight:
    name = "this project"

    def load(self, path: Path) -> None:
        self.events = read_events(path)

    def answer(self) -> list[int]:
        self.forget()
        return self.window_moved()

    def forget(self) -> None:
        """Forget the attempts, which are what is measured; keep the prepared log."""
        log = self.events.log
        with log._lock:
            for key in [key for key in log._memory if key[0] in ("attempts", "groups", "room", "sessions")]:
                del log._memory[key]

    def window_moved(self) -> list[int]:
        return funnel(self.events, steps=STEPS, within="7D", entries="all").steps["reached"].tolist()


class ClickHouse:
    name = "chDB windowFunnel"

    def load(self, path: Path) -> None:
        self.session = chdb.session.Session()
        self.session.query("CREATE DATABASE IF NOT EXISTS b")
        self.session.query("DROP TABLE IF EXISTS b.e")
        self.session.query(
            "CREATE TABLE b.e (customer_id LowCardinality(String), event LowCardinality(String), timestamp DateTime)"
            " ENGINE = Memory SETTINGS allow_suspicious_low_cardinality_types = 1"
        )
        self.session.query(f"INSERT INTO b.e SELECT * FROM file('{path}', CSVWithNames)")

    def answer(self) -> list[int]:
        events = ", ".join(f"event = '{step}'" for step in STEPS)
        levels = ", ".join(f"countIf(level >= {k})" for k in range(1, len(STEPS) + 1))
        found = self.session.query(
            f"SELECT {levels} FROM (SELECT windowFunnel({WINDOW})(timestamp, {events}) AS level"
            " FROM b.e GROUP BY customer_id)",
            "CSV",
        )
        return [int(n) for n in str(found).strip().split(",")]


class Pandas:
    name = "pandas merge_asof"

    def load(self, path: Path) -> None:
        self.events = pd.read_csv(path, parse_dates=["timestamp"]).sort_values("timestamp", kind="stable")

    def answer(self) -> list[int]:
        own = self.events["event"]
        chains = self.events.loc[own == STEPS[0], ["customer_id", "timestamp"]]
        chains = chains.assign(entry=chains["timestamp"])
        reached = [chains["customer_id"].nunique()]
        for step in STEPS[1:]:
            arrivals = self.events.loc[own == step, ["customer_id", "timestamp"]]
            chains = pd.merge_asof(arrivals, chains, on="timestamp", by="customer_id").dropna()
            in_time = chains["timestamp"] - chains["entry"] <= pd.Timedelta(seconds=WINDOW)
            chains = chains[in_time]
            reached.append(chains["customer_id"].nunique())
        return reached


class Polars:
    name = "Polars join_asof"

    def load(self, path: Path) -> None:
        events = pl.read_csv(path, try_parse_dates=True)
        codes = pl.col("customer_id").cast(pl.Categorical).to_physical()
        self.events = events.with_columns(codes, pl.col("event").cast(pl.Categorical)).sort("timestamp")

    def answer(self) -> list[int]:
        def rows(step: str) -> pl.DataFrame:
            return self.events.filter(pl.col("event") == step).select("customer_id", "timestamp")

        chains = rows(STEPS[0]).with_columns(entry=pl.col("timestamp"))
        reached = [chains["customer_id"].n_unique()]
        for step in STEPS[1:]:
            chains = rows(step).join_asof(chains, on="timestamp", by="customer_id", check_sortedness=False)
            chains = chains.filter(pl.col("timestamp") - pl.col("entry") <= pl.duration(seconds=WINDOW))
            reached.append(chains["customer_id"].n_unique())
        return reached


class DuckDB:
    name = "DuckDB ASOF join"

    def load(self, path: Path) -> None:
        self.base = duckdb.connect()
        self.base.execute(f"CREATE TABLE raw AS SELECT * FROM read_csv('{path}')")
        self.base.execute(
            "CREATE TABLE e AS SELECT dense_rank() OVER (ORDER BY customer_id) AS c, event, timestamp AS t FROM raw"
        )

    def answer(self) -> list[int]:
        tables = [f"s1 AS (SELECT c, t, t AS entry FROM e WHERE event = '{STEPS[0]}')"]
        for k, step in enumerate(STEPS[1:], start=2):
            tables.append(
                f"s{k} AS (SELECT a.c, a.t, b.entry FROM (SELECT c, t FROM e WHERE event = '{step}') a"
                f" ASOF JOIN s{k - 1} b ON a.c = b.c AND a.t >= b.t"
                f" WHERE a.t - b.entry <= INTERVAL {WINDOW} SECOND)"
            )
        counts = ", ".join(f"(SELECT count(DISTINCT c) FROM s{k})" for k in range(1, len(STEPS) + 1))
        return list(self.base.execute(f"WITH {', '.join(tables)} SELECT {counts}").fetchone())


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """How long it took, and what it gave."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def measured(path: Path) -> tuple[dict[str, float], dict[str, list[float]]]:
    """First answers, and warm answers of interleaved rounds, by name. Raises SystemExit when counts differ."""
    engines = [Insight(), ClickHouse(), Pandas(), Polars(), DuckDB()]
    first, warm, counts = {}, {}, {}
    for engine in engines:
        first[engine.name], counts[engine.name] = seconds(lambda engine=engine: (engine.load(path), engine.answer())[1])
        warm[engine.name] = []
    if len(set(map(tuple, counts.values()))) > 1:
        raise SystemExit(f"The counts differ: {counts}")
    print(f"customers at each step, equal for all: {counts[engines[0].name]}")
    warm["window moved"] = []
    for _ in range(ROUNDS):
        for engine in engines:
            warm[engine.name].append(seconds(engine.answer)[0])
        warm["window moved"].append(seconds(engines[0].window_moved)[0])
    return first, warm


def modes() -> None:
    """The time of each mode, in milliseconds: all anew, and with the attempts remembered."""
    own, rng = Insight(), np.random.default_rng(2)
    frame = generated(1_000_000)
    frame["channel"] = np.array(["ads", "mail", "search", "social", "direct", "partner"])[
        rng.integers(0, 6, len(frame))
    ]
    frame["value"] = rng.integers(0, 500, len(frame))
    own.events = read_events(frame)
    print(f"{'':22}{'answer':>10}{'ratio':>8}{'window moved':>14}")
    plain = None
    for name, asked in MODES.items():
        settings = {"steps": STEPS, "entries": "all"} | asked
        anew, moved = [], []
        for _ in range(ROUNDS):
            own.forget()
            anew.append(seconds(lambda settings=settings: funnel(own.events, **settings))[0])
            moved.append(seconds(lambda settings=settings: funnel(own.events, **settings))[0])
        middle = statistics.median(anew)
        plain = plain or middle
        print(f"{name:22}{1000 * middle:>7.1f} ms{middle / plain:>7.1f}x{1000 * statistics.median(moved):>11.1f} ms")


def main() -> None:
    if sys.argv[1:] == ["modes"]:
        return modes()
    n = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000
    print(
        f"{n:,} events, {date.today()}, Python {platform.python_version()}, {os.cpu_count()} cores {platform.machine()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        generated(n).to_csv(path, index=False)
        first, warm = measured(path)
    own_first, own_warm = first[Insight.name], statistics.median(warm[Insight.name])
    print(f"\n{'':22}{'first answer':>14}{'ratio':>8}{'warm answer':>14}{'range':>20}{'ratio':>8}")
    for name, times in warm.items():
        middle = statistics.median(times)
        spread = f"{1000 * min(times):,.1f}-{1000 * max(times):,.1f}"
        begin = f"{first[name]:>12.2f} s{first[name] / own_first:>7.1f}x" if name in first else " " * 22
        print(f"{name:22}{begin}{1000 * middle:>11,.1f} ms{spread:>20}{middle / own_warm:>7.1f}x")


if __name__ == "__main__":
    main()
