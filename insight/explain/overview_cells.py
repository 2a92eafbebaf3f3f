"""The people behind a number of an overview in words, after "customers who"."""

from collections.abc import Callable
from datetime import date

from insight.language import _, calendar_period, day
from insight.overview.rhythm_words import cell_name


def overview_words(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Of traffic, sales and conversion."""
    start = cell.get("period") or settings.get("at")
    when = _("in the last complete {period}", period=_unit(settings)) if start is None else _when(start, settings)
    return _grouped(_did(cell["who"], when), settings, cell)


def rate_change_words(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Of a group in one of the two periods."""
    start = settings.get("at")
    if cell.get("period") == "before":
        later = _("the last complete {period}", period=_unit(settings)) if start is None else _name(start, settings)
        year = settings.get("compare") == "year_before"
        when = _("a year before {later}", later=later) if year else _("in the period before {later}", later=later)
    else:
        when = _("in the last complete {period}", period=_unit(settings)) if start is None else _when(start, settings)
    said = _("counted in the rate {when}", when=when) if cell.get("counted") else _("came or bought {when}", when=when)
    return _grouped(said, {"by": "channel"} | settings, cell)


def rhythm_words(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Of an hour of the week."""
    at = cell_name(cell["weekday"], cell.get("hour"))
    did = _("bought") if settings.get("measure") in ("orders", "revenue") else _("came")
    days = [day(date.fromisoformat(settings[name])) if settings.get(name) else None for name in ("start", "end")]
    if any(days):
        return _("{did} on a {at}, {first} to {last}", did=did, at=at, first=days[0] or "…", last=days[1] or "…")
    return _("{did} on a {at}", did=did, at=at)


def _did(who: str, when: str) -> str:
    """What these people did in a period."""
    return {
        "visitors": _("came {when}", when=when),
        "new_visitors": _("came for the first time {when}", when=when),
        "bounced": _("had a session of one page {when}", when=when),
        "buyers": _("bought {when}", when=when),
        "new_customers": _("bought for the first time {when}", when=when),
        "returning_customers": _("bought {when}, and before", when=when),
        "refunded": _("had a refund {when}", when=when),
        "converted_visitors": _("came and converted {when}", when=when),
        "lost_visitors": _("came and did not convert {when}", when=when),
        "converted_new": _("came for the first time and converted {when}", when=when),
        "lost_new": _("came for the first time and did not convert {when}", when=when),
        "converted_leads": _("became a lead and converted {when}", when=when),
        "lost_leads": _("became a lead and did not convert {when}", when=when),
    }[who]


def _grouped(said: str, settings: dict[str, object], cell: dict[str, object]) -> str:
    if "group" not in cell:
        return said
    by = settings["by"]
    column = by["column"] if isinstance(by, dict) else by
    return _("{said} (group {group} of {column})", said=said, group=cell["group"], column=column)


def _unit(settings: dict[str, object]) -> str:
    return {"day": _("day"), "week": _("week"), "month": _("month")}[settings.get("period", "week")]


def _when(start: str, settings: dict[str, object]) -> str:
    name = _name(start, settings)
    return _("on {day}", day=name) if settings.get("period", "week") == "day" else _("in {period}", period=name)


def _name(start: str, settings: dict[str, object]) -> str:
    period = settings.get("period", "week")
    name = calendar_period(date.fromisoformat(start), period)
    return _("the {week}", week=name) if period == "week" else name


OVERVIEW_WORDS: dict[str, Callable] = {
    "traffic": overview_words,
    "sales": overview_words,
    "conversion": overview_words,
    "rate_change": rate_change_words,
    "rhythm": rhythm_words,
}
