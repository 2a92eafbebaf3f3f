"""What speaks for each number of clusters, and where the clusters lie on two features, in pictures."""

import json
from collections.abc import Iterable

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.curves import curve
from insight.charts.journeys_nodes import EVENTS as HUES
from insight.charts.marks import PLAIN, TEXT, WARNING, Ruler, blocks, finished, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette
from insight.clusters import APART, ONE_TIME, STABLE_LEAST, STABLE_MEAN, Clusters
from insight.clusters.evidence import SAMPLES
from insight.clusters.names import cluster_name
from insight.clusters.scaling import logs
from insight.clusters.words import feature_name
from insight.language import _, compact, count, decimal, percent

TOP, BOTTOM = 20, 270  # pixels from the top: where something may be drawn
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
TALL = 360  # pixels: height of the map
LEAST, LARGEST = 14, 520  # square pixels of a dot
TICKS = (0, 1, 2, 5)  # times powers of ten: where an axis of logs is labelled
MOST_TICKS = {False: 9, True: 6}


def clusters_evidence(result: Clusters, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """For each number of clusters the mean silhouette, and the mean stability with a line down to the lowest of the
    bootstrap samples; dashed lines are the thresholds, the shaded number is the one in use, and the line across it is
    the silhouette that one cloud without groups reaches."""
    colours, rows = palette(theme), _numbers(result)
    scale = amounts([*rows["silhouette"], *rows["stability_least"], 1.0], TOP, BOTTOM)
    for name in ("silhouette", "stability", "stability_least"):
        rows[f"{name}_at"] = scale.at(rows[name])
    first, last = int(rows["k"].min()), int(rows["k"].max())
    rows["zero"], rows["full"], rows["top"], rows["bottom"] = rows["k"] - 0.5, rows["k"] + 0.5, 0, BOTTOM
    title = _("Number of clusters")
    x = Ruler((first - 0.5, last + 0.5), axis(colours, values=rows["k"].tolist(), format="d", grid=False, title=title))
    y = Ruler((0, BOTTOM), scale.axis(colours, decimal, title=""), downwards=True)
    titles = {"name": _("Clusters"), "apart": _("Silhouette"), "again": _("Stability, mean")}
    titles |= {"worst": _("Stability, lowest"), "small": _("Smallest cluster"), "verdict": _("So")}
    rules = pd.DataFrame({"value": [APART, STABLE_MEAN, STABLE_LEAST], "from": first - 0.5, "to": last + 0.5})
    rules["at"] = scale.at(rules["value"])
    layers = [
        blocks(rows[rows["is_chosen"]], x, y, "zero", "full", color=colours.track),
        *([] if result.k is None else [_of_one_cloud(rows, scale.at(result.reference_silhouette), colours, x, y)]),
        _rule(rules[:1], colours.primary, x, y),
        _rule(rules[1:], colours.second, x, y),
        curve(rows.assign(middle=rows["silhouette_at"]), x, y, "k", color=colours.primary),
        _dots(rows, "silhouette_at", colours.primary, x, y),
        _whiskers(rows, colours.second, x, y),
        _dots(rows, "stability_at", colours.second, x, y, shape="diamond"),
        hits(rows, x, y, titles),
        *notes(_evidence_notes(result, colours), y, BOTTOM + NOTES, colours),
    ]
    said = "; ".join(rows["name"] + " " + rows["apart"] + " " + rows["again"])
    words = _("Silhouette and stability by number of clusters: {numbers}.", numbers=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=words)


def _numbers(result: Clusters) -> pd.DataFrame:
    rows = result.evidence.copy()
    rows["name"] = rows["k"].map(count)
    for name, own in {"apart": "silhouette", "again": "stability", "worst": "stability_least"}.items():
        rows[name] = [f"{value:.2f}".replace("-", "−") for value in rows[own]]
    rows["small"] = [percent(share) for share in rows["smallest_share"]]
    able = rows["is_stable"] & (rows["silhouette"] >= APART)
    rows["verdict"] = [
        _("possible") if ok else _("stable, but not apart") if stable else _("not stable")
        for ok, stable in zip(able, rows["is_stable"], strict=True)
    ]
    return rows


def _short(value: float) -> str:
    return f"{value:.2g}"


def _rule(rows: pd.DataFrame, colour: str, x: Ruler, y: Ruler) -> alt.Chart:
    rule = alt.Chart(rows[["from", "to", "at"]]).mark_rule(color=colour, strokeDash=[4, 4], opacity=0.8)
    return rule.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "at"))


