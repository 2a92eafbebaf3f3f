"""Where the bars and ribbons of a Sankey diagram stand: columns that all add up to the same, no bar over another.

Heights are pixels from the top. Places across run from 0 to 1, so that a page can stretch the picture.
"""

import numpy as np
import pandas as pd

SLOT = 17  # pixels a bar takes at least, with its label
GAP = 9  # pixels between two bars
BENDS = (0.0, 0.42, 0.58, 1.0)  # where a ribbon bends: a spline through these is smooth, and level at both ends


def bar_places(bars: pd.DataFrame, height: float) -> pd.DataFrame:
    """The bars with their heights: `top`, `bottom`, `middle`.

    bars : column (0, 1, ...), size (share of the whole; each column sums to 1), sinks (stands on the floor: who goes no
        further); within a column from the top to the bottom
    height : of the drawing

    >>> bars = pd.DataFrame({"column": [0, 1, 1], "size": [1.0, 0.75, 0.25], "sinks": [False, False, True]})
    >>> bar_places(bars, 109)[["top", "bottom"]].values.tolist()
    [[0.0, 100.0], [0.0, 75.0], [84.0, 109.0]]
    """
    drawn = bars["size"] * pixels_a_whole(bars, height)
    slot = np.maximum(drawn, SLOT)
    taken = (slot + GAP).groupby(bars["column"])
    from_top = taken.cumsum() - slot - GAP
    from_floor = height - (taken.transform("sum") - taken.cumsum()) - slot
    top = from_floor.where(bars["sinks"], from_top) + (slot - drawn) / 2
    return bars.assign(top=top, bottom=top + drawn, middle=top + drawn / 2)


def pixels_a_whole(bars: pd.DataFrame, height: float) -> float:
    """How tall a bar of everybody is, so that the fullest column fits.

    Small bars take a slot each, and the larger ones share what is left.
    """
    return min(_scale(own.to_numpy(), height) for _column, own in bars.groupby("column")["size"])


def _scale(sizes: np.ndarray, height: float) -> float:
    room, large = height - GAP * (len(sizes) - 1), np.sort(sizes)[::-1]
    for k in range(len(large), 0, -1):  # the k largest are taller than a slot
        scale = (room - SLOT * (len(large) - k)) / large[:k].sum()
        if scale * large[k - 1] >= SLOT:
            return scale
    return SLOT / large[0]  # more bars than the drawing has room for


def ribbon_places(flows: pd.DataFrame, bars: pd.DataFrame) -> pd.DataFrame:
    """Four rows a ribbon, from its source to its target: the flow's columns with `x`, `upper`, `lower` and `ribbon`.

    flows : column (of the source), source, target, size; all of them, as where one stands depends on the others
    bars : column, event, left, right, and what `bar_places` adds
    """
    own, places = flows.reset_index(drop=True), bars.set_index(["column", "event"])
    source = places.loc[list(zip(own["column"], own["source"], strict=True))].reset_index(drop=True)
    target = places.loc[list(zip(own["column"] + 1, own["target"], strict=True))].reset_index(drop=True)
    ends = _stacked(own, source, target["top"]), _stacked(own, target, source["top"])
    across = target["left"] - source["right"]
    bends = [own.assign(ribbon=own.index, x=source["right"] + bend * across, **ends[bend > 0.5]) for bend in BENDS]
    return pd.concat(bends).sort_values(["ribbon", "x"], kind="stable", ignore_index=True)


def _stacked(flows: pd.DataFrame, bar: pd.DataFrame, other_end: pd.Series) -> dict[str, pd.Series]:
    """Where each ribbon meets a bar: one below the other, in the order of their other ends."""
    order = np.lexsort((other_end, bar["top"], flows["column"]))
    part = (flows["size"] / bar["size"]).iloc[order]
    before = part.groupby([flows["column"], bar["top"]]).cumsum() - part
    tall = bar["bottom"] - bar["top"]
    upper = (bar["top"] + before * tall).sort_index()
    return {"upper": upper, "lower": upper + part.sort_index() * tall}
