"""From a rule to the customers it fits: one small function for each kind of rule, each giving a mask over the crowd."""

from collections.abc import Callable
from inspect import signature

import numpy as np
import pandas as pd

from insight.audiences.crowd import Crowd, row_times
from insight.audiences.rules import MEASURES, at_least, condition_of, kind_of
from insight.catalog import catalog
from insight.errors import InsightError, UnknownValue
from insight.log.conditions import read_conditions
from insight.members import members
from insight.periods import UNITS, day_start
from insight.tables.order_log import PURCHASE

EARLIEST, LATEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
COMPARE: dict[str, Callable] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def matches(rule: dict, crowd: Crowd) -> np.ndarray:
    """Which customers of the crowd a checked rule fits."""
    return crowd.known & RULES[kind_of(rule)](rule, crowd)


def _all(rule: dict, crowd: Crowd) -> np.ndarray:
    return np.logical_and.reduce([matches(inner, crowd) for inner in rule["all"]])


def _any(rule: dict, crowd: Crowd) -> np.ndarray:
    return np.logical_or.reduce([matches(inner, crowd) for inner in rule["any"]])


def _not(rule: dict, crowd: Crowd) -> np.ndarray:
    return ~matches(rule["not"], crowd)


def _ids(rule: dict, crowd: Crowd) -> np.ndarray:
    return crowd.mask(rule["ids"])


def _members(rule: dict, crowd: Crowd) -> np.ndarray:
    """The people behind a number, as of the crowd's day where the number's own settings name none."""
    analysis, settings = catalog[rule["members"]], rule["settings"]
    if crowd.cut and "as_of" in signature(analysis.function).parameters:
        settings = {"as_of": crowd.as_of} | settings
    table = crowd.table(rule.get("table", analysis.kind), analysis.title)
    further = {kind: crowd.tables[kind] for kind in analysis.also if kind in crowd.tables}
    return crowd.mask(members(analysis.name, {table.kind: table, **further}, settings, rule["cell"]))


def _did(rule: dict, crowd: Crowd) -> np.ndarray:
    table = crowd.table(rule.get("table", "events"), '"did"')
    names = (rule["did"],) if isinstance(rule["did"], str) else tuple(rule["did"])
    where = read_conditions(rule.get("where") or [], table.frame.columns)
    if table.kind == "contacts":
        n_times = _times_of_contacts(table, names, where, rule, crowd)
    else:
        arrivals = table.log.arrivals_at(names, where)
        fits = _in_period(arrivals.time, rule, crowd, table)
        n_times = np.zeros(len(crowd), np.int64)
        n_times[crowd.numbering.of_code] = np.bincount(arrivals.customer[fits], minlength=len(table.log.customers))
    most = rule.get("at_most")
    return (n_times >= at_least(rule)) & (n_times <= (np.inf if most is None else most))


def _times_of_contacts(contacts, names: tuple, where: tuple, rule: dict, crowd: Crowd) -> np.ndarray:
    """How often each customer's contacts came to one of these outcomes."""
    outcomes = contacts.frame["outcome"]
    for name in names:
        if name not in (known := set(outcomes.dropna())):
            raise UnknownValue("outcome", name, sorted(known))
    customer = crowd.numbering.of_row["contacts"]
    fits = outcomes.isin(names).to_numpy(bool) & (customer >= 0)
    for condition in where:
        fits &= condition.holds(contacts.frame, contacts.timezone)
    fits &= _in_period(row_times(contacts), rule, crowd, contacts)
    return np.bincount(customer[fits], minlength=len(crowd))


def _column(rule: dict, crowd: Crowd) -> np.ndarray:
    """Of the rows asked for (any, or those of the customer's first or last moment) one fits the condition."""
    table, of = _table_with(rule["column"], rule.get("table"), crowd), rule.get("of", "any")
    (condition,) = read_conditions([condition_of(rule)], table.frame.columns)
    fits, customer = condition.holds(table.frame, table.timezone), crowd.numbering.of_row[table.kind]
    times = row_times(table)
    if times is None and of != "any":
        raise InsightError(f'A table of {table.kind} has no dates, so it has no {of} row: leave out "of".')
    seen = customer >= 0
    if times is not None:
        seen &= times < crowd.end(table)
        if of != "any":
            extreme = _extreme(times[seen], customer[seen], len(crowd), of)
            seen &= times == extreme[customer]
    found = np.zeros(len(crowd), bool)
    found[customer[fits & seen]] = True
    return found


def _table_with(column: str, kind: str | None, crowd: Crowd):
    """The table of this kind, or else the first one that has the column."""
    tables = list(crowd.tables.values()) if kind is None else [crowd.table(kind, f"The column {column}")]
    for table in tables:
        if column in table.frame:
            return table
    raise UnknownValue("column", column, dict.fromkeys(name for table in tables for name in table.frame.columns))


