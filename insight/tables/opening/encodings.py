"""Bytes of a text file -> UTF-8, and what they were before.

UTF-8 is checked, a byte order mark believed (of UTF-16 and UTF-32 too), UTF-16 without one seen by its zero bytes. What
is left was written in the code page of some country: the detector of Firefox (chardetng) says which, from the rows that
are not ASCII.
"""

import codecs
import io
import re
from dataclasses import dataclass, field

from chardetng_py.detector import EncodingDetector

from insight.errors import UnreadableFile
from insight.language import _, count
from insight.tables.opening.raw import EXAMPLES

BOMS = {  # the first two before UTF-16, whose mark is the beginning of theirs
    b"\xff\xfe\0\0": "UTF-32 LE",
    b"\0\0\xfe\xff": "UTF-32 BE",
    b"\xff\xfe": "UTF-16 LE",
    b"\xfe\xff": "UTF-16 BE",
    b"\xef\xbb\xbf": "UTF-8",
}
CODE_PAGES = {  # as the detector calls them -> Python's codec that reads most of it, and what people call it
    "GBK": ("gb18030", "GB18030"),
    "gb18030": ("gb18030", "GB18030"),
    "Shift_JIS": ("cp932", "Shift-JIS"),
    "EUC-KR": ("cp949", "EUC-KR"),
    "Big5": ("big5hkscs", "Big5"),
    "windows-874": ("cp874", "Windows-874"),
    "ISO-8859-8-I": ("iso8859-8", "ISO-8859-8"),
}
HEAD, PIECE, LOOKED_AT = 1 << 16, 1 << 24, 1 << 22  # bytes: for a first look, decoded at a time, shown to the detector
BEYOND_ASCII = bytes(range(128, 256))
CONTROLS = bytes({*range(1, 32), 127} - set(b"\t\n\v\f\r\x1a\x1b"))
MOST_CONTROLS, MOST_NULS = 0.01, 0.1  # of the first bytes, in a file that is text
DAMAGED = 0.5  # UTF-8 with a smaller share of wrong characters is damaged UTF-8, not another encoding
ODD = 0.1  # of the words may hold a sign between letters before the guess is doubted
CERTAIN = 8  # different words beyond ASCII from which on the detector was right in all of 400 trials
STRANGERS = {
    b"%pdf": _("a PDF document"),
    b"\x89png": _("a picture"),
    b"\xff\xd8\xff": _("a picture"),
    b"gif8": _("a picture"),
    b"<!doctype": _("a web page"),
    b"<html": _("a web page"),
    b"<table": _("a web page"),
    b"<meta": _("a web page"),
    b"mime-version:": _("a saved web page"),
    b"<?xml": _("an XML document"),
    b"{\\rtf": _("a text document"),
    b"sqlite format 3": _("a database"),
    b"7z\xbc\xaf": _("a 7-Zip archive"),
    b"rar!": _("a RAR archive"),
    b"bzh": _("a bzip2 file"),
    b"\xfd7zxz": _("an xz file"),
    b"\x28\xb5\x2f\xfd": _("a Zstandard file"),
    b"arrow1": _("a Feather file"),
    b"fea1": _("a Feather file"),
}


@dataclass
class Text:
    """A text file as UTF-8 without a mark in front; which encoding it had, and what was noticed on the way."""

    body: bytes
    encoding: str
    notes: list[dict] = field(default_factory=list)


def decoded(content: bytes) -> Text:
    """Content as UTF-8. Raises UnreadableFile where it is no text, with the row where it cannot be decoded."""
    _refuse_strangers(content)
    mark = next((mark for mark in BOMS if content.startswith(mark)), b"")
    encoding = BOMS.get(mark) or _utf16_without_mark(content) or "UTF-8"
    body = content[len(mark) :] if mark else content
    if encoding != "UTF-8":
        text = _converted(body, encoding.replace(" ", "-"), encoding)
        _refuse_binary(text.body)
    else:
        _refuse_binary(body)
        text = _utf8_or_code_page(body, "UTF-8 with BOM" if mark else "UTF-8")
    if b"\0" in text.body:
        text = _without_nuls(text)
    if not text.body or text.body.isspace():
        raise UnreadableFile(_("The file is empty. Bring one with a row of column names and rows below it."))
    return text


def _refuse_strangers(content: bytes) -> None:
    head = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, what in STRANGERS.items():
        if head.startswith(mark):
            save = _(
                "The file is {what}, not a table. Open it where it came from and save it as CSV or .xlsx.", what=what
            )
            raise UnreadableFile(save)


