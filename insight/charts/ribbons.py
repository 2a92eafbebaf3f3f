"""The ribbons of a flow: areas between two columns, each of which can be pointed at and clicked."""

import altair as alt
import pandas as pd

from insight.charts.marks import Ruler

LIT = 0.75  # opacity of the ribbon under the pointer, and of the chosen one


def ribbons(rows: pd.DataFrame, x: Ruler, y: Ruler, keys: list[str], titles: dict[str, str]) -> alt.Chart:
    """One area a ribbon, in a colour and an opacity of its own.

    rows : ribbon (its number), x, upper, lower (four points each), colour, opacity, and the columns named below
    keys : columns that tell which ribbon was clicked, as the selection "ribbon"
    titles : column -> what it is called, of what the pointer finds
    """
    shown = dict.fromkeys(["x", "upper", "lower", "ribbon", "colour", "opacity", *keys, *titles])
    chosen = alt.selection_point(name="ribbon", fields=keys, empty=False)
    under = alt.selection_point(name="under", fields=["ribbon"], on="pointerover", clear="pointerout", empty=False)
    opacity = alt.Opacity("opacity", type="quantitative", scale=None)
    return (
        alt.Chart(rows[list(shown)])
        .mark_area(interpolate="basis", cursor="pointer")
        .encode(
            x.place(alt.X, "x"),
            y.place(alt.Y, "upper"),
            alt.Y2("lower"),
            alt.Detail("ribbon", type="nominal"),
            alt.Color("colour", type="nominal", scale=None),
            alt.when(chosen | under).then(alt.value(LIT)).otherwise(opacity),
            tooltip=[alt.Tooltip(field, type="nominal", title=title) for field, title in titles.items()],
        )
        .add_params(chosen, under)
    )
