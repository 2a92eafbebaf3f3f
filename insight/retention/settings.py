"""All settings of a retention analysis, read once: who is in which cohort, and what counts as coming back."""

from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.intervals import wilson
from insight.log import Facts
from insight.log.conditions import Condition, read_conditions
from insight.periods import PERIODS, UNITS, calendar_periods, day_start, microseconds, timestamp

# The settings of `retention` and what they are when not given.
USUAL = {
    **{"period": "month", "criterion": "on", "clock": "calendar", "cohort": "first", "returns": None, "bracket": None},
    **{"week_start": "MON", "guard": None, "by": None, "as_of": None, "level": 0.95},
}
CRITERIA = ("on", "on_or_after", "on_or_before", "streak", "bracket")
CLOCKS = ("calendar", "rolling")
LENGTHS = {"day": UNITS["D"], "week": UNITS["W"], "month": 30 * UNITS["D"]}  # of a period on the rolling clock
MOST_CELLS = 250_000  # cohorts x periods; more are no table that anyone reads
TOP = 10  # groups with a name
ACTIVITY = {"events": (), "orders": ("purchase",)}  # what counts as being active; () for any event


@dataclass(frozen=True)
class Rows:
    """Some rows of a log: those of these events (of any, where there are none) that meet all conditions."""

    names: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column that makes groups; the largest `top` keep their names."""

    name: str
    top: int = TOP


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings, checked; instants and lengths in microseconds.

    starts, returns : the rows that put a customer into a cohort, and those that count as coming back
    recurring : a customer is in the cohort of every period with such a row, and not only of the first
    days, begins : the first day of each calendar period, when each begins, and the end of the last
    length : of a period on the rolling clock; None on the calendar
    column : what the customers are grouped by; by_value : the groups are the cohorts themselves
    first_day : when the first day of the data begins
    opens : customers whose first row lies before are left out; None for nobody
    observed : end of the observed time; ends : rows from here on are not used, None for no limit
    asked : the settings as given
    """

    starts: Rows
    returns: Rows
    recurring: bool
    days: list[str]
    begins: np.ndarray
    length: int | None
    column: Column | None
    by_value: bool
    first_day: int
    opens: int | None
    observed: int
    ends: int | None
    asked: dict[str, object]

    @property
    def n_periods(self) -> int:
        """How many periods a customer can have lived, the first and the unfinished last included."""
        if self.length is None:
            return len(self.days)
        return int((self.observed - self.begins[0]) // self.length) + 1

    @property
    def counted(self) -> tuple:
        """What decides the counts, whatever criterion is asked of them: hashable."""
        column = self.column and self.column.name
        return (self.starts, self.returns, self.recurring, self.begins.tobytes(), self.length, column, self.opens,
                self.ends)  # fmt: skip

    @property
    def columns(self) -> list[str]:
        """The columns of the file that are looked at."""
        named = [condition.column for rows in (self.starts, self.returns) for condition in rows.where]
        return sorted({*named, *([self.column.name] if self.column else [])})


def read_settings(given: dict[str, object], facts: Facts, kind: str) -> Settings:
    """The settings of `retention`, as its keyword arguments, checked against the facts of a table of this kind.

    Raises UnknownValue for what does not exist, InsightError for what is not possible.
    """
    for key in given:
        if key not in USUAL:
            raise UnknownValue("setting of retention", key, USUAL)
    asked = USUAL | given
    check_words(asked)
    _check_bracket(asked)
    wilson(0, 1, asked["level"])
    observed = facts.end_of_data(facts.as_of_day(asked["as_of"]))
    calendar = calendar_periods(facts.first_time, observed - 1, asked["period"], facts.timezone, asked["week_start"])
    value = _value_of(asked["cohort"])
    if value is not None and asked["by"] is not None:
        raise InsightError("The values of a column are the cohorts already: leave out by, or take another cohort.")
    settings = Settings(
        starts=_starts(asked["cohort"], facts, kind),
        returns=read_rows(asked["returns"], facts, kind, "returns"),
        recurring=asked["cohort"] == "recurring",
        days=calendar[0],
        begins=calendar[1],
        length=None if asked["clock"] == "calendar" else LENGTHS[asked["period"]],
        column=read_column(asked["by"] if value is None else value, facts),
        by_value=value is not None,
        first_day=_first_day(facts),
        opens=_opens(asked, facts),
        observed=observed,
        ends=None if asked["as_of"] is None else observed,
        asked={name: asked[name] for name in USUAL if name != "as_of"},
    )
    check_size(settings)
    return settings


def check_words(asked: dict[str, object]) -> None:
    """Raises UnknownValue for a word that a setting does not know."""
    for setting, allowed in (("period", PERIODS), ("criterion", CRITERIA), ("clock", CLOCKS)):
        if setting in asked and asked[setting] not in allowed:
            raise UnknownValue(setting, asked[setting], allowed)


def _check_bracket(asked: dict[str, object]) -> None:
    bracket, wanted = asked["bracket"], asked["criterion"] == "bracket"
    if bracket is None:
        if wanted:
            raise InsightError('A bracket needs its first and last period: bracket=[1, 3] with criterion="bracket".')
        return
    whole = isinstance(bracket, list | tuple) and len(bracket) == 2 and all(type(k) is int for k in bracket)
    if not whole or not 1 <= bracket[0] <= bracket[1]:
        raise InsightError(
            f"bracket = {bracket!r} must be two periods, such as [1, 3]: the first from 1 on, then the last."
        )
    if not wanted:
        raise InsightError('A bracket is asked for with criterion="bracket"; another criterion needs none.')


def check_size(settings: Settings) -> None:
    """Raises InsightError where so many cohorts and periods were asked for that nobody could read them."""
    cells = len(settings.days) * settings.n_periods
    if cells > MOST_CELLS:
        longer = {"day": "week", "week": "month"}.get(settings.asked["period"])
        advice = f'Take period="{longer}", or a shorter time.' if longer else "Take a shorter time."
        raise InsightError(f"{len(settings.days):,} cohorts of {settings.n_periods:,} periods are too many. {advice}")


def read_rows(written: object, facts: Facts, kind: str, setting: str) -> Rows:
    """Which rows a setting means: None, "purchase", ["purchase", "renewal"], or a dict of "events" and "where"."""
    one = written if isinstance(written, dict) else {"events": written}
    for key in one:
        if key not in ("events", "where"):
            raise UnknownValue(f"key of {setting}", key, ("events", "where"))
    names = one.get("events")
    if names is None:
        names = ACTIVITY[kind]
    names = (names,) if isinstance(names, str) else tuple(names) if isinstance(names, list | tuple) else None
    none_chosen = not names and one.get("events") is not None
    if names is None or none_chosen or not all(isinstance(name, str) for name in names):
        raise InsightError(f'{setting} = {written!r} is not an event: write "purchase", or ["purchase", "renewal"].')
    allowed = ACTIVITY[kind] or facts.events
    for name in names:
        if name not in allowed:
            raise UnknownValue(f"event of {setting}", name, allowed)
    return Rows(tuple(sorted(set(names))), read_conditions(one.get("where", []), facts.columns))


def _starts(cohort: object, facts: Facts, kind: str) -> Rows:
    if cohort in ("first", "recurring") or _value_of(cohort) is not None:
        return Rows(ACTIVITY[kind])
    if not isinstance(cohort, dict) or "event" not in cohort:
        raise UnknownValue("cohort", cohort, ["first", "recurring", {"event": "..."}, {"column": "..."}])
    for key in cohort:
        if key not in ("event", "where"):
            raise UnknownValue("key of cohort", key, ("event", "where"))
    written = {"events": cohort["event"], "where": cohort.get("where", [])}
    return read_rows(written, facts, kind, "cohort")


def _value_of(cohort: object) -> dict | None:
    return cohort if isinstance(cohort, dict) and "column" in cohort else None


def read_column(written: object, facts: Facts) -> Column | None:
    """What groups are made of: None, "channel", or {"column": "channel", "top": 10}."""
    if written is None:
        return None
    one = written if isinstance(written, dict) else {"column": written}
    for key in one:
        if key not in ("column", "top"):
            raise UnknownValue("key of the groups", key, ("column", "top"))
    if one.get("column") not in facts.columns:
        raise UnknownValue("column", one.get("column"), facts.columns)
    top = one.get("top", TOP)
    if type(top) is not int or top < 1:
        raise InsightError(f"top = {top!r} must be a whole number from 1 on: so many groups keep their names.")
    return Column(one["column"], top)


def _opens(asked: dict[str, object], facts: Facts) -> int | None:
    """The end of the guard: `guard` after the day of the first row begins."""
    if asked["guard"] is None:
        return None
    if asked["cohort"] == "recurring":
        raise InsightError(
            "A guard keeps old customers from looking new; in recurring cohorts nobody is new: leave it out."
        )
    return _first_day(facts) + microseconds(asked["guard"], "guard")


def _first_day(facts: Facts) -> int:
    return day_start(timestamp(facts.first_time, facts.timezone).strftime("%Y-%m-%d"), facts.timezone)
