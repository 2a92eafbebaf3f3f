"""The groups of an overview: the values of a column, the largest by name and the rest added up."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.language import _
from insight.log import Facts, Log

TOP = 10  # groups with a name
OTHER = _("Other")
KEYS = ("column", "top")


@dataclass(frozen=True)
class Breakdown:
    """By which column, and how many of its values have a name."""

    column: str
    top: int = TOP


@dataclass(frozen=True)
class Groups:
    """The groups that are shown, by size. `named` : the values with a name; `rest` : what the others are called."""

    column: str
    named: tuple[str, ...]
    rest: str | None = None

    @property
    def labels(self) -> list[str]:
        return [*self.named, *([self.rest] if self.rest else [])]

    def numbers(self, names: list[str]) -> np.ndarray:
        """The number of the group that each of these values is in."""
        known = {name: number for number, name in enumerate(self.named)}
        return np.array([known.get(name, len(self.named)) for name in names], np.int64)


def read_breakdown(by: str | dict | None, facts: Facts) -> Breakdown | None:
    """The setting `by`, "channel" or {"column": "channel", "top": 5}, checked."""
    if by is None:
        return None
    given = {"column": by} if isinstance(by, str) else by
    if not isinstance(given, dict) or "column" not in given:
        raise InsightError(f'by = {by!r} is no breakdown. Write by="channel" or by={{"column": "channel", "top": 5}}.')
    for key in given:
        if key not in KEYS:
            raise UnknownValue("key of by", key, KEYS)
    if given["column"] not in facts.columns:
        raise UnknownValue("column of by", given["column"], facts.columns)
    top = given.get("top", TOP)
    if type(top) is not int or top < 1:
        raise InsightError(f"top = {top!r} of by must be a whole number from 1 on.")
    return Breakdown(given["column"], top)


def largest(sizes: Mapping[str, int], breakdown: Breakdown) -> Groups:
    """The largest values keep their names; bundling a single one would only hide its name.

    >>> largest({"ads": 5, "mail": 9, "seo": 5, "tv": 1}, Breakdown("channel", 2)).labels
    ['mail', 'ads', 'Other']
    """
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    if len(ranked) <= breakdown.top + 1:
        return Groups(breakdown.column, tuple(ranked))
    named = tuple(ranked[: breakdown.top])
    rest = OTHER if OTHER not in named else f"{OTHER} ({len(ranked) - len(named)} more values)"
    return Groups(breakdown.column, named, rest)


def first_value(log: Log, column: str, starts: np.ndarray, tied: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The value of a column at the start of each unit: (codes, names).

    starts : positions of the units' first rows
    tied : rows at the same instant as their unit's first; of several values the alphabetically first, so that the
        order of the file plays no role
    """
    codes, names = log.values(column)
    if not len(starts):
        return np.zeros(0, np.int64), names
    return np.minimum.reduceat(np.where(tied, codes, len(names)), starts).astype(np.int64), names


def sizes_of(codes: np.ndarray, names: list[str]) -> dict[str, int]:
    """How many units have each value."""
    counts = np.bincount(codes, minlength=len(names))
    return {name: int(n) for name, n in zip(names, counts, strict=True) if n}


def merged_sizes(parts: list[dict[str, int]]) -> dict[str, int]:
    """The sizes in all parts together."""
    found: dict[str, int] = {}
    for part in parts:
        for name, n in part.items():
            found[name] = found.get(name, 0) + n
    return found
