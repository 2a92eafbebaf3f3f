"""The frame around every page: the name, the menu, what one looks at, the filter, and what was wrong with a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from insight.language import _
from ui import session
from ui.audience.kept import say_what_was_kept
from ui.files.sources import open_what_is_chosen
from ui.filter import filter_inputs, filter_line
from ui.words import size

HERE = Path(__file__).parent
ICON = HERE / "icon.png"
PAGE_WIDTH = 1080  # pixels; longer lines and wider charts are harder to read


@contextmanager
def frame(sections: dict[str, list], page) -> Iterator[None]:
    """Around one page. `sections` : the menu, heading -> pages."""
    session.arrive(page.url_path or "data")
    st.logo(HERE / "logo.png", size="large", icon_image=ICON)
    with st.sidebar:
        _menu(sections)
    with st.container(horizontal_alignment="center"):
        body = st.container(width=PAGE_WIDTH)
    with body:
        open_what_is_chosen()
    with st.sidebar:
        _current_data()
    with body:
        problem = session.notice()
        if problem:
            st.warning(problem, icon=":material/link_off:")
        filter_line()
        say_what_was_kept()
        yield


def _menu(sections: dict[str, list]) -> None:
    """The menu. Its entries carry the parameters of their page: path and parameters are one visit in the history.

    (Streamlit's own menu changes the path alone; the parameters would be a second visit, and "back" need two presses.)
    """
    for heading, pages in sections.items():
        with st.container(gap=None):
            st.markdown(f":small[{heading}]")
            for page in pages:
                st.page_link(page, width="stretch", query_params=session.address(page.url_path or "data"))


def _current_data() -> None:
    data, page = session.current(), session.memory("data")
    brought = session.uploads() or page.get("asked") or page.get("recipe")
    if not data and not brought:
        return
    with st.container(border=True, gap="xsmall"):
        if data:
            st.markdown(":small[" + _("You are looking at") + "]")
            st.text(data.title)
            rows = {kind: session.extent(table).rows for kind, table in data.tables.items()}
            st.markdown(":small[" + size(rows) + "]")
        if session.uploads() and (data is None or not data.is_mine):
            st.button(
                _("Back to my file"),
                key="mine",
                on_click=session.use_uploads,
                type="tertiary",
                icon=":material/arrow_back:",
            )
        st.button(
            _("Forget my data") if brought else _("Close the sample") if data.is_sample else _("Close it"),
            key="forget",
            on_click=session.forget,
            icon=":material/delete:",
            type="tertiary",
            help=_("Clears tables, results and settings of this visit from memory. Nothing was stored anywhere else."),
        )
    if data:
        filter_inputs(data)
