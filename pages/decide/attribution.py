"""Attribution: which channels get the credit for conversions, and how much that depends on the rule."""

import streamlit as st

from insight.charts import attribution_ranges
from insight.explain import attribution_reading
from insight.language import _
from ui import session
from ui.attribution.sections import SECTIONS, people
from ui.attribution.settings import OF, OF_ORDERS, attribution_settings, chosen, inputs, states
from ui.card import definition_card
from ui.parts import DATA_PAGE, draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Attribution"), anchor=False)
first = need(*OF)
everyone = {kind: table for kind in OF if (table := session.everyone(kind)) is not None}
tables = {kind: table for kind, table in everyone.items() if {"channel", "path"} & {*session.columns_of(table)}}
if not tables:
    st.info(_("This file does not say through which channel somebody came. If it has such a column under another name, "
              "say on the Data page which it is."))  # fmt: skip
    st.page_link(DATA_PAGE, label=_("To the columns of the file"), icon=":material/table:")
    st.stop()
orders = None if session.is_source(first) else session.everyone("orders")
choose = attribution_settings(tables, orders, list(SECTIONS))
answer_side, choice_side = st.columns([7, 3], gap="large")
with choice_side, st.container(border=True):
    inputs(choose, tables, orders)
choose.publish()  # also where what follows is not possible
with answer_side:
    with readable_errors():
        if choose["conversion"] == OF_ORDERS:
            session.table("orders")  # a filter may leave none, and says so
        answer = session.compute("attribution", session.table(choose["of"]), chosen(choose))
    states(choose, answer.result)
    st.markdown(attribution_reading(answer.result))
    definition_card(answer)
    clicked = draw(
        answer, attribution_ranges, alt=_("Share of each channel over all models."), key="attribution.ranges",
        click="channel",
    )  # fmt: skip
    people(answer, clicked)

shown = open_section(choose, SECTIONS, answer) or (answer, attribution_ranges)
choose.publish()
explanation("attribution")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
