"""Groups beside everybody: shares of texts, medians of numbers, each with its interval, its test and its index."""

import numpy as np
import pandas as pd
from scipy.special import ndtr
from scipy.stats import binom, false_discovery_control, rankdata

from insight.intervals import wilson

ENOUGH, EXPECTED = 10, 5  # customers on either side of a test; of them expected to have the value, and not to
SHARES = ["group", "trait", "trait_value", "n_customers", "n_known", "share", "ci_low", "ci_high", "average_share"]
SHARES += ["index", "index_low", "index_high", "p_value", "q_value", "is_hidden"]
NUMBERS = ["group", "trait", "n_known", "median", "ci_low", "ci_high", "quartile_low", "quartile_high"]
NUMBERS += ["average_median", "difference", "percentile", "p_value", "q_value", "is_hidden"]


def shares_table(label: np.ndarray, groups: list[str], texts: pd.DataFrame, level: float, minimum: int) -> pd.DataFrame:
    """One row a group, trait and value: how common it is in the group, and in all customers with a group."""
    tables = [_shares(label, groups, name, texts[name], level, minimum) for name in texts]
    return pd.concat(tables, ignore_index=True)[SHARES] if tables else _none(SHARES)


def _shares(label, groups: list[str], trait: str, column: pd.Series, level: float, minimum: int) -> pd.DataFrame:
    values = sorted(column.dropna().unique())
    code = pd.Index(values).get_indexer(column)
    own = pd.Index(groups).get_indexer(label)
    told = code >= 0
    n = np.zeros((len(groups), len(values)), np.int64)
    np.add.at(n, (own[told], code[told]), 1)
    known, all_ = n.sum(axis=1)[:, None], n.sum(axis=0)[None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        share, average = n / known, np.broadcast_to(all_ / all_.sum(), n.shape)
        low, high = wilson(n, known, level)
        p_value = _against_the_rest(n, known, all_)
        table = pd.DataFrame(
            {
                "group": np.repeat(groups, len(values)),
                "trait": trait,
                "trait_value": values * len(groups),
                "n_customers": n.ravel().astype(float),
                "n_known": np.repeat(known.ravel(), len(values)).astype(float),
                "share": share.ravel(),
                "ci_low": low.ravel(),
                "ci_high": high.ravel(),
                "average_share": average.ravel(),
                "index": (100 * share / average).ravel(),
                "index_low": (100 * low / average).ravel(),
                "index_high": (100 * high / average).ravel(),
                "p_value": p_value.ravel(),
            }
        )
    hidden = _hidden(n, minimum).ravel()
    blank = ["n_customers", "share", "ci_low", "ci_high", "index", "index_low", "index_high", "p_value"]
    table.loc[hidden, blank] = np.nan
    return table.assign(is_hidden=hidden, q_value=np.nan)


def _hidden(n: np.ndarray, minimum: int) -> np.ndarray:
    """Which counts of a group, a row each, are not shown: small ones, and what would tell one by subtraction.

    A group's total is known, so a small count that is hidden alone is total - all others; its next smallest goes with
    it. A count of 0 is nobody and needs no cover.

    >>> _hidden(np.array([[26, 4, 40], [26, 0, 40], [26, 4, 4]]), 10).tolist()
    [[True, True, False], [False, True, False], [False, True, True]]
    """
    hidden = n < minimum
    alone = (hidden.sum(axis=1) == 1) & (np.where(hidden, n, 0).sum(axis=1) > 0)
    next_smallest = np.where(hidden, n.max(initial=0) + 1, n).argmin(axis=1)
    hidden[alone, next_smallest[alone]] = True
    return hidden


def _against_the_rest(n: np.ndarray, known: np.ndarray, all_: np.ndarray) -> np.ndarray:
    """Two-sided p-values of each share against that of everybody else; NaN where the counts are too small for it."""
    rest, rest_known = all_ - n, all_.sum() - known
    pooled = all_ / all_.sum()
    variance = pooled * (1 - pooled) * (1 / known + 1 / rest_known)
    p_value = 2 * ndtr(-np.abs(n / known - rest / rest_known) / np.sqrt(variance))
    fewest = np.minimum(known, rest_known)
    able = (fewest >= ENOUGH) & (fewest * np.minimum(pooled, 1 - pooled) >= EXPECTED)
    return np.where(able, p_value, np.nan)


def numbers_table(
    label: np.ndarray, groups: list[str], numbers: pd.DataFrame, level: float, minimum: int
) -> pd.DataFrame:
    """One row a group and number: its median, the middle half, and where that lies among all customers."""
    rows = []
    for trait in numbers:
        values = numbers[trait].to_numpy(float)
        told = ~np.isnan(values)
        p_values = _rank_sums(values[told], label[told], groups)
        ordered = np.sort(values[told])
        for group, p_value in zip(groups, p_values, strict=True):
            own, others = values[told & (label == group)], values[told & (label != group)]
            rows.append((group, trait, *_number(own, others, ordered, level, minimum, p_value)))
    return pd.DataFrame(rows, columns=[name for name in NUMBERS if name != "q_value"]).assign(q_value=np.nan)[NUMBERS]


def _number(own: np.ndarray, others: np.ndarray, ordered: np.ndarray, level: float, minimum: int, p_value: float):
    average = _quantile(ordered, 0.5)
    if len(own) < minimum:
        return np.nan, *[np.nan] * 5, average, np.nan, np.nan, np.nan, True
    own = np.sort(own)
    middle = _quantile(own, 0.5)
    less, up_to = np.searchsorted(ordered, middle, side="left"), np.searchsorted(ordered, middle, side="right")
    difference = middle - _quantile(np.sort(others), 0.5) if len(others) else np.nan
    where = (less + up_to) / 2 / len(ordered)
    quartiles = _quantile(own, 0.25), _quantile(own, 0.75)
    return len(own), middle, *median_interval(own, level), *quartiles, average, difference, where, p_value, False


def _quantile(ordered: np.ndarray, share: float) -> float:
    """The smallest value whose cumulative share reaches this one."""
    return float(ordered[max(int(np.ceil(share * len(ordered))) - 1, 0)]) if len(ordered) else np.nan


def median_interval(ordered: np.ndarray, level: float) -> tuple[float, float]:
    """The interval of a median from the order of the values alone; NaN where there are too few for the level.

    The numbers of values below and above the median are binomial, whatever the distribution.
    Source: Thompson 1936, Annals of Mathematical Statistics 7:122.

    >>> median_interval(np.arange(1.0, 11), 0.95)
    (2.0, 9.0)
    """
    n = len(ordered)
    below = int(binom.ppf((1 - level) / 2, n, 0.5))  # the most values left out at either end, and one
    if binom.cdf(below, n, 0.5) > (1 - level) / 2:
        below -= 1
    return (np.nan, np.nan) if below < 0 else (float(ordered[below]), float(ordered[n - 1 - below]))


def _rank_sums(values: np.ndarray, label: np.ndarray, groups: list[str]) -> np.ndarray:
    """Two-sided p-values of Mann and Whitney's test of each group against everybody else, corrected for ties."""
    own, total = pd.Index(groups).get_indexer(label), len(values)
    n = np.bincount(own, minlength=len(groups)).astype(float)
    if total < 2:
        return np.full(len(groups), np.nan)
    ranks = np.bincount(own, rankdata(values), len(groups))
    ties = np.unique(values, return_counts=True)[1].astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        u, expected = ranks - n * (n + 1) / 2, n * (total - n) / 2
        variance = n * (total - n) / 12 * (total + 1 - (ties**3 - ties).sum() / (total * (total - 1)))
        p_value = 2 * ndtr(-np.maximum(np.abs(u - expected) - 0.5, 0) / np.sqrt(variance))
    return np.where((np.minimum(n, total - n) >= ENOUGH) & (variance > 0), p_value, np.nan)


def corrected(tables: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """The tables with q-values: Benjamini and Hochberg's, over all tests of all of them."""
    p_value = np.concatenate([table["p_value"].to_numpy(float) for table in tables])
    q_value = np.full(len(p_value), np.nan)
    tested = np.flatnonzero(~np.isnan(p_value))
    if len(tested):
        q_value[tested] = false_discovery_control(p_value[tested], method="bh")
    ends = np.cumsum([0, *(len(table) for table in tables)])
    return [table.assign(q_value=q_value[a:b]) for table, a, b in zip(tables, ends[:-1], ends[1:], strict=True)]


def _none(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns).astype({"is_hidden": bool, "p_value": float})
