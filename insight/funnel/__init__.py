"""Funnel: how many customers reach each step, in order and in time."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import NotEnoughData
from insight.funnel.comparison import TOO_FEW
from insight.funnel.settings import read_settings
from insight.funnel.tables import customers_behind, groups_table, row_names, steps_table, times_table, together
from insight.funnel.tally import Seconds, Tally, funnel_tally, merged, room_of
from insight.language import _
from insight.language import length as in_words
from insight.log import Facts
from insight.periods import SECOND, length, timestamp
from insight.tables.table import counted

__all__ = ["ENOUGH", "TOO_FEW", "Funnel", "funnel", "funnel_finish", "funnel_tally", "longest_window"]

ENOUGH = 30  # fewer customers at step 1: rates are shown as a small sample
MATURE_SHARE = 0.8  # the longest window that is proposed keeps at least this share of the customers


@dataclass(frozen=True, eq=False)
class Funnel:
    """Result of :func:`funnel`. "Customers" are sessions where these are counted (`unit`).

    steps : one row per step, in funnel order (order="any": per level, "any 1", "any 2", ...: so many different steps)
        step                str    the step's name
        reached             int    customers who reached the step, in order and in time
        step_conversion     float  of those at the required step before, the share who came to this one (first step: 1;
                                   NA where nobody was there)
        overall_conversion  float  reached / customers who count: those at the first step, or, where they may enter
                                   anywhere (order="open"), at any
        ci_low, ci_high     float  Wilson interval of overall_conversion (NA at the first step where the rate is 1 by
                                   definition); of sessions with the effective number, as a customer's are alike
        median_seconds, p25_seconds, p75_seconds, p90_seconds
                            float  time from the entry, of each customer's fastest attempt that reaches the step
        median_seconds_from_previous, p25_..., p75_..., p90_seconds_from_previous
                            float  time from the required step before, in that same attempt
        required            bool   False for an optional step
        entered_here        int    order="open": customers whose attempt entered at this step
        from_previous       int    order="open": those who came from the step before
    groups : the same columns behind `group`, one block per breakdown value in order of size; None without `by`
        p_value             float  two-sided test of the group against all others on overall conversion of the last
                                   required step; NA where there are too few; the same in each row of the group
        q_value             float  p_value corrected for the number of groups (Benjamini-Hochberg)
    times : step, seconds, n: customers per whole second from the entry (steps 2, 3, ...)
    n_customers : customers in the log, whether or not they entered
    n_units : what is counted: customers, or sessions
    customers : of sessions the customers who have one that counts, by group and under None for all; else None
    entered : customers with an entry in the date range
    removed : those of `entered` whom an exclusion with the effect "remove" takes out of all counts
    still_open : those of `entered` whose window has not fully passed; not in the rates (0 when entries="all")
    longest_within : the longest round window that most customers (80 %) have had, where `within` leaves more of them
        open; None where it does not
    left_out : rows after `as_of`, not used
    days_beyond : days from the last row's to `as_of`, in which nothing more is assumed to have happened
    data_start, data_end : first moment and end of the observed time
    as_of : the last day of the observed time
    dates_only : the file has no clock times, so the order inside a day is unknown
    within, order, reentry, entries, by, start, end, exclude, unit, level : the settings, as given
    """

    steps: pd.DataFrame
    groups: pd.DataFrame | None
    times: pd.DataFrame
    n_customers: int
    n_units: int
    customers: dict[str | None, int] | None
    entered: int
    removed: int
    still_open: int
    longest_within: str | None
    left_out: int
    days_beyond: int
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
    exclude: dict | list | None
    unit: str | dict
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
    exclude: str | dict | list | None = None,
    unit: str | dict = "customer",
    as_of: str | None = None,
    level: float = 0.95,
) -> Funnel:
    r"""Count customers through a funnel.

    An *attempt* is an entry (an event of step 1 between the days `start` and `end`) and any chain of later events, one
    for each step, in order; anything may happen in between. It reaches step k in time when

    .. math:: t_k \le t_1 + W

    A customer reaches step k when an attempt does. With :math:`R_k` customers at step k,

    .. math:: \text{step conversion}_k = R_k / R_{k-1}, \qquad \text{overall conversion}_k = R_k / R_1

    events : EventLog, or events on disk or on Spark (insight.sources)
    steps : at least two of "visit", ["visit", "open_app"] (any of them) or a dict of "events" and, where wanted,
        "where" (conditions on columns, [["value", ">=", 100]], all to be met), "name", "max_gap" (longest time since
        the required step before) and "optional": True (lies between the steps around it, and may be left out)
    within : the window W, from the entry to the last step ("30min", "12h", "7D"); None for no limit (entries="all")
    order : "ordered"; "strict" - no other event between two matched ones (repeats of the step just done may be); "any"
        - how many different steps are done within W of the earliest of them; "open" - a customer may enter at any step
        and goes on from there, and counts with the attempt that gets to the latest step (of these, the longest)
    reentry : "best" - each customer's deepest attempt counts; "first" - only the attempt from the first entry
    entries : "mature" - only customers whose first entry + W lies in the observed time, so that nobody is counted as
        lost who still has time; the others are `still_open`. "all" - everyone who entered
    by : column that makes the groups: "channel", or {"column": "channel", "value": "entry", "top": 10}. `value`: where
        it is read, at the customer's first "entry", or in the best attempt at its "first" step, the "last" it reached,
        or a step counted from 1 (this describes converting visits: rates are then not comparable between groups)
    start, end : ISO days, inclusive, in the table's time zone; they gate the entry only
    exclude : {"events": ["support_call"]} with "where", "between": [1, 3] (steps), "effect" where wanted; or a list.
        No attempt goes on past such an event strictly between the two steps ("drop"). "remove" also takes the customer
        out of all counts: where one falls into the attempt from the latest entry that had led to the first of the two
        steps, within its window, and neither this entry nor a later one had led to the second; not after an attempt
        had got to the last step in time, for there the customer was done
    unit : "customer"; "session" - the file's sessions, or else cut at pauses of more than 30 minutes;
        {"session_gap": "1h"} - cut at other pauses
    as_of : last complete day; later rows are ignored and counted
    level : of the Wilson intervals

    Raises UnknownValue for a step, column or setting that does not exist; NotEnoughData when nobody's window has
    passed (`longest_within` names the longest that 80 % of the customers have had); InsightError for other settings.
    Source: the order-free attempt is that of ClickHouse's windowFunnel, strict its strict_order; open is GA4's open
    funnel; drop is Mixpanel's exclusion and remove PostHog's; maturity as in survival analysis (a customer with less
    time than the window is censored); Wilson 1927 for the interval.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "event": ["visit", "buy", "visit"],
    ...                     "timestamp": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-01"])})
    >>> funnel(read_events(log), steps=["visit", "buy"], within="1D").steps["reached"].tolist()
    [2, 1]
    """
    table = counted(events, "funnel", "events")
    given = {
        "steps": steps, "within": within, "order": order, "reentry": reentry, "entries": entries, "by": by,
        "start": start, "end": end, "exclude": exclude, "unit": unit, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = table.facts
    columns = read_settings(given, facts).columns
    tally = table.tally(partial(funnel_tally, facts=facts, settings=given), merged, columns=columns)
    return funnel_finish(tally, facts, given)


def funnel_finish(tally: Tally, facts: Facts, settings: dict[str, object]) -> Funnel:
    """The result, made of the tally of all customers (`merged`, where they were counted in parts).

    facts : of the whole log; settings : the keyword arguments of `funnel`
    """
    asked = read_settings(settings, facts)
    everyone = together(tally)
    entered, counted, removed = (int(own[0]) for own in (everyone.entered, everyone.counted, everyone.removed))
    still_open = entered - counted - removed
    longest = None
    if counted + removed < MATURE_SHARE * entered:
        longest = _longest(everyone.room)
    if entered and still_open == entered:
        raise _nobody_mature(asked.asked["within"], longest)
    return Funnel(
        steps=steps_table(everyone, asked),
        groups=None if asked.breakdown is None else groups_table(tally, asked),
        times=times_table(everyone, row_names(asked)),
        n_customers=tally.n_customers,
        n_units=tally.n_units,
        customers=None if tally.clusters is None else customers_behind(tally, asked),
        entered=entered,
        removed=removed,
        still_open=still_open,
        longest_within=longest,
        left_out=tally.left_out,
        days_beyond=facts.days_beyond(settings.get("as_of")),
        data_start=timestamp(facts.first_time, facts.timezone),
        data_end=timestamp(asked.observed, facts.timezone),
        as_of=facts.as_of_day(settings.get("as_of")),
        dates_only=facts.dates_only,
        **asked.asked,
    )


def longest_window(first_entry: np.ndarray, observed: int) -> str | None:
    """The longest round window with at least MATURE_SHARE of the customers mature; None where not even a second is.

    first_entry : time of each customer's first entry; `observed` : end of the observed time
    """
    return _longest(room_of(first_entry, observed))


def _longest(room: Seconds) -> str | None:
    """The same, given how many customers have how many seconds until the end of the observed time."""
    if not len(room.n):
        return None
    wanted = int(np.ceil(MATURE_SHARE * room.n.sum()))
    longest_first = np.cumsum(room.n[::-1])
    return length(int(room.seconds[::-1][np.searchsorted(longest_first, wanted)]) * SECOND)


def _nobody_mature(within: str, longest: str | None) -> NotEnoughData:
    advice = _("Take {length} or less", length=in_words(longest)) if longest else _("Wait for more data")
    message = _(
        "Nobody has had {within} since their first entry: the data ends too soon. {advice} (within={longest!r}), or"
        ' count everyone so far (entries="all").',
        within=in_words(within), advice=advice, longest=longest,
    )  # fmt: skip
    return NotEnoughData(message, longest_within=longest)
