"""What pages share: the frame, the empty state, readable errors, explanations, drawing, and taking it all away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from insight.catalog import Analysis, catalog
from insight.charts.theme import chart_picture
from insight.errors import InsightError, MissingColumn
from insight.funnel import TOO_FEW
from insight.language import _, _n, count, duration, interval, length, percent, plain
from insight.notebook import notebook, notebook_zip
from insight.script import call, safe_name
from insight.text import essay, glossary
from ui import session
from ui.inputs import LABELS

HERE = Path(__file__).parent
PAGE_WIDTH = 1080  # pixels; longer lines and wider charts are harder to read
DATA_PAGE = "pages/start/data.py"
KINDS = {
    "events": _("events: who did what, and when"),
    "orders": _("orders: who bought, when, and for how much"),
    "campaigns": _("campaigns: what was spent, where, and when"),
}


@contextmanager
def frame(page: str) -> Iterator[None]:
    """The frame around every page: the name, the current data beside the menu, and what was wrong with the link."""
    session.arrive(page or "data")
    st.logo(HERE / "logo.png", size="large", icon_image=HERE / "icon.png")
    with st.sidebar:
        _current_data()
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        problem = session.notice()
        if problem:
            st.warning(problem, icon=":material/link_off:")
        yield


def _current_data() -> None:
    data, file = session.current(), session.memory("data").get("file")
    brought = session.uploads() or (file and file.content)
    if not data and not brought:
        return
    with st.container(border=True, gap="xsmall"):
        if data:
            st.markdown(":small[" + _("You are looking at") + "]")
            st.text(data.title)
            rows = {kind: len(table.frame) for kind, table in data.tables.items()}
            st.markdown(":small[" + size(rows) + "]")
        if session.uploads() and (data is None or data.is_sample):
            st.button(
                _("Back to my file"),
                key="mine",
                on_click=session.use_uploads,
                type="tertiary",
                icon=":material/arrow_back:",
            )
        st.button(
            _("Forget my data") if brought else _("Close the sample"),
            key="forget",
            on_click=session.forget,
            icon=":material/delete:",
            type="tertiary",
            help=_("Clears tables, results and settings of this visit from memory. Nothing was stored anywhere else."),
        )


def size(rows: dict[str, int]) -> str:
    """How many rows there are, kind by kind.

    >>> size({"events": 14061, "orders": 1})
    '14,061 events · 1 order'
    """
    words = {
        "events": lambda n: _n("{n} event", "{n} events", n, n=count(n)),
        "orders": lambda n: _n("{n} order", "{n} orders", n, n=count(n)),
        "campaigns": lambda n: _n("{n} campaign row", "{n} campaign rows", n, n=count(n)),
    }
    return " · ".join(words[kind](n) for kind, n in rows.items())


def need(kind: str):
    """The visitor's table of this kind; without one, say what is needed, offer it in one click, and stop."""
    table = session.table(kind)
    if table is not None and session.wanted() is None:
        return table
    data = session.current()
    if table is not None and not data.is_sample:
        return table  # the link's file, or another one: the settings will say so
    _ask_for(kind, data)
    st.stop()


def _ask_for(kind: str, data: session.Dataset | None) -> None:
    with st.container(border=True):
        if session.wanted() is not None:
            st.header(_("This link was made with somebody’s own file"), anchor=False)
            st.markdown(_("A link holds settings, never data. Open the same file to see the same numbers."))
        elif data:
            st.header(_("This page needs another kind of table"), anchor=False)
            st.text(_("There is no such table in {name}.", name=data.title))
        else:
            st.header(_("Nothing to look at yet"), anchor=False)
        st.markdown(_("This page reads **{kind}**.", kind=KINDS[kind]))
        with st.container(horizontal=True):
            if session.wanted() is not None:
                _file_button(main_button())
                _sample_button(kind, "secondary")
            else:
                _sample_button(kind, main_button())
                _file_button("secondary")


def _sample_button(kind: str, look: str) -> None:
    name, title = next(iter(session.samples_of(kind).items()))
    label = _("Open the sample “{title}”", title=title)
    st.button(label, key="need.sample", type=look, on_click=session.use_sample, args=[name])


def _file_button(look: str) -> None:
    if st.button(_("Open a file"), key="need.file", type=look, icon=":material/upload_file:"):
        st.switch_page(DATA_PAGE)


@contextmanager
def readable_errors(shorter: Callable[[str], None] | None = None) -> Iterator[None]:
    """Show what does not work and what to change, and stop. The message may quote the visitor's file: plain text.

    `shorter` takes the longest window that the data can answer, when a window is what asks too much.
    """
    try:
        yield
    except InsightError as problem:
        problem_box(problem)
        offer_window(getattr(problem, "longest_within", None), shorter)
        st.stop()


def main_button() -> str:
    """The type of the button that most will click: filled where its white text can be read on the theme's colour."""
    return "secondary" if st.context.theme.type == "dark" else "primary"


def offer_window(window: str | None, use: Callable[[str], None] | None) -> None:
    """A button that takes the longest window that most customers have had, where the chosen one asks too much."""
    if window and use:
        label = _("Use {length}, which most customers have had", length=length(window))
        st.button(label, key="shorter", on_click=use, args=[window])


