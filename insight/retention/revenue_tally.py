"""Counting what cohorts order and bring in: sums that add up over disjoint sets of customers."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from insight.log import Facts, Log, run_starts
from insight.log.calendar import period_numbers
from insight.retention.activity import Marks, Units, stretches, units_of, used_rows
from insight.retention.settings import Settings, read_settings
from insight.retention.tally import NEVER, groups_of
from insight.tables.order_log import PURCHASE, REFUND

PARTS = 20  # random parts of the customers: how much a number changes without one of them says how uncertain it is
OF_PAYBACK = ("acquisition_cost", "margin")  # settings that no count depends on
EXACT = 2**53  # sums of whole numbers up to here are exact in floating point


@dataclass(frozen=True, eq=False)
class Sums:
    """What was ordered: arrays of one length, an entry for each group, cohort, period and part with an order.

    place : the four numbers, as columns
    orders : purchases; revenue : in minor units, less refunds; refunds : what these come to, in minor units
    """

    place: np.ndarray
    orders: np.ndarray
    revenue: np.ndarray
    refunds: np.ndarray


@dataclass(frozen=True, eq=False)
class RevenueTally:
    """Sums over customers by group and cohort.

    groups : names, in alphabetical order; [""] where there is no breakdown
    size : customers by group, calendar period of their start, and part
    oldest, youngest : the first and last start, by group and calendar period; NEVER and -NEVER where there is nobody
    sums : what they ordered from their start on
    n_customers : customers with a row that was used; guarded : those left out by the guard
    without_purchase : customers who never bought; before_start : orders and refunds before a customer's start
    left_out : rows not used
    """

    groups: list[str]
    size: np.ndarray
    oldest: np.ndarray
    youngest: np.ndarray
    sums: Sums
    n_customers: int
    guarded: int
    without_purchase: int
    before_start: int
    left_out: int


def revenue_settings(given: dict[str, object], facts: Facts) -> Settings:
    """The settings of `cohort_revenue` that it shares with `retention`, checked."""
    return read_settings({name: value for name, value in given.items() if name not in OF_PAYBACK}, facts, "orders")


def revenue_tally(log: Log, facts: Facts, settings: dict[str, object]) -> RevenueTally:
    """Add up the orders of a log, which may be a part of the whole.

    facts : of the whole table; settings : the keyword arguments of `cohort_revenue`
    """
    asked = revenue_settings(settings, facts)
    used = used_rows(log, asked)
    return used.remember(("cohort revenue", asked.counted), lambda: _tally(used, asked, len(log) - len(used)))


def _tally(log: Log, settings: Settings, left_out: int) -> RevenueTally:
    units = units_of(log, settings)
    group, names = groups_of(log, units, settings)
    part = log.remember("random parts", lambda: random_parts(log.customers))[units.customer]
    shape = (len(names), len(settings.days))
    cell = group * np.int64(shape[1]) + units.cohort
    size = np.bincount(cell * PARTS + part, minlength=shape[0] * shape[1] * PARTS).reshape(*shape, PARTS)
    oldest, youngest = np.full(shape[0] * shape[1], NEVER), np.full(shape[0] * shape[1], -NEVER)
    np.minimum.at(oldest, cell, units.start)
    np.maximum.at(youngest, cell, units.start)
    bought = np.isin(log.event, [log.events.index(PURCHASE), log.events.index(REFUND)])
    sums, n_counted = _sums(log, np.flatnonzero(bought), units, np.stack([group, units.cohort, part], axis=1), settings)
    customers, buyers = len(run_starts(log.customer)), log.customer[log.event == log.events.index(PURCHASE)]
    known = np.zeros(len(log.customers), bool)
    known[units.customer] = True
    return RevenueTally(
        groups=names,
        size=size,
        oldest=oldest.reshape(shape),
        youngest=youngest.reshape(shape),
        sums=sums,
        n_customers=customers,
        guarded=units.guarded,
        without_purchase=customers - len(run_starts(buyers)),
        before_start=int(known[log.customer[bought]].sum()) - n_counted,
        left_out=left_out,
    )


def random_parts(customers: np.ndarray) -> np.ndarray:
    """The part of each customer, from a hash of the id: random, and the same wherever they are counted."""
    return (pd.util.hash_array(customers, categorize=False) % PARTS).astype(np.int64)


def _sums(log: Log, row: np.ndarray, units: Units, place: np.ndarray, settings: Settings) -> tuple[Sums, int]:
    """The sums over these rows, and how many of the rows lie at or after their customer's start."""
    at = log.time if settings.length is not None else period_numbers(log, settings.begins)
    begun = units.cohort if settings.length is None else units.start
    marks, found, n_counted = Marks(row, log.customer[row], at[row]), [], 0
    for mark, unit in stretches(units, marks, from_start=True):
        period, minor = marks.at[mark] - begun[unit], log.minor[row[mark]]
        if settings.length is not None:
            period //= settings.length
        where = np.stack([place[unit, 0], place[unit, 1], period, place[unit, 2]], axis=1).astype(np.int64)
        is_order = log.event[row[mark]] == log.events.index(PURCHASE)
        found.append(added(Sums(where, is_order.astype(np.int64), minor, np.where(is_order, 0, -minor))))
        n_counted += len(mark)
    return side_by_side(found), n_counted


