"""Rhythm: at which hours of which weekdays customers come, or buy."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.overview.visits import read_gap, visits
from insight.periods import UNITS, WEEKDAYS, calendar_periods, day_start, timestamp
from insight.tables.order_log import PURCHASE
from insight.tables.table import counted

SLOT = 15 * UNITS["min"]  # the clocks of every time zone differ from UTC by whole quarters of an hour
MEASURES = {"events": ("events", "sessions"), "orders": ("orders", "revenue")}


@dataclass(frozen=True, eq=False)
class Rhythm:
    """Result of :func:`rhythm`.

    cells : one row an hour of the week, from Monday 0 to Sunday 23; of dates without clock times one a weekday
        weekday         str    "MON" to "SUN"
        hour            Int64  0 to 23, in the table's time zone; NA where the file has no clock times
        value           float  what happened in it: events, sessions that begin, purchases, or revenue
        occurrences     float  how often this hour (or weekday) came in the days that are looked at
        per_occurrence  float  value / occurrences; NA where it never came
    n : events, sessions or purchases behind it
    measure : what is counted; currency : of revenue
    data_start, data_end : first and last day that are looked at
    left_out : rows outside these days, not used
    dates_only, timezone : the file has no clock times; the zone of its hours
    start, end, session_gap : the settings, as given
    """

    cells: pd.DataFrame
    n: int
    measure: str
    currency: str | None
    data_start: str
    data_end: str
    left_out: int
    dates_only: bool
    timezone: str | None
    start: str | None
    end: str | None
    session_gap: str | None


@dataclass(frozen=True, eq=False)
class Quarters:
    """By quarter of an hour from `facts.first_time` on: what happened in it. `n` : how many; `left_out` : rows."""

    value: np.ndarray
    n: int
    left_out: int


@dataclass(frozen=True)
class Span:
    """The days that are looked at: opens <= instant < closes; and the first quarter of an hour of the data."""

    opens: int
    closes: int
    first: int
    quarters: int


def rhythm(
    table,
    *,
    measure: str | None = None,
    start: str | None = None,
    end: str | None = None,
    session_gap: str | None = "30min",
) -> Rhythm:
    r"""Count by weekday and hour, and divide by how often that hour came.

    .. math:: \text{per occurrence} = \frac{\text{what happened on Mondays from 9 to 10}}{\text{Mondays}}

    table : EventLog or Orders
    measure : of events "events" or "sessions" (when they begin); of orders "orders" (purchases) or "revenue"
    start, end : ISO days, inclusive, in the table's time zone
    session_gap : as for `traffic`

    Raises UnknownValue for another measure; InsightError for several currencies, or days outside the data.
    Source: counting.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "event": "visit",
    ...     "timestamp": pd.to_datetime(["2026-01-05 10:00", "2026-01-12 10:59", "2026-01-12 09:00"])})
    >>> found = rhythm(read_events(log)).cells
    >>> found[found["value"] > 0]
       weekday  hour  value  occurrences  per_occurrence
    9      MON     9    1.0          2.0             0.5
    10     MON    10    2.0          2.0             1.0
    """
    kind = counted(table, "rhythm", "events", "orders").kind
    chosen = MEASURES[kind][0] if measure is None else measure
    if chosen not in MEASURES[kind]:
        raise UnknownValue("measure", chosen, MEASURES[kind])
    facts = table.facts
    given = {"measure": chosen, "start": start, "end": end, "session_gap": session_gap}
    columns = ["session"] if chosen == "sessions" and read_gap(session_gap, facts) is None else []
    currency = facts.one_currency() if chosen == "revenue" else None
    tally = table.tally(partial(rhythm_tally, facts=facts, settings=given), merged_quarters, columns=columns)
    return rhythm_finish(tally, facts, given, currency)


def read_span(facts: Facts, settings: dict) -> Span:
    """The days that are looked at. Raises InsightError where there is none of the data in them."""
    zone, start, end = facts.timezone, settings.get("start"), settings.get("end")
    opens = day_start(timestamp(facts.first_time, zone).strftime("%Y-%m-%d"), zone)
    closes = facts.end_of_data(facts.last_day)
    opens = opens if start is None else max(opens, day_start(start, zone, setting="start"))
    closes = closes if end is None else min(closes, day_start(end, zone, setting="end", days_later=1))
    if closes <= opens:
        raise InsightError(f"No day of the data lies from start={start!r} to end={end!r}: choose others.")
    first = facts.first_time // SLOT
    return Span(opens, closes, first, facts.last_time // SLOT - first + 1)


def rhythm_tally(log: Log, facts: Facts, settings: dict) -> Quarters:
    """Count the customers of a log, which may be a part of the whole. facts : of the whole log."""
    span = read_span(facts, settings)
    time, weights = instants(log, facts, settings)
    inside = (time >= span.opens) & (time < span.closes)
    slot = time[inside] // SLOT - span.first
    own = None if weights is None else weights[inside]
    value = np.bincount(slot, weights=own, minlength=span.quarters)
    left_out = int(((log.time < span.opens) | (log.time >= span.closes)).sum())
    return Quarters(np.rint(value).astype(np.int64), len(slot), left_out)


def instants(log: Log, facts: Facts, settings: dict) -> tuple[np.ndarray, np.ndarray | None]:
    """When what is counted happened, in log order; and of revenue how much each is, in minor units."""
    match settings["measure"]:
        case "sessions":
            return visits(log, read_gap(settings["session_gap"], facts)).start, None
        case "orders":
            return log.time[log.event == log.events.index(PURCHASE)], None
        case "revenue":
            return log.time, log.minor
    return log.time, None


def merged_quarters(parts: list[Quarters]) -> Quarters:
    """The counts of all customers, from those of disjoint sets of them."""
    return Quarters(
        sum(part.value for part in parts), sum(part.n for part in parts), sum(part.left_out for part in parts)
    )


def weekday_and_hour(slots: np.ndarray, timezone: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Of quarters of an hour since 1970: the weekday (0 is Monday) and the hour there."""
    times = pd.DatetimeIndex((slots * SLOT).view("datetime64[us]"))
    if timezone is not None:
        times = times.tz_localize("UTC").tz_convert(timezone)
    return times.day_of_week.to_numpy(), times.hour.to_numpy()


