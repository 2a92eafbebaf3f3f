"""The kinds of table, the columns of each, and what a column holds. What files call them is in `vocabulary/`."""

from dataclasses import dataclass

from insight.tables.recognition.headings import fold
from insight.tables.recognition.vocabulary import column_names


@dataclass(frozen=True)
class Column:
    """One canonical column: what it holds (id, date, time, text, number, money, flag) and what files call it."""

    name: str
    holds: str
    names: tuple[str, ...]
    required: bool = False


def _table(kind: str, required: tuple[str, ...], **holds: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, kept, tuple(dict.fromkeys(map(fold, column_names(kind, name)))), name in required)
        for name, kept in holds.items()
    )


TABLES: dict[str, tuple[Column, ...]] = {
    "events": _table(
        "events",
        ("customer_id", "timestamp", "event"),
        customer_id="id",
        timestamp="date",
        event="text",
        time="time",
        sequence="number",
        session="id",
        channel="text",
        campaign="text",
        device="text",
        region="text",
        value="number",
        variant="text",
    ),
    "orders": _table(
        "orders",
        ("customer_id", "order_date", "amount"),
        order_id="id",
        customer_id="id",
        order_date="date",
        time="time",
        amount="money",
        quantity="number",
        unit_price="number",
        product="text",
        category="text",
        discount="number",
        offer="text",
        channel="text",
        campaign="text",
        region="text",
        cost="number",
        currency="text",
    ),
    "campaigns": _table(
        "campaigns",
        ("date", "spend"),
        date="date",
        time="time",
        channel="text",
        campaign="text",
        spend="money",
        impressions="number",
        reach="number",
        clicks="number",
        conversions="number",
        new_customers="number",
        revenue="money",
        other_cost="money",
        currency="text",
    ),
    "customers": _table(
        "customers",
        ("customer_id",),
        customer_id="id",
        signup_date="date",
        birth_date="date",
        birth_year="number",
        age="number",
        age_band="text",
        gender="text",
        country="text",
        city="text",
        region="text",
        segment="text",
        first_channel="text",
        consent_email="flag",
        consent_ads="flag",
        consent_analytics="flag",
    ),
    "contacts": _table(
        "contacts",
        ("customer_id", "timestamp"),
        customer_id="id",
        timestamp="date",
        time="time",
        channel="text",
        campaign="text",
        outcome="text",
        sent="flag",
        open="flag",
        click="flag",
        unsub="flag",
        variant="text",
    ),
    "feedback": _table(
        "feedback",
        ("timestamp", "score"),
        customer_id="id",
        timestamp="date",
        time="time",
        touchpoint="text",
        score="number",
        scale="text",
        text="text",
        order_id="id",
    ),
    "paths": _table(
        "paths",
        ("path", "conversions"),
        path="text",
        conversions="number",
        nulls="number",
        value="money",
    ),
}
ALTERNATIVES = {"amount": ("quantity", "unit_price")}  # a required column and what can stand in for it
DATES = {"timestamp", "order_date", "date"}  # the columns that a time of day belongs to
