"""The hours of the week in a picture: the darker, the more happens in such an hour."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.marks import PLAIN, Ruler, finished, hits, lines, notes, silent
from insight.charts.theme import Palette, axis, palette
from insight.language import _, count, decimal, money
from insight.overview.rhythm import Rhythm
from insight.overview.rhythm_words import cell_name, measure_name, weekday_names
from insight.periods import WEEKDAYS

CELL = 30  # pixels: height of a weekday
WEEKDAY_BARS = 34  # pixels from one weekday to the next where hours are unknown


def rhythm_map(result: Rhythm, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """A cell an hour of the week, the darker the more happens in such an hour on average.

    Where the file has no clock times: a bar a weekday. On a narrow screen an hour in three has a label.
    """
    colours = palette(theme)
    if not result.n:
        return silent(_("Nothing of this happened in these days."), colours, narrow)
    rows = _rows(result)
    if result.dates_only:
        return _bars(result, rows, colours, narrow)
    height, most = CELL * 7, float(rows["per_occurrence"].max())
    every = 6 if narrow else 3
    labels = {hour: f"{hour:02}:00" for hour in range(0, 24, every)}
    text = " : ".join(f"datum.value == {hour} ? '{label}'" for hour, label in labels.items()) + " : ''"
    scale = axis(colours, values=list(labels), labelExpr=text, grid=False, title=_zone(result), labelAlign="left")
    x, y = Ruler((-2.9 if narrow else -1.4, 24), scale), Ruler((0, height), downwards=True)
    cells = rows.assign(zero=rows["hour"].astype(float), full=rows["hour"].astype(float) + 1)
    cells = cells.assign(top=CELL * cells["day"], bottom=CELL * (cells["day"] + 1))
    titles = {"name": _("When"), "mean": _("On average"), "total": measure_name(result), "times": _("Such hours")}
    shade = alt.Color(
        "per_occurrence", type="quantitative", legend=None,
        scale=alt.Scale(domain=[0, most or 1], range=[colours.track, colours.primary]),
    )  # fmt: skip
    drawn = cells[["zero", "full", "top", "bottom", "per_occurrence"]].assign(
        zero=cells["zero"] + 0.04, full=cells["full"] - 0.04, top=cells["top"] + 1, bottom=cells["bottom"] - 1
    )
    map_ = alt.Chart(drawn).mark_rect(cornerRadius=2).encode(
        x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "top"), alt.Y2("bottom"), shade
    )  # fmt: skip
    days = pd.DataFrame({"day": weekday_names(short=True), "at": CELL * np.arange(7) + CELL / 2})
    layers = [
        map_,
        hits(cells, x, y, titles),
        lines(days, y, "day", "at", colours.muted),
        *notes(_notes(result, rows, colours), y, height + 52, colours),
    ]
    return finished(layers, colours, height=height, narrow=narrow, description=_description(result, rows))


def _bars(result: Rhythm, rows: pd.DataFrame, colours: Palette, narrow: bool) -> alt.LayerChart:
    """A bar a weekday."""
    height, most = WEEKDAY_BARS * 7, float(rows["per_occurrence"].max())
    title = _("{what} on such a day, on average", what=measure_name(result))
    low = -0.16 * most if narrow else -0.09 * most
    x = Ruler((low, 1.05 * most), axis(colours, title=title, tickCount=4, grid=False, format="~s"))
    y = Ruler((0, height), downwards=True)
    places = {"zero": 0.0, "full": rows["per_occurrence"], "top": WEEKDAY_BARS * rows["day"] + 6}
    rows = rows.assign(**places, at=WEEKDAY_BARS * rows["day"] + WEEKDAY_BARS / 2)
    rows = rows.assign(bottom=WEEKDAY_BARS * (rows["day"] + 1) - 6, short=weekday_names(short=True))
    titles = {"name": _("When"), "mean": _("On average"), "total": measure_name(result), "times": _("Such days")}
    bar = alt.Chart(rows[["zero", "full", "top", "bottom"]]).mark_rect(color=colours.primary, cornerRadius=3)
    layers = [
        bar.encode(x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "top"), alt.Y2("bottom")),
        hits(rows, x, y, titles),
        lines(rows, y, "short", "at", colours.muted),
        *notes([(PLAIN, _("The file has days without clock times: its hours are unknown."))], y, height + 54, colours),
    ]
    return finished(layers, colours, height=height, narrow=narrow, description=_description(result, rows))


def _rows(result: Rhythm) -> pd.DataFrame:
    rows = result.cells.copy()
    rows["day"] = rows["weekday"].map({name: number for number, name in enumerate(WEEKDAYS)})
    rows["name"] = [cell_name(row.weekday, row.hour) for row in rows.itertuples()]
    rows["mean"] = [_amount(result, value) for value in rows["per_occurrence"]]
    rows["total"] = [_amount(result, value) for value in rows["value"]]
    rows["times"] = rows["occurrences"].map(decimal)
    return rows


def _amount(result: Rhythm, value: float) -> str:
    return money(value, result.currency) if result.measure == "revenue" else decimal(value)


def _zone(result: Rhythm) -> str:
    if result.timezone is None:
        return _("Hour, as the file has it")
    return _("Hour in {timezone}", timezone=result.timezone)


def _notes(result: Rhythm, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    busiest = rows.loc[rows["per_occurrence"].idxmax()]
    return [
        (colours.track, _("Nothing")),
        (colours.primary, _("The most: {when}, {mean} in such an hour", when=busiest["name"], mean=busiest["mean"])),
        (PLAIN, _("{n} in all. A cell is a mean over all such hours of the data.", n=count(result.n))),
    ]


def _description(result: Rhythm, rows: pd.DataFrame) -> str:
    top = rows.sort_values("per_occurrence", ascending=False).head(3)
    said = "; ".join(top["name"] + " " + top["mean"])
    return _("{what} by weekday and hour, the most at: {cells}.", what=measure_name(result), cells=said)
