"""Read a file as paths: the channels that people met on the way, and how many of them converted.

>>> read_paths(b"path,conversions,nulls\\nads>mail,3,7\\nmail,1,0\\n").frame[["path", "nulls"]].values.tolist()
[['ads > mail', 7.0], ['mail', 0.0]]
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.language import _
from insight.tables.cells.values import MISSING_VALUES, present, valid_mask
from insight.tables.draft import Draft
from insight.tables.fixes import fix_rows
from insight.tables.opening.formats import open_table
from insight.tables.opening.raw import RawTable
from insight.tables.privacy import note_personal_data
from insight.tables.table import TouchPaths

SEPARATOR = " > "
UNKNOWN = "(unknown)"  # a touch without a channel
ARROWS = ("→", "»", "⟶", "|", ";")  # what else stands between two channels, where no cell has a ">"


def read_paths(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    fixes: list | None = None,
) -> TouchPaths:
    """Read paths: one row a path, or one row a journey.

    Columns in: path, the channels in their order with a > between them (or →, », |, ;); conversions, how many journeys
    on it converted; optional are nulls, how many did not, and value, what the conversions were worth. Where no column
    counts nulls and conversions are 0 or 1, a row is a journey: a 0 is one that did not convert. Columns and `fixes`
    as in read_events. Raises UnreadableFile, MissingColumn, NotEnoughData; InsightError where no row has a path.
    """
    return path_rows(open_table(source, sheet=sheet), columns, fixes=fixes)


def path_rows(raw: RawTable, columns=None, *, fixes=None) -> TouchPaths:
    """An opened file as paths."""
    draft = Draft(raw, "paths", columns, fixes)
    _read_paths(draft)
    for name in ("conversions", "nulls"):
        if draft.has(name):
            _read_counts(draft, name)
    if draft.has("nulls"):
        draft.made["nulls"] = np.nan_to_num(draft.made["nulls"])
    else:
        _journeys(draft)
    currencies = _read_value(draft) if draft.has("value") else ()
    fix_rows(draft)
    frame = draft.frame()
    note_personal_data(draft)
    return TouchPaths(frame=frame, currencies=currencies, **draft.provenance())


def _read_paths(draft: Draft) -> None:
    """Every way to write a path becomes one: channels with " > " between them. No path is a path without a touch."""
    texts = pc.fill_null(present(draft.cells("path"), MISSING_VALUES), "").combine_chunks().dictionary_encode()
    written = texts.dictionary.to_pylist()
    between = ">"
    if not any(between in path for path in written):
        between = next((sign for sign in ARROWS if any(sign in path for path in written)), between)
    if not any(path.strip() for path in written):
        raise InsightError("No row has a path: the column path is empty.")
    paths = [SEPARATOR.join(_named(part) for part in path.split(between)) if path.strip() else "" for path in written]
    draft.made["path"] = pa.chunked_array([pa.array(paths, pa.string()).take(texts.indices)])


def _named(channel: str) -> str:
    """A channel of a path as it is called: no ">" of its own, and a blank one has a name."""
    return channel.strip().replace(SEPARATOR.strip(), "/") or UNKNOWN


def _read_counts(draft: Draft, name: str) -> None:
    given = valid_mask(present(draft.cells(name), MISSING_VALUES))
    draft.number(name)
    counts = draft.made[name]
    fine = np.isfinite(counts) & (counts >= 0)
    if name == "conversions":
        draft.require(name, fine, given)
    else:
        draft.note(_("Counts below zero"), "error", name, counts < 0, _("Their rows are left out."), code="below_zero")
        draft.keep &= ~(counts < 0)


def _journeys(draft: Draft) -> None:
    """Without a column of nulls: rows of conversions 0 and 1 are journeys, and a 0 did not convert."""
    conversions = draft.made["conversions"][draft.keep]
    if set(np.unique(conversions)) == {0.0, 1.0}:
        none = draft.made["conversions"] == 0
        draft.made["nulls"] = none.astype(float)
        finding = _("Rows without a conversion: each is taken as a journey that did not convert")
        draft.note(finding, "note", "conversions", none & draft.keep, code="null_journeys")


def _read_value(draft: Draft) -> tuple[str, ...]:
    """What the conversions were worth; gives the currencies that the amounts are marked with."""
    amounts = draft.money("value")
    draft.made["value"] = np.where(amounts.valid, amounts.floats(), 0.0)
    marks = () if amounts.marks is None else amounts.marks.filter(pa.array(draft.keep)).unique().to_pylist()
    return tuple(sorted(mark for mark in marks if mark))
