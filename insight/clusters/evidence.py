"""How many clusters: the number whose groups come out again and lie furthest apart, beside what one cloud gives."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from insight.errors import NotEnoughData

FEWEST, MOST = 2, 8  # clusters that are tried
STABLE_MEAN, STABLE_LEAST = 0.8, 0.6  # adjusted Rand index of the bootstrap samples: their mean, the lowest of them
APART = 0.25  # mean silhouette: below it the groups are not apart
FIT_CUSTOMERS = 50_000  # at most so many are fitted; all are assigned
EVIDENCE_CUSTOMERS = 4_000  # and so many are drawn again and again
SAMPLES = 20  # bootstrap samples
CLOUDS, CLOUD_CUSTOMERS = 9, 2_000  # simulated clouds without groups, and customers of each at most
CLEARLY = 0.03  # silhouette beyond that of all clouds: a cloud that is skewed rather than normal gets as far as .02
STARTS, FEWER_STARTS = 10, 3  # of k-means: the best of so many; of a bootstrap sample
COLUMNS = ["k", "silhouette", "stability", "stability_least", "smallest_share", "is_stable", "is_chosen"]


@dataclass(frozen=True, eq=False)
class Choice:
    """What speaks for each number of clusters, and the number that is taken; None where none is stable.

    table : see Clusters.evidence
    n_customers, n_different : customers it rests on, and how many of them differ in some feature
    reference : the silhouette that one cloud without groups reaches with as many clusters; None where none is taken
    """

    table: pd.DataFrame
    k: int | None
    n_customers: int
    n_different: int
    reference: float | None

    @property
    def is_separate(self) -> bool:
        """Whether the groups lie clearly further apart than those that one cloud is cut into."""
        silhouette = self.table.loc[self.table["is_chosen"], "silhouette"]
        return self.reference is not None and bool(silhouette.iloc[0] >= self.reference + CLEARLY)


def hashed_sample(ids: np.ndarray, most: int) -> np.ndarray:
    """The positions of at most so many customers, ascending: those whose ids have the smallest hashes.

    It depends on who they are, and not on the order of the file.
    """
    if len(ids) <= most:
        return np.arange(len(ids))
    keys = np.fromiter((int.from_bytes(sha256(who.encode()).digest()[:8]) for who in ids.tolist()), np.uint64, len(ids))
    return np.sort(np.argsort(keys, kind="stable")[:most])


def kmeans(points: np.ndarray, k: int, seed: int, starts: int = STARTS):
    """k-means in scikit-learn's words: fitted, with `labels_`, `cluster_centers_` and `predict`."""
    from sklearn.cluster import KMeans  # slow to load, and only this needs it

    return KMeans(k, n_init=starts, random_state=seed).fit(points)


@contextmanager
def one_thread() -> Iterator[None]:
    """Fits this small wait for each other longer than they count; and of fewer points than clusters stability tells."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def choose(points: np.ndarray, ids: np.ndarray, wanted: int | None, seed: int) -> Choice:
    """The number of clusters that the evidence speaks for, or the one that is wanted; with the evidence on each.

    points : the customers that are fitted; ids : who they are
    Raises NotEnoughData where they are not different enough for two groups.
    """
    own = hashed_sample(ids, EVIDENCE_CUSTOMERS)
    points = points[own]
    distinct = len(np.unique(points, axis=0))
    if distinct <= FEWEST:
        raise NotEnoughData(
            f"In these features there are only {distinct} different customers: compare them by more, or by others."
        )
    tried = [k for k in sorted({*range(FEWEST, MOST + 1), wanted or FEWEST}) if k < distinct]
    table = pd.DataFrame([_evidence(points, k, seed) for k in tried], columns=COLUMNS[:-2])
    table["is_stable"] = (table["stability"] >= STABLE_MEAN) & (table["stability_least"] >= STABLE_LEAST)
    best = best_of(table) if wanted is None else wanted if wanted in tried else None
    reference = None if best is None else cloud_silhouette(points, best, seed)
    return Choice(table.assign(is_chosen=table["k"] == best), best, len(own), distinct, reference)


def cloud_silhouette(points: np.ndarray, k: int, seed: int) -> float:
    """The largest silhouette of k clusters in samples of one normal distribution that has no groups at all.

    It has the means and the covariance of the points, for one long cloud is cut across again and again in the same
    way: that its halves are stable says nothing of groups.
    Source: Tibshirani, Walther & Hastie 2001, JRSS B 63:411, for a reference without groups; a parametric bootstrap.
    """
    from sklearn.metrics import silhouette_score

    n, mean, covariance = min(len(points), CLOUD_CUSTOMERS), points.mean(axis=0), np.cov(points, rowvar=False)
    found = []
    for number in range(CLOUDS):
        drawn = np.random.default_rng([seed, k, number, n])
        # features may say the same, so the covariance may have no inverse: that is no reason to warn
        cloud = drawn.multivariate_normal(mean, np.atleast_2d(covariance), n, check_valid="ignore", method="eigh")
        found.append(silhouette_score(cloud, kmeans(cloud, k, seed).labels_))
    return float(max(found))


def best_of(table: pd.DataFrame) -> int | None:
    """Of the stable numbers of clusters the one with the largest silhouette, of equals the larger; None without any.

    >>> rows = pd.DataFrame({"k": [2, 3, 4], "silhouette": [0.6, 0.5, 0.5], "is_stable": [False, True, True]})
    >>> best_of(rows)
    4
    """
    able = table[table["is_stable"] & (table["silhouette"] >= APART)]
    if able.empty:
        return None
    return int(able.sort_values(["silhouette", "k"])["k"].iloc[-1])


def _evidence(points: np.ndarray, k: int, seed: int) -> tuple[int, float, float, float, float]:
    from sklearn.metrics import silhouette_score

    labels = kmeans(points, k, seed).labels_
    again = []
    for number in range(SAMPLES):
        drawn = np.random.default_rng([seed, k, number]).integers(0, len(points), len(points))
        other = kmeans(points[drawn], k, seed, FEWER_STARTS)
        again.append(adjusted_rand(labels, other.predict(points)))
    apart = float(silhouette_score(points, labels))
    return k, apart, float(np.mean(again)), float(np.min(again)), float(np.bincount(labels).min() / len(labels))


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    r"""How much two groupings of the same customers agree: 1 they are the same, 0 as much as chance gives.

    With :math:`n_{ij}` customers in group i of one and j of the other, and pairs counted by :math:`\binom n2`:

    .. math:: \frac{\sum_{ij} \binom{n_{ij}}{2} - E}{\frac12 (A + B) - E}, \qquad
              A = \sum_i \binom{n_i}{2}, \quad B = \sum_j \binom{n_j}{2}, \quad E = \frac{A B}{\binom n2}

    one, other : numbers of groups from 0, arrays of one length
    Source: Hubert & Arabie 1985, J. Classification 2:193, equation 5.

    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    table = np.bincount(one * (other.max() + 1) + other, minlength=(one.max() + 1) * (other.max() + 1))
    table = table.reshape(one.max() + 1, -1)
    same, a, b = (float((n * (n - 1) // 2).sum()) for n in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = a * b / (len(one) * (len(one) - 1) / 2)
    return 1.0 if a + b == 2 * expected else (same - expected) / ((a + b) / 2 - expected)
