"""Models beside the libraries that analysts use for them: the same table, a process each, asked in turn.

Customer lifetime value: fits and predictions beside lifetimes; their likelihoods must be the same. Attribution: beside
ChannelAttribution, which simulates the chain that is solved here; how far each is from the exact answer is told, too.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from benchmarks.data import histories, paths
from benchmarks.report import machine, table
from benchmarks.worker import Worker

OURS = "this project"
CLV = {OURS: "clv", "lifetimes": "lifetimes"}
ATTRIBUTION = {OURS: "attribution", "ChannelAttribution": "channelattribution"}
MODELS = ("bg_nbd", "mbg_nbd", "gamma_gamma", "pareto_nbd")
ORDERS = (1, 2, 3)
WEEKS = 52
SAME_LIKELIHOOD = 1e-6  # relative
SAME_PREDICTION = 1e-3  # a simplex stops where parameters on a ridge still differ in the third digit
EXACT = 1e-9  # of the conversions
NEAR = 0.05  # of the conversions: a simulation that is farther off answers another question
PATIENCE = 20  # seconds: what takes longer is asked once


def clv(sizes: list[int], models: list[str], rounds: int) -> None:
    """Print the times of every fit and prediction for each number of customers."""
    for n in sizes:
        with _reading(CLV, histories(n), f"{n:,} customers, {rounds} rounds") as workers:
            for model in models:
                _told(workers, f"{model}: fit", rounds, "fit", model)
                likelihoods = {name: worker.ask("likelihood", model) for name, worker in workers.items()}
                _check_same(f"log-likelihood of {model}", likelihoods, SAME_LIKELIHOOD)
                expected = _told(workers, f"{model}: what {WEEKS} weeks bring", rounds, "predict", model, WEEKS)
                _check_same(f"prediction of {model}", expected, SAME_PREDICTION)


def attribution(sizes: list[int], rounds: int, orders: tuple[int, ...] = ORDERS) -> None:
    """Print the times of rules and chains for each number of journeys, and the distance to the exact answer."""
    for n in sizes:
        with _reading(ATTRIBUTION | {"exact": "solved"}, paths(n), f"{n:,} journeys, {rounds} rounds") as workers:
            solved = workers.pop("exact")
            asked = {"first, last, linear": ("rules",)}
            asked |= {f"Markov chain of order {order}": ("markov", order) for order in orders}
            for words, question in asked.items():
                found = _told(workers, words, rounds, *question)
                _check_exact(words, found, solved.ask(*question))
            _told({OURS: workers[OURS]}, "all models that need no times", rounds, "every")


@contextmanager
def _reading(engines: dict[str, str], rows: pd.DataFrame, words: str) -> Iterator[dict[str, Worker]]:
    """A process for each engine that has read these rows. Raises SystemExit where a peer is not installed."""
    for peer in engines:
        if peer in ("lifetimes", "ChannelAttribution") and find_spec(peer) is None:
            raise SystemExit(f"{peer} is not installed: python -m pip install -r benchmarks/requirements.txt")
    print(f"\n== {words}; {machine()}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        rows.to_parquet(path, index=False)
        workers = {name: Worker(f"benchmarks.engines.{module}") for name, module in engines.items()}
        try:
            for name, worker in workers.items():
                if worker.ask("read", str(path)) != len(rows):
                    raise SystemExit(f"{name} did not read all rows.")
            yield dict(workers)
        finally:
            for worker in workers.values():
                worker.end()


def _told(workers: dict[str, Worker], words: str, rounds: int, *question: object) -> dict[str, object]:
    """Ask everybody in rounds and print how long it took; their last answers. The first round does not count for those
    who are asked again."""
    seconds, answers, memory = {name: [] for name in workers}, {}, {}
    for number in range(rounds + 1):
        for name, worker in workers.items():
            if number and seconds[name][0] > PATIENCE:
                continue
            answers[name] = worker.ask(*question)
            seconds[name].append(worker.seconds)
            memory[name] = worker.megabytes
    counted = {name: own[1:] or own for name, own in seconds.items()}
    table(words, counted, OURS, memory)
    return answers


def _check_same(what: str, found: dict[str, float], within: float) -> None:
    """Print the largest difference to ours. Raises SystemExit where it is too large."""
    ours = found[OURS]
    off = [abs(value / ours - 1) for value in found.values()]
    if not all(one <= within for one in off):  # nor where one is not a number
        raise SystemExit(f"{what}: {found}")
    print(f"  {what}: {ours:,.4f}, the same within {max(off):.1e}", flush=True)


def _check_exact(what: str, found: dict[str, dict], exact: dict) -> None:
    """Print how far everybody is from the exact credits. Raises SystemExit where that is too far."""
    for name, models in found.items():
        far = max(_distance(credits, exact[model]) for model, credits in models.items())
        worst = max(_worst(credits, exact[model]) for model, credits in models.items())
        print(f"  {name:26}off by {far:.2g} of the conversions in all, by {worst:.2g} of a channel's", flush=True)
        if not far <= (EXACT if name == OURS else NEAR):
            raise SystemExit(f"{what}: {name} says {models}, exact is {exact}")


def _distance(credits: dict[str, float], exact: dict[str, float]) -> float:
    """The sum of all differences, as a share of the conversions.

    >>> _distance({"ads": 60, "mail": 40}, {"ads": 50, "mail": 50})
    0.2
    """
    channels = credits.keys() | exact.keys()
    return sum(abs(credits.get(name, 0) - exact.get(name, 0)) for name in channels) / sum(exact.values())


def _worst(credits: dict[str, float], exact: dict[str, float]) -> float:
    """The largest difference of a channel, as a share of what it should get."""
    return max(abs(credits.get(name, 0) / own - 1) for name, own in exact.items() if own)
