"""What is done to each part of a source before it is counted: rows are left out, a column is added."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from insight.log import Log, new_memory
from insight.tables.select import part_of_log

Rows = Callable[[Log], np.ndarray]  # the log of some customers -> which of its rows, in log order


class Change(Protocol):
    """A log in, a log out; None where nothing is left.

    columns : of the table that it looks at;  adds : the column that it adds, or ""
    """

    columns: tuple[str, ...]
    adds: str

    def __call__(self, log: Log) -> Log | None:
        """The changed log."""


@dataclass(frozen=True)
class Kept:
    """Only the rows that `rows` marks."""

    rows: Rows
    columns: tuple[str, ...] = ()
    adds: str = ""

    def __call__(self, log: Log) -> Log | None:
        wanted = self.rows(log)
        if not wanted.any():
            return None
        return log if wanted.all() else part_of_log(log, wanted)


@dataclass(frozen=True)
class Marked:
    """A column of text that says which of two values a row has: `no`, or, where `rows` marks it, `yes`."""

    rows: Rows
    adds: str
    no: str
    yes: str
    columns: tuple[str, ...] = ()

    def __call__(self, log: Log) -> Log:
        inside = np.empty(len(log.frame), bool)
        inside[log.row] = self.rows(log)
        values = pd.Series([self.no, self.yes], dtype="str").take(inside.astype(int)).array
        return replace(log, frame=log.frame.assign(**{self.adds: values}), **new_memory())
