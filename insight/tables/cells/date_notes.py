"""What is said about a column of dates: what had to be decided while it was read."""

from collections.abc import Iterator

import numpy as np

from insight.language import _
from insight.periods import day_start
from insight.tables.cells.date_parts import PIVOT
from insight.tables.cells.dates import Moments

SAID = {  # code: severity, finding, suggestion
    "contrary": (
        "warning",
        _("Dates that only fit the other order of day and month"),
        _("They are not read, and others of their kind may be read wrongly. Were two files put together?"),
    ),
    "unit": (
        "warning",
        _("Numbers that count time in another unit than most of the column"),
        _("They are not read. Write all of them in seconds, or all in milliseconds."),
    ),
    "mixed": ("warning", _("Times without an offset among times with one"), ""),
    "skipped": (
        "warning",
        _("Times that never were, when the clock was put forward"),
        _("They are moved to the first moment after the gap. Is the time zone right?"),
    ),
    "zone": (
        "warning",
        _("Times with an abbreviation that several time zones have"),
        _("They are taken as local times without a zone. Set timezone."),
    ),
    "clock": ("warning", _("Rows whose time of day cannot be read"), _("They count from the start of the day.")),
    "doubled": (
        "note",
        _("Times that came twice, when the clock was put back"),
        _("They are taken as the first of the two."),
    ),
    "early": ("note", _("Dates before 1970"), _("They are kept. Often they stand for none.")),
    "dotted": (
        "note",
        _("Dates with points are read with the day first"),
        _("Set dayfirst=False if the month comes first."),
    ),
    "century": ("note", _("Years of two digits"), ""),
    "first_day": (
        "note",
        _("Months, weeks or quarters instead of days"),
        _("Each is taken as its first day."),
    ),
    "serial": (
        "note",
        _("Dates written as numbers of days, as spreadsheets count them"),
        _("1 is 1 January 1900."),
    ),
}
NOT_READ = ("contrary", "unit")  # said of rows that do not count


def date_notes(when: Moments, keep: np.ndarray) -> Iterator[dict]:
    """What had to be decided about a column of dates, as findings; `keep` are the rows that count."""
    early = when.valid & (when.values.astype("int64") < day_start("1970-01-01", when.timezone))
    rows = {"mixed": when.mixed, "doubled": when.doubled, "skipped": when.skipped, "early": early, **when.odd}
    hints = {
        "mixed": _("They are taken to be in {zone}. Set timezone if they are not.", zone=when.timezone),
        "century": _("00 to {last} are read as 2000 to 20{last}, the others as 1900 and more.", last=PIVOT - 1),
    }
    for what, (severity, finding, suggestion) in SAID.items():
        if what in rows:
            at = rows[what] if what in NOT_READ else rows[what] & keep
            hint = suggestion or hints[what]
            yield {"finding": finding, "severity": severity, "at": at, "suggestion": hint, "code": f"dates_{what}"}
