"""Conversion: how many of those who come buy, per session, per visitor, and per new visitor or lead."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.log import Facts, Log
from insight.overview.breakdown import Groups
from insight.overview.converted import as_converted, converted
from insight.overview.purchases import Purchases, in_zone, joined, purchases, until
from insight.overview.shared import Tally, merged, read_asked, sums_by, tables, told
from insight.overview.sums import Measure
from insight.overview.traffic import columns_of, own_settings, session_groups, visit_groups, visit_periods, visits_of
from insight.overview.visits import read_events_of
from insight.tables.table import counted

PER_SESSION = Measure("per_session", "share", "converted_sessions", "sessions")
MEASURES = (
    PER_SESSION,
    Measure("per_visitor", "share", "converted_visitors", "visitors", single=True),
    Measure("per_new_visitor", "share", "converted_new", "new_visitors", single=True),
)
PER_LEAD = Measure("per_lead", "share", "converted_leads", "leads", single=True)


@dataclass(frozen=True, eq=False)
class Conversion:
    """Result of :func:`conversion`.

    periods : one row a calendar period of the data, in order of time
        period               str    its first day, ISO
        observed             str    "full"; "partial" where the data begins or ends in it
        cut                  str    at which ends it reaches beyond the data: "" for none, "start", "end", "both"
        visitors, new_visitors, sessions  int  as in traffic
        converted_sessions   int    sessions that begin in it and convert
        converted_visitors   int    visitors who convert in it
        converted_new        int    new visitors who convert in it
        leads                int    visitors with an event of `lead` in it; only with `lead`
        converted_leads      int    leads who convert in it, no earlier than they became one; only with `lead`
        per_session          float  converted_sessions / sessions
        per_visitor          float  converted_visitors / visitors
        per_new_visitor      float  converted_new / new_visitors
        per_lead             float  converted_leads / leads
        per_session_low, per_session_high, per_visitor_low, per_visitor_high, per_new_visitor_low,
        per_new_visitor_high, per_lead_low, per_lead_high
                             float  Wilson interval of each, of sessions with the effective number, as those of one
                                    customer are alike; NA below 10 customers
    measures, groups, group_periods : as in :class:`~insight.overview.traffic.Traffic`: measure, value, ci_low, ci_high,
        n, previous, change, change_low, change_high, year_before, year_change, year_change_low, year_change_high;
        group, share (NA: rates are no parts)
    origin : "orders", or "events" where an event is the conversion
    n_customers, n_sessions : in the events
    n_buyers : with a purchase in the orders up to `as_of`, 0 without; unmatched : those of them without any event
    outside : purchases of customers with events that lie in no session
    measure, at, before, year_before, finished, left_out, days_beyond, data_start, as_of, dates_only, timezone, period,
        by, notes, week_start, session_gap, level : as there
    goal, lead : the settings, as given
    """

    periods: pd.DataFrame
    measures: pd.DataFrame
    groups: pd.DataFrame | None
    group_periods: pd.DataFrame | None
    origin: str
    n_customers: int
    n_sessions: int
    n_buyers: int
    unmatched: int
    outside: int
    measure: str
    at: str
    before: str | None
    year_before: str | None
    finished: bool
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    as_of: str
    dates_only: bool
    timezone: str | None
    period: str
    by: str | dict | None
    notes: list
    week_start: str
    session_gap: str | None
    goal: str | list | None
    lead: str | list | None
    level: float


def conversion(
    events,
    orders=None,
    *,
    measure: str = "per_visitor",
    goal: str | list | None = None,
    lead: str | list | None = None,
    period: str = "week",
    at: str | None = None,
    by: str | dict | None = None,
    session_gap: str | None = "30min",
    notes: list | None = None,
    week_start: str = "MON",
    as_of: str | None = None,
    level: float = 0.95,
) -> Conversion:
    r"""The conversion rate out of three denominators, side by side, period by period.

    .. math::
        \frac{\text{sessions that convert}}{\text{sessions}} \qquad
        \frac{\text{visitors who convert}}{\text{visitors}} \qquad
        \frac{\text{new visitors who convert}}{\text{new visitors}}

    all in the same period. A session converts with an event of `goal` in it or, from orders, with a purchase between
    its first event and `session_gap` after its last; a visitor with a purchase, or a session that converts, in the
    period. A lead has done an event of `lead`, and converts no earlier than that.

    events : EventLog; orders : Orders of the same customers, joined by customer_id. Where only one of the two has a
        time zone, the other's times are taken as clock times there
    goal : the events that convert, "purchase" or a list; None for purchases in the orders
    lead : the events that make a visitor a lead; then the rate per lead comes beside the others
    measure, period, at, by, session_gap, notes, week_start, as_of, level : as for `traffic`

    Raises InsightError without `goal` and orders; else as `traffic`.
    Source: sessions that convert are Google Analytics' session key event rate, visitors its user key event rate; the
    effective number of sessions as in Kish 1965, Survey Sampling; Zou & Donner 2008 for the difference.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ana", "ben"], "event": ["visit", "visit", "buy", "visit"],
    ...     "timestamp": pd.to_datetime(["2026-01-05", "2026-01-07", "2026-01-07", "2026-01-11"])})
    >>> conversion(read_events(log), goal="buy").periods[["per_session", "per_visitor", "per_new_visitor"]].round(3)
       per_session  per_visitor  per_new_visitor
    0        0.333          0.5              0.5
    """
    table = counted(events, "conversion", "events")
    given = {
        "measure": measure, "goal": goal, "lead": lead, "period": period, "at": at, "by": by,
        "session_gap": session_gap, "notes": notes, "week_start": week_start, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = table.facts
    groups, bought = session_groups(table, facts, given), bought_by(orders, given, facts)
    count = partial(conversion_tally, facts=facts, settings=given, groups=groups, bought=bought)
    return conversion_finish(table.tally(count, merged, columns=columns_of(given, facts)), facts, given, groups, bought)


def bought_by(orders, settings: dict, facts: Facts) -> Purchases | None:
    """The purchases in the observed time, where the orders say who converts; None where events do."""
    if read_events_of(settings["goal"], facts, "goal") is not None:
        return None
    if orders is None:
        raise InsightError('What is a conversion? Name the event, goal="purchase", or give orders beside the events.')
    table = counted(orders, "conversion", "orders")
    found = table.tally(purchases, joined)
    time = in_zone(found.time, table.facts.timezone, facts.timezone)
    closes = facts.end_of_data(facts.as_of_day(settings["as_of"]))
    return until(replace(found, time=time, dates_only=table.facts.dates_only), closes)


def measures_of(settings: dict) -> tuple[Measure, ...]:
    """Three rates, and with `lead` a fourth."""
    return MEASURES if settings.get("lead") is None else (*MEASURES, PER_LEAD)


def conversion_tally(
    log: Log, facts: Facts, settings: dict, groups: Groups | None = None, bought: Purchases | None = None
) -> Tally:
    """Count the customers of a log, which may be a part of the whole.

    bought : the purchases of all customers in the observed time, where orders say who converts
    facts, settings, groups : as for traffic
    """
    measures = measures_of(settings)
    asked = read_asked(own_settings(settings), facts, measures, groups)
    own, used = visits_of(log, facts, settings)
    found = converted(own, used, facts, settings, bought, asked)
    units = own.customer, visit_periods(own, asked), {
        "new_visitors": own.first,
        "sessions": np.ones(len(own.start), bool),
        "converted_sessions": found.sessions,
    }  # fmt: skip
    finished = partial(as_converted, found=found, n_periods=len(asked.calendar))
    together, split = sums_by(units, visit_groups(own, groups), finished, measures, asked)
    counts = {"customers": int(own.first.sum()), "left_out": len(log) - len(used)}
    return Tally(together, split, counts | {"matched": found.matched, "outside": found.outside})


def conversion_finish(
    tally: Tally, facts: Facts, settings: dict, groups: Groups | None = None, bought: Purchases | None = None
) -> Conversion:
    """The result, made of the tally of all customers (`merged`, where they were counted in parts)."""
    measures = measures_of(settings)
    asked = read_asked(own_settings(settings), facts, measures, groups)
    n_buyers = 0 if bought is None else len(bought.customers)
    return Conversion(
        **tables(tally, asked, measures, {}),
        origin="events" if bought is None else "orders",
        n_customers=tally.counts["customers"],
        n_sessions=int(tally.all.totals["sessions"].sum()),
        n_buyers=n_buyers,
        unmatched=n_buyers - tally.counts["matched"],
        outside=tally.counts["outside"],
        **{name: settings[name] for name in ("session_gap", "goal", "lead")},
        **told(asked, facts, settings, tally.counts["left_out"]),
    )
