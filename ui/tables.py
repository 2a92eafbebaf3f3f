"""Any table of a result as people read it."""

import pandas as pd
import streamlit as st

from insight.language import _, duration, percent
from insight.text import glossary

RATES = ("conversion", "share", "ci_low", "ci_high", "difference", "retention", "churn", "survival", "predicted")


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
