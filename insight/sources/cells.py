"""The cells of some rows of a source, read column by column with the readers of files.

What a reader decides for a whole column is gathered here as evidence, part by part, and settled for all parts at once:
parts that decided for themselves would disagree.
"""

from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.tables.cells.number_shapes import Numerals
from insight.tables.cells.values import (
    EXACT_DIGITS,
    MISSING_VALUES,
    any_true,
    could_be_thousands,
    identifiers,
    natural,
    numbers,
    present,
    valid_mask,
)
from insight.tables.opening.raw import as_text
from insight.tables.series import plain_series

WHOLE = r"^-?\d+(?:\.0*)?$"
GLANCE = 100  # cells that often settle a question about all


def point() -> str:
    """What stands before the decimals: a source where anything tells otherwise is refused."""
    return "."


class Cells:
    """One column of some rows, under its name in the source."""

    def __init__(self, values: pa.ChunkedArray, name: str):
        self.values, self.name = values, name

    @property
    def is_number(self) -> bool:
        """Whether the format itself says that these are numbers."""
        kind = self.values.type
        return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)

    @cached_property
    def text(self) -> pa.ChunkedArray:
        """As a file has them: trimmed text, or moments where the format knows them; null where nothing is written."""
        text = as_text(self.values)
        if not pa.types.is_string(text.type) or self.is_number:
            return text
        text = pc.utf8_trim_whitespace(text)
        empty = pc.equal(text, "")
        return pc.if_else(empty, None, text) if any_true(empty) else text

    @property
    def given(self) -> np.ndarray:
        """Where something is written, and not one of the ways to say "nothing"."""
        text = self.text
        return valid_mask(present(text, MISSING_VALUES) if pa.types.is_string(text.type) else text)

    def evidence(self, holds: str) -> set[str]:
        """What these rows tell of how the whole column is to be read."""
        if holds == "id":
            return self._told_of_ids()
        if holds == "number":
            return self._told_of_numbers()
        return self._told_of_values() if holds == "other" else set()

    def _told_of_ids(self) -> set[str]:
        """point : some id has one;  name : some id is no whole number."""
        told, ids = set(), present(self.text)
        if any_true(pc.match_substring(ids, ".")):
            told.add("point")
        for some in (ids.slice(0, GLANCE), ids):
            if not pc.all(pc.match_substring_regex(some, WHOLE), min_count=0).as_py():
                told.add("name")
                break
        return told

    def _told_of_numbers(self) -> set[str]:
        if self.is_number:
            return set()
        if could_be_thousands(self.text):
            return {"thousands"}
        told = {"point"} if any_true(pc.match_substring(self.text, ".")) else set()
        return told | written(numbers(self.text, point).reading)

    def _told_of_values(self) -> set[str]:
        """int, float, text : what natural() makes of these rows;  missing;  large : a whole number beyond a float."""
        told = {"missing"} if self.values.null_count else set()
        found = natural(self.text)
        if pa.types.is_integer(found.type):
            return told | {"int"} | ({"large"} if pc.max(pc.abs(found)).as_py() >= 10**EXACT_DIGITS else set())
        if pa.types.is_floating(found.type):
            return told | {"float"}
        return told | ({"text"} if found.null_count < len(found) else {"missing"})

    def ids(self, told: set[str]) -> pa.ChunkedArray:
        """The ids as text; a column of whole numbers, written 17850.0, loses the point."""
        ids = identifiers(self.text)
        if told >= {"point", "name"}:  # no column of numbers: they are names, points and all
            return pc.if_else(pc.and_(pc.is_valid(ids), pc.match_substring(self.text, ".")), self.text, ids)
        return ids

    def numbers(self, told: set[str]) -> np.ndarray:
        """The numbers as float64, NaN where there is none. Raises InsightError for numbers of another notation."""
        if self.is_number:
            found = np.array(pc.cast(self.values, pa.float64()).fill_null(np.nan).to_numpy())
            return np.where(np.isfinite(found), found, np.nan)
        check_notation(told, self.name)
        return numbers(self.text, point).values

    def series(self, holds: str, told: set[str]) -> pd.Series:
        """The column as the table of a file would have it."""
        every = np.ones(len(self.values), bool)
        if holds == "id":
            return plain_series(self.ids(told), every)
        if holds == "number":
            return pd.Series(self.numbers(told))
        if holds == "other":
            return plain_series(self._natural(told), every)
        return plain_series(present(self.text), every)

    def _natural(self, told: set[str]) -> pa.ChunkedArray:
        """Numbers where every cell of the whole column is a plain one that a float can hold, else text."""
        if not pa.types.is_string(self.text.type):
            return self.text.cast(pa.string())
        if "text" in told or not {"int", "float"} & told or told >= {"large", "float"} or told >= {"large", "missing"}:
            return self.text
        return present(self.text, MISSING_VALUES).cast(pa.float64() if {"float", "missing"} & told else pa.int64())


def written(reading: Numerals | None) -> set[str]:
    """What cells that are more than plain digits prove about the notation of their column."""
    if reading is None:
        return set()
    told = {"comma"} if reading.decimal == "," or reading.contrary.any() else set()
    if reading.doubtful.any():
        return told | {"doubtful"}
    return told | ({"point"} if reading.decimal == "." else set())


def check_notation(told: set[str], name: str) -> None:
    """Raises InsightError where a column of numbers does not plainly have points before the decimals."""
    if "comma" in told or ({"doubtful", "thousands"} & told and "point" not in told):
        raise InsightError(
            f"The numbers in {name!r} are not plainly written with a point before the decimals (1234.50): write them "
            "so, or as numbers in Parquet. Only the readers of files in memory can tell other ways apart."
        )
