"""Read a file as events, orders or campaigns.

>>> events = read_events(b"user,action,time\\nana,visit,2026-01-01 09:00\\nana,buy,2026-01-01 09:05\\n")
>>> events.frame["event"].tolist(), events.columns
(['visit', 'buy'], {'customer_id': 'user', 'timestamp': 'time', 'event': 'action'})
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _
from insight.log import prepare_log
from insight.tables.cells.values import valid_mask
from insight.tables.currencies import settle_currency
from insight.tables.draft import Draft
from insight.tables.fixes import fix_rows
from insight.tables.opening.formats import open_table
from insight.tables.opening.raw import RawTable
from insight.tables.order_lines import add_up, order_codes, order_sum, repeated_totals, same_amounts
from insight.tables.quality.checks import check_campaigns, check_events, check_orders
from insight.tables.recognition.columns import TABLES
from insight.tables.table import Campaigns, EventLog, Orders


def read_events(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    fixes: list | None = None,
) -> EventLog:
    """Read an event log: one row an event.

    source : a path, bytes, a binary file object or a DataFrame; CSV, Excel, Parquet and JSON are told by content
    columns : canonical names -> the file's, e.g. {"customer_id": "Client"}; the rest is recognised (None: leave empty)
    sheet : of a workbook, by name or by number from 1; the first with a table
    dayfirst : whether 03/04/2026 is 3 April; decided from the column where it can be
    timezone : IANA name; times without an offset are taken to be in it, times with one are converted to it
    fixes : changes to make, e.g. ["drop_duplicates"]; fixes/spec.py lists them

    Rows without a customer, a time or an event are left out, counted and named in the findings. Raises UnreadableFile,
    MissingColumn, UnknownValue, AmbiguousDates, NotEnoughData: all are InsightErrors that say what to change.
    """
    return event_log(open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, fixes=fixes)


def event_log(raw: RawTable, columns=None, *, dayfirst=None, timezone=None, fixes=None) -> EventLog:
    """An opened file as events."""
    draft = Draft(raw, "events", columns, fixes)
    draft.identifier("customer_id", required=True)
    when = draft.moment("timestamp", dayfirst, timezone)
    draft.text("event", required=True)
    read_optional(draft)
    if when.dates_only:
        hint = _("The order of events inside a day is unknown; equal times count as in order.")
        draft.note(_("Dates without clock times"), "note", "timestamp", suggestion=hint, code="dates_only")
    fix_rows(draft)
    frame = draft.frame()
    clock = {"timezone": when.timezone, "dates_only": when.dates_only}
    log = prepare_log(frame, **clock)  # sorted here, so that the first question does not wait for it
    check_events(draft, frame, log)
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone)
    return EventLog(frame=frame, prepared=log, **clock, **origin)


def read_orders(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    fixes: list | None = None,
) -> Orders:
    """Read orders: one row an order, or one row a line of an order (then lines with one order id are added up).

    Columns in: customer_id, order_date, and amount or quantity and unit_price (the amount of a line is then their
    product, rounded once, half-even, to cents); order_id and others are optional.
    Columns out, in `frame`: order_id and customer_id (text), order_date (time, to the microsecond), amount (in the
    currency of the table), amount_minor (whole numbers, amount x 10**decimals, exact), then the file's others.
    currency : code, e.g. "EUR"; rows in another are left out and counted. The other settings are those of read_events.
    Raises UnreadableFile, MissingColumn, UnknownValue, AmbiguousDates, NotEnoughData: all are InsightErrors.

    >>> lines = "order,customer,date,quantity,unit_price\\n7,ana,2026-01-01,2,1.50\\n7,ana,2026-01-01,1,0.25\\n"
    >>> read_orders(lines.encode()).frame[["order_id", "amount", "amount_minor"]].values.tolist()
    [['7', 3.25, 325]]
    """
    return order_table(
        open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, currency=currency, fixes=fixes
    )


def order_table(raw: RawTable, columns=None, *, dayfirst=None, timezone=None, currency=None, fixes=None) -> Orders:
    """An opened file as orders."""
    draft = Draft(raw, "orders", columns, fixes)
    draft.identifier("customer_id", required=True)
    when = draft.moment("order_date", dayfirst, timezone)
    amounts = draft.money("amount", required=True) if draft.has("amount") else draft.line_total()
    draft.made["amount"] = amounts
    read_optional(draft)
    _order_ids(draft)
    currencies, kept_currency = settle_currency(draft, amounts.marks, currency)
    fix_rows(draft)
    hint = _("They are kept: a refund lowers revenue and is not a purchase.")
    below = draft.keep & (amounts.minor < 0)
    draft.note(_("Amounts below zero"), "note", "amount", below, hint, code="below_zero")
    rows = draft.frame()
    frame, lines = _one_row_an_order(draft, rows, amounts.places)
    check_orders(draft, frame, rows, dates_only=when.dates_only)
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone, currency=kept_currency)
    return Orders(
        frame=frame,
        lines=lines,
        timezone=when.timezone,
        dates_only=when.dates_only,
        currency=currencies[0] if len(currencies) == 1 else None,
        currencies=currencies,
        decimals=amounts.places,
        **origin,
    )


def read_campaigns(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    fixes: list | None = None,
) -> Campaigns:
    """Read what was spent and what came of it: one row a date, channel and campaign.

    Columns in: date and spend; channel, campaign and the results of the campaign are optional.
    Columns out, in `frame`: date (time), channel and campaign (text), spend (in the currency of the table),
    spend_minor (whole numbers, spend x 10**decimals, exact); where the file has them impressions, reach, clicks,
    conversions, new_customers (counts), revenue and other_cost (as spend), then the file's others.
    The settings are those of read_orders, and so is what it raises.

    >>> table = read_campaigns(b"day,channel,cost,clicks\\n2026-01-01,ads,12.30,40\\n")
    >>> table.frame[["channel", "spend", "spend_minor", "clicks"]].values.tolist(), table.columns["spend"]
    ([['ads', 12.3, 1230, 40.0]], 'cost')
    """
    return campaign_table(
        open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, currency=currency, fixes=fixes
    )


def campaign_table(
    raw: RawTable, columns=None, *, dayfirst=None, timezone=None, currency=None, fixes=None
) -> Campaigns:
    """An opened file as campaigns."""
    draft = Draft(raw, "campaigns", columns, fixes)
    when = draft.moment("date", dayfirst, timezone)
    money = {name: draft.money(name, name == "spend") for name in ("spend", "revenue", "other_cost") if draft.has(name)}
    decimals = max(amounts.places for amounts in money.values())
    draft.made |= {
        name: draft.exact(name, lambda amounts=amounts: amounts.at(decimals)) for name, amounts in money.items()
    }
    read_optional(draft)
    currencies, kept_currency = settle_currency(draft, money["spend"].marks, currency)
    fix_rows(draft)
    below, hint = draft.keep & (money["spend"].minor < 0), _("They are kept.")
    draft.note(_("Spends below zero"), "note", "spend", below, hint, code="below_zero")
    frame = draft.frame()
    check_campaigns(draft, frame)
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone, currency=kept_currency)
    return Campaigns(
        frame=frame,
        timezone=when.timezone,
        currency=currencies[0] if len(currencies) == 1 else None,
        currencies=currencies,
        decimals=decimals,
        **origin,
    )


def read_optional(draft: Draft, dayfirst: bool | None = None, timezone: str | None = None) -> None:
    """Read the columns that rows may lack; a time of day is read with its date."""
    read = {"id": draft.identifier, "text": draft.text, "number": draft.number, "flag": draft.flag}
    for column in TABLES[draft.kind]:
        if not draft.has(column.name) or column.name in draft.made:
            continue
        if column.holds == "date":
            draft.date(column.name, dayfirst, timezone)
        elif column.holds in read:
            read[column.holds](column.name)


def _order_ids(draft: Draft) -> None:
    """Each row without an order id is an order, called by its row number."""
    rows = pa.array(draft.raw.every_row_number()).cast(pa.string())
    if not draft.has("order_id"):
        draft.made["order_id"] = pa.chunked_array([rows])
        return
    ids = draft.made["order_id"]
    hint = _("Each is counted as an order of its own.")
    draft.note(
        _("Rows without an order id"), "warning", "order_id", ~valid_mask(ids) & draft.keep, hint, code="no_order_id"
    )
    if ids.null_count:
        draft.made["order_id"] = pc.coalesce(ids, pc.binary_join_element_wise("row", rows, " "))


def _one_row_an_order(draft: Draft, lines: pd.DataFrame, decimals: int) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    kept, minor = np.flatnonzero(draft.keep), lines["amount_minor"].to_numpy()
    unique = lines["order_id"].is_unique
    order = np.arange(len(lines)) if unique else order_codes(lines)
    free = kept[order_sum(minor, order)[order] == 0]
    draft.note(_("Amounts of zero"), "note", "amount", free, _("They are kept and are no purchases."), code="zero")
    if unique:
        return lines, None
    per_order = "total_per_order" in draft.fixes
    if draft.has("amount"):
        (_note_totals if per_order else _note_repeated)(draft, lines, order, kept)
    hint = _("They are counted as different orders.")
    several = _several(lines, ["order_id"], "customer_id")
    draft.note(_("One order id, several customers"), "warning", "order_id", kept[several], hint, code="shared_order_id")
    if "currency" in lines:
        several = _several(lines, ["order_id", "customer_id"], "currency")
        finding = _("One order, several currencies")
        draft.note(finding, "warning", "order_id", kept[several], hint, code="order_currencies")
    if order.max() + 1 == len(lines):
        return lines, None
    return add_up(lines, order, decimals, per_order), lines


def _note_repeated(draft: Draft, lines: pd.DataFrame, order: np.ndarray, kept: np.ndarray) -> None:
    rows, finding = kept[repeated_totals(lines, order)], _("Every line of an order has the same amount")
    hint = _('They are added up. If each is the total of its order, count it once (fixes=["total_per_order"]).')
    draft.note(finding, "warning", "amount", rows, hint, code="repeated_total", fix="total_per_order")


def _note_totals(draft: Draft, lines: pd.DataFrame, order: np.ndarray, kept: np.ndarray) -> None:
    same = same_amounts(lines["amount_minor"].to_numpy(), order)
    finding = _("The total of an order stands on each of its lines and counts once")
    draft.note(finding, "note", "amount", kept[same], code="fixed_total_per_order")
    differ = kept[~same & (np.bincount(order) > 1)[order]]
    finding, hint = _("Lines of an order with different amounts"), _("They cannot be its total and are added up.")
    draft.note(finding, "warning", "amount", differ, hint, code="differing_totals")


def _several(lines: pd.DataFrame, of: list[str], name: str) -> np.ndarray:
    return lines.groupby(of, sort=False)[name].transform("nunique", dropna=False).to_numpy() > 1
