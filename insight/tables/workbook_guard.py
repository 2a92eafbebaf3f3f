"""Refuse Excel files that are small outside and huge inside, before they are opened.

The reader unfolds a whole sheet in memory, and its allocation failing ends the process for every visitor. Three ways to
get there, each measured on a file of some kilobytes: zipped zeros; one cell at XFD1048576, since the rectangle around
all cells is reserved; a long text, stored once, in a hundred thousand cells.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from insight.errors import UnreadableFile

UNFOLDED_BYTES = 200_000_000  # of all files in the zip together
UNFOLDED_RATIO = 120
SHEET_CELLS = 30_000_000  # of the rectangle around all cells, empty ones too
SHEET_TEXT = 1_000_000_000  # bytes, each text counted as often as it stands in a cell
PIECE = 1 << 23
_PLAIN = {name: re.compile(b"<" + name + rb"[\s/>]") for name in (b"row", b"c", b"si")}
_PREFIXED = {name: re.compile(rb"<(?:\w+:)?" + name + rb"[\s/>]") for name in _PLAIN}  # <x:row>, slower to find
_PLACE = re.compile(rb"""r\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)")


def guard(content: bytes) -> None:
    """Raise UnreadableFile unless the zip is an Excel workbook that can be opened safely."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = archive.infolist()
            if not any(file.filename.lower() == "xl/workbook.xml" for file in files):
                raise UnreadableFile("The zip holds no Excel workbook. Unpack it and bring the file inside.")
            _refuse_folded(sum(file.file_size for file in files), len(content))
            # by any name: which file is a sheet and which the shared texts is written inside the workbook
            extents = [_extent(archive, file) for file in files]
            for rows, width, _cells in extents:
                _refuse_far(rows, width)
            lengths = [length for file in files for length in _text_lengths(archive, file)]
            if lengths and max(lengths) * sum(cells for _rows, _width, cells in extents) > SHEET_TEXT:
                _refuse_repeated(archive, files, lengths)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise UnreadableFile("The Excel file is damaged or protected by a password.") from None


def _refuse_folded(unfolded: int, packed: int) -> None:
    if unfolded > UNFOLDED_BYTES or unfolded > UNFOLDED_RATIO * packed:
        raise UnreadableFile(
            f"The Excel file unfolds to {unfolded / 1e6:,.0f} MB, more than can be read safely. Save the sheet as CSV."
        )


def _refuse_far(rows: int, width: int) -> None:
    if rows * width > SHEET_CELLS:
        raise UnreadableFile(
            f"A sheet reaches to row {rows:,} and column {width:,}, too far to be read safely. "
            "Delete the stray cells far from the table, or save the sheet as CSV."
        )


def _marks(name: bytes, text: bytes) -> re.Pattern:
    return (_PREFIXED if b":" + name in text else _PLAIN)[name]


def _pieces(archive: zipfile.ZipFile, file: zipfile.ZipInfo, name: bytes) -> Iterator[bytes]:
    """The file in pieces that begin with an element of this name, so that no row and no text is cut."""
    kept = b""
    with archive.open(file) as xml:
        while piece := xml.read(PIECE):
            kept += piece
            last = max(kept.rfind(start + name) for start in (b"<", b":"))
            cut = kept.rfind(b"<", 0, last + 1)
            if cut > 0:
                yield kept[:cut]
                kept = kept[cut:]
    yield kept


def _extent(archive: zipfile.ZipFile, file: zipfile.ZipInfo) -> tuple[int, int, int]:
    """The furthest row, the furthest column and the number of cells."""
    rows = width = cells = unplaced = 0
    for piece in _pieces(archive, file, b"row"):
        places = _PLACE.findall(piece)
        columns = Counter(map(itemgetter(0), places))
        width = max([width, *map(_column_number, columns)])
        rows = max([rows, *map(int, set(map(itemgetter(1), places)))])
        cell = _marks(b"c", piece)
        here = len(cell.findall(piece))
        cells += here
        if here > len(places) - columns[b""]:  # cells need not say where they are
            each_row = _marks(b"row", piece).split(piece)
            unplaced += len(each_row)
            width, rows = max(width, *(len(cell.findall(row)) for row in each_row)), max(rows, unplaced)
    return rows, width, cells


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text_lengths(archive: zipfile.ZipFile, file: zipfile.ZipInfo) -> Iterator[int]:
    """The length of each shared text, in order."""
    for piece in _pieces(archive, file, b"si"):
        starts = [found.start() for found in _marks(b"si", piece).finditer(piece)]
        yield from (end - start for start, end in zip(starts, [*starts, len(piece)][1:], strict=True))


def _refuse_repeated(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo], lengths: list[int]) -> None:
    values = Counter()
    for file in files:
        for piece in _pieces(archive, file, b"row"):
            values.update(_VALUE.findall(piece))
    total = 0
    for value, times in values.items():
        number = value.strip().lstrip(b"+")
        plain = re.fullmatch(rb"[-\d.eE]+", number)  # anything else may be written to hide a number
        known = number.isdigit() and len(number) < 10 and int(number) < len(lengths)
        length = lengths[int(number)] if known else 0
        total += times * (length if plain else max(lengths))
    if total > SHEET_TEXT:
        raise UnreadableFile("The workbook repeats long texts too often to be read safely. Save the sheet as CSV.")
