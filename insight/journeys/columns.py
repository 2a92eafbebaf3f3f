"""What a flow diagram draws of the paths: nodes by column, ribbons between them, and whole paths beside it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.journeys.results import ARRIVED, END, MORE, START
from insight.journeys.routes import Codes
from insight.journeys.settings import Settings
from insight.journeys.tally import Tally, dense, sums

BETWEEN = " > "  # the events of a path


@dataclass(frozen=True, eq=False)
class Column:
    """One column of the diagram.

    position : its number
    labels : names of its nodes, from the first to the last
    label : for each code the number of its node, -1 where nobody has the code here
    named : how many of the nodes are single events; Other and what is no event come after them
    """

    position: int
    labels: list[str]
    label: np.ndarray
    named: int


@dataclass(frozen=True, eq=False)
class Drawing:
    """The paths as they are drawn.

    columns : from left to right
    node : for each column the number of the node of each path
    names : of all codes
    n : units of each path
    """

    columns: list[Column]
    node: list[np.ndarray]
    names: np.ndarray
    codes: Codes
    n: np.ndarray

    @property
    def n_units(self) -> int:
        return int(self.n.sum())


def drawing(tally: Tally, settings: Settings) -> Drawing:
    """The nodes of each column: the most frequent events by their names, the others as one."""
    codes = Codes(len(settings.kinds.names))
    names = np.array([*settings.kinds.names, START, END, ARRIVED, MORE], object)
    n = sums(tally.path, tally.n, len(tally.code))
    columns = [
        _column(position, sums(own, n, codes.size), names, codes, settings)
        for position, own in zip(settings.positions, tally.code.T, strict=True)
    ]
    node = [column.label[own] for column, own in zip(columns, tally.code.T, strict=True)]
    return Drawing(columns, node, names, codes, n)


def _column(position: int, n: np.ndarray, names: np.ndarray, codes: Codes, settings: Settings) -> Column:
    kinds = np.flatnonzero(n[: codes.n_kinds])
    ranked = kinds[np.argsort(-n[kinds], kind="stable")]  # of equals the first in the alphabet
    named = ranked[: settings.asked["top"]]
    named = named[n[named] / n.sum() >= settings.asked["least_share"]]
    rest = ranked[len(named) :]
    if len(rest) == 1:  # bundling a single kind would only hide its name
        named, rest = ranked, ranked[:0]
    special = codes.n_kinds + np.flatnonzero(n[codes.n_kinds :])
    label = np.full(codes.size, -1)
    label[named] = np.arange(len(named))
    label[rest] = len(named)
    behind = len(named) + (len(rest) > 0)
    label[special] = behind + np.arange(len(special))
    other = [f"Other ({len(rest)} kinds)"] if len(rest) else []
    return Column(position, [*names[named], *other, *names[special]], label, len(named))


# -- the tables -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Rows:
    """A table of counts, and for each column of the diagram (or once) which of its rows each path is counted in."""

    table: pd.DataFrame
    row: list[np.ndarray]


def flows_table(drawn: Drawing) -> Rows:
    """The `flows` table."""
    parts, row, before = [], [], 0
    for left, right, source, target in zip(drawn.columns, drawn.columns[1:], drawn.node, drawn.node[1:], strict=False):
        width = len(right.labels)
        number, size = dense(source * width + target, len(left.labels) * width)
        n = sums(number, drawn.n, size)
        key = np.empty(size, np.int64)
        key[number] = source * width + target
        order = np.argsort(-n, kind="stable")
        at = sums(source, drawn.n, len(left.labels))
        parts.append(
            {
                "position": np.full(size, left.position),
                "source": np.array(left.labels, object)[key[order] // width],
                "target": np.array(right.labels, object)[key[order] % width],
                "n": n[order],
                "share": n[order] / drawn.n_units,
                "source_share": n[order] / at[key[order] // width],
            }
        )
        row.append(before + np.argsort(order)[number])
        before += size
    return Rows(_joined(parts, ("source", "target")), row)


def nodes_table(drawn: Drawing, tally: Tally) -> Rows:
    """The `nodes` table."""
    parts, row, before = [], [], 0
    for place, (column, node) in enumerate(zip(drawn.columns, drawn.node, strict=True)):
        size, there = len(column.labels), column.label >= 0
        n = sums(node, drawn.n, size)
        parts.append(
            {
                "position": np.full(size, column.position),
                "event": np.array(column.labels, object),
                "n": n,
                "share": n / drawn.n_units,
                "rows": sums(node, tally.rows[:, place], size),
                "repeated": sums(column.label[there], tally.repeated[place][there], size),
                "is_event": np.arange(size) < column.named,
            }
        )
        row.append(before + node)
        before += size
    return Rows(_joined(parts, ("event",)), row)


def step_table(drawn: Drawing, tally: Tally) -> pd.DataFrame:
    """The `steps` table."""
    parts = []
    for column, code in zip(drawn.columns, tally.code.T, strict=True):
        n = sums(code, drawn.n, drawn.codes.size)
        there = np.flatnonzero(n)
        parts.append(
            {
                "position": np.full(len(there), column.position),
                "event": drawn.names[there],
                "n": n[there],
                "share": n[there] / drawn.n_units,
            }
        )
    return _joined(parts, ("event",))


def _joined(parts: list[dict[str, np.ndarray]], texts: tuple[str, ...]) -> pd.DataFrame:
    """One table of all columns of the diagram."""
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return pd.DataFrame({name: pd.array(list(own), "str") if name in texts else own for name, own in columns.items()})


def paths_table(drawn: Drawing, tally: Tally, settings: Settings) -> Rows:
    """The `paths` table."""
    most = settings.asked["top_paths"]
    order = np.argsort(-drawn.n, kind="stable")  # of equals the first in the alphabet
    listed = order if len(order) <= most + 1 else order[:most]
    code, n = tally.code[listed], drawn.n[listed]
    inside = (code < drawn.codes.n_kinds) | (code == drawn.codes.more)
    events = [drawn.names[own[there]].tolist() for own, there in zip(code, inside, strict=True)]
    loops = tally.rows[listed] / n[:, None]
    table = {
        "path": [BETWEEN.join(own) for own in events],
        "n": n.tolist(),
        "steps": (code < drawn.codes.n_kinds).sum(axis=1).tolist(),
        "ended": _ended(code, drawn.codes, settings.direction).tolist(),
        "events": events,
        "loops": [own[there].tolist() for own, there in zip(loops, inside, strict=True)],
    }
    row = np.full(len(order), len(listed))
    row[listed] = np.arange(len(listed))
    if len(listed) < len(order):
        rest = [f"Other ({len(order) - len(listed)} paths)", drawn.n_units - int(n.sum()), 0, False, [], []]
        for name, value in zip(table, rest, strict=True):
            table[name].append(value)
    found = pd.DataFrame(table).astype({"path": "str"})
    found.insert(2, "share", found["n"] / drawn.n_units)
    return Rows(found, [row])


def _ended(code: np.ndarray, codes: Codes, direction: str) -> np.ndarray:
    """Whether a path ends before the last column (backward: begins behind the first; between: is shown whole)."""
    match direction:
        case "backward":
            return code[:, 0] == codes.start
        case "between":
            return ~(code == codes.more).any(axis=1)
    return code[:, -1] == codes.end


def step_matrix(result) -> pd.DataFrame:
    """Which share of the units has which event at which position: one row an event, one column a position.

    result : of :func:`insight.journeys.paths`
    Returns the `steps` table with an index `event` (the most frequent first, what is no event last) and a column for
    each position, ascending; 0.0 where nobody has the event. Each column sums to 1.
    Source: the step matrix of retentioneering.

    >>> from insight import read_events
    >>> from insight.journeys import paths
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> step_matrix(paths(log, depth=2)).loc["buy"].tolist()
    [0.0, 0.0, 0.5]
    """
    wide = result.steps.pivot(index="event", columns="position", values="share").fillna(0.0)
    special = [name for name in (START, END, ARRIVED, MORE) if name in wide.index]
    events = wide.drop(index=special)
    ranked = sorted(events.index, key=lambda event: (-events.loc[event].sum(), event))
    return wide.loc[[*ranked, *special]]
