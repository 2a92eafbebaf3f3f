"""The commonest whole paths in a picture: one row a path, from its first event to its last."""

import textwrap

import altair as alt
import pandas as pd

from insight.charts.journeys_nodes import FIRST_MORE, SECOND_MORE, clear, difference_texts, loops, of_all, share_of
from insight.charts.marks import NOTE, PLAIN, Ruler, blocks, finished, hits, lines, notes, silent
from insight.charts.theme import Palette, palette, shortened
from insight.journeys import END, START, Paths
from insight.journeys.words import backwards, counted, counted_title, node_name, rated
from insight.language import _, confidence, count, percent

MOST = {False: 10, True: 8}  # paths that are drawn; `narrow` -> paths
LINE = {False: 128, True: 48}  # characters in a line of a path
MOST_LINES = 2
BEYOND = {False: 1.2, True: 1.6}  # of the longest bar: beyond it stand the numbers
LETTERS, BAR, BELOW = 17, 7, 22  # pixels: a line of text, a bar, and from there to the next path
ARROW = " → "


def paths_ways(result: Paths, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The commonest whole paths: their events in order, how many took them, and a bar of that share.

    An event that is repeated in a row has its loop count ("×2.3"); a path that ends before the last column says so.
    With two groups each path has a bar for either, in the group's colour where the difference is clear.
    """
    colours = palette(theme)
    if not result.n_units:
        return silent(_("Nobody has such a path in the chosen dates."), colours, narrow)
    rows = _rows(result, narrow, colours, theme)
    said = _notes(result, len(rows), colours, theme)
    height = float(rows["bottom"].iloc[-1]) + 10
    x, y = Ruler((0, 1)), Ruler((0, height), downwards=True)
    titles = {"path": _("Path"), "people": counted_title(result)}
    if rated(result):
        titles |= {"of_all": _("Of all")}
    if rated(result) and result.groups:
        titles |= {"both": _(" : ").join(shortened(group, 20) for group in result.groups), "said": _("Difference")}
    layers = [
        *_bars(rows, x, y, colours, theme, grouped=result.groups is not None),
        *(lines(own, y, "line", "at", colours.ink) for _k, own in _text(rows).groupby("number")),
        lines(rows, y, "right", "middle", colours.muted, x="width", fontSize=12),
        hits(rows, x, y, titles),
        *notes(said, y, height + NOTE, colours),
    ]
    words = "; ".join(f"{path} {share}" for path, share in rows[["path", "right"]].to_numpy())
    description = _(
        "The commonest paths of {customers}: {paths}.", customers=counted(result, result.n_units), paths=words
    )
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _rows(result: Paths, narrow: bool, colours: Palette, theme: str) -> pd.DataFrame:
    """One row a path: its lines of text, its numbers, and where everything stands."""
    paths = result.paths[result.paths["steps"] > 0].head(MOST[narrow])
    rows = paths.reset_index(drop=True)
    rows["path"] = [path_words(result, row) for row in rows.itertuples()]
    rows["lines"] = [_lines(path, LINE[narrow]) for path in rows["path"]]
    rows["people"], rows["of_all"] = rows["n"].map(count), rows["share"].map(percent)
    rows["right"] = rows["people"]
    if rated(result):
        rows["right"] += " · " + rows["share"].map(share_of)
    rows["full"] = float(rows["share"].max()) * BEYOND[narrow]
    rows["end"] = rows["share"]
    if result.groups:
        differences = result.path_differences.set_index("path").loc[paths["path"]].reset_index(drop=True)
        rows = rows.assign(**differences)
        rows = rows.assign(colour=clear(result, rows, colours, theme), **difference_texts(rows))
        rows["right"] = [of_all(result, row) for row in rows.itertuples()]
        rows["full"] = max(rows["share_first"].max(), rows["share_second"].max()) * BEYOND[narrow]
    for column in ("end", "share_first", "share_second"):
        if column in rows:
            rows[column] = rows[column] / rows["full"]
    tall = rows["lines"].map(len) * LETTERS + (2 if result.groups else 1) * BAR + BELOW
    rows["top"] = tall.cumsum() - tall
    rows["bar_top"] = rows["top"] + rows["lines"].map(len) * LETTERS + 3
    rows["bottom"] = rows["bar_top"] + (2 if result.groups else 1) * BAR
    rows["middle"] = (rows["bar_top"] + rows["bottom"]) / 2
    return rows.assign(zero=0.0, full=1.0)


def path_words(result: Paths, row) -> str:
    """A path of `result.paths` as people read it.

    Events with their loop counts, arrows between them, and whether it ends before the last column.
    """
    said = [
        " ".join(filter(None, [event, loops(1, times)])) for event, times in zip(row.events, row.loops, strict=True)
    ]
    if row.ended and result.before is None:
        said.append(node_name(END))
    if row.ended and backwards(result):
        said.insert(0, node_name(START))
    return ARROW.join(said)


def _lines(path: str, most: int) -> list[str]:
    kept = path.replace(" ×", "\u00a0×")  # a loop count stays on the line of its event
    broken = textwrap.wrap(kept, most, break_long_words=False, break_on_hyphens=False) or [""]
    if len(broken) > MOST_LINES:
        broken = [*broken[: MOST_LINES - 1], " ".join(broken[MOST_LINES - 1 :])]
    return [shortened(line, most) for line in broken]


def _text(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a line of text."""
    own = rows[["top", "lines"]].explode("lines", ignore_index=True).rename(columns={"lines": "line"})
    own["number"] = own.groupby("top").cumcount()
    return own.assign(at=own["top"] + LETTERS * (own["number"] + 0.5))


def _bars(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette, theme: str, *, grouped: bool) -> list[alt.Chart]:
    tracks = rows.assign(top=rows["bar_top"])
    if not grouped:
        return [blocks(tracks, x, y, "zero", "end", color=colours.primary, cornerRadius=3)]
    found = []
    for k, (share, hue) in enumerate({"share_first": FIRST_MORE[theme], "share_second": SECOND_MORE[theme]}.items()):
        own = tracks.assign(top=tracks["top"] + k * BAR, bottom=tracks["top"] + (k + 1) * BAR - 1)
        sure = own["colour"] != colours.muted
        found.append(blocks(own[sure], x, y, "zero", share, color=hue, cornerRadius=2))
        found.append(blocks(own[~sure], x, y, "zero", share, color=hue, cornerRadius=2, opacity=0.35))
    return found


def _notes(result: Paths, shown: int, colours: Palette, theme: str) -> list[tuple[str, str]]:
    said = []
    if result.groups:
        for group, colour in zip(result.groups, (FIRST_MORE[theme], SECOND_MORE[theme]), strict=True):
            said.append((colour, shortened(group, 30)))
        said.append((PLAIN, _("Pale: no clear difference ({level} interval).", level=confidence(result.level))))
    if shown < result.n_paths and not rated(result):
        said.append((PLAIN, _("The {n} commonest of {all} paths.", n=count(shown), all=count(result.n_paths))))
    elif shown < result.n_paths:
        share = percent(result.paths["share"].head(shown).sum())
        values = {"n": count(shown), "all": count(result.n_paths), "share": share}
        said.append((PLAIN, _("The {n} commonest of {all} paths: {share} of all.", **values)))
    return said
