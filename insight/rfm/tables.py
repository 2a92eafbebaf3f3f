"""The tables of an RFM result, made of what was counted."""

import numpy as np
import pandas as pd

from insight.log.ids import ascending
from insight.rfm.scores import frequency_monetary, percentile_limits
from insight.rfm.settings import Settings
from insight.rfm.tally import CELLS, Counts, Scored, Spread, cell_scores

TOP = np.arange(1, 101) / 100  # shares of the customers whose part of the revenue is told


def all_limits(found: Spread, asked: Settings, decimals: int) -> dict[str, list[float | None]]:
    """The limits of all measures: those that are given, else the fifths of the customers."""
    limits = {}
    for measure in asked.measures:
        own = asked.thresholds.get(measure)
        if own is None:
            counts = found.measures[measure]
            own = percentile_limits(counts.value, counts.n, fewer_is_better=measure == "days_since_last")
            own = [None if one is None else in_currency(one, measure, decimals) for one in own]
        limits[measure] = own
    return limits


def in_currency(value: float, measure: str, decimals: int) -> float:
    """A value of a measure as it is written: money in whole currency."""
    return value / 10**decimals if measure in ("revenue", "average_order_value") else value


def customers_table(found: Scored, asked: Settings, decimals: int) -> pd.DataFrame:
    """Everybody with their scores and segment, in ascending order of the ids."""
    ids = found.customers[0]
    order = ascending(ids)
    days, orders, revenue, recency, frequency, monetary = (own[order] for own in found.customers[1:])
    segment = asked.named(recency, frequency_monetary(frequency, monetary))
    return pd.DataFrame(
        {
            "customer_id": pd.array(ids[order], dtype="str"),
            "days_since_last": days,
            "orders": orders,
            "revenue": revenue / 10**decimals,
            "average_order_value": revenue / orders / 10**decimals,
            "recency_score": recency,
            "frequency_score": frequency,
            "monetary_score": monetary,
            "segment": pd.array(asked.names, dtype="str").take(segment),  # not by way of a text a customer
        }
    )


def segments_table(found: Scored, asked: Settings, decimals: int) -> pd.DataFrame:
    """One row a segment of the grid, also where nobody is in it."""
    recency, frequency, monetary = cell_scores()
    segment = asked.named(recency, frequency_monetary(frequency, monetary))
    n, orders, revenue = (_by(segment, own, len(asked.names)) for own in (found.n, found.orders, found.revenue))
    return pd.DataFrame(
        {
            "segment": pd.array(asked.names, dtype="str"),
            "n_customers": n,
            "share": n / n.sum(),
            "revenue": revenue / 10**decimals,
            "revenue_share": _share(revenue, revenue.sum()),
            "orders": orders,
            "average_order_value": np.divide(revenue / 10**decimals, orders, out=_nothing(n), where=n > 0),
            "median_days_since_last": _medians(found.days, segment, len(n)),
        }
    )


def cells_table(found: Scored, asked: Settings, decimals: int) -> pd.DataFrame:
    """The 25 cells of the grid, the best recency first."""
    recency, frequency, monetary = cell_scores()
    cell = (5 - recency) * 5 + frequency_monetary(frequency, monetary) - 1
    rows, columns = (own.ravel() for own in np.indices((5, 5)))
    return pd.DataFrame(
        {
            "recency_score": 5 - rows,
            "frequency_monetary_score": columns + 1,
            "segment": pd.array([name for row in asked.grid for name in row], dtype="str"),
            "n_customers": _by(cell, found.n, 25),
            "revenue": _by(cell, found.revenue, 25) / 10**decimals,
        }
    )


def scores_table(spread: Spread, found: Scored, limits: dict[str, list], decimals: int) -> pd.DataFrame:
    """How many customers have each score, and from where to where their values lie."""
    rows = []
    for (measure, own), place in zip(spread.measures.items(), cell_scores(), strict=True):
        n = _by(place - 1, found.n, 5)
        worst_first = slice(None, None, -1) if measure == "days_since_last" else slice(None)
        value, ends = own.value[worst_first], np.cumsum(n)
        reached = np.cumsum(own.n[worst_first])
        for score in range(5):
            low = high = np.nan
            if n[score]:
                at = np.searchsorted(reached, [ends[score] - n[score] + 1, ends[score]])
                low, high = sorted(in_currency(float(value[i]), measure, decimals) for i in at)
            begins = None if not score else limits[measure][score - 1]
            rows.append((measure, score + 1, np.nan if begins is None else float(begins), n[score], low, high))
    return pd.DataFrame(rows, columns=["measure", "score", "begins", "n_customers", "lowest", "highest"])


def concentration_table(revenue: Counts, decimals: int) -> pd.DataFrame:
    """The part of the revenue that the best customers bring."""
    value, n = revenue.value[::-1], revenue.n[::-1]
    reached, total = np.cumsum(n), np.cumsum(n * value)
    wanted = np.array([best_n(share, reached[-1]) for share in TOP])
    at = np.searchsorted(reached, wanted)
    brought = total[at] - (reached[at] - wanted) * value[at]
    shares = {"revenue": brought / 10**decimals, "revenue_share": _share(brought, total[-1])}
    return pd.DataFrame({"top_share": TOP, "n_customers": wanted, **shares})


def best_n(share: float, n: int) -> int:
    """How many customers a share of them is, rounded up.

    >>> best_n(0.1, 20), best_n(0.1, 21), best_n(0.01, 3)
    (2, 3, 1)
    """
    return int(np.ceil(share * n - 1e-9))


def moves_table(n: np.ndarray, revenue: np.ndarray, names: list[str], decimals: int) -> pd.DataFrame:
    """One row a pair of segments that somebody has, in the order of the names."""
    start, end = np.nonzero(n)
    called = np.array(names, dtype=object)
    return pd.DataFrame(
        {
            "from_segment": pd.array(called[start], dtype="str"),
            "to_segment": pd.array(called[end], dtype="str"),
            "n_customers": n[start, end],
            "share": n[start, end] / n.sum(axis=1)[start],
            "revenue": revenue[start, end] / 10**decimals,
        }
    )


def _by(group: np.ndarray, amount: np.ndarray, n_groups: int) -> np.ndarray:
    total = np.zeros(n_groups, np.int64)
    np.add.at(total, group, amount)
    return total


def _nothing(like: np.ndarray) -> np.ndarray:
    return np.full(len(like), np.nan)


def _share(part: np.ndarray, total: int) -> np.ndarray:
    """Of a total above zero; where there is none, no share says anything."""
    return part / total if total > 0 else _nothing(part)


def _medians(days: Counts, segment: np.ndarray, n_segments: int) -> np.ndarray:
    """The smallest number of days that at least half of the segment does not exceed."""
    since, cell = np.divmod(days.value, CELLS)
    own = segment[cell]
    order = np.lexsort((since, own))
    since, own, n = since[order], own[order], days.n[order]
    found = np.full(n_segments, np.nan)
    for number in np.unique(own):
        here = own == number
        reached = np.cumsum(n[here])
        found[number] = since[here][np.searchsorted(2 * reached, reached[-1])]
    return found
