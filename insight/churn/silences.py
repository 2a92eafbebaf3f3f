"""Silences: from each active day of a customer to the next one. Five active days of two customers::

    customer  day   next   days   longest
    ana         0      3      3         0     a silence of three days that ended
    ana         3     10      7         3     the longest so far was three
    ana        10      -      0         7     open: she has not come back by the last day
    ben         2      4      2         0
    ben         4      -      0         2

The first silence of ana that was longer than five days is her second: no earlier one was, as `longest` says, and it
was. So one pass tells for every number of days at once who was ever silent for that long, and when first.
"""

from dataclasses import dataclass

import numpy as np

from insight.churn.settings import Settings
from insight.log import Log, run_starts
from insight.log.calendar import period_numbers


@dataclass(frozen=True, eq=False)
class Silences:
    """The silences of a log's customers by customer and day; arrays of one length.

    customer : code of the customer
    start : number of the active day it begins with
    days : how long until the next active day; 0 where none has come yet
    longest : the longest silence of this customer before it
    row : position in the log of the first row of that day
    firsts : where each customer's silences begin
    left_out : rows after the last day
    """

    customer: np.ndarray
    start: np.ndarray
    days: np.ndarray
    longest: np.ndarray
    row: np.ndarray
    firsts: np.ndarray
    left_out: int

    @property
    def counts(self) -> np.ndarray:
        """How many silences each customer has: as many as active days."""
        return np.diff(np.append(self.firsts, len(self.customer)))


def silences(log: Log, asked: Settings) -> Silences:
    """The silences of the customers of a log. Remembered by the log, whatever length of silence is asked about."""
    key = ("silences", asked.activity, asked.days[0], asked.days[-1])
    return log.remember(key, lambda: _silences(log, asked))


def _silences(log: Log, asked: Settings) -> Silences:
    day = period_numbers(log, asked.begins)
    seen = day <= asked.last
    left_out = int(len(day) - seen.sum())
    if len(asked.activity) < len(log.events):
        counts = np.zeros(len(log.events), bool)
        counts[list(asked.activity)] = True
        seen &= counts[log.event]
    row = np.flatnonzero(seen)
    who, day = log.customer[row], day[row]
    new = np.ones(len(row), bool)
    new[1:] = (who[1:] != who[:-1]) | (day[1:] != day[:-1])
    row, who, day = row[new], who[new], day[new].astype(np.int64)
    days = np.zeros(len(row), np.int64)
    days[:-1] = np.where(who[1:] == who[:-1], np.diff(day), 0)
    return Silences(who, day, days, _longest_before(who, days), row, run_starts(who), left_out)


def _longest_before(who: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The largest of the customer's earlier values.

    >>> _longest_before(np.array([0, 0, 0, 1]), np.array([3, 7, 0, 0])).tolist()
    [0, 3, 7, 0]
    """
    if not len(who):
        return days
    # one running maximum for all: each customer begins above everything of the one before
    above = who.astype(np.int64) * (int(days.max()) + 1)
    so_far = np.maximum.accumulate(above + days)
    before = np.zeros(len(who), np.int64)
    before[1:] = np.where(who[1:] == who[:-1], so_far[:-1] - above[1:], 0)
    return before
