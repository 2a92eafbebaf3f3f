"""The customers behind a number of a funnel: the codes that were counted, read back as ids."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.funnel.attempts import attempts
from insight.funnel.groups import groups
from insight.funnel.outcome import Outcome, outcome
from insight.funnel.reached import Attempts
from insight.funnel.settings import Settings, read_settings
from insight.funnel.tables import labelled, row_names
from insight.funnel.tally import Tally, funnel_tally, merged, units, used_rows
from insight.log import Facts, Log
from insight.log.ids import ascending
from insight.tables.table import counted

FLAGS = ("entered", "still_open", "removed")  # cells beside the table; each is True


@dataclass(frozen=True)
class Cell:
    """One number of a funnel, checked.

    flag : one of FLAGS, or None where it is of a row
    row : position in `steps`, from 0
    reached : those who got there; else those who got to the required row before and not here
    entered_here : of an open funnel, only those who entered there
    groups : the breakdown's values that the number is of; None for everybody
    """

    flag: str | None = None
    row: int = 0
    reached: bool = True
    entered_here: bool = False
    groups: frozenset[str] | None = None


def funnel_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `funnel(events, **settings)`, in ascending order.

    cell : {"step": 3} or {"step": "cart"}, who reached the step (in any order {"level": 2}, at least so many)
        {"step": 3, "reached": False}, who reached the required step before it and not this one
        {"step": 3, "entered_here": True}, of an open funnel: who came in there
        {"entered": True}, {"still_open": True}, {"removed": True}
        and beside any of them "group": "ads", as the table of groups names it

    Where sessions are counted: the customers with at least one such session, so there are fewer of them.
    Raises UnknownValue for a cell that the result does not have; otherwise as `funnel`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> funnel_members(log, {"steps": ["visit", "buy"], "within": "1D"}, {"step": 1})
    ['ana', 'ben']
    """
    table = counted(events, "funnel_members", "events")
    facts = table.facts
    asked = read_settings(settings, facts)

    def tallied() -> Tally:
        return table.tally(partial(funnel_tally, facts=facts, settings=settings), merged, columns=asked.columns)

    checked = read_cell(cell, asked, tallied)
    return table.ids(partial(member_ids, facts=facts, settings=settings, cell=checked), columns=asked.columns)


def read_cell(cell: object, asked: Settings, tallied: Callable[[], Tally]) -> Cell:
    """A cell as written, checked against the settings and, where it names a group, the groups of all customers.

    tallied : gives the tally of the whole table
    """
    if not isinstance(cell, dict) or not cell:
        raise InsightError(f'A cell of a funnel is written {{"step": 3}}; {cell!r} is not one.')
    order, places = asked.rules.order, ["step", *FLAGS]
    if order == "any":
        places.append("level")
    for key in cell:
        if key not in (*places, "reached", "group", *(["entered_here"] if order == "open" else [])):
            raise UnknownValue("cell", key, [*places, "reached", "group"])
    named = [place for place in places if place in cell]
    if len(named) != 1:
        raise InsightError(f"A cell names one of {', '.join(places)}; {cell!r} names {len(named)}.")
    for key in ("reached", "entered_here", *FLAGS):
        if not isinstance(cell.get(key, True), bool) or (key in FLAGS and not cell.get(key, True)):
            raise InsightError(f"{key} = {cell[key]!r} of a cell must be True{'' if key in FLAGS else ' or False'}.")
    shown = frozenset(_values_of(cell["group"], asked, tallied)) if "group" in cell else None
    if named[0] in FLAGS:
        _check_flag(cell, named[0], asked)
        return Cell(flag=named[0], groups=shown)
    row, reached, here = _row(cell[named[0]], asked), cell.get("reached", True), cell.get("entered_here", False)
    if not reached and row == 0:
        raise InsightError("Everybody who counts has reached the first step: nobody was lost before it.")
    if not reached and here:
        raise InsightError("Who entered at a step has reached it: leave out one of reached and entered_here.")
    return Cell(row=row, reached=reached, entered_here=here, groups=shown)


def _check_flag(cell: dict[str, object], flag: str, asked: Settings) -> None:
    if "reached" in cell or "entered_here" in cell:
        raise InsightError(f"{flag} is about no step: leave out reached and entered_here.")
    if flag == "removed" and not any(own.remove for own in asked.rules.exclusions):
        raise InsightError('Nobody is removed: no exclusion has the effect "remove".')


def _row(step: object, asked: Settings) -> int:
    """The position of a row, by its number from 1 or its name."""
    names = row_names(asked)
    if step in names:
        return names.index(step)
    if type(step) is not int or step not in range(1, len(names) + 1):
        raise UnknownValue("step of a cell", step, [*range(1, len(names) + 1), *names])
    return step - 1


def _values_of(group: object, asked: Settings, tallied: Callable[[], Tally]) -> list[str]:
    """The values of the breakdown behind a label of the table; which are bundled as Other depends on all customers."""
    if asked.breakdown is None:
        raise InsightError("This funnel has no groups: add a breakdown with by=..., or leave out the group.")
    tally = tallied()
    labels, label = labelled(tally, asked.breakdown.top)
    if group not in labels:
        raise UnknownValue("group", group, labels)
    return [name for name, own in zip(tally.groups, label, strict=True) if own == labels.index(group)]


def member_ids(log: Log, facts: Facts, settings: dict[str, object], cell: Cell) -> list[str]:
    """The ids of the customers of a log who are behind a number, in ascending order."""
    return ids_of(log, people(log, facts, settings, cell))


def people(log: Log, facts: Facts, settings: dict[str, object], cell: Cell) -> np.ndarray:
    """Which customers of a log, by code, are behind a number; the log may be a part of the whole.

    facts : of the whole log. The parts' customers together are those of the whole, as with `funnel_tally`.
    """
    asked = read_settings(settings, facts)
    stream = units(used_rows(log, asked), asked)
    tried = attempts(stream, asked.rules)
    found = outcome(tried, asked, len(stream.customers))
    behind = np.zeros(len(stream.customers), bool)
    behind[_counted(cell, tried, found)] = True
    if not cell.reached:
        before = max(k for k in range(cell.row) if asked.rules.steps[k].required)
        behind, here = np.zeros(len(behind), bool), np.flatnonzero(behind)
        behind[_everyone(found, before)] = True
        behind[here] = False
    if cell.groups is not None:
        group, names = groups(stream, tried, asked)
        behind &= np.array([name in cell.groups for name in names])[group]
    if stream.owner is None:
        return behind
    owners = np.zeros(len(log.customers), bool)
    owners[stream.owner[behind]] = True
    return owners


def _counted(cell: Cell, tried: Attempts, found: Outcome) -> np.ndarray:
    """The codes of the units that stand in a number."""
    match cell.flag:
        case "entered":
            return tried.entered
        case "removed":
            return found.removed
        case "still_open":
            return np.setdiff1d(tried.entered, np.concatenate([found.counted, found.removed]), assume_unique=True)
    return found.rows[cell.row].here if cell.entered_here else _everyone(found, cell.row)


def _everyone(found: Outcome, row: int) -> np.ndarray:
    return np.concatenate([found.rows[row].here, found.rows[row].came])


def ids_of(log: Log, behind: np.ndarray) -> list[str]:
    """The ids of customers by code, in ascending order."""
    order = log.remember("ascending ids", lambda: ascending(log.customers))
    return log.customers[order[behind[order]]].tolist()
