"""Files larger than memory: what opening them and each answer takes, how that grows, and the highest memory."""

import shutil
import time
from pathlib import Path

from benchmarks.data import parquet_folder
from benchmarks.report import machine
from benchmarks.worker import MEGABYTE, Worker

AN_ORDER = 5  # events for every order
QUESTIONS = {"events": ("read", "funnel", "breakdown", "retention"), "orders": ("read", "clv")}
WORDS = {
    "read": "opened",
    "funnel": "funnel, 4 steps within 7 days",
    "breakdown": "funnel by channel at the entry",
    "retention": "monthly retention",
    "clv": "CLV summary of every customer",
}


def large(folder: Path, sizes: list[int]) -> None:
    """Print it for each number of events, generated into `folder`, which is emptied of them again."""
    print(f"{machine()}; every table in a process of its own")
    for n in sizes:
        for kind, asked in QUESTIONS.items():
            rows = n if kind == "events" else n // AN_ORDER
            began = time.perf_counter()
            path = parquet_folder(kind, rows, folder)
            size = sum(file.stat().st_size for file in path.iterdir())
            made = time.perf_counter() - began
            print(f"\n== {rows:,} {kind}, {size / MEGABYTE:,.0f} MB of Parquet (generated in {made:,.0f} s)")
            try:
                _asked(kind, path, asked)
            finally:
                shutil.rmtree(path)


def _asked(kind: str, path: Path, asked: tuple[str, ...]) -> None:
    worker = Worker("benchmarks.engines.disk")
    for question in asked:
        given = (kind, str(path)) if question == "read" else ()
        answer = worker.ask(question, *given)
        said = ", ".join(f"{number:,}" for number in answer[:6])
        print(f"  {WORDS[question]:34}{worker.seconds:>9.1f} s   {worker.total:>7,.0f} MB at most   {said}", flush=True)
    worker.end()
