"""What the settings of a retention analysis had best be on some data."""

from functools import partial

import numpy as np

from insight.log import Facts, Log
from insight.periods import UNITS
from insight.retention.activity import rows_at
from insight.retention.settings import ACTIVITY, Rows
from insight.tables.table import counted

DAYS, WEEKS = 28, 182  # data up to so many days is looked at by day, by week; longer data by month
USUAL_SHARE = 0.9  # of the gaps between two activities: a guard of that length lets most old customers show themselves


def proposed_period(facts: Facts) -> str:
    """Days, weeks or months: so that there are a few cohorts, and not more than anyone reads.

    >>> proposed_period(Facts((), (), 0, 400 * UNITS["D"])), proposed_period(Facts((), (), 0, 60 * UNITS["D"]))
    ('month', 'week')
    """
    days = (facts.last_time - facts.first_time) // UNITS["D"] + 1
    return "day" if days <= DAYS else "week" if days <= WEEKS else "month"


def proposed_guard(table) -> str | None:
    """A guard as long as nine of ten gaps between two activities of a customer: "42D"; None where nobody came back.

    Who has not been there for so long before is rather a new customer than an old one.
    """
    rows = counted(table, "proposed_guard", "events", "orders")
    gaps = rows.tally(partial(gaps_in_days, kind=rows.kind), added)
    if not gaps.sum():
        return None
    wanted = int(np.ceil(USUAL_SHARE * gaps.sum()))
    return f"{max(int(np.searchsorted(np.cumsum(gaps), wanted)), 1)}D"


def gaps_in_days(log: Log, kind: str) -> np.ndarray:
    """How many gaps between two activities of one customer have each number of whole days."""
    row = rows_at(log, Rows(ACTIVITY[kind]))
    customer, time = log.customer[row], log.time[row]
    days = np.diff(time)[customer[1:] == customer[:-1]] // UNITS["D"]
    return np.bincount(days[days > 0]) if len(days) else np.zeros(1, np.int64)


def added(parts: list[np.ndarray]) -> np.ndarray:
    """The counts of all parts."""
    total = np.zeros(max(map(len, parts)), np.int64)
    for part in parts:
        total[: len(part)] += part
    return total
