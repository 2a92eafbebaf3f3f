"""The definition cards of traffic, sales and conversion: of the measure in front."""

from insight.explain.cards import Card
from insight.explain.overview import currency_of
from insight.explain.overview_notes import Overview
from insight.language import _, _n, confidence, count, length, plain
from insight.overview.change import TOO_FEW
from insight.overview.conversion import Conversion
from insight.overview.sales import Sales
from insight.overview.traffic import Traffic
from insight.overview.words import (
    KIND,
    TITLES,
    WHOLE,
    change_range,
    change_text,
    n_text,
    period_name,
    range_text,
    value_text,
)

PARTS = {  # of what is divided: its name in the formula
    "pages_per_session": ("pages", "sessions"),
    "bounce_rate": ("bounces", "sessions"),
    "time_on_site_seconds": ("visit_seconds", "timed_sessions"),
    "average_order_value": ("sold", "orders"),
    "orders_per_buyer": ("orders", "buyers"),
    "per_session": ("converted_sessions", "sessions"),
    "per_visitor": ("converted_visitors", "visitors"),
    "per_new_visitor": ("converted_new", "new_visitors"),
    "per_lead": ("converted_leads", "leads"),
}
LETTERS = {
    "pages": _("pages"),
    "bounces": _("bounces"),
    "visit_seconds": _("seconds"),
    "sold": _("amounts"),
    "orders": _("orders"),
    "converted_sessions": _("sessions that convert"),
    "converted_visitors": _("visitors who convert"),
    "converted_new": _("new visitors who convert"),
    "converted_leads": _("leads who convert"),
}


def traffic_card(result: Traffic) -> Card:
    """The definition of the measure in front."""
    return _card(result, [_counted_visits(result)], "insight.overview.traffic.traffic")


def sales_card(result: Sales) -> Card:
    """The definition of the measure in front."""
    return _card(result, [_counted_sales(result)], "insight.overview.sales.sales")


def conversion_card(result: Conversion) -> Card:
    """The definition of the measure in front."""
    return _card(result, _counted_conversions(result), "insight.overview.conversion.conversion")


def _card(result: Overview, counted: list[str], function: str) -> Card:
    now = result.periods.set_index("period").loc[result.at]
    row = result.measures.set_index("measure").loc[result.measure]
    return Card(
        title=TITLES[result.measure],
        formula=_formula(result, now, row),
        sentences=(*counted, _period(result), *_interval(result, row), _left_out(result)),
        source=_("Kish 1965, Survey Sampling, for alike sessions and orders; Wilson 1927, JASA 22; Zou & Donner 2008, "
                 "Statistics in Medicine 27, for differences."),
        function=function,
    )  # fmt: skip


def _formula(result: Overview, now, row) -> str:
    """The definition, with the numbers of the period that is looked at."""
    name, kind, currency = result.measure, KIND[result.measure], currency_of(result)
    value = _tex(value_text(kind, row["value"], currency))
    if WHOLE[name] is None:
        if name == "revenue":
            parts = (_tex(value_text("money", now[part], currency)) for part in ("sold", "refunded"))
            sold, refunded = parts
            return rf"\text{{{_('revenue')}}} = \sum_i a_i - R = {sold} - {refunded} = {value}"
        return rf"\text{{{TITLES[name].lower()}}} = {value}"
    part, whole = PARTS[name]
    names = [LETTERS.get(one, TITLES.get(one, one)).lower() for one in (part, whole)]
    numbers = [_tex(value_text("money" if part == "sold" else "count", now[one])) for one in (part, whole)]
    formula = rf"\frac{{\text{{{names[0]}}}}}{{\text{{{names[1]}}}}}"
    if not now[whole]:
        return formula
    formula += rf" = \frac{{{numbers[0]}}}{{{numbers[1]}}}"
    return formula if row["n"] < TOO_FEW else f"{formula} = {value}"


def _tex(text: str) -> str:
    return rf"\text{{{text.replace('%', chr(92) + '%').replace('−', '-')}}}"


