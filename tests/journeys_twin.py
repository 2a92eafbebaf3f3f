"""Journeys counted one unit at a time: slow, and as close to the words of the definition as can be.

Rows are dicts with `customer`, `time` (whole minutes), `event`, `sequence`, `session`, `channel` (None where missing);
settings are the keyword arguments of `paths`, with lengths in minutes ("90min"), `opens` and `closes` in minutes, and
`names`: what each event is called, None where it is hidden. It shares no code with the package.
"""

from collections import Counter
from dataclasses import dataclass, field
from math import inf

START, END, ARRIVED, MORE = "(start)", "(end)", "(arrived)", "(more steps)"
NO_EVENT = (START, END, ARRIVED)


def minutes(length):
    return inf if length is None else int(length.removesuffix("min"))


def cut(rows, gap):
    """Rows in order of time, cut at every pause longer than `gap` minutes."""
    found = []
    for row in rows:
        if not found or row["time"] - found[-1][-1]["time"] > gap:
            found.append([])
        found[-1].append(row)
    return found


def units(rows, settings):
    """The rows of each unit in order: [(customer, rows)]."""
    found = []
    for customer in sorted({row["customer"] for row in rows}):
        own = sorted(
            (row for row in rows if row["customer"] == customer),
            key=lambda row: (row["time"], inf if row["sequence"] is None else row["sequence"], row["event"]),
        )
        if settings["unit"] == "customer":
            parts = [own]
        elif settings["session_gap"] is not None:
            parts = cut(own, minutes(settings["session_gap"]))
        else:
            named = sorted({row["session"] for row in own if row["session"] is not None})
            parts = [[row for row in own if row["session"] == name] for name in named]
            parts += cut([row for row in own if row["session"] is None], 30)
        found += [(customer, part) for part in parts]
    return found


@dataclass
class Run:
    """A kind of event, once or several times in a row: its first row, when its last one was, and how many there are."""

    kind: str
    first: dict
    last: int
    n: int = 1


def runs(rows, settings):
    found = []
    for row in rows:
        kind = settings["names"].get(row["event"], row["event"])
        if kind is None:
            continue
        if settings["collapse_repeats"] and found and found[-1].kind == kind:
            found[-1].n += 1
            found[-1].last = row["time"]
        else:
            found.append(Run(kind, row, row["time"]))
    return found


@dataclass
class Twin:
    """What `paths` counts."""

    columns: list = field(default_factory=list)  # one list a unit: what stands at each position
    customers: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    tied: int = 0
    without_anchor: list = field(default_factory=list)
    never_arrived: list = field(default_factory=list)
    still_open: int = 0

    def flows(self):
        return Counter((k, *pair) for own in self.columns for k, pair in enumerate(zip(own, own[1:], strict=False)))

    def whole(self):
        return Counter(tuple(event for event in own if event not in NO_EVENT) for own in self.columns)


def paths_twin(rows, settings):
    """The paths of all units."""
    found = Twin()
    for customer, own in units(rows, settings):
        events = runs(own, settings)
        if events:
            walk(found, customer, own, events, settings)
    return found


def walk(found, customer, rows, events, settings):
    after, before, depth, limit = (settings[name] for name in ("after", "before", "depth", "within"))
    wanted = after or before
    anchors = [
        k for k, run in enumerate(events)
        if settings["opens"] <= run.first["time"] < settings["closes"] and (not wanted or run.kind in wanted)
    ]  # fmt: skip
    if not anchors:
        found.without_anchor.append(customer)
        return
    anchor = anchors[0]
    since = events[anchor].first["time"]
    near = [k for k, run in enumerate(events) if abs(run.first["time"] - since) <= minutes(limit)]
    if after and before:
        goals = [k for k in near if k > anchor and events[k].kind in before]
        if not goals:
            found.never_arrived.append(customer)
            return
        steps = list(range(anchor, goals[0] + 1))
        if len(steps) > depth + 1:
            steps = [*steps[: depth - 1], MORE, goals[0]]
        steps += [ARRIVED] * (depth + 1 - len(steps))
    elif before:
        steps = [k for k in near if k <= anchor][-depth - 1 :]
        steps = [START] * (depth + 1 - len(steps)) + steps
    else:
        steps = [k for k in near if k >= anchor]
        steps = ([] if after else [START]) + steps
        steps = (steps + [END] * (depth + 1))[: depth + 1]
        if steps[-1] == END and may_go_on(rows, since, settings):
            found.still_open += 1
    found.columns.append([step if isinstance(step, str) else events[step].kind for step in steps])
    found.rows.append([0 if isinstance(step, str) else events[step].n for step in steps])
    found.tied += sum(
        isinstance(b, int) and isinstance(a, int) and events[a].last == events[b].first["time"]
        for a, b in zip(steps, steps[1:], strict=False)
    )
    found.customers.append(customer)
    found.groups.append(group(events[anchor].first, rows))


def may_go_on(rows, since, settings):
    """Whether the end of the data may have cut a path short, where something says until when it may go on."""
    limits = []
    if settings["unit"] == "session" and settings["session_gap"] is not None:
        limits.append(rows[-1]["time"] + minutes(settings["session_gap"]))
    if settings["within"] is not None:
        limits.append(since + minutes(settings["within"]))
    return bool(limits) and all(limit >= settings["observed"] for limit in limits)


def group(first, rows):
    """The channel at a row; of several like it the first in the alphabet."""
    alike = [row["channel"] for row in rows if (row["time"], row["event"]) == (first["time"], first["event"])]
    return min(alike, key=lambda channel: (channel is None, channel or "")) or "(not set)"


def transitions_twin(rows, settings):
    """How often, in how many units and to how many customers each passage happens; how many are tied; and how many
    minutes it takes from each event to the next."""
    count, where, tied, lasting = Counter(), {}, 0, {}
    for number, (customer, own) in enumerate(units(rows, settings)):
        events = runs(own, settings)
        kinds = [START, *(run.kind for run in events), END]
        for pair in zip(kinds, kinds[1:], strict=False) if events else ():
            count[pair] += 1
            where.setdefault(pair, set()).add((customer, number))
        for a, b in zip(events, events[1:], strict=False):
            tied += a.last == b.first["time"]
            lasting.setdefault(a.kind, []).append(b.first["time"] - a.first["time"])
    people = {pair: (len(own), len({customer for customer, _number in own})) for pair, own in where.items()}
    return count, people, tied, lasting


def time_twin(rows, settings):
    """Whole minutes from each customer's first origin to the first target, or to the end; and whether they arrived."""
    found = {}
    origin, target = set(settings["origin"]), set(settings["target"])
    for customer in sorted({row["customer"] for row in rows}):
        own = [row for row in rows if row["customer"] == customer]
        starts = [
            row["time"] for row in own
            if row["event"] in origin and settings["opens"] <= row["time"] < settings["closes"]
        ]  # fmt: skip
        if not starts:
            continue
        since = min(starts)
        goals = [row["time"] for row in own if row["event"] in target and row["time"] >= since + bool(origin & target)]
        at = [row for row in own if row["event"] in origin and row["time"] == since]
        first = min(at, key=lambda row: row["event"])
        ended = min(goals, default=settings["observed"])
        found[customer] = (ended - since, bool(goals), group(first, own))
    return found
