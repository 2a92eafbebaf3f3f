"""Through what a customer came: from the first order, from the first touch among the events, or from who they are."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.log import NOT_SET, Log, run_starts
from insight.log.values import coded
from insight.tables.table import concatenated, counted

SOURCES = ("orders", "events", "customers")
ALWAYS = -(2**62)  # a time before all others: who somebody is was so from the start


@dataclass(frozen=True, eq=False)
class Origins:
    """The value of each customer, and from when on it is known.

    ids : object array, each customer once; value : code; names : of the codes; since : microseconds since 1970 UTC
    key : which values these are: the table, its fingerprint, the column
    """

    ids: np.ndarray
    value: np.ndarray
    names: list[str]
    since: np.ndarray
    key: tuple[str, str, str]

    def of(self, customers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The values' codes of these customers, and since when; of whom nothing is known -1 and ALWAYS."""
        at = pd.Index(self.ids).get_indexer(customers)
        known = at >= 0
        return np.where(known, self.value[at], -1), np.where(known, self.since[at], ALWAYS)


def source_of(source: str | None, column: str, orders, others: dict[str, object]) -> str:
    """Which table says through what a customer came: `source`, or for None the first that has the column.

    Raises UnknownValue for another table; InsightError where it is not there, or has no such column.
    """
    if source is not None and source not in SOURCES:
        raise UnknownValue("source", source, SOURCES)
    found = sources_with(column, orders, others)
    if source is None and not found:
        raise InsightError(
            f"Nothing says through which {column} a customer came: the orders have no such column. Map one, name it "
            f"with column=, or give events or customers that have it."
        )
    if source is not None and source not in found:
        raise InsightError(f"source = {source!r}: there is no such table with a column {column!r}.")
    return source or found[0]


def sources_with(column: str, orders, others: dict[str, object]) -> list[str]:
    """The tables that have the column: the orders first, then events, then customers."""
    tables = {"orders": orders, **others}
    return [name for name in SOURCES if tables.get(name) is not None and _column_in(tables[name], column) is not None]


def _column_in(table, column: str) -> str | None:
    """What the column is called there; customers have a first channel, which is how they came."""
    names = (column, f"first_{column}") if table.kind == "customers" else (column,)
    return next((name for name in names if name in columns_of(table)), None)


def columns_of(table) -> tuple[str, ...]:
    """The columns of a table, wherever its rows lie."""
    return tuple(table.facts.columns) if hasattr(table, "tally") else tuple(table.frame)


def origins_of(source: str, column: str, others: dict[str, object], *, zoned: bool) -> Origins | None:
    """The customers' values from another table than the orders; None where the orders say it themselves.

    zoned : the orders' times have a time zone
    """
    if source == "orders":
        return None
    table = others[source]
    column = _column_in(table, column)
    key = (source, table.fingerprint, column)
    if source == "customers":
        rows = table.frame[table.frame[column].notna()].drop_duplicates("customer_id")
        codes, names = coded(rows[column])
        ids = rows["customer_id"].to_numpy(object)
        return Origins(ids, codes, names, np.full(len(ids), ALWAYS), key)
    if (table.facts.timezone is None) == zoned:
        raise InsightError("Events and orders do not both have a time zone: read both with the same one.")
    found = counted(table, "cohort_roas", "events").tally(
        partial(first_touches, column=column), concatenated, columns=[column]
    )
    ids, values, since = zip(*found, strict=True) if found else ((), (), ())
    codes, names = coded(pd.Series(values, dtype="str"))
    return Origins(np.array(ids, object), codes, names, np.array(since, np.int64), key)


def first_touches(log: Log, column: str) -> list[tuple[str, str, int]]:
    """Each customer's first event that has a value: the customer, the value, the time.

    Of several at that moment the alphabetically first value, so that the order of the file plays no role.
    """
    codes, names = log.values(column)
    known = np.flatnonzero(codes < (names.index(NOT_SET) if NOT_SET in names else len(names)))
    if not len(known):
        return []
    first = run_starts(log.moment[known])
    lowest = np.minimum.reduceat(codes[known], first)
    row = known[first]
    own = run_starts(log.customer[row])
    ids = log.customers[log.customer[row[own]]]
    return list(zip(ids.tolist(), (names[code] for code in lowest[own]), log.time[row[own]].tolist(), strict=True))
