"""Fixes of cells, before anything else sees them: pseudonyms, and columns that shall not be there."""

import hmac
from dataclasses import replace

import pyarrow as pa

from insight.errors import UnknownValue
from insight.language import _
from insight.tables.cells.values import identifiers
from insight.tables.fixes.spec import name_of
from insight.tables.opening.raw import RawTable

DIGITS = 16  # of a keyed hash that are kept: 64 bits


def fix_cells(raw: RawTable, fixes: list) -> tuple[RawTable, list[dict]]:
    """The table with pseudonyms and without columns that shall go; and what changed, as keywords of Findings.add."""
    notes = []
    for fix in fixes:
        if name_of(fix) not in ("pseudonymise", "drop_columns"):
            continue
        for column in fix["columns"]:
            if column not in raw.columns.column_names:
                raise UnknownValue(f"fixes: {name_of(fix)}: columns", column, raw.columns.column_names)
            at = raw.columns.column_names.index(column)
            if name_of(fix) == "drop_columns":
                table, said = raw.columns.remove_column(at), _("A column that was left out as asked")
            else:
                hashed = pseudonyms(raw.columns[column], fix["key"])
                table, said = raw.columns.set_column(at, column, hashed), _("Cells replaced by pseudonyms as asked")
            raw = replace(raw, columns=table)
            notes.append({"finding": said, "severity": "note", "column": column, "code": f"fixed_{name_of(fix)}"})
    return raw, notes


def pseudonyms(cells: pa.ChunkedArray, key: str) -> pa.ChunkedArray:
    """A keyed hash of each cell, HMAC-SHA256, 16 hex digits. Without the key nobody can try which cell gave which hash.

    An id is hashed as it is read, so that 17850 and 17850.0 stay one customer. Cells without a value stay so.

    >>> first, again, other = pseudonyms(pa.chunked_array([["ana@x.org", "ana@x.org", None]]), "secret").to_pylist()
    >>> first == again, len(first), other
    (True, 16, None)
    """
    text = cells if pa.types.is_string(cells.type) else cells.cast(pa.string())
    coded = identifiers(text).combine_chunks().dictionary_encode()
    secret = key.encode()
    hashed = [hmac.digest(secret, cell.encode(), "sha256").hex()[:DIGITS] for cell in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(hashed, pa.string()).take(coded.indices)])
