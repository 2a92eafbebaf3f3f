"""The set-up of a visit as a small file to keep: how files are read, settings of pages, audiences. Never the data."""

from functools import partial

import streamlit as st

from insight.audiences.kept import lists_customers
from insight.language import _
from insight.recipe import recipe
from ui import session
from ui.files.visit import visit

NAME = "set-up.insight.json"


def save_setup(tables: dict[str, object]) -> None:
    """Offer the set-up as a file; with customer ids only when the visitor says so."""
    people = {"audiences": session.saved_audiences(), "selection": session.selection() or None}
    settings = session.all_settings()
    held = lists_customers([people, settings, [dict(table.settings) for table in tables.values()]])
    with st.expander(_("Keep this set-up for next time"), icon=":material/bookmark:", key="data.fold.setup"):
        st.markdown(
            _(
                "A small file with what the columns mean, the changes you made and the settings of the pages. Drop it "
                "here together with next week’s export, and everything is set up again. It holds no rows of your data."
            )
        )
        with_ids = held and st.checkbox(
            _("Include the customer ids in it"),
            key="data.setup.ids",
            help=_("Audiences made of a list, customers you left out by hand, and conditions on the id name customers. "
                   "Without them the file names nobody."),
        )  # fmt: skip
        st.download_button(
            _("Save how this was set up"),
            partial(recipe, tables, settings, **people, with_ids=with_ids),
            NAME,
            "application/json",
            key="data.setup",
            icon=":material/bookmark:",
            on_click="ignore",
            help=_("Names of columns and of events you chose stand in it; so does the key of pseudonyms."),
        )


def what_was_said() -> None:
    """What became of a set-up that was brought, once."""
    for sentence in visit().said():
        st.info(sentence, icon=":material/bookmark_added:")
