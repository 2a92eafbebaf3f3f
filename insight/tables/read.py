"""Read a file as events, orders or campaigns.

>>> events = read_events(b"user,action,time\\nana,visit,2026-01-01 09:00\\nana,buy,2026-01-01 09:05\\n")
>>> events.frame["event"].tolist(), events.columns
(['visit', 'buy'], {'customer_id': 'user', 'timestamp': 'time', 'event': 'action'})
"""

from insight.language import _
from insight.log import prepare_log
from insight.tables.currencies import settle_currency
from insight.tables.draft import Draft
from insight.tables.fixes import fix_rows
from insight.tables.opening.formats import open_table
from insight.tables.opening.raw import RawTable
from insight.tables.order_rows import name_orders, one_row_an_order
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
    name_orders(draft)
    currencies, kept_currency = settle_currency(draft, amounts.marks, currency)
    fix_rows(draft)
    hint = _("They are kept: a refund lowers revenue and is not a purchase.")
    below = draft.keep & (amounts.minor < 0)
    draft.note(_("Amounts below zero"), "note", "amount", below, hint, code="below_zero")
    rows = draft.frame()
    frame, lines = one_row_an_order(draft, rows, amounts.places)
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
