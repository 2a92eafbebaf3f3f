"""What the tables hold and can answer, counted once for each."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.language import _
from insight.log import Log
from insight.sources.some import log_of_customers, sample_log
from insight.tables.activity import Activity, activity
from insight.tables.capabilities import COUNTED, capabilities
from ui.session.data import is_public
from ui.session.sources import counted, is_source

LOOKED_AT = 5_000  # customers of a source whose cells show what its columns hold


def active(table) -> Activity:
    """How active the customers of a table of events or orders are."""
    if is_source(table):
        return counted(("activity", table.fingerprint), table, activity, public=is_public(table))
    return (_shared if is_public(table) else _mine)(table.fingerprint, table)


def sample(table) -> Log:
    """The log of enough customers for a first look, such as a proposal; of a table in memory everybody's."""
    if not is_source(table):
        return table.log
    return counted(("sample", table.fingerprint), table, sample_log, public=is_public(table))


def cells(table) -> pd.DataFrame:
    """Rows that show what the columns hold: all, or of a source those of some customers."""
    if not is_source(table):
        return table.frame
    some = sample(table).customers[:LOOKED_AT]
    return counted(("cells", table.fingerprint), table, partial(_cells, some=some), public=is_public(table))


def _cells(table, some: list[str]) -> pd.DataFrame:
    return log_of_customers(table, some, table.facts.columns).frame


def answers(tables: dict[str, object], missing: dict[str, list[str]] | None) -> pd.DataFrame:
    """What the tables can answer, as :func:`insight.tables.capabilities` says."""
    known = {kind: active(table) for kind, table in tables.items() if kind in COUNTED}
    return capabilities(tables, missing=missing, active=known)


def _activity(fingerprint: str, _table) -> Activity:
    return activity(_table)


_mine = st.cache_resource(_activity, scope="session", max_entries=16, show_spinner=_("Counting …"))
_shared = st.cache_resource(_activity, max_entries=32, show_spinner=_("Counting …"))


def forget_holdings() -> None:
    """Clear what was counted for this visitor."""
    _mine.clear()
