"""Campaigns: what each returned, whether it earned money, which is best, and what a click may cost."""

import streamlit as st

from insight.charts import campaign_results_roas
from insight.explain import campaign_results_reading
from insight.language import _
from ui import session
from ui.campaigns.claims import claims_note
from ui.campaigns.sections import SECTIONS
from ui.campaigns.settings import campaign_settings, chosen, inputs
from ui.card import definition_card
from ui.filter import filter_is_not_here
from ui.parts import draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Campaigns"), anchor=False)
table = need("campaigns")
choose = campaign_settings(table, list(SECTIONS))
answer_side, choice_side = st.columns([7, 3], gap="large")
with choice_side, st.container(border=True):
    inputs(choose, table)
choose.publish()  # also where what follows is not possible
with answer_side:
    with readable_errors():
        answer = session.compute("campaign_results", table, chosen(choose))
    st.markdown(campaign_results_reading(answer.result))
    claims_note(table)
    filter_is_not_here(
        _("The filter of customers is not used here: a table of campaigns does not say whom they reached.")
    )
    definition_card(answer)
    draw(answer, campaign_results_roas, alt=_("ROAS of each campaign, and where it breaks even."))

shown = open_section(choose, SECTIONS, answer) or (answer, campaign_results_roas)
choose.publish()
explanation("campaigns")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
