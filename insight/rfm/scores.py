"""Scores from 1 to 5: the limits where each begins, and who has which."""

import numpy as np

from insight.rfm.settings import Settings, minor_units


def percentile_limits(value: np.ndarray, n: np.ndarray, *, fewer_is_better: bool) -> list:
    r"""Where the scores 2, 3, 4 and 5 begin, when each is to hold a fifth; None for a score that nobody has.

    The score of a value that :math:`n` of :math:`N` customers share, with :math:`b` customers worse off, is

    .. math:: \left\lceil 5\, \frac{b + n/2}{N} \right\rceil

    its mid-rank percentile in fifths. Equal values have equal scores, so with few distinct values some scores stay
    empty: this is what tells it from quintiles that cut through ties in the order of the file.

    value, n : distinct values in ascending order, and how many customers have each

    >>> percentile_limits(np.array([1, 2, 3]), np.array([6, 3, 1]), fewer_is_better=False)
    [1, 2, 2, 3]
    """
    if fewer_is_better:
        value, n = value[::-1], n[::-1]
    before = np.cumsum(n) - n
    score = -(-5 * (2 * before + n) // (2 * n.sum()))
    begins = np.searchsorted(score, [2, 3, 4, 5])
    return [value[at].item() if at < len(value) else None for at in begins]


def score(value: np.ndarray, limits: list, *, fewer_is_better: bool) -> np.ndarray:
    """The score of each value: 1, and one more for each limit it keeps.

    >>> score(np.array([1, 2, 5, 9]), [2, 3, 4, 7], fewer_is_better=False).tolist()
    [1, 2, 4, 5]
    >>> score(np.array([5, 31, 400]), [365, 90, 30, None], fewer_is_better=True).tolist()
    [4, 3, 1]
    """
    found = np.ones(len(value), np.int64)
    for limit in limits:
        if limit is not None:
            found += value <= limit if fewer_is_better else value >= limit
    return found


def scores(found, asked: Settings, thresholds: dict[str, list], decimals: int) -> tuple[np.ndarray, ...]:
    """The recency, frequency and monetary scores of buyers.

    thresholds : limits by measure, as written: money in whole currency
    """
    own = []
    for measure in asked.measures:
        value, limits = found.measure(measure), thresholds[measure]
        if measure == "revenue":
            limits = [None if limit is None else minor_units(limit, decimals) for limit in limits]
        elif measure == "average_order_value":
            value = value / 10**decimals
        own.append(score(value, limits, fewer_is_better=measure == "days_since_last"))
    return tuple(own)


def frequency_monetary(frequency: np.ndarray, monetary: np.ndarray) -> np.ndarray:
    """The mean of both scores, halves rounded up.

    >>> frequency_monetary(np.array([1, 2, 5]), np.array([2, 5, 5])).tolist()
    [2, 4, 5]
    """
    return (frequency + monetary + 1) // 2
