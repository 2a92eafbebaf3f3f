"""Beside the campaigns' own figures: whether they claim more orders than there are."""

import streamlit as st

from insight.acquisition.claims import claimed_orders
from insight.errors import InsightError
from insight.explain.acquisition import claims_reading
from ui import session


def claims_note(campaigns) -> None:
    """A line where there are orders to compare with; a flag where more conversions are claimed than there are."""
    try:
        orders = session.table("orders")
    except InsightError:  # the filter leaves none: nothing to compare with
        return
    if orders is None or session.is_source(orders):
        return  # counting where rows lie elsewhere takes its time, and this is an aside
    found = claimed_orders(campaigns, orders)
    if found is None:
        return
    if found.is_double:
        st.warning(claims_reading(found), icon=":material/content_copy:")
    else:
        st.markdown(f":small[{claims_reading(found)}]")
