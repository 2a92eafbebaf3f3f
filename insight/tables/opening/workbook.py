"""Excel workbooks (.xlsx, .xls): which sheet, where its table starts, and every cell as text."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import dropwhile

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from insight.errors import UnknownValue, UnreadableFile
from insight.language import _
from insight.tables.opening.layout import Layout, find_layout, layout_notes, refuse_without_rows
from insight.tables.opening.old_workbook import SIGNATURE, guard_old
from insight.tables.opening.raw import RawTable, cell_text, column_names, name_notes
from insight.tables.opening.sheet_cells import odd_cells, unmerged_names
from insight.tables.opening.workbook_guard import guard

DAMAGED = _("The Excel file could not be opened. Open it in Excel and save it again, as .xlsx or CSV.")
NO_TABLE = _("No sheet of the workbook holds a table. Bring one with a row of names and rows below it.")


@dataclass(frozen=True)
class Cells:
    """The cells of one sheet as text, from its first row that is not blank, and what they look like."""

    rows: list[list[str | None]]
    top: int  # rows above the first
    layout: Layout

    @property
    def is_table(self) -> bool:
        """Whether there are several columns and a record."""
        return len(self.rows) > self.layout.first + self.layout.header and len(self.rows[0]) > 1


def read_workbook(content: bytes, sheet: str | int | None = None) -> RawTable:
    """Read one sheet, by name or by number (the first is 1); by default the first visible one that holds a table."""
    (guard_old if content.startswith(SIGNATURE) else guard)(content)
    with _refused_when_damaged():
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        visible = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
        names = visible + [one.name for one in sheets if one.name not in visible]
        if sheet is None:
            found, cells = _first_table(book, visible, names)
        else:
            found = book.get_sheet_by_name(_named(sheet, list(book.sheet_names), names))
            cells = _cells(found)
        raw = _table(found, cells, content)
    hidden = {
        "finding": _("The sheet is hidden in the workbook"),
        "severity": "note",
        "suggestion": _("Choose another sheet if this one is not meant to be read."),
    }
    notes = raw.notes + [hidden] * (found.name not in visible)
    return RawTable(raw.columns, "Excel", sheet=found.name, sheets=names, rows=raw.rows, notes=notes, header=raw.header)


@contextmanager
def _refused_when_damaged() -> Iterator[None]:
    """Turn the reader's errors into one sentence; its panics are no Exceptions and would pass every other net."""
    try:
        yield
    except CalamineError:
        raise UnreadableFile(DAMAGED) from None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        raise UnreadableFile(DAMAGED) from None


def _named(sheet: str | int, numbered: list[str], names: list[str]) -> str:
    if isinstance(sheet, int) and 1 <= sheet <= len(numbered):
        sheet = numbered[sheet - 1]
    if sheet in names:
        return sheet
    raise UnknownValue("sheet", sheet, names)


def _first_table(book: CalamineWorkbook, visible: list[str], names: list[str]) -> tuple[CalamineSheet, Cells]:
    narrow = None
    for name in visible:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None and sheet.height > 1:
            cells = _cells(sheet)
            if cells.is_table:
                return sheet, cells
            narrow = narrow or (sheet, cells)
    if narrow is not None:
        return narrow
    if hidden := names[len(visible) :]:
        names = ", ".join(hidden)
        raise UnreadableFile(
            _("No visible sheet holds a table. Choose one of the hidden sheets, sheet=...: {names}.", names=names)
        )
    raise UnreadableFile(NO_TABLE)


def _cells(sheet: CalamineSheet) -> Cells:
    if sheet.start is None:
        raise UnreadableFile(
            _("The sheet {name} is empty. Choose another sheet, or bring one with a table.", name=repr(sheet.name))
        )
    rows = dropwhile(lambda row: not any(cell != "" for cell in row), sheet.iter_rows())
    rows = [[cell_text(cell) if cell != "" else None for cell in row] for row in rows]
    return Cells(rows, sheet.start[0], find_layout(rows))


def _table(sheet: CalamineSheet, cells: Cells, content: bytes) -> RawTable:
    first, named = cells.layout.first, cells.layout.header
    header, n_names = (
        unmerged_names(cells.rows, first, _merged(sheet, cells)) if named else ([None] * len(cells.rows[0]), 0)
    )
    records = cells.rows[first + n_names :]
    refuse_without_rows(len(records))
    names = column_names(header)
    columns = [pa.chunked_array([pa.array(column, pa.string())]) for column in zip(*records, strict=True)]
    begin = cells.top + first + n_names + 1
    rows = None if begin == 2 else np.arange(begin, begin + len(records))
    above = [cells.top + at + 1 for at in cells.layout.above]
    odd = [] if content.startswith(SIGNATURE) else odd_cells(content, sheet.name, begin)
    notes = [*layout_notes(above, named), *name_notes(header, names), *odd]
    return RawTable(pa.table(columns, names=names), "Excel", rows=rows, notes=notes, header=named)


def _merged(sheet: CalamineSheet, cells: Cells) -> list[tuple[int, int, int, int]]:
    """Merged ranges as first row, last row, first column, last column of the cells."""
    left = 0 if sheet.total_width == len(cells.rows[0]) else sheet.start[1]
    return [
        (top - cells.top, bottom - cells.top, first - left, last - left)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or []
    ]
