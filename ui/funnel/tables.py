"""The steps of a funnel as people read them."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.funnel import TOO_FEW
from insight.language import _, duration, interval, percent


def step_table(steps: pd.DataFrame, unit: object = "customer") -> None:
    """The steps (or groups) table of a funnel as people read it; no rates where fewer than TOO_FEW entered."""
    counted = _("Customers") if unit == "customer" else _("Sessions")
    entered = steps["reached"].where(steps["step"] == steps["step"].iloc[0]).ffill()
    shown = steps[[name for name in ("group", "step", "reached") if name in steps]].copy()
    rates = steps.where(entered >= TOO_FEW)
    for name in ("step_conversion", "overall_conversion"):
        shown[name] = rates[name].map(percent)
    shown["interval"] = [interval(low, high) for low, high in zip(rates["ci_low"], rates["ci_high"], strict=True)]
    for name in ("median_seconds", "p90_seconds", "median_seconds_from_previous"):
        shown[name] = steps[name].map(duration)
    right = partial(st.column_config.Column, alignment="right")
    columns = {
        "group": _("Group"),
        "step": _("Step"),
        "reached": st.column_config.NumberColumn(counted, format="localized"),
        "step_conversion": right(_("Of the step before")),
        "overall_conversion": right(_("Of the first step")),
        "interval": right(_("Interval")),
        "median_seconds": right(_("Median time")),
        "p90_seconds": right(_("90% within")),
        "median_seconds_from_previous": right(_("Median from the step before")),
    }
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("The numbers behind the picture"))
