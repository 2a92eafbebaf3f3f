"""Churn without a contract in pictures: how often a silence is no farewell, and how many are silent."""

import json
from datetime import date

import altair as alt
import pandas as pd

from insight.charts.curves import BAND, band, curve
from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, dots, finished, flag, hits, notes, silent, ticks
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette, shortened
from insight.churn import ENOUGH, TOO_FEW, Churn
from insight.errors import InsightError
from insight.language import _, _n, confidence, count, day, interval, percent

TOP, BOTTOM = 26, 270  # pixels from the top: where the line may go; above it stands the label of the chosen days
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
DOT = 60  # square pixels, at most
MOST = 400  # days or periods drawn


def churn_returns_line(result: Churn, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The false churn for every number of days of silence: the share that came back after all, with its interval.

    The upright rule stands at the days that count as gone. Where fewer than 10 customers were followed there is no
    line.
    """
    colours = palette(theme)
    rows = _silences(result)
    if rows.empty:
        return silent(_("Nobody was followed long enough after a silence."), colours, narrow)
    longest = max(int(rows["days"].max()), result.silent_days)
    scale = amounts([*rows["ci_high"], 0.05], TOP, BOTTOM)
    for name, column in {"middle": "came_back_share", "low_at": "ci_low", "high_at": "ci_high"}.items():
        rows[name] = scale.at(rows[column])
    x_axis = axis(colours, title=_("Days of silence"), grid=False, tickCount=4 if narrow else 8, format="d")
    x, y = Ruler((0, longest * 1.01), x_axis), Ruler((0, BOTTOM), _share_axis(scale, _came_back(result), colours), True)
    chosen = _n("{n} day", "{n} days", result.silent_days, n=count(result.silent_days))
    titles = {"name": _("Silent for"), "n": _("Customers"), "back": _("Came back"), "share": _("Share")}
    layers = [
        band(rows, x, y, "days", color=colours.soft),
        curve(rows, x, y, "days", color=colours.primary),
        *flag(
            result.silent_days, 10, chosen, x, y, colours, foot=BOTTOM,
            leans="left" if result.silent_days > 0.7 * longest else "right",
        ),
        dots(
            rows[rows["days"] == result.silent_days], x, y, "days", fill=colours.primary, stroke=colours.background,
        ),
        hits(rows.assign(top=0, bottom=BOTTOM), x, y, titles),
        *notes(_returns_notes(result, rows, colours), y, BOTTOM + NOTES, colours),
    ]  # fmt: skip
    description = _("Share that came back by days of silence: {days}.", days=_in_words(rows))
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _silences(result: Churn) -> pd.DataFrame:
    rows = result.silences[result.silences["silent"] >= TOO_FEW]
    every = -(-len(rows) // MOST)
    kept = (rows["days"] % max(every, 1) == 0) | (rows["days"] == result.silent_days)
    rows = rows[kept].reset_index(drop=True)
    half = max(every, 1) / 2
    rows["zero"], rows["full"] = rows["days"] - half, rows["days"] + half
    rows["name"] = [_n("{n} day", "{n} days", int(days), n=count(days)) for days in rows["days"]]
    rows["n"], rows["back"] = rows["silent"].map(count), rows["came_back"].map(count)
    rows["share"] = [_rate(r.came_back_share, r.ci_low, r.ci_high) for r in rows.itertuples()]
    return rows


def _rate(share: float, low: float, high: float) -> str:
    return _("{rate} ({interval})", rate=percent(share), interval=interval(low, high))


def _share_axis(scale, title: str, colours: Palette) -> alt.Axis:
    digits = 0 if all(abs(100 * tick - round(100 * tick)) < 1e-9 for tick in scale.ticks) else 1
    return scale.axis(colours, lambda tick: percent(tick, digits), title=title)


def _came_back(result: Churn) -> str:
    days = _n("{n} day", "{n} days", result.horizon_days, n=count(result.horizon_days))
    return _("Came back within {days} more", days=days)


def _in_words(rows: pd.DataFrame) -> str:
    """Some of the points, for who cannot see the picture."""
    some = rows.iloc[:: max(len(rows) // 12, 1)]
    return "; ".join(some["name"] + " " + some["share"])


def _returns_notes(result: Churn, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = [(colours.soft, _("{level} interval of the share", level=confidence(result.level)))]
    days = _n("{n} day", "{n} days", result.horizon_days, n=count(result.horizon_days))
    said.append((PLAIN, _("Each customer’s first such silence, watched {days} more.", days=days)))
    if len(rows) < len(result.silences) and result.silences["silent"].min() < TOO_FEW:
        said.append((PLAIN, _("The line ends where fewer than {few} customers are left.", few=TOO_FEW)))
    return said


def churn_trend_line(result: Churn, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The inactive share at the end of each period, with its interval, above how many it is a share of.

    Hollow dots stand for fewer than 30 customers; with fewer than 10 there is no dot.
    """
    colours, rows = palette(theme), _periods(result)
    rated = rows[rows["rate"].notna()]
    if rated.empty:
        return silent(_("Fewer than {few} customers: too few for a rate.", few=TOO_FEW), colours, narrow)
    scale = amounts([*rated["high"], 0.05], TOP, BOTTOM)
    for name, column in {"middle": "rate", "low_at": "low", "high_at": "high"}.items():
        rated = rated.assign(**{name: scale.at(rated[column])})
    x = Ruler((-0.5, len(rows) - 0.5), _day_axis(rows, colours, 3 if narrow else 8))
    y = Ruler((0, BOTTOM), _share_axis(scale, _("Silent on that day"), colours), True)
    titles = {"name": _("Day"), "n": _("Customers"), "silent": _("Silent"), "share": _("Share")}
    size = min(DOT, 6000 / len(rows))
    layers = [
        blocks(rated.assign(top=rated["high_at"], bottom=rated["low_at"]), x, y, "zero", "full", color=colours.soft,
               opacity=BAND),
        curve(rated, x, y, "at", color=colours.primary),
        dots(rated[~rated["small"]], x, y, "at", size=size, fill=colours.primary, stroke=colours.primary),
        dots(rated[rated["small"]], x, y, "at", size=size, fill=colours.background, stroke=colours.primary),
        hits(rows.assign(top=0, bottom=BOTTOM), x, y, titles),
        *notes(_trend_notes(result, rated, colours), y, BOTTOM + NOTES, colours),
    ]  # fmt: skip
    said = "; ".join(rows["name"] + " " + rows["share"])
    description = _("Share silent for {n} days or more: {days}.", n=count(result.silent_days), days=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _periods(result: Churn) -> pd.DataFrame:
    rows = result.periods.tail(MOST).reset_index(drop=True)
    few, rows["small"] = rows["n_customers"] < TOO_FEW, rows["n_customers"] < ENOUGH
    for name, column in {"rate": "inactive_share", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = rows[column].mask(few)
    rows["at"], rows["zero"], rows["full"] = rows.index, rows.index - 0.5, rows.index + 0.5
    rows["name"] = [day(date.fromisoformat(one)) for one in rows["day"]]
    rows["n"], rows["silent"] = rows["n_customers"].map(count), rows["inactive"].map(count)
    rows["share"] = [_rate(r.rate, r.low, r.high) if r.rate == r.rate else _("too few") for r in rows.itertuples()]
    return rows


def _day_axis(rows: pd.DataFrame, colours: Palette, most: int) -> alt.Axis:
    every = -(-len(rows) // most)
    shown = sorted(range(len(rows) - 1, -1, -every))  # the last day always has a label
    labels = {k: rows["name"][k] for k in shown}
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False}
    return axis(colours, title=_("End of the period"), labelOverlap="greedy", labelSeparation=8, **look)


def _trend_notes(result: Churn, rated: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = [(colours.soft, _("{level} interval of the share", level=confidence(result.level)))]
    days = _n("{n} day", "{n} days", result.silent_days, n=count(result.silent_days))
    said.append((PLAIN, _("Out of the customers known for {days} or more.", days=days)))
    if rated["small"].any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    return said


def churn_groups_dots(result: Churn, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The inactive share of each group with its interval, in order of size, beside that of all customers.

    Raises InsightError for a result without groups.
    """
    if result.groups is None:
        raise InsightError('There are no groups to compare: run churn with by="a column" first.')
    colours, rows = palette(theme), _group_rows(result, narrow)
    height = ROW * len(rows)
    title = _("Silent for {n} days or more", n=count(result.silent_days))
    scale = axis(colours, title=title, format="%", tickCount=4 if narrow else 8, grid=False)
    x, y = Ruler((0, float(rows["full"][0])), scale), Ruler((0, height), downwards=True)
    titles = {"group": _("Group"), "n": _("Customers"), "share": _("Share")}
    said = [(colours.muted, _("All customers: {rate}", rate=percent(result.inactive_share)))]
    if rows["rate"].notna().any():
        said.append((colours.soft, _("{level} interval", level=confidence(result.level))))
    if (rows["small"] & rows["rate"].notna()).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    if rows["rate"].isna().any():
        said.append((WARNING, _("Too few: fewer than {few} customers, no rate.", few=TOO_FEW)))
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["rate"].notna()], x, y, "overall", TRACK + 8, colours.muted),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(said, y, height + AXIS, colours),
    ]
    description = _("Groups: {groups}.", groups="; ".join(rows["group"] + " " + rows["share"]))
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _group_rows(result: Churn, narrow: bool) -> pd.DataFrame:
    rows = result.groups.copy()
    few, rows["small"] = rows["n_customers"] < TOO_FEW, rows["n_customers"] < ENOUGH
    for name, column in {"rate": "inactive_share", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = rows[column].mask(few)
    rows["zero"], rows["overall"] = 0.0, result.inactive_share
    rows["full"] = 1.0 if few.all() else min(1.0, 1.05 * max(rows["high"].max(), result.inactive_share))
    rows["n"] = rows["n_customers"].map(count)
    rows["share"] = [_rate(r.rate, r.low, r.high) if r.rate == r.rate else _("too few") for r in rows.itertuples()]
    rows["name"] = rows["group"].map(lambda group: shortened(group, 18 if narrow else 48)) + " · " + rows["n"]
    rows["right"] = rows["rate"].map(percent).mask(few, _("too few")) if narrow else rows["share"]
    return placed(rows)
