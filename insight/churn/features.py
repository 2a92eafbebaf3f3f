"""What was known of each customer on a day, and what they did after it. Nothing after the day gets into a feature."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from insight.churn.settings import Settings
from insight.churn.silences import Silences, silences
from insight.errors import UnknownValue
from insight.log import Log, run_starts
from insight.log.ids import ascending

FEW = ("active_days", "days_silent")  # what a rate and an end of buying leave behind: enough for most data
KNOWN = (*FEW, "days_since_first", "events", "revenue")  # features that every log, or every table of orders, has


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The customers with any activity up to a day; arrays of one length.

    who : id
    features : name -> value then: numbers, or texts of a column of the file
    returned : whether they were active in the days after; None where these lie after the data
    """

    who: np.ndarray
    features: dict[str, np.ndarray]
    returned: np.ndarray | None = field(default=None)

    def sorted(self) -> "Snapshot":
        """By customer id, so that nothing depends on the order of the rows or on the parts."""
        order = ascending(self.who)
        returned = None if self.returned is None else self.returned[order]
        return Snapshot(self.who[order], {name: own[order] for name, own in self.features.items()}, returned)


def read_features(written: object, columns: tuple[str, ...], *, has_amounts: bool) -> tuple[str, ...]:
    """The names of the features: "few", "all", or a list of KNOWN ones and columns of the file."""
    known = KNOWN if has_amounts else KNOWN[:-1]
    if written in ("few", "all"):
        return FEW if written == "few" else known
    names = written if isinstance(written, list | tuple) and written else [written]
    for name in names:
        if name not in (*known, *columns):
            raise UnknownValue("features", name, ["few", "all", *known, *columns])
    return tuple(dict.fromkeys(names))


def snapshots(
    log: Log, asked: Settings, days: tuple[int, ...], names: tuple[str, ...], has_amounts: bool
) -> list[Snapshot]:
    """The customers of a log, which may be a part of the whole, as they were known on each of these days.

    Whoever is known on a day that is followed by `asked.horizon` days of data also has an outcome.
    """
    found = silences(log, asked)
    return [_snapshot(log, found, asked, day, names, has_amounts) for day in days]


def _snapshot(
    log: Log, found: Silences, asked: Settings, day: int, names: tuple[str, ...], has_amounts: bool
) -> Snapshot:
    rows = np.flatnonzero(found.start <= day)  # the days' silences, in order of customer and day
    first = run_starts(found.customer[rows])
    sizes = np.diff(np.append(first, len(rows)))
    latest, customers = rows[first + sizes - 1], found.customer[rows[first]]
    made = {
        "active_days": sizes,
        "days_silent": day - found.start[latest],
        "days_since_first": day - found.start[rows[first]],
    }
    returned = None
    if day + asked.horizon <= asked.last:
        wait = found.days[latest]
        returned = (wait > 0) & (found.start[latest] + wait <= day + asked.horizon)
    wanted = {name: made.get(name) for name in (*FEW, "days_since_first", *names)}
    if {"events", "revenue"} & wanted.keys():
        until = np.flatnonzero(log.time < asked.begins[day + 1])
        if "events" in wanted:
            wanted["events"] = np.bincount(log.customer[until], minlength=len(log.customers))[customers]
        if "revenue" in wanted and has_amounts:
            wanted["revenue"] = _sums(log, until)[customers]
    unread = [name for name, own in wanted.items() if own is None]
    if unread:
        rows, starts = _last_rows(log, asked, day)
        wanted |= {name: _last_known(log, name, rows, starts) for name in unread}
    return Snapshot(log.customers[customers], wanted, returned)


def _sums(log: Log, rows: np.ndarray) -> np.ndarray:
    """Amounts added up by customer, refunds off; exact, in minor units."""
    total = np.zeros(len(log.customers), np.int64)
    np.add.at(total, log.customer[rows], log.minor[rows])
    return total


def _last_rows(log: Log, asked: Settings, day: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of each customer's last activity up to a day, several where they share an instant; where each begins."""
    rows = np.flatnonzero((log.time < asked.begins[day + 1]) & np.isin(log.event, asked.activity))
    newest = np.zeros(len(log.customers), log.moment.dtype)
    newest[log.customer[rows]] = log.moment[rows]  # in order of time: the last one stays
    rows = rows[log.moment[rows] == newest[log.customer[rows]]]
    return rows, run_starts(log.customer[rows])


def _last_known(log: Log, name: str, rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """What a column says at the last activity.

    Of several values at one instant the smallest, or the first by the alphabet: the order of the file plays no role.
    """
    column = log.frame[name]
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return np.fmin.reduceat(column.iloc[log.row[rows]].to_numpy(float, na_value=np.nan), starts)
    codes, names = log.values(name)
    return np.array(names, dtype=object)[np.minimum.reduceat(codes[rows], starts)]


def joined(parts: list[list[Snapshot]]) -> list[Snapshot]:
    """The snapshots of all customers, given those of disjoint sets of them."""
    return [_one(list(own)) for own in zip(*parts, strict=True)]


def _one(parts: list[Snapshot]) -> Snapshot:
    outcomes = [part.returned for part in parts]
    return Snapshot(
        np.concatenate([part.who for part in parts]),
        {name: np.concatenate([part.features[name] for part in parts]) for name in parts[0].features},
        None if outcomes[0] is None else np.concatenate(outcomes),
    )
