"""Contracts: when each began, whether it has ended, and how long it lasted. From a table of customers or from a log."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from insight.churn.settings import observed_days, read_activity, read_groups
from insight.errors import SHOWN, InsightError, MissingColumn, NotEnoughData, UnknownValue
from insight.intervals import wilson
from insight.log import NOT_SET, Facts, Log, run_starts
from insight.log.calendar import period_numbers
from insight.periods import PERIODS, day_start
from insight.tables.cells.dates import moments
from insight.tables.cells.values import flags

DAY = np.timedelta64(1, "D")
# The settings of `survival` and what they are when not given.
USUAL = {
    **{"start": None, "end": None, "tenure": None, "ended": None, "unit": "month", "by": None, "period": "month"},
    **{"as_of": None, "level": 0.95},
}


@dataclass(frozen=True, eq=False)
class Contracts:
    """Contracts that have begun; arrays of one length.

    who : id of the customer
    group : number of the group; names : what the groups are called
    time : how long it has lasted, in whole days, or in units of the file's column
    ended : whether it is over
    begun : day it began, counted from the first; -1 where the file has no dates
    left_out : why contracts are not among them -> how many
    """

    who: np.ndarray
    group: np.ndarray
    names: list[str]
    time: np.ndarray
    ended: np.ndarray
    begun: np.ndarray
    left_out: dict[str, int]


def checked(given: dict[str, object]) -> dict[str, object]:
    """All settings, the plain ones checked."""
    for key in given:
        if key not in USUAL:
            raise UnknownValue("setting of survival", key, USUAL)
    asked = USUAL | given
    wilson(0, 1, asked["level"])
    for setting in ("period", "unit"):
        if asked[setting] not in PERIODS:
            raise UnknownValue(setting, asked[setting], PERIODS)
    return asked


# -- a log ------------------------------------------------------------------------------------------------------------


def contracts_of_log(log: Log, facts: Facts, asked: dict[str, object]) -> Contracts:
    """Of each customer with an event `start`: from the first one to the first event `end` at or after it."""
    begins_with, ends_with = (read_activity(_named(asked, name), facts) for name in ("start", "end"))
    days, bounds = observed_days(facts, asked["as_of"])
    day = period_numbers(log, bounds)
    seen = day < len(days)
    begun = _firsts(log, seen & np.isin(log.event, begins_with))
    before = np.full(len(log.customers), np.iinfo(np.int64).max)
    before[log.customer[begun]] = log.time[begun]
    over = _firsts(log, seen & np.isin(log.event, ends_with) & (log.time >= before[log.customer]))
    end = np.full(len(log.customers), -1)
    end[log.customer[over]] = day[over]
    own = end[log.customer[begun]]
    ended, first = own >= 0, day[begun].astype(np.int64)
    by, _top = read_groups(asked["by"], facts)
    codes, names = (np.zeros(len(log), np.int64), [""]) if by is None else log.values(by)
    time = np.where(ended, own, len(days) - 1) - first
    left_out = _not_begun(log, seen, np.isin(log.event, begins_with))
    return Contracts(log.customers[log.customer[begun]], codes[begun], names, time, ended, first, left_out)


def _not_begun(log: Log, seen: np.ndarray, begins: np.ndarray) -> dict[str, int]:
    """Why customers have no contract. Who first appears after the last day, and not with a start, is not known yet."""
    known, begun, later = (np.logical_or.reduceat(rows, log.starts) for rows in (seen, seen & begins, ~seen & begins))
    late = ~begun & later
    return {"without a start": int((known & ~begun & ~late).sum()), "after the last day": int(late.sum()),
            "ended before": 0}  # fmt: skip


def _named(asked: dict[str, object], setting: str) -> object:
    if asked[setting] is None:
        raise InsightError(f'Say which event is the {setting} of a contract: {setting}="...".')
    return asked[setting]


def _firsts(log: Log, wanted: np.ndarray) -> np.ndarray:
    """The first of these rows of each customer who has one."""
    rows = np.flatnonzero(wanted)
    return rows[run_starts(log.customer[rows])]


# -- a table of customers ---------------------------------------------------------------------------------------------


def contracts_of_customers(customers, asked: dict[str, object]) -> tuple[Contracts, list[str] | None]:
    """The contracts that columns of the table describe, and the days they lie in (None without dates).

    Dates: `start`, and `end` (empty: not over). Without dates: `tenure`, a number, and `ended`, yes or no.
    """
    frame = customers.frame
    group, names = _groups(frame, asked["by"])
    if asked["tenure"] is not None:
        return _by_tenure(frame, asked, group, names), None
    return _by_dates(customers, asked, group, names)


def _groups(frame: pd.DataFrame, by: object) -> tuple[np.ndarray, list[str]]:
    column, _top = read_groups(by, Facts((), tuple(frame.columns), 0, 0))
    if column is None:
        return np.zeros(len(frame), np.int64), [""]
    codes, names = pd.factorize(frame[column].astype("str").where(frame[column].notna(), NOT_SET), sort=True)
    return codes.astype(np.int64), [str(name) for name in names]


def _column(frame: pd.DataFrame, name: object) -> pd.Series:
    if name not in frame:
        raise UnknownValue("column", name, frame.columns)
    return frame[name]


def _by_tenure(frame: pd.DataFrame, asked: dict[str, object], group: np.ndarray, names: list[str]) -> Contracts:
    unused = [name for name in ("start", "end", "as_of") if asked[name] is not None]
    if unused:
        raise InsightError(f"tenure says how long a contract lasted, without dates: leave {' and '.join(unused)} out.")
    if asked["ended"] is None:
        raise InsightError('Say which column tells whether a contract is over, beside how long it lasted: ended="...".')
    time, over = pd.to_numeric(_column(frame, asked["tenure"]), errors="coerce"), _answers(frame, asked["ended"])
    known = (time.notna() & (time >= 0) & over.notna()).to_numpy(bool)
    if not known.any():
        raise NotEnoughData(f"{asked['tenure']!r} and {asked['ended']!r} tell of no contract how long it lasted.")
    left_out = {"without a start": int((~known).sum()), "after the last day": 0, "ended before": 0}
    time = np.floor(time[known].to_numpy(float)).astype(np.int64)
    none = np.full(len(time), -1, np.int64)
    who, over = frame["customer_id"].to_numpy(object)[known], over[known].to_numpy(bool)
    return Contracts(who, group[known], names, time, over, none, left_out)


def _answers(frame: pd.DataFrame, written: object) -> pd.Series:
    """Whether a contract is over: a column of yes and no, or the values of a column that mean so."""
    if isinstance(written, dict):
        if set(written) != {"column", "values"}:
            raise InsightError(f'ended = {written!r}: write {{"column": "status", "values": ["cancelled"]}}.')
        column = _column(frame, written["column"])
        return column.astype("str").isin(_values(written["values"], column)).where(column.notna())
    column = _column(frame, written)
    answers = pd.Series(flags(_cells(column)).to_pandas(), index=column.index)
    if column.notna().any() and not answers.notna().any():
        raise InsightError(
            f"{written!r} has answers that are neither yes nor no. Say which mean that it is over: "
            f'ended={{"column": {written!r}, "values": [...]}}.'
        )
    return answers


def _values(written: object, column: pd.Series) -> list[str]:
    """Values of a column, as text; one of them may stand alone."""
    names = [str(value) for value in (written if isinstance(written, list | tuple) else [written])]
    there = sorted(column.dropna().astype("str").unique())
    if not names:
        raise InsightError(f"ended names no value of {column.name!r}. Choose from: {', '.join(there[:SHOWN])}.")
    for name in names:
        if name not in there:
            raise UnknownValue("ended", name, there)
    return names


def _cells(column: pd.Series) -> pa.ChunkedArray:
    array = pa.Array.from_pandas(column)
    return pa.chunked_array([array.cast(pa.string()) if pa.types.is_large_string(array.type) else array])


def _dates(customers, name: object) -> np.ndarray:
    """A column of dates as days; NaT where there is none."""
    column = _column(customers.frame, name)
    if not pd.api.types.is_datetime64_any_dtype(column):
        read = moments(_cells(column), dayfirst=customers.settings.get("dayfirst"), name=str(name))
        column = pd.Series(np.where(read.valid, read.values, np.datetime64("NaT")))
    return column.dt.tz_localize(None).to_numpy("datetime64[D]")


def _by_dates(customers, asked: dict[str, object], group: np.ndarray, names: list[str]):
    frame = customers.frame
    start = asked["start"] or ("signup_date" if "signup_date" in frame else None)
    if start is None or asked["end"] is None:
        raise MissingColumn([name for name in ("start", "end") if not (start if name == "start" else asked["end"])],
                            frame.columns, 'Or name a length and an answer: tenure="...", ended="...".')  # fmt: skip
    if asked["ended"] is not None:
        raise InsightError("The dates say which contracts are over: leave ended out, or name a length with tenure=...")
    begun, over = _dates(customers, start), _dates(customers, asked["end"])
    known = ~np.isnat(begun)
    if not known.any():
        raise NotEnoughData(f"{start!r} holds no date that can be read.")
    last = _last_day(begun, over, asked["as_of"])
    over = np.where(over <= last, over, np.datetime64("NaT"))  # planned for later: it still runs
    late, backwards = known & (begun > last), known & (over < begun)
    kept = known & ~late & ~backwards
    if not kept.any():
        raise NotEnoughData("No contract began before the last day and ended after it had begun.")
    first = begun[kept].min()
    ended = ~np.isnat(over[kept])
    time = (np.where(ended, over[kept], last) - begun[kept]) // DAY
    left_out = {"without a start": (~known).sum(), "after the last day": late.sum(), "ended before": backwards.sum()}
    found = Contracts(
        frame["customer_id"].to_numpy(object)[kept], group[kept], names, time.astype(np.int64), ended,
        ((begun[kept] - first) // DAY).astype(np.int64), {why: int(n) for why, n in left_out.items()},
    )  # fmt: skip
    return found, [str(day) for day in np.arange(first, last + DAY)]


def _last_day(begun: np.ndarray, over: np.ndarray, as_of: str | None) -> np.datetime64:
    """The last day of the data: `as_of`, or the latest date of a start or an end."""
    if as_of is not None:
        return np.datetime64(day_start(as_of), "us").astype("datetime64[D]")
    known = np.concatenate([begun[~np.isnat(begun)], over[~np.isnat(over)]])
    return known.max()
