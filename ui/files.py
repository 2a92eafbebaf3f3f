"""A file the visitor brought, on its way to a table: looked into, read as it most likely is meant, read again."""

import io
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from insight.errors import InsightError
from insight.language import _, _n, count, day, plain
from insight.tables import AmbiguousDates, FileReport, inspect_file, read_campaigns, read_events, read_orders
from ui import inputs, session
from ui.parts import main_button

TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "parquet", "json", "jsonl", "gz"]
READERS = {"events": read_events, "orders": read_orders, "campaigns": read_campaigns}


@dataclass
class File:
    """What is known of one file: what is in it, how it is read, and why it cannot be read that way."""

    name: str
    content: bytes
    number: int  # of this visit's files, so that each file has inputs of its own
    report: FileReport | None = None
    kind: str | None = None
    columns: dict[str, str | None] = field(default_factory=dict)
    options: dict[str, object] = field(default_factory=dict)
    problem: InsightError | None = None
    ready: bool = False  # it is among the visitor's tables


def take_in(name: str, content: bytes, number: int) -> File:
    """Look into a file and, when it can be recognised, use it at once."""
    file = File(name, content, number)
    look(file)
    for sheet in file.report.sheets[1:] if file.report and not file.report.tables else ():
        other = File(name, content, number)
        look(other, sheet)
        if other.ready or other.problem is None and other.report.tables:
            return other
    return file


def look(file: File, sheet: str | None = None) -> None:
    """Look into a file, or into another sheet of it, and read it when it can be recognised."""
    options = {} if sheet is None else {"sheet": sheet}
    try:
        file.report = inspect_file(file.content, name=file.name, **options)
    except InsightError as problem:
        file.problem, file.options, file.ready = problem, options, False
        file.content = file.content if file.report else b""  # what is no table at all is not kept
        return
    file.columns, file.options, file.problem, file.ready = {}, options, None, False
    if file.report.tables:
        read(file, file.report.tables[0], {}, options)


def read(file: File, kind: str, columns: dict[str, str | None], options: dict[str, object]) -> bool:
    """Read a file and look at it; False, with the reason kept, when it cannot be read like this."""
    source = io.BytesIO(file.content)
    source.name = file.name
    try:
        table = READERS[kind](source, columns=columns or None, **options)
    except InsightError as problem:
        file.kind, file.columns, file.options, file.problem = kind, columns, options, problem
        file.ready = False
        return False
    session.use_upload(table, file.content, instead_of=file.kind)
    file.kind, file.columns, file.options, file.problem = kind, {**columns, **table.columns}, options, None
    file.ready = True
    return True


def read_it_right(file: File) -> None:
    """Which sheet, which column holds what, and how dates are meant: in front when a file does not say it by itself."""
    key = f"data.reading.{file.number}"
    if len(file.report.sheets) > 1:
        sheet = inputs.sheet(file.report, key)
        if sheet != file.report.sheet:
            look(file, sheet)
            st.rerun()
    st.dataframe(file.report.preview.head(), hide_index=True, alt=_("The first rows of the file"))
    kind = inputs.file_kind(file.report, file.kind, key)
    with st.form(key, border=False):
        columns = inputs.column_mapping(file.report, kind, file.columns if kind == file.kind else {}, key)
        options = inputs.reading_options(file.options, key)
        asked = isinstance(file.problem, AmbiguousDates)  # then the two answers are the main buttons
        if st.form_submit_button(_("Use this file"), type="secondary" if asked else main_button()):
            read(file, kind, columns, options)
            st.rerun()


def day_or_month_first(file: File) -> None:
    """The one question that no file can answer: two readings, two buttons."""
    st.warning(plain(str(file.problem).partition(" Set dayfirst")[0]), icon=":material/event:")
    with st.container(horizontal=True):
        for label, first in ((_("The day comes first"), True), (_("The month comes first"), False)):
            options = {**file.options, "dayfirst": first}
            st.button(label, type=main_button(), on_click=read, args=[file, file.kind, file.columns, options])


MOMENTS = ("timestamp", "order_date", "date")
SEVERITIES = {  # worst first
    "error": (_("Left out"), "red", ":material/block:"),
    "warning": (_("May mislead"), "orange", ":material/warning:"),
    "note": (_("Good to know"), "blue", ":material/info:"),
}
SHOWN = 5  # findings in front; the others are folded away


def facts(tables: dict[str, object]) -> None:
    """What there is: rows, customers and days of every table."""
    with st.container(border=True), st.grid(len(tables), min_column_width=220):
        for kind, table in tables.items():
            moment = table.frame[next(name for name in MOMENTS if name in table.frame)]
            first, last = day(moment.min()), day(moment.max())
            days = first if first == last else _("{first} to {last}", first=first, last=last)
            with st.container(gap="xsmall"):
                st.metric(inputs.KIND_NAMES[kind], count(len(table.frame)))
                if "customer_id" in table.frame:
                    customers = len(table.log.customers) if kind == "events" else table.frame["customer_id"].nunique()
                    days = _n("{n} customer", "{n} customers", customers, n=count(customers)) + " · " + days
                st.markdown(f":small[{days}]")


def findings(tables: dict[str, object]) -> None:
    """What is odd about the tables: how many rows, which ones, and what to do about it."""
    of = {kind: inputs.KIND_NAMES[kind] if len(tables) > 1 else "" for kind in tables}
    found = pd.concat([table.findings.assign(table=of[kind]) for kind, table in tables.items()], ignore_index=True)
    found = found.sort_values("severity", key=lambda names: names.map(list(SEVERITIES).index), kind="stable")
    if found.empty:
        st.markdown(":material/check_circle: " + _("Every row could be read, and nothing looks odd."))
        return
    for finding in found[:SHOWN].itertuples():
        _finding(finding)
    if len(found) > SHOWN:
        with st.expander(_("{n} more", n=count(len(found) - SHOWN))):
            for finding in found[SHOWN:].itertuples():
                _finding(finding)


def _finding(finding) -> None:
    """One finding. Names and values of the file stand in it, so it is plain text throughout."""
    name, colour, icon = SEVERITIES[finding.severity]
    where = [str(name) for name in (finding.table, finding.column) if name]
    where += [_n("{n} row", "{n} rows", finding.rows, n=count(finding.rows))] if finding.rows else []
    if finding.examples:
        rows = ", ".join(map(str, finding.examples))
        where.append(_n("in row {rows}", "for example in rows {rows}", len(finding.examples), rows=rows))
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(name, color=colour, icon=icon)
            st.text(finding.finding)
        st.text(" · ".join(where))
        if finding.suggestion:
            st.text(finding.suggestion)
