"""What the values of a column can be: dates, amounts, ids of customers, kinds of event."""

import re
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.cells.date_shapes import looks_dated
from insight.tables.cells.dates import clock_times, moments
from insight.tables.cells.number_shapes import looks_numeric, numerals
from insight.tables.cells.values import MISSING, MISSING_VALUES, any_true, flags, numbers, present
from insight.tables.recognition.headings import Headings

LOOKED_AT = 1000  # values of a column that decide what kind of content it has
GLANCED_AT = 50  # values that decide whether it is worth while to look at them all
COUNTED = 100_000  # rows in which different values are counted
FEW, MANY = 100, 20  # at most so many kinds of event; at least so many customers
REPEATING = 0.9  # customers come back: fewer different ids than rows
ROWS_TO_JUDGE = 50  # in fewer rows the content says nothing
HALF, MOST = 0.5, 0.9  # of the values must be readable for a column to be what its name says, what it looks like


def first_values(column: pa.ChunkedArray, most: int, missing: tuple[str, ...] = MISSING) -> pa.ChunkedArray:
    """The first values of a column as text, however many rows are empty before them.

    >>> first_values(pa.chunked_array([["", None, "-", "ana", "ben", "eve"]]), 2).to_pylist()
    ['ana', 'ben']
    """
    given, rows = column.drop_null() if column.null_count else column, most
    while True:  # a whole column of texts takes long, and few need it
        found = present(given.slice(0, rows), missing).drop_null()
        if len(found) >= most or rows >= len(given):
            return found.slice(0, most)
        rows *= 8


class Content:
    """The first values of one column, and what share of them can be read as what."""

    def __init__(self, values: pa.ChunkedArray):
        self.start = values.slice(0, COUNTED)
        self.sample = first_values(values, LOOKED_AT, MISSING_VALUES)

    def fits(self, holds: str) -> bool:
        """Whether the column can be what its name says; an empty column can be anything."""
        if holds in ("id", "text") or not len(self.sample):
            return True
        read = {"date": "dates", "time": "times", "money": "amounts", "number": "amounts", "flag": "flags"}[holds]
        return getattr(self, read) >= HALF

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
            if re.search("customer|client|user|visitor|member|buyer|person", name):
                return True
            return self._recurring_ids(MANY if re.fullmatch(r"column\d+", name) else FEW)  # a name would tell no id
        if canonical == "amount":
            told = r"\.\d|[$€£]|[A-Z]{3}"  # a point or a currency, sought first because it is the quicker test
            return any_true(pc.match_substring_regex(self.sample, told)) and self.amounts == 1
        return False

    @cached_property
    def dates(self) -> float:
        if pa.types.is_timestamp(self.start.type):
            return 1.0
        if not looks_dated(self.glance):
            return 0.0  # quicker than reading them
        return max(float(moments(self.sample, dayfirst=order).valid.mean()) for order in (True, False))

    @cached_property
    def glance(self) -> list[str]:
        return self.sample.slice(0, GLANCED_AT).to_pylist()

    @cached_property
    def has_days_only(self) -> bool:
        """Whether no date has a time of day."""
        read = [moments(self.start.slice(0, LOOKED_AT), dayfirst=order) for order in (True, False)]
        return max(read, key=lambda found: found.valid.sum()).dates_only

    @cached_property
    def times(self) -> float:
        """Times of day; whole numbers are hours where all can be."""
        if pa.types.is_timestamp(self.start.type):
            return 1.0
        return float(clock_times(self.sample)[1].mean())

    @cached_property
    def flags(self) -> float:
        return float(np.mean(flags(self.sample).is_valid()))

    @cached_property
    def amounts(self) -> float:
        if not looks_numeric(self.glance):
            return 0.0  # quicker than reading them
        return float(np.mean(numerals(self.sample).plain.is_valid()))

    @cached_property
    def numbers(self) -> float:
        if not looks_numeric(self.glance):
            return 0.0  # quicker than reading them
        return float(np.isfinite(numbers(self.sample).values).mean())

    @cached_property
    def kinds(self) -> int:
        return pc.count_distinct(self.start).as_py()

    @property
    def is_text(self) -> bool:
        return self.numbers == 0 and self.dates < HALF

    def _recurring_ids(self, fewest: int) -> bool:
        """Whether the same ids come back; texts are ids where there are more than `fewest` of them."""
        rows = len(self.start)
        whole = self.numbers == 1 and not any_true(pc.match_substring(self.sample, "."))
        ids = whole or (self.is_text and self.kinds > fewest)
        return ids and rows >= ROWS_TO_JUDGE and MANY <= self.kinds < REPEATING * rows


class Contents(dict):
    """The Content of each column of a table, looked at when first asked for; and the columns by name."""

    def __init__(self, table: pa.Table):
        super().__init__()
        self.table = table

    @cached_property
    def headings(self) -> Headings:
        return Headings(self.table.column_names)

    def __missing__(self, name: str) -> Content:
        self[name] = Content(self.table[name])
        return self[name]
