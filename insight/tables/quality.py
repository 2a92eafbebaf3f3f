"""What is odd about a file, said with row numbers; and which questions it can answer."""

import numpy as np
import pandas as pd
import pyarrow as pa

from insight.language import _
from insight.tables.raw import RawTable

SEVERITIES = ("error", "warning", "note")  # rows left out; may mislead; good to know
EXAMPLES = 5  # row numbers given with a finding
ANALYSES = (("funnel", "events"),)  # what can be asked, and the kind of table it needs
NEEDS = {
    "customer_id": _("a column that says who (customer id)"),
    "timestamp": _("a time column"),
    "event": _("an event column"),
    "order_date": _("an order date column"),
    "amount": _("an amount column, or quantity and unit price"),
    "date": _("a date column"),
    "spend": _("a spend column"),
}
LEFT_OUT = _("These rows are left out.")
WORDS = {  # what a row without a value is called, and a value that cannot be read
    "customer_id": (_("Rows without a customer id"), ""),
    "event": (_("Rows without an event"), ""),
    "timestamp": (_("Rows without a time"), _("Times that cannot be read")),
    "order_date": (_("Rows without a date"), _("Dates that cannot be read")),
    "date": (_("Rows without a date"), _("Dates that cannot be read")),
    "amount": (_("Rows without an amount"), _("Amounts that cannot be read")),
    "quantity": (_("Rows without a quantity"), _("Quantities that cannot be read")),
    "unit_price": (_("Rows without a price"), _("Prices that cannot be read")),
    "spend": (_("Rows without a spend"), _("Spends that cannot be read")),
}


class Findings:
    """Collects what is noticed while a table is read; :meth:`table` is what the table object shows."""

    def __init__(self, raw: RawTable):
        self.raw = raw
        self.found: list[dict] = []
        for note in raw.notes:
            self._add(**note)

    def add(self, finding: str, severity: str, *, column: str = "", at=None, suggestion: str = "") -> None:
        """Note something; `at` says where (a mask or positions) and makes it silent where that is nowhere."""
        if at is None:
            return self._add(finding, severity, column, suggestion)
        positions = np.flatnonzero(at) if np.asarray(at).dtype == bool else at
        if len(positions):
            examples = self.raw.row_numbers(positions[:EXAMPLES])
            self._add(finding, severity, column, suggestion, examples, len(positions))

    def _add(self, finding, severity, column="", suggestion="", examples=(), rows=0) -> None:
        self.found.append(
            {
                "finding": finding,
                "severity": severity,
                "column": column,
                "rows": rows,
                "examples": list(examples),
                "suggestion": suggestion,
            }
        )

    def table(self) -> pd.DataFrame:
        """finding, severity, column, rows (how many), examples (spreadsheet row numbers), suggestion; worst first."""
        columns = ["finding", "severity", "column", "rows", "examples", "suggestion"]
        worst_first = sorted(self.found, key=lambda found: SEVERITIES.index(found["severity"]))
        return pd.DataFrame(worst_first, columns=columns).astype({"rows": "int64"})


def repeated_rows(columns: pa.Table, keys: list[np.ndarray]) -> np.ndarray:
    """Which rows are exact copies of an earlier row. Rows that differ in `keys` are never compared cell by cell.

    >>> cells = pa.table({"customer": ["ana", "ana", "ana"], "event": ["visit", "visit", "buy"]})
    >>> repeated_rows(cells, [np.array([0, 0, 0])]).tolist()
    [False, True, False]
    """
    mixed = np.zeros(columns.num_rows, "uint64")
    for key in keys:
        mixed = (mixed ^ key.astype("int64").view("uint64")) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    ordered = np.sort(mixed)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    repeated = np.zeros(columns.num_rows, bool)
    if len(twice):
        place = np.searchsorted(twice, mixed).clip(max=len(twice) - 1)
        suspects = twice[place] == mixed
        repeated[suspects] = columns.filter(pa.array(suspects)).to_pandas().duplicated().to_numpy()
    return repeated


def last_bytes(texts: pa.ChunkedArray) -> np.ndarray:
    """The last eight bytes of each text as one integer: equal texts have equal ones, different texts mostly not.

    >>> len(set(last_bytes(pa.chunked_array([["u1", "u2", "au1", None, "u1"]])).tolist()))
    4
    """
    parts = []
    for chunk in texts.chunks:
        _validity, offsets, data = chunk.buffers()
        ends = np.frombuffer(offsets, "int32")[chunk.offset + 1 : chunk.offset + 1 + len(chunk)]
        starts = np.frombuffer(offsets, "int32")[chunk.offset : chunk.offset + len(chunk)]
        padded = np.frombuffer(b"\0" * 8 + (data or b""), "uint8")
        eight = np.ndarray(len(padded) - 7, "<i8", padded, strides=(1,))  # eight[end] are the bytes before that end
        beyond = 8 * (8 - np.minimum(ends - starts, 8)).astype("int64")  # bits of the text in front
        last = np.where(beyond == 64, 0, eight[ends] >> np.minimum(beyond, 63))
        parts.append(np.where(np.asarray(chunk.is_valid()), last, -1))
    return np.concatenate(parts)


def answers(missing: dict[str, list[str]], too_few: dict[str, str]) -> pd.DataFrame:
    """What the file can answer: analysis, possible, reason.

    missing : kind of table -> canonical columns that the file lacks for it
    too_few : analysis -> why the data is not enough although every column is there

    >>> answers({"events": ["event"]}, {})["reason"].tolist()
    ['Needs an event column.']
    """
    rows = []
    for analysis, kind in ANALYSES:
        if missing[kind]:
            possible, reason = False, _("Needs {columns}.", columns=", ".join(NEEDS[name] for name in missing[kind]))
        elif analysis in too_few:
            possible, reason = False, too_few[analysis]
        else:
            possible, reason = True, _("Every column it needs is there.")
        rows.append({"analysis": analysis, "possible": possible, "reason": reason})
    return pd.DataFrame(rows, columns=["analysis", "possible", "reason"])
