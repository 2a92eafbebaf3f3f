"""Segments by RFM in pictures: the map of scores, and what each segment is and brings."""

import altair as alt
import pandas as pd

from insight.charts.cohorts_grid import BLACK, WHITE, contrast, fills
from insight.charts.estimates import headings
from insight.charts.marks import PLAIN, TEXT, Ruler, blocks, finished, hits, lines, notes, silent
from insight.charts.theme import Palette, palette, shortened
from insight.language import _, _n, compact, count, money, percent
from insight.rfm import Rfm

CELL = {False: 76, True: 78}  # pixels: the height of a cell; `narrow` -> height
HEAD, GAP = 40, 3  # pixels: the scores above the cells; between cells of different names
LEFT = {False: 0.72, True: 0.56}  # cells: the room of the recency scores
LETTER = 6.6  # pixels a character takes, about
ROOM = {False: 640, True: 340}  # pixels a chart has at least
LINE = 14  # pixels from one line of a cell to the next
ROW, TRACK = 58, 10  # pixels: of a segment, of a bar


def rfm_map(result: Rfm, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The 25 cells of scores, recency from the top: the segment's name, how many customers, and what they brought.

    The stronger the colour of a cell, the more of the revenue it brings. Cells of one name touch each other.
    """
    colours = palette(theme)
    rows = _cells(result, theme, colours, narrow)
    height = HEAD + 5 * CELL[narrow]
    x, y = Ruler((-LEFT[narrow], 5)), Ruler((0, height), downwards=True)
    titles = {"segment": _("Segment"), "cell": _("Scores"), "people": _("Customers"), "share": _("Of all customers")}
    titles |= {"brought": _("Revenue"), "part": _("Of the revenue")}
    said = [(PLAIN, _("The stronger the colour, the more of the revenue."))]
    layers = [
        _filled(rows, x, y),
        *_cell_words(rows, x, y, narrow),
        hits(rows, x, y, titles),
        *_scores(result, x, y, colours, narrow),
        *notes(said, y, height + 16, colours),
    ]
    told = "; ".join(
        _("{segment} ({cell}): {people} customers, {brought}", segment=row.segment, cell=row.cell, people=row.people,
          brought=row.brought)
        for row in rows.itertuples()
        if row.n_customers
    )  # fmt: skip
    return finished(layers, colours, height=height, narrow=narrow, description=_("Segments: {cells}.", cells=told))


def cell_name(recency: int, worth: int) -> str:
    """What a cell of the map is called.

    >>> cell_name(5, 4)
    'R 5 · FM 4'
    """
    return _("R {recency} · FM {worth}", recency=recency, worth=worth)


def _cells(result: Rfm, theme: str, colours: Palette, narrow: bool) -> pd.DataFrame:
    """One row a cell: places, colours and texts."""
    rows = result.cells.copy()
    across, down = rows["frequency_monetary_score"] - 1, 5 - rows["recency_score"]
    names = rows.set_index([down, across])["segment"].to_dict()
    room = ROOM[narrow] / (5 + LEFT[narrow])
    edge = {False: GAP / 2, True: 0.0}  # none to a cell of the same name
    places = list(zip(down, across, strict=True))

    def gap(row: int, column: int, name: str) -> float:
        return edge[names.get((row, column)) == name]

    found = [
        {
            "zero": c + gap(r, c - 1, names[r, c]) / room,
            "full": c + 1 - gap(r, c + 1, names[r, c]) / room,
            "top": HEAD + r * CELL[narrow] + gap(r - 1, c, names[r, c]),
            "bottom": HEAD + (r + 1) * CELL[narrow] - gap(r + 1, c, names[r, c]),
            "centre": c + 0.5,
            "middle": HEAD + (r + 0.5) * CELL[narrow],
            "cell": cell_name(5 - r, c + 1),
        }
        for r, c in places
    ]
    rows = pd.concat([rows, pd.DataFrame(found, index=rows.index)], axis=1)
    rows["fill"] = fills(
        rows["revenue"].clip(lower=0) ** 0.5, theme
    )  # as an area: else the best alone would have a colour
    rows["fill"] = rows["fill"].where(rows["n_customers"] > 0, colours.track)
    rows["ink"] = [max(BLACK, WHITE, key=lambda ink, on=fill: contrast(ink, on)) for fill in rows["fill"]]
    rows["ink"] = rows["ink"].where(rows["n_customers"] > 0, colours.muted)
    rows["people"], rows["share"] = (
        rows["n_customers"].map(count),
        (rows["n_customers"] / result.n_customers).map(percent),
    )
    rows["brought"] = [money(own, result.currency) for own in rows["revenue"]]
    rows["part"] = [percent(own / result.revenue) if result.revenue > 0 else "–" for own in rows["revenue"]]
    return rows


def _filled(rows: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    chart = alt.Chart(rows[["zero", "full", "top", "bottom", "fill"]]).mark_rect()
    places = x.place(alt.X, "zero"), alt.X2("full"), y.place(alt.Y, "top"), alt.Y2("bottom")
    return chart.encode(*places, alt.Color("fill", type="nominal", scale=None))


def _cell_words(rows: pd.DataFrame, x: Ruler, y: Ruler, narrow: bool) -> list[alt.Chart]:
    """In each cell its name, on two lines where one has no room, and below that its customers and revenue."""
    room = int(ROOM[narrow] / (5 + LEFT[narrow]) / (5.1 if narrow else LETTER))
    written: list[dict[str, object]] = []
    for row in rows.itertuples():
        said = [(line, 600) for line in _broken(row.segment, room)]
        if row.n_customers:
            people = row.people if narrow else _n("{n} customer", "{n} customers", row.n_customers, n=row.people)
            said += [(people, 400), (compact(row.revenue) if narrow else shortened(row.brought, room), 400)]
        else:
            said.append((_("nobody"), 400))
        first = row.middle - LINE * (len(said) - 1) / 2
        written += [
            {"centre": row.centre, "at": first + LINE * k, "text": text, "ink": row.ink, "weight": weight}
            for k, (text, weight) in enumerate(said)
        ]
    texts, drawn = pd.DataFrame(written), []
    for weight, own in texts.groupby("weight"):
        look = TEXT | {"align": "center", "fontSize": 10 if narrow else 12, "fontWeight": int(weight)}
        chart = alt.Chart(own[["centre", "at", "text", "ink"]]).mark_text(**look)
        places = x.place(alt.X, "centre"), y.place(alt.Y, "at")
        drawn.append(
            chart.encode(*places, alt.Text("text", type="nominal"), alt.Color("ink", type="nominal", scale=None))
        )
    return drawn


def _broken(name: str, most: int) -> list[str]:
    """A name on at most two lines.

    >>> _broken("Need attention", 11), _broken("Lost", 11), _broken("Hibernatingly", 11), _broken("a b c d e", 3)
    (['Need', 'attention'], ['Lost'], ['Hibernatin…'], ['a', 'b…'])
    """
    if len(name) <= most or " " not in name.strip():
        return [shortened(name, most)]
    first, rest = name.split(maxsplit=1)
    return [shortened(first, most), shortened(rest, most)]


def _scores(result: Rfm, x: Ruler, y: Ruler, colours: Palette, narrow: bool) -> list[alt.Chart]:
    """What stands beside the cells: the recency scores with their days, and the other scores above."""
    own = result.scores[result.scores["measure"] == "days_since_last"].iloc[::-1].reset_index(drop=True)
    left = pd.DataFrame({"score": [_("R {score}", score=int(score)) for score in own["score"]]})
    left["days"] = [_days(low, high, narrow) for low, high in zip(own["lowest"], own["highest"], strict=True)]
    left["middle"] = HEAD + (left.index + 0.5) * CELL[narrow] - 8
    left["below"] = left["middle"] + 16
    above = pd.DataFrame(
        {"text": [_("FM {score}", score=k) for k in range(1, 6)], "centre": [k + 0.5 for k in range(5)]}
    )
    above["at"] = 28
    title = pd.DataFrame({"text": [_("Frequency and monetary value: often and for much →")], "at": [8]})
    if narrow:
        title["text"] = _("R: how lately · FM: how often, for how much →")
    look = TEXT | {"align": "center", "fontSize": 12, "color": colours.muted}
    chart = alt.Chart(above[["text", "centre", "at"]]).mark_text(**look)
    return [
        chart.encode(x.place(alt.X, "centre"), y.place(alt.Y, "at"), alt.Text("text", type="nominal")),
        lines(left, y, "score", "middle", colours.ink, fontSize=12, fontWeight=600),
        lines(left, y, "days", "below", colours.muted, fontSize=9 if narrow else 11),
        lines(title, y, "text", "at", colours.muted, fontSize=12),
    ]


def _days(low: float, high: float, narrow: bool) -> str:
    if low != low:
        return _("nobody")
    span = count(low) if low == high else _("{low}–{high}", low=count(low), high=count(high))
    return span if narrow else _("{days} days", days=span)


def rfm_segments(result: Rfm, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Each segment with two bars: its share of the customers, and its share of the revenue."""
    colours = palette(theme)
    rows = result.segments[result.segments["n_customers"] > 0].reset_index(drop=True)
    if not result.revenue > 0:
        return silent(
            _("There is no revenue to share: what was refunded is as much as what was bought."), colours, narrow
        )
    height = ROW * len(rows)
    rows["nothing"] = 0.0
    rows["from"], rows["to"] = rows["revenue_share"].clip(upper=0), rows["revenue_share"].clip(lower=0)
    low, high = min(0.0, rows["from"].min()), max(rows["share"].max(), rows["to"].max())
    rows["zero"], rows["full"] = low, high
    rows["heading"] = ROW * rows.index + 9
    rows["name"] = [shortened(name, 20 if narrow else 50) for name in rows["segment"]]
    rows["people"], rows["of_all"] = rows["n_customers"].map(count), rows["share"].map(percent)
    rows["brought"] = [money(own, result.currency) for own in rows["revenue"]]
    rows["part"] = rows["revenue_share"].map(percent)
    rows["right"] = [_beside(row.of_all, row.part, narrow) for row in rows.itertuples()]
    x, y = Ruler((low, high)), Ruler((0, height), downwards=True)
    titles = {"segment": _("Segment"), "people": _("Customers"), "of_all": _("Of all customers")}
    titles |= {"brought": _("Revenue"), "part": _("Of the revenue")}
    upper, lower = _bar(rows, 20), _bar(rows, 20 + TRACK + 2)
    said = [(colours.soft, _("Share of the customers")), (colours.primary, _("Share of the revenue"))]
    layers = [
        blocks(upper, x, y, "nothing", "share", color=colours.soft, cornerRadius=2),
        blocks(lower, x, y, "from", "to", color=colours.primary, cornerRadius=2),
        hits(rows.assign(top=ROW * rows.index, bottom=ROW * (rows.index + 1) - 4), x, y, titles),
        *headings(rows, y, colours),
        *notes(said, y, height + 14, colours),
    ]
    told = "; ".join(rows["segment"] + " " + rows["of_all"] + " : " + rows["part"])
    description = _("Share of customers and of revenue: {rows}.", rows=told)
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _beside(share: str, part: str, narrow: bool) -> str:
    if narrow:
        return _("{share} : {part}", share=share, part=part)
    return _("{share} of the customers : {part} of the revenue", share=share, part=part)


def _bar(rows: pd.DataFrame, top: int) -> pd.DataFrame:
    return rows.assign(top=ROW * rows.index + top, bottom=ROW * rows.index + top + TRACK)
