"""Renewals in a picture: contracts still there, as seen and as two models tell them ahead."""

import altair as alt

from insight.charts.curves import curve
from insight.charts.marks import PLAIN, Ruler, dots, finished, flag, hits, notes
from insight.charts.scales import amounts
from insight.charts.theme import axis, palette
from insight.language import _, count, percent
from insight.renewals import ContractRenewals

TOP, BOTTOM = 26, 270  # pixels from the top: where curves may go
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
MOST_DOTS = 40


def contract_renewals_curve(result: ContractRenewals, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The share of contracts still there after each renewal: dots as seen, lines by sBG and BdW. The upright rule is
    the end of the data."""
    colours, rows = palette(theme), result.periods.copy()
    scale = amounts([1.0], TOP, BOTTOM)
    rows["at"] = rows["period"].astype(float)
    rows["zero"], rows["full"], rows["top"], rows["bottom"] = rows["at"] - 0.5, rows["at"] + 0.5, 0, BOTTOM
    rows["name"], rows["seen"] = rows["period"].map(count), rows["survival"].map(percent)
    rows["one"], rows["two"] = rows["sbg"].map(percent), rows["bdw"].map(percent)
    end = float(rows["at"].max())
    units = {"week": _("weeks"), "month": _("months"), "year": _("years")}[result.period]
    x_axis = axis(colours, title=_("Renewals made ({units})", units=units), grid=False, format="d",
                  tickCount=min(int(end), 4 if narrow else 10))  # fmt: skip
    x = Ruler((-0.5, end + 0.5), x_axis)
    y_axis = scale.axis(colours, lambda tick: percent(tick, 0), title=_("Still there"))
    y = Ruler((0, BOTTOM), y_axis, downwards=True)
    seen = rows[rows["survival"].notna()]
    seen = seen.iloc[:: -(-len(seen) // MOST_DOTS)].assign(middle=lambda own: scale.at(own["survival"]))
    chosen, other = (colours.primary, colours.muted) if result.model == "sbg" else (colours.muted, colours.primary)
    lines = [curve(rows.assign(middle=scale.at(rows["sbg"])), x, y, "at", color=chosen, strokeDash=[6, 3])]
    if rows["bdw"].notna().any():
        lines.append(curve(rows.assign(middle=scale.at(rows["bdw"])), x, y, "at", color=other, strokeDash=[6, 3]))
    if result.model == "sbg":
        lines.reverse()  # the model in use lies above the other, which may tell the same
    said = [(colours.second, _("As seen")), (chosen, _("Told by sBG"))]
    said += [(other, _("Told by BdW"))] if len(lines) > 1 else []
    said.append((PLAIN, _("Blue is the model in use.")))
    titles = {"name": _("Renewals"), "seen": _("As seen"), "one": _("sBG"), "two": _("BdW")}
    leans = "left" if result.observed > 0.6 * end else "right"
    layers = [
        *lines,
        dots(seen, x, y, "at", size=45, fill=colours.second, stroke=colours.second),
        *flag(result.observed + 0.5, 10, _("the data end here"), x, y, colours, foot=BOTTOM, leans=leans),
        hits(rows, x, y, titles),
        *notes(said, y, BOTTOM + NOTES, colours),
    ]
    some = rows.iloc[:: max(len(rows) // 10, 1)]
    words = "; ".join(some["name"] + ": " + some["seen"] + ", " + some["one"] + ", " + some["two"])
    description = _("Still there, as seen, by sBG, by BdW: {rows}.", rows=words)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)
