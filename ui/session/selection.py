"""The filter that every page obeys.

The filter is a literal: ``{"from": day, "to": day, "only": rule, "as_of": day}``, each part only where it is set. It
belongs to the data it was chosen on: with other data it is gone. :func:`table` applies it to every table there is;
:func:`everyone` gives the table as it was brought, which is what rules are asked of.
"""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from insight.audiences import Audience, mark_audience, select_customers
from insight.errors import InsightError
from insight.language import _
from insight.recipe import lists_customers
from insight.tables.select import MOMENTS, select_days
from ui import link
from ui.session.audiences import saved_audiences
from ui.session.data import SOURCE, current
from ui.session.data import table as everyone

SELECTION = "filter.chosen"  # (the data it was chosen on, the filter)
PARTS = ("from", "to", "only", "as_of")
A_LIST = "file"  # stands in a link for a list of customers, which no link may hold


def selection() -> dict[str, object]:
    """The filter now, as a literal; empty when every page looks at everyone on all days."""
    source, chosen = st.session_state.get(SELECTION, (None, {}))
    return dict(chosen) if source is not None and source == st.session_state.get(SOURCE) else {}


def select(**parts: object) -> None:
    """Change parts of the filter: ``select(**{"from": "2026-03-01"})``; None takes a part away."""
    if "only" in parts:
        parts.setdefault("as_of", None)
    _keep({**selection(), **parts}, st.session_state.get(SOURCE))


def clear_selection() -> None:
    """Look at everyone on all days again."""
    st.session_state.pop(SELECTION, None)


def restore_selection(chosen: dict[str, object]) -> None:
    """Take a filter back. Raises InsightError for what is none."""
    _keep(_checked(chosen), st.session_state.get(SOURCE))


def _keep(chosen: dict[str, object], source: str | None) -> None:
    left = {name: chosen[name] for name in PARTS if chosen.get(name) is not None}
    st.session_state[SELECTION] = (source, left)


def table(kind: str):
    """The visitor's table of this kind as every page sees it: the filter applied. None where there is no such table.

    Raises InsightError where the filter leaves nothing of it, or asks for what the tables cannot say.
    """
    whole, chosen = everyone(kind), selection()
    if whole is None or not chosen:
        return whole
    others = tuple(other for name, other in everything().items() if name != kind)
    fingerprints = " ".join(one.fingerprint for one in (whole, *others))
    return _selected(fingerprints, repr(chosen), whole, others)


def everything() -> dict[str, object]:
    """All tables as they were brought, by kind: what rules are asked of."""
    data = current()
    return {kind: everyone(kind) for kind in data.tables} if data else {}


def _select(fingerprints: str, chosen: str, _whole, _others: tuple):
    return selected(_whole, _others, link.literal(chosen))


def selected(whole, others: tuple, chosen: dict[str, object]):
    """A table with a filter applied: first the customers, who are looked up in the whole tables, then the days."""
    found = whole
    if "only" in chosen and "customer_id" in whole.frame:
        found = select_customers(whole, *others, rule=chosen["only"], as_of=chosen.get("as_of"))
    if {"from", "to"} & set(chosen) and any(name in whole.frame for name in MOMENTS):
        found = select_days(found, start=chosen.get("from"), end=chosen.get("to"))
    return found


def marked(whole, name: str, rule: dict, as_of: str | None):
    """A table of everyone with a column `name` that says who belongs to an audience; the filter applied after that.

    Raises InsightError where the tables cannot say.
    """
    others = tuple(other for kind, other in everything().items() if kind != whole.kind)
    fingerprints = " ".join(one.fingerprint for one in (whole, *others))
    asked = {"name": name, "rule": rule, "as_of": as_of}
    return _marked(fingerprints, repr(asked), repr(selection()), whole, others)


def _mark(fingerprints: str, asked: str, chosen: str, _whole, _others: tuple):
    return selected(mark_audience(_whole, *_others, **link.literal(asked)), _others, link.literal(chosen))


_marked = st.cache_resource(_mark, scope="session", max_entries=4, show_spinner=_("Choosing …"))
_selected = st.cache_resource(_select, scope="session", max_entries=8, show_spinner=_("Choosing …"))


def forget_selected() -> None:
    """Let go of the filtered tables of this visitor."""
    _selected.clear()
    _marked.clear()
    _extent.clear()


# -- in a link --------------------------------------------------------------------------------------------------------


def parameters() -> dict[str, str]:
    """The filter as parameters of a link."""
    chosen = selection()
    if lists_customers(chosen.get("only")):
        chosen["only"] = A_LIST
    return {name: link.encode(value) for name, value in chosen.items()}


def take(params: dict[str, str], source: str | None) -> str | None:
    """Take the filter out of a link's parameters. What is wrong with it is said, and it is not applied."""
    asked = {name: params.pop(name) for name in PARTS if name in params}
    if asked.get("only") == A_LIST:
        if source == st.session_state.get(SOURCE) and parameters().get("only") == A_LIST:
            return None  # back to a page of this visit, whose list is still here
        st.session_state.pop(SELECTION, None)
        return _("This link was made for a list of customers. A link never holds one: open the saved set-up that does.")
    try:
        chosen = _checked({name: link.decode(text) for name, text in asked.items()})
    except (link.BrokenLink, InsightError):
        st.session_state.pop(SELECTION, None)
        return _("The filter in the link could not be used. You see everyone on all days.")
    _keep(chosen, source)
    return None


def _checked(chosen: dict[str, object]) -> dict[str, object]:
    """The filter, its rule in full. Raises InsightError for one that cannot be meant."""
    for name in ("from", "to", "as_of"):
        if chosen.get(name) is not None and not _is_day(chosen[name]):
            raise InsightError(f"{name} = {chosen[name]!r} is no day; write it as 2026-03-31.")
    if chosen.get("only") is None:
        return chosen
    return {**chosen, "only": Audience(chosen["only"], chosen.get("as_of")).rule}


def _is_day(text: object) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False


# -- what the inputs of the filter show -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Extent:
    """How far a table goes: its customers, and its first and last day; None where it has no such column."""

    customers: int | None
    first: date | None
    last: date | None


def extent(table) -> Extent:
    """How far a table goes."""
    return _extent(table.fingerprint, table)


def _measure(fingerprint: str, _table) -> Extent:
    frame = _table.frame
    customers = frame["customer_id"].nunique() if "customer_id" in frame else None
    moment = next((frame[name] for name in MOMENTS if name in frame), None)
    return Extent(customers, *((None, None) if moment is None else (moment.min().date(), moment.max().date())))


_extent = st.cache_resource(_measure, scope="session", max_entries=32, show_spinner=False)


def filter_key(part: str) -> str:
    """The key of the input for a part of the filter; it shows that part from now on."""
    key, value = f"filter.{part}", selection().get(part)
    value = date.fromisoformat(value) if value and part != "only" else value
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def filter_chosen(part: str) -> None:
    """What an input of the filter does when it was changed."""
    value = st.session_state[f"filter.{part}"]
    if part != "only":
        select(**{part: value and value.isoformat()})
        return
    days = {repr(kept["rule"]): kept["as_of"] for kept in saved_audiences().values()}
    asked = value["not"] if value and set(value) == {"not"} else value
    select(only=value, as_of=days.get(repr(asked)))
