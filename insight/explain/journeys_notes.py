"""What to know about journeys, in words: who is not in them, how sure their order is, how small the sample."""

from datetime import date

from insight.explain.notes import row_notes
from insight.funnel import ENOUGH, TOO_FEW
from insight.journeys import Paths, Transitions
from insight.journeys.words import column_name, counted, events_name
from insight.language import _, _n, count, day, length, plain


def path_notes(result: Paths) -> list[str]:
    """What to know about paths."""
    return [
        *_sample(result),
        *_who(result),
        *_time(result),
        *hidden_rows(result),
        *order_notes(result),
        *row_notes(result),
    ]


def hidden_rows(result: Paths | Transitions) -> list[str]:
    """What the clean-up takes out."""
    if not result.hidden:
        return []
    rows = count(result.hidden)
    return [_n("{n} row is hidden by the clean-up.", "{n} rows are hidden by the clean-up.", result.hidden, n=rows)]


def _sample(result: Paths) -> list[str]:
    if result.n_units < TOO_FEW:
        return [_("With fewer than {few} there are counts and no rates.", few=TOO_FEW)]
    if result.n_units < ENOUGH:
        return [_("This is a small sample, fewer than {enough}: shares may be far off.", enough=ENOUGH)]
    return []


def _who(result: Paths) -> list[str]:
    """Who is not in the picture, and why."""
    said = []
    if result.without_anchor:
        anchor = plain(column_name(result, 0))
        said.append(
            _("{customers} without **{anchor}** are not in it.", customers=counted(result, result.without_anchor),
              anchor=anchor)
        )  # fmt: skip
    if result.never_arrived:
        values = {"customers": counted(result, result.never_arrived), "after": plain(events_name(result.after))}
        values["before"] = plain(events_name(result.before))
        said.append(_("{customers} with **{after}** never got to **{before}** and are not in it.", **values))
    if result.still_open:
        said.append(_("{customers} may still go on: the data ends too soon to know.",
                      customers=counted(result, result.still_open)))  # fmt: skip
    return said


def _time(result: Paths) -> list[str]:
    """What limits the paths in time."""
    said, dates = [], {name: day(date.fromisoformat(d)) for name, d in (("a", result.start), ("b", result.end)) if d}
    if len(dates) == 2:
        said.append(_("Paths count that begin from {a} to {b}.", **dates))
    elif result.start:
        said.append(_("Paths count that begin on {a} or later.", **dates))
    elif result.end:
        said.append(_("Paths count that begin up to {b}.", **dates))
    if result.within:
        said.append(_("Only what comes within {length} belongs to a path.", length=length(result.within)))
    return said


def order_notes(result: Paths | Transitions) -> list[str]:
    """How sure the order of the events is."""
    if result.dates_only:
        return [_("The file has days without clock times: inside a day, events stand in order of their names.")]
    if not result.tied:
        return []
    values = {"n": count(result.tied)}
    if result.in_sequence:
        return [_n("{n} step is between events at the very same time, in the order of the file’s sequence.",
                   "{n} steps are between events at the very same time, in the order of the file’s sequence.",
                   result.tied, **values)]  # fmt: skip
    return [_n("{n} step is between events at the very same time; they stand in order of their names.",
               "{n} steps are between events at the very same time; they stand in order of their names.",
               result.tied, **values)]  # fmt: skip
