"""Attribution in pictures: a channel's range over the models, the credits of one model, the commonest paths."""

import altair as alt
import pandas as pd

from insight.attribution import MODELS
from insight.attribution.channels import ENOUGH, TOO_FEW, AttributionOf
from insight.attribution.words import MODEL_NAMES, path_words, range_words
from insight.charts.estimates import AXIS, NAME, TOP, TRACK, headings
from insight.charts.marks import PLAIN, TEXT, WARNING, Ruler, blocks, finished, hits, lines, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.language import _, _n, confidence, count, decimal, money, percent

ROW = 66  # pixels from one channel to the next
BELOW = 47  # in a row: middle of the line under the track
MOST_PATHS = 12
KEY = 20  # pixels from one line of the key of shapes to the next
SHAPES = {
    "first": "triangle-right",
    "last": "triangle-left",
    "last_non_direct": "square",
    "linear": "cross",
    "time_decay": "triangle-down",
    "position": "diamond",
    "shapley": "triangle-up",
    "markov": "circle",
}


def attribution_ranges(result: AttributionOf, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Each channel's share of the conversions: a bar from the smallest to the largest under any model, and on it the
    mark of each model. The model in front is filled; the channels whose share depends on the model are named so."""
    colours, rows = palette(theme), result.named.reset_index(drop=True)
    if result.n_conversions < TOO_FEW:
        return silent(_too_few(result), colours, narrow)
    height, most = ROW * len(rows), float(max(rows["share_high"].max(), 0.01))
    rows["zero"], rows["full"] = 0.0, min(1.0, 1.05 * most)
    rows = _placed(rows, narrow)
    rows["range"] = [range_words(low, high) for low, high in rows[["share_low", "share_high"]].to_numpy()]
    rows["depends"] = rows["model_dependent"].map({True: _("depends on the model"), False: ""})
    rows["right"] = rows["range"]
    if not narrow:
        rows["right"] = rows["range"].where(~rows["model_dependent"], rows["depends"] + " · " + rows["range"])
    rows["ends"] = [_ends(*row) for row in rows[["lowest_model", "highest_model"]].itertuples(index=False)]
    in_front = MODEL_NAMES[result.model]
    rows["front"] = rows["share"].map(percent)
    titles = {"channel": _("Channel"), "range": _("Share, over all models"), "ends": _("Smallest and largest")}
    titles |= {"front": in_front, "depends": _("Note")}
    title = _("Share of the conversions")
    x = Ruler(
        (0, float(rows["full"][0])), axis(colours, title=title, tickCount=4 if narrow else 8, format=".0%", grid=False)
    )
    y = Ruler((0, height), downwards=True)
    key = height + AXIS
    said, below = _notes(result, colours), key + KEY * (4 if narrow else 2)
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rows, x, y, "share_low", "share_high", color=colours.soft, cornerRadius=4),
        *_models(result, rows, colours, x, y),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        lines(rows, y, "ends", "below", colours.muted, fontSize=12),
        *_key(result, colours, x, y, key, 2 if narrow else 4),
        *notes(said, y, below, colours),
    ]
    words = "; ".join(rows["channel"] + " " + rows["range"])
    return finished(layers, colours, height=height, narrow=narrow, description=f"{title}: {words}.")


def attribution_credits(result: AttributionOf, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The conversions of each channel under the model in front: bars, with intervals for the Markov chain."""
    colours, rows = palette(theme), result.channels.sort_values("conversions", ascending=False, ignore_index=True)
    if result.n_conversions < TOO_FEW:
        return silent(_too_few(result), colours, narrow)
    height, sure = 46 * len(rows), rows["conversions_low"].notna()
    rows["zero"], rows["full"] = 0.0, 1.05 * float(rows[["conversions", "conversions_high"]].max().max())
    rows = _placed(rows, narrow, step=46)
    rows["number"] = [
        _("{n} ({low} to {high})", n=decimal(n), low=decimal(a), high=decimal(b)) if a == a else decimal(n)
        for n, a, b in rows[["conversions", "conversions_low", "conversions_high"]].to_numpy()
    ]
    rows["part"], rows["worth"] = rows["share"].map(percent), [money(own, result.currency) for own in rows["value"]]
    rows["right"] = rows["part"] if narrow else rows["number"] + " · " + rows["part"]
    titles = {"channel": _("Channel"), "number": _("Conversions"), "part": _("Share"), "worth": _("Value")}
    name = MODEL_NAMES[result.model]
    title = _("Conversions by {model}", model=name)
    x = Ruler((0, float(rows["full"][0])), axis(colours, title=title, tickCount=4 if narrow else 8, grid=False))
    y = Ruler((0, height), downwards=True)
    said = [(colours.primary, _("Conversions credited to the channel by this model"))]
    if sure.any():
        said.append((PLAIN, _("Lines: {level} interval, journeys drawn anew", level=confidence(result.level))))
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rows, x, y, "zero", "conversions", color=colours.primary, cornerRadius=4),
        _whiskers(rows[sure], x, y, colours),
        ticks(rows[sure], x, y, "conversions_low", TRACK + 6, colours.ink),
        ticks(rows[sure], x, y, "conversions_high", TRACK + 6, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(said + _small(result), y, height + AXIS, colours),
    ]
    words = "; ".join(rows["channel"] + " " + rows["number"])
    return finished(layers, colours, height=height, narrow=narrow, description=f"{title}: {words}.")


