"""Sources of this server on screen: what it offers, how far the opening of one is, and why one could not be opened."""

import streamlit as st

from insight.errors import InsightError
from insight.language import _, day, plain
from ui import session
from ui.files.visit import visit
from ui.parts import problem_box
from ui.words import KIND_NAMES


def offer_sources() -> None:
    """A card for every source of this server; nothing where there is none."""
    offers = session.offers()
    if not offers:
        return
    st.header(_("Data of this server"), anchor=False)
    of_the_server()
    with st.grid(3, min_column_width=280):
        for name, offer in offers.items():
            with st.container(border=True, height="stretch", gap="small"):
                st.subheader(plain(offer.title), anchor=False)
                kinds = " · ".join(KIND_NAMES[kind] for kind in offer.kinds)
                known = "" if session.opened(name) else _("The first who opens it waits a while.")
                st.markdown(f":small[{' · '.join(filter(None, [kinds, known]))}]")
                st.space("stretch")
                st.button(_("Open"), key=f"source.{name}", on_click=_open, args=[name], width="stretch")


def since_when(name: str) -> None:
    """On which day a source was read, and the button that reads it again."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(":small[:material/history: " + _("Read on {day}.", day=day(session.opened_on(name))) + "]")
        st.button(
            _("Read it anew"),
            key="source.anew",
            on_click=session.read_anew,
            type="tertiary",
            icon=":material/refresh:",
            help=_("To see the rows that came since. Until it is done, everybody sees what there was."),
        )


def _open(name: str) -> None:
    visit().memory.update(asked=None, refused=[])  # the visitor has turned to something else
    session.use_source(name)


def of_the_server() -> None:
    """Who can see the data of this server."""
    warning = _("Everybody who can open this page can see the data of this server: every number, every customer’s id.")
    st.markdown(f":small[:material/visibility: {warning}]")


def open_what_is_chosen() -> None:
    """Open the source that is looked at, where nobody has; a bar shows how far it is. Or say why it is not open."""
    wanted, problem = session.source_to_open(), session.source_problem()
    if problem:
        problem_box(problem[1], file=problem[0])
    if wanted is None:
        return
    offer, anew = wanted
    with st.empty().container():
        bar = st.progress(0.0)
        st.button(
            _("Look at something else"), key="source.leave", on_click=session.leave_source, type="tertiary",
            help=_("It goes on being opened for whoever wants to see it."),
        )  # fmt: skip
        try:
            title = plain(offer.title)
            session.open_source(offer, lambda share, words: bar.progress(min(share, 1.0), f"{title}: {words}"), anew)
        except InsightError as problem:
            session.leave_source(offer.title, problem)
    st.rerun()  # now there are data for the whole frame, or a reason why there are none
