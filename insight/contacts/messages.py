"""Messages that were sent, and what came of each: rows of outcomes become one row a message."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.language import _
from insight.log import NOT_SET
from insight.log.ids import ascending
from insight.periods import day_start, microseconds, timestamp

SENT = "sent"
RESPONSES = ("open", "click", "unsub")


@dataclass(frozen=True, eq=False)
class Messages:
    """What was sent, in order of customer and time; arrays of one length.

    ids : every customer who was sent something, ascending;  customer : positions in it
    time : microseconds since 1970 UTC;  row : place of the message in the table's frame
    done : outcome -> whether it followed within the window
    over : whether the window was over by the end of the data
    unmatched : outcomes that follow no message of theirs within the window
    """

    ids: np.ndarray
    customer: np.ndarray
    time: np.ndarray
    row: np.ndarray
    done: dict[str, np.ndarray]
    over: np.ndarray
    unmatched: int

    def __len__(self) -> int:
        return len(self.row)


def messages(contacts, *, within: str, as_of: str | None) -> Messages:
    """The messages of a table of contacts until the end of `as_of`.

    An outcome belongs to the last message that was sent to the customer by the same channel for the same campaign, at
    its time or before, as long as that was within the window.
    Raises InsightError for another table, a window that is none; NotEnoughData where nothing was sent.
    """
    if getattr(contacts, "kind", None) != "contacts":
        raise InsightError("This takes the table that read_contacts returns.")
    frame, window = contacts.frame, microseconds(within)
    time = frame["timestamp"].to_numpy("datetime64[us]").astype(np.int64)
    last = as_of or timestamp(int(time.max()), contacts.timezone).strftime("%Y-%m-%d")
    end = day_start(last, contacts.timezone, days_later=1)
    outcome = frame["outcome"].to_numpy(object) if "outcome" in frame else np.full(len(frame), SENT, object)
    used = np.flatnonzero(
        (time < end) & frame["customer_id"].notna().to_numpy(bool) & np.isin(outcome, (SENT, *RESPONSES))
    )
    sent = outcome[used] == SENT
    if not sent.any():
        raise NotEnoughData(_("No row says that a message was sent, so there is nothing that could be responded to."))
    customer, names = pd.factorize(frame["customer_id"].to_numpy(object)[used])
    thread = _threads(frame, used, customer)
    order = np.lexsort((used, ~sent, time[used], thread))
    used, sent, customer, thread = used[order], sent[order], customer[order], thread[order]
    before = np.maximum.accumulate(np.where(sent, np.arange(len(used)), -1))  # the last message, at each row
    known = (before >= 0) & (thread[before] == thread) & (time[used] - time[used[before]] <= window) & ~sent
    done = {name: np.zeros(len(used), bool) for name in RESPONSES}
    for name in RESPONSES:
        done[name][before[known & (outcome[used] == name)]] = True
    return _in_order(names, customer, time, used, sent, done, end - window, int((~sent & ~known).sum()))


def _threads(frame: pd.DataFrame, used: np.ndarray, customer: np.ndarray) -> np.ndarray:
    """A number for each customer, channel and campaign."""
    found = customer.astype(np.int64)
    for name in ("channel", "campaign"):
        if name in frame:
            codes, values = pd.factorize(frame[name].to_numpy(object)[used], use_na_sentinel=False)
            found = found * max(len(values), 1) + codes
    return found


def _in_order(names, customer, time, used, sent, done, closes: int, unmatched: int) -> Messages:
    """The messages alone, by the order of their customers' ids and by time."""
    by_id = ascending(np.asarray(names, dtype=object))
    place = np.empty(len(names), np.int64)
    place[by_id] = np.arange(len(names))
    at = np.flatnonzero(sent)
    at = at[np.lexsort((used[at], time[used[at]], place[customer[at]]))]
    had = np.unique(place[customer[at]])
    ids = np.asarray(names, dtype=object)[by_id][had]
    return Messages(
        ids=ids,
        customer=np.searchsorted(had, place[customer[at]]),
        time=time[used[at]],
        row=used[at],
        done={name: own[at] for name, own in done.items()},
        over=time[used[at]] <= closes,
        unmatched=unmatched,
    )


def kept(found: Messages, which: np.ndarray) -> Messages:
    """Some of the messages, with their customers."""
    had = np.unique(found.customer[which])
    return Messages(
        found.ids[had], np.searchsorted(had, found.customer[which]), found.time[which], found.row[which],
        {name: own[which] for name, own in found.done.items()}, found.over[which], found.unmatched,
    )  # fmt: skip


def column_values(contacts, column: str, found: Messages) -> np.ndarray:
    """What a column says of each message, as text. Raises UnknownValue where there is no such column."""
    allowed = [name for name in contacts.frame if name not in ("customer_id", "timestamp", "outcome")]
    if column not in allowed:
        raise UnknownValue("column", column, allowed)
    values = contacts.frame[column]
    return values.astype("str").where(values.notna(), NOT_SET).to_numpy(object)[found.row]
