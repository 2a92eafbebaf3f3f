"""The grammar of a funnel's settings: what a step and a breakdown may look like."""

from dataclasses import dataclass

from insight.errors import InsightError, UnknownValue
from insight.log import Log

TOP = 10  # breakdown values shown by name; the others are added up


@dataclass(frozen=True)
class Step:
    """One step of a funnel: any of these events."""

    name: str
    events: tuple[str, ...]


def read_steps(steps: list, log: Log) -> list[Step]:
    """Steps as written ("visit", ["visit", "open_app"], {"events": [...], "name": "..."}), checked against the log.

    Raises InsightError for fewer than two steps or a wrong form, UnknownValue for an event that the log does not have.
    """
    if not isinstance(steps, list | tuple) or len(steps) < 2:
        raise InsightError('A funnel needs at least two steps, for example steps=["visit", "purchase"].')
    found = {}
    for step in (_step(step, log) for step in steps):
        name, again = step.name, 1
        while name in found:  # a name stands for one row
            again += 1
            name = f"{step.name} ({again})"
        found[name] = Step(name, step.events)
    return list(found.values())


def _step(step: object, log: Log) -> Step:
    if isinstance(step, dict):
        _known_keys("a step", step, ("events", "name"))
        events, name = step.get("events"), step.get("name")
    else:
        events, name = step, None
    events = [events] if isinstance(events, str) else events
    if not isinstance(events, list | tuple) or not events or not all(isinstance(e, str) for e in events):
        raise InsightError(f'A step is "visit", ["visit", "open_app"] or {{"events": ["visit"]}}; {step!r} is not.')
    if name is not None and not isinstance(name, str):
        raise InsightError(f"The name of a step is text; {name!r} is not.")
    for event in events:
        if event not in log.events:
            raise UnknownValue("steps", event, log.events)
    return Step(name or " or ".join(events), tuple(dict.fromkeys(events)))


@dataclass(frozen=True)
class Breakdown:
    """By which column's value at the first entry customers are grouped, and how many values keep their name."""

    column: str
    top: int = TOP


def read_breakdown(by: object, log: Log) -> Breakdown | None:
    """A breakdown as written ("channel" or {"column": "channel", "value": "entry", "top": 10}); None for none.

    Raises UnknownValue for a column that the file does not have, or a key or value that does not exist.
    """
    if by is None:
        return None
    if not isinstance(by, str | dict):
        raise InsightError(f'by is a column, "channel" or {{"column": "channel"}}; {by!r} is not.')
    wanted = by if isinstance(by, dict) else {"column": by}
    _known_keys("by", wanted, ("column", "value", "top"))
    column, top = wanted.get("column"), wanted.get("top", TOP)
    if not isinstance(column, str) or column not in log.frame.columns:
        raise UnknownValue("by", column, log.frame.columns)
    if wanted.get("value", "entry") != "entry":
        raise UnknownValue("by value", wanted["value"], ["entry"])
    if not isinstance(top, int) or isinstance(top, bool) or top < 1:
        raise InsightError(f"by top = {top!r} must be a whole number from 1 up.")
    return Breakdown(column, top)


def _known_keys(what: str, given: dict, allowed: tuple[str, ...]) -> None:
    for key in given:
        if key not in allowed:
            raise UnknownValue(f"key of {what}", key, allowed)
