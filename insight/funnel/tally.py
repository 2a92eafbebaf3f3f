"""Counting attempts: the tally (counts that add up over disjoint sets of customers) and the tables made of it.

The tally runs where the customers are; the tables are small and made once.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.funnel.attempts import Attempts
from insight.intervals import wilson
from insight.periods import SECOND

OTHER = "Other"
PERCENTS = {"median": 50, "p25": 25, "p75": 75, "p90": 90}


@dataclass(frozen=True, eq=False)
class Seconds:
    """How many customers (`n`) of each `group` took each number of whole `seconds`; three arrays of one length."""

    group: np.ndarray
    seconds: np.ndarray
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts by group of customers.

    entered : customers with an entry, by group
    reached : by group and step; at step 1 the customers who count, then those of them who reached the step in time
    from_first, from_previous : Seconds for each step after the first
    """

    entered: np.ndarray
    reached: np.ndarray
    from_first: list[Seconds]
    from_previous: list[Seconds]


def funnel_tally(tried: Attempts, group: np.ndarray, n_groups: int, *, window: int | None, latest: int | None) -> Tally:
    """Compare the stored times with the window, and count.

    group : the group of each customer code
    window : in microseconds (None: no limit)
    latest : the latest first entry of a customer who counts (None: everybody counts)
    """
    latest = np.iinfo(np.int64).max if latest is None else latest
    window = np.iinfo(np.int64).max if window is None else window
    counted = tried.entered[np.flatnonzero(tried.first_entry <= latest)]  # positions: much faster here than a mask
    reached = [np.bincount(group[counted], minlength=n_groups)]
    from_first, from_previous = [], []
    for step in tried.reached:
        at = np.flatnonzero((step.least <= window) & (step.first_entry <= latest))
        own = group.take(step.customer.take(at))
        reached.append(np.bincount(own, minlength=n_groups))
        from_first.append(_per_second(own, step.least.take(at) // SECOND))
        same = step.from_previous is step.least  # as at step 2
        from_previous.append(from_first[-1] if same else _per_second(own, step.from_previous.take(at) // SECOND))
    entered = np.bincount(group[tried.entered], minlength=n_groups)
    return Tally(entered, np.stack(reached, axis=1), from_first, from_previous)


def _per_second(group: np.ndarray, seconds: np.ndarray, n: np.ndarray | None = None) -> Seconds:
    """Count (or add up `n`) by group and whole second."""
    if not len(seconds):
        return Seconds(group, seconds, seconds)
    span = int(seconds.max()) + 1
    key = group * np.int64(span) + seconds
    if len(key) * 16 > int(key.max()):  # dense: counting beats sorting
        total = np.bincount(key, weights=n)
        found = np.flatnonzero(total != 0)
        total = total[found]
    else:
        found, at = np.unique(key, return_inverse=True)
        total = np.bincount(at, weights=n)
    return Seconds(found // span, found % span, total.astype(np.int64))


# -- finish: small, runs once -----------------------------------------------------------------------------------------


def regrouped(tally: Tally, new_group: np.ndarray, n_groups: int) -> Tally:
    """The tally with groups merged: `new_group` says where each group goes."""
    if len(tally.entered) == n_groups == 1:
        return tally
    entered, reached = np.zeros(n_groups, np.int64), np.zeros((n_groups, tally.reached.shape[1]), np.int64)
    np.add.at(entered, new_group, tally.entered)
    np.add.at(reached, new_group, tally.reached)
    merged = [
        [_per_second(new_group[t.group], t.seconds, t.n) for t in own]
        for own in (tally.from_first, tally.from_previous)
    ]
    return Tally(entered, reached, *merged)


def rows(tally: Tally, group: int, names: list[str], level: float) -> pd.DataFrame:
    """The `steps` table of one group."""
    reached = tally.reached[group]
    with np.errstate(invalid="ignore", divide="ignore"):
        step_conversion = np.append(np.nan, reached[1:] / reached[:-1])
        overall = reached / reached[0]
    step_conversion[0] = overall[0]
    low, high = wilson(reached, reached[0], level)
    low[0] = high[0] = np.nan
    columns = {
        "step": names,
        "reached": reached,
        "step_conversion": step_conversion,
        "overall_conversion": overall,
        "ci_low": low,
        "ci_high": high,
    }
    for suffix, tables in (("seconds", tally.from_first), ("seconds_from_previous", tally.from_previous)):
        for name, percent in PERCENTS.items():
            columns[f"{name}_{suffix}"] = [np.nan, *(_quantile(t, group, percent) for t in tables)]
    return pd.DataFrame(columns)


def _quantile(times: Seconds, group: int, percent: int) -> float:
    """The smallest number of seconds whose cumulative share of the group reaches the percentage."""
    low, high = np.searchsorted(times.group, [group, group + 1])
    cumulative = np.cumsum(times.n[low:high])
    if not len(cumulative):
        return np.nan
    wanted = -(-percent * int(cumulative[-1]) // 100)  # rounded up, in whole numbers
    return float(times.seconds[low + np.searchsorted(cumulative, wanted)])


def group_tables(tally: Tally, names: list[str], level: float, values: list[str], top: int) -> pd.DataFrame:
    """The `groups` table: the largest `top` values by name, the others added up."""
    size = tally.reached[:, 0]
    ranked = sorted(np.flatnonzero(tally.entered), key=lambda g: (-size[g], -tally.entered[g], values[g]))
    shown = ranked if len(ranked) <= top + 1 else ranked[:top]  # bundling a single value would only hide its name
    labels = [values[g] for g in shown]
    if len(shown) < len(ranked):
        labels.append(OTHER if OTHER not in labels else f"{OTHER} ({len(ranked) - len(shown)} more values)")
    new_group = np.full(len(values), len(shown))
    new_group[shown] = np.arange(len(shown))
    merged = regrouped(tally, new_group, len(shown) + 1)
    blocks = [rows(merged, g, names, level) for g in range(len(labels))]
    for block, label in zip(blocks, labels, strict=True):
        block.insert(0, "group", label)
    return pd.concat(blocks, ignore_index=True) if blocks else rows(merged, 0, names, level).iloc[:0].assign(group="")


def times_table(tables: list[Seconds], names: list[str]) -> pd.DataFrame:
    """The `times` table."""
    step = np.repeat(np.arange(len(tables)), [len(t.n) for t in tables])
    columns = {
        "step": pd.Categorical.from_codes(step, names[1:]),
        "seconds": np.concatenate([t.seconds for t in tables]),
        "n": np.concatenate([t.n for t in tables]),
    }
    return pd.DataFrame(columns)
