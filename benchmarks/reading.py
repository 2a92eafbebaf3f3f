"""A CSV of a million rows to a table with dates: this project beside what a user would read it with, in one run.

    python -m pip install -r benchmarks/requirements.txt
    python -m benchmarks.reading                 # 1 million events
    python -m benchmarks.reading 10_000_000

Every measurement is a process of its own, so that the peak of its memory is its own; its imports are not counted. The
rounds are interleaved. Prints medians, ranges, and ratios to Polars. Stops with an error when the tables differ in
their number of rows or in their first and last time. This project says what is odd in the file as well, and keeps each
row's number; sorting for analysis (`.log`) is not part of reading. A second table shows what awkward files cost.
"""

import gzip
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROUNDS = 5
MEGABYTE = 1_000_000


def insight() -> Callable[[str], tuple]:
    from insight.tables.opening.formats import open_table
    from insight.tables.read import event_log

    def read(path: str) -> tuple:
        frame = event_log(open_table(path)).frame
        return frame, len(frame), frame["timestamp"].min(), frame["timestamp"].max()

    return read


def polars() -> Callable[[str], tuple]:
    import polars as pl

    def read(path: str) -> tuple:
        frame = pl.read_csv(path, try_parse_dates=True)
        return frame, len(frame), frame["timestamp"].min(), frame["timestamp"].max()

    return read


def duckdb() -> Callable[[str], tuple]:
    import duckdb

    def read(path: str) -> tuple:
        base = duckdb.connect()
        base.execute(f"CREATE TABLE events AS SELECT * FROM read_csv('{path}')")
        return base, *base.execute("SELECT count(*), min(timestamp), max(timestamp) FROM events").fetchone()

    return read


def pandas() -> Callable[[str], tuple]:
    import pandas as pd

    def read(path: str) -> tuple:
        frame = pd.read_csv(path, parse_dates=["timestamp"])
        return frame, len(frame), frame["timestamp"].min(), frame["timestamp"].max()

    return read


ENGINES = {"this project": insight, "Polars": polars, "DuckDB": duckdb, "pandas": pandas}


def measure_here(engine: str, path: str) -> None:
    """Read once in this process and print what it took and gave, as JSON."""
    read = ENGINES[engine]()
    before = _peak_megabytes()
    begin = time.perf_counter()
    _table, n_rows, first, last = read(path)
    seconds = time.perf_counter() - begin
    found = [n_rows, f"{first:%Y-%m-%d %H:%M:%S}", f"{last:%Y-%m-%d %H:%M:%S}"]
    print(json.dumps({"seconds": seconds, "megabytes": _peak_megabytes() - before, "found": found}))


def _peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says on Linux includes the process that started this one
        return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) * 1024 / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def measured(engine: str, path: Path) -> dict:
    """What one process of its own took to read the file."""
    command = [sys.executable, "-m", "benchmarks.reading", "--here", engine, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return json.loads(done.stdout)


def interleaved(runs: list[tuple[str, str, Path]]) -> dict[str, list[dict]]:
    """All runs (name, engine, file) in turn, some rounds; raises SystemExit when they find different tables."""
    results = {name: [] for name, _engine, _path in runs}
    for _round in range(ROUNDS):
        for name, engine, path in runs:
            results[name].append(measured(engine, path))
    found = {name: rounds[0]["found"] for name, rounds in results.items()}
    if len(set(map(tuple, found.values()))) > 1:
        raise SystemExit(f"The tables differ: {found}")
    return results


def show(results: dict[str, list[dict]], beside: str) -> None:
    """Medians and ranges, and the ratio to one of them."""
    base = statistics.median(one["seconds"] for one in results[beside])
    print(f"\n{'':30}{'seconds':>10}{'range':>14}{'ratio':>8}{'peak MB':>10}")
    for name, rounds in results.items():
        seconds = [one["seconds"] for one in rounds]
        middle, peak = statistics.median(seconds), statistics.median(one["megabytes"] for one in rounds)
        spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
        print(f"{name:30}{middle:>10.2f}{spread:>14}{middle / base:>7.2f}x{peak:>10,.0f}")


def awkward(content: str, folder: Path) -> dict[str, Path]:
    """The same events in files that are harder to read."""
    header, *rows = content.splitlines()
    choose = random.Random(1)
    short = [row + ",x" if choose.random() < 0.01 else row for row in rows]  # a stray cell in one row of a hundred
    files = {
        "clean": content.encode(),
        "gzip": gzip.compress(content.encode(), 6),
        "titles above, blank lines": ("Report\n\n" + content.replace("\n", "\n\n", 3)).encode(),
        "UTF-16": content.encode("utf-16"),
        "Windows-1251": content.replace("visit", "визит").encode("cp1251"),
        "1 % of rows too long": "\n".join([header, *short, ""]).encode(),
    }
    paths = {}
    for place, (name, bytes_) in enumerate(files.items()):
        paths[name] = folder / f"{place}.csv"
        paths[name].write_bytes(bytes_)
    return paths


def main() -> None:
    if sys.argv[1:2] == ["--here"]:
        measure_here(*sys.argv[2:])
        return
    from benchmarks.funnel import generated  # here, so that a measuring process imports one engine alone

    n = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 1_000_000
    machine = f"{os.cpu_count()} cores {platform.machine()}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        generated(n).to_csv(path, index=False)
        size = path.stat().st_size / MEGABYTE
        print(f"{n:,} events, {size:,.0f} MB, {date.today()}, Python {platform.python_version()}, {machine}")
        show(interleaved([(name, name, path) for name in ENGINES]), "Polars")
        files = awkward(path.read_text(), Path(folder))
        show(interleaved([(name, "this project", file) for name, file in files.items()]), "clean")


if __name__ == "__main__":
    main()
