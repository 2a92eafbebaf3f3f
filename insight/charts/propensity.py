"""Chances to come back in a picture: told before, and what then happened."""

import json

import altair as alt
import pandas as pd

from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, finished, hits, notes
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette
from insight.churn import ENOUGH
from insight.churn.propensity import Propensity
from insight.language import _, confidence, count, decimal, interval, percent

TOP, BOTTOM = 16, 270  # pixels from the top: where bars may go
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
GAP = 0.36  # half the width of a bar


def propensity_deciles_bars(result: Propensity, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Customers of the test in tenths, the highest chances first: bars of who came back, with intervals, beside the
    mean chance they were given. The dashed line is the share of all."""
    colours, rows = palette(theme), _rows(result)
    scale = amounts([*rows["ci_high"], *rows["predicted"]], TOP, BOTTOM)
    for name, column in {
        "top": "observed_share",
        "low_at": "ci_low",
        "high_at": "ci_high",
        "told": "predicted",
    }.items():
        rows[name] = scale.at(rows[column])
    labels = {k: count(k + 1) for k in range(10)}
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False, "labelAngle": 0}
    x = Ruler((-0.5, 9.5), axis(colours, title=_("Tenths of the customers, the highest chances first"), **look))
    title = _("Came back within {n} days", n=count(result.horizon_days))
    y = Ruler((0, BOTTOM), scale.axis(colours, lambda tick: percent(tick, 0), title=title), downwards=True)
    all_ = pd.DataFrame({"from": [-0.5], "to": [9.5], "at": [scale.at(result.test_rate)]})
    titles = {"name": _("Tenth"), "n": _("Customers"), "share": _("Came back"), "chance_text": _("Mean chance")}
    titles |= {"lift_text": _("Lift"), "captured": _("Of all who came back, so far")}
    layers = [
        blocks(rows, x, y, "left", "right", color=colours.primary, cornerRadiusTopLeft=2, cornerRadiusTopRight=2),
        _rule(all_, colours, x, y),
        _whiskers(rows, colours, x, y),
        _told(rows, colours.background, 7, x, y),  # an outline, for lines that lie on a bar
        _told(rows, colours.second, 3, x, y),
        hits(rows.assign(top=0), x, y, titles),
        *notes(_notes(result, colours), y, BOTTOM + NOTES, colours),
    ]
    said = "; ".join(rows["name"] + " " + rows["share"] + " " + rows["chance_text"])
    description = _("Came back, and the mean chance, by tenth: {tenths}.", tenths=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _rows(result: Propensity) -> pd.DataFrame:
    rows = result.deciles.reset_index(drop=True)
    rows["left"], rows["right"] = rows.index - GAP, rows.index + GAP
    rows["zero"], rows["full"], rows["at"], rows["bottom"] = rows.index - 0.5, rows.index + 0.5, rows.index, BOTTOM
    rows["name"], rows["n"] = rows["decile"].map(count), rows["n_customers"].map(count)
    rows["share"] = [f"{percent(r.observed_share)} ({interval(r.ci_low, r.ci_high)})" for r in rows.itertuples()]
    rows["chance_text"], rows["captured"] = rows["predicted"].map(percent), rows["captured_share"].map(percent)
    rows["lift_text"] = rows["lift"].map(decimal)
    return rows


def _rule(row: pd.DataFrame, colours: Palette, x: Ruler, y: Ruler) -> alt.Chart:
    rule = alt.Chart(row).mark_rule(color=colours.muted, strokeDash=[4, 4])
    return rule.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "at"))


def _told(rows: pd.DataFrame, colour: str, width: int, x: Ruler, y: Ruler) -> alt.Chart:
    """The mean chance of each tenth, as a level line."""
    line = alt.Chart(rows[["left", "right", "told"]]).mark_rule(color=colour, strokeWidth=width)
    return line.encode(x.place(alt.X, "left"), alt.X2("right"), y.place(alt.Y, "told"))


def _whiskers(rows: pd.DataFrame, colours: Palette, x: Ruler, y: Ruler) -> alt.Chart:
    lines = alt.Chart(rows[["at", "low_at", "high_at"]]).mark_rule(color=colours.ink, strokeWidth=1.5)
    return lines.encode(x.place(alt.X, "at"), y.place(alt.Y, "low_at"), alt.Y2("high_at"))


def _notes(result: Propensity, colours: Palette) -> list[tuple[str, str]]:
    said = [
        (colours.primary, _("Came back in the test, with {level} intervals", level=confidence(result.level))),
        (colours.second, _("The mean chance they were given before")),
        (PLAIN, _("Dashed: all customers, {rate}", rate=percent(result.test_rate))),
    ]
    if result.n_test < 10 * ENOUGH:
        words = _("Small tenths, fewer than {enough} customers each: read the intervals.", enough=ENOUGH)
        said.append((WARNING, words))
    return said
