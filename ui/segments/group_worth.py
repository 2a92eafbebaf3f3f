"""What groups of customers are expected to bring: the value of each customer, added up; or why there is none."""

import pandas as pd
import streamlit as st

from insight.clv.value_groups import GroupValues, group_values
from insight.language import _, confidence, count, length, money, percent
from ui import session
from ui.parts import readable_errors
from ui.segments.tables import text_table
from ui.segments.worth import value_input


def group_worth(choose: session.Choices, answer: session.Answer, groups: pd.DataFrame, title: str) -> None:
    """The expected value of each group, the highest first; or why there is none.

    groups : customer_id, group; title : what a group is called
    """
    if answer.table.kind != "orders":
        st.markdown(_("What customers are expected to bring is told from their purchases: compare them by these."))
        return
    value_input(choose)
    if choose["margin"] is None:
        st.markdown(_("What customers are expected to bring depends on **your gross margin**: type it into the field."))
        return
    with readable_errors(stop=False):
        asked = {"margin": choose["margin"]} | {n: answer.settings[n] for n in ("as_of",) if n in answer.settings}
        _shown(group_values(session.compute("customer_value", answer.table, asked).result, groups), title)


def _shown(found: GroupValues, title: str) -> None:
    def amount(value: float) -> str:
        return money(value, found.currency)

    said = {
        "span": length(found.horizon), "total": amount(found.total), "low": amount(found.ci_low),
        "high": amount(found.ci_high), "level": confidence(found.level), "margin": percent(found.margin, 0),
    }  # fmt: skip
    st.markdown(
        _("Within {span} all of them are expected to bring **{total}** at a margin of {margin} ({level} interval {low} "
          "to {high}), if nothing changes. The page Customer value tells how the model was tested.", **said)
    )  # fmt: skip
    rows = found.groups
    ends = rows[["ci_low", "ci_high"]].itertuples(index=False)
    shown = {
        title: rows["group"],
        _("Customers"): rows["n_customers"].map(count),
        _("Expected value"): rows["value"].map(amount),
        _("Interval"): [_("{low} to {high}", low=amount(low), high=amount(high)) for low, high in ends],
        _("A customer"): rows["value_per_customer"].map(amount),
        _("Of the value"): rows["value_share"].map(percent),
    }
    text_table(pd.DataFrame(shown), _("What each group is expected to bring"))
