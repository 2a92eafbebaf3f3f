"""Which column of a file says what: by its name, and where the name says nothing, by what stands in it.

To teach a new name, add it to the line of its canonical column; earlier names are preferred. Case, accents, spaces,
punctuation and anything in brackets do not matter: "User ID", "user_id" and "UserId (hashed)" are one name.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from insight.tables.contents import Content, Contents
from insight.tables.settings import checked_columns


@dataclass(frozen=True)
class Column:
    """One canonical column: what it holds (id, date, text, number, money) and what files call it."""

    name: str
    holds: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Mapping:
    """Which column is which.

    columns : canonical name -> the file's name (None: the caller keeps it empty)
    guessed : those told by their content alone
    unfit : required ones whose name is right and whose first values are not
    """

    columns: dict[str, str | None]
    guessed: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()


def fold(name: str) -> str:
    """A column name as it is compared.

    >>> fold("Customer-ID"), fold("Amount spent (EUR)"), fold("Gerät")
    ('customerid', 'amountspent', 'gerat')
    """
    bare = re.sub(r"\(.*?\)|\[.*?\]", "", name) or name
    letters = unicodedata.normalize("NFKD", bare).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def _column(name: str, holds: str, names: str, required: bool = False) -> Column:
    return Column(name, holds, tuple(dict.fromkeys(fold(word) for word in (name, *names.split()))), required)


_CUSTOMER = (
    "customer_id user_id client_id visitor_id uid customer user client visitor cust_id customer_number customer_no "
    "user_pseudo_id distinct_id anonymous_id member_id member subscriber_id account_id account household_id "
    "person_id person shopper_id buyer_id buyer profile_id contact_id loyalty_id card_id customer_email user_email "
    "email device_id"
)
_CHANNEL = (
    "channel acquisition_channel marketing_channel channel_group default_channel_group traffic_source utm_source "
    "source_medium source utm_medium medium"
)
_CAMPAIGN = "campaign campaign_name utm_campaign campaign_id"
_REGION = "region country market state geo country_code city"

TABLES: dict[str, tuple[Column, ...]] = {
    "events": (
        _column("customer_id", "id", _CUSTOMER, required=True),
        _column(
            "timestamp",
            "date",
            "timestamp event_timestamp event_time ts event_datetime datetime date_time time_stamp occurred_at "
            "created_at server_time transaction_timestamp time created event_date order_date invoice_date date day",
            required=True,
        ),
        _column(
            "event",
            "text",
            "event event_name event_type action event_action activity activity_name interaction touchpoint step_name "
            "page_name screen_name page screen",
            required=True,
        ),
        _column("sequence", "number", "sequence_number seq event_index event_number event_order hit_number position"),
        _column("session", "id", "session_id visit_id ga_session_id session_number"),
        _column("channel", "text", _CHANNEL),
        _column("campaign", "text", _CAMPAIGN),
        _column("device", "text", "device_type device_category platform"),
        _column("region", "text", _REGION),
        _column("value", "number", "event_value order_value purchase_value amount revenue price total"),
        _column("variant", "text", "variation experiment_variant ab_group test_group arm bucket"),
    ),
    "orders": (
        _column(
            "order_id",
            "id",
            "order_number order_no order invoice_no invoice_number invoice_id invoice transaction_id transaction "
            "basket_id receipt_id receipt_number receipt purchase_id checkout_id bill_no ticket_id sale_id",
        ),
        _column("customer_id", "id", _CUSTOMER, required=True),
        _column(
            "order_date",
            "date",
            "purchase_date invoice_date transaction_date sale_date order_time order_timestamp ordered_at purchased_at "
            "transaction_timestamp transaction_time created_at paid_at timestamp datetime date_time ts date time day",
            required=True,
        ),
        _column(
            "amount",
            "money",
            "order_total order_amount order_value total_amount total_price price_paid amount_paid total_paid "
            "grand_total transaction_amount line_total total revenue sales_value sale_amount total_sales net_sales "
            "sales gross_sales payment paid value spend",
            required=True,
        ),
        _column("quantity", "number", "qty quantity_ordered units items pieces"),
        _column("unit_price", "number", "price_per_unit item_price price_each price"),
        _column("product", "text", "product_name product_id description item_name item sku stock_code article title"),
        _column("category", "text", "product_category product_type department"),
        _column("discount", "number", "discount_amount total_discount retail_disc rebate"),
        _column("offer", "text", "coupon_code coupon promo_code promotion voucher discount_code"),
        _column("channel", "text", _CHANNEL),
        _column("campaign", "text", _CAMPAIGN),
        _column("region", "text", _REGION),
        _column("cost", "number", "cogs cost_of_goods cost_of_goods_sold total_cost"),
        _column("currency", "text", "currency_code iso_currency order_currency"),
    ),
    "campaigns": (
        _column(
            "date",
            "date",
            "day week date_week week_start week_beginning report_date reporting_starts start_date period month "
            "timestamp time",
            required=True,
        ),
        _column("channel", "text", f"{_CHANNEL} platform network media media_channel"),
        _column("campaign", "text", f"{_CAMPAIGN} ad_campaign"),
        _column(
            "spend",
            "money",
            "ad_spend adspend media_spend total_spend amount_spent spent cost total_cost costs media_cost",
            required=True,
        ),
        _column("impressions", "number", "impression impr"),
        _column("reach", "number", "people_reached"),
        _column("clicks", "number", "link_clicks click"),
        _column("conversions", "number", "conversion conv purchases orders results"),
        _column("new_customers", "number", "new_customer first_orders first_purchases"),
        _column("revenue", "money", "conversion_value conv_value purchase_value total_conversion_value sales"),
        _column("other_cost", "money", "other_costs fees commission"),
        _column("currency", "text", "currency_code account_currency"),
    ),
}
ALTERNATIVES = {"amount": ("quantity", "unit_price")}  # a required column and what can stand in for it


def recognise(
    kind: str, table: pa.Table, given: dict[str, str | None] | None = None, contents: Contents | None = None
) -> Mapping:
    """Which column of the file is which canonical column of this kind of table.

    given : canonical -> the file's name, where the caller knows it; None keeps a canonical column empty.
    What is not given is recognised by name, and a required column without a known name by its content if only one
    column of the file can be meant. No column is used twice. Raises UnknownValue for names that do not exist.
    """
    given = checked_columns(given, [column.name for column in TABLES[kind]], table.column_names)
    contents = Contents(table) if contents is None else contents
    chosen = dict(given)
    for column in TABLES[kind]:
        if column.name not in chosen and (found := _by_name(column, contents, chosen)):
            chosen[column.name] = found
    price = None if "unit_price" in given else chosen.get("unit_price")
    if price and fold(price) == "price" and not {"quantity", "amount"} & chosen.keys():
        chosen["amount"] = chosen.pop("unit_price")  # without a quantity the price is what was paid
    guessed, unfit = [], []
    for column in _missing(kind, chosen):
        if column.name in given:
            continue
        if found := _by_content(column, contents, chosen):
            chosen[column.name] = found
            guessed.append(column.name)
        elif found := _by_name(column, contents, chosen, fitting=False):
            chosen[column.name] = found
            unfit.append(column.name)
    columns = {
        column.name: chosen[column.name]
        for column in TABLES[kind]
        if column.name in chosen and (chosen[column.name] or _by_name(column, contents, chosen))
    }
    return Mapping(columns, tuple(guessed), tuple(unfit))


def starts_with_a_record(table: pa.Table) -> bool:
    """Whether the first row is no row of names: no name is known, and one of them is a date or a number.

    >>> [starts_with_a_record(pa.table({name: ["ben"], "visit": ["buy"]})) for name in ("ana", "2026-01-01", "user")]
    [False, True, False]
    """
    known = {name for columns in TABLES.values() for column in columns for name in column.names}
    if known & {fold(name) for name in table.column_names}:
        return False
    values = Content(pa.chunked_array([[name for name in table.column_names if not re.fullmatch(r"\d{4}", name)]]))
    return values.dates > 0 or values.numbers > 0


def missing(kind: str, mapping: Mapping) -> list[str]:
    """The required canonical columns that no column of the file fills."""
    return [column.name for column in _missing(kind, mapping.columns)]


def _missing(kind: str, chosen: dict[str, str | None]) -> list[Column]:
    return [
        column
        for column in TABLES[kind]
        if column.required
        and not chosen.get(column.name)
        and not all(chosen.get(part) for part in ALTERNATIVES.get(column.name, (column.name,)))
    ]


def _by_name(column: Column, contents: Contents, chosen: dict[str, str | None], fitting: bool = True) -> str | None:
    used = set(chosen.values())
    named = [name for known in column.names for name in contents.called(known, fold) if name not in used]
    return next((name for name in named if not fitting or contents[name].fits(column.holds)), None)


def _by_content(column: Column, contents: Contents, chosen: dict[str, str | None]) -> str | None:
    """The only column left whose content can be meant; None where there are none or several."""
    used = set(chosen.values())
    left = (name for name in contents.table.column_names if name not in used)
    found = list(islice((name for name in left if contents[name].could_be(column.name, fold(name))), 2))
    return found[0] if len(found) == 1 else None
