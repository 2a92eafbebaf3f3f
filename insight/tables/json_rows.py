"""JSON: one object a line, or one array of objects. Numbers keep the digits they are written with."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

from insight.errors import UnreadableFile
from insight.tables.delimited import decoded
from insight.tables.raw import RawTable, column_names

BATCH = 20_000
_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def read_json(content: bytes) -> RawTable:
    """Read JSON lines or a JSON array of objects; every cell is text, nested values stay JSON."""
    text, encoding = decoded(content)
    lines = text.decode("utf-8")
    single = lines.lstrip().startswith("[")
    rows = iter(_array(lines)) if single else _lines(lines)
    batches: list[dict[str, pa.Array]] = []
    names: dict[str, None] = {}
    sizes = []
    while batch := list(islice(rows, BATCH)):
        for row in batch:
            names.update(dict.fromkeys(row))
        batches.append({name: pa.array([_text(row.get(name)) for row in batch], pa.string()) for name in names})
        sizes.append(len(batch))
    if not names:
        raise UnreadableFile("The file holds no rows.")
    columns = {
        name: pa.chunked_array(
            batch[name] if name in batch else pa.nulls(size, pa.string())
            for batch, size in zip(batches, sizes, strict=True)
        )
        for name in names
    }
    table = pa.table(list(columns.values()), names=column_names(names))
    return RawTable(table, "JSON" if single else "JSON lines", encoding=encoding)


def _array(text: str) -> Iterable[dict]:
    try:
        rows = _decoder.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise UnreadableFile("The JSON array is not complete or not valid JSON.") from None
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UnreadableFile(f"Item {place:,} of the JSON array is not an object with named values.")
    return rows


def _lines(text: str) -> Iterator[dict]:
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: a text may hold other line ends
        if not line.strip():
            continue
        try:
            row = _decoder.decode(line)
        except (json.JSONDecodeError, RecursionError):
            raise UnreadableFile(f"Line {number:,} is not valid JSON. Each line must be one object.") from None
        if not isinstance(row, dict):
            raise UnreadableFile(f"Line {number:,} is not a JSON object with named values.")
        yield row


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
