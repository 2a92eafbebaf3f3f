"""Attribution in pictures: the credits of one model, and the commonest paths."""

import altair as alt
import pandas as pd

from insight.attribution.channels import ENOUGH, TOO_FEW, AttributionOf
from insight.attribution.words import MODEL_NAMES, path_words
from insight.charts.estimates import AXIS, NAME, TOP, TRACK, headings
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, finished, hits, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.language import _, _n, confidence, count, decimal, money, percent

STEP = 46  # pixels from one row to the next
BELOW = 47  # in a row: middle of the line under the track
MOST_PATHS = 12


def attribution_credits(result: AttributionOf, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The conversions of each channel under the model in front: bars, with intervals for the Markov chain."""
    colours, rows = palette(theme), result.channels.sort_values("conversions", ascending=False, ignore_index=True)
    if result.n_conversions < TOO_FEW:
        return silent(too_few(result), colours, narrow)
    height, sure = STEP * len(rows), rows["conversions_low"].notna()
    rows["zero"], rows["full"] = 0.0, 1.05 * float(rows[["conversions", "conversions_high"]].max().max())
    rows = placed(rows, narrow)
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
        *notes(said + small(result), y, height + AXIS, colours),
    ]
    words = "; ".join(rows["channel"] + " " + rows["number"])
    return finished(layers, colours, height=height, narrow=narrow, description=f"{title}: {words}.")


def attribution_paths(result: AttributionOf, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The commonest paths: how many journeys took each, and how many of them ended in a conversion."""
    colours, rows = palette(theme), result.paths.head(MOST_PATHS).reset_index(drop=True)
    height = STEP * len(rows)
    rows["channel"], rows["journeys"] = rows["path"].map(path_words), rows["conversions"] + rows["nulls"] + rows["open"]
    rows["zero"], rows["full"] = 0.0, 1.02 * float(rows["journeys"].max())
    rows = placed(rows, narrow)
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


def placed(rows: pd.DataFrame, narrow: bool, step: int = STEP) -> pd.DataFrame:
    """The rows with the heights at which their parts stand, and their names."""
    places = {"heading": NAME, "top": TOP, "middle": TOP + TRACK / 2, "bottom": TOP + TRACK, "below": BELOW}
    rows = rows.assign(**{name: step * rows.index + offset for name, offset in places.items()})
    return rows.assign(name=[shortened(own, 24 if narrow else 70) for own in rows["channel"]])


def _whiskers(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    chart = alt.Chart(rows[["conversions_low", "conversions_high", "middle"]]).mark_rule(color=colours.ink)
    where = (x.place(alt.X, "conversions_low"), alt.X2("conversions_high"), y.place(alt.Y, "middle"))
    return chart.encode(*where)


def small(result: AttributionOf) -> list[tuple[str, str]]:
    """The note under a picture of few conversions; none where there are enough."""
    if result.n_conversions >= ENOUGH:
        return []
    words = _("A small sample, fewer than {enough} conversions: all of it may change.", enough=ENOUGH)
    return [(WARNING, words)]


def too_few(result: AttributionOf) -> str:
    """What stands in place of a picture where there is next to nothing to share out."""
    n = result.n_conversions
    return _n("{n} conversion is too few to share out.", "{n} conversions are too few to share out.", n, n=count(n))
