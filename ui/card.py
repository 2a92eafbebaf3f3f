"""The definition card beside a figure: its formula with the visitor's own numbers, what it counts, and the code."""

import inspect
from importlib import import_module

import streamlit as st

from insight.catalog import catalog
from insight.explain.cards import Card
from insight.language import _
from ui import session


def definition_card(answer: session.Answer, key: str = "") -> None:
    """The card of an answer, behind a small button. It is made when it is opened, not before."""
    analysis = catalog[answer.name]
    if analysis.card is None:
        return
    behind = st.popover(
        _("How is this counted?"), type="tertiary", icon=":material/info:", key=f"card.{answer.name}.{key}",
        on_change="rerun", help=_("The formula with your numbers, who is in it, and where it comes from."),
    )  # fmt: skip
    if behind.open:
        with behind:
            _card(analysis.card(answer.result), f"code.{answer.name}.{key}")


def _card(card: Card, key: str) -> None:
    st.subheader(card.title, anchor=False)
    st.latex(card.formula)
    for sentence in card.sentences:
        st.markdown(sentence)
    st.markdown(":small[" + _("Source: {source}", source=card.source) + "]")
    if st.button(_("Show the code"), key=key, icon=":material/code:", type="tertiary"):
        _source_code(card.function)


@st.dialog(_("The code that counts"), width="large")
def _source_code(function: str) -> None:
    module, name = function.rsplit(".", 1)
    found = getattr(import_module(module), name)
    st.markdown(_("`{name}`, in the folder `insight` of this program:", name=found.__module__ + "." + name))
    st.code(inspect.getsource(found), language="python")
