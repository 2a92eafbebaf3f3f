"""Rows that are not as wide as the table: short ones are filled up, long ones and comments left out; all are said.

Nothing is moved to another column: which cell of a long row is one too many is not known. Where many rows are too long
the separator or the row of names is wrong, and the file is refused.
"""

import csv
import io

import numpy as np
import pyarrow as pa

from insight.errors import UnreadableFile
from insight.language import _, count
from insight.tables.opening.layout import COMMENT
from insight.tables.opening.raw import EXAMPLES
from insight.tables.opening.totals import is_remark, is_total

FEW = 0.05  # of the rows may be too long


def evened(
    even: pa.Table, uneven: list[tuple[int, str]], separator: str, row_numbers: np.ndarray
) -> tuple[pa.Table, np.ndarray, list[dict]]:
    """The records of a table as wide as its even ones, their row numbers, and what to say of the others.

    even : the records that are as wide as the table;  uneven : place among all records (from 1) and text of the others
    row_numbers : of all records
    """
    width = even.num_columns
    short, long, comments, mended, widest = [], [], [], {}, 0
    for place, text in uneven:
        cells = _cells(text, separator)
        if not any(cells):
            continue
        if COMMENT.match(cells[0]) and len(cells) < width:
            comments.append(place - 1)
            continue
        if any(cells[width:]):
            long.append(place - 1)
            widest = widest or len(cells)
            _refuse_many(len(long), len(row_numbers), row_numbers[long[0]], widest, width)
            continue
        if len(cells) < width:
            short.append(place - 1)
        mended[place - 1] = [cell or None for cell in [*cells, *[""] * width][:width]]
    if long and not mended and not even.num_rows:
        raise _too_long(row_numbers[long[0]], widest, width, _("it is the only record"))
    last = len(row_numbers) - 1
    while last in mended and (is_total(mended[last]) or is_remark(mended[last])):  # said where they are left out
        short = short[:-1] if short[-1:] == [last] else short
        last -= 1
    here = np.setdiff1d(np.arange(even.num_rows + len(uneven)), [place - 1 for place, _text in uneven])
    columns = [pa.array(column, pa.string()) for column in zip(*mended.values(), strict=True)]
    added = pa.table(columns, names=even.column_names) if mended else even.slice(0, 0)
    records = np.concatenate([here, np.array(list(mended), "int64")])
    order = np.argsort(records, kind="stable")
    table = pa.concat_tables([even, added]).take(pa.array(order))
    return table, row_numbers[records[order]], _notes(short, long, comments, row_numbers)


def _cells(text: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])]


def _refuse_many(n_long: int, n_rows: int, row: int, cells: int, width: int) -> None:
    if n_long > max(1, FEW * n_rows):
        raise _too_long(row, cells, width, _("it is not the only one of its kind"))


def _too_long(row: int, cells: int, width: int, why: str) -> UnreadableFile:
    return UnreadableFile(
        _(
            "Row {row} has {cells} cells where the table has {width} columns, and {why}. "
            "Put cells that hold the separator in quotation marks, and give each column a name.",
            row=count(row),
            cells=count(cells),
            width=count(width),
            why=why,
        )
    )


def _notes(short: list[int], long: list[int], comments: list[int], row_numbers: np.ndarray) -> list[dict]:
    said = [
        (
            long,
            _("Rows with more cells than the table has columns, left out"),
            "error",
            _("Which cell is one too many is not known. Put cells that hold the separator in quotation marks."),
        ),
        (
            short,
            _("Rows with fewer cells than the table has columns"),
            "warning",
            _("Their last columns count as empty."),
        ),
        (comments, _("Lines of comment between the rows, left aside"), "note", _("They begin with # or //.")),
    ]
    return [
        {
            "finding": finding,
            "severity": severity,
            "rows": len(places),
            "examples": [int(row) for row in row_numbers[places[:EXAMPLES]]],
            "suggestion": suggestion,
        }
        for places, finding, severity, suggestion in said
        if places
    ]
