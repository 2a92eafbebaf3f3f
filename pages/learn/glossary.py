"""Glossary: what the words mean, how this app answers them or why it does not, and the usual mistake."""

import streamlit as st

from insight.language import _, _n, count, plain
from ui import session
from ui.glossary.entry import entry_shown
from ui.glossary.words import GROUPS, ON_PAGES, PARTS, found, words

READING_WIDTH = 740  # pixels: about 85 letters a line
AT_ONCE = 15  # words; more on request
TOPICS = {**PARTS, ON_PAGES: _("Words on the pages")}

choose = session.settings(
    "glossary", None,
    word=("", lambda value: isinstance(value, str) and len(value) <= 80),
    topic=(None, [None, *TOPICS]),
    group=(None, [None, *GROUPS]),
)  # fmt: skip


def look_up(word: str) -> None:
    """Show what a search finds in all topics."""
    choose["word"], choose["topic"], choose["group"] = word, None, None


def look_up_term(term: str) -> None:
    """Show one word, and others that speak of it below."""
    look_up(words()[term]["title"])


st.title(_("Glossary"), anchor=False)
body = st.container(width=READING_WIDTH, gap="medium")
with body.container():
    st.text_input(
        _("Find a word"), key=choose.key("word"), type="search", max_chars=80, persist_state="session",
        placeholder=_("CAC, churn, consent …"), help=_("Looks in the words, their other names and their meanings."),
    )  # fmt: skip
    st.pills(
        _("Topic"), list(TOPICS), key=choose.key("topic"), format_func=TOPICS.get, persist_state="session",
        help=_("A part of marketing in the order of learning it, or every word of the pages and their tables."),
    )  # fmt: skip
    if choose["topic"] == ON_PAGES:
        st.selectbox(
            _("Of which page"), [None, *GROUPS], key=choose.key("group"), persist_state="session",
            format_func=lambda name: GROUPS.get(name, _("All pages")),
            help=_("A word that several pages use stands with one of them."),
        )  # fmt: skip
choose.publish()

terms = found(choose["topic"], choose["group"], choose["word"])
kept = session.memory("glossary")
asked = (choose["topic"], choose["group"], choose["word"])
n = kept["n"] if kept.get("asked") == asked else AT_ONCE
with body:
    hits = _n("{n} word", "{n} words", len(terms), n=count(len(terms)))
    st.markdown(f":small[{hits}]")
    elsewhere = 0 if terms else len(found(None, None, choose["word"]))
    if not terms:
        st.markdown(_("There is no “{word}” here.", word=plain(choose["word"])))
    if elsewhere:
        label = _n("Show {n} word of other topics", "Show {n} words of other topics", elsewhere, n=count(elsewhere))
        st.button(label, key="glossary.all", on_click=look_up, args=[choose["word"]], help=_("Looks in all topics."))
    for term in terms[:n]:
        entry_shown(term, look_up_term)
    if len(terms) > n:
        left = count(min(len(terms) - n, AT_ONCE))
        more = {"asked": asked, "n": n + AT_ONCE}
        label, key = _("Show {n} more", n=left), "glossary.more"
        st.button(label, key=key, on_click=kept.update, kwargs=more, help=_("The next words of the list."))
