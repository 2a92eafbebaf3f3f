"""Dated notes of the visitor, to stand on a chart over time. They change no number."""

from insight.errors import InsightError
from insight.periods import day_start

LONGEST, MOST = 80, 20  # characters of a note; notes


def read_notes(notes: object) -> list[list[str]]:
    """Notes as [day, text] pairs, in order of their days.

    >>> read_notes([["2026-05-11", "New shop"], ["2026-03-01", "Sale"]])
    [['2026-03-01', 'Sale'], ['2026-05-11', 'New shop']]
    """
    if notes is None:
        return []
    if not isinstance(notes, list | tuple) or len(notes) > MOST:
        raise InsightError(f'notes must be a list of at most {MOST}: notes=[["2026-05-11", "New shop"]].')
    for note in notes:
        whole = isinstance(note, list | tuple) and len(note) == 2 and all(isinstance(part, str) for part in note)
        if not whole or not note[1].strip():
            raise InsightError(f'A note is a day and a text, ["2026-05-11", "New shop"]; {note!r} is not.')
        if len(note[1]) > LONGEST:
            raise InsightError(f"A note has at most {LONGEST} characters; one has {len(note[1])}.")
        day_start(note[0], setting="day of a note")
    return sorted([note[0], note[1]] for note in notes)
