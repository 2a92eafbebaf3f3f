"""How active the customers of a table are, day by day: counts that add up over disjoint sets of customers."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.log import NOT_SET, Facts, Log, run_starts
from insight.periods import UNITS
from insight.tables.order_log import PURCHASE
from insight.tables.quality.rows import clock_of
from insight.tables.table import Counted


@dataclass(frozen=True, eq=False)
class Activity:
    """Events, or purchases where the table is one of orders.

    rows, customers : how many there are, and of how many customers
    returned : customers with two days or more
    first, last : number of the first and the last day since 1970, in the table's time zone; None without a row
    gaps : how often so many days lie between two days of a customer that follow each other (index: days)
    kinds : how many rows each kind of event has, by name
    channels : every channel, where the table has a column of them
    """

    rows: int
    customers: int
    returned: int
    first: int | None
    last: int | None
    gaps: np.ndarray
    kinds: dict[str, int]
    channels: frozenset[str]

    @property
    def n_days(self) -> int:
        """From the first day to the last."""
        return 0 if self.first is None else self.last - self.first + 1

    @property
    def usual_gap(self) -> int:
        """The median: half of the gaps are no longer; 0 where there is none."""
        return int(np.searchsorted(np.cumsum(self.gaps), self.gaps.sum() / 2))


def activity(table: Counted) -> Activity:
    """How active the customers of a table of events or orders are.

    >>> from insight import read_events
    >>> log = b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-05\\nben,visit,2026-01-02\\n"
    >>> found = activity(read_events(log))
    >>> found.customers, found.returned, found.n_days, found.usual_gap, found.kinds
    (2, 1, 5, 4, {'buy': 1, 'visit': 2})
    """
    channels = "channel" in table.facts.columns and table.kind == "events"
    count = partial(tallied, facts=table.facts, of_orders=table.kind == "orders", channels=channels)
    return table.tally(count, merged, columns=("channel",) if channels else ())


def tallied(log: Log, facts: Facts, of_orders: bool, channels: bool) -> Activity:
    """The activity of the customers of a log, which may be a part of the whole."""
    counted = log.event == log.events.index(PURCHASE) if of_orders else slice(None)
    who, day = log.customer[counted], _days(log)[counted]
    new = np.ones(len(who), bool)
    new[1:] = (who[1:] != who[:-1]) | (day[1:] != day[:-1])
    customer_days, days = who[new], day[new]
    same = customer_days[1:] == customer_days[:-1]
    per_customer = np.diff(np.append(run_starts(customer_days), len(customer_days)))
    kinds = np.bincount(log.event, minlength=len(log.events))
    return Activity(
        rows=len(who),
        customers=len(per_customer),
        returned=int((per_customer > 1).sum()),
        first=int(days.min()) if len(days) else None,
        last=int(days.max()) if len(days) else None,
        gaps=np.bincount(np.diff(days)[same]),
        kinds=dict(zip(log.events, kinds.tolist(), strict=True)),
        channels=frozenset(log.values("channel")[1]) - {NOT_SET} if channels else frozenset(),
    )


def _days(log: Log) -> np.ndarray:
    """The number of each row's day since 1970, in the time zone of the log."""
    if log.timezone is None:
        return log.time // UNITS["D"]
    times = pd.Series(log.time.view("datetime64[us]")).dt.tz_localize("UTC").dt.tz_convert(log.timezone)
    return clock_of(times)[1]


def merged(parts: list[Activity]) -> Activity:
    """The activity of all customers, given that of disjoint sets of them."""
    gaps = np.zeros(max(len(part.gaps) for part in parts), np.int64)
    kinds: dict[str, int] = {}
    for part in parts:
        gaps[: len(part.gaps)] += part.gaps
        for name, n in part.kinds.items():
            kinds[name] = kinds.get(name, 0) + n
    rows, customers, returned = (sum(getattr(p, name) for p in parts) for name in ("rows", "customers", "returned"))
    firsts, lasts = ([day for part in parts if (day := getattr(part, name)) is not None] for name in ("first", "last"))
    channels = frozenset().union(*(part.channels for part in parts))
    return Activity(
        rows, customers, returned, min(firsts, default=None), max(lasts, default=None), gaps, kinds, channels
    )
