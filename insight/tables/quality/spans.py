"""Rows that report on several days at once: a week, a month, or from one day to another."""

import numpy as np

from insight.language import _
from insight.tables.cells.dates import moments
from insight.tables.quality.rows import DAY, Rows
from insight.tables.recognition.headings import Headings, fold

ENDS = {  # folded names of the first day -> names of the last one
    "reportingstarts": ("reportingends",),
    "datestart": ("datestop", "dateend"),
    "startdate": ("enddate",),
    "periodstart": ("periodend",),
    "from": ("to", "until"),
}
PERIODS = ("week", "weekstart", "weekbeginning", "weekof", "dateweek", "month", "yearmonth", "quarter")
WEEK = 7


def note_several_days(rows: Rows) -> None:
    """Say which rows cover more than the day they are booked on."""
    finding = _("Each row covers several days; its numbers are booked on the first")
    hint = _("Curves by day will have peaks that are none. Export the report by day, or look at longer periods.")
    rows.note("several_days_a_row", finding, "warning", "date", _several_days(rows), hint)


def _several_days(rows: Rows) -> np.ndarray:
    draft = rows.draft
    first, headings = fold(draft.columns["date"]), Headings(draft.raw.columns.column_names)
    last = next((names[0] for name in ENDS.get(first, ()) if (names := headings.called(name))), None)
    if last is not None:
        start = draft.made["date"]
        end = moments(draft.raw.columns[last], dayfirst=bool(start.dayfirst), timezone=start.timezone, name=last)
        return (end.valid & (end.values.astype("int64") - start.values.astype("int64") >= DAY))[rows.kept]
    days = np.unique(rows.day)
    return np.full(len(rows), first in PERIODS and (np.diff(days) >= WEEK).all())
