"""Tables that do not hold one thing a row yet: brought into the arrangement that the readers expect, and said.

- one column a channel becomes one row a channel (wide.py);
- what stands only on the first line of an order (customer, date, total) belongs to all its lines;
- what a platform is known to mean: refunds in a column of their own, orders that were never paid (platforms.py).
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import MissingColumn
from insight.language import _
from insight.tables.cells.money import money
from insight.tables.cells.number_notes import file_decimal
from insight.tables.cells.values import MISSING_VALUES, identifiers, present, valid_mask
from insight.tables.opening.delimited import SEPARATORS
from insight.tables.opening.raw import EXAMPLES, RawTable
from insight.tables.recognition.columns import ALTERNATIVES, Mapping, missing
from insight.tables.recognition.headings import Headings
from insight.tables.recognition.platforms import Platform, named, was_never_paid
from insight.tables.recognition.wide import melted

OF_AN_ORDER = ("customer_id", "order_date", "time", "currency", "channel", "campaign", "region", "offer")


def check_complete(raw: RawTable, kind: str, mapping: Mapping) -> None:
    """Refuse a table without a required column: MissingColumn names it, and says so if no separator was found."""
    lacking = missing(kind, mapping)
    if not lacking:
        return
    also = {name: f"{name} (or {' and '.join(parts)})" for name, parts in ALTERNATIVES.items()}
    hint, (*known, last) = "", SEPARATORS.values()
    if raw.format == "CSV" and raw.columns.num_columns == 1:
        hint = f"Only one column was found. Columns may be parted by {', '.join(known)} or {last}."
    raise MissingColumn([also.get(name, name) for name in lacking], raw.columns.column_names, hint)


def arranged(raw: RawTable, kind: str, mapping: Mapping) -> RawTable:
    """The table with one thing a row; the findings say what was done."""
    platform = mapping.platform
    if platform is not None:
        raw = _noted(raw, _("Read as an export of {name}", name=platform.name), "note", code="platform")
    patterns = {
        name: column for name, column in mapping.columns.items() if column and "*" in column and name != "channel"
    }
    if kind == "campaigns" and "*" in patterns.get("spend", ""):
        return melted(raw, patterns)
    if kind != "orders":
        return raw
    if platform is not None and platform.status:
        raw = _paid(raw, platform)
    if platform is not None and platform.guests:
        raw = _without_guests(raw, mapping.columns["customer_id"], platform)
    raw = _carried(raw, mapping.columns)
    if platform is not None and platform.refund and mapping.columns.get("amount"):
        raw = _net(raw, mapping.columns["amount"], platform)
    return raw


def _paid(raw: RawTable, platform: Platform) -> RawTable:
    """Without the rows of orders that were never paid."""
    column = named(platform.status, Headings(raw.columns.column_names))
    if column is None:
        return raw
    states = pc.utf8_lower(raw.columns[column].cast(pa.string()))
    unpaid = [state for state in states.unique().drop_null().to_pylist() if was_never_paid(platform, state)]
    never = np.asarray(pc.is_in(states, pa.array(unpaid, pa.string())))
    if not never.any() or never.all():
        return raw
    finding = _("Orders that were never paid, left out: {states}", states=", ".join(_kinds(states, never)))
    raw = _noted(raw, finding, "warning", column, never, code="never_paid")
    return replace(raw, columns=raw.columns.filter(pa.array(~never)), rows=raw.every_row_number()[~never])


def _without_guests(raw: RawTable, column: str, platform: Platform) -> RawTable:
    """Without the number that stands for everybody who has no account."""
    if named(platform.guests, Headings([column])) is None:
        return raw
    ids = raw.columns[column].cast(pa.string())
    guests = np.asarray(pc.fill_null(pc.equal(ids, "0"), False))
    if not guests.any():
        return raw
    at, ids = raw.columns.column_names.index(column), pc.if_else(pa.array(guests), None, ids)
    hint = _("They are different people. Choose the column with the e-mail addresses to tell them apart.")
    raw = replace(raw, columns=raw.columns.set_column(at, column, ids))
    return _noted(raw, _("Customers 0 are guests without an account"), "note", column, guests, hint, "guests")


def _kinds(states: pa.ChunkedArray, rows: np.ndarray) -> list[str]:
    return sorted(states.filter(pa.array(rows)).unique().to_pylist())


def _carried(raw: RawTable, columns: dict[str, str | None]) -> RawTable:
    """What stands only on the first line of an order, on all its lines; below a total stand zeros."""
    if not columns.get("order_id"):
        return raw
    asked = [*OF_AN_ORDER, "amount"]
    lacking = [columns[name] for name in asked if columns.get(name) and raw.columns[columns[name]].null_count]
    ids = identifiers(raw.columns[columns["order_id"]]) if lacking else None
    if not lacking or pc.count_distinct(ids).as_py() >= len(ids) - ids.null_count:
        return raw
    kinds = ids.combine_chunks().dictionary_encode()
    code = np.asarray(kinds.indices.fill_null(-1))
    first = np.full(len(kinds.dictionary), len(code))
    np.minimum.at(first, code[code >= 0], np.flatnonzero(code >= 0))
    source = np.where(code >= 0, first[code], np.arange(len(code)))
    gaps = {name: ~valid_mask(raw.columns[name]) & valid_mask(raw.columns[name])[source] for name in lacking}
    told = [columns[name] for name in ("customer_id", "order_date", "amount") if columns.get(name) in lacking]
    filled = np.logical_or.reduce([gaps[name] for name in told] or [np.zeros(len(code), bool)])
    if not filled.any():
        return raw
    table = raw.columns
    for name in lacking:
        column = table[name]
        value = pa.scalar("0") if name == columns.get("amount") else column.take(pa.array(source))
        column = pc.if_else(pa.array(gaps[name] & filled), value, column)
        table = table.set_column(table.column_names.index(name), name, column)
    raw = replace(raw, columns=table)
    finding = _("Lines that leave empty what stands on the first line of their order")
    hint = _("They belong to it: its customer, date and total count for them. An amount stands for the whole order.")
    return _noted(raw, finding, "note", ", ".join(lacking), filled, hint, "first_line")


def _net(raw: RawTable, column: str, platform: Platform) -> RawTable:
    """Amounts less what was given back."""
    refund = named(platform.refund, Headings(raw.columns.column_names))
    if refund is None or refund == column:
        return raw
    hint = cache(lambda: file_decimal(raw, []))
    back = money(present(raw.columns[refund], MISSING_VALUES), hint=hint)
    rows = np.flatnonzero(back.valid & (back.minor != 0))
    if not len(rows):
        return raw
    paid = money(raw.columns[column], hint=hint)
    point = next((reading.decimal for reading in paid.readings), None) or "."  # written as the others are
    places = max(paid.places, back.places)
    net = paid.at(places).minor - np.abs(back.at(places).minor)
    texts = raw.columns[column].to_pylist()
    for at in rows[paid.valid[rows]]:
        sign, (whole, part) = "-" if net[at] < 0 else "", divmod(abs(int(net[at])), 10**places)
        texts[at] = f"{sign}{whole}{point}{part:0{places}}"
    table = raw.columns.set_column(raw.columns.column_names.index(column), column, [pa.array(texts, pa.string())])
    finding = _("Refunds are taken off the orders")
    hint = _("An order that was given back in full has an amount of zero and is no purchase.")
    given_back = np.zeros(len(texts), bool)
    given_back[rows] = True
    return _noted(replace(raw, columns=table), finding, "note", refund, given_back, hint, "refunds")


def _noted(raw: RawTable, finding: str, severity: str, column="", at=None, suggestion="", code="") -> RawTable:
    places = [] if at is None else np.flatnonzero(at)
    said = {
        "finding": finding,
        "severity": severity,
        "column": column,
        "rows": len(places),
        "examples": raw.row_numbers(places[:EXAMPLES]),
        "suggestion": suggestion,
        "code": code,
    }
    return replace(raw, notes=[*raw.notes, said])
