"""The rows of a table that stay, as the checks look at them: who, on which day, at what time by the clock."""

from functools import cached_property

import numpy as np
import pandas as pd

from insight.log import Log
from insight.periods import UNITS

DAY = UNITS["D"]


def clock_of(times: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Times as microseconds since 1970 by the clock on the wall, and as days.

    >>> clock_of(pd.Series(pd.to_datetime(["1970-01-02 01:00+01:00"]).tz_convert("Europe/Paris")))
    (array([90000000000]), array([1]))
    """
    local = times if times.dt.tz is None else times.dt.tz_localize(None)
    clock = local.to_numpy("datetime64[us]").astype("int64")
    return clock, clock // DAY


class Rows:
    """One reading, seen by its rows.

    draft : the reading, which takes the findings
    frame : the rows that stayed, in the order of the file
    moment : the canonical column of their times;  log : the same rows prepared, where there is one
    """

    def __init__(self, draft, frame: pd.DataFrame, moment: str | None = None, log: Log | None = None):
        self.draft, self.frame, self.moment, self.log = draft, frame, moment, log
        self.kept = np.flatnonzero(draft.keep)

    def __len__(self) -> int:
        return len(self.frame)

    def note(self, code: str, finding: str, severity: str, name: str, at=None, suggestion: str = "", fix=None) -> None:
        """Add a finding about the canonical column `name`; `at` counts among the rows that stayed."""
        where = None if at is None else self.kept[at]
        if where is not None and len(where) == len(self) and fix != "lower_ids":
            fix = None  # nothing would be left
        self.draft.note(finding, severity, name, where, suggestion, code=code, fix=fix)

    @cached_property
    def _times(self) -> tuple[np.ndarray, np.ndarray]:
        return clock_of(self.frame[self.moment])

    @property
    def clock(self) -> np.ndarray:
        """Microseconds since 1970 by the clock on the wall, whatever the time zone."""
        return self._times[0]

    @property
    def day(self) -> np.ndarray:
        """Days since 1970, by the same clock."""
        return self._times[1]

    @cached_property
    def _coded(self) -> tuple[np.ndarray, np.ndarray]:
        if self.log is None:
            codes, names = pd.factorize(self.frame["customer_id"])
            return codes, np.asarray(names, dtype=object)
        codes = np.empty(len(self.log), np.int32)
        codes[self.log.row] = self.log.customer
        return codes, self.log.customers

    @property
    def customer(self) -> np.ndarray:
        """The number of each row's customer, -1 where the row has none."""
        return self._coded[0]

    @property
    def customers(self) -> np.ndarray:
        """The ids behind these numbers."""
        return self._coded[1]

    @cached_property
    def rows_of(self) -> np.ndarray:
        """How many rows each customer has."""
        return np.bincount(self.customer[self.customer >= 0], minlength=len(self.customers))
