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
from insight.tables.columns import TABLES
from insight.tables.currencies import settle_currency
from insight.tables.draft import Draft
from insight.tables.formats import open_table
from insight.tables.order_lines import add_up, order_codes, repeats_its_total
from insight.tables.raw import RawTable
from insight.tables.table import Campaigns, EventLog, Orders
from insight.tables.values import valid_mask


def read_events(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    fixes: list[str] | None = None,
) -> EventLog:
    """Read an event log: one row an event.

    source : a path, bytes, a binary file object or a DataFrame; CSV, Excel, Parquet and JSON are told by content
    columns : canonical names -> the file's, e.g. {"customer_id": "Client"}; the rest is recognised (None: leave empty)
    sheet : of a workbook, by name or by number from 1; the first with a table
    dayfirst : whether 03/04/2026 is 3 April; decided from the column where it can be
    timezone : IANA name; times without an offset are taken to be in it, times with one are converted to it
    fixes : e.g. ["drop_duplicates"]

    Rows without a customer, a time or an event are left out, counted and named in the findings. Raises UnreadableFile,
    MissingColumn, UnknownValue, AmbiguousDates, NotEnoughData: all are InsightErrors that say what to change.
    """
    events = event_log(open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, fixes=fixes)
    len(events.log)  # prepared here, so that the first question does not wait for it
    return events


def event_log(raw: RawTable, columns=None, *, dayfirst=None, timezone=None, fixes=None) -> EventLog:
    """An opened file as events, not yet sorted for analysis."""
    draft = Draft(raw, "events", columns, fixes)
    draft.identifier("customer_id", required=True)
    when = draft.moment("timestamp", dayfirst, timezone)
    draft.text("event", required=True)
    _optional(draft)
    if when.dates_only:
        hint = _("The order of events inside a day is unknown; equal times count as in order.")
        draft.note(_("Dates without clock times"), "note", "timestamp", suggestion=hint)
    draft.drop_or_note_repeats()
    frame = draft.frame()
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone)
    return EventLog(frame=frame, timezone=when.timezone, dates_only=when.dates_only, **origin)


def read_orders(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    currency: str | None = None,
    fixes: list[str] | None = None,
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
    _optional(draft)
    _order_ids(draft)
    currencies, kept_currency = settle_currency(draft, amounts.marks, currency)
    draft.drop_or_note_repeats()
    below, zero = _("Amounts below zero"), _("Amounts of zero")
    hint = _("They are kept: a refund lowers revenue and is not a purchase.")
    draft.note(below, "note", "amount", draft.keep & (amounts.minor < 0), hint)
    draft.note(zero, "note", "amount", draft.keep & (amounts.minor == 0), _("They are kept and are no purchases."))
    lines = draft.frame()
    frame, lines = _one_row_an_order(draft, lines, amounts.places)
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
    fixes: list[str] | None = None,
) -> Campaigns:
    """Read what was spent and what came of it: one row a date, channel and campaign.

    Columns in: date and spend; channel, campaign and the results of the campaign are optional.
    Columns out, in `frame`: date (time), channel and campaign (text), spend (in the currency of the table),
    spend_minor (whole numbers, spend x 10**decimals, exact); where the file has them impressions, reach, clicks,
    conversions, new_customers (counts), revenue and other_cost (as spend), then the file's others.
    Settings as in read_orders.
    Raises UnreadableFile, MissingColumn, UnknownValue, AmbiguousDates, NotEnoughData: all are InsightErrors.

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
    _optional(draft)
    currencies, kept_currency = settle_currency(draft, money["spend"].marks, currency)
    draft.drop_or_note_repeats()
    draft.note(_("Spends below zero"), "note", "spend", draft.keep & (money["spend"].minor < 0), _("They are kept."))
    frame = draft.frame()
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone, currency=kept_currency)
    return Campaigns(
        frame=frame,
        timezone=when.timezone,
        currency=currencies[0] if len(currencies) == 1 else None,
        currencies=currencies,
        decimals=decimals,
        **origin,
    )


def _optional(draft: Draft) -> None:
    for column in TABLES[draft.kind]:
        if draft.has(column.name) and column.name not in draft.made:
            {"id": draft.identifier, "text": draft.text, "number": draft.number}[column.holds](column.name)


def _order_ids(draft: Draft) -> None:
    """Each row without an order id is an order, called by its row number."""
    rows = pa.array(draft.raw.every_row_number()).cast(pa.string())
    if not draft.has("order_id"):
        draft.made["order_id"] = pa.chunked_array([rows])
        return
    ids = draft.made["order_id"]
    hint = _("Each is counted as an order of its own.")
    draft.note(_("Rows without an order id"), "warning", "order_id", ~valid_mask(ids) & draft.keep, hint)
    if ids.null_count:
        draft.made["order_id"] = pc.coalesce(ids, pc.binary_join_element_wise("row", rows, " "))


def _one_row_an_order(draft: Draft, lines, decimals: int):
    if lines["order_id"].is_unique:
        return lines, None
    order = order_codes(lines)
    kept = np.flatnonzero(draft.keep)
    repeated = repeats_its_total(lines["amount_minor"].to_numpy(), order) if draft.has("amount") else order < 0
    hint = _(
        "They are added up here. If the amount is the total of the order, keep one line of each order in the file."
    )
    draft.note(_("Every line of an order has the same amount"), "warning", "amount", kept[repeated], hint)
    hint = _("They are counted as different orders.")
    several = _several(lines, ["order_id"], "customer_id")
    draft.note(_("One order id, several customers"), "warning", "order_id", kept[several], hint)
    if "currency" in lines:
        several = _several(lines, ["order_id", "customer_id"], "currency")
        draft.note(_("One order, several currencies"), "warning", "order_id", kept[several], hint)
    return (lines, None) if order.max() + 1 == len(lines) else (add_up(lines, order, decimals), lines)


def _several(lines: pd.DataFrame, of: list[str], name: str) -> np.ndarray:
    return lines.groupby(of, sort=False)[name].transform("nunique", dropna=False).to_numpy() > 1
