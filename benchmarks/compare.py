"""This project beside its peers: reading, the first answer, warm answers, memory.

Every engine has a process of its own; they are asked in turn, round by round, so that a slow moment of the machine hits
all of them. Ends with an error where two engines give different answers.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks.data import csv_file
from benchmarks.engines import LIMIT, NAMES, PROJECT
from benchmarks.questions import Question
from benchmarks.report import machine, show_growth, table
from benchmarks.worker import MEGABYTE, Worker

FRESH = 3  # processes an engine, in turn, for the reading and the first answer
OURS = NAMES[PROJECT]


def compare(sizes: list[int], asked: list[Question], engines: list[str], rounds: int) -> None:
    """Print everything for every size, then how our times grow from one size to the next."""
    print(f"{machine()}; medians of {rounds} interleaved rounds ({FRESH} for reading), ratios to {OURS}, ranges")
    ours: dict[str, dict[int, float]] = {}
    for n in sizes:
        for kind in dict.fromkeys(question.kind for question in asked):
            with tempfile.TemporaryDirectory() as folder:
                path = csv_file(kind, n, Path(folder))
                print(f"\n== {n:,} {kind}, {path.stat().st_size / MEGABYTE:,.0f} MB of CSV")
                own = [question for question in asked if question.kind == kind]
                for words, seconds in _measured(path, kind, own, engines, rounds).items():
                    ours.setdefault(words, {})[n] = seconds
    show_growth(ours, sizes)


def _measured(path: Path, kind: str, asked: list[Question], engines: list[str], rounds: int) -> dict[str, float]:
    """Print what was measured on one file; our medians by what was asked."""
    workers, reading, first = _begun(path, kind, asked[0], engines)
    peak = {NAMES[name]: worker.megabytes for name, worker in workers.items() if name != LIMIT}
    measured = {"reading": reading, f"reading, preparing, {asked[0].words}": first}
    table("reading", reading, OURS)
    table(f"the first answer: reading, preparing, {asked[0].words}; highest memory", first, OURS, peak)
    for question in asked:
        measured[question.words] = _warm(workers, question, rounds)
        table(question.words, measured[question.words], OURS)
    for worker in workers.values():
        worker.end()
    return {words: statistics.median(seconds[OURS]) for words, seconds in measured.items() if OURS in seconds}


def _begun(path: Path, kind: str, question: Question, engines: list[str]) -> tuple[dict, dict, dict]:
    """A process for each engine that has read the file and answered once; the times of some such beginnings."""
    reading, first, workers = {}, {}, {}
    for _round in range(FRESH):
        same = _Same()
        for name in engines:
            if name in workers:
                workers[name].end()
            workers[name] = worker = Worker(f"benchmarks.engines.{name}")
            found, read = worker.ask("read", kind, str(path)), worker.seconds
            worker.ask("prepare", kind)
            prepared = worker.seconds
            answer = worker.ask(question.name, *question.given(0))
            if answer:
                same("reading", name, found)
                same(question.words, name, answer)
                reading.setdefault(NAMES[name], []).append(read)
                first.setdefault(NAMES[name], []).append(read + prepared + worker.seconds)
    return workers, reading, first


def _warm(workers: dict[str, Worker], question: Question, rounds: int) -> dict[str, list[float]]:
    """The times of a question in rounds, by the engines that answer it; one round before does not count."""
    seconds = {NAMES[name]: [] for name in workers}
    for number in range(rounds + 1):
        same = _Same()
        for name, worker in workers.items():
            answer = worker.ask(question.name, *question.given(number))
            if answer:
                same(question.words, name, answer)
            if number and worker.seconds:
                seconds[NAMES[name]].append(worker.seconds)
    return {name: own for name, own in seconds.items() if own}


class _Same:
    """Ends the run where two engines answer differently."""

    def __init__(self):
        self.first: dict[str, tuple[str, object]] = {}

    def __call__(self, what: str, name: str, answer: object) -> None:
        other, expected = self.first.setdefault(what, (name, answer))
        if answer != expected:
            raise SystemExit(f"{what}: {NAMES[name]} says {answer}, {NAMES[other]} says {expected}")
