"""The settings of the churn of customers without a contract, read once."""

from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.intervals import wilson
from insight.log import Facts
from insight.periods import PERIODS, UNITS, calendar_periods, microseconds

DAY = UNITS["D"]
TOP = 10  # groups with a name of their own; the rest are added up
FEWEST_DAYS = 14  # of data: less shows no silence worth the name
SHORTEST, LONGEST = 7, 90  # days that are proposed to wait for a return

# The settings of `churn` and what they are when not given.
USUAL = {
    **{"silent": None, "horizon": None, "activity": None, "by": None, "period": "month"},
    **{"as_of": None, "level": 0.95},
}


@dataclass(frozen=True, eq=False)
class Settings:
    """What is asked of the customers' silences, checked; days are counted from 0, the first day of the data.

    days : every day of the observed time as ISO text; begins : the instants they begin at, and the end of the last
    silent : days of silence that count as gone; None for the proposed ones
    horizon : days more in which a return is looked for
    activity : codes of the events that count
    by, top : column that makes the groups (None for no groups), and how many have a name
    asked : the settings as given
    """

    days: list[str]
    begins: np.ndarray
    silent: int | None
    horizon: int
    activity: tuple[int, ...]
    by: str | None
    top: int
    period: str
    level: float
    asked: dict[str, object]

    @property
    def last(self) -> int:
        """The number of the last day."""
        return len(self.days) - 1


def read_settings(given: dict[str, object], facts: Facts) -> Settings:
    """The settings of `churn`, as its keyword arguments, checked against the facts of a log.

    Raises UnknownValue for what does not exist, NotEnoughData for too few days, InsightError for other settings.
    """
    for key in given:
        if key not in USUAL:
            raise UnknownValue("setting of churn", key, USUAL)
    asked = USUAL | given
    wilson(0, 1, asked["level"])
    if asked["period"] not in PERIODS:
        raise UnknownValue("period", asked["period"], PERIODS)
    days, begins = observed_days(facts, asked["as_of"])
    if len(days) < FEWEST_DAYS:
        raise NotEnoughData(f"Silences need {FEWEST_DAYS} days of data; there are {len(days)}.")
    silent = None if asked["silent"] is None else whole_days(asked["silent"], "silent")
    if silent is not None and silent >= len(days):
        raise NotEnoughData(
            f"Nobody can have been silent for {silent} days: the data covers {len(days)}. Choose fewer (silent=...)."
        )
    by, top = read_groups(asked["by"], facts)
    horizon = proposed_horizon(len(days)) if asked["horizon"] is None else whole_days(asked["horizon"], "horizon")
    return Settings(
        days=days,
        begins=begins,
        silent=silent,
        horizon=horizon,
        activity=read_activity(asked["activity"], facts),
        by=by,
        top=top,
        period=asked["period"],
        level=asked["level"],
        asked=asked,
    )


def observed_days(facts: Facts, as_of: str | None) -> tuple[list[str], np.ndarray]:
    """Every day of the observed time, and when each begins, followed by the end of the last."""
    end = facts.end_of_data(facts.as_of_day(as_of))
    return calendar_periods(facts.first_time, end - 1, "day", facts.timezone)


def proposed_horizon(n_days: int) -> int:
    """How many days to wait for a return: about a quarter of the data, in whole weeks or months, at most 90 days.

    >>> proposed_horizon(30), proposed_horizon(181), proposed_horizon(545)
    (7, 30, 90)
    """
    quarter = n_days // 4
    rounded = quarter // 30 * 30 if quarter >= 30 else quarter // 7 * 7
    return min(max(rounded, SHORTEST), LONGEST)


def whole_days(length: str, setting: str) -> int:
    """A length such as "60D" in days. Raises InsightError for one that is not made of whole days."""
    found, rest = divmod(microseconds(length, setting), DAY)
    if rest:
        raise InsightError(f'{setting} = {length!r} is not made of whole days. Write "60D" or "8W".')
    return found


def read_activity(written: object, facts: Facts) -> tuple[int, ...]:
    """The codes of the events that count as activity; all where none are named."""
    if written is None:
        return tuple(range(len(facts.events)))
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list | tuple) or not names:
        raise InsightError(f'activity = {written!r} is not a list of events. Write ["purchase"].')
    for name in names:
        if name not in facts.events:
            raise UnknownValue("activity", name, facts.events)
    return tuple(sorted({facts.events.index(name) for name in names}))


def read_groups(written: object, facts: Facts) -> tuple[str | None, int]:
    """The column that makes the groups, and how many of them have a name."""
    if written is None:
        return None, TOP
    parts = {"column": written} if isinstance(written, str) else written
    if not isinstance(parts, dict) or not set(parts) <= {"column", "top"} or "column" not in parts:
        raise InsightError(
            f'by = {written!r} is not a breakdown. Write "channel" or {{"column": "channel", "top": 5}}.'
        )
    if parts["column"] not in facts.columns:
        raise UnknownValue("by", parts["column"], facts.columns)
    top = parts.get("top", TOP)
    if type(top) is not int or top < 1:
        raise InsightError(f'"top" of a breakdown is {top!r}; it is a number of groups, at least 1.')
    return parts["column"], top
