"""Parquet -> text cells, without ever unfolding more than the limits allow.

A Parquet file can say "this text, a million times" in some bytes, so its columns are decoded in pieces, each text once
until its size is known. A column of structures becomes a column for each of their values, named a.b.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from insight.errors import UnreadableFile
from insight.language import _
from insight.tables.opening.limits import limits, refuse_packed
from insight.tables.opening.raw import RawTable, from_arrow

ROWS = 1 << 16  # decoded at a time
UNFOLDED_CELLS = 1_000_000_000  # a file can repeat one value any number of times for free
TEXTS = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
REPEATED = _("The Parquet file unfolds to more than fits in memory. Bring fewer rows or columns.")
DAMAGED = _("The Parquet file is damaged or uses features that cannot be read. Write it again, or bring CSV.")


def read_parquet(content: bytes) -> RawTable:
    """Read Parquet bytes; columns of lists and of binary data are left aside and noted."""
    refuse_packed(len(content))
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        groups = range(file.metadata.num_row_groups)
        unfolded = sum(file.metadata.row_group(group).total_byte_size for group in groups)
        if unfolded > limits().unpacked or file.metadata.num_rows * file.metadata.num_columns > UNFOLDED_CELLS:
            raise UnreadableFile(REPEATED)
        table = _decoded(content, file)
    except (pa.ArrowException, OSError):
        raise UnreadableFile(DAMAGED) from None
    return from_arrow(table, "Parquet")


def _decoded(content: bytes, file: parquet.ParquetFile) -> pa.Table:
    """All columns in pieces; those that would be left aside are not read at all and come back as empty lists."""
    leaves = list(_leaves(file.schema_arrow))
    wanted = [name for name, kind in leaves if not _has_no_cells(kind)]
    texts = {name for name, kind in leaves if str(kind) in TEXTS}
    plain = {name: most for name, most in _by_difference(file).items() if name in texts}
    n_rows = min(ROWS, limits().unpacked // max(plain.values(), default=1)) or 1
    file = parquet.ParquetFile(pa.BufferReader(content), read_dictionary=sorted(texts - plain.keys()))
    size, pieces = 0, [[] for _name in wanted]
    for batch in file.iter_batches(n_rows, columns=wanted if len(wanted) < len(leaves) else None):
        columns = _flat(batch).columns
        size += sum(_unfolded_size(part) for column in columns for part in column.chunks)
        if size > limits().unpacked:
            raise UnreadableFile(REPEATED)
        for kept, column in zip(pieces, columns, strict=True):
            kept.extend(
                part.dictionary_decode() if pa.types.is_dictionary(part.type) else part for part in column.chunks
            )
    read = iter(pieces)
    aside = pa.nulls(file.metadata.num_rows, pa.list_(pa.null()))
    columns = [aside if _has_no_cells(kind) else _one(next(read)) for _name, kind in leaves]
    return pa.table(columns, names=[name for name, _kind in leaves])


def _leaves(fields: pa.Schema | pa.StructType, above: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for field in fields:
        if pa.types.is_struct(field.type):
            yield from _leaves(field.type, f"{above}{field.name}.")
        else:
            yield above + field.name, field.type


def _flat(batch: pa.RecordBatch) -> pa.Table:
    table = pa.Table.from_batches([batch])
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def _one(parts: list[pa.Array]) -> pa.ChunkedArray:
    return pa.chunked_array(parts, None if parts else pa.string())


def _has_no_cells(kind: pa.DataType) -> bool:
    return pa.types.is_nested(kind) or pa.types.is_fixed_size_binary(kind) or isinstance(kind, pa.BaseExtensionType)


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
    if str(column.type.value_type) not in TEXTS:
        return 8 * len(column)
    lengths = pc.binary_length(column.dictionary).cast(pa.int64())
    return (pc.sum(lengths.take(column.indices)).as_py() or 0) + 4 * len(column)
