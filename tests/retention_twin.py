"""Retention counted the slow way: every customer, every cohort, every period, each by its definition in words."""

from datetime import timedelta

import pandas as pd

ROLLING = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}


def begin_of(time, period, week_start="MON"):
    """The first day of the calendar period that holds a time."""
    day = time.normalize()
    if period == "day":
        return day
    if period == "month":
        return day.replace(day=1)
    weekdays = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
    return day - timedelta(days=(day.weekday() - weekdays.index(week_start)) % 7)


def after(begin, k, period):
    """The begin of the calendar period k periods later."""
    for _ in range(k):
        begin = begin_of(
            begin + timedelta(days={"day": 1, "week": 7, "month": 31}[period]), period, f"{begin:%a}".upper()
        )
    return begin


def is_retained(active, k, criterion, bracket):
    """`active(j)`: whether the customer is active in period j."""
    match criterion:
        case "on":
            return active(k)
        case "on_or_after":
            return any(active(j) for j in range(k, 1000))
        case "on_or_before":
            return any(active(j) for j in range(1, k + 1))
        case "streak":
            return all(active(j) for j in range(1, k + 1))
        case "bracket":
            return any(active(j) for j in range(bracket[0], bracket[1] + 1))


def retention_twin(rows, *, period, criterion, clock, cohort, starts, returns, bracket, week_start, guard, as_of):
    """{(cohort, k): (customers, retained so far, observed)} of rows (customer, event, time), for k from 1 on.

    starts, returns : the events that put into a cohort, and that count as coming back
    """
    end = pd.Timestamp(as_of) + timedelta(days=1)
    rows = sorted((who, time, what) for who, what, time in rows if time < end)
    first_day = min(time for _who, time, _what in rows).normalize()
    members = {}  # cohort -> [(start, times of returns)]
    for who in {who for who, _time, _what in rows}:
        own = [(time, what) for name, time, what in rows if name == who]
        if guard is not None and own[0][0] < first_day + pd.Timedelta(guard):
            continue
        started = [time for time, what in own if what in starts]
        back = [time for time, what in own if what in returns]
        begins = sorted({begin_of(time, period, week_start) for time in started})
        for begin in begins if cohort == "recurring" else begins[:1]:
            start = min(time for time in started if time >= begin)
            members.setdefault(begin, []).append((start, back))
    found, last = {}, 0
    for begin, own in members.items():
        for k in range(1, 100):
            if clock == "calendar":
                spans = [(after(begin, k, period), after(begin, k + 1, period)) for _ in own]
            else:
                spans = [(start + k * ROLLING[period], start + (k + 1) * ROLLING[period]) for start, _back in own]
            over, begun = all(stop <= end for _a, stop in spans), any(a < end for a, _b in spans)
            if not begun:
                break
            numbers = [_numbers(begin, start, back, period, clock) for start, back in own]
            n = sum(is_retained(active.__contains__, k, criterion, bracket) for active in numbers)
            found[f"{begin:%Y-%m-%d}", k] = (len(own), n, "full" if over else "partial")
            last = max(last, k)
    return found


def _numbers(begin, start, times, period, clock):
    """The periods in which these times lie, counted from the cohort's or from the own start."""
    if clock == "rolling":
        return {(time - start) // ROLLING[period] for time in times if time >= start}
    numbers, k = set(), 0
    while times and after(begin, k, period) <= max(times):
        a, b = after(begin, k, period), after(begin, k + 1, period)
        if any(a <= time < b for time in times):
            numbers.add(k)
        k += 1
    return numbers
