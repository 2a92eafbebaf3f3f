"""One word of the glossary on the page: what it means, its formula, what goes wrong with it, and where it leads."""

from collections.abc import Callable

import streamlit as st

from insight.language import _
from ui import session
from ui.files.answers import PAGES
from ui.glossary.words import PAGE_TITLES, words

FORMULA = "$\\displaystyle {}$"  # in a line of its own, begun on the left as the text is
PARAGRAPHS = {"here": _("In this app."), "taught": _("Not computed here."), "mistake": _("The usual mistake.")}


def entry_shown(term: str, go: Callable[[str], None]) -> None:
    """A word, and with it the way to its page and to related words. `go` : shows another word."""
    entry = words()[term]
    with st.container(gap="small"):
        with st.container(gap=None):
            st.subheader(entry["title"], anchor=term)
            if "also" in entry:
                st.markdown(":small[" + _("Also: {names}", names=entry["also"]) + "]")
        st.markdown(entry["definition"])
        if "formula" in entry:
            st.markdown(FORMULA.format(entry["formula"]))
        for name, heading in PARAGRAPHS.items():
            if name in entry:
                st.markdown(f"**{heading}** {entry[name]}")
        if "source" in entry:
            st.markdown(":small[" + _("Source: {source}.", source=entry["source"]) + "]")
        if entry["home"] or "see" in entry or entry["columns"]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                _ways_on(term, entry, go)


def _ways_on(term: str, entry: dict, go: Callable[[str], None]) -> None:
    page = entry["home"]
    if page:  # a link and no button: going back comes to the same words
        st.page_link(
            PAGES[page], label=":primary[" + _("Go to {page}", page=PAGE_TITLES[page]) + "]", width="content",
            icon=":material/arrow_forward:", query_params=session.address(page),
            help=_("The page where this is counted, or where one can look for it."),
        )  # fmt: skip
    if "see" in entry:
        st.markdown(":small[" + _("See also") + "]", width="content")
    for other in entry.get("see", []):
        st.button(
            f":primary[{words()[other]['title']}]", key=f"glossary.see.{term}.{other}", type="tertiary",
            on_click=go, args=[other], help=_("Shows this word."),
        )  # fmt: skip
    if entry["columns"]:
        columns = ", ".join(f"`{name}`" for name in entry["columns"])
        st.markdown(":small[" + _("In tables: {columns}", columns=columns) + "]", width="content")
