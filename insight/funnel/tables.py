"""The tables of a funnel, made of a tally: small, once."""

import numpy as np
import pandas as pd

from insight.funnel.comparison import against_the_rest
from insight.funnel.settings import Settings
from insight.funnel.tally import Seconds, Tally, regrouped
from insight.intervals import clustered_wilson, wilson

OTHER = "Other"
PERCENTS = {"median": 50, "p25": 25, "p75": 75, "p90": 90}


def row_names(settings: Settings) -> list[str]:
    """What the rows are called: the steps, or "any 1", "any 2", ... where their order is free."""
    if settings.rules.order == "any":
        return [f"any {k}" for k in range(1, len(settings.rules.steps) + 1)]
    return [step.name for step in settings.rules.steps]


def steps_table(tally: Tally, settings: Settings) -> pd.DataFrame:
    """The `steps` table: all groups together."""
    return pd.DataFrame(_columns(together(tally), 0, settings))


def together(tally: Tally) -> Tally:
    """The tally with all groups in one."""
    return regrouped(tally, np.zeros(len(tally.groups), int), [""])


def groups_table(tally: Tally, settings: Settings) -> pd.DataFrame:
    """The `groups` table: one block for each label, in order, each compared with all others together."""
    labels, label = labelled(tally, settings.breakdown.top)
    if not labels:
        return steps_table(tally, settings).iloc[:0].assign(group="", p_value=np.nan, q_value=np.nan)
    tally = regrouped(tally, label, labels)
    blocks = [_columns(tally, group, settings) for group in range(len(labels))]
    n_steps = len(settings.rules.steps)
    table = {"group": np.repeat(labels, n_steps)}
    table |= {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    for name, value in zip(("p_value", "q_value"), against_the_rest(tally, settings.goal), strict=True):
        table[name] = np.repeat(value, n_steps)
    return pd.DataFrame(table)


def customers_behind(tally: Tally, settings: Settings) -> dict[str | None, int]:
    """How many customers have a session that counts: by the labels of the groups, and under None for all."""
    found = {None: len(together(tally).clusters.owner)}
    if settings.breakdown is not None:
        labels, label = labelled(tally, settings.breakdown.top)
        own = regrouped(tally, label, labels).clusters.group if labels else np.zeros(0, int)
        found |= dict(zip(labels, np.bincount(own, minlength=len(labels)).tolist(), strict=True))
    return found


def labelled(tally: Tally, top: int) -> tuple[list[str], np.ndarray]:
    """The labels of the groups that are shown, in order of size, and for each group which of them it goes under.

    The largest `top` keep their names, the others are added up. A group in which nobody counts goes nowhere: -1.
    """
    entered, counted, names = tally.entered, tally.counted, tally.groups
    ranked = sorted(np.flatnonzero(counted), key=lambda g: (-counted[g], -entered[g], names[g]))
    shown = ranked if len(ranked) <= top + 1 else ranked[:top]  # bundling a single value would only hide its name
    labels = [names[g] for g in shown]
    if len(shown) < len(ranked):
        labels.append(OTHER if OTHER not in labels else f"{OTHER} ({len(ranked) - len(shown)} more values)")
    label = np.where(counted > 0, len(labels) - 1, -1)
    label[shown] = np.arange(len(shown))
    return labels, label


def _columns(tally: Tally, group: int, settings: Settings) -> dict[str, np.ndarray]:
    """The columns of the `steps` table, for one group."""
    required = np.array([step.required for step in settings.rules.steps])
    is_open = settings.rules.order == "open"
    came, counted = tally.came[group], tally.counted[group]
    reached = tally.here[group] + came
    before = np.array([max((j for j in range(k) if required[j]), default=0) for k in range(len(reached))])
    with np.errstate(invalid="ignore", divide="ignore"):
        step_conversion = came / reached[before]
        step_conversion[0] = reached[0] / reached[0]
        overall = reached / counted
    low, high = _interval(tally, group, reached, settings.level)
    if not is_open:
        low[0] = high[0] = np.nan
    columns = {
        "step": np.array(row_names(settings), dtype=object),
        "reached": reached,
        "step_conversion": step_conversion,
        "overall_conversion": overall,
        "ci_low": low,
        "ci_high": high,
    }
    for suffix, tables in (("seconds", tally.from_first), ("seconds_from_previous", tally.from_previous)):
        found = np.array([_quantiles(times, group) for times in tables])
        columns |= {f"{name}_{suffix}": found[:, q] for q, name in enumerate(PERCENTS)}
    columns["required"] = required
    if is_open:
        columns |= {"entered_here": tally.here[group], "from_previous": came}
    return columns


def _interval(tally: Tally, group: int, reached: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The interval of overall conversion at each step."""
    if tally.clusters is None:
        return wilson(reached, tally.counted[group], level)
    own = tally.clusters.group == group
    return clustered_wilson(tally.clusters.reached[own], tally.clusters.counted[own], level)


def _quantiles(times: Seconds, group: int) -> list[float]:
    """For each percentage the smallest number of seconds whose cumulative share of the group reaches it."""
    low, high = np.searchsorted(times.group, [group, group + 1])
    cumulative = np.cumsum(times.n[low:high])
    if not len(cumulative):
        return [np.nan] * len(PERCENTS)
    wanted = [-(-percent * int(cumulative[-1]) // 100) for percent in PERCENTS.values()]  # rounded up, in whole numbers
    return times.seconds[low + np.searchsorted(cumulative, wanted)].tolist()


def times_table(tally: Tally, names: list[str]) -> pd.DataFrame:
    """The `times` table."""
    tables = tally.from_first[1:]
    step = np.repeat(np.arange(len(tables)), [len(times.n) for times in tables])
    columns = {
        "step": pd.Categorical.from_codes(step, names[1:]),
        "seconds": np.concatenate([times.seconds for times in tables]),
        "n": np.concatenate([times.n for times in tables]),
    }
    return pd.DataFrame(columns)