def problem_box(problem: InsightError, file: str = "", still: str = "") -> None:
    """What does not work. `file` : the file that was refused; `still` : what the visitor looks at nevertheless."""
    said = [plain(file) + ":"] if file else []
    if isinstance(problem, MissingColumn):
        names = ", ".join(LABELS.get(name, plain(name)) for name in problem.missing)
        said.append(
            _("No column was chosen for: {names}. If the file has none, it cannot be read like this.", names=names)
        )
    else:
        said.append(plain(problem))
    if still:
        said.append(_("You still look at {name}.", name=plain(still)))
    st.error(" ".join(said), icon=":material/error:")


def reason_against(analysis: Analysis, tables: dict[str, object], reasons: dict[str, str]) -> str | None:
    """Why these tables cannot answer an analysis, or None when they can. `reasons` : what is known of the file."""
    table = tables.get(analysis.kind)
    if table is None:
        return reasons.get(analysis.name, _("Needs {kind}.", kind=KINDS[analysis.kind]))
    if analysis.kind == "events" and len(table.log.events) < 2:
        return _("Needs at least two kinds of event.")
    return None


def explanation(name: str) -> None:
    """The essay on an analysis, folded away."""
    with st.expander(_("How this works, and what it cannot say"), icon=":material/school:"):
        st.markdown(essay(name))


def definition(name: str) -> None:
    """One word of the glossary, beside the number it names."""
    with st.popover(glossary()[name]["title"], type="tertiary", icon=":material/info:"):
        term(name)


def term(name: str) -> None:
    """What a word means, and its formula where it has one."""
    entry = glossary()[name]
    st.markdown(entry["definition"])
    if "formula" in entry:
        st.latex(entry["formula"])


def draw(answer: session.Answer, chart: Callable, *, alt: str, key: str | None = None, **selection) -> dict | None:
    """A chart of an answer, from the cache when it was drawn before. `alt` says what kind of picture it is."""
    picture, words = session.spec(answer, chart)
    return st.vega_lite_chart(picture, alt=f"{alt} {words}".strip(), key=key, theme=None, **selection)


def step_table(steps: pd.DataFrame) -> None:
    """The steps (or groups) table of a funnel as people read it; no rates where fewer than TOO_FEW entered."""
    entered = steps["reached"].where(steps["step"] == steps["step"].iloc[0]).ffill()
    shown = steps[[name for name in ("group", "step", "reached") if name in steps]].copy()
    rates = steps.where(entered >= TOO_FEW)
    for name in ("step_conversion", "overall_conversion"):
        shown[name] = rates[name].map(percent)
    shown["interval"] = [interval(low, high) for low, high in zip(rates["ci_low"], rates["ci_high"], strict=True)]
    for name in ("median_seconds", "p90_seconds", "median_seconds_from_previous"):
        shown[name] = steps[name].map(duration)
    right = partial(st.column_config.Column, alignment="right")
    columns = {
        "group": _("Group"),
        "step": _("Step"),
        "reached": st.column_config.NumberColumn(_("Customers"), format="localized"),
        "step_conversion": right(_("Of the step before")),
        "overall_conversion": right(_("Of the first step")),
        "interval": right(_("Interval")),
        "median_seconds": right(_("Median time")),
        "p90_seconds": right(_("90% within")),
        "median_seconds_from_previous": right(_("Median from the step before")),
    }
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("The numbers behind the picture"))


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
        if answer.settings.get("by") is not None:
            groups = partial(as_csv, getattr(result, analysis.grouped_table))
            drawn = partial(_picture, answer, analysis.grouped_charts[0], "png")
            _file(answer, _("Groups (CSV)"), "groups.csv", groups, _("The numbers of each group, for a spreadsheet."))
            _file(answer, _("Groups (PNG)"), "groups.png", drawn, _("The chart of the groups, for a slide."))
        _file(answer, _("Notebook"), "ipynb", partial(notebook, *asked), _("For who has the insight folder already."))
        _file(answer, _("Notebook with data"), "zip", whole, _("A folder that runs offline; it holds your file."))
    with st.expander(_("The code behind this page"), icon=":material/code:"):
        st.code(call(answer.name, answer.settings, answer.tables), language="python")


MIME = {
    "csv": "text/csv",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ipynb": "application/x-ipynb+json",
    "zip": "application/zip",
}


def _file(answer: session.Answer, label: str, ending: str, make: Callable[[], bytes], help: str) -> None:
    source = safe_name(answer.table.name, answer.table.kind).split(".")[0]
    name, mime = f"{answer.name}_{source}.{ending}", MIME[ending.split(".")[-1]]
    key = f"take.{ending}"
    st.download_button(label, make, name, mime, key=key, help=help, on_click="ignore", icon=":material/download:")


def _picture(answer: session.Answer, chart: Callable, format: str) -> bytes:
    analysis = catalog[answer.name]
    return chart_picture(chart(answer.result), format, title=analysis.title, caption=analysis.caption(answer.result))


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV that a spreadsheet opens as it is: UTF-8 with a mark, text that looks like a formula disarmed.

    >>> as_csv(pd.DataFrame({"step": ["visit", "=cmd()"], "change": [-1.5, 2.0]})).decode("utf-8-sig").split()
    ['step,change', 'visit,-1.5', "'=cmd(),2.0"]
    """
    safe = frame.rename(columns=_disarmed)
    for name, column in safe.items():
        if not pd.api.types.is_numeric_dtype(column):
            safe[name] = column.astype(object).map(_disarmed)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _disarmed(value: object) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else value
