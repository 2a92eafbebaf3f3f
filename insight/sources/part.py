"""Some customers of a source, with all their rows, as the prepared log that every analysis knows."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.log import Log, prepare_log
from insight.sources.plan import Plan
from insight.sources.rows import Rows
from insight.tables.cells.money import nearest_floats
from insight.tables.order_lines import add_up, order_codes
from insight.tables.order_log import order_log


def log_of(table: pa.Table, plan: Plan, names: Iterable[str] = ()) -> tuple[Log, np.ndarray] | None:
    """The log of the customers in these rows, and where in `table` the row of each row of `log.frame` lies.

    names : the further columns that the frame should have. None where no row has everything that a row needs.
    """
    rows = Rows(table, plan.reading, plan.told)
    at = np.flatnonzero(rows.complete & _in_currency(rows, plan))
    if not len(at):
        return None
    made = {"customer_id": taken(rows.customers, at), plan.reading.when: moments_of(rows.when.values[at], plan)}
    made |= {"event": taken(rows.events, at)} if plan.reading.kind == "events" else _of_lines(rows, plan, at)
    made |= {name: column_of(rows, plan, name, at) for name in names if name not in made}
    frame, shared = pd.DataFrame(made, copy=False), {"timezone": plan.timezone, "dates_only": plan.dates_only}
    if plan.reading.kind == "events":
        return prepare_log(frame, events=plan.events, **shared), at
    order = order_codes(frame)
    first = np.flatnonzero(~pd.Series(order).duplicated())
    orders = frame if len(first) == len(frame) else add_up(frame, order, plan.decimals)
    return order_log(orders, cancelled=plan.cancelled, **shared), at[first]


def column_of(rows: Rows, plan: Plan, name: str, at: np.ndarray) -> pd.Series:
    """A column of the table that is made of the cells, for the rows at these places."""
    if name == "order_id":
        return _order_ids(rows, plan, at)
    if name == "currency" and plan.reading.kind == "orders":
        return _currency(rows, plan, at)
    return rows.further(name).take(at).reset_index(drop=True)


def taken(column: pa.ChunkedArray, at: np.ndarray) -> pd.Series:
    """The texts at these places."""
    return pd.Series((column if len(at) == len(column) else column.take(pa.array(at))).to_pandas(), dtype="str")


def moments_of(instants: np.ndarray, plan: Plan) -> pd.Series:
    """Instants in the time zone of the table."""
    when = pd.Series(instants)
    return when if plan.timezone is None else when.dt.tz_localize("UTC").dt.tz_convert(plan.timezone)


def _of_lines(rows: Rows, plan: Plan, at: np.ndarray) -> dict[str, pd.Series]:
    """Which order a line belongs to, and how much it comes to."""
    minor = rows.amounts.at(plan.decimals).minor[at]
    found = {"order_id": _order_ids(rows, plan, at)}
    found |= {"amount": pd.Series(nearest_floats(minor, plan.decimals)), "amount_minor": pd.Series(minor)}
    return found | ({"currency": _currency(rows, plan, at)} if plan.has_currency else {})


def _order_ids(rows: Rows, plan: Plan, at: np.ndarray) -> pd.Series:
    """Order numbers; a row without one is an order of its own, called by its place among these rows."""
    if not plan.reading.columns.get("order_id"):
        return pd.Series(at.astype(str), dtype="str")
    ids = taken(rows.ids("order_id"), at)
    return ids.where(ids.notna(), [f"row {place}" for place in at]) if ids.hasnans else ids


def _currency(rows: Rows, plan: Plan, at: np.ndarray) -> pd.Series:
    """The currency of each row; where a source has only one, rows that name none are in it."""
    codes = rows.currencies
    codes = pa.chunked_array([pa.nulls(len(rows), pa.string())]) if codes is None else codes
    return taken(pc.fill_null(codes, plan.currencies[0]) if len(plan.currencies) == 1 else codes, at)


def _in_currency(rows: Rows, plan: Plan) -> np.ndarray:
    """Which rows are in the currency that was asked for; all where none was, or where no row says one."""
    wanted = plan.reading.currency
    if not wanted or not plan.says_currency:
        return np.ones(len(rows), bool)
    codes = rows.currencies
    return np.zeros(len(rows), bool) if codes is None else np.asarray(pc.fill_null(pc.equal(codes, wanted), False))
