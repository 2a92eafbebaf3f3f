"""Counting paths: counts that add up over disjoint sets of customers.

A path is a row of codes, one for each position. Rows are numbered column by column: the number of a longer path is made
of the number of its beginning and what comes next, so that twenty columns of two hundred kinds never overflow.
"""

from dataclasses import dataclass

import numpy as np

from insight.journeys.graph import may_go_on
from insight.journeys.routes import Codes, Routes, routes
from insight.journeys.settings import Settings, read_settings
from insight.journeys.stream import Stream, lowest_values, stream_of, united
from insight.log import Facts, Log, run_starts

WIDEST = 2**62
TABLE = 2**21  # so many possible numbers are counted in a table; more of them are sorted


@dataclass(frozen=True, eq=False)
class Sessions:
    """Sessions by customer, path and group, one row for each that occurs: what intervals of sessions need.

    owner : number of the customer, from 0; path, group : as in the tally; n : sessions
    """

    owner: np.ndarray
    path: np.ndarray
    group: np.ndarray
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of paths.

    code : array (paths, positions), each different path once, in ascending order
    rows : array (paths, positions) of the rows of the log behind each
    path, group, n : units by path and group, one entry for each pair that occurs, in ascending order
    groups : names of the groups, as a column names them; [""] where none are compared
    repeated : array (positions, codes): units that repeat the event there
    sessions : only where groups of sessions are compared
    n_customers : customers with a path
    without_anchor, never_arrived, still_open : units; tied : steps; hidden, left_out : rows
    """

    code: np.ndarray
    rows: np.ndarray
    path: np.ndarray
    group: np.ndarray
    n: np.ndarray
    groups: list[str]
    repeated: np.ndarray
    sessions: Sessions | None
    n_customers: int
    without_anchor: int
    never_arrived: int
    still_open: int
    tied: int
    hidden: int
    left_out: int


def paths_tally(log: Log, facts: Facts, settings: dict[str, object]) -> Tally:
    """Count the paths of a log, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `paths`
    """
    asked = read_settings(settings, facts)
    stream = stream_of(log, asked.cuts, asked.kinds)
    return stream.units.remember(("paths", asked.counted), lambda: _tally(stream, asked, facts))


def _tally(stream: Stream, asked: Settings, facts: Facts) -> Tally:
    found = routes(stream, asked)
    size = Codes(len(stream.names)).size
    number, first = numbered(found.code, size)
    group, names = groups_of(stream, found, asked)
    key, n = np.unique(number * len(names) + group, return_counts=True)
    customer = stream.customer[found.unit]
    sessions = None
    if asked.comparison is not None and asked.cuts.sessions:
        sessions = _sessions(customer, number, group, np.ones(len(group), np.int64))
    return Tally(
        code=np.stack([column[first] for column in found.code], axis=1),
        rows=np.stack([sums(number, rows, len(first)) for rows in found.rows], axis=1),
        path=key // len(names),
        group=key % len(names),
        n=n,
        groups=names,
        repeated=np.stack([_repeated(*own, size) for own in zip(found.code, found.rows, strict=True)]),
        sessions=sessions,
        n_customers=len(run_starts(customer)),
        without_anchor=len(found.without_anchor),
        never_arrived=len(found.never_arrived),
        still_open=len(open_paths(stream, found, asked, facts)),
        tied=found.tied,
        hidden=stream.hidden,
        left_out=stream.left_out,
    )


def _repeated(code: np.ndarray, rows: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(code[rows > 1], minlength=size)


def sums(number: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Sums of whole numbers by number; floats hold them exactly up to 2**53."""
    return np.bincount(number, values, minlength=size).astype(np.int64)


def groups_of(stream: Stream, found: Routes, settings: Settings) -> tuple[np.ndarray, list[str]]:
    """The group of each path, by the value at its first event (the anchor), and the groups' names."""
    if settings.comparison is None:
        return np.zeros(len(found.unit), np.int64), [""]
    return lowest_values(stream.units, settings.comparison.column, stream.row[found.anchor])


