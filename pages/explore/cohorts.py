"""Cohorts: who comes back, cohort by cohort, by which definition, what they bring in, and what to know about it."""

import streamlit as st

from insight.charts import (
    cohort_revenue_aov,
    cohort_revenue_heatmap,
    cohort_revenue_orders,
    retention_counts,
    retention_heatmap,
)
from insight.explain import cohort_revenue_reading, retention_criteria, retention_reading
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.cohorts.people import is_cell, people_behind
from ui.cohorts.revenue import revenue_answer
from ui.cohorts.sections import SECTIONS, section_settings
from ui.cohorts.settings import LOOKS, OF_RETENTION, chosen, cohort_settings, inputs
from ui.cohorts.shown import period_to_look_at
from ui.groups import grouped
from ui.parts import draw, explanation, need, readable_errors
from ui.sections import open_section
from ui.take_away import take_away

GRIDS = {"share": retention_heatmap, "count": retention_counts, "revenue": cohort_revenue_heatmap}
GRIDS |= {"orders": cohort_revenue_orders, "aov": cohort_revenue_aov}

st.title(_("Cohorts"), anchor=False)
need("orders", "events")
tables = {kind: table for kind in ("orders", "events") if (table := session.everyone(kind)) is not None}
choose = cohort_settings(tables, people=(None, is_cell), **section_settings())
answer_side, choice_side = st.columns([7, 3], gap="large")
with choice_side, st.container(border=True):
    inputs(choose, tables)
choose.publish()  # also where what follows is not possible
with answer_side:
    with readable_errors():
        table, by = grouped(session.table(choose["of"]), tables[choose["of"]], choose["by"])
        answer = session.compute("retention", table, chosen(choose, by))
    st.markdown(retention_reading(answer.result))
    period_to_look_at(choose, answer.result)
    st.markdown(retention_criteria(answer.result, choose["at"]))
    definition_card(answer)

looks = [look for look in LOOKS if look in OF_RETENTION or "orders" in tables]
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.segmented_control(
        _("Each cell shows"), looks, key=choose.key("look"), required=True, format_func=LOOKS.get,
        persist_state="session", help=_("Of the cohort’s row, in the column’s period. Click a cell to see its people."),
    )  # fmt: skip
with readable_errors(stop=False):
    grid = answer if choose["look"] in OF_RETENTION else revenue_answer(choose, answer)
    if grid is not answer and choose["show"] != "revenue":  # there the sentence stands in the tab
        st.markdown(cohort_revenue_reading(grid.result))
        definition_card(grid, key="grid")
    clicked = draw(
        grid, GRIDS[choose["look"]], alt=_("Cohorts by periods."), key=f"cohorts.{choose['look']}", click="cell"
    )
    people_behind(choose, answer, clicked)

shown = open_section(choose, SECTIONS, answer) or (answer, retention_heatmap)
choose.publish()
explanation("cohorts")
st.header(_("Take it away"), anchor=False)
take_away(*shown)
