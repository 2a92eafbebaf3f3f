"""The Segments page without purchases: clusters and profiles of what else is known of customers."""

import streamlit as st

from insight.language import _
from ui import session
from ui.parts import explanation
from ui.sections import Section, open_section
from ui.segments.clusters import clusters_section, comparison_settings, tables
from ui.segments.personas import personas_section
from ui.take_away import take_away

SECTIONS = {
    "clusters": Section(_("Clusters"), clusters_section),
    "personas": Section(_("Profiles and personas"), personas_section),
}


def without_orders(table) -> None:
    """All that can be said of a table of events or customers, and what can be taken away."""
    sections = list(SECTIONS)
    choose = session.settings(
        "segments",
        table,
        **comparison_settings(list(tables())),
        as_of=(None, lambda day: day is None),
        margin=(None, lambda share: share is None),
        show=(sections[0], sections),
    )
    choose.publish()
    shown = open_section(choose, SECTIONS)
    choose.publish()
    explanation("segments")
    if shown:
        st.header(_("Take it away"), anchor=False)
        take_away(*shown)
