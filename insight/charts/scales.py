"""An axis of amounts in pixels from the top: round steps, and labels with units."""

import json
from dataclasses import dataclass

import altair as alt
import numpy as np

from insight.charts.theme import Palette, axis

STEPS = (1, 2, 5)
SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)
MOST_TICKS = 5


@dataclass(frozen=True)
class Amounts:
    """Where amounts stand between two heights: `ticks` from the lowest to the highest, both included.

    top, bottom : pixels from the top
    """

    ticks: tuple[float, ...]
    top: float
    bottom: float

    def at(self, amount: object) -> object:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (amount - low) / (high - low) * (self.bottom - self.top)

    def axis(self, colours: Palette, label, **more: object) -> alt.Axis:
        """The axis, with `label(tick)` as the text of each."""
        labels = {round(float(self.at(tick))): label(tick) for tick in self.ticks}
        return axis(colours, values=list(labels), labelExpr=f"{json.dumps(labels)}[datum.value]", **more)


def amounts(values: object, top: float, bottom: float, *, whole: bool = False, seconds: bool = False) -> Amounts:
    """A scale from 0 (or below) to the largest of these values, in at most five round steps.

    >>> amounts([3.2, 41], 0, 100).ticks
    (0.0, 10.0, 20.0, 30.0, 40.0, 50.0)
    """
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    low, high = float(min(0, known.min(initial=0))), float(max(0, known.max(initial=0)))
    if low == high:
        high = 1.0
    step = _step(high - low, whole, seconds)
    first, last = int(np.floor(low / step)), int(np.ceil(high / step - 1e-9))
    return Amounts(tuple(step * k for k in range(first, last + 1)), top, bottom)


def _step(span: float, whole: bool, seconds: bool) -> float:
    if seconds:
        return float(next((step for step in SECONDS if span <= MOST_TICKS * step), 86_400 * np.ceil(span / 432_000)))
    power = float(10.0 ** np.floor(np.log10(span / MOST_TICKS)))
    step = next(factor * power for factor in (*STEPS, 10) if span <= MOST_TICKS * factor * power * (1 + 1e-9))
    return max(step, 1.0) if whole else step
