"""What everybody is asked, and what a right answer is."""

from collections.abc import Callable
from dataclasses import dataclass

GAP_SECONDS = 30 * 60  # a longer pause begins a new session
START, END = "(start)", "(end)"
SEGMENTS = [  # by recency score 1 to 5, then by the mean of the other two scores
    *("Lost", "Lost", "At risk", "Can't lose", "Can't lose"),
    *("Hibernating", "Hibernating", "At risk", "At risk", "At risk"),
    *("About to sleep", "Need attention", "Need attention", "Loyal", "Loyal"),
    *("Promising", "Promising", "Potential loyal", "Champions", "Champions"),
    *("New", "New", "Potential loyal", "Champions", "Champions"),
]


@dataclass(frozen=True)
class Question:
    """A question to every engine: the method that answers it, on which table, in words, and what the answer lists.

    Every row of the answer is a list; all engines must give the same rows, in ascending order.
    given : number of the round -> what the method is called with
    """

    name: str
    kind: str
    words: str
    answer: str
    given: Callable[[int], tuple] = lambda number: ()


def _week(number: int) -> tuple:
    return (7,)


def _another_window(number: int) -> tuple:
    return (1 + number,)


QUESTIONS = (
    Question("funnel", "events", "funnel, 4 steps within 7 days", "step's number, customers who reach it", _week),
    Question("moved", "events", "the same, window moved", "step's number, customers who reach it", _another_window),
    Question("breakdown", "events", "funnel by channel at the entry", "channel, step's number, customers", _week),
    Question("transitions", "events", "transitions in sessions", "event before, event after, how often"),
    Question("retention", "events", "monthly retention", "first month, months later, customers active then"),
    Question("rfm", "orders", "RFM scores and segments", "segment, customers, revenue in cents"),
)


def segment_number(recency, frequency, monetary):
    """Where in SEGMENTS the segment of these scores stands, for numbers, arrays and expressions of any engine."""
    return (recency - 1) * 5 + (frequency + monetary + 1) // 2 - 1


def by_segment(rows) -> list:
    """Rows of (segment's number, customers, revenue) as an answer: added up by the segments' names."""
    found = {}
    for number, customers, revenue in rows:
        own = found.setdefault(SEGMENTS[number], [0, 0])
        own[0] += int(customers)
        own[1] += int(revenue)
    return sorted([name, *own] for name, own in found.items())
