"""What customers bought in the last year of a file of orders, and who they are: the numbers of `clv_formula`."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.periods import day_start
from insight.tables.order_log import PURCHASE, REFUND
from insight.tables.table import counted

YEAR = 365  # days that order value and frequency are read from
CELLS = ("active", "kept")


@dataclass(frozen=True)
class Bought:
    """What some customers bought: counts, and amounts in minor units."""

    purchases: int
    revenue: int
    refunds: int
    refunded: int
    active: int
    n_customers: int
    earlier: int
    kept: int
    left_out: int

    def __add__(self, other: "Bought") -> "Bought":
        return Bought(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Year:
    """The 365 days up to `as_of`, as instants: the beginnings of the year before and of the year, and its end."""

    before: int
    start: int
    end: int


def year_of(facts: Facts, as_of: str | None) -> Year:
    """The 365 days up to `as_of`, and the 365 before them."""
    last = facts.as_of_day(as_of)
    start, before = (day_start(last, facts.timezone, days_later=1 - n * YEAR) for n in (1, 2))
    return Year(before, start, facts.end_of_data(last))


def buyers_of(log: Log, year: Year) -> dict[str, np.ndarray]:
    """Of each customer of a log, whether they ever bought, in the year, and in the year before: masks by code."""
    purchase = log.event == log.events.index(PURCHASE)
    ends = {"ever": (log.time.min(), year.end), "year": (year.start, year.end), "before": (year.before, year.start)}
    return {
        name: np.logical_or.reduceat(purchase & (log.time >= first) & (log.time < last), log.starts)
        for name, (first, last) in ends.items()
    }


def bought(log: Log, year: Year) -> Bought:
    """What the customers of a log, which may be a part of the whole, bought in the year, and who of them did."""
    inside = (log.time >= year.start) & (log.time < year.end)
    purchase, refund = (inside & (log.event == log.events.index(kind)) for kind in (PURCHASE, REFUND))
    who = buyers_of(log, year)
    return Bought(
        purchases=int(purchase.sum()),
        revenue=int(log.minor[purchase].sum()),
        refunds=int(refund.sum()),
        refunded=-int(log.minor[refund].sum()),
        active=int(who["year"].sum()),
        n_customers=int(who["ever"].sum()),
        earlier=int(who["before"].sum()),
        kept=int((who["before"] & who["year"]).sum()),
        left_out=int((log.time >= year.end).sum()),
    )


def merged(parts: list[Bought]) -> Bought:
    """The same of disjoint sets of customers together."""
    return sum(parts[1:], parts[0])


def clv_formula_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `clv_formula(orders, **settings)`, in ascending order.

    cell : {"active": True}, who bought in the year; False for who bought before it and not in it
        {"kept": True}, who bought in the 365 days before the year and in it; False for who did not come again

    Raises UnknownValue and InsightError for a cell that the result does not have.

    >>> from insight import read_orders
    >>> orders = read_orders(b"customer,date,amount\\nana,2024-06-01,40\\nben,2026-01-01,60\\n")
    >>> clv_formula_members(orders, {"margin": 0.4}, {"active": False})
    ['ana']
    """
    table = counted(orders, "clv_formula_members", "orders")
    if not isinstance(cell, dict) or len(cell) != 1 or not isinstance(next(iter(cell.values())), bool):
        raise InsightError(f'A cell of clv_formula is written {{"active": True}}; {cell!r} is not one.')
    if (name := next(iter(cell))) not in CELLS:
        raise UnknownValue("cell", name, CELLS)
    return table.ids(partial(_those, year=year_of(table.facts, settings.get("as_of")), cell=cell))


def _those(log: Log, year: Year, cell: dict[str, bool]) -> list[str]:
    who = buyers_of(log, year)
    if "active" in cell:
        wanted = who["year"] if cell["active"] else who["ever"] & ~who["year"]
    else:
        wanted = who["before"] & (who["year"] == cell["kept"])
    return log.customers[wanted].tolist()
