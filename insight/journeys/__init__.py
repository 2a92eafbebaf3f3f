"""Journeys: which event follows which, the ways customers take, and how long they take.

`graph.py` counts transitions, `flows.py` whole paths and what a flow diagram draws of them, `waiting.py` the time from
one event to another, `kinds.py` cleans up the names before. All of them walk one `stream.py`.
"""

from insight.journeys.columns import step_matrix
from insight.journeys.flows import paths
from insight.journeys.graph import transitions
from insight.journeys.kinds import event_kinds
from insight.journeys.members import time_to_event_members, transitions_members
from insight.journeys.path_members import paths_members
from insight.journeys.results import ARRIVED, END, MORE, SPECIAL, START, EventKinds, Paths, Transitions
from insight.journeys.waiting import TimeToEvent, time_to_event

__all__ = [
    "ARRIVED",
    "END",
    "MORE",
    "SPECIAL",
    "START",
    "EventKinds",
    "Paths",
    "TimeToEvent",
    "Transitions",
    "event_kinds",
    "paths",
    "paths_members",
    "step_matrix",
    "time_to_event",
    "time_to_event_members",
    "transitions",
    "transitions_members",
]
