"""Sessions as an overview counts them: when each began, whose it is, what was seen in it, how long it lasted."""

from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log, run_starts
from insight.log.sessions import sessions
from insight.overview.breakdown import first_value
from insight.periods import SECOND, microseconds


@dataclass(frozen=True, eq=False)
class Visits:
    """One row a session, in order of customer and start.

    customer : code of whose it is; number : of the session in `stream`
    start, end : instants of the first and the last event
    pages : events that count as pages; events : all events
    first : it is the customer's first
    stream : the log of sessions
    """

    customer: np.ndarray
    number: np.ndarray
    start: np.ndarray
    end: np.ndarray
    pages: np.ndarray
    events: np.ndarray
    first: np.ndarray
    stream: Log

    @property
    def seconds(self) -> np.ndarray:
        """From the first event to the last, in whole seconds rounded down."""
        return (self.end - self.start) // SECOND

    def value(self, column: str) -> tuple[np.ndarray, list[str]]:
        """The value of a column at the first event of each session: (codes, names)."""
        return self.stream.remember(("first value", column), lambda: self._value(column))

    def _value(self, column: str) -> tuple[np.ndarray, list[str]]:
        starts, time = self.stream.starts, self.stream.time
        tied = time == np.repeat(time[starts], np.diff(np.append(starts, len(time))))
        codes, names = first_value(self.stream, column, starts, tied)
        return codes[self.number], names

    def any_of(self, names: tuple[str, ...]) -> np.ndarray:
        """Whether each session has one of these events."""
        return self.stream.remember(("any of", names), lambda: self._counted(names) > 0)

    def _counted(self, names: tuple[str, ...]) -> np.ndarray:
        return counted(self.stream, names)[self.number]


def visits(log: Log, gap: int | None, pages: tuple[str, ...] | None = None) -> Visits:
    """The sessions of a log; remembered by it. `gap` : as for `sessions`; `pages` : events that are pages, None all."""
    return log.remember(("visits", gap, pages), lambda: _visits(log, gap, pages))


def _visits(log: Log, gap: int | None, pages: tuple[str, ...] | None) -> Visits:
    stream = sessions(log, gap)
    starts = stream.starts
    size = np.diff(np.append(starts, len(stream)))
    start, number = stream.time[starts], np.arange(len(starts))
    if gap is None:  # the file's sessions are numbered by name; the later may come first
        number = np.lexsort((start, stream.owner))
    customer = stream.owner[number]
    first = np.zeros(len(number), bool)
    first[run_starts(customer)] = True
    seen = size if pages is None else counted(stream, pages)
    return Visits(
        customer, number, start[number], stream.time[starts + size - 1][number],
        seen[number], size[number], first, stream,
    )  # fmt: skip


def counted(stream: Log, names: tuple[str, ...]) -> np.ndarray:
    """How many of these events each session has."""
    wanted = np.zeros(len(stream.events), np.int64)
    wanted[[stream.events.index(name) for name in names]] = 1
    return np.add.reduceat(wanted[stream.event], stream.starts) if len(stream) else np.zeros(0, np.int64)


def read_gap(session_gap: str | None, facts: Facts) -> int | None:
    """The pause that ends a session, in microseconds; None for the file's sessions."""
    if session_gap is not None:
        return microseconds(session_gap, "session_gap")
    if "session" not in facts.columns:
        raise InsightError('The file has no session column: cut sessions at pauses, with session_gap="30min".')
    return None


def read_events_of(names: object, facts: Facts, setting: str) -> tuple[str, ...] | None:
    """Some kinds of event, as a setting names them (one, or a list), in alphabetical order; None for none named."""
    if names is None:
        return None
    asked = [names] if isinstance(names, str) else names
    if not isinstance(asked, list | tuple) or not asked:
        raise InsightError(f'{setting} = {names!r} must name events: {setting}="purchase" or {setting}=["a", "b"].')
    for name in asked:
        if name not in facts.events:
            raise UnknownValue(setting, name, facts.events)
    return tuple(sorted(set(asked)))
