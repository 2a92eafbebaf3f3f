"""What a visitor calls the tables and their columns: the same words in every form, table and message."""

from insight.language import _, _n, count

KINDS = {
    "events": _("events: who did what, and when"),
    "orders": _("orders: who bought, when, and for how much"),
    "campaigns": _("campaigns: what was spent, where, and when"),
    "customers": _("customers: who they are, and what they agreed to"),
    "contacts": _("contacts: who was written to, and how they reacted"),
    "feedback": _("feedback: what people said, as a score"),
    "paths": _("paths: which channels people met on the way, and how many converted"),
}
KIND_NAMES = {
    "events": _("Events"),
    "orders": _("Orders"),
    "campaigns": _("Campaign rows"),
    "customers": _("Customers"),
    "contacts": _("Contacts"),
    "feedback": _("Answers"),
    "paths": _("Paths"),
}
ROWS = {
    "events": _("An event"),
    "orders": _("An order, or a line of one"),
    "campaigns": _("A campaign’s day"),
    "customers": _("A customer"),
    "contacts": _("A message to a customer"),
    "feedback": _("An answer"),
    "paths": _("A path, or a journey"),
}
ICONS = {
    "events": ":material/touch_app:",
    "orders": ":material/receipt_long:",
    "campaigns": ":material/campaign:",
    "customers": ":material/group:",
    "contacts": ":material/mail:",
    "feedback": ":material/reviews:",
    "paths": ":material/conversion_path:",
}
LABELS = {
    "customer_id": _("Who"),
    "event": _("Did what"),
    "timestamp": _("When"),
    "time": _("Clock time, if in a column of its own"),
    "sequence": _("Order at equal times"),
    "session": _("Session"),
    "channel": _("Channel"),
    "campaign": _("Campaign"),
    "device": _("Device"),
    "region": _("Region"),
    "value": _("Value"),
    "variant": _("Variant of a test"),
    "order_id": _("Order number"),
    "order_date": _("When"),
    "amount": _("Amount"),
    "quantity": _("Quantity"),
    "unit_price": _("Price of one"),
    "product": _("Product"),
    "category": _("Category"),
    "discount": _("Discount"),
    "offer": _("Offer or coupon"),
    "cost": _("Cost"),
    "currency": _("Currency"),
    "date": _("Day"),
    "spend": _("Spend"),
    "impressions": _("Impressions"),
    "reach": _("Reach"),
    "clicks": _("Clicks"),
    "conversions": _("Conversions"),
    "new_customers": _("New customers"),
    "revenue": _("Revenue"),
    "other_cost": _("Other cost"),
    "signup_date": _("Customer since"),
    "birth_date": _("Date of birth"),
    "birth_year": _("Year of birth"),
    "age": _("Age"),
    "age_band": _("Age group"),
    "gender": _("Gender"),
    "country": _("Country"),
    "city": _("City"),
    "segment": _("Segment"),
    "first_channel": _("First channel"),
    "consent_email": _("Agreed to e-mail"),
    "consent_ads": _("Agreed to advertising"),
    "consent_analytics": _("Agreed to analysis"),
    "outcome": _("What came of it"),
    "sent": _("Sent"),
    "open": _("Opened"),
    "click": _("Clicked"),
    "unsub": _("Unsubscribed"),
    "score": _("Score"),
    "touchpoint": _("Touchpoint"),
    "scale": _("Scale"),
    "path": _("Path of channels"),
    "nulls": _("Journeys without a conversion"),
    "text": _("Comment"),
}


def label(name: str) -> str:
    """What a visitor calls a canonical column; its own name where there is no word."""
    return LABELS.get(name, name)


def size(rows: dict[str, int]) -> str:
    """How many rows there are, kind by kind.

    >>> size({"events": 14061, "orders": 1})
    '14,061 events · 1 order'
    """
    words = {
        "events": lambda n: _n("{n} event", "{n} events", n, n=count(n)),
        "orders": lambda n: _n("{n} order", "{n} orders", n, n=count(n)),
        "campaigns": lambda n: _n("{n} campaign row", "{n} campaign rows", n, n=count(n)),
        "customers": lambda n: _n("{n} customer", "{n} customers", n, n=count(n)),
        "contacts": lambda n: _n("{n} contact", "{n} contacts", n, n=count(n)),
        "feedback": lambda n: _n("{n} answer", "{n} answers", n, n=count(n)),
        "paths": lambda n: _n("{n} path", "{n} paths", n, n=count(n)),
    }
    return " · ".join(words[kind](n) for kind, n in rows.items())
