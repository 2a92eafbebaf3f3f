"""How segments respond to what they were sent: a grid of rates, and each segment against the average."""

import altair as alt
import pandas as pd

from insight.charts.cohorts_grid import INNER, LETTER, NAMES, Grid, grid_chart
from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, silent, ticks
from insight.charts.theme import axis, palette, shortened
from insight.language import _, confidence, count, interval, percent

SMALL = 30  # customers; fewer are a small sample
STANDING = {
    "above": _("above the others"),
    "below": _("below the others"),
    "cannot tell": _("cannot be told from the others"),
    "too few": _("too few to compare"),
}
WHAT = {"open": _("Messages opened"), "click": _("Messages clicked"), "unsub": _("Messages unsubscribed after")}


def contact_response_map(result, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Segments by channels or campaigns: each cell's text is its rate, its colour the index against the average of its
    column; hatched: fewer than 30 customers. The first row is everybody."""
    colours, cells = palette(theme), _with_average(result)
    names = [_("Everyone"), *result.groups["group"]]
    ways = result.throughs["through"].tolist()
    sizes = [result.n_customers, *result.groups["n_customers"]]
    cells["row"] = cells["who"].map({name: k for k, name in enumerate([None, *result.groups["group"]])}).astype(int)
    cells["column"] = cells["through"].map({name: k for k, name in enumerate(ways)}).astype(int)
    cells["hatched"], cells["rising"] = cells["n_customers"] < SMALL, False
    cells["value"] = cells["index"].clip(upper=200).where(~cells["hatched"])
    cells["text"] = [percent(rate) if rate == rate else "" for rate in cells["rate"]]
    cells["cell"] = [f"{name} · {way}" for name, way in cells[["name", "through"]].to_numpy()]
    cells["said"] = [_said(row) for row in cells.itertuples()]
    told = zip(cells["index"], cells["standing"], strict=True)
    cells["against"] = [f"{count(n)} · {STANDING.get(how, '')}".strip(" ·") if n == n else "–" for n, how in told]
    cells["n"] = [_("{messages} messages to {n} customers", messages=count(m), n=count(n))
                  for m, n in cells[["messages", "n_customers"]].to_numpy()]  # fmt: skip
    room = INNER[narrow] * (1 - NAMES[narrow]) / max(len(ways), 1)
    letters = max(int(room / (1.4 * LETTER)), 3)  # of a head, so that none is left out
    grid = Grid(
        names=[shortened(name, 12 if narrow else 18) for name in names], sizes=[count(n) for n in sizes],
        small=[n < SMALL for n in sizes], heads=[shortened(way, letters) for way in ways],
        above=result.through or "", beside=_("Customers"),
    )  # fmt: skip
    said = [(PLAIN, _("{what}. Colour: against the average of the column.", what=WHAT[result.response]))]
    if cells["hatched"].any():
        said.append((WARNING, _("Hatched: fewer than {n} customers.", n=SMALL)))
    words = "; ".join(f"{own.cell}: {own.text}" for own in cells.itertuples() if own.text)
    titles = {"cell": _("Who, and what"), "said": _("Rate"), "n": _("Out of"), "against": _("Index")}
    return grid_chart(
        cells, grid, colours, titles, said, narrow=narrow, description=_("{words}.", words=words)
    )  # fmt: skip


def _with_average(result) -> pd.DataFrame:
    """The cells, and above them those of everybody."""
    whole = result.throughs.assign(who=None, name=_("Everyone"), index=100.0, standing="")
    cells = result.cells.assign(who=result.cells["group"], name=result.cells["group"])
    columns = ["who", "name", "through", "n_customers", "messages", "rate", "ci_low", "ci_high", "index", "standing"]
    return pd.concat([whole[columns], cells[columns]], ignore_index=True)


def _said(row) -> str:
    if row.rate != row.rate:
        return _("too few customers for a rate")
    return _("{rate} ({interval})", rate=percent(row.rate), interval=interval(row.ci_low, row.ci_high))


def contact_response_groups(result, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Each segment's rate over all it was sent, with its interval; the upright line is the rate of everybody. Hollow:
    fewer than 30 customers."""
    colours, rows = palette(theme), result.groups.copy()
    if not rows["rate"].notna().any():
        return silent(_("There is nothing to compare: no segment has ten customers."), colours, narrow)
    rows["low"], rows["high"], rows["small"] = rows["ci_low"], rows["ci_high"], rows["n_customers"] < SMALL
    full = min(1.0, 1.1 * float(rows[["high", "rate"]].max().max()) or 1.0)
    rows["zero"], rows["full"], rows["average"] = 0.0, full, result.rate
    rows["said"] = [_said(row) for row in rows.itertuples()]
    rows["against"] = [_("index {n}", n=count(n)) if n == n else "–" for n in rows["index"]]
    rows["n"] = [_("{messages} messages to {n} customers", messages=count(m), n=count(n))
                 for m, n in rows[["messages", "n_customers"]].to_numpy()]  # fmt: skip
    rows["right"] = rows["said"] if narrow else rows["said"] + " · " + rows["against"]
    rows["name"] = [shortened(own, 18 if narrow else 50) for own in rows["group"]]
    rows = placed(rows)
    look = {"title": WHAT[result.response], "tickCount": 4 if narrow else 8, "grid": False}
    look["format"] = ".1%" if full < 0.1 else ".0%"
    x, y = Ruler((0, full), axis(colours, **look)), Ruler((0, ROW * len(rows)), downwards=True)
    said = [
        (colours.soft, _("{level} interval", level=confidence(result.level))),
        (colours.ink, _("Everyone: {rate}", rate=percent(result.rate))),
    ]
    if rows["small"].any():
        said.append((WARNING, _("Hollow: fewer than {n} customers.", n=SMALL)))
    titles = {"group": _("Segment"), "said": _("Rate"), "n": _("Out of"), "against": _("Against the average")}
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows, x, y, "average", TRACK + 12, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(said, y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["group"] + " " + rows["said"])
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=_("{words}.", words=words))
