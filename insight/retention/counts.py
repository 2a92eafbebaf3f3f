"""What a criterion makes of a tally: customers by group, cohort and period, and how far each period is observed."""

from dataclasses import dataclass

import numpy as np

from insight.retention.criteria import retained
from insight.retention.settings import Settings
from insight.retention.tally import NEVER, Tally, regrouped

OTHER = "Other"
RISING = 3  # later periods; with fewer of them observed, a rate "on or after" is marked as still rising
NONE, PARTIAL, FULL = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Counts:
    """Customers by group, cohort and period.

    size : (groups, cohorts); retained : (groups, cohorts, periods), period 0 included
    observed : (cohorts, periods), NONE, PARTIAL or FULL; rising : the same shape, whether a rate will still rise
    shown : the numbers of the periods: all that have begun; for a bracket 0 and its last
    days : first day of each cohort; groups : names
    """

    size: np.ndarray
    retained: np.ndarray
    observed: np.ndarray
    rising: np.ndarray
    shown: np.ndarray
    days: np.ndarray
    groups: list[str]

    @property
    def together(self) -> "Counts":
        """The counts with all groups in one."""
        summed = (values.sum(axis=0, keepdims=True) for values in (self.size, self.retained))
        return Counts(*summed, self.observed, self.rising, self.shown, self.days, [""])


def counts_of(tally: Tally, settings: Settings, criterion: str, bracket: list | None) -> Counts:
    """What a criterion makes of a tally; cohorts without a customer are left out."""
    shape = (*tally.size.shape, settings.n_periods)
    came_back = retained(tally.returns, shape, criterion, bracket)
    came_back[:, :, 0] = tally.size
    there, period = np.flatnonzero(tally.size.sum(axis=0)), np.arange(shape[2])
    seen = observed_cells(tally, settings)[there]
    rising = np.zeros(seen.shape, bool)
    if criterion == "on_or_after":
        full = (seen == FULL).sum(axis=1, keepdims=True)  # period 0 and all full ones after it
        rising = (seen == FULL) & (period > 0) & (period >= full - RISING)
    shown = np.flatnonzero((seen > NONE).any(axis=0))
    if criterion == "bracket":
        shown = shown[np.isin(shown, [0, bracket[1]])]
    days = np.array(settings.days, dtype=object)[there]
    return Counts(tally.size[:, there], came_back[:, there][:, :, shown], seen[:, shown], rising[:, shown], shown,
                  days, tally.groups)  # fmt: skip


def observed_cells(tally: Tally, settings: Settings) -> np.ndarray:
    """How far each cell (cohort, period) is observed; period 0 always is, as everyone in a cohort was there."""
    seen = observed_periods(tally.oldest.min(axis=0), tally.youngest.max(axis=0), settings)
    seen[:, 0] = np.where(tally.size.sum(axis=0) > 0, FULL, seen[:, 0])
    return seen


def observed_periods(oldest: np.ndarray, youngest: np.ndarray, settings: Settings) -> np.ndarray:
    """NONE, PARTIAL or FULL by cohort and period: whether anybody has begun it, and whether everybody has finished it.

    oldest, youngest : when the first and the last customer of each cohort started
    """
    period, end = np.arange(settings.n_periods), settings.observed
    if settings.length is None:
        number = np.arange(len(settings.days))[:, None] + period
        over = number < np.count_nonzero(settings.begins[1:] <= end)
        return np.select([over, number < len(settings.days)], [FULL, PARTIAL], NONE)
    there = (oldest < NEVER)[:, None]
    first, last = (np.where(there, own[:, None], end) for own in (oldest, youngest))
    over = there & (last + (period + 1) * settings.length <= end)
    return np.select([over, first + period * settings.length < end], [FULL, PARTIAL], NONE)


def labelled(tally: Tally, top: int) -> Tally:
    """The tally by the groups that are shown."""
    labels, label = largest(tally.size.sum(axis=1), tally.groups, top)
    return regrouped(tally, label, labels) if labels else tally


def largest(size: np.ndarray, names: list[str], top: int) -> tuple[list[str], np.ndarray]:
    """The labels of the groups that are shown, in order of size, and for each group which of them it goes under.

    The largest `top` keep their names, the others are added up.

    >>> largest(np.array([5, 0, 9, 1, 1]), ["a", "b", "c", "d", "e"], 2)[0]
    ['c', 'a', 'Other']
    """
    ranked = sorted(np.flatnonzero(size), key=lambda g: (-size[g], names[g]))
    shown = ranked if len(ranked) <= top + 1 else ranked[:top]  # bundling a single value would only hide its name
    labels = [names[g] for g in shown]
    if len(shown) < len(ranked):
        labels.append(OTHER if OTHER not in labels else f"{OTHER} ({len(ranked) - len(shown)} more values)")
    label = np.full(len(names), len(labels) - 1)
    label[shown] = np.arange(len(shown))
    return labels, label