def occurred(span: Span, facts: Facts) -> np.ndarray:
    """How often each hour of the week came in the days that are looked at; of dates without clock times each weekday.

    A day is one day however many hours the clocks give it; an hour that they skip or repeat came 0 or 2 times.
    """
    if facts.dates_only:
        days, _begins = calendar_periods(span.opens, span.closes - 1, "day", facts.timezone)
        return np.bincount(pd.DatetimeIndex(days).day_of_week, minlength=7).astype(float)
    lived = np.arange(span.opens // SLOT, -(-span.closes // SLOT))
    days, hours = weekday_and_hour(lived, facts.timezone)
    return np.bincount(days * 24 + hours, minlength=7 * 24) / (UNITS["h"] // SLOT)


def rhythm_finish(tally: Quarters, facts: Facts, settings: dict, currency: str | None) -> Rhythm:
    """The result, made of the tally of all customers."""
    span, money = read_span(facts, settings), settings["measure"] == "revenue"
    days, hours = weekday_and_hour(span.first + np.arange(span.quarters), facts.timezone)
    n_hours = 1 if facts.dates_only else 24
    if facts.dates_only:
        hours = np.zeros_like(hours)
    value = np.bincount(days * n_hours + hours, weights=tally.value, minlength=7 * n_hours)
    value = value / (10**facts.decimals if money else 1)
    occurrences = occurred(span, facts)
    cells = pd.DataFrame(
        {
            "weekday": np.repeat(WEEKDAYS, n_hours),
            "hour": pd.array([pd.NA] * 7 if facts.dates_only else [*range(24)] * 7, dtype="Int64"),
            "value": value,
            "occurrences": occurrences,
            "per_occurrence": np.where(occurrences > 0, value / np.where(occurrences > 0, occurrences, 1), np.nan),
        }
    ).astype({"weekday": "str"})
    first, last = (timestamp(at, facts.timezone).strftime("%Y-%m-%d") for at in (span.opens, span.closes - 1))
    return Rhythm(
        cells=cells,
        n=tally.n,
        measure=settings["measure"],
        currency=currency,
        data_start=first,
        data_end=last,
        left_out=tally.left_out,
        dates_only=facts.dates_only,
        timezone=facts.timezone,
        **{name: settings[name] for name in ("start", "end", "session_gap")},
    )
