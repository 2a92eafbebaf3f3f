"""Traffic: who came, how often, and what they looked at, period by period."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.log import Facts, Log
from insight.overview.breakdown import Groups, largest, merged_sizes, read_breakdown, sizes_of
from insight.overview.shared import USUAL, Tally, merged, period_of, read_asked, sums_by, tables, told, used_rows
from insight.overview.sums import Entries, Measure
from insight.overview.visits import Visits, read_events_of, read_gap, visits
from insight.tables.table import counted

MEASURES = (
    Measure("visitors", "count", "visitors"),
    Measure("new_visitors", "count", "new_visitors"),
    Measure("sessions", "count", "sessions"),
    Measure("pages_per_session", "mean", "pages", "sessions"),
    Measure("bounce_rate", "share", "bounces", "sessions"),
    Measure("time_on_site_seconds", "seconds", "visit_seconds", "timed_sessions"),
)


@dataclass(frozen=True, eq=False)
class Traffic:
    """Result of :func:`traffic`.

    periods : one row a calendar period of the data, in order of time
        period               str    its first day, ISO
        observed             str    "full"; "partial" where the data begins or ends in it
        cut                  str    at which ends it reaches beyond the data: "" for none, "start", "end", "both"
        visitors             int    customers with a session that begins in it
        new_visitors         int    those of them whose first session in the data begins in it
        sessions             int    sessions that begin in it
        pages                int    events of these sessions that count as pages
        bounces              int    those of them with at most one page
        timed_sessions       int    those of them with two events or more
        visit_seconds        int    time between the first and the last event of these, in whole seconds
        pages_per_session    float  pages / sessions
        bounce_rate          float  bounces / sessions
        time_on_site_seconds float  visit_seconds / timed_sessions; NA where the file has no clock times
        pages_per_session_low, pages_per_session_high, bounce_rate_low, bounce_rate_high,
        time_on_site_seconds_low, time_on_site_seconds_high
                             float  interval of each, sessions of one customer being alike; NA below 10 visitors
    measures : one row a measure, of the period that is looked at
        measure              str    its name, a column of `periods`
        value                float  its value
        ci_low, ci_high      float  interval of a share or a mean; NA for counts, which are no estimates
        n                    int    out of how many; of a count, how many customers are behind it
        previous             float  its value in the period before; NA unless both are complete
        change               float  of a share in points (0.01 is one), else relative: value / previous - 1
        change_low, change_high
                             float  interval of the change, customers being alike in both periods; NA below 10
        year_before, year_change, year_change_low, year_change_high
                             float  the same against the period a year before
    groups : the same columns behind `group`, for each group in order of size; None without `by`
        share                float  of a count, the group's part of all
    group_periods : the columns of `periods` behind `group`; None without `by`
    n_customers, n_sessions : in the data
    measure : the measure in front; at, before, year_before : first days of the periods compared, None where there is
        none that is complete; finished : whether the period that is looked at is
    left_out : rows after `as_of`, not used; days_beyond : days from the last row's to `as_of`
    data_start, as_of : the first moment and the last day of the data
    dates_only, timezone : the file has no clock times; the zone of its days
    period, by, notes, week_start, session_gap, page_events, level : the settings, as given
    """

    periods: pd.DataFrame
    measures: pd.DataFrame
    groups: pd.DataFrame | None
    group_periods: pd.DataFrame | None
    n_customers: int
    n_sessions: int
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
    page_events: str | list | None
    level: float


def traffic(
    events,
    *,
    measure: str = "visitors",
    period: str = "week",
    at: str | None = None,
    by: str | dict | None = None,
    session_gap: str | None = "30min",
    page_events: str | list | None = None,
    notes: list | None = None,
    week_start: str = "MON",
    as_of: str | None = None,
    level: float = 0.95,
) -> Traffic:
    r"""Count visitors, sessions, pages, bounces and time on site, period by period.

    A session is a customer's events without a pause longer than `session_gap`. It belongs, with all its events, to the
    period in which it begins. A **bounce** is a session with at most one page. With B bounces in S sessions,

    .. math:: \text{bounce rate} = B / S

    Time on site is from the first event of a session to the last, so it is known of sessions with two events or more,
    and is their mean. The interval of a count's change takes customers as what comes by chance: with :math:`x_c` of
    each in the one period and :math:`y_c` in the other, the variance of :math:`\log(\sum x / \sum y)` is
    :math:`\sum_c (x_c / \sum x - y_c / \sum y)^2`.

    events : EventLog
    measure : the one in front, in the picture and the first sentence; a column `measure` of `measures`
    period : "day", "week" or "month", in the table's time zone
    at : first day of the period to look at; None for the last complete one. It is compared with the one before, and
        with that of a year before: the same month, for weeks and days the one 52 weeks before, of the same weekdays
    by : column that makes groups: "channel", or {"column": "channel", "top": 10}. A session's group is the value at
        its first event; a visitor is in each group that they had a session in
    session_gap : a longer pause begins a new session; None for the file's session column
    page_events : the events that are pages; None for all
    notes : dated notes for the chart, [["2026-05-11", "New shop"]]
    week_start : the day a week begins, "MON" to "SUN"
    as_of : last complete day; later rows are ignored and counted
    level : of the intervals

    Raises UnknownValue for a column, an event, a period or a measure that does not exist; InsightError otherwise.
    Source: session and bounce as in web analytics (Universal Analytics); Kish 1965, Survey Sampling, for the effective
    number of alike sessions; Zou & Donner 2008, Statistics in Medicine 27:1693, for the difference.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "event": ["visit", "buy", "visit"],
    ...     "timestamp": pd.to_datetime(["2026-01-05 10:00", "2026-01-05 10:05", "2026-01-11 09:00"])})
    >>> traffic(read_events(log)).periods[["period", "visitors", "sessions", "pages", "bounces"]]
           period  visitors  sessions  pages  bounces
    0  2026-01-05         2         2      3        1
    """
    table = counted(events, "traffic", "events")
    given = {
        "measure": measure, "period": period, "at": at, "by": by, "session_gap": session_gap,
        "page_events": page_events, "notes": notes, "week_start": week_start, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = table.facts
    columns = columns_of(given, facts)
    groups = session_groups(table, facts, given)
    tally = table.tally(partial(traffic_tally, facts=facts, settings=given, groups=groups), merged, columns=columns)
    return traffic_finish(tally, facts, given, groups)


def columns_of(settings: dict, facts: Facts) -> list[str]:
    """The further columns of the file that sessions and their groups need; checks them."""
    breakdown = read_breakdown(settings["by"], facts)
    named = [breakdown.column] if breakdown else []
    return named if read_gap(settings["session_gap"], facts) is not None else [*named, "session"]


def session_groups(table, facts: Facts, settings: dict) -> Groups | None:
    """The groups that are shown: the largest by sessions."""
    breakdown = read_breakdown(settings["by"], facts)
    if breakdown is None:
        return None
    count = partial(session_sizes, facts=facts, settings=settings)
    return largest(table.tally(count, merged_sizes, columns=columns_of(settings, facts)), breakdown)


def session_sizes(log: Log, facts: Facts, settings: dict) -> dict[str, int]:
    """How many sessions begin with each value of the breakdown's column."""
    return sizes_of(*visits_of(log, facts, settings)[0].value(read_breakdown(settings["by"], facts).column))


