"""Refuse .xls files that are small outside and huge inside, and those with a password, before they are opened.

The reader reserves the rectangle around all cells of every sheet and copies a shared text into each of its cells, so
both are counted first. An .xls file is a small file system (sectors chained by a table), and its one stream of interest
is a list of records: number, length, content.

Source: [MS-CFB] and [MS-XLS], the open specifications of Microsoft.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from insight.errors import UnreadableFile
from insight.language import _, count
from insight.tables.opening.limits import limits, refuse_packed

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOF, FILEPASS, CONTINUE, SST, LABELSST, MULRK = 0x0809, 0x002F, 0x003C, 0x00FC, 0x00FD, 0x00BD
CELLS = (0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, LABELSST, MULRK)  # records that begin with row and column
BYTES_A_LETTER = 3
DAMAGED = _("The old Excel file (.xls) is damaged or cut off. Save it again, as .xlsx or CSV.")
PASSWORD = _("The workbook is protected by a password. Open it in Excel, remove the password and save it again.")


def guard_old(content: bytes) -> None:
    """Raise UnreadableFile unless the content is an .xls workbook that can be opened safely."""
    refuse_packed(len(content))
    try:
        streams = _streams(content)
    except (struct.error, IndexError, ValueError, KeyError, UnicodeDecodeError):
        raise UnreadableFile(DAMAGED) from None
    if "encryptedpackage" in streams:
        raise UnreadableFile(PASSWORD)
    book = streams.get("workbook") or streams.get("book")
    if book is None:
        raise UnreadableFile(_("The file is an old Office document, but no workbook. Bring CSV, Excel or Parquet."))
    try:
        _check(book)
    except (struct.error, IndexError, StopIteration, RuntimeError):
        raise UnreadableFile(DAMAGED) from None


def _check(book: bytes) -> None:
    extents, texts, times, kind = [], [], Counter(), 0
    for record, body in _records(book):
        if record == FILEPASS:
            raise UnreadableFile(PASSWORD)
        if record == BOF:
            extents.append([1 << 16, 0, 1 << 16, 0])
        elif record == SST or (record == CONTINUE and kind == SST):
            texts.append(body)
        elif record in CELLS and extents:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if record == MULRK else column
            top, bottom, left, right = extents[-1]
            extents[-1] = [min(top, row), max(bottom, row), min(left, column), max(right, last)]
            if record == LABELSST:
                times[struct.unpack_from("<I", body, 6)[0]] += 1
        kind = kind if record == CONTINUE else record
    cells = sum((bottom - top + 1) * (right - left + 1) for top, bottom, left, right in extents if bottom >= top)
    if cells > limits().sheet_cells:
        raise UnreadableFile(
            _(
                "The sheets of the workbook reach over {cells} cells, too many to be read safely. "
                "Delete stray cells far from the table, or save the sheet as CSV.",
                cells=count(cells),
            )
        )
    lengths = list(_lengths(texts)) if times else []
    letters = sum(n * lengths[text] for text, n in times.items() if text < len(lengths))
    if BYTES_A_LETTER * letters > limits().unpacked:
        raise UnreadableFile(_("The workbook repeats long texts too often to be read safely. Save the sheet as CSV."))


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(book):
        record, length = struct.unpack_from("<HH", book, place)
        yield record, book[place + 4 : place + 4 + length]
        place += 4 + length


def _lengths(records: list[bytes]) -> Iterator[int]:
    """The letters of each shared text. Where one runs on in the next record, that record says anew how it is stored."""
    texts, ends = b"".join(records), accumulate(map(len, records))
    end, place = next(ends, 0), 8  # after how many there are
    while place + 3 <= len(texts):
        while place >= end:
            end = next(ends)
        letters, flags = struct.unpack_from("<HB", texts, place)
        yield letters
        runs = struct.unpack_from("<H", texts, place + 3)[0] if flags & 8 else 0
        more = struct.unpack_from("<I", texts, place + 3 + 2 * bool(flags & 8))[0] if flags & 4 else 0
        place += 3 + 2 * bool(flags & 8) + 4 * bool(flags & 4)
        size = 1 + (flags & 1)
        while place + letters * size > end:
            letters -= (end - place) // size
            size, place = 1 + (texts[end] & 1), end + 1
            end = next(ends)
        place += letters * size + 4 * runs + more


def _streams(content: bytes) -> dict[str, bytes]:
    """The named streams of the small file system."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError
    first, _version, cutoff, small_first = struct.unpack_from("<IIII", content, 48)
    more, n_more = struct.unpack_from("<II", content, 68)
    table = list(struct.unpack_from("<109I", content, 76))
    per_sector = (1 << shift) // 4

    def sector(number: int) -> bytes:
        return content[(number + 1) << shift : (number + 2) << shift]

    for _each in range(min(n_more, len(content) >> shift)):
        *numbers, more = struct.unpack(f"<{per_sector}I", sector(more))
        table += numbers
    used = [number for number in table if number < len(content) >> shift]
    following = struct.unpack(f"<{per_sector * len(used)}I", b"".join(map(sector, used)))
    entries = _chain(first, following, sector)
    root_start = struct.unpack_from("<I", entries, 116)[0]
    root = _chain(root_start, following, sector)
    small = _chain(small_first, following, sector)
    small_following = struct.unpack(f"<{len(small) // 4}I", small)
    streams = {}
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        start, size = struct.unpack_from("<IQ", entries, at + 116)
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le").casefold()
        if kind == 2:
            if size > len(content):
                raise ValueError
            if size < cutoff:
                data = _chain(start, small_following, lambda number: root[number << 6 : (number + 1) << 6])
            else:
                data = _chain(start, following, sector)
            streams[name] = data[:size]
    return streams


def _chain(start: int, following: tuple[int, ...], sector) -> bytes:
    pieces, number = [], start
    while number < len(following):
        if len(pieces) > len(following):
            raise ValueError  # the chain bites its tail
        pieces.append(sector(number))
        number = following[number]
    return b"".join(pieces)
