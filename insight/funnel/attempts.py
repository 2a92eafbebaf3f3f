"""Attempts at a funnel: for each customer the first entry and the least time that an attempt takes to each step.

No window is needed here: it is compared with the least time afterwards, so moving it costs next to nothing.
"""

import numpy as np

from insight.funnel.any_order import levels
from insight.funnel.chains import NEVER, Walk
from insight.funnel.reached import Attempts
from insight.funnel.routes import beginning, route
from insight.funnel.settings import Rules
from insight.log import NO_MOMENT, Arrivals, Log


def attempts(log: Log, rules: Rules) -> Attempts:
    """Every customer's fastest way to each step; remembered with the log."""
    return log.remember(("attempts", rules), lambda: _attempts(log, rules))


def _attempts(log: Log, rules: Rules) -> Attempts:
    at = [log.arrivals_at(step.events, step.where) for step in rules.steps]
    entries = at[0] if rules.order in ("ordered", "strict") else _any_of(log, at)
    allowed = _in_range(entries.time, rules)
    entered = beginning(entries, allowed, rules)
    first_entry = np.zeros(len(log.customers), np.int64)
    first_entry[entered.customer] = entered.first_entry
    if rules.reentry == "first":
        first_moment = np.full(len(log.customers), NO_MOMENT)
        first_moment[entered.customer] = entered.moment
        may_begin = [own.moment == first_moment[own.customer] for own in at]
        allowed = entries.moment == first_moment[entries.customer]
    else:
        may_begin = [_in_range(own.time, rules) for own in at]
    if rules.order == "any":
        routes = [levels(log, rules, at, entries, allowed, first_entry)]
    elif rules.order == "open":
        routes = [route(Walk(log, rules, at, e, may_begin[e]), rules, first_entry) for e in range(len(at))]
    else:
        routes = [route(Walk(log, rules, at, 0, may_begin[0]), rules, first_entry, entered)]
    return Attempts(entered.customer, entered.first_entry, entered.moment, entries, at, routes)


def _any_of(log: Log, at: list[Arrivals]) -> Arrivals:
    wanted = np.zeros(len(log), bool)
    for own in at:
        wanted[own.row] = True
    return log.arrivals(wanted)


def _in_range(time: np.ndarray, rules: Rules) -> np.ndarray | None:
    """Whether each entry lies in the range; None where there is no limit."""
    if rules.opens is None and rules.closes is None:
        return None
    opens, closes = (-NEVER if rules.opens is None else rules.opens), (NEVER if rules.closes is None else rules.closes)
    return (time >= opens) & (time < closes)
