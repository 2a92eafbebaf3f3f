"""What an analysis can lack, in words: kinds of table, and columns that a table must have."""

from insight.language import _

KINDS = {
    "events": _("a table of events"),
    "orders": _("a table of orders"),
    "campaigns": _("a table of campaigns"),
    "customers": _("a table of customers"),
    "contacts": _("a table of contacts"),
    "feedback": _("a table of feedback"),
    "paths": _("a table of paths"),
}
NEEDS = {
    "customer_id": _("a column that says who (customer id)"),
    "timestamp": _("a time column"),
    "event": _("an event column"),
    "order_date": _("an order date column"),
    "amount": _("an amount column, or quantity and unit price"),
    "date": _("a date column"),
    "spend": _("a spend column"),
    "outcome": _("a column that says what came of a contact"),
    "score": _("a score column"),
    "path": _("a column of paths"),
    "conversions": _("a column of conversions"),
}
