"""What the cells of a sheet do not show: names that stand over several cells, errors, and formulas never computed."""

import io
import re
import zipfile
from collections.abc import Sequence
from html import unescape

from insight.language import _
from insight.tables.opening.raw import EXAMPLES

_CELL = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*)?)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)  # one that holds something
_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]{1,3}(\d{1,7})["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^<>]*>[^<]")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^<>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^<>]*>")


def unmerged_names(
    rows: Sequence[Sequence[str | None]], first: int, merged: list[tuple[int, int, int, int]]
) -> tuple[list[str | None], int]:
    """The names of a table, and how many rows they take: a merged cell names everything below it.

    merged : first row, last row, first column, last column

    >>> rows = [["day", "ads", None], [None, "clicks", "cost"], ["2026-01-01", "7", "3.5"]]
    >>> unmerged_names(rows, 0, [(0, 1, 0, 0), (0, 0, 1, 2)])
    (['day', 'ads clicks', 'ads cost'], 2)
    """
    header = list(rows[first])
    above = list(rows[first - 1]) if first else [None] * len(header)
    below = list(rows[first + 1]) if first + 1 < len(rows) else [None] * len(header)
    inside = [(top, bottom, left, right) for top, bottom, left, right in merged if 0 <= left <= right < len(header)]
    two = any(top == first and (bottom > top or right > left) for top, bottom, left, right in inside)
    two = two and any(header[place] is None and cell is not None for place, cell in enumerate(below))
    upper, lower = (header, below) if two else (above, header)
    at = first if two else first - 1
    groups: list[str | None] = [None] * len(header)
    for top, bottom, left, right in inside:
        if top == at and (right > left or bottom > top):
            groups[left : right + 1] = [upper[left]] * (right - left + 1)
    if two:
        groups = [group if group is not None else name for group, name in zip(groups, upper, strict=True)]
    joined = [
        " ".join(part for part in (group, name) if part) or None for group, name in zip(groups, lower, strict=True)
    ]
    return joined, 1 + two


def odd_cells(content: bytes, sheet: str, begin: int) -> list[dict]:
    """Notes on cells of an .xlsx sheet, from this row on, that are read as empty although something is there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = _part(archive, sheet)
        xml = archive.read(part) if part else b""
    if b"<f" not in xml and b":f" not in xml and not _ERROR.search(xml):
        return []
    errors, empty, row = [], [], 0
    for cell in _CELL.finditer(xml):
        place = _ROW.search(cell[1])
        row = int(place[1]) if place else row
        if row >= begin and _ERROR.search(cell[1]):
            errors.append(row)
        elif row >= begin and re.search(rb"<(?:\w+:)?f[\s/>]", cell[2]) and not _VALUE.search(cell[2]):
            empty.append(row)
    return [
        *_note(errors, _("Cells with an error such as #N/A or #DIV/0!"), _("They count as missing.")),
        *_note(
            empty,
            _("Formulas without a value"),
            _("They count as missing. Open the workbook in Excel, let it calculate, and save it."),
        ),
    ]


def _note(rows: list[int], finding: str, suggestion: str) -> list[dict]:
    different = sorted(set(rows))
    note = {"finding": finding, "severity": "warning", "rows": len(different), "examples": different[:EXAMPLES]}
    return [{**note, "suggestion": suggestion}] if rows else []


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Which file of the zip holds a sheet: the workbook knows its id, and the relations where that id lies."""
    names = {name.lower(): name for name in archive.namelist()}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names.keys():
        return None
    book = archive.read(names["xl/workbook.xml"]).decode("utf-8", "replace")
    relations = archive.read(names["xl/_rels/workbook.xml.rels"]).decode("utf-8", "replace")
    ids = {_attribute(mark, "name"): _attribute(mark, r"\w+:id") for mark in _SHEET.findall(book)}
    targets = {_attribute(mark, "Id"): _attribute(mark, "Target") for mark in _RELATION.findall(relations)}
    target = targets.get(ids.get(sheet, ""), "")
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return names.get(path.lower())


def _attribute(mark: str, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", mark)
    return unescape(found[1] or found[2] or "") if found else ""
