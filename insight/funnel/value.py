"""What a completed funnel is worth: the amount behind each completion, and their mean."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from insight.funnel.attempts import attempts
from insight.funnel.outcome import outcome
from insight.funnel.settings import Settings
from insight.funnel.tally import used_rows
from insight.language import _
from insight.log import Facts, Log, run_starts
from insight.log.facts import one_currency
from insight.tables.order_log import PURCHASE
from insight.tables.table import Orders


@dataclass(frozen=True, eq=False)
class Completions:
    """The customers who count at the last required step, each with the fastest attempt; instants in microseconds.

    customer : code, ascending
    entry, closes : when the attempt began and when its window ends
    moment : when it got to the last required step
    """

    customer: np.ndarray
    entry: np.ndarray
    closes: np.ndarray
    moment: np.ndarray


@dataclass(frozen=True)
class Value:
    """The mean amount of a completion and its t-interval; NaN where unknown, and `why`.

    n : completions; n_valued : those of them with an amount
    origin : "orders", "value" (the file's column), "given", or "" for none
    """

    mean: float = np.nan
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    n_valued: int = 0
    origin: str = ""
    currency: str | None = None
    why: str = ""


def completions(log: Log, asked: Settings) -> Completions:
    """Who completes a funnel with one first step."""
    used = used_rows(log, asked)
    tried = attempts(used, asked.rules)
    customer = outcome(tried, asked, len(used.customers)).rows[asked.goal].came
    reached = tried.routes[0].reached[asked.goal]
    own = np.searchsorted(reached.customer, customer)
    moment = reached.moment[own]
    entry = used.time_at[moment] - reached.least[own]
    closes = np.full(len(own), np.iinfo(np.int64).max) if asked.window is None else entry + asked.window
    return Completions(customer, entry, closes, moment)


@dataclass(frozen=True, eq=False)
class ValueTally:
    """What is known of the completions of some customers, as far as it is asked for.

    n : completions
    ids, entry, closes : whose they are, when each attempt began and when its window ends; None unless asked for
    amounts : of the completions with a value of their own;  currencies : of these values
    """

    n: int
    ids: np.ndarray | None = None
    entry: np.ndarray | None = None
    closes: np.ndarray | None = None
    amounts: np.ndarray | None = None
    currencies: frozenset[str] = frozenset()


def origin_of_value(facts: Facts, orders: object, given: float | None) -> str:
    """Where the amount of a completion is taken from: the figure given, orders, the events' own value, or nowhere."""
    if given is not None:
        return "given"
    return "orders" if orders is not None else "value" if "value" in facts.columns else ""


def value_tally(log: Log, asked: Settings, origin: str) -> ValueTally:
    """The completions of a log, which may be a part of the whole, with what is needed of this origin."""
    found = completions(log, asked)
    n = len(found.customer)
    if origin == "orders":
        return ValueTally(n, log.customers[found.customer], found.entry, found.closes)
    return _own_values(log, found, asked) if origin == "value" else ValueTally(n)


def merged_values(tallies: list[ValueTally]) -> ValueTally:
    """The tally of all customers, given those of disjoint sets of them."""
    arrays = {name: [getattr(tally, name) for tally in tallies] for name in ("ids", "entry", "closes", "amounts")}
    joined = {name: None if own[0] is None else np.concatenate(own) for name, own in arrays.items()}
    currencies = frozenset().union(*(tally.currencies for tally in tallies))
    return ValueTally(sum(tally.n for tally in tallies), **joined, currencies=currencies)


def completion_value(found: ValueTally, facts: Facts, orders: object, given: float | None, level: float) -> Value:
    """The mean amount of a completion: the figure given, else from the orders, else from the events' value column.

    From orders: of each customer who completes the first purchase between the entry of the attempt and the end of its
    window, less the refunds before that customer's next purchase; 0 for who has none. From events: the `value` at the
    last required step, of those who have one.

    Raises InsightError for several currencies.
    """
    match origin_of_value(facts, orders, given):
        case "given":
            return Value(given, given, given, found.n, found.n, "given")
        case "orders":
            return _of_orders(found, facts, orders, level)
        case "value":
            one_currency([str(code) for code in found.currencies])
            if not len(found.amounts):
                return Value(n=found.n, why=_("No event at the last step has a value."))
            return _mean(found.amounts, found.n, len(found.amounts), "value", level)
    return Value(n=found.n, why=_("There are no orders, and the events have no column of values."))


def _of_orders(found: ValueTally, facts: Facts, orders, level: float) -> Value:
    if not isinstance(orders, Orders):
        return Value(n=found.n, why=_("Orders that are not in memory are not looked up: give the revenue by yourself."))
    one_currency(orders.currencies or ())
    if (facts.timezone is None) != (orders.timezone is None):
        return Value(n=found.n, why=_("Events and orders do not both have a time zone: read both with the same one."))
    customer, time, minor = _purchases(orders.log, found.ids)
    entry = _midnights(found.entry, orders.timezone) if orders.dates_only else found.entry
    inside = np.flatnonzero((time >= entry[customer]) & (time <= found.closes[customer]))
    first = inside[run_starts(customer[inside])]
    if not len(first):
        return Value(n=found.n, why=_("No customer who completed has an order in the time of the attempt."))
    amounts = np.zeros(found.n)
    amounts[: len(first)] = minor[first] / 10**orders.decimals
    currency = orders.currency or next(iter(orders.currencies or []), None)
    return _mean(amounts, found.n, len(first), "orders", level, currency)


def _purchases(log: Log, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Purchases of these customers by customer and time: position in `ids`, instant, net amount in minor units.

    A refund is taken off the same customer's latest purchase before it.
    """
    place = pd.Index(ids).get_indexer(log.customers)[log.customer]
    rows = np.flatnonzero(place >= 0)
    customer, bought = place[rows], log.event[rows] == log.events.index(PURCHASE)
    number = np.cumsum(bought) - 1  # of the latest purchase up to each row
    purchases = np.flatnonzero(bought)
    own = (number >= 0) & (customer == customer[purchases[np.maximum(number, 0)]] if len(purchases) else False)
    net = np.zeros(len(purchases), np.int64)
    np.add.at(net, number[own], log.minor[rows][own])
    return customer[purchases], log.time[rows[purchases]], net


def _midnights(instants: np.ndarray, timezone: str | None) -> np.ndarray:
    """The beginning of the day of each instant."""
    times = pd.DatetimeIndex(instants.astype("datetime64[us]"))
    if timezone is not None:
        times = times.tz_localize("UTC").tz_convert(timezone)
    return times.normalize().as_unit("us").asi8


def _own_values(log: Log, found: Completions, asked: Settings) -> ValueTally:
    """The values of the events at the last step: in one moment there may be several, which add up."""
    used, last = used_rows(log, asked), asked.rules.steps[asked.goal]
    at = used.arrivals_at(last.events, last.where)
    frame_row = used.row[at.row]
    first, after = at.count_before[found.moment], at.count_before[found.moment + 1]
    values, codes = log.frame["value"].to_numpy(float)[frame_row], frozenset()
    if "currency" in log.frame:
        codes = frozenset(map(str, log.frame["currency"].iloc[frame_row].dropna().unique()))
    known = ~np.isnan(values)
    amounts = _added(np.where(known, values, 0.0), first, after)[_added(known.astype(int), first, after) > 0]
    return ValueTally(len(found.customer), amounts=amounts, currencies=codes)


def _added(numbers: np.ndarray, first: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The sum of each slice; none is empty."""
    if not len(first):
        return np.zeros(0)
    return np.add.reduceat(np.append(numbers, 0), np.stack([first, after], axis=1).ravel())[::2]


def _mean(amounts: np.ndarray, n: int, n_valued: int, origin: str, level: float, currency: str | None = None) -> Value:
    amounts = np.sort(amounts)  # so that the sum does not depend on which customer comes first
    mean, half = float(amounts.mean()), np.nan
    if len(amounts) > 1:
        error = amounts.std(ddof=1) / np.sqrt(len(amounts))
        half = float(stdtrit(len(amounts) - 1, (1 + level) / 2) * error)
    return Value(mean, mean - half, mean + half, n, n_valued, origin, currency)
