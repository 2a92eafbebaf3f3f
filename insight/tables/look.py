"""What is in this file, before anyone decides how to read it."""

from dataclasses import dataclass, replace

import pandas as pd

from insight.errors import InsightError
from insight.tables.capabilities import capabilities
from insight.tables.cells.dates import AmbiguousDates
from insight.tables.opening.formats import open_table
from insight.tables.opening.raw import RawTable
from insight.tables.people import OUTCOMES, contact_table, customer_table, feedback_table, outcome
from insight.tables.quality import Findings, QualityScore, quality_score
from insight.tables.read import campaign_table, event_log, order_table
from insight.tables.recognition.columns import TABLES, Mapping, fold, missing, recognise, starts_with_a_record
from insight.tables.recognition.contents import Contents
from insight.tables.touch_paths import path_rows

PREVIEWED = 20  # rows
MAKERS = {
    "events": event_log,
    "orders": order_table,
    "campaigns": campaign_table,
    "customers": customer_table,
    "contacts": contact_table,
    "feedback": feedback_table,
    "paths": path_rows,
}
WEAK = ("feedback", "customers")  # kinds that ask for little, so that many files fit
MOST = 0.5  # of the outcomes must be known for a file to hold contacts


@dataclass(frozen=True, eq=False)
class FileReport:
    """Result of :func:`inspect_file`.

    name, format, encoding, separator : of the file; encoding and separator None where the format has none
    sheets, sheet : of a workbook, and the one looked at
    n_rows, n_columns : of the table, the header not counted
    preview : the first 20 rows as text, under the file's names
    guesses : kind of table -> {canonical column: the file's column}
    tables : the kinds it can be read as, best first
    missing : kind of table -> required canonical columns that were not found
    answers : one row an analysis: analysis, possible, reason
    findings : as of a table, read as the best kind; a reading that has to be decided is a finding too
    opened : the cells; every reader takes them in place of the file, so that it is opened once
    table : read as the best kind with the usual settings; None where it cannot be
    score : how fit that table is for use; None where there is none
    """

    name: str | None
    format: str
    encoding: str | None
    separator: str | None
    sheets: list[str]
    sheet: str | None
    n_rows: int
    n_columns: int
    preview: pd.DataFrame
    guesses: dict[str, dict[str, str]]
    tables: list[str]
    missing: dict[str, list[str]]
    answers: pd.DataFrame
    findings: pd.DataFrame
    opened: RawTable
    table: object | None
    score: QualityScore | None


def inspect_file(source: object, name: str | None = None, *, sheet: str | int | None = None) -> FileReport:
    """Look into a file: its format, what its columns seem to be, and what it can answer.

    source : as in read_events;  name : the file's name, where the source does not know it
    Raises UnreadableFile where the content is no table at all.

    >>> report = inspect_file(b"user;action;when\\nana;visit;2026-01-01\\n", name="log.csv")
    >>> report.tables, report.separator, report.guesses["events"]["customer_id"], report.missing["orders"]
    (['events'], ';', 'user', ['amount'])
    """
    raw = open_table(source, sheet=sheet)
    raw = replace(raw, name=name or raw.name)
    contents = Contents(raw.columns)
    mappings = {kind: recognise(kind, raw.columns, contents=contents) for kind in TABLES}
    lacking = {kind: [*missing(kind, mapping), *mapping.unfit] for kind, mapping in mappings.items()}
    if not _tells_outcomes(mappings["contacts"], contents):
        lacking["contacts"].append("outcome")
    tables = _best_first(mappings, lacking, contents)
    table, findings = None, Findings(raw).table()
    if tables or starts_with_a_record(raw.columns):
        table, findings = _read_as((tables or list(TABLES))[0], raw)
    return FileReport(
        name=raw.name,
        format=raw.format,
        encoding=raw.encoding,
        separator=raw.separator,
        sheets=list(raw.sheets),
        sheet=raw.sheet,
        n_rows=raw.columns.num_rows,
        n_columns=raw.columns.num_columns,
        preview=raw.columns.slice(0, PREVIEWED).to_pandas().astype("str").fillna(""),
        guesses={kind: _fitting(mapping) for kind, mapping in mappings.items()},
        tables=tables,
        missing=lacking,
        answers=capabilities({} if table is None else {table.kind: table}, missing=lacking),
        findings=findings,
        opened=raw,
        table=table,
        score=None if table is None else quality_score(table),
    )


def _best_first(mappings: dict[str, Mapping], lacking: dict[str, list[str]], contents: Contents) -> list[str]:
    """The kinds a file can be read as: those first to which the names of more of its columns mean something.

    Much could be a table of customers (an id) or of feedback (a number): these need more columns than any other kind.
    A table of customers needs a trait that is known, or one row for each id.
    """
    known = {kind: len(mapping.columns) - len(mapping.guessed) for kind, mapping in mappings.items()}
    fits = [kind for kind in known if not lacking[kind] and kind not in WEAK]
    named = [kind for kind in fits if not mappings[kind].guessed] or fits
    for kind in WEAK:
        if not lacking[kind] and known[kind] > max((0, *(known[other] for other in named))):
            named += [kind] if known[kind] > 1 or _has_a_row_each(mappings[kind], contents) else []
    return sorted(named, key=lambda kind: (-known[kind], kind != "contacts"))


def _has_a_row_each(mapping: Mapping, contents: Contents) -> bool:
    """Whether a column that is called after customers, not just "id", has another value in each row."""
    column = mapping.columns["customer_id"]
    start = contents[column].start
    return fold(column) not in ("id", "key") and contents.table.num_columns > 1 and contents[column].kinds == len(start)


def _tells_outcomes(mapping: Mapping, contents: Contents) -> bool:
    """Whether a file says what came of its contacts; else it could be any log of who and when."""
    if any(mapping.columns.get(name) for name in OUTCOMES):
        return True
    column = mapping.columns.get("outcome")
    words = contents[column].sample.unique().to_pylist() if column else []
    known = [outcome(word) for word in words if outcome(word) in OUTCOMES]
    return len(known) > MOST * len(words) and not {"sent", "unsub"}.isdisjoint(known)


def _fitting(mapping: Mapping) -> dict[str, str]:
    return {name: column for name, column in mapping.columns.items() if name not in mapping.unfit}


def _read_as(kind: str, raw: RawTable) -> tuple[object | None, pd.DataFrame]:
    try:
        table = MAKERS[kind](raw)
    except InsightError as problem:
        findings = Findings(raw)
        ambiguous = isinstance(problem, AmbiguousDates)
        findings.add(str(problem), "error", code="ambiguous_dates" if ambiguous else "not_read_yet")
        return None, findings.table()
    return table, table.findings
