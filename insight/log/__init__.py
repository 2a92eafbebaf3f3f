"""The prepared event log: sorted once, so that every question is a few passes over integers.

Rows are sorted by (customer, time) and kept as columns of integers. Here is the whole trick, on five rows::

    customer  time   event      customer  event  moment
    ana       09:00  visit          0       1       0
    ana       09:05  cart           0       0       1
    ana       09:05  visit          0       1       1      same customer, same time: the same moment
    ben       08:00  visit          1       1       2
    ben       09:00  cart           1       0       3

`moment` numbers the distinct (customer, time) pairs in sorted order. "At or before" is then `<=` between two
integers and a tie is `==`; and because moments grow through the whole table, "the last visit at or before this cart"
is one look-up for all customers at once: count the visits up to each moment, read the count at the cart's moment, and
that visit is it. (When it belongs to the customer above, there was none.)
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.log.arrivals import NO_MOMENT, Arrivals, run_starts
from insight.log.conditions import Condition
from insight.log.facts import Facts
from insight.log.values import NOT_SET, coded
from insight.periods import SECOND, UNITS

__all__ = ["NOT_SET", "NO_MOMENT", "Arrivals", "Facts", "Log", "prepare_log", "run_starts"]

REMEMBERED = 24  # intermediate results a log keeps; the oldest goes first


@dataclass(frozen=True, eq=False)
class Log:
    """An event log in (customer, time, event) order; do not change its arrays.

    customer : int32, code of the customer; `customers[code]` is the id
    time : int64, microseconds since 1970 UTC
    event : small int, code of the event; `events[code]` is the name, in alphabetical order
    moment : int32, number of the distinct (customer, time) pair
    row : position of the row in `frame`
    owner : where the units are sessions, the code of the customer that each unit belongs to; else None
    """

    customer: np.ndarray
    time: np.ndarray
    event: np.ndarray
    moment: np.ndarray
    row: np.ndarray
    customers: np.ndarray
    events: list[str]
    frame: pd.DataFrame
    timezone: str | None = None
    dates_only: bool = False
    owner: np.ndarray | None = None
    _memory: OrderedDict = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __len__(self) -> int:
        return len(self.row)

    def remember(self, key: Hashable, make: Callable[[], object]) -> object:
        """What `make()` gave for this key before, or gives now. Bounded; lives and dies with the log."""
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        made = make()
        with self._lock:
            self._memory[key] = made
            while len(self._memory) > REMEMBERED:
                self._memory.popitem(last=False)
        return made

    def arrivals_at(self, names: tuple[str, ...], where: tuple[Condition, ...] = ()) -> Arrivals:
        """All rows with one of these events that meet all conditions.

        Raises UnknownValue for a name that the log does not have.
        """
        unknown = [name for name in names if name not in self.events]
        if unknown:
            raise UnknownValue("event", unknown[0], self.events)
        codes = sorted(self.events.index(name) for name in names)
        return self.remember(("arrivals", *codes, where), lambda: self._arrivals(codes, where))

    def _arrivals(self, codes: list[int], where: tuple[Condition, ...]) -> Arrivals:
        wanted = self.event == codes[0] if len(codes) == 1 else np.isin(self.event, codes)
        for condition in where:
            wanted &= condition.holds(self.frame, self.timezone)[self.row]
        return self.arrivals(wanted)

    def arrivals(self, wanted: np.ndarray) -> Arrivals:
        """The rows at which `wanted`, a mask in log order, is true."""
        row = np.flatnonzero(wanted).astype(np.int32)
        return Arrivals(row, self.customer[row], self.time[row], self.moment[row], self.customer_at)

    @property
    def customer_at(self) -> np.ndarray:
        """The customer of each moment."""
        return self.remember("customer_at", lambda: self.customer[run_starts(self.moment)])

    @property
    def time_at(self) -> np.ndarray:
        """The time of each moment."""
        return self.remember("time_at", lambda: self.time[run_starts(self.moment)])

    def values(self, column: str) -> tuple[np.ndarray, list[str]]:
        """A column as (codes in log order, names in alphabetical order); missing values are "(not set)", the last.

        Raises UnknownValue when the file has no such column.
        """
        if column not in self.frame:
            raise UnknownValue("column", column, self.frame.columns)
        return self.remember(("values", column), lambda: self._coded(self.frame[column]))

    def _coded(self, column: pd.Series) -> tuple[np.ndarray, list[str]]:
        codes, names = coded(column)
        return codes[self.row], names

    @property
    def starts(self) -> np.ndarray:
        """Where each customer's rows begin, in order of the customers' codes."""
        return self.remember("starts", lambda: run_starts(self.customer))

    @property
    def minor(self) -> np.ndarray:
        """Of orders: the amount of each row, in minor units of the currency (int64)."""
        return self.remember("minor", lambda: self.frame["amount_minor"].to_numpy(np.int64)[self.row])

    @property
    def facts(self) -> Facts:
        """What has to be known of all rows before a part of them is counted."""
        return self.remember("facts", self._facts)

    def _facts(self) -> Facts:
        names = (tuple(self.events), tuple(self.frame.columns))
        return Facts(*names, int(self.time.min()), int(self.time.max()), self.timezone, self.dates_only)

    def end_of_data(self, as_of: str | None = None) -> int:
        """The end of the observed time; `as_of` is the last complete day, inclusive (see Facts.end_of_data)."""
        return self.facts.end_of_data(as_of)

    @property
    def first_time(self) -> int:
        return self.facts.first_time

    @property
    def last_time(self) -> int:
        return self.facts.last_time

    @property
    def last_day(self) -> str:
        return self.facts.last_day

    def until(self, end: int) -> "Log":
        """The log of the rows before this instant, with the same codes."""
        return self.remember(("until", end), lambda: self._until(end))

    def _until(self, end: int) -> "Log":
        kept = np.flatnonzero(self.time < end)
        if len(kept) == len(self):
            return self
        columns = {name: getattr(self, name)[kept] for name in ("customer", "time", "event", "row")}
        return replace(self, **columns, moment=moments(columns["customer"], columns["time"]), **new_memory())


def prepare_log(
    frame: pd.DataFrame, *, timezone: str | None = None, dates_only: bool = False, events: Sequence[str] | None = None
) -> Log:
    """Sort an event table once for all analyses.

    frame : columns customer_id (str), timestamp (datetime, no missing values), event (str), any others
    events : names of all kinds of event in alphabetical order, where `frame` is a part of a table that has more
    Raises InsightError when the table is empty.

    >>> log = prepare_log(pd.DataFrame({"customer_id": ["ben", "ana", "ana"], "event": ["visit", "cart", "visit"],
    ...                                 "timestamp": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-02"])}))
    >>> log.moment.tolist(), [log.events[code] for code in log.event]
    ([0, 1, 1], ['visit', 'cart', 'visit'])
    """
    if not len(frame):
        raise InsightError("The table has no rows with a customer, a time and an event.")
    customer, customers = pd.factorize(frame["customer_id"])
    event, found = pd.factorize(frame["event"], sort=True)
    if events is None:
        events = [str(name) for name in found]
    else:
        event = pd.Index(events).get_indexer(found)[event]
    time = frame["timestamp"].to_numpy("datetime64[us]").astype(np.int64)
    order = _sorted_order(customer, time, event, len(customers), len(events))
    customer, time = customer[order].astype(np.int32), time[order]
    return Log(
        customer=customer,
        time=time,
        event=event[order].astype(np.min_scalar_type(-len(events))),
        moment=moments(customer, time),
        row=order,
        customers=np.asarray(customers, dtype=object),
        events=list(events),
        frame=frame,
        timezone=timezone,
        dates_only=dates_only,
    )


def moments(customer: np.ndarray, time: np.ndarray) -> np.ndarray:
    """The number of each row's distinct (customer, time) pair, for sorted rows.

    >>> moments(np.array([0, 0, 0, 1]), np.array([5, 7, 7, 7])).tolist()
    [0, 1, 1, 2]
    """
    new = np.ones(len(time), bool)
    new[1:] = (customer[1:] != customer[:-1]) | (time[1:] != time[:-1])
    return np.cumsum(new, dtype=np.int32) - np.int32(1)


def new_memory() -> dict:
    """For a log made from another: nothing is remembered of it yet."""
    return {"_memory": OrderedDict(), "_lock": Lock()}


def _sorted_order(customer, time, event, n_customers: int, n_events: int) -> np.ndarray:
    """The stable order by customer, time, event name; one integer key where it fits in 63 bits."""
    since = time - time.min()
    for unit in (UNITS["D"], SECOND, 1):  # the coarsest step that keeps all times apart
        if not (since % unit).any():
            since = since // unit
            break
    if n_customers * (int(since.max()) + 1) * n_events >= 2**63:
        return np.lexsort((event, time, customer))
    key = customer * (since.max() + 1)  # in place from here on: each of these is as large as the log
    key += since
    key *= n_events
    key += event
    del since
    if (key[1:] >= key[:-1]).all():
        return np.arange(len(key))
    return np.argsort(key, kind="stable")
