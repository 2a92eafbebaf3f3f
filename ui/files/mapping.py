"""Which column of a file holds what: searchable selects, those a table needs in front."""

import streamlit as st

from insight.language import _
from insight.tables import FileReport
from insight.tables.recognition.columns import ALTERNATIVES, TABLES
from ui.words import label


def column_mapping(
    report: FileReport, kind: str, now: dict[str, str | None], key: str, everything: bool
) -> dict[str, str | None]:
    """Canonical name -> the file's name, None for one to be left empty.

    now : where the choice starts; what is not in it was recognised
    everything : whether the columns are asked for, too, that a table of this kind can do without
    """
    guessed = report.guesses.get(kind, {})
    found = {**guessed, **now}
    instead = {name for names in ALTERNATIVES.values() for name in names}  # of a required column
    needed = [column.name for column in TABLES[kind] if column.required or column.name in instead]
    useful = [column.name for column in TABLES[kind] if column.name not in needed]
    with st.grid(3, min_column_width=200):
        chosen = {name: _column(report, name, found.get(name), f"{key}.{kind}.{name}") for name in needed}
    if everything:
        with st.grid(4, min_column_width=200):
            chosen |= {name: _column(report, name, found.get(name), f"{key}.{kind}.{name}") for name in useful}
    else:
        chosen |= {name: now[name] for name in useful if name in now}
    return {name: column for name, column in chosen.items() if column is not None or name in guessed}


def _column(report: FileReport, name: str, found: str | None, key: str) -> str | None:
    known = [found] if found else []  # a pattern such as "*_spend" is no column, and is kept
    options = [None, *dict.fromkeys([*report.preview.columns, *known])]
    return st.selectbox(
        label(name),
        options,
        index=options.index(found) if found in options else 0,
        format_func=lambda column: _("Not in this file") if column is None else str(column),
        key=key,
        help=_("The column of your file that says this; the table calls it {name}.", name=f"`{name}`"),
    )
