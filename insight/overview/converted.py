"""Who converted when: in which sessions and periods, and which of them were leads."""

from dataclasses import dataclass

import numpy as np

from insight.log import Facts, Log
from insight.log.sessions import UNNAMED_GAP
from insight.overview.purchases import Instants, Purchases, buying_sessions, earliest, events_of, latest, of_log
from insight.overview.shared import Asked
from insight.overview.sums import Entries
from insight.overview.traffic import visit_periods
from insight.overview.visits import Visits, read_events_of, read_gap


@dataclass(frozen=True, eq=False)
class Converted:
    """Who converted when. Keys are customer x periods + period, in ascending order.

    sessions : for each session whether it does
    buyers : keys of those who do in a period: by a purchase in it, or by a session that begins in it
    leads, converted_leads : keys; None without leads
    matched : customers of the log with purchases; outside : purchases in no session
    """

    sessions: np.ndarray
    buyers: np.ndarray
    leads: np.ndarray | None
    converted_leads: np.ndarray | None
    matched: int
    outside: int


def converted(own: Visits, log: Log, facts: Facts, settings: dict, bought: Purchases | None, asked: Asked) -> Converted:
    """Who converted when, by events or by purchases."""
    period, n, matched, outside = visit_periods(own, asked), len(asked.calendar), 0, 0
    if bought is None:
        goal = read_events_of(settings["goal"], facts, "goal")
        sessions, done = own.any_of(goal), events_of(own, goal, period)
    else:
        customer, time, matched = of_log(bought, log)
        number = np.searchsorted(asked.calendar.begins, time, side="right") - 1
        inside = number >= 0
        done = Instants(customer[inside], number[inside], time[inside])
        grace = read_gap(settings["session_gap"], facts) or UNNAMED_GAP
        days_only = facts.dates_only or bought.dates_only
        at = buying_sessions(own, done.customer, done.time, grace, facts.timezone, days_only)
        found, outside = at[at >= 0], int((at < 0).sum())
        sessions = np.zeros(len(own.start), bool)
        sessions[found] = True
        done = joined_instants(done, Instants(own.customer[found], period[found], done.time[at >= 0]))
    buyers, last = latest(done, n)
    lead = read_events_of(settings["lead"], facts, "lead")
    if lead is None:
        return Converted(sessions, buyers, None, None, matched, outside)
    leads, since = earliest(events_of(own, lead, period), n)
    both, at, of = np.intersect1d(leads, buyers, assume_unique=True, return_indices=True)
    return Converted(sessions, buyers, leads, both[last[of] >= since[at]], matched, outside)


def joined_instants(*parts: Instants) -> Instants:
    """Several of them, one after the other."""
    return Instants(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("customer", "period", "time"))
    )


def as_converted(own: Entries, found: Converted, n_periods: int) -> Entries:
    """Whether each customer with a session in a period converts in it, and is a lead."""
    key = own.customer.astype(np.int64) * n_periods + own.period
    buys, new = np.isin(key, found.buyers), own.amounts["new_visitors"]
    more = {"visitors": np.ones(len(key), np.int64), "converted_visitors": buys, "converted_new": buys * new}
    if found.leads is not None:
        more |= {"leads": np.isin(key, found.leads), "converted_leads": np.isin(key, found.converted_leads)}
    return Entries(own.customer, own.period, own.group, own.amounts | more)
