"""Funnel: how many customers reach each step, in order and in time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.funnel.attempts import Attempts, attempts
from insight.funnel.steps import Breakdown, Step, read_breakdown, read_steps
from insight.funnel.tally import funnel_tally, group_tables, regrouped, rows, times_table
from insight.intervals import wilson
from insight.language import _
from insight.language import length as in_words
from insight.log import Log, run_starts
from insight.periods import day_start, length, microseconds, timestamp

ENOUGH = 30  # fewer customers at step 1: rates are shown as a small sample
TOO_FEW = 10  # fewer: no rates are shown
MATURE_SHARE = 0.8  # the longest window that is proposed keeps at least this share of the customers


@dataclass(frozen=True, eq=False)
class Funnel:
    """Result of :func:`funnel`.

    steps : one row per step, in funnel order
        step                str    the step's name
        reached             int    customers who reached the step, in order and in time
        step_conversion     float  reached / reached at the previous step (first step: 1; NA where nobody was there)
        overall_conversion  float  reached / reached at the first step
        ci_low, ci_high     float  Wilson interval of overall_conversion (NA at step 1, where it is 1 by definition)
        median_seconds, p25_seconds, p75_seconds, p90_seconds
                            float  time from the first step, of each customer's fastest attempt that reaches the step
        median_seconds_from_previous, p25_..., p75_..., p90_seconds_from_previous
                            float  time from the previous step, in that same attempt
    groups : the same columns behind `group`, one block per breakdown value in order of size; None without `by`
    times : step, seconds, n: customers per whole second from the first step (steps 2, 3, ...)
    n_customers : customers in the log, whether or not they entered
    entered : customers with an entry in the date range
    still_open : those of `entered` whose window has not fully passed; not in the rates (0 when entries="all")
    longest_within : the longest round window that most customers (80 %) have had, where `within` leaves more of them
        open; None where it does not
    left_out : rows after `as_of`, not used
    data_start, data_end : first moment and end of the observed time
    as_of : the last day of the observed time
    dates_only : the file has no clock times, so the order inside a day is unknown
    within, order, reentry, entries, by, start, end, level : the settings, as given
    """

    steps: pd.DataFrame
    groups: pd.DataFrame | None
    times: pd.DataFrame
    n_customers: int
    entered: int
    still_open: int
    longest_within: str | None
    left_out: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    within: str | None
    order: str
    reentry: str
    entries: str
    by: str | dict | None
    start: str | None
    end: str | None
    level: float


def funnel(
    events,
    *,
    steps: list,
    within: str | None = "7D",
    order: str = "ordered",
    reentry: str = "best",
    entries: str = "mature",
    by: str | dict | None = None,
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> Funnel:
    r"""Count customers through an ordered funnel.

    An *attempt* is an entry (an event of step 1 between the days `start` and `end`) and any chain of later events, one
    for each step, in order; anything may happen in between. It reaches step k in time when

    .. math:: t_k \le t_1 + W

    A customer reaches step k when an attempt does. With :math:`R_k` customers at step k,

    .. math:: \text{step conversion}_k = R_k / R_{k-1}, \qquad \text{overall conversion}_k = R_k / R_1

    events : EventLog
    steps : at least two of "visit", ["visit", "open_app"] (any of them) or {"events": [...], "name": "..."}
    within : the window W, from the entry to the last step ("30min", "12h", "7D"); None for no limit (entries="all")
    order : "ordered"
    reentry : "best" - each customer's deepest attempt counts; "first" - only the attempt from the first entry
    entries : "mature" - only customers whose first entry + W lies in the observed time, so that nobody is counted as
        lost who still has time; the others are `still_open`. "all" - everyone who entered
    by : column whose value at the first entry makes the groups: "channel" or {"column": "channel", "top": 10}
    start, end : ISO days, inclusive, in the table's time zone; they gate the entry only
    as_of : last complete day; later rows are ignored and counted
    level : of the Wilson intervals

    Raises UnknownValue for a step, column or setting that does not exist; NotEnoughData when nobody's window has
    passed (`longest_within` names the longest that 80 % of the customers have had); InsightError for other settings.
    Source: the order-free attempt is that of ClickHouse's windowFunnel; maturity as in survival analysis (a customer
    with less time than the window is censored); Wilson 1927 for the interval.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "event": ["visit", "buy", "visit"],
    ...                     "timestamp": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-01"])})
    >>> funnel(read_events(log), steps=["visit", "buy"], within="1D").steps["reached"].tolist()
    [2, 1]
    """
    log = _prepared(events)
    asked = {"within": within, "order": order, "reentry": reentry, "entries": entries, "level": level}
    window = _check(**asked)
    chain, breakdown = read_steps(steps, log), read_breakdown(by, log)
    opens, closes = _entry_range(start, end, log.timezone)
    observed = log.end_of_data(as_of)
    limits = {"opens": opens, "closes": closes, "ends": None if as_of is None else observed}
    tried, group, values = _grouped_attempts(log, chain, breakdown, reentry, limits)
    latest = None if entries == "all" else observed - window
    tally = funnel_tally(tried, group, len(values), window=window, latest=latest)
    n_entered, n_counted = int(tally.entered.sum()), int(tally.reached[:, 0].sum())
    longest = longest_window(tried.first_entry, observed) if n_counted < MATURE_SHARE * n_entered else None
    if n_entered and not n_counted:
        raise _nobody_mature(within, longest)
    names = [step.name for step in chain]
    everyone = regrouped(tally, np.zeros(len(values), int), 1)
    used = log.time < observed if as_of is not None else np.ones(len(log), bool)
    return Funnel(
        steps=rows(everyone, 0, names, level),
        groups=None if breakdown is None else group_tables(tally, names, level, values, breakdown.top),
        times=times_table(everyone.from_first, names),
        n_customers=len(log.customers) if used.all() else len(run_starts(log.customer[used])),
        entered=n_entered,
        still_open=n_entered - n_counted,
        longest_within=longest,
        left_out=int((~used).sum()),
        data_start=timestamp(log.first_time, log.timezone),
        data_end=timestamp(observed, log.timezone),
        as_of=as_of or log.last_day,
        dates_only=log.dates_only,
        **asked | {"by": by, "start": start, "end": end},
    )


# -- settings ---------------------------------------------------------------------------------------------------------


def _prepared(events: object) -> Log:
    log = getattr(events, "log", None)
    if not isinstance(log, Log):
        raise InsightError("funnel takes the table that read_events returns: funnel(read_events(source), steps=[...]).")
    return log


def _check(within: str | None, order: str, reentry: str, entries: str, level: float) -> int | None:
    """The window in microseconds, if all settings are possible."""
    for setting, value, allowed in (
        ("order", order, ["ordered"]),
        ("reentry", reentry, ["best", "first"]),
        ("entries", entries, ["mature", "all"]),
    ):
        if value not in allowed:
            raise UnknownValue(setting, value, allowed)
    wilson(0, 1, level)
    if within is None and entries == "mature":
        raise InsightError('Without a window nobody is ever finished: set entries="all", or a window such as "7D".')
    return None if within is None else microseconds(within)


def _entry_range(start: str | None, end: str | None, timezone: str | None) -> tuple[int | None, int | None]:
    opens = None if start is None else day_start(start, timezone, setting="start")
    closes = None if end is None else day_start(end, timezone, setting="end", days_later=1)
    if opens is not None and closes is not None and closes <= opens:
        raise InsightError(
            f"The first day lies after the last (start={start!r}, end={end!r}): choose an earlier start."
        )
    return opens, closes


def _grouped_attempts(
    log: Log, chain: list[Step], breakdown: Breakdown | None, reentry: str, limits: dict[str, int | None]
) -> tuple[Attempts, np.ndarray, list[str]]:
    """The attempts, the group of each customer code, and the groups' names; remembered, as no window plays a part."""
    kinds = [step.events for step in chain]
    key = ("attempts", tuple(kinds), reentry, *limits.values())
    tried = log.remember(key, lambda: attempts(log, kinds, reentry=reentry, **limits))
    if breakdown is None:
        return tried, np.zeros(len(log.customers), np.int32), [""]
    column = breakdown.column
    return tried, *log.remember((*key, column), lambda: _entry_groups(log, tried, kinds[0], column))


