"""Features on one scale: logs where they are skewed, each with the same weight, categories as yes and no."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue

SKEWED = 1.0  # skewness of numbers from 0 up, from which their logs are taken
OUTLYING = 5.0  # standard deviations: a value further out counts as if it lay there
MOST_VALUES = 12  # of a text that can be a feature
LOGGED = ("days_since_last", "orders", "revenue", "average_order_value", "active_days", "events")
SEPARATOR = " = "  # between a column and one of its values, where that is a feature


@dataclass(frozen=True, eq=False)
class Scaled:
    """Features as they are clustered, one row a customer.

    matrix : float (customers, columns), each feature with the variance 1 in all
    columns : name of each column: the feature, or "feature = value" of a text
    raw : the same columns before they were scaled
    table : one row a column, see Clusters.features
    n_outlying : customers of the basis with a value that was moved in
    """

    matrix: np.ndarray
    columns: list[str]
    raw: np.ndarray
    table: pd.DataFrame
    n_outlying: int


def complete(frame: pd.DataFrame, features: list[str]) -> np.ndarray:
    """Which customers have a value of every feature."""
    return frame[features].notna().all(axis=1).to_numpy()


def usable(frame: pd.DataFrame, features: list[str]) -> tuple[list[str], list[str]]:
    """The features that say something, and those that do not: all customers have the same value, or nobody has one.

    Raises InsightError for a text with too many values.
    """
    kept, constant = [], []
    for name in features:
        n = frame[name].nunique()
        (kept if n > 1 else constant).append(name)
        if n > MOST_VALUES and not pd.api.types.is_numeric_dtype(frame[name]):
            raise InsightError(
                f"{name} has {n} different texts; as a feature it can have {MOST_VALUES} at most. Choose another."
            )
    return kept, constant


def read_logged(logged: object, features: list[str]) -> list[str] | None:
    """The setting `logged`: None, or features.

    Raises UnknownValue, InsightError for anything else.
    """
    if logged is None:
        return None
    if not isinstance(logged, list | tuple):
        raise InsightError(f"logged is a list of features, [] for none, or None; not {logged!r}.")
    for name in logged:
        if name not in features:
            raise UnknownValue("logged", name, features)
    return list(logged)


def scaled(frame: pd.DataFrame, features: list[str], logged: list[str] | None, basis: np.ndarray) -> Scaled:
    """These features of all customers, scaled by the mean and the standard deviation of those in `basis`.

    logged : the features whose logs are taken; None: counts, days and money, and what is skewed and never below 0
    """
    columns, raw, moved, rows = [], [], [], []
    for name in features:
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column):
            values = column.to_numpy(float)
            takes_log = _takes_log(name, values[basis], logged)
            made = [(name, values, logs(values) if takes_log else values)]
        else:
            takes_log, made = False, [(label, own, own) for label, own in _dummies(name, column)]
        weight = 1 / np.sqrt(len(made))
        for label, values, on_scale in made:
            mean, spread = on_scale[basis].mean(), on_scale[basis].std()
            columns.append(label)
            raw.append(values)
            moved.append((on_scale - mean) / (spread or 1.0) * weight)
            rows.append((label, name, bool(takes_log), float(mean), float(spread)))
    matrix = np.column_stack(moved)
    n_outlying = int((np.abs(matrix[basis]) > OUTLYING).any(axis=1).sum())
    table = pd.DataFrame(rows, columns=["feature", "column", "is_log", "scale_mean", "scale_deviation"])
    return Scaled(np.clip(matrix, -OUTLYING, OUTLYING), columns, np.column_stack(raw), table, n_outlying)


def _takes_log(name: str, values: np.ndarray, logged: list[str] | None) -> bool:
    if logged is not None:
        return name in logged
    if name in LOGGED:
        return True
    return values.min() >= 0 and len(np.unique(values)) > 2 and skewness(values) > SKEWED  # two values are yes and no


def logs(values: np.ndarray) -> np.ndarray:
    """log(1 + x); of what is below 0 the same with its sign, for refunds may exceed purchases.

    >>> logs(np.array([0.0, np.e - 1, 1 - np.e])).tolist()
    [0.0, 1.0, -1.0]
    """
    return np.sign(values) * np.log1p(np.abs(values))


def unlogged(values: np.ndarray) -> np.ndarray:
    """The number of which :func:`logs` made this."""
    return np.sign(values) * np.expm1(np.abs(values))


def skewness(values: np.ndarray) -> float:
    """The mean cube of the distances from the mean, in standard deviations; 0 where all are the same."""
    distance = values - values.mean()
    spread = np.sqrt(np.mean(distance**2))
    return float(np.mean((distance / spread) ** 3)) if spread else 0.0


def _dummies(name: str, column: pd.Series) -> list[tuple[str, np.ndarray]]:
    """A text as one column of 0 and 1 a value; of two values one column says both."""
    values = sorted(column.dropna().unique())
    shown = values[1:] if len(values) == 2 else values
    return [(f"{name}{SEPARATOR}{value}", (column == value).to_numpy(float)) for value in shown]
