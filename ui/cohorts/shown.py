"""The period that the line below the sentence, the groups and the ways to count are about."""

import streamlit as st

from insight.language import _
from insight.retention import TOO_FEW, Retention
from insight.retention.words import period_name
from ui import session


def period_to_look_at(choose: session.Choices, result: Retention) -> None:
    """A slider over the periods that have a rate of all cohorts; of a bracket there is one only."""
    average = result.average
    known = average["period"][(average["period"] > 0) & (average["n_customers"] >= TOO_FEW)].tolist()
    if choose["at"] not in known:
        choose["at"] = known[0] if known else 1
    if len(known) < 2:
        return
    st.select_slider(
        _("Period to look at"), known, key=choose.key("at"), format_func=lambda k: period_name(result, k),
        persist_state="session", help=_("The line below, the groups and the ways to count are about this period."),
    )  # fmt: skip
