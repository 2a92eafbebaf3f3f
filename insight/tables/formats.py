"""Bytes, a path, a file object or a DataFrame -> RawTable. The format is recognised by content, never by name."""

import gzip
import io
import zlib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from insight.errors import InsightError, UnreadableFile
from insight.language import _
from insight.tables.delimited import BOM, read_delimited
from insight.tables.json_rows import read_json
from insight.tables.raw import RawTable, as_text, cell_text, column_names, tidy
from insight.tables.settings import check_sheet
from insight.tables.workbook import read_workbook

UNFOLDED_BYTES = 1_000_000_000  # what a compressed file may unfold to
UNFOLDED_CELLS = 1_000_000_000  # Parquet can repeat one value any number of times for free
PARQUET_ROWS = 1 << 16  # decoded at a time
ENDINGS = {
    "CSV": "csv",
    "Excel": "xlsx",
    "Parquet": "parquet",
    "JSON lines": "jsonl",
    "JSON": "json",
    "DataFrame": "csv",
}


def open_table(source: object, *, sheet: str | int | None = None) -> RawTable:
    """Open a source as text cells.

    Source: a path, bytes, a binary file object, or a DataFrame. Raises UnreadableFile where it is no table.
    """
    check_sheet(sheet)
    if isinstance(source, RawTable):
        return source
    if isinstance(source, pd.DataFrame):
        raw, name = _from_frame(source), None
    else:
        content, name = _content(source)
        raw = replace(_opened(content, sheet), digest=sha256(content).hexdigest())
    if sheet is not None and raw.format != "Excel":
        raise InsightError(f"sheet = {sheet!r} is for Excel files only; this is {raw.format}. Leave it out.")
    raw = tidy(replace(raw, name=name))
    if raw.columns.num_rows == 0:
        raise UnreadableFile("The file has a row of column names but no rows below it.")
    return raw


def _content(source: object) -> tuple[bytes, str | None]:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), None
    if isinstance(source, str | Path):
        try:
            return Path(source).read_bytes(), Path(source).name
        except OSError as problem:
            reason = problem.strerror or "it cannot be opened"
            raise UnreadableFile(f"The file {str(source)!r} could not be read: {reason}.") from None
    if not hasattr(source, "read"):
        raise InsightError(f"Cannot read a {type(source).__name__}: give a path, bytes, a file or a DataFrame.")
    if hasattr(source, "seek"):
        source.seek(0)
    content = source.read()
    if not isinstance(content, bytes):
        raise InsightError("The file was opened as text. Open it in binary mode: open(path, 'rb').")
    name = getattr(source, "name", None)
    return content, Path(name).name if isinstance(name, str) else None


def _opened(content: bytes, sheet: str | int | None) -> RawTable:
    if content.startswith(b"\x1f\x8b"):
        content = _unfolded(content)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return read_workbook(content, sheet)
    if content.startswith(b"PAR1"):
        return _from_parquet(content)
    if content[:4096].removeprefix(BOM).lstrip()[:1] in (b"{", b"["):
        return read_json(content)
    return read_delimited(content)


def _unfolded(content: bytes) -> bytes:
    pieces, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            while piece := packed.read(1 << 24):
                pieces.append(piece)
                size += len(piece)
                if size > UNFOLDED_BYTES:
                    raise UnreadableFile(f"The gzip file unfolds to more than {UNFOLDED_BYTES / 1e9:g} GB.")
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableFile("The gzip file is damaged or cut off. Compress it again.") from None
    return b"".join(pieces)


def _from_parquet(content: bytes) -> RawTable:
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        groups = range(file.metadata.num_row_groups)
        if (
            sum(file.metadata.row_group(group).total_byte_size for group in groups) > UNFOLDED_BYTES
            or file.metadata.num_rows * file.metadata.num_columns > UNFOLDED_CELLS
        ):
            raise UnreadableFile("The Parquet file unfolds to more than can be read in memory.")
        table = _decoded(content, file)
    except (pa.ArrowException, OSError):
        raise UnreadableFile("The Parquet file is damaged or uses features that cannot be read.") from None
    return _from_arrow(table, "Parquet")


