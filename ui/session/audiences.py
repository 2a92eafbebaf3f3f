"""The audiences kept for the visit: a name and a rule each. Ids are derived from the tables, each time anew."""

import streamlit as st

from insight.audiences import Audience, in_words
from insight.errors import InsightError
from insight.language import _

AUDIENCES = "audiences.kept"  # name -> {"rule": ..., "as_of": ...}
MOST_AUDIENCES = 50


def audiences() -> dict[str, Audience]:
    """The audiences kept for this visit, by name, the oldest first."""
    return {name: Audience(**kept) for name, kept in saved_audiences().items()}


def saved_audiences() -> dict[str, dict[str, object]]:
    """The same as literals: name -> {"rule": ..., "as_of": ...}."""
    return dict(st.session_state.get(AUDIENCES, {}))


def keep_audience(name: str, rule: dict, as_of: str | None = None) -> None:
    """Keep an audience under a name; one of the same name is replaced.

    Raises InsightError for a rule that is none, for a name without letters, and when too many are kept.
    """
    name = " ".join(name.split())
    if not name:
        raise InsightError(_("Give the audience a name."))
    rule = Audience(rule, as_of).rule
    kept = saved_audiences()
    if name not in kept and len(kept) >= MOST_AUDIENCES:
        raise InsightError(_("{n} audiences are kept already: delete one first.", n=MOST_AUDIENCES))
    st.session_state[AUDIENCES] = {**kept, name: {"rule": rule, "as_of": as_of}}


def drop_audience(name: str) -> None:
    """Forget an audience. A filter by it stays until it is cleared."""
    st.session_state[AUDIENCES] = {kept: rule for kept, rule in saved_audiences().items() if kept != name}


def restore_audiences(kept: dict[str, dict[str, object]]) -> None:
    """Add audiences that were saved before. Raises InsightError for a rule that is none."""
    for name, audience in kept.items():
        keep_audience(name, audience["rule"], audience.get("as_of"))


def name_of(rule: dict) -> str:
    """What a rule is called: the name it was kept under, else its words."""
    names = {repr(kept["rule"]): name for name, kept in saved_audiences().items()}
    if repr(rule) in names:
        return names[repr(rule)]
    if set(rule) == {"not"} and repr(rule["not"]) in names:
        return _("not {audience}", audience=names[repr(rule["not"])])
    return _("who {did}", did=in_words(rule))
