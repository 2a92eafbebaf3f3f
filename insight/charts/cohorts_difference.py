"""One group, or one cohort, against all others, period by period."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.cohorts_curves import BOTTOM, DOT, MOST, NOTES, TOP, rulers
from insight.charts.marks import PLAIN, dots, finished, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import palette, shortened
from insight.errors import UnknownValue
from insight.language import _, confidence, points, points_interval
from insight.retention import TOO_FEW, Retention
from insight.retention.words import cohort_name, period_name, periods_title


def retention_difference(
    result: Retention, *, of: str | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """By how many points one group, or one cohort, is retained better or worse than all others, period by period.

    of : a group where there are groups, else a cohort; by default the largest group, or the first cohort
    """
    colours, rows = palette(theme), _differences(result, of)
    name = rows.attrs["name"]
    rows = rows[rows["difference"].notna()].head(MOST).reset_index(drop=True)
    if rows.empty:
        return silent(_why_not(result), colours, narrow)
    limits = rows[["difference_low", "difference_high", "difference"]].to_numpy().ravel()
    scale = amounts(limits, TOP, BOTTOM)
    ticks = {tick: points(tick).removesuffix(".0") for tick in scale.ticks}
    titles_of_axes = periods_title(result), _("Points from all others")
    x, y = rulers(rows["period"], scale, ticks, titles_of_axes, colours, narrow)
    rows = rows.assign(
        middle=scale.at(rows["difference"]),
        low_at=scale.at(rows["difference_low"]),
        high_at=scale.at(rows["difference_high"]),
        when=[period_name(result, k) for k in rows["period"]],
        apart=[_apart(row) for row in rows.itertuples()],
    )
    clear = (rows["difference_low"] > 0) | (rows["difference_high"] < 0)
    zero = pd.DataFrame({"from": [x.domain[0]], "to": [x.domain[1]], "at": [scale.at(0.0)]})
    bars = alt.Chart(rows[["period", "low_at", "high_at"]]).mark_rule(
        color=colours.soft, strokeWidth=5, strokeCap="round"
    )
    places = {"zero": rows["period"] - 0.5, "full": rows["period"] + 0.5, "top": TOP, "bottom": BOTTOM}
    titles = {"when": _("Period"), "apart": _("Points apart")}
    line = alt.Chart(zero).mark_rule(color=colours.muted, strokeDash=[4, 4])
    said = [(colours.soft, _("{level} interval", level=confidence(result.level)))]
    said.append(
        (colours.muted, _("Dashed: no difference. Above it, {name} is retained better.", name=shortened(name, 24)))
    )
    if (~clear).any():
        said.append((PLAIN, _("Hollow: the interval holds 0; chance alone could be it.")))
    layers = [
        line.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "at")),
        bars.encode(x.place(alt.X, "period"), y.place(alt.Y, "low_at"), alt.Y2("high_at")),
        dots(rows[clear], x, y, "period", size=DOT, fill=colours.primary, stroke=colours.primary),
        dots(rows[~clear], x, y, "period", size=DOT, fill=colours.background, stroke=colours.primary),
        hits(rows.assign(**places), x, y, titles),
        *notes(said, y, BOTTOM + NOTES, colours),
    ]
    words = "; ".join(rows["when"] + " " + rows["apart"])
    description = _("{name} against all others: {periods}.", name=name, periods=words)
    return finished(layers, colours, height=BOTTOM + 4, narrow=narrow, description=description)


def _why_not(result: Retention) -> str:
    """Why nothing can be compared."""
    if result.cohort == "recurring":
        return _("There is nothing to compare: the same customers stand on both sides.")
    if result.criterion == "on_or_after":
        return _("On or after cannot be compared: who came earlier has had more time.")
    return _("There is nothing to compare: no period is over for both sides.")


def _apart(row) -> str:
    range_ = points_interval(row.difference_low, row.difference_high)
    return _("{difference} ({interval})", difference=points(row.difference), interval=range_)


def _differences(result: Retention, of: str | None) -> pd.DataFrame:
    """The rows of a group or of a cohort, from period 1 on; its name in `attrs`."""
    table, column = (result.cells, "cohort") if result.groups is None else (result.groups, "group")
    names = list(dict.fromkeys(table[column]))
    if of is None:
        of = names[0] if names else ""
    elif of not in names:
        raise UnknownValue(column, of, names)
    rows = table[(table[column] == of) & (table["period"] > 0)].copy()
    few = rows["n_customers"] < TOO_FEW
    rows.loc[few, ["difference", "difference_low", "difference_high"]] = np.nan
    rows.attrs["name"] = cohort_name(result, of) if column == "cohort" and of else of
    return rows
