"""Funnel: how many go on from step to step, where they stop, who they are, and what to know about the number."""

import streamlit as st

from insight.charts import funnel_bars
from insight.explain import funnel_reading
from insight.language import _, plain
from ui import session
from ui.card import definition_card
from ui.funnel.people import is_cell, people_behind
from ui.funnel.sections import SECTIONS, fair_groups, section_settings, turned_to_groups
from ui.funnel.settings import chosen, funnel_settings, inputs
from ui.groups import grouped
from ui.parts import draw, explanation, need, offer_window, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Funnel"), anchor=False)
events, everyone = need("events"), session.everyone("events")
if len(everyone.facts.events) < 2:
    name = plain(everyone.facts.events[0])
    st.info(_("A funnel needs at least two kinds of event. This file has one: {name}.", name=name))
    st.stop()

choose = funnel_settings(everyone, people=(None, is_cell), **section_settings())
answer_side, choice_side = st.columns([7, 3], gap="large")
with choice_side, st.container(border=True):
    inputs(choose, everyone)
turns = turned_to_groups(choose)
choose.publish()  # also where what follows is not possible
with answer_side:
    with readable_errors(shorter=choose.setter("within")):
        table, by = grouped(events, everyone, choose["by"])
        answer = session.compute("funnel", table, chosen(choose, by))
    st.markdown(funnel_reading(answer.result))
    with st.container(horizontal=True, vertical_alignment="center"):
        definition_card(answer)
        fair_groups(choose, answer)
    offer_window(answer.result.longest_within, choose.setter("within"))
    clicked = draw(answer, funnel_bars, alt=_("Customers at each step."), key="funnel.bars", click="step")
    people_behind(choose, answer, clicked)

shown = open_section(choose, SECTIONS, answer, turns=turns, shorter=choose.setter("within")) or (answer, funnel_bars)
choose.publish()
explanation("funnel")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
