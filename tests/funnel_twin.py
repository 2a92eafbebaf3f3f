"""A funnel counted by trying every chain: slow, and as close to the words of the definition as can be.

Rows are dicts with `time` (whole hours), `event`, `value`, `channel`; settings are the keyword arguments of `funnel`,
with lengths in whole hours ("24h") and `start`, `end` as hours. It shares no code with the package.
"""

import operator
from dataclasses import dataclass, field
from itertools import chain as joined
from itertools import combinations, product

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt}
COMPARE |= {">=": operator.ge, "in": lambda a, b: a in b, "not in": lambda a, b: a not in b}


def as_dict(written):
    return written if isinstance(written, dict) else {"events": written}


def hours(length):
    return float("inf") if length is None else int(length.removesuffix("h"))


def events_of(written):
    events = as_dict(written)["events"]
    return {events} if isinstance(events, str) else set(events)


def matches(row, written):
    met = all(COMPARE[how](row[column], value) for column, how, value in as_dict(written).get("where", []))
    return row["event"] in events_of(written) and met


@dataclass
class Unit:
    """One customer (or session): their rows, and the settings."""

    rows: list
    settings: dict
    steps: list = field(init=False)

    def __post_init__(self):
        self.steps = self.settings["steps"]
        n = range(len(self.steps))
        self.required = [k for k in n if not as_dict(self.steps[k]).get("optional", False)]
        self.at = [[row for row in self.rows if matches(row, step)] for step in self.steps]
        self.order, self.window = self.settings.get("order", "ordered"), hours(self.settings["within"])
        excluded = self.settings.get("exclude") or []
        self.exclusions = excluded if isinstance(excluded, list) else [excluded]
        starts = n if self.order in ("any", "open") else [0]
        opens, closes = self.settings["opens"], self.settings["closes"]
        entries = {(e, row["time"]) for e in starts for row in self.at[e] if opens <= row["time"] < closes}
        self.first_entry = min((time for _, time in entries), default=None)
        if self.settings["reentry"] == "first":
            entries = {(e, time) for e, time in entries if time == self.first_entry}
        self.entries = entries
        chains = self.any_chains() if self.order == "any" else self.chains()
        self.found = [own for own in chains if self.is_valid(own)]

    # -- chains: {step: time}; with any order {level: time} -----------------------------------------------------------

    def chains(self):
        """All choices of one row for a first step, every required step up to some depth and any optional ones."""
        for e in {e for e, _ in self.entries}:
            for depth in range(e, len(self.steps)):
                must = [k for k in range(e, depth + 1) if k in (e, depth) or k in self.required]
                may = [k for k in range(e, depth) if k not in must]
                for extra in joined.from_iterable(combinations(may, n) for n in range(len(may) + 1)):
                    chosen = sorted({*must, *extra})
                    times = [sorted({row["time"] for row in self.at[k]}) for k in chosen]
                    yield from (dict(zip(chosen, own, strict=True)) for own in product(*times))

    def any_chains(self):
        """All choices of one row for each of some steps: level k is done at the k-th of their times."""
        n = len(self.steps)
        for some in joined.from_iterable(combinations(range(n), size) for size in range(1, n + 1)):
            for own in product(*(self.at[k] for k in some)):
                yield dict(enumerate(sorted(row["time"] for row in own)))

    def is_valid(self, own):
        steps, first = sorted(own), min(own)
        if self.order == "any":
            if own[0] not in {time for _, time in self.entries}:
                return False
        elif (first, own[first]) not in self.entries:
            return False
        pairs = list(zip(steps, steps[1:], strict=False))
        if any(own[a] > own[b] for a, b in pairs):
            return False
        for k in [] if self.order == "any" else steps[1:]:
            gap = hours(as_dict(self.steps[k]).get("max_gap"))
            if own[k] - own[max(j for j in self.required if j in own and j < k)] > gap:
                return False
            if any(own[j] == own[k] and events_of(self.steps[j]) & events_of(self.steps[k]) for j in steps if j < k):
                return False
        if self.order == "strict":
            for a, b in pairs:
                if any(own[a] < row["time"] < own[b] and row not in self.at[a] for row in self.rows):
                    return False
        return not any(self.is_crossed(own, exclusion) for exclusion in self.exclusions)

    def between(self, exclusion):
        first, last = exclusion.get("between", [1, self.required[-1] + 1])
        return first - 1, last - 1

    def is_crossed(self, own, exclusion):
        """An exclusion event lies strictly between the first step and another up to the last."""
        first, last = self.between(exclusion)
        first = max(first, min(own))
        if first not in own:
            return False
        times = [row["time"] for row in self.rows if matches(row, exclusion)]
        return any(own[first] < x < own[k] for x in times for k in own if first < k <= last)

    # -- what they reach ----------------------------------------------------------------------------------------------

    def ending(self, k, e=None, through=None):
        """The chains that end at step k, by the way they are preferred: fastest, then earliest."""
        found = [own for own in self.found if max(own) == k and e in (None, min(own))]
        found = [own for own in found if through is None or through in own]
        return sorted(found, key=lambda own: (own[k] - own[min(own)], own[k]))

    def in_time(self, chains):
        return [own for own in chains if max(own.values()) - own[min(own)] <= self.window]

    def reached(self):
        """{step: (seconds from the entry, seconds from the step before), or None for who enters there}."""
        if self.order == "open":
            e, depth = self.best()
            counted = range(e, depth + 1)
        else:
            e, counted = 0, [k for k in range(len(self.steps)) if self.is_reached(k)]
        found = {}
        for k in counted:
            if k == e:
                found[k] = None
                continue
            fastest = self.ending(k, e)[0]
            same = [own for own in self.ending(k, e) if own[k] == fastest[k] and own[e] == fastest[e]]
            if self.order == "any":  # the level before is reached when that many steps are first done
                from_previous = fastest[k] - min(own[k - 1] for own in self.ending(k - 1) if own[0] == fastest[0])
            else:
                previous = max(j for j in range(k) if j in self.required)
                from_previous = fastest[k] - max(own[previous] for own in same)
            found[k] = (fastest[k] - fastest[e]) * 3600, from_previous * 3600
        return found

    def is_reached(self, k):
        here = bool(self.in_time(self.ending(k)))
        following = min((j for j in self.required if j > k), default=None)
        if k in self.required or following is None:
            return here
        if self.in_time(self.ending(following)):
            return bool(self.in_time(self.ending(following, through=k)))
        return here

    def best(self):
        """First and last step of the best attempt: it reaches the latest step, and of these is the longest."""
        ends = [(max(own), -min(own)) for own in self.in_time(self.found) if max(own) in self.required]
        depth, start = max(ends)
        return -start, depth

    def is_removed(self):
        removing = [own for own in self.exclusions if own.get("effect") == "remove"]
        return any(
            self.interrupts(row["time"], own, e)
            for own in removing
            for row in self.rows
            if matches(row, own)
            for e in {e for e, _ in self.entries}
        )

    def interrupts(self, x, exclusion, e):
        """The event at x falls into the attempt from the latest entry that had led to the first step before x."""
        e = 0 if self.order == "any" else e  # there steps are levels, and every attempt begins with the first
        first, last = self.between(exclusion)
        first = max(first, e)
        led = [own[e] for own in self.ending(first, e) if own[first] < x]
        if first >= last or not led or x > max(led) + self.window:
            return False
        went_on = [own for own in self.ending(last, e) if own[last] <= x and own[e] >= max(led)]
        goal = self.required[-1]
        done = [own for own in self.in_time(self.ending(goal)) if own[goal] <= x]
        return not went_on and not done

    def value(self, column, which):
        """The value at the first entry, or at a step of the best attempt (where there are several: the lowest)."""
        if which == "entry":
            starts = range(len(self.steps)) if self.order in ("any", "open") else [0]
            return min(row[column] for e in starts for row in self.at[e] if row["time"] == self.first_entry)
        e, depth = self.best()
        step = {"first": e, "last": depth}.get(which, which if isinstance(which, str) else which - 1)
        if not e <= step <= depth:
            return "(not set)"
        fastest = self.ending(depth, e)[0]
        same = [own for own in self.ending(depth, e) if own[depth] == fastest[depth] and own[e] == fastest[e]]
        time, rows = max(own[step] for own in same), self.at[step]
        if self.order == "any":  # when that many different steps are first done
            time = min(own[step] for own in self.ending(step) if own[0] == fastest[0])
            rows = [row for at in self.at for row in at]
        return min(row[column] for row in rows if row["time"] == time)


def twin(units, settings, end_of_data):
    """What `funnel` should find for units (lists of rows): who counts, and what each of them reached."""
    found = {"entered": 0, "removed": 0, "still_open": 0, "units": []}
    for rows in units:
        unit = Unit(rows, settings)
        if unit.first_entry is None:
            continue
        found["entered"] += 1
        if settings["entries"] == "mature" and unit.first_entry + unit.window > end_of_data:
            found["still_open"] += 1
        elif unit.is_removed():
            found["removed"] += 1
        else:
            found["units"].append(unit)
    return found
