"""Glossary: what the words on these pages mean."""

import streamlit as st

from insight.language import _
from insight.text import glossary
from ui import session
from ui.parts import term

st.title(_("Glossary"))
wanted = st.text_input(
    _("Find a word"), key="glossary.word", type="search", help=_("Looks in the words and in their meanings.")
)
found = [name for name, entry in glossary().items() if wanted.casefold() in " ".join(entry.values()).casefold()]
for name in found:
    st.subheader(glossary()[name]["title"], anchor=name)
    term(name)
if not found:
    st.text(_("No word like this. The glossary holds {n} words.", n=len(glossary())))
session.publish()
