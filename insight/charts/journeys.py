"""Paths in a picture: a Sankey diagram whose columns all add up to the same number of people."""

import altair as alt
import pandas as pd

from insight.charts.journeys_layout import bar_places, ribbon_places
from insight.charts.journeys_nodes import (
    bars_of,
    clear,
    columns_drawn,
    columns_with_news,
    difference_texts,
    of_all,
    people_notes,
)
from insight.charts.marks import NOTE, PLAIN, TEXT, Ruler, finished, notes, silent
from insight.charts.ribbons import ribbons
from insight.charts.theme import Palette, palette, shortened
from insight.journeys import END, START, Paths
from insight.journeys.words import column_name, counted, counted_title, node_name, rated
from insight.language import _, _n, count, percent

LEAST = 0.005  # share of all from which a flow is drawn
SHORT, TALL, A_BAR, BASE = 200, 480, 34, 140  # pixels: of the drawing; each bar of the fullest column adds some
HEADINGS = 30  # pixels above the drawing
BAR = {False: 0.011, True: 0.024}  # width of a bar, as a part of the whole; `narrow` -> width
START_ROOM = {False: 0.62, True: 0.3}  # from the start to the next column, as a part of the usual way
CHARACTER = 6.3  # pixels, about
PAGE = {False: 1040, True: 350}  # pixels: the width that names are shortened for
RIBBON, GONE = 0.3, 0.5  # opacity of a flow, and of who goes no further
CLEAR, UNCLEAR = 0.6, 0.2  # of a flow that one group takes more often, and of one where that is not sure


