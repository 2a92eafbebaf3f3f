"""Who reaches which step of a funnel, and how fast, before any window is asked about."""

from dataclasses import dataclass

import numpy as np

from insight.log import Arrivals


@dataclass(frozen=True, eq=False)
class Reached:
    """The customers for whom some attempt reaches a step, whatever time it takes; times in microseconds.

    customer : code, ascending
    first_entry : the customer's first entry in the range
    least : time from the entry, of the fastest attempt that reaches the step (of equals the earliest)
    from_previous : time from the latest valid arrival at the required step before, in that same attempt
    moment : when that attempt reached the step
    noted : its moment at the step that the groups are read from; None where it has not come by there
    """

    customer: np.ndarray
    first_entry: np.ndarray
    least: np.ndarray
    from_previous: np.ndarray
    moment: np.ndarray
    noted: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Events:
    """Things that happened inside attempts, in log order; `taken` is the time since the attempt's entry."""

    customer: np.ndarray
    moment: np.ndarray
    taken: np.ndarray


@dataclass(frozen=True, eq=False)
class Route:
    """What attempts that begin with one step reach. (With any order of steps: levels, from one step on.)

    start : the step they begin with
    reached : for it and each later step who reaches it
    via : for each optional step who reaches the next required step through it
    done : where attempts get to the last required step
    interrupted : exclusion events (those that remove) inside attempts
    """

    start: int
    reached: dict[int, Reached]
    via: dict[int, Reached]
    done: Events | None = None
    interrupted: tuple[Events, ...] = ()


@dataclass(frozen=True, eq=False)
class Attempts:
    """What a funnel needs to know about its customers; times in microseconds.

    entered : codes of the customers with an entry in the range, ascending
    first_entry, first_moment : time and moment of their first entry
    entries : the events that can be an entry
    at : the arrivals at each step
    routes : one, or one for each step where a customer may enter anywhere
    """

    entered: np.ndarray
    first_entry: np.ndarray
    first_moment: np.ndarray
    entries: Arrivals
    at: list[Arrivals]
    routes: list[Route]


def nobody() -> Reached:
    """Who reaches a step that nobody reaches."""
    none, moments = np.zeros(0, np.int64), np.zeros(0, np.int32)
    return Reached(moments, none, none, none, moments, moments)
