"""A table whose rows lie elsewhere: what is known of it, and how its customers are counted where they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NoReturn, Protocol, TypeVar

import pandas as pd

from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.log import Facts, Log
from insight.sources.changes import Change, Kept, Marked, Rows
from insight.tables.table import Counted, Derivation, derived

T = TypeVar("T")
Progress = Callable[[float], None]  # told the share that is done, from 0 to 1


class Place(Protocol):
    """Where the rows are."""

    name: str

    def tallies(self, count: Callable[[Log], T], columns: tuple[str, ...], on_progress: Progress | None) -> list[T]:
        """What `count` gives for each part of the customers, in no order."""

    def close(self) -> None:
        """Let go of what it holds."""


@dataclass(frozen=True)
class Extent:
    """How far some rows go: how many, of how many customers, and their first and last time."""

    n_rows: int
    n_customers: int
    first: int
    last: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Source(Counted):
    """Events or orders on disk or on Spark: what :func:`open_events` and its like return.

    kind : "events" or "orders";  reader : name of the function that opened it;  name : as a reader calls it
    findings, fingerprint, columns, settings, timezone, made : as of every table (insight.tables.table)
    n_rows : rows of the source, also those that were left out;  n_customers : in the table
    dates_only, currency, currencies, decimals : as of EventLog and Orders
    on_progress : told the share that is done while a tally runs; `watched` gives the same table with another one

    It has no `frame` and no `log`; both raise an InsightError that says what to do.
    """

    kind: str
    reader: str
    name: str
    place: Place
    known: Facts
    findings: pd.DataFrame
    fingerprint: str
    columns: dict[str, str]
    settings: dict[str, object]
    n_rows: int
    extent: Extent | None = None  # None: counted when it is asked for
    made: Derivation | None = None
    changes: tuple[Change, ...] = ()  # done to each part before it is counted
    on_progress: Progress | None = None
    _memory: dict[tuple[str, str], object] = field(default_factory=dict, repr=False)

    @property
    def facts(self) -> Facts:
        """What has to be known of all rows before a part of them is counted."""
        return self.known

    @property
    def timezone(self) -> str | None:
        return self.known.timezone

    @property
    def dates_only(self) -> bool:
        return self.known.dates_only

    @property
    def currencies(self) -> list[str]:
        return list(self.known.currencies)

    @property
    def currency(self) -> str | None:
        """The one currency; None where the source does not say, or says several."""
        return self.currencies[0] if len(self.currencies) == 1 else None

    @property
    def decimals(self) -> int:
        return self.known.decimals

    @property
    def n_customers(self) -> int:
        """Customers in the table."""
        return (self.extent or self.remember("extent", self._extent)).n_customers

    def remember(self, what: str, make: Callable[[], T]) -> T:
        """What `make()` gave for this table before, or gives now: a pass over all rows is not done twice."""
        key = (what, self.fingerprint)
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]

    @property
    def frame(self) -> NoReturn:
        """There is none."""
        raise self._not_here()

    @property
    def log(self) -> NoReturn:
        """There is none."""
        raise self._not_here()

    def _not_here(self) -> InsightError:
        return InsightError(
            f"{self.name} lies on {self.place.name}: there is no frame of all its rows. What counts customer by "
            f"customer takes it as it is; for anything else, bring a part that fits in memory to read_{self.kind}."
        )

    def tally(self, count: Callable[[Log], T], merged: Callable[[list[T]], T], *, columns: Iterable[str] = ()) -> T:
        """The tally of all customers; some of them are counted at a time, where they are."""
        for name in columns:
            if name not in self.known.columns:
                raise UnknownValue("column", name, self.known.columns)
        added = {change.adds for change in self.changes}
        asked = dict.fromkeys([*columns, *(name for change in self.changes for name in change.columns)])
        run = partial(count_changed, count=count, changes=self.changes)
        found = self.place.tallies(run, tuple(name for name in asked if name not in added), self.on_progress)
        return merged([part for part in found if part is not None])

    def watched(self, on_progress: Progress | None) -> "Source":
        """The same table, which tells another function how far a tally has come."""
        return replace(self, on_progress=on_progress)

    def narrowed(
        self,
        rows: Rows,
        function: Callable,
        *others: object,
        settings: dict[str, object],
        empty: str,
        columns: tuple[str, ...] = (),
    ) -> "Source":
        """The table with some of its rows; recorded as made by `function(self, *others, **settings)`.

        rows : which of a log's rows;  columns : of the table, that it looks at;  empty : what to say where none is left
        """
        changes = (*self.changes, Kept(rows, columns))
        extent = replace(self, changes=changes)._extent()
        if not extent.n_rows:
            raise NotEnoughData(empty)
        known = replace(self.known, first_time=extent.first, last_time=extent.last)
        return derived(self, function, *others, settings=settings, changes=changes, known=known, extent=extent)

    def marked(self, mark: Marked, function: Callable, *others: object, settings: dict[str, object]) -> "Source":
        """The table with one column more; recorded as made by `function(self, *others, **settings)`."""
        names = list(self.known.columns)
        names.insert(len(names) - (self.kind == "orders"), mark.adds)  # the kind of order comes last
        known = replace(self.known, columns=tuple(names))
        return derived(self, function, *others, settings=settings, changes=(*self.changes, mark), known=known)

    def _extent(self) -> Extent:
        return self.tally(extent_of, whole_extent)

    def close(self) -> None:
        """Let go of what was made to count it: of files on disk, the temporary folder."""
        self.place.close()


def count_changed(log: Log, count: Callable[[Log], T], changes: tuple[Change, ...]) -> T | None:
    """The tally of a part to which something was done before; None where nothing is left of it."""
    for change in changes:
        log = change(log)
        if log is None:
            return None
    return count(log)


def extent_of(log: Log) -> Extent:
    """How far a part goes."""
    return Extent(len(log), len(log.customers), int(log.time.min()), int(log.time.max()))


def whole_extent(parts: list[Extent]) -> Extent:
    """How far all parts go; without any, the times mean nothing."""
    return Extent(
        sum(part.n_rows for part in parts),
        sum(part.n_customers for part in parts),
        min((part.first for part in parts), default=0),
        max((part.last for part in parts), default=0),
    )
