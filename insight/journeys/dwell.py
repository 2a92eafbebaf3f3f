"""How long an event lasts: the time until another one follows it."""

from dataclasses import dataclass

import numpy as np

from insight.journeys.stream import Stream
from insight.log import run_starts
from insight.periods import SECOND

PERCENTS = {"median_seconds": 50, "p25_seconds": 25, "p75_seconds": 75}


@dataclass(frozen=True, eq=False)
class Dwell:
    """How often (`n`) a kind of event is followed by another after so many whole seconds; ascending, by kind."""

    kind: np.ndarray
    seconds: np.ndarray
    n: np.ndarray


def dwell(stream: Stream) -> Dwell:
    """From each run to the next of its unit; the last of a unit has no next, and how long it lasts is not known."""
    followed = np.flatnonzero(stream.unit[1:] == stream.unit[:-1])
    seconds = (stream.time[followed + 1] - stream.time[followed]) // SECOND
    return _added_up(stream.kind[followed].astype(np.int64), seconds, None)


def dwell_merged(parts: list[Dwell]) -> Dwell:
    """Of all customers, given those of disjoint sets of them."""
    return _added_up(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("kind", "seconds", "n")))


def _added_up(kind: np.ndarray, seconds: np.ndarray, n: np.ndarray | None) -> Dwell:
    span = int(seconds.max(initial=0)) + 1
    key = kind * span + seconds
    if n is None:
        key = np.sort(key.astype(np.int32) if key.max(initial=0) < 2**31 else key).astype(np.int64)
        first = run_starts(key)
        return Dwell(key[first] // span, key[first] % span, np.diff(np.append(first, len(key))))
    order = np.argsort(key, kind="stable")
    first = run_starts(key[order])
    total = np.add.reduceat(n[order], first) if len(first) else n
    return Dwell(key[order][first] // span, key[order][first] % span, total)


def quantiles(found: Dwell, kinds: np.ndarray) -> dict[str, np.ndarray]:
    """For each of these kinds the smallest number of seconds by which so many were followed; NaN where none was."""
    low, high = np.searchsorted(found.kind, [kinds, kinds + 1])
    upto = np.append(0, np.cumsum(found.n))
    seconds = np.append(found.seconds, 0)
    columns = {}
    for name, percent in PERCENTS.items():
        wanted = -(-percent * (upto[high] - upto[low]) // 100)  # rounded up, in whole numbers
        at = np.searchsorted(upto[1:], upto[low] + wanted)
        columns[name] = np.where(high > low, seconds[np.minimum(at, len(found.n))], np.nan)
    return columns
