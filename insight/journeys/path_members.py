"""The customers behind a number of `paths`: the units that were counted, read back as ids."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.journeys.columns import Drawing, drawing, paths_table
from insight.journeys.comparison import compared
from insight.journeys.members import ids_of, known_keys
from insight.journeys.routes import Codes, Routes, routes
from insight.journeys.settings import Settings, read_settings
from insight.journeys.stream import stream_of
from insight.journeys.tally import Tally, groups_of, merged, numbered, open_paths, paths_tally
from insight.log import Facts, Log
from insight.tables.table import counted

FLAGS = ("without_anchor", "never_arrived", "still_open")  # cells beside the tables; each is True


@dataclass(frozen=True, eq=False)
class Wanted:
    """A number of `paths`, as the codes that its units have.

    flag : one of FLAGS; None where it is of paths
    codes : for some columns, by their place from the left, the codes that count
    listed : None, or an array of paths none of which counts
    groups : values of the breakdown that count, or that do not (`but`); None for everybody
    """

    flag: str | None = None
    codes: tuple[tuple[int, tuple[int, ...]], ...] = ()
    listed: np.ndarray | None = None
    groups: tuple[str, ...] | None = None
    but: bool = False


def paths_members(events, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `paths(events, **settings)`, in ascending order.

    cell : {"position": 2, "event": "cart"}, a node as it is drawn ("Other (3 kinds)", "(end)", ...) or any kind of
            event at that position
        {"position": 2, "source": "cart", "target": "purchase"}, a ribbon as it is drawn
        {"path": "visit > cart"} or {"path": ["visit", "cart"]}, a whole path that is listed, or "Other (12 paths)"
        {"without_anchor": True}, {"never_arrived": True}, {"still_open": True}
        and beside a node, a ribbon, a path or "still_open" a "group": "ads", one of the two `groups`

    Where sessions are counted: the customers with at least one such session, so there are fewer of them.
    Raises UnknownValue for a cell that the result does not have; otherwise as `paths`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> paths_members(log, {"depth": 2}, {"position": 1, "source": "visit", "target": "(end)"})
    ['ben']
    """
    table = counted(events, "paths", "events")
    facts = table.facts
    asked = read_settings(settings, facts)
    columns = asked.columns
    tally = table.tally(partial(paths_tally, facts=facts, settings=settings), merged, columns=columns)
    wanted = read_cell(cell, tally, asked)
    return table.ids(partial(path_people, facts=facts, settings=settings, wanted=wanted), columns=columns)


def path_people(log: Log, facts: Facts, settings: dict[str, object], wanted: Wanted) -> list[str]:
    """The ids of a part's customers behind a number of `paths`."""
    asked = read_settings(settings, facts)
    stream = stream_of(log, asked.cuts, asked.kinds)
    found = routes(stream, asked)
    if wanted.flag in ("without_anchor", "never_arrived"):
        return ids_of(log, stream.customer[getattr(found, wanted.flag)])
    behind = np.ones(len(found.unit), bool)
    if wanted.flag == "still_open":
        behind[:] = False
        behind[open_paths(stream, found, asked, facts)] = True
    for place, codes in wanted.codes:
        behind &= np.isin(found.code[place], codes)
    if wanted.listed is not None:
        behind &= ~_is_listed(found, wanted.listed, Codes(len(stream.names)))
    if wanted.groups is not None:
        group, names = groups_of(stream, found, asked)
        behind &= np.array([(name in wanted.groups) != wanted.but for name in names], bool)[group]
    return ids_of(log, stream.customer[found.unit[behind]])


def _is_listed(found: Routes, listed: np.ndarray, codes: Codes) -> np.ndarray:
    both = [np.concatenate(own) for own in zip(listed.T, found.code, strict=True)]
    number, _first = numbered(both, codes.size)
    return np.isin(number[len(listed) :], number[: len(listed)])


def read_cell(cell: object, tally: Tally, settings: Settings) -> Wanted:
    """A cell as written, checked against the result."""
    known_keys(cell, ("position", "event", "source", "target", "path", "group", *FLAGS))
    drawn = drawing(tally, settings)
    group = {} if "group" not in cell else _group(cell["group"], tally, settings)
    match sorted(set(cell) - {"group"}):
        case ["event", "position"]:
            place = _place(cell["position"], drawn)
            return Wanted(codes=((place, _codes(cell["event"], drawn, place, "event")),), **group)
        case ["position", "source", "target"]:
            left = _place(cell["position"], drawn)
            right = _place(drawn.columns[left].position + 1, drawn)
            source = _codes(cell["source"], drawn, left, "source")
            return Wanted(codes=((left, source), (right, _codes(cell["target"], drawn, right, "target"))), **group)
        case ["path"]:
            return _path(cell["path"], drawn, tally, settings, group)
        case [flag] if flag in FLAGS and cell[flag] is True and not (group and flag != "still_open"):
            return Wanted(flag=flag, **group)
    raise InsightError(
        'A cell of paths is {"position": 2, "event": "cart"}, {"position": 2, "source": "cart", "target": "buy"}, '
        f'{{"path": "visit > cart"}}, or {FLAGS[0]}, {FLAGS[1]} (both without a group) or {FLAGS[2]}; {cell!r} is not.'
    )


def _place(position: object, drawn: Drawing) -> int:
    """The place of a column from the left."""
    positions = [column.position for column in drawn.columns]
    if position not in positions:
        raise UnknownValue("position", position, positions)
    return positions.index(position)


def _codes(event: object, drawn: Drawing, place: int, key: str) -> tuple[int, ...]:
    """The codes behind a node, by its label or the name of any kind of event."""
    column = drawn.columns[place]
    if event in column.labels:
        return tuple(np.flatnonzero(column.label == column.labels.index(event)).tolist())
    there = np.flatnonzero(column.label >= 0)
    if event not in drawn.names[there]:
        raise UnknownValue(f"{key} at position {column.position}", event, column.labels)
    return tuple(there[drawn.names[there] == event].tolist())


def _path(path: object, drawn: Drawing, tally: Tally, settings: Settings, group: dict[str, object]) -> Wanted:
    """One of the paths that are listed, or all others."""
    listed = paths_table(drawn, tally, settings)
    shown, row = listed.table, listed.row[0]
    names, written = ("path", path) if isinstance(path, str) else ("events", list(path))
    found = [number for number, own in enumerate(shown[names]) if own == written]
    if not found:
        raise UnknownValue("path", path, shown["path"])
    if not shown["events"].iloc[found[0]]:
        return Wanted(listed=tally.code[row < found[0]], **group)
    own = tally.code[np.flatnonzero(row == found[0])[0]]
    return Wanted(codes=tuple((place, (int(code),)) for place, code in enumerate(own)), **group)


def _group(name: object, tally: Tally, settings: Settings) -> dict[str, object]:
    if settings.comparison is None:
        raise InsightError("These paths have no groups: add by=..., or leave out the group.")
    groups = compared(tally, settings.comparison)
    if name not in groups.names:
        raise UnknownValue("group", name, groups.names)
    if len(settings.comparison.values) == 1:  # the second group is everyone else
        return {"groups": settings.comparison.values, "but": name == groups.names[1]}
    return {"groups": (name,)}
