"""Kept audiences on screen: keep the people behind a number, put audiences together, let them go."""

import streamlit as st

from insight.audiences.kept import lists_customers
from insight.errors import InsightError
from insight.language import _, plain
from ui import session

NEWLY = ("any", "all", "minus")  # ways of putting two audiences together


@st.dialog(_("Audiences"), width="medium", on_dismiss="rerun")
def manage_audiences() -> None:
    """What is kept for this visit: in words, to delete, and to put together to something new."""
    kept = session.saved_audiences()
    if not kept:
        st.markdown(_("None is kept yet. Click a bar of a chart, look at the people behind it, and keep them."))
        return
    for name, audience in kept.items():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(gap="xsmall"):
                st.text(name)
                st.markdown(f":small[{plain(session.in_words(audience['rule']))}]")
            st.button(
                _("Delete"),
                key=f"audience.delete.{name}",
                on_click=session.drop_audience,
                args=[name],
                type="tertiary",
                icon=":material/delete:",
                help=_("A filter by this audience stays until you clear it."),
            )
    if len(kept) > 1:
        _put_together(list(kept))


def _put_together(names: list[str]) -> None:
    st.subheader(_("Put two together"), anchor=False)
    with st.form("audiences.new", border=False):
        with st.grid(3, min_column_width=180):
            one = st.selectbox(_("Customers in"), names, help=_("An audience you kept."))
            way = st.selectbox(
                _("How"),
                NEWLY,
                format_func={"any": _("or in"), "all": _("and also in"), "minus": _("but not in")}.get,
                help=_("Everyone in either, those in both, or those of the first who are not in the second."),
            )
            other = st.selectbox(_("the audience"), names, index=1, help=_("Another audience you kept."))
        name = st.text_input(_("Name of the new audience"), help=_("You will find it in the filter."))
        if st.form_submit_button(_("Keep")):
            a, b = (session.audiences()[chosen] for chosen in (one, other))
            new = a | b if way == "any" else a & b if way == "all" else a - b
            if keep(name, new.rule, new.as_of):
                st.rerun(scope="fragment")


def keep(name: str, rule: dict, as_of: str | None = None) -> bool:
    """Keep an audience; False, with the reason on screen, where that is not possible. The next run says so."""
    try:
        session.keep_audience(name, rule, as_of)
    except InsightError as problem:
        st.error(plain(problem), icon=":material/error:")
        return False
    said = [_("Kept: {name}", name=plain(name))]
    if lists_customers(rule):
        said.append(_("It names customers by their ids, so no link can hold it; a saved set-up can."))
    session.memory("audiences")["said"] = said
    return True


def say_what_was_kept() -> None:
    """What was kept in the run before (a message of a run that ends at once would never be seen)."""
    for sentence in session.memory("audiences").pop("said", []):
        st.toast(sentence, icon=":material/group_add:")
