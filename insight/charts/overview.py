"""An overview over time in a picture: one measure, period by period."""

import json
from datetime import date, timedelta

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.marks import PLAIN, TEXT, WARNING, Ruler, blocks, dots, finished, hits, notes, silent
from insight.charts.scales import Amounts, amounts
from insight.charts.theme import Palette, axis, palette, shortened
from insight.language import _, calendar_period, confidence, count, day
from insight.overview.calendar import YEAR
from insight.overview.change import ENOUGH, TOO_FEW
from insight.overview.conversion import Conversion
from insight.overview.sales import Sales
from insight.overview.traffic import Traffic
from insight.overview.words import KIND, TITLES, WHOLE, n_text, period_name, range_text, value_text

TOP, BOTTOM = 10, 260  # pixels from the top: where the line may go; above it stand the visitor's notes
NOTES = 52  # pixels from the drawing to the first note: the axis lies between
MOST = 400  # periods drawn; of more, the latest
DOT = 60  # square pixels, at most
BAND = 0.6  # opacity of the intervals, which lie behind the line
LABEL, DEEPEST = 17, 3  # pixels from one label of a visitor's note to the next, and how many lie below each other


def traffic_line(result: Traffic, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The measure in front, period by period, with its interval where it has one.

    Periods that the data begins or ends in are hatched and have no dot. The period that is looked at has a ring, the
    visitor's notes have flags, and a thin line shows the same a year before.
    """
    return _line_chart(result, None, palette(theme), narrow)


def sales_line(result: Sales, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The same of sales."""
    return _line_chart(result, result.currency, palette(theme), narrow)


def conversion_line(result: Conversion, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The same of conversion."""
    return _line_chart(result, None, palette(theme), narrow)


def _line_chart(
    result: Traffic | Sales | Conversion, currency: str | None, colours: Palette, narrow: bool
) -> alt.LayerChart:
    rows, kind, title = _rows(result, currency), KIND[result.measure], TITLES[result.measure]
    if not rows[["value", "last_year"]].notna().any(axis=None):
        return silent(_("There is nothing of this to draw: {what}.", what=title), colours, narrow)
    top = TOP + LABEL * min(len(result.notes), DEEPEST)
    drawn = rows[["value", "low", "high", "last_year"]]
    scale = amounts(drawn, top, BOTTOM, whole=kind == "count", seconds=kind == "seconds")
    rows = _placed(rows, scale)
    x = Ruler((-0.5, len(rows) - 0.5), _days_axis(result, rows, colours, 3 if narrow else 8))
    label = _unit_title(title, currency if kind in ("money", "price") else None)
    y_axis = scale.axis(colours, lambda tick: _tick(kind, tick, scale), title=label)
    y = Ruler((0, BOTTOM), y_axis, downwards=True)
    shown, cut = rows[rows["whole"] & rows["value"].notna()], rows[~rows["whole"]]
    dot = min(DOT, 6000 / len(rows))
    titles = {"name": _("Period"), "said": title, "of": _("Out of"), "then": _("A year before"), "first": _("From")}
    layers = [
        blocks(shown[shown["low"].notna()].assign(top=rows["high_at"], bottom=rows["low_at"]), x, y, "zero", "full",
               color=colours.soft, opacity=BAND),
        _hatching(cut, top, 640 / len(rows), x, y, colours),
        _line(rows, "then_at", x, y, color=colours.muted, strokeWidth=1.5, opacity=0.7),
        _line(shown, "middle", x, y, color=colours.primary, strokeWidth=2),
        dots(shown[~shown["small"]], x, y, "centre", size=dot, fill=colours.primary, stroke=colours.primary),
        dots(shown[shown["small"]], x, y, "centre", size=dot, fill=colours.background, stroke=colours.primary),
        dots(shown[shown["focus"]], x, y, "centre", size=4 * DOT, fill=None, stroke=colours.ink, strokeWidth=1.5),
        *_flags(result, rows, 18 if narrow else 34, x, y, colours),
        hits(rows.assign(top=0, bottom=BOTTOM), x, y, titles),
        *notes(_notes(result, rows, colours), y, BOTTOM + NOTES, colours),
    ]  # fmt: skip
    said = "; ".join([*(rows["name"] + " " + rows["said"]), *(f"{when} {text}" for when, text in result.notes)])
    description = _("{what}: {periods}.", what=title, periods=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _rows(result: Traffic | Sales | Conversion, currency: str | None) -> pd.DataFrame:
    """One row a period: its numbers as text, and which of them are shown."""
    all_periods, name, kind = result.periods, result.measure, KIND[result.measure]
    rows = pd.DataFrame({"first": all_periods["period"], "value": all_periods[name].astype(float)})
    rows["low"] = all_periods.get(f"{name}_low", np.nan)
    rows["high"] = all_periods.get(f"{name}_high", np.nan)
    rows["n"] = all_periods[WHOLE[name]] if WHOLE[name] else np.nan
    rows["whole"] = all_periods["observed"] == "full"
    if WHOLE[name]:
        rows.loc[rows["n"] < TOO_FEW, ["value", "low", "high"]] = np.nan
    rows["last_year"] = rows["value"].where(rows["whole"]).shift(YEAR[result.period])
    rows["small"] = rows["n"] < ENOUGH
    rows["focus"] = rows["first"] == result.at
    rows = rows.tail(MOST).reset_index(drop=True)
    rows["name"] = [period_name(start, result.period) for start in rows["first"]]
    rows["of"] = [n_text(name, n) if n == n else "–" for n in rows["n"]]
    rows["then"] = [value_text(kind, value, currency) for value in rows["last_year"]]
    rows["said"] = [_said(row, kind, currency) for row in rows.itertuples()]
    return rows


def _said(row, kind: str, currency: str | None) -> str:
    value = value_text(kind, row.value, currency)
    if row.value != row.value:
        return _("too few") if row.n == row.n else _("–")
    if not row.whole:
        return _("{value} so far, unfinished", value=value)
    if row.low != row.low:
        return value
    return _("{value} ({interval})", value=value, interval=range_text(kind, row.low, row.high, currency))


def _placed(rows: pd.DataFrame, scale: Amounts) -> pd.DataFrame:
    places = {"centre": rows.index, "zero": rows.index - 0.5, "full": rows.index + 0.5}
    heights = {"middle": "value", "low_at": "low", "high_at": "high", "then_at": "last_year"}
    return rows.assign(**places, **{name: scale.at(rows[of]) for name, of in heights.items()})


def _unit_title(title: str, currency: str | None) -> str:
    return _("{what} ({unit})", what=title, unit=currency) if currency else title


def _tick(kind: str, tick: float, scale: Amounts) -> str:
    if kind == "share":
        step = scale.ticks[1] - scale.ticks[0]
        return f"{100 * tick:.{0 if step >= 0.01 else 1}f}%"
    return value_text("mean" if kind in ("money", "price") else kind, tick)


def _days_axis(result: Traffic | Sales | Conversion, rows: pd.DataFrame, colours: Palette, most: int) -> alt.Axis:
    shown = range(0, len(rows), -(-len(rows) // most))
    name = day if result.period == "week" else lambda start: calendar_period(start, result.period)
    labels = {k: name(date.fromisoformat(rows["first"][k])) for k in shown}
    title = {"day": _("By day"), "week": _("By week, from"), "month": _("By month")}[result.period]
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False}
    return axis(colours, title=title, labelOverlap="greedy", labelSeparation=8, **look)


def _line(rows: pd.DataFrame, at: str, x: Ruler, y: Ruler, **look: object) -> alt.Chart:
    """A line from period to period, broken where one has no value."""
    known = rows[rows[at].notna()]
    piece = (known["centre"].diff() != 1).cumsum()
    chart = alt.Chart(known[["centre", at]].assign(piece=piece)).mark_line(**look)
    return chart.encode(x.place(alt.X, "centre"), y.place(alt.Y, at), alt.Detail("piece", type="nominal"))


def _hatching(rest: pd.DataFrame, top: float, width: float, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    """Slanted lines over the periods that are not complete; `width` : of a period, in pixels, about."""
    stripes = int(np.clip((BOTTOM - top) / width, 6, 30))
    below = BOTTOM - (BOTTOM - top) * np.arange(stripes) / stripes
    marks = rest[["zero", "full"]].merge(
        pd.DataFrame({"from": below, "to": below - (BOTTOM - top) / stripes}), how="cross"
    )
    chart = alt.Chart(marks).mark_rule(color=colours.line, strokeWidth=1)
    return chart.encode(x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "from"), alt.Y2("to"))


def _flags(result, rows: pd.DataFrame, most: int, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """The visitor's notes: an upright rule at the period, or the part of it, that the day is in."""
    starts = [date.fromisoformat(start) for start in rows["first"]]
    inside = [(date.fromisoformat(when), text) for when, text in result.notes if date.fromisoformat(when) >= starts[0]]
    if not inside:
        return []
    marks = []
    for when, text in inside:
        k = sum(start <= when for start in starts) - 1
        part = (when - starts[k]).days / _days_of(starts[k], result.period)
        if part < 1:  # of the last period; later ones end where the next begins
            marks.append({"at": k - 0.5 + part, "words": shortened(text, most)})
    table = pd.DataFrame(marks, columns=["at", "words"])
    table["top"], table["bottom"] = 6 + LABEL * (table.index % DEEPEST), BOTTOM
    rule = alt.Chart(table).mark_rule(color=colours.second, strokeDash=[2, 3])
    places = x.place(alt.X, "at"), y.place(alt.Y, "top")
    found = [rule.encode(*places, alt.Y2("bottom"))]
    for side, leans in (("left", table["at"] < len(rows) / 2), ("right", table["at"] >= len(rows) / 2)):
        look = TEXT | {"align": side, "dx": 5 if side == "left" else -5, "fontWeight": 600, "fontSize": 12}
        own = table[leans]
        outline = {"color": colours.background, "stroke": colours.background, "strokeWidth": 5}
        found += [
            alt.Chart(own).mark_text(**look | colour).encode(*places, alt.Text("words", type="nominal"))
            for colour in (outline, {"color": colours.second})
        ]
    return found


def _days_of(start: date, period: str) -> int:
    """How many days a period has."""
    month = ((start + timedelta(days=32)).replace(day=1) - start).days
    return {"day": 1, "week": 7, "month": month}[period]


def _notes(result, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = []
    shown = rows["whole"] & rows["value"].notna()
    if (rows["low"].notna() & shown).any():
        said.append((colours.soft, _("{level} interval", level=confidence(result.level))))
    if rows["last_year"].notna().any():
        same = {"month": _("Thin line: the same month a year before")}
        weeks = _("Thin line: 52 weeks before, so that weekdays agree")
        said.append((colours.muted, same.get(result.period, weeks)))
    if (shown & rows["focus"]).any():
        said.append((PLAIN, _("Ring: the period the numbers above are of.")))
    if not rows["whole"].all():
        said.append((PLAIN, _("Hatched: the data begins or ends in it; not compared.")))
    if (rows["small"] & shown).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough}.", enough=ENOUGH)))
    if len(result.periods) > MOST:
        said.append((PLAIN, _("The latest {n} of {all} periods.", n=count(MOST), all=count(len(result.periods)))))
    return said
