"""Customer lifetime value by formula, with what a file of orders says of order value and frequency."""

import math
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from insight.clv.formula_tally import bought, merged, year_of
from insight.clv.simple import SimpleClv, simple_clv
from insight.errors import NotEnoughData
from insight.language import _, count
from insight.log import Facts
from insight.periods import UNITS, day_start, timestamp
from insight.tables.table import counted


@dataclass(frozen=True, eq=False)
class YearOfOrders:
    """What a file of orders says of its last year: the `days` days up to `as_of`, 365 or all there are.

    start, as_of : first and last day of the year; days : how many that are
    purchases, revenue : of the year; the revenue is that of the purchases
    refunds, refunded : of the year, in no other number; what they come to
    active : customers who bought in the year; n_customers : customers who ever did
    average_order_value : revenue / purchases; orders_per_year : purchases / active; NA where nobody bought
    earlier, kept : customers who bought in the 365 days before the year, and those of them who bought in it, too; None
        where the file does not hold so many days
    left_out : rows after `as_of`, not used; days_beyond : how many days `as_of` lies after the last row
    currency : of the amounts, None where the file does not say
    """

    start: str
    as_of: str
    days: int
    purchases: int
    revenue: float
    refunds: int
    refunded: float
    active: int
    n_customers: int
    average_order_value: float
    orders_per_year: float
    earlier: int | None
    kept: int | None
    left_out: int
    days_beyond: int
    currency: str | None


@dataclass(frozen=True, eq=False)
class ClvFormula:
    """Result of :func:`clv_formula`.

    simple : the value by formula, a `SimpleClv`; None without a margin
    drivers : one row a number that was put in, the most influential first: what if it were other by `change`
        driver      str    its name
        low, high   float  the number less and more that share; shares at most 1
        net_clv_low, net_clv_high
                    float  net CLV then
        swing       float  the distance between them
    year : what the file says, a `YearOfOrders`
    average_order_value, orders_per_year : what the value is computed with: as given, else as the file says
    typed : which of the two were given
    margin, years, acquisition_cost, annual_discount, annual_retention, payments, profit_share, change : as given
    """

    simple: SimpleClv | None
    drivers: pd.DataFrame
    year: YearOfOrders
    average_order_value: float
    orders_per_year: float
    typed: tuple[str, ...]
    margin: float | None
    years: float
    acquisition_cost: float | None
    annual_discount: float
    annual_retention: float | None
    payments: str
    profit_share: float
    change: float


def clv_formula(
    orders,
    *,
    margin: float | None,
    years: float = 3.0,
    acquisition_cost: float | None = None,
    annual_discount: float = 0.0,
    annual_retention: float | None = None,
    payments: str = "start",
    profit_share: float = 0.0,
    change: float = 0.1,
    average_order_value: float | None = None,
    orders_per_year: float | None = None,
    as_of: str | None = None,
) -> ClvFormula:
    r"""What a new customer is worth by formula (`simple_clv`), order value and frequency read from the orders.

    .. math:: \text{CLV} = \underbrace{\frac{\text{revenue}}{\text{purchases}}}_{\text{order value}} \cdot
        \underbrace{\frac{\text{purchases}}{\text{customers who bought}}}_{\text{orders per year}} \cdot
        \text{margin} \cdot \text{years} - \text{CAC}

    Both are of the 365 days up to `as_of`, or of all days of a shorter file: nothing is scaled up, so a short file
    makes too little of the frequency. Refunds are in neither and are counted aside. What no file of orders can say is
    asked: margin, years, cost of acquiring. The frequency is that of customers who bought at least once in the year,
    so the formula takes a customer as active for all `years` (or with `annual_retention` as leaving): in most shops
    that is more than a new customer does, which is what the models are for.

    margin : share of the amount that is left after the cost of the goods, above 0 to 1; None: not known, and then
        there is no value, only what the file says
    acquisition_cost : of one new customer; None: not known
    average_order_value, orders_per_year : in place of what the file says
    years, annual_discount, annual_retention, payments, profit_share, change : as for `simple_clv`
    as_of : last complete day; later rows are ignored and counted

    Raises InsightError for amounts in several currencies and impossible numbers, UnknownValue for other `payments`,
    NotEnoughData where nobody bought in the year and the two numbers are not given.
    Source: Berger & Nasr 1998, J. of Interactive Marketing 12:17.

    >>> from insight import read_orders
    >>> orders = read_orders(b"customer,date,amount\nana,2026-01-01,40\nana,2026-02-01,60\nben,2026-02-01,50\n")
    >>> found = clv_formula(orders, margin=0.4, years=2, acquisition_cost=10)
    >>> found.average_order_value, found.orders_per_year, found.simple.clv_before_cac, found.simple.ltv_to_cac
    (50.0, 1.5, 60.0, 6.0)
    """
    table = counted(orders, "clv_formula", "orders")
    found = _year_of_orders(table, as_of)
    given = {"average_order_value": average_order_value, "orders_per_year": orders_per_year}
    used = {name: getattr(found, name) if value is None else value for name, value in given.items()}
    if any(value != value for value in used.values()):
        raise NotEnoughData(
            _("Nobody bought in the {n} days up to {day}: type an order value and the orders of a year.",
              n=count(found.days), day=found.as_of)
        )  # fmt: skip
    known = {
        "years": years, "annual_discount": annual_discount, "annual_retention": annual_retention,
        "payments": payments, "profit_share": profit_share, "change": change,
    }  # fmt: skip
    simple = simple_clv(**used, margin=0.0 if margin is None else margin, acquisition_cost=acquisition_cost or 0.0,
                        **known)  # fmt: skip
    return ClvFormula(
        simple=None if margin is None else simple,
        drivers=simple.drivers.head(0) if margin is None else simple.drivers,
        year=found,
        typed=tuple(name for name, value in given.items() if value is not None),
        margin=margin,
        acquisition_cost=acquisition_cost,
        **used,
        **known,
    )


def _year_of_orders(table, as_of: str | None) -> YearOfOrders:
    facts = table.facts
    currency, year, last = facts.one_currency(), year_of(facts, as_of), facts.as_of_day(as_of)
    found = table.tally(partial(bought, year=year), merged)
    first = max(year.start, day_start(_day(facts.first_time, facts), facts.timezone))
    unit, whole = 10**facts.decimals, facts.first_time < year.before + UNITS["D"]
    return YearOfOrders(
        start=_day(first, facts),
        as_of=last,
        days=(date.fromisoformat(last) - date.fromisoformat(_day(first, facts))).days + 1,
        purchases=found.purchases,
        revenue=found.revenue / unit,
        refunds=found.refunds,
        refunded=found.refunded / unit,
        active=found.active,
        n_customers=found.n_customers,
        average_order_value=found.revenue / unit / found.purchases if found.purchases else math.nan,
        orders_per_year=found.purchases / found.active if found.active else math.nan,
        earlier=found.earlier if whole else None,
        kept=found.kept if whole else None,
        left_out=found.left_out,
        days_beyond=facts.days_beyond(as_of),
        currency=currency,
    )


def _day(instant: int, facts: Facts) -> str:
    return timestamp(instant, facts.timezone).strftime("%Y-%m-%d")
