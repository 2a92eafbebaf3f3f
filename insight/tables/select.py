"""Parts of a table: some customers, some days. A part is a table like any other, and says how it was made."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from insight.errors import InsightError, NotEnoughData
from insight.language import _
from insight.log import Log, new_memory, run_starts
from insight.periods import day_start
from insight.tables.table import derived

MOMENTS = ("timestamp", "order_date", "date")


def moment_of(table) -> str:
    """The column that says when a row happened. Raises InsightError where the table has none."""
    for name in MOMENTS:
        if name in table.frame:
            return name
    raise InsightError(f"A table of {table.kind} has no dates to choose by.")


def select_days(table, *, start: str | None = None, end: str | None = None):
    """The rows from the day `start` to the day `end`, both inclusive, in the table's time zone.

    What lies outside is not seen by any analysis: who came before `start` looks new, and the data seem to end with the
    last row that is left. Raises InsightError for what is no day, NotEnoughData where no row is left.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-05\\n")
    >>> select_days(log, start="2026-01-02").frame["event"].tolist()
    ['buy']
    """
    opens = None if start is None else day_start(start, table.timezone, setting="start")
    closes = None if end is None else day_start(end, table.timezone, setting="end", days_later=1)
    if opens is not None and closes is not None and closes <= opens:
        raise InsightError(f"The first day lies after the last (start={start!r}, end={end!r}).")
    days, settings = Days(opens, closes), {"start": start, "end": end}
    empty = _("No row of {name} lies in these days.", name=table.name)
    if hasattr(table, "narrowed"):  # its rows lie elsewhere
        return table.narrowed(days, select_days, settings=settings, empty=empty)
    keep = days.hold(table.frame[moment_of(table)].to_numpy("datetime64[us]").astype(np.int64))
    if not keep.any():
        raise NotEnoughData(empty)
    return select_rows(table, keep, select_days, settings=settings)


@dataclass(frozen=True)
class Days:
    """The rows of a log from one instant to before another; None for no limit."""

    opens: int | None
    closes: int | None

    def __call__(self, log: Log) -> np.ndarray:
        return self.hold(log.time)

    def hold(self, instants: np.ndarray) -> np.ndarray:
        """Which of these instants lie in the days."""
        keep = np.ones(len(instants), bool)
        if self.opens is not None:
            keep &= instants >= self.opens
        if self.closes is not None:
            keep &= instants < self.closes
        return keep


def select_rows(table, keep: np.ndarray, function: Callable, *others, settings: dict[str, object]):
    """The table with the rows where `keep` (one bool a row of the frame).

    It is recorded as made by `function(table, *others, **settings)`.
    """
    changes = {"frame": table.frame[keep].reset_index(drop=True)}
    if table.kind == "events":
        part, position = part_of_log(table.log, keep[table.log.row]), np.cumsum(keep) - 1
        row = position[part.row].astype(part.row.dtype)
        changes["prepared"] = replace(part, row=row, frame=changes["frame"], **new_memory())
    if getattr(table, "lines", None) is not None:
        orders = pd.MultiIndex.from_frame(changes["frame"][["order_id", "customer_id"]])
        lines = pd.MultiIndex.from_frame(table.lines[["order_id", "customer_id"]])
        changes["lines"] = table.lines[lines.isin(orders)].reset_index(drop=True)
    return derived(table, function, *others, settings=settings, **changes)


def part_of_log(log: Log, keep: np.ndarray) -> Log:
    """The log of the rows that `keep` marks, in log order: a few passes, where sorting anew would take many times as
    long. The frame stays as it is.

    It knows the kinds of event of the whole: of those who never bought, nobody reaches "purchase", which is no mistake.
    """
    kept = np.flatnonzero(keep)
    customers, customer = _renumbered(log.customer[kept], len(log.customers))
    moment = np.zeros(len(kept), np.int32)
    moment[run_starts(log.moment[kept])] = 1
    return replace(
        log,
        customer=customer.astype(np.int32),
        time=log.time[kept],
        moment=np.cumsum(moment, dtype=np.int32) - np.int32(1),
        event=log.event[kept],
        row=log.row[kept],
        customers=log.customers[customers],
        **new_memory(),
    )


def _renumbered(codes: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The codes that are left, ascending, and each row's place among them."""
    left = np.flatnonzero(np.bincount(codes, minlength=n))
    place = np.zeros(n, np.int64)
    place[left] = np.arange(len(left))
    return left, place[codes]
