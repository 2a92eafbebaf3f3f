"""How the rows of a source are read: settled once on its first rows, so that every part of it is read alike.

What a file in memory decides by looking at a whole column (which column says what, whether the day comes first) is
decided here before any part is counted; evidence.py settles what only all rows together can tell.
"""

import json
from dataclasses import dataclass, replace
from hashlib import sha256

import pyarrow as pa

from insight.errors import InsightError, UnreadableFile
from insight.language import _
from insight.tables.cells.currency_signs import currency_code
from insight.tables.opening.raw import RawTable, from_arrow, tidy
from insight.tables.quality.findings import COLUMNS
from insight.tables.recognition.arrange import check_complete
from insight.tables.recognition.columns import TABLES, recognise, starts_with_a_record
from insight.tables.recognition.headings import Headings
from insight.tables.recognition.platforms import Platform, named
from insight.tables.settings import check_currency, check_dayfirst, check_timezone

FIRST_ROWS = 100_000  # that tell which column says what, as of a file in memory
WHEN = {"events": "timestamp", "orders": "order_date"}
OTHER = "other"  # what a column without a meaning holds


@dataclass(frozen=True)
class Further:
    """A column beside who, what, when and how much: the source's name for it, and what it holds (id, text, ...)."""

    source: str
    holds: str


@dataclass(frozen=True)
class Reading:
    """How any rows of a source are read.

    columns : canonical name -> the source's name
    further : the other columns of the table by the name they have in it
    timezone, dayfirst, currency : as given
    """

    kind: str
    columns: dict[str, str]
    further: dict[str, Further]
    timezone: str | None = None
    dayfirst: bool | None = None
    currency: str | None = None

    @property
    def when(self) -> str:
        return WHEN[self.kind]

    @property
    def needed(self) -> list[str]:
        """The source's names of the columns that every row is read by."""
        own = ("customer_id", self.when, "time", "event", "order_id", "currency", *self.amounts)
        return list(dict.fromkeys(self.columns[name] for name in own if self.columns.get(name)))

    def sources_of(self, name: str) -> list[str]:
        """The source's columns that a column of the table is made of."""
        if name in self.further:
            return [self.further[name].source]
        asked = ("currency", self.amounts[-1]) if name == "currency" else (name,)
        return [self.columns[one] for one in asked if self.columns.get(one)]

    @property
    def amounts(self) -> tuple[str, ...]:
        """The canonical columns that an amount is made of."""
        if self.kind == "events":
            return ()
        return ("amount",) if self.columns.get("amount") else ("quantity", "unit_price")

    @property
    def settings(self) -> dict[str, object]:
        """The literal settings that read the same again."""
        asked = {"timezone": self.timezone, "dayfirst": self.dayfirst, "currency": self.currency}
        return {name: value for name, value in asked.items() if value is not None}

    def fingerprint(self, content: object) -> str:
        """sha256 of what is read (a literal) and how."""
        how = json.dumps([content, self.kind, self.columns, self.settings], sort_keys=True)
        return sha256(how.encode()).hexdigest()


def first_rows(table: pa.Table, separator: str | None = None) -> RawTable:
    """The first rows of a source as cells. Raises InsightError where there are none."""
    raw = tidy(replace(from_arrow(table, "Parquet" if separator is None else "CSV"), separator=separator))
    if not raw.columns.num_rows:
        raise InsightError(_("There is not a single row of data."))
    return raw


def read_as(
    kind: str,
    raw: RawTable,
    columns: dict[str, str | None] | None,
    *,
    timezone: str | None,
    dayfirst: bool | None,
    currency: str | None = None,
) -> tuple[Reading, list[dict]]:
    """How a source with these first rows is read as this kind of table, and what has to be said about that.

    Raises as the readers of files; InsightError for an export whose refunds or unpaid orders only they know.
    """
    check_dayfirst(dayfirst)
    check_currency(currency)
    if timezone is not None:
        check_timezone(timezone)
    if not columns and starts_with_a_record(raw.columns):
        raise UnreadableFile("The first row looks like a record, not like column names. Put a row of names above it.")
    mapping = recognise(kind, raw.columns, columns)
    check_complete(raw, kind, mapping)
    if mapping.platform is not None:
        _refuse_export(mapping.platform, raw, kind)
    notes = [note(**said) for said in raw.notes]
    for name in mapping.guessed:
        finding = _("Taken as {name} for its content, not its name", name=name)
        hint = _("Choose another column if this is wrong.")
        column = mapping.columns[name]
        notes.append(note(finding, "note", column=column, suggestion=hint, code="guessed_column"))
    found = {name: column for name, column in mapping.columns.items() if column}
    further = _further(kind, found, raw.columns.column_names)
    if others := [own.source for own in further.values() if own.holds == OTHER]:
        finding = _("Columns without a meaning here; they are kept under their own names")
        notes.append(note(finding, "note", column=", ".join(others), code="other_columns"))
    code = currency_code(currency) if currency else None
    return Reading(kind, found, further, timezone, dayfirst, code), notes


def note(finding: str, severity: str, column="", rows=0, suggestion="", code="", **_more: object) -> dict:
    """A finding; the rows of a source have no numbers, so it has no examples."""
    values = (finding, severity, column, rows, [], suggestion, code, None)
    return dict(zip(COLUMNS, values, strict=True))


def _refuse_export(platform: Platform, raw: RawTable, kind: str) -> None:
    headings = Headings(raw.columns.column_names)
    told = [name for name in (platform.status, platform.guests, platform.refund) if name]
    if any(named(name, headings) for name in told):
        raise InsightError(
            f"This is an export of {platform.name}, in which refunds, guests or unpaid orders have columns of their "
            f"own: read it with read_{kind}, or write a table with one amount an order."
        )


def _further(kind: str, columns: dict[str, str], names: list[str]) -> dict[str, Further]:
    """The columns beside the needed ones, canonical ones first, then the source's others under their own names."""
    own = ("customer_id", WHEN[kind], "time", "event", "order_id", "currency", "amount")
    read = {column.name: column for column in TABLES[kind] if column.name in columns and column.name not in own}
    further = {name: Further(columns[name], column.holds) for name, column in read.items()}
    reserved = {name for column in TABLES[kind] for name in (column.name, f"{column.name}_minor")}
    for source in names:
        if source not in columns.values():
            name = source
            while name in reserved or name in further:
                name += " (file)"
            further[name] = Further(source, OTHER)
    return further
