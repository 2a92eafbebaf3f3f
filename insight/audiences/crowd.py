"""The customers of some tables, numbered: a condition is a mask over them, a rule a few operations on masks."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from insight.audiences.rules import KINDS
from insight.errors import InsightError, NotEnoughData
from insight.language import _
from insight.log import run_starts
from insight.log.ids import ascending
from insight.periods import day_start, timestamp
from insight.tables.select import MOMENTS


@dataclass(frozen=True, eq=False)
class Numbering:
    """Every customer of some tables.

    ids : str, ascending
    of_row : kind of table -> the customer of each row of its frame, as a position in `ids`; -1 for nobody
    of_code : the customer of each code of the event log, where there is one
    """

    ids: np.ndarray
    of_row: dict[str, np.ndarray]
    of_code: np.ndarray | None

    @cached_property
    def index(self) -> pd.Index:
        """From id to position."""
        return pd.Index(self.ids, dtype=object)


class Crowd:
    """The customers that the tables know on the evening of `as_of`: those with a row up to then, or without any dates.

    numbering : all customers of the tables
    known : which of them are known by then
    as_of : the day, by default the last one of the tables; None where none has dates
    """

    def __init__(self, tables: object, as_of: str | None = None):
        self.tables = by_kind(tables)
        self.numbering = _remembered_numbering(self.tables)
        self.cut = as_of is not None  # rows after the day are there and must not be seen
        self.as_of = as_of or self._last_day()
        self.known = self._known()

    def __len__(self) -> int:
        return len(self.numbering.ids)

    def table(self, kind: str, need: str):
        """The table of a kind. Raises InsightError where it is missing; `need` says what for."""
        if kind not in self.tables:
            have = ", ".join(self.tables)
            raise InsightError(f"{need} needs a table of {kind}; there are only {have}.")
        return self.tables[kind]

    def end(self, table, days_later: int = 1) -> int | None:
        """The midnight that ends the day `as_of`, in the table's time zone."""
        return None if self.as_of is None else day_start(self.as_of, table.timezone, days_later=days_later)

    def mask(self, ids: list[str]) -> np.ndarray:
        """Which customers these are; an id that no table has is nobody."""
        at = self.numbering.index.get_indexer(pd.Index(ids, dtype=object).unique())
        found = np.zeros(len(self), bool)
        found[at[at >= 0]] = True
        return found

    def _last_day(self) -> str | None:
        """The last day of any table; None where none has dates."""
        days = [
            table.log.last_day if kind == "events" else timestamp(int(times.max()), table.timezone).strftime("%Y-%m-%d")
            for kind, table in self.tables.items()
            if (times := row_times(table)) is not None
        ]
        return max(days, default=None)

    def _known(self) -> np.ndarray:
        if not self.cut:
            return np.ones(len(self), bool)
        known = np.zeros(len(self), bool)
        for kind, table in self.tables.items():
            times, own = row_times(table), self.numbering.of_row[kind]
            if kind == "events":
                log = table.log
                known[self.numbering.of_code[log.time[run_starts(log.customer)] < self.end(table)]] = True
            elif times is None:
                known[own[own >= 0]] = True
            else:
                known[own[(times < self.end(table)) & (own >= 0)]] = True
        if not known.any():
            raise NotEnoughData(_("No table has a customer yet on {day}.", day=self.as_of))
        return known


def by_kind(tables: object) -> dict[str, object]:
    """The tables with customers, by kind, in the order of preference. Raises InsightError where there is none."""
    given = tables if isinstance(tables, dict) else {tables.kind: tables}
    found = {kind: given[kind] for kind in KINDS if given.get(kind) is not None and "customer_id" in given[kind].frame}
    if not found:
        raise InsightError(f"An audience needs a table with customers: {', '.join(KINDS)}.")
    return found


def row_times(table) -> np.ndarray | None:
    """When each row of the frame happened, in microseconds; None for a table without dates."""
    moment = next((name for name in MOMENTS if name in table.frame), None)
    if moment is None:
        return None
    return table.frame[moment].to_numpy("datetime64[us]").astype(np.int64)


def _remembered_numbering(tables: dict[str, object]) -> Numbering:
    """Numbering a million rows takes a while: an event log keeps it."""
    if "events" not in tables:
        return _numbering(tables)
    key = ("customers", *(table.fingerprint for table in tables.values()))
    return tables["events"].log.remember(key, lambda: _numbering(tables))


def _numbering(tables: dict[str, object]) -> Numbering:
    coded = {kind: _coded(kind, table) for kind, table in tables.items()}
    positions, ids = pd.factorize(np.concatenate([names for _codes, names in coded.values()]))
    order = ascending(ids)
    positions = np.argsort(order)[positions]
    of_row, of_code, start = {}, {}, 0
    for kind, (codes, names) in coded.items():
        of_code[kind] = positions[start : start + len(names)]
        of_row[kind] = np.append(of_code[kind], -1)[codes]  # a missing id has the code -1
        start += len(names)
    return Numbering(np.asarray(ids, dtype=object)[order], of_row, of_code.get("events"))


def _coded(kind: str, table) -> tuple[np.ndarray, np.ndarray]:
    """Each row's customer as a code, and the id of each code."""
    if kind == "events":
        log = table.log
        codes = np.empty(len(log), np.int32)
        codes[log.row] = log.customer
        return codes, log.customers
    codes, names = pd.factorize(table.frame["customer_id"])
    return codes, np.asarray(names, dtype=object)
