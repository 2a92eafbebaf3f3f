"""Contracts counted, and the tables made of the counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.churn.contracts import Contracts
from insight.churn.groups import Shown, shown_groups
from insight.churn.settings import TOP
from insight.churn.tally import Counts, counted_rows
from insight.intervals import wilson
from insight.periods import UNITS, calendar_periods, day_start
from insight.survival import kaplan_meier, log_rank, median_interval

NAMES = {"events": "lost"}  # of the columns of a Kaplan-Meier curve


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of contracts.

    names : the groups, in alphabetical order
    spells : Counts by (group, time, whether it ended, day it began + 1; 0 without dates)
    left_out : why contracts are not counted -> how many
    """

    names: list[str]
    spells: Counts
    left_out: dict[str, int]

    def lives(self, group: int | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Times, whether they ended, and how many; of one group or of all."""
        own = slice(None) if group is None else self.spells.kind[:, 0] == group
        _group, time, ended, _begun = self.spells.kind[own].T
        return time, ended > 0, self.spells.n[own]


def contract_tally(found: Contracts) -> Tally:
    """Count contracts, which may be a part of the whole."""
    spells = counted_rows(found.group, found.time, found.ended, found.begun + 1)
    return Tally(found.names, spells, found.left_out)


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all contracts, given those of disjoint sets of customers."""
    names = sorted({name for tally in tallies for name in tally.names})
    return _added(names, [(tally, [names.index(name) for name in tally.names]) for tally in tallies])


def _added(names: list[str], parts: list[tuple[Tally, list[int]]]) -> Tally:
    kinds = [np.column_stack([np.array(into)[t.spells.kind[:, 0]], t.spells.kind[:, 1:]]) for t, into in parts]
    spells = counted_rows(*np.concatenate(kinds).T, n=np.concatenate([t.spells.n for t, _into in parts]))
    reasons = parts[0][0].left_out
    return Tally(names, spells, {why: sum(t.left_out[why] for t, _into in parts) for why in reasons})


# -- curves -----------------------------------------------------------------------------------------------------------


def curve_table(raw: pd.DataFrame) -> pd.DataFrame:
    """A Kaplan-Meier curve in the words of contracts."""
    return raw.rename(columns=NAMES)


def groups_of_tally(tally: Tally, by: str | dict) -> Shown:
    """The groups that are shown, by their contracts."""
    top = by.get("top", TOP) if isinstance(by, dict) else TOP
    size = np.bincount(tally.spells.kind[:, 0], tally.spells.n, len(tally.names))
    return shown_groups(dict(zip(tally.names, size.tolist(), strict=True)), top)


def _bundled(tally: Tally, asked: dict[str, object]) -> Tally:
    """The groups in order of size, the small ones added up."""
    shown = groups_of_tally(tally, asked["by"])
    return _added(shown.labels, [(tally, shown.numbers(tally.names))])


def group_curves(tally: Tally, asked: dict[str, object]) -> pd.DataFrame:
    """The curve of each group."""
    tally = _bundled(tally, asked)
    curves = [kaplan_meier(*tally.lives(k), asked["level"]) for k in range(len(tally.names))]
    named = [curve_table(curve).assign(group=name) for name, curve in zip(tally.names, curves, strict=True)]
    table = pd.concat(named, ignore_index=True)
    return table[["group", *table.columns.drop("group")]]


def group_table(tally: Tally, asked: dict[str, object]) -> pd.DataFrame:
    """The groups with their medians."""
    tally = _bundled(tally, asked)
    rows = []
    for k, name in enumerate(tally.names):
        time, ended, n = tally.lives(k)
        median = median_interval(kaplan_meier(time, ended, n, asked["level"]))
        rows.append([name, int(n.sum()), int(n[ended].sum()), *median])
    return pd.DataFrame(rows, columns=["group", "n_customers", "lost", "median_time", "median_low", "median_high"])


def test_of_groups(tally: Tally, asked: dict[str, object]) -> float:
    """The p-value of the log-rank test; NaN with one group."""
    tally = _bundled(tally, asked)
    if len(tally.names) < 2:
        return np.nan
    time, ended, n = tally.lives()
    return log_rank(time, ended, tally.spells.kind[:, 0], n).p_value


# -- churn by period --------------------------------------------------------------------------------------------------


def lost_by_age(raw: pd.DataFrame, level: float) -> pd.DataFrame:
    """Churn by the age of the contracts: those that end at an age among those that reached it."""
    last = int(raw["time"].max())
    ages = raw.set_index("time").reindex(range(last + 1))
    active = ages["at_risk"].bfill().to_numpy(np.int64)
    lost = ages["events"].fillna(0).to_numpy(np.int64)
    table = pd.DataFrame({"period": range(last + 1), "observed": "full", "active": active, "lost": lost})
    return _rated(table.assign(joined=np.nan), level)


def lost_by_period(tally: Tally, days: list[str], asked: dict[str, object]) -> pd.DataFrame:
    """Churn by calendar period: of the contracts that run when it begins, those that end in it."""
    first, n_days = day_start(days[0]), len(days)
    names, bounds = calendar_periods(first, first + (n_days - 1) * UNITS["D"], asked["period"])
    edges, k = (bounds - first) // UNITS["D"], len(names)
    _group, time, ended, begun = tally.spells.kind.T
    begun, n, ended = begun - 1, tally.spells.n, ended > 0
    opens, closes = (np.searchsorted(edges, day, side="right") - 1 for day in (begun, begun + time))
    joined, left = np.bincount(opens, n, k), np.bincount(closes[ended], n[ended], k)
    ran = ended & (closes > opens)  # who begins and ends in one period never ran when a period began
    counts = {
        "active": np.cumsum(joined - left) - (joined - left),
        "lost": np.bincount(closes[ran], n[ran], k),
        "joined": joined,
    }
    whole = (edges[:-1] >= 0) & (edges[1:] <= n_days)  # the data may begin inside the first period
    table = pd.DataFrame({"period": names, "observed": np.where(whole, "full", "partial")})
    return _rated(table.assign(**{name: count.astype(np.int64) for name, count in counts.items()}), asked["level"])


def pooled(periods: pd.DataFrame) -> tuple[int, float]:
    """How many full periods there are with anything to lose, and the churn of all of them together."""
    full = periods[(periods["observed"] == "full") & (periods["active"] > 0)]
    return len(full), float(full["lost"].sum() / full["active"].sum()) if len(full) else np.nan


def _rated(table: pd.DataFrame, level: float) -> pd.DataFrame:
    full = (table["observed"] == "full") & (table["active"] > 0)
    churn = (table["lost"] / table["active"].where(full)).astype(float)
    low, high = wilson(table["lost"], table["active"].where(full, 0), level)
    return table.assign(churn=churn, retention=1 - churn, ci_low=low, ci_high=high)
