"""What charts and sentences call the numbers that make a customer's value by formula."""

from math import ceil

from insight.language import _, _n, count, money, percent

DRIVERS = {
    "average_order_value": _("Order value"),
    "orders_per_year": _("Orders a year"),
    "margin": _("Margin"),
    "years": _("Years"),
    "acquisition_cost": _("Cost of acquiring (CAC)"),
    "annual_discount": _("Discount a year"),
    "annual_retention": _("Retention a year"),
}


def driver_text(driver: str, value: float, currency: str | None = None) -> str:
    """A number that was put in, as people write it.

    >>> driver_text("average_order_value", 50.0, "EUR"), driver_text("margin", 0.335), driver_text("years", 3.0)
    ('50.00 EUR', '33.5%', '3 years')
    """
    match driver:
        case "average_order_value" | "acquisition_cost":
            return money(value, currency)
        case "margin" | "annual_retention" | "annual_discount":
            return share_text(value)
        case "years":
            return years_text(value)
        case _orders:
            return number_text(value)


def share_text(share: float) -> str:
    """A share as it was typed: with a decimal only where it has one.

    >>> share_text(0.3), share_text(0.335)
    ('30%', '33.5%')
    """
    return percent(share, 0 if abs(100 * share - round(100 * share)) < 1e-9 else 1)


def number_text(n: float) -> str:
    """A number of at most two decimals, without those that say nothing.

    >>> number_text(4.0), number_text(2.4476), number_text(2.6924)
    ('4', '2.45', '2.69')
    """
    return f"{n:,.2f}".rstrip("0").rstrip(".")


def years_text(years: float) -> str:
    """A number of years.

    >>> years_text(1.0), years_text(2.5)
    ('1 year', '2.5 years')
    """
    return _n("{n} year", "{n} years", 1 if years == 1 else 2, n=number_text(years))


def months_text(years: float) -> str:
    """A time of less or more than a year in months, rounded up: by then it has happened.

    >>> months_text(0.667), months_text(0.01), months_text(2.0)
    ('9 months', '1 month', '24 months')
    """
    months = max(1, ceil(12 * years - 1e-9))
    return _n("{n} month", "{n} months", months, n=count(months))
