"""An audience of a table whose rows lie on disk or on Spark: each part of its customers is asked as a small table.

A rule can ask that table only. The people behind a number are looked up first, in all of it; what is left of the rule
then concerns each customer by themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from inspect import signature

import numpy as np
import pandas as pd

from insight.audiences.crowd import Crowd
from insight.audiences.evaluation import matches
from insight.audiences.rules import KINDS, MEASURES, condition_of, kind_of
from insight.catalog import catalog
from insight.errors import InsightError, NotEnoughData
from insight.language import _
from insight.log import Log, new_memory
from insight.log.conditions import read_conditions
from insight.members import members
from insight.periods import day_start
from insight.sources import Source
from insight.tables.table import EventLog, Orders

READ = {"findings": pd.DataFrame(), "fingerprint": "", "columns": {}, "settings": {}}  # of a part: nothing to tell


@dataclass(frozen=True)
class Fitting:
    """Which rows of a log are of customers who fit a rule that is about them alone.

    columns : of the table, that the rule looks at
    """

    kind: str
    rule: dict
    as_of: str
    columns: tuple[str, ...]
    currencies: tuple[str, ...] = ()
    decimals: int = 0

    def __call__(self, log: Log) -> np.ndarray:
        frame = log.frame.take(log.row).reset_index(drop=True)
        log = replace(log, row=np.arange(len(log)), frame=frame, **new_memory())
        try:
            crowd = Crowd(self._table(log), self.as_of)
        except NotEnoughData:  # none of these customers is known by then
            return np.zeros(len(log), bool)
        return matches(self.rule, crowd)[crowd.numbering.of_row[self.kind]]

    def _table(self, log: Log) -> EventLog | Orders:
        if self.kind == "events":
            return EventLog(frame=log.frame, prepared=log, timezone=log.timezone, **READ)
        money = {"currencies": list(self.currencies), "decimals": self.decimals}
        money["currency"] = self.currencies[0] if len(self.currencies) == 1 else None
        frame = log.frame.rename(columns={"timestamp": "order_date"})
        orders = Orders(frame=frame, lines=None, timezone=log.timezone, **money, **READ)
        vars(orders)["log"] = log  # made already, from all orders: only they tell what is a cancellation
        return orders


def fitting(source: Source, others: Iterable[object], rule: dict, as_of: str | None) -> Fitting:
    """The rows of customers who fit a checked rule.

    others : tables that would be asked too; of them none can be
    Raises InsightError for a rule about another table, UnknownValue for a column or an event that is not in the table,
    NotEnoughData where nobody is known by `as_of`.
    """
    facts, day = source.facts, source.facts.as_of_day(as_of)
    if day_start(day, facts.timezone, setting="as_of", days_later=1) <= facts.first_time:
        raise NotEnoughData(_("No table has a customer yet on {day}.", day=day))
    asked = _Asked(source, {one.kind: one for one in others}, as_of)
    own = asked.of_each(rule)
    columns = tuple(dict.fromkeys(["customer_id", "timestamp", *asked.columns]))
    return Fitting(source.kind, own, day, columns, facts.currencies, facts.decimals)


def ids_of_source(source: Source, others: Iterable[object], rule: dict, as_of: str | None) -> np.ndarray:
    """The customers of a source who fit, in ascending order of their ids."""
    rows = fitting(source, others, rule, as_of)
    return np.array(source.ids(partial(_ids, rows=rows), columns=rows.columns), dtype=object)


def known_ids(source: Source, ids: Iterable[str]) -> set[str]:
    """Those of these ids that the table has."""
    return set(source.ids(partial(_named, ids=frozenset(ids))))


def _ids(log: Log, rows: Fitting) -> list[str]:
    return log.customers[np.unique(log.customer[rows(log)])].tolist()


def _named(log: Log, ids: frozenset[str]) -> list[str]:
    return [one for one in log.customers.tolist() if one in ids]


class _Asked:
    """What a rule asks of a source, gathered while it is brought to what concerns each customer alone."""

    def __init__(self, source: Source, others: dict[str, object], as_of: str | None):
        self.source, self.others, self.as_of = source, others, as_of
        self.columns: list[str] = []

    def of_each(self, rule: dict) -> dict:
        """The rule, with the ids of the people behind a number in its place."""
        kind = kind_of(rule)
        if kind in ("all", "any"):
            return {kind: [self.of_each(inner) for inner in rule[kind]]}
        if kind == "not":
            return {"not": self.of_each(rule["not"])}
        if kind == "members":
            return {"ids": self._people(rule)}
        if kind == "did":
            self._check("events", '"did"')
            where = read_conditions(rule.get("where") or [], self.source.facts.columns)
            self.columns += [condition.column for condition in where]
        elif kind == "column":
            self._check(self._kind_with(rule), f"The column {rule['column']}")
            column = self._in_log(rule["column"])
            read_conditions([[column, *condition_of(rule)[1:]]], self.source.facts.columns)
            self.columns.append(column)
        elif kind in ("measure", "status"):
            kinds = [rule["table"]] if "table" in rule else MEASURES[rule.get("measure", "last_day")]
            there = (one for one in kinds if one == self.source.kind or one in self.others)
            self._check(next(there, kinds[0]), f'"{kind}": {rule[kind]!r}')
        return rule

    def _people(self, rule: dict) -> list[str]:
        """The people behind a number of all customers."""
        analysis, settings = catalog[rule["members"]], rule["settings"]
        self._check(rule.get("table", analysis.kind), analysis.title)
        if self.as_of is not None and "as_of" in signature(analysis.function).parameters:
            settings = {"as_of": self.as_of} | settings
        return members(analysis.name, self.source, settings, rule["cell"])

    def _kind_with(self, rule: dict) -> str:
        """The kind of the table that a rule on a column means: the one it names, or the first that has the column."""
        if "table" in rule:
            return rule["table"]
        for kind in KINDS:
            if kind == self.source.kind and self._in_log(rule["column"]) in self.source.facts.columns:
                return kind
            if kind in self.others and rule["column"] in getattr(self.others[kind], "columns", {}):
                return kind
        return self.source.kind

    def _in_log(self, column: str) -> str:
        """The name that a column of the table has in its log."""
        return "timestamp" if column == "order_date" and self.source.kind == "orders" else column

    def _check(self, kind: str, need: str) -> None:
        if kind != self.source.kind:
            raise InsightError(
                f"{need} needs a table of {kind}. {self.source.name} lies on {self.source.place.name}, and its "
                "customers are chosen by what stands in it alone."
            )
