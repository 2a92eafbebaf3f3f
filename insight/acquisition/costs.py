"""What campaigns cost day by day: of a row a day, a row a week or month, or one row for all of a campaign."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue

DAYS, PERIODS, TOTALS = "days", "periods", "totals"
ROWS_AS = ("auto", DAYS, PERIODS, TOTALS)
LONGER = (3, 6, 12)  # months that a row may stand for, beside one


@dataclass(frozen=True, eq=False)
class Ledger:
    """The rows of campaigns, each spread evenly over the days that it stands for.

    row : position of the row, once for each of its days; day : datetime64[D]; share : of the row's amounts
    rows_are : "days"; "periods" - weeks or months; "totals" - one row a campaign, whose spend is taken to lie on its
        date
    """

    row: np.ndarray
    day: np.ndarray
    share: np.ndarray
    rows_are: str


def ledger_of(rows: pd.DataFrame, by: str, rows_as: str = "auto") -> Ledger:
    """The days that each row stands for.

    rows : of the campaigns, with a date; by : the column that says what a campaign is where none is called so
    rows_as : "days", "periods" or "totals"; "auto" - totals where no campaign has two dates, periods where the dates
        are regular weeks or months, else days

    Raises UnknownValue for another `rows_as`.

    >>> dates = pd.to_datetime(["2026-01-05", "2026-01-12"])
    >>> ledger = ledger_of(pd.DataFrame({"date": dates, "campaign": ["a", "a"]}), "campaign")
    >>> ledger.rows_are, len(ledger.day), str(ledger.day[-1])
    ('periods', 14, '2026-01-18')
    >>> ledger_of(pd.DataFrame({"date": dates, "campaign": ["a", "b"]}), "campaign").rows_are
    'totals'
    """
    if rows_as not in ROWS_AS:
        raise UnknownValue("rows_as", rows_as, ROWS_AS)
    begins = rows["date"].to_numpy("datetime64[D]")
    distinct, at = np.unique(begins, return_inverse=True)
    regular = _regular(distinct)
    rows_are = rows_as
    if rows_as == "auto":
        finest = [name for name in ("channel", "campaign") if name in rows] or [by]
        dated = pd.DataFrame({"date": begins}).groupby([rows[name].to_numpy() for name in finest], dropna=False)
        rows_are = TOTALS if (dated["date"].nunique() < 2).all() else DAYS if regular is None else PERIODS
    if rows_are != PERIODS:
        return Ledger(np.arange(len(rows)), begins, np.ones(len(rows)), rows_are)
    first, end = _until_the_next(distinct) if regular is None else regular
    n = (end - first).astype(int)[at]
    row = np.repeat(np.arange(len(rows)), n)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    return Ledger(row, first[at][row] + offset, 1 / n[row], PERIODS)


def _regular(dates: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """First day and end (the day after) of the month or week that each date stands for; None where they are neither.

    dates : distinct and ascending. One that is missing between two is no part of the one before it. Dates that are all
    the last of a month stand for the month that they end.
    """
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(int)
    after = dates + 1
    closing = bool((after == after.astype("datetime64[M]").astype("datetime64[D]")).all())
    if closing or (day == day[0]).all():
        gaps = np.diff(months).astype(int)
        step = int(np.gcd.reduce(gaps)) if len(gaps) > 1 else 1
        step = step if step in LONGER else 1
        if closing:
            return (months + 1 - step).astype("datetime64[D]"), after
        end = (months + step).astype("datetime64[D]") + day
        return dates, np.minimum(end, np.append(dates[1:], end[-1:]))
    gaps = np.diff(dates).astype(int)
    step = int(gaps.min())
    if step % 7 == 0 and (gaps % step == 0).all() and (step == 7 or len(gaps) > 1):
        return dates, dates + step
    return None


def _until_the_next(dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Periods that last until the next one; the last as long as they mostly are."""
    return dates, np.append(dates[1:], dates[-1] + int(np.median(np.diff(dates).astype(int))))


def common_days(ledger: Ledger, begun: str, as_of: str) -> tuple[str, str]:
    """The first and the last day on which both spend and orders are known. begun : the day of the first order.

    Raises InsightError where there are none.
    """
    starts, ends = str(ledger.day.min()), str(ledger.day.max())
    first, last = max(starts, begun), as_of if ledger.rows_are == TOTALS else min(ends, as_of)
    if first > last or ends < begun:
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
