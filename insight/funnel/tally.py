"""Counting attempts: counts that add up over disjoint sets of customers.

The tally runs where the customers are; merged, and finished once, it gives the result.
"""

from dataclasses import dataclass

import numpy as np

from insight.funnel.attempts import attempts
from insight.funnel.groups import groups
from insight.funnel.outcome import Outcome, Row, outcome
from insight.funnel.settings import Settings, read_settings
from insight.log import Facts, Log, run_starts
from insight.log.sessions import sessions
from insight.periods import SECOND, UNITS

DAY = UNITS["D"]


@dataclass(frozen=True, eq=False)
class Seconds:
    """How many customers (`n`) of each `group` took each number of whole `seconds`; three arrays of one length."""

    group: np.ndarray
    seconds: np.ndarray
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class Clusters:
    """Sessions by customer and group: one row for each pair that has any.

    owner : number of the customer, from 0
    group : the group's number
    counted : the customer's sessions there; reached : how many of them reached each step
    """

    owner: np.ndarray
    group: np.ndarray
    counted: np.ndarray
    reached: np.ndarray


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of units (customers, or sessions) by group.

    groups : names of the groups, in alphabetical order; [""] where there is no breakdown
    entered, counted, removed : who entered in the range, who counts, who would but for an exclusion that removes
    here, came : by group and step: who entered at the step, who came to it from the step before
    from_first, from_previous : Seconds for each step, of those who came
    room : time from the first entry to the end of the observed time (`room_of`); None where everybody counts
    clusters : sessions by customer; None where customers are counted
    n_customers, n_units, left_out : customers and units with a row that was used, rows that were not
    """

    groups: list[str]
    entered: np.ndarray
    counted: np.ndarray
    removed: np.ndarray
    here: np.ndarray
    came: np.ndarray
    from_first: list[Seconds]
    from_previous: list[Seconds]
    room: Seconds | None
    clusters: Clusters | None
    n_customers: int
    n_units: int
    left_out: int


def funnel_tally(log: Log, facts: Facts, settings: dict[str, object]) -> Tally:
    """Count the customers of a log, which may be a part of the whole.

    facts : of the whole log
    settings : the keyword arguments of `funnel`
    """
    asked = read_settings(settings, facts)
    used = used_rows(log, asked)
    stream = units(used, asked)
    tried = attempts(stream, asked.rules)
    found = outcome(tried, asked, len(stream.customers))
    group, names = groups(stream, tried, asked)
    n = len(names)
    from_first, from_previous = zip(*(_times(row, group) for row in found.rows), strict=True)
    room = None
    if asked.latest is not None:
        key = ("room", asked.rules, asked.observed)
        room = stream.remember(key, lambda: room_of(tried.first_entry, asked.observed))
    return Tally(
        groups=names,
        entered=np.bincount(group[tried.entered], minlength=n),
        counted=np.bincount(group[found.counted], minlength=n),
        removed=np.bincount(group[found.removed], minlength=n),
        here=np.stack([np.bincount(group[row.here], minlength=n) for row in found.rows], axis=1),
        came=np.stack([np.bincount(group.take(row.came), minlength=n) for row in found.rows], axis=1),
        from_first=list(from_first),
        from_previous=list(from_previous),
        room=room,
        clusters=None if asked.sessions is None else _clusters(stream.owner, group, n, found),
        n_customers=len(log.customers) if used is log else len(run_starts(used.customer)),
        n_units=len(run_starts(stream.customer)) if used is not log or asked.sessions else len(log.customers),
        left_out=len(log) - len(used),
    )


def used_rows(log: Log, asked: Settings) -> Log:
    """The rows that the funnel looks at."""
    return log if asked.ends is None else log.until(asked.ends)


def units(log: Log, asked: Settings) -> Log:
    """The log by what is counted: customers or sessions."""
    return log if asked.sessions is None else sessions(log, asked.sessions.gap)


def _times(row: Row, group: np.ndarray) -> tuple[Seconds, Seconds]:
    own = group.take(row.came)
    from_first = _per_second(own, row.from_first // SECOND)
    if row.from_previous is row.from_first:
        return from_first, from_first
    return from_first, _per_second(own, row.from_previous // SECOND)


def room_of(first_entry: np.ndarray, observed: int) -> Seconds:
    """How many customers have how much time from their first entry to the end of the observed time.

    In seconds; a day or more in whole days, as no window is rounder.
    """
    room = observed - first_entry
    days = np.bincount(room // DAY)
    whole = np.flatnonzero(days[1:]) + 1
    less = room[room < DAY] // SECOND
    short = _per_second(np.zeros(len(less), np.int64), less)
    group = np.zeros(len(short.n) + len(whole), np.int64)
    return Seconds(group, np.append(short.seconds, whole * (DAY // SECOND)), np.append(short.n, days[whole]))


def _per_second(group: np.ndarray, seconds: np.ndarray, n: np.ndarray | None = None) -> Seconds:
    """Count (or add up `n`) by group and whole second."""
    if not len(seconds):
        return Seconds(group, seconds, seconds)
    span = int(seconds.max()) + 1
    key = group * np.int64(span) + seconds
    if n is None:
        key = np.sort(key.astype(np.int32) if key.max() < 2**31 else key)  # half as wide, twice as fast
        first = run_starts(key)
        total = np.diff(np.append(first, len(key)))
    else:
        key, n = _sorted_together(key, n)
        first = run_starts(key)
        total = np.add.reduceat(n, first)
    group, seconds = np.divmod(key[first].astype(np.int64), span)
    return Seconds(group, seconds, total)


def _sorted_together(key: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both in order of the key. Sorting one number made of both is several times as fast, where it fits."""
    bits = int(n.max()).bit_length()
    if int(key.max()).bit_length() + bits < 63:
        both = np.sort((key << bits) | n)
        return both >> bits, both & ((1 << bits) - 1)
    order = np.argsort(key)
    return key[order], n[order]


