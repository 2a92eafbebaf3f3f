"""From one event to another: when each customer set out, and whether and when they were seen to arrive."""

from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.intervals import wilson
from insight.journeys.anchors import read_anchor
from insight.journeys.naming import read_clean
from insight.journeys.settings import day_range, in_range, whole
from insight.journeys.stream import lowest_values, united
from insight.log import Facts, Log, run_starts
from insight.log.conditions import Condition
from insight.periods import SECOND, microseconds

TOP = 5  # groups shown by name; the others are added up
HORIZONS = ("1h", "1D", "7D", "30D")
# The settings of `time_to_event` beside origin and target, and what they are when not given.
USUAL = {
    **{"by": None, "horizons": None, "start": None, "end": None, "clean": None, "as_of": None, "level": 0.95},
}


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings of `time_to_event`, checked; instants in microseconds.

    origin, target : names in the file, and what must hold for their rows
    later : whether the target must be strictly later than the origin, as they share an event
    opens, closes : the origin lies in opens <= instant < closes; None for no limit
    observed : end of the observed time; ends : rows from here on are not used, None for no limit
    column, top : the breakdown; no column for none
    horizons : lengths in whole seconds, by the text they are written as
    asked : the settings as given
    """

    origin: tuple[tuple[str, ...], tuple[Condition, ...]]
    target: tuple[tuple[str, ...], tuple[Condition, ...]]
    later: bool
    opens: int | None
    closes: int | None
    observed: int
    ends: int | None
    column: str | None
    top: int
    horizons: dict[str, int]
    asked: dict[str, object]

    @property
    def columns(self) -> tuple[str, ...]:
        """The further columns of the file that are looked at."""
        where = (condition.column for _names, where in (self.origin, self.target) for condition in where)
        return (*([] if self.column is None else [self.column]), *where)


def read_settings(given: dict[str, object], facts: Facts) -> Settings:
    """The settings of `time_to_event`, as its keyword arguments, checked against the facts of a log."""
    for key in given:
        if key not in ("origin", "target", *USUAL):
            raise UnknownValue("setting of time_to_event", key, ("origin", "target", *USUAL))
    asked = USUAL | given
    kinds = read_clean(asked["clean"], facts.events)
    origin, target = (read_anchor(asked.get(name), name, kinds, facts) for name in ("origin", "target"))
    horizons = list(HORIZONS) if asked["horizons"] is None else asked["horizons"]
    if not isinstance(horizons, list | tuple) or not horizons:
        raise InsightError(f'horizons = {horizons!r} is a list of lengths of time, such as ["1h", "7D"].')
    wilson(0, 1, asked["level"])
    opens, closes = day_range(asked["start"], asked["end"], facts.timezone)
    observed = facts.end_of_data(facts.as_of_day(asked["as_of"]))
    column, top = _breakdown(asked["by"], facts)
    return Settings(
        origin=(kinds.called(facts.events, origin.kinds), origin.where),
        target=(kinds.called(facts.events, target.kinds), target.where),
        later=bool(set(origin.kinds) & set(target.kinds)),
        opens=opens,
        closes=closes,
        observed=observed,
        ends=None if asked["as_of"] is None else observed,
        column=column,
        top=top,
        horizons={text: microseconds(text, "horizons") // SECOND for text in horizons},
        asked=asked,
    )


def _breakdown(by: object, facts: Facts) -> tuple[str | None, int]:
    if by is None:
        return None, TOP
    if not isinstance(by, str | dict):
        raise InsightError(f'by is a column, "device" or {{"column": "device"}}; {by!r} is not.')
    wanted = by if isinstance(by, dict) else {"column": by}
    for key in wanted:
        if key not in ("column", "top"):
            raise UnknownValue("key of by", key, ("column", "top"))
    column, top = wanted.get("column"), wanted.get("top", TOP)
    if not isinstance(column, str) or column not in facts.columns:
        raise UnknownValue("by", column, facts.columns)
    whole(top, "by top", 1)
    return column, top


@dataclass(frozen=True, eq=False)
class Followed:
    """Each customer with the origin: their code, the position of its row in the log, and what came of it.

    seconds : whole seconds to the target, or where it was not seen to the end of the data
    arrived : whether it was seen
    """

    customer: np.ndarray
    row: np.ndarray
    seconds: np.ndarray
    arrived: np.ndarray


def used_rows(log: Log, settings: Settings) -> Log:
    """The rows that are looked at."""
    return log if settings.ends is None else log.until(settings.ends)


def followed(used: Log, settings: Settings) -> Followed:
    """Each customer from their first origin in the range to the first target after it."""
    origin, target = used.arrivals_at(*settings.origin), used.arrivals_at(*settings.target)
    allowed = np.flatnonzero(in_range(origin.time, settings.opens, settings.closes))
    first = allowed[run_starts(origin.customer[allowed])]
    customer, since = origin.customer[first], origin.time[first]
    following = target.count_before[origin.moment[first] + settings.later]
    arrived = np.append(target.customer, -1)[following] == customer
    until = np.where(arrived, np.append(target.time, 0)[following], settings.observed)
    return Followed(customer, origin.row[first], (until - since) // SECOND, arrived)


@dataclass(frozen=True, eq=False)
class Tally:
    """How many customers (`n`) of each `group` arrived, or were last seen (not `arrived`), after so many whole seconds.

    groups : their names, as a column names them; [""] where there is no breakdown
    n_customers : customers with a row that is used; left_out : rows that are not
    """

    groups: list[str]
    group: np.ndarray
    seconds: np.ndarray
    arrived: np.ndarray
    n: np.ndarray
    n_customers: int
    left_out: int


def waiting_tally(log: Log, facts: Facts, settings: dict[str, object]) -> Tally:
    """Count the customers of a log, which may be a part of the whole."""
    asked = read_settings(settings, facts)
    used = used_rows(log, asked)
    found = followed(used, asked)
    group, names = groups_of(used, found, asked)
    counts = _counts(group, found.seconds, found.arrived, np.ones(len(group), np.int64))
    return Tally(names, *counts, len(run_starts(used.customer)), len(log) - len(used))


def groups_of(used: Log, found: Followed, settings: Settings) -> tuple[np.ndarray, list[str]]:
    """The group of each customer with the origin, by its value there, and the groups' names."""
    if settings.column is None:
        return np.zeros(len(found.row), np.int64), [""]
    return lowest_values(used, settings.column, found.row)


def _counts(group: np.ndarray, seconds: np.ndarray, arrived: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, ...]:
    """Added up by group, second and whether they arrived, in ascending order."""
    span = int(seconds.max(initial=0)) + 1
    key, inverse = np.unique((group * span + seconds) * 2 + arrived, return_inverse=True)
    added = np.bincount(inverse, n, minlength=len(key)).astype(np.int64)
    return key // 2 // span, key // 2 % span, key % 2 == 1, added


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = united(one.groups for one in tallies)
    group = [np.array([names.index(name) for name in one.groups])[one.group] for one in tallies]
    others = (np.concatenate([getattr(one, name) for one in tallies]) for name in ("seconds", "arrived", "n"))
    counts = _counts(np.concatenate(group), *others)
    return Tally(names, *counts, sum(t.n_customers for t in tallies), sum(t.left_out for t in tallies))
