"""From sums to numbers: the value of a measure, its interval, and how it changed."""

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from insight.intervals import clustered_wilson_of_sums, difference_of_rates, wilson
from insight.overview.calendar import Calendar
from insight.overview.sums import Measure, Sums

TOO_FEW = 10  # customers behind a number; of fewer, no rate, no mean and no interval
ENOUGH = 30  # fewer: said to be a small sample
COMPARISONS = ("previous", "year_before")


def periods_table(sums: Sums, measures: tuple[Measure, ...], calendar: Calendar, scale: dict, level: float):
    """One row a period: what was added up, and each share or mean with its interval.

    scale : name -> what its whole numbers are divided by (100 for cents)
    """
    columns: dict[str, object] = {"period": calendar.days, "observed": calendar.observed, "cut": calendar.cut}
    for name, total in sums.totals.items():
        columns[name] = total[:, 0] / scale[name] if name in scale else total[:, 0]
    for measure in measures:
        if measure.whole is not None:
            value, low, high = (own[:, 0] for own in values(sums, measure, scale, level))
            columns |= {measure.name: value, f"{measure.name}_low": low, f"{measure.name}_high": high}
    return pd.DataFrame(columns).astype({"cut": "str", "observed": "str"})


def measures_table(sums: Sums, measures: tuple[Measure, ...], calendar: Calendar, scale: dict, level: float):
    """The focus period: one row a measure, with what it was before and a year before; for each group, if several."""
    blocks = []
    for measure in measures:
        value, low, high = values(sums, measure, scale, level)
        n = _n(sums, measure)
        now = calendar.focus
        block = {"measure": measure.name, "value": value[now], "ci_low": low[now], "ci_high": high[now], "n": n[now]}
        for row, (name, other) in enumerate(zip(COMPARISONS, calendar.compared, strict=True)):
            prefix = "" if name == "previous" else "year_"
            then = value[other] if other is not None else np.full(sums.n_groups, np.nan)
            change = _change(sums, measure, now, other, row, level)
            block |= {name: then}
            block |= dict(zip((f"{prefix}change", f"{prefix}change_low", f"{prefix}change_high"), change, strict=True))
        blocks.append(pd.DataFrame(block).assign(group=range(sums.n_groups)))
    found = pd.concat(blocks, ignore_index=True).sort_values("group", kind="stable", ignore_index=True)
    return found.astype({"measure": "str"})


