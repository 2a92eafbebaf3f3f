"""Attempts at a funnel: for each customer the first entry and the least time that an attempt takes to each step.

An attempt is an entry (an event of step 1 in the date range) and any chain of later events, one for each step, in
order. Events at the same time may serve successive steps; but a step that shares an event kind with an earlier step
must be strictly later than that step's event, so that one event never serves twice.

No window is needed here: it is compared with the least time afterwards, so moving it costs next to nothing.
"""

from dataclasses import dataclass

import numpy as np

from insight.log import Arrivals, Log, run_starts

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Reached:
    """The customers for whom some attempt reaches a step, whatever time it takes; times in microseconds.

    customer : code, ascending
    first_entry : the customer's first entry in the range
    least : time from the entry, of the fastest attempt that reaches the step (of equals the earliest)
    from_previous : time from the latest valid arrival at the previous step, in that same attempt
    """

    customer: np.ndarray
    first_entry: np.ndarray
    least: np.ndarray
    from_previous: np.ndarray


@dataclass(frozen=True, eq=False)
class Attempts:
    """What a funnel needs to know about its customers; times in microseconds.

    entered : codes of the customers with an entry in the range, ascending
    first_entry : time of their first entry
    first_row : log position of the earliest row of that entry
    reached : one Reached for each step after the first
    """

    entered: np.ndarray
    first_entry: np.ndarray
    first_row: np.ndarray
    reached: list[Reached]


def attempts(
    log: Log, steps: list[tuple[str, ...]], *, reentry: str, opens: int | None, closes: int | None, ends: int | None
) -> Attempts:
    """Every customer's fastest way to each step.

    steps : event names of each step
    reentry : "best" (any entry in the range may start the attempt) or "first" (only the first one)
    opens, closes : entries lie in opens <= instant < closes; None for no limit
    ends : events at or after this instant are not used; None for no limit
    """
    at = [log.arrivals_at(events) for events in steps]
    ends = NEVER if ends is None else ends
    allowed = _allowed(at[0].time, opens, min(NEVER if closes is None else closes, ends))
    if allowed is None:
        first = at[0].starts
    else:
        entries = np.flatnonzero(allowed)
        first = entries[run_starts(at[0].customer[entries])]
    entered, first_entry = at[0].customer[first], at[0].time[first]
    shared = [max((j for j in range(k) if set(steps[j]) & set(steps[k])), default=-1) for k in range(len(steps))]
    if reentry == "first":
        reached = _from_first_entry(at, first, shared, ends)
    else:
        first_time = np.zeros(len(log.customers), np.int64)
        first_time[entered] = first_entry
        chains = _Chains(at, allowed, shared, ends)
        reached = [chains.fastest(k, first_time) for k in range(1, len(at))]
    return Attempts(entered, first_entry, at[0].row[first], reached)


