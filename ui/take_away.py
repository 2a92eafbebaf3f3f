"""The page to take along: table, picture, notebook, and the code behind it. Made when clicked, not before."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from insight.catalog import catalog
from insight.charts.theme import chart_picture
from insight.language import _
from insight.notebook import notebook, notebook_zip
from insight.script import safe_name, script
from insight.tables.spreadsheet import as_csv
from ui import session


def take_away(answer: session.Answer, chart: Callable) -> None:
    """The page to take along: table, picture, notebook, and the code behind it. Made when clicked, not before."""
    analysis, result = catalog[answer.name], answer.result
    asked = (answer.name, answer.tables, answer.settings)
    picture, whole = partial(_picture, answer, chart), partial(notebook_zip, *asked, session.contents())
    csv = partial(as_csv, getattr(result, analysis.table))
    with st.container(horizontal=True):
        _file(answer, _("Table (CSV)"), "csv", csv, _("The numbers, for a spreadsheet."))
        _file(answer, _("Picture (PNG)"), "png", partial(picture, "png"), _("The chart, for a slide."))
        _file(answer, _("Drawing (SVG)"), "svg", partial(picture, "svg"), _("The chart, sharp at any size."))
        if answer.settings.get("by") is not None and analysis.grouped_table:
            groups = partial(as_csv, getattr(result, analysis.grouped_table))
            drawn = partial(_picture, answer, analysis.grouped_charts[0], "png")
            _file(answer, _("Groups (CSV)"), "groups.csv", groups, _("The numbers of each group, for a spreadsheet."))
            _file(answer, _("Groups (PNG)"), "groups.png", drawn, _("The chart of the groups, for a slide."))
        _file(answer, _("Notebook"), "ipynb", partial(notebook, *asked), _("For who has the insight folder already."))
        if session.is_source(answer.table):
            _file(answer, _("Notebook with code"), "zip", whole, _("A folder to run it in; the data stays here."))
        else:
            _file(answer, _("Notebook with data"), "zip", whole, _("A folder that runs offline; it holds your file."))
    with st.expander(_("The code behind this page"), icon=":material/code:"):
        st.code(script(answer.name, answer.tables, answer.settings), language="python")


MIME = {
    "csv": "text/csv",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "ipynb": "application/x-ipynb+json",
    "zip": "application/zip",
}


def _file(answer: session.Answer, label: str, ending: str, make: Callable[[], bytes], help: str) -> None:
    source = safe_name(answer.table.name, answer.table.kind).split(".")[0]
    download(label, make, f"{answer.name}_{source}.{ending}", f"take.{answer.name}.{ending}", help)


def download(label: str, make: Callable[[], bytes], name: str, key: str, help: str) -> None:
    """A button that makes a file when it is clicked, and hands it over."""
    mime = MIME[name.split(".")[-1]]
    st.download_button(label, make, name, mime, key=key, help=help, on_click="ignore", icon=":material/download:")


def _picture(answer: session.Answer, chart: Callable, format: str) -> bytes:
    analysis = catalog[answer.name]
    return chart_picture(chart(answer.result), format, title=analysis.title, caption=analysis.caption(answer.result))
