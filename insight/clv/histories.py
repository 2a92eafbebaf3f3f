"""What the models are fitted to: distinct histories of purchase days, and how many customers share each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from insight.clv.summary import ClvCells, ClvSummary
from insight.errors import InsightError

HISTORY = ("frequency", "recency", "T")
SPENDING = ("frequency", "monetary_value")


@dataclass(frozen=True, eq=False)
class Histories:
    """Distinct histories in ascending order, in the papers' letters; arrays of one length.

    x : purchase days after the first; t_x : time of the last, counted from the first; T : time of the end
    n : customers who share the history
    """

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    n: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def by_x(self) -> tuple[np.ndarray, np.ndarray]:
        """The distinct values of x, and the place of each row's among them: gamma functions are taken once for each."""
        return np.unique(self.x, return_inverse=True)

    @cached_property
    def by_x_and_age(self) -> tuple["Histories", np.ndarray]:
        """The distinct pairs of x and T, and the place of each row's: of the living, t_x says nothing of the future."""
        (x, age), place = distinct((self.x, self.T))
        return Histories(x, np.zeros(len(x)), age, np.bincount(place, self.n, minlength=len(x))), place

    def where(self, kept: np.ndarray) -> "Histories":
        return Histories(*(own[kept] for own in (self.x, self.t_x, self.T, self.n)))

    def scaled(self, scale: float) -> "Histories":
        """The same histories with times counted in another unit, `scale` of the old ones."""
        return Histories(self.x, self.t_x / scale, self.T / scale, self.n)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a summary: `columns` as float arrays, `weight` of each, the `unit` of time if it is known."""

    columns: tuple[np.ndarray, ...]
    weight: np.ndarray
    index: pd.Index
    unit: str | None


def rows_of(summary: object, names: tuple[str, ...], function: str) -> Rows:
    """The rows that a model looks at: of a ClvSummary its customers, of ClvCells the table that has these columns.

    Raises InsightError for anything else, and for values that are no history.
    """
    table, unit = summary, getattr(summary, "unit", None)
    if isinstance(summary, ClvSummary):
        table = summary.customers
    elif isinstance(summary, ClvCells):
        table = summary.histories if names == HISTORY else summary.spending
    if not isinstance(table, pd.DataFrame) or (missing := [name for name in names if name not in table]):
        wrong = f"; this one has no {', '.join(missing)}" if isinstance(table, pd.DataFrame) else ""
        raise InsightError(f"{function} takes what clv_summary returns, or a table of {', '.join(names)}{wrong}.")
    columns = tuple(_numbers(table, name) for name in names)
    weight = _numbers(table, "weight") if "weight" in table else np.ones(len(table))
    _check(names, columns, weight)
    return Rows(columns, weight, table.index, unit)


def _numbers(table: pd.DataFrame, name: str) -> np.ndarray:
    try:
        return table[name].to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise InsightError(f"The column {name} must hold numbers.") from None


def _check(names: tuple[str, ...], columns: tuple[np.ndarray, ...], weight: np.ndarray) -> None:
    own = dict(zip(names, columns, strict=True))
    rules = {
        "weight must be above zero.": (weight > 0) & np.isfinite(weight),
        "frequency must be a whole number, 0 or more.": (own["frequency"] >= 0) & (own["frequency"] % 1 == 0),
    }
    if "T" in own:
        x, t_x, age = columns
        rules |= {
            "T must be a number, 0 or more.": (age >= 0) & np.isfinite(age),
            "recency must lie between 0 and T.": (t_x >= 0) & (t_x <= age * (1 + 1e-9)),
            "recency must be 0 where frequency is 0: there is no later purchase.": (x > 0) | (t_x == 0),
        }
    if "monetary_value" in own:  # of one-time buyers it is not looked at, and may be missing
        spend = own["monetary_value"]
        fine = (spend >= 0) & np.isfinite(spend)
        rules["monetary_value must be 0 or more where frequency is above 0."] = fine | (own["frequency"] == 0)
    for rule, holds in rules.items():
        if not holds.all():
            raise InsightError(f"{rule} Row {int(np.argmin(holds)) + 1} breaks the rule.")


def distinct(columns: tuple[np.ndarray, ...]) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """The distinct rows of some columns in ascending order, and the place of each row among them.

    >>> rows, place = distinct((np.array([1., 0., 1.]), np.array([5., 2., 5.])))
    >>> [column.tolist() for column in rows], place.tolist()
    ([[0.0, 1.0], [2.0, 5.0]], [1, 0, 1])
    """
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:  # codes of two columns become one integer, made dense again before the next
        code, values = pd.factorize(column)
        key, _ = pd.factorize(key * max(len(values), 1) + code)
    first = np.zeros(int(key.max()) + 1 if len(key) else 0, np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]
    rows = tuple(column[first] for column in columns)
    order = np.lexsort(rows[::-1])
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return tuple(row[order] for row in rows), place[key]


def histories_of(summary: object, function: str) -> tuple[Histories, str | None]:
    """The distinct histories of a summary, and its unit of time."""
    rows = rows_of(summary, HISTORY, function)
    columns, place = distinct(rows.columns)
    return Histories(*columns, np.bincount(place, rows.weight, minlength=len(columns[0]))), rows.unit


def dot(weight: np.ndarray, values: np.ndarray) -> float:
    """The weighted sum, on one thread: the linear algebra library starts several, which takes longer than the sum."""
    return float((weight * values).sum())


def weighted_median(values: np.ndarray, weight: np.ndarray) -> float:
    """The smallest value that at least half of the weight does not exceed.

    >>> weighted_median(np.array([3.0, 1.0]), np.array([1.0, 5.0]))
    1.0
    """
    order = np.argsort(values)
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(2 * reached, reached[-1])])
