"""Conditions on the columns of a table: [["value", ">=", 100], ["channel", "in", ["ads", "mail"]]]."""

import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue

ORDERED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
NEGATED = {"!=": "==", "not in": "in"}
OPERATORS = ["==", "!=", *ORDERED, "in", "not in", "contains", "is missing"]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CLOCK = re.compile(r"(?<=^\d{4}-\d{2}-\d{2})[ T]\d{2}:.*")  # what follows the day
SCALARS = str | int | float  # a bool is an int


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition on a column.

    A column of numbers is compared as numbers, any other as text, case and all; "contains" alone takes every column as
    text and ignores case. Dates are written as ISO text, "2026-03-05", which stands for that whole day, or "2026-03-05
    14:30". A missing value meets "is missing", "!=" and "not in", and nothing else.

    Two conditions are the same when they are written the same: 1, 1.0 and True are one number, but three texts.
    """

    column: str
    operator: str
    value: object = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self._written == other._written

    def __hash__(self) -> int:
        return hash(self._written)

    @property
    def _written(self) -> tuple[str, str, str]:
        return self.column, self.operator, repr(self.value)

    def holds(self, frame: pd.DataFrame, timezone: str | None = None) -> np.ndarray:
        """Where the condition is met, row by row. Raises InsightError where value and column do not go together."""
        column = frame[self.column]
        if self.operator == "is missing":
            return column.isna().to_numpy(bool)
        if self.operator in NEGATED:
            return ~Condition(self.column, NEGATED[self.operator], self.value).holds(frame, timezone)
        if self.operator == "in":
            found = [Condition(self.column, "==", value).holds(frame, timezone) for value in self.value]
            return np.logical_or.reduce(found)
        if self.operator == "contains":
            text = str(self.value).casefold()
            return _by_value(column, lambda value: text in value.casefold())
        if pd.api.types.is_datetime64_any_dtype(column):
            return self._of_dates(column, timezone)
        if pd.api.types.is_numeric_dtype(column):
            return self._compare(column, self._number())
        return self._of_text(column)

    def _compare(self, column: pd.Series, value: object) -> np.ndarray:
        compare = ORDERED.get(self.operator, operator.eq)
        return compare(column, value).fillna(False).to_numpy(bool)

    def _number(self) -> float:
        try:
            number = float(self.value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InsightError(f"{self.column} holds numbers, and {self.value!r} is none.")
        return number

    def _of_dates(self, column: pd.Series, timezone: str | None) -> np.ndarray:
        try:
            value = pd.Timestamp(self.value) if isinstance(self.value, str) else pd.NaT
        except ValueError:
            value = pd.NaT
        if value is pd.NaT or value.tzinfo is not None:
            raise InsightError(f'{self.column} holds dates: write "2026-03-05" or "2026-03-05 14:30".')
        if column.dt.tz is not None:  # as clocks showed it
            column = column.dt.tz_convert(timezone or column.dt.tz).dt.tz_localize(None)
        return self._compare(column.dt.normalize() if DAY.fullmatch(self.value) else column, value)

    def _of_text(self, column: pd.Series) -> np.ndarray:
        if self.operator in ORDERED and not isinstance(self.value, str):
            raise InsightError(f"{self.column} holds text, which is not less or more than the number {self.value!r}.")
        wanted, compare = str(self.value), ORDERED.get(self.operator, operator.eq)
        if DAY.fullmatch(wanted):
            return _by_value(column, lambda value: compare(CLOCK.sub("", value), wanted))
        return _by_value(column, lambda value: compare(value, wanted))


def read_conditions(where: object, columns: Iterable[str]) -> tuple[Condition, ...]:
    """Conditions as written, checked against the columns of the table.

    Raises UnknownValue for a column or an operator that does not exist, InsightError for a wrong form.
    """
    if not isinstance(where, list | tuple):
        raise InsightError(f'where is a list of conditions such as [["value", ">=", 100]]; {where!r} is not.')
    return tuple(_condition(one, list(columns)) for one in where)


def _condition(written: object, columns: list[str]) -> Condition:
    if not isinstance(written, list | tuple) or len(written) not in (2, 3):
        raise InsightError(f'A condition is written ["value", ">=", 100] or ["value", "is missing"]; not {written!r}.')
    column, how, *rest = written
    if column not in columns:
        raise UnknownValue("where column", column, columns)
    if how not in OPERATORS:
        raise UnknownValue("where operator", how, OPERATORS)
    if (how == "is missing") != (not rest):
        raise InsightError(f'"is missing" stands alone, and every other operator needs a value; not {written!r}.')
    if not rest:
        return Condition(column, how)
    value = rest[0]
    if how not in ("in", "not in"):
        if not isinstance(value, SCALARS):
            raise InsightError(f"A condition compares with a text or a number; not with {value!r}.")
        _check_size(value)
        return Condition(column, how, value)
    if not isinstance(value, list | tuple) or not value or not all(isinstance(one, SCALARS) for one in value):
        raise InsightError(f'"{how}" needs a list of texts or numbers; not {value!r}.')
    for one in value:
        _check_size(one)
    return Condition(column, how, tuple(value))


def _check_size(value: str | float) -> None:
    """Raises InsightError for a number that no cell can hold: nan, inf, or a whole one beyond all floats."""
    try:
        finite = isinstance(value, str) or math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise InsightError("A condition compares with a number that is finite and has at most 308 digits.")


def _by_value(column: pd.Series, test: Callable[[str], bool]) -> np.ndarray:
    """Ask each distinct text once; a missing value fails."""
    codes, values = pd.factorize(column.astype("str").where(column.notna()))
    return np.append([bool(test(str(value))) for value in values], False).astype(bool)[codes]
