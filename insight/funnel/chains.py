"""Chains of events through the steps of a funnel: for each event the latest chain that ends with it.

Every rule of an attempt says that a matched event must not lie too early, given a later one: within `max_gap` of it,
after the last exclusion event, with no other event between. Of two chains that keep such rules, taking at each step the
later event gives a chain that keeps them too. So among all chains that end with one event there is one that is latest
at every step; and if that one breaks a rule at the next step, all do. It is enough to carry this latest chain along,
one step after the other::

    visit 1, visit 3, cart 4, buy 9        latest chain to cart 4: visit 3; to buy 9: visit 3, cart 4

The least time an attempt takes to a step is then a minimum over the events of the step, and the window plays no part.

Events at the same time may serve successive steps; but a step that shares a kind of event with an earlier step must be
strictly later than that step's event, so that one event never serves twice. That alone says "not too late", for events
of one moment, and is settled inside it (`Walk._through`).
"""

from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from insight.funnel.settings import Rules
from insight.log import Arrivals, Log

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Latest:
    """The latest chain to each of some events.

    entry : time of its first event; NEVER where there is no chain
    moments : for each step that is kept the moment of its event
    """

    entry: np.ndarray
    moments: dict[int, np.ndarray]


@dataclass(frozen=True, eq=False)
class Node:
    """The arrivals at a step with the latest chain to each.

    before : the nodes that a chain may come from
    entry, moments : as in Latest, with one value more at the end, so that position -1 ("none") reads as NEVER
    settled : for each position the customer's latest position up to it that ends a chain; None where it is itself, or
        else nothing before it does
    """

    step: int
    at: Arrivals
    before: list["Node"]
    entry: np.ndarray
    moments: dict[int, np.ndarray]
    settled: np.ndarray | None

    @cached_property
    def passed(self) -> frozenset[int]:
        """The steps that a chain to here may have gone through."""
        return frozenset({self.step}).union(*(node.passed for node in self.before))

    @cached_property
    def moment(self) -> np.ndarray:
        """The moment of each arrival, and -1 once more."""
        return np.append(self.at.moment, np.int32(-1))

    def latest_before(self, moment: np.ndarray) -> np.ndarray:
        """The position of the latest arrival before each moment that ends a chain, or -1."""
        position = self.at.latest_before.take(moment)
        return position if self.settled is None else self.settled.take(position)

    def latest_at(self, moment: np.ndarray) -> np.ndarray:
        """The position of the latest arrival at or before each moment that ends a chain, or -1."""
        position = self.at.latest_at.take(moment)
        return position if self.settled is None else self.settled.take(position)

    def chains(self, position: np.ndarray, keep: frozenset[int]) -> Latest:
        """The chains to these arrivals."""
        moments = {step: own.take(position) for step, own in self.moments.items() if step in keep}
        if self.step in keep:
            moments[self.step] = self.moment.take(position)
        return Latest(self.entry.take(position), moments)


