"""Customer value: what each customer will bring, by model, and what a new one is worth, by formula."""

import streamlit as st

from insight.charts import customer_value_deciles
from insight.explain import customer_value_reading
from insight.language import _
from insight.tables.capabilities import model_lacks
from insight.tables.contract_columns import contract_columns
from ui import session
from ui.card import definition_card
from ui.clv.sections import SECTIONS, WITHOUT_MODEL, people
from ui.clv.settings import clv_settings, model_inputs, of_model
from ui.parts import draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Customer value"), anchor=False)
if session.everyone("orders") is None and (session.wanted() is None or session.uploads()):
    customers = session.everyone("customers")
    signed = customers is not None and bool(contract_columns(customers))
    sections = dict(reversed(WITHOUT_MODEL.items())) if signed else WITHOUT_MODEL  # of contracts first
    choose = clv_settings(None, list(sections))
    shown = open_section(choose, sections, None)
    choose.publish()
    explanation("clv")
    if shown:
        take_away(*shown)
    st.header(_("With your orders"), anchor=False)
    st.markdown(_("The page reads order value and frequency from them, and foretells by model what each customer will "
                  "bring."))  # fmt: skip
    if signed:
        st.stop()
    need("orders")

table = need("orders")
lacks = model_lacks(session.active(table))
choose = clv_settings(session.everyone("orders"), list(WITHOUT_MODEL if lacks else SECTIONS))
if lacks:
    st.info(_("Value by formula only: {lacks}", lacks=lacks), icon=":material/calculate:")
    shown = open_section(choose, WITHOUT_MODEL, table)
else:
    answer_side, choice_side = st.columns([7, 3], gap="large")
    with choice_side, st.container(border=True):
        model_inputs(choose)
    choose.publish()  # also where what follows is not possible
    with answer_side:
        with readable_errors():
            answer = session.compute("customer_value", table, of_model(choose))
        said, more = customer_value_reading(answer.result).rsplit("\n\n", 1)
        st.markdown(said)
        definition_card(answer)
        draw(answer, customer_value_deciles, alt=_("Share of the expected value that each tenth of customers holds."))
        st.markdown(f":small[{more}]")
        people(answer)
    shown = open_section(choose, SECTIONS, answer, table) or (answer, customer_value_deciles)

choose.publish()
explanation("clv")
if shown:
    st.header(_("Take it away"), anchor=False)
    take_away(*shown)