def open_paths(stream: Stream, found: Routes, settings: Settings, facts: Facts) -> np.ndarray:
    """Which paths, by position in `found`, stand in "(end)" and may still go on: the data ends too soon to tell."""
    if not settings.may_be_open:
        return np.zeros(0, np.int64)
    ended = np.flatnonzero(found.code[-1] == Codes(len(stream.names)).end)
    still = np.ones(len(ended), bool)
    if settings.cuts.gap is not None:
        still &= may_go_on(stream, settings.cuts, facts, settings.asked)[found.unit[ended]]
    if settings.within is not None:
        still &= stream.time[found.anchor[ended]] + settings.within >= settings.observed
    return ended[still]


def _sessions(owner: np.ndarray, path: np.ndarray, group: np.ndarray, n: np.ndarray) -> Sessions:
    paths, groups = (int(own.max(initial=0)) + 1 for own in (path, group))
    _known, owner = np.unique(owner, return_inverse=True)
    key, inverse = np.unique((owner * paths + path) * groups + group, return_inverse=True)
    return Sessions(key // groups // paths, key // groups % paths, key % groups, sums(inverse, n, len(key)))


# -- numbering paths --------------------------------------------------------------------------------------------------


def numbered(columns: list[np.ndarray], size: int) -> tuple[np.ndarray, np.ndarray]:
    """The number of each path, from 0 in ascending order of its codes, and one row that has each.

    columns : for each position the codes, below `size`

    >>> number, first = numbered([np.array([2, 0, 2]), np.array([1, 1, 0])], 3)
    >>> number.tolist(), first.tolist()
    ([2, 0, 1], [1, 2, 0])
    """
    number, span, n = np.zeros(len(columns[0]), np.int64), 1, 1
    for column in columns:
        wide = span * size
        if span > n and (wide > WIDEST or (wide > TABLE and span <= TABLE)):
            number, n = dense(number, span)
            span = max(n, 1)
            if n == len(number):
                break  # all differ by now; what comes next does not change their order
        number = number * size + column
        span *= size
    number, n = dense(number, span)
    first = np.empty(n, np.int64)
    first[number] = np.arange(len(number))
    return number, first


def dense(number: np.ndarray, span: int) -> tuple[np.ndarray, int]:
    """The same order with nothing left out between: 0, 1, 2, ...; and how many there are."""
    if span > TABLE:
        kept, dense = np.unique(number, return_inverse=True)
        return dense, len(kept)
    there = np.zeros(span, bool)
    there[number] = True
    rank = np.cumsum(there)
    return rank[number] - 1, int(rank[-1])


# -- parts of a whole -------------------------------------------------------------------------------------------------


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all customers, given those of disjoint sets of them."""
    size = tallies[0].repeated.shape[1]
    code = np.concatenate([one.code for one in tallies])
    number, first = numbered(list(code.T), size)
    before = np.cumsum([0, *(len(one.code) for one in tallies)])
    numbers = [number[a:b] for a, b in zip(before[:-1], before[1:], strict=True)]
    rows = np.concatenate([one.rows for one in tallies])
    names = united(one.groups for one in tallies)
    group = [np.array([names.index(name) for name in one.groups])[one.group] for one in tallies]
    path = np.concatenate([own[one.path] for own, one in zip(numbers, tallies, strict=True)])
    key, inverse = np.unique(path * len(names) + np.concatenate(group), return_inverse=True)
    totals = ("n_customers", "without_anchor", "never_arrived", "still_open", "tied", "hidden", "left_out")
    return Tally(
        code=code[first],
        rows=np.stack([sums(number, column, len(first)) for column in rows.T], axis=1),
        path=key // len(names),
        group=key % len(names),
        n=sums(inverse, np.concatenate([one.n for one in tallies]), len(key)),
        groups=names,
        repeated=np.sum([one.repeated for one in tallies], axis=0),
        sessions=_side_by_side(tallies, numbers, names),
        **{name: sum(getattr(one, name) for one in tallies) for name in totals},
    )


def _side_by_side(tallies: list[Tally], numbers: list[np.ndarray], names: list[str]) -> Sessions | None:
    """Sessions of different customers, numbered on."""
    if tallies[0].sessions is None:
        return None
    found, before = [], 0
    for one, number in zip(tallies, numbers, strict=True):
        own, place = one.sessions, np.array([names.index(name) for name in one.groups])
        found.append((own.owner + before, number[own.path], place[own.group], own.n))
        before += int(own.owner.max(initial=-1)) + 1
    return _sessions(*(np.concatenate(column) for column in zip(*found, strict=True)))
