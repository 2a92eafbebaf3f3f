"""The customers behind a number of an overview: found where the rows are, with the arrays that were counted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from inspect import signature

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.overview.breakdown import Groups
from insight.overview.conversion import bought_by, conversion
from insight.overview.converted import converted
from insight.overview.purchases import Purchases
from insight.overview.rate_change import COMPARED, rate_change, rate_of
from insight.overview.rhythm import SLOT, instants, read_span, rhythm, weekday_and_hour
from insight.overview.sales import MEASURES, first_purchases, order_group, order_groups, sales
from insight.overview.sales import columns_of as order_columns
from insight.overview.shared import period_of, read_asked, used_rows
from insight.overview.traffic import MEASURES as TRAFFIC
from insight.overview.traffic import (
    columns_of,
    own_settings,
    session_groups,
    traffic,
    visit_groups,
    visit_periods,
    visits_of,
)
from insight.overview.visits import read_gap, visits
from insight.periods import WEEKDAYS
from insight.tables.order_log import PURCHASE, REFUND
from insight.tables.table import counted

VISITORS = ("visitors", "new_visitors", "bounced")
BUYERS = ("buyers", "new_customers", "returning_customers", "refunded")
CONVERTING = ("converted_visitors", "lost_visitors", "converted_new", "lost_new", "converted_leads", "lost_leads")


@dataclass(frozen=True)
class Cell:
    """One number of an overview, checked. who : which of its people; period, group : numbers; None for all groups"""

    who: str
    period: int
    group: int | None = None


def traffic_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `traffic(events, **settings)`, in ascending order.

    cell : {"who": "visitors"}, "new_visitors" or "bounced" (with a session of at most one page), of the period that is
        looked at; and beside it "period": "2026-05-01", "group": "ads", as the tables name them
    Raises UnknownValue for a cell that the result does not have; otherwise as `traffic`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-05\\nana,buy,2026-01-05\\nben,visit,2026-01-11\\n")
    >>> traffic_members(log, {}, {"who": "bounced"})
    ['ben']
    """
    table, given = counted(events, "traffic_members", "events"), complete(traffic, settings)
    groups = session_groups(table, table.facts, given)
    wanted = _read_cell(cell, VISITORS, given, table.facts, groups)
    count = partial(_visitors, facts=table.facts, settings=given, groups=groups, cell=wanted)
    return table.ids(count, columns=columns_of(given, table.facts))


def sales_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `sales(orders, **settings)`, in ascending order.

    cell : {"who": "buyers"}, "new_customers", "returning_customers" or "refunded"; "period", "group" as for traffic
    """
    table, given = counted(orders, "sales_members", "orders"), complete(sales, settings)
    groups = order_groups(table, table.facts, given)
    wanted = _read_cell(cell, BUYERS, given, table.facts, groups)
    count = partial(_buyers, facts=table.facts, settings=given, groups=groups, cell=wanted)
    return table.ids(count, columns=order_columns(given, table.facts))


def conversion_members(events, settings: dict[str, object], cell: dict[str, object], orders=None) -> list[str]:
    """The ids of the customers behind one number of `conversion(events, orders, **settings)`, in ascending order.

    cell : {"who": "converted_visitors"} or "lost_visitors" (who came and did not convert), and the same of "..._new"
        and "..._leads"; "period", "group" as for traffic
    """
    table, given = counted(events, "conversion_members", "events"), complete(conversion, settings)
    facts = table.facts
    groups, bought = session_groups(table, facts, given), bought_by(orders, given, facts)
    wanted = _read_cell(cell, CONVERTING, given, facts, groups)
    if wanted.who.endswith("_leads") and given["lead"] is None:
        raise InsightError('Nobody is a lead yet: say which events make one, with lead="sign_up".')
    count = partial(_converting, facts=facts, settings=given, groups=groups, bought=bought, cell=wanted)
    return table.ids(count, columns=columns_of(given, facts))


def rate_change_members(table, settings: dict[str, object], cell: dict[str, object], orders=None) -> list[str]:
    """The ids of the customers behind a group of `rate_change(table, orders, **settings)`, in ascending order.

    cell : {"group": "ads"}, with a session (or purchase) of the group in the period that is looked at; with
        "period": "before", in the one that it is compared with; with "counted": True only those with one that counts
        in the rate: that converts, or bounces
    """
    given = complete(rate_change, settings)
    _check_keys(cell, ("group", "period", "counted"), "group")
    asked = read_asked(own_settings(given), table.facts, MEASURES)
    now = asked.calendar.focus
    period = {"now": now, "before": asked.calendar.compared[COMPARED.index(given["compare"])]}
    if cell.get("period", "now") not in period:
        raise UnknownValue("period of a cell", cell["period"], period)
    number = period[cell.get("period", "now")]
    address = {"period": asked.calendar.days[now if number is None else number], "group": cell["group"]}
    kept = {name: given[name] for name in ("period", "at", "by", "week_start", "as_of")}
    if table.kind == "orders":
        return sales_members(table, kept, address | {"who": "buyers"})
    kept["session_gap"] = given["session_gap"]
    if not cell.get("counted", False):
        return traffic_members(table, kept, address | {"who": "visitors"})
    match rate_of(table.kind, given["rate"], given["goal"], orders):
        case "per_session":
            asked = kept | {"goal": given["goal"]}
            return conversion_members(table, asked, address | {"who": "converted_sessions"}, orders)
        case "bounce_rate":
            return traffic_members(table, kept, address | {"who": "bounced"})
    raise InsightError("A mean counts everybody: leave out counted.")


def rhythm_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind a cell of `rhythm(table, **settings)`, in ascending order.

    cell : {"weekday": "MON", "hour": 9}; without the hour the whole day
    """
    given, facts = complete(rhythm, settings), table.facts
    _check_keys(cell, ("weekday", "hour"), "weekday")
    if cell["weekday"] not in WEEKDAYS:
        raise UnknownValue("weekday", cell["weekday"], WEEKDAYS)
    if cell.get("hour") not in (None, *range(24)) or (facts.dates_only and cell.get("hour") is not None):
        raise UnknownValue("hour", cell["hour"], [] if facts.dates_only else range(24))
    given["measure"] = given["measure"] or {"events": "events", "orders": "orders"}[table.kind]
    count = partial(_at_hour, facts=facts, settings=given, cell=cell)
    gap_column = given["measure"] == "sessions" and given["session_gap"] is None
    return table.ids(count, columns=["session"] if gap_column else [])


