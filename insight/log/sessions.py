"""The log of sessions: the same rows, where the unit that acts is a session and no longer a customer."""

from dataclasses import replace

import numpy as np

from insight.log import Log, moments, new_memory


def sessions(log: Log, gap: int | None) -> Log:
    """The log with one unit for each session; `owner` says whose it is.

    gap : a pause strictly longer than this many microseconds begins a new session. None for the file's session
        column: a session is then a (customer, session) pair, and rows that name none are cut at pauses of 30 minutes

    Remembered by the log. Units are numbered by customer, and `customers` holds the owner's id for each.
    """
    return log.remember(("sessions", gap), lambda: _sessions(log, gap))


UNNAMED_GAP = 30 * 60 * 1_000_000


def _sessions(log: Log, gap: int | None) -> Log:
    if gap is not None:
        return _recoded(log, np.arange(len(log)), _begins(log.customer, log.time, gap))
    names, known = log.values("session")
    named = ~log.frame["session"].isna().to_numpy(bool)[log.row]
    unnamed = np.flatnonzero(~named)
    names = names.astype(np.int64)
    names[unnamed] = len(known) + np.cumsum(_begins(log.customer[unnamed], log.time[unnamed], UNNAMED_GAP))
    order = np.lexsort((names, log.customer))  # stable: inside a session by time and event, as the log is
    return _recoded(log, order, _changes(log.customer[order], names[order]))


def _recoded(log: Log, order: np.ndarray, begins: np.ndarray) -> Log:
    """The log in this order, with a new unit wherever one begins."""
    unit = np.cumsum(begins, dtype=np.int32) - np.int32(1)
    owner = log.customer[order][begins]
    time = log.time[order]
    return replace(
        log,
        customer=unit,
        time=time,
        event=log.event[order],
        moment=moments(unit, time),
        row=log.row[order],
        customers=log.customers[owner],
        owner=owner,
        **new_memory(),
    )


def _begins(customer: np.ndarray, time: np.ndarray, gap: int) -> np.ndarray:
    begins = _changes(customer, customer)
    begins[1:] |= np.diff(time) > gap
    return begins


def _changes(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where either value differs from the row above."""
    changes = np.ones(len(one), bool)
    changes[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return changes
