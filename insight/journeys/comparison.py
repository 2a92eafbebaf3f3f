"""Two groups of units beside each other: the share that takes each way, and the difference with its interval."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import NotEnoughData, UnknownValue
from insight.intervals import clustered_wilson_of_sums, difference_of_rates, wilson
from insight.journeys.columns import Rows
from insight.journeys.settings import Comparison
from insight.journeys.tally import Sessions, Tally, sums

REST = "everyone else"


@dataclass(frozen=True, eq=False)
class Compared:
    """The two groups that are compared.

    names, sizes : of the first and the second
    side : for each group of the tally 0 (in the first), 1 (in the second) or -1
    """

    names: tuple[str, str]
    sizes: tuple[int, int]
    side: np.ndarray


def compared(tally: Tally, comparison: Comparison) -> Compared:
    """The two groups that a breakdown asks for; by default the largest two.

    Raises UnknownValue for a value that the column does not have, NotEnoughData where a group has nobody.
    """
    size = sums(tally.group, tally.n, len(tally.groups))
    ranked = sorted(np.flatnonzero(size), key=lambda group: (-size[group], tally.groups[group]))
    for value in comparison.values:
        if value not in tally.groups:
            raise UnknownValue("by values", value, [tally.groups[group] for group in ranked])
    chosen = [tally.groups.index(value) for value in comparison.values] or ranked[:2]
    side = np.full(len(tally.groups), 1 if len(comparison.values) == 1 else -1)
    side[chosen] = np.arange(len(chosen))
    names = [*(tally.groups[group] for group in chosen), REST][:2]
    sizes = tuple(int(size[side == own].sum()) for own in (0, 1))
    if not all(sizes):
        empty = names[sizes.index(0)]
        raise NotEnoughData(f"by: there is nobody with a path in the group {empty!r}: compare two other groups.")
    return Compared(tuple(names), sizes, side)


def differences(rows: Rows, keys: list[str], tally: Tally, groups: Compared, level: float) -> pd.DataFrame:
    """What the rows of a table are in the two groups: counts, shares, the difference with Newcombe's interval."""
    n, share, ends = [], [], []
    for own, trials in enumerate(groups.sizes):
        mine = groups.side[tally.group] == own
        path, units = tally.path[mine], tally.n[mine]
        n.append(sum(sums(row[path], units, len(rows.table)) for row in rows.row))
        share.append(n[-1] / trials)
        of_group = None if tally.sessions is None else groups.side[tally.sessions.group] == own
        ends.append(wilson(n[-1], trials, level) if of_group is None else _alike(rows, tally.sessions, of_group, level))
    difference, low, high = difference_of_rates(share[0], *ends[0], share[1], *ends[1])
    counts = {
        "n_first": n[0],
        "n_second": n[1],
        "share_first": share[0],
        "share_second": share[1],
        "difference": difference,
        "ci_low": low,
        "ci_high": high,
    }
    return rows.table[keys].assign(**counts)


def _alike(rows: Rows, sessions: Sessions, mine: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The interval of each row's share of a group's sessions, where those of one customer are alike."""
    _known, owner = np.unique(sessions.owner[mine], return_inverse=True)
    path, n = sessions.path[mine], sessions.n[mine]
    trials = sums(owner, n, int(owner.max()) + 1)
    size = len(rows.table)
    y, yy, yn = (np.zeros(size, np.int64) for _sum in range(3))
    for row in rows.row:
        key, inverse = np.unique(owner * np.int64(size) + row[path], return_inverse=True)
        count, at = sums(inverse, n, len(key)), key % size
        y += sums(at, count, size)
        yy += sums(at, count**2, size)
        yn += sums(at, count * trials[key // size], size)
    return clustered_wilson_of_sums(y, trials.sum(), yy, yn, (trials**2).sum(), clusters=len(trials), level=level)
