"""A table while it is being read: which column says what, which rows stay, what was noticed.

Each method reads one canonical column, takes out the rows that cannot be used if the column is required, and notes
what is odd. :meth:`Draft.frame` is the table that is left.
"""

import json
from collections.abc import Iterable
from functools import cache, cached_property
from hashlib import sha256

import numpy as np
import pandas as pd
import pyarrow as pa

from insight.errors import InsightError, NotEnoughData, UnreadableFile
from insight.language import _
from insight.tables.cells.date_notes import date_notes
from insight.tables.cells.dates import Moments, moments
from insight.tables.cells.money import AmountTooLarge, Money, line_totals, money
from insight.tables.cells.number_notes import file_decimal, is_settled, reading_notes
from insight.tables.cells.number_shapes import Hint, Numerals
from insight.tables.cells.values import (
    MISSING_VALUES,
    cleaned,
    flags,
    identifiers,
    natural,
    numbers,
    present,
    shortened,
    valid_mask,
)
from insight.tables.fixes import checked_fixes, fix_cells
from insight.tables.opening.formats import ENDINGS
from insight.tables.opening.raw import RawTable
from insight.tables.quality import LEFT_OUT, WORDS, Findings, last_bytes
from insight.tables.recognition.arrange import arranged, check_complete
from insight.tables.recognition.columns import TABLES, recognise, starts_with_a_record
from insight.tables.series import column_series, plain_series
from insight.tables.settings import check_dayfirst, check_timezone


