"""Curves over a length of time: the line, and the band of its interval."""

import altair as alt
import pandas as pd

from insight.charts.marks import Ruler

BAND = 0.45  # opacity of an interval, which lies behind its line


def band(rows: pd.DataFrame, x: Ruler, y: Ruler, at: str, *, step: bool = False, **look: object) -> alt.Chart:
    """The area between `low_at` and `high_at` along the column `at`, as steps or straight."""
    shown = rows[rows["low_at"].notna()][[at, "low_at", "high_at"]]
    look = {"opacity": BAND, "interpolate": "step-after" if step else "linear"} | look
    chart = alt.Chart(shown).mark_area(**look)
    return chart.encode(x.place(alt.X, at), y.place(alt.Y, "low_at"), alt.Y2("high_at"))


def curve(rows: pd.DataFrame, x: Ruler, y: Ruler, at: str, *, step: bool = False, **look: object) -> alt.Chart:
    """The line through the heights `middle`, as steps or straight."""
    chart = alt.Chart(rows[[at, "middle"]]).mark_line(
        **{"strokeWidth": 2, "interpolate": "step-after" if step else "linear"} | look
    )
    return chart.encode(x.place(alt.X, at), y.place(alt.Y, "middle"))
