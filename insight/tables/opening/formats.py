"""Bytes, a path, a file object or a DataFrame -> RawTable. The format is recognised by content, never by name."""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from insight.errors import InsightError, UnreadableFile
from insight.language import _
from insight.tables.opening.archive import ZIP, unpacked
from insight.tables.opening.delimited import read_delimited
from insight.tables.opening.frames import read_frame
from insight.tables.opening.json_rows import looks_like_json, read_json
from insight.tables.opening.layout import refuse_without_rows
from insight.tables.opening.limits import limits, refuse_unpacked
from insight.tables.opening.old_workbook import SIGNATURE
from insight.tables.opening.parquet_columns import read_parquet
from insight.tables.opening.raw import RawTable, tidy
from insight.tables.opening.totals import without_totals
from insight.tables.opening.workbook import read_workbook
from insight.tables.settings import check_sheet

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
        raw, name = read_frame(source), None
    else:
        content, name = _content(source)
        raw = replace(_opened(content, sheet), digest=sha256(content).hexdigest())
    if sheet is not None and raw.format != "Excel":
        raise InsightError(f"sheet = {sheet!r} is for Excel files only; this is {raw.format}. Leave it out.")
    raw = without_totals(tidy(replace(raw, name=name)))
    refuse_without_rows(raw.columns.num_rows)
    return raw


def _content(source: object) -> tuple[bytes, str | None]:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), None
    if isinstance(source, str | Path):
        try:
            refuse_unpacked(os.stat(source).st_size)
            return Path(source).read_bytes(), Path(source).name
        except UnreadableFile:  # a ValueError too
            raise
        except (OSError, ValueError) as problem:
            raise _unopened(source, problem) from None
    if not hasattr(source, "read"):
        raise InsightError(f"Cannot read a {type(source).__name__}: give a path, bytes, a file or a DataFrame.")
    if hasattr(source, "seek"):
        source.seek(0)
    content = source.read(limits().unpacked + 1)
    if not isinstance(content, bytes):
        raise InsightError("The file was opened as text. Open it in binary mode: open(path, 'rb').")
    refuse_unpacked(len(content))
    name = getattr(source, "name", None)
    return content, Path(name).name if isinstance(name, str) else None


def _unopened(source: str | Path, problem: Exception) -> UnreadableFile:
    reason = getattr(problem, "strerror", None) or _("it cannot be opened")
    return UnreadableFile(
        _("The file {path} could not be read: {reason}. Check its name.", path=repr(str(source)), reason=reason)
    )


def _opened(content: bytes, sheet: str | int | None) -> RawTable:
    content = unpacked(content)
    if content.startswith((*ZIP, SIGNATURE)):
        return read_workbook(content, sheet)
    if content.startswith(b"PAR1"):
        return read_parquet(content)
    refuse_unpacked(len(content))
    return read_json(content) if looks_like_json(content) else read_delimited(content)
