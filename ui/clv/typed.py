"""What is computed of typed numbers alone, where there is no table: its picture, and what can be taken along."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from insight.charts.theme import chart_picture
from insight.language import _
from insight.tables.spreadsheet import as_csv
from ui.take_away import download


def draw_typed(found: object, chart: Callable, *, alt: str) -> None:
    """A chart of a result that no table stands behind."""
    theme, narrow = st.context.theme.type or "light", "Mobi" in (st.context.headers.get("User-Agent") or "")
    picture = chart(found, theme=theme, narrow=narrow).to_dict()
    st.vega_lite_chart(picture, alt=f"{alt} {picture.pop('description', '')}", theme=None)


def take_typed_along(name: str, table: pd.DataFrame, picture: Callable, function: str, settings: dict) -> None:
    """Table, picture and code. picture : makes the chart; function : the name of what computed it"""
    drawn = partial(_drawn, picture)
    with st.container(horizontal=True):
        download(_("Table (CSV)"), partial(as_csv, table), f"{name}.csv", f"{name}.typed.csv", _("The numbers."))
        download(_("Picture (PNG)"), drawn, f"{name}.png", f"{name}.typed.png", _("The chart, for a slide."))
    with st.expander(_("The code behind this page"), icon=":material/code:"):
        asked = "".join(f"    {setting}={value!r},\n" for setting, value in settings.items())
        st.code(f"from insight import {function}\n\nresult = {function}(\n{asked})", language="python")


def _drawn(picture: Callable) -> bytes:
    return chart_picture(picture())
