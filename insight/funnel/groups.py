"""The groups of a breakdown: which value of a column each customer belongs to."""

import numpy as np

from insight.funnel.outcome import FOREVER, Limits, best_attempts
from insight.funnel.reached import Attempts
from insight.funnel.settings import Rules, Settings
from insight.log import NOT_SET, Arrivals, Log


def groups(log: Log, tried: Attempts, settings: Settings) -> tuple[np.ndarray, list[str]]:
    """The group of each customer code, and the groups' names in alphabetical order.

    Several rows in the deciding moment: the alphabetically first value, so that the order of the file plays no role.
    """
    breakdown = settings.breakdown
    if breakdown is None:
        return np.zeros(len(log.customers), np.int32), [""]
    if breakdown.value == "entry":
        key = ("groups", settings.rules, breakdown.column)
        return log.remember(key, lambda: _at_first_entry(log, tried, breakdown.column))
    return _in_best_attempt(log, tried, settings)


def _at_first_entry(log: Log, tried: Attempts, column: str) -> tuple[np.ndarray, list[str]]:
    codes, names = log.values(column)
    group = np.zeros(len(log.customers), np.int32)
    group[tried.entered] = _lowest(tried.entries, codes, tried.first_moment)
    return group, names


def _in_best_attempt(log: Log, tried: Attempts, settings: Settings) -> tuple[np.ndarray, list[str]]:
    """The value at a step of the best attempt; who has not come by that step has none."""
    codes, names = log.values(settings.breakdown.column)
    names = names if NOT_SET in names else [*names, NOT_SET]
    group = np.full(len(log.customers), names.index(NOT_SET), np.int32)
    limits = Limits(FOREVER if settings.window is None else settings.window, None, len(log.customers))
    start, depth = best_attempts(tried, settings.rules, limits)
    for route in tried.routes:
        for k, reached in route.reached.items():
            own = np.flatnonzero((start[reached.customer] == route.start) & (depth[reached.customer] == k))
            if reached.noted is None or not len(own):
                continue
            at = _arrivals(tried, settings.rules, route.start, k)
            group[reached.customer[own]] = _lowest(at, codes, reached.noted[own])
    return group, names


def _arrivals(tried: Attempts, rules: Rules, start: int, depth: int) -> Arrivals:
    """The events whose value is asked for, in attempts from one step to another."""
    if rules.order == "any":
        return tried.entries
    return tried.at[{"first": start, "last": depth}.get(rules.noted, rules.noted)]


def _lowest(at: Arrivals, codes: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """The lowest code among the arrivals in each of these moments."""
    if not len(moment):
        return moment
    first = at.count_before[moment]
    lowest = codes[at.row[first]]
    after = at.count_before[moment + 1]
    tied = np.flatnonzero(after > first + 1)
    if len(tied):
        candidates = np.append(codes[at.row], np.iinfo(np.int32).max)
        lowest[tied] = np.minimum.reduceat(candidates, np.stack([first[tied], after[tied]], axis=1).ravel())[::2]
    return lowest
