"""The inputs of one condition of a rule: what somebody did, how much, since when, or what the data says of them."""

from datetime import date

import pandas as pd
import streamlit as st

from insight.audiences.rules import LONGEST_PERIOD, MEASURES, RECENT, SILENT, STATUSES, at_least
from insight.language import _
from ui.audience.fields import OF_ROWS, SEGMENTS, Fields
from ui.conditions import WORDS, comparison, conditions
from ui.words import KIND_NAMES

OFTEN = {
    "once": _("at least once"),
    "least": _("at least … times"),
    "most": _("at most … times"),
    "exactly": _("exactly … times"),
}
WHEN = {"ever": _("at any time"), "days": _("in the last … days"), "span": _("between two days")}
MEASURED = {  # (measure, table) -> what it is called
    ("orders", "orders"): _("Number of orders"),
    ("revenue", "orders"): _("Revenue"),
    ("average_order_value", "orders"): _("Average order value"),
    ("events", "events"): _("Number of events"),
    ("days_since_first", "orders"): _("Days since the first order"),
    ("days_since_first", "events"): _("Days since the first event"),
    ("days_since_last", "orders"): _("Days since the last order"),
    ("days_since_last", "events"): _("Days since the last event"),
    ("first_day", "orders"): _("Day of the first order"),
    ("first_day", "events"): _("Day of the first event"),
    ("last_day", "orders"): _("Day of the last order"),
    ("last_day", "events"): _("Day of the last event"),
}
USUAL = {"orders": 2, "revenue": 100, "average_order_value": 50, "events": 5, "days_since_first": 90}
USUAL |= {"days_since_last": 90}
SAID = {
    "new": _("New: for the first time lately"),
    "returning": _("Returning: lately, and not long before"),
    "reactivated": _("Reactivated: lately, after a long silence"),
    "lapsed": _("Gone quiet: before, but not lately"),
}
OF = {"any": _("any row"), "first": _("the first row"), "last": _("the last row")}
MOST_TIMES = 10_000


def usual(kind: str, fields: Fields) -> dict[str, object]:
    """A condition to begin with."""
    match kind:
        case "did":
            return {"did": fields.doings("events")[0]}
        case "contacted":
            return {"did": fields.doings("contacts")[0], "table": "contacts"}
        case "measure":
            measure, table = fields.measures[0]
            return {"measure": measure, "is": ">=", "value": USUAL.get(measure, 1), "table": table}
        case "status":
            return {"status": "new", "days": RECENT, "silent": SILENT, "table": fields.activities[0]}
        case "segment":
            return {"members": SEGMENTS, "settings": {}, "cell": {"segment": fields.segments[0]}}
    table, name = fields.columns[0]
    told = fields.frame(table)[name].dropna()
    if pd.api.types.is_bool_dtype(told):
        return {"column": name, "is": "==", "value": True, "table": table}
    if told.dtype != "str" or told.empty:
        return {"column": name, "is": "is missing", "table": table}
    return {"column": name, "is": "==", "value": told.mode()[0], "table": table}


def condition_inputs(kind: str, rule: dict, fields: Fields, key: str) -> dict[str, object]:
    """The condition as changed by the visitor."""
    return INPUTS[kind](rule, fields, key)


def _did(rule: dict, fields: Fields, key: str) -> dict[str, object]:
    table = rule.get("table", "events")
    now = [rule["did"]] if isinstance(rule["did"], str) else rule["did"]
    chosen = st.multiselect(
        _("Did one of") if table == "events" else _("Outcome"), fields.doings(table), now, key=f"{key}.did",
        help=_("Any of these counts. Add another condition for something else they must have done."),
    )  # fmt: skip
    events = chosen or now
    made = {"did": events[0] if len(events) == 1 else events, **_how_often(rule, key)}
    made |= {"table": table} if "table" in rule else {}
    made |= _period(rule, key)
    where = rule.get("where") or []
    fold = st.popover(
        _("Only where …") if not where else _("Only where … ({n})", n=len(where)), key=f"{key}.where", type="tertiary",
        help=_("What must stand in the row, such as a channel or a value above 100."), on_change="rerun",
    )  # fmt: skip
    if fold.open:
        with fold:
            where = conditions(where, fields.frame(table), "audiences", f"{key}.conditions")
    made |= {"where": where} if where else {}
    return made


def _how_often(rule: dict, key: str) -> dict[str, int]:
    least, most = at_least(rule), rule.get("at_most")
    now = "most" if least == 0 else "exactly" if most is not None else "once" if least == 1 else "least"
    with st.grid(2, min_column_width=110, gap="small"):
        how = st.selectbox(
            _("How often"), list(OFTEN), list(OFTEN).index(now), format_func=OFTEN.get, key=f"{key}.often",
            label_visibility="collapsed", help=_("At most 0 times is never."),
        )  # fmt: skip
        if how == "once":
            return {"at_least": 1} if rule.get("at_least") == 1 else {}
        n = st.number_input(
            _("Times"), 0, MOST_TIMES, (most if how == "most" else least) or 0, key=f"{key}.times.{how}",
            label_visibility="collapsed", help=_("How many times."),
        )  # fmt: skip
    if how == "least":
        return {"at_least": n}
    return {"at_least": n, "at_most": n} if how == "exactly" else {"at_most": n}


