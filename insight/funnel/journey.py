"""The attempt that explains where a customer counts: the chain of events, and why it ends where it does.

It is found with the walk that counts, over the rows of a few customers. Of the attempts that reach the deepest step in
time, the one is shown that came nearest to the next step, rules aside; where nothing came next, the fastest.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from insight.funnel.attempts import attempts
from insight.funnel.chains import NEVER, Node, Walk
from insight.funnel.outcome import FOREVER
from insight.funnel.reached import Attempts
from insight.funnel.settings import Rules, Settings
from insight.log import NO_MOMENT, Arrivals, Log


@dataclass(frozen=True)
class Journey:
    """One unit's attempt; steps are counted from 0, moments are those of the log.

    matched : step -> the moment of its event
    depth : how many rows of the funnel it reaches: the number of its last required step, or (any order) of its steps
    ending : why it goes no further
        "completed"     there is no further step
        "lost"          the next step did not follow
        "out of order"  the next step came only before
        "too late"      it came after the window
        "gap too long"  it came too long after the step before
        "excluded"      an exclusion event came in between
        "interrupted"   another event came in between
    next_step : the step that was not reached; None for none
    next_moment : when it came nevertheless; None for never
    broken_at : the moment of the event in between; None for none
    """

    matched: dict[int, int]
    depth: int
    ending: str
    next_step: int | None = None
    next_moment: int | None = None
    broken_at: int | None = None

    @property
    def entry(self) -> int:
        """The moment the attempt begins."""
        return min(self.matched.values())


def journeys(log: Log, settings: Settings) -> dict[int, Journey]:
    """The journey of each unit that entered, by its code; for a log of a few customers."""
    tried = attempts(log, settings.rules)
    find = _in_any_order if settings.rules.order == "any" else _in_order
    best: dict[int, tuple] = {}
    for unit, rank, tell in find(log, settings, tried):
        if unit not in best or rank < best[unit][0]:
            best[unit] = (rank, tell)
    return {unit: tell() for unit, (_rank, tell) in best.items()}


def may_begin(at: Arrivals, rules: Rules, tried: Attempts) -> np.ndarray:
    """Which arrivals may begin an attempt."""
    allowed = np.ones(len(at), bool)
    if rules.opens is not None:
        allowed &= at.time >= rules.opens
    if rules.closes is not None:
        allowed &= at.time < rules.closes
    return allowed & np.isin(at.moment, tried.first_moment) if rules.reentry == "first" else allowed


# -- steps in order ---------------------------------------------------------------------------------------------------


class FullWalk(Walk):
    """A walk that remembers the moment of every step of a chain."""

    def _kept(self, start: int) -> frozenset[int]:
        return frozenset(range(start, len(self.steps)))


def _in_order(log: Log, settings: Settings, tried: Attempts):
    """For each chain in time its unit, its rank (the lowest is shown) and how to tell its journey."""
    rules, window = settings.rules, FOREVER if settings.window is None else settings.window
    required = [k for k, step in enumerate(rules.steps) if step.required]
    for start in required if rules.order == "open" else [0]:
        walk = FullWalk(log, rules, tried.at, start, may_begin(tried.at[start], rules, tried))
        for k in (k for k in required if k >= start):
            node, following = walk.nodes[k], _next_moments(walk, k)
            ends = node.entry[:-1] != NEVER if k > start else node.settled[:-1] == np.arange(len(node.at))
            for p in np.flatnonzero(ends):
                entry, moment = node.entry[p], int(node.at.moment[p])
                if node.at.time[p] - entry <= window:
                    came = log.time_at[following[p]] - entry if following[p] != NO_MOMENT else NEVER
                    rank = (-k, start, came, node.at.time[p] - entry, moment)
                    yield int(node.at.customer[p]), rank, _Told(log, settings, walk, node, p, int(following[p]))


def _next_moments(walk: Walk, k: int) -> np.ndarray:
    """For each arrival at step k when the next required step comes, with an event that serves no step before it."""
    node, after = walk.nodes[k], next((j for j in range(k + 1, len(walk.steps)) if walk.steps[j].required), None)
    if after is None:
        return np.full(len(node.at), NO_MOMENT)
    lowest = node.at.moment.copy()
    for j in [k, *node.moments]:
        if set(walk.steps[j].events) & set(walk.steps[after].events):
            own = node.at.moment if j == k else node.moments[j][:-1]
            lowest = np.maximum(lowest, own + 1)
    return walk.at[after].next_moment(walk.at[after].count_before[lowest], node.at.moment)


@dataclass(frozen=True)
class _Told:
    """A chain that may be shown; calling it tells its journey."""

    log: Log
    settings: Settings
    walk: FullWalk
    node: Node
    position: int
    following: int

    def __call__(self) -> Journey:
        node, p, steps = self.node, self.position, self.settings.rules.steps
        moments = {j: int(own[p]) for j, own in node.moments.items() if steps[j].required}
        moments[node.step] = int(node.at.moment[p])
        matched = dict(sorted((moments | self._optional(moments)).items()))
        after = next((j for j in range(node.step + 1, len(steps)) if steps[j].required), None)
        ending = self._ending(moments, after)
        return Journey(matched, node.step + 1, **ending)

    def _optional(self, moments: dict[int, int]) -> dict[int, int]:
        """The optional steps on the way, and those after the last step."""
        found, window = {}, self.settings.window
        for j, step in enumerate(self.settings.rules.steps):
            if step.required or j < self.walk.start or (before := self.walk.required_before(j)) not in moments:
                continue
            node = self.walk.nodes[j]
            later = [moment for k, moment in moments.items() if k > j]
            through = (node.entry[:-1] != NEVER) & (node.moments[before][:-1] == moments[before])
            through &= node.at.moment <= min(later, default=NO_MOMENT)
            if window is not None:
                through &= node.at.time <= self._entry_time(moments) + window
            if through.any():
                found[j] = int(node.at.moment[np.argmax(through)])
        return found

    def _earlier(self, moments: dict[int, int], after: int) -> int | None:
        """When the next step last came before, with an event that serves no other step."""
        at, steps = self.walk.at[after], self.settings.rules.steps
        used = [own for j, own in moments.items() if not set(steps[j].events).isdisjoint(steps[after].events)]
        own = at.moment[(at.customer == self.node.at.customer[self.position]) & (at.moment < moments[self.node.step])]
        own = own[~np.isin(own, used)]
        return int(own[-1]) if len(own) else None

    def _entry_time(self, moments: dict[int, int]) -> int:
        return int(self.log.time_at[min(moments.values())])

    def _ending(self, moments: dict[int, int], after: int | None) -> dict[str, object]:
        """Which rule keeps the next step from being reached."""
        if after is None:
            return {"ending": "completed"}
        said = {"next_step": after, "next_moment": self.following}
        here, time_at, rules = moments[self.node.step], self.log.time_at, self.settings.rules
        if self.following == NO_MOMENT:
            earlier = self._earlier(moments, after)
            ending = "lost" if earlier is None else "out of order"
            return {"ending": ending, "next_step": after, "next_moment": earlier}
        since_entry = time_at[self.following] - self._entry_time(moments)
        if self.settings.window is not None and since_entry > self.settings.window:
            return said | {"ending": "too late"}
        gap = rules.steps[after].max_gap
        if gap is not None and time_at[self.following] - time_at[here] > gap:
            return said | {"ending": "gap too long"}
        for own in rules.exclusions:
            first = max(own.first, self.walk.start)
            if first < after <= own.last:
                broken = _between(self.log.arrivals_at(own.events, own.where), moments[first], self.following)
                if broken is not None:
                    return said | {"ending": "excluded", "broken_at": broken}
        if rules.order == "strict":
            others = np.ones(len(self.log), bool)  # no repeat of this step, no optional step on the way
            for k in range(self.node.step, after):
                others[self.walk.at[k].row] = False
            broken = _between(self.log.arrivals(others), here, self.following)
            if broken is not None:
                return said | {"ending": "interrupted", "broken_at": broken}
        return {"ending": "lost", "next_step": after}


def _between(events: Arrivals, after: int, before: int) -> int | None:
    """The first moment of these events strictly between two moments of one customer."""
    inside = events.moment[(events.moment > after) & (events.moment < before)]
    return int(inside[0]) if len(inside) else None


# -- steps in any order -----------------------------------------------------------------------------------------------


def _in_any_order(log: Log, settings: Settings, tried: Attempts):
    """The same for steps in any order: from each event of any step on, each step when it next happens."""
    window = FOREVER if settings.window is None else settings.window
    entries = tried.entries
    anchors = np.flatnonzero(may_begin(entries, settings.rules, tried))
    moment = entries.moment[anchors]
    following = [own.next_moment(own.count_before[moment], moment) for own in tried.at]
    stops = []
    for own in settings.rules.exclusions:
        excluded = log.arrivals_at(own.events, own.where)
        stops.append(excluded.next_moment(excluded.count_before[moment + 1], moment))
    stop = np.minimum.reduce(stops) if stops else np.full(len(moment), NO_MOMENT)
    for a, anchor in enumerate(anchors):
        came = {k: int(own[a]) for k, own in enumerate(following) if own[a] != NO_MOMENT}
        since = {k: int(log.time_at[own] - entries.time[anchor]) for k, own in came.items()}
        done = {k: own for k, own in came.items() if own <= stop[a] and since[k] <= window}
        missed = min(came.keys() - done.keys(), key=lambda k: (came[k], k), default=None)
        rank = (-len(done), NEVER if missed is None else since[missed], max(since[k] for k in done), int(moment[a]))
        if missed is not None:
            late = since[missed] > window
            ending = {"ending": "too late"} if late else {"ending": "excluded", "broken_at": int(stop[a])}
            ending |= {"next_step": missed, "next_moment": came[missed]}
        elif len(done) < len(following):
            ending = {"ending": "lost", "next_step": min(set(range(len(following))) - done.keys())}
        else:
            ending = {"ending": "completed"}
        yield int(entries.customer[anchor]), rank, partial(Journey, done, len(done), **ending)
