"""What the data can answer: a card and a button for every analysis of this app, a quiet list for the others."""

from pathlib import Path

import streamlit as st

from insight.catalog import catalog
from insight.language import _, _n, count, plain
from insight.text import essay
from ui import session
from ui.files.visit import File
from ui.parts import main_button

ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("pages/*/*.py"))}
TITLES = {
    "overview": _("Overview"),
    "funnel": _("Funnel"),
    "journeys": _("Journeys"),
    "cohorts": _("Cohorts"),
    "churn": _("Churn"),
    "rfm": _("Customer segments (RFM)"),
    "clv_formula": _("Customer value, by formula"),
    "clv_model": _("Customer value, by model"),
    "campaigns": _("Return on campaigns"),
    "attribution": _("Attribution to channels"),
}


def what_it_can_answer(tables: dict[str, object], files: dict[str, File]) -> None:
    """Every question with the reason why it can be answered, or what is missing, in numbers."""
    alone = next(iter(files.values())).report.missing if len(files) == 1 else None
    answers = session.answers(tables, alone)
    here = answers[answers["analysis"].isin(analysis.page for analysis in catalog.values())]
    others = answers.drop(here.index)
    for answer in here.itertuples():
        _card(answer)
    possible = others[others["possible"]]
    label = _("Other questions, and what they need")
    if len(possible):
        label = _n(
            "{n} more question this data would carry", "{n} more questions this data would carry",
            len(possible), n=count(len(possible)),
        )  # fmt: skip
    shut = here["possible"].any()  # then there is something better to look at
    with st.expander(label, expanded=not shut, icon=":material/checklist:", key="data.fold.answers"):
        st.markdown(":small[" + _("Pages for these do not exist yet.") + "]")
        with st.grid(2, min_column_width=320):
            for answer in others.sort_values("possible", ascending=False, kind="stable").itertuples():
                _line(answer)


def _card(answer) -> None:
    text, button = st.container(border=True).columns([3, 1], vertical_alignment="center")
    with text.container(gap="xsmall"):
        st.subheader(TITLES.get(answer.analysis, answer.analysis), anchor=False)
        st.markdown(essay(answer.analysis).split("\n\n")[1])  # an essay starts with its question
        st.markdown(f":small[{plain(answer.reason)}]")
    if answer.possible:
        with button:
            if st.button(_("Show me"), type=main_button(), key=f"go.{answer.analysis}", width="stretch"):
                st.switch_page(PAGES[answer.analysis], query_params=session.address(answer.analysis))


def _line(answer) -> None:
    icon = ":material/check:" if answer.possible else ":material/close:"
    with st.container(gap=None):
        st.markdown(f"{icon} **{TITLES.get(answer.analysis, answer.analysis)}**")
        st.text(answer.reason)
