"""Counting first attempts by the calendar period they began in: counts that add up over disjoint sets of customers."""

from dataclasses import dataclass

import numpy as np

from insight.funnel.attempts import attempts
from insight.funnel.outcome import Outcome, outcome
from insight.funnel.reached import Attempts
from insight.funnel.settings import Settings, read_settings
from insight.funnel.tally import used_rows
from insight.log import Facts, Log, run_starts
from insight.periods import calendar_periods, day_start, timestamp


@dataclass(frozen=True, eq=False)
class TrendTally:
    """Counts of customers by the period of their first entry.

    entered, passed : by period, who entered, and those of them whose window has passed
    reached : by period and step, who reached it
    removed, n_customers, left_out : customers removed, customers with a row that was used, rows that were not
    """

    entered: np.ndarray
    passed: np.ndarray
    reached: np.ndarray
    removed: int
    n_customers: int
    left_out: int


def trend_tally(log: Log, facts: Facts, settings: dict[str, object]) -> TrendTally:
    """Count the customers of a log, which may be a part of the whole.

    facts : of the whole log;  settings : the keyword arguments of `funnel_trend`
    """
    asked = read_settings(first_attempts(settings), facts)
    used = used_rows(log, asked)
    tried = attempts(used, asked.rules)
    found = outcome(tried, asked, len(used.customers))
    _days, begins, *_limits = calendar_of(facts, asked, settings)
    n_customers = len(log.customers) if used is log else len(run_starts(used.customer))
    return TrendTally(*_counts(tried, found, begins, asked), len(found.removed), n_customers, len(log) - len(used))


def merged_trends(tallies: list[TrendTally]) -> TrendTally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = ("entered", "passed", "reached", "removed", "n_customers", "left_out")
    return TrendTally(*(sum(getattr(tally, name) for tally in tallies) for name in names))


def first_attempts(settings: dict[str, object]) -> dict[str, object]:
    """The settings of the funnel whose first attempts a trend counts."""
    own = {name: value for name, value in settings.items() if name not in ("period", "week_start")}
    return own | {"reentry": "first", "entries": "all"}


def calendar_of(facts: Facts, asked: Settings, settings: dict) -> tuple[list[str], np.ndarray, int, int]:
    """The first day of each period, when each begins (and the last ends), from when to when entries may lie."""
    opens, closes = _days_of_entries(facts, asked, settings.get("as_of"))
    period, week_start = settings.get("period", "week"), settings.get("week_start", "MON")
    return *calendar_periods(opens, closes - 1, period, facts.timezone, week_start), opens, closes


def _days_of_entries(facts: Facts, asked: Settings, as_of: str | None) -> tuple[int, int]:
    """From when to when there could be entries: in the days of the data, unless the dates are narrower."""
    first_day = timestamp(facts.first_time, facts.timezone).strftime("%Y-%m-%d")
    begin, end = day_start(first_day, facts.timezone), facts.end_of_data(facts.as_of_day(as_of))
    begin = begin if asked.rules.opens is None else max(begin, asked.rules.opens)
    end = end if asked.rules.closes is None else min(end, asked.rules.closes)
    return begin, max(end, begin + 1)


def period_of_each(tried: Attempts, begins: np.ndarray) -> np.ndarray:
    """The number of the period of each customer code; of those who entered."""
    number = np.searchsorted(begins, tried.first_entry, side="right") - 1
    of = np.zeros(tried.entered.max(initial=0) + 1, np.int64)
    of[tried.entered] = number
    return of


def _counts(tried: Attempts, found: Outcome, begins: np.ndarray, asked: Settings) -> tuple[np.ndarray, ...]:
    """By period: who entered, those of them whose window has passed, and by step who reached it."""
    n = len(begins) - 1
    of = period_of_each(tried, begins)
    passed = tried.entered[tried.first_entry + asked.window <= asked.observed]
    passed = passed[np.isin(passed, found.counted)] if len(found.removed) else passed
    reached = [np.bincount(of[np.concatenate([row.here, row.came])], minlength=n) for row in found.rows]
    counts = (np.bincount(of[codes], minlength=n) for codes in (found.counted, passed))
    return *counts, np.stack(reached, axis=1)
