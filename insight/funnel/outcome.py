"""What became of each customer within a window: the stored least times, compared with it."""

from dataclasses import dataclass

import numpy as np

from insight.funnel.chains import NEVER
from insight.funnel.reached import Attempts, Events, Reached, Route
from insight.funnel.settings import Rules, Settings
from insight.log import NO_MOMENT

FOREVER = NEVER - 1  # no limit: everything but NEVER is within it
NO_TIME = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Row:
    """Who is counted at a step: codes; times in microseconds.

    here : who entered at this step
    came : who came from the step before; `from_first`, `from_previous` : how long that took them
    """

    here: np.ndarray
    came: np.ndarray
    from_first: np.ndarray
    from_previous: np.ndarray


@dataclass(frozen=True, eq=False)
class Outcome:
    """Who counts, and how far they got.

    counted : codes of the customers who count, ascending
    removed : codes of those who would, were it not for an exclusion that removes
    rows : one for each step, of those who count
    """

    counted: np.ndarray
    removed: np.ndarray
    rows: list[Row]


@dataclass(frozen=True, eq=False)
class Limits:
    """Who counts, and within which time. counts : by code, where being mature is not all that it takes."""

    window: int
    latest: int | None
    n_customers: int
    counts: np.ndarray | None = None

    def within(self, reached: Reached) -> np.ndarray:
        """Positions in `reached` of the customers who count and whose least time is within the window."""
        wanted = reached.least <= self.window
        if self.counts is not None:
            wanted &= self.counts[reached.customer]
        elif self.latest is not None:
            wanted &= reached.first_entry <= self.latest
        return np.flatnonzero(wanted)  # positions: much faster to take by than a mask

    def are_within(self, reached: Reached) -> np.ndarray:
        """For each code whether the customer reaches it within the window."""
        found = np.zeros(self.n_customers, bool)
        found[reached.customer[reached.least <= self.window]] = True
        return found


def outcome(tried: Attempts, settings: Settings, n_customers: int) -> Outcome:
    """Compare attempts with the window. `n_customers` : how many codes there are."""
    window = FOREVER if settings.window is None else settings.window
    limits = Limits(window, settings.latest, n_customers)
    counted, removed = tried.entered, np.zeros(0, tried.entered.dtype)
    if settings.latest is not None:
        counted = counted[np.flatnonzero(tried.first_entry <= settings.latest)]
    if any(route.interrupted for route in tried.routes):
        gone = _interrupted(tried, limits)[counted]
        counted, removed = counted[~gone], counted[gone]
        counts = np.zeros(n_customers, bool)
        counts[counted] = True
        limits = Limits(window, settings.latest, n_customers, counts)
    if len(tried.routes) > 1:
        return Outcome(counted, removed, _open_rows(tried, settings, limits))
    return Outcome(counted, removed, _rows(tried.routes[0], settings, counted, limits))


def _rows(route: Route, settings: Settings, counted: np.ndarray, limits: Limits) -> list[Row]:
    """Everyone enters at the first step; each later step has those who reach it within the window.

    An optional step has who went on through it, and of those who did not go on at all who got to it.
    """
    required = {k for k, step in enumerate(settings.rules.steps) if step.required}
    rows = [Row(counted, counted[:0], NO_TIME, NO_TIME)]
    for k in range(1, len(settings.rules.steps)):
        reached = route.reached[k]
        there = limits.within(reached)
        if k in route.via:
            following = route.reached[min(j for j in required if j > k)]
            on_the_way = limits.are_within(route.via[k]) | ~limits.are_within(following)
            there = there[on_the_way[reached.customer[there]]]
        rows.append(_came(reached, there))
    return rows


def _came(reached: Reached, there: np.ndarray) -> Row:
    customer, least = reached.customer.take(there), reached.least.take(there)
    same = reached.from_previous is reached.least  # as at step 2
    return Row(customer[:0], customer, least, least if same else reached.from_previous.take(there))


def _open_rows(tried: Attempts, settings: Settings, limits: Limits) -> list[Row]:
    """Each customer counts where the best attempt entered, and from there on."""
    start, depth = best_attempts(tried, settings.rules, limits)
    rows = []
    for k in range(len(tried.at)):
        parts = []
        for route in tried.routes[: k + 1]:
            reached = route.reached[k]
            there = limits.within(reached)
            own = reached.customer[there]
            parts.append(_came(reached, there[(start[own] == route.start) & (depth[own] >= k)]))
        *came, here = parts  # the last route begins at this step
        times = [[part.came, part.from_first, part.from_previous] for part in came]
        joined = map(np.concatenate, zip(*times, strict=True)) if came else (here.here, NO_TIME, NO_TIME)
        rows.append(Row(here.came, *joined))
    return rows


def best_attempts(tried: Attempts, rules: Rules, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    """For each code the step at which the best attempt within the window entered, and the last step it reached.

    The best attempt reaches the latest required step, and of those that do it is the longest; -1 where nobody entered.
    """
    start, depth = (np.full(limits.n_customers, -1, np.int16) for _ in range(2))
    for route in tried.routes:
        reach = np.full(limits.n_customers, -1, np.int16)
        for k in range(route.start, len(tried.at)):
            if rules.steps[k].required:
                reached = route.reached[k]
                reach[reached.customer[reached.least <= limits.window]] = k
        further = np.flatnonzero(reach > depth)
        start[further], depth[further] = route.start, reach[further]
    return start, depth


def _interrupted(tried: Attempts, limits: Limits) -> np.ndarray:
    """For each code whether an exclusion event fell into an attempt, before any attempt had got to the last step."""
    routes = tried.routes
    interruption = _first_moments([events for route in routes for events in route.interrupted], limits)
    return interruption < _first_moments([route.done for route in routes], limits)


def _first_moments(happened: list[Events], limits: Limits) -> np.ndarray:
    """For each code the first moment of these events within the window, NO_MOMENT where there is none."""
    first = np.full(limits.n_customers, NO_MOMENT)
    for events in happened:
        within = np.flatnonzero(events.taken <= limits.window)
        np.minimum.at(first, events.customer[within], events.moment[within])
    return first
