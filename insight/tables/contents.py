"""What the values of a column can be: dates, amounts, ids of customers, kinds of event."""

import re
from collections.abc import Callable
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.dates import moments
from insight.tables.money import unmarked
from insight.tables.values import MISSING_VALUES, any_true, numbers, present

LOOKED_AT = 1000  # values of a column that decide what kind of content it has
COUNTED = 100_000  # rows in which different values are counted
FEW, MANY = 100, 20  # at most so many kinds of event; at least so many customers
REPEATING = 0.9  # customers come back: fewer different ids than rows
ROWS_TO_JUDGE = 50  # in fewer rows the content says nothing
HALF, MOST = 0.5, 0.9  # of the values must be readable for a column to be what its name says, what it looks like


class Content:
    """The first values of one column, and what share of them can be read as what."""

    def __init__(self, values: pa.ChunkedArray):
        self.start = values.slice(0, COUNTED)
        self.sample = present(values.slice(0, LOOKED_AT), MISSING_VALUES).drop_null()

    def fits(self, holds: str) -> bool:
        """Whether the column can be what its name says; an empty column can be anything."""
        if holds in ("id", "text") or not len(self.sample):
            return True
        return {"date": self.dates, "money": self.amounts, "number": self.amounts}[holds] >= HALF

    def could_be(self, canonical: str, name: str) -> bool:
        """Whether a column whose name says nothing can be this required one."""
        if not len(self.sample):
            return False
        if canonical in ("timestamp", "order_date", "date"):
            return self.numbers == 0 and self.dates >= MOST
        if canonical == "event":
            rows = len(self.start)
            return self.is_text and 2 <= self.kinds <= FEW and rows >= max(ROWS_TO_JUDGE, 5 * self.kinds)
        if canonical == "customer_id":
            return bool(re.search("customer|client|user|visitor|member|buyer|person", name)) or self._recurring_ids
        if canonical == "amount":
            told = r"\.\d|[$€£]|[A-Z]{3}"  # a point or a currency, sought first because it is the quicker test
            return any_true(pc.match_substring_regex(self.sample, told)) and self.amounts == 1
        return False

    @cached_property
    def dates(self) -> float:
        if pa.types.is_timestamp(self.start.type):
            return 1.0
        if not any_true(pc.match_substring_regex(self.sample, r"^\d")):
            return 0.0  # quicker than trying every shape
        return max(float(moments(self.sample, dayfirst=order).valid.mean()) for order in (True, False))

    @cached_property
    def amounts(self) -> float:
        if not any_true(pc.match_substring_regex(self.sample, r"\d")):
            return 0.0
        return float(np.mean(unmarked(self.sample)[0].is_valid()))

    @cached_property
    def numbers(self) -> float:
        return float(np.isfinite(numbers(self.sample)).mean())

    @cached_property
    def kinds(self) -> int:
        return pc.count_distinct(self.start).as_py()

    @property
    def is_text(self) -> bool:
        return self.numbers == 0 and self.dates < HALF

    @property
    def _recurring_ids(self) -> bool:
        rows = len(self.start)
        whole = self.numbers == 1 and not any_true(pc.match_substring(self.sample, "."))
        ids = whole or (self.is_text and self.kinds > FEW)
        return ids and rows >= ROWS_TO_JUDGE and MANY <= self.kinds < REPEATING * rows


class Contents(dict):
    """The Content of each column of a table, looked at when first asked for."""

    def __init__(self, table: pa.Table):
        super().__init__()
        self.table = table
        self._by_fold: dict[str, list[str]] = {}

    def called(self, known: str, fold: Callable[[str], str]) -> list[str]:
        """The columns whose name compares equal to a known one; the names are folded once."""
        if not self._by_fold:
            for name in self.table.column_names:
                self._by_fold.setdefault(fold(name), []).append(name)
        return self._by_fold.get(known, [])

    def __missing__(self, name: str) -> Content:
        self[name] = Content(self.table[name])
        return self[name]
