"""The customers behind the numbers of contracts."""

from functools import partial

import numpy as np

from insight.churn.contracts import Contracts, checked, contracts_of_customers, contracts_of_log
from insight.churn.life import contract_tally, groups_of_tally, merged
from insight.churn.settings import read_groups
from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.tables.table import counted


def survival_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers whose contracts `survival(table, **settings)` counts, in ascending order.

    cell : {"ended": True}, whose contract is over; {"ended": False}, whose still runs; and beside it "group": "yearly"
    Raises UnknownValue for a cell that the result does not have; otherwise as `survival`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,join,2026-01-01\\nana,leave,2026-01-09\\nben,join,2026-01-05\\n")
    >>> survival_members(log, {"start": "join", "end": "leave"}, {"ended": False})
    ['ben']
    """
    if not isinstance(cell, dict) or not isinstance(cell.get("ended"), bool):
        raise InsightError(f'A cell of survival is written {{"ended": True}}; {cell!r} is not one.')
    for key in cell:
        if key not in ("ended", "group"):
            raise UnknownValue("cell", key, ["ended", "group"])
    asked = checked(settings)
    if "group" in cell and asked["by"] is None:
        raise InsightError("This result has no groups: add a breakdown with by=..., or leave out the group.")
    if getattr(table, "kind", None) == "customers":
        found, _days = contracts_of_customers(table, asked)
        return sorted(_named(found, cell, _values(contract_tally(found), asked, cell)))
    log = counted(table, "survival_members", "events", "customers")
    facts, values = log.facts, None
    column, _top = read_groups(asked["by"], facts)
    columns = () if column is None else (column,)
    if "group" in cell:
        values = _values(log.tally(partial(_tally, facts=facts, asked=asked), merged, columns=columns), asked, cell)
    count = partial(_people, facts=facts, asked=asked, cell=cell, values=values)
    return log.ids(count, columns=columns)


def _tally(log: Log, facts: Facts, asked: dict[str, object]):
    return contract_tally(contracts_of_log(log, facts, asked))


def _people(log: Log, facts: Facts, asked: dict[str, object], cell: dict[str, object], values) -> list[str]:
    return _named(contracts_of_log(log, facts, asked), cell, values)


def _values(tally, asked: dict[str, object], cell: dict[str, object]) -> frozenset[str] | None:
    """The values of the breakdown behind a group's label; None for everybody."""
    if "group" not in cell:
        return None
    shown = groups_of_tally(tally, asked["by"])
    values = shown.values(cell["group"], tally.names)
    if values is None:
        raise UnknownValue("group", cell["group"], shown.labels)
    return values


def _named(found: Contracts, cell: dict[str, object], values: frozenset[str] | None) -> list[str]:
    """The ids of those contracts; the log may be a part of the whole."""
    behind = found.ended == cell["ended"]
    if values is not None:
        behind &= np.array([name in values for name in found.names])[found.group]
    return found.who[behind].tolist()