def _of_one_cloud(rows: pd.DataFrame, at: float, colours: Palette, x: Ruler, y: Ruler) -> alt.Chart:
    """A line across the number in use, where the silhouette of a cloud without groups lies."""
    row = rows.loc[rows["is_chosen"], ["zero", "full"]].assign(cloud=at)
    line = alt.Chart(row).mark_rule(color=colours.ink, strokeWidth=2)
    return line.encode(x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "cloud"))


def _dots(rows: pd.DataFrame, at: str, colour: str, x: Ruler, y: Ruler, shape: str = "circle") -> alt.Chart:
    dots = alt.Chart(rows[["k", at]]).mark_point(shape=shape, size=110, filled=True, opacity=1, color=colour)
    return dots.encode(x.place(alt.X, "k"), y.place(alt.Y, at))


def _whiskers(rows: pd.DataFrame, colour: str, x: Ruler, y: Ruler) -> alt.Chart:
    line = alt.Chart(rows[["k", "stability_at", "stability_least_at"]]).mark_rule(color=colour, strokeWidth=2)
    return line.encode(x.place(alt.X, "k"), y.place(alt.Y, "stability_at"), alt.Y2("stability_least_at"))


def _evidence_notes(result: Clusters, colours: Palette) -> list[tuple[str, str]]:
    said = [
        (colours.primary, _("Silhouette: at least {apart}", apart=_short(APART))),
        (colours.second, _("Stability: mean of {n} draws at least {mean}", n=count(SAMPLES), mean=_short(STABLE_MEAN))),
        (PLAIN, _("Its line ends at the lowest draw: at least {least}", least=_short(STABLE_LEAST))),
    ]
    if result.k is None:
        said.append((WARNING, _("No number of clusters passes all three.")))
    elif not result.is_stable:
        said.append((WARNING, _("Shaded: asked for; it does not pass all three.")))
    else:
        said.append((PLAIN, _("Shaded: the number in use.")))
    if result.k is not None:
        said.append((colours.ink, _("Silhouette of one cloud: {cloud}", cloud=f"{result.reference_silhouette:.2f}")))
    if result.is_stable and not result.is_separate:
        said.append((WARNING, _("Not clearly further apart: slices of one cloud.")))
    return said


# -- the map -----------------------------------------------------------------------------------------------------------