def complete(function: Callable, settings: dict[str, object]) -> dict[str, object]:
    """The settings of an analysis with the usual values of those that are not given."""
    usual = {name: one.default for name, one in signature(function).parameters.items() if one.kind is one.KEYWORD_ONLY}
    for name in settings:
        if name not in usual:
            raise UnknownValue("setting", name, usual)
    return usual | settings


def _check_keys(cell: object, allowed: tuple[str, ...], needed: str) -> None:
    if not isinstance(cell, dict) or needed not in cell:
        raise InsightError(f'A cell names its {needed}, as in {{"{needed}": ...}}; {cell!r} does not.')
    for key in cell:
        if key not in allowed:
            raise UnknownValue("cell", key, allowed)


def _read_cell(cell: object, people: tuple[str, ...], settings: dict, facts: Facts, groups: Groups | None) -> Cell:
    _check_keys(cell, ("who", "period", "group"), "who")
    if cell["who"] not in (*people, *(["converted_sessions"] if people is CONVERTING else [])):
        raise UnknownValue("who", cell["who"], people)
    calendar = read_asked(own_settings(settings) | {"measure": None}, facts, MEASURES).calendar
    period = calendar.number(cell["period"], "period of a cell") if "period" in cell else calendar.focus
    if "group" not in cell:
        return Cell(cell["who"], period)
    if groups is None:
        raise InsightError("There are no groups: add a breakdown with by=..., or leave out the group.")
    if cell["group"] not in groups.labels:
        raise UnknownValue("group", cell["group"], groups.labels)
    return Cell(cell["who"], period, groups.labels.index(cell["group"]))


def _ids(log: Log, customer: np.ndarray) -> list[str]:
    return log.customers[np.unique(customer)].tolist()


def _visitors(log: Log, facts: Facts, settings: dict, groups: Groups | None, cell: Cell) -> list[str]:
    asked = read_asked(own_settings(settings) | {"measure": None}, facts, TRAFFIC, groups)
    own, _used = visits_of(log, facts, settings)
    there = visit_periods(own, asked) == cell.period
    if cell.group is not None:
        there &= visit_groups(own, groups) == cell.group
    there &= {"new_visitors": own.first, "bounced": own.pages <= 1}.get(cell.who, True)
    return _ids(log, own.customer[there])


def _buyers(log: Log, facts: Facts, settings: dict, groups: Groups | None, cell: Cell) -> list[str]:
    asked = read_asked(settings, facts, MEASURES, groups)
    used = used_rows(log, asked)
    period, group = period_of(used, "orders", used.time, asked.calendar), order_group(used, groups)
    first = first_purchases(used, group)
    there = (period == cell.period) & (used.event == used.events.index(REFUND if cell.who == "refunded" else PURCHASE))
    if cell.group is not None:
        there &= group == cell.group
    if cell.who == "new_customers":
        there &= first
    if cell.who == "returning_customers":
        since = np.full(len(log.customers), len(asked.calendar))
        since[used.customer[first]] = period[first]
        there &= since[used.customer] < cell.period
    return _ids(log, used.customer[there])


def _converting(
    log: Log, facts: Facts, settings: dict, groups: Groups | None, bought: Purchases | None, cell: Cell
) -> list[str]:
    asked = read_asked(own_settings(settings) | {"measure": None}, facts, MEASURES, groups)
    own, used = visits_of(log, facts, settings)
    found = converted(own, used, facts, settings, bought, asked)
    there = visit_periods(own, asked) == cell.period
    if cell.group is not None:
        there &= visit_groups(own, groups) == cell.group
    if cell.who == "converted_sessions":
        return _ids(log, own.customer[there & found.sessions])
    outcome, of = cell.who.split("_")
    if of == "new":
        there &= own.first
    key = own.customer.astype(np.int64) * len(asked.calendar) + cell.period
    if of == "leads":
        there &= np.isin(key, found.leads)
    done = np.isin(key, found.converted_leads if of == "leads" else found.buyers)
    return _ids(log, own.customer[there & (done if outcome == "converted" else ~done)])


def _at_hour(log: Log, facts: Facts, settings: dict, cell: dict) -> list[str]:
    span = read_span(facts, settings)
    time, _weights = instants(log, facts, settings)
    days, hours = weekday_and_hour(time // SLOT, facts.timezone)
    there = (time >= span.opens) & (time < span.closes) & (days == WEEKDAYS.index(cell["weekday"]))
    if cell.get("hour") is not None:
        there &= hours == cell["hour"]
    match settings["measure"]:
        case "sessions":
            customer = visits(log, read_gap(settings["session_gap"], facts)).customer
        case "orders":
            customer = log.customer[log.event == log.events.index(PURCHASE)]
        case _:
            customer = log.customer
    return _ids(log, customer[there])
