"""Customers who move between segments, in flows: from the fifths to limits of one's own, and between two days."""

from datetime import date

import altair as alt
import pandas as pd

from insight.charts.journeys_layout import bar_places, ribbon_places
from insight.charts.marks import TEXT, Ruler, finished, notes, silent
from insight.charts.ribbons import ribbons
from insight.charts.theme import Palette, palette, shortened
from insight.language import _, count, day, money, percent
from insight.rfm import Rfm
from insight.rfm.movement import NOBODY_YET, RfmMovement

A_BAR, SHORT, TALL = 38, 240, 480  # pixels: of the drawing
HEADINGS = 26  # pixels above the drawing
NAMES = {False: 0.24, True: 0.33}  # of the width, on either side: the names of the bars
BAR = {False: 0.012, True: 0.022}  # of the width
CHARACTERS = {False: 34, True: 15}  # of a name with its number
RIBBON, STAYED = 0.45, 0.35  # opacity of a flow, and of who stays


def rfm_moves(result: Rfm, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Where limits of one's own take customers: segments by fifths on the left, by the limits on the right."""
    if result.moves is None:
        sentence = _("With limits of your own, this picture shows whom they take to another segment.")
        return silent(sentence, palette(theme), narrow)
    names = result.segments["segment"].tolist()
    heads = (_("By fifths"), _("By your limits"))
    told = _("Brought")
    return _flow(result.moves, names, heads, told, result.currency, theme, narrow)


def rfm_movement_flow(result: RfmMovement, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Who was in which segment on one day, and who is in which on the later one; new customers come in below."""
    heads = tuple(day(date.fromisoformat(one)) for one in (result.before, result.as_of))
    return _flow(result.moves, result.names, heads, _("Bought in between"), result.currency, theme, narrow)


def _flow(
    moves: pd.DataFrame, names: list[str], heads: tuple[str, str], told: str, currency: str | None, theme: str,
    narrow: bool,
) -> alt.LayerChart:  # fmt: skip
    """The flow. names : segments, best first; heads : above the columns; told : what the revenue of a flow is."""
    colours = palette(theme)
    bars = _bars(moves, names)
    height = float(min(max(A_BAR * bars.groupby("column").size().max(), SHORT), TALL))
    bars = bar_places(bars, height)
    left, width = NAMES[narrow], BAR[narrow]
    bars["left"] = bars["column"].map({0: left, 1: 1 - left - width})
    bars["right"] = bars["left"] + width
    flows = _flows(moves, names, colours, told, currency)
    x, y = Ruler((0, 1)), Ruler((-HEADINGS, height), downwards=True)
    layers = [
        _ribbons(ribbon_places(flows, bars), x, y, told),
        _blocks(bars, x, y, colours),
        *_words(bars, x, y, colours, narrow),
        *_heads(heads, bars, x, y, colours),
        *notes(_keys(flows), y, height + 18, colours),
    ]
    description = _("{first} to {second}: {rows}.", first=heads[0], second=heads[1], rows=_in_words(flows))
    return finished(layers, colours, height=height + HEADINGS, narrow=narrow, description=description)


def _bars(moves: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """One row a segment with somebody at either end, best first: column, event (its name), n, size, sinks."""
    total, found = moves["n_customers"].sum(), []
    for column, end in enumerate(("from_segment", "to_segment")):
        n = moves.groupby(end)["n_customers"].sum()
        own = [name for name in [*names, NOBODY_YET] if name in n.index]
        found += [{"column": column, "event": name, "n": int(n[name]), "sinks": name == NOBODY_YET} for name in own]
    return pd.DataFrame(found).assign(size=lambda bars: bars["n"] / total)


def _flows(moves: pd.DataFrame, names: list[str], colours: Palette, told: str, currency: str | None) -> pd.DataFrame:
    """One row a ribbon with its colour: whether it leads up, down, or nowhere, in the order of the segments."""
    rank = {name: place for place, name in enumerate(names)}
    flows = moves.assign(column=0, source=moves["from_segment"], target=moves["to_segment"])
    flows["size"] = flows["n_customers"] / flows["n_customers"].sum()
    end = flows["target"].map(rank)
    start = flows["source"].map(rank)
    kinds = {
        "first": (flows["source"] == NOBODY_YET, colours.primary, _("First purchase in between")),
        "same": (start == end, colours.muted, _("The same segment")),
        "up": (end < start, colours.second, _("Up, to a segment further above")),
        "down": (end > start, colours.warning, _("Down, to a segment further below")),
    }
    flows["way"], flows["colour"], flows["opacity"] = "", "", RIBBON
    for where, colour, words in kinds.values():
        flows.loc[where, ["way", "colour"]] = [words, colour]
    flows.loc[start == end, "opacity"] = STAYED
    flows["people"], flows["of_source"] = flows["n_customers"].map(count), flows["share"].map(percent)
    flows["brought"] = [money(own, currency) for own in flows["revenue"]]
    return flows


def _ribbons(rows: pd.DataFrame, x: Ruler, y: Ruler, told: str) -> alt.Chart:
    titles = {"from_segment": _("From"), "to_segment": _("To"), "people": _("Customers")}
    titles |= {"of_source": _("Of those on the left"), "brought": told}
    return ribbons(rows, x, y, ["from_segment", "to_segment"], titles)


def _blocks(bars: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    rows = bars.assign(bottom=bars[["bottom"]].assign(least=bars["top"] + 1.5).max(axis=1))
    chart = alt.Chart(rows[["left", "right", "top", "bottom"]]).mark_rect(color=colours.ink, cornerRadius=1)
    return chart.encode(x.place(alt.X, "left"), alt.X2("right"), y.place(alt.Y, "top"), alt.Y2("bottom"))


def _words(bars: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette, narrow: bool) -> list[alt.Chart]:
    """Beside each bar its name and how many are in it."""
    words = [
        _("{name} {n}", name=shortened(bar.event, CHARACTERS[narrow] - len(count(bar.n)) - 1), n=count(bar.n))
        for bar in bars.itertuples()
    ]
    rows, drawn = bars.assign(words=words), []
    for column, at, look in ((0, "left", {"align": "right", "dx": -6}), (1, "right", {"align": "left", "dx": 6})):
        own = rows[rows["column"] == column][[at, "middle", "words"]]
        chart = alt.Chart(own).mark_text(**TEXT | {"color": colours.ink, "fontSize": 11 if narrow else 13} | look)
        drawn.append(chart.encode(x.place(alt.X, at), y.place(alt.Y, "middle"), alt.Text("words", type="nominal")))
    return drawn


def _heads(heads: tuple[str, str], bars: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """What the columns are, above them."""
    drawn = []
    for column, head, at, align in ((0, heads[0], "right", "right"), (1, heads[1], "left", "left")):
        row = bars[bars["column"] == column][[at]].head(1).assign(y=-HEADINGS + 8, head=head)
        look = TEXT | {"align": align, "color": colours.muted, "fontSize": 12, "fontWeight": 600}
        chart = alt.Chart(row).mark_text(**look)
        drawn.append(chart.encode(x.place(alt.X, at), y.place(alt.Y, "y"), alt.Text("head", type="nominal")))
    return drawn


def _keys(flows: pd.DataFrame) -> list[tuple[str, str]]:
    """What the colours mean, of those that are drawn."""
    return list(dict.fromkeys(zip(flows["colour"], flows["way"], strict=True)))


def _in_words(flows: pd.DataFrame) -> str:
    largest = flows.sort_values("n_customers", ascending=False, kind="stable")
    return "; ".join(
        _("{source} → {target} {n}", source=row.source, target=row.target, n=row.people) for row in largest.itertuples()
    )
