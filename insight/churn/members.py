"""The customers behind a number of churn: found where the rows are, with the silences that were counted."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.churn import churn, churn_tally, merged, with_activity
from insight.churn.finish import groups_of_tally
from insight.churn.settings import Settings, read_settings, whole_days
from insight.churn.silences import Silences, silences
from insight.churn.tally import groups_of
from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.tables.table import counted

NUMBERS = ("inactive", "came_back", "too_new", "silent")


@dataclass(frozen=True)
class Cell:
    """One number of a result, checked.

    number : one of NUMBERS; `yes` : those of whom it is true, else the others it is a share of
    days : days of silence
    groups : the values of the breakdown that it is of; None for everybody
    """

    number: str
    yes: bool
    days: int
    groups: frozenset[str] | None


def churn_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `churn(table, **settings)`, in ascending order.

    cell : {"inactive": True}, silent for the chosen days on the last day; False for the others who are known so long
        {"silent": "60D"}, silent for these days on the last day, whatever is chosen
        {"came_back": True}, who came back after the first silence of the chosen days; False for who did not in time
        {"too_new": True}, first active less than the chosen days ago
        and beside any of them "group": "ads", as the table of groups names it
    Raises UnknownValue for a cell that the result does not have; otherwise as `churn`.

    >>> from insight import read_orders
    >>> orders = read_orders(b"customer,date,amount\\nana,2026-01-01,5\\nben,2026-01-01,5\\nben,2026-01-20,5\\n")
    >>> churn_members(orders, {"silent": "10D"}, {"inactive": True})
    ['ana']
    """
    found = counted(table, "churn_members", "events", "orders")
    facts = found.facts
    given = {**settings, "activity": with_activity(found.kind, settings.get("activity"))}
    asked = read_settings(given, facts)
    wanted = _read_cell(cell, asked, found, settings, given)
    columns = () if asked.by is None else (asked.by,)
    return found.ids(partial(_people, facts=facts, settings=given, cell=wanted), columns=columns)


def _read_cell(cell: object, asked: Settings, table, settings: dict, given: dict) -> Cell:
    if not isinstance(cell, dict) or not cell:
        raise InsightError(f'A cell of churn is written {{"inactive": True}}; {cell!r} is not one.')
    for key in cell:
        if key not in (*NUMBERS, "group"):
            raise UnknownValue("cell", key, [*NUMBERS, "group"])
    named = [number for number in NUMBERS if number in cell]
    if len(named) != 1:
        raise InsightError(f"A cell names one of {', '.join(NUMBERS)}; {cell!r} names {len(named)}.")
    number, value = named[0], cell[named[0]]
    if number == "silent":
        days, yes, number = whole_days(value, "silent"), True, "inactive"
    else:
        if not isinstance(value, bool) or (number == "too_new" and not value):
            raise InsightError(
                f"{number} = {value!r} of a cell must be True{'' if number == 'too_new' else ' or False'}."
            )
        days, yes = asked.silent or churn(table, **settings).silent_days, value
    return Cell(number, yes, days, _values_of(cell["group"], asked, table, given) if "group" in cell else None)


def _values_of(group: object, asked: Settings, table, given: dict) -> frozenset[str]:
    """The values of the breakdown behind a label; which are bundled as Other depends on all customers."""
    if asked.by is None:
        raise InsightError("This result has no groups: add a breakdown with by=..., or leave out the group.")
    tally = table.tally(partial(churn_tally, facts=table.facts, settings=given), merged, columns=(asked.by,))
    shown = groups_of_tally(tally, asked.top)
    values = shown.values(group, tally.groups)
    if values is None:
        raise UnknownValue("group", group, shown.labels)
    return values


def _people(log: Log, facts: Facts, settings: dict[str, object], cell: Cell) -> list[str]:
    """The ids of those customers of a log who are behind a number; the log may be a part of the whole."""
    asked = read_settings(settings, facts)
    found = silences(log, asked)
    behind = _behind(found, asked, cell)
    if cell.groups is not None:
        own, names = groups_of(log, found, asked)
        behind &= np.array([name in cell.groups for name in names])[own]
    return log.customers[found.customer[found.firsts][behind]].tolist()


def _behind(found: Silences, asked: Settings, cell: Cell) -> np.ndarray:
    """Which of the customers with activity stand in a number."""
    firsts, lasts = found.firsts, np.append(found.firsts[1:], len(found.start)) - 1
    known = found.start[firsts] <= asked.last - cell.days
    match cell.number:
        case "too_new":
            return ~known
        case "inactive":
            return known & ((found.start[lasts] <= asked.last - cell.days) == cell.yes)
        case _came_back:
            return _came_back_in_time(found, asked, cell)


def _came_back_in_time(found: Silences, asked: Settings, cell: Cell) -> np.ndarray:
    """Of those with a silence so long, followed for the horizon: who came back after the first one, or did not."""
    ended = found.days > 0
    first = (found.longest <= cell.days) & (~ended | (found.days > cell.days))
    first &= found.start + cell.days + asked.horizon <= asked.last
    first &= (ended & (found.days <= cell.days + asked.horizon)) == cell.yes
    return np.isin(found.customer[found.firsts], found.customer[first])
