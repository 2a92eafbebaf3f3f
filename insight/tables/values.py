"""Text -> ids and numbers. The one place where a missing value, an id and a number are recognised.

Everything works on whole columns; money has its own module, because it must not pass through a float.
"""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MISSING = ("", "null", "nan", "none", "n/a", "#n/a", "<na>", "nat", "-")
MISSING_VALUES = (*MISSING, "na")  # R writes NA; among texts it may be Namibia or North America
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
EXACT_DIGITS = 15  # that a float keeps, whatever the number


def valid_mask(column: pa.ChunkedArray) -> np.ndarray:
    """Where a column has a value."""
    return np.asarray(column.is_valid())


def any_true(column: pa.ChunkedArray) -> bool:
    """Whether any cell of a column of booleans is true."""
    return bool(pc.any(column).as_py())


def present(column: pa.ChunkedArray, missing: tuple[str, ...] = MISSING) -> pa.ChunkedArray:
    """Text with null for every way to write that there is no value.

    >>> present(pa.chunked_array([["7", "NULL", "-", "NA", "n/a"]])).to_pylist()
    ['7', None, None, 'NA', None]
    """
    if not pa.types.is_string(column.type):
        return column.cast(pa.string())
    if not any_true(pc.less_equal(pc.binary_length(column), max(map(len, missing)))):
        return column
    gone = pc.is_in(pc.utf8_lower(column), pa.array(missing))
    return pc.if_else(gone, None, column) if any_true(gone) else column


def identifiers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ids as text, never through a float; whole numbers that a tool wrote as 17850.0 lose the point.

    >>> identifiers(pa.chunked_array([["17850.0", "12.0", None]])).to_pylist()
    ['17850', '12', None]
    >>> identifiers(pa.chunked_array([["17850.0", "A.0", "00123"]])).to_pylist()
    ['17850.0', 'A.0', '00123']
    """
    ids = present(column, MISSING_VALUES)
    if not any_true(pc.match_substring(ids, ".")):
        return ids
    whole = pc.all(pc.match_substring_regex(ids, r"^-?\d+(?:\.0*)?$")).as_py()
    return pc.replace_substring_regex(ids, r"\.0*$", "") if whole else ids


def shortened(ids: pa.ChunkedArray) -> np.ndarray:
    """Ids like 1.23E+12: a spreadsheet has cut their digits, and different customers may now look the same.

    >>> shortened(pa.chunked_array([["1.23457E+12", "1234567890123", None]])).tolist()
    [True, False, False]
    """
    return np.asarray(pc.fill_null(pc.match_substring_regex(ids, r"^\d(?:\.\d+)?[eE]\+\d+$"), False))


def numbers(column: pa.ChunkedArray) -> np.ndarray:
    """Text as float64, NaN where it is no number.

    >>> numbers(pa.chunked_array([["1.5", "7", "many", "NA", "inf"]])).tolist()
    [1.5, 7.0, nan, nan, nan]
    """
    text = present(column, MISSING_VALUES)
    try:
        found = text.cast(pa.float64())
    except pa.ArrowInvalid:
        found = pc.if_else(pc.match_substring_regex(text, f"^{NUMBER}$"), text, None).cast(pa.float64())
    values = np.array(found.fill_null(np.nan).to_numpy())
    values[~np.isfinite(values)] = np.nan
    return values


def natural(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column nobody asked for: numbers where every value is a plain number a float can hold, else its text.

    >>> [natural(pa.chunked_array([column])).to_pylist() for column in (["1", "NA", "2.5"], ["007", "8"])]
    [[1.0, None, 2.5], ['007', '8']]
    """
    if not pa.types.is_string(column.type):
        return column.cast(pa.string())
    text = present(column, MISSING_VALUES)
    if text.null_count == len(text) or pc.max(pc.binary_length(text)).as_py() > EXACT_DIGITS + 8:
        return column
    first = text.drop_null()[0].as_py()
    if not re.fullmatch(NUMBER, first):
        return column  # quicker than failing to cast
    try:
        whole = text.cast(pa.int64()) if "." not in first else None
    except pa.ArrowInvalid:
        whole = None
    try:
        found = text.cast(pa.float64()) if whole is None or text.null_count else whole
    except pa.ArrowInvalid:
        return column
    padded = pc.is_in(
        pc.utf8_slice_codeunits(text, 0, 2), pa.array([f"0{digit}" for digit in range(10)] + ["+0", "-0"])
    )
    if any_true(padded):
        return column
    largest = pc.max(pc.abs(found)).as_py()
    return found if found is whole or largest < 10**EXACT_DIGITS else column
