"""Churn by contract in pictures: how long contracts last, and which share is lost in each period."""

import json

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.curves import band, curve
from insight.charts.marks import PLAIN, TEXT, WARNING, Ruler, blocks, finished, flag, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette, shortened
from insight.churn import ENOUGH, TOO_FEW
from insight.churn.survival import MOST_SHOWN, Survival
from insight.churn.words import period_name, time_text, unit_title
from insight.errors import InsightError
from insight.language import _, chance, confidence, count, interval, percent

TOP, BOTTOM = 26, 270  # pixels from the top: where curves may go
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
TICKS = (0, 0.25, 0.5, 0.75, 1)
MOST_CURVES = 5  # groups that colours and dashes still tell apart
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4])
LABEL = 16  # pixels from one label at the end of a curve to the next
MOST = 120  # periods drawn; of more, the latest


def survival_curve(result: Survival, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The share of contracts that lasts longer, by time since the start, with its interval, and the median.

    The curve ends where fewer than 10 are still at risk.
    """
    colours, rows = palette(theme), _points(result.curve)
    if len(rows) < 2:
        return silent(_("Fewer than {few} contracts: too few for a curve.", few=MOST_SHOWN), colours, narrow)
    x, y = _rulers(result, float(rows["time"].max()), colours, narrow)
    rows["zero"], rows["full"] = rows["time"], rows["time"].shift(-1).fillna(rows["time"].max() * 1.01)
    titles = {"name": _("After"), "share": _("Still there"), "left": _("At risk")}
    said = [(colours.soft, _("{level} interval, by Kaplan and Meier", level=confidence(result.level)))]
    said.append((PLAIN, _("At risk: {numbers}", numbers=_at_risk(result, rows, 3 if narrow else 5))))
    if (result.curve["at_risk"] < MOST_SHOWN).any():
        said.append((PLAIN, _("The curve ends where fewer than {few} are at risk.", few=MOST_SHOWN)))
    layers = [
        band(rows, x, y, "time", step=True, color=colours.soft),
        curve(rows, x, y, "time", step=True, color=colours.primary),
        *_median(result, rows, x, y, colours),
        hits(rows.assign(top=0, bottom=BOTTOM), x, y, titles),
        *notes(said, y, BOTTOM + NOTES, colours),
    ]
    some = rows.iloc[:: max(len(rows) // 10, 1)]
    description = _("Still there: {times}.", times="; ".join(some["name"] + " " + some["share"]))
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _points(table: pd.DataFrame) -> pd.DataFrame:
    """The curve from its start at 1, to where too few are at risk."""
    start = pd.DataFrame({"time": [0], "survival": [1.0], "at_risk": [int(table["at_risk"].max())]})
    shown = table[table["at_risk"] >= MOST_SHOWN]
    rows = pd.concat([start, shown[shown["time"] > 0]] if (shown["time"] > 0).any() else [start], ignore_index=True)
    at_once = table[table["time"] == 0]
    if len(at_once):  # some end on the day they begin
        rows.loc[0, ["survival", "ci_low", "ci_high"]] = at_once[["survival", "ci_low", "ci_high"]].iloc[0].tolist()
    rows = rows.reindex(columns=["time", "survival", "at_risk", "ci_low", "ci_high"]).astype(float)
    rows["middle"], rows["low_at"], rows["high_at"] = (_at(rows[n]) for n in ("survival", "ci_low", "ci_high"))
    rows["name"] = rows["time"].map(count)
    rows["share"] = [f"{percent(r.survival)} ({interval(r.ci_low, r.ci_high)})" for r in rows.itertuples()]
    rows["left"] = rows["at_risk"].map(count)
    return rows


def _at(share: object) -> object:
    return BOTTOM - share * (BOTTOM - TOP)


def _rulers(result: Survival, longest: float, colours: Palette, narrow: bool) -> tuple[Ruler, Ruler]:
    x_axis = axis(colours, title=unit_title(result), grid=False, tickCount=4 if narrow else 8, format="d")
    labels = {round(_at(tick)): percent(tick, 0) for tick in TICKS}
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]"}
    y_axis = axis(colours, title=_("Still there"), **look)
    return Ruler((0, longest * 1.01), x_axis), Ruler((0, BOTTOM), y_axis, downwards=True)


def _at_risk(result: Survival, rows: pd.DataFrame, most: int) -> str:
    """How many are still at risk at a few times."""
    times = np.linspace(0, rows["time"].max(), most).round()
    held = np.searchsorted(rows["time"], times)
    return ", ".join(
        f"{count(t)}: {rows['left'].iloc[min(k, len(rows) - 1)]}" for t, k in zip(times, held, strict=True)
    )


def _median(result: Survival, rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    if not result.median_time <= rows["time"].max():  # not reached, or beyond the drawn end
        return []
    label = _("half are gone after {time}", time=time_text(result, result.median_time))
    leans = "left" if result.median_time > 0.6 * rows["time"].max() else "right"
    return flag(result.median_time, 10, label, x, y, colours, foot=BOTTOM, leans=leans)


def survival_groups(result: Survival, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The curve of each of the largest groups, each with a colour and a dash of its own and its name at the end.

    Raises InsightError for a result without groups.
    """
    if result.group_curves is None:
        raise InsightError('There are no groups to compare: run survival with by="a column" first.')
    colours = palette(theme)
    named = result.groups[result.groups["n_customers"] >= MOST_SHOWN]["group"].head(MOST_CURVES).tolist()
    by_group = {name: _points(result.group_curves[result.group_curves["group"] == name]) for name in named}
    if not by_group:
        return silent(_("Fewer than {few} contracts in every group.", few=MOST_SHOWN), colours, narrow)
    longest = max(float(rows["time"].max()) for rows in by_group.values())
    x, y = _rulers(result, longest, colours, narrow)
    x.axis.values = [tick for tick in amounts([longest], 0, 1, whole=True).ticks if tick <= longest]
    x = Ruler((0, longest * (1.45 if narrow else 1.25)), x.axis)  # room for the names
    looks = (colours.primary, colours.second, colours.warning, colours.muted, colours.ink)
    layers = []
    for rows, colour, dash in zip(by_group.values(), looks, DASHES, strict=False):
        layers.append(band(rows, x, y, "time", step=True, color=colour, opacity=0.12))
        layers.append(curve(rows, x, y, "time", step=True, color=colour, strokeDash=dash))
    layers += _names_at_the_end(by_group, looks, x, y, narrow)
    layers += notes(_group_notes(result, colours), y, BOTTOM + NOTES, colours)
    said = "; ".join(f"{name}: {rows['share'].iloc[-1]}" for name, rows in by_group.items())
    description = _("Still there at the end of each curve: {groups}.", groups=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _names_at_the_end(by_group: dict, looks: tuple, x: Ruler, y: Ruler, narrow: bool) -> list[alt.Chart]:
    ends = pd.DataFrame(
        {
            "name": [shortened(name, 12 if narrow else 22) for name in by_group],
            "time": [rows["time"].iloc[-1] for rows in by_group.values()],
            "middle": [rows["middle"].iloc[-1] for rows in by_group.values()],
            "colour": looks[: len(by_group)],
        }
    ).sort_values("middle", ignore_index=True)
    for k in range(1, len(ends)):  # none lies on the one above
        ends.loc[k, "middle"] = max(ends["middle"][k], ends["middle"][k - 1] + LABEL)
    look = TEXT | {"align": "left", "dx": 6, "fontWeight": 600}
    chart = alt.Chart(ends).mark_text(**look)
    colour = alt.Color("colour", type="nominal", scale=None)
    return [
        chart.encode(x.place(alt.X, "time"), y.place(alt.Y, "middle"), alt.Text("name", type="nominal"), colour)
    ]  # fmt: skip


def _group_notes(result: Survival, colours: Palette) -> list[tuple[str, str]]:
    said = [(PLAIN, _("Bands: {level} intervals, while {few} or more are at risk.",
                      level=confidence(result.level), few=MOST_SHOWN))]  # fmt: skip
    if result.p_value == result.p_value:
        said.append((PLAIN, _("Log-rank test of all groups: p {p}", p=chance(result.p_value))))
    if len(result.groups) > MOST_CURVES:
        said.append((PLAIN, _("The {n} largest groups are drawn.", n=count(MOST_CURVES))))
    return said


def survival_periods_bars(result: Survival, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Churn in each period: a bar with its interval; none where a period is not over, or nothing was running."""
    colours = palette(theme)
    rows = result.periods.tail(MOST).reset_index(drop=True)
    rows["rate"] = rows["churn"].mask(rows["active"] < TOO_FEW)
    rated = rows[rows["rate"].notna()]
    if rated.empty:
        return silent(_("No period is fully observed with {few} contracts or more.", few=TOO_FEW), colours, narrow)
    scale = amounts([*rated["ci_high"], 0.01], TOP, BOTTOM)
    rows["name"] = [period_name(result, one) for one in rows["period"]]
    rows["share"] = [
        f"{percent(r.rate)} ({interval(r.ci_low, r.ci_high)})" if r.rate == r.rate else _("no rate")
        for r in rows.itertuples()
    ]
    rows["lost_text"], rows["active_text"] = rows["lost"].map(count), rows["active"].map(count)
    rows["zero"], rows["full"], rows["top"], rows["bottom"] = rows.index - 0.5, rows.index + 0.5, 0, BOTTOM
    shown = rows[rows["rate"].notna()].assign(left=lambda r: r.index - 0.36, right=lambda r: r.index + 0.36)
    shown = shown.assign(top=scale.at(shown["rate"]), at=shown.index)
    whiskers = alt.Chart(
        pd.DataFrame({"at": shown.index, "low_at": scale.at(shown["ci_low"]), "high_at": scale.at(shown["ci_high"])})
    ).mark_rule(color=colours.ink, strokeWidth=1.5)
    digits = 0 if all(abs(100 * tick - round(100 * tick)) < 1e-9 for tick in scale.ticks) else 1
    y_axis = scale.axis(colours, lambda tick: percent(tick, digits), title=_("Lost in the period"))
    x, y = Ruler((-0.5, len(rows) - 0.5), _period_axis(result, rows, colours, 3 if narrow else 8)), None
    y = Ruler((0, BOTTOM), y_axis, downwards=True)
    titles = {"name": _("Period"), "share": _("Churn"), "lost_text": _("Lost"), "active_text": _("Of those running")}
    layers = [
        blocks(shown, x, y, "left", "right", color=colours.primary, cornerRadiusTopLeft=2, cornerRadiusTopRight=2),
        whiskers.encode(x.place(alt.X, "at"), y.place(alt.Y, "low_at"), alt.Y2("high_at")),
        hits(rows, x, y, titles),
        *notes(_period_notes(result, rows, colours), y, BOTTOM + NOTES, colours),
    ]
    description = _("Churn: {periods}.", periods="; ".join(rows["name"] + " " + rows["share"]))
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _period_axis(result: Survival, rows: pd.DataFrame, colours: Palette, most: int) -> alt.Axis:
    labels = {k: rows["name"][k] for k in range(0, len(rows), -(-len(rows) // most))}
    title = _("Period") if result.dated else unit_title(result)
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False}
    return axis(colours, title=title, labelOverlap="greedy", labelSeparation=8, **look)


def _period_notes(result: Survival, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = [(PLAIN, _("Lines: {level} intervals.", level=confidence(result.level)))]
    if rows["observed"].iloc[-1] != "full":
        said.append((PLAIN, _("The last period is not over: it has no rate yet.")))
    if (rows["rate"].notna() & (rows["active"] < ENOUGH)).any():
        words = _("Some periods began with fewer than {enough} contracts: read the lines.", enough=ENOUGH)
        said.append((WARNING, words))
    return said
