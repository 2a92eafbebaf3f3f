"""Calendar arithmetic: lengths of time and days, in one place.

Instants are whole microseconds since 1970-01-01 UTC. A length is elapsed time ("7D" is 168 hours, whatever the clocks
do); a day is a calendar day in the table's time zone, so it may have 23 or 25 hours.
"""

import re

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue

SECOND = 1_000_000
UNITS = {"s": SECOND, "min": 60 * SECOND, "h": 3600 * SECOND, "D": 86_400 * SECOND, "W": 604_800 * SECOND}
LONGEST = 36_525 * UNITS["D"]  # a century: beyond it a setting is a slip, and sums stay far from overflow
PERIODS = ("day", "week", "month")
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def microseconds(length: str, setting: str = "within") -> int:
    """A length such as "7D" or "30min" in microseconds.

    Raises InsightError for anything but a positive whole number with one of the units s, min, h, D, W.

    >>> microseconds("7D") // SECOND, microseconds("90min") // SECOND
    (604800, 5400)
    """
    match = re.fullmatch(r"([1-9]\d{0,11})(s|min|h|D|W)", length) if isinstance(length, str) else None
    if match is None:
        raise InsightError(f'{setting} = {length!r} is not a length of time. Write "30min", "12h", "7D" or "2W".')
    found = int(match[1]) * UNITS[match[2]]
    if found > LONGEST:
        raise InsightError(f"{setting} = {length!r} is longer than a century.")
    return found


def length(duration: int) -> str | None:
    """The longest round length that is not longer than `duration` microseconds; None below one second.

    >>> length(5 * UNITS["D"] + 7), length(100 * UNITS["min"]), length(3)
    ('5D', '1h', None)
    """
    for unit in ("D", "h", "min", "s"):
        if duration >= UNITS[unit]:
            return f"{min(duration, LONGEST) // UNITS[unit]}{unit}"
    return None


def day_start(day: str, timezone: str | None = None, *, setting: str = "as_of", days_later: int = 0) -> int:
    """The instant at which a calendar day begins.

    day : ISO date, "2026-03-05"; `days_later` counts on in calendar days
    Raises InsightError when it is not a date.

    >>> day_start("1970-01-02") // SECOND
    86400
    """
    try:
        if not isinstance(day, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            raise ValueError(day)
        midnight = pd.Timestamp(day) + pd.Timedelta(days=days_later)
    except ValueError:
        raise InsightError(f'{setting} = {day!r} is not a day. Write it as "2026-03-05".') from None
    if timezone is not None:  # where clocks change at midnight the day begins at the first time that exists
        midnight = midnight.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward")
    return instant(midnight)


def instant(moment: pd.Timestamp) -> int:
    """A timestamp as microseconds since 1970 UTC (a naive one is taken as it stands)."""
    return int(moment.to_datetime64().astype("datetime64[us]").astype(np.int64))


def timestamp(microseconds_utc: int, timezone: str | None = None) -> pd.Timestamp:
    """The instant as a timestamp in the table's time zone."""
    naive = pd.Timestamp(microseconds_utc, unit="us")
    return naive if timezone is None else naive.tz_localize("UTC").tz_convert(timezone)


def calendar_periods(
    first: int, last: int, period: str, timezone: str | None = None, week_start: str = "MON"
) -> tuple[list[str], np.ndarray]:
    """The days, weeks or months from the one that holds the instant `first` to the one that holds `last`.

    Returns the first day of each as ISO text, and the instants at which they begin followed by the end of the last.
    Raises UnknownValue for another period or weekday.

    >>> days, begins = calendar_periods(0, 40 * UNITS["D"], "month")
    >>> days, (begins // UNITS["D"]).tolist()
    (['1970-01-01', '1970-02-01'], [0, 31, 59])
    """
    for setting, value, allowed in (("period", period, PERIODS), ("week_start", week_start, WEEKDAYS)):
        if value not in allowed:
            raise UnknownValue(setting, value, allowed)
    week_end = WEEKDAYS[WEEKDAYS.index(week_start) - 1]
    frequency = {"day": "D", "week": f"W-{week_end}", "month": "M"}[period]
    held = [pd.Period(timestamp(instant, timezone).tz_localize(None), frequency) for instant in (first, last)]
    midnights = pd.period_range(held[0], held[1] + 1, freq=frequency).start_time
    begins = midnights
    if timezone is not None:  # as day_start
        begins = midnights.tz_localize(timezone, ambiguous=np.ones(len(midnights), bool), nonexistent="shift_forward")
    return list(midnights[:-1].strftime("%Y-%m-%d")), begins.as_unit("us").asi8
