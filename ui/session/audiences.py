"""The audiences kept for the visit: a name and a rule each. Ids are derived from the tables, each time anew."""

import streamlit as st

from insight.audiences import Audience, in_words
from insight.audiences.kept import MOST_AUDIENCES, checked_audiences, checked_name
from insight.errors import InsightError
from insight.language import _
from ui.session.data import current, table
from ui.session.selection import columns_of

AUDIENCES = "audiences.kept"  # name -> {"rule": ..., "as_of": ...}


def audiences() -> dict[str, Audience]:
    """The audiences kept for this visit, by name, the oldest first."""
    return {name: Audience(**kept) for name, kept in saved_audiences().items()}


def saved_audiences() -> dict[str, dict[str, object]]:
    """The same as literals: name -> {"rule": ..., "as_of": ...}."""
    return dict(st.session_state.get(AUDIENCES, {}))


def keep_audience(name: str, rule: dict, as_of: str | None = None) -> None:
    """Keep an audience under a name; one of the same name is replaced.

    Raises InsightError for a rule that is none, for a name that a breakdown cannot use, and when too many are kept.
    """
    name, rule = checked_name(name, _columns()), Audience(rule, as_of).rule
    kept = saved_audiences()
    if name not in kept and len(kept) >= MOST_AUDIENCES:
        raise InsightError(_("{n} audiences are kept already: delete one first.", n=MOST_AUDIENCES))
    st.session_state[AUDIENCES] = {**kept, name: {"rule": rule, "as_of": as_of}}


def drop_audience(name: str) -> None:
    """Forget an audience. A filter by it stays until it is cleared."""
    st.session_state[AUDIENCES] = {kept: rule for kept, rule in saved_audiences().items() if kept != name}


def restore_audiences(kept: dict[str, dict[str, object]]) -> None:
    """Add audiences that were saved before. Raises InsightError, adding none, for what is no audience."""
    for name, audience in checked_audiences(kept).items():
        keep_audience(name, **audience)


def name_of(rule: dict, as_of: str | None = None) -> str:
    """What a rule as of a day is called: the name it was kept under, else its words."""
    names = {repr((kept["rule"], kept["as_of"])): name for name, kept in saved_audiences().items()}
    if (mine := repr((rule, as_of))) in names:
        return names[mine]
    if set(rule) == {"not"} and (other := repr((rule["not"], as_of))) in names:
        return _("not {audience}", audience=names[other])
    return _("who {did}", did=in_words(rule))


def _columns() -> frozenset[str]:
    """The names of all columns of the tables at hand."""
    data = current()
    return frozenset(name for kind in (data.tables if data else ()) for name in columns_of(table(kind)))
