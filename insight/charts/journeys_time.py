"""How long it takes from one event to another: who has arrived by when, and of how many that is still known."""

import json

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.durations import DAY, MOST_BINS, SKEWED, time_axis, time_edges
from insight.charts.journeys_nodes import EVENTS
from insight.charts.marks import NOTE, PLAIN, TEXT, WARNING, Ruler, finished, hits, notes, silent
from insight.charts.theme import Palette, axis, palette, shortened
from insight.funnel import ENOUGH, TOO_FEW
from insight.journeys import TimeToEvent
from insight.journeys.words import events_name
from insight.language import _, _n, confidence, count, duration, interval, percent

HEIGHT = 270  # pixels: of the curves
AXIS, RISK = 64, 19  # pixels: from the curves to the first line of numbers at risk, and from line to line
POINTS, STRIPS = 240, 60  # of a curve, and of what the pointer finds
MOST_GROUPS = 4  # curves in one picture
BAND = 0.2  # opacity of an interval
NICE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)  # steps of the axis of shares


def time_to_event_curve(result: TimeToEvent, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The share that has arrived by each time, with its interval; below it how many are still observed then.

    A curve ends where fewer than 10 are still observed. A dashed line marks the time by which half have arrived, where
    the curve gets there. Of several groups the four largest are drawn.
    """
    colours = palette(theme)
    groups = result.groups[result.groups["n"] >= TOO_FEW].head(MOST_GROUPS).reset_index(drop=True)
    if groups.empty or not result.arrived:
        return silent(_nothing(result), colours, narrow)
    groups["colour"] = [colours.primary] if len(groups) == 1 else list(EVENTS[theme][: len(groups)])
    curves = {group: _curve(result, group) for group in groups["group"]}
    edges, even = _edges(curves, result.dates_only)
    top = _top(curves)
    growing = [] if even else [_("The further right, the longer the steps")]
    title = _("Time since {origin}", origin=shortened(events_name(result.origin), 22 if narrow else 60))
    scale = time_axis(colours, edges, 4 if narrow else 8, title=[title, *growing])
    x = Ruler((0, len(edges) - 1), scale)
    y = Ruler((0, HEIGHT), _shares_axis(top, result, colours, narrow), downwards=True)
    rows = pd.concat([_placed(curve, edges, top).assign(group=group) for group, curve in curves.items()])
    rows = rows.merge(groups[["group", "colour"]], on="group")
    layers = [
        _bands(rows, x, y),
        *(_median(groups.iloc[0], edges, top, x, y, colours) if len(groups) == 1 else []),
        _lines(rows, x, y),
        *_at_risk(result, groups, edges, [at for at in scale["values"] if at < len(edges)], x, y, colours),
        hits(*_strips(curves, edges, x, y)),
        *notes(_notes(result, groups, colours), y, HEIGHT + AXIS + RISK * (len(groups) + 1) + NOTE / 2, colours),
    ]
    words = _("Share that has arrived at {target} by the time since {origin}.", origin=events_name(result.origin),
              target=events_name(result.target))  # fmt: skip
    return finished(layers, colours, height=HEIGHT, narrow=narrow, description=words)


def _nothing(result: TimeToEvent) -> str:
    if not result.entered:
        return _("Nobody has the first event in the chosen dates.")
    if not result.arrived:
        return _("Nobody was seen to get there.")
    return _("Fewer than {few} customers: no curve.", few=TOO_FEW)


def _curve(result: TimeToEvent, group: str) -> pd.DataFrame:
    """One group's curve, as long as enough are observed; the interval begins with the first arrival."""
    own = result.curve[(result.curve["group"] == group) & result.curve["enough"]].copy()
    nobody_yet = own["arrived_share"] == 0
    own[["ci_low", "ci_high"]] = own[["ci_low", "ci_high"]].astype(float).mask(nobody_yet, 0.0)
    return own.reset_index(drop=True)


def _edges(curves: dict[str, pd.DataFrame], whole_days: bool) -> tuple[list[int], bool]:
    """Edges of the axis of time, and whether they are of equal length: times that differ much are drawn growing."""
    every, unit = pd.concat(curves.values()), DAY if whole_days else 1
    arrivals = every[every["arrived"] > 0].sort_values("seconds")
    so_far = arrivals["arrived"].cumsum() / arrivals["arrived"].sum()
    low, high = (max(int(arrivals["seconds"].iloc[so_far.searchsorted(q)]), unit) for q in (0.25, 0.9))
    longest = int(every["seconds"].max())
    even = longest < MOST_BINS * unit or (high <= SKEWED * low and longest <= SKEWED * high)
    return time_edges(int(arrivals["seconds"].iloc[0]), longest, even=even, whole_days=whole_days), even


def _top(curves: dict[str, pd.DataFrame]) -> float:
    """The end of the axis of shares."""
    highest = max(float(np.nanmax([*own["ci_high"], *own["arrived_share"]])) for own in curves.values())
    step = next((step for step in NICE if highest <= 5 * step), NICE[-1])
    return min(float(np.ceil(max(highest, 1e-9) / step) * step), 1.0)


def _height(share: object, top: float) -> object:
    """Where a share stands, in pixels from the top."""
    return HEIGHT * (1 - share / top)


def _shares_axis(top: float, result: TimeToEvent, colours: Palette, narrow: bool) -> alt.Axis:
    step = next(step for step in NICE if top <= 5 * step + 1e-9)
    ticks = np.arange(0, top + step / 2, step)
    digits = 0 if step >= 0.01 else 1
    labels = {round(float(_height(tick, top))): percent(float(tick), digits) for tick in ticks}
    title = _("Have arrived at {target}", target=shortened(events_name(result.target), 20 if narrow else 34))
    return axis(
        colours, title=title, values=list(labels), labelExpr=f"{json.dumps(labels)}[round(datum.value*100)/100]"
    )


def _at(seconds: object, edges: list[int]) -> np.ndarray:
    """Where times stand on the axis."""
    return np.interp(seconds, edges, range(len(edges)))


def _placed(curve: pd.DataFrame, edges: list[int], top: float) -> pd.DataFrame:
    """The curve as pixels: x, share, low, high; of many points on one spot the last."""
    rows = pd.DataFrame({"x": _at(curve["seconds"], edges)})
    for name, column in {"share": "arrived_share", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = _height(curve[column], top)
    spot = (rows["x"] * POINTS / (len(edges) - 1)).round()
    begin = pd.DataFrame({"x": [0.0], "share": [HEIGHT], "low": [HEIGHT], "high": [HEIGHT]}, dtype=float)
    return pd.concat([begin, rows[~spot.duplicated(keep="last")]], ignore_index=True)


def _bands(rows: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    own = rows[["x", "low", "high", "group", "colour"]].dropna()
    chart = alt.Chart(own).mark_area(interpolate="step-after", opacity=BAND)
    return chart.encode(
        x.place(alt.X, "x"), y.place(alt.Y, "low"), alt.Y2("high"), alt.Detail("group", type="nominal"),
        alt.Color("colour", type="nominal", scale=None),
    )  # fmt: skip


def _lines(rows: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    chart = alt.Chart(rows[["x", "share", "group", "colour"]]).mark_line(interpolate="step-after", strokeWidth=2)
    return chart.encode(
        x.place(alt.X, "x"), y.place(alt.Y, "share"), alt.Detail("group", type="nominal"),
        alt.Color("colour", type="nominal", scale=None),
    )  # fmt: skip


def _median(group: pd.Series, edges: list[int], top: float, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """A dashed line at the time by which half have arrived, where the curve gets there."""
    half = group["median_seconds"]
    if half != half:
        return []
    at = float(_at(half, edges))
    row = pd.DataFrame(
        {"x": [at], "from": float(HEIGHT), "to": _height(0.5, top), "label": _("Half: {time}", time=duration(half))}
    )
    places = x.place(alt.X, "x"), y.place(alt.Y, "to")
    rule = alt.Chart(row).mark_rule(strokeDash=[3, 3], color=colours.ink).encode(*places, alt.Y2("from"))
    side = {"align": "right", "dx": -6} if at > len(edges) / 4 else {"align": "left", "dx": 6}
    look = TEXT | {"dy": -8, "fontWeight": 600} | side
    halo = {"color": colours.background, "stroke": colours.background, "strokeWidth": 4}
    words = alt.Text("label", type="nominal")
    return [
        rule,
        *(alt.Chart(row).mark_text(**look | own).encode(*places, words) for own in (halo, {"color": colours.ink})),
    ]


def _at_risk(
    result: TimeToEvent, groups: pd.DataFrame, edges: list[int], ticks: list[int], x: Ruler, y: Ruler, colours: Palette
) -> list[alt.Chart]:
    """Below the labels of the axis: of each group how many had not arrived before and are observed so long."""
    found = []
    for line, row in enumerate(groups.itertuples()):
        own = result.curve[result.curve["group"] == row.group].sort_values("seconds")
        for at in ticks:
            first = int(own["seconds"].searchsorted(edges[at]))
            n = int(own["at_risk"].iloc[first]) if first < len(own) else 0
            found.append({"x": at, "y": HEIGHT + AXIS + RISK * (line + 1), "n": count(n), "colour": row.colour})
    look = TEXT | {"fontSize": 11, "align": "center"}
    numbers = alt.Chart(pd.DataFrame(found)).mark_text(**look).encode(
        x.place(alt.X, "x"), y.place(alt.Y, "y"), alt.Text("n", type="nominal"),
        alt.Color("colour", type="nominal", scale=None),
    )  # fmt: skip
    title = pd.DataFrame({"y": [HEIGHT + AXIS], "text": [_("Not there yet, and still observed")]})
    heading = alt.Chart(title).mark_text(**look | {"align": "left", "color": colours.muted})
    return [heading.encode(alt.XValue(0), y.place(alt.Y, "y"), alt.Text("text", type="nominal")), numbers]


def _strips(curves: dict[str, pd.DataFrame], edges: list[int], x: Ruler, y: Ruler) -> tuple:
    """What the pointer finds along the axis: by that time, of each group the share with its interval."""
    places = np.linspace(0, len(edges) - 1, STRIPS + 1)
    seconds = np.interp(places[:-1], range(len(edges)), edges)
    rows = pd.DataFrame({"zero": places[:-1], "full": places[1:], "top": 0, "bottom": HEIGHT})
    rows["time"] = [duration(float(time)) for time in seconds]
    titles = {"time": _("By")}
    for k, (group, own) in enumerate(curves.items()):
        at = own["seconds"].searchsorted(seconds, side="right") - 1
        rows[f"group{k}"] = [_share(own.iloc[row]) if row >= 0 else percent(0) for row in at]
        titles[f"group{k}"] = group or _("Have arrived")
    return rows, x, y, titles


def _share(row: pd.Series) -> str:
    rate = percent(row["arrived_share"])
    if not row["arrived_share"]:
        return rate
    return _("{rate} ({interval})", rate=rate, interval=interval(row["ci_low"], row["ci_high"]))


def _notes(result: TimeToEvent, groups: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = []
    if len(groups) > 1:
        for row in groups.itertuples():
            values = {"group": shortened(row.group, 18), "arrived": count(row.arrived), "n": count(row.n)}
            if row.median_seconds == row.median_seconds:
                values["half"] = duration(row.median_seconds)
                said.append((row.colour, _("{group}: {arrived} of {n}, half within {half}", **values)))
            else:
                said.append((row.colour, _("{group}: {arrived} of {n} arrived", **values)))
    said.append((PLAIN, _("Band: {level} interval of the share.", level=confidence(result.level))))
    hidden = len(result.groups) - len(groups)
    if hidden:
        said.append((PLAIN, _n("{n} more group is not drawn.", "{n} more groups are not drawn.", hidden, n=hidden)))
    if (groups["n"] < ENOUGH).any():
        said.append((WARNING, _("Small sample: fewer than {enough} customers.", enough=ENOUGH)))
    return said
