"""How the numbers of a file are written as a whole, and what is said about a column of them."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _
from insight.tables.cells.number_shapes import Numerals, column_decimal, looks_numeric
from insight.tables.cells.values import MISSING_VALUES, any_true, present
from insight.tables.opening.raw import RawTable

ASKED = {"decimal_comma": ",", "decimal_point": "."}  # the fixes that decide
LOOKED_AT, GLANCED_AT, COLUMNS = 200, 20, 200  # values of a column, of them to see whether it is numbers; columns
_POINT_TAKEN = _(
    "A point is taken to stand before decimals and a comma to group thousands. If it is the other way round, "
    'say so (fixes=["decimal_comma"]); fixes=["decimal_point"] keeps it as it is.'
)
_COMMA_TAKEN = _(
    "A comma is taken to stand before decimals and a point to group thousands. If it is the other way round, "
    'say so (fixes=["decimal_point"]); fixes=["decimal_comma"] keeps it as it is.'
)


def file_decimal(raw: RawTable, fixes: list) -> str | None:
    """What stands before the decimals in a file, for a column that does not tell: as asked for, as most of the other
    columns prove, a comma where semicolons part the columns, a point where the format knows numbers; else None.

    >>> table = pa.table({"a": ["1,50", "2,25"], "b": ["1.234", "5"]})
    >>> file_decimal(RawTable(table, "CSV", separator=";"), []), file_decimal(RawTable(table, "CSV"), ["decimal_point"])
    (',', '.')
    """
    asked = next((mark for fix, mark in ASKED.items() if fix in fixes), None)
    if asked:
        return asked
    texts = [column.slice(0, LOOKED_AT) for column in raw.columns.columns[:COLUMNS] if pa.types.is_string(column.type)]
    telling = [text for text in texts if any_true(pc.match_substring_regex(text, "[.,]"))]
    telling = [text for text in telling if looks_numeric(text.slice(0, GLANCED_AT).drop_null().to_pylist())]
    votes = Counter(filter(None, (column_decimal(present(text, MISSING_VALUES).drop_null()) for text in telling)))
    if votes["."] != votes[","]:
        return votes.most_common(1)[0][0]
    if raw.separator is None:
        return "."
    return "," if raw.separator == ";" else None


def is_settled(raw: RawTable, fixes: list, decimal: str | None) -> bool:
    """Whether nobody needs to be asked what stands before the decimals: it was said, or the format knows numbers.

    >>> table = RawTable(pa.table({"a": ["1.234"]}), "CSV", separator=";")
    >>> is_settled(table, [], "."), is_settled(table, ["decimal_point"], ".")
    (False, True)
    """
    return any(fix in fixes for fix in ASKED) or (raw.separator is None and decimal == ".")


def reading_notes(reading: Numerals | None, keep: np.ndarray, settled: bool = False) -> Iterator[dict]:
    """What had to be decided about a column of numbers, as findings about the rows in `keep`.

    settled : cells that can be read in two ways are no question any more (see is_settled)
    """
    if reading is None:
        return
    comma = reading.decimal == ","
    mark = _("a point") if comma else _("a comma")
    yield {
        "finding": _("Numbers that only fit {mark} before the decimals", mark=mark),
        "severity": "warning",
        "at": reading.contrary,
        "suggestion": _("Most of the column has the other mark, so they are not read. Write them like the others."),
        "code": "other_decimal_mark",
    }
    yield {
        "finding": _("Numbers that can be read in two ways: thousands, or three decimals"),
        "severity": "warning",
        "at": reading.doubtful & keep & (not settled),
        "suggestion": _COMMA_TAKEN if comma else _POINT_TAKEN,
        "code": "doubtful_decimal_mark",
        "fix": "decimal_point" if comma else "decimal_comma",
    }
    without = keep & ~reading.percent & np.asarray(reading.plain.is_valid())
    yield {
        "finding": _("Percentages among numbers without a percent sign"),
        "severity": "warning",
        "at": reading.percent & keep & without.any(),
        "suggestion": _("12 % is read as 0.12, 12 as 12."),
        "code": "some_percentages",
    }
