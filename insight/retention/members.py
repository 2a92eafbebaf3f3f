"""The customers behind a number of a retention analysis."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log, run_starts
from insight.retention.activity import Units, marks_of, returns_of, unbroken_returns, units_of, used_rows
from insight.retention.counts import FULL, NONE, labelled, observed_cells
from insight.retention.settings import Settings, read_settings
from insight.retention.tally import Tally, groups_of, merged, retention_tally
from insight.tables.table import counted

PLACES = ("cohort", "period", "retained", "group")


@dataclass(frozen=True)
class Cell:
    """A number of the result: whose starts lie in these calendar periods, of these groups (None for all), who are, or
    are not, retained in a period (None for everyone)."""

    cohorts: frozenset[int]
    groups: frozenset[str] | None
    period: int | None
    retained: bool


def retention_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `retention(table, **settings)`, in ascending order.

    cell : {"cohort": "2026-01-01"} (or the value of a column), everyone in it
        {"cohort": "2026-01-01", "period": 3}, of them those retained in the period, or with "retained": False those
        who were not; of the value of a column among those whose period is over
        {"cohort": "2026-01-01", "period": 3, "group": "ads"}, of them those of a group
        {"period": 3}, those retained in the period in all cohorts for which it is over, as the average counts them

    Raises UnknownValue for a cell that the result does not have; otherwise as `retention`.

    >>> from insight import read_orders
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount\\n1,ana,2026-01-05,9\\n2,ben,2026-01-09,9\\n"
    ...                      b"3,ana,2026-02-07,9\\n4,eva,2026-03-01,9\\n")
    >>> retention_members(orders, {}, {"cohort": "2026-01-01", "period": 1, "retained": False})
    ['ben']
    """
    rows = counted(table, "retention_members", "events", "orders")
    facts, kind = rows.facts, rows.kind
    asked = read_settings(settings, facts, kind)
    given = {"facts": facts, "settings": settings, "kind": kind}
    tally = rows.tally(partial(retention_tally, **given), merged, columns=asked.columns)
    found = partial(people, **given, cell=read_cell(cell, asked, tally))
    return rows.ids(found, columns=asked.columns)


def people(log: Log, facts: Facts, settings: dict[str, object], kind: str, cell: Cell) -> list[str]:
    """The ids of the customers of a log, which may be a part of the whole, who are behind a number."""
    asked = read_settings(settings, facts, kind)
    used = used_rows(log, asked)
    units = units_of(used, asked)
    behind = np.isin(units.cohort, list(cell.cohorts))
    if cell.period is not None:
        behind &= came_back(used, units, asked, cell.period) == cell.retained
    if cell.groups is not None:
        group, names = groups_of(used, units, asked)
        behind &= np.array([name in cell.groups for name in names], bool)[group]
    customer = units.customer[behind]
    return log.customers[customer[run_starts(customer)]].tolist()


def came_back(log: Log, units: Units, settings: Settings, period: int) -> np.ndarray:
    """Which units are retained in a period, by the criterion."""
    found = np.full(len(units.row), period == 0)
    first, last = settings.asked["bracket"] or (period, period)
    for unit, when in returns_of(units, marks_of(log, settings), settings):
        match settings.asked["criterion"]:
            case "on":
                meets = when == period
            case "on_or_after":
                meets = when >= period
            case "on_or_before":
                meets = when <= period
            case "bracket":
                meets = (first <= when) & (when <= last)
            case _streak:
                meets = unbroken_returns(unit, when) & (when == period)
        if period > 0:
            found[unit[meets]] = True
    return found


def read_cell(cell: object, settings: Settings, tally: Tally) -> Cell:
    """A cell as written, checked against the settings and the tally of all customers."""
    if not isinstance(cell, dict) or not {"cohort", "period"} & set(cell):
        raise InsightError(
            f'A cell of a retention analysis is written {{"cohort": ..., "period": 3}}; {cell!r} is not.'
        )
    for key in cell:
        if key not in PLACES:
            raise UnknownValue("cell", key, PLACES)
    wanted = cell.get("retained", True)
    if not isinstance(wanted, bool) or ("retained" in cell and "period" not in cell):
        raise InsightError(f"retained = {wanted!r} of a cell must be True or False, and goes with a period.")
    cohorts, groups = _cohorts(cell, settings, tally)
    period = cell.get("period")
    if "period" in cell:
        cohorts = _with_period(period, cohorts, settings, tally, whole="cohort" not in cell or settings.by_value)
    return Cell(frozenset(cohorts), groups, period, wanted)


def _cohorts(cell: dict, settings: Settings, tally: Tally) -> tuple[set[int], frozenset[str] | None]:
    """The calendar periods that a cell is about, and its groups."""
    there = np.flatnonzero(tally.size.sum(axis=0)).tolist()
    if settings.by_value and "cohort" in cell:
        return set(there), _values_of("cohort", cell["cohort"], settings, tally)
    groups = _values_of("group", cell["group"], settings, tally) if "group" in cell else None
    if "cohort" not in cell:
        return set(there), groups
    days = {settings.days[number]: number for number in there}
    if cell["cohort"] not in days:
        raise UnknownValue("cohort of a cell", cell["cohort"], days)
    return {days[cell["cohort"]]}, groups


def _values_of(place: str, label: object, settings: Settings, tally: Tally) -> frozenset[str]:
    """The values behind a label of the table; which are bundled as Other depends on all customers."""
    if settings.column is None:
        raise InsightError("There are no groups: add them with by=..., or leave out the group.")
    shown = labelled(tally, settings.column.top).groups
    if label not in shown:
        raise UnknownValue(f"{place} of a cell", label, shown)
    bundled = label == shown[-1] and len(shown) < np.count_nonzero(tally.size.sum(axis=1))
    return frozenset(tally.groups) - frozenset(shown[:-1]) if bundled else frozenset([label])


def _with_period(period: object, cohorts: set[int], settings: Settings, tally: Tally, *, whole: bool) -> set[int]:
    """Those of the cohorts for which the period has begun, or, where `whole`, is over."""
    seen = observed_cells(tally, settings)
    bracket = settings.asked["bracket"]
    known = range(settings.n_periods) if bracket is None else [0, bracket[1]]
    if type(period) is not int or period not in known or period >= settings.n_periods:
        raise UnknownValue("period of a cell", period, known)
    found = {cohort for cohort in cohorts if (seen[cohort, period] == FULL if whole else seen[cohort, period] > NONE)}
    if not found and not whole:
        raise InsightError(f"Period {period} has not begun for this cohort: nobody can have come back in it yet.")
    return found
