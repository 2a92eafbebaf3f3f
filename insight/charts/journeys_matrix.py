"""Journeys as tables in colour: the events at each step, and which event follows which."""

from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.journeys_nodes import clear, columns_with_news, difference_texts, people_notes, share_of
from insight.charts.marks import NOTE, PLAIN, TEXT, Ruler, blocks, finished, hits, notes, silent
from insight.charts.theme import Palette, palette, shortened
from insight.journeys import END, SPECIAL, START, Paths, Transitions
from insight.journeys.words import backwards, column_name, counted, counted_title, node_name, rated
from insight.language import _, count, percent, points

ROW = 30  # pixels from one row to the next
NAMES = {False: 0.19, True: 0.34}  # width of the names on the left, as a part of the whole; `narrow` -> width
PAGE = {False: 1040, True: 350}  # pixels: the width that names are shortened for
CHARACTER = 6.6  # pixels, about
MOST_STEPS = {False: 21, True: 6}  # columns of the step matrix
MOST_EVENTS = {False: 16, True: 12}  # rows of the step matrix; the others are one row
MOST_KINDS = {False: 12, True: 6}  # events of the transition matrix
SLANT = -32  # degrees of the headings of the transition matrix
LOWEST = 0.06  # of a colour's way from the track to the full colour, for the least that is there at all


