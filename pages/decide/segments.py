"""Segments: how lately, how often and for how much customers bought, the map of names, and who moved."""

import streamlit as st

from insight.charts import rfm_map
from insight.explain import rfm_reading
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.parts import draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.segments.people import field_of, map_cells, people_behind
from ui.segments.sections import SECTIONS
from ui.segments.settings import chosen, inputs, segment_settings
from ui.segments.without_orders import without_orders
from ui.take_away import take_away

st.title(_("Segments"), anchor=False)
orders = need("orders", "events", "customers")
if orders.kind != "orders":  # without purchases there are no scores, but there may be clusters
    without_orders(orders)
    st.stop()
everyone = session.everyone("orders")
choose = segment_settings(everyone, list(SECTIONS))
answer_side, choice_side = st.columns([7, 3], gap="large")
fifths = None
with answer_side, readable_errors(stop=False):
    fifths = session.compute("rfm", orders, chosen(choose, orders, limits=False))
with choice_side, st.container(border=True):
    inputs(choose, everyone, fifths)  # also where another day would help
choose.publish()
if fifths is None:
    st.stop()
with answer_side:
    with readable_errors():
        answer = session.compute("rfm", orders, chosen(choose, orders))
    st.markdown(rfm_reading(answer.result))
    definition_card(answer)
    clicked = draw(answer, rfm_map, alt=_("The map of segments."), key="segments.map", click="cell")
    people_behind(
        choose, "people", answer, map_cells(answer.result), field_of(answer.result, clicked),
        _("The people of a segment or a field"),
    )  # fmt: skip

shown = open_section(choose, SECTIONS, answer) or (answer, rfm_map)
choose.publish()
explanation("segments")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
