"""A first funnel for a log nobody has described: which events to start with, and which window the data allows.

A proposal, to be corrected by whoever knows the events; it is made of names and of what mostly comes before what.
"""

import re

import numpy as np

from insight.funnel import longest_window
from insight.log import Log, run_starts
from insight.periods import microseconds

MOST_STEPS = 5
USUAL_WITHIN = "7D"
CONSIDERED = 40  # kinds of event, by number of customers; the rare rest is no step of a first funnel
OFTEN = 0.5  # a middle step lies on the way of at least this share of those who reach the goal
COMMON = 0.1  # a goal without a telling name is done after the entry by at least this share of those who enter
# What the last step of a marketing funnel is called, the most telling first.
GOALS = [
    *("purchase", "order", "buy", "bought", "paid", "payment", "transaction", "checkout_complete", "subscribe"),
    *("sign_up", "signup", "register", "convert", "conversion", "lead", "book", "install", "activate"),
]


def proposed_steps(log: Log) -> list[str]:
    """Two to five events: where most customers begin, what those who reach the goal mostly do before it, the goal.

    The goal is the event whose name says so ("purchase", "order", "sign_up", ...); without such a name, of the events
    that are common after the entry, the one that most often comes last. In between come events that lie on the way of
    at least half of those who reach the goal, fewer customers at each. A log with one kind of event gives that alone.
    """
    return list(log.remember("proposed_steps", lambda: _proposed_steps(log)))


def _proposed_steps(log: Log) -> list[str]:
    firsts = _first_moments(log)
    if len(firsts) < 2:
        return list(firsts)
    reach = {name: len(customers) for name, (customers, _moments) in firsts.items()}
    entry = _commonest_beginning(log, firsts)
    goal = _goal([name for name in firsts if name != entry], log, firsts, entry)
    between = {}
    goal_customers, goal_moments = firsts[goal]
    entry_moments = _aligned(firsts[entry], goal_customers)
    for name, first in firsts.items():
        if name in (entry, goal) or not reach[entry] >= reach[name] >= reach[goal]:
            continue
        moments = _aligned(first, goal_customers)
        on_the_way = (moments >= 0) & (entry_moments >= 0) & (entry_moments <= moments) & (moments <= goal_moments)
        if on_the_way.mean() >= OFTEN:
            between[name] = on_the_way.mean()
    chosen = sorted(between, key=lambda name: (-between[name], name))[: MOST_STEPS - 2]
    return [entry, *sorted(chosen, key=lambda name: (-reach[name], name)), goal]


def proposed_within(log: Log, steps: list[str]) -> str:
    """The usual window, or a shorter one where most customers have not had that much time."""
    entries = log.arrivals_at((steps[0],))
    longest = longest_window(entries.time[entries.starts], log.end_of_data())
    if longest is None or microseconds(longest) > microseconds(USUAL_WITHIN):
        return USUAL_WITHIN
    return longest


def _first_moments(log: Log) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each considered kind of event its customers and the moment each of them first did it."""
    key = log.event.astype(np.int64) * len(log.customers) + log.customer
    order = np.argsort(key, kind="stable")
    first = order[run_starts(key[order])]
    events = log.event[first]
    bounds = np.searchsorted(events, np.arange(len(log.events) + 1))
    commonest = np.argsort(-np.diff(bounds), kind="stable")[:CONSIDERED]
    found = {}
    for code in sorted(commonest):
        own = first[bounds[code] : bounds[code + 1]]
        found[log.events[code]] = (log.customer[own], log.moment[own])
    return found


def _aligned(first: tuple[np.ndarray, np.ndarray], customers: np.ndarray) -> np.ndarray:
    """The moments of these customers, -1 for those who never did it."""
    own, moments = first
    at = np.minimum(np.searchsorted(own, customers), len(own) - 1)
    return np.where(own[at] == customers, moments[at], -1)


def _commonest_beginning(log: Log, firsts: dict) -> str:
    """The event that is in most customers' first moment."""
    begins = log.moment[run_starts(log.customer)]
    return max(firsts, key=lambda name: (np.count_nonzero(firsts[name][1] == begins[firsts[name][0]]), name))


def _goal(names: list[str], log: Log, firsts: dict, entry: str) -> str:
    for word in GOALS:
        telling = [name for name in names if re.search(rf"(^|[^a-z]){word}", name.casefold())]
        if telling:
            return min(telling, key=lambda name: (len(name), name))
    customers, moments = firsts[entry]
    after = {name: np.mean(_aligned(firsts[name], customers) >= moments) for name in names}
    common = [name for name in names if after[name] >= COMMON] or [max(names, key=lambda name: (after[name], name))]
    last = np.append(run_starts(log.customer)[1:], len(log)) - 1
    counts = np.bincount(log.event[last], minlength=len(log.events))
    return max(common, key=lambda name: (counts[log.events.index(name)], name))
