"""Silences counted: counts that add up over disjoint sets of customers, for every number of days at once."""

from dataclasses import dataclass

import numpy as np

from insight.churn.settings import Settings, read_settings
from insight.churn.silences import Silences, silences
from insight.log import Facts, Log

EVERYBODY = ""  # the one group where there is no breakdown


@dataclass(frozen=True, eq=False)
class Counts:
    """How many (`n`) of each `kind`, a row of whole numbers; no kind twice."""

    kind: np.ndarray
    n: np.ndarray


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of customers and of their silences.

    groups : names of the groups, in alphabetical order
    lengths : Counts of silences by (silences of the customer, days, whether it ended); an open one up to the last day
    spells : Counts of silences by (group, first day, days; 0 where open)
    newcomers : customers by group and day of their first activity
    silent, back : by group and D from 0 on: customers with a silence longer than D days that was followed for the
        horizon after it, and those of them whose first such silence ended within the horizon
    inactive : customers with rows up to the last day, but without any activity
    left_out : rows after the last day
    """

    groups: list[str]
    lengths: Counts
    spells: Counts
    newcomers: np.ndarray
    silent: np.ndarray
    back: np.ndarray
    inactive: int
    left_out: int


def churn_tally(log: Log, facts: Facts, settings: dict[str, object]) -> Tally:
    """Count the customers of a log, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `churn`. Remembered by the log: a slider over
    `silent` counts nothing again.
    """
    asked = read_settings(settings, facts)
    key = ("churn", asked.activity, asked.days[0], asked.days[-1], asked.horizon, asked.by)
    return log.remember(key, lambda: _tally(log, asked))


def _tally(log: Log, asked: Settings) -> Tally:
    found = silences(log, asked)
    own, names = groups_of(log, found, asked)
    group = np.repeat(own, found.counts)
    ended = found.days > 0
    lasted = np.where(ended, found.days, asked.last - found.start)
    silent, back = _first_long_silences(found, group, len(names), asked)
    newcomers = np.bincount(own * len(asked.days) + found.start[found.firsts], minlength=len(names) * len(asked.days))
    return Tally(
        groups=names,
        lengths=counted_rows(np.repeat(found.counts, found.counts), lasted, ended),
        spells=counted_rows(group, found.start, found.days),
        newcomers=newcomers.reshape(len(names), -1),
        silent=silent,
        back=back,
        inactive=int((log.time[log.starts] < asked.begins[-1]).sum()) - len(found.firsts),
        left_out=found.left_out,
    )


def groups_of(log: Log, found: Silences, asked: Settings) -> tuple[np.ndarray, list[str]]:
    """The group of each customer with activity: the value in the first row that counts; and the groups' names."""
    if asked.by is None:
        return np.zeros(len(found.firsts), np.int64), [EVERYBODY]
    codes, names = log.values(asked.by)
    return codes[found.row[found.firsts]].astype(np.int64), names


def _first_long_silences(found: Silences, group: np.ndarray, n_groups: int, asked: Settings):
    """For every D: who was ever silent for D days, by the first time they were, and who then came back in time.

    A silence from day s to day s + g is the first longer than D where longest before <= D < g. It was followed for
    D + H days where s + D + H is not after the last day, and came back in time where g <= D + H.
    """
    size = len(asked.days) + 1
    ended = found.days > 0
    low = np.maximum(found.longest, 1)
    high = asked.last - asked.horizon - found.start
    high[ended] = np.minimum(high[ended], found.days[ended] - 1)
    silent = _ranges(group, low, high, n_groups, size)
    returned = np.flatnonzero(ended)
    low = np.maximum(low, found.days - asked.horizon)[returned]
    return silent, _ranges(group[returned], low, high[returned], n_groups, size)


def _ranges(group: np.ndarray, low: np.ndarray, high: np.ndarray, n_groups: int, size: int) -> np.ndarray:
    """By group and whole number: how many of the ranges from `low` to `high`, both included, hold it."""
    there = high >= low
    begun = np.bincount(group[there] * size + low[there], minlength=n_groups * size)
    over = np.bincount(group[there] * size + high[there] + 1, minlength=n_groups * size)
    return (begun - over).reshape(n_groups, size).cumsum(axis=1)


def counted_rows(*columns: np.ndarray, n: np.ndarray | None = None) -> Counts:
    """Count the rows of whole numbers (or add up their `n`), by one number made of each."""
    kinds = np.stack([np.asarray(column, np.int64) for column in columns], axis=1)
    if not len(kinds):
        return Counts(kinds, np.zeros(0, np.int64))
    sizes = kinds.max(axis=0) + 1
    key, where = np.unique(np.ravel_multi_index(kinds.T, sizes), return_inverse=True)
    total = np.bincount(where, n).astype(np.int64)
    return Counts(np.stack(np.unravel_index(key, sizes), axis=1), total)


# -- parts of a whole -------------------------------------------------------------------------------------------------


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all customers, given those of disjoint sets of them."""
    names = sorted({name for tally in tallies for name in tally.groups})
    return _added(names, [(tally, [names.index(name) for name in tally.groups]) for tally in tallies])


def regrouped(tally: Tally, into: list[int], names: list[str]) -> Tally:
    """The same counts in other groups: the k-th group is added to the group `into[k]` of `names`."""
    return _added(names, [(tally, into)])


def _added(names: list[str], parts: list[tuple[Tally, list[int]]]) -> Tally:
    spells = [np.column_stack([np.array(into)[t.spells.kind[:, 0]], t.spells.kind[:, 1:]]) for t, into in parts]
    dense = {name: _in_groups(name, names, parts) for name in ("newcomers", "silent", "back")}
    tallies = [tally for tally, _into in parts]
    return Tally(
        groups=names,
        lengths=_together([t.lengths.kind for t in tallies], [t.lengths.n for t in tallies]),
        spells=_together(spells, [t.spells.n for t in tallies]),
        **dense,
        inactive=sum(t.inactive for t in tallies),
        left_out=sum(t.left_out for t in tallies),
    )


def _in_groups(field: str, names: list[str], parts: list[tuple[Tally, list[int]]]) -> np.ndarray:
    total = np.zeros((len(names), getattr(parts[0][0], field).shape[1]), np.int64)
    for tally, into in parts:
        np.add.at(total, into, getattr(tally, field))
    return total


def _together(kinds: list[np.ndarray], n: list[np.ndarray]) -> Counts:
    return counted_rows(*np.concatenate(kinds).T, n=np.concatenate(n))
