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
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.periods import SECOND, UNITS, day_start, timestamp

NOT_SET = "(not set)"
REMEMBERED = 24  # intermediate results a log keeps; the oldest goes first


@dataclass(frozen=True, eq=False)
class Arrivals:
    """The rows of one or several kinds of event, in log order, with what every analysis asks of them.

    row : positions in the log
    customer, time, moment : the log's columns there
    customer_at : the customer of each moment of the whole log
    """

    row: np.ndarray
    customer: np.ndarray
    time: np.ndarray
    moment: np.ndarray
    customer_at: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def count_before(self) -> np.ndarray:
        """For each moment how many of these rows, of all customers, lie before it (one entry more than moments)."""
        counts = np.bincount(self.moment, minlength=len(self.customer_at))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)

    @cached_property
    def latest_before(self) -> np.ndarray:
        """For each moment the position of the customer's latest row before it, -1 where there is none."""
        return self._own(self.count_before[:-1] - 1)

    @cached_property
    def latest_at(self) -> np.ndarray:
        """For each moment the position of the customer's latest row at or before it, -1 where there is none."""
        return self._own(self.count_before[1:] - 1)

    def _own(self, position: np.ndarray) -> np.ndarray:
        if not len(self):
            return position  # all -1
        return np.where(self.customer[position] == self.customer_at, position, -1)

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each customer's rows begin."""
        return run_starts(self.customer)

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many rows each customer has."""
        return np.diff(np.append(self.starts, len(self)))


@dataclass(frozen=True, eq=False)
class Log:
    """An event log in (customer, time, event) order; do not change its arrays.

    customer : int32, code of the customer; `customers[code]` is the id
    time : int64, microseconds since 1970 UTC
    event : small int, code of the event; `events[code]` is the name, in alphabetical order
    moment : int32, number of the distinct (customer, time) pair
    row : position of the row in `frame`
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

    def arrivals_at(self, names: tuple[str, ...]) -> "Arrivals":
        """All rows with one of these events. Raises UnknownValue for a name that the log does not have."""
        unknown = [name for name in names if name not in self.events]
        if unknown:
            raise UnknownValue("event", unknown[0], self.events)
        codes = sorted(self.events.index(name) for name in names)
        return self.remember(("arrivals", *codes), lambda: self._arrivals(codes))

    def _arrivals(self, codes: list[int]) -> "Arrivals":
        wanted = self.event == codes[0] if len(codes) == 1 else np.isin(self.event, codes)
        row = np.flatnonzero(wanted).astype(np.int32)
        customer_at = self.remember("customer_at", lambda: self.customer[run_starts(self.moment)])
        return Arrivals(row, self.customer[row], self.time[row], self.moment[row], customer_at)

    def values(self, column: str) -> tuple[np.ndarray, list[str]]:
        """A column as (codes in log order, names in alphabetical order); missing values are "(not set)", the last.

        Raises UnknownValue when the file has no such column.
        """
        if column not in self.frame:
            raise UnknownValue("column", column, self.frame.columns)
        return self.remember(("values", column), lambda: self._coded(self.frame[column]))

    def _coded(self, column: pd.Series) -> tuple[np.ndarray, list[str]]:
        text = column.astype("str").where(column.notna())
        codes, names = pd.factorize(text, sort=True)
        missing = codes < 0
        names = [str(name) for name in names]
        if NOT_SET in names:
            codes = np.where(missing, names.index(NOT_SET), codes)
        elif missing.any():
            codes = np.where(missing, len(names), codes)
            names.append(NOT_SET)
        return codes.astype(np.int32)[self.row], names

    def end_of_data(self, as_of: str | None = None) -> int:
        """The end of the observed time; `as_of` is the last complete day, inclusive.

        With `as_of` the midnight that ends that day. Without it the last timestamp; where the file has dates without
        clock times, the midnight that ends the last day.
        """
        if as_of is not None:
            end = day_start(as_of, self.timezone, setting="as_of", days_later=1)
            if end <= self.first_time:
                raise InsightError(f"as_of = {as_of!r} lies before the first row ({self._day(self.first_time)}).")
            return end
        if self.dates_only:
            return day_start(self.last_day, self.timezone, days_later=1)
        return self.last_time

    @property
    def first_time(self) -> int:
        """The earliest time in the log."""
        return self.remember("first_time", lambda: int(self.time.min()))

    @property
    def last_time(self) -> int:
        """The latest time in the log."""
        return self.remember("last_time", lambda: int(self.time.max()))

    @property
    def last_day(self) -> str:
        """The day of the latest time, as ISO text."""
        return self._day(self.last_time)

    def _day(self, instant: int) -> str:
        return timestamp(instant, self.timezone).strftime("%Y-%m-%d")


def prepare_log(frame: pd.DataFrame, *, timezone: str | None = None, dates_only: bool = False) -> Log:
    """Sort an event table once for all analyses.

    frame : columns customer_id (str), timestamp (datetime, no missing values), event (str), any others
    Raises InsightError when the table is empty.

    >>> log = prepare_log(pd.DataFrame({"customer_id": ["ben", "ana", "ana"], "event": ["visit", "cart", "visit"],
    ...                                 "timestamp": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-02"])}))
    >>> log.moment.tolist(), [log.events[code] for code in log.event]
    ([0, 1, 1], ['visit', 'cart', 'visit'])
    """
    if not len(frame):
        raise InsightError("The table has no rows with a customer, a time and an event.")
    customer, customers = pd.factorize(frame["customer_id"])
    event, events = pd.factorize(frame["event"], sort=True)
    time = frame["timestamp"].to_numpy("datetime64[us]").astype(np.int64)
    order = _sorted_order(customer, time, event, len(customers), len(events))
    customer, time = customer[order].astype(np.int32), time[order]
    new = np.ones(len(order), bool)
    new[1:] = (customer[1:] != customer[:-1]) | (time[1:] != time[:-1])
    return Log(
        customer=customer,
        time=time,
        event=event[order].astype(np.min_scalar_type(-len(events))),
        moment=np.cumsum(new, dtype=np.int32) - np.int32(1),
        row=order,
        customers=np.asarray(customers, dtype=object),
        events=[str(name) for name in events],
        frame=frame,
        timezone=timezone,
        dates_only=dates_only,
    )


def _sorted_order(customer, time, event, n_customers: int, n_events: int) -> np.ndarray:
    """The stable order by customer, time, event name; one integer key where it fits in 63 bits."""
    since = time - time.min()
    for unit in (UNITS["D"], SECOND, 1):  # the coarsest step that keeps all times apart
        if not (since % unit).any():
            since = since // unit
            break
    if n_customers * (int(since.max()) + 1) * n_events >= 2**63:
        return np.lexsort((event, time, customer))
    key = (customer * (since.max() + 1) + since) * n_events + event
    if (key[1:] >= key[:-1]).all():
        return np.arange(len(key))
    return np.argsort(key, kind="stable")


def run_starts(values: np.ndarray) -> np.ndarray:
    """Where each run of equal values begins.

    >>> run_starts(np.array([3, 3, 5])).tolist(), run_starts(np.array([])).tolist()
    ([0, 2], [])
    """
    return np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
