"""Several lines an order -> one row an order."""

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.tables.cells.money import LARGEST, nearest_floats

NEARLY_ALL, MOST = 0.95, 0.5  # of the orders of several lines
CENT, HALF = 0.006, 0.5  # a line comes to its amount within a cent; more than half of them do


def order_codes(lines: pd.DataFrame) -> np.ndarray:
    """The order each line belongs to, numbered in order of first lines.

    One id used by two customers is two orders, and one used with two currencies too: they cannot be added up.
    """
    order = pd.factorize(lines["order_id"])[0]
    for name in ("customer_id", "currency"):
        if name in lines:
            part = pd.factorize(lines[name], use_na_sentinel=False)[0]
            order = pd.factorize(order * (part.max() + 1) + part)[0]
    return order


def add_up(lines: pd.DataFrame, order: np.ndarray, decimals: int, total_per_order: bool = False) -> pd.DataFrame:
    """One row an order: amounts added up exactly, the date of the first line in time, and every column that does not
    vary within any order (product or quantity do, and stay with the lines).

    total_per_order : the amount of a line is the total of its order, and counts once

    >>> lines = pd.DataFrame({"order_id": ["1", "1", "2"], "customer_id": "ana", "product": ["tea", "cup", "tea"],
    ...                       "order_date": pd.Timestamp("2026-01-01"), "amount_minor": [10, 20, 5]})
    >>> add_up(lines, order_codes(lines), 2)[["order_id", "amount", "amount_minor"]].values.tolist()
    [['1', 0.3, 30], ['2', 0.05, 5]]
    """
    if np.abs(lines["amount_minor"].to_numpy().astype("float64")).sum() >= LARGEST:
        raise InsightError("The amounts of the orders are too large to be added up exactly.")
    first = np.flatnonzero(~pd.Series(order).duplicated())
    by_order, starts = _grouped(order)
    kept = {
        name: lines[name].iloc[first].reset_index(drop=True) for name in lines if _constant(lines[name], order, first)
    }
    total = order_total if total_per_order else order_sum
    minor = total(lines["amount_minor"].to_numpy(), order)
    dates = lines["order_date"]
    earliest = np.minimum.reduceat(dates.to_numpy("datetime64[us]").astype("int64")[by_order], starts)
    when = pd.Series(earliest.view("datetime64[us]"))
    kept["order_date"] = when.dt.tz_localize("UTC").dt.tz_convert(dates.dt.tz) if dates.dt.tz is not None else when
    kept["amount"], kept["amount_minor"] = pd.Series(nearest_floats(minor, decimals)), pd.Series(minor)
    asked = ["order_id", "customer_id", "order_date", "amount", "amount_minor"]
    return pd.DataFrame({name: kept[name] for name in [*asked, *(name for name in kept if name not in asked)]})


def order_sum(minor: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The amounts of the lines of each order, added up."""
    by_order, starts = _grouped(order)
    return np.add.reduceat(minor[by_order], starts)


def order_total(minor: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The total of each order where every line repeats it; where the lines of an order differ, their sum.

    >>> order_total(np.array([30, 30, 5, 1, 2]), np.array([0, 0, 1, 2, 2])).tolist()
    [30, 5, 3]
    """
    by_order, starts = _grouped(order)
    first = minor[by_order][starts]
    return np.where(_same_in_order(minor, order), first, np.add.reduceat(minor[by_order], starts))


def same_amounts(minor: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The lines of orders that have several lines, all with one amount.

    >>> same_amounts(np.array([30, 30, 5, 1, 2]), np.array([0, 0, 1, 2, 2])).tolist()
    [True, True, False, False, False]
    """
    return (_same_in_order(minor, order) & (np.bincount(order) > 1))[order]


def repeated_totals(lines: pd.DataFrame, order: np.ndarray) -> tuple[np.ndarray, float]:
    """The lines that seem to repeat the total of their order: most orders of several lines have the same amount on
    each, although the lines differ otherwise, and the amount is not what the line itself comes to. And the share of
    these orders among all of several lines.

    >>> lines = pd.DataFrame({"amount": [0.3, 0.3, 0.05], "amount_minor": [30, 30, 5], "product": [*"abc"]})
    >>> repeated_totals(lines, np.array([0, 0, 1]))
    (array([ True,  True, False]), 1.0)
    """
    nowhere, several = (np.zeros(len(order), bool), 0.0), (np.bincount(order) > 1).sum()
    same = same_amounts(lines["amount_minor"].to_numpy(), order)
    share = float(len(np.unique(order[same])) / max(several, 1))
    if not same.any() or share < MOST:
        return nowhere
    if {"quantity", "unit_price"} <= set(lines):
        worth = (lines["quantity"] * lines["unit_price"]).to_numpy()
        if np.mean(np.abs(worth - lines["amount"].to_numpy())[same] < CENT) > HALF:
            return nowhere
    others = [name for name in lines if name not in ("amount", "amount_minor", "order_id")]
    differ = any(not _same_in_order(pd.factorize(lines[name])[0], order)[order[same]].all() for name in others)
    return (same, share) if differ else nowhere


def _grouped(order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lines order by order, and where each order starts."""
    by_order = np.argsort(order, kind="stable")
    return by_order, np.flatnonzero(np.diff(order[by_order], prepend=-1))


def _same_in_order(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Whether all lines of an order have one value, order by order."""
    by_order, starts = _grouped(order)
    first = np.repeat(values[by_order][starts], np.bincount(order))
    return np.logical_and.reduceat(values[by_order] == first, starts)


def _constant(values: pd.Series, order: np.ndarray, first: np.ndarray) -> bool:
    codes = pd.factorize(values)[0]
    return bool((codes == codes[first][order]).all())
