"""The customers behind a transition or a time: those that were counted, read back as ids."""

from functools import partial

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.journeys import arrival, graph
from insight.journeys.naming import Kinds
from insight.journeys.results import END, START
from insight.journeys.stream import columns_of, stream_of
from insight.journeys.waiting import labelled
from insight.log import Facts, Log
from insight.periods import SECOND, microseconds
from insight.tables.table import Counted, counted


def ids_of(log: Log, customer: np.ndarray) -> list[str]:
    """The ids of customers by code, each once."""
    behind = np.zeros(len(log.customers), bool)
    behind[customer] = True
    return log.customers[behind].tolist()


def known_keys(cell: object, allowed: tuple[str, ...]) -> None:
    """Raises for a cell that is no dict, or has a key it cannot have."""
    if not isinstance(cell, dict) or not cell:
        raise InsightError(f"A cell is a dict that says which number is meant; {cell!r} is not.")
    for key in cell:
        if key not in allowed:
            raise UnknownValue("cell", key, allowed)


def transitions_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `transitions(events, **settings)`, in ascending order.

    cell : {"from_event": "cart", "to_event": "(end)"}, to whom that happens; {"event": "cart"}, who has the event

    Raises UnknownValue for an event that the result does not have; otherwise as `transitions`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-01\\nben,visit,2026-01-01\\n")
    >>> transitions_members(log, {}, {"from_event": "visit", "to_event": "(end)"})
    ['ana', 'ben']
    """
    table = counted(events, "transitions", "events")
    cuts, kinds = graph.read_transitions(settings, table.facts)
    n = len(kinds.names) + 1
    known_keys(cell, ("from_event", "to_event", "event"))
    if set(cell) == {"event"}:
        key = _code(cell["event"], "event", kinds)
    elif set(cell) == {"from_event", "to_event"}:
        ends = ((cell["from_event"], "from_event", START), (cell["to_event"], "to_event", END))
        source, target = (n - 1 if one == special else _code(one, name, kinds) for one, name, special in ends)
        key = source * n + target
    else:
        raise InsightError(f'A cell has "from_event" and "to_event", or "event" alone; {cell!r} has not.')
    count = partial(transition_people, facts=table.facts, settings=settings, key=key, passage="event" not in cell)
    return table.ids(count, columns=columns_of(cuts))


def _code(event: object, key: str, kinds: Kinds) -> int:
    if event not in kinds.names:
        raise UnknownValue(key, event, kinds.names)
    return kinds.names.index(event)


def transition_people(log: Log, facts: Facts, settings: dict[str, object], key: int, passage: bool) -> list[str]:
    """The ids of a part's customers with a passage (by its key in the tally), or with a kind of event."""
    stream = stream_of(log, *graph.read_transitions(settings, facts))
    keys, unit = graph.passages(stream) if passage else (stream.kind, stream.unit)
    return ids_of(log, stream.customer[unit[keys == key]])


def time_to_event_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `time_to_event(events, **settings)`, in ascending order.

    cell : {"entered": True}, who has the origin; {"arrived": True}, who was seen to get to the target, and with
        "within": "7D" in so much time; {"arrived": False}, who was not, and with "within" not in that time though
        observed so long; and beside any of them "group": "ads", as the table of groups names it

    Raises UnknownValue for a cell that the result does not have; otherwise as `time_to_event`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> time_to_event_members(log, {"origin": "visit", "target": "buy"}, {"arrived": False})
    ['ben']
    """
    table = counted(events, "time_to_event", "events")
    facts = table.facts
    asked = arrival.read_settings(settings, facts)
    known_keys(cell, ("entered", "arrived", "within", "group"))
    entered, arrived = cell.get("entered"), cell.get("arrived")
    if (entered is not True) == (not isinstance(arrived, bool)) or ("within" in cell and arrived is None):
        raise InsightError(f'A cell is {{"entered": True}} or {{"arrived": True, "within": "7D"}}; {cell!r} is not.')
    seconds = None if "within" not in cell else microseconds(cell["within"]) // SECOND
    names = None if "group" not in cell else _values_of(cell["group"], table, settings, asked)
    count = partial(arrival_people, facts=facts, settings=settings, arrived=arrived, seconds=seconds, names=names)
    return table.ids(count, columns=asked.columns)


def arrival_people(
    log: Log,
    facts: Facts,
    settings: dict[str, object],
    arrived: bool | None,
    seconds: int | None,
    names: tuple[str, ...] | None,
) -> list[str]:
    """The ids of a part's customers with the origin; who arrived (in so many seconds), or who did not."""
    asked = arrival.read_settings(settings, facts)
    used = arrival.used_rows(log, asked)
    found = arrival.followed(used, asked)
    behind = np.ones(len(found.customer), bool)
    if arrived is not None:
        soon = found.arrived if seconds is None else found.arrived & (found.seconds <= seconds)
        behind = soon if arrived else ~soon
        if not arrived and seconds is not None:
            behind &= found.seconds >= seconds
    if names is not None:
        group, known = arrival.groups_of(used, found, asked)
        behind &= np.isin(np.array(known, object), names)[group]
    return ids_of(log, found.customer[behind])


def _values_of(group: object, table: Counted, settings: dict[str, object], asked: arrival.Settings) -> tuple[str, ...]:
    """The values of the breakdown behind a label of the table of groups."""
    if asked.column is None:
        raise InsightError("This curve has no groups: add by=..., or leave out the group.")
    count = partial(arrival.waiting_tally, facts=table.facts, settings=settings)
    tally = table.tally(count, arrival.merged, columns=asked.columns)
    labels, label = labelled(tally, asked.top)
    if group not in labels:
        raise UnknownValue("group", group, labels)
    return tuple(name for name, own in zip(tally.groups, label, strict=True) if own == labels.index(group))
