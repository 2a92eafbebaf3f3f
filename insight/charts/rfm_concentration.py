"""Concentration: which share of the revenue the customers with most of it bring."""

import altair as alt
import pandas as pd

from insight.charts.curves import curve
from insight.charts.marks import TEXT, Ruler, dots, finished, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import axis, palette
from insight.language import _, count, money, percent
from insight.rfm import Rfm

TOP, BOTTOM, NOTES = 10, 290, 54  # pixels: the drawing, and from there to the first note
MARKED = (0.1, 0.2, 0.5)  # shares of the customers that are written beside the curve


def rfm_concentration(result: Rfm, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The concentration curve: the customers from the highest revenue down, and their share of the revenue so far.

    The straight line is what it would be if all had brought the same. Refunds may lead above 100 % and down again.
    """
    colours = palette(theme)
    if not result.revenue > 0:
        return silent(
            _("There is no revenue to share: what was refunded is as much as what was bought."), colours, narrow
        )
    rows = result.concentration
    start = pd.DataFrame({"top_share": [0.0], "n_customers": [0], "revenue": [0.0], "revenue_share": [0.0]})
    rows = pd.concat([start, rows], ignore_index=True)
    scale = amounts([*rows["revenue_share"], 1.0], TOP, BOTTOM)
    rows["middle"] = scale.at(rows["revenue_share"])
    equal = pd.DataFrame({"top_share": [0.0, 1.0], "middle": scale.at(pd.Series([0.0, 1.0]))})
    marked = rows[rows["top_share"].isin(MARKED)].copy()
    marked["words"] = [_bring(row.top_share, row.revenue_share, narrow) for row in marked.itertuples()]
    parts = rows[1:].assign(zero=rows["top_share"].shift()[1:], full=rows["top_share"], top=TOP, bottom=BOTTOM)
    parts["first"] = [_("The best {share}", share=percent(own, 0)) for own in parts["top_share"]]
    parts["people"] = parts["n_customers"].map(count)
    parts["brought"] = [money(own, result.currency) for own in parts["revenue"]]
    parts["part"] = parts["revenue_share"].map(percent)
    titles = {"first": _("Customers"), "people": _("How many"), "brought": _("Revenue"), "part": _("Of the revenue")}
    x_title = _("Customers, highest revenue first") if narrow else _("Share of the customers, highest revenue first")
    x_axis = axis(colours, title=x_title, format="%", tickCount=5 if narrow else 10, grid=False)
    y_axis = scale.axis(colours, lambda tick: percent(tick, 0), title=_("Share of the revenue"))
    x, y = Ruler((0, 1), x_axis), Ruler((0, BOTTOM), y_axis, downwards=True)
    layers = [
        curve(equal, x, y, "top_share", color=colours.muted, strokeDash=[4, 4], strokeWidth=1.5),
        curve(rows, x, y, "top_share", color=colours.primary),
        dots(marked, x, y, "top_share", fill=colours.primary, stroke=colours.background),
        _words(marked, x, y, color=colours.ink),
        hits(parts, x, y, titles),
        *notes([(colours.muted, _("Dashed: everybody brings the same"))], y, BOTTOM + NOTES, colours),
    ]
    told = "; ".join(_bring(row.top_share, row.revenue_share, narrow=False) for row in marked.itertuples())
    description = _("Share of the revenue of the best customers: {rows}.", rows=told)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _bring(top: float, part: float, narrow: bool) -> str:
    values = {"top": percent(top, 0), "part": percent(part)}
    return _("{top} : {part}", **values) if narrow else _("{top} bring {part}", **values)


def _words(rows: pd.DataFrame, x: Ruler, y: Ruler, **look: object) -> alt.Chart:
    chart = alt.Chart(rows[["top_share", "middle", "words"]])
    chart = chart.mark_text(**TEXT | {"align": "left", "dx": 10, "dy": 12, "fontSize": 12} | look)
    return chart.encode(x.place(alt.X, "top_share"), y.place(alt.Y, "middle"), alt.Text("words", type="nominal"))
