"""What the data can answer: a card and a button for each page that can, a quiet list of the others."""

from pathlib import Path

import streamlit as st

from insight.language import _, plain
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
    "segments": _("Customer segments"),
    "clv": _("Customer value"),
    "campaigns": _("Return on campaigns"),
    "attribution": _("Attribution to channels"),
    "audiences": _("Audiences, and files of them"),
}


def what_it_can_answer(tables: dict[str, object], files: dict[str, File]) -> None:
    """What can be answered in front, each with its page; then quietly what cannot, and what is missing, in numbers."""
    alone = next(iter(files.values())).report.missing if len(files) == 1 else None
    answers = session.answers(tables, alone)
    here = answers[answers["possible"] & answers["analysis"].isin(PAGES)]
    for answer in here.itertuples():
        _card(answer)
    others = answers.drop(here.index)
    if others.empty:
        return
    label = _("Other questions, and what they need")
    fold = st.expander(label, expanded=here.empty, icon=":material/checklist:", key="data.fold.answers")
    with fold, st.grid(2, min_column_width=320):
        for answer in others.itertuples():
            with st.container(gap=None):
                st.markdown(f"**{TITLES[answer.analysis]}**")
                st.text(answer.reason)


def _card(answer) -> None:
    text, button = st.container(border=True).columns([3, 1], vertical_alignment="center")
    with text.container(gap="xsmall"):
        st.subheader(TITLES[answer.analysis], anchor=False)
        st.markdown(essay(answer.analysis).split("\n\n")[1])  # an essay starts with its question
        st.markdown(f":small[{plain(answer.reason)}]")
    with button:
        if st.button(_("Show me"), type=main_button(), key=f"go.{answer.analysis}", width="stretch"):
            st.switch_page(PAGES[answer.analysis], query_params=session.address(answer.analysis))
