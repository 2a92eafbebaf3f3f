"""An axis of factors, on which twice as much is the same way everywhere: for ratios that differ by far."""

import json
import math

import altair as alt
import pandas as pd

from insight.charts.theme import Palette, axis

ROUND = (1, 2, 5)


def factor_bounds(drawn: pd.DataFrame, values: pd.Series) -> tuple[float, float]:
    """Round numbers around every positive one to draw, at least a factor of ten apart.

    drawn : all that is drawn; values : the estimates among it

    >>> factor_bounds(pd.DataFrame({"low": [0.3], "high": [8.0]}), pd.Series([2.0]))
    (0.2, 10.0)
    """
    known = drawn.astype(float).stack()
    known = known[known > 0]
    least = max(known.min(), values[values > 0].min() / 10)  # an end near 0 would take all the room
    low, high = _round(least, down=True), _round(known.max(), down=False)
    return low, max(high, 10 * low)


def _round(value: float, *, down: bool) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    steps = [factor * power for factor in (*ROUND, 10)]
    if down:
        return max(step for step in steps if step <= value * (1 + 1e-9))
    return min(step for step in steps if step >= value * (1 - 1e-9))


def factor_places(values: pd.Series, low: float) -> pd.Series:
    """Places on the axis; what is 0 or below stands at its left end."""
    known = values.astype(float)
    return known.clip(lower=low).map(math.log10).where(known.notna())


def factor_axis(low: float, high: float, colours: Palette, title: str, narrow: bool) -> alt.Axis:
    """The axis between these bounds, its labels the factors themselves."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1,) if len(powers) > (3 if narrow else 5) else ROUND
    ends = [factor * 10.0**power for power in powers for factor in factors]
    labels = {round(math.log10(v), 6): f"{v:,.10g}" for v in ends if low <= v * (1 + 1e-9) and v <= high * (1 + 1e-9)}
    keys = {f"{at:.6f}".replace("-", "−"): label for at, label in labels.items()}  # as Vega writes a minus
    text = f"{json.dumps(keys)}[format(datum.value, '.6f')]"
    return axis(colours, title=title, values=list(labels), labelExpr=text, grid=False)
