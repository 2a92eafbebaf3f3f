"""The customers behind a channel's credit or a path: those whose journeys were counted."""

from functools import partial

import numpy as np

from insight.attribution.channels import USUAL, conversions_of
from insight.attribution.cutting import cut_journeys
from insight.attribution.touches import tallied
from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.tables.touch_paths import SEPARATOR

ENDS = ("converted", "null", "open")


def attribution_members(touches, settings: dict[str, object], cell: dict[str, object], orders=None) -> list[str]:
    """The ids of the customers behind a number of `attribution_of(touches, orders, **settings)`, in ascending order.

    cell : {"ended": "converted"}, customers with a journey that ended so; "null" without a conversion, "open" when the
        data ended. Beside it {"channel": "ads"}, of the journeys that hold this channel, or {"path": "ads > mail"}, of
        those that are this path; "" is the path of conversions without a touch
    A customer may have several journeys, so there may be fewer customers than journeys.

    Raises UnknownValue for a channel or path that no journey has, InsightError for a table of paths, which names
    nobody; otherwise as `attribution_of`.

    >>> from insight import read_events
    >>> log = b"user,event,time,channel\\nana,see,2026-01-01,ads\\nana,purchase,2026-01-04,\\nben,see,2026-01-04,ads\\n"
    >>> attribution_members(read_events(log), {"conversion": "purchase"}, {"channel": "ads", "ended": "converted"})
    ['ana']
    """
    wanted = _read_cell(cell)
    if touches.kind == "paths":
        raise InsightError("A table of paths names no customers.")
    given = {name: settings.get(name, usual) for name, usual in {**USUAL, "conversion": None}.items()}
    orders = conversions_of(orders, given["conversion"])
    (found, ids), _decimals, _facts = tallied(touches, orders, given, partial(_people, cell=wanted), _joined)
    if not found:
        name = "channel" if "channel" in wanted else "path"
        raise InsightError(f"No journey has the {name} {wanted[name]!r}.")
    return sorted(ids)


def _joined(parts: list[tuple[bool, list[str]]]) -> tuple[bool, list[str]]:
    return any(found for found, _ids in parts), [one for _found, ids in parts for one in ids]


def _read_cell(cell: object) -> dict[str, str]:
    if not isinstance(cell, dict) or "ended" not in cell or {"channel", "path"} <= set(cell):
        raise InsightError(f'A cell is {{"channel": "ads", "ended": "converted"}}; {cell!r} is not.')
    for key in cell:
        if key not in ("ended", "channel", "path"):
            raise UnknownValue("cell", key, ("ended", "channel", "path"))
    if cell["ended"] not in ENDS:
        raise UnknownValue("ended", cell["ended"], ENDS)
    return cell


def _people(log: Log, facts: Facts, settings: dict[str, object], cell: dict[str, str]) -> tuple[bool, list[str]]:
    """Whether a part has such a path at all, and the ids of its customers behind the cell."""
    cut = cut_journeys(log, facts, settings)
    which = np.array([_is_meant(path, cell) for path in cut.path.to_pylist()], bool)
    ended = {"converted": cut.won, "null": cut.null, "open": cut.open}[cell["ended"]]
    behind = np.zeros(len(log.customers), bool)
    behind[cut.customer[which[cut.of] & ended]] = True
    known = bool(which.any()) or set(cell) == {"ended"} or cell.get("path") == ""
    return known, log.customers[behind].tolist()


def _is_meant(path: str, cell: dict[str, str]) -> bool:
    if "path" in cell:
        return path == cell["path"]
    return "channel" not in cell or f"{SEPARATOR}{cell['channel']}{SEPARATOR}" in f"{SEPARATOR}{path}{SEPARATOR}"
