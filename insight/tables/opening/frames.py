"""A pandas DataFrame -> text cells. The caller's data is never changed, and not kept."""

from dataclasses import replace
from hashlib import sha256

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.opening.raw import RawTable, cell_text, column_names, from_arrow, name_notes


def read_frame(frame: pd.DataFrame) -> RawTable:
    """Read a DataFrame; a named index is a column too."""
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index(allow_duplicates=True)
    names = column_names(frame.columns)
    columns = [_from_series(frame.iloc[:, place]) for place in range(len(names))]
    raw = from_arrow(pa.table(columns, names=names), "DataFrame")
    return replace(raw, digest=_digest(raw.columns), notes=[*name_notes(frame.columns, names), *raw.notes])


def _from_series(column: pd.Series) -> pa.ChunkedArray:
    try:
        array = pa.array(column, from_pandas=True)
        several_zones = column.dtype == object and pa.types.is_timestamp(array.type) and array.type.tz is not None
        plain = not several_zones and not isinstance(array.type, pa.BaseExtensionType)
    except (pa.ArrowException, TypeError, ValueError):  # cells of several kinds
        plain = False
    if not plain:
        array = pa.array([cell_text(cell) for cell in column.astype(object)], pa.string())
    elif pa.types.is_timestamp(array.type):
        array = pa.array(column.copy(), from_pandas=True)  # Arrow would look into the caller's memory
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


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
