"""What customers did up to several days and after them: histories counted, which add up over parts of customers."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from insight.clv.tally import DayRows, Totals, added_up, day_rows, histories_until
from insight.clv.value_settings import STEP, Settings, read_settings
from insight.log import Facts, Log
from insight.tables.order_log import PURCHASE

NOW = ("repeats", "first_to_last", "first_to_end", "repeat_spend", "n")
PAST = (*NOW[:-1], "later", "later_spend", "n")
PEOPLE = (*NOW[:-1], "orders", "revenue")


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over all customers with a purchase day.

    orders : purchases; bought : what they brought; revenue : of all their orders, refunds taken off; first_spend : of
        the first days (minor units all)
    first_squares : sum of squares of the spend of each first day
    arrivals : customers by the number of their first day
    weekly : repeat purchase days by full week of the data, of (who came later than the latest origin, who was there)
    """

    orders: int
    bought: int
    revenue: int
    first_spend: int
    first_squares: float
    arrivals: np.ndarray
    weekly: np.ndarray

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class ValueTally:
    """Customers counted, whole days and minor units. Arrays by name, rows in ascending order.

    now : one row a history and repeat spend up to the last day: `NOW`, n customers
    past : the same up to each origin, with the purchase days and the spend of the days foretold after it: `PAST`
    people : one row a customer, `PEOPLE` and the ids; None where nobody asked for names
    sums, totals : over the customers, and of all that is left out
    """

    now: dict[str, np.ndarray]
    past: list[dict[str, np.ndarray]]
    people: dict[str, np.ndarray] | None
    sums: Sums
    totals: Totals


def value_tally(log: Log, facts: Facts, settings: dict[str, object]) -> ValueTally:
    """Count the customers of a log, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `customer_value`. Remembered by the log for each
    horizon: another margin, discount or model counts nothing again.
    """
    asked = read_settings(settings, facts)
    named = asked.asked["customers"]
    as_of = facts.as_of_day(asked.asked["as_of"])
    return log.remember(("value", as_of, asked.trial_days, named), lambda: _tally(log, facts, asked, as_of, named))


def _tally(log: Log, facts: Facts, asked: Settings, as_of: str, named: bool) -> ValueTally:
    rows = day_rows(log, facts, as_of)
    own = histories_until(rows, rows.n_days - 1)
    inside = log.time < facts.end_of_data(as_of)
    code = rows.customer[rows.first]
    bought = np.bincount(log.customer[inside & (log.event == log.events.index(PURCHASE))], minlength=len(log.customers))
    brought = np.add.reduceat(np.where(inside, log.minor, 0), log.starts)
    people = {**own, "orders": bought[code], "revenue": brought[code], "ids": log.customers[code]}
    return ValueTally(
        now=_counted(own),
        past=[_counted(_around(rows, origin, asked.trial_days)) for origin in asked.origins],
        people=people if named else None,
        sums=_sums(rows, people, asked),
        totals=rows.totals,
    )


def _around(rows: DayRows, origin: int, days: int) -> dict[str, np.ndarray]:
    """The histories up to an origin, and what followed within some days."""
    after = ((rows.day > origin) & (rows.day <= origin + days)).astype(np.int64)
    known = rows.day[rows.first] <= origin
    later = {"later": after, "later_spend": after * rows.spend}
    followed = {name: np.add.reduceat(own, rows.first)[known] for name, own in later.items()}
    return histories_until(rows, origin) | followed


def _counted(histories: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    columns = added_up(*histories.values(), np.ones(len(histories["repeats"]), np.int64))
    return dict(zip((*histories, "n"), columns, strict=True))


def _sums(rows: DayRows, people: dict[str, np.ndarray], asked: Settings) -> Sums:
    first, begun = rows.spend[rows.first], rows.day[rows.first]
    weeks = rows.n_days // STEP
    repeat = np.ones(len(rows.day), bool)
    repeat[rows.first] = False
    was_there = begun <= (asked.origins[0] if asked.origins else rows.n_days)
    known = np.repeat(was_there, np.diff(np.append(rows.first, len(rows.day))))
    week = rows.day // STEP
    counted = repeat & (week < weeks)
    weekly = np.bincount(known[counted] * weeks + week[counted], minlength=2 * weeks)
    return Sums(
        orders=int(people["orders"].sum()),
        bought=int(rows.spend.sum()),
        revenue=int(people["revenue"].sum()),
        first_spend=int(first.sum()),
        first_squares=float((first.astype(float) ** 2).sum()),
        arrivals=np.bincount(begun, minlength=rows.n_days),
        weekly=weekly.reshape(2, -1),
    )


def merged(parts: list[ValueTally]) -> ValueTally:
    """The tally of all customers, given those of disjoint sets of them."""
    people = None
    if parts[0].people is not None:
        people = {name: np.concatenate([part.people[name] for part in parts]) for name in parts[0].people}
    return ValueTally(
        now=_together([part.now for part in parts]),
        past=[_together(list(own)) for own in zip(*(part.past for part in parts), strict=True)],
        people=people,
        sums=reduce(Sums.__add__, (part.sums for part in parts)),
        totals=sum((part.totals for part in parts), Totals()),
    )


def _together(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    if len(parts) == 1:
        return parts[0]
    return dict(
        zip(parts[0], added_up(*(np.concatenate([own[name] for own in parts]) for name in parts[0])), strict=True)
    )
