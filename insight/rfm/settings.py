"""The settings of rfm, read once: limits of the scores and names of the segments."""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.log import Facts

# Names by recency score (a row each, 5 first) and by the score of frequency and monetary value (1 first).
SEGMENTS = [
    ["New", "New", "Potential loyal", "Champions", "Champions"],
    ["Promising", "Promising", "Potential loyal", "Champions", "Champions"],
    ["About to sleep", "Need attention", "Need attention", "Loyal", "Loyal"],
    ["Hibernating", "Hibernating", "At risk", "At risk", "At risk"],
    ["Lost", "Lost", "At risk", "Can't lose", "Can't lose"],
]
MONETARY = {"total": "revenue", "average": "average_order_value"}  # what the third score is of
USUAL = {"as_of": None, "thresholds": None, "monetary": "total", "segments": None, "customers": True}


@dataclass(frozen=True)
class Settings:
    """The settings of `rfm`, checked.

    end : of the observed time, in microseconds
    measures : what is scored: days_since_last, orders, and revenue or average_order_value
    thresholds : limits by measure, of those that are given
    grid : names of the segments, as SEGMENTS
    customers : whether the table of customers is wanted
    """

    end: int
    measures: tuple[str, str, str]
    thresholds: dict[str, list[float | None]]
    grid: list[list[str]]
    customers: bool

    @property
    def names(self) -> list[str]:
        """The segments, best first: from the most recent, and there from the most frequent and valuable."""
        return list(dict.fromkeys(name for row in self.grid for name in reversed(row)))

    def named(self, recency: np.ndarray, worth: np.ndarray) -> np.ndarray:
        """The number in `names` of each customer's segment, by both scores."""
        number = {name: place for place, name in enumerate(self.names)}
        return np.array([[number[name] for name in row] for row in self.grid])[5 - recency, worth - 1]


def read_settings(given: dict[str, object], facts: Facts) -> Settings:
    """The settings of `rfm`, as its keyword arguments, checked against the facts of a log.

    Raises UnknownValue for what does not exist, InsightError for what is not possible.
    """
    for key in given:
        if key not in USUAL:
            raise UnknownValue("setting of rfm", key, USUAL)
    asked = USUAL | given
    if asked["monetary"] not in MONETARY:
        raise UnknownValue("monetary", asked["monetary"], MONETARY)
    measures = ("days_since_last", "orders", MONETARY[asked["monetary"]])
    return Settings(
        end=facts.end_of_data(facts.as_of_day(asked["as_of"])),
        measures=measures,
        thresholds=_limits(asked["thresholds"], measures),
        grid=_grid(SEGMENTS if asked["segments"] is None else asked["segments"]),
        customers=bool(asked["customers"]),
    )


def _limits(given: object, measures: tuple[str, ...]) -> dict[str, list[float | None]]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InsightError(f'thresholds are written {{"orders": [2, 3, 4, 7]}}; {given!r} is not possible.')
    for measure, limits in given.items():
        if measure not in measures:
            raise UnknownValue("thresholds", measure, measures)
        _check_limits(measure, limits)
    return {measure: list(limits) for measure, limits in given.items()}


def _check_limits(measure: str, limits: object) -> None:
    how = "days that get fewer" if measure == "days_since_last" else "numbers that grow"
    message = f"thresholds of {measure} are four {how}, where the scores 2, 3, 4 and 5 begin; not {limits!r}."
    if not isinstance(limits, list | tuple) or len(limits) != 4:
        raise InsightError(message)
    numbers = [limit for limit in limits if limit is not None]
    if any(isinstance(n, bool) or not isinstance(n, int | float) or not math.isfinite(n) for n in numbers):
        raise InsightError(message)
    if list(limits[: len(numbers)]) != numbers:  # None: nobody has that score, so nobody has a better one
        raise InsightError(message)
    if numbers != sorted(numbers, reverse=measure == "days_since_last"):
        raise InsightError(message)


def _grid(grid: object) -> list[list[str]]:
    rows = grid if isinstance(grid, list | tuple) else []
    if len(rows) != 5 or any(not isinstance(row, list | tuple) or len(row) != 5 for row in rows):
        raise InsightError(
            "segments are five lists of five names: one list for each recency score, 5 first, with a name for each "
            "score of frequency and monetary value, 1 first. So every customer has exactly one."
        )
    for name in (name for row in rows for name in row):
        if not isinstance(name, str) or not name.strip():
            raise InsightError(f"segments: {name!r} is not a name.")
    return [list(row) for row in rows]


def minor_units(limit: float, decimals: int) -> int:
    """The smallest amount in minor units that is at least `limit`; exact for what is written with decimals.

    >>> minor_units(19.99, 2), minor_units(0.001, 2), minor_units(-5, 0)
    (1999, 1, -5)
    """
    return math.ceil(Decimal(repr(limit)) * 10**decimals)
