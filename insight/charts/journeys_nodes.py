"""The nodes of a flow as they are drawn: which columns, in which order, in which colour, under which name."""

import numpy as np
import pandas as pd

from insight.charts.marks import WARNING
from insight.charts.theme import Palette, shortened
from insight.funnel import ENOUGH, TOO_FEW
from insight.journeys import ARRIVED, END, MORE, START, Paths
from insight.journeys.words import backwards, counted, node_name, rated
from insight.language import _, confidence, count, percent, points, points_interval

MOST_COLUMNS = {False: 6, True: 3}  # drawn side by side, the start aside; `narrow` -> columns
# colours of events, in order of their size; neighbours differ also for eyes that do not tell red from green
EVENTS = {
    "light": ("#3E6AE1", "#0E9384", "#D97B1F", "#A65AC2", "#C2497E", "#8A9A1F", "#3A9BC9", "#A8623B"),
    "dark": ("#7C9CFF", "#3FBFAE", "#F0A45A", "#C68BE0", "#EC83AE", "#B9C75A", "#6FC3EA", "#D69A77"),
}
FURTHER = {"light": "#7F8CA6", "dark": "#74819E"}  # of all other events: a colour that comes again would mislead
# of two groups: which does it more often; red and blue that everybody tells apart
FIRST_MORE = {"light": "#C4461F", "dark": "#F08A63"}
SECOND_MORE = {"light": "#2F5BEA", "dark": "#6F92FF"}
LOOPED = 1.05  # repeats of an event in a row that are worth a word


def columns_drawn(result: Paths, first: int | None, narrow: bool) -> list[int]:
    """The positions drawn side by side: from `first` on as many as fit; without it those at the start or anchor."""
    every, most = columns_with_news(result), MOST_COLUMNS[narrow]
    begin = every.index(first) if first in every else len(every) - most if backwards(result) else 0
    begin = max(min(begin, len(every) - most), 0)
    from_start = begin == 0 and result.after is None and result.before is None
    return every[begin : begin + most + from_start]


def columns_with_news(result: Paths) -> list[int]:
    """All positions, without those in which everybody only goes on waiting as in the column beside it."""
    by_position = result.nodes.groupby("position")["event"]
    over = {at for at, events in by_position if len(events) == 1 and events.iloc[0] in (END, ARRIVED, START) and at}
    beside = 1 if backwards(result) else -1
    return [int(at) for at in sorted(by_position.groups) if at not in over or at + beside not in over]


def bars_of(result: Paths, positions: list[int], colours: Palette, theme: str) -> pd.DataFrame:
    """One row a bar, from the top to the bottom of each column.

    column, position, event, n, size (share; of two groups the mean of both shares), sinks, colour, words, few_words
    (where there is little room), and of two groups share_first, share_second, difference, ci_low, ci_high
    """
    bars = result.nodes[result.nodes["position"].isin(positions)].copy()
    bars["size"] = bars["share"]
    if result.groups:
        bars = bars.merge(result.node_differences, on=["position", "event"])
        bars["size"] = (bars["share_first"] + bars["share_second"]) / 2
        bars = bars[bars["size"] > 0]
    bars["column"] = bars["position"] - positions[0]
    going, rank = bars["event"].isin([END, ARRIVED]), _ranks(result)
    bars["sinks"] = going | (bars["event"] == START) & (bars["position"] < 0)
    last = len(rank)
    bars["rank"] = (
        bars["event"].map(rank).fillna(last).mask(bars["event"] == MORE, last + 1).mask(bars["sinks"], last + 2)
    )
    bars["colour"] = _colours(bars, rank, colours, theme) if not result.groups else clear(result, bars, colours, theme)
    for column, short in {"words": False, "few_words": True}.items():
        bars[column] = [_words(result, bar, short) for bar in bars.itertuples()]
    return bars.sort_values(["column", "rank"], kind="stable", ignore_index=True)


