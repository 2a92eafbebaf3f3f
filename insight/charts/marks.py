"""The pieces charts are made of: blocks, lines of text, notes, flags, and the finished chart."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from insight.charts.theme import FONT, Palette

WIDE, NARROW = 720, 350  # pixels; a page stretches a chart to its own width
NOTE = 22  # pixels: a line under a chart
PLAIN, WARNING = "plain", "warning"  # kinds of note that explain no colour
TEXT = {"font": FONT, "fontSize": 13, "baseline": "middle"}


@dataclass(frozen=True)
class Ruler:
    """A scale with its axis; None draws no axis. All layers of a chart share one, or Vega-Lite drops the axis."""

    domain: tuple[float, float]
    axis: alt.Axis | None = None
    downwards: bool = False

    def place(self, channel: type, field: str) -> alt.SchemaBase:
        """The column as a place on this ruler: `x.place(alt.X, "reached")`."""
        scale = alt.Scale(domain=self.domain, nice=False, reverse=self.downwards)
        return channel(field, type="quantitative", scale=scale, axis=self.axis)


def blocks(rows: pd.DataFrame, x: Ruler, y: Ruler, left: str, right: str, **look: object) -> alt.Chart:
    """Rectangles between the columns `left` and `right` and between `top` and `bottom`."""
    chart = alt.Chart(rows[[left, right, "top", "bottom"]]).mark_rect(**look)  # a column that is not drawn costs time
    return chart.encode(x.place(alt.X, left), alt.X2(right), y.place(alt.Y, "top"), alt.Y2("bottom"))


def hits(rows: pd.DataFrame, x: Ruler, y: Ruler, titles: dict[str, str]) -> alt.Chart:
    """What the pointer finds on each row, from `zero` to `full`: columns of finished text and what they are called."""
    chart = blocks(rows, x, y, "zero", "full", opacity=0)
    chart.data = rows[["zero", "full", "top", "bottom", *titles]]
    return chart.encode(tooltip=[alt.Tooltip(field, type="nominal", title=title) for field, title in titles.items()])


def ticks(rows: pd.DataFrame, x: Ruler, y: Ruler, at: str, height: int, colour: str) -> alt.Chart:
    """Short upright lines at the column `at`, around the height `middle`."""
    chart = alt.Chart(rows[[at, "middle"]])
    chart = chart.mark_tick(orient="vertical", thickness=2, height=height, opacity=1, color=colour)
    return chart.encode(x.place(alt.X, at), y.place(alt.Y, "middle"))


def dots(rows: pd.DataFrame, x: Ruler, y: Ruler, at: str, **look: object) -> alt.Chart:
    """Dots at the column `at`, on the height `middle`."""
    chart = alt.Chart(rows[[at, "middle"]]).mark_circle(**{"size": 110, "opacity": 1, "strokeWidth": 2} | look)
    return chart.encode(x.place(alt.X, at), y.place(alt.Y, "middle"))


def lines(
    rows: pd.DataFrame, y: Ruler, text: str, at: str, colour: str, *, x: float | str = 0, **look: object
) -> alt.Chart:
    """A line of text a row, from the column `text` at the height `at`; `x`: a pixel, or "width" for the right end."""
    align = "right" if x == "width" else "left"
    chart = alt.Chart(rows[[text, at]]).mark_text(**TEXT | {"align": align, "color": colour} | look)
    return chart.encode(alt.XValue(x), y.place(alt.Y, at), alt.Text(text, type="nominal"))


def notes(said: list[tuple[str, str]], y: Ruler, first: float, colours: Palette) -> list[alt.Chart]:
    """Lines under a chart: (the colour that the sentence explains, the sentence).

    PLAIN in place of a colour is a sentence by itself, WARNING one that asks for care.
    first : height of the first line
    """
    rows = pd.DataFrame(said, columns=["colour", "note"])
    rows["y"] = first + NOTE * rows.index
    by_itself, warnings = rows[rows["colour"] == PLAIN], rows[rows["colour"] == WARNING]
    keys = rows.drop([*by_itself.index, *warnings.index])
    swatch = alt.Chart(keys).mark_point(shape="square", size=120, filled=True, opacity=1)
    return [
        swatch.encode(alt.XValue(6), y.place(alt.Y, "y"), alt.Color("colour", type="nominal", scale=None)),
        lines(keys, y, "note", "y", colours.muted, x=20, fontSize=12),
        lines(by_itself, y, "note", "y", colours.muted, fontSize=12),
        lines(warnings, y, "note", "y", colours.warning, fontSize=12),
    ]


def flag(
    at: float, height: float, label: str, x: Ruler, y: Ruler, colours: Palette, *, leans: str, foot: float = 0
) -> list[alt.Chart]:
    """A labelled upright rule at the place `at`, from `foot` to `height`; the label `leans` "right" or "left"."""
    row = pd.DataFrame({"at": [at], "height": [height], "foot": [foot], "label": [label]})
    where = (x.place(alt.X, "at"), y.place(alt.Y, "height"))
    rule = alt.Chart(row).mark_rule(color=colours.ink, strokeDash=[2, 3]).encode(*where, alt.Y2("foot"))
    side = {"align": "left", "dx": 6} if leans == "right" else {"align": "right", "dx": -6}
    look = TEXT | {"fontWeight": 600} | side
    # an outline in the background's colour under the text, so that a rule behind it does not disturb
    outline = alt.Chart(row).mark_text(color=colours.background, stroke=colours.background, strokeWidth=6, **look)
    words = alt.Chart(row).mark_text(color=colours.ink, **look)
    return [rule, *(text.encode(*where, alt.Text("label", type="nominal")) for text in (outline, words))]


def finished(
    layers: list[alt.Chart], colours: Palette, *, height: float, narrow: bool, description: str
) -> alt.LayerChart:
    """The layers that have rows as one chart: its size, no frame, and the text that a screen reader reads."""
    return alt.LayerChart(  # in one go: each method of a chart copies all of it
        layer=[layer for layer in layers if len(layer.data)],
        width=NARROW if narrow else WIDE,
        height=height,
        background=colours.background,
        description=description,
        # the width is that of the whole picture, also when a page stretches it; the height that of the drawing
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        # the description holds every number; the places of single marks would be noise
        config=alt.Config(view=alt.ViewConfig(stroke=None), mark=alt.MarkConfig(aria=False)),
    )


def silent(sentence: str, colours: Palette, narrow: bool) -> alt.LayerChart:
    """A chart that says why there is nothing to draw."""
    row = pd.DataFrame({"text": [sentence], "y": [0.5]})
    text = lines(row, Ruler((0, 1)), "text", "y", colours.muted)
    return finished([text], colours, height=40, narrow=narrow, description=sentence)
