"""Churn: who is silent, how often a silence is no farewell, who is likely to come back, how long contracts last."""

import streamlit as st

from insight.charts import churn_returns_line
from insight.explain import churn_reading
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.churn.contracts import contracts
from ui.churn.sections import SECTIONS, people
from ui.churn.settings import chosen, churn_settings, contract_table, group_of, inputs
from ui.groups import grouped
from ui.parts import draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

st.title(_("Churn"), anchor=False)
first = need("orders", "events", "customers")
everyone = {kind: table for kind in ("orders", "events") if (table := session.everyone(kind)) is not None}

if not everyone:  # a table of customers alone: contracts are all it can tell of
    choose = churn_settings({"customers": first}, list(SECTIONS))
    with readable_errors():
        shown = contracts(choose, *contract_table({"customers": first}))
else:
    choose = churn_settings(everyone, list(SECTIONS))
    with readable_errors():
        table = session.table(choose["of"])
        proposed = session.compute("churn", table, chosen(choose, table, silent=False))
    answer_side, choice_side = st.columns([7, 3], gap="large")
    with choice_side, st.container(border=True):
        inputs(choose, everyone, everyone[choose["of"]], proposed)
    choose.publish()  # also where what follows is not possible
    with answer_side:
        with readable_errors():
            marked, by = grouped(table, everyone[choose["of"]], group_of(choose, table))
            answer = session.compute("churn", marked, chosen(choose, table, by))
        st.markdown(churn_reading(answer.result))
        definition_card(answer)
        draw(answer, churn_returns_line, alt=_("How often a silence of so many days is no farewell."))
        people(answer)
    shown = open_section(choose, SECTIONS, answer) or (answer, churn_returns_line)

choose.publish()
explanation("churn")
if shown:
    st.header(_("Take it away"), anchor=False)
    take_away(*shown)
