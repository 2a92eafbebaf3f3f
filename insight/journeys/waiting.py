"""Time to event: how long it takes customers to get from one event to another, and how many are not there yet."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import NotEnoughData
from insight.journeys.arrival import Settings, Tally, merged, read_settings, waiting_tally
from insight.journeys.graph import observed
from insight.log import Facts
from insight.survival import kaplan_meier, log_rank, quantile_time
from insight.tables.table import counted

TOO_FEW = 10  # at risk: a curve is not read where fewer are left
OTHER = "Other"
PERCENTS = {"median": 0.5, "p25": 0.25, "p75": 0.75, "p90": 0.9}


@dataclass(frozen=True, eq=False)
class TimeToEvent:
    """Result of :func:`time_to_event`. `group` is "" where there is no breakdown.

    curve : one row for each time at which somebody arrived or was last seen, by group
        group            str
        seconds          int    whole seconds since the origin, rounded down
        at_risk          int    customers who have not arrived before and are observed at least so long
        arrived          int    of these, how many arrived then
        censored         int    of these, how many are observed no longer (the data ends)
        arrived_share    float  share who have arrived by then (1 - Kaplan-Meier)
        ci_low, ci_high  float  its interval (Greenwood's variance on the log-log scale); NA before anybody arrived, and
                                where all have
        enough           bool   whether the curve can be read here: at least 10 at risk, or nobody censored before
    groups : one row for each group, the largest first
        group            str
        n                int    customers with the origin
        arrived          int    those seen to get to the target
        censored         int    those who have not, up to the end of the data
        median_seconds, p25_seconds, p75_seconds, p90_seconds
                         float  time by which so many have arrived; NA where the curve does not get there while there
                                is `enough` to read it
    marks : one row for each group and length in `horizons`
        group            str
        within           str    the length, "7D"
        seconds          int
        at_risk          int    customers observed at least so long who have not arrived before
        arrived_share, ci_low, ci_high
                         float  as in the curve; NA where fewer than 10 are at risk and some were censored before: too
                                few to say
    p_value : log-rank test that all groups arrive alike; NA without two groups
    statistic, degrees_of_freedom : of that test
    entered : customers with the origin in the range
    arrived : those of `entered` seen to get to the target
    n_customers : customers in the log, whether or not they have the origin
    left_out, days_beyond, data_start, data_end, as_of, dates_only : as of :class:`Transitions`
    origin, target, by, horizons, start, end, clean, level : the settings, as given
    """

    curve: pd.DataFrame
    groups: pd.DataFrame
    marks: pd.DataFrame
    p_value: float
    statistic: float
    degrees_of_freedom: int
    entered: int
    arrived: int
    n_customers: int
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    origin: str | list | dict
    target: str | list | dict
    by: str | dict | None
    horizons: list | None
    start: str | None
    end: str | None
    clean: dict | None
    level: float


def time_to_event(
    events,
    *,
    origin: str | list | dict,
    target: str | list | dict,
    by: str | dict | None = None,
    horizons: list | None = None,
    start: str | None = None,
    end: str | None = None,
    clean: dict | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> TimeToEvent:
    r"""How long customers take from one event to another, those who are not there yet included.

    Each customer is followed from their first `origin` in the date range to the first `target` at or after it (strictly
    later, where both name the same event), or, where there is none, to the end of the data: they are censored then, not
    lost. The share who have arrived within t is 1 - S(t), with the estimate of Kaplan and Meier

    .. math:: \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr)

    events : EventLog
    origin, target : an event, or several of which any will do, by their names after the clean-up; or {"events":
        ["view"], "where": [["channel", "==", "ads"]]}, where the row must meet the conditions
    by : column that makes the groups, by its value at the origin: "device", or {"column": "device", "top": 5}
    horizons : lengths after which the share is told; by default ["1h", "1D", "7D", "30D"]
    start, end : ISO days, inclusive, in the table's time zone; they gate the origin only
    clean : which kinds are hidden, merged and renamed; see :func:`event_kinds`
    as_of : last complete day; later rows are ignored and counted
    level : of the intervals

    Raises UnknownValue for an event, column or value that does not exist; NotEnoughData where nobody has the origin;
    InsightError for other settings.
    Source: Kaplan & Meier 1958, JASA 53:457; Mantel 1966 for the log-rank test.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\nana,visit,2026-01-01\nana,buy,2026-01-02\nben,visit,2026-01-01\n")
    >>> time_to_event(log, origin="visit", target="buy").curve[["seconds", "at_risk", "arrived_share"]].values.tolist()
    [[86400.0, 2.0, 0.5], [172800.0, 1.0, 0.5]]
    """
    table = counted(events, "time_to_event", "events")
    settings = {
        "origin": origin, "target": target, "by": by, "horizons": horizons, "start": start, "end": end,
        "clean": clean, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = table.facts
    columns = read_settings(settings, facts).columns
    tally = table.tally(partial(waiting_tally, facts=facts, settings=settings), merged, columns=columns)
    return time_to_event_finish(tally, facts, settings)


def time_to_event_finish(tally: Tally, facts: Facts, settings: dict[str, object]) -> TimeToEvent:
    """The result, made of the tally of all customers."""
    asked = read_settings(settings, facts)
    if not len(tally.n):
        raise NotEnoughData(f"Nobody has {asked.asked['origin']!r} in these days: choose other days, or another event.")
    labels, label = labelled(tally, asked.top)
    group = label[tally.group]
    level = asked.asked["level"]
    curves = {name: _curve(tally, group == own, level) for own, name in enumerate(labels)}
    test = (np.nan, 0, np.nan)
    if len(labels) > 1:
        test = log_rank(tally.seconds, tally.arrived, group, tally.n)
    return TimeToEvent(
        curve=_stacked({name: _shown(curve) for name, curve in curves.items()}),
        groups=pd.DataFrame([_summary(name, curve) for name, curve in curves.items()]),
        marks=_stacked({name: _marks(curve, asked) for name, curve in curves.items()}),
        statistic=test[0],
        degrees_of_freedom=test[1],
        p_value=test[2],
        entered=int(tally.n.sum()),
        arrived=int(tally.n[tally.arrived].sum()),
        n_customers=tally.n_customers,
        left_out=tally.left_out,
        **observed(facts, asked.asked["as_of"]),
        **{name: value for name, value in asked.asked.items() if name != "as_of"},
    )


def labelled(tally: Tally, top: int) -> tuple[list[str], np.ndarray]:
    """The groups that are shown, the largest first, and for each group of the tally which of them it goes under."""
    size = np.bincount(tally.group, tally.n, minlength=len(tally.groups))
    ranked = sorted(np.flatnonzero(size), key=lambda group: (-size[group], tally.groups[group]))
    shown = ranked if len(ranked) <= top + 1 else ranked[:top]  # bundling a single value would only hide its name
    labels = [tally.groups[group] for group in shown]
    if len(shown) < len(ranked):
        labels.append(OTHER if OTHER not in labels else f"{OTHER} ({len(ranked) - len(shown)} more values)")
    label = np.full(len(tally.groups), len(labels) - 1)
    label[shown] = np.arange(len(shown))
    return labels, label


def _curve(tally: Tally, own: np.ndarray, level: float) -> pd.DataFrame:
    """The Kaplan-Meier curve of a group, and where it can be read."""
    curve = kaplan_meier(tally.seconds[own], tally.arrived[own], tally.n[own], level)
    lost_before = curve["censored"].cumsum() - curve["censored"]
    return curve.assign(enough=(curve["at_risk"] >= TOO_FEW) | (lost_before == 0))


def _shown(curve: pd.DataFrame) -> pd.DataFrame:
    """Rising instead of falling: who has arrived."""
    return pd.DataFrame(
        {
            "seconds": curve["time"],
            "at_risk": curve["at_risk"],
            "arrived": curve["events"],
            "censored": curve["censored"],
            "arrived_share": 1 - curve["survival"],
            "ci_low": 1 - curve["ci_high"],
            "ci_high": 1 - curve["ci_low"],
            "enough": curve["enough"],
        }
    )


def _summary(name: str, curve: pd.DataFrame) -> dict[str, object]:
    """A row of `groups`."""
    readable = curve[curve["enough"]]
    times = {f"{percent}_seconds": quantile_time(readable, share) for percent, share in PERCENTS.items()}
    arrived, censored = int(curve["events"].sum()), int(curve["censored"].sum())
    return {"group": name, "n": arrived + censored, "arrived": arrived, "censored": censored, **times}


def _marks(curve: pd.DataFrame, asked: Settings) -> pd.DataFrame:
    """What the curve says after each of the horizons."""
    seconds = np.array(list(asked.horizons.values()))
    after = np.searchsorted(curve["time"].to_numpy(), seconds, side="right")  # rows up to each horizon
    before = np.searchsorted(curve["time"].to_numpy(), seconds, side="left")
    ended = np.concatenate([[0], (curve["events"] + curve["censored"]).cumsum()])
    lost = np.concatenate([[0], curve["censored"].cumsum()])
    at_risk = ended[-1] - ended[before]
    there = _shown(curve)[["arrived_share", "ci_low", "ci_high"]]
    told = pd.concat([pd.DataFrame([[0.0, np.nan, np.nan]], columns=there.columns), there]).iloc[after]
    told[~((at_risk >= TOO_FEW) | (lost[before] == 0))] = np.nan
    columns = {"within": list(asked.horizons), "seconds": seconds, "at_risk": at_risk}
    return pd.DataFrame(columns).assign(**{name: told[name].to_numpy() for name in told})


def _stacked(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One table of all groups, with `group` in front."""
    found = pd.concat(list(tables.values()), ignore_index=True)
    names = [name for name, own in tables.items() for _row in range(len(own))]
    found.insert(0, "group", pd.array(names, "str"))
    return found