def _decoded(content: bytes, file: parquet.ParquetFile) -> pa.Table:
    """The columns in pieces, each text once until its size is known: a long one may stand in every row for free.

    Columns that would be left aside are not read at all; they come back empty.
    """
    kinds = file.schema_arrow
    column_names(kinds.names)  # refuses a name that stands twice
    aside = {kind.name for kind in kinds if _no_cells(kind.type)}
    texts = {kind.name for kind in kinds if kind.name not in aside and _is_text(kind.type)}
    plain = {name: most for name, most in _by_difference(file).items() if name in texts}
    n_rows = min(PARQUET_ROWS, UNFOLDED_BYTES // max(plain.values(), default=1)) or 1
    file = parquet.ParquetFile(pa.BufferReader(content), read_dictionary=sorted(texts - plain.keys()))
    wanted = [name for name in kinds.names if name not in aside]
    size, pieces = 0, {name: [] for name in wanted}
    for batch in file.iter_batches(n_rows, columns=wanted if aside else None):
        size += sum(map(_unfolded_size, batch.columns))
        if size > UNFOLDED_BYTES:
            raise UnreadableFile("The Parquet file unfolds to more than can be read in memory.")
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            pieces[name].append(column.dictionary_decode() if pa.types.is_dictionary(column.type) else column)
    rows = file.metadata.num_rows
    return pa.table(
        [
            pa.chunked_array(pieces[kind.name], None if pieces[kind.name] else pa.string())
            if kind.name in pieces
            else pa.nulls(rows, pa.list_(pa.null()))
            for kind in kinds
        ],
        names=kinds.names,
    )


def _no_cells(kind: pa.DataType) -> bool:
    return pa.types.is_nested(kind) or pa.types.is_fixed_size_binary(kind) or isinstance(kind, pa.BaseExtensionType)


def _is_text(kind: pa.DataType) -> bool:
    names = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
    return str(kind) in names


def _by_difference(file: parquet.ParquetFile) -> dict[str, int]:
    """Columns whose values are written as differences to the one before -> bytes of their largest part.

    They cannot be read as a dictionary, so few rows have to be read at a time: they unfold before they are counted.
    """
    sizes = {}
    for group in map(file.metadata.row_group, range(file.metadata.num_row_groups)):
        for part in map(group.column, range(group.num_columns)):
            if any(encoding.startswith("DELTA") for encoding in part.encodings):
                sizes[part.path_in_schema] = max(part.total_uncompressed_size, sizes.get(part.path_in_schema, 1))
    return sizes


def _unfolded_size(column: pa.Array) -> int:
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    if not _is_text(column.type.value_type):
        return 8 * len(column)
    lengths = pc.binary_length(column.dictionary).cast(pa.int64())
    return (pc.sum(lengths.take(column.indices)).as_py() or 0) + 4 * len(column)


def _from_frame(frame: pd.DataFrame) -> RawTable:
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index(allow_duplicates=True)
    names = column_names(frame.columns)
    columns = [_from_series(frame.iloc[:, place]) for place in range(len(names))]
    raw = _from_arrow(pa.table(columns, names=names), "DataFrame")
    return replace(raw, digest=_digest(raw.columns))


def _from_series(column: pd.Series) -> pa.ChunkedArray:
    try:
        array = pa.array(column, from_pandas=True)
        several_zones = column.dtype == object and pa.types.is_timestamp(array.type) and array.type.tz is not None
        plain = not several_zones and not isinstance(array.type, pa.BaseExtensionType)
    except (pa.ArrowException, TypeError, ValueError):  # cells of several kinds
        plain = False
    if not plain:
        array = pa.array([cell_text(cell) for cell in column.astype(object)], pa.string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _from_arrow(table: pa.Table, form: str) -> RawTable:
    columns, nested = {}, []
    for name, column in zip(column_names(table.column_names), table.columns, strict=True):
        try:
            text = as_text(column)
        except pa.ArrowException:
            text = None
        if text is None:
            nested.append(name)
        else:
            columns[name] = text
    notes = [
        {
            "finding": _("The cells are tables or binary data; the column is left aside"),
            "severity": "note",
            "column": name,
            "suggestion": _("Unfold it into columns of its own before reading, if it is needed."),
        }
        for name in nested
    ]
    return RawTable(pa.table(columns), form, notes=notes)


def _digest(table: pa.Table) -> str:
    """sha256 of the columns as Arrow batches in one normal form: the same cells give the same digest."""
    columns = {}
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        moment = pa.types.is_timestamp(column.type)
        values = pc.fill_null(column.cast(pa.int64()), 0) if moment else pc.fill_null(column, "")
        columns[f"{place} {column.type} {name}"] = values  # what lies under a null is arbitrary, so it is overwritten
        columns[f"{place} missing"] = column.is_null().cast(pa.uint8())
    normal = pa.table(columns).combine_chunks()
    digest = sha256(normal.schema.serialize())
    for batch in normal.to_batches(max_chunksize=1 << 20):
        digest.update(batch.serialize())
    return digest.hexdigest()
