"""Campaigns over time in a picture: the ROAS of each period, and which are not all in yet."""

import json
from datetime import date

import altair as alt
import pandas as pd

from insight.campaigns.trend import CampaignTrend
from insight.charts.curves import curve
from insight.charts.marks import PLAIN, Ruler, dots, finished, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette
from insight.language import _, calendar_period, count, day, decimal, length, money

TOP, BOTTOM = 12, 260  # pixels from the top: where the line may go
NOTES = 52  # pixels from the drawing to the first note: the axis lies between
MOST = 400  # periods drawn; of more, the latest


def campaign_trend_line(result: CampaignTrend, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The ROAS of each period. Grey and hollow: the period is not whole, or its revenue is not all in yet."""
    colours, rows = palette(theme), result.periods.tail(MOST).reset_index(drop=True)
    known = rows["roas"].notna()
    if not known.any():
        return silent(_("There is no ROAS: it needs revenue, and spend."), colours, narrow)
    rows["at"], rows["zero"], rows["full"] = rows.index, rows.index - 0.5, rows.index + 0.5
    rows["name"] = [calendar_period(date.fromisoformat(own), result.period) for own in rows["period"]]
    scale = amounts([*rows["roas"], result.break_even_roas], TOP, BOTTOM)
    rows["middle"], rows["sure"] = scale.at(rows["roas"]), rows["is_whole"] & rows["is_mature"]
    rows["figure"] = rows["roas"].map(decimal)
    rows["bought"] = [count(n) if n == n else "–" for n in rows["conversions"]]
    rows["cost"], rows["brought"] = (rows[name].map(lambda own: money(own, result.currency))
                                     for name in ("spend", "revenue"))  # fmt: skip
    rows["tick"] = [day(date.fromisoformat(own)) for own in rows["period"]] if result.period == "week" else rows["name"]
    rows["state"] = rows["sure"].map({True: _("all in"), False: _("not all in, or not whole")})
    x = Ruler((-0.5, len(rows) - 0.5), _axis(rows, colours, 3 if narrow else 8))
    y = Ruler((0, BOTTOM), scale.axis(colours, decimal, title=_("ROAS")), downwards=True)
    titles = {"name": _("Period"), "figure": _("ROAS"), "cost": _("Spend"), "brought": _("Revenue")}
    titles |= {"bought": _("Conversions"), "state": _("State")}
    sure, open_ = rows[known & rows["sure"]], rows[known & ~rows["sure"]]
    size = min(70, 6000 / len(rows))
    layers = [
        *_rules(result, scale, colours, x, y),
        curve(sure, x, y, "at", color=colours.primary),
        dots(sure, x, y, "at", size=size, fill=colours.primary, stroke=colours.primary),
        dots(open_, x, y, "at", size=size, fill=colours.background, stroke=colours.muted),
        hits(rows.assign(top=0, bottom=BOTTOM), x, y, titles),
        *notes(_notes(result, len(open_)), y, BOTTOM + NOTES, colours),
    ]
    words = "; ".join(rows["name"] + " " + rows["figure"])
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=_("ROAS: {rows}.", rows=words))


def _axis(rows: pd.DataFrame, colours: Palette, most: int) -> alt.Axis:
    every = -(-len(rows) // most)
    labels = {k: rows["tick"][k] for k in sorted(range(len(rows) - 1, -1, -every))}  # the last one has a label
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False}
    return axis(colours, title=None, labelOverlap="greedy", labelSeparation=8, **look)


def _rules(result: CampaignTrend, scale, colours: Palette, x: Ruler, y: Ruler) -> list[alt.Chart]:
    """A level line at break-even, where it is known."""
    if result.break_even_roas != result.break_even_roas:
        return []
    row = pd.DataFrame({"from": [x.domain[0]], "to": [x.domain[1]], "level": [scale.at(result.break_even_roas)]})
    rule = alt.Chart(row).mark_rule(color=colours.ink, strokeDash=[4, 4])
    return [rule.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "level"))]


def _notes(result: CampaignTrend, n_open: int) -> list[tuple[str, str]]:
    said = []
    if result.break_even_roas == result.break_even_roas:
        said.append((PLAIN, _("Dashed: break-even, {roas}", roas=decimal(result.break_even_roas))))
    if n_open:
        words = _("Grey: not whole, or revenue may still come in for {length}", length=length(result.immature))
        said.append((PLAIN, words))
    return said
