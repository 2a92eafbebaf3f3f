"""Rows that are no records: totals, and the notes that some tools write below a table.

A total counted as a record doubles every sum, so it is left out and said. A row is a total where it is called one and
holds nothing but numbers besides, or where nobody is named and its number is the sum of all others.
"""

import re
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _
from insight.tables.opening.raw import EXAMPLES, RawTable

WORDS = {  # by language, as the tools of many countries write them; to teach a new one, add it here
    "en": ("total", "totals", "subtotal", "sub-total", "sub total", "grand total", "grand totals", "sum", "overall"),
    "de": ("summe", "gesamt", "gesamtsumme", "gesamtergebnis", "insgesamt", "zwischensumme"),
    "fr es it pt": ("totaux", "total général", "total general", "sous-total", "totale", "totale generale", "totais"),
    "nl sv no da": ("totaal", "eindtotaal", "totalt", "summa", "i alt"),
    "pl cs hu": ("suma", "razem", "ogółem", "celkem", "celkový součet", "összesen", "végösszeg"),
    "tr el": ("toplam", "genel toplam", "σύνολο"),
    "ru uk bg": ("итого", "итог", "всего", "общий итог", "промежуточный итог", "разом", "усього", "общо"),
    "he ar": ('סה"כ', "סה״כ", "סהכ", "סך הכל", "סך הכול", "المجموع", "الإجمالي", "الاجمالي", "مجموع"),
    "zh ja ko": ("合计", "总计", "总和", "小计", "汇总", "合計", "總計", "総計", "小計", "합계", "총계", "소계"),
    "th vi id": ("รวม", "tổng cộng", "jumlah"),
}
_WORD = [word for words in WORDS.values() for word in words]
CALLED = re.compile(rf"(?:{'|'.join(map(re.escape, _WORD))})(?:\s*[:：\-–—(（].*)?", re.IGNORECASE | re.DOTALL)
LAST_WORDS = re.compile(r"grand total", re.IGNORECASE)  # a tool of Google's writes it into the last column
WORDLESS = re.compile(r"[\W\d_]*(?:(?:[A-Z]{3}|n/?a|zł|kr|руб|грн|лв|[^\W\d_])\.?[\W\d_]*)?", re.IGNORECASE)
SPELLED = pa.array(sorted({way(word) for word in _WORD for way in (str, str.upper, str.capitalize, str.title)}))
_WITH_A_LETTER = r"(?:[^\w\s]|[\d_])*[^\W\d_]\S*"  # a word; what stands before its first letter holds none
REMARK = re.compile(rf"[#*(†]|(?=.{{15}})(?:{_WITH_A_LETTER}\s+){{2}}\S", re.DOTALL)  # of a footnote; a sentence
ENDS = 20  # rows looked at, from the end
ROUNDED = 0.01


def without_totals(raw: RawTable) -> RawTable:
    """The table without rows of totals and without notes at its end; both are said in its notes."""
    n_rows = raw.columns.num_rows
    if n_rows < 2:
        return raw
    totals, remarks = _at_the_end(raw.columns)
    totals |= {at for at in (*_called(raw.columns), 0) if is_total(_cells(raw.columns, at))}
    totals |= {at for at in (0, n_rows - 1) if at not in remarks and _is_sum(raw.columns, at)}
    left_out = sorted(totals | remarks)
    if not left_out or len(left_out) == n_rows:
        return raw
    keep = np.ones(n_rows, bool)
    keep[left_out] = False
    notes = [
        *_note(raw, totals, _("Rows of totals, left out"), "warning", _("They repeat what the other rows add up to.")),
        *_note(raw, remarks, _("Rows below the table, left aside"), "note", _("They are taken for remarks.")),
    ]
    return replace(
        raw,
        columns=raw.columns.filter(pa.array(keep)),
        rows=raw.every_row_number()[keep],
        notes=[*raw.notes, *notes],
    )


def _cells(columns: pa.Table, at: int) -> list[object]:
    return [column[at].as_py() for column in columns.columns]


def _at_the_end(columns: pa.Table) -> tuple[set[int], set[int]]:
    """Totals and remarks among the last rows, up from the end until a record."""
    totals, remarks, n_rows = set(), set(), columns.num_rows
    for at in range(n_rows - 1, max(n_rows - 1 - ENDS, -1), -1):
        cells = _cells(columns, at)
        if is_total(cells):
            totals.add(at)
        elif is_remark(cells):
            remarks.add(at)
        else:
            return totals, remarks
    return set(), set()  # a table that looks like this throughout has no end


def _called(columns: pa.Table) -> list[int]:
    """Rows whose first cell is a word for a total, anywhere in the table."""
    first = columns.column(0)
    return np.flatnonzero(pc.is_in(first, SPELLED)).tolist() if pa.types.is_string(first.type) else []


def is_total(cells: list[object]) -> bool:
    """Whether a row is called a total and holds nothing but numbers besides."""
    held = [cell for cell in cells if cell is not None]
    if not held or not all(isinstance(cell, str) for cell in held):
        return False
    if CALLED.fullmatch(held[0]):
        others = held[1:]
    elif LAST_WORDS.fullmatch(held[-1]):
        others = held[:-1]
    else:
        return False
    return all(WORDLESS.fullmatch(cell) or CALLED.fullmatch(cell) for cell in others)


def is_remark(cells: list[object]) -> bool:
    """A sentence in the first of several columns, and nothing beside it."""
    first, *others = cells
    alone = len(others) > 1 and isinstance(first, str) and all(cell is None for cell in others)
    return alone and REMARK.match(first) is not None


def _is_sum(columns: pa.Table, at: int) -> bool:
    """Whether a row names nobody where all others do, and its numbers are the sums of theirs."""
    n_rows, first = columns.num_rows, columns.column(0)
    if n_rows < 3 or first[at].is_valid or first.null_count > 1:
        return False
    sums = 0
    for column in columns.columns[1:]:
        if pa.types.is_string(column.type) and column[at].is_valid:
            numbers = _numbers(column)
            if numbers is None:
                return False
            total = np.nansum(numbers) - numbers[at]
            sums += bool(numbers[at] and abs(total - numbers[at]) <= max(ROUNDED, 1e-9 * abs(total)))
    return sums > (n_rows == 3)  # of two rows a single sum may be chance


def _numbers(column: pa.ChunkedArray) -> np.ndarray | None:
    bare = pc.replace_substring(pc.replace_substring_regex(column, r"[\s€$£₽₪¥]", ""), ",", ".")
    for written in (column, bare):
        with suppress(pa.ArrowInvalid):
            return written.cast(pa.float64()).to_numpy()
    return None


def _note(raw: RawTable, places: set[int], finding: str, severity: str, suggestion: str) -> list[dict]:
    examples = raw.row_numbers(sorted(places)[:EXAMPLES])
    note = {"finding": finding, "severity": severity, "rows": len(places), "examples": examples}
    return [{**note, "suggestion": suggestion}] if places else []