def _clusters(owner: np.ndarray, group: np.ndarray, n_groups: int, found: Outcome) -> Clusters:
    """Sessions that count, added up by customer and group."""
    key = owner.astype(np.int64) * n_groups + group
    kept, counted = np.unique(key[found.counted], return_counts=True)
    reached = [
        np.bincount(np.searchsorted(kept, key[np.concatenate([row.here, row.came])]), minlength=len(kept))
        for row in found.rows
    ]
    number = np.cumsum(np.append(True, np.diff(kept // n_groups) > 0)[: len(kept)]) - 1
    return Clusters(number, kept % n_groups, counted, np.stack(reached, axis=1))


# -- parts of a whole -------------------------------------------------------------------------------------------------


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = sorted({name for tally in tallies for name in tally.groups})
    parts = [regrouped(tally, np.array([names.index(name) for name in tally.groups]), names) for tally in tallies]

    def total(name: str) -> np.ndarray:
        return np.sum([getattr(part, name) for part in parts], axis=0)

    def joined(name: str) -> list[Seconds]:
        return [_added(own) for own in zip(*(getattr(part, name) for part in parts), strict=True)]

    return Tally(
        names,
        *(total(name) for name in ("entered", "counted", "removed", "here", "came")),
        *(joined(name) for name in ("from_first", "from_previous")),
        None if parts[0].room is None else _added([part.room for part in parts]),
        None if parts[0].clusters is None else _side_by_side([part.clusters for part in parts]),
        *(int(total(name)) for name in ("n_customers", "n_units", "left_out")),
    )


def _added(parts: list[Seconds]) -> Seconds:
    return _per_second(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("group", "seconds", "n")))


def _side_by_side(parts: list[Clusters]) -> Clusters:
    """Clusters of different customers, numbered on."""
    sizes = [0 if not len(part.owner) else int(part.owner[-1]) + 1 for part in parts]
    before = np.cumsum([0, *sizes])
    owner = np.concatenate([part.owner + n for part, n in zip(parts, before, strict=False)])
    others = [np.concatenate([getattr(p, name) for p in parts]) for name in ("group", "counted", "reached")]
    return Clusters(owner, *others)


def regrouped(tally: Tally, new_group: np.ndarray, names: list[str]) -> Tally:
    """The tally with groups merged or renumbered: `new_group` says where each goes, `names` what they are called."""
    if len(tally.groups) == len(names) == 1:
        return tally

    def moved(counts: np.ndarray) -> np.ndarray:
        found = np.zeros((len(names), *counts.shape[1:]), np.int64)
        np.add.at(found, new_group, counts)
        return found

    def timed(tables: list[Seconds]) -> list[Seconds]:
        return [_per_second(new_group[t.group], t.seconds, t.n) for t in tables]

    counts = [moved(own) for own in (tally.entered, tally.counted, tally.removed, tally.here, tally.came)]
    times = [timed(tally.from_first), timed(tally.from_previous)]
    return Tally(names, *counts, *times, tally.room, _clusters_regrouped(tally.clusters, new_group, len(names)),
                 tally.n_customers, tally.n_units, tally.left_out)  # fmt: skip


def _clusters_regrouped(clusters: Clusters | None, new_group: np.ndarray, n_groups: int) -> Clusters | None:
    if clusters is None or not len(clusters.owner):
        return clusters
    key = clusters.owner * n_groups + new_group[clusters.group]
    order = np.argsort(key, kind="stable")
    first = run_starts(key[order])
    counted, reached = (np.add.reduceat(own[order], first) for own in (clusters.counted, clusters.reached))
    return Clusters(key[order][first] // n_groups, key[order][first] % n_groups, counted, reached)
