"""Attribution as the definition reads: chains counted step by step, and a system of equations for each channel that is
taken out. Slow, and exact: how far the others are from the truth is measured from here."""

from collections import Counter

import numpy as np
import pandas as pd

WON, LOST = -2, -1  # columns of a table whose others are the states


class Engine:
    def read(self, path: str) -> int:
        journeys = pd.read_parquet(path)
        self.paths = journeys.groupby("path")[["conversions", "nulls"]].sum().reset_index()
        return len(journeys)

    def rules(self) -> dict:
        found = {model: Counter() for model in ("first", "last", "linear")}
        for path, won, _lost in self.paths.itertuples(index=False):
            touches = path.split(" > ")
            found["first"][touches[0]] += won
            found["last"][touches[-1]] += won
            for channel in touches:
                found["linear"][channel] += won / len(touches)
        return found

    def markov(self, order: int) -> dict:
        numbers, steps, begins = {}, Counter(), Counter()
        for path, won, lost in self.paths.itertuples(index=False):
            touches = path.split(" > ")
            walk = [tuple(touches[k : k + order]) for k in range(max(len(touches) - order + 1, 1))]
            states = [numbers.setdefault(state, len(numbers)) for state in walk]
            begins[states[0]] += won + lost
            for here, there in zip(states, states[1:], strict=False):
                steps[here, there] += won + lost
            steps[states[-1], WON] += won
            steps[states[-1], LOST] += lost
        channels = sorted({channel for state in numbers for channel in state})
        held = np.array([[channel in state for state in numbers] for channel in channels])
        whole, *rest = _conversions(len(numbers), steps, begins, [np.zeros(len(numbers), bool), *held])
        effect = [1 - own / whole for own in rest]
        total = int(self.paths["conversions"].sum()) / sum(effect)
        return {"markov": {channel: total * own for channel, own in zip(channels, effect, strict=True)}}


def _conversions(n: int, steps: Counter, begins: Counter, without: list[np.ndarray]) -> list[float]:
    """How many of the walks convert, each time that some of the n states lead nowhere."""
    flow, first = np.zeros((n, n + 2)), np.zeros(n)  # the last two columns: won, lost
    for (here, there), weight in steps.items():
        flow[here, there] += weight
    for state, weight in begins.items():
        first[state] = weight
    seen = flow.sum(axis=1)
    chance = flow / np.where(seen > 0, seen, 1)[:, None]
    onwards, won = chance[:, :n], chance[:, WON]
    return [first @ np.linalg.solve(np.eye(n) - ~gone[:, None] * onwards, ~gone * won) for gone in without]
