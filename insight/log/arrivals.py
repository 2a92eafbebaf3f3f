"""The rows of a log that a step is about, and the look-ups by moment that every analysis asks of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Some rows of a log, in log order, with what every analysis asks of them.

    row : positions in the log
    customer, time, moment : the log's columns there
    customer_at : the customer of each moment of the whole log
    """

    row: np.ndarray
    customer: np.ndarray
    time: np.ndarray
    moment: np.ndarray
    customer_at: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def count_before(self) -> np.ndarray:
        """For each moment how many of these rows, of all customers, lie before it (one entry more than moments)."""
        counts = np.bincount(self.moment, minlength=len(self.customer_at))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)

    @cached_property
    def latest_before(self) -> np.ndarray:
        """For each moment the position of the customer's latest row before it, -1 where there is none."""
        return self._own(self.count_before[:-1] - 1)

    @cached_property
    def latest_at(self) -> np.ndarray:
        """For each moment the position of the customer's latest row at or before it, -1 where there is none."""
        return self._own(self.count_before[1:] - 1)

    def _own(self, position: np.ndarray) -> np.ndarray:
        if not len(self):
            return position  # all -1
        return np.where(self.customer[position] == self.customer_at, position, -1)

    @cached_property
    def barrier(self) -> np.ndarray:
        """For each moment the latest moment before it that has one of these rows, -1 where there is none.

        It may be of a customer above, and is then lower than every moment of the customer's own: an event at moment m
        has none of these rows between itself and a later moment t of its customer exactly when m >= barrier[t].
        """
        return np.append(self.moment, -1)[self.count_before[:-1] - 1].astype(np.int32)

    def next_moment(self, count: np.ndarray, moment: np.ndarray) -> np.ndarray:
        """The moment of the row after `count` rows, where it is of the customer of `moment`; else NO_MOMENT."""
        after = np.append(self.moment, NO_MOMENT)[count]
        own = np.append(self.customer, -1)[count] == self.customer_at[moment]
        return np.where(own, after, NO_MOMENT).astype(np.int32)

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each customer's rows begin."""
        return run_starts(self.customer)

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many rows each customer has."""
        return np.diff(np.append(self.starts, len(self)))


NO_MOMENT = np.iinfo(np.int32).max


def run_starts(values: np.ndarray) -> np.ndarray:
    """Where each run of equal values begins.

    >>> run_starts(np.array([3, 3, 5])).tolist(), run_starts(np.array([])).tolist()
    ([0, 2], [])
    """
    return np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
