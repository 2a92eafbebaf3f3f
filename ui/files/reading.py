"""How a file was read, and every way to correct it. Names and cells of the file are shown as plain text only."""

from functools import cache
from inspect import signature
from zoneinfo import available_timezones

import streamlit as st

from insight.language import _, _n, count, plain
from insight.recipe import reader_of
from insight.tables import AmbiguousDates
from insight.tables.recognition.headings import Headings
from insight.tables.recognition.platforms import platform_of
from ui import session
from ui.files import intake
from ui.files.mapping import column_mapping
from ui.files.visit import File, visit
from ui.parts import main_button, problem_box
from ui.words import KIND_NAMES, ROWS, label

DAY_FIRST = {
    None: _("As recognised"),
    True: _("Day first: 03/04 is 3 April"),
    False: _("Month first: 03/04 is 4 March"),
}
SHOWN_ROWS, SHOWN_COLUMNS = 5, 40  # of the preview


def ask(file: File) -> None:
    """What has to be said before a file can be used: which of two readings, which column is which."""
    if isinstance(file.problem, AmbiguousDates):
        _day_or_month_first(file)
    elif file.problem:
        problem_box(file.problem)
    else:
        missing = ", ".join(label(name).lower() for name in file.report.missing[likely_kind(file)])
        st.markdown(_("Say what a row of it is, and which column says what. Not recognised: {names}.", names=missing))
    correct(file)
    st.button(_("Do not use this file"), key=f"data.give_up.{file.number}", type="tertiary", on_click=intake.give_up)


def how_it_was_read(file: File) -> None:
    """One fold for a file in use: what was recognised, corrections, another use of it, and letting it go."""
    heading = _("How {name} was read: {kind}", name=plain(file.name), kind=KIND_NAMES[file.kind])
    with st.expander(heading, icon=":material/tune:", key=f"data.fold.{file.number}"):
        st.markdown(f":small[{_format(file)}]")
        correct(file)
        others = [kind for kind in file.report.tables if kind not in visit().ready]
        with st.container(horizontal=True):
            for kind in others:
                st.button(
                    _("Also use it as: {kind}", kind=KIND_NAMES[kind]),
                    key=f"data.also.{file.number}.{kind}",
                    icon=":material/add:",
                    type="tertiary",
                    on_click=intake.use_also_as,
                    args=[file, kind],
                    help=_("The same file, read as a second table beside the first."),
                )
            st.button(
                _("Remove this table"),
                key=f"data.remove.{file.number}",
                icon=":material/close:",
                type="tertiary",
                on_click=intake.let_go,
                args=[file.kind],
                help=_("Drops it from memory. The other tables stay."),
            )


def correct(file: File) -> None:
    """Which sheet, what a row is, which column holds what, and how dates, times and amounts are meant."""
    key = f"data.reading.{file.number}"
    _sheet(file, key)
    _preview(file)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kind = st.selectbox(
            _("Each row of this file is"),
            list(ROWS),
            index=list(ROWS).index(file.kind or likely_kind(file)),
            format_func=ROWS.get,
            key=f"{key}.kind",
            width=360,
            help=_("The same file can be read in several ways; what it can answer depends on it."),
        )
        everything = st.toggle(
            _("Show the optional columns, too"),
            key=f"{key}.all",
            help=_("Columns that a table can do without, such as the channel: they allow more questions."),
        )
    with st.form(key, border=False):
        columns = column_mapping(file.report, kind, file.columns if kind == file.kind else {}, key, everything)
        settings = _settings(file, kind, key)
        asked = isinstance(file.problem, AmbiguousDates)  # then the two answers are the main buttons
        if st.form_submit_button(
            _("Read it like this") if file.ready else _("Use this file"),
            type="secondary" if asked or file.ready else main_button(),
        ):
            intake.read(file, kind, columns, settings)
            st.rerun()


def likely_kind(file: File) -> str:
    """The kind of table that most columns were recognised for."""
    report = file.report
    return max(ROWS, key=lambda kind: (kind in report.tables, len(report.guesses.get(kind, ()))))


def _sheet(file: File, key: str) -> None:
    report = file.report
    if len(report.sheets) < 2:
        return
    sheet = st.selectbox(
        _("Sheet"),
        report.sheets,
        report.sheets.index(report.sheet),
        key=f"{key}.sheet",
        width=360,
        help=_("The sheet of the workbook that holds the table."),
    )
    if sheet != report.sheet:
        intake.look(file, sheet)
        st.rerun()


