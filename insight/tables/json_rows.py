"""JSON: one object a line, or one array of objects. Numbers keep the digits they are written with."""

import json
from collections.abc import Iterator
from itertools import chain, islice

import pyarrow as pa

from insight.errors import UnreadableFile
from insight.tables.delimited import decoded
from insight.tables.raw import RawTable, column_names

BATCH = 20_000
COLUMNS = 5_000  # different names
SPARSE_CELLS, FILLED = 10_000_000, 0.05  # so many cells need at least this share of values
_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def read_json(content: bytes) -> RawTable:
    """Read JSON lines or a JSON array of objects; every cell is text, nested values stay JSON."""
    text, encoding = decoded(content)
    lines = text.decode("utf-8")
    single = lines.lstrip().startswith("[")
    names: dict[str, None] = {}  # in the order they first occur
    batches, n_rows, n_values = [], 0, 0
    for rows in [_array(lines)] if single else _batches(lines):
        names.update(dict.fromkeys(chain.from_iterable(rows)))
        n_rows, n_values = n_rows + len(rows), n_values + sum(map(len, rows))
        _refuse_sparse(len(names), n_rows, n_values)
        batches.append((len(rows), {name: _cells([row.get(name) for row in rows]) for name in names}))
    if not names:
        raise UnreadableFile("The file holds no rows.")
    columns = [
        pa.chunked_array([cells[name] if name in cells else pa.nulls(size, pa.string()) for size, cells in batches])
        for name in names
    ]
    table = pa.table(columns, names=column_names(names))
    return RawTable(table, "JSON" if single else "JSON lines", encoding=encoding)


def _refuse_sparse(n_names: int, n_rows: int, n_values: int) -> None:
    """A new name in each object makes a table that grows with the square of the file."""
    cells = n_names * n_rows
    if n_names > COLUMNS or (cells > SPARSE_CELLS and n_values < FILLED * cells):
        raise UnreadableFile(
            f"The JSON objects have too many different names: {n_names:,} in {n_rows:,} objects. "
            "Give all objects the same names."
        )


def _array(text: str) -> list[dict]:
    try:
        rows = _decoder.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise UnreadableFile("The JSON array is not complete or not valid JSON.") from None
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UnreadableFile(f"Item {place:,} of the JSON array is not an object with named values.")
    return rows


def _batches(text: str) -> Iterator[list[dict]]:
    """The objects of some thousand lines at a time: read together, line by line only to name one that is wrong."""
    numbered = ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    while batch := list(islice(numbered, BATCH)):
        try:
            rows = _decoder.decode("[" + ",".join(line for _number, line in batch) + "]")
        except (json.JSONDecodeError, RecursionError):
            rows = []
        if len(rows) != len(batch) or set(map(type, rows)) != {dict}:
            rows = [_object(number, line) for number, line in batch]
        yield rows


def _object(number: int, line: str) -> dict:
    try:
        row = _decoder.decode(line)
    except (json.JSONDecodeError, RecursionError):
        raise UnreadableFile(f"Line {number:,} is not valid JSON. Each line must be one object.") from None
    if not isinstance(row, dict):
        raise UnreadableFile(f"Line {number:,} is not a JSON object with named values.")
    return row


def _cells(values: list) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # not all are text
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
