"""Some rows of a source, read: who, when, what or how much, and which rows lack something that every row needs."""

from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.sources.cells import Cells, check_notation, point
from insight.sources.reading import Reading
from insight.tables.cells.currency_signs import currency_in_name
from insight.tables.cells.dates import Moments, moments
from insight.tables.cells.money import AmountTooLarge, Money, currency_codes, line_totals, money
from insight.tables.cells.values import present, valid_mask

Told = dict[str, set[str]]  # the source's name of a column -> what all rows tell of it


class Rows:
    """Some rows of a source.

    told : what all rows of the source tell of each column; empty while that is still being gathered
    """

    def __init__(self, table: pa.Table, reading: Reading, told: Told | None = None):
        self.table, self.reading, self.told = table, reading, told or {}
        self._cells: dict[str, Cells] = {}

    def __len__(self) -> int:
        return self.table.num_rows

    def cells(self, source: str) -> Cells:
        """A column by the source's name for it."""
        if source not in self._cells:
            self._cells[source] = Cells(self.table[source], source)
        return self._cells[source]

    def named(self, canonical: str) -> Cells:
        """A canonical column that the source has."""
        return self.cells(self.reading.columns[canonical])

    def ids(self, canonical: str) -> pa.ChunkedArray:
        """A canonical column of ids, as text."""
        source = self.reading.columns[canonical]
        return self.cells(source).ids(self.told.get(source, set()))

    def further(self, name: str) -> pd.Series:
        """A further column of the table, as the table of a file would have it."""
        asked = self.reading.further[name]
        return self.cells(asked.source).series(asked.holds, self.told.get(asked.source, set()))

    @cached_property
    def customers(self) -> pa.ChunkedArray:
        return self.ids("customer_id")

    @cached_property
    def when(self) -> Moments:
        """When each row happened. Raises AmbiguousDates where day and month could be either."""
        reading, name = self.reading, self.reading.columns[self.reading.when]
        time = self.named("time").text if reading.columns.get("time") else None
        read = {"dayfirst": reading.dayfirst, "timezone": reading.timezone, "name": name, "time": time}
        return moments(self.cells(name).text, **read)

    @cached_property
    def events(self) -> pa.ChunkedArray:
        return present(self.named("event").text)

    @cached_property
    def amounts(self) -> Money:
        """The exact amount of each row. Raises InsightError for one that is too large to be exact."""
        columns = [self.named(name) for name in self.reading.amounts]
        for column in columns:
            if column.name in self.told and not column.is_number:
                check_notation(self.told[column.name], column.name)
        read = money if len(columns) == 1 else line_totals
        try:
            return read(*(column.text for column in columns), hint=point)
        except AmountTooLarge:
            raise InsightError(f"An amount in {columns[-1].name!r} is too large to be exact.") from None

    @cached_property
    def currencies(self) -> pa.ChunkedArray | None:
        """The currency of each row as a code, null where none is written; None where these rows never say one."""
        if self.reading.columns.get("currency"):
            codes = currency_codes(present(self.named("currency").text))
        else:
            codes, heading = self.amounts.marks, currency_in_name(self.named(self.reading.amounts[-1]).name)[1]
            if heading:
                codes = pa.chunked_array([[heading] * len(self)]) if codes is None else pc.fill_null(codes, heading)
                codes = pc.if_else(pc.equal(codes, ""), heading, codes)
        return None if codes is None else pc.if_else(pc.equal(codes, ""), None, codes)

    @cached_property
    def required(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """For each column that every row needs: where it can be read, and where anything is written at all."""
        ids = valid_mask(self.customers)
        found = {"customer_id": (ids, ids)}
        found[self.reading.when] = (self.when.valid, self.named(self.reading.when).given)
        if self.reading.kind == "events":
            found["event"] = (valid_mask(self.events),) * 2
        parts = self.amounts.parts or (self.amounts,) if self.reading.amounts else ()
        for name, part in zip(self.reading.amounts, parts, strict=True):
            found[name] = (part.valid, self.named(name).given)
        return found

    @cached_property
    def complete(self) -> np.ndarray:
        """Which rows have everything."""
        return np.logical_and.reduce([valid for valid, _given in self.required.values()])