def _preview(file: File) -> None:
    """The first rows; columns that a fix took out for privacy are not shown again."""
    hidden = {c for fix in file.fixes if isinstance(fix, dict) for c in fix.get("columns", [])}
    shown = [name for name in file.report.preview.columns if name not in hidden]
    st.dataframe(
        file.report.preview[shown[:SHOWN_COLUMNS]].head(SHOWN_ROWS),
        hide_index=True,
        alt=_("The first rows of the file"),
    )
    if len(shown) > SHOWN_COLUMNS:
        said = _("The first {n} of {all} columns.", n=count(SHOWN_COLUMNS), all=count(len(shown)))
        st.markdown(f":small[{said}]")


def _format(file: File) -> str:
    """What the file is by itself: its format, letters, separator, size."""
    report = file.report
    separators = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
    parts = [plain(report.format)]
    if report.encoding:
        parts.append(plain(report.encoding))
    if report.separator:
        name = separators.get(report.separator, report.separator)
        parts.append(_("separated by {name}", name=plain(name)))
    if not report.opened.header:
        parts.append(_("no row of names"))
    if platform := platform_of(file.kind, Headings(report.opened.columns.column_names)):
        parts.append(_("an export of {platform}", platform=plain(platform.name)))
    parts.append(_n("{n} row", "{n} rows", report.n_rows, n=count(report.n_rows)))
    parts.append(_n("{n} column", "{n} columns", report.n_columns, n=count(report.n_columns)))
    return " · ".join(parts)


def _settings(file: File, kind: str, key: str) -> dict[str, object]:
    """The other settings of reading; only those that differ from the usual."""
    now, table = file.settings, session.uploads().get(file.kind)
    settings = {"sheet": now.get("sheet"), "fixes": file.fixes if kind == file.kind else []}
    with st.grid(3, min_column_width=220):
        settings["dayfirst"] = st.selectbox(
            _("Dates such as 03/04/2026"),
            list(DAY_FIRST),
            index=list(DAY_FIRST).index(now.get("dayfirst")),
            format_func=DAY_FIRST.get,
            key=f"{key}.dayfirst",
            help=_("Only matters where a date can be read in two ways."),
        )
        settings["timezone"] = st.selectbox(
            _("Time zone"),
            [None, *_zones()],
            index=[None, *_zones()].index(now["timezone"]) if now.get("timezone") in _zones() else 0,
            format_func=lambda zone: _("As the file says") if zone is None else zone,
            key=f"{key}.timezone",
            help=_("Times without one are taken to be in it, others are converted: days begin at its midnight."),
        )
        currencies = getattr(table, "currencies", None) or ([now["currency"]] if "currency" in now else [])
        if "currency" in signature(reader_of(kind)).parameters and (len(currencies) > 1 or "currency" in now):
            options = [None, *currencies]
            settings["currency"] = st.selectbox(
                _("Currency"),
                options,
                index=options.index(now.get("currency")),
                format_func=lambda code: _("All of them") if code is None else code,
                key=f"{key}.currency",
                help=_("Amounts of several currencies cannot be added up. Rows in others are left out and counted."),
            )
    if kind == "orders":
        settings["fixes"] = _lines_of_an_order(file, table, settings["fixes"], key)
    usual = (None, [])
    return {name: value for name, value in settings.items() if value not in usual}


def _lines_of_an_order(file: File, table, fixes: list, key: str) -> list:
    """Several rows an order: does each have its own amount, or is the order's total written on each?"""
    per_order = "total_per_order" in fixes
    if getattr(table, "lines", None) is None and not per_order:
        return fixes
    answers = {
        False: _("that of each row, or written once: add them up"),
        True: _("the order’s total, repeated on each: count it once"),
    }
    chosen = st.radio(
        _("An order has several rows here. Their amount is"),
        list(answers),
        index=int(per_order),
        format_func=answers.get,
        key=f"{key}.lines",
        help=_("Adding up a repeated total counts the same money several times."),
    )
    rest = [fix for fix in fixes if fix != "total_per_order"]
    return [*rest, "total_per_order"] if chosen else rest


def _day_or_month_first(file: File) -> None:
    """The one question that no file can answer: two readings, two buttons."""
    st.warning(plain(str(file.problem).partition(" Set dayfirst")[0]), icon=":material/event:")
    with st.container(horizontal=True):
        for said, first in ((_("The day comes first"), True), (_("The month comes first"), False)):
            settings = {**file.settings, "dayfirst": first}
            st.button(said, type=main_button(), on_click=intake.read, args=[file, file.kind, file.columns, settings])


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())
