"""Attempts at a funnel: for each customer the first entry and the least time that an attempt takes to each step.

An attempt is an entry (an event of step 1 in the date range) and any chain of later events, one for each step, in
order. Events at the same time may serve successive steps; but a step that shares an event kind with an earlier step
must be strictly later than that step's event, so that one event never serves twice.

No window is needed here: it is compared with the least time afterwards, so moving it costs next to nothing.
"""

from dataclasses import dataclass

import numpy as np

from insight.log import Log


@dataclass(frozen=True, eq=False)
class Arrivals:
    """The customers for whom some attempt reaches a step, whatever time it takes.

    customer : code, ascending
    first_entry : time of the customer's first entry in the range
    least : microseconds from the entry, of the fastest attempt that reaches the step (of equals the earliest)
    from_previous : microseconds from the latest valid arrival at the previous step, in that same attempt
    """

    customer: np.ndarray
    first_entry: np.ndarray
    least: np.ndarray
    from_previous: np.ndarray


@dataclass(frozen=True, eq=False)
class Attempts:
    """What a funnel needs to know about its customers.

    entered : codes of the customers with an entry in the range, ascending
    first_entry : time of their first entry
    first_row : log position of the earliest row of that entry
    arrivals : one Arrivals for each step after the first
    """

    entered: np.ndarray
    first_entry: np.ndarray
    first_row: np.ndarray
    arrivals: list[Arrivals]


def attempts(
    log: Log, steps: list[list[str]], *, reentry: str, opens: int | None, closes: int | None, ends: int | None
) -> Attempts:
    """Every customer's fastest way to each step.

    steps : event names of each step
    reentry : "best" (any entry in the range may start the attempt) or "first" (only the first one)
    opens, closes : entries lie in opens <= time < closes; None for no limit
    ends : events at or after this time are not used; None for no limit
    """
    rows = [_between(log, log.rows_of(events), None, ends) for events in steps]
    rows[0] = _between(log, rows[0], opens, closes)
    entered, starts = _runs(log.customer[rows[0]])
    first_row = rows[0][starts]
    shared = [max((j for j in range(k) if set(steps[j]) & set(steps[k])), default=-1) for k in range(len(steps))]
    if reentry == "first":
        arrivals = _first_attempt(log, rows, first_row, shared)
    else:
        chains = _Chains(log, rows, shared)
        first_time = np.zeros(len(log.customers), np.int64)
        first_time[entered] = log.time[first_row]
        arrivals = [chains.fastest(k, first_time) for k in range(1, len(rows))]
    return Attempts(entered, log.time[first_row], first_row, arrivals)


