"""The customers behind a value, on any source."""

from functools import partial

import numpy as np
import pandas as pd

from insight.clv.checks import MOST_REPEATS, REPEATS, TENTHS
from insight.clv.given import is_number
from insight.clv.group_finish import group_members
from insight.clv.group_tally import read_by, shown_names
from insight.clv.value import customer_value
from insight.errors import InsightError, UnknownValue
from insight.log import Log
from insight.tables.order_log import REFUND
from insight.tables.table import counted

MEASURES = {  # of a cell -> column, and whether the customers have at least so much, or less
    "value_at_least": ("value", True),
    "value_below": ("value", False),
    "alive_at_least": ("probability_alive", True),
    "alive_below": ("probability_alive", False),
}
KEYS = ("decile", "repeats", *MEASURES, "without_purchase")


def customer_value_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `customer_value(orders, **settings)`, in ascending order.

    cell : {"decile": 1}; {"value_at_least": 50.0} or value_below; {"alive_below": 0.2} or alive_at_least; {"repeats":
        "0"} for one-time buyers, as in `calibration`; several of them, which all hold; {"without_purchase": True}: who
        was left out

    Raises UnknownValue and InsightError for a cell that the result does not have; otherwise as `customer_value`.

    >>> from insight import sample
    >>> cell = {"decile": 1, "alive_below": 0.5}
    >>> len(customer_value_members(sample("shop_orders"), {"margin": 0.4}, cell))
    3
    """
    table = counted(orders, "customer_value_members", "orders")
    _check(cell)
    if "without_purchase" in cell:
        end = table.facts.end_of_data(table.facts.as_of_day(settings.get("as_of")))
        return sorted(table.tally(partial(_without_purchase, end=end), _joined))
    found = customer_value(table, **settings | {"customers": True}).customers
    return found["customer_id"][_those(found, cell)].tolist()


def customer_value_by_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one group of `customer_value_by(orders, **settings)`, in ascending order.

    cell : {"group": "ads"}

    Raises UnknownValue for a group that the result does not have; otherwise as `customer_value_by`.

    >>> from insight import sample
    >>> orders, settings = sample("shop_orders"), {"by": "cohort", "margin": 0.4}
    >>> len(customer_value_by_members(orders, settings, {"group": "2025-03-01"})) > 9
    True
    """
    table = counted(orders, "customer_value_by_members", "orders")
    if not isinstance(cell, dict) or list(cell) != ["group"]:
        raise InsightError(f'A cell of customer_value_by is written {{"group": "ads"}}; {cell!r} is not one.')
    column, top = read_by(settings.get("by"), table.facts)
    people = group_members(table, settings.get("as_of"), column)
    names = shown_names(people.names, top)
    if cell["group"] not in names:
        raise UnknownValue("group", cell["group"], sorted(set(names)))
    return people.ids[names == cell["group"]].tolist()


def _check(cell: object) -> None:
    if not isinstance(cell, dict) or not cell:
        raise InsightError(f'A cell of customer_value is written {{"decile": 1}}; {cell!r} is not one.')
    if "without_purchase" in cell and cell != {"without_purchase": True}:
        raise InsightError('Who has no purchase has no value: write {"without_purchase": True}.')
    allowed = {"decile": range(1, TENTHS + 1), "repeats": REPEATS}
    for key, value in cell.items():
        if key not in KEYS:
            raise UnknownValue("cell", key, KEYS)
        if key in allowed and value not in allowed[key]:
            raise UnknownValue(key, value, allowed[key])
        if key in MEASURES and not is_number(value):
            raise InsightError(f"{key} = {value!r} must be a number.")


def _those(customers: pd.DataFrame, cell: dict[str, object]) -> pd.Series:
    wanted = pd.Series(True, index=customers.index)
    for key, value in cell.items():
        if key in MEASURES:
            column, at_least = MEASURES[key]
            wanted &= (customers[column] >= value) if at_least else (customers[column] < value)
        elif key == "decile":
            wanted &= customers["decile"] == value
        else:
            wanted &= customers["frequency"].clip(upper=MOST_REPEATS) == REPEATS.index(value)
    return wanted


def _without_purchase(log: Log, end: int) -> list[str]:
    inside = log.time < end
    bought = inside & (log.event != log.events.index(REFUND))
    seen, buyer = (np.logical_or.reduceat(own, log.starts) for own in (inside, bought))
    return log.customers[seen & ~buyer].tolist()


def _joined(parts: list[list[str]]) -> list[str]:
    return [one for part in parts for one in part]
