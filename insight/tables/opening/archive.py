"""Unpack gzip and zip, one inside the other at most, without ever holding more than the limits allow."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from insight.errors import SHOWN, UnreadableFile
from insight.language import _
from insight.tables.opening.limits import joined, refuse_packed, refuse_ratio, refuse_unpacked

GZIP, ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")  # the second is a zip of nothing
DEPTH = 2  # a gzip file inside a zip file is the most that anyone packs
PIECE = 1 << 24
LEFT_BEHIND = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")  # what a system adds to a zip file
DOCUMENTS = ("[content_types].xml", "mimetype")  # zips that are documents, told apart by who opens them
ZIP_ERRORS = (  # what zipfile raises where the zip is damaged
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
)


def unpacked(content: bytes) -> bytes:
    """The content of a gzip file or of a zip file that holds one file; anything else as it is.

    Raises UnreadableFile where there are several files, a password, damage, or more than the limits allow.
    """
    for _level in range(DEPTH):
        if content.startswith(GZIP):
            content = _gunzipped(content)
        elif content.startswith(ZIP) and not is_document(content):
            content = _only_file(content)
        else:
            return content
    if content.startswith(GZIP) or (content.startswith(ZIP) and not is_document(content)):
        raise UnreadableFile(_("The file is packed more than twice. Unpack it and bring the table inside."))
    return content


def is_document(content: bytes) -> bool:
    """Whether a zip is an office document, or too damaged to tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except ZIP_ERRORS:
        return False
    return any(name in names for name in DOCUMENTS) or "xl/workbook.xml" in names


def _gunzipped(content: bytes) -> bytes:
    refuse_packed(len(content))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            return joined(iter(lambda: packed.read(PIECE), b""), len(content))
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UnreadableFile(_("The gzip file is damaged or cut off. Compress it again.")) from None


def _only_file(content: bytes) -> bytes:
    refuse_packed(len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            file = _only(archive.infolist())
            refuse_unpacked(file.file_size)
            refuse_ratio(file.file_size, len(content))
            return joined(_pieces(archive, file), len(content))
    except UnreadableFile:  # a ValueError too
        raise
    except ZIP_ERRORS:
        raise UnreadableFile(_("The zip file is damaged or cut off. Compress the table again.")) from None


def _only(files: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    tables = [
        file
        for file in files
        if not file.is_dir()
        and not file.filename.lower().startswith(LEFT_BEHIND[0])
        and file.filename.lower().rsplit("/", 1)[-1] not in LEFT_BEHIND
    ]
    if not tables:
        raise UnreadableFile(_("The zip file is empty. Bring the table itself."))
    if len(tables) > 1:
        names = ", ".join([file.filename for file in tables[:SHOWN]] + ["…"] * (len(tables) > SHOWN))
        raise UnreadableFile(
            _("The zip file holds {n} files: {names}. Unpack it and bring one of them.", n=len(tables), names=names)
        )
    if tables[0].flag_bits & 0x1:
        raise UnreadableFile(_("The zip file is protected by a password. Unpack it and bring the table inside."))
    return tables[0]


def _pieces(archive: zipfile.ZipFile, file: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(file) as packed:
        while piece := packed.read(PIECE):
            yield piece
