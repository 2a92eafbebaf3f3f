"""The groups of an overview in a picture: each with its number, its change and its way through the periods."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.estimates import headings
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, lines, notes, silent
from insight.charts.theme import Palette, palette, shortened
from insight.errors import InsightError
from insight.language import _, confidence, percent
from insight.overview.change import ENOUGH, TOO_FEW
from insight.overview.conversion import Conversion
from insight.overview.sales import Sales
from insight.overview.traffic import Traffic
from insight.overview.words import KIND, TITLES, change_range, change_text, n_text, period_name, range_text, value_text

ROW = 86  # pixels from one group to the next
NAME, TOP, BOTTOM, BELOW = 10, 24, 50, 64  # in a row: middle of the name, the sparkline, middle of the line below
MOST = 130  # periods of a sparkline; of more, the latest
UP, DOWN = "▲", "▼"


def traffic_groups(result: Traffic, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The measure in front of each group, in order of size: its value, its line through the complete periods, its
    change. ▲ ▼ mark a change whose interval does not include 0.

    Raises InsightError for a result without a breakdown.
    """
    return _groups_chart(result, None, palette(theme), narrow)


def sales_groups(result: Sales, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The same of sales."""
    return _groups_chart(result, result.currency, palette(theme), narrow)


def conversion_groups(result: Conversion, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The same of conversion."""
    return _groups_chart(result, None, palette(theme), narrow)


def _groups_chart(result, currency: str | None, colours: Palette, narrow: bool) -> alt.LayerChart:
    if result.groups is None:
        raise InsightError('There are no groups to compare: run it with by="a column" first.')
    rows = _rows(result, currency, narrow)
    if rows.empty:
        return silent(_("There are no groups to show."), colours, narrow)
    height, sparks = ROW * len(rows), _sparks(result, list(rows["group"]))
    span = max(int(sparks["at"].max()) if len(sparks) else 1, 1)
    x, y = Ruler((0, span)), Ruler((0, height), downwards=True)
    titles = {"group": _("Group"), "said": TITLES[result.measure], "part": _("Share of all"), "of": _("Out of")}
    titles |= {"changed": _("Since the period before"), "year": _("Since a year before")}
    clear = rows["mark"] != ""
    whole_line = {"limit": {"expr": "width"}}
    places = x.place(alt.X, "at"), y.place(alt.Y, "y")
    layers = [
        alt.Chart(sparks[["at", "y", "base", "group"]])
        .mark_area(color=colours.soft, opacity=0.35)
        .encode(*places, alt.Y2("base"), alt.Detail("group", type="nominal")),
        alt.Chart(sparks[["at", "y", "group"]])
        .mark_line(color=colours.primary, strokeWidth=1.5)
        .encode(*places, alt.Detail("group", type="nominal")),
        hits(rows.assign(zero=0, full=span, top=ROW * rows.index, bottom=ROW * (rows.index + 1)), x, y, titles),
        *headings(rows, y, colours),
        lines(rows[~clear], y, "line", "below", colours.muted, **whole_line),
        lines(rows[clear], y, "line", "below", colours.ink, fontWeight=600, **whole_line),
        *notes(_notes(result, rows), y, height + 14, colours),
    ]
    description = _("{what} by group: {groups}.", what=TITLES[result.measure],
                    groups="; ".join(rows["group"] + " " + rows["right"]))  # fmt: skip
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _rows(result, currency: str | None, narrow: bool) -> pd.DataFrame:
    """One row a group: its numbers as text, and where everything stands."""
    name, kind = result.measure, KIND[result.measure]
    own = result.groups[result.groups["measure"] == name].reset_index(drop=True)
    rows = own[["group", "n", "value", "change", "change_low", "change_high"]].copy()
    rated = kind in ("share", "mean", "seconds", "price")
    few = (rows["n"] < TOO_FEW) & rated
    rows["small"] = (rows["n"] < ENOUGH) & rated & ~few
    rows["value"] = rows["value"].mask(few)
    rows["name"] = [shortened(group, 22 if narrow else 52) for group in rows["group"]]
    values = [value_text(kind, value, currency) for value in rows["value"]]
    ranges = [range_text(kind, *ends, currency) for ends in own[["ci_low", "ci_high"]].to_numpy()]
    rows["said"] = [v if r == "–" else _("{value} ({interval})", value=v, interval=r)
                    for v, r in zip(values, ranges, strict=True)]  # fmt: skip
    rows["said"] = rows["said"].mask(few, _("too few"))
    rows["part"] = own["share"].map(percent)
    short = pd.Series(values).mask(few, _("too few"))
    rows["right"] = (
        short + (" · " + rows["part"]).where(own["share"].notna(), "") if not rated or narrow else rows["said"]
    )
    rows["of"] = [n_text(name, n) if rated else "–" for n in rows["n"]]
    rows["mark"] = np.select([rows["change_low"] > 0, rows["change_high"] < 0], [f"{UP} ", f"{DOWN} "], "")
    rows["changed"] = [_changed(kind, *ends) for ends in rows[["change", "change_low", "change_high"]].to_numpy()]
    rows["year"] = [_changed(kind, *ends)
                    for ends in own[["year_change", "year_change_low", "year_change_high"]].to_numpy()]  # fmt: skip
    rows["line"] = rows["mark"] + (rows["changed"] if not narrow else [change_text(kind, c) for c in rows["change"]])
    return rows.assign(heading=ROW * rows.index + NAME, below=ROW * rows.index + BELOW)


def _changed(kind: str, change: float, low: float, high: float) -> str:
    if change != change:
        return "–"
    if low != low:
        return _("{change} (too few to tell)", change=change_text(kind, change))
    return _("{change} ({interval})", change=change_text(kind, change), interval=change_range(kind, low, high))


def _sparks(result, groups: list[str]) -> pd.DataFrame:
    """The complete periods of each group, each on a scale of its own row from 0 up."""
    whole = result.group_periods[result.group_periods["observed"] == "full"]
    found = []
    for number, group in enumerate(groups):
        own = whole[whole["group"] == group].tail(MOST)
        value = own[result.measure].astype(float).to_numpy()
        low, high = min(np.nanmin(value, initial=0), 0), max(np.nanmax(value, initial=0), 0)
        base = ROW * number + BOTTOM
        scaled = (value - low) / ((high - low) or 1)
        heights = {"at": np.arange(len(value)), "y": base - scaled * (BOTTOM - TOP), "base": base, "group": group}
        found.append(pd.DataFrame(heights).dropna())
    return pd.concat(found, ignore_index=True)


def _notes(result, rows: pd.DataFrame) -> list[tuple[str, str]]:
    said = [(PLAIN, _("Lines: the complete periods, each group on a scale of its own."))]
    if result.before is not None:
        before = period_name(result.before, result.period)
        level = confidence(result.level)
        said.append(
            (PLAIN, _("Below: the change since {before}, with its {level} interval.", before=before, level=level))
        )
    if (rows["mark"] != "").any():
        said.append((PLAIN, _("▲ ▼ the interval does not include 0; among many groups, one in twenty by chance.")))
    if rows["small"].any():
        said.append((WARNING, _("Some groups are a small sample, fewer than {enough}.", enough=ENOUGH)))
    return said
