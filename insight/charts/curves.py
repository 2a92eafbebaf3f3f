"""Curves over a length of time: the line, the band of its interval, and an upright rule with a name."""

import altair as alt
import pandas as pd

from insight.charts.marks import TEXT, Ruler
from insight.charts.theme import Palette

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


def upright(
    at: float, label: str, x: Ruler, y: Ruler, colours: Palette, *, top: float, bottom: float, leans: str
) -> list[alt.Chart]:
    """A dotted rule at the place `at` between two heights in pixels, its label beside the upper end."""
    row = pd.DataFrame({"at": [at], "head": [top], "foot": [bottom], "label": [label]})
    where = (x.place(alt.X, "at"), y.place(alt.Y, "head"))
    rule = alt.Chart(row).mark_rule(color=colours.ink, strokeDash=[2, 3]).encode(*where, alt.Y2("foot"))
    side = {"align": "left", "dx": 6} if leans == "right" else {"align": "right", "dx": -6}
    look = TEXT | {"fontWeight": 600} | side
    outline = alt.Chart(row).mark_text(color=colours.background, stroke=colours.background, strokeWidth=6, **look)
    words = alt.Chart(row).mark_text(color=colours.ink, **look)
    return [rule, *(text.encode(*where, alt.Text("label", type="nominal")) for text in (outline, words))]
