"""A grid of cohorts by periods: a cell's colour says how much, its text the number, hatching that it is not over."""

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.marks import TEXT, Ruler, finished, hits, lines, notes
from insight.charts.theme import LIGHT, Palette

MOST_ROWS, MOST_COLUMNS = 60, 60  # drawn; of more cohorts the latest, of more periods the first
ROWS = {16: 28, 30: 22, MOST_ROWS: 15}  # up to so many cohorts: pixels a row
HEAD, ALL = 34, 10  # pixels: the heads of the columns, and between the row of everyone and the others
NAMES = {False: 0.24, True: 0.36}  # of the width: names and sizes of the cohorts
INNER = {False: 680, True: 330}  # pixels a chart has at least, wide and narrow
LETTER, GAP = 6.4, 2  # pixels a character takes, about, and what is left free beside a text
RAMPS = {  # little to much; each is one hue from the page's background away, so that it holds without seeing colour
    "light": ("#EFF3FF", "#B4C5FA", "#6F92FF", "#2F5BEA", "#14308F"),
    "dark": ("#1B2540", "#2B4284", "#4468D3", "#7C9BFF", "#C9D6FF"),
}
BLACK, WHITE = "#000000", "#FFFFFF"  # one of them has a contrast of 4.5 or more on every colour


@dataclass(frozen=True, eq=False)
class Grid:
    """What stands around the cells.

    names, sizes : of each row, the row of everyone first; small : rows of few customers
    heads : of the columns; above : what the columns are; beside : what the sizes are
    """

    names: list[str]
    sizes: list[str]
    small: list[bool]
    heads: list[str]
    above: str
    beside: str


def grid_chart(
    cells: pd.DataFrame,
    grid: Grid,
    colours: Palette,
    titles: dict[str, str],
    said: list[tuple[str, str]],
    *,
    narrow: bool,
    description: str,
) -> alt.LayerChart:
    """The grid.

    cells : row, column (from 0), value (NaN: no colour), text, hatched, rising, and what the pointer finds (`titles`)
    said : lines under the grid
    """
    n_rows, n_columns = len(grid.names), max(len(grid.heads), 1)
    row_height = next(pixels for most, pixels in ROWS.items() if n_rows <= most + 1)
    height = HEAD + n_rows * row_height + (ALL if n_rows > 1 else 0)
    left = n_columns * NAMES[narrow] / (1 - NAMES[narrow])
    x, y = Ruler((-left, n_columns)), Ruler((0, height), downwards=True)
    cells = _placed(cells, row_height, "light" if colours is LIGHT else "dark", colours)
    room = INNER[narrow] * (1 - NAMES[narrow]) / n_columns
    readable = _readable(cells, room)
    rising = cells[cells["rising"]].assign(
        at=lambda own: own["full"] - min(0.18, 5 / room), middle=lambda own: own["top"] + 5
    )
    layers = [
        _blocks(cells[~cells["hatched"]], x, y),
        _hatching(cells[cells["hatched"]], x, y, colours),
        _words(readable, x, y, "text", fontSize=12 if row_height > 20 else 10),
        *([_triangles(rising, x, y)] if room > 24 else []),
        hits(cells, x, y, titles),
        *_around(grid, x, y, row_height, room, colours),
        *notes(said, y, height + 22, colours),
    ]
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _readable(cells: pd.DataFrame, room: float) -> pd.DataFrame:
    """The cells with as much of their text as there is room for: without the sign of percent, or none at all."""
    written = cells[cells["text"] != ""]
    for text in (written["text"], written["text"].str.removesuffix("%")):
        if text.str.len().max() * LETTER + GAP <= room:
            return written.assign(text=text)
    return written[:0]


def fills(values: pd.Series, theme: str) -> list[str]:
    """The colour of each value between 0 and the largest of them."""
    highest = values.max()
    share = np.nan_to_num((values / highest if highest > 0 else values * 0).to_numpy(float)).clip(0, 1)
    ramp = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in RAMPS[theme]])
    at = np.linspace(0, 1, len(ramp))
    mixed = np.stack([np.interp(share, at, ramp[:, k]) for k in range(3)], axis=1).round().astype(int)
    return [f"#{r:02X}{g:02X}{b:02X}" for r, g, b in mixed]


