"""Whether the model of customer value tells the truth, in pictures: over time, by repeats, after the cut."""

import json
from datetime import date

import altair as alt
import pandas as pd

from insight.charts.curves import curve
from insight.charts.marks import PLAIN, Ruler, blocks, finished, flag, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette
from insight.clv.drivers import number_text
from insight.clv.value import CustomerValue
from insight.language import _, count, day, decimal

TOP, BOTTOM = 26, 270  # pixels from the top: where curves and bars may go
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
BAR = 0.38  # width of one of two bars
FEWEST_WEEKS = 2


def customer_value_cumulative(result: CustomerValue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Repeat purchase days so far, week by week, beside those the model expects. The upright rule is the last day that
    the model saw: to its right it foretells."""
    return _tracked(result, "cumulative_actual", "cumulative_expected", _("Repeat purchase days so far"), theme, narrow)


def customer_value_weekly(result: CustomerValue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Repeat purchase days of each week, beside those the model expects; the upright rule as for the sum."""
    return _tracked(result, "actual", "expected", _("Repeat purchase days a week"), theme, narrow)


def _tracked(result: CustomerValue, actual: str, expected: str, title: str, theme: str, narrow: bool) -> alt.LayerChart:
    colours, rows = palette(theme), result.tracking.reset_index(drop=True)
    if len(rows) < FEWEST_WEEKS:
        return silent(_("Fewer than two weeks of data: nothing to follow."), colours, narrow)
    scale = amounts([*rows[actual], *rows[expected]], TOP, BOTTOM)
    rows["at"] = rows["week"].astype(float)
    rows["zero"], rows["full"], rows["top"], rows["bottom"] = rows["at"] - 0.5, rows["at"] + 0.5, 0, BOTTOM
    rows["name"] = [day(date.fromisoformat(own)) for own in rows["day"]]
    rows["came"], rows["told"] = rows[actual].map(count), rows[expected].map(decimal)
    rows["state"] = rows["calibration"].map({True: _("the model saw it"), False: _("the model foretold it")})
    x = Ruler((0.5, len(rows) + 0.5), _weeks(rows, colours, 3 if narrow else 7))
    y = Ruler((0, BOTTOM), scale.axis(colours, count, title=title), downwards=True)
    titles = {"name": _("Week to"), "came": _("Came"), "told": _("Expected"), "state": _("State")}
    layers = [
        curve(rows.assign(middle=scale.at(rows[actual])), x, y, "at", color=colours.primary),
        curve(rows.assign(middle=scale.at(rows[expected])), x, y, "at", color=colours.second, strokeDash=[6, 3]),
        *_cut(rows, x, y, colours, narrow),
        hits(rows, x, y, titles),
        *notes(_followed(rows, colours, narrow), y, BOTTOM + NOTES, colours),
    ]
    every = rows.iloc[:: max(len(rows) // 10, 1)]
    said = "; ".join(every["name"] + ": " + every["came"] + ", " + every["told"])
    description = _("{title}, came and expected: {weeks}.", title=title, weeks=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _cut(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette, narrow: bool) -> list[alt.Chart]:
    seen = int(rows["calibration"].sum())
    if seen in (0, len(rows)):
        return []
    leans = "left" if seen > 0.5 * len(rows) else "right"
    label = _("seen up to here") if narrow else _("the model saw up to here")
    return flag(seen + 0.5, 10, label, x, y, colours, foot=BOTTOM, leans=leans)


def _weeks(rows: pd.DataFrame, colours: Palette, most: int) -> alt.Axis:
    every = -(-len(rows) // most)
    labels = {int(rows["week"][k]): rows["name"][k] for k in range(0, len(rows), every)}
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False}
    return axis(colours, title=_("Week to"), labelOverlap="greedy", labelSeparation=8, **look)


def _followed(rows: pd.DataFrame, colours: Palette, narrow: bool) -> list[tuple[str, str]]:
    whose = _("Expected by the model") if narrow else _("Expected by the model, of customers who came when these came")
    said = [(colours.primary, _("Came")), (colours.second, whose)]
    if rows["calibration"].all():
        said.append((PLAIN, _("Too short to cut: the model saw all of it.")))
    return said


def customer_value_calibration(result: CustomerValue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Customers by how many repeat purchase days they have, beside how many the model expects to have so many."""
    colours, rows = palette(theme), result.calibration.reset_index(drop=True)
    parts = {"actual": (colours.primary, _("Customers")), "expected": (colours.second, _("Expected by the model"))}
    rows["n"], rows["told"] = rows["actual"].map(count), rows["expected"].map(count)
    titles = {"repeats": _("Repeats"), "n": _("Customers"), "told": _("Expected")}
    title = _("Customers by repeat purchase days")
    return _bars(rows, parts, titles, (_("Repeat purchase days"), _("Customers")), title, colours, narrow)


def customer_value_holdout(result: CustomerValue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Mean purchase days after the cut, by the repeats before it: what came, what the model and the rate so far
    foretold."""
    colours, rows = palette(theme), result.holdout
    rows = rows[rows["n_customers"] > 0].reset_index(drop=True)
    if rows.empty:
        return silent(_("The data are too short to try the model on a part that it has not seen."), colours, narrow)
    parts = {
        "actual": (colours.primary, _("Came")),
        "expected": (colours.second, _("Foretold by the model")),
        "naive": (colours.muted, _("As often as so far")),
    }
    rows["n"] = rows["n_customers"].map(count)
    words = {"came": "actual", "told": "expected", "rate": "naive"}
    rows = rows.assign(**{word: rows[name].map(decimal) for word, name in words.items()})
    titles = {"repeats": _("Repeats before"), "n": _("Customers"), "came": _("Came"), "told": _("Foretold")}
    titles |= {"rate": _("As often as so far")}
    title = _("Mean purchase days after the cut, by repeats before it")
    return _bars(
        rows, parts, titles, (_("Repeat purchase days before the cut"), _("Mean purchase days")), title, colours, narrow
    )


def _bars(
    rows: pd.DataFrame, parts: dict[str, tuple[str, str]], titles: dict[str, str], axes: tuple[str, str], title: str,
    colours: Palette, narrow: bool,
) -> alt.LayerChart:  # fmt: skip
    """Bars side by side for each number of repeats. parts : column -> its colour and name; axes : the titles of
    both."""
    scale = amounts([value for name in parts for value in rows[name]], TOP, BOTTOM)
    width, (x_title, y_title) = 2 * BAR / len(parts), axes
    rows["zero"], rows["full"], rows["bottom"] = rows.index - 0.5, rows.index + 0.5, BOTTOM
    labels = dict(enumerate(rows["repeats"]))
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False, "labelAngle": 0}
    x = Ruler((-0.5, len(rows) - 0.5), axis(colours, title=x_title, **look))
    y = Ruler((0, BOTTOM), scale.axis(colours, number_text, title=y_title), downwards=True)
    layers = []
    for k, (name, (colour, _word)) in enumerate(parts.items()):
        own = rows.assign(left=rows.index - BAR + k * width, right=rows.index - BAR + (k + 0.92) * width)
        layers.append(blocks(own.assign(top=scale.at(own[name])), x, y, "left", "right", color=colour))
    layers.append(hits(rows.assign(top=0), x, y, titles))
    layers += notes(list(parts.values()), y, BOTTOM + NOTES, colours)
    said = "; ".join(" / ".join(row) for row in rows[list(titles)].itertuples(index=False))
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=f"{title}: {said}.")