def _ranks(result: Paths) -> dict[str, int]:
    """Events from the most to the least people over all columns: each has its height and its colour in every column."""
    events = result.nodes[result.nodes["is_event"]]
    sizes = events.groupby("event", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    return {event: rank for rank, event in enumerate(sizes.index)}


def _colours(bars: pd.DataFrame, rank: dict[str, int], colours: Palette, theme: str) -> pd.Series:
    own = dict(enumerate(EVENTS[theme]))
    hue = bars["event"].map({event: own.get(k, FURTHER[theme]) for event, k in rank.items()})
    hue = hue.mask(bars["sinks"], colours.line).mask(bars["event"] == ARRIVED, colours.second)
    return hue.fillna(colours.muted)


def clear(result: Paths, rows: pd.DataFrame, colours: Palette, theme: str) -> pd.Series:
    """The colour of a difference: of the group that does it more often, grey where the interval does not tell."""
    more, less = rated(result) & (rows["ci_low"] > 0), rated(result) & (rows["ci_high"] < 0)
    found = np.select([more, less], [FIRST_MORE[theme], SECOND_MORE[theme]], colours.muted)
    return pd.Series(found, index=rows.index)


def difference_texts(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Of two groups, for a tooltip: `both` shares, and what is `said` of their difference, with its interval."""
    pairs = zip(rows["share_first"].map(percent), rows["share_second"].map(percent), strict=True)
    return {
        "both": [_("{first} : {second}", first=first, second=second) for first, second in pairs],
        "said": [
            _("{points} ({interval})", points=points(row.difference), interval=points_interval(row.ci_low, row.ci_high))
            for row in rows.itertuples()
        ],
    }


def share_of(share: float, few: bool = False) -> str:
    """A share where there is little room; `few` : in whole percent.

    >>> share_of(0.4312), share_of(0.0431), share_of(0.0431, few=True), share_of(0.0002), share_of(0.9997)
    ('43%', '4.3%', '4%', '<0.1%', '99.9%')
    """
    if few and share < 0.995:
        return percent(share, 0) if share >= 0.005 or not share else _("<1%")
    if 0 < share < 0.001:
        return _("<0.1%")
    if 0.995 <= share < 1:
        return percent(min(share, 0.999))  # not all
    return percent(share, 0 if share >= 0.095 else 1)


def loops(n: int, rows: int) -> str:
    """How often an event is repeated in a row; nothing where it hardly is.

    >>> loops(100, 230), loops(100, 101), loops(100, 0)
    ('×2.3', '', '')
    """
    return f"×{rows / n:.1f}" if n and rows / n >= LOOPED else ""


def of_all(result: Paths, row) -> str:
    """The share of a node or path, of two groups that of each; of few people how many there are."""
    if result.groups and rated(result):
        return _("{first} : {second}", first=share_of(row.share_first), second=share_of(row.share_second))
    if result.groups:
        return _("{first} : {second}", first=count(row.n_first), second=count(row.n_second))
    return share_of(row.share) if rated(result) else count(row.n)


def people_notes(result: Paths, unclear: str, theme: str) -> list[tuple[str, str]]:
    """Lines under a picture: the colours of two groups, and a warning where there are few people.

    unclear : the colour of differences that are not sure
    """
    if not rated(result):
        return [(WARNING, _("Fewer than {few}: counts, no shares.", few=TOO_FEW))]
    said = []
    if result.groups:
        for group, colour in zip(result.groups, (FIRST_MORE[theme], SECOND_MORE[theme]), strict=True):
            said.append((colour, _("More often: {group}", group=shortened(group, 24))))
        said.append((unclear, _("No clear difference ({level} interval)", level=confidence(result.level))))
    if min([result.n_units, *(result.group_sizes or [])]) < ENOUGH:
        said.append((WARNING, _("Small sample: fewer than {enough}.", enough=ENOUGH)))
    return said


def _words(result: Paths, bar, short: bool) -> str:
    """What stands beside a bar: its share, and its name unless the heading above says it."""
    if bar.event == START and bar.position == 0:
        if short:
            return ""
        if result.groups:
            return _("{first} : {second}", first=count(result.group_sizes[0]), second=count(result.group_sizes[1]))
        return counted(result, result.n_units)
    again = "" if short else loops(bar.n, bar.rows)
    return " ".join(filter(None, [of_all(result, bar), node_name(bar.event, short=short), again]))
