"""What the parts of a contract's life are called, for charts and sentences alike."""

from datetime import date

from insight.churn.survival import Survival
from insight.language import _, _n, calendar_period, count


def time_text(result: Survival, time: float) -> str:
    """A time since the start in the unit of the result."""
    return _so_many(int(time), result.unit)


def unit_title(result: Survival) -> str:
    """What an axis of time since the start is called."""
    return {
        "day": _("Days since the start"),
        "week": _("Weeks since the start"),
        "month": _("Months since the start"),
    }[result.unit]


def period_name(result: Survival, period: object) -> str:
    """A period of the calendar by its first day; or an age."""
    return calendar_period(date.fromisoformat(period), result.period) if result.dated else count(period)


def expected_life_text(result: Survival) -> str:
    """1 / churn, in the periods it was counted in."""
    return _so_many(max(round(result.expected_life), 1), result.period if result.dated else result.unit)


def _so_many(n: int, unit: str) -> str:
    match unit:
        case "day":
            return _n("{n} day", "{n} days", n, n=count(n))
        case "week":
            return _n("{n} week", "{n} weeks", n, n=count(n))
        case _month:
            return _n("{n} month", "{n} months", n, n=count(n))
