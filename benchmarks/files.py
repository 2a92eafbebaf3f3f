"""The same events in files that are harder to read, beside the clean file."""

import gzip
import random
import tempfile
from pathlib import Path

from benchmarks.data import csv_file
from benchmarks.report import machine, table
from benchmarks.worker import Worker


def files(n: int = 1_000_000, rounds: int = 3) -> None:
    """Print what each file costs to read, in processes of their own, in turn."""
    print(f"{n:,} events, {machine()}; medians of {rounds} interleaved rounds")
    with tempfile.TemporaryDirectory() as folder:
        paths = awkward(csv_file("events", n, Path(folder)).read_text(), Path(folder))
        seconds, memory = {name: [] for name in paths}, {}
        for _round in range(rounds):
            for name, path in paths.items():
                worker = Worker("benchmarks.engines.project")
                worker.ask("read", "events", str(path))
                seconds[name].append(worker.seconds)
                memory[name] = worker.megabytes
                worker.end()
        table("reading", seconds, "clean", memory)


def awkward(content: str, folder: Path) -> dict[str, Path]:
    """The files by what is odd about them."""
    header, *rows = content.splitlines()
    choose = random.Random(1)
    long = [row + ",x" if choose.random() < 0.01 else row for row in rows]  # a stray cell in one row of a hundred
    written = {
        "clean": content.encode(),
        "gzip": gzip.compress(content.encode(), 6),
        "titles above, blank lines": ("Report\n\n" + content.replace("\n", "\n\n", 3)).encode(),
        "UTF-16": content.encode("utf-16"),
        "Windows-1251": content.replace("visit", "визит").encode("cp1251"),
        "1 % of rows too long": "\n".join([header, *long, ""]).encode(),
    }
    paths = {name: folder / f"{place}.csv" for place, name in enumerate(written)}
    for name, path in paths.items():
        path.write_bytes(written[name])
    return paths
