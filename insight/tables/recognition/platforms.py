"""Exports of well-known platforms: how they are told, and what their columns mean where the names alone mislead.

To teach another export, add a row: the names that only it has, and what is meant by what. Names are compared folded, so
"Lineitem quantity" is lineitemquantity; of several names the first that the file has is taken.
"""

from dataclasses import dataclass, field

from insight.tables.recognition.headings import Headings, fold


@dataclass(frozen=True)
class Platform:
    """One kind of export.

    name : as it is said;  kind : of table;  signature : names that the file must have, alternatives parted by |
    columns : canonical -> names in the file, the preferred first, parted by |; "" for a column that is none of these
    refund : money given back, to be taken off the amount
    status, never_paid : the column, and how what it says of orders that were never paid begins
    guests : the column of customers in which a 0 stands for everybody without an account
    """

    name: str
    kind: str
    signature: tuple[str, ...]
    columns: dict[str, str] = field(default_factory=dict)
    refund: str = ""
    status: str = ""
    never_paid: tuple[str, ...] = ()
    guests: str = ""


_WOOCOMMERCE_UNPAID = ("cancelled", "canceled", "failed", "pending", "trash", "checkout-draft")
PLATFORMS = (
    Platform(
        "Shopify orders",  # as its exported files are; further lines of an order repeat its name, e-mail and creation
        "orders",
        ("Name", "Email", "Financial Status", "Lineitem quantity", "Lineitem name"),
        {
            "order_id": "Name",
            "customer_id": "Email",
            "order_date": "Created at",
            "amount": "Total",
            "quantity": "Lineitem quantity",
            "unit_price": "Lineitem price",
            "product": "Lineitem name",
            "discount": "Discount Amount",
            "offer": "Discount Code",
            "region": "Shipping Country|Billing Country",
            "channel": "Source",
            "time": "",
        },
        refund="Refunded Amount",
        status="Financial Status",
        never_paid=("voided", "expired"),
    ),
    Platform(
        "WooCommerce orders",  # get_export_columns in its Admin/API/Reports/Orders/Controller.php
        "orders",
        ("Order #", "N. Revenue", "Customer type", "Items sold"),
        {
            "order_id": "Order #",
            "customer_id": "Customer",
            "order_date": "Date",
            "amount": "N. Revenue",
            "quantity": "Items sold",
            "unit_price": "",
            "product": "Product(s)",
            "offer": "Coupon(s)",
            "channel": "Attribution",
        },
        status="Status",
        never_paid=_WOOCOMMERCE_UNPAID,
    ),
    Platform(
        "WooCommerce orders",  # as plug-ins export them; guests share the user id 0
        "orders",
        ("Order ID|Order Number", "Order Status", "Order Total Amount|Order Total", "Customer User ID"),
        {
            "order_id": "Order ID|Order Number",
            "customer_id": "Billing Email Address|Billing Email|Customer User ID",
            "order_date": "Order Date|Paid Date",
            "amount": "Order Total Amount|Order Total",
            "unit_price": "",
            "time": "",
        },
        status="Order Status",
        never_paid=_WOOCOMMERCE_UNPAID,
        guests="Customer User ID",
    ),
    Platform(
        "Stripe payments",  # as its exported files are
        "orders",
        ("id", "Created date (UTC)|Created (UTC)", "Amount Refunded", "Status"),
        {
            "order_id": "id",
            "customer_id": "Customer ID|Customer Email",
            "order_date": "Created date (UTC)|Created (UTC)",
            "amount": "Amount",
            "product": "",
        },
        refund="Amount Refunded",
        status="Status",
        never_paid=(
            "failed",
            "canceled",
            "cancelled",
            "blocked",
            "incomplete",
            "requires_payment_method",
            "uncaptured",
        ),
    ),
    Platform(
        "Google Analytics 4 events",  # its BigQuery export; times in microseconds; user_id is empty before a login
        "events",
        ("event_name", "user_pseudo_id", "event_timestamp"),
        {
            "customer_id": "user_pseudo_id",
            "timestamp": "event_timestamp",
            "event": "event_name",
            "time": "",
            "session": "ga_session_id|session_id|event_params.ga_session_id",
            "value": "event_value_in_usd",
            "channel": "traffic_source.medium|traffic_source_medium",
            "campaign": "traffic_source.name|traffic_source_name",
            "device": "device.category|device_category",
            "region": "geo.country|geo_country",
        },
    ),
    Platform(
        "Amplitude events",  # its event table; user_id is empty before somebody signs in
        "events",
        ("amplitude_id", "event_type", "event_time"),
        {
            "customer_id": "amplitude_id",
            "timestamp": "event_time",
            "event": "event_type",
            "session": "session_id",
            "device": "device_type|platform",
            "region": "country",
        },
    ),
    Platform(
        "PostHog events",  # its data model, event fields; one person has several distinct ids
        "events",
        ("distinct_id", "event", "timestamp", "uuid"),
        {
            "customer_id": "person_id|distinct_id",
            "timestamp": "timestamp",
            "event": "event",
            "session": "session_id|$session_id|properties.$session_id",
        },
    ),
    Platform(
        "Google Ads",  # as its exported reports are; "--" stands for none
        "campaigns",
        ("Campaign", "Cost", "Impr.", "Clicks"),
        {
            "date": "Day|Week|Month",
            "campaign": "Campaign",
            "spend": "Cost",
            "impressions": "Impr.",
            "clicks": "Clicks",
            "conversions": "Conversions",
            "revenue": "Conv. value|All conv. value",
            "currency": "Currency code",
        },
    ),
    Platform(
        "Meta Ads",  # as its exported reports are; the currency is in the name of a column
        "campaigns",
        ("Campaign name", "Amount spent", "Reporting starts|Day"),
        {
            "date": "Day|Reporting starts",
            "campaign": "Campaign name",
            "spend": "Amount spent",
            "clicks": "Link clicks|Clicks (all)",
            "conversions": "Purchases|Website purchases|Results",
            "revenue": "Purchases conversion value|Website purchases conversion value",
            "channel": "Platform",
        },
    ),
    Platform(
        "Mailchimp audience",  # as its exported files are
        "customers",
        ("Email Address", "MEMBER_RATING", "OPTIN_TIME"),
        {
            "customer_id": "Email Address",
            "signup_date": "OPTIN_TIME|CONFIRM_TIME",
            "country": "CC",
            "region": "REGION",
        },
    ),
)


