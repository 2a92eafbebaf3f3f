"""Excel workbooks (.xlsx, .xls): which sheet, where its table starts, and every cell as text."""

import io
from itertools import dropwhile

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from insight.errors import UnknownValue, UnreadableFile
from insight.tables.raw import RawTable, cell_text, column_names
from insight.tables.workbook_guard import guard


def read_workbook(content: bytes, sheet: str | int | None = None) -> RawTable:
    """Read one sheet, by name or by number (the first is 1); by default the first that holds a table."""
    if content.startswith(b"PK"):
        guard(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = list(book.sheet_names)
        chosen = book.get_sheet_by_name(_named(sheet, names)) if sheet is not None else _first_table(book)
        if chosen is None:
            raise UnreadableFile("No sheet of the workbook holds a table: a row of names and rows below it.")
        return _cells(chosen, names)
    except CalamineError:
        raise UnreadableFile(
            "The Excel file could not be opened. If it is protected by a password, save it without one."
        ) from None


def _named(sheet: str | int, names: list[str]) -> str:
    if isinstance(sheet, int) and not isinstance(sheet, bool) and 1 <= sheet <= len(names):
        return names[sheet - 1]
    if sheet in names:
        return sheet
    raise UnknownValue("sheet", sheet, names)


def _first_table(book: CalamineWorkbook) -> CalamineSheet | None:
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            found = book.get_sheet_by_name(sheet.name)
            if found.height > 1:
                return found
    return None


def _cells(sheet: CalamineSheet, names: list[str]) -> RawTable:
    if sheet.start is None or sheet.height < 2:
        raise UnreadableFile(f"The sheet {sheet.name!r} holds no table: a row of names and rows below it.")
    top, _left = sheet.start  # the first row that is not blank
    rows = dropwhile(lambda row: not any(cell != "" for cell in row), sheet.iter_rows())
    cells = [[cell_text(cell) for cell in row] for row in rows]
    header = column_names(cells[0])
    columns = [pa.chunked_array([pa.array(column, pa.string())]) for column in zip(*cells[1:], strict=True)]
    rows = None if top == 0 else np.arange(top + 2, top + 1 + len(cells))
    return RawTable(pa.table(columns, names=header), "Excel", sheet=sheet.name, sheets=names, rows=rows)
