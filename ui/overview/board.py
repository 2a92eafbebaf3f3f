"""The tables of the Overview page, and the answers that it shows: each analysis once, all of the same period."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from insight.errors import InsightError
from insight.overview.calendar import Calendar, read_calendar
from insight.overview.conversion import MEASURES as CONVERSION
from insight.overview.conversion import PER_LEAD
from insight.overview.sales import MEASURES as SALES
from insight.overview.traffic import MEASURES as TRAFFIC
from ui import session
from ui.groups import grouped, is_audience, properties

MEASURES = {
    "sales": [measure.name for measure in SALES],
    "traffic": [measure.name for measure in TRAFFIC],
    "conversion": [measure.name for measure in (*CONVERSION, PER_LEAD)],
}
OF = {measure: analysis for analysis, measures in MEASURES.items() for measure in measures}
AMOUNTS = {"quantity", "qty", "discount", "price", "unit_price", "cost", "shipping", "tax", "margin", "weight"}
KIND = {"traffic": "events", "sales": "orders", "conversion": "events"}  # the main table of each


@dataclass(frozen=True)
class Tables:
    """The visitor's tables that an overview is of, by kind: with the filter, and of everyone."""

    shown: dict[str, object]
    everyone: dict[str, object]

    @property
    def main(self) -> object:
        """The one that the address names."""
        return next(iter(self.everyone.values()))

    def columns(self, kind: str) -> list[str]:
        return list(session.columns_of(self.everyone[kind])) if kind in self.everyone else []


def tables() -> Tables:
    """Events and orders, as far as there are any; a table of which the filter leaves nothing is not there."""
    shown, everyone = {}, {}
    for kind in ("events", "orders"):
        try:
            table = session.table(kind)
        except InsightError:
            continue
        if table is not None:
            shown[kind], everyone[kind] = table, session.everyone(kind)
    return Tables(shown, everyone)


def calendars(of: Tables, period: str, week_start: str) -> dict[str, Calendar]:
    """The periods of each table."""
    return {kind: read_calendar(table.facts, period, None, week_start) for kind, table in of.shown.items()}


def periods(found: dict[str, Calendar]) -> list[str]:
    """The first days of all periods that any table has, the latest first."""
    return sorted({start for calendar in found.values() for start in calendar.days}, reverse=True)


def latest_complete(found: dict[str, Calendar]) -> str | None:
    """The latest period that is complete in every table; None where there is none."""
    whole = [{day for day, cut in zip(own.days, own.cut, strict=True) if not cut} for own in found.values()]
    common = set.intersection(*whole)
    return max(common, default=None)


def focus(choose: session.Choices, of: Tables, kind: str) -> str | None:
    """The period that is looked at, where a table has it; None for its own last complete one."""
    found = calendars(of, choose["period"], choose["week_start"])
    at = choose["at"] or latest_complete(found)
    return at if at in found[kind].days else None


def measures(of: Tables, goal: object, lead: object) -> list[str]:
    """The measures that the tables can give."""
    there = list(MEASURES["sales"]) if "orders" in of.shown else []
    if "events" in of.shown:
        there += MEASURES["traffic"]
        if goal is not None or "orders" in of.shown:
            there += [name for name in MEASURES["conversion"] if name != "per_lead" or lead is not None]
    return there


def answer_of(choose: session.Choices, of: Tables, name: str, *, by_group: bool = False) -> session.Answer:
    """The answer of one analysis, for the chosen period and groups; `by_group` : also where none were chosen."""
    kind = KIND[name]
    table, by = grouped_table(choose, of, kind, always=by_group)
    asked = {"period": choose["period"], "at": focus(choose, of, kind), "by": by}
    asked |= {"notes": choose["notes"], "week_start": choose["week_start"], "level": choose["level"]}
    if kind == "events":
        asked["session_gap"] = choose["gap"]
    if name == "traffic":
        asked["page_events"] = choose["pages"] or None
    if name == "conversion":
        asked |= {"goal": choose["goal"], "lead": choose["lead"] or None}
    if OF[choose["measure"]] == name:
        asked["measure"] = choose["measure"]
    return session.compute(name, table, without_usual(asked))


def without_usual(asked: dict[str, object]) -> dict[str, object]:
    """The settings that are not the usual ones: the code on the page stays short."""
    usual = {"by": None, "notes": [], "week_start": "MON", "level": 0.95, "session_gap": "30min", "page_events": None}
    usual |= {"goal": None, "lead": None, "at": None}
    return {name: value for name, value in asked.items() if name not in usual or value != usual[name]}


def grouped_table(choose: session.Choices, of: Tables, kind: str, *, always: bool = False) -> tuple[object, object]:
    """The table with what the groups need, and the breakdown; None where the table does not have the column.

    always : then by the channel, or the first column that there is
    """
    by = choose["by"]
    column = by.get("column") if isinstance(by, dict) else by
    if by is None or (not is_audience(by) and column not in of.columns(kind)):
        return of.shown[kind], usual_column(of, kind) if always else None
    return grouped(of.shown[kind], of.everyone[kind], by)


def usual_column(of: Tables, kind: str) -> str | None:
    """The channel, or the first column of words by which customers can be compared: amounts are no groups."""
    columns = [name for name in properties(of.everyone[kind]) if not _is_amount(of.everyone[kind], name)]
    return next((name for name in ("channel", *columns) if name in columns), None)


def _is_amount(table: object, column: str) -> bool:
    """Whether a column holds numbers; of a table whose rows lie elsewhere only its name tells."""
    frame = getattr(table, "frame", None)
    if frame is not None and column in frame:
        return pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column])
    return column.casefold() in AMOUNTS


def answers(choose: session.Choices, of: Tables, names: Iterable[str]) -> dict[str, session.Answer]:
    """The answers of several analyses."""
    return {name: answer_of(choose, of, name) for name in names}
