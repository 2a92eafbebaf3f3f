"""Groups beside each other: a column a group, a row a trait; the colour says more or less, the text how much."""

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.cohorts_grid import BLACK, WHITE, contrast
from insight.charts.marks import TEXT, Ruler, finished, hits, lines, notes
from insight.charts.theme import Palette, shortened

ROW, HEAD = 34, 44  # pixels: a row; the heads of the columns
NAMES = {False: 0.26, True: 0.36}  # of the width: names of the rows
LETTERS = {False: 34, True: 17}  # of a row's name
SMALL = 6  # columns, from which texts are small


@dataclass(frozen=True)
class Heads:
    """What stands around the cells: names of the rows, of the columns, and a line below each column's name."""

    rows: list[str]
    columns: list[str]
    below: list[str]


def heat_map(
    cells: pd.DataFrame,
    heads: Heads,
    colours: Palette,
    titles: dict[str, str],
    said: list[tuple[str, str]],
    *,
    narrow: bool,
    description: str,
) -> alt.LayerChart:
    """The map.

    cells : row, column (from 0), more (-1 much less to 1 much more, NaN: nothing is known), text, and what the pointer
        finds (`titles`)
    said : lines under the map
    """
    height, n = HEAD + ROW * len(heads.rows), len(heads.columns)
    x, y = Ruler((-n * NAMES[narrow] / (1 - NAMES[narrow]), n)), Ruler((0, height), downwards=True)
    cells = _placed(cells, colours)
    names = pd.DataFrame({"name": [shortened(name, LETTERS[narrow]) for name in heads.rows]})
    names["at"] = HEAD + ROW * names.index + ROW / 2
    small = narrow or n >= SMALL
    above = pd.DataFrame({"text": heads.columns, "centre": np.arange(n) + 0.5, "at": 12, "ink": colours.ink})
    below = above.assign(text=heads.below, at=30, ink=colours.muted)
    fill = alt.Chart(cells[["zero", "full", "top", "bottom", "fill"]]).mark_rect(cornerRadius=2)
    layers = [
        fill.encode(x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "top"), alt.Y2("bottom"),
                    alt.Color("fill", type="nominal", scale=None)),
        _text(cells, x, y, fontSize=11 if small else 13),
        hits(cells, x, y, titles),
        lines(names, y, "name", "at", colours.ink, fontSize=12 if narrow else 13),
        _text(above, x, y, fontSize=11 if small else 13, fontWeight=600),
        _text(below, x, y, fontSize=11 if small else 12),
        *notes(said, y, height + 22, colours),
    ]  # fmt: skip
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _placed(cells: pd.DataFrame, colours: Palette) -> pd.DataFrame:
    places = {"zero": cells["column"] + 0.03, "full": cells["column"] + 0.97, "centre": cells["column"] + 0.5}
    top = HEAD + ROW * cells["row"]
    places |= {"top": top + 1, "bottom": top + ROW - 1, "at": top + ROW / 2}
    fill = [_shade(more, colours) for more in cells["more"]]
    ink = [max(BLACK, WHITE, key=lambda own: contrast(own, colour)) for colour in fill]
    return cells.assign(**places, fill=fill, ink=ink)


def _shade(more: float, colours: Palette) -> str:
    """From the colour of an empty cell to that of more, or of less."""
    if more != more:
        return colours.track
    full = colours.primary if more > 0 else colours.second
    ends = [np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) for colour in (colours.track, full)]
    red, green, blue = (ends[0] + min(abs(more), 1.0) * (ends[1] - ends[0])).round().astype(int)
    return f"#{red:02X}{green:02X}{blue:02X}"


def _text(rows: pd.DataFrame, x: Ruler, y: Ruler, **look: object) -> alt.Chart:
    chart = alt.Chart(rows[["centre", "at", "ink", "text"]]).mark_text(**TEXT | {"align": "center"} | look)
    places = x.place(alt.X, "centre"), y.place(alt.Y, "at")
    return chart.encode(*places, alt.Text("text", type="nominal"), alt.Color("ink", type="nominal", scale=None))
