"""JSON: one object a line, an array of objects, or an object that holds such an array.

Numbers keep the digits they are written with. An object inside an object becomes columns named a.b; an array inside
one stays JSON.
"""

import json
from collections.abc import Iterator
from itertools import chain, islice

import pyarrow as pa

from insight.errors import UnreadableFile
from insight.language import _, count
from insight.tables.opening.encodings import decoded
from insight.tables.opening.raw import RawTable, column_names, name_notes, whole_letters

BATCH = 20_000
COLUMNS = 5_000  # different names
SPARSE_CELLS, FILLED = 10_000_000, 0.05  # so many cells need at least this share of values
HEAD = 1 << 12  # letters in which the next line begins
DEPTH = 5  # levels of objects that become columns, and in which an array of rows is sought
_decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
BROKEN = (json.JSONDecodeError, RecursionError)


def looks_like_json(content: bytes) -> bool:
    """Whether the first sign of a text opens an object or an array of them, in UTF-8 or UTF-16."""
    start = bytes(letter for letter in content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe") if letter).split()
    start = b"".join(start[:3])
    return start[:1] == b"{" or (start[:1] == b"[" and start[1:2] in b'{[]0123456789"tfn-')


def read_json(content: bytes) -> RawTable:
    """Read JSON bytes; every cell is text."""
    text = decoded(content)
    written = text.body.decode("utf-8")
    lines, rows, notes = _is_lines(written), [], []
    if not lines:
        rows, notes = _rows_of(_whole(written))
    names: dict[str, None] = {}  # in the order they first occur
    batches, n_rows, n_values = [], 0, 0
    for batch in _batches(written) if lines else [rows]:
        batch = [_flat(row) for row in batch] if any(dict in map(type, row.values()) for row in batch) else batch
        names.update(dict.fromkeys(chain.from_iterable(batch)))
        n_rows, n_values = n_rows + len(batch), n_values + sum(map(len, batch))
        _refuse_sparse(len(names), n_rows, n_values)
        batches.append((len(batch), {name: _cells([row.get(name) for row in batch]) for name in names}))
    if not names:
        raise UnreadableFile(_("The JSON file holds no rows. Export it with its rows."))
    columns = [
        pa.chunked_array([cells[name] if name in cells else pa.nulls(size, pa.string()) for size, cells in batches])
        for name in names
    ]
    called = column_names(names)
    return RawTable(
        pa.table(columns, names=called),
        "JSON lines" if lines else "JSON",
        encoding=text.encoding,
        notes=[*text.notes, *notes, *name_notes(names, called)],
    )


def _is_lines(text: str) -> bool:
    """Whether each line is an object of its own: the first line is complete and no array of rows."""
    begin = len(text) - len(text.lstrip())
    end = text.find("\n", begin)
    first, next_line = (text[begin:], "") if end < 0 else (text[begin:end], text[end : end + HEAD].lstrip())
    if first.startswith("["):
        return False
    try:
        row = _decoder.decode(first)
    except BROKEN:
        return next_line.startswith("{") and "}" in first  # one object a line, the first of them broken
    return bool(next_line) or len(_arrays(row)) != 1


def _whole(text: str) -> object:
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as problem:
        where = count(problem.lineno)
        raise UnreadableFile(
            _("The file is not valid JSON: line {line} breaks off or has a mistake. Export it again.", line=where)
        ) from None
    except RecursionError:
        raise UnreadableFile(_("The JSON is nested too deeply to be a table. Export one object a row.")) from None


def _rows_of(found: object) -> tuple[list[dict], list[dict]]:
    """The rows in decoded JSON, and what to say of where they stood."""
    if isinstance(found, dict):
        arrays = _arrays(found)
        if len(arrays) != 1:
            names = ", ".join(arrays) or _("none")
            raise UnreadableFile(
                _("The JSON object must hold one array of objects; it holds: {names}. Bring that array.", names=names)
            )
        ((name, rows),) = arrays.items()
        return _objects(rows), [
            {
                "finding": _("The rows are those of the array {name}; what stands beside it is left aside", name=name),
                "severity": "note",
                "suggestion": _("Bring the array alone if this is wrong."),
            }
        ]
    return _objects(found), []


def _objects(rows: list) -> list[dict]:
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UnreadableFile(
                _("Item {n} of the JSON array is not an object with named values. Make each row one.", n=count(place))
            )
    return rows


def _arrays(found: dict, above: str = "", depth: int = DEPTH) -> dict[str, list]:
    """The arrays of objects in an object, by their dotted names."""
    arrays = {}
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            arrays[above + name] = value
        elif isinstance(value, dict) and depth:
            arrays |= _arrays(value, f"{above}{name}.", depth - 1)
    return arrays


def _flat(row: dict, above: str = "", depth: int = DEPTH) -> dict:
    """A row whose objects have become values of their own, named a.b."""
    flat = {}
    for name, value in row.items():
        if isinstance(value, dict) and value and depth:
            flat |= _flat(value, f"{above}{name}.", depth - 1)
        else:
            flat[above + name] = value
    return flat


def _refuse_sparse(n_names: int, n_rows: int, n_values: int) -> None:
    """A new name in each object makes a table that grows with the square of the file."""
    cells = n_names * n_rows
    if n_names > COLUMNS or (cells > SPARSE_CELLS and n_values < FILLED * cells):
        raise UnreadableFile(
            _(
                "The JSON objects have too many different names: {names} in {rows} objects. "
                "Give all objects the same names.",
                names=count(n_names),
                rows=count(n_rows),
            )
        )


def _batches(text: str) -> Iterator[list[dict]]:
    """The objects of some thousand lines at a time: read together, line by line only to name one that is wrong."""
    numbered = ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    while batch := list(islice(numbered, BATCH)):
        try:
            rows = _decoder.decode("[" + ",".join(line for _number, line in batch) + "]")
        except BROKEN:
            rows = []
        if len(rows) != len(batch) or set(map(type, rows)) != {dict}:
            rows = [_object(number, line) for number, line in batch]
        yield rows


def _object(number: int, line: str) -> dict:
    try:
        row = _decoder.decode(line)
    except BROKEN:
        row = None
    if not isinstance(row, dict):
        raise UnreadableFile(_("Line {n} is not one JSON object. Write one object a line, complete.", n=count(number)))
    return row


def _cells(values: list) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):  # not all are text
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: object) -> str | None:
    if value is None:
        return value
    if isinstance(value, str):
        return whole_letters(value)
    return str(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
