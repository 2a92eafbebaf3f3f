"""Steps in any order: how many different ones are done within a time of the first of them."""

from dataclasses import replace

import numpy as np

from insight.funnel.chains import NEVER
from insight.funnel.reached import Events, Reached, Route, nobody
from insight.funnel.routes import beginning, first_of_each
from insight.funnel.settings import Rules
from insight.log import NO_MOMENT, Arrivals, Log


def levels(
    log: Log,
    rules: Rules,
    at: list[Arrivals],
    entries: Arrivals,
    allowed: np.ndarray | None,
    first_entry: np.ndarray,
) -> Route:
    """The least time to each number of different steps, counted from the earliest of them.

    From an event of any step, each step is done when it next happens (in the same moment at the earliest). Sorted, the
    k-th of these times is when k different steps are done.

    entries : the events of all steps; `allowed` : which of them may come first, None for all
    first_entry : time of each customer's first entry, by customer
    """
    anchor = np.arange(len(entries)) if allowed is None else np.flatnonzero(allowed)
    anchor = anchor[np.append(True, np.diff(entries.moment[anchor]) > 0)[: len(anchor)]]  # one for each moment
    moment, customer = entries.moment[anchor], entries.customer[anchor]
    done = _sorted_rows([own.next_moment(own.count_before[moment], moment) for own in at])
    for own in rules.exclusions:
        excluded = log.arrivals_at(own.events, own.where)
        following = excluded.next_moment(excluded.count_before[moment + 1], moment)
        done = [np.where(own_moment > following, NO_MOMENT, own_moment) for own_moment in done]
    chosen = Arrivals(entries.row[anchor], customer, entries.time[anchor], moment, log.customer_at)
    begun = beginning(chosen, None, rules)
    reached = {0: replace(begun, first_entry=first_entry[begun.customer])}
    reached |= {k: _fastest(log, rules, chosen, done, k, first_entry) for k in range(1, len(at))}
    removing = [own for own in rules.exclusions if own.remove]
    if not removing:
        return Route(0, reached, {})
    finished = np.flatnonzero(done[-1] < NO_MOMENT)
    at_the_end = done[-1][finished]
    taken = log.time_at[at_the_end] - chosen.time[finished]
    interrupted = tuple(_interrupted(log.arrivals_at(own.events, own.where), chosen, done[-1]) for own in removing)
    return Route(0, reached, {}, Events(customer[finished], at_the_end, taken), interrupted)


def _sorted_rows(rows: list[np.ndarray]) -> list[np.ndarray]:
    """The rows with their values sorted from row to row, by exchanging neighbours (for a few rows faster than a sort).

    >>> [row.tolist() for row in _sorted_rows([np.array([3, 1]), np.array([2, 5]), np.array([1, 4])])]
    [[1, 1], [2, 4], [3, 5]]
    """
    for end in range(len(rows) - 1, 0, -1):
        for k in range(end):
            rows[k], rows[k + 1] = np.minimum(rows[k], rows[k + 1]), np.maximum(rows[k], rows[k + 1])
    return rows


def _fastest(
    log: Log, rules: Rules, anchors: Arrivals, done: list[np.ndarray], k: int, first_entry: np.ndarray
) -> Reached:
    """Each customer's fastest way to k + 1 different steps."""
    if not len(anchors):
        return nobody()
    there = done[k] < NO_MOMENT
    when = log.time_at.take(np.where(there, done[k], 0))
    taken = np.where(there, when - anchors.time, NEVER)
    least = np.minimum.reduceat(taken, anchors.starts)
    quickest = first_of_each(anchors, taken == np.repeat(least, anchors.sizes))[least < NEVER]
    customer, moment = anchors.customer[quickest], done[k][quickest]
    from_previous = log.time_at[moment] - log.time_at[done[k - 1][quickest]]
    by_level = {j: done[j][quickest] for j in range(k + 1)} | {"first": anchors.moment[quickest], "last": moment}
    return Reached(customer, first_entry[customer], taken[quickest], from_previous, moment, by_level.get(rules.noted))


def _interrupted(events: Arrivals, anchors: Arrivals, end: np.ndarray) -> Events:
    """The exclusion events inside the attempt from the latest anchor before them, where that is not done by then."""
    anchor = anchors.latest_before[events.moment]
    inside = np.flatnonzero(anchor >= 0)
    inside = inside[end[anchor[inside]] > events.moment[inside]]
    taken = events.time[inside] - anchors.time[anchor[inside]]
    return Events(events.customer[inside], events.moment[inside], taken)
