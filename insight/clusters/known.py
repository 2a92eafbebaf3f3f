"""What is known of each customer: one row a customer, from any table, wherever its rows lie."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.log.calendar import period_numbers
from insight.log.ids import ascending
from insight.log.values import NOT_SET
from insight.periods import calendar_periods
from insight.rfm.tally import buyers
from insight.tables.table import counted

MEASURES = {  # what every table of this kind says of a customer
    "orders": ("days_since_last", "orders", "revenue", "average_order_value"),
    "events": ("days_since_last", "active_days", "events"),
}
NOT_A_TRAIT = {"customer_id", "order_id", "order_date", "timestamp", "event", "session", "sequence"}
NOT_A_TRAIT |= {"amount", "amount_minor", "value", "currency"}  # what says when, or is in the measures
KINDS = ("orders", "events", "customers")


@dataclass(frozen=True, eq=False)
class Known:
    """Customers in ascending order of their ids.

    frame : customer_id (str), then one column for each thing asked for: numbers (float64) or text, missing ones NaN
    kind : of the table: "orders", "events", "customers"
    left_out : rows after `as_of`; without_purchase : customers of orders without a purchase, who are not in the frame
    facts : of a table of orders or events; None of customers
    """

    frame: pd.DataFrame
    kind: str
    left_out: int
    without_purchase: int
    facts: Facts | None


@dataclass(frozen=True, eq=False)
class Part:
    """What a part of the customers is known for: ids and values, arrays of one length; and what was left out."""

    ids: np.ndarray
    values: dict[str, np.ndarray]
    left_out: int
    without_purchase: int


def table_kind(table: object, function: str) -> str:
    """The kind of table; a DataFrame with one row a customer is a table of customers.

    Raises InsightError for anything else.
    """
    if isinstance(table, pd.DataFrame) or getattr(table, "kind", None) == "customers":
        return "customers"
    return counted(table, function, "orders", "events").kind


def names_of(table: object, kind: str) -> list[str]:
    """Everything that can be asked of the customers of a table: measures, kinds of event, columns of the file."""
    if kind == "customers":
        frame = _frame_of(table)
        return [name for name in frame if name != "customer_id" and not _is_moment(frame[name])]
    facts = table.facts
    events = facts.events if kind == "events" else ()
    columns = [name for name in facts.columns if name not in NOT_A_TRAIT]
    return [*dict.fromkeys([*MEASURES[kind], *events, *columns])]


def known_customers(table: object, kind: str, names: list[str], as_of: str | None = None) -> Known:
    """These things of every customer of a table.

    A column of a table of orders or events may say several things of one customer: of a text the one in most rows
    counts (of equals the first by the alphabet), of numbers their mean.

    Raises UnknownValue for a name that the table does not have, InsightError for ids that are missing or come twice.
    """
    allowed = names_of(table, kind)
    for name in names:
        if name not in allowed:
            raise UnknownValue("feature", name, allowed)
    if kind == "customers":
        if as_of is not None:
            raise InsightError("as_of has no meaning for a table with one row a customer: leave it out.")
        return Known(_of_customers(_frame_of(table), names), kind, 0, 0, None)
    facts = table.facts
    asked = {"kind": kind, "end": facts.end_of_data(facts.as_of_day(as_of)), "names": tuple(names)}
    columns = tuple(name for name in names if _is_column(name, kind, facts))
    if kind == "orders" and {"revenue", "average_order_value"} & set(names):
        facts.one_currency()
    part = table.tally(partial(known_part, facts=facts, **asked), merged, columns=columns)
    order = ascending(part.ids)
    frame = {name: _clean(part.values[name][order]) for name in names}
    frame = pd.DataFrame({"customer_id": pd.Series(part.ids[order], dtype="str"), **frame})
    return Known(frame, kind, part.left_out, part.without_purchase, facts)


def known_part(log: Log, *, facts: Facts, kind: str, end: int, names: tuple[str, ...]) -> Part:
    """What is known of the customers of a log, which may be a part of the whole."""
    inside = log.time < end
    if kind == "orders":
        found = buyers(log, facts, end)
        who, without, left_out = found.code, found.without_purchase, found.left_out
        own = {"days_since_last": found.days, "orders": found.orders}
        own |= {"revenue": found.revenue / 10**facts.decimals}
        own |= {"average_order_value": own["revenue"] / found.orders}
    else:
        seen = np.bincount(log.customer[inside], minlength=len(log.customers))
        who, without, left_out = np.flatnonzero(seen), 0, len(log) - int(inside.sum())
        own = {"events": seen[who], **_activity(log, facts, end, inside, who)}
    values = {}
    for name in names:
        if name in own:
            values[name] = own[name]
        elif _is_column(name, kind, facts):
            values[name] = _of_column(log, name, inside)[who]
        else:
            code = log.events.index(name)
            values[name] = np.bincount(log.customer[inside & (log.event == code)], minlength=len(log.customers))[who]
    return Part(log.customers[who], values, left_out, without)


def merged(parts: list[Part]) -> Part:
    """That of all customers, given those of disjoint sets of them."""
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    ids = np.concatenate([part.ids for part in parts])
    return Part(ids, values, sum(part.left_out for part in parts), sum(part.without_purchase for part in parts))


def _is_column(name: str, kind: str, facts: Facts) -> bool:
    return name not in MEASURES[kind] and not (kind == "events" and name in facts.events)


def _activity(log: Log, facts: Facts, end: int, inside: np.ndarray, who: np.ndarray) -> dict[str, np.ndarray]:
    """On how many days each was active, and how many days ago the last was (1 = on the last day)."""
    days, begins = calendar_periods(facts.first_time, end - 1, "day", facts.timezone)
    day = period_numbers(log, begins)
    new = inside.copy()
    new[1:] &= (log.customer[1:] != log.customer[:-1]) | (day[1:] != day[:-1])
    last = np.maximum.reduceat(np.where(inside, day, -1), log.starts)
    active = np.bincount(log.customer[new], minlength=len(log.customers))
    return {"active_days": active[who], "days_since_last": (len(days) - last[who]).astype(np.int64)}


def _of_column(log: Log, name: str, inside: np.ndarray) -> np.ndarray:
    """What a column says of each customer of a log."""
    column, customer = log.frame[name], log.customer[inside]
    if _is_number(column):
        return _means(customer, column.iloc[log.row[inside]].to_numpy(float, na_value=np.nan), len(log.customers))
    codes, names = log.values(name)
    pairs, n = np.unique(customer.astype(np.int64) * len(names) + codes[inside], return_counts=True)
    owner, code = np.divmod(pairs, len(names))
    if names[-1] == NOT_SET:
        n = np.where(code == len(names) - 1, 0, n)  # said once is said
    order = np.lexsort((code, -n, owner))
    first = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
    found = np.full(len(log.customers), NOT_SET, dtype=object)
    found[owner[first]] = np.array(names, dtype=object)[code[first]]
    return found


def _means(customer: np.ndarray, values: np.ndarray, n_customers: int) -> np.ndarray:
    """The mean of each customer's numbers; exactly the number where it is always the same."""
    told = ~np.isnan(values)
    customer, values = customer[told], values[told]
    n, total = np.bincount(customer, minlength=n_customers), np.bincount(customer, values, n_customers)
    low, high = np.full(n_customers, np.inf), np.full(n_customers, -np.inf)
    np.minimum.at(low, customer, values)
    np.maximum.at(high, customer, values)
    with np.errstate(invalid="ignore"):
        mean = np.where(low == high, low, total / n)
    return np.where(n > 0, mean, np.nan)


