"""Refuse Excel files that are small outside and huge inside, before they are opened.

The reader unfolds a whole sheet in memory, and its allocation failing ends the process for every visitor. Three ways to
get there, each measured on a file of some kilobytes: zipped zeros; one cell at XFD1048576, since the rectangle around
all cells is reserved; a long text, stored once, in a hundred thousand cells.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from insight.errors import UnreadableFile
from insight.language import _, count
from insight.tables.opening.archive import ZIP_ERRORS
from insight.tables.opening.limits import MEGABYTE, limits, refuse_packed, refuse_ratio

PIECE = 1 << 23
_PLAIN = {name: re.compile(b"<" + name + rb"[\s/>]") for name in (b"row", b"c", b"si")}
_PREFIXED = {name: re.compile(rb"<(?:\w+:)?" + name + rb"[\s/>]") for name in _PLAIN}  # <x:row>, slower to find
_PLACE = re.compile(rb"""r\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^<>]*>([^<]*)")


OTHERS = {  # zips of another kind -> what to say of them
    "xl/workbook.bin": _("The file is a binary workbook (.xlsb). Save it in Excel as .xlsx or CSV."),
    "mimetype": _("The file is an OpenDocument file (.ods). Save it as .xlsx or CSV."),
    "[content_types].xml": _("The file is an Office document, but no workbook. Bring CSV, Excel or Parquet."),
}
DAMAGED = _("The Excel file is damaged or cut off. Open it in Excel and save it again, as .xlsx or CSV.")


def guard(content: bytes) -> None:
    """Raise UnreadableFile unless the zip is an Excel workbook that can be opened safely."""
    refuse_packed(len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = archive.infolist()
            names = {file.filename.lower() for file in files}
            if "xl/workbook.xml" not in names:
                raise UnreadableFile(next((OTHERS[name] for name in OTHERS if name in names), DAMAGED))
            _refuse_folded(sum(file.file_size for file in files), len(content))
            # by any name: which file is a sheet and which the shared texts is written inside the workbook
            extents = [_extent(archive, file) for file in files]
            for rows, width, _cells in extents:
                _refuse_far(rows, width)
            lengths = [length for file in files for length in _text_lengths(archive, file)]
            if lengths and max(lengths) * sum(cells for _rows, _width, cells in extents) > limits().unpacked:
                _refuse_repeated(archive, files, lengths)
    except UnreadableFile:  # a ValueError too
        raise
    except ZIP_ERRORS:
        raise UnreadableFile(DAMAGED) from None


def _refuse_folded(unfolded: int, packed: int) -> None:
    refuse_ratio(unfolded, packed)
    if unfolded > limits().unpacked:
        raise UnreadableFile(
            _(
                "The Excel file unfolds to {size} MB, more than can be read safely. Save the sheet as CSV.",
                size=count(unfolded / MEGABYTE),
            )
        )


def _refuse_far(rows: int, width: int) -> None:
    if rows * width > limits().sheet_cells:
        raise UnreadableFile(
            _(
                "A sheet reaches to row {row} and column {column}, too far to be read safely. "
                "Delete the stray cells far from the table, or save the sheet as CSV.",
                row=count(rows),
                column=count(width),
            )
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
    if total > limits().unpacked:
        raise UnreadableFile(_("The workbook repeats long texts too often to be read safely. Save the sheet as CSV."))
