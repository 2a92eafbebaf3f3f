"""How numbers are written, and what a column of them means: the one place for signs, separators and decimal marks.

Whether a point or a comma stands before the decimals is decided for the whole column, never cell by cell: "1.234" may
be more than a thousand or little more than one. Cells that fit only one of the two readings are evidence; where there
is none, `hint` (what the rest of the file does) decides, and the doubtful cells are named all the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.cells.currency_signs import known_code

_BLANKS = " '’`´"
_NUMBER = rf"[0-9](?:[0-9.,{_BLANKS}]*[0-9.])?|[.,][0-9]+"
_CELL = (
    r"^(?P<open>\()?\s*(?P<sign>[+-]?)\s*BEFORE\s*(?P<inner>[+-]?)\s*"
    rf"(?P<number>{_NUMBER})(?P<power>[eE][+-]?[0-9]+)?\s*(?P<percent>%)?\s*"
    r"AFTER\s*(?P<trail>-?)\s*(?P<close>\))?$"
)
_LETTER = "[A-Za-z\u00c0-\u1fff\u3040-\uffef]"
_SIGN = (  # of a currency, maybe: $, US$, zł, руб., ש"ח
    f'[A-Za-z]{{0,3}}[$\u00a3\u00a5\u0e3f\u20a0-\u20cf]|{_LETTER}+(?:["\u05f4]{_LETTER}+)?[.]?'
)
_MARKED = _CELL.replace("BEFORE", f"(?P<before>{_SIGN})?").replace("AFTER", f"(?P<after>{_SIGN})?")
_BARE = _CELL.replace("BEFORE", "(?P<before>)").replace("AFTER", "(?P<after>)")  # twice as quick
_NOT_BARE = rf"[^0-9.,+%()\seE{_BLANKS}-]"
_GROUPED_BY_BLANKS = rf"^[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}})+(?:[.,][0-9]*)?$"
_FITS = {  # the second and third lines of "." are 1,234,567.8 and, in India, 12,34,567.8
    ".": r"^(?:[0-9]+\.?[0-9]*|\.[0-9]+"
    r"|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?"
    r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?)$",
    ",": r"^(?:[0-9]+,?[0-9]*|,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]*)?)$",
}
_DIGITS = {chr(start + digit): str(digit) for start in (0x660, 0x6F0) for digit in range(10)}  # Arabic and Persian
_ALIKE = {"\u2212": "-", "\u2013": "-", "\u2012": "-", "\u066b": ".", "\u066c": ","} | _DIGITS
_RAISED = r"[\p{No}\x{207a}-\x{207e}\x{208a}-\x{208e}]"  # 5² is not 52: powers, footnotes, fractions, their signs
_INVISIBLE = "[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"  # marks of writing direction around numbers
_LIKE_A_NUMBER = re.compile(_MARKED)
_LONGEST = 80  # characters of a number with everything around it
LIKE_A_THOUSAND = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"  # the only plain number that can mean two things

Hint = Callable[[], str | None]  # what the rest of the file does: ".", "," or None; asked only where it is needed


def unknown() -> None:
    """The hint that tells nothing."""


@dataclass(frozen=True, eq=False)
class Numerals:
    """A column of numbers as plain text, such as "-1234.5".

    plain : text, null where there is no number;  marks : code of the currency written in each cell, or None
    percent : bool, the number is a percentage;  decimal : "." or ",", None where no cell has either
    doubtful : bool, rows that can be read in two ways and nothing in the column tells which
    contrary : bool, rows that can only be read the other way than the rest of the column; they are null
    """

    plain: pa.ChunkedArray
    marks: pa.ChunkedArray | None
    percent: np.ndarray
    decimal: str | None
    doubtful: np.ndarray
    contrary: np.ndarray


def numerals(text: pa.ChunkedArray, hint: Hint = unknown) -> Numerals:
    """A column of numbers, however they are written; `hint` is asked where the column does not tell its decimal mark.

    >>> found = numerals(pa.chunked_array([["1.234,50 €", "-7", "(12)", "3,5", "five"]]))
    >>> found.plain.to_pylist(), found.decimal, found.marks.to_pylist()
    (['1234.50', '-7', '-12', '3.5', None], ',', ['EUR', '', '', '', None])
    >>> found = numerals(pa.chunked_array([["1.234", "1.500"]]))
    >>> found.plain.to_pylist(), found.doubtful.tolist()
    (['1.234', '1.500'], [True, True])
    """
    kinds = text.combine_chunks().dictionary_encode()
    cells = _read(kinds.dictionary)
    decimal, doubtful = _decimal_mark(cells, hint)
    valid = cells.fits[decimal or "."]
    plain = pc.replace_substring(cells.body, "," if decimal != "," else ".", "")
    plain = pc.utf8_rtrim(pc.replace_substring(plain, ",", "."), ".")
    plain = pc.binary_join_element_wise(pc.if_else(pa.array(cells.negative), "-", ""), plain, cells.power, "")

    def rows(column: pa.Array) -> pa.ChunkedArray:
        return pa.chunked_array([pc.if_else(pa.array(valid), column, None).take(kinds.indices)])

    given, code = np.asarray(text.is_valid()), np.asarray(pc.fill_null(kinds.indices, 0))

    def marked(kind: np.ndarray) -> np.ndarray:
        return kind[code] & given if len(kind) else np.zeros(len(text), bool)

    return Numerals(
        plain=rows(plain),
        marks=rows(cells.codes) if any(cells.codes.unique().drop_null().to_pylist()) else None,
        percent=marked(cells.percent & valid),
        decimal=decimal,
        doubtful=marked(doubtful),
        contrary=marked(cells.fits["." if decimal == "," else ","] & ~valid),
    )


@dataclass(frozen=True, eq=False)
class _Cells:
    """The parts of different cells: digits and their separators, and which decimal marks these allow."""

    body: pa.Array
    power: pa.Array
    codes: pa.Array
    negative: np.ndarray
    percent: np.ndarray
    fits: dict[str, np.ndarray]


def _read(texts: pa.Array) -> _Cells:
    texts = _normal(texts)
    plain = not pc.any(pc.match_substring_regex(texts, _NOT_BARE)).as_py()
    parts = pc.extract_regex(texts, _BARE if plain else _MARKED)
    part = {field.name: pc.struct_field(parts, field.name) for field in parts.type}

    def is_(name: str, sign: str) -> np.ndarray:
        return _mask(pc.equal(part[name], sign))

    negative = is_("sign", "-").astype(int) + is_("inner", "-") + is_("trail", "-") + is_("open", "(")
    codes = _codes(pc.if_else(pc.equal(part["after"], ""), part["before"], part["after"]))
    readable = (is_("open", "(") == is_("close", ")")) & (negative < 2) & np.asarray(codes.is_valid())
    body = _without_blanks(part["number"])
    fits = {mark: _mask(pc.match_substring_regex(body, shape)) & readable for mark, shape in _FITS.items()}
    return _Cells(body, part["power"], codes, negative == 1, is_("percent", "%"), fits)


def _mask(matches: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(matches, False))


def _normal(texts: pa.Array) -> pa.Array:
    """Full-width and other forms of digits, minuses and blanks as the ordinary ones."""
    if pc.all(pc.string_is_ascii(texts)).as_py() is not False:
        return texts
    texts = pc.if_else(pc.match_substring_regex(texts, _RAISED), "", texts)
    texts = pc.utf8_normalize(texts, form="NFKC")
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _INVISIBLE, ""))
    if pc.any(pc.match_substring_regex(texts, f"[{''.join(_ALIKE)}]")).as_py():
        for written, plain in _ALIKE.items():
            texts = pc.replace_substring(texts, written, plain)
    return texts


def _without_blanks(body: pa.Array) -> pa.Array:
    blank = pc.match_substring_regex(body, f"[{_BLANKS}]")
    if not pc.any(blank).as_py():
        return body
    joined = pc.replace_substring_regex(body, f"[{_BLANKS}]", "")
    grouped = pc.match_substring_regex(body, _GROUPED_BY_BLANKS)
    return pc.if_else(blank, pc.if_else(grouped, joined, None), body)


def _decimal_mark(cells: _Cells, hint: Hint) -> tuple[str | None, np.ndarray]:
    """The decimal mark of a column, and which of its different cells stay doubtful."""
    nowhere = np.zeros(len(cells.body), bool)
    separated = _mask(pc.match_substring_regex(cells.body, "[.,]"))
    as_point, as_comma = (cells.fits[mark] & separated for mark in ".,")
    point, comma = (as_point & ~as_comma).sum(), (as_comma & ~as_point).sum()
    if point != comma:
        return (".", nowhere) if point > comma else (",", nowhere)
    if not as_point.any() and not as_comma.any():
        return None, nowhere
    ungrouped = _mask(pc.match_substring_regex(cells.body, "^[1-9][0-9]{3,}$"))  # thousands without a mark
    if not point and ungrouped.any() and not _mask(pc.match_substring(cells.body, ",")).any():
        return ".", nowhere  # so a point groups none
    return hint() or ".", as_point & as_comma


def _codes(marks: pa.Array) -> pa.Array:
    """Codes of currencies, "" for none written, null for what is no currency."""
    kinds = marks.dictionary_encode()
    codes = [known_code(mark) if mark else mark for mark in kinds.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(kinds.indices)


def looks_numeric(cells: list[str]) -> bool:
    """Whether any of a few cells is written like a number; quicker than reading them.

    >>> looks_numeric(["five", "1.234,5 €"]), looks_numeric(["five", "A7"])
    (True, False)
    """
    found = filter(None, (_LIKE_A_NUMBER.match(cell) for cell in cells if len(cell) <= _LONGEST))
    return any(all(known_code(mark) for mark in (match["before"], match["after"]) if mark) for match in found)


def column_decimal(text: pa.ChunkedArray) -> str | None:
    """The decimal mark that the cells of a column prove; None where they prove none.

    >>> column_decimal(pa.chunked_array([["1,50", "2"]])), column_decimal(pa.chunked_array([["1.500"]]))
    (',', None)
    """
    found = numerals(text)
    mostly = found.plain.null_count <= len(text) // 2
    return found.decimal if mostly and not found.doubtful.any() else None
