"""Odd dates: far from all others, standing for none, coarser than they look; days without rows."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from insight.language import _, _n, count, day
from insight.periods import UNITS
from insight.tables.quality.rows import DAY, Rows

ENOUGH = 20  # rows; in fewer nothing is usual
FAR, FARTHER = 90, 10  # a stray date lies so many days off, and so many times the longest usual gap
STRAY_SHARE = 0.005  # more rows than this are no strays
NONE_DATES = (date(1900, 1, 1), date(1970, 1, 1))  # what software writes for "no date"
A_YEAR = 365  # days
USUAL = 12  # customers on such a day: fewer, and a day without any may be chance
HARDLY, HARDLY_OF = 0.2, 15  # "hardly any": below this share of what is usual, where at least so many are usual
PARTIAL = 0.4  # a last day with less than this share of its usual customers is not over yet
NEAR = 9  # weeks around a day that say what is usual on its weekday
LONG = 7  # days without rows that need no weekday to be noticed
MIDNIGHTS = 0.05  # more rows at exactly midnight than this are dates without a clock time
SHOWN = 3  # gaps named in a finding


def note_odd_dates(rows: Rows, *, dates_only: bool) -> None:
    """Say what is odd about the times of a table."""
    note_day_order(rows.draft, rows.moment)
    if len(rows) < ENOUGH:
        return
    none, first, last = usual_days(rows.day)
    _note_dates_for_none(rows, none)
    _note_strays(rows, first, last, none)
    if not dates_only:
        _note_resolution(rows)
    if rows.draft.kind in ("events", "orders"):  # what is sent or spent is a decision, what people do is not
        _note_quiet_days(rows, customers_a_day(rows, first, last), first, dates_only)


def note_day_order(draft, name: str) -> None:
    """Which of two numbers was taken for the day in the dates `name`, where that makes a difference."""
    when = draft.made[name]
    day_first = when.dayfirst
    if day_first is not None and not np.any(when.odd.get("dotted", False)):  # that is said by itself
        how = _("03/04 is taken for 3 April") if day_first else _("03/04 is taken for 4 March")
        hint = _("If that is wrong, set dayfirst={setting}.", setting=not day_first)
        draft.note(how, "note", name, suggestion=hint, code="day_order")


def usual_days(day: np.ndarray) -> tuple[list[int], int, int]:
    """Which days stand for none (1 January 1900 and 1970, where nothing happens near them), and the first and the last
    of the days that belong together. All are numbers of days since 1970, as `day` has one for each row.
    """
    start = int(day.min())
    if len(day) < ENOUGH:
        return [], start, int(day.max())
    counts = np.bincount(day - start)
    none = []
    for number in ((one - date(1970, 1, 1)).days - start for one in NONE_DATES):
        if 0 <= number < len(counts) and counts[number]:
            near = counts[max(0, number - A_YEAR) : number + A_YEAR].sum()
            none += [number] if near == counts[number] < len(day) else []
    counts[none] = 0
    first, last = usual_span(counts)
    return [start + number for number in none], start + first, start + last


def usual_span(counts: np.ndarray) -> tuple[int, int]:
    """The first and the last day of the rows that belong together; a few far-away ones are no part of them.

    counts : rows on each day. A stray lies beyond a gap of at least FAR days that is FARTHER times longer than any gap
    among the other days.

    >>> usual_span(np.bincount([0, *range(200, 230), 900]))
    (200, 229)
    """
    busy = np.flatnonzero(counts)
    allowed = max(1, int(STRAY_SHARE * counts.sum()))
    so_far = np.cumsum(counts[busy])
    inside = np.flatnonzero((so_far > allowed) & (so_far[-1] - so_far + counts[busy] > allowed))
    if len(inside) < 2:
        return int(busy[0]), int(busy[-1])
    gaps = np.diff(busy)
    low, high = inside[0], inside[-1]
    wide = gaps >= max(FAR, FARTHER * gaps[low:high].max())
    before, after = np.flatnonzero(wide[:low]), np.flatnonzero(wide[high:])
    first = before[-1] + 1 if len(before) else 0
    end = high + after[0] if len(after) else -1
    return int(busy[first]), int(busy[end])


def _note_strays(rows: Rows, first: int, last: int, none: list[int]) -> None:
    rows.note(
        "future_dates",
        _("Dates far after all the others"),
        "warning",
        rows.moment,
        rows.day > last,
        _("All other rows end on {day}. If these are slips, leave them out.", day=_day(last)),
        "drop_future",
    )
    rows.note(
        "past_dates",
        _("Dates far before all the others"),
        "warning",
        rows.moment,
        (rows.day < first) & ~np.isin(rows.day, none),
        _("All other rows start on {day}. If these are slips, leave them out.", day=_day(first)),
        {"fix": "drop_outside", "from": _date(first).isoformat()},
    )


def _note_dates_for_none(rows: Rows, none: list[int]) -> None:
    for number in none:
        rows.note(
            "dates_for_none",
            _("{day}: a date that often stands for none", day=_day(number)),
            "warning",
            rows.moment,
            rows.day == number,
            _("Nothing else happens near it. Leave these rows out."),
            {"fix": "drop_outside", "from": _date(number + 1).isoformat()},
        )


def _note_resolution(rows: Rows) -> None:
    """Times to the minute or the hour, and dates without a clock time among times."""
    clock = rows.clock
    for unit, finding, hint in (
        ("h", _("Times to the hour"), _("The order inside an hour is unknown; equal times count as in order.")),
        ("min", _("Times to the minute"), _("The order inside a minute is unknown; equal times count as in order.")),
    ):
        if not (clock[:1000] % UNITS[unit]).any() and not (clock % UNITS[unit]).any():
            rows.note("coarse_times", finding, "note", rows.moment, suggestion=hint)
            return
    midnight = clock == rows.day * DAY
    if midnight.mean() > MIDNIGHTS:
        rows.note(
            "midnights",
            _("Times at exactly midnight"),
            "note",
            rows.moment,
            midnight,
            _("Probably dates without a clock time. They count as the start of their day."),
        )


def customers_a_day(rows: Rows, first: int, last: int) -> np.ndarray:
    """How many customers did something on each day; rows come in bursts, people do not."""
    if rows.log is None:
        pairs = np.unique(rows.customer.astype("int64") * (int(rows.day.max()) + 1) + rows.day)
        days = pairs % (int(rows.day.max()) + 1)
    else:
        customer, days = rows.log.customer, rows.day[rows.log.row]
        days = days[np.flatnonzero(np.append(True, (customer[1:] != customer[:-1]) | (days[1:] != days[:-1])))]
    return np.bincount(days[(days >= first) & (days <= last)] - first, minlength=last - first + 1)


def _note_quiet_days(rows: Rows, counts: np.ndarray, first: int, dates_only: bool) -> None:
    usual = usual_counts(counts)
    quiet = quiet_days(counts, usual)
    if quiet.any():
        edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.view("int8"), [0]])))
        spans = [_span(first + start, first + end - 1) for start, end in edges.reshape(-1, 2)]
        more = len(spans) - SHOWN
        spans = spans[:SHOWN] + ([_n("{n} more", "{n} more", more, n=count(more))] if more > 0 else [])
        rows.note(
            "quiet_days",
            _("Days with no customers, or hardly any: {days}", days="; ".join(spans)),
            "warning",
            rows.moment,
            suggestion=_("Closed, or not recorded? If it was not recorded, do not compare these days with others."),
        )
    if not dates_only and usual[-1] >= HARDLY_OF and counts[-1] < PARTIAL * usual[-1]:
        rows.note(
            "partial_last_day",
            _("The last day, {day}, has few customers", day=_day(first + len(counts) - 1)),
            "note",
            rows.moment,
            suggestion=_("If the file was made during that day, set as_of to the day before."),
        )


def usual_counts(counts: np.ndarray) -> np.ndarray:
    """How many are usual on each day: the median of its weekday in the weeks around."""
    padded = np.concatenate([counts.astype(float), np.full(-len(counts) % 7, np.nan)]).reshape(-1, 7)
    usual = pd.DataFrame(padded).rolling(NEAR, center=True, min_periods=3).median()
    return usual.fillna(0).to_numpy().ravel()[: len(counts)]


def quiet_days(counts: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Which days have none, or hardly any, although many are usual; the first and the last are left alone.

    >>> counts = np.full(70, 30)
    >>> counts[[20, 21]] = 0, 5
    >>> np.flatnonzero(quiet_days(counts, usual_counts(counts))).tolist()
    [20, 21]
    """
    quiet = ((counts == 0) & (usual >= USUAL)) | ((counts < HARDLY * usual) & (usual >= HARDLY_OF))
    empty = np.concatenate([[0], (counts == 0).view("int8"), [0]])
    for start, end in np.flatnonzero(np.diff(empty)).reshape(-1, 2):
        if LONG <= end - start <= A_YEAR:
            around = [counts[max(0, start - 4 * LONG) : start], counts[end : end + 4 * LONG]]
            quiet[start:end] |= min((np.median(side[side > 0]) for side in around if side.any()), default=0) >= USUAL
    quiet[[0, -1]] = False
    return quiet


def _date(number: int) -> date:
    return date(1970, 1, 1) + timedelta(int(number))


def _day(number: int) -> str:
    return day(_date(number))


def _span(first: int, last: int) -> str:
    return _day(first) if first == last else _("{first} to {last}", first=_day(first), last=_day(last))