class Draft:
    """The state of one reading; the readers in read.py are written with its methods."""

    def __init__(self, raw: RawTable, kind: str, columns: dict | None, fixes: list | None):
        self.kind, self.fixes = kind, checked_fixes(fixes, kind)
        self.raw, changed = fix_cells(raw, self.fixes)
        gone = list({note["column"] for note in changed} - set(self.raw.columns.column_names))
        if isinstance(columns, dict):
            columns = {name: None if column in gone else column for name, column in columns.items()}
        raw = self.raw
        if not columns and starts_with_a_record(raw.columns):
            raise UnreadableFile(
                "The first row looks like a record, not like column names. Put a row of names above it."
            )
        mapping = recognise(kind, raw.columns, columns)
        check_complete(raw, kind, mapping)
        self.columns = mapping.columns
        self.raw = raw = arranged(raw, kind, mapping)
        self.findings = Findings(raw)
        for note in changed:
            self.findings.add(**note)
        self.keep = np.ones(raw.columns.num_rows, bool)
        self.copies = np.zeros(raw.columns.num_rows, bool)  # exact copies of earlier rows
        self.made: dict[str, object] = {}  # canonical name -> values for every row of the file
        self.keys: list[np.ndarray] = []  # integers that tell most rows apart
        for name in mapping.guessed:
            self.findings.add(
                _("Taken as {name} for its content, not its name", name=name),
                "note",
                column=mapping.columns[name],
                suggestion=_("Choose another column if this is wrong."),
                code="guessed_column",
            )

    def has(self, name: str) -> bool:
        return bool(self.columns.get(name))

    def cells(self, name: str) -> pa.ChunkedArray:
        return self.raw.columns[self.columns[name]]

    def note(self, finding: str, severity: str, name: str, at=None, suggestion: str = "", *, code="", fix=None) -> None:
        column = self.columns.get(name) or ""
        self.findings.add(finding, severity, column=column, at=at, suggestion=suggestion, code=code, fix=fix)

    def note_all(self, name: str, notes: Iterable[dict]) -> None:
        for said in notes:
            self.note(name=name, **said)

    def require(self, name: str, valid: np.ndarray, given: np.ndarray | None = None) -> None:
        """Keep only rows with a valid value; `given` tells a value that cannot be read from none at all."""
        absent, unreadable = WORDS[name]
        given = valid if given is None else given
        if not valid.any():
            raise InsightError(
                f"No value in the column {self.columns[name]!r} can be read as {name}. "
                f"Choose another column: columns={{{name!r}: ...}}."
            )
        self.note(absent, "error", name, ~given, LEFT_OUT, code=f"no_{name}")
        self.note(unreadable, "error", name, given & ~valid, LEFT_OUT, code=f"unreadable_{name}")
        self.keep &= valid

    def identifier(self, name: str, required: bool = False) -> pa.ChunkedArray:
        ids = identifiers(self.cells(name))
        if required:
            self.require(name, valid_mask(ids))
            self.keys.append(last_bytes(ids))
        finding = _("Ids with signs that cannot be seen, or with full-width digits")
        hint = _("They are read without the signs and with ordinary digits, so that one id stays one.")
        self.note(finding, "note", name, self.keep & cleaned(self.cells(name)), hint, code="cleaned_ids")
        hint = _("Different ids may look the same now. Export the column as text.")
        finding = _("Ids whose digits a spreadsheet has cut")
        self.note(finding, "warning", name, shortened(ids), hint, code="cut_ids")
        self.made[name] = ids
        return ids

    def text(self, name: str, required: bool = False) -> None:
        texts = present(self.cells(name))
        if required:
            self.require(name, valid_mask(texts))
            self.keys.append(last_bytes(texts))
        self.made[name] = texts

    def number(self, name: str) -> None:
        read = numbers(self.cells(name), self.decimal)
        lost = self.keep & _given(self.cells(name)) & np.isnan(read.values)
        hint = _("They count as missing.")
        self.note(_("Values that are no numbers"), "warning", name, lost, hint, code="unreadable_numbers")
        self.note_reading(name, read.reading, self.keep)
        self.made[name] = read.values

    def note_reading(self, name: str, reading: Numerals | None, rows: np.ndarray) -> None:
        """Say what had to be decided to read these rows of a column of numbers."""
        settled = reading is not None and is_settled(self.raw, self.fixes, reading.decimal)
        self.note_all(name, reading_notes(reading, rows, settled))

    @cached_property
    def decimal(self) -> Hint:
        """Tells what stands before the decimals in this file, for a column that does not; looked up once."""
        return cache(lambda: file_decimal(self.raw, self.fixes))

    def moment(self, name: str, dayfirst: bool | None, timezone: str | None) -> Moments:
        check_dayfirst(dayfirst)
        if timezone is not None:
            check_timezone(timezone)
        cells = self.cells(name)
        time = self.cells("time") if self.has("time") else None
        when = moments(cells, dayfirst=dayfirst, timezone=timezone, name=self.columns[name], time=time)
        self.require(name, when.valid, _given(cells))
        self.note_all(name, date_notes(when, self.keep))
        self.keys.append(when.values.astype("int64"))
        self.made[name] = when
        return when

    def date(self, name: str, dayfirst: bool | None, timezone: str | None) -> None:
        """A date that a row may lack."""
        cells = self.cells(name)
        when = moments(cells, dayfirst=dayfirst, timezone=timezone, name=self.columns[name])
        lost = self.keep & _given(cells) & ~when.valid
        hint = _("They count as missing.")
        self.note(_("Dates that cannot be read"), "warning", name, lost, hint, code="unreadable_dates")
        self.note_all(name, date_notes(when, self.keep))
        self.made[name] = when

    def flag(self, name: str) -> None:
        """Yes or no."""
        answers = flags(self.cells(name))
        lost = self.keep & _given(self.cells(name)) & ~valid_mask(answers)
        hint = _("They count as not known.")
        self.note(_("Values that are neither yes nor no"), "warning", name, lost, hint, code="unreadable_flags")
        self.made[name] = answers

    def money(self, name: str, required: bool = False) -> Money:
        cells = self.cells(name)
        amounts = self.exact(name, lambda: money(cells, hint=self.decimal))
        if required:
            self.require(name, amounts.valid, _given(cells))
            self.keys.append(amounts.minor)
        else:
            lost = self.keep & _given(cells) & ~amounts.valid
            hint = _("They count as missing.")
            self.note(_("Values that are no amounts"), "warning", name, lost, hint, code="unreadable_amounts")
        self._rounded(_("Amounts with more decimals than are kept"), name, amounts)
        for reading in amounts.readings:
            self.note_reading(name, reading, self.keep & amounts.valid)
        return amounts

    def line_total(self) -> Money:
        """quantity x unit_price, where the file has no amount. How they are written is said where each is read."""
        parts = [self.cells(name) for name in ("quantity", "unit_price")]
        totals = self.exact("unit_price", lambda: line_totals(*parts, hint=self.decimal))
        for name, cells, part in zip(("quantity", "unit_price"), parts, totals.parts, strict=True):
            self.require(name, part.valid, _given(cells))
        self.keys.append(totals.minor)
        self._rounded(_("Line totals with more decimals than are kept"), "unit_price", totals)
        return totals

    def _rounded(self, finding: str, name: str, amounts: Money) -> None:
        hint = _("Each is rounded once to {n} decimals, half to even.", n=amounts.places)
        self.note(finding, "note", name, amounts.rounded & self.keep, hint, code="rounded")

    def exact(self, name: str, read) -> Money:
        try:
            return read()
        except AmountTooLarge as problem:
            (row,) = self.raw.row_numbers([problem.position])
            where = f"row {row:,} of {self.columns[name]!r}"
            raise InsightError(f"The amount in {where} is too large to be exact.") from None

    def frame(self) -> pd.DataFrame:
        """The rows that stay: canonical columns first, then the file's others, as numbers where they all are."""
        if not self.keep.any():
            raise NotEnoughData(f"No row of the file has everything a table of {self.kind} needs in each row.")
        series = {}
        for column in TABLES[self.kind]:
            if column.name in self.made:
                series |= column_series(column.name, self.made[column.name], self.keep, column.required)
        reserved = {name for column in TABLES[self.kind] for name in (column.name, f"{column.name}_minor")}
        used, others = set(self.columns.values()), []
        for name in self.raw.columns.column_names:
            if name not in used:
                own = name
                while own in reserved or own in series:
                    own += " (file)"
                series[own] = plain_series(natural(self.raw.columns[name]), self.keep)
                others.append(name)
        if others:
            finding = _("Columns without a meaning here; they are kept under their own names")
            self.findings.add(finding, "note", column=", ".join(others), code="other_columns")
        return pd.DataFrame(series, copy=False)

    def provenance(self, **settings: object) -> dict[str, object]:
        """findings, fingerprint, columns, settings, rows of the file and name, as every table object has them."""
        asked = {"sheet": self.raw.sheet, **settings, "fixes": self.fixes}
        settings = {name: value for name, value in asked.items() if value is not None and value != []}
        how = json.dumps([self.raw.digest, self.kind, self.columns, settings], sort_keys=True)
        return {
            "findings": self.findings.table(),
            "fingerprint": sha256(how.encode()).hexdigest(),
            "columns": dict(self.columns),
            "settings": settings,
            "n_rows": self.raw.columns.num_rows,
            "name": self.raw.name or f"{self.kind}.{ENDINGS[self.raw.format]}",
        }


def _given(cells: pa.ChunkedArray) -> np.ndarray:
    return valid_mask(present(cells, MISSING_VALUES) if pa.types.is_string(cells.type) else cells)
