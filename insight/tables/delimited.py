"""CSV and its relatives: which encoding, which separator, and every cell as text.

The one place for encodings and separators. pyarrow parses; what it would pass over in silence (a quotation mark that
is never closed, whole rows inside one cell) is checked here.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from insight.errors import UnreadableFile
from insight.language import _
from insight.tables.raw import RawTable, column_names

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_BYTES = 1 << 20
SAMPLE_RECORDS = 100
BLOCK_BYTES = 1 << 23  # also the longest row that can be read
BOM = b"\xef\xbb\xbf"
STRANGERS = {
    b"%pdf": "a PDF document",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"gif8": "a picture",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML document",
}


def read_delimited(content: bytes) -> RawTable:
    """Read CSV bytes; every cell is text, rows are numbered as a spreadsheet shows them."""
    text, encoding = decoded(content)
    body = text.lstrip(b"\r\n") if text[:1] in (b"\r", b"\n") else text
    sample = body[:SAMPLE_BYTES].decode("utf-8", "ignore")
    separator = sniff_separator(sample, whole=len(body) <= SAMPLE_BYTES)
    names = column_names(_records(sample, separator, 1)[0])
    columns = _parsed(body, separator, len(names), lambda: _record_rows(text, separator)).rename_columns(names)
    raw = RawTable(columns, "CSV", encoding=encoding, separator=separator)
    if _lines(text) == columns.num_rows + 1:
        return raw  # every line is a record: no blank lines, no line breaks inside cells
    raw.notes.extend(_swallowed_rows(raw))
    rows = _record_rows(text, separator)[1:] if _has_blank_lines(text) else None
    return replace(raw, rows=rows)


def decoded(content: bytes) -> tuple[bytes, str]:
    """The content as UTF-8 bytes without a mark in front, and the name of the encoding it had."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile("The file is UTF-16 text. Save it again as CSV UTF-8.")
    head = content[:64].lstrip().lower()
    for mark, what in STRANGERS.items():
        if head.startswith(mark):
            raise UnreadableFile(f"The file is {what}, not a table. Bring CSV, Excel, Parquet or JSON lines.")
    if b"\0" in content:
        raise UnreadableFile("The file is not a table: it holds binary data. Bring CSV, Excel, Parquet or JSON lines.")
    encoding = "UTF-8"
    if content.startswith(BOM):
        content, encoding = content[len(BOM) :], "UTF-8 with BOM"
    if not content.isascii():
        _check_utf8(content)
    if not content or content.isspace():
        raise UnreadableFile("The file is empty.")
    return content, encoding


def _check_utf8(content: bytes) -> None:
    start = 0
    while start < len(content):  # in pieces that end with a line, so that memory stays small
        end = content.find(b"\n", start + (1 << 24)) + 1 or len(content)
        try:
            content[start:end].decode("utf-8")
        except UnicodeDecodeError as problem:
            at = start + problem.start
            row = max(_lines(content[:at] + b"."), 1)
            raise UnreadableFile(
                f"The file is not UTF-8 text: row {row:,} holds the byte 0x{content[at]:02X} "
                f"(byte {at + 1:,} of the file). Save it again as CSV UTF-8."
            ) from None
        start = end


def sniff_separator(sample: str, whole: bool = True) -> str:
    r"""The separator that cuts the first rows into the most columns of equal number.

    >>> sniff_separator("a;b\n1,5;2\n3,5;4\n"), sniff_separator("a,b\n1,2\n"), sniff_separator("a\n1\n")
    (';', ',', ',')
    """
    best, score = ",", (0.0, 1)
    for separator in SEPARATORS:
        widths = [len(record) for record in _records(sample, separator, SAMPLE_RECORDS, whole) if record]
        share = sum(width == widths[0] for width in widths) / len(widths)
        if widths[0] > 1 and (share, widths[0]) > score:
            best, score = separator, (share, widths[0])
    return best


def _records(sample: str, separator: str, most: int, whole: bool = True) -> list[list[str]]:
    records = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            records.append(record)
            if len(records) == most:
                return records
    except csv.Error:
        if not records:
            raise UnreadableFile("The first row is too long to be a row of column names.") from None
    return records if whole or len(records) == 1 else records[:-1]