def _counted_visits(result: Traffic) -> str:
    gap = _("as the file has them") if result.session_gap is None else _(
        "cut at pauses of more than {gap}", gap=length(result.session_gap)
    )  # fmt: skip
    pages = _("events") if result.page_events is None else _("events of {names}", names=_names(result.page_events))
    match result.measure:
        case "visitors":
            return _("Counted: customers with a session that begins in the period, each once.")
        case "new_visitors":
            return _("Counted: customers whose first session in the data begins in the period.")
        case "sessions":
            return _("Counted: sessions that begin in the period, {gap}.", gap=gap)
        case "pages_per_session":
            return _("Counted: {pages}, of sessions that begin in the period, {gap}.", pages=pages, gap=gap)
        case "bounce_rate":
            return _(
                "Counted: sessions with at most one page; pages are {pages}. Sessions are {gap}.", pages=pages, gap=gap
            )
    return _("Counted: the time from the first event to the last, of sessions with two events or more, {gap}.", gap=gap)


def _counted_sales(result: Sales) -> str:
    match result.measure:
        case "revenue":
            return _("Counted: the amounts of orders above 0, less refunds, each in the period that it lies in.")
        case "orders":
            return _("Counted: orders above 0. Refunds, cancellations and orders of 0 are none.")
        case "average_order_value":
            return _("Counted: the amounts of orders above 0, divided by their number. Refunds are not in it.")
        case "buyers":
            return _("Counted: customers with an order above 0 in the period, each once.")
        case "new_customers":
            return _("Counted: buyers whose first order above 0 in the data lies in the period.")
        case "returning_customers":
            return _("Counted: buyers whose first order above 0 lies before the period.")
    return _("Counted: orders above 0, divided by the customers who placed them.")


def _counted_conversions(result: Conversion) -> list[str]:
    if result.origin == "orders":
        goal = _("A conversion is an order above 0.")
    else:
        goal = _("A conversion is {names}.", names=_names(result.goal))
    counted = {
        "per_session": _("Counted: sessions that begin in the period and have a conversion, out of all that begin."),
        "per_visitor": _("Counted: visitors with a conversion in the period, out of all visitors of it."),
        "per_new_visitor": _("Counted: first-time visitors with a conversion in the same period, out of all of them."),
        "per_lead": _("Counted: leads with a conversion in the same period, out of all leads of it."),
    }[result.measure]
    said = [goal, counted]
    if result.measure == "per_lead":
        said.append(_("A lead has done {names}.", names=_names(result.lead)))
    if result.measure == "per_session" and result.origin == "orders":
        said.append(_("An order belongs to a session when it lies in it, or soon after its last event."))
    return said


def _names(events: str | list) -> str:
    named = [events] if isinstance(events, str) else events
    return ", ".join(f"**{plain(name)}**" for name in named)


def _period(result: Overview) -> str:
    values = {"now": period_name(result.at, result.period), "n": count(result.n_customers)}
    return _("Of: {now}. The data has {n} customers.", **values)


def _interval(result: Overview, row) -> list[str]:
    """The interval of the value, and that of its change."""
    kind, level, said = KIND[result.measure], confidence(result.level), []
    if WHOLE[result.measure] is not None:
        if row["ci_low"] != row["ci_low"]:
            return [_("No interval: fewer than {few} customers are behind it.", few=TOO_FEW)]
        values = {"n": n_text(result.measure, row["n"]), "level": level}
        values |= {"interval": range_text(kind, row["ci_low"], row["ci_high"], currency_of(result))}
        said.append(_("n = {n}; the {level} interval is {interval}, customers being the independent units.", **values))
    if row["change_low"] == row["change_low"]:
        values = {"before": period_name(result.before, result.period), "change": change_text(kind, row["change"])}
        values |= {"level": level, "interval": change_range(kind, row["change_low"], row["change_high"])}
        said.append(_("Since {before}: {change} ({level} interval {interval}).", **values))
    if WHOLE[result.measure] is None:
        said.append(_("The interval of a change is how much such a number moves by the chance of who comes alone."))
    return said


def _left_out(result: Overview) -> str:
    if not result.left_out:
        return _("Nothing was left out.")
    return _n("Left out: {n} row after the last day.", "Left out: {n} rows after the last day.", result.left_out,
              n=count(result.left_out))  # fmt: skip
