"""Words of acquisition that sentences and pictures share: who is meant, and why a figure is missing."""

from insight.language import _, _n, count

WHY = {
    "not_observed": _("nobody could be followed so long"),
    "no_cost": _("nothing was spent"),
    "no_customers": _("no customers acquired"),
    "no_new_customers": _("no customers acquired"),
    "no_revenue": _("nothing came in"),
    "no_margin": _("needs your margin"),
    "few_customers": _("fewer than ten customers"),
    "not_reached": _("not yet"),
    "no_model": _("no model asked for"),
    "each_alone": _("a model is fitted to each alone"),
    "several_names": _("several names in the orders are this one"),
    "needs_orders_column": _("a model needs the orders to say how a customer came"),
}
SOURCES = {
    "orders": _("the first order"),
    "events": _("the first touch among the events"),
    "customers": _("the table of customers"),
}


def why_missing(why: str) -> str:
    """Why a figure, or its interval, is missing.

    >>> why_missing("no_cost"), why_missing(""), why_missing("too short")
    ('nothing was spent', '', 'too short')
    """
    return WHY.get(why, why)


def days_after(days: float) -> str:
    """How long after the acquisition.

    >>> days_after(0), days_after(1), days_after(90)
    ('on the day itself', 'by day 1', 'by day 90')
    """
    return _("by day {n}", n=count(days)) if days else _("on the day itself")


def customers(n: int) -> str:
    """A number of customers.

    >>> customers(1), customers(1200)
    ('1 customer', '1,200 customers')
    """
    return _n("{n} customer", "{n} customers", n, n=count(n))
