"""Funnel: how many customers reach each step, in order and in time."""

from dataclasses import dataclass

import pandas as pd

ENOUGH = 30  # fewer customers at step 1: rates are shown as a small sample
TOO_FEW = 10  # fewer: no rates are shown


@dataclass(frozen=True, eq=False)
class Funnel:
    """Result of :func:`funnel`.

    steps : one row per step, in funnel order
        step                str    the step's name
        reached             int    customers who reached the step, in order and in time
        step_conversion     float  reached / reached at the previous step (first step: 1; NA where nobody was there)
        overall_conversion  float  reached / reached at the first step
        ci_low, ci_high     float  Wilson interval of overall_conversion (NA at the first step, where it is 1 by definition)
        median_seconds, p25_seconds, p75_seconds, p90_seconds
                            float  time from the first step, of each customer's fastest attempt that reaches the step
        median_seconds_from_previous, p25_..., p75_..., p90_seconds_from_previous
                            float  time from the previous step, in that same attempt
    groups : the same columns behind `group`, one block per breakdown value in order of size; None without `by`
    times : step, seconds, n: customers per whole second from the first step (steps 2, 3, ...)
    n_customers : customers in the log, whether or not they entered
    entered : customers with an entry in the date range
    still_open : those of `entered` whose window has not fully passed; not in the rates (0 when entries="all")
    left_out : rows after `as_of`, not used
    data_start, data_end : first moment and end of the observed time
    dates_only : the file has no clock times, so the order inside a day is unknown
    within, order, reentry, entries, by, start, end, level : the settings, as given
    """

    steps: pd.DataFrame
    groups: pd.DataFrame | None
    times: pd.DataFrame
    n_customers: int
    entered: int
    still_open: int
    left_out: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    dates_only: bool
    within: str | None
    order: str
    reentry: str
    entries: str
    by: str | dict | None
    start: str | None
    end: str | None
    level: float
