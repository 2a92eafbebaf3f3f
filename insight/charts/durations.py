"""How long something takes: a histogram with an axis that a person reads, from seconds to years."""

import json
from bisect import bisect_right

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.marks import Ruler, blocks, finished, flag, hits
from insight.charts.theme import Palette, axis
from insight.language import _, count, duration, percent

MINUTE, HOUR, DAY = 60, 3600, 86_400
# edges a person would choose, each about twice the one before: times to convert run from seconds to months
LADDER = [0, 1, 2, 4, 8, 15, 30, *(m * MINUTE for m in (1, 2, 4, 8, 15, 30)), *(h * HOUR for h in (1, 2, 4, 7, 13))]
LADDER += [d * DAY for d in (1, 2, 4, 7, 14, 30, 60, 110, 200, *(365 * 2**k for k in range(9)))]
LANDMARKS = {1, 15, MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY, 30 * DAY, *(365 * DAY * 4**k for k in range(5))}
WIDTHS = [1, 2, 5, 10, 15, 30, *(m * MINUTE for m in (1, 2, 5, 10, 15, 30)), *(h * HOUR for h in (1, 2, 3, 6, 12))]
WIDTHS += [d * DAY for d in (1, 2, 7, 14, 30, 60, 90, 180, 365, 1460)]
FEWEST_BINS, MOST_BINS = 10, 40
SKEWED = 10  # times whose long end is this many times the short end are drawn in bins that grow
HEIGHT = 270  # pixels
ROOM = 1.3  # of the highest bar: above it stand the flags


def duration_histogram(
    times: pd.DataFrame,
    marks: dict[str, float],
    title: str,
    colours: Palette,
    *,
    whole_days: bool,
    narrow: bool,
    counted: str,
) -> alt.LayerChart:
    """Customers (or what else is `counted`) by the time they took.

    times : seconds (whole, rounded down), n (customers); at least one row
    marks : flags, the topmost first: a label and its seconds
    title : of the axis of time
    whole_days : the times are known to the day only
    """
    edges, even = _edges(times, whole_days)
    bins = _bins(times, edges)
    top, last = ROOM * float(bins["top"].max()), len(edges) - 1
    growing = [] if even else [_("Each bar spans about twice the one before")]
    x = Ruler((0, last), time_axis(colours, edges, 5 if narrow else 12, title=[title, *growing]))
    ticks = min(4, int(bins["top"].max()))  # no half customers
    y = Ruler((0, top), axis(colours, title=counted, tickCount=ticks, format="~s"))
    titles = {
        "time": _("Time"),
        "n": counted,
        "share": _("Of those who arrived"),
        "so_far": _("Arrived by then"),
    }
    layers = [
        blocks(bins, x, y, "left", "right", color=colours.primary, cornerRadiusTopLeft=2, cornerRadiusTopRight=2),
        hits(bins, x, y, titles),
    ]
    middle, label_width = (DAY if whole_days else 1) / 2, (0.5 if narrow else 0.25) * last
    for depth, (label, seconds) in enumerate(marks.items()):
        at = float(np.interp(seconds + middle, edges, range(len(edges))))
        # the upper flag has the space to its right for itself, the lower one (earlier in time) that to its left
        leans = "right" if at < (last - label_width if depth == 0 else label_width) else "left"
        layers += flag(at, (0.95 - 0.09 * depth) * top, label, x, y, colours, leans=leans)
    return finished(layers, colours, height=HEIGHT, narrow=narrow, description=". ".join([title, *marks]))


def _edges(times: pd.DataFrame, whole_days: bool) -> tuple[list[int], bool]:
    """Where bins begin and end, and whether they are of equal length."""
    seconds, unit = times["seconds"].to_numpy(int), DAY if whole_days else 1
    so_far = times["n"].cumsum() / times["n"].sum()
    low, high = (max(int(seconds[so_far.searchsorted(q)]), unit) for q in (0.25, 0.9))
    quickest, slowest = int(seconds[0]), int(seconds[-1])
    even = slowest < MOST_BINS * unit or (high <= SKEWED * low and slowest <= SKEWED * high)
    return time_edges(quickest, slowest, even=even, whole_days=whole_days), even


def time_edges(shortest: int, longest: int, *, even: bool, whole_days: bool) -> list[int]:
    """Edges of 10 to 40 bins that hold times from `shortest` to `longest` seconds.

    even : bins of equal length from 0 on; otherwise each is about twice as long as the one before
    whole_days : no edge inside a day

    >>> time_edges(0, 3, even=True, whole_days=False), time_edges(70, 900, even=False, whole_days=False)[:5]
    ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [30, 60, 120, 240, 480])
    """
    unit = DAY if whole_days else 1
    if even:
        width = next(w for w in WIDTHS if w >= unit and longest // w < MOST_BINS)
        return [k * width for k in range(max(longest // width + 1, FEWEST_BINS) + 1)]
    edges = [edge for edge in LADDER if edge % unit == 0]
    first = max(min(bisect_right(edges, shortest) - 2, len(edges) - FEWEST_BINS - 1), 0)
    return edges[first : max(bisect_right(edges, longest), first + FEWEST_BINS) + 1]


def time_axis(colours: Palette, edges: list[int], most: int, **more: object) -> alt.Axis:
    """An axis on which the k-th edge stands at k, with about `most` labels: landmarks such as 1 h where bins grow."""
    width, n = edges[1] - edges[0], len(edges)
    if edges[-1] - edges[-2] == width:
        every = next((w // width for w in WIDTHS if w % width == 0 and n * width <= most * w), -(-n // most))
        shown = range(0, n, every)
    else:
        shown = [k for k in range(n) if n <= most or edges[k] in LANDMARKS]
    labels = json.dumps({k: duration(edges[k]) for k in shown})
    look = {"values": list(shown), "labelExpr": f"{labels}[datum.value]"}
    return axis(colours, grid=False, labelOverlap="greedy", labelSeparation=8, **look, **more)


def _bins(times: pd.DataFrame, edges: list[int]) -> pd.DataFrame:
    """Customers by bin of time, the k-th bin standing from k to k + 1; no row for an empty bin."""
    number = np.searchsorted(edges, times["seconds"].to_numpy(int), side="right") - 1
    n = pd.Series(np.bincount(number, weights=times["n"].to_numpy(float), minlength=len(edges) - 1))
    bins = pd.DataFrame({"left": n.index + 0.06, "right": n.index + 0.94, "top": n, "bottom": 0})
    bins["zero"], bins["full"] = bins["left"], bins["right"]
    bins["n"], bins["share"] = n.map(count), (n / n.sum()).map(percent)
    bins["so_far"] = (n.cumsum() / n.sum()).map(percent)
    bins["time"] = [f"{duration(a)} – {duration(b)}" for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return bins[n > 0]
