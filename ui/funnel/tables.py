"""The tables of the Funnel page as people read them."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.funnel import TOO_FEW
from insight.language import _, duration, interval, percent
from insight.text import glossary


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


RATES = ("conversion", "share", "ci_low", "ci_high", "difference")


def number_table(frame: pd.DataFrame) -> None:
    """Any table of a result, with the glossary's words for its columns and numbers as people read them."""
    titles = {entry["column"]: entry["title"] for entry in glossary().values() if "column" in entry}
    shown, columns = pd.DataFrame(index=frame.index), {}
    for name, values in frame.items():
        if values.map(lambda value: isinstance(value, dict)).any():
            continue  # settings, for who calls a function with them
        title, number = titles.get(name, name), pd.api.types.is_numeric_dtype(values)
        if name.endswith("_seconds"):
            shown[name] = values.map(duration)
        elif number and name.startswith(RATES) or name.endswith(RATES):
            shown[name] = values.astype(float).map(percent)
        elif pd.api.types.is_bool_dtype(values):
            shown[name] = values.map({True: _("yes"), False: _("no")})
        else:
            shown[name] = values
        columns[name] = _column(title, shown[name], right=number)
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("The numbers behind the picture"))


def _column(title: str, values: pd.Series, right: bool):
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(title, format="localized")
    return st.column_config.Column(title, alignment="right" if right else "left")
