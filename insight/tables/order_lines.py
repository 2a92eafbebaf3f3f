"""Several lines an order -> one row an order."""

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.tables.money import LARGEST, nearest_floats


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


def add_up(lines: pd.DataFrame, order: np.ndarray, decimals: int) -> pd.DataFrame:
    """One row an order: amounts added up exactly, the date of the first line in time, and every column that does not
    vary within any order (product or quantity do, and stay with the lines).

    >>> lines = pd.DataFrame({"order_id": ["1", "1", "2"], "customer_id": "ana", "product": ["tea", "cup", "tea"],
    ...                       "order_date": pd.Timestamp("2026-01-01"), "amount_minor": [10, 20, 5]})
    >>> add_up(lines, order_codes(lines), 2)[["order_id", "amount", "amount_minor"]].values.tolist()
    [['1', 0.3, 30], ['2', 0.05, 5]]
    """
    if np.abs(lines["amount_minor"].to_numpy().astype("float64")).sum() >= LARGEST:
        raise InsightError("The amounts of the orders are too large to be added up exactly.")
    first = np.flatnonzero(~pd.Series(order).duplicated())
    by_order = np.argsort(order, kind="stable")
    starts = np.flatnonzero(np.diff(order[by_order], prepend=-1))
    kept = {
        name: lines[name].iloc[first].reset_index(drop=True) for name in lines if _constant(lines[name], order, first)
    }
    minor = np.add.reduceat(lines["amount_minor"].to_numpy()[by_order], starts)
    dates = lines["order_date"]
    earliest = np.minimum.reduceat(dates.to_numpy("datetime64[us]").astype("int64")[by_order], starts)
    when = pd.Series(earliest.view("datetime64[us]"))
    kept["order_date"] = when.dt.tz_localize("UTC").dt.tz_convert(dates.dt.tz) if dates.dt.tz is not None else when
    kept["amount"], kept["amount_minor"] = pd.Series(nearest_floats(minor, decimals)), pd.Series(minor)
    asked = ["order_id", "customer_id", "order_date", "amount", "amount_minor"]
    return pd.DataFrame({name: kept[name] for name in [*asked, *(name for name in kept if name not in asked)]})


def repeats_its_total(minor: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The lines of orders with several lines, if in each such order every line has the same amount; else none.

    >>> repeats_its_total(np.array([30, 30, 5]), np.array([0, 0, 1])).tolist()
    [True, True, False]
    """
    several = np.bincount(order)[order] > 1
    first = np.zeros(order.max() + 1, "int64")
    first[order[::-1]] = minor[::-1]
    return several if (minor == first[order])[several].all() else np.zeros(len(order), bool)


def _constant(values: pd.Series, order: np.ndarray, first: np.ndarray) -> bool:
    codes = pd.factorize(values)[0]
    return bool((codes == codes[first][order]).all())