def _measure(rule: dict, crowd: Crowd) -> np.ndarray:
    """Compare a number, or a day, of each customer; who has none is in no comparison."""
    measure, value = rule["measure"], rule["value"]
    kinds = [rule["table"]] if "table" in rule else MEASURES[measure]
    table = crowd.table(next((kind for kind in kinds if kind in crowd.tables), kinds[0]), f'"measure": {measure!r}')
    times, customer, compare = row_times(table), crowd.numbering.of_row[table.kind], COMPARE[rule["is"]]
    inside = _in_period(times, rule, crowd, table)
    counts = inside & _is_activity(table)
    n_rows = np.bincount(customer[counts], minlength=len(crowd))
    if measure in ("revenue", "average_order_value"):
        revenue = _revenue(table, customer[inside], inside, len(crowd))
        if measure == "revenue":
            return compare(revenue, value)
        return (n_rows > 0) & compare(revenue / np.maximum(n_rows, 1), value)
    if measure in ("orders", "events"):
        return compare(n_rows, value)
    extreme = _extreme(times[counts], customer[counts], len(crowd), "first" if "first" in measure else "last")
    days = _days(np.where(n_rows > 0, extreme, 0), table.timezone)
    if measure.startswith("days_since"):
        days = (np.datetime64(crowd.as_of, "D") + 1 - days).astype(np.int64)
    else:
        value = np.datetime64(value, "D")
    return (n_rows > 0) & compare(days, value)


def _is_activity(table) -> np.ndarray:
    """Which rows say that somebody came: every event, and of orders the purchases."""
    if table.kind == "orders":
        return _by_row(table, table.log.event == table.log.events.index(PURCHASE))
    return np.ones(len(table.frame), bool)


def _by_row(orders, values: np.ndarray) -> np.ndarray:
    """What the log of the orders says of each, in the order of their frame: only the log knows what was cancelled."""
    found = np.empty_like(values)
    found[orders.log.row] = values
    return found


def _status(rule: dict, crowd: Crowd) -> np.ndarray:
    """Who came lately, and whether for the first time, again, or after a long silence; or who came before only."""
    kinds = [rule["table"]] if "table" in rule else MEASURES["last_day"]
    table = crowd.table(next((kind for kind in kinds if kind in crowd.tables), kinds[0]), '"status"')
    times, customer, n = row_times(table), crowd.numbering.of_row[table.kind], len(crowd)
    came = _is_activity(table) & (times < crowd.end(table))
    lately = came & (times >= crowd.end(table, days_later=1 - rule["days"]))
    before = came & ~lately
    first = _extreme(times[lately], customer[lately], n, "first")  # of the days that count as lately
    last = _extreme(times[before], customer[before], n, "last")
    is_here, was_here = first < LATEST, last > EARLIEST
    silence = np.where(is_here & was_here, first, 0) - np.where(is_here & was_here, last, 0)
    returned = is_here & was_here
    match rule["status"]:
        case "new":
            return is_here & ~was_here
        case "returning":
            return returned & (silence <= rule["silent"] * UNITS["D"])
        case "reactivated":
            return returned & (silence > rule["silent"] * UNITS["D"])
    return was_here & ~is_here


def _revenue(orders, customer: np.ndarray, counts: np.ndarray, n: int) -> np.ndarray:
    """Net amounts, refunds and cancellations subtracted; the sums are exact in whole minor units."""
    if orders.currency is None and len(orders.currencies or []) > 1:
        raise InsightError(
            f"The orders are in {', '.join(orders.currencies)}: read them with one currency to compare revenue."
        )
    total = np.zeros(n, np.int64)
    np.add.at(total, customer, _by_row(orders, orders.log.minor)[counts])
    return total / 10**orders.decimals


def _extreme(times: np.ndarray, customer: np.ndarray, n: int, which: str) -> np.ndarray:
    """The first or the last time of each customer."""
    start, reduce = (EARLIEST, np.maximum) if which == "last" else (LATEST, np.minimum)
    found = np.full(n, start)
    reduce.at(found, customer, times)
    return found


def _days(instants: np.ndarray, timezone: str | None) -> np.ndarray:
    """The calendar day of each instant, as clocks in the time zone showed it."""
    moments = pd.DatetimeIndex(instants.astype("datetime64[us]"))
    local = moments if timezone is None else moments.tz_localize("UTC").tz_convert(timezone).tz_localize(None)
    return local.to_numpy().astype("datetime64[D]")


def _in_period(times: np.ndarray, rule: dict, crowd: Crowd, table) -> np.ndarray:
    """Which rows lie in the rule's period, and not after the day the audience is of."""
    closes = crowd.end(table)
    opens = crowd.end(table, days_later=1 - rule["days"]) if rule.get("days") is not None else None
    if rule.get("from") is not None:
        opens = day_start(rule["from"], table.timezone, setting="from")
    if rule.get("to") is not None:
        closes = min(closes, day_start(rule["to"], table.timezone, setting="to", days_later=1))
    fits = times < closes
    return fits if opens is None else fits & (times >= opens)


RULES = {
    "all": _all,
    "any": _any,
    "not": _not,
    "ids": _ids,
    "members": _members,
    "did": _did,
    "column": _column,
    "measure": _measure,
    "status": _status,
}