def _entry_groups(log: Log, tried: Attempts, first_step: tuple[str, ...], column: str) -> tuple[np.ndarray, list[str]]:
    """The group of each customer code by the column's value at the first entry, and the groups' names.

    Several entries in the first moment: the alphabetically first value, so that the order of the file plays no role.
    """
    codes, values = log.values(column)
    group, row = np.zeros(len(log.customers), np.int32), tried.first_row
    group[tried.entered] = codes[row]
    after = np.searchsorted(log.moment, log.moment[row], side="right")
    tied = np.flatnonzero(after > row + 1)
    if len(tied):
        entry = np.isin(log.event, [log.events.index(name) for name in first_step])
        candidates = np.append(np.where(entry, codes, np.iinfo(np.int32).max), np.iinfo(np.int32).max)
        bounds = np.stack([row[tied], after[tied]], axis=1).ravel()
        group[tried.entered[tied]] = np.minimum.reduceat(candidates, bounds)[::2]
    return group, values


def longest_window(first_entry: np.ndarray, observed: int) -> str | None:
    """The longest round window with at least MATURE_SHARE of the customers mature; None where not even a second is.

    first_entry : time of each customer's first entry; `observed` : end of the observed time
    """
    if not len(first_entry):
        return None
    room = np.sort(observed - first_entry)[::-1]
    return length(int(room[int(np.ceil(MATURE_SHARE * len(room))) - 1]))


def _nobody_mature(within: str, longest: str | None) -> NotEnoughData:
    advice = _("Take {length} or less", length=in_words(longest)) if longest else _("Wait for more data")
    message = _(
        "Nobody has had {within} since their first entry: the data ends too soon. {advice} (within={longest!r}), or"
        ' count everyone so far (entries="all").',
        within=in_words(within), advice=advice, longest=longest,
    )  # fmt: skip
    return NotEnoughData(message, longest_within=longest)