def _period(rule: dict, key: str) -> dict[str, object]:
    bounds = [rule.get("from"), rule.get("to")]
    now = "days" if rule.get("days") is not None else "span" if any(bounds) else "ever"
    with st.grid(3, min_column_width=130, gap="small"):
        when = st.selectbox(
            _("When"), list(WHEN), list(WHEN).index(now), format_func=WHEN.get, key=f"{key}.when",
            label_visibility="collapsed", help=_("The last days end with the last day of the data, or with “as of”."),
        )  # fmt: skip
        if when == "days":
            days = st.number_input(
                _("Days"), 1, LONGEST_PERIOD, rule.get("days") or RECENT, key=f"{key}.days",
                label_visibility="collapsed", help=_("How many days."),
            )  # fmt: skip
            return {"days": days}
        if when == "ever":
            return {}
        look = {"format": "YYYY-MM-DD", "label_visibility": "collapsed"}
        first, last = (None if one is None else date.fromisoformat(one) for one in bounds)
        first = st.date_input(_("From"), first, key=f"{key}.from", help=_("The first day; empty: no limit."), **look)
        last = st.date_input(_("To"), last, key=f"{key}.to", help=_("The last day; empty: no limit."), **look)
    if first and last and last < first:
        last = first
    return {name: day.isoformat() for name, day in (("from", first), ("to", last)) if day}


def _measure(rule: dict, fields: Fields, key: str) -> dict[str, object]:
    now = (rule["measure"], rule.get("table", MEASURES[rule["measure"]][0]))
    measure, table = st.selectbox(
        _("Of each customer"), fields.measures, fields.measures.index(now), key=f"{key}.measure",
        format_func=MEASURED.get,
        help=_("Orders are those with an amount above zero; refunds are taken off the revenue."),
    )  # fmt: skip
    own = rule if (measure, table) == now else {}
    key = f"{key}.{measure}.{table}"
    with st.grid(2, min_column_width=110, gap="small"):
        how = st.selectbox(
            _("How"), list(_comparisons()), list(_comparisons()).index(own.get("is", ">=")), format_func=WORDS.get,
            key=f"{key}.how", label_visibility="collapsed", help=_("How the number is compared."),
        )  # fmt: skip
        value = _limit(measure, own.get("value"), fields.last_day(table), key)
    made = {"measure": measure, "is": how, "value": value, "table": table}
    return made if "day" in measure else made | _period(own, key)


def _comparisons() -> tuple[str, ...]:
    return (">=", ">", "<=", "<", "==", "!=")


def _limit(measure: str, now: object, last: date, key: str) -> object:
    look = {"label_visibility": "collapsed", "key": f"{key}.value", "help": _("What it is compared with.")}
    if measure.endswith("_day"):
        usual = date.fromisoformat(now) if now else last
        return st.date_input(_("Value"), usual, format="YYYY-MM-DD", **look).isoformat()
    if measure in ("revenue", "average_order_value"):
        chosen = st.number_input(_("Value"), value=float(USUAL[measure] if now is None else now), **look)
    else:
        chosen = st.number_input(_("Value"), value=int(USUAL[measure] if now is None else now), **look)
    return now if chosen == now else chosen


def _status(rule: dict, fields: Fields, key: str) -> dict[str, object]:
    status = st.selectbox(
        _("They are"), list(STATUSES), list(STATUSES).index(rule["status"]), format_func=SAID.get,
        key=f"{key}.status", help=_("Each customer who ever came is exactly one of the four."),
    )  # fmt: skip
    with st.grid(3, min_column_width=110, gap="small"):
        table = rule.get("table", fields.activities[0])
        table = st.selectbox(
            _("By their"), fields.activities, fields.activities.index(table), format_func=KIND_NAMES.get,
            key=f"{key}.table", help=_("Whether buying counts, or any event."),
        )  # fmt: skip
        days = st.number_input(
            _("Lately: days"), 1, LONGEST_PERIOD, rule["days"], key=f"{key}.days",
            help=_("So many days up to the last day of the data count as lately."),
        )  # fmt: skip
        silent = rule["silent"]
        if status in ("returning", "reactivated"):
            silent = st.number_input(
                _("Long silence: days"), 1, LONGEST_PERIOD, silent, key=f"{key}.silent",
                help=_("Who came back after more days than these is reactivated; after fewer, returning."),
            )  # fmt: skip
    return {"status": status, "days": days, "silent": silent, "table": table}


def _segment(rule: dict, fields: Fields, key: str) -> dict[str, object]:
    name = st.selectbox(
        _("Segment"), fields.segments, fields.segments.index(rule["cell"]["segment"]), key=f"{key}.segment",
        help=_("By recency, frequency and revenue, with the usual map of the Segments page."),
    )  # fmt: skip
    return {**rule, "cell": {"segment": name}}


def _column(rule: dict, fields: Fields, key: str) -> dict[str, object]:
    now = (rule.get("table") or next(k for k, name in fields.columns if name == rule["column"]), rule["column"])
    table, name = st.selectbox(
        _("Column"), fields.columns, fields.columns.index(now), key=f"{key}.column",
        format_func=lambda pair: f"{pair[1]} · {KIND_NAMES[pair[0]]}",
        help=_("Age, region, income, attitude, channel, product: whatever your files say."),
    )  # fmt: skip
    own, key = (rule if (table, name) == now else {}), f"{key}.{table}.{name}"
    of = own.get("of", "any")
    written = [name, own["is"], *([own["value"]] if "value" in own else [])] if own else [name]
    written = comparison(fields.frame(table)[name], written, key)
    made = {"column": name, "is": written[1], **({"value": written[2]} if len(written) > 2 else {}), "table": table}
    if fields.has_dates(table):
        of = st.selectbox(
            _("In"), list(OF_ROWS), list(OF_ROWS).index(of), format_func=OF.get, key=f"{key}.of",
            help=_("Whether one of the customer’s rows is enough, or their first or last one counts."),
        )  # fmt: skip
    return made | ({"of": of} if of != "any" or "of" in own else {})


INPUTS = {
    "did": _did,
    "contacted": _did,
    "measure": _measure,
    "status": _status,
    "segment": _segment,
    "column": _column,
}