def _parsed(body: bytes, separator: str, width: int, record_rows: Callable[[], np.ndarray]) -> pa.Table:
    quoted, uneven = b'"' in body, []
    unpaired = quoted and body.count(b'"') % 2 == 1
    # where a quotation mark is never closed pyarrow reads on to the end: then a last row of ours does not come back
    sentinel = b"\n" + separator.join("0" * width).encode() + b"\n" if unpaired else b""
    try:
        columns = _arrow(body + sentinel, separator, width, quoted, uneven)
    except pa.ArrowInvalid:
        if not uneven:
            raise UnreadableFile(
                f"A row is longer than {BLOCK_BYTES >> 20} MB: is a quotation mark opened and never closed?"
            ) from None
        record, cells = _first_uneven(body + sentinel, separator, width, quoted)
        if unpaired and record == len(record_rows()):
            raise _never_closed(record_rows()) from None
        raise UnreadableFile(
            f"Row {record_rows()[record - 1]:,} has {cells} cells where the first row has {width} "
            f"(separator: {SEPARATORS[separator]}). Make every row as wide as the first."
        ) from None
    if not unpaired:
        return columns
    records = columns.num_rows
    if records == 0 or any(column[records - 1].as_py() != "0" for column in columns.columns):
        raise _never_closed(record_rows())
    return columns.slice(0, records - 1)


def _never_closed(rows: np.ndarray) -> UnreadableFile:
    return UnreadableFile(f'A quotation mark (") opened in row {rows[-1]:,} is never closed.')


def _arrow(body: bytes, separator: str, width: int, quoted: bool, uneven: list, threads: bool = True) -> pa.Table:
    def refuse(row):
        uneven.append((row.number, row.actual_columns))
        return "error"

    names = [str(place) for place in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(body),
        # the header is passed over as one record, not one line: names may hold line breaks
        arrow_csv.ReadOptions(column_names=names, skip_rows_after_names=1, block_size=BLOCK_BYTES, use_threads=threads),
        arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=quoted, invalid_row_handler=refuse),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,  # checked before, with the row
        ),
    )


def _first_uneven(body: bytes, separator: str, width: int, quoted: bool) -> tuple[int, int]:
    uneven = []
    try:
        _arrow(body, separator, width, quoted, uneven, threads=False)  # one thread alone knows which row it is at
    except pa.ArrowInvalid:
        return uneven[0]
    raise UnreadableFile("The rows of the file have different numbers of cells.")


def _lines(text: bytes) -> int:
    ending = b"\n" if b"\n" in text else b"\r"
    return text.count(ending) + (not text.endswith(ending))


def _has_blank_lines(text: bytes) -> bool:
    end = len(text)
    while end and text[end - 1] in b"\r\n":
        end -= 1
    return text[:1] in (b"\r", b"\n") or any(text.find(blank, 0, end) >= 0 for blank in (b"\n\n", b"\n\r\n", b"\r\r"))


def _record_rows(text: bytes, separator: str) -> np.ndarray:
    """The row number of every record, the header's first: blank lines are rows too in a spreadsheet."""
    lines = io.TextIOWrapper(io.BytesIO(text), "utf-8", newline="")
    try:
        return np.array([row for row, record in enumerate(csv.reader(lines, delimiter=separator), 1) if record])
    except csv.Error:
        raise UnreadableFile("A cell is too long to be read: is a quotation mark opened and never closed?") from None


def _swallowed_rows(raw: RawTable) -> list[dict]:
    """Two stray quotation marks make one cell of all the rows between them; such a cell looks like rows."""
    notes, separators = [], max(raw.columns.num_columns - 1, 1)
    for name, column in zip(raw.columns.column_names, raw.columns.columns, strict=True):
        broken = pc.match_substring(column, "\n")
        if pc.any(broken).as_py():
            wide = pc.greater_equal(pc.count_substring(column, raw.separator), separators)
            where = np.flatnonzero(pc.fill_null(pc.and_(broken, wide), False).to_numpy())
            notes.append(
                {
                    "finding": _("One cell holds what looks like whole rows"),
                    "severity": "warning",
                    "column": name,
                    "rows": len(where),
                    "examples": raw.row_numbers(where[:5]),
                    "suggestion": _("Look for a stray quotation mark in these rows."),
                }
            )
    return [note for note in notes if note["rows"]]
