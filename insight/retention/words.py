"""What sentence and picture call cohorts, periods and criteria."""

from datetime import date

from insight.language import _, _n, calendar_period, count, day, plain

CRITERION_NAMES = {
    "on": _("on the period"),
    "on_or_after": _("on or after"),
    "on_or_before": _("on or before"),
    "streak": _("in each period until then"),
    "bracket": _("at least once in a span"),
}
ALIASES = {  # what others call it, where the same word means different things elsewhere
    "on": _("N-day, standard, exact"),
    "on_or_after": _("unbounded; PostHog also says rolling or cumulative"),
    "on_or_before": _("cumulative in GA4"),
    "streak": _("rolling in GA4 and Adobe"),
    "bracket": _("custom brackets"),
}


def cohort_name(result, cohort: str) -> str:
    """What a cohort is called: the day or month it starts, or the value of the column."""
    if isinstance(result.cohort, dict) and "column" in result.cohort:
        return cohort
    start = date.fromisoformat(cohort)
    return calendar_period(start, "month") if result.period == "month" else day(start)


def period_name(result, k: int) -> str:
    """A period after the start, in the middle of a sentence: "month 3", or "months 1 to 3" for a bracket."""
    bracket = getattr(result, "bracket", None)
    if bracket and k == bracket[1] and bracket[0] < bracket[1]:
        ends = {"a": bracket[0], "b": bracket[1]}
        words = {
            "day": _("days {a} to {b}", **ends),
            "week": _("weeks {a} to {b}", **ends),
            "month": _("months {a} to {b}", **ends),
        }
        return words[result.period]
    return {"day": _("day {k}", k=k), "week": _("week {k}", k=k), "month": _("month {k}", k=k)}[result.period]


def periods_title(result) -> str:
    """What is counted along an axis of periods."""
    orders = getattr(result, "kind", "orders") == "orders"
    words = {
        "day": (_("Days after the first purchase"), _("Days after the start")),
        "week": (_("Weeks after the first purchase"), _("Weeks after the start")),
        "month": (_("Months after the first purchase"), _("Months after the start")),
    }
    plainly = result.cohort == "first" and orders
    return words[result.period][not plainly]


def customers(n: int) -> str:
    """So many customers."""
    return _n("{n} customer", "{n} customers", n, n=count(n))


def way_to_count(tool: str, changed: str, settings: dict[str, object]) -> str:
    """What a row of `RetentionPeers.tools` is called: the tool, or what is changed in this retention."""
    if tool != "ours":
        return tool
    match changed, settings.get(changed):
        case "", _:
            return _("As counted here")
        case "criterion", criterion:
            return _("Here, but {criterion}", criterion=CRITERION_NAMES[criterion])
        case "clock", "rolling":
            return _("Here, but from each customer’s own start")
        case "clock", _calendar:
            return _("Here, but by the calendar")
        case "cohort", "recurring":
            return _("Here, but customers start again in each period")
        case _:
            return _("Here, but customers start once")


def starts_with(result) -> str:
    """With what a customer's time begins, as the middle of a sentence, as Markdown."""
    orders = getattr(result, "kind", "orders") == "orders"
    if isinstance(result.cohort, dict) and "event" in result.cohort:
        events = result.cohort["event"]
        events = [events] if isinstance(events, str) else events
        either = " / ".join(f"**{plain(event)}**" for event in events)
        if orders:
            return _("first purchase that meets the conditions")
        return _("first {event}", event=either)
    return _("first purchase") if orders else _("first event")
