"""Text -> ids, numbers and answers of yes or no. The one place where a missing value and an id are recognised.

Everything works on whole columns; money has its own module, because it must not pass through a float.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.cells.number_shapes import LIKE_A_THOUSAND, Hint, Numerals, numerals, unknown
from insight.tables.recognition.vocabulary import words

MISSING = ("", "-", "--", "\u2013", "\u2014", *words("nothing"))  # no value, whatever is expected
_NO_NUMBER = (".", "?", "0000-00-00", "0000-00-00 00:00:00", *words("no_number"))
MISSING_VALUES = (*MISSING, *_NO_NUMBER)  # no number, no date; among texts "NA" may be Namibia
_ZEROS = "00000000-0000-0000-0000-000000000000"
MISSING_IDS = (*MISSING, ".", "?", _ZEROS, *words("nobody"))  # nobody: else all of them would be one giant customer
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # joiners, marks of direction
_WIDE_DIGITS = {chr(0xFF10 + digit): str(digit) for digit in range(10)}
EXACT_DIGITS = 15  # that a float keeps, whatever the number
_PADDED = pa.array([f"0{digit}" for digit in range(10)] + ["+0", "-0"])  # how a number starts that is rather a code


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
    >>> identifiers(pa.chunked_array([["17850.0", "A.0", "00123", "(not set)"]])).to_pylist()
    ['17850.0', 'A.0', '00123', None]

    A 0 stays an id: customers may be counted from 0, and where it stands for guests it has so many rows that it shows.
    Signs that cannot be seen are left out, and full-width digits become ordinary ones: they tell nobody apart.
    """
    ids = present(_cleaned(column), MISSING_IDS)
    if not any_true(pc.match_substring(ids, ".")):
        return ids
    whole = pc.all(pc.match_substring_regex(ids, r"^-?\d+(?:\.0*)?$")).as_py()
    return pc.replace_substring_regex(ids, r"\.0*$", "") if whole else ids


def cleaned(column: pa.ChunkedArray) -> np.ndarray:
    """Which ids have signs that are read away: invisible ones, and full-width digits.

    >>> cleaned(pa.chunked_array([["ana", "ana\u200b", "\uff11\uff12", None]])).tolist()
    [False, True, True, False]
    """
    if not pa.types.is_string(column.type) or pc.all(pc.string_is_ascii(column), min_count=0).as_py():
        return np.zeros(len(column), bool)
    return np.asarray(pc.fill_null(pc.match_substring_regex(column, f"[{_INVISIBLE}{''.join(_WIDE_DIGITS)}]"), False))


def _cleaned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not cleaned(column).any():
        return column
    column = pc.replace_substring_regex(column, f"[{_INVISIBLE}]", "")
    for written, plain in _WIDE_DIGITS.items():
        column = pc.replace_substring(column, written, plain)
    return pc.utf8_trim_whitespace(column)


def shortened(ids: pa.ChunkedArray) -> np.ndarray:
    """Ids like 1.23E+12: a spreadsheet has cut their digits, and different customers may now look the same.

    >>> shortened(pa.chunked_array([["1.23457E+12", "1234567890123", None]])).tolist()
    [True, False, False]
    """
    return np.asarray(pc.fill_null(pc.match_substring_regex(ids, r"^\d(?:\.\d+)?[eE]\+\d+$"), False))


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of numbers, read.

    values : float64, NaN where there is none; 12 % is 0.12;  reading : how they are written, None for plain digits
    """

    values: np.ndarray
    reading: Numerals | None = None


def numbers(column: pa.ChunkedArray, hint: Hint = unknown) -> Numbers:
    """Text as float64, NaN where it is no number.

    >>> numbers(pa.chunked_array([["1.5", "7", "12 %", "1,200", "many", "NA", "inf"]])).values.tolist()
    [1.5, 7.0, 0.12, 1200.0, nan, nan, nan]
    """
    reading = None
    try:
        found = None if could_be_thousands(column) else column.cast(pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        found = None  # some cell is more than plain digits
    if found is None:
        reading = numerals(present(column, MISSING_VALUES), hint)
        found = reading.plain.cast(pa.float64())
    values = np.array(found.fill_null(np.nan).to_numpy())
    values[~np.isfinite(values)] = np.nan
    if reading is not None and reading.percent.any():
        values[reading.percent] /= 100
    return Numbers(values, reading)


def could_be_thousands(column: pa.ChunkedArray) -> bool:
    """Whether every value with a point has three digits after it, so that the point may only group thousands.

    >>> [could_be_thousands(pa.chunked_array([cells])) for cells in (["1.234", "5"], ["1.234", "5.5"], ["1234"])]
    [True, False, False]
    """
    pointed = column.slice(0, 0)
    for cells in (column.slice(0, 100), column):  # the first hundred settle most columns
        pointed = cells.filter(pc.match_substring(cells, "."))
        if not pc.all(pc.match_substring_regex(pointed, LIKE_A_THOUSAND), min_count=0).as_py():
            return False
    return len(pointed) > 0


def flags(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Answers as booleans: yes and no in several languages, numbers (0 is no), moments (there is one: yes).

    >>> flags(pa.chunked_array([["True", "no", "да", "0", "3", "2026-01-05", "", "maybe"]])).to_pylist()
    [True, False, True, False, True, True, None, None]
    """
    if not pa.types.is_string(column.type):
        return pc.if_else(pc.is_valid(column), True, None)
    text = pc.utf8_lower(column)
    said_no = pc.is_in(text, pa.array([*words("no"), "0", "0.0"]))
    said_yes = pc.or_(pc.is_in(text, pa.array(words("yes"))), pc.match_substring_regex(text, r"^\d{1,4}(\D\d|$)"))
    return pc.case_when(pc.make_struct(said_no, said_yes), False, True)


def natural(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column nobody asked for: numbers where every value is a plain number a float can hold, else its text.

    >>> [natural(pa.chunked_array([column])).to_pylist() for column in (["1", "NA", "2.5"], ["007", "8"])]
    [[1.0, None, 2.5], ['007', '8']]
    """
    if not pa.types.is_string(column.type):
        return column.cast(pa.string())
    some = [cell for cell in column.slice(0, 20).to_pylist() if cell and cell.lower() not in MISSING_VALUES]
    if some and not re.fullmatch(NUMBER, some[0]):
        return column  # quicker than failing to cast
    found = _plain_numbers(column)
    found = _plain_numbers(present(column, MISSING_VALUES)) if found is None else found
    return column if found is None else found


def _plain_numbers(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Whole numbers or floats, where not a digit of any is lost."""
    if text.null_count == len(text) or pc.max(pc.binary_length(text)).as_py() > EXACT_DIGITS + 8:
        return None
    found = None
    for kind in (pa.int64(), pa.float64()) if not text.null_count else (pa.float64(),):
        with suppress(pa.ArrowInvalid):
            found = text.cast(kind)
            break
    if found is None or any_true(pc.is_in(pc.utf8_slice_codeunits(text, 0, 2), _PADDED)):
        return None
    exact = pa.types.is_integer(found.type) or pc.max(pc.abs(found)).as_py() < 10**EXACT_DIGITS
    return found if exact else None
