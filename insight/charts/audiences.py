"""An audience in a picture: how many customers are left after each condition."""

import altair as alt
import pandas as pd

from insight.charts.marks import Ruler, blocks, finished, hits, lines, notes
from insight.charts.theme import palette, shortened
from insight.language import _, count, percent

ROW, BAR = 52, 18  # pixels a condition, and of its bar
MOST = 20  # conditions in a picture


def audience_steps(result, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Everyone, and below it the customers left after each condition; pale: what that condition took away, or, of a
    rule where one condition is enough, the customers it added."""
    return _bars(result.steps.head(MOST + 1).copy(), result.n_all, result.how == "all", theme, narrow)


def audience_export_steps(result, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The audience, and below it who is left after each step of the export; pale: whom the step took away."""
    rows = result.steps.rename(columns={"step": "condition"})
    rows = rows.assign(change=-rows["removed"], alone=rows["n_customers"])
    return _bars(rows, int(rows["n_customers"].iloc[0]), True, theme, narrow)


def _bars(rows: pd.DataFrame, everyone: int, narrows: bool, theme: str, narrow: bool) -> alt.LayerChart:
    colours, n_all = palette(theme), max(everyone, 1)
    rows["top"] = ROW * rows.index + 24.0
    rows["bottom"], rows["middle"] = rows["top"] + BAR, rows["top"] - 12
    rows["zero"], rows["all"], rows["full"] = 0, n_all, n_all
    before = rows["n_customers"] - rows["change"]
    rows["low"], rows["high"] = (rows["n_customers"], before) if narrows else (before, rows["n_customers"])
    rows["left"] = [
        _("{n} · {share}", n=count(n), share=percent(n / n_all)) if everyone else count(n) for n in rows["n_customers"]
    ]
    rows["name"] = [shortened(said, 34 if narrow else 84) for said in rows["condition"]]
    rows["changed"] = [_changed(n, narrows) for n in rows["change"]]
    rows["fits"] = rows["alone"].map(count)
    x, y = Ruler((0, n_all)), Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"condition": _("Condition"), "left": _("Left"), "changed": _("Change"), "fits": _("Fit it alone")}
    pale = _("Taken away by the condition") if narrows else _("Added by the condition")
    layers = [
        blocks(rows, x, y, "zero", "all", color=colours.track, cornerRadius=3),
        blocks(rows[(rows["low"] < rows["high"]) & (rows.index > 0)], x, y, "low", "high", color=colours.soft),
        blocks(rows, x, y, "zero", "low", color=colours.primary),
        hits(rows, x, y, titles),
        lines(rows, y, "name", "middle", colours.ink, fontWeight=600),
        lines(rows, y, "left", "middle", colours.muted, x="width"),
        *notes([(colours.soft, pale)], y, ROW * len(rows) + 12, colours),
    ]
    words = "; ".join(f"{own.condition}: {own.left}" for own in rows.itertuples())
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=_("{words}.", words=words))


def _changed(n: int, narrows: bool) -> str:
    return _("{n} fewer", n=count(-n)) if narrows else _("{n} more", n=count(n))