def clusters_map(result: Clusters, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Where the groups lie on the two features that tell them apart best: a dot for each cell of a grid and group, the
    larger the more customers; the numbers stand at the centres."""
    colours, rows = palette(theme), result.places[result.places["cluster"] != ONE_TIME].copy()
    if rows.empty:
        return silent(_("There are no two numbers to draw the groups by."), colours, narrow)
    is_log = result.features.set_index("feature").loc[result.place_features, "is_log"].tolist()
    across, upright = (_places(rows[name].to_numpy(float), log) for name, log in zip(("x", "y"), is_log, strict=True))
    centres = _centres(result, is_log)
    title, title_y = (feature_name(name) for name in result.place_features)
    ticks = _ticks(rows["x"], is_log[0], narrow)
    x = Ruler(_domain(across), axis(colours, title=title, grid=False, **_labels(ticks, is_log[0], title)))
    low, high = _domain(upright)
    heights = _ticks(rows["y"], is_log[1], narrow)
    places = {round(_height(float(_on(tick, is_log[1])), low, high), 2): tick for tick in heights}
    look = {
        "values": list(places),
        "labelExpr": f"{json.dumps({k: compact(t) for k, t in places.items()})}[datum.value]",
    }
    y = Ruler((0, TALL), axis(colours, title=title_y, **look), downwards=True)
    rows["across"], rows["at"] = across, [_height(v, low, high) for v in upright]
    rows["size"] = LEAST + LARGEST * rows["n_customers"] / rows["n_customers"].max()
    rows = rows.sort_values("n_customers", ascending=False)  # small dots in front of large ones
    centres["at"] = [_height(v, low, high) for v in centres["y"]]
    layers = [
        _cloud(rows.assign(colour=_colours(rows["cluster"], theme)), x, y),
        *_names(centres.assign(ink=_colours(centres["cluster"], theme)), x, y, colours),
        *notes(_map_notes(result, theme), y, TALL + NOTES, colours),
    ]
    said = "; ".join(f"{cluster_name(row.cluster, result.kind)} {row.said}" for row in centres.itertuples())
    words = _("Groups by {x} and {y}, centres: {centres}.", x=title, y=title_y, centres=said)
    return finished(layers, colours, height=TALL, narrow=narrow, description=words)


def _places(values: np.ndarray, is_log: bool) -> np.ndarray:
    return logs(values) if is_log else values


def _on(value: float, is_log: bool) -> float:
    return float(_places(np.array([float(value)]), is_log)[0])


def _domain(values: np.ndarray) -> tuple[float, float]:
    room = 0.06 * (np.ptp(values) or 1.0)
    return float(values.min() - room), float(values.max() + room)


def _height(value: float, low: float, high: float) -> float:
    return TALL * (1 - (value - low) / (high - low))


def _ticks(values: pd.Series, is_log: bool, narrow: bool) -> list[float]:
    """Round values along an axis; of an axis of logs 1, 2, 5 times powers of ten."""
    low, high = float(values.min()), float(values.max())
    if not is_log:
        return [tick for tick in amounts([low, high], 0, 1).ticks if low - 1e-9 <= tick <= high + 1e-9]
    every = sorted({sign * step * 10.0**power for sign in (-1, 1) for step in TICKS for power in range(0, 10)})
    found = [tick for tick in every if low <= tick <= high]
    while len(found) > MOST_TICKS[narrow]:
        found = found[::2]
    return found


def _labels(ticks: list[float], is_log: bool, title: str) -> dict[str, object]:
    labels = {round(_on(tick, is_log), 6): compact(tick).replace("-", "−") for tick in ticks}
    nearest = "".join(f"abs(datum.value - {at}) < 1e-4 ? {json.dumps(text)} : " for at, text in labels.items())
    return {"values": list(labels), "labelExpr": nearest + "''"}


def _centres(result: Clusters, is_log: list[bool]) -> pd.DataFrame:
    """The fitted middles on the two features, as places and in words."""
    clustered = result.profile[result.profile["cluster"] != ONE_TIME]
    wide = clustered.pivot(index="cluster", columns="feature", values="centre")[result.place_features]
    found = pd.DataFrame({"cluster": wide.index, "number": wide.index.map(str)})
    for axis_, name, log in zip(("x", "y"), result.place_features, is_log, strict=True):
        found[axis_] = _places(wide[name].to_numpy(float), log)
    found["said"] = [
        ", ".join(
            f"{feature_name(name)} {decimal(value)}" for name, value in zip(result.place_features, row, strict=True)
        )
        for row in wide.to_numpy()
    ]
    return found


def _colours(clusters: Iterable[int], theme: str) -> list[str]:
    return [HUES[theme][(number - 1) % len(HUES[theme])] for number in clusters]


def _cloud(rows: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    dots = alt.Chart(rows[["across", "at", "size", "colour"]]).mark_circle(opacity=0.55)
    size = alt.Size("size", type="quantitative", scale=None, legend=None)
    places = x.place(alt.X, "across"), y.place(alt.Y, "at")
    return dots.encode(*places, size, alt.Color("colour", type="nominal", scale=None))


def _names(centres: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """The number of each cluster at its centre, with an outline that keeps it readable."""
    rows = centres[["x", "at", "number", "ink"]]
    places = x.place(alt.X, "x"), y.place(alt.Y, "at"), alt.Text("number", type="nominal")
    look = TEXT | {"align": "center", "fontSize": 20, "fontWeight": 700}
    outline = alt.Chart(rows).mark_text(**look, color=colours.background, stroke=colours.background, strokeWidth=6)
    return [outline.encode(*places), alt.Chart(rows).mark_text(**look, color=colours.ink).encode(*places)]


def _map_notes(result: Clusters, theme: str) -> list[tuple[str, str]]:
    said = []
    for number, n in result.sizes[["cluster", "n_customers"]].to_numpy():
        if number != ONE_TIME:
            name, hue = cluster_name(int(number), result.kind), _colours([int(number)], theme)[0]
            said.append((hue, _("{name}: {n} customers", name=name, n=count(n))))
    said.append((PLAIN, _("The larger a dot, the more customers lie there.")))
    return said