class _Chains:
    """For each arrival at a step the *latest* entry that leads to it, step by step.

    `ends[k]` holds the rows of step k that a chain reaches, `entry[k]` the row of the latest entry that leads there,
    `previous[k]` the row of the latest arrival at step k-1 on that way. The later an arrival at step k-1, the later (or
    equal) its latest entry: so the latest arrival at or before a row is always the one to continue from.

    `shared[k]` is the latest step before k that shares an event kind with step k, or -1.
    """

    def __init__(self, log: Log, rows: list[np.ndarray], shared: list[int]):
        self.log, self.shared = log, shared
        self.moment, self.customer = [log.moment[rows[0]]], [log.customer[rows[0]]]
        self.ends, self.entry, self.previous = [rows[0]], [rows[0]], [rows[0]]
        for k in range(1, len(rows)):
            moment, customer = log.moment[rows[k]], log.customer[rows[k]]
            at, entry = self._continued(k, moment, customer, shared[k])
            kept = at >= 0
            self.ends.append(rows[k][kept])
            self.moment.append(moment[kept])
            self.customer.append(customer[kept])
            self.entry.append(entry[kept])
            self.previous.append(self.ends[k - 1][at[kept]])

    def _continued(self, k: int, moment, customer, before: int) -> tuple[np.ndarray, np.ndarray]:
        """For arrivals at step k: the position in `ends[k-1]` to continue from (-1: none), and the entry it gives.

        before : the latest step whose event must lie strictly before the arrival, -1 for none. Unless that is step k-1
        itself, an arrival at step k-1 in the same moment will do if its own chain has that step strictly before.
        """
        at = self._latest(k - 1, moment, customer, "left" if before == k - 1 else "right")
        entry = self.entry[k - 1][at] if len(self.entry[k - 1]) else at
        if 0 <= before < k - 1:
            tied = np.flatnonzero((at >= 0) & (self.moment[k - 1][at] == moment))
            inner = max(before, self.shared[k - 1])
            inside, entry_inside = self._continued(k - 1, moment[tied], customer[tied], inner)
            earlier = self._latest(k - 1, moment[tied], customer[tied], "left")
            at[tied] = np.where(inside >= 0, at[tied], earlier)
            entry[tied] = np.where(inside >= 0, entry_inside, self.entry[k - 1][earlier])
        return at, entry

    def _latest(self, k: int, moment, customer, side: str) -> np.ndarray:
        """Position in `ends[k]` of the customer's latest arrival at or before (side "left": before) a moment, or -1."""
        return _own(np.searchsorted(self.moment[k], moment, side=side) - 1, self.customer[k], customer)

    def fastest(self, k: int, first_time: np.ndarray) -> Arrivals:
        """Each customer's fastest chain to step k. `first_time` : first entry by customer code."""
        time = self.log.time[self.ends[k]]
        taken = time - self.log.time[self.entry[k]]
        customer, starts = _runs(self.customer[k])
        if not len(customer):
            return _nobody()
        least = np.minimum.reduceat(taken, starts)
        sizes = np.diff(np.append(starts, len(taken)))
        quickest = np.flatnonzero(taken == np.repeat(least, sizes))
        earliest = quickest[_runs(self.customer[k][quickest])[1]]
        from_previous = time[earliest] - self.log.time[self.previous[k][earliest]]
        return Arrivals(customer, first_time[customer], least, from_previous)


def _first_attempt(log: Log, rows: list[np.ndarray], first_row: np.ndarray, shared: list[int]) -> list[Arrivals]:
    """The attempt that starts at the first entry: at each step the earliest arrival that is allowed."""
    entry, customer = first_row, log.customer[first_row]
    reached = [log.moment[first_row]]  # of the customers still in the funnel: the moment they reached each step
    moments = [log.moment[own] for own in rows]
    arrivals = []
    for k in range(1, len(rows)):
        allowed = reached[k - 1] if shared[k] < 0 else np.maximum(reached[k - 1], reached[shared[k]] + 1)
        at = np.searchsorted(moments[k], allowed, side="left")
        at[at == len(rows[k])] = -1
        kept = np.flatnonzero(_own(at, log.customer[rows[k]], customer) >= 0)
        entry, customer, at = entry[kept], customer[kept], at[kept]
        reached = [moment[kept] for moment in reached] + [moments[k][at]]
        time = log.time[rows[k][at]]
        previous = entry  # step 1 of an attempt is its entry, whatever other entries came later
        if k > 1:
            side = "left" if shared[k] == k - 1 else "right"
            previous = rows[k - 1][np.searchsorted(moments[k - 1], reached[k], side=side) - 1]
        first_entry = log.time[entry]
        arrivals.append(Arrivals(customer, first_entry, time - first_entry, time - log.time[previous]))
    return arrivals


def _own(at: np.ndarray, customers: np.ndarray, customer: np.ndarray) -> np.ndarray:
    """The positions `at` where `customers` has the wanted customer; -1 elsewhere (also where `at` is -1)."""
    if not len(customers):
        return np.full(len(at), -1)
    return np.where((at >= 0) & (customers[at] == customer), at, -1)


def _between(log: Log, rows: np.ndarray, opens: int | None, closes: int | None) -> np.ndarray:
    if opens is None and closes is None:
        return rows
    time = log.time[rows]
    kept = np.ones(len(rows), bool)
    if opens is not None:
        kept &= time >= opens
    if closes is not None:
        kept &= time < closes
    return rows[kept]


def _runs(sorted_values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values of a sorted array and where each begins."""
    starts = np.flatnonzero(np.append(True, sorted_values[1:] != sorted_values[:-1])[: len(sorted_values)])
    return sorted_values[starts], starts


def _nobody() -> Arrivals:
    return Arrivals(np.zeros(0, np.int32), *(np.zeros(0, np.int64) for _ in range(3)))
