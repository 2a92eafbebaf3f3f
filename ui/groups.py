"""By what customers are compared: a column's values, or an audience with everyone else."""

import streamlit as st

from insight.audiences import Audience
from insight.errors import InsightError
from insight.funnel.steps import TOP
from insight.language import _
from insight.tables import EventLog, Orders
from ui import session

NO_GROUPS = {"customer_id", "timestamp", "event", "sequence", "session", "value"}
NO_GROUPS |= {"order_id", "order_date", "amount", "amount_minor"}
MOST_GROUPS = 50  # with a name


def properties(table: EventLog | Orders) -> list[str]:
    """The columns by which customers can be compared: what the file says beside who, what and when."""
    return [column for column in session.columns_of(table) if column not in NO_GROUPS]


def names_few(by: object) -> bool:
    """Whether a breakdown names as few groups as the page can show."""
    return not isinstance(by, dict) or by.get("top", TOP) in range(1, MOST_GROUPS + 1)


def is_audience(by: object) -> bool:
    """Whether a breakdown is by an audience: {"audience": name, "rule": rule, "as_of": day}."""
    if not isinstance(by, dict) or "audience" not in by:
        return False
    try:
        Audience(by["rule"], by.get("as_of"))
    except (InsightError, KeyError):
        return False
    return isinstance(by["audience"], str) and set(by) <= {"audience", "rule", "as_of", "value", "top"}


def grouped(table: EventLog | Orders, everyone: EventLog | Orders, by: object) -> tuple[EventLog | Orders, object]:
    """The table with the column that a breakdown needs, and the breakdown as an analysis takes it.

    Raises InsightError where the audience cannot be told from the tables.
    """
    if not is_audience(by):
        return table, by
    marked = session.marked(everyone, by["audience"], by["rule"], by.get("as_of"))
    more = {part: by[part] for part in ("value", "top") if part in by}
    return marked, {"column": by["audience"], **more} if more else by["audience"]


def group_picker(
    choose: session.Choices, name: str, table: EventLog | Orders, steps: list[str] | None = None, help: str = ""
) -> None:
    """The groups to compare: one select; of a funnel's `steps` also which value counts and how many are named.

    help : which group somebody belongs to
    """
    by = choose[name] if isinstance(choose[name], dict) else {"column": choose[name]} if choose[name] else {}
    key = f"{choose.key(name)}.{choose.version}"
    columns, audiences = properties(table), session.saved_audiences()
    if "audience" in by:
        audiences.setdefault(by["audience"], {"rule": by["rule"], "as_of": by.get("as_of")})
    options = [*(("column", column) for column in columns), *(("audience", name) for name in audiences)]
    now = next(((kind, by[kind]) for kind in ("column", "audience") if kind in by), None)
    options += [now] if now not in (None, *options) else []  # a link may compare by what is not offered
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        chosen = st.selectbox(
            _("Compare groups"),
            options,
            options.index(now) if now else None,
            format_func=lambda option: option[1] if option[0] == "column" else _("Audience: {name}", name=option[1]),
            key=key,
            disabled=not options,
            placeholder=_("No groups"),
            help=help or _("Each customer belongs to the group of their first entry, unless you say otherwise."),
        )
        details = None
        if chosen and steps:
            details = st.popover(
                "⋯", key=f"{key}.details", type="tertiary", on_change="rerun",
                help=_("Groups: which value counts, and how many have a name"),
            )  # fmt: skip
    if details and details.open:
        with details:
            by = _details(by, steps, key)
    choose[name] = _written(chosen, by, audiences)


def _details(by: dict, steps: list[str], key: str) -> dict:
    values = ["entry", "first", "last", *range(1, len(steps) + 1)]
    words = {"entry": _("at the first entry"), "first": _("at the start of the attempt that counts")}
    words |= {"last": _("at the step it got to")}
    value = st.selectbox(
        _("The value"),
        values,
        values.index(by.get("value", "entry")) if by.get("value", "entry") in values else 0,
        format_func=lambda value: words.get(value) or _("at step {n} ({step})", n=value, step=steps[value - 1]),
        key=f"{key}.value",
        help=_("Only at the first entry are rates comparable: later values describe the visit that converted."),
    )
    top = st.number_input(
        _("Groups with a name"),
        1,
        MOST_GROUPS,
        by.get("top", TOP),
        key=f"{key}.top",
        help=_("The others are added up."),
    )
    return by | {"value": value, "top": top}


def _written(chosen: tuple | None, by: dict, audiences: dict) -> object:
    """The shortest way to write a breakdown."""
    if chosen is None:
        return None
    kind, name = chosen
    usual = {"value": "entry", "top": TOP}
    more = {part: by[part] for part, value in usual.items() if by.get(part, value) != value}
    if kind == "column":
        return {"column": name, **more} if more else name
    day = {"as_of": audiences[name]["as_of"]} if audiences[name].get("as_of") else {}
    return {"audience": name, "rule": audiences[name]["rule"], **day, **more}