def values(sums: Sums, measure: Measure, scale: dict, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A measure and its interval by period and group; NaN where nobody, or too few for an interval."""
    part = sums.totals[measure.part] / scale.get(measure.part, 1)
    nothing = np.full(part.shape, np.nan)
    if measure.whole is None:
        return part, nothing, nothing
    with np.errstate(invalid="ignore", divide="ignore"):
        value = part / sums.totals[measure.whole]
    enough = sums.behind[measure.whole] >= TOO_FEW
    low, high = _interval(sums, measure, level, scale.get(measure.part, 1))
    return value, np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def _n(sums: Sums, measure: Measure) -> np.ndarray:
    """Out of how many a share or a mean is; of a sum, how many customers are behind it."""
    return sums.behind[measure.part] if measure.whole is None else sums.totals[measure.whole]


def _interval(sums: Sums, measure: Measure, level: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
    part, whole = sums.totals[measure.part], sums.totals[measure.whole]
    if measure.kind != "share":
        mean, error = part / np.maximum(whole, 1), np.sqrt(_variance(sums, measure))
        reach = stdtrit(np.maximum(sums.behind[measure.whole] - 1, 1), (1 + level) / 2) * error
        return (mean - reach) / scale, (mean + reach) / scale
    if measure.single:
        return wilson(part, whole, level)
    squares = (sums.within[pair] for pair in ((measure.part,) * 2, (measure.part, measure.whole), (measure.whole,) * 2))
    return clustered_wilson_of_sums(part, whole, *squares, clusters=sums.behind[measure.whole], level=level)


def _variance(sums: Sums, measure: Measure) -> np.ndarray:
    """Of a ratio of sums over customers, by linearisation."""
    part, whole, clusters = sums.totals[measure.part], sums.totals[measure.whole], sums.behind[measure.whole]
    ratio = part / np.maximum(whole, 1)
    a, b = measure.part, measure.whole
    squares = sums.within[a, a] - 2 * ratio * sums.within[a, b] + ratio**2 * sums.within[b, b]
    return np.maximum(squares, 0) * clusters / np.maximum(clusters - 1, 1) / np.maximum(whole, 1) ** 2


def _covariance(sums: Sums, measure: Measure, now: int, other: int, row: int) -> np.ndarray:
    """Of the ratio in two periods: customers who are in both make them alike."""
    a, b = measure.part, measure.whole
    one, two = (sums.totals[a][at] / np.maximum(sums.totals[b][at], 1) for at in (now, other))
    products = sums.across[a, a][row] - one * sums.across[b, a][row] - two * sums.across[a, b][row]
    products = products + one * two * sums.across[b, b][row]
    return products / np.maximum(sums.totals[b][now] * sums.totals[b][other], 1)


def _change(sums: Sums, measure: Measure, now: int, other: int | None, row: int, level: float):
    """How a measure changed, with the interval: points of a share, else relative. NaN where it cannot be told."""
    nothing = np.full(sums.n_groups, np.nan)
    if other is None:
        return nothing, nothing, nothing
    behind = sums.behind[measure.part if measure.whole is None else measure.whole]
    enough = (behind[now] >= TOO_FEW) & (behind[other] >= TOO_FEW)
    with np.errstate(invalid="ignore", divide="ignore"):
        if measure.kind == "share":
            found = _points(sums, measure, now, other, row, level)
        else:
            found = _relative(sums, measure, now, other, row, level)
    change, low, high = found
    return change, np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def _points(sums: Sums, measure: Measure, now: int, other: int, row: int, level: float):
    low, high = _interval(sums, measure, level, 1)
    rate = sums.totals[measure.part] / sums.totals[measure.whole]
    variance = _variance(sums, measure)
    correlation = _covariance(sums, measure, now, other, row) / np.sqrt(variance[now] * variance[other])
    correlation = np.clip(np.nan_to_num(correlation, nan=0.0, posinf=0.0, neginf=0.0), -1, 1)
    return difference_of_rates(rate[now], low[now], high[now], rate[other], low[other], high[other], correlation)


def difference(sums: Sums, measure: Measure, now: int, other: int, row: int, level: float):
    """A share or a mean minus what it was, with the interval, by group; NaN of nobody, no interval of too few.

    row : which comparison the sums across are of, 0 for the period before, 1 for the year before
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        if measure.kind == "share":
            found = _points(sums, measure, now, other, row, level)
        else:
            ratio, variance = sums.totals[measure.part] / sums.totals[measure.whole], _variance(sums, measure)
            own = variance[now] + variance[other] - 2 * _covariance(sums, measure, now, other, row)
            clusters = np.minimum(sums.behind[measure.whole][now], sums.behind[measure.whole][other])
            reach = stdtrit(np.maximum(clusters - 1, 1), (1 + level) / 2) * np.sqrt(np.maximum(own, 0))
            found = (step := ratio[now] - ratio[other]), step - reach, step + reach
    enough = np.minimum(sums.behind[measure.whole][now], sums.behind[measure.whole][other]) >= TOO_FEW
    return found[0], np.where(enough, found[1], np.nan), np.where(enough, found[2], np.nan)


def _relative(sums: Sums, measure: Measure, now: int, other: int, row: int, level: float):
    """The ratio of two positive numbers minus 1, with an interval on the scale of its logarithm."""
    if measure.whole is None:
        one, two = (sums.totals[measure.part][at].astype(float) for at in (now, other))
        a = measure.part
        square, covariance = [sums.within[a, a][at] for at in (now, other)], sums.across[a, a][row]
    else:
        ratio = sums.totals[measure.part] / sums.totals[measure.whole]
        one, two, variance = ratio[now], ratio[other], _variance(sums, measure)
        square, covariance = [variance[now], variance[other]], _covariance(sums, measure, now, other, row)
    change = np.where(two > 0, one / two - 1, np.nan)
    variance = square[0] / one**2 + square[1] / two**2 - 2 * covariance / (one * two)
    reach = ndtri((1 + level) / 2) * np.sqrt(np.maximum(variance, 0))
    possible = (one > 0) & (two > 0)
    low, high = (np.where(possible, (1 + change) * np.exp(sign * reach) - 1, np.nan) for sign in (-1, 1))
    return change, low, high


def mix_and_rate(parts: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What each group added to the change of the whole rate, by its weight and by its rate.

    parts, n : arrays (2 periods, groups), such as conversions and sessions; each period has a session
    Together the effects of all groups are the change of sum(parts) / sum(n).

    >>> mix_and_rate(np.array([[10, 50], [20, 40]]), np.array([[100, 100], [200, 100]]))
    (array([-0.025     , -0.03333333]), array([ 0.        , -0.04166667]))
    """
    totals = n.sum(axis=1, keepdims=True)
    weights, whole = n / totals, parts.sum(axis=1) / totals[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = parts / n
    rates = np.nan_to_num(np.where(np.isnan(rates), rates[::-1], rates))  # in one period only: all mix
    mix = (weights[1] - weights[0]) * (rates.mean(axis=0) - whole.mean())
    return mix, (rates[1] - rates[0]) * weights.mean(axis=0)