def platform_of(kind: str, headings: Headings) -> Platform | None:
    """The platform whose export this is, read as this kind of table; None where it is none of them.

    >>> platform_of("campaigns", Headings(["Campaign name", "Day", "Amount spent (EUR)"])).name
    'Meta Ads'
    """
    return next(
        (
            platform
            for platform in PLATFORMS
            if platform.kind == kind and all(named(part, headings) for part in platform.signature)
        ),
        None,
    )


def named(alternatives: str, headings: Headings) -> str | None:
    """The file's name for the first of these that it has.

    >>> named("Day|Week", Headings(["week", "cost"]))
    'week'
    """
    found = (headings.called(fold(name)) for name in alternatives.split("|") if name)
    return next((names[0] for names in found if names), None)


def was_never_paid(platform: Platform, state: str) -> bool:
    """Whether a state of an order begins as one of those that were never paid.

    >>> shop = Platform("", "orders", (), never_paid=("cancelled", "checkout-draft"))
    >>> [was_never_paid(shop, state) for state in ("Cancelled by customer", "wc-checkout-draft", "completed")]
    [True, True, False]
    """
    return fold(state.casefold().removeprefix("wc-")).startswith(tuple(map(fold, platform.never_paid)))


def platform_columns(platform: Platform, headings: Headings) -> dict[str, str | None]:
    """Canonical -> the file's name, None for what the file must not be searched for; what it lacks is not named."""
    columns = {name: named(alternatives, headings) for name, alternatives in platform.columns.items()}
    return {name: column for name, column in columns.items() if column or not platform.columns[name]}