def paths_steps(result: Paths, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The step matrix: the share of all at each event, step by step; each column adds up to 100%.

    The commonest events have a row each, all others one. With two groups: the first group's share minus the second's in
    points, in the colour of the group that does it more often; grey where the interval of the difference holds 0, and
    empty where the event has no name of its own in that column.
    """
    colours = palette(theme)
    if not result.n_units:
        return silent(_("Nobody has such a path in the chosen dates."), colours, narrow)
    every = [position for position in columns_with_news(result) if position]  # 0 holds everybody
    most = MOST_STEPS[narrow]
    positions = every[-most:] if backwards(result) else every[:most]
    cells = _compared_cells(result, positions) if result.groups else _step_cells(result, positions, MOST_EVENTS[narrow])
    cells["column"] = cells["position"].map({position: at for at, position in enumerate(positions)})
    if result.groups:
        hue = clear(result, cells, colours, theme)
        cells["colour"] = hue.mask(hue == colours.muted, colours.track)
    else:
        cells["colour"] = _shades(cells["share"], colours)
    cells["step"] = [column_name(result, position) for position in cells["position"]]
    titles = {"name": _("Event"), "step": _("Column"), "people": counted_title(result)}
    if not rated(result):
        cells["text"] = cells["people"]
    elif not result.groups:
        titles |= {"said": _("Of all")}
    else:
        titles |= {"said": _("Difference in points"), "both": _(" : ").join(shortened(g, 20) for g in result.groups)}
    heads = [column_name(result, position) for position in positions]
    if len(heads) > 8 or narrow:
        heads = [str(position).replace("-", "−") for position in positions]
    said = people_notes(result, colours.track, theme)
    if len(positions) < len(every):
        said.append((PLAIN, _("{n} of {all} columns fit on this screen.", n=len(positions), all=len(every))))
    words = _("Shares at each step, of {customers}.", customers=counted(result, result.n_units))
    return _matrix(cells, heads, titles, said, words, colours, narrow=narrow)


def _step_cells(result: Paths, positions: list[int], most: int) -> pd.DataFrame:
    """One row a cell: events, one row for all that are rarer, and who is not at an event."""
    steps = result.steps[result.steps["position"].isin(positions)]
    special = steps["event"].isin(SPECIAL)
    sizes = steps[~special].groupby("event")["n"].sum().sort_values(ascending=False, kind="stable")
    named = list(sizes.index[:most] if len(sizes) > most + 1 else sizes.index)
    other = _("Other ({n} kinds)", n=count(len(sizes) - len(named)))
    names = steps["event"].map(node_name).where(special | steps["event"].isin(named), other)
    cells = steps.assign(name=names).groupby(["position", "name"], sort=False)["n"].sum().reset_index()
    rows = [*map(node_name, named), other, *map(node_name, SPECIAL)]
    cells["row"] = _rows(cells["name"], rows)
    cells["share"] = cells["n"] / result.n_units
    cells["people"], cells["said"] = cells["n"].map(count), cells["share"].map(percent)
    return cells.assign(text=cells["share"].map(share_of))


def _compared_cells(result: Paths, positions: list[int]) -> pd.DataFrame:
    """One row a node that is drawn: by how many points its share differs between the groups."""
    nodes = result.nodes.merge(result.node_differences, on=["position", "event"])
    cells = nodes[nodes["position"].isin(positions)].reset_index(drop=True)
    special = cells["event"].isin(SPECIAL)
    cells["name"] = cells["event"].map(node_name).where(cells["is_event"] | special, _("Other"))
    sizes = cells[cells["is_event"]].groupby("name")["n"].sum().sort_values(ascending=False, kind="stable")
    cells["row"] = _rows(cells["name"], [*sizes.index, _("Other"), *map(node_name, SPECIAL)])
    cells["people"], cells["text"] = cells["n"].map(count), cells["difference"].map(points)
    return cells.assign(**difference_texts(cells))


def _rows(names: pd.Series, order: list[str]) -> pd.Series:
    """The number of each name's row, in this order, without gaps."""
    there = [name for name in order if name in set(names)]
    return names.map({name: row for row, name in enumerate(there)})


def transitions_matrix(
    result: Transitions, *, people: bool = False, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """Which event directly follows which: of all that leave an event (a row), the share that goes to each (a column).

    The commonest events have a name; what leaves to others is added up in Other.
    people : of the customers who have the event, the share to whom it ever happens instead; rows add up to more than
        100% then, as one customer may go both ways
    """
    colours = palette(theme)
    if result.counts.empty:
        return silent(_("There is no event to follow."), colours, narrow)
    kinds, most = result.kinds["event"].tolist(), MOST_KINDS[narrow]
    named = kinds[:most] if len(kinds) > most + 1 else kinds
    other = _("Other ({n} kinds)", n=count(len(kinds) - len(named)))
    cells = _passages(result, named, other, people)
    across = [event for event in (*named, other, END) if event in set(cells["target"])]
    cells["column"] = cells["target"].map({event: at for at, event in enumerate(across)})
    cells["row"] = _rows(cells["from_event"], [START, *named])
    cells["name"] = cells["from_event"].mask(cells["from_event"] == START, _("begins with"))
    cells["to"], cells["times"], cells["said"] = (
        cells["target"].map(node_name), cells["n"].map(count), cells["share"].map(percent),
    )  # fmt: skip
    cells["text"] = cells["share"].map(partial(share_of, few=narrow))
    cells["colour"] = _shades(cells["share"], colours)
    titles = {"name": _("From"), "to": _("To"), "times": _("Times"), "said": _("Of all that leave it")}
    said = [(PLAIN, _("Each row adds up to 100%."))]
    if people:
        titles |= {"times": _("Customers"), "said": _("Of those who have the first event")}
        said = [(PLAIN, _("Of those who have the event in the row: to whom it ever happens."))]
    if len(named) < len(kinds):
        said.append((PLAIN, _("The {n} commonest of {all} kinds of event.", n=len(named), all=count(len(kinds)))))
    words = _("Which event follows which, of {customers}.", customers=counted(result, result.n_units))
    heads = [node_name(event, short=True) for event in across]
    return _matrix(cells, heads, titles, said, words, colours, narrow=narrow, slant=SLANT)


def _passages(result: Transitions, named: list[str], other: str, people: bool) -> pd.DataFrame:
    """From each event with a name to each: from_event, target, n, share."""
    rows = result.counts[result.counts["from_event"].isin([START, *named])]
    there = rows["to_event"].isin([END, *named])
    if people:  # different customers cannot be added up to Other
        rows = rows[there].rename(columns={"to_event": "target", "customers": "n"}).reset_index(drop=True)
        have = result.kinds.set_index("event")["customers"].to_dict() | {START: result.n_customers}
        return rows.assign(share=rows["n"] / rows["from_event"].map(have))
    rows = rows.assign(target=rows["to_event"].where(there, other))
    cells = rows.groupby(["from_event", "target"], sort=False)["count"].sum().rename("n").reset_index()
    return cells.assign(share=cells["n"] / cells.groupby("from_event")["n"].transform("sum"))


def _shades(shares: pd.Series, colours: Palette) -> list[str]:
    """The colours of shares: from the track of a bar to the colour of the data, which the largest share has."""
    ends = list(zip(_channels(colours.track), _channels(colours.primary), strict=True))
    ways = LOWEST + (1 - LOWEST) * shares / shares.max()
    return ["#" + "".join(f"{round(low + way * (high - low)):02X}" for low, high in ends) for way in ways]


def _channels(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [(c / 255) / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def _ink_on(colour: str) -> str:
    """Black or white, whichever is read more easily on a colour."""
    return "#FFFFFF" if _luminance(colour) < 0.19 else "#10141F"


def _matrix(
    cells: pd.DataFrame, heads: list[str], titles: dict[str, str], said: list[tuple[str, str]], words: str,
    colours: Palette, *, narrow: bool, slant: float = 0,
) -> alt.LayerChart:  # fmt: skip
    """Cells with `row`, `column`, `name` (of the row), `text`, `colour` and the texts of the tooltip."""
    width = (1 - NAMES[narrow]) / len(heads)
    rows = cells.sort_values(["row", "column"], ignore_index=True)
    rows = rows.assign(
        zero=NAMES[narrow] + rows["column"] * width, top=rows["row"] * ROW + 1, bottom=(rows["row"] + 1) * ROW - 1
    )
    rows["full"], rows["middle"] = rows["zero"] + width * 0.97, (rows["top"] + rows["bottom"]) / 2
    rows["centre"], rows["ink"] = (rows["zero"] + rows["full"]) / 2, rows["colour"].map(_ink_on)
    above, height = (64 if slant else 26), ROW * (int(rows["row"].max()) + 1)
    x, y = Ruler((0, 1)), Ruler((-above, height), downwards=True)
    names, room = rows.drop_duplicates("row"), int(NAMES[narrow] * PAGE[narrow] / CHARACTER)
    names = names[["middle"]].assign(name=[shortened(name, room) for name in names["name"]], at=0.0)
    layers = [
        _cells(rows, x, y),
        _text(rows, x, y, "centre", "middle", "text", {"align": "center", "fontSize": 11 if narrow else 12}, "ink"),
        _text(names, x, y, "at", "middle", "name", {"align": "left", "color": colours.ink}),
        _heads(heads, width, x, y, colours, narrow, slant),
        hits(rows, x, y, titles),
        *notes(said, y, height + NOTE, colours),
    ]
    return finished(layers, colours, height=height + above, narrow=narrow, description=words)


def _cells(rows: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    chart = blocks(rows, x, y, "zero", "full", cornerRadius=3)
    chart.data = rows[["zero", "full", "top", "bottom", "colour"]]
    return chart.encode(alt.Color("colour", type="nominal", scale=None))


def _text(
    rows: pd.DataFrame, x: Ruler, y: Ruler, across: str, at: str, text: str, look: dict, colour: str = ""
) -> alt.Chart:
    chart = alt.Chart(rows[[across, at, text, *([colour] if colour else [])]]).mark_text(**TEXT | look)
    hue = [alt.Color(colour, type="nominal", scale=None)] if colour else []
    return chart.encode(x.place(alt.X, across), y.place(alt.Y, at), alt.Text(text, type="nominal"), *hue)


def _heads(
    heads: list[str], width: float, x: Ruler, y: Ruler, colours: Palette, narrow: bool, slant: float
) -> alt.Chart:
    most = (9 if narrow else 16) if slant else max(int(width * PAGE[narrow] / CHARACTER), 2)
    rows = pd.DataFrame({"name": [shortened(name, most) for name in heads], "above": -10})
    rows["at"] = NAMES[narrow] + width * (rows.index + (0.3 if slant else 0.5))
    look = {"color": colours.muted, "fontSize": 11 if narrow else 12, "angle": slant % 360}
    return _text(rows, x, y, "at", "above", "name", look | {"align": "left" if slant else "center"})