class _Chains:
    """For each arrival at a step the *latest* entry that leads to it, step by step.

    `entry[k]` has a time for each arrival at step k, NEVER where no chain leads there, and NEVER once more at its end,
    so that position -1 ("none") reads as NEVER; `previous[k]` says from which arrival at step k-1. The later an arrival
    at step k-1, the later (or equal) its latest entry: so the latest arrival is always the one to continue from.

    `shared[k]` is the latest step before k that shares an event kind with step k, or -1.
    """

    def __init__(self, at: list[Arrivals], allowed: np.ndarray | None, shared: list[int], ends: int):
        self.at, self.shared = at, shared
        self.entry = [np.append(_latest_allowed(at[0], allowed), NEVER)]
        self.previous = [np.zeros(0, np.int32)]  # nothing lies before an entry
        for k in range(1, len(at)):
            previous, entry = self._continued(k, at[k].moment, shared[k])
            if ends < NEVER:
                entry[at[k].time >= ends] = NEVER
            self.entry.append(np.append(entry, NEVER))
            self.previous.append(previous)

    def _continued(self, k: int, moment: np.ndarray, strictly_after: int) -> tuple[np.ndarray, np.ndarray]:
        """For arrivals at step k: the arrival at step k-1 to continue from, and the latest entry that gives.

        strictly_after : the latest step whose event must lie strictly before the arrival, -1 for none. Unless that is
        step k-1 itself, an arrival at step k-1 in the same moment will do if its own chain has that step before it.
        """
        before = self.at[k - 1]
        previous = (before.latest_before if strictly_after == k - 1 else before.latest_at).take(moment)
        entry = self.entry[k - 1].take(previous)
        if 0 <= strictly_after < k - 1:
            tied = np.flatnonzero(entry != NEVER)
            tied = tied[before.moment[previous[tied]] == moment[tied]]
            _, inside = self._continued(k - 1, moment[tied], max(strictly_after, self.shared[k - 1]))
            outside = before.latest_before[moment[tied]]
            previous[tied] = np.where(inside != NEVER, previous[tied], outside)
            entry[tied] = np.where(inside != NEVER, inside, self.entry[k - 1][outside])
        return previous, entry

    def fastest(self, k: int, first_time: np.ndarray) -> Reached:
        """Each customer's fastest chain to step k. `first_time` : first entry by customer code."""
        at, entry = self.at[k], self.entry[k][:-1]
        if not len(at):
            return _nobody()
        taken = np.where(entry == NEVER, NEVER, at.time - entry)
        least = np.minimum.reduceat(taken, at.starts)
        quickest = np.flatnonzero(taken == np.repeat(least, at.sizes))
        quickest = quickest[run_starts(at.customer.take(quickest))]  # of equals the earliest: one for each customer
        quickest = quickest[np.flatnonzero(least < NEVER)]
        customer, least = at.customer.take(quickest), taken.take(quickest)
        from_previous = least
        if k > 1:
            from_previous = at.time.take(quickest) - self.at[k - 1].time.take(self.previous[k].take(quickest))
        return Reached(customer, first_time.take(customer), least, from_previous)


def _allowed(time: np.ndarray, opens: int | None, closes: int) -> np.ndarray | None:
    """Whether each time lies in opens <= time < closes; None where there is no limit."""
    if opens is None and closes == NEVER:
        return None
    return (time >= (-NEVER if opens is None else opens)) & (time < closes)


def _latest_allowed(entries: Arrivals, allowed: np.ndarray | None) -> np.ndarray:
    """For each step 1 event the time of the customer's latest allowed entry up to it; NEVER where there is none."""
    if allowed is None:
        return entries.time
    latest = np.maximum.accumulate(np.where(allowed, np.arange(len(allowed)), -1))
    own = (latest >= 0) & (entries.customer[latest] == entries.customer)
    return np.where(own, entries.time[latest], NEVER)


def _from_first_entry(at: list[Arrivals], first: np.ndarray, shared: list[int], ends: int) -> list[Reached]:
    """The attempt that starts at the first entry: at each step the earliest arrival that is allowed."""
    customer, entry = at[0].customer[first], at[0].time[first]
    moments = [at[0].moment[first]]  # of the customers still in the funnel: when they reached each step
    found = []
    for k in range(1, len(at)):
        if not len(at[k]):
            return found + [_nobody()] * (len(at) - k)
        lowest = moments[k - 1] if shared[k] < 0 else np.maximum(moments[k - 1], moments[shared[k]] + 1)
        nearest = np.minimum(at[k].count_before[lowest], len(at[k]) - 1)
        kept = (at[k].moment[nearest] >= lowest) & (at[k].customer[nearest] == customer)
        if ends < NEVER:
            kept &= at[k].time[nearest] < ends
        customer, entry, nearest = customer[kept], entry[kept], nearest[kept]
        moments = [moment[kept] for moment in moments] + [at[k].moment[nearest]]
        time = at[k].time[nearest]
        taken = from_previous = time - entry  # step 1 of this attempt is its entry, whatever entries came later
        if k > 1:
            latest = at[k - 1].latest_before if shared[k] == k - 1 else at[k - 1].latest_at
            from_previous = time - at[k - 1].time[latest[moments[k]]]
        found.append(Reached(customer, entry, taken, from_previous))
    return found


def _nobody() -> Reached:
    return Reached(np.zeros(0, np.int32), *(np.zeros(0, np.int64) for _ in range(3)))
