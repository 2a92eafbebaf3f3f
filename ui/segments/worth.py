"""The gross margin, and what segments are expected to bring before and after limits of one's own."""

import pandas as pd
import streamlit as st

from insight.clv.value_groups import group_values
from insight.language import _, money
from insight.rfm import Rfm
from ui import session
from ui.margin import margin_input
from ui.segments.tables import text_table


def value_input(choose: session.Choices) -> None:
    """The gross margin, beside which there is room."""
    help = _("What is left of 100 of revenue after the goods are paid for. Without it there is no value.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        margin_input(choose, help=help, width=240)


def segment_groups(result: Rfm) -> pd.DataFrame | None:
    """Who is in which segment: customer_id, group. None, having said why, where customers are not listed."""
    if result.customers is None:
        st.markdown(_("The rows of this source are counted where they lie, and its customers are not listed here. In "
                      "Python `customer_value` and `group_values` add up the value of segments."))  # fmt: skip
        return None
    return result.customers[["customer_id", "segment"]].rename(columns={"segment": "group"})


def value_before_after(choose: session.Choices, fifths: session.Answer, answer: session.Answer) -> None:
    """The expected value of each segment by fifths, and by limits of one's own; or why there is none.

    Raises InsightError where the orders cannot carry a model.
    """
    now = segment_groups(answer.result)
    if now is None:
        return
    groups = segment_groups(fifths.result), now
    value_input(choose)
    if choose["margin"] is None:
        st.markdown(_("What customers are expected to bring depends on **your gross margin**: type it into the field."))
        return
    asked = {name: answer.settings[name] for name in ("as_of",) if name in answer.settings}
    value = session.compute("customer_value", answer.table, {"margin": choose["margin"]} | asked).result
    names = answer.result.segments["segment"]
    before, after = (
        group_values(value, own).groups.set_index("group")["value"].reindex(names, fill_value=0.0) for own in groups
    )

    def amounts(values: pd.Series) -> list[str]:
        return [money(own, value.currency) for own in values]

    shown = {
        _("Segment"): names,
        _("Expected value by fifths"): amounts(before),
        _("By your limits"): amounts(after),
        _("Change"): amounts(after - before),
    }
    text_table(pd.DataFrame(shown), _("Expected value of each segment by fifths, and by your limits"))
    said = _("The customers are expected to bring the same: only the names of their segments change.")
    st.markdown(f":small[{said}]")
