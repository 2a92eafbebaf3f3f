"""How often is too often, in pictures: outcomes by the number of messages in a week, and what a cap holds back."""

import altair as alt
import pandas as pd

from insight.charts.estimates import AXIS, ROW, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, silent
from insight.charts.theme import axis, palette
from insight.language import _, confidence, count, interval, percent

SMALL = 30  # customers; fewer are a small sample
WHAT = {"open": _("Messages opened"), "click": _("Messages clicked"), "unsub": _("Messages unsubscribed after")}


def contact_pressure_unsub(result, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """How often a message was followed by an unsubscription, by how many the customer was sent in the week up to it.
    Hollow: fewer than 30 customers."""
    return _rates(result, "unsub", theme, narrow)


def contact_pressure_opens(result, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """How often a message was opened, by how many the customer was sent in the week up to it. Hollow: fewer than 30
    customers."""
    return _rates(result, "open", theme, narrow)


def _rates(result, outcome: str, theme: str, narrow: bool) -> alt.LayerChart:
    colours = palette(theme)
    rows = result.rates[(result.rates["outcome"] == outcome) & (result.rates["messages"] > 0)].reset_index(drop=True)
    if not rows["rate"].notna().any():
        return silent(_("There is nothing to draw: no number of messages was sent to ten customers."), colours, narrow)
    rows = rows.assign(low=rows["ci_low"], high=rows["ci_high"], small=rows["n_customers"] < SMALL)
    full = min(1.0, 1.1 * float(rows[["high", "rate"]].max().max()) or 1.0)
    digits = 2 if full < 0.05 else 1
    rows["zero"], rows["full"] = 0.0, full
    rows["name"] = [_("{n} in the week", n=n) for n in rows["in_week"]]
    rows["said"] = [_said(row, digits) for row in rows.itertuples()]
    rows["n"] = [_("{messages} messages to {n} customers", messages=count(m), n=count(n))
                 for m, n in rows[["messages", "n_customers"]].to_numpy()]  # fmt: skip
    rows["right"] = rows["said"] if narrow else rows["said"] + " · " + rows["n"]
    rows = placed(rows)
    look = {"title": WHAT[outcome], "tickCount": 4 if narrow else 8, "grid": False}
    look["format"] = ".2%" if full < 0.02 else ".1%" if full < 0.1 else ".0%"
    x, y = Ruler((0, full), axis(colours, **look)), Ruler((0, ROW * len(rows)), downwards=True)
    said = [
        (colours.soft, _("{level} interval", level=confidence(result.level))),
        (PLAIN, _("Different people stand in the rows: no effect of the number.")),
    ]
    if rows["small"].any():
        said.append((WARNING, _("Hollow: fewer than {n} customers.", n=SMALL)))
    layers = [
        *estimates(rows, x, y, colours),
        hits(rows, x, y, {"name": _("Messages"), "said": _("Rate"), "n": _("Out of")}),
        *headings(rows, y, colours),
        *notes(said, y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["name"] + " " + rows["said"])
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=_("{words}.", words=words))


def _said(row: pd.Series, digits: int) -> str:
    if row.rate != row.rate:
        return _("too few customers for a rate")
    return _("{rate} ({interval})", rate=percent(row.rate, digits), interval=interval(row.ci_low, row.ci_high))