def attribution_paths(result: AttributionOf, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The commonest paths: how many journeys took each, and how many of them ended in a conversion."""
    colours, rows = palette(theme), result.paths.head(MOST_PATHS).reset_index(drop=True)
    height = 46 * len(rows)
    rows["channel"], rows["journeys"] = rows["path"].map(path_words), rows["conversions"] + rows["nulls"] + rows["open"]
    rows["zero"], rows["full"] = 0.0, 1.02 * float(rows["journeys"].max())
    rows = _placed(rows, narrow, step=46)
    rows["of"] = [
        _n("{won} of {n} journey", "{won} of {n} journeys", n, won=count(won), n=count(n))
        for won, n in rows[["conversions", "journeys"]].to_numpy()
    ]
    rows["right"] = rows["of"]
    for name in ("conversions", "nulls", "open"):
        rows[f"n_{name}"] = rows[name].map(count)
    titles = {"channel": _("Path"), "n_conversions": _("Conversions"), "n_nulls": _("Without a conversion")}
    titles |= {"n_open": _("Not known yet")}
    title = _("Journeys")
    x = Ruler((0, float(rows["full"][0])), axis(colours, title=title, tickCount=4 if narrow else 8, grid=False))
    y = Ruler((0, height), downwards=True)
    said = [
        (colours.primary, _("Journeys that ended in a conversion")),
        (colours.soft, _("Journeys that did not, or not yet")),
    ]
    more = len(result.paths) - len(rows)
    if more > 0:
        said.append((PLAIN, _n("and {n} more path", "and {n} more paths", more, n=count(more))))
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rows, x, y, "zero", "journeys", color=colours.soft, cornerRadius=4),
        blocks(rows, x, y, "zero", "conversions", color=colours.primary, cornerRadius=4),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(said, y, height + AXIS, colours),
    ]
    words = "; ".join(rows["channel"] + ": " + rows["of"])
    return finished(layers, colours, height=height, narrow=narrow, description=_("Paths: {rows}.", rows=words))


def _placed(rows: pd.DataFrame, narrow: bool, step: int = ROW) -> pd.DataFrame:
    """The rows with the heights at which their parts stand, and their names."""
    places = {"heading": NAME, "top": TOP, "middle": TOP + TRACK / 2, "bottom": TOP + TRACK, "below": BELOW}
    rows = rows.assign(**{name: step * rows.index + offset for name, offset in places.items()})
    return rows.assign(name=[shortened(own, 24 if narrow else 70) for own in rows["channel"]])


def _ends(low: str, high: str) -> str:
    if not low:
        return _("the same under every model")
    return _("least: {low} · most: {high}", low=MODEL_NAMES[low], high=MODEL_NAMES[high])


def _models(result: AttributionOf, rows: pd.DataFrame, colours: Palette, x: Ruler, y: Ruler) -> list[alt.Chart]:
    """The mark of each model on each channel; the one in front last, so that nothing hides it."""
    at = result.credits.merge(rows[["channel", "middle"]], on="channel").assign(
        shape=lambda own: own["model"].map(SHAPES)
    )[["model", "share", "middle", "shape"]]
    front = at["model"] == result.model
    return [
        _points(at[~front], x, y, "share", "middle", fill=colours.background, stroke=colours.muted),
        _points(at[front], x, y, "share", "middle", fill=colours.primary, stroke=colours.background, size=150),
    ]


def _points(rows: pd.DataFrame, x: Ruler, y: Ruler, at: str, height: str, **look: object) -> alt.Chart:
    chart = alt.Chart(rows[[at, height, "shape"]])
    chart = chart.mark_point(**{"size": 70, "opacity": 1, "strokeWidth": 1.3, "filled": True} | look)
    return chart.encode(x.place(alt.X, at), y.place(alt.Y, height), alt.Shape("shape", type="nominal", scale=None))


def _key(result: AttributionOf, colours: Palette, x: Ruler, y: Ruler, first: float, columns: int) -> list[alt.Chart]:
    """Which shape is which model, under the picture."""
    rows = pd.DataFrame({"model": MODELS, "shape": [SHAPES[name] for name in MODELS]})
    rows["text"] = [MODEL_NAMES[name] for name in MODELS]
    rows["at"] = x.domain[1] * (rows.index % columns) / columns + 0.012 * x.domain[1]
    rows["y"] = first + KEY * (rows.index // columns)
    front = rows["model"] == result.model
    words = alt.Chart(rows[["at", "y", "text"]]).mark_text(
        **TEXT | {"fontSize": 12, "color": colours.muted, "align": "left", "dx": 10}
    )
    return [
        _points(rows[~front], x, y, "at", "y", fill=colours.background, stroke=colours.muted),
        _points(rows[front], x, y, "at", "y", fill=colours.primary, stroke=colours.background, size=150),
        words.encode(x.place(alt.X, "at"), y.place(alt.Y, "y"), alt.Text("text", type="nominal")),
    ]


def _whiskers(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    chart = alt.Chart(rows[["conversions_low", "conversions_high", "middle"]]).mark_rule(color=colours.ink)
    where = (x.place(alt.X, "conversions_low"), alt.X2("conversions_high"), y.place(alt.Y, "middle"))
    return chart.encode(*where)


def _notes(result: AttributionOf, colours: Palette) -> list[tuple[str, str]]:
    said = [(colours.soft, _("From the smallest to the largest share under any model"))]
    if result.unattributed:
        rest = percent(result.unattributed / result.n_conversions)
        said.append((PLAIN, _("{share} of the conversions had no touch, and belong to no channel.", share=rest)))
    return said + _small(result)


def _small(result: AttributionOf) -> list[tuple[str, str]]:
    if result.n_conversions >= ENOUGH:
        return []
    words = _("A small sample, fewer than {enough} conversions: all of it may change.", enough=ENOUGH)
    return [(WARNING, words)]


def _too_few(result: AttributionOf) -> str:
    n = result.n_conversions
    return _n("{n} conversion is too few to share out.", "{n} conversions are too few to share out.", n, n=count(n))
