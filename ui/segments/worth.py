"""The gross margin, and what segments are expected to bring before and after limits of one's own."""

import pandas as pd
import streamlit as st

from insight.clv.value_groups import group_values
from insight.language import _, money
from insight.rfm import Rfm
from ui import session
from ui.segments.tables import text_table


def value_input(choose: session.Choices) -> None:
    """The gross margin, which nothing can guess; offered as it was typed on another page."""
    key = f"{choose.key('margin')}.{choose.version}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        margin = st.number_input(
            _("Your gross margin, in %"), 1.0, 100.0, None if choose["margin"] is None else 100 * choose["margin"],
            step=1.0, format="%g", key=key, placeholder=_("Type it"), width=240,
            help=_("What is left of 100 of revenue after the goods are paid for. Without it there is no value."),
        )  # fmt: skip
        choose["margin"] = None if margin is None else round(margin / 100, 6)
        pages = session.all_settings()
        elsewhere = next((own for page in ("clv", "campaigns") if (own := pages.get(page, {}).get("margin"))), None)
        if margin is None and elsewhere is not None:
            label = _("Use {margin}% as on another page", margin=f"{100 * elsewhere:g}")
            st.button(label, key=f"{key}.elsewhere", on_click=_take, args=[choose, elsewhere])


def _take(choose: session.Choices, margin: float) -> None:
    choose["margin"] = margin
    choose.renew()


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
