"""Results and pictures, computed once: a visitor's in caches of their session, those of samples in caches for all.

Streamlit keys an entry by the arguments without a leading underscore. So a table is never hashed (above 50,000 rows
Streamlit would look at a sample of the rows only): its fingerprint and the literal settings are the key. Nothing that
is cached reads the session: what a function here returns depends on its arguments alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from insight.audiences import Audience, audience_ids
from insight.catalog import catalog
from insight.errors import InsightError
from insight.funnel.trace import Trace, funnel_trace
from insight.language import _
from insight.members import members
from ui import link
from ui.session.data import is_public
from ui.session.selection import everything, forget_selected
from ui.session.selection import table as table_of
from ui.session.sources import counted, is_source

LISTS = 16  # of customers that are kept for a visitor


@dataclass(frozen=True, eq=False)
class Answer:
    """One analysis of one table with its settings: all that showing, drawing and taking it away need.

    others : the further tables it used, by kind
    """

    name: str
    table: object
    settings: dict
    result: object
    others: dict[str, object] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, object]:
        """All tables it used, by kind, the main one first."""
        return {self.table.kind: self.table, **self.others}

    @property
    def fingerprint(self) -> str:
        """Of all tables: what a cache may go by."""
        return " ".join(table.fingerprint for table in self.tables.values())


def compute(name: str, table, settings: dict, others: dict[str, object] | None = None) -> Answer:
    """The analysis of this name from the catalog, with the further tables it can use.

    others : these, by kind; None for those that every page sees
    Raises InsightError (never cached) when it is not possible.
    """
    if others is None:
        further = [kind for kind in catalog[name].also if kind != table.kind]
        others = {kind: other for kind in further if (other := _other(kind)) is not None}
    public, asked = all(map(is_public, (table, *others.values()))), Answer(name, table, settings, None, others)
    key = (name, asked.fingerprint, repr(settings))
    if is_source(table):
        found = counted(("result", *key), table, lambda watched: _result(*key, watched, others), public=public)
    else:
        found = (_result_shared if public else _result_mine)(*key, table, others)
    return replace(asked, result=found)


def _other(kind: str):
    """A further table; where the filter leaves nothing of it, it is as if it were not there."""
    try:
        return table_of(kind)
    except InsightError:
        return None


def people(answer: Answer, cell: dict) -> list[str]:
    """The customers behind a number of an answer, in ascending order. Raises InsightError for a cell it lacks."""
    key = (answer.name, answer.fingerprint, repr(answer.settings), repr(cell))
    if not is_source(answer.table):
        return _people(*key, answer.tables)
    kind = answer.table.kind
    ids = partial(_members, *key)
    return counted(
        ("people", *key), answer.table, lambda watched: ids(answer.tables | {kind: watched}), public=False, most=LISTS
    )


def _members(name: str, fingerprint: str, settings: str, cell: str, _tables: dict) -> list[str]:
    return members(name, _tables, link.literal(settings), link.literal(cell))


def follow(answer: Answer, customers: list[str] | None) -> Trace:
    """A funnel customer by customer: these, or examples. Raises InsightError for who is not in the table."""
    return _followed(answer.fingerprint, repr(answer.settings), repr(customers), answer.table)


def _trace(fingerprint: str, settings: str, customers: str, _table) -> Trace:
    settings = {name: value for name, value in link.literal(settings).items() if name != "by"}  # of one, no groups
    return funnel_trace(_table, customers=link.literal(customers), **settings)


def rule_for(answer: Answer, cell: dict, ids: list[str]) -> dict:
    """A rule for the people behind a number. Where it would be others on the whole tables: the list of their ids."""
    rule = {"members": answer.name, "settings": answer.settings, "cell": cell}
    if answer.table.kind != catalog[answer.name].kind:
        rule["table"] = answer.table.kind
    try:
        again = audience_ids(Audience(rule), everything()).tolist()
    except InsightError:  # the settings need what only this view has, such as a column that marks an audience
        again = None
    return rule if again == ids else {"ids": ids}


def spec(answer: Answer, chart: Callable) -> tuple[dict, str]:
    """The finished Vega-Lite picture of an answer, for the visitor's theme and screen; and the picture in words."""
    cached = _spec_shared if all(map(is_public, answer.tables.values())) else _spec_mine
    theme, narrow = st.context.theme.type or "light", "Mobi" in (st.context.headers.get("User-Agent") or "")
    return cached(answer.name, answer.fingerprint, repr(answer.settings), chart.__name__, theme, narrow, answer, chart)


def _result(name: str, fingerprint: str, settings: str, _table, _others: dict):
    return catalog[name].function(_table, **_others, **link.literal(settings))


def _spec(name: str, fingerprint: str, settings: str, chart: str, theme: str, narrow: bool, _answer, _chart):
    picture = _chart(_answer.result, theme=theme, narrow=narrow).to_dict()
    return picture, picture.pop("description", "")  # beside an `alt` Streamlit would log it, with the values in it


_result_mine = st.cache_resource(_result, scope="session", max_entries=64, show_spinner=_("Counting …"))
_result_shared = st.cache_resource(_result, max_entries=512, show_spinner=_("Counting …"))
_people = st.cache_resource(_members, scope="session", max_entries=LISTS, show_spinner=False)
_followed = st.cache_resource(_trace, scope="session", max_entries=8, show_spinner=_("Looking for examples …"))
_spec_mine = st.cache_resource(_spec, scope="session", max_entries=64, show_spinner=False)
_spec_shared = st.cache_resource(_spec, max_entries=512, show_spinner=False)


def forget_results() -> None:
    """Clear what was computed for this visitor (and for nobody else)."""
    for cached in (_result_mine, _people, _followed, _spec_mine):
        cached.clear()
    forget_selected()
