"""Findings: what is noticed about a table, with the rows it concerns, what to do, and the fix that does it."""

import numpy as np
import pandas as pd

from insight.language import _
from insight.tables.opening.raw import EXAMPLES, RawTable

SEVERITIES = ("error", "warning", "note")  # rows left out; may mislead; good to know
COLUMNS = ["finding", "severity", "column", "rows", "examples", "suggestion", "code", "fix"]
LEFT_OUT = _("These rows are left out.")
WORDS = {  # what a row without a value is called, and a value that cannot be read
    "customer_id": (_("Rows without a customer id"), ""),
    "event": (_("Rows without an event"), ""),
    "action": (_("Rows without an action"), ""),
    "timestamp": (_("Rows without a time"), _("Times that cannot be read")),
    "order_date": (_("Rows without a date"), _("Dates that cannot be read")),
    "date": (_("Rows without a date"), _("Dates that cannot be read")),
    "amount": (_("Rows without an amount"), _("Amounts that cannot be read")),
    "quantity": (_("Rows without a quantity"), _("Quantities that cannot be read")),
    "unit_price": (_("Rows without a price"), _("Prices that cannot be read")),
    "spend": (_("Rows without a spend"), _("Spends that cannot be read")),
    "score": (_("Rows without a score"), _("Scores that cannot be read")),
    "conversions": (_("Rows without conversions"), _("Conversions that are no numbers from 0 up")),
}


class Findings:
    """Collects what is noticed while a table is read; :meth:`table` is what the table object shows."""

    def __init__(self, raw: RawTable):
        self.raw = raw
        self.found: list[dict] = []
        for note in raw.notes:
            self._add(**note)

    def add(self, finding: str, severity: str, *, at=None, **more: object) -> None:
        """Note something; `at` says where (a mask or positions) and makes it silent where that is nowhere.

        more : column (the file's name), suggestion, code (a name for programs), fix (the literal that mends it)
        """
        if at is None:
            return self._add(finding, severity, **more)
        positions = np.flatnonzero(at) if np.asarray(at).dtype == bool else at
        if len(positions):
            examples = self.raw.row_numbers(positions[:EXAMPLES])
            self._add(finding, severity, **more, examples=examples, rows=len(positions))

    def _add(self, finding, severity, column="", suggestion="", examples=(), rows=0, code="", fix=None) -> None:
        values = (finding, severity, column, rows, list(examples), suggestion, code, fix)
        self.found.append(dict(zip(COLUMNS, values, strict=True)))

    def table(self) -> pd.DataFrame:
        """finding, severity, column, rows (how many), examples (spreadsheet row numbers), suggestion, code (a name for
        programs), fix (the literal to add to `fixes`, or None); worst first."""
        return findings_table(self.found)


def findings_table(found: list[dict]) -> pd.DataFrame:
    """Findings as every table object shows them, worst first."""
    worst_first = sorted(found, key=lambda one: SEVERITIES.index(one["severity"]))
    kinds = {"rows": "int64", "examples": "object", "fix": "object"}
    return pd.DataFrame(
        {name: pd.Series([one[name] for one in worst_first], dtype=kinds.get(name, "str")) for name in COLUMNS}
    )