class Walk:
    """Walks a log through the steps from `start` on.

    nodes : for each step its Node
    via : for each optional step with a required one after it, the Node of that one for chains through the optional
    """

    def __init__(self, log: Log, rules: Rules, at: list[Arrivals], start: int, allowed: np.ndarray | None):
        self.log, self.steps, self.strict = log, rules.steps, rules.order == "strict"
        self.at, self.start = at, start
        self.exclusions = [
            (max(own.first, start), own.last, log.arrivals_at(own.events, own.where)) for own in rules.exclusions
        ]
        noted = {"first": start}.get(rules.noted, rules.noted)
        self.keep = self._kept(start) | ({noted} if isinstance(noted, int) else frozenset())
        self.bounded = self.strict or bool(self.exclusions) or any(step.max_gap is not None for step in self.steps)
        entry = Node(start, at[start], [], np.append(at[start].time, NEVER), {}, _settled(at[start], allowed))
        self.nodes, self.via = {start: entry}, {}
        for block in self._blocks(start):
            here = self.nodes[self.required_before(block[0])]
            found = self._walked(block, here)
            self.nodes |= found
            if self.steps[block[-1]].required:
                for i, optional in enumerate(block[:-1], start=1):
                    self.via[optional] = self._walked(block[i:], found[optional])[block[-1]]

    def required_before(self, step: int) -> int:
        """The required step before a step."""
        return max(k for k in range(step) if self.steps[k].required)

    def _blocks(self, start: int) -> list[list[int]]:
        """The steps after the first in blocks that end with a required step (the last may not)."""
        blocks = [[]]
        for k in range(start + 1, len(self.steps)):
            blocks[-1].append(k)
            if self.steps[k].required:
                blocks.append([])
        return [block for block in blocks if block]

    def _kept(self, start: int) -> frozenset[int]:
        """The steps whose moments the rules ask for later on."""
        kept = {first for first, last, _ in self.exclusions if first < last}
        if self.strict:
            kept |= set(range(start, len(self.steps)))
        for k in range(start + 1, len(self.steps)):
            if self.steps[k].max_gap is not None or not self.steps[k].required:
                kept.add(self.required_before(k))
        return frozenset(kept)

    def _walked(self, block: list[int], here: Node) -> dict[int, Node]:
        """The nodes of a block of steps, for chains through the node `here`.

        Where no other event may lie between two steps, an optional event must be matched; else it can be left out.
        """
        nodes = [here]
        for k in block:
            nodes.append(self._node(k, nodes if self.strict else [here]))
        return {node.step: node for node in nodes[1:]}

    def _node(self, k: int, before: list[Node]) -> Node:
        at = self.at[k]
        found = self._arriving(k, before, at.moment, frozenset(), self.keep)
        settled = _settled(at, found.entry != NEVER) if self.bounded else None
        moments = {step: np.append(own, np.int32(-1)) for step, own in found.moments.items()}
        return Node(k, at, list(before), np.append(found.entry, NEVER), moments, settled)

    def arriving(self, node: Node, moment: np.ndarray, keep: frozenset[int]) -> Latest:
        """The latest chains to arrivals of a node in these moments."""
        return self._arriving(node.step, node.before, moment, frozenset(), keep)

    def _arriving(
        self, k: int, before: list[Node], moment: np.ndarray, tied: frozenset[int], keep: frozenset[int]
    ) -> Latest:
        """The latest chains to events of step k in these moments.

        tied : steps that are matched in the same moment afterwards
        """
        return reduce(_later, (self._through(node, k, moment, tied | {k}, keep) for node in before))

    def _through(self, node: Node, k: int, moment: np.ndarray, tied: frozenset[int], keep: frozenset[int]) -> Latest:
        """The same, for chains whose last event but one is an arrival at `node`.

        An arrival in the same moment will do if it shares no kind of event with the steps that are tied there; and if
        a step before it does, then with a chain that has that step earlier. Else it must be an earlier arrival.
        """
        apart = self._shares({node.step}, tied)
        position = (node.latest_before if apart else node.latest_at)(moment)
        found = node.chains(position, keep)
        if not apart and self._shares(node.passed, tied):
            again = np.flatnonzero(node.moment.take(position) == moment)
            same = moment[again]
            inside = self._arriving(node.step, node.before, same, tied, keep)
            inside.moments.update({node.step: same} if node.step in keep else {})
            outside = node.chains(node.latest_before(same), keep)
            chosen = _chosen(inside.entry != NEVER, inside, outside)
            found.entry[again] = chosen.entry
            for step, own in chosen.moments.items():
                found.moments[step][again] = own
        self._drop_too_early(found, node.step, k, moment)
        return found

    def _shares(self, steps: set[int] | frozenset[int], others: frozenset[int]) -> bool:
        return any(not set(self.steps[s].events).isdisjoint(self.steps[t].events) for s in steps for t in others)

    def _drop_too_early(self, found: Latest, before: int, k: int, moment: np.ndarray) -> None:
        """Of chains that come from step `before` to step k: those that a rule forbids end here."""
        for first, last, excluded in self.exclusions:
            if first < k <= last:
                found.entry[found.moments[first] < excluded.barrier.take(moment)] = NEVER
        if self.strict:
            found.entry[found.moments[before] < self._others(before).barrier.take(moment)] = NEVER
        if self.steps[k].max_gap is not None:
            since = self.log.time_at.take(found.moments[self.required_before(k)])
            found.entry[self.log.time_at.take(moment) - since > self.steps[k].max_gap] = NEVER

    def _others(self, step: int) -> Arrivals:
        """The rows that are no arrival at a step."""
        own = self.steps[step]
        return self.log.remember(("others", own.events, own.where), lambda: self._not_at(step))

    def _not_at(self, step: int) -> Arrivals:
        wanted = np.ones(len(self.log), bool)
        wanted[self.at[step].row] = False
        return self.log.arrivals(wanted)


def _later(one: Latest, other: Latest) -> Latest:
    """Of the chains that come by two ways the later one at every step that both passed: it is the same of the two."""
    only_one, only_other = other.entry == NEVER, one.entry == NEVER
    moments = {}
    for step in one.moments.keys() & other.moments.keys():
        first, second = one.moments[step], other.moments[step]
        moments[step] = np.where(only_one, first, np.where(only_other, second, np.maximum(first, second)))
    entry = np.where(only_one, one.entry, np.where(only_other, other.entry, np.maximum(one.entry, other.entry)))
    return Latest(entry, moments)


def _chosen(which: np.ndarray, one: Latest, other: Latest) -> Latest:
    moments = {step: np.where(which, one.moments[step], own) for step, own in other.moments.items()}
    return Latest(np.where(which, one.entry, other.entry), moments)


def _settled(at: Arrivals, ends_chain: np.ndarray | None) -> np.ndarray | None:
    """`Node.settled`, given which arrivals end a chain; None for all."""
    if ends_chain is None:
        return None
    latest = np.maximum.accumulate(np.where(ends_chain, np.arange(len(at), dtype=np.int32), np.int32(-1)))
    own = (latest >= 0) & (at.customer[latest] == at.customer)
    return np.append(np.where(own, latest, -1), -1)
