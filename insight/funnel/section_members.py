"""The customers behind the numbers beside a funnel: its trend, how others count it, what a point is worth."""

from functools import partial
from inspect import signature

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.funnel import funnel
from insight.funnel.attempts import attempts
from insight.funnel.members import funnel_members, ids_of
from insight.funnel.outcome import outcome
from insight.funnel.peers import OURS, funnel_peers
from insight.funnel.settings import USUAL, read_settings
from insight.funnel.tally import used_rows
from insight.funnel.trend_tally import calendar_of, first_attempts, period_of_each
from insight.funnel.worth import funnel_worth
from insight.log import Facts, Log
from insight.tables.table import counted


def funnel_trend_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids behind a number of `funnel_trend(events, **settings)`, in ascending order.

    cell : {"period": "2026-01-05"}, whose first entry lies in it; with "reached": True those of them who reached the
        last required step so far, with False those who did not

    Raises UnknownValue for a period that the result does not have; otherwise as `funnel_trend`.
    """
    _known_keys(cell, ("period", "reached"), "period")
    table = counted(events, "funnel_trend_members", "events")
    facts = table.facts
    asked = read_settings(first_attempts(settings), facts)
    days, *_limits = calendar_of(facts, asked, settings)
    if cell["period"] not in days:
        raise UnknownValue("period", cell["period"], days)
    count = partial(trend_member_ids, facts=facts, settings=settings, cell=cell)
    return table.ids(count, columns=asked.columns)


def trend_member_ids(log: Log, facts: Facts, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers of a log who are behind a number of a trend, in ascending order."""
    asked = read_settings(first_attempts(settings), facts)
    used = used_rows(log, asked)
    tried = attempts(used, asked.rules)
    found = outcome(tried, asked, len(used.customers))
    days, begins, *_limits = calendar_of(facts, asked, settings)
    behind = np.zeros(len(used.customers), bool)
    own = period_of_each(tried, begins)[found.counted] == days.index(cell["period"])
    behind[found.counted[own]] = True
    if "reached" in cell:
        last = found.rows[asked.goal]
        there = np.zeros(len(behind), bool)
        there[np.concatenate([last.here, last.came])] = True
        behind &= there if cell["reached"] else ~there
    return ids_of(log, behind)


def funnel_peers_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids behind a number of `funnel_peers(events, **settings)`, in ascending order.

    cell : {"tool": "GA4"}, or {"changed": "reentry"} for this funnel with one change, and where several change the same
        setting the value it has there: {"changed": "within", "within": "1D"}; and beside it a cell of a funnel,
        {"step": 3, "reached": False}, or nothing for those who reached the last step

    Raises UnknownValue for a way to count that the result does not have; otherwise as `funnel_members`.
    """
    tools = funnel_peers(events, **settings).tools
    tool, changed = cell.get("tool", OURS), cell.get("changed")
    if changed is None:
        rows = tools[tools["tool"] == tool].head(1)
        if rows.empty:
            raise UnknownValue("tool", tool, tools["tool"].unique())
    else:
        rows = _changed(tools[tools["tool"] == tool], cell)
    asked = {name: value for name, value in cell.items() if name not in ("tool", "changed", changed)}
    counted = rows["settings"].iloc[0]
    return funnel_members(events, counted, asked or {"step": len(counted["steps"])})


def _changed(rows: pd.DataFrame, cell: dict[str, object]) -> pd.DataFrame:
    """The one row whose settings differ as the cell says."""
    changed = cell["changed"]
    found = rows[rows["changed"] == changed]
    if found.empty:
        raise UnknownValue("changed", changed, [name for name in rows["changed"].unique() if name])
    values = [settings.get(changed, USUAL.get(changed)) for settings in found["settings"]]
    if changed in cell:
        found = found[[value == cell[changed] for value in values]]
        if found.empty:
            raise UnknownValue(changed, cell[changed], values)
    elif len(found) > 1:
        ways = ", ".join(repr({"changed": changed, changed: value}) for value in values)
        raise InsightError(f"Several rows change {changed}: name one of {ways}.")
    return found


def funnel_worth_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids behind a step of `funnel_worth(events, **settings)`: those whom a better step could keep.

    cell : {"step": 3, "reached": False}, as for `funnel_members`
    """
    of_funnel = signature(funnel).parameters.keys() & signature(funnel_worth).parameters.keys()
    return funnel_members(events, {name: own for name, own in settings.items() if name in of_funnel}, cell)


def _known_keys(cell: object, allowed: tuple[str, ...], needed: str) -> None:
    if not isinstance(cell, dict) or needed not in cell:
        raise InsightError(f'A cell names its {needed}, as in {{"{needed}": ...}}; {cell!r} does not.')
    for key in cell:
        if key not in allowed:
            raise UnknownValue("cell", key, allowed)
    if not isinstance(cell.get("reached", True), bool):
        raise InsightError(f"reached = {cell['reached']!r} of a cell must be True or False.")
