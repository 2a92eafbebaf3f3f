"""Which group each customer is in: by a column at the first order, or by the month of the first purchase day."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from insight.clv.tally import day_rows, histories_until
from insight.errors import InsightError, UnknownValue
from insight.language import _
from insight.log import Facts, Log, run_starts
from insight.periods import calendar_periods
from insight.tables.order_log import REFUND

COHORT, TOP = "cohort", 20


@dataclass(frozen=True, eq=False)
class Grouped:
    """One row a customer with a purchase day, in no order; arrays of one length.

    ids, names : who, and the value that makes the group
    repeats, first_to_last, first_to_end, repeat_spend, first_spend : whole days and minor units
    """

    ids: np.ndarray
    names: np.ndarray
    repeats: np.ndarray
    first_to_last: np.ndarray
    first_to_end: np.ndarray
    repeat_spend: np.ndarray
    first_spend: np.ndarray


def read_by(by: object, facts: Facts) -> tuple[str | None, int]:
    """The column that makes the groups, None for cohorts; and how many groups have a name.

    Raises InsightError for what is no breakdown, UnknownValue for a column that is not there.
    """
    if by == COHORT:
        return None, 10**9
    parts = {"column": by} if isinstance(by, str) else by
    if not isinstance(parts, dict) or not set(parts) <= {"column", "top"} or "column" not in parts:
        raise InsightError(
            f'by = {by!r} is not a breakdown. Write "cohort", "channel" or {{"column": "channel", "top": 5}}.'
        )
    top = parts.get("top", TOP)
    if type(top) is not int or top < 1:
        raise InsightError(f'"top" of a breakdown is {top!r}; it is a number of groups, at least 1.')
    if parts["column"] not in facts.columns:
        raise UnknownValue("by", parts["column"], (COHORT, *facts.columns))
    return parts["column"], top


def grouped(log: Log, facts: Facts, as_of: str | None, column: str | None) -> Grouped:
    """The customers of a log, which may be a part of the whole, each with the value that makes the group."""
    rows = day_rows(log, facts, as_of)
    first = rows.first
    if column is None:
        end = facts.end_of_data(facts.as_of_day(as_of))
        days = calendar_periods(facts.first_time, end - 1, "day", facts.timezone)[0]
        names = np.array([f"{text[:7]}-01" for text in days], object)[rows.day[first]]
    else:
        names = _first_values(log, column, rows.customer[first])
    return Grouped(
        ids=log.customers[rows.customer[first]],
        names=names,
        **histories_until(rows, rows.n_days - 1),
        first_spend=rows.spend[first],
    )


def _first_values(log: Log, column: str, customers: np.ndarray) -> np.ndarray:
    """The value of a column at the first order that is no refund, of each of these customers, who all have one.

    Of several orders at that moment the alphabetically first value, so that the order of the file plays no role.
    """
    codes, values = log.values(column)  # the values are in alphabetical order
    kept = np.flatnonzero(log.event != log.events.index(REFUND))
    moments = run_starts(log.moment[kept])
    lowest = np.minimum.reduceat(codes[kept], moments)
    begins = np.searchsorted(log.customer[kept[moments]], customers)
    return np.array(values, object)[lowest[begins]]


def grouped_merged(parts: list[Grouped]) -> Grouped:
    """The same of all customers, given those of disjoint sets of them."""
    return Grouped(*(np.concatenate([getattr(part, name) for part in parts]) for name in Grouped.__annotations__))


def shown_names(names: np.ndarray, top: int) -> np.ndarray:
    """The name of each customer's group: the largest keep theirs, the others are one; a single one is not bundled."""
    sizes = Counter(names.tolist())
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    if len(ranked) <= top + 1:
        return names
    kept, other = set(ranked[:top]), _("Other")
    other = other if other not in kept else f"{other} ({len(ranked) - top} more values)"
    return np.array([name if name in kept else other for name in names.tolist()], object)
