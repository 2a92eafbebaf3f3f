"""Rows of estimates: a name and numbers, below them a track with the interval and the estimate on it."""

import altair as alt
import pandas as pd

from insight.charts.marks import Ruler, blocks, dots, lines
from insight.charts.theme import Palette

ROW = 52  # pixels from one row to the next
NAME, TOP = 8, 23  # in a row: middle of the name, top of the track
TRACK = 8  # height of a track
AXIS = 54  # height of the axis with its title


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the heights at which their parts stand."""
    places = {"heading": NAME, "top": TOP, "middle": TOP + TRACK / 2, "bottom": TOP + TRACK}
    return rows.assign(**{name: ROW * rows.index + offset for name, offset in places.items()})


def estimates(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """Tracks from `zero` to `full`, intervals from `low` to `high`, dots at `rate`; hollow where `small`."""
    rated = rows[rows["rate"].notna()]
    small, large = rated[rated["small"]], rated[~rated["small"]]
    return [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(large[large["low"].notna()], x, y, "low", "high", color=colours.soft, cornerRadius=4),
        blocks(small[small["low"].notna()], x, y, "low", "high", color=colours.soft, cornerRadius=4, opacity=0.5),
        dots(large, x, y, "rate", fill=colours.primary, stroke=colours.primary),
        dots(small, x, y, "rate", fill=colours.background, stroke=colours.primary),
    ]


def headings(rows: pd.DataFrame, y: Ruler, colours: Palette, weight: int = 600) -> list[alt.Chart]:
    """`name` on the left, `right` on the right; the name gives way to the numbers."""
    room = {"expr": f"width - {7 * rows['right'].str.len().max() + 12}"}
    return [
        lines(rows, y, "name", "heading", colours.ink, fontSize=14, fontWeight=weight, limit=room),
        lines(rows, y, "right", "heading", colours.ink, x="width", fontSize=14),
    ]