def _refuse_binary(content: bytes) -> None:
    head = content[:HEAD]
    text = head.translate(None, CONTROLS)
    if len(head) - len(text) > MOST_CONTROLS * len(head) or text.count(0) > MOST_NULS * len(head):
        raise UnreadableFile(
            _("The file is not a table: it holds binary data. Bring CSV, Excel, Parquet or JSON lines.")
        )


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 has a zero byte in every separator, digit and line break, always on the same side."""
    head = content[:HEAD]
    first, second = head[::2].count(0), head[1::2].count(0)
    if min(first, second) * 10 < max(first, second) and max(first, second) > len(head) / 40:
        return "UTF-16 BE" if first > second else "UTF-16 LE"
    return None


def _utf8_or_code_page(body: bytes, name: str) -> Text:
    wrong = None if body.isascii() else _first_wrong(body)
    if wrong is None:
        return Text(body, name)
    sample = _beyond_ascii(body)
    text = sample.decode("utf-8", "replace")
    beyond = len(text) - len(sample.translate(None, BEYOND_ASCII))
    if name != "UTF-8" or text.count("\ufffd") <= DAMAGED * beyond:
        raise _undecodable(name, body[:wrong].decode("utf-8"))
    detector = EncodingDetector()
    detector.feed(sample, last=True)
    found = detector.guess(tld=None, allow_utf8=False)
    codec, shown = CODE_PAGES.get(found, (found, found.replace("windows", "Windows")))
    text = _converted(body, codec, shown)
    text.notes.append(_guessed(shown, sample.decode(codec, "replace")))
    return text


def _first_wrong(body: bytes) -> int | None:
    """Where the bytes stop being UTF-8; looked at in pieces that end with a line, so that memory stays small."""
    start = 0
    while start < len(body):
        end = body.find(b"\n", start + PIECE) + 1 or len(body)
        try:
            body[start:end].decode("utf-8")
        except UnicodeDecodeError as problem:
            return start + problem.start
        start = end
    return None


def _beyond_ascii(body: bytes) -> bytes:
    """The first rows that are not ASCII, in pieces that end with a line."""
    kept, size, start = [], 0, 0
    while start < len(body) and size < LOOKED_AT:
        end = body.find(b"\n", start + HEAD) + 1 or len(body)
        if not (piece := body[start:end]).isascii():
            kept.append(piece)
            size += len(piece)
        start = end
    return b"".join(kept)


def _converted(body: bytes, codec: str, name: str) -> Text:
    decoder, out = codecs.getincrementaldecoder(codec)(), io.BytesIO()
    for start in range(0, len(body), PIECE):
        try:
            out.write(decoder.decode(body[start : start + PIECE], start + PIECE >= len(body)).encode("utf-8"))
        except UnicodeError as problem:
            before = problem.object[: problem.start].decode(codec, "replace") if hasattr(problem, "start") else ""
            raise _undecodable(name, out.getvalue().decode("utf-8") + before) from None
    return Text(out.getvalue(), name)


def _undecodable(name: str, before: str) -> UnreadableFile:
    row = count(max(before.count("\n"), before.count("\r")) + 1)
    return UnreadableFile(
        _(
            "Row {row} is not {encoding} text like the rest of the file. Save the file again as CSV UTF-8.",
            row=row,
            encoding=name,
        )
    )


def _guessed(name: str, text: str) -> dict:
    words = {word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()}
    broken = re.findall(r"[^\W\d_][^\w\s!-~’‘–—·][^\W\d_]", text)  # a sign where a letter should be
    certain = len(words) >= CERTAIN and len(broken) <= ODD * len(words)
    return {
        "finding": _("The file is not UTF-8; it is read as {encoding}", encoding=name)
        if certain
        else _("The file is not UTF-8; {encoding} is a guess from few letters", encoding=name),
        "severity": "note" if certain else "warning",
        "suggestion": _("If names look wrong, save the file again as CSV UTF-8."),
    }


def _without_nuls(text: Text) -> Text:
    lines = [row for row, line in enumerate(text.body.split(b"\n"), 1) if b"\0" in line]
    note = {
        "finding": _("Zero bytes inside the text, taken out"),
        "severity": "note",
        "rows": len(lines),
        "examples": lines[:EXAMPLES],
        "suggestion": _("Often a sign of a file that was not written to the end. Look whether rows are missing."),
    }
    return Text(text.body.replace(b"\0", b""), text.encoding, [*text.notes, note])
