"""Results and pictures, computed once: a visitor's in caches of their session, those of samples in caches for all.

Streamlit keys an entry by the arguments without a leading underscore. So a table is never hashed (above 50,000 rows
Streamlit would look at a sample of the rows only): its fingerprint and the literal settings are the key. Nothing that
is cached reads the session: what a function here returns depends on its arguments alone.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import streamlit as st

from insight.catalog import catalog
from insight.language import _
from ui.session.data import current
from ui.session.data import table as table_of


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


def compute(name: str, table, settings: dict) -> Answer:
    """The analysis of this name from the catalog, with the further tables it can use.

    Raises InsightError (never cached) when it is not possible.
    """
    others = {kind: other for kind in catalog[name].also if (other := table_of(kind)) is not None}
    cached = _answer_shared if all(map(_is_public, (table, *others.values()))) else _answer_mine
    asked = Answer(name, table, settings, None, others)
    found = cached(name, asked.fingerprint, repr(settings), table, others)
    return replace(found, table=table, others=others)  # perhaps under other names


def spec(answer: Answer, chart: Callable) -> tuple[dict, str]:
    """The finished Vega-Lite picture of an answer, for the visitor's theme and screen; and the picture in words."""
    cached = _spec_shared if all(map(_is_public, answer.tables.values())) else _spec_mine
    theme, narrow = st.context.theme.type or "light", "Mobi" in (st.context.headers.get("User-Agent") or "")
    return cached(answer.name, answer.fingerprint, repr(answer.settings), chart.__name__, theme, narrow, answer, chart)


def _is_public(table) -> bool:
    data = current()
    return data is not None and data.is_sample and any(table is public for public in data.tables.values())


def _answer(name: str, fingerprint: str, settings: str, _table, _others: dict) -> Answer:
    chosen = ast.literal_eval(settings)
    return Answer(name, _table, chosen, catalog[name].function(_table, **_others, **chosen), _others)


def _spec(name: str, fingerprint: str, settings: str, chart: str, theme: str, narrow: bool, _answer, _chart):
    picture = _chart(_answer.result, theme=theme, narrow=narrow).to_dict()
    return picture, picture.pop("description", "")  # beside an `alt` Streamlit would log it, with the values in it


_answer_mine = st.cache_resource(_answer, scope="session", max_entries=64, show_spinner=_("Counting …"))
_answer_shared = st.cache_resource(_answer, max_entries=512, show_spinner=_("Counting …"))
_spec_mine = st.cache_resource(_spec, scope="session", max_entries=64, show_spinner=False)
_spec_shared = st.cache_resource(_spec, max_entries=512, show_spinner=False)


def forget_results() -> None:
    """Clear what was computed for this visitor (and for nobody else)."""
    for cached in (_answer_mine, _spec_mine):
        cached.clear()
