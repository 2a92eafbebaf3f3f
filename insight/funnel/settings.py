"""All settings of a funnel, read once: what an attempt is, and what is asked of it."""

from dataclasses import dataclass
from itertools import combinations

from insight.errors import InsightError, UnknownValue
from insight.funnel.steps import (
    Breakdown,
    Exclusion,
    Sessions,
    Step,
    read_breakdown,
    read_exclusions,
    read_steps,
    read_unit,
)
from insight.intervals import wilson
from insight.log import Facts
from insight.periods import day_start, microseconds

# The settings of `funnel` and what they are when not given.
USUAL = {
    **{"within": "7D", "order": "ordered", "reentry": "best", "entries": "mature", "by": None},
    **{"start": None, "end": None, "exclude": None, "unit": "customer", "as_of": None, "level": 0.95},
}


@dataclass(frozen=True)
class Rules:
    """What makes an attempt, whatever time it takes. Hashable: attempts are remembered by their rules.

    opens, closes : entries lie in opens <= instant < closes; None for no limit
    noted : of which step the groups need the moment: "first", "last", a position, or None
    """

    steps: tuple[Step, ...]
    order: str = "ordered"
    reentry: str = "best"
    exclusions: tuple[Exclusion, ...] = ()
    opens: int | None = None
    closes: int | None = None
    noted: str | int | None = None


@dataclass(frozen=True)
class Settings:
    """A funnel's settings, checked; instants and lengths in microseconds.

    window : None for no limit
    latest : the latest first entry of a customer who counts; None where everybody counts
    observed : end of the observed time; ends : rows from here on are not used, None for no limit
    sessions : None where customers are counted
    asked : the settings as given
    """

    rules: Rules
    window: int | None
    latest: int | None
    observed: int
    ends: int | None
    sessions: Sessions | None
    breakdown: Breakdown | None
    level: float
    asked: dict[str, object]

    @property
    def goal(self) -> int:
        """The position of the last required step."""
        return max(k for k, step in enumerate(self.rules.steps) if step.required)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that are looked at, beside who, what and when."""
        asked = [condition.column for own in (*self.rules.steps, *self.rules.exclusions) for condition in own.where]
        if self.breakdown is not None:
            asked.append(self.breakdown.column)
        if self.sessions is not None and self.sessions.gap is None:
            asked.append("session")
        return tuple(sorted(set(asked)))


def read_settings(given: dict[str, object], facts: Facts) -> Settings:
    """The settings of a funnel, as its keyword arguments, checked against the facts of a log.

    Raises UnknownValue for what does not exist, InsightError for what is not possible.
    """
    for key in given:
        if key not in ("steps", *USUAL):
            raise UnknownValue("setting of funnel", key, ["steps", *USUAL])
    asked = USUAL | given
    steps = read_steps(asked.get("steps"), facts)
    window = _window(asked)
    observed = facts.end_of_data(asked["as_of"])
    breakdown = read_breakdown(asked["by"], facts, steps)
    rules = Rules(
        steps=tuple(steps),
        order=asked["order"],
        reentry=asked["reentry"],
        exclusions=read_exclusions(asked["exclude"], steps, facts),
        **_entry_range(asked["start"], asked["end"], facts.timezone),
        noted=None if breakdown is None or breakdown.value == "entry" else breakdown.value,
    )
    _check_order(rules)
    return Settings(
        rules=rules,
        window=window,
        latest=None if asked["entries"] == "all" else observed - window,
        observed=observed,
        ends=None if asked["as_of"] is None else observed,
        sessions=read_unit(asked["unit"], facts),
        breakdown=breakdown,
        level=asked["level"],
        asked={name: asked[name] for name in USUAL if name != "as_of"},
    )


def _window(asked: dict[str, object]) -> int | None:
    """The window in microseconds, if the plain settings are possible."""
    for setting, allowed in (
        ("order", ["ordered", "strict", "any", "open"]),
        ("reentry", ["best", "first"]),
        ("entries", ["mature", "all"]),
    ):
        if asked[setting] not in allowed:
            raise UnknownValue(setting, asked[setting], allowed)
    wilson(0, 1, asked["level"])
    if asked["within"] is None and asked["entries"] == "mature":
        raise InsightError('Without a window nobody is ever finished: set entries="all", or a window such as "7D".')
    return None if asked["within"] is None else microseconds(asked["within"])


def _entry_range(start: str | None, end: str | None, timezone: str | None) -> dict[str, int | None]:
    opens = None if start is None else day_start(start, timezone, setting="start")
    closes = None if end is None else day_start(end, timezone, setting="end", days_later=1)
    if opens is not None and closes is not None and closes <= opens:
        raise InsightError(
            f"The first day lies after the last (start={start!r}, end={end!r}): choose an earlier start."
        )
    return {"opens": opens, "closes": closes}


def _check_order(rules: Rules) -> None:
    """Raises InsightError for what an order of steps cannot have; no setting is silently ignored."""
    if rules.order in ("any", "open") and not all(step.required for step in rules.steps):
        raise InsightError(f'Optional steps need order="ordered" or "strict"; order is {rules.order!r}.')
    if rules.order != "any":
        return
    for one, other in combinations(rules.steps, 2):
        if shared := sorted(set(one.events) & set(other.events)):
            both = f"{one.name!r} and {other.name!r}"
            raise InsightError(f'With order="any" each step needs events of its own: {shared[0]!r} is in {both}.')
    if any(step.max_gap is not None for step in rules.steps):
        raise InsightError('With order="any" no step has a step before it: leave "max_gap" out.')
    if any((own.first, own.last) != (0, len(rules.steps) - 1) for own in rules.exclusions):
        raise InsightError('With order="any" an exclusion holds for the whole attempt: leave "between" out.')
