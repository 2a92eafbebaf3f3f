"""The audiences kept for the visit: a name and a rule each. Ids are derived from the tables, each time anew."""

from functools import partial

import streamlit as st

from insight.audiences import Audience, in_words
from insight.audiences.export import AudienceExport, export_audience
from insight.audiences.kept import MOST_AUDIENCES, checked_audiences, checked_name
from insight.audiences.size import AudienceSize, audience_size
from insight.errors import InsightError
from insight.language import _
from ui import link
from ui.session.data import current, table
from ui.session.results import Answer
from ui.session.selection import columns_of, everything
from ui.session.sources import counted, is_source

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


def audience_answer(rule: dict, as_of: str | None = None) -> Answer:
    """How large an audience of everyone is, and what it brought in; the filter of the shell plays no part in it.

    Raises InsightError where the tables cannot say.
    """
    tables, settings = everything(), {"rule": rule, "as_of": as_of}
    fingerprints = " ".join(one.fingerprint for one in tables.values())
    source = next((one for one in tables.values() if is_source(one)), None)
    if source is None:
        result = _size(fingerprints, repr(settings), tables)
    else:
        key = ("size", fingerprints, repr(settings))
        size = partial(_measured, *key[1:])
        result = counted(key, source, lambda watched: size(tables | {source.kind: watched}), public=False)
    main, *others = tables.values()
    return Answer("audience", main, settings, result, {one.kind: one for one in others})


def export_answer(audience: dict[str, object], asked: dict[str, object]) -> Answer:
    """What an export of an audience would hold, without its file: pseudonyms of a key that opens nothing.

    Raises InsightError as `export_audience`.
    """
    tables, settings = everything(), {"audience": audience, "asked": asked}
    fingerprints = " ".join(one.fingerprint for one in tables.values())
    main, *others = tables.values()
    result = _exported(fingerprints, repr(settings), tables)
    return Answer("audience_export", main, settings, result, {one.kind: one for one in others})


def _look_at_export(fingerprints: str, settings: str, _tables: dict[str, object]) -> AudienceExport:
    given = link.literal(settings)
    return export_audience(Audience(**given["audience"]), _tables, key="a look, no file", **given["asked"])


_exported = st.cache_resource(_look_at_export, scope="session", max_entries=4, show_spinner=_("Counting …"))


def _measured(fingerprints: str, settings: str, _tables: dict[str, object]) -> AudienceSize:
    return audience_size(Audience(**link.literal(settings)), _tables)


_size = st.cache_resource(_measured, scope="session", max_entries=32, show_spinner=_("Counting …"))


def forget_sizes() -> None:
    """Let go of what was counted of audiences."""
    _size.clear()
    _exported.clear()


def _columns() -> frozenset[str]:
    """The names of all columns of the tables at hand."""
    data = current()
    return frozenset(name for kind in (data.tables if data else ()) for name in columns_of(table(kind)))
