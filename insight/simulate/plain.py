"""A plain event log with given step conversions: for tests, lessons and large benchmarks."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from insight.errors import InsightError


def simulate_events(
    *,
    customers: int = 1000,
    steps: Sequence[str] = ("visit", "product_view", "add_to_cart", "purchase"),
    conversion: Sequence[float] | Mapping[str, Sequence[float]] = (0.6, 0.4, 0.5),
    shares: Mapping[str, float] | None = None,
    visits: int = 1,
    delay: str = "10min",
    start: str = "2025-01-01",
    days: int = 30,
    seed: int = 7,
) -> pd.DataFrame:
    """An event log in which each customer goes from step to step with the given chances.

    Each of a customer's `visits` begins with the first step at an even moment of the period and goes on from step k to
    k + 1 with chance `conversion[k]`, after an exponential delay of mean `delay` in whole seconds, at least one. With
    one visit a customer, these chances are the true step conversions of the funnel; with more, those of an attempt.

    customers : how many, each with at least the first event
    conversion : one chance for each step after the first; or such a list for each group, which adds a `channel` column
    shares : of the groups, e.g. ``{"ads": 0.8, "email": 0.2}``; None: equal
    start, days : first steps fall in the `days` days from midnight of `start`; later steps may fall after them

    Returns a DataFrame in order of time: customer_id (str), timestamp (datetime64[us]), event (str)[, channel (str)].

    Raises InsightError where the chances do not fit the steps or the groups.

    >>> log = simulate_events(customers=500, steps=["visit", "buy"], conversion=[0.3], seed=1)
    >>> log["event"].value_counts().to_dict()
    {'visit': 500, 'buy': 144}
    """
    groups = conversion if isinstance(conversion, Mapping) else {"": conversion}
    rates = _rates(groups, steps)
    rng = np.random.default_rng(seed)
    weights = np.array([(shares or dict.fromkeys(groups, 1.0)).get(name, 0.0) for name in groups])
    group = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(customers), side="right")

    attempts = customers * visits
    customer = np.repeat(np.arange(customers), visits)
    goes_on = rng.random((attempts, len(steps) - 1)) < rates[group[customer]]
    there = np.c_[np.ones(attempts, bool), np.logical_and.accumulate(goes_on, axis=1)]
    mean = pd.Timedelta(delay).total_seconds()
    seconds = np.empty(there.shape, np.int64)
    seconds[:, 0] = rng.integers(0, days * 86_400, attempts)
    seconds[:, 1:] = 1 + (mean * rng.standard_exponential((attempts, len(steps) - 1), dtype=np.float32)).astype(
        np.int64
    )
    attempt, step = np.nonzero(there)
    moment = np.cumsum(seconds, axis=1)[attempt, step]
    by_time = np.argsort(moment, kind="stable")
    customer, step = customer[attempt[by_time]], step[by_time]

    names = pd.array([f"C{n:0{max(5, len(str(customers)))}d}" for n in range(1, customers + 1)], dtype="str")
    log = pd.DataFrame({"customer_id": names.take(customer)})
    log["timestamp"] = np.datetime64(start, "us") + moment[by_time].astype("timedelta64[s]")
    log["event"] = pd.array(list(steps), dtype="str").take(step)
    if isinstance(conversion, Mapping):
        log["channel"] = pd.array(list(groups), dtype="str").take(group[customer])
    return log


def _rates(groups: Mapping[str, Sequence[float]], steps: Sequence[str]) -> np.ndarray:
    """Chances as a table: a row a group, a column a step after the first."""
    for name, chances in groups.items():
        if len(chances) != len(steps) - 1 or not all(0 <= chance <= 1 for chance in chances):
            where = f" for {name!r}" if name else ""
            raise InsightError(
                f"conversion{where} = {list(chances)!r} does not fit: "
                f"{len(steps)} steps need {len(steps) - 1} chances between 0 and 1."
            )
    return np.array([list(chances) for chances in groups.values()], float).reshape(len(groups), len(steps) - 1)