def visits_of(log: Log, facts: Facts, settings: dict) -> tuple[Visits, Log]:
    """The sessions that are counted, and the rows that they are made of."""
    asked = read_asked(own_settings(settings) | {"measure": None}, facts, MEASURES)
    used = used_rows(log, asked)
    pages = read_events_of(settings.get("page_events"), facts, "page_events")
    return visits(used, read_gap(settings["session_gap"], facts), pages), used


def traffic_tally(log: Log, facts: Facts, settings: dict, groups: Groups | None = None) -> Tally:
    """Count the customers of a log, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `traffic`; groups : of the whole log
    """
    asked = read_asked(own_settings(settings), facts, MEASURES, groups)
    own, used = visits_of(log, facts, settings)
    timed = own.events > 1
    amounts = {
        "new_visitors": own.first,
        "sessions": np.ones(len(own.start), bool),
        "pages": own.pages,
        "bounces": own.pages <= 1,
        "timed_sessions": timed,
        "visit_seconds": np.where(timed, own.seconds, 0),
    }
    if facts.dates_only:
        amounts |= {"timed_sessions": np.zeros_like(timed), "visit_seconds": np.zeros(len(timed), np.int64)}
    units = own.customer, visit_periods(own, asked), amounts
    together, split = sums_by(units, visit_groups(own, groups), as_visitors, MEASURES, asked)
    n_customers = int(own.first.sum())
    return Tally(together, split, {"customers": n_customers, "left_out": len(log) - len(used)})


def visit_periods(own: Visits, asked) -> np.ndarray:
    """The period that each session begins in."""
    return period_of(own.stream, "sessions", own.start, asked.calendar)


def visit_groups(own: Visits, groups: Groups | None) -> np.ndarray | None:
    """The group of each session; None without groups."""
    if groups is None:
        return None
    codes, names = own.value(groups.column)
    return groups.numbers(names)[codes]


def own_settings(settings: dict) -> dict:
    """The settings that every overview has, without those of one."""
    return {name: value for name, value in settings.items() if name in USUAL}


def as_visitors(own: Entries) -> Entries:
    """Each customer with a session in a period is one visitor of it."""
    visitor = {"visitors": np.ones(len(own.customer), np.int64)}
    return Entries(own.customer, own.period, own.group, visitor | own.amounts)


def traffic_finish(tally: Tally, facts: Facts, settings: dict, groups: Groups | None = None) -> Traffic:
    """The result, made of the tally of all customers (`merged`, where they were counted in parts)."""
    asked = read_asked(own_settings(settings), facts, MEASURES, groups)
    return Traffic(
        **tables(tally, asked, MEASURES, {}),
        n_customers=tally.counts["customers"],
        n_sessions=int(tally.all.totals["sessions"].sum()),
        session_gap=settings["session_gap"],
        page_events=settings["page_events"],
        **told(asked, facts, settings, tally.counts["left_out"]),
    )