def contrast(one: str, other: str) -> float:
    """How much two colours differ in brightness, from 1 to 21 (WCAG 2).

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    light = sorted((_luminance(one), _luminance(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _placed(cells: pd.DataFrame, row_height: int, theme: str, colours: Palette) -> pd.DataFrame:
    """The cells with their places and colours."""
    top = _tops(cells["row"], row_height)
    filled = pd.Series(fills(cells["value"], theme), index=cells.index, dtype="str")
    filled = filled.where(cells["value"].notna(), colours.track)
    ink = filled.map(lambda colour: max(BLACK, WHITE, key=lambda text: contrast(text, colour)))
    places = {"zero": cells["column"] + 0.03, "full": cells["column"] + 0.97, "centre": cells["column"] + 0.5}
    places |= {"top": top + 1, "bottom": top + row_height - 1, "middle": top + row_height / 2}
    return cells.assign(**places, fill=filled, ink=ink)


def _tops(row: pd.Series, row_height: int) -> pd.Series:
    return HEAD + row * row_height + ALL * (row > 0)


def _blocks(cells: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    chart = alt.Chart(cells[["zero", "full", "top", "bottom", "fill"]]).mark_rect(cornerRadius=2)
    places = x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "top"), alt.Y2("bottom")
    return chart.encode(*places, alt.Color("fill", type="nominal", scale=None))


def _words(cells: pd.DataFrame, x: Ruler, y: Ruler, text: str, **look: object) -> alt.Chart:
    chart = alt.Chart(cells[["centre", "middle", "ink", text]]).mark_text(**TEXT | {"align": "center"} | look)
    places = x.place(alt.X, "centre"), y.place(alt.Y, "middle")
    return chart.encode(*places, alt.Text(text, type="nominal"), alt.Color("ink", type="nominal", scale=None))


def _triangles(cells: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    chart = alt.Chart(cells[["at", "middle", "ink"]]).mark_point(shape="triangle-up", size=16, filled=True, opacity=1)
    places = x.place(alt.X, "at"), y.place(alt.Y, "middle")
    return chart.encode(*places, alt.Color("ink", type="nominal", scale=None))


def _hatching(cells: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    """Three slanted lines over each cell."""
    ends = pd.DataFrame({"a": [0.0, 0.0, 0.5], "b": [0.5, 1.0, 1.0], "low": [0.5, 1.0, 1.0], "high": [0.0, 0.0, 0.5]})
    marks = cells[["zero", "full", "top", "bottom"]].merge(ends, how="cross")
    width, height = marks["full"] - marks["zero"], marks["bottom"] - marks["top"]
    marks = marks.assign(
        left=marks["zero"] + marks["a"] * width,
        right=marks["zero"] + marks["b"] * width,
        start=marks["top"] + marks["low"] * height,
        end=marks["top"] + marks["high"] * height,
    )
    chart = alt.Chart(marks[["left", "right", "start", "end"]]).mark_rule(color=colours.line, strokeWidth=1)
    return chart.encode(x.place(alt.X, "left"), alt.X2("right"), y.place(alt.Y, "start"), alt.Y2("end"))


def _around(grid: Grid, x: Ruler, y: Ruler, row_height: int, room: float, colours: Palette) -> list[alt.Chart]:
    """Names and sizes of the rows, heads of the columns, and what both are."""
    rows = pd.DataFrame({"name": grid.names, "size": grid.sizes, "small": grid.small})
    rows["middle"] = _tops(pd.Series(rows.index), row_height) + row_height / 2
    rows["zero"] = 0
    font = 13 if row_height > 20 else 11
    every = int(np.ceil(max(map(len, grid.heads), default=1) * LETTER * 1.4 / room))
    heads = pd.DataFrame(
        {"text": grid.heads, "centre": np.arange(len(grid.heads)) + 0.5, "middle": 24, "ink": colours.muted}
    )
    above = pd.DataFrame({"text": [grid.above], "zero": [0.03], "middle": [7]})
    beside = pd.DataFrame({"text": [grid.beside], "zero": [0], "middle": [24]})
    return [
        lines(rows[:1], y, "name", "middle", colours.ink, fontSize=font, fontWeight=600),
        lines(rows[1:], y, "name", "middle", colours.ink, fontSize=font),
        _beside(rows[~rows["small"]], x, y, "size", colours.muted, fontSize=font, align="right", dx=-8),
        _beside(rows[rows["small"]], x, y, "size", colours.warning, fontSize=font, align="right", dx=-8),
        _words(heads[::every], x, y, "text", fontSize=12),
        _beside(above, x, y, "text", colours.muted, fontSize=12, align="left"),
        _beside(beside, x, y, "text", colours.muted, fontSize=12, align="right", dx=-8),
    ]


def _beside(rows: pd.DataFrame, x: Ruler, y: Ruler, text: str, colour: str, **look: object) -> alt.Chart:
    chart = alt.Chart(rows[["zero", "middle", text]]).mark_text(**TEXT | {"color": colour} | look)
    return chart.encode(x.place(alt.X, "zero"), y.place(alt.Y, "middle"), alt.Text(text, type="nominal"))
