"""The path of every unit: where it begins, and what stands in each column of the diagram."""

from dataclasses import dataclass

import numpy as np

from insight.journeys.settings import Settings, in_range
from insight.journeys.stream import Stream
from insight.log import run_starts


@dataclass(frozen=True, eq=False)
class Codes:
    """Kinds are numbered from 0; behind them come what is no event: before, after, arrived, and what does not fit."""

    n_kinds: int

    @property
    def start(self) -> int:
        return self.n_kinds

    @property
    def end(self) -> int:
        return self.n_kinds + 1

    @property
    def arrived(self) -> int:
        return self.n_kinds + 2

    @property
    def more(self) -> int:
        return self.n_kinds + 3

    @property
    def size(self) -> int:
        return self.n_kinds + 4


@dataclass(frozen=True, eq=False)
class Routes:
    """The paths of a stream's units, one column an array.

    unit : number of each unit that has a path, ascending
    code : for each position, from left to right, what every path has there (a kind, or one of Codes)
    rows : for each position the rows behind it, 0 where there is no event
    anchor : run of each path's first event, or its anchor
    tied : steps between two events of a path at the very same moment
    without_anchor, never_arrived : numbers of the units that are left out
    """

    unit: np.ndarray
    code: list[np.ndarray]
    rows: list[np.ndarray]
    anchor: np.ndarray
    tied: int
    without_anchor: np.ndarray
    never_arrived: np.ndarray


def routes(stream: Stream, settings: Settings) -> Routes:
    """The path of each unit (see :func:`insight.journeys.paths`)."""
    anchor = _anchors(stream, settings)
    has_none = np.ones(len(stream.code), bool)
    has_none[stream.unit[anchor]] = False
    without = np.flatnonzero(has_none)
    if settings.direction == "backward":
        return _backward(stream, settings, anchor, without)
    return _forward(stream, settings, anchor, without)


def _anchors(stream: Stream, settings: Settings) -> np.ndarray:
    """The run at which each unit's path is anchored: the first in the range, of the anchor's kinds if there are any."""
    wanted = settings.after or settings.before
    if wanted is None and settings.opens is None and settings.closes is None:
        return stream.starts[:-1]
    allowed = in_range(stream.time, settings.opens, settings.closes)
    if wanted is not None:
        allowed &= stream.having(wanted.kinds, wanted.where)
    found = np.flatnonzero(allowed)
    return found[run_starts(stream.unit[found])]


def _forward(stream: Stream, settings: Settings, anchor: np.ndarray, without: np.ndarray) -> Routes:
    """Paths from the anchor on, or from the first event; with two anchors up to the second."""
    codes, depth = Codes(len(stream.names)), settings.depth
    never = np.zeros(0, np.int64)
    last, after = stream.starts[stream.unit[anchor] + 1] - 1, codes.end
    if settings.direction == "between":
        arrival, after = _arrivals(stream, settings, anchor), codes.arrived
        never, there = stream.unit[anchor[arrival < 0]], arrival >= 0
        anchor, arrival = anchor[there], arrival[there]
        long = arrival - anchor > depth
        last = np.where(long, anchor + depth - 2, arrival)
    walk = _Walk(stream, settings, anchor, codes)
    if settings.after is None:
        walk.fill(codes.start)
    at = anchor
    while len(walk.code) <= depth:
        walk.step(at, at <= last, after, backward=False)
        at = at + 1
    if settings.direction == "between":
        walk.shorten(arrival, long)
    return walk.routes(without, never)


def _arrivals(stream: Stream, settings: Settings, anchor: np.ndarray) -> np.ndarray:
    """The first run of the second anchor behind each first one, in the same unit and in time; -1 for none."""
    goal = np.flatnonzero(stream.having(settings.before.kinds, settings.before.where))
    arrival = np.append(goal, len(stream.kind))[np.searchsorted(goal, anchor, side="right")]
    there = arrival < stream.starts[stream.unit[anchor] + 1]
    if settings.within is not None:
        near = np.where(there, arrival, anchor)
        there &= stream.time[near] - stream.time[anchor] <= settings.within
    return np.where(there, arrival, -1)


def _backward(stream: Stream, settings: Settings, anchor: np.ndarray, without: np.ndarray) -> Routes:
    """Paths to the anchor: what came before it, the nearest last."""
    codes, first = Codes(len(stream.names)), stream.starts[stream.unit[anchor]]
    walk = _Walk(stream, settings, anchor, codes)
    for back in range(settings.depth + 1):
        walk.step(anchor - back, anchor - back >= first, codes.start, backward=True)
    walk.code.reverse()
    walk.rows.reverse()
    return walk.routes(without, np.zeros(0, np.int64))


class _Walk:
    """Columns of a diagram while they are made."""

    def __init__(self, stream: Stream, settings: Settings, anchor: np.ndarray, codes: Codes):
        self.stream, self.within, self.codes = stream, settings.within, codes
        self.anchor, self.since = anchor, stream.time[anchor]
        self.code: list[np.ndarray] = []
        self.rows: list[np.ndarray] = []
        self.tied = 0
        self.narrow = np.min_scalar_type(-codes.size)

    def fill(self, code: int) -> None:
        """A column in which all have the same that is no event."""
        self.code.append(np.full(len(self.anchor), code, self.narrow))
        self.rows.append(np.zeros(len(self.anchor), np.int32))

    def step(self, at: np.ndarray, there: np.ndarray, otherwise: int, *, backward: bool) -> None:
        """A column of the runs `at`, for those that belong to the path (`there`)."""
        self.fill(otherwise)
        own = np.flatnonzero(there)
        run = at[own]
        if self.within is not None:
            near = np.abs(self.stream.time[run] - self.since[own]) <= self.within
            own, run = own[near], run[near]
        self.code[-1][own] = self.stream.kind[run]
        self.rows[-1][own] = self.stream.length[run]
        link = run + 1 if backward else run  # a run is tied to the one before it; the anchor begins the path
        self.tied += int(self.stream.tied[link[link != self.anchor[own] + backward]].sum())

    def shorten(self, arrival: np.ndarray, long: np.ndarray) -> None:
        """Of paths that do not fit: the last column is where they arrive, the one before says what is missing."""
        own = np.flatnonzero(long)
        self.code[-2][own], self.rows[-2][own] = self.codes.more, 0
        self.code[-1][own] = self.stream.kind[arrival[own]]
        self.rows[-1][own] = self.stream.length[arrival[own]]

    def routes(self, without: np.ndarray, never: np.ndarray) -> Routes:
        unit = self.stream.unit[self.anchor]
        return Routes(unit, self.code, self.rows, self.anchor, self.tied, without, never)
