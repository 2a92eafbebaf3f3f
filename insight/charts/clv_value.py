"""The value of customers by model in a picture: which tenth holds how much."""

import json

import altair as alt
import pandas as pd

from insight.charts.marks import PLAIN, TEXT, WARNING, Ruler, blocks, finished, hits, notes, silent
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette
from insight.clv.value import CustomerValue
from insight.language import _, count, money, percent

TOP, BOTTOM = 26, 270  # pixels from the top: where bars may go
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
GAP = 0.36  # half the width of a bar


def customer_value_deciles(result: CustomerValue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Customers in tenths by expected value, the highest first: bars of the share of the total that each holds."""
    colours, rows = palette(theme), _tenths(result)
    if not result.total > 0:
        return silent(_("Nothing is expected of anybody: there is no value to share out."), colours, narrow)
    scale = amounts(rows["value_share"], TOP, BOTTOM)
    rows["top"], rows["label_at"] = scale.at(rows["value_share"]), scale.at(rows["value_share"]) - 9
    labels = {int(number): count(number) for number in rows["decile"]}
    look = {"values": list(labels), "labelExpr": f"{json.dumps(labels)}[datum.value]", "grid": False, "labelAngle": 0}
    title = _("Tenths, the highest value first") if narrow else _("Tenths of the customers, the highest value first")
    x = Ruler((0.5, 10.5), axis(colours, title=title, **look))
    y_axis = scale.axis(colours, lambda tick: percent(tick, 0), title=_("Share of the expected value"))
    y = Ruler((0, BOTTOM), y_axis, downwards=True)
    titles = {"name": _("Tenth"), "n": _("Customers"), "share": _("Share of the value"), "total": _("Value")}
    titles |= {"each": _("From, to, for each"), "days": _("Purchase days expected")}
    layers = [
        blocks(rows, x, y, "left", "right", color=colours.primary, cornerRadiusTopLeft=2, cornerRadiusTopRight=2),
        *([] if narrow else [_shares(rows, colours, x, y)]),
        hits(rows.assign(top=0), x, y, titles),
        *notes(_notes(result), y, BOTTOM + NOTES, colours),
    ]
    said = "; ".join(rows["name"] + ": " + rows["share"])
    description = _("Share of the expected value, by tenth: {tenths}.", tenths=said)
    return finished(layers, colours, height=BOTTOM, narrow=narrow, description=description)


def _tenths(result: CustomerValue) -> pd.DataFrame:
    rows = result.deciles[result.deciles["n_customers"] > 0].reset_index(drop=True)
    at = rows["decile"].astype(float)
    rows["left"], rows["right"], rows["zero"], rows["full"] = at - GAP, at + GAP, at - 0.5, at + 0.5
    rows["bottom"], rows["at"], rows["name"] = BOTTOM, at, rows["decile"].map(count)
    rows["n"], rows["share"] = rows["n_customers"].map(count), rows["value_share"].map(lambda own: percent(own, 0))
    rows["total"] = rows["value"].map(lambda own: money(own, result.currency))
    rows["each"] = [
        _("{low} to {high}", low=money(r.lowest), high=money(r.highest, result.currency)) for r in rows.itertuples()
    ]
    return rows.assign(days=rows["expected_purchases"].map(count))


def _shares(rows: pd.DataFrame, colours: Palette, x: Ruler, y: Ruler) -> alt.Chart:
    text = alt.Chart(rows[["at", "label_at", "share"]]).mark_text(**TEXT | {"fontSize": 12}, color=colours.ink)
    return text.encode(x.place(alt.X, "at"), y.place(alt.Y, "label_at"), alt.Text("share", type="nominal"))


def _notes(result: CustomerValue) -> list[tuple[str, str]]:
    said = [(PLAIN, _("All: {value}, of {n} customers", value=money(result.total, result.currency),
                      n=count(result.n_customers)))]  # fmt: skip
    sizes = result.deciles["n_customers"]
    if sizes.max() > 1.5 * max(sizes.min(), 1):
        said.append((PLAIN, _("Equal values share a tenth, so the tenths differ in size.")))
    if result.loses_to_naive:
        said.append((WARNING, _("In the back-test “as often as so far” was closer than the model.")))
    return said
