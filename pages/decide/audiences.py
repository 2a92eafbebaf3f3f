"""Audiences: customers chosen by a rule, how they respond, and a file of them to take along."""

import streamlit as st

from insight.language import _
from ui import session
from ui.audience.builder import rule_builder
from ui.audience.fields import Fields
from ui.audience.sections import SECTIONS, section_settings
from ui.audience.settings import as_of_input, audience_settings, begin_with
from ui.audience.shown import audience_shown, keep_it, profile_link
from ui.filter import filter_is_not_here
from ui.parts import explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Audiences"), anchor=False)
need("events", "orders", "customers", "contacts")
fields = Fields(session.everything())
choose = audience_settings(fields, **section_settings())
answer_side, choice_side = st.columns([6, 5], gap="large")
with choice_side, st.container(border=True):
    begin_with(choose, fields)
    rule_builder(choose, "rule", fields)
    as_of_input(choose, fields)
choose.publish()  # also where what follows is not possible
with answer_side:
    filter_is_not_here(_("The filter of customers is not used here: a rule asks everyone."))
    with readable_errors():
        answer = audience_shown(choose)
    keep_it(choose)
    profile_link(choose)

shown = open_section(choose, SECTIONS, answer)
choose.publish()
explanation("audiences")
if shown is not None:
    st.header(_("Take it away"), anchor=False)
    take_away(*shown)
