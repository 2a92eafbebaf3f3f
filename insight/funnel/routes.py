"""A route through the steps of a funnel: of each customer the fastest chain to each step."""

from dataclasses import replace

import numpy as np

from insight.funnel.chains import NEVER, Node, Walk
from insight.funnel.reached import Events, Reached, Route, nobody
from insight.funnel.settings import Rules
from insight.funnel.steps import Exclusion
from insight.log import Arrivals, run_starts


def route(walk: Walk, rules: Rules, first_entry: np.ndarray, entered: Reached | None = None) -> Route:
    """What the attempts of a walk reach.

    first_entry : time by customer
    entered : who begins it, where that is known
    """
    last = max(k for k, step in enumerate(rules.steps) if step.required)
    removing = [own for own in rules.exclusions if own.remove]
    begin, *later = walk.nodes.values()
    if entered is None:
        ends = None if begin.settled is None else begin.settled[:-1] == np.arange(len(begin.at))
        entered = beginning(begin.at, ends, rules, walk.start)
        entered = replace(entered, first_entry=first_entry[entered.customer])
    return Route(
        walk.start,
        {walk.start: entered, **{node.step: _fastest(walk, node, rules.noted, first_entry) for node in later}},
        {k: _fastest(walk, node, rules.noted, first_entry) for k, node in walk.via.items()},
        _done(walk.nodes[last]) if removing else None,
        tuple(_interrupted(walk, own) for own in removing if max(own.first, walk.start) < own.last),
    )


def beginning(at: Arrivals, allowed: np.ndarray | None, rules: Rules, start: int = 0) -> Reached:
    """Who begins an attempt with step `start`: each customer's first allowed arrival (None: all are)."""
    first = at.starts if allowed is None else first_of_each(at, allowed)
    moment, none = at.moment[first], np.zeros(len(first), np.int64)
    noted = moment if rules.noted in ("first", "last", start) else None
    return Reached(at.customer[first], at.time[first], none, none, moment, noted)


def _fastest(walk: Walk, node: Node, noted: str | int | None, first_entry: np.ndarray) -> Reached:
    """Each customer's fastest chain to a node."""
    at, entry = node.at, node.entry[:-1]
    if not len(at):
        return nobody()
    taken = (at.time - entry).view(np.uint64)  # since NEVER: below zero, which reads as larger than any time
    least = np.minimum.reduceat(taken, at.starts)
    quickest = np.flatnonzero(taken == np.repeat(least, at.sizes))
    quickest = quickest[run_starts(at.customer.take(quickest))]  # of equals the earliest: one for each customer
    quickest = quickest[np.flatnonzero(least < NEVER // 2)]
    customer, moment = at.customer.take(quickest), at.moment.take(quickest)
    least = taken.take(quickest).view(np.int64)
    before = walk.required_before(node.step)
    if before == walk.start and noted is None:
        return Reached(customer, first_entry.take(customer), least, least, moment)
    chain = walk.arriving(node, moment, walk.keep | {before})
    from_previous = least
    if before != walk.start:
        from_previous = at.time.take(quickest) - walk.log.time_at.take(chain.moments[before])
    by_step = {**chain.moments, node.step: moment, "first": chain.moments.get(walk.start), "last": moment}
    return Reached(customer, first_entry.take(customer), least, from_previous, moment, by_step.get(noted))


def _done(node: Node) -> Events:
    entry = node.entry[:-1]
    there = np.flatnonzero(entry != NEVER)
    return Events(node.at.customer[there], node.at.moment[there], node.at.time[there] - entry[there])


def _interrupted(walk: Walk, exclusion: Exclusion) -> Events:
    """The exclusion events that fall into an attempt between two steps.

    The attempt is the one from the latest entry that has led to the earlier step before the event; it is open when
    neither that entry nor a later one has led to the later step by then.
    """
    events = walk.log.arrivals_at(exclusion.events, exclusion.where)
    earlier, later = walk.nodes[max(exclusion.first, walk.start)], walk.nodes[exclusion.last]
    entry = earlier.entry.take(earlier.latest_before(events.moment))
    closed = later.entry.take(later.latest_at(events.moment))
    inside = np.flatnonzero((entry != NEVER) & ((closed == NEVER) | (closed < entry)))
    return Events(events.customer[inside], events.moment[inside], events.time[inside] - entry[inside])


def first_of_each(at: Arrivals, allowed: np.ndarray) -> np.ndarray:
    """The position of each customer's first allowed arrival."""
    positions = np.flatnonzero(allowed)
    return positions[run_starts(at.customer[positions])]
