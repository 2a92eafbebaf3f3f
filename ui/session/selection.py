"""The filter that every page obeys.

The filter is a literal: ``{"from": day, "to": day, "only": rule, "as_of": day}``, each part only where it is set. It
belongs to the data it was chosen on: with another file it is gone, with the same file read in another way it stays.
:func:`table` applies it to every table there is; :func:`everyone` gives the table as it was brought, which is what
rules are asked of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import streamlit as st

from insight.audiences import mark_audience, select_customers
from insight.audiences.kept import FILTER, checked_filter, lists_customers
from insight.errors import InsightError
from insight.language import _
from insight.periods import timestamp
from insight.tables.select import MOMENTS, select_days
from ui import link
from ui.session.data import current, origin
from ui.session.data import table as everyone
from ui.session.sources import counted, is_source

SELECTION = "filter.chosen"  # (the data it was chosen on, the filter)
WAITING: dict[str, str] = {}  # what a filter belongs to whose files are still to come
A_LIST = "file"  # stands in a link for a list of customers, which no link may hold


def selection() -> dict[str, object]:
    """The filter now, as a literal; empty when every page looks at everyone on all days."""
    chosen_on, chosen = st.session_state.get(SELECTION, (None, {}))
    now = origin()
    if chosen_on == WAITING and now and isinstance(now, dict):
        _keep(chosen, now)  # the files it waited for are here
        chosen_on = now
    return dict(chosen) if _is_same_data(chosen_on, now) else {}


def _is_same_data(chosen_on: str | dict[str, str] | None, now: str | dict[str, str] | None) -> bool:
    """Whether a filter chosen there holds here: of each file either the same or none, and not all are gone."""
    if not isinstance(chosen_on, dict) or not isinstance(now, dict):
        return chosen_on is not None and chosen_on == now
    replaced = any(now.get(kind, digest) != digest for kind, digest in chosen_on.items())
    return not replaced and bool(chosen_on.keys() & now.keys())


def select(**parts: object) -> None:
    """Change parts of the filter: ``select(**{"from": "2026-03-01"})``; None takes a part away."""
    if "only" in parts:
        parts.setdefault("as_of", None)
    _keep({**selection(), **parts}, origin())


def clear_selection() -> None:
    """Look at everyone on all days again."""
    st.session_state.pop(SELECTION, None)


def restore_selection(chosen: dict[str, object]) -> None:
    """Take a filter back. Raises InsightError for what is none."""
    _keep(checked_filter(chosen), origin())


def _keep(chosen: dict[str, object], chosen_on: str | dict[str, str] | None) -> None:
    left = {name: chosen[name] for name in FILTER if chosen.get(name) is not None}
    st.session_state[SELECTION] = (chosen_on, left)


def table(kind: str):
    """The visitor's table of this kind as every page sees it: the filter applied. None where there is no such table.

    Raises InsightError where the filter leaves nothing of it, or asks for what the tables cannot say.
    """
    whole, chosen = everyone(kind), selection()
    if whole is None or not chosen:
        return whole
    others = tuple(other for name, other in everything().items() if name != kind)
    fingerprints = " ".join(one.fingerprint for one in (whole, *others))
    if not is_source(whole):
        return _selected(fingerprints, repr(chosen), whole, others)
    key = ("table", fingerprints, repr(chosen))
    return counted(key, whole, lambda watched: selected(watched, others, chosen), public=False).watched(None)


def everything() -> dict[str, object]:
    """All tables as they were brought, by kind: what rules are asked of."""
    data = current()
    return {kind: everyone(kind) for kind in data.tables} if data else {}


def _select(fingerprints: str, chosen: str, _whole, _others: tuple):
    return selected(_whole, _others, link.literal(chosen))


def selected(whole, others: tuple, chosen: dict[str, object]):
    """A table with a filter applied: first the customers, who are looked up in the whole tables, then the days."""
    found, columns = whole, columns_of(whole)
    if "only" in chosen and "customer_id" in columns:
        found = select_customers(whole, *others, rule=chosen["only"], as_of=chosen.get("as_of"))
    if {"from", "to"} & set(chosen) and any(name in columns for name in MOMENTS):
        found = select_days(found, start=chosen.get("from"), end=chosen.get("to"))
    return found


def marked(whole, name: str, rule: dict, as_of: str | None):
    """A table of everyone with a column `name` that says who belongs to an audience; the filter applied after that.

    Raises InsightError where the tables cannot say.
    """
    others = tuple(other for kind, other in everything().items() if kind != whole.kind)
    fingerprints = " ".join(one.fingerprint for one in (whole, *others))
    asked = {"name": name, "rule": rule, "as_of": as_of}
    if is_source(whole):
        key = ("marked", fingerprints, repr(asked), repr(selection()))
        found = counted(key, whole, lambda watched: _mark(*key[1:], watched, others), public=False)
        return found.watched(None)
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


def take(params: dict[str, str], waits: bool = False) -> str | None:
    """Take the filter out of a link's parameters. What is wrong with it is said, and it is not applied.

    waits : the files that the link is about are still to come
    """
    asked = {name: params.pop(name) for name in FILTER if name in params}
    if asked.get("only") == A_LIST:
        if not waits and parameters().get("only") == A_LIST:
            return None  # back to a page of this visit, whose list is still here
        st.session_state.pop(SELECTION, None)
        return _("This link was made for a list of customers. A link never holds one: open the saved set-up that does.")
    try:
        chosen = checked_filter({name: link.decode(text) for name, text in asked.items()})
    except (link.BrokenLink, InsightError):
        st.session_state.pop(SELECTION, None)
        return _("The filter in the link could not be used. You see everyone on all days.")
    _keep(chosen, WAITING if waits else origin())
    return None


# -- what the inputs of the filter show -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Extent:
    """How far a table goes: its rows, its customers, and its first and last day; None where it has no such column."""

    rows: int
    customers: int | None
    first: date | None
    last: date | None


def extent(table) -> Extent:
    """How far a table goes."""
    return _extent(table.fingerprint, table)


def _measure(fingerprint: str, _table) -> Extent:
    if is_source(_table):
        facts = _table.facts
        days = [timestamp(instant, facts.timezone).date() for instant in (facts.first_time, facts.last_time)]
        rows = _table.extent.n_rows if _table.extent else _table.n_rows
        return Extent(rows, _table.n_customers, *days)
    frame = _table.frame
    customers = frame["customer_id"].nunique() if "customer_id" in frame else None
    moment = next((frame[name] for name in MOMENTS if name in frame), None)
    days = (None, None) if moment is None else (moment.min().date(), moment.max().date())
    return Extent(len(frame), customers, *days)


def columns_of(table) -> Collection[str]:
    """The names of a table's columns, wherever its rows lie."""
    return table.facts.columns if is_source(table) else table.frame.columns


_extent = st.cache_resource(_measure, scope="session", max_entries=32, show_spinner=False)


def filter_key(part: str) -> str:
    """The key of the input for a part of the filter; it shows that part from now on: a day, or a rule and its day."""
    key, value = f"filter.{part}", selection().get(part)
    if value is not None:
        value = {"rule": value, "as_of": selection().get("as_of")} if part == "only" else date.fromisoformat(value)
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def filter_chosen(part: str) -> None:
    """What an input of the filter does when it was changed."""
    value = st.session_state[f"filter.{part}"]
    if part != "only":
        select(**{part: value and value.isoformat()})
        return
    select(only=value and value["rule"], as_of=value and value["as_of"])
