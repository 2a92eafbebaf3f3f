"""The measures of an overview as people read them: what they are called, and their numbers with units."""

from datetime import date

from insight.language import (
    _,
    calendar_period,
    count,
    decimal,
    duration,
    growth,
    growth_interval,
    interval,
    money,
    percent,
    points,
    points_interval,
)
from insight.overview.conversion import MEASURES as CONVERSION
from insight.overview.conversion import PER_LEAD
from insight.overview.sales import MEASURES as SALES
from insight.overview.traffic import MEASURES as TRAFFIC

KIND = {measure.name: measure.kind for measure in (*TRAFFIC, *SALES, *CONVERSION, PER_LEAD)}
WHOLE = {measure.name: measure.whole for measure in (*TRAFFIC, *SALES, *CONVERSION, PER_LEAD)}
LOWER_IS_BETTER = ("bounce_rate",)
TITLES = {
    "visitors": _("Visitors"),
    "new_visitors": _("New visitors"),
    "sessions": _("Sessions"),
    "pages_per_session": _("Pages per session"),
    "bounce_rate": _("Bounce rate"),
    "time_on_site_seconds": _("Time on site"),
    "revenue": _("Revenue"),
    "orders": _("Orders"),
    "average_order_value": _("Average order value"),
    "buyers": _("Buyers"),
    "new_customers": _("New customers"),
    "returning_customers": _("Returning customers"),
    "orders_per_buyer": _("Orders per buyer"),
    "per_session": _("Conversion per session"),
    "per_visitor": _("Conversion per visitor"),
    "per_new_visitor": _("Conversion per new visitor"),
    "per_lead": _("Conversion per lead"),
    "timed_sessions": _("sessions with two events or more"),
    "leads": _("leads"),
}


def value_text(kind: str, value: float, currency: str | None = None) -> str:
    """A value with its unit.

    >>> value_text("share", 0.1234), value_text("price", 61.6, "EUR"), value_text("count", 1234)
    ('12.3%', '61.60 EUR', '1,234')
    """
    if value != value:
        return "–"
    match kind:
        case "count":
            return count(value)
        case "share":
            return percent(value)
        case "seconds":
            return duration(value)
        case "mean":
            return decimal(value)
    return money(value, currency)


def range_text(kind: str, low: float, high: float, currency: str | None = None) -> str:
    """The interval of a value.

    >>> range_text("share", 0.1, 0.2), range_text("price", 51.74, 79.8, "EUR")
    ('10.0–20.0%', '51.74–79.80 EUR')
    """
    if low != low:
        return "–"
    if kind == "share":
        return interval(low, high)
    return f"{value_text(kind, low)}–{value_text(kind, high, currency)}"


def change_text(kind: str, change: float) -> str:
    """A change: of a share in points, else relative.

    >>> change_text("share", 0.012), change_text("count", -0.2)
    ('+1.2 points', '−20.0%')
    """
    if change != change:
        return "–"
    return _("{points} points", points=points(change)) if kind == "share" else growth(change)


def change_range(kind: str, low: float, high: float) -> str:
    """The interval of a change."""
    return points_interval(low, high) if kind == "share" else growth_interval(low, high)


def n_text(measure: str, n: float) -> str:
    """Out of how many a share or a mean is.

    >>> n_text("bounce_rate", 1200)
    '1,200 sessions'
    """
    return _("{n} {what}", n=count(n), what=TITLES[WHOLE[measure]].lower())


def period_name(day: str, period: str) -> str:
    """The day, week or month that begins on this ISO day."""
    return calendar_period(date.fromisoformat(day), period)