def paths_sankey(
    result: Paths, *, first: int | None = None, least: float = LEAST, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """Who goes from which event to which, column by column: bars of events, ribbons of those who go on.

    All columns add up to the same: who does nothing further stays in a grey bar on the floor, rare events share a bar
    called Other. Beside a bar stand its share of all, and how often the event is repeated in a row ("×2.3"). With two
    groups both shares stand there, bars and ribbons are as tall as the mean of both, and their colour says which group
    does it more often; grey where the interval of the difference holds 0.

    first : the position of the first column that is drawn; several columns fit side by side, on a phone fewer
    least : flows of a smaller share are not drawn; bars keep their size, and a note says how many there are
    """
    colours = palette(theme)
    if not result.n_units:
        return silent(_("Nobody has such a path in the chosen dates."), colours, narrow)
    positions = columns_drawn(result, first, narrow)
    bars = bars_of(result, positions, colours, theme)
    height = float(min(max(BASE + A_BAR * bars.groupby("column").size().max(), SHORT), TALL))
    bars = _across(bar_places(bars, height), result, len(positions), narrow)
    flows = _flows(result, positions, bars, colours, theme)
    ribbons = ribbon_places(flows, bars)
    drawn = ribbons[(ribbons["size"] >= least) & (ribbons["size"] > 0)]
    said = _notes(result, positions, flows, least, colours, theme)
    x, y = Ruler((0, 1)), Ruler((-HEADINGS, height), downwards=True)
    layers = [
        _ribbons(result, drawn, x, y),
        _bars(result, bars, x, y),
        *_names(bars, x, y, colours, narrow),
        _headings(result, bars, x, y, colours, narrow),
        *notes(said, y, height + NOTE, colours),
    ]
    whole = height + HEADINGS
    return finished(layers, colours, height=whole, narrow=narrow, description=_description(result, bars))


def _across(bars: pd.DataFrame, result: Paths, columns: int, narrow: bool) -> pd.DataFrame:
    """The bars with `left` and `right`, and `room` to the next column (or the edge), for their words."""
    alone = bars[bars["column"] == 0]["event"].tolist() == [START]  # the start needs no long name beside it
    width, first = BAR[narrow], START_ROOM[narrow] if alone else 1.0
    way = (1 - width) / (columns - 1 + first)
    lefts = [0.0, *(way * (first + k) for k in range(columns - 1))]
    bars["left"] = bars["column"].map(dict(enumerate(lefts)))
    bars["room"] = bars["column"].map(lambda column: (first if column == 0 else 1.0) * way - width)
    return bars.assign(right=bars["left"] + width)


def _flows(result: Paths, positions: list[int], bars: pd.DataFrame, colours: Palette, theme: str) -> pd.DataFrame:
    """One row a ribbon between drawn columns: `size`, `colour`, `opacity`, and the texts of its tooltip."""
    flows = result.flows[result.flows["position"].isin(positions[:-1])].copy()
    flows["size"], flows["column"] = flows["share"], flows["position"] - positions[0]
    if result.groups:
        flows = flows.merge(result.flow_differences, on=["position", "source", "target"])
        flows["size"] = (flows["share_first"] + flows["share_second"]) / 2
        flows = flows[flows["size"] > 0]
        flows["colour"] = clear(result, flows, colours, theme)
        flows["opacity"] = (flows["colour"] == colours.muted).map({True: UNCLEAR, False: CLEAR})
    else:
        hue = bars.set_index(["column", "event"])["colour"]
        by = [(row.column + row.source.startswith(START), row.source, row.target) for row in flows.itertuples()]
        flows["colour"] = [hue[column, target if source == START else source] for column, source, target in by]
        gone = (flows["target"] == END) | (flows["source"] == START) & (flows["position"] < 0)
        flows["colour"] = flows["colour"].mask(gone, colours.line)
        flows["opacity"] = gone.map({True: GONE, False: RIBBON})
    flows["from"] = flows["source"].map(node_name).mask(flows["position"].eq(0) & flows["source"].eq(START), _("Start"))
    flows["to"] = flows["target"].map(node_name)
    flows["people"], flows["of_all"] = flows["n"].map(count), flows["share"].map(percent)
    flows["of_source"] = flows["source_share"].map(percent)
    return flows


def _compared(result: Paths) -> dict[str, str]:
    """What the texts of two groups are called."""
    if not result.groups:
        return {}
    return {"both": _(" : ").join(shortened(group, 20) for group in result.groups), "said": _("Difference in points")}


def _ribbons(result: Paths, rows: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    titles = {"from": _("From"), "to": _("To"), "people": counted_title(result)}
    if rated(result):
        titles |= {"of_all": _("Of all"), "of_source": _("Of those at the bar before")} | _compared(result)
    if result.groups:
        rows = rows.assign(**difference_texts(rows))
    return ribbons(rows, x, y, ["position", "source", "target"], titles)


def _bars(result: Paths, bars: pd.DataFrame, x: Ruler, y: Ruler) -> alt.Chart:
    titles = {"name": _("Event"), "step": _("Column"), "people": counted_title(result)}
    titles |= {"again": _("Repeat it there")} | ({"of_all": _("Of all")} | _compared(result) if rated(result) else {})
    rows = bars.assign(
        name=bars["event"].map(node_name).mask(bars["position"].eq(0) & bars["event"].eq(START), _("Start")),
        step=[column_name(result, position) for position in bars["position"]],
        people=bars["n"].map(count), of_all=bars["share"].map(percent), again=bars["repeated"].map(count),
        bottom=bars[["bottom"]].assign(least=bars["top"] + 1.5).max(axis=1),
    )  # fmt: skip
    if result.groups:
        rows = rows.assign(**difference_texts(rows))
    chart = alt.Chart(rows[["left", "right", "top", "bottom", "colour", "position", "event", *titles]])
    chosen = alt.selection_point(name="bar", fields=["position", "event"], empty=False)
    return (
        chart.mark_rect(cursor="pointer", cornerRadius=1)
        .encode(
            x.place(alt.X, "left"),
            alt.X2("right"),
            y.place(alt.Y, "top"),
            alt.Y2("bottom"),
            alt.Color("colour", type="nominal", scale=None),
            strokeWidth=alt.when(chosen).then(alt.value(5)).otherwise(alt.value(0)),
            stroke=alt.Stroke("colour", type="nominal", scale=None),
            tooltip=[alt.Tooltip(field, type="nominal", title=title) for field, title in titles.items()],
        )
        .add_params(chosen)
    )


def _names(bars: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette, narrow: bool) -> list[alt.Chart]:
    """What stands beside the bars, on an outline in the colour of the page; the pointer goes through."""
    most = (bars["room"] * PAGE[narrow] / CHARACTER).astype(int)
    fits = bars["words"].str.len() <= most
    words = zip(bars["words"].where(fits, bars["few_words"]), most, strict=True)
    rows = bars[["right", "middle"]].assign(words=[shortened(text, room) for text, room in words])
    look = TEXT | {"align": "left", "dx": 5, "fontSize": 11 if narrow else 12, "tooltip": None}
    halo = {"color": colours.background, "stroke": colours.background, "strokeWidth": 3, "opacity": 0.8}
    places = x.place(alt.X, "right"), y.place(alt.Y, "middle"), alt.Text("words", type="nominal")
    chart = alt.Chart(rows)
    return [chart.mark_text(**look | more).encode(*places) for more in (halo, {"color": colours.ink})]


def _headings(result: Paths, bars: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette, narrow: bool) -> alt.Chart:
    own = bars.drop_duplicates("column")
    most = (own["room"] * PAGE[narrow] / CHARACTER).astype(int)
    said = [column_name(result, position) for position in own["position"]]
    fitting = [shortened(name, room) if room > 4 else "" for name, room in zip(said, most, strict=True)]
    rows = own[["left"]].assign(y=-16, heading=fitting)
    look = TEXT | {"align": "left", "fontSize": 12, "fontWeight": 600, "color": colours.muted}
    chart = alt.Chart(rows).mark_text(**look)
    return chart.encode(x.place(alt.X, "left"), y.place(alt.Y, "y"), alt.Text("heading", type="nominal"))


def _notes(
    result: Paths, positions: list[int], flows: pd.DataFrame, least: float, colours: Palette, theme: str
) -> list[tuple[str, str]]:
    said = people_notes(result, colours.muted, theme)
    every = len(columns_with_news(result))
    if len(positions) < every:
        shown = [column_name(result, position) for position in (positions[0], positions[-1])]
        values = {"n": len(positions), "all": every, "first": shortened(shown[0], 12), "last": shortened(shown[1], 12)}
        said.append((PLAIN, _("{n} of {all} columns: {first} to {last}; the step matrix has all.", **values)))
    if result.groups:
        said.append((PLAIN, _("Each column adds up to 100% of either group.")))
        said.append((PLAIN, _("Heights are the mean of both groups.")))
    else:
        said.append((PLAIN, _("Each column adds up to {customers}.", customers=counted(result, result.n_units))))
    small = int((flows["size"] < least).sum())
    if small:
        n = count(small)
        said.append(
            (PLAIN, _n("{n} flow below {least} is not drawn.", "{n} flows below {least} are not drawn.", small, n=n,
                       least=percent(least)))
        )  # fmt: skip
    said.append((PLAIN, _("A ribbon is one hop: it does not know what came before.")))
    return said


def _description(result: Paths, bars: pd.DataFrame) -> str:
    columns = []
    for position, own in bars.groupby("position"):
        names = [_("{name} {share}", name=node_name(row.event), share=of_all(result, row)) for row in own.itertuples()]
        columns.append(_("{column}: {names}", column=column_name(result, position), names=", ".join(names)))
    return _("Paths of {customers}. {columns}.", customers=counted(result, result.n_units), columns="; ".join(columns))
