"""The grammar of a funnel's settings: what a step, an exclusion, a breakdown and a unit may look like."""

from dataclasses import dataclass
from typing import Protocol

from insight.errors import InsightError, UnknownValue
from insight.log.conditions import Condition, read_conditions
from insight.periods import microseconds

TOP = 10  # breakdown values shown by name; the others are added up
SESSION_GAP = "30min"  # a longer pause begins a new session


class Vocabulary(Protocol):
    """What settings are checked against: the names of a log (a Log or its Facts)."""

    events: list[str] | tuple[str, ...]
    columns: list[str] | tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step of a funnel: any of these events that meets all conditions.

    required : an optional step (False) may be left out of an attempt
    max_gap : longest time since the required step before, in microseconds; None for no limit
    """

    name: str
    events: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    required: bool = True
    max_gap: int | None = None


def read_steps(steps: list, log: Vocabulary) -> list[Step]:
    """Steps as written, checked against the log.

    A step is "visit", ["visit", "open_app"] or {"events": [...], "where": [["value", ">=", 100]], "name": "...",
    "optional": True, "max_gap": "1D"}.
    Raises InsightError for fewer than two steps or a wrong form, UnknownValue for an event, a column or an operator
    that does not exist.
    """
    if not isinstance(steps, list | tuple) or len(steps) < 2:
        raise InsightError('A funnel needs at least two steps, for example steps=["visit", "purchase"].')
    found = {}
    for step in (_step(step, log) for step in steps):
        name, again = step.name, 1
        while name in found:  # a name stands for one row
            again += 1
            name = f"{step.name} ({again})"
        found[name] = Step(name, step.events, step.where, step.required, step.max_gap)
    read = list(found.values())
    if not read[0].required or read[0].max_gap is not None:
        raise InsightError('An attempt begins with its first step: that cannot be "optional" nor have a "max_gap".')
    if sum(step.required for step in read) < 2:
        raise InsightError("A funnel needs at least two steps that are not optional.")
    return read


def _step(written: object, log: Vocabulary) -> Step:
    given = written if isinstance(written, dict) else {"events": written}
    _known_keys("a step", given, ("events", "name", "where", "optional", "max_gap"))
    events = _events(given.get("events"), "steps", log)
    if events is None:
        raise InsightError(f'A step is "visit", ["visit", "open_app"] or {{"events": ["visit"]}}; {written!r} is not.')
    name, optional, gap = given.get("name"), given.get("optional", False), given.get("max_gap")
    if name is not None and not isinstance(name, str):
        raise InsightError(f"The name of a step is text; {name!r} is not.")
    if not isinstance(optional, bool):
        raise InsightError(f'"optional" of a step is True or False; {optional!r} is not.')
    return Step(
        name or " or ".join(events),
        events,
        _conditions(given, log),
        not optional,
        None if gap is None else microseconds(gap, "max_gap"),
    )


def _conditions(given: dict, log: Vocabulary) -> tuple[Condition, ...]:
    where = given.get("where")
    return () if where is None else read_conditions(where, log.columns)


def _events(written: object, setting: str, log: Vocabulary) -> tuple[str, ...] | None:
    """Names of events that the log has; None where the form is wrong."""
    events = [written] if isinstance(written, str) else written
    if not isinstance(events, list | tuple) or not events or not all(isinstance(e, str) for e in events):
        return None
    for event in events:
        if event not in log.events:
            raise UnknownValue(setting, event, log.events)
    return tuple(dict.fromkeys(events))


@dataclass(frozen=True)
class Exclusion:
    """Events that must not lie strictly between the matched events of steps `first` and `last` (counted from 0).

    remove : who has one in an attempt that is open between the two is taken out of all counts
    """

    events: tuple[str, ...]
    where: tuple[Condition, ...]
    first: int
    last: int
    remove: bool


def read_exclusions(exclude: object, steps: list[Step], log: Vocabulary) -> tuple[Exclusion, ...]:
    """Exclusions as written: {"events": [...], "where": [...], "between": [1, 2], "effect": "drop"}, one or a list.

    `between` counts steps from 1; the default is from the first to the last required step.
    """
    if exclude is None:
        return ()
    written = exclude if isinstance(exclude, list | tuple) else [exclude]
    return tuple(_exclusion(one, steps, log) for one in written)


def _exclusion(written: object, steps: list[Step], log: Vocabulary) -> Exclusion:
    given = {"events": written} if isinstance(written, str) else written
    if not isinstance(given, dict):
        raise InsightError(f'An exclusion is written {{"events": ["support_call"]}}; {written!r} is not one.')
    _known_keys("exclude", given, ("events", "where", "between", "effect"))
    events = _events(given.get("events"), "exclude", log)
    if events is None:
        raise InsightError(f'An exclusion names its events, {{"events": ["support_call"]}}; {written!r} does not.')
    effect = given.get("effect", "drop")
    if effect not in ("drop", "remove"):
        raise UnknownValue("exclude effect", effect, ["drop", "remove"])
    required = [k for k, step in enumerate(steps, start=1) if step.required]
    between = given.get("between", [1, required[-1]])
    if not isinstance(between, list | tuple) or len(between) != 2 or not all(_is_whole(k) for k in between):
        raise InsightError(f"exclude between = {between!r} must be two steps, counted from 1, such as [1, 2].")
    first, last = between
    if first not in required or last not in required or first >= last:
        raise InsightError(
            f"exclude between = {between!r} is not possible: two required steps, the earlier first, of {required}."
        )
    return Exclusion(events, _conditions(given, log), first - 1, last - 1, effect == "remove")


@dataclass(frozen=True)
class Breakdown:
    """By which column's value customers are grouped, and how many values keep their name.

    value : "entry" (at the customer's first entry), or in the attempt that counts "first", "last" (the step it got to)
        or a step, counted from 0
    """

    column: str
    top: int = TOP
    value: str | int = "entry"


def read_breakdown(by: object, log: Vocabulary, steps: list[Step]) -> Breakdown | None:
    """A breakdown as written, "channel" or {"column": "channel", "value": "entry", "top": 10}; None for none.

    Raises UnknownValue for a column that the file does not have, or a key or value that does not exist.
    """
    if by is None:
        return None
    if not isinstance(by, str | dict):
        raise InsightError(f'by is a column, "channel" or {{"column": "channel"}}; {by!r} is not.')
    wanted = by if isinstance(by, dict) else {"column": by}
    _known_keys("by", wanted, ("column", "value", "top"))
    column, value, top = wanted.get("column"), wanted.get("value", "entry"), wanted.get("top", TOP)
    if not isinstance(column, str) or column not in log.columns:
        raise UnknownValue("by", column, log.columns)
    required = [k for k, step in enumerate(steps, start=1) if step.required]
    if value not in ("entry", "first", "last") and not (_is_whole(value) and value in required):
        raise UnknownValue("by value", value, ["entry", "first", "last", *required])
    if not _is_whole(top) or top < 1:
        raise InsightError(f"by top = {top!r} must be a whole number from 1 up.")
    return Breakdown(column, top, value - 1 if _is_whole(value) else value)


@dataclass(frozen=True)
class Sessions:
    """Visits are counted: cut at every pause longer than `gap` microseconds; None for the file's session column."""

    gap: int | None


def read_unit(unit: object, log: Vocabulary) -> Sessions | None:
    """A unit as written: "customer" (None), "session" or {"session_gap": "30min"}.

    "session" takes the file's session column where it has one, else pauses of more than 30 minutes.
    """
    if isinstance(unit, dict):
        _known_keys("unit", unit, ("session_gap",))
        return Sessions(microseconds(unit.get("session_gap"), "session_gap"))
    if unit not in ("customer", "session"):
        raise UnknownValue("unit", unit, ["customer", "session", {"session_gap": SESSION_GAP}])
    if unit == "customer":
        return None
    return Sessions(None if "session" in log.columns else microseconds(SESSION_GAP))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _known_keys(what: str, given: dict, allowed: tuple[str, ...]) -> None:
    for key in given:
        if key not in allowed:
            raise UnknownValue(f"key of {what}", key, allowed)
