"""Conversions as instants of customers: from the orders of the same customers, or from events."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from insight.log import Log, run_starts
from insight.overview.visits import Visits
from insight.periods import UNITS
from insight.tables.order_log import PURCHASE


@dataclass(frozen=True, eq=False)
class Purchases:
    """When each customer bought.

    customers : ids, each once; owner : for each purchase the number of its customer there; time : instants
    dates_only : the orders have no clock times
    """

    customers: np.ndarray
    owner: np.ndarray
    time: np.ndarray
    dates_only: bool = False


@dataclass(frozen=True, eq=False)
class Instants:
    """Things that customers of a log did: customer code, number of the period, instant; three arrays of one length."""

    customer: np.ndarray
    period: np.ndarray
    time: np.ndarray


def purchases(log: Log) -> Purchases:
    """The purchases of a log of orders."""
    bought = np.flatnonzero(log.event == log.events.index(PURCHASE))
    codes, owner = np.unique(log.customer[bought], return_inverse=True)
    return Purchases(log.customers[codes], owner, log.time[bought])


def joined(parts: list[Purchases]) -> Purchases:
    """The purchases of all customers, from those of disjoint sets of them."""
    before = np.cumsum([0, *(len(part.customers) for part in parts)])
    owners = [part.owner + offset for part, offset in zip(parts, before[:-1], strict=True)]
    return Purchases(*(np.concatenate(own) for own in (
        [part.customers for part in parts], owners, [part.time for part in parts]
    )))  # fmt: skip


def in_zone(times: np.ndarray, timezone: str | None, wanted: str | None) -> np.ndarray:
    """Times as the other table has them, where one of the two has no time zone: it is taken to be in the other's.

    Naive times become instants of the zone `wanted`; where none is wanted, instants become clock times of their own.
    """
    if (timezone is None) == (wanted is None):
        return times
    naive = pd.DatetimeIndex(times.view("datetime64[us]"))
    if wanted is None:
        return naive.tz_localize("UTC").tz_convert(timezone).tz_localize(None).as_unit("us").asi8
    zoned = naive.tz_localize(wanted, ambiguous=np.ones(len(times), bool), nonexistent="shift_forward")
    return zoned.as_unit("us").asi8


def until(bought: Purchases, closes: int) -> Purchases:
    """The purchases before an instant, and who made them."""
    used = bought.time < closes
    codes, owner = np.unique(bought.owner[used], return_inverse=True)
    return replace(bought, customers=bought.customers[codes], owner=owner, time=bought.time[used])


def of_log(bought: Purchases, log: Log) -> tuple[np.ndarray, np.ndarray, int]:
    """The purchases of a log's customers: (customer code, time), and how many customers they are."""
    codes = pd.Index(log.customers).get_indexer(bought.customers)
    customer = codes[bought.owner]
    used = np.flatnonzero(customer >= 0)
    order = used[np.lexsort((bought.time[used], customer[used]))]
    return customer[order], bought.time[order], int((codes >= 0).sum())


def session_of(own: Visits, customer: np.ndarray, time: np.ndarray) -> np.ndarray:
    """The position of each one's latest session that began at or before the instant; -1 where there is none."""
    customers, times = np.append(own.customer, customer), np.append(own.start, time)
    order = np.lexsort((np.arange(len(times)) >= len(own.start), times, customers))  # at equal times sessions first
    is_session = order < len(own.start)
    latest = np.maximum.accumulate(np.where(is_session, np.arange(len(order)), -1))
    found = np.full(len(times), -1)
    found[order] = np.where(latest >= 0, order[latest], -1)
    found = found[len(own.start) :]
    return np.where((found >= 0) & (own.customer[found] == customer), found, -1)


def buying_sessions(
    own: Visits, customer: np.ndarray, time: np.ndarray, grace: int, timezone: str | None, days_only: bool
) -> np.ndarray:
    """The position of the session that each purchase lies in; -1 where it lies in none.

    grace : a purchase may come so long after the last event of its session
    days_only : one of the tables has no clock times; a purchase then belongs to the day's last session
    """
    if days_only:
        opens, closes = _day_of(time, timezone)
        at = session_of(own, customer, closes - 1)
        inside = (at >= 0) & (own.start[at] >= opens)
    else:
        at = session_of(own, customer, time)
        inside = (at >= 0) & (time <= own.end[at] + grace)
    return np.where(inside, at, -1)


def _day_of(time: np.ndarray, timezone: str | None) -> tuple[np.ndarray, np.ndarray]:
    """When the day of each instant begins and ends."""
    if timezone is None:
        opens = time // UNITS["D"] * UNITS["D"]
        return opens, opens + UNITS["D"]
    days = pd.DatetimeIndex(time.view("datetime64[us]")).tz_localize("UTC").tz_convert(timezone).tz_localize(None)
    days = days.normalize()
    ambiguous = np.ones(len(time), bool)
    ends = (
        day.tz_localize(timezone, ambiguous=ambiguous, nonexistent="shift_forward").as_unit("us").asi8
        for day in (days, days + pd.Timedelta(days=1))
    )
    return tuple(ends)


def events_of(own: Visits, names: tuple[str, ...], period: np.ndarray) -> Instants:
    """These events, each in the period that its session begins in."""
    stream = own.stream
    wanted = np.flatnonzero(np.isin(stream.event, [stream.events.index(name) for name in names]))
    place = np.empty(len(own.number), np.int64)
    place[own.number] = np.arange(len(own.number))
    session = place[stream.customer[wanted]]
    return Instants(own.customer[session], period[session], stream.time[wanted])


def latest(done: Instants, n_periods: int) -> tuple[np.ndarray, np.ndarray]:
    """The last instant of each customer and period: (key, instant), by key = customer x periods + period."""
    key = done.customer.astype(np.int64) * n_periods + done.period
    order = np.lexsort((-done.time, key))
    first = order[run_starts(key[order])]
    return key[first], done.time[first]


def earliest(done: Instants, n_periods: int) -> tuple[np.ndarray, np.ndarray]:
    """The first instant of each customer and period."""
    key, time = latest(Instants(done.customer, done.period, -done.time), n_periods)
    return key, -time
