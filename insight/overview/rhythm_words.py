"""Weekdays and hours as people read them."""

import pandas as pd

from insight.language import _
from insight.overview.rhythm import Rhythm
from insight.periods import WEEKDAYS


def weekday_names(*, short: bool = False) -> list[str]:
    """Monday to Sunday."""
    if short:
        return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def cell_name(weekday: str, hour: object) -> str:
    """An hour of the week, or a weekday.

    >>> cell_name("MON", 9), cell_name("SUN", pd.NA)
    ('Monday 09:00–10:00', 'Sunday')
    """
    name = weekday_names()[WEEKDAYS.index(weekday)]
    if hour is None or pd.isna(hour):
        return name
    return _("{day} {start}–{end}", day=name, start=f"{hour:02}:00", end=f"{(hour + 1) % 24:02}:00")


def measure_name(result: Rhythm) -> str:
    """What is counted."""
    names = {"events": _("Events"), "sessions": _("Sessions"), "orders": _("Orders"), "revenue": _("Revenue")}
    return names[result.measure]