# -- parts of a whole -------------------------------------------------------------------------------------------------


def side_by_side(parts: list[Sums]) -> Sums:
    """All entries, each place once."""
    if not parts:
        return Sums(np.zeros((0, 4), np.int64), *(np.zeros(0, np.int64) for _ in range(3)))
    return added(Sums(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Sums))))


def added(sums: Sums) -> Sums:
    """The same, each place once and in order."""
    if not len(sums.place):
        return sums
    span = sums.place.max(axis=0) + 1
    key = np.ravel_multi_index(tuple(sums.place.T), tuple(span))
    kept, entry = np.unique(key, return_inverse=True)
    values = (total(getattr(sums, name), entry, len(kept)) for name in ("orders", "revenue", "refunds"))
    return Sums(np.stack(np.unravel_index(kept, tuple(span)), axis=1), *values)


def total(values: np.ndarray, entry: np.ndarray, n: int) -> np.ndarray:
    """The values added up by entry, exactly."""
    if np.abs(values).sum(dtype=float) < EXACT:
        return np.bincount(entry, weights=values, minlength=n).astype(np.int64)
    total = np.zeros(n, np.int64)
    np.add.at(total, entry, values)
    return total


def revenue_merged(tallies: list[RevenueTally]) -> RevenueTally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = sorted({name for tally in tallies for name in tally.groups})
    parts = [regrouped(tally, np.array([names.index(name) for name in tally.groups]), names) for tally in tallies]
    counts = ("n_customers", "guarded", "without_purchase", "before_start", "left_out")
    return RevenueTally(
        names,
        np.sum([part.size for part in parts], axis=0),
        np.min([part.oldest for part in parts], axis=0),
        np.max([part.youngest for part in parts], axis=0),
        side_by_side([part.sums for part in parts]),
        *(sum(getattr(part, name) for part in parts) for name in counts),
    )


def regrouped(tally: RevenueTally, new_group: np.ndarray, names: list[str]) -> RevenueTally:
    """The tally with groups merged or renumbered: `new_group` says where each goes, `names` what they are called."""
    shape = (len(names), tally.size.shape[1])
    size, oldest, youngest = np.zeros((*shape, PARTS), np.int64), np.full(shape, NEVER), np.full(shape, -NEVER)
    np.add.at(size, new_group, tally.size)
    np.minimum.at(oldest, new_group, tally.oldest)
    np.maximum.at(youngest, new_group, tally.youngest)
    place = tally.sums.place.copy()
    place[:, 0] = new_group[place[:, 0]]
    sums = added(Sums(place, tally.sums.orders, tally.sums.revenue, tally.sums.refunds))
    return RevenueTally(names, size, oldest, youngest, sums, tally.n_customers, tally.guarded, tally.without_purchase,
                        tally.before_start, tally.left_out)  # fmt: skip
