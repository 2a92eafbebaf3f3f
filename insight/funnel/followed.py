"""One customer of a funnel, event by event: which events counted, which did not, and the verdict."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.funnel.attempts import attempts
from insight.funnel.journey import Journey, journeys
from insight.funnel.outcome import FOREVER, outcome
from insight.funnel.reached import Attempts
from insight.funnel.settings import Settings
from insight.funnel.tally import units, used_rows
from insight.log import NO_MOMENT, Log
from insight.periods import SECOND, timestamp

MOST_EVENTS = 50  # shown of one customer; the others are counted
BESIDE = ("between", "after", "before", "other session", "outside")  # roles, in the order in which events are kept
CAME = {"excluded": "not counted", "interrupted": "not counted"}  # role of the next step's event; else the verdict
BROKE = {"excluded": "exclusion", "interrupted": "interruption", "removed": "exclusion"}


@dataclass(frozen=True, eq=False)
class Followed:
    """A customer in a small log of units, and the journey that is told.

    verdict : as in `Trace.verdicts`
    broken_at : the moment of the event that stopped it
    unit : the code of the customer, or of the session that is told of; None where there is no entry
    rows : the customer's rows in the log, by time
    """

    log: Log
    asked: Settings
    tried: Attempts
    customer: str
    verdict: str
    counted: bool
    unit: int | None
    journey: Journey | None
    broken_at: int | None
    rows: np.ndarray

    def events(self) -> pd.DataFrame:
        """The customer's rows of `Trace.events`: those with a part to play, then the nearest to the entry."""
        step, role = self._parts_played()
        at = self.log.row[self.rows]
        source = {name: self.log.frame[name].take(at).reset_index(drop=True) for name in ("timestamp", "event")}
        events = pd.DataFrame(source).assign(
            step=pd.array([pd.NA if own is None else own + 1 for own in step], dtype="Int64"),
            role=pd.Series(role, dtype="str"),
            seconds=pd.array((self.log.time[self.rows] - self._entry) // SECOND, dtype="Int64"),
        )
        events.insert(0, "customer_id", pd.Series([self.customer] * len(events), dtype="str"))
        if self.journey is None:
            events["seconds"] = pd.array([pd.NA] * len(events), dtype="Int64")
        apart = np.abs(self.log.time[self.rows] - self._entry)
        rank = [BESIDE.index(own) + 1 if own in BESIDE else 0 for own in role]
        return events.iloc[np.sort(np.lexsort((apart, rank))[:MOST_EVENTS])]

    def row(self) -> dict[str, object]:
        """The customer's row of `Trace.verdicts`; what is left out is missing."""
        journey, n = self.journey, len(self.rows)
        said = {"customer_id": self.customer, "counted": self.counted, "verdict": self.verdict, "reached": self.depth}
        said |= {"n_events": n, "n_hidden": max(0, n - MOST_EVENTS)}
        if journey is None:
            return said
        said["entry"] = timestamp(self._entry, self.log.timezone)
        if journey.next_step is not None:
            said["next_step"] = self.asked.rules.steps[journey.next_step].name
        if journey.next_moment is not None and self.verdict == journey.ending:
            said["next_seconds"] = self._since_entry(journey.next_moment) // SECOND
        if (over := self._over()) is not None:
            said["over_seconds"] = -(-over // SECOND)
        if self.verdict == "still open":
            first = self.tried.first_entry[np.searchsorted(self.tried.entered, self.unit)]
            said["left_seconds"] = int(first + self.asked.window - self.asked.observed) // SECOND
        if self.broken_at is not None and self.verdict in BROKE:
            said["stopped_by"] = self.log.events[self.log.event[self._breaking_row(self.broken_at)]]
        return said

    @property
    def depth(self) -> int:
        """How many rows of the funnel the customer reaches."""
        return self.journey.depth if self.journey else 0

    @property
    def _entry(self) -> int:
        """The time of the entry."""
        return int(self.log.time_at[self.journey.entry]) if self.journey else 0

    def _parts_played(self) -> tuple[list[int | None], list[str]]:
        """The step each row is matched to, and what it is."""
        if self.journey is None:
            return [None] * len(self.rows), ["outside"] * len(self.rows)
        step, role, place = {}, {}, {row: i for i, row in enumerate(self.rows.tolist())}
        for k, moment in sorted(self.journey.matched.items(), key=lambda own: (own[1], own[0])):
            row = self._row(k, moment)
            step[place[row]], role[place[row]] = k, "step" if role else "entry"
        came, ending = self.journey.next_moment, self.journey.ending
        if came is not None and self.verdict == ending:
            role.setdefault(place[self._row(self.journey.next_step, came)], CAME.get(ending, ending))
        if self.broken_at is not None and self.verdict in BROKE:
            role.setdefault(place[self._breaking_row(self.broken_at)], BROKE[self.verdict])
        last = max(self.log.moment[self.rows[i]] for i, own in role.items() if own != "out of order")
        roles = [role.get(i) or self._beside(row, last) for row, i in place.items()]
        return [step.get(i) for i in place.values()], roles

    def _beside(self, row: int, last: int) -> str:
        if self.log.customer[row] != self.unit:
            return "other session"
        if self.log.moment[row] < self.journey.entry:
            return "before"
        return "after" if self.log.moment[row] > last else "between"

    def _row(self, step: int, moment: int) -> int:
        """The row of the log that is matched to a step in a moment."""
        at = self.tried.at[step]
        return int(at.row[at.count_before[moment]])

    def _breaking_row(self, moment: int) -> int:
        """The row in this moment that is an exclusion, or (strict order) neither the step before nor on the way."""
        rows = np.flatnonzero(self.log.moment == moment)
        for own in self.asked.rules.exclusions:
            excluded = rows[np.isin(rows, self.log.arrivals_at(own.events, own.where).row)]
            if len(excluded):
                return int(excluded[0])
        allowed = [self.tried.at[k].row for k in range(self.depth - 1, self.journey.next_step)]
        return int(rows[~np.isin(rows, np.concatenate(allowed))][0])

    def _since_entry(self, moment: int) -> int:
        return int(self.log.time_at[moment]) - self._entry

    def _over(self) -> int | None:
        """By how much the next step missed its time; None where that was not why."""
        if self.verdict == "too late":
            return self._since_entry(self.journey.next_moment) - self.asked.window
        if self.verdict != "gap too long":
            return None
        steps, matched = self.asked.rules.steps, self.journey.matched
        before = max(moment for k, moment in matched.items() if steps[k].required)
        gap = self._since_entry(self.journey.next_moment) - self._since_entry(before)
        return gap - steps[self.journey.next_step].max_gap


def follow(log: Log, asked: Settings, customers: list[str]) -> list[Followed]:
    """What happened to these customers, given the log of them alone."""
    stream = units(used_rows(log, asked), asked)
    tried = attempts(stream, asked.rules)
    found = outcome(tried, asked, len(stream.customers))
    told = journeys(stream, asked)
    counted, removed = (set(codes.tolist()) for codes in (found.counted, found.removed))
    removed_at = _removed_at(tried, asked)
    owner = np.arange(len(stream.customers)) if stream.owner is None else stream.owner
    followed, codes = [], {customer: code for code, customer in enumerate(log.customers.tolist())}
    for customer, code in ((customer, codes[customer]) for customer in customers):
        own = [unit for unit in np.flatnonzero(owner == code).tolist() if unit in told]
        unit = min(own, key=lambda u: (u not in counted, -told[u].depth, u), default=None)
        rows = np.flatnonzero(owner[stream.customer] == code)
        rows = rows[np.argsort(stream.time[rows], kind="stable")]
        ending, broken_at = ("not entered", None) if unit is None else (told[unit].ending, told[unit].broken_at)
        if unit in removed:
            ending, broken_at = "removed", removed_at[unit]
        elif unit is not None and unit not in counted:
            ending = "still open"
        story = {"unit": unit, "journey": told.get(unit), "rows": rows, "counted": unit in counted}
        followed.append(Followed(stream, asked, tried, customer, verdict=ending, broken_at=broken_at, **story))
    return followed


def _removed_at(tried: Attempts, asked: Settings) -> dict[int, int]:
    """The first moment of an exclusion event in an attempt, by unit."""
    window, first = FOREVER if asked.window is None else asked.window, {}
    for events in (events for route in tried.routes for events in route.interrupted):
        for unit, moment, taken in zip(events.customer.tolist(), events.moment.tolist(), events.taken, strict=True):
            if taken <= window:
                first[unit] = min(first.get(unit, NO_MOMENT), moment)
    return first
