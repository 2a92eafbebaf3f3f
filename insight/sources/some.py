"""The rows of some customers, brought together from wherever they are: named ones, or a sample."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.log import Facts, Log, prepare_log
from insight.sources.table import Source
from insight.tables.table import Counted

SAMPLED = 20_000  # customers


def log_of_customers(table: Counted, customers: Iterable[str], columns: Iterable[str] = ()) -> Log:
    """The log of these customers alone, in the order of their ids; its frame has these further columns.

    Raises InsightError for a customer who is not in the table.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nben,visit,2026-01-01\\nana,visit,2026-01-01\\neva,buy,2026-01-02\\n")
    >>> log_of_customers(log, ["eva", "ana"]).customers.tolist()
    ['ana', 'eva']
    """
    asked = sorted(set(customers))
    count = partial(_rows, chosen=_Named(frozenset(asked)), columns=tuple(columns), facts=table.facts)
    found = table.tally(count, pd.concat, columns=columns)
    if missing := set(asked) - set(found["customer_id"]):
        raise InsightError(f"There is no customer {min(missing)!r} in the table.")
    return _prepared(found, table.facts)


def sample_log(table: Counted) -> Log:
    """The log of up to about 20,000 customers: of a table in memory everybody, else those whom a hash of the id picks.

    It is what a first look needs, such as a proposal; what is counted is counted on all.
    """
    if not isinstance(table, Source):
        return table.log
    return table.remember("sample", lambda: _sample(table))


def _sample(table: Source) -> Log:
    share = min(SAMPLED / table.n_customers, 1.0)
    return _prepared(
        table.tally(partial(_rows, chosen=_Hashed(share), columns=(), facts=table.facts), pd.concat), table.facts
    )


@dataclass(frozen=True)
class _Named:
    """Which of a log's customers are among these."""

    ids: frozenset[str]

    def __call__(self, customers: np.ndarray) -> np.ndarray:
        return np.fromiter(map(self.ids.__contains__, customers.tolist()), bool, len(customers))


@dataclass(frozen=True)
class _Hashed:
    """Which of a log's customers are in a sample of this share: the same ones however the customers are parted."""

    share: float

    def __call__(self, customers: np.ndarray) -> np.ndarray:
        return pd.util.hash_array(customers) < np.uint64(self.share * (2**64 - 2**11))


def _rows(log: Log, chosen: Callable[[np.ndarray], np.ndarray], columns: tuple[str, ...], facts: Facts) -> pd.DataFrame:
    """The rows of the chosen customers, in log order."""
    at = np.flatnonzero(chosen(log.customers)[log.customer])
    when = pd.Series(log.time[at].view("datetime64[us]"))
    if facts.timezone is not None:
        when = when.dt.tz_localize("UTC").dt.tz_convert(facts.timezone)
    who, what = log.customers[log.customer[at]], np.array(facts.events, dtype=object)[log.event[at]]
    base = {"customer_id": pd.Series(who, dtype="str"), "timestamp": when, "event": pd.Series(what, dtype="str")}
    further = {name: log.frame[name].take(log.row[at]).array for name in columns if name not in base}
    return pd.DataFrame(base | further)


def _prepared(rows: pd.DataFrame, facts: Facts) -> Log:
    """The log of these rows, by customer: the same one however the customers were parted."""
    rows = rows.sort_values("customer_id", kind="stable", ignore_index=True)
    return prepare_log(rows, timezone=facts.timezone, dates_only=facts.dates_only, events=facts.events)
