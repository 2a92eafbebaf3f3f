"""The tables of a result of clusters, made of the customers and the cluster of each."""

import numpy as np
import pandas as pd

from insight.clusters.scaling import Scaled, logs, unlogged

BINS = 24  # of each of two features, in which customers are counted for a picture
ALIKE = 0.8  # correlation from which two features say the same, for a picture
EDGE = 0.005  # share of the customers at either end of a feature who are drawn at its edge
PROFILE = ["cluster", "feature", "n_customers", "mean", "median", "centre", "z_score", "index"]
SIZES = ["cluster", "n_customers", "share", "revenue", "revenue_share", "mean_revenue"]
PLACES = ["cluster", "x", "y", "n_customers"]


def in_order(labels: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """The labels numbered from 1 by the mean worth of their customers, the highest first.

    >>> in_order(np.array([0, 1, 1]), np.array([5.0, 9.0, 9.0])).tolist()
    [2, 1, 1]
    """
    codes, own = np.unique(labels, return_inverse=True)
    mean = np.bincount(own, worth, len(codes)) / np.bincount(own)
    place = np.empty(len(codes), np.int64)
    place[np.argsort(-mean, kind="stable")] = np.arange(1, len(codes) + 1)
    return place[own]


def profile_table(found: Scaled, cluster: np.ndarray) -> pd.DataFrame:
    """What each group is like, feature by feature."""
    mean, spread = found.matrix.mean(axis=0), found.matrix.std(axis=0)
    rows = []
    for number in groups_of(cluster):
        own = cluster == number
        for at, name in enumerate(found.columns):
            raw, of_all = found.raw[:, at], found.raw[:, at].mean()
            scale = found.table.iloc[at]
            # a text of m values has the weight of one feature, so its columns are narrower by the root of m
            weight = np.sqrt((found.table["column"] == scale["column"]).sum())
            centre = found.matrix[own, at].mean() * weight * scale["scale_deviation"] + scale["scale_mean"]
            centre = unlogged(centre) if scale["is_log"] else centre
            z_score = (found.matrix[own, at].mean() - mean[at]) / spread[at] if spread[at] else 0.0
            index = 100 * raw[own].mean() / of_all if of_all > 0 and raw.min() >= 0 else np.nan
            rows.append((number, name, int(own.sum()), raw[own].mean(), np.median(raw[own]), centre, z_score, index))
    return pd.DataFrame(rows, columns=PROFILE).astype({"cluster": int, "n_customers": int})


def sizes_table(cluster: np.ndarray, revenue: np.ndarray | None) -> pd.DataFrame:
    """How many are in each group, and what they brought."""
    rows = []
    for number in groups_of(cluster):
        own = cluster == number
        brought = revenue[own].sum() if revenue is not None else np.nan
        total = revenue.sum() if revenue is not None else np.nan
        share = brought / total if total > 0 else np.nan
        rows.append((number, int(own.sum()), own.mean(), brought, share, brought / own.sum()))
    return pd.DataFrame(rows, columns=SIZES).astype({"cluster": int, "n_customers": int})


def groups_of(cluster: np.ndarray) -> list[int]:
    """The numbers of the groups, those with a number first, then 0: who bought once."""
    return sorted(np.unique(cluster).tolist(), key=lambda number: (number == 0, number))


def telling_pair(found: Scaled, cluster: np.ndarray) -> list[str]:
    """The two numbers that tell the groups apart best: the largest shares of their variance lie between groups.

    Two that say nearly the same are not taken where there is another.
    """
    strength = {}
    for at, (name, column) in enumerate(zip(found.columns, found.table["column"], strict=True)):
        own = found.matrix[:, at]
        if name != column or not own.var():
            continue  # a value of a text is no axis
        means = _means(own, cluster)
        strength[name] = float(((means - own.mean()) ** 2).mean() / own.var())
    ranked = sorted(strength, key=lambda name: (-strength[name], found.columns.index(name)))
    first, others = ranked[:1], ranked[1:]
    apart = [name for name in others if abs(_correlation(found, ranked[0], name)) < ALIKE]
    return first + (apart or others)[:1]


def _correlation(found: Scaled, one: str, other: str) -> float:
    return float(np.corrcoef(*(found.matrix[:, found.columns.index(name)] for name in (one, other)))[0, 1])


def _means(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Of each customer the mean of their group."""
    return (np.bincount(cluster, values) / np.maximum(np.bincount(cluster), 1))[cluster]


def places_table(found: Scaled, cluster: np.ndarray, pair: list[str]) -> pd.DataFrame:
    """How many customers of each group lie in each cell of a grid over two features: middles of the cells."""
    if len(pair) < 2:
        return pd.DataFrame(columns=PLACES).astype({"cluster": int, "n_customers": int})
    cells, middles = zip(*(_binned(found, found.columns.index(name)) for name in pair), strict=True)
    rows = pd.DataFrame({"cluster": cluster, "x": cells[0], "y": cells[1]})
    counted = rows.value_counts(sort=False).rename("n_customers").reset_index()
    for name, own in zip(("x", "y"), middles, strict=True):
        counted[name] = own[counted[name]]
    return counted[PLACES]


def _binned(found: Scaled, at: int) -> tuple[np.ndarray, np.ndarray]:
    """The bin of each customer on one feature's own scale, and the middle of each bin as the feature says it."""
    scale, raw = found.table.iloc[at], found.raw[:, at]
    own = logs(raw) if scale["is_log"] else raw
    low, high = np.quantile(own, [EDGE, 1 - EDGE])
    if low == high:
        low, high = own.min(), own.max()
    edges = np.linspace(low, high, BINS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    cell = np.clip(np.searchsorted(edges, own, side="right") - 1, 0, BINS - 1)
    return cell, unlogged(middle) if scale["is_log"] else middle
