"""The result made of the counts: which silence is long, who is silent now and on earlier days, who came back."""

import numpy as np
import pandas as pd

from insight.churn.groups import Shown, shown_groups
from insight.churn.settings import Settings
from insight.churn.tally import EVERYBODY, Counts, Tally, regrouped
from insight.intervals import wilson
from insight.log import Facts
from insight.periods import calendar_periods
from insight.survival import TIE, kaplan_meier

USUAL_SHARE = 0.9  # of the returns: a longer silence than these take is unusual


def return_curve(lengths: Counts) -> pd.DataFrame:
    """How long until the next active day, by Kaplan-Meier: days, returned_share.

    Each customer weighs one, however many silences they have: one of n silences weighs 1/n.
    """
    silences, days, ended = lengths.kind.T
    curve = kaplan_meier(days, ended > 0, lengths.n / silences)
    return pd.DataFrame({"days": curve["time"], "returned_share": 1 - curve["survival"]})


def usual_silence(returns: pd.DataFrame, most: int) -> tuple[int | None, bool, bool]:
    """The days within which 90 % come back; whether the data shows that many returns at all; whether `most` cut it.

    Where more than 10 % never come back in the data: the days within which 90 % of the returns it shows have happened,
    and not more than `most`. None where nobody ever came back.
    """
    share, days = returns["returned_share"].to_numpy(), returns["days"].to_numpy()
    shown = share[-1]
    if shown < TIE:
        return None, False, False
    reached = shown >= USUAL_SHARE - TIE
    found = int(days[np.argmax(share >= USUAL_SHARE * (1 if reached else shown) - TIE)])
    if reached:
        return found, True, False
    return min(found, most), False, found > most


def silence_table(tally: Tally, level: float) -> pd.DataFrame:
    """For every number of days of silence: how many were silent so long, and how many of them came back."""
    silent, back = tally.silent.sum(axis=0), tally.back.sum(axis=0)
    there = np.flatnonzero(silent[1:]) + 1
    rates = _rated(back[there], silent[there], level, "came_back_share")
    return pd.DataFrame({"days": there, "silent": silent[there], "came_back": back[there], **rates})


def inactive_by_day(tally: Tally, silent: int, group: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """For every day: customers whose first activity is so many days ago, and those silent for as long.

    A silence of g days that begins on day s makes its customer inactive from day s + D to day s + g - 1.
    """
    kind, n = tally.spells.kind, tally.spells.n
    size = tally.newcomers.shape[1]
    if group is not None:
        own = kind[:, 0] == group
        kind, n = kind[own], n[own]
    begins = kind[:, 1] + silent
    ends = np.where(kind[:, 2] > 0, kind[:, 1] + kind[:, 2], size)
    long = (begins < ends) & (begins < size)
    change = np.bincount(begins[long], n[long], size + 1) - np.bincount(ends[long], n[long], size + 1)
    new = tally.newcomers.sum(axis=0) if group is None else tally.newcomers[group]
    known = np.concatenate([np.zeros(silent, np.int64), np.cumsum(new)])[:size]
    return known, np.cumsum(change)[:size].astype(np.int64)


def period_table(tally: Tally, silent: int, asked: Settings, facts: Facts) -> pd.DataFrame:
    """Who was inactive on the last day of each full period, and on the last day of all."""
    known, inactive = inactive_by_day(tally, silent)
    bounds = calendar_periods(int(asked.begins[0]), int(asked.begins[-1]) - 1, asked.period, facts.timezone)[1]
    ends = np.searchsorted(asked.begins, bounds[1:]) - 1
    days = np.unique(np.append(ends[ends <= asked.last], asked.last))
    days = days[known[days] > 0]
    rates = _rated(inactive[days], known[days], asked.level, "inactive_share")
    names = np.array(asked.days)[days]
    return pd.DataFrame({"day": names, "n_customers": known[days], "inactive": inactive[days], **rates})


def group_table(tally: Tally, silent: int, asked: Settings) -> pd.DataFrame:
    """The last day by group, the largest first; beyond `top` of them the rest are added up."""
    tally = _bundled(tally, asked.top)
    pairs = [inactive_by_day(tally, silent, group) for group in range(len(tally.groups))]
    known, inactive = np.array([[one[-1] for one in pair] for pair in pairs]).T
    rates = _rated(inactive, known, asked.level, "inactive_share")
    table = pd.DataFrame({"group": tally.groups, "n_customers": known, "inactive": inactive, **rates})
    table["silent"], table["came_back"] = tally.silent[:, silent], tally.back[:, silent]
    with np.errstate(invalid="ignore"):
        table["came_back_share"] = table["came_back"] / table["silent"]
    return table


def groups_of_tally(tally: Tally, top: int) -> Shown:
    """The groups that are shown, by their customers with activity."""
    return shown_groups(dict(zip(tally.groups, tally.newcomers.sum(axis=1).tolist(), strict=True)), top)


def _bundled(tally: Tally, top: int) -> Tally:
    shown = groups_of_tally(tally, top)
    return regrouped(tally, shown.numbers(tally.groups), shown.labels)


def is_grouped(tally: Tally) -> bool:
    """Whether the tally is of groups, and not of everybody together."""
    return tally.groups != [EVERYBODY]


def _rated(part: np.ndarray, whole: np.ndarray, level: float, name: str) -> dict[str, np.ndarray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = part / whole
    low, high = wilson(part, whole, level)
    return {name: share, "ci_low": low, "ci_high": high}
