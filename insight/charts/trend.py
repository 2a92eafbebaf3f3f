"""The funnel over time in a picture."""

import json
from datetime import date

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.funnel import nobody
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, dots, finished, hits, notes, silent
from insight.charts.theme import Palette, axis, palette, shortened
from insight.funnel import ENOUGH, TOO_FEW
from insight.funnel.trend import FunnelTrend
from insight.language import _, calendar_period, confidence, count, day, interval, percent, points, points_interval

RATES, COUNTS = (10, 230), (250, 300)  # pixels from the top: where rates and bars of counts stand
HEIGHT = COUNTS[1]
NOTES = 52  # pixels from the drawing to the first note: the axis lies between
MOST = 400  # periods drawn; of more, the latest
NICE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)  # steps of the axis of rates
ROOM = 1.08  # of the highest rate
DOT = 45  # square pixels, at most
BAND = 0.6  # opacity of the intervals, which lie behind the line


def funnel_trend_line(result: FunnelTrend, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Overall conversion by period of the first entry, with its interval, above bars of how many came.

    Periods that are not fully observed are hatched and have no rate. Those with fewer than 30 customers are hollow;
    with fewer than 10 they have no rate. The dashed line is the rate of all full periods together.
    """
    colours = palette(theme)
    if not result.entered:
        return silent(nobody(result), colours, narrow)
    rows, last = _rows(result), shortened(_goal(result), 22 if narrow else 60)
    ticks = _ticks(rows, result.overall_conversion)
    rows = _placed(rows, ticks[-1])
    x = Ruler((-0.5, len(rows) - 0.5), _days_axis(result, rows, colours, 3 if narrow else 8))
    y = Ruler((0, HEIGHT), _rates_axis(ticks, _("Share that reached {last}", last=last), colours), downwards=True)
    rated, came, full = rows[rows["rate"].notna()], rows.assign(top=rows["came_at"]), rows["observed"] == "full"
    dot = min(DOT, 5000 / len(rows))
    titles = {"name": _("First entry"), "came": _("Customers"), "arrived": _("Reached the last step")}
    titles |= {"share": _("Share"), "change": _("Since the period before")}
    layers = [
        blocks(came[full], x, y, "left", "right", color=colours.line),
        blocks(came[~full], x, y, "left", "right", fill=colours.track, stroke=colours.line),
        blocks(
            rated.assign(top=rated["high_at"], bottom=rated["low_at"]),
            x,
            y,
            "zero",
            "full",
            color=colours.soft,
            opacity=BAND,
        ),
        _hatching(rows[~full], 350 / len(rows) if narrow else 640 / len(rows), x, y, colours),
        *_overall(result, ticks[-1], len(rows), x, y, colours),
        _line(rated, x, y, colours),
        dots(rated[~rated["small"]], x, y, "centre", size=dot, fill=colours.primary, stroke=colours.primary),
        dots(rated[rated["small"]], x, y, "centre", size=dot, fill=colours.background, stroke=colours.primary),
        hits(rows.assign(top=RATES[0], bottom=HEIGHT), x, y, titles),
        *notes(_notes(result, rows, colours), y, HEIGHT + NOTES, colours),
    ]
    said = "; ".join(rows["name"] + " " + rows["share"])
    description = _("Share that reached {last}: {periods}.", last=last, periods=said)
    return finished(layers, colours, height=HEIGHT, narrow=narrow, description=description)


def _goal(result: FunnelTrend) -> str:
    """What the last required step is called."""
    if result.order == "any":
        return _("all {all} steps", all=result.steps["step"].nunique())
    return result.goal


def _rows(result: FunnelTrend) -> pd.DataFrame:
    """One row a period: its numbers as text, and which of them are shown."""
    rows = result.periods.tail(MOST).reset_index(drop=True)
    few = rows["entered"] < TOO_FEW
    rows["small"] = rows["entered"] < ENOUGH
    for name, column in {"rate": "overall_conversion", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = rows[column].mask(few)
    rows["name"] = [calendar_period(date.fromisoformat(start), result.period) for start in rows["period"]]
    rows["came"], rows["arrived"] = rows["entered"].map(count), rows["reached"].map(count)
    rows["share"] = [_share(row) for row in rows.itertuples()]
    rows["change"] = [_change(row) for row in rows.itertuples()]
    return rows


def _share(row) -> str:
    if row.observed != "full":
        return _("unfinished: {arrived} of {came} so far", arrived=row.arrived, came=row.came)
    if row.rate != row.rate:
        return _("too few")
    return _("{rate} ({interval})", rate=percent(row.rate), interval=interval(row.low, row.high))


def _change(row) -> str:
    if row.rate != row.rate or row.difference != row.difference:
        return "–"
    range_ = points_interval(row.difference_low, row.difference_high)
    return _("{difference} points ({interval})", difference=points(row.difference), interval=range_)


def _ticks(rows: pd.DataFrame, overall: float) -> list[float]:
    """Values of the axis of rates, up to the end of the scale: about four, at most all."""
    highest = min(1.0, ROOM * float(np.nanmax([*rows["high"], overall, 0.01])))
    step = next(step for step in NICE if highest <= 5 * step)
    return [step * k for k in range(int(np.ceil(highest / step)) + 1)]


def _at(rate: object, highest: float) -> object:
    """Where a rate stands, in pixels from the top."""
    return RATES[1] - rate / highest * (RATES[1] - RATES[0])


def _placed(rows: pd.DataFrame, highest: float) -> pd.DataFrame:
    places = {"centre": rows.index, "zero": rows.index - 0.5, "full": rows.index + 0.5}
    places |= {"left": rows.index - 0.36, "right": rows.index + 0.36}
    rows = rows.assign(**places, bottom=COUNTS[1])
    rows["middle"], rows["low_at"], rows["high_at"] = (_at(rows[name], highest) for name in ("rate", "low", "high"))
    rows["came_at"] = COUNTS[1] - rows["entered"] / max(rows["entered"].max(), 1) * (COUNTS[1] - COUNTS[0])
    return rows


def _rates_axis(ticks: list[float], title: str, colours: Palette) -> alt.Axis:
    digits = 0 if all(abs(100 * tick - round(100 * tick)) < 1e-9 for tick in ticks) else 1
    labels = {round(_at(tick, ticks[-1])): percent(tick, digits) for tick in ticks}
    return axis(colours, title=title, values=list(labels), labelExpr=f"{json.dumps(labels)}[datum.value]")


def _days_axis(result: FunnelTrend, rows: pd.DataFrame, colours: Palette, most: int) -> alt.Axis:
    shown = range(0, len(rows), -(-len(rows) // most))
    name = day if result.period == "week" else lambda start: calendar_period(start, result.period)
    labels = {k: name(date.fromisoformat(rows["period"][k])) for k in shown}
    title = _(
        "First entry, by {period}", period={"day": _("day"), "week": _("week"), "month": _("month")}[result.period]
    )
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False}
    return axis(colours, title=title, labelOverlap="greedy", labelSeparation=8, **look)


def _line(rated: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    """A line from period to period, broken where one has no rate."""
    piece = (rated["centre"].diff() != 1).cumsum()
    chart = alt.Chart(rated[["centre", "middle"]].assign(piece=piece)).mark_line(color=colours.primary, strokeWidth=2)
    places = x.place(alt.X, "centre"), y.place(alt.Y, "middle")
    return chart.encode(*places, alt.Detail("piece", type="nominal"))


def _overall(result: FunnelTrend, highest: float, n: int, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """The dashed line of all full periods together."""
    at = _at(result.overall_conversion, highest)
    row = pd.DataFrame({"from": [-0.5], "to": [n - 0.5], "at": [at]}).dropna()
    rule = alt.Chart(row).mark_rule(color=colours.muted, strokeDash=[4, 4])
    return [rule.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "at"))]


def _hatching(rest: pd.DataFrame, width: float, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    """Slanted lines over the periods that are not fully observed; `width` : of a period, in pixels, about."""
    height = RATES[1] - RATES[0]
    stripes = int(np.clip(height / width, 6, 30))
    below = RATES[1] - height * np.arange(stripes) / stripes
    marks = rest[["zero", "full"]].merge(pd.DataFrame({"from": below, "to": below - height / stripes}), how="cross")
    chart = alt.Chart(marks).mark_rule(color=colours.line, strokeWidth=1)
    return chart.encode(x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "from"), alt.Y2("to"))


def _notes(result: FunnelTrend, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    rated, said = rows["rate"].notna(), []
    if rated.any():
        said.append((colours.soft, _("{level} interval of the share", level=confidence(result.level))))
        overall = percent(result.overall_conversion)
        said.append((colours.muted, _("Dashed: all finished periods together, {rate}", rate=overall)))
    most = count(rows["entered"].max())
    said.append((colours.line, _("Bars below: customers who came (the most: {n})", n=most)))
    if (rows["observed"] != "full").any():
        said.append((PLAIN, _("Hatched: not finished, or cut by the dates; no rate yet.")))
    if (rows["small"] & rated).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    if len(result.periods) > MOST:
        said.append((PLAIN, _("The latest {n} of {all} periods.", n=count(MOST), all=count(len(result.periods)))))
    return said
