"""What campaigns cost day by day: of a row a day, a row a week or month, or one row for all of a campaign."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError

DAYS, PERIODS, TOTALS = "days", "periods", "totals"


@dataclass(frozen=True, eq=False)
class Ledger:
    """The rows of campaigns, each spread evenly over the days that it stands for.

    row : position of the row, once for each of its days; day : datetime64[D]; share : of the row's amounts
    rows_are : "days"; "periods" - weeks or months, each until the next; "totals" - one row a campaign, whose spend is
        taken to lie on its date
    """

    row: np.ndarray
    day: np.ndarray
    share: np.ndarray
    rows_are: str


def ledger_of(dates: pd.Series, key: pd.Series) -> Ledger:
    """The days that each row stands for. dates : of the rows; key : what the rows are compared by.

    >>> ledger = ledger_of(pd.Series(pd.to_datetime(["2026-01-05", "2026-01-12"])), pd.Series(["a", "a"]))
    >>> ledger.rows_are, len(ledger.day), str(ledger.day[-1])
    ('periods', 14, '2026-01-18')
    """
    begins = dates.to_numpy("datetime64[D]")
    distinct = np.unique(begins)
    gaps = np.diff(distinct).astype(int)
    if not key.duplicated().any() or len(gaps) == 0:
        return Ledger(np.arange(len(dates)), begins, np.ones(len(dates)), DAYS if len(gaps) == 0 else TOTALS)
    if gaps.min() < 2:
        return Ledger(np.arange(len(dates)), begins, np.ones(len(dates)), DAYS)
    lasts = np.append(gaps, int(np.median(gaps)))  # until the next; the last as long as they mostly are
    n = lasts[np.searchsorted(distinct, begins)]
    row = np.repeat(np.arange(len(dates)), n)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    return Ledger(row, begins[row] + offset, 1 / n[row], PERIODS)


def common_days(ledger: Ledger, begun: str, as_of: str) -> tuple[str, str]:
    """The first and the last day on which both spend and orders are known. begun : the day of the first order.

    Raises InsightError where there are none.
    """
    starts, ends = str(ledger.day.min()), str(ledger.day.max())
    first, last = max(starts, begun), as_of if ledger.rows_are == TOTALS else min(ends, as_of)
    if first > last:
        raise InsightError(f"Campaigns ({starts} to {ends}) and orders (from {begun}) have no day in common.")
    return first, last


def money_by_day(
    rows: pd.DataFrame, key: pd.Series, ledger: Ledger, names: list[str], days: tuple[str, str], extra_cost: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Spend and total cost by name and day, both in minor units, and the spend of days outside.

    days : the first and the last one that count
    """
    first, last = (np.datetime64(one, "D") for one in days)
    number = (ledger.day - first).astype(int)
    shape = (len(names), int((last - first).astype(int)) + 1)
    within = (number >= 0) & (number < shape[1])
    at = (pd.Index(names).get_indexer(key)[ledger.row][within], number[within])
    spend, other = np.zeros(shape), np.zeros(shape)
    paid = rows["spend_minor"].to_numpy("float64", na_value=0.0)[ledger.row] * ledger.share
    np.add.at(spend, at, paid[within])
    if "other_cost_minor" in rows:
        more = rows["other_cost_minor"].to_numpy("float64", na_value=0.0)[ledger.row] * ledger.share
        np.add.at(other, at, more[within])
    return spend, spend * (1 + extra_cost) + other, float(paid[~within].sum())
