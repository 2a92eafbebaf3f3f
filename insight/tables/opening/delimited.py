"""CSV and its relatives: which separator, where the table begins, and every cell as text.

pyarrow parses; what it would pass over in silence (a quotation mark that is never closed, whole rows inside one cell)
is checked here. A file whose rows are all as wide as its row of names is parsed once; any other a second time, on one
thread, to learn which rows they are (uneven_rows.py).
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from insight.errors import UnreadableFile
from insight.language import _, count
from insight.tables.opening.encodings import decoded
from insight.tables.opening.layout import LOOKED_AT, find_layout, layout_notes
from insight.tables.opening.raw import EXAMPLES, RawTable, column_names, name_notes
from insight.tables.opening.uneven_rows import evened

SEPARATORS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma"}  # of two that fit, the rarer in text
SAMPLE_BYTES = 1 << 20
DECIMALS = 1 << 14  # letters in which commas are looked at
BLOCK_BYTES = 1 << 23  # parsed at a time; a row beyond that may be refused, one beyond twice that is
SAID = re.compile(rb'"?sep=([!#-/:-@[-`{-~\t])"?\r?\n?', re.IGNORECASE)  # Excel writes it on top and does not show it


@dataclass
class Body:
    """The records of a CSV file, and how to read them.

    text : UTF-8;  start : where the first record begins;  above : rows in front of it, as a spreadsheet shows them
    """

    text: bytes
    start: int
    separator: str
    width: int
    above: int

    @cached_property
    def rows(self) -> np.ndarray:
        """The row number of every record: blank lines are rows too in a spreadsheet."""
        lines = io.TextIOWrapper(io.BytesIO(self.text[self.start :]), "utf-8", newline="")
        try:
            records = enumerate(csv.reader(lines, delimiter=self.separator), self.above + 1)
            return np.array([row for row, record in records if record], "int64")
        except csv.Error:
            raise UnreadableFile(
                _("A cell is too long to be one. Look for a quotation mark that is opened and never closed.")
            ) from None


def read_delimited(content: bytes) -> RawTable:
    """Read CSV bytes; every cell is text, rows are numbered as a spreadsheet shows them."""
    text = decoded(content)
    said = SAID.match(text.body)
    start = said.end() if said else 0
    sample = text.body[start : start + SAMPLE_BYTES].decode("utf-8", "ignore")
    whole = len(text.body) - start <= SAMPLE_BYTES
    separator = said[1].decode() if said else sniff_separator(sample, whole)
    lines, records = _records(sample, separator, whole)
    layout = find_layout(records)
    top = layout.first + layout.header
    header = _header(records, layout.first, layout.header)
    names = column_names(header)
    start += len("".join(islice(io.StringIO(sample, newline=""), lines[top - 1] if top else 0)).encode())
    body = Body(text.body, start, separator, len(names), top)
    columns, rows, notes = _parsed(body)
    about = [*layout_notes([at + 1 for at in layout.above], layout.header), *name_notes(header, names)]
    return RawTable(
        columns.rename_columns(names),
        "CSV",
        encoding=text.encoding,
        separator=separator,
        rows=rows,
        notes=[
            *text.notes,
            *about,
            *({**note, "column": names[note["column"]]} if "column" in note else note for note in notes),
        ],
        header=layout.header,
    )


def sniff_separator(sample: str, whole: bool = True) -> str:
    r"""The separator that cuts most of the first rows into columns of equal number.

    >>> sniff_separator("a;b\n1,5;2\n3,5;4\n"), sniff_separator("a,b\n1,2\n"), sniff_separator("a\n1\n")
    (';', ',', ',')
    """
    best, score = ",", (0.0, False, 1)
    for separator in SEPARATORS:
        widths = Counter(len(record) for record in _records(sample, separator, whole)[1] if record)
        width = max(widths, key=lambda width: (width > 1, width * widths[width]))
        found = (widths[width] / widths.total(), separator != "," or not _are_decimals(sample), width)
        if width > 1 and found > score:
            best, score = separator, found
    return best


def _are_decimals(sample: str) -> bool:
    return len(re.findall(r"\d,\d", sample[:DECIMALS])) > 0.8 * sample.count(",", 0, DECIMALS)


def _records(sample: str, separator: str, whole: bool) -> tuple[list[int], list[list[str]]]:
    """The first records, blank ones too, and how many lines of text there are up to the end of each."""
    lines, records = [], []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        for record in islice(reader, LOOKED_AT):
            records.append([cell.strip() for cell in record])
            lines.append(reader.line_num)
    except csv.Error:
        if not any(records):
            raise UnreadableFile(
                _(
                    "The first row is too long to be a row of column names. "
                    "Look for a quotation mark that is opened and never closed."
                )
            ) from None
    cut = not whole and 1 < len(records) < LOOKED_AT  # the sample ends inside its last record
    return (lines[:-1], records[:-1]) if cut else (lines, records)


def _header(records: list[list[str]], first: int, named: bool) -> list[str]:
    """The names, as many as the rows have cells: names without cells or cells without names may be empty at the end."""
    header = records[first] if named else []
    filled = max((place for place, cell in enumerate(header, 1) if cell), default=0)
    widths = Counter(map(len, filter(any, records[first + named :])))
    usual = max(widths, key=lambda width: (widths[width], width), default=len(header))
    spare = [row[len(header) :] for row in records[first + named :] if len(row) == usual]
    if usual > len(header) and named and any(map(any, spare)):
        return header  # cells that no name stands over: which name is missing is not known
    return [*header[: max(filled, usual)], *[""] * (usual - len(header))]


def _parsed(body: Body) -> tuple[pa.Table, np.ndarray | None, list[dict]]:
    """Columns, row numbers (None: 2, 3, 4, ...), and what was noticed."""
    text, start = body.text, body.start
    content = pa.py_buffer(text).slice(start)
    if not text[start : start + SAMPLE_BYTES].strip() and not text[start:].strip():
        if text.count(b'"') % 2:
            raise _never_closed(body.above)
        return pa.table({str(place): pa.array([], pa.string()) for place in range(body.width)}), None, []
    quotes = text.count(b'"', start)
    if quotes % 2:  # where a quotation mark is never closed pyarrow reads on to the end, over a last row of ours
        content = pa.py_buffer(text[start:] + b"\n" + body.separator.join("0" * body.width).encode() + b"\n")
    uneven = []
    columns = _arrow(content, body, bool(quotes), uneven)
    if uneven:
        uneven.clear()
        columns = _arrow(content, body, bool(quotes), uneven, one_by_one=True)
    if quotes % 2:
        columns = _without_last(columns, body)
    if uneven:
        numbers = _fitting(body, columns.num_rows + len(uneven))
        columns, rows, notes = evened(columns, uneven, body.separator, numbers)
        return columns, rows, [*notes, *_swallowed_rows(columns, rows, body.separator)]
    lines = _lines(text, start)
    if lines == columns.num_rows:  # every line is a record: no blank lines, no line breaks inside cells
        plain = None if body.above == 1 else np.arange(lines) + body.above + 1
        return columns, plain, []
    rows = _fitting(body, columns.num_rows)
    return columns, rows, _swallowed_rows(columns, rows, body.separator)


def _fitting(body: Body, records: int) -> np.ndarray:
    """The row numbers; counted through where the two parsers do not see the same records."""
    return body.rows if len(body.rows) == records else np.arange(records) + body.above + 1


def _without_last(columns: pa.Table, body: Body) -> pa.Table:
    last = columns.num_rows - 1
    if last < 0 or any(column[last].as_py() != "0" for column in columns.columns):
        raise _never_closed(body.rows[-1])
    return columns.slice(0, last)


def _never_closed(row: int) -> UnreadableFile:
    return UnreadableFile(
        _('A quotation mark (") opened in row {row} is never closed. Close it or take it out.', row=count(row))
    )


def _arrow(content: pa.Buffer, body: Body, quoted: bool, uneven: list, one_by_one: bool = False) -> pa.Table | None:
    """The rows as wide as the table. One by one others are collected, place and text; else the first ends it: None."""

    def other(row):
        uneven.append((row.number, row.text))
        return "skip" if one_by_one else "error"

    names = [str(place) for place in range(body.width)]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(content),
            arrow_csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES, use_threads=not one_by_one),
            arrow_csv.ParseOptions(delimiter=body.separator, newlines_in_values=quoted, invalid_row_handler=other),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=False,  # checked before, with the row
            ),
        )
    except pa.ArrowInvalid:
        if uneven and not one_by_one:
            return None
        raise UnreadableFile(
            _(
                "A row is longer than {most} MB. Look for a quotation mark that is opened and never closed.",
                most=BLOCK_BYTES >> 20,
            )
        ) from None


def _lines(text: bytes, start: int) -> int:
    ends = text.count(b"\n", start)
    if text.find(b"\r", start) >= 0:
        ends += text.count(b"\r", start) - text.count(b"\r\n", start)
    return ends + (not text.endswith((b"\n", b"\r")))


def _swallowed_rows(columns: pa.Table, rows: np.ndarray, separator: str) -> list[dict]:
    """Two stray quotation marks make one cell of all the rows between them; such a cell looks like rows."""
    notes = []
    for place, column in enumerate(columns.columns):
        broken = pc.match_substring(column, "\n")
        if pc.any(broken).as_py():
            wide = pc.greater_equal(pc.count_substring(column, separator), max(columns.num_columns - 1, 1))
            where = np.flatnonzero(pc.fill_null(pc.and_(broken, wide), False).to_numpy())
            if len(where):
                notes.append(
                    {
                        "finding": _("One cell holds what looks like whole rows"),
                        "severity": "warning",
                        "column": place,
                        "rows": len(where),
                        "examples": [int(row) for row in rows[where[:EXAMPLES]]],
                        "suggestion": _("Look for a stray quotation mark in these rows."),
                    }
                )
    return notes
