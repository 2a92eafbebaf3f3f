"""Customers' rows cut into journeys: touches before a conversion, or before a long silence."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from insight.attribution.paths import distinct_paths
from insight.errors import UnknownValue
from insight.log import Facts, Log
from insight.periods import microseconds


@dataclass(frozen=True, eq=False)
class CutJourneys:
    """The journeys of some customers. `path` has each distinct path once; the others are of each journey or touch.

    customer : of each journey; of : its path, a number in `path`; won : whether it ended in a conversion
    value : of the conversion; null, open : it ended without one, or the data ended before that is known
    journey, weight : of each touch that counts
    left_out : rows after the last day of the analysis
    """

    path: pa.Array
    customer: np.ndarray
    of: np.ndarray
    won: np.ndarray
    value: np.ndarray
    null: np.ndarray
    open: np.ndarray
    journey: np.ndarray
    weight: np.ndarray
    left_out: int


def cut_journeys(log: Log, facts: Facts, settings: dict[str, object]) -> CutJourneys:
    """The journeys of the customers of a log, which may be a part of the whole; arguments as of `touch_tally`."""
    lookback, half_life = (microseconds(settings[name], name) for name in ("lookback", "half_life"))
    if "channel" not in facts.columns:
        raise UnknownValue("column", "channel", facts.columns)
    end = facts.end_of_data(facts.as_of_day(settings["as_of"]))
    used = log.until(end)
    codes, names = used.values("channel")
    converts = _are(used, settings["conversion"])
    rows = np.flatnonzero(_touches(used, settings["touch"]) | converts)
    rows = rows[np.lexsort((converts[rows], used.moment[rows]))]  # a touch at the same time comes before
    rows = rows[_visits(used, rows, codes, converts, settings["session_gap"])]
    customer, time, converts = used.customer[rows], used.time[rows], converts[rows]
    begins = np.ones(len(rows), bool)
    begins[1:] = (customer[1:] != customer[:-1]) | converts[:-1] | (np.diff(time) > lookback)
    journey, last = np.cumsum(begins) - 1, np.flatnonzero(np.append(begins[1:], True)[: len(rows)])
    ended, won = time[last], converts[last]
    kept = ~converts & (~won[journey] | (ended[journey] - time <= lookback))
    path, of = distinct_paths(journey[kept], codes[rows][kept], names, len(last))
    lasted = ended + lookback <= end
    return CutJourneys(
        path=path,
        customer=customer[last],
        of=of,
        won=won,
        value=np.where(won, _values(used, rows[last]), 0.0),
        null=~won & lasted,
        open=~won & ~lasted,
        journey=journey[kept],
        weight=np.where(won[journey[kept]], 0.5 ** ((ended[journey[kept]] - time[kept]) / half_life), 0.0),
        left_out=len(log) - len(used),
    )


def _touches(log: Log, touch: str | list[str] | None) -> np.ndarray:
    """Which rows are touches, conversions among them."""
    return log.frame["channel"].notna().to_numpy()[log.row] if touch is None else _are(log, touch)


def _visits(log: Log, rows: np.ndarray, codes: np.ndarray, converts: np.ndarray, gap: str | None) -> np.ndarray:
    """Which rows are no mere continuation of the touch before: same customer, same channel, within the pause."""
    kept = np.ones(len(rows), bool)
    if gap is not None:
        before, here = rows[:-1], rows[1:]
        same = (log.customer[here] == log.customer[before]) & (codes[here] == codes[before])
        near = log.time[here] - log.time[before] <= microseconds(gap, "session_gap")
        kept[1:] = ~same | ~near | converts[here] | converts[before]
    return kept


def _are(log: Log, names: str | list[str]) -> np.ndarray:
    """Which rows are of these kinds of event. Raises UnknownValue for one that the log does not have."""
    wanted = np.zeros(len(log), bool)
    wanted[log.arrivals_at((names,) if isinstance(names, str) else tuple(names)).row] = True
    return wanted


def _values(log: Log, rows: np.ndarray) -> np.ndarray:
    name = next((name for name in ("amount_minor", "value") if name in log.frame), None)
    if name is None:
        return np.zeros(len(rows))
    return np.nan_to_num(log.frame[name].to_numpy(float, na_value=0.0)[log.row[rows]])
