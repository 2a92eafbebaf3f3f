"""Where in a file its table is: what stands above it, its row of names, or that it has none.

Exports put titles, date ranges and comments above the table. Such lines fill few of the columns; a row of names fills
most of them, with words; a record fills most of them too, with a number or a date among the words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from insight.errors import UnreadableFile
from insight.language import _
from insight.tables.opening.raw import EXAMPLES, LONGEST_NAME
from insight.tables.recognition.columns import TABLES, fold

Cells = Sequence[str | None]

LOOKED_AT = 200  # rows in which the table begins
GAP = 20  # rows that may stand above a blank row and look like records
COMMENT = re.compile(r"# |#-|##|//")
_MONTH = r"[^\W\d_]{3,}\.?"
NUMBER_OR_DATE = re.compile(
    r"[^\w\s]*(?:[A-Z]{3} ?)?[-+(]?\d[\d\s.,:/'’%()T+-]*Z?(?: ?(?:[^\w\s]|[A-Z]{3}|[AaPp][Mm]))*"
    rf"|(?:\d{{1,2}}\.?[ -]{_MONTH}|{_MONTH} \d{{1,2}},?)[ -]\d{{2,4}}"
)
LONGEST = 80  # characters of a number or a date; to match longer cells takes time that grows with its square
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Layout:
    """Where a table begins among the first rows of a file.

    first : position of its row of names, or of its first record where it has no names
    header : whether it has a row of names
    above : positions of the rows above it that hold something
    """

    first: int
    header: bool
    above: list[int]


def find_layout(rows: Sequence[Cells]) -> Layout:
    """Where the table begins in rows of cells; blank rows are rows.

    >>> find_layout([["Report: May"], [], ["user", "day"], ["ana", "2026-05-01"], ["ben", "2026-05-02"]])
    Layout(first=2, header=True, above=[0])
    >>> find_layout([["ana", "2026-05-01"], ["ben", "2026-05-02"]])
    Layout(first=0, header=False, above=[])
    """
    rows = rows[:LOOKED_AT]
    held = [at for at, row in enumerate(rows) if any(row)]
    first, header = _begin(rows, held, table_width(rows) // 2 + 1)
    return Layout(first, header, [at for at in held if at < first])


def table_width(rows: Sequence[Cells]) -> int:
    """How many columns most rows fill; a wide row says more than a narrow one.

    >>> table_width([["Report"], ["by", "ana"], ["a", "b", "c"], ["1", "2", "3"], ["1", "2", None]])
    3
    """
    widths = Counter(max((place for place, cell in enumerate(row, 1) if cell), default=0) for row in rows)
    return max(widths, key=lambda width: (width * widths[width], width), default=0)


def _begin(rows: Sequence[Cells], held: list[int], most: float) -> tuple[int, bool]:
    for place, at in enumerate(held):
        cells = [cell for cell in rows[at] if cell]
        if len(cells) < most or _is_comment(cells, rows[held[min(place + 1, len(held) - 1)]]):
            continue
        if _are_names(cells):
            return at, True
        below = _names_below_a_gap(rows, at, most)
        return (at, False) if below is None else (below, True)
    return (held[0], True) if held else (0, True)


def _is_comment(cells: list[str], below: Cells) -> bool:
    """A line that begins like a comment; but "# of orders" may be the name of a column, with a record below it."""
    names = [cell for cell in below if cell]
    return COMMENT.match(cells[0]) is not None and bool(names) and _are_names(names)


def _are_names(cells: list[str]) -> bool:
    """Words alone, or more known names than values, or a known name before values that count up, such as months."""
    values = [cell for cell in cells if _is_value(cell)]
    known = sum(fold(cell) in _known_names() for cell in cells if len(cell) <= LONGEST_NAME)
    counting = (
        len(values) > 1 and len({re.sub(r"\d", "0", cell) for cell in values}) == 1 and sorted(set(values)) == values
    )
    return not values or known > len(values) or (known > 0 and counting and known + len(values) == len(cells))


def _is_value(cell: str) -> bool:
    cell = cell.strip()
    return len(cell) <= LONGEST and NUMBER_OR_DATE.fullmatch(cell) is not None and not YEAR.fullmatch(cell)


@cache
def _known_names() -> frozenset[str]:
    return frozenset(name for columns in TABLES.values() for column in columns for name in column.names)


def _names_below_a_gap(rows: Sequence[Cells], at: int, most: float) -> int | None:
    """A row of names after a blank row: what stands above it is a heading, however much of a record it looks."""
    for place in range(at + 1, min(at + GAP, len(rows) - 1)):
        cells = [cell for cell in rows[place] if cell]
        if not any(rows[place - 1]) and len(cells) >= most and _are_names(cells):
            return place
    return None


def layout_notes(above: list[int], header: bool) -> list[dict]:
    """What to say about rows above the table (their row numbers) and about a table without names."""
    notes = []
    if above:
        notes.append(
            {
                "finding": _("Rows above the table, left aside"),
                "severity": "note",
                "rows": len(above),
                "examples": above[:EXAMPLES],
                "suggestion": _("They are taken for titles or comments."),
            }
        )
    if not header:
        notes.append(
            {
                "finding": _("The table has no row of names; its columns are called column 1, column 2, …"),
                "severity": "warning",
                "suggestion": _("Put a row of names above it, or say which column is which."),
            }
        )
    return notes


def refuse_without_rows(n_rows: int) -> None:
    """Raise UnreadableFile where nothing stands below the names."""
    if n_rows == 0:
        raise UnreadableFile(_("The file has a row of column names but no rows below it. Export it with its rows."))
