"""What is in this file, before anyone decides how to read it."""

from dataclasses import dataclass, replace

import pandas as pd

from insight.errors import InsightError
from insight.language import _
from insight.tables.columns import TABLES, Mapping, missing, recognise, starts_with_a_record
from insight.tables.contents import Contents
from insight.tables.formats import open_table
from insight.tables.quality import Findings, answers
from insight.tables.read import campaign_table, event_log, order_table

PREVIEWED = 20  # rows
MAKERS = {"events": event_log, "orders": order_table, "campaigns": campaign_table}


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
    possible = [kind for kind in TABLES if not lacking[kind]]
    named = [kind for kind in possible if not mappings[kind].guessed]
    tables = sorted(named or possible, key=lambda kind: -len(mappings[kind].columns))
    findings, too_few = Findings(raw).table(), {}
    if tables or starts_with_a_record(raw.columns):
        findings, too_few = _read_as((tables or list(TABLES))[0], raw)
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
        answers=answers(lacking, too_few),
        findings=findings,
    )


def _fitting(mapping: Mapping) -> dict[str, str]:
    return {name: column for name, column in mapping.columns.items() if name not in mapping.unfit}


def _read_as(kind: str, raw) -> tuple[pd.DataFrame, dict[str, str]]:
    try:
        table = MAKERS[kind](raw)
    except InsightError as problem:
        findings = Findings(raw)
        findings.add(str(problem), "error")
        return findings.table(), {}
    if kind == "events" and table.frame["event"].nunique() < 2:
        return table.findings, {"funnel": _("The file has one kind of event only; a funnel needs two.")}
    return table.findings, {}
