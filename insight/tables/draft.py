"""A table while it is being read: which column says what, which rows stay, what was noticed.

Each method reads one canonical column, takes out the rows that cannot be used if the column is required, and notes
what is odd. :meth:`Draft.frame` is the table that is left.
"""

import json
from hashlib import sha256

import numpy as np
import pandas as pd
import pyarrow as pa

from insight.errors import InsightError, MissingColumn, NotEnoughData, UnreadableFile
from insight.language import _
from insight.periods import day_start
from insight.tables.columns import ALTERNATIVES, TABLES, missing, recognise, starts_with_a_record
from insight.tables.dates import Moments, moments
from insight.tables.formats import ENDINGS
from insight.tables.money import AmountTooLarge, Money, line_totals, money, unmarked
from insight.tables.quality import LEFT_OUT, WORDS, Findings, last_bytes, repeated_rows
from insight.tables.raw import RawTable
from insight.tables.settings import check_dayfirst, check_timezone, checked_fixes
from insight.tables.values import MISSING_VALUES, identifiers, natural, numbers, present, shortened, valid_mask


class Draft:
    """The state of one reading; the readers in read.py are written with its methods."""

    def __init__(self, raw: RawTable, kind: str, columns: dict | None, fixes: list[str] | None):
        self.raw, self.kind, self.fixes = raw, kind, checked_fixes(fixes)
        if not columns and starts_with_a_record(raw.columns):
            raise UnreadableFile(
                "The first row looks like a record, not like column names. Put a row of names above it."
            )
        mapping = recognise(kind, raw.columns, columns)
        if lacking := missing(kind, mapping):
            also = {name: f"{name} (or {' and '.join(parts)})" for name, parts in ALTERNATIVES.items()}
            raise MissingColumn([also.get(name, name) for name in lacking], raw.columns.column_names)
        self.columns = mapping.columns
        self.findings = Findings(raw)
        self.keep = np.ones(raw.columns.num_rows, bool)
        self.made: dict[str, object] = {}  # canonical name -> values for every row of the file
        self.keys: list[np.ndarray] = []  # integers that tell most rows apart
        for name in mapping.guessed:
            self.findings.add(
                _("Taken as {name} for its content, not its name", name=name),
                "note",
                column=mapping.columns[name],
                suggestion=_("Choose another column if this is wrong."),
            )

    def has(self, name: str) -> bool:
        return bool(self.columns.get(name))

    def cells(self, name: str) -> pa.ChunkedArray:
        return self.raw.columns[self.columns[name]]

    def note(self, finding: str, severity: str, name: str, at=None, suggestion: str = "") -> None:
        self.findings.add(finding, severity, column=self.columns.get(name) or "", at=at, suggestion=suggestion)

    def require(self, name: str, valid: np.ndarray, given: np.ndarray | None = None) -> None:
        """Keep only rows with a valid value; `given` tells a value that cannot be read from none at all."""
        absent, unreadable = WORDS[name]
        given = valid if given is None else given
        if not valid.any():
            raise InsightError(
                f"No value in the column {self.columns[name]!r} can be read as {name}. "
                f"Choose another column: columns={{{name!r}: ...}}."
            )
        self.note(absent, "error", name, ~given, LEFT_OUT)
        self.note(unreadable, "error", name, given & ~valid, LEFT_OUT)
        self.keep &= valid

    def identifier(self, name: str, required: bool = False) -> pa.ChunkedArray:
        ids = identifiers(self.cells(name))
        if required:
            self.require(name, valid_mask(ids))
            self.keys.append(last_bytes(ids))
        self.note(
            _("Ids whose digits a spreadsheet has cut"),
            "warning",
            name,
            shortened(ids),
            _("Different ids may look the same now. Export the column as text."),
        )
        self.made[name] = ids
        return ids

    def text(self, name: str, required: bool = False) -> None:
        texts = present(self.cells(name))
        if required:
            self.require(name, valid_mask(texts))
            self.keys.append(last_bytes(texts))
        self.made[name] = texts

    def number(self, name: str) -> None:
        values = _numbers(self.cells(name))
        lost = self.keep & _given(self.cells(name)) & np.isnan(values)
        self.note(_("Values that are no numbers"), "warning", name, lost, _("They count as missing."))
        self.made[name] = values

    def moment(self, name: str, dayfirst: bool | None, timezone: str | None) -> Moments:
        check_dayfirst(dayfirst)
        if timezone is not None:
            check_timezone(timezone)
        cells = self.cells(name)
        when = moments(cells, dayfirst=dayfirst, timezone=timezone, name=self.columns[name])
        self.require(name, when.valid, _given(cells))
        self.note(
            _("Times without an offset among times with one"),
            "warning",
            name,
            when.mixed,
            _("They are taken to be in {zone}. Set timezone if they are not.", zone=when.timezone),
        )
        self.note(
            _("Times that came twice, when the clock was put back"),
            "note",
            name,
            when.doubled,
            _("They are taken as the first of the two."),
        )
        self.note(
            _("Times that never were, when the clock was put forward"),
            "warning",
            name,
            when.skipped,
            _("They are moved to the first moment after the gap. Is the time zone right?"),
        )
        early = when.valid & (when.values.astype("int64") < day_start("1970-01-01", when.timezone))
        self.note(_("Dates before 1970"), "note", name, early, _("They are kept. Often they stand for none."))
        self.keys.append(when.values.astype("int64"))
        self.made[name] = when
        return when

    def money(self, name: str, required: bool = False) -> Money:
        cells = self.cells(name)
        amounts = self.exact(name, lambda: money(cells))
        if required:
            self.require(name, amounts.valid, _given(cells))
            self.keys.append(amounts.minor)
        else:
            lost = self.keep & _given(cells) & ~amounts.valid
            self.note(_("Values that are no amounts"), "warning", name, lost, _("They count as missing."))
        self._rounded(_("Amounts with more decimals than are kept"), name, amounts)
        return amounts

    def line_total(self) -> Money:
        """quantity x unit_price, where the file has no amount."""
        parts = [self.cells(name) for name in ("quantity", "unit_price")]
        totals = self.exact("unit_price", lambda: line_totals(*parts))
        for name, cells in zip(("quantity", "unit_price"), parts, strict=True):
            self.require(name, np.isfinite(_numbers(cells)), _given(cells))
        self.keep &= totals.valid
        self.keys.append(totals.minor)
        self._rounded(_("Line totals with more decimals than are kept"), "unit_price", totals)
        return totals

    def _rounded(self, finding: str, name: str, amounts: Money) -> None:
        hint = _("Each is rounded once to {n} decimals, half to even.", n=amounts.places)
        self.note(finding, "note", name, amounts.rounded & self.keep, hint)

    def exact(self, name: str, read) -> Money:
        try:
            return read()
        except AmountTooLarge as problem:
            (row,) = self.raw.row_numbers([problem.position])
            where = f"row {row:,} of {self.columns[name]!r}"
            raise InsightError(f"The amount in {where} is too large to be exact.") from None

    def drop_or_note_repeats(self) -> None:
        """Exact copies of earlier rows: kept and said, or left out where the caller asked for it."""
        kept = np.flatnonzero(self.keep)
        rows, keys = self.raw.columns, self.keys
        if len(kept) < len(self.keep):
            rows, keys = rows.filter(pa.array(self.keep)), [key[kept] for key in keys]
        repeats = kept[repeated_rows(rows, keys)]
        if "drop_duplicates" in self.fixes:
            self.keep[repeats] = False
            self.findings.add(_("Exact copies of earlier rows, left out"), "note", at=repeats)
        else:
            hint = _('They are kept. If they are mistakes, leave them out (fixes=["drop_duplicates"]).')
            self.findings.add(_("Exact copies of earlier rows"), "warning", at=repeats, suggestion=hint)

    def frame(self) -> pd.DataFrame:
        """The rows that stay: canonical columns first, then the file's others, as numbers where they all are."""
        if not self.keep.any():
            raise NotEnoughData(f"No row of the file has everything a table of {self.kind} needs in each row.")
        series = {}
        for column in TABLES[self.kind]:
            if column.name in self.made:
                series |= self._series(column.name, column.required)
        reserved = {name for column in TABLES[self.kind] for name in (column.name, f"{column.name}_minor")}
        used, others = set(self.columns.values()), []
        for name in self.raw.columns.column_names:
            if name not in used:
                own = name
                while own in reserved or own in series:
                    own += " (file)"
                series[own] = self._taken(natural(self.raw.columns[name]))
                others.append(name)
        if others:
            finding = _("Columns without a meaning here; they are kept under their own names")
            self.findings.add(finding, "note", column=", ".join(others))
        return pd.DataFrame(series, copy=False)

    def _series(self, name: str, required: bool) -> dict[str, pd.Series]:
        values = self.made[name]
        if isinstance(values, Moments):
            return {name: values.series(self.keep)}
        if not isinstance(values, Money):
            return {name: self._taken(values)}
        minor, valid = values.minor[self.keep], values.valid[self.keep]
        floats = np.where(valid, values.floats()[self.keep], np.nan)
        exact = pd.Series(minor) if required else pd.Series(pd.arrays.IntegerArray(minor, ~valid))
        return {name: pd.Series(floats), f"{name}_minor": exact}

    def _taken(self, values: pa.ChunkedArray | np.ndarray) -> pd.Series:
        if isinstance(values, np.ndarray):
            return pd.Series(values[self.keep])
        kept = values if self.keep.all() else values.filter(pa.array(self.keep))
        return kept.to_pandas() if not pa.types.is_string(kept.type) else pd.Series(kept.to_pandas(), dtype="str")

    def provenance(self, **settings: object) -> dict[str, object]:
        """findings, fingerprint, columns, settings and name, as every table object has them."""
        asked = {"sheet": self.raw.sheet, **settings, "fixes": self.fixes}
        settings = {name: value for name, value in asked.items() if value is not None and value != []}
        how = json.dumps([self.raw.digest, self.kind, self.columns, settings], sort_keys=True)
        return {
            "findings": self.findings.table(),
            "fingerprint": sha256(how.encode()).hexdigest(),
            "columns": dict(self.columns),
            "settings": settings,
            "name": self.raw.name or f"{self.kind}.{ENDINGS[self.raw.format]}",
        }


def _given(cells: pa.ChunkedArray) -> np.ndarray:
    return valid_mask(present(cells, MISSING_VALUES) if pa.types.is_string(cells.type) else cells)


def _numbers(cells: pa.ChunkedArray) -> np.ndarray:
    values = numbers(cells)
    if (np.isnan(values) & _given(cells)).any():  # some may be amounts with a currency
        values = np.where(np.isnan(values), numbers(unmarked(present(cells))[0]), values)
    return values
