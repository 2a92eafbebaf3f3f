"""Journeys: which ways customers take, where they turn off, what follows what, and how long it takes."""

import streamlit as st

from insight.explain import paths_reading
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.groups import grouped
from ui.journeys.cleaning import clean_up, offer_folders
from ui.journeys.people import is_cell, people_behind
from ui.journeys.picture import drawing, drawing_inputs, picture, picture_settings
from ui.journeys.sections import SECTIONS, section_settings
from ui.journeys.settings import chosen, further_inputs, inputs, journeys_settings
from ui.parts import explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Journeys"), anchor=False)
events, everyone = need("events"), session.everyone("events")
choose = journeys_settings(everyone, people=(None, is_cell), **picture_settings(), **section_settings())
said = st.container()
inputs(choose, everyone)
with st.grid(2, min_column_width=320, gap="small"):
    further_inputs(choose, everyone)
    clean_up(choose, everyone)
choose.publish()  # also where what follows is not possible
with readable_errors():
    table, by = grouped(events, everyone, choose["by"])
    answer = session.compute("paths", table, chosen(choose, by))
with said:
    st.markdown(paths_reading(answer.result))
    with st.container(horizontal=True, vertical_alignment="center"):
        definition_card(answer)
        offer_folders(choose, everyone)
chart = drawing(choose)
clicked = picture(answer, chart)
drawing_inputs(choose, answer.result)
people_behind(choose, answer, clicked)

shown = open_section(choose, SECTIONS, answer, everyone) or (answer, chart)
choose.publish()
explanation("journeys")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
