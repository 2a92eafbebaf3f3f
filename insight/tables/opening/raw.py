"""A file's cells before they mean anything: text, or a moment where the format itself knows moments.

Every format becomes the same RawTable, so that a number or an id is read by one piece of code wherever it came from.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _

EXACT_FLOAT = 2**53  # whole numbers beyond this are not exact in a float
EXAMPLES = 5  # row numbers given with a finding
LONGEST_NAME = 200  # characters of a column's name


@dataclass(frozen=True, eq=False)
class RawTable:
    """The cells of one table and where they were found.

    columns : one column per column of the file, under its name: trimmed text, or timestamp[us]; an empty cell is null
    rows : row number of each record as a spreadsheet shows it; None for 2, 3, 4, ...
    notes : findings made while opening, as keyword arguments of Findings.add
    header : whether the file has a row of names; without one the columns are called "column 1", "column 2", ...
    """

    columns: pa.Table
    format: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    rows: np.ndarray | None = None
    notes: list[dict] = field(default_factory=list)
    digest: str = ""
    name: str | None = None
    header: bool = True

    def row_numbers(self, positions: Iterable[int]) -> list[int]:
        return [int(at + 2 if self.rows is None else self.rows[at]) for at in positions]

    def every_row_number(self) -> np.ndarray:
        return np.arange(2, self.columns.num_rows + 2) if self.rows is None else self.rows


def column_names(header: Iterable[object]) -> list[str]:
    """The names in a header, trimmed, each once; a column without one is called by its place.

    >>> column_names(["", " Client ", "Date", "Date", "Date (2)"])
    ['column 1', 'Client', 'Date', 'Date (3)', 'Date (2)']
    """
    written = _written(header)
    taken, names = set(written), {}
    for place, name in enumerate(written, 1):
        own = base = name or f"column {place}"
        times = 1
        while own in names or (own != name and own in taken):
            times += 1
            own = f"{base} ({times})"
        names[own] = None  # a dict keeps the order and is quick to look into
    return list(names)


def _written(header: Iterable[object]) -> list[str]:
    return [_one_line("" if cell is None else str(cell)) for cell in header]


def _one_line(name: str) -> str:
    name = re.sub(r"[\s\x00-\x1f]+", _blank, whole_letters(name)).strip()
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _blank(found: re.Match) -> str:
    """Blanks as they are, or one in place of those among which a line ends or some other control stands."""
    return " " if re.search(r"[\x00-\x1f\x85\u2028\u2029]", found[0]) else found[0]


def whole_letters(text: str) -> str:
    r"""Text without halves of letters, which JSON can write and no other format can hold.

    >>> whole_letters("ana \ud800")
    'ana ?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def name_notes(header: Iterable[object], names: list[str]) -> list[dict]:
    """What to say where column_names had to call a column otherwise than the file does."""
    return [
        {
            "finding": _("Several columns are called {name}; this one is read as {new}", name=before, new=after),
            "severity": "note",
            "column": after,
            "suggestion": _("Rename it in the file, so that each name says one thing."),
        }
        for before, after in zip(_written(header), names, strict=True)
        if before and before != after
    ]


def cell_text(value: object) -> str | None:
    """One Python value as the text a CSV file would hold.

    >>> cell_text(17850.0), cell_text(0.1), cell_text(datetime(2026, 1, 2, 8, 26)), cell_text(float("nan"))
    ('17850', '0.1', '2026-01-02 08:26:00', None)
    """
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_FLOAT:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """A typed column as text, moments as timestamp[us]; None where its cells are tables themselves."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_nested(kind) or isinstance(kind, pa.BaseExtensionType):
        return None
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("us"))
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "True", "False")
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return pa.chunked_array([pa.array([cell_text(cell) for cell in column.to_pylist()], pa.string())])
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        size = pc.abs(column.cast(pa.float64()))
        whole = pc.all(pc.and_(pc.equal(size, pc.floor(size)), pc.less(size, EXACT_FLOAT))).as_py()
        column = column.cast(pa.int64()) if whole else column
    return column.cast(pa.string())


def from_arrow(table: pa.Table, form: str) -> RawTable:
    """Typed columns as a RawTable; columns that are no cells are left aside and noted."""
    names = column_names(table.column_names)
    columns, aside = {}, []
    for name, column in zip(names, table.columns, strict=True):
        try:
            text = as_text(column)
        except pa.ArrowException:
            text = None
        if text is None:
            aside.append(name)
        else:
            columns[name] = text
    notes = [
        {
            "finding": _("The cells are tables or binary data; the column is left aside"),
            "severity": "note",
            "column": name,
            "suggestion": _("Unfold it into columns of its own before reading, if it is needed."),
        }
        for name in aside
    ]
    return RawTable(pa.table(columns), form, notes=[*name_notes(table.column_names, names), *notes])


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if any(map(_may_need_trimming, column.chunks)):  # looking is cheaper than trimming what is trim
        column = pc.utf8_trim_whitespace(column)
    empty = pc.equal(column, "")
    return pc.if_else(empty, None, column) if pc.any(empty).as_py() else column


def _may_need_trimming(texts: pa.StringArray) -> bool:
    """Whether a text begins or ends with a byte that is no visible ASCII sign; there are many blanks in Unicode."""
    _validity, offsets, data = texts.buffers()
    if data is None or not data.size:
        return False
    ends = np.frombuffer(offsets, "int32")[texts.offset : texts.offset + len(texts) + 1]
    held = ends[1:] > ends[:-1]
    letters = np.frombuffer(data, "uint8") - np.uint8(33)  # blanks go round to the top
    return any((letters[edge] >= 94).any() for edge in (ends[:-1][held], ends[1:][held] - 1))


def tidy(raw: RawTable) -> RawTable:
    """Trim text, make empty cells null, and leave out rows and nameless columns that hold nothing."""
    columns = {}
    for name, column in zip(raw.columns.column_names, raw.columns.columns, strict=True):
        if pa.types.is_string(column.type):
            column = _trimmed(column)
        if column.null_count < len(column) or not name.startswith("column "):
            columns[name] = column
    blank = np.full(raw.columns.num_rows, bool(columns))
    for column in columns.values():
        if not blank.any():
            break
        blank &= column.is_null().to_numpy()
    table = pa.table(columns)
    if not blank.any():
        return replace(raw, columns=table)
    kept = np.flatnonzero(~blank)
    rows = raw.every_row_number()[kept]
    return replace(raw, columns=table.filter(pa.array(~blank)), rows=rows)