# -- one row a customer ------------------------------------------------------------------------------------------------


def _frame_of(table: object) -> pd.DataFrame:
    frame = table if isinstance(table, pd.DataFrame) else table.frame
    if "customer_id" not in frame:
        raise InsightError("The table needs a column customer_id, and one row a customer.")
    return frame


def _of_customers(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    if frame["customer_id"].isna().any():
        raise InsightError("Some rows have no customer_id: leave them out, or give them one.")
    ids = frame["customer_id"].astype("str").to_numpy(object)
    if len(set(ids)) < len(ids):
        raise InsightError("Some customers have several rows: make them one row a customer first.")
    order = ascending(ids)
    found = {"customer_id": pd.Series(ids[order], dtype="str")}
    for name in names:
        column = frame[name].iloc[order].reset_index(drop=True)
        if _is_number(column):
            found[name] = _clean(column.to_numpy(float, na_value=np.nan))
        else:
            found[name] = _clean(column.astype("str").where(column.notna(), NOT_SET).to_numpy(object))
    return pd.DataFrame(found)


def _clean(values: np.ndarray) -> pd.Series:
    """Numbers as float64, infinite ones missing; texts as texts, "(not set)" missing."""
    if values.dtype == object:
        text = pd.Series(values, dtype="str")
        return text.mask(text == NOT_SET)
    numbers = values.astype(float)
    return pd.Series(np.where(np.isfinite(numbers), numbers, np.nan))


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _is_moment(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column)
