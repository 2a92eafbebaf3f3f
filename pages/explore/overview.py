"""Overview: how many come and buy, whether it is more than before, and where a rate moved."""

import streamlit as st

from insight.catalog import catalog
from insight.language import _
from ui.card import definition_card
from ui.overview import board
from ui.overview.cards import cards
from ui.overview.marks import notes_input
from ui.overview.people import people_of_period
from ui.overview.sections import SECTIONS, section_settings
from ui.overview.settings import inputs, measure_picker, overview_settings, settle, take_clicked
from ui.overview.tables import all_numbers
from ui.parts import draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Overview"), anchor=False)
need("events", "orders")
of = board.tables()
choose = overview_settings(of, **section_settings(of))
settle(choose, of)
top = st.container()
inputs(choose, of)
choose.publish()  # also where what follows is not possible
with readable_errors():
    measures = board.measures(of, choose["goal"], choose["lead"] or None)
    answers = board.answers(choose, of, dict.fromkeys(board.OF[name] for name in measures))
front = answers[board.OF[choose["measure"]]]
line = catalog[front.name].charts[0]
with top:
    st.markdown(catalog[front.name].reading(front.result))
cards(choose, answers, measures)

with st.container(horizontal=True, vertical_alignment="bottom"):
    measure_picker(choose, measures)
    definition_card(front, "front")
clicked = draw(front, line, alt=_("The measure, period by period."), key="overview.line", click="first")
take_clicked(choose, clicked)
notes_input(choose, of)
all_numbers(front, "front")
people_of_period(front, _("The people behind these numbers"), "front")

shown = open_section(choose, SECTIONS, of, front) or (front, line)
choose.publish()
explanation("overview")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
