"""Churn by contract: how long contracts last, and which share of them is lost in each period."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.churn.contracts import checked, contracts_of_customers, contracts_of_log
from insight.churn.life import (
    contract_tally,
    curve_table,
    group_curves,
    group_table,
    lost_by_age,
    lost_by_period,
    merged,
    pooled,
    test_of_groups,
)
from insight.churn.settings import observed_days, read_groups
from insight.errors import InsightError, NotEnoughData
from insight.survival import kaplan_meier, median_interval, restricted_mean
from insight.tables.table import counted

__all__ = ["FEWEST_PERIODS", "MOST_SHOWN", "Survival", "survival"]

FEWEST_PERIODS = 3  # fully observed, before 1 / churn may be called a length of life
MOST_SHOWN = 10  # at risk at least, where a curve is still drawn and averaged


@dataclass(frozen=True, eq=False)
class Survival:
    """Result of :func:`survival`.

    curve : one row a distinct time
        time               int    since the start, in `unit`
        at_risk            int    contracts known to last at least so long
        lost, censored     int    of them those that end at that time, and those not followed any longer
        survival           float  share that lasts longer (Kaplan-Meier)
        ci_low, ci_high    float  its interval (log-log); NA before the first end and where nothing is left
    periods : one row a period: of the calendar, or where the file has no dates a unit of a contract's age
        period             str, int  first day of the period as ISO date; or the age, from 0
        observed           str    "full" or "partial" (no rate)
        active             int    contracts running at its start
        lost               int    of these, ended in it
        joined             float  begun in it (NA by age)
        churn, retention   float  lost / active, and 1 - churn; NA where not full or nothing was running
        ci_low, ci_high    float  Wilson interval of churn
    groups : group, n_customers, lost, median_time, median_low, median_high, in order of size; None without `by`
    group_curves : the columns of `curve` behind `group`; None without `by`
    p_value : of the log-rank test that no group differs; NaN where it cannot be told
    n_customers, ended : contracts, and those that are over
    median_time, median_low, median_high : time by which half have ended, and its interval; NaN where not reached
    mean_until : the longest time at which at least 10 are at risk; mean_time, mean_low, mean_high : mean time up to
        there (restricted mean)
    full_periods : periods fully observed with anything running; mean_churn : their lost / active, added up
    expected_life : 1 / mean_churn, in periods; NaN with fewer than three full periods
    left_out : why contracts are not counted -> how many
    unit : "day", or the unit of the file's column; dated : whether `periods` are of the calendar
    as_of : the last day; None without dates
    kind : "events" or "customers"
    start, end, tenure, by, period, level : the settings, as given; ended_when : the setting `ended`
    """

    curve: pd.DataFrame
    periods: pd.DataFrame
    groups: pd.DataFrame | None
    group_curves: pd.DataFrame | None
    p_value: float
    n_customers: int
    ended: int
    median_time: float
    median_low: float
    median_high: float
    mean_until: float
    mean_time: float
    mean_low: float
    mean_high: float
    full_periods: int
    mean_churn: float
    expected_life: float
    left_out: dict[str, int]
    unit: str
    dated: bool
    as_of: str | None
    kind: str
    start: str | list | None
    end: str | list | None
    tenure: str | None
    ended_when: str | dict | None
    by: str | dict | None
    period: str
    level: float


def survival(
    table,
    *,
    start: str | list | None = None,
    end: str | list | None = None,
    tenure: str | None = None,
    ended: str | dict | None = None,
    unit: str = "month",
    by: str | dict | None = None,
    period: str = "month",
    as_of: str | None = None,
    level: float = 0.95,
) -> Survival:
    r"""How long contracts last, and which share of them is lost in each period.

    Some contracts still run: they are censored, not lost and not left out. With :math:`d_i` ends among :math:`n_i`
    contracts at risk at the i-th distinct time (Kaplan-Meier), and on the calendar

    .. math::
        \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr), \qquad
        \text{churn}_t = \frac{\text{lost in } t}{\text{active at the start of } t}, \qquad
        \text{retention}_t = 1 - \text{churn}_t

    table : Customers, one contract each; or an EventLog with an event that begins and one that ends a contract
    start, end : of Customers the columns with the dates (`start` "signup_date" where there is one; an empty `end`
        runs on); of an EventLog the events, from a customer's first `start` to the first `end` at or after it
    tenure, ended : of Customers without dates: the column with the length so far, in `unit` ("month", "week", "day"),
        and the column that says whether it is over, yes or no, or {"column": "status", "values": ["cancelled"]};
        instead of `start`, `end` and `as_of`
    by : column that makes the groups, tested against each other with the log-rank test
    period : "day", "week" or "month" of the calendar
    as_of : last complete day; default the latest date there is. An `end` after it is a plan: the contract runs on
    level : of the intervals

    Raises MissingColumn, UnknownValue, NotEnoughData, InsightError for settings that are not possible.
    Source: Kaplan & Meier 1958, JASA 53:457; Mantel 1966, Cancer Chemotherapy Reports 50:163.

    >>> from insight import read_customers
    >>> rows = {"customer_id": ["ana", "ben", "eve", "kim"], "months": [1, 2, 2, 3], "left": ["yes", "yes", "no", "no"]}
    >>> table = read_customers(pd.DataFrame(rows))
    >>> survival(table, tenure="months", ended="left").curve[["time", "at_risk", "lost", "survival"]]
       time  at_risk  lost  survival
    0     1        4     1      0.75
    1     2        3     1      0.50
    2     3        1     0      0.50
    """
    given = {
        "start": start, "end": end, "tenure": tenure, "ended": ended, "unit": unit, "by": by, "period": period,
        "as_of": as_of, "level": level,
    }  # fmt: skip
    asked = checked(given)
    if getattr(table, "kind", None) == "customers":
        found, days = contracts_of_customers(table, asked)
        return _finish(contract_tally(found), days, asked, "customers")
    log = counted(table, "survival", "events", "customers")
    if tenure is not None or ended is not None:
        raise InsightError("Of events the start and the end are named, and no tenure: leave tenure and ended out.")
    facts = log.facts
    column, _top = read_groups(by, facts)
    columns = () if column is None else (column,)
    tally = log.tally(partial(_tally_of_log, facts=facts, asked=asked), merged, columns=columns)
    if not len(tally.spells.n):
        raise NotEnoughData("Nobody has an event that begins a contract.")
    return _finish(tally, observed_days(facts, as_of)[0], asked, "events")


def _tally_of_log(log, facts, asked):
    return contract_tally(contracts_of_log(log, facts, asked))


def _finish(tally, days: list[str] | None, asked: dict[str, object], kind: str) -> Survival:
    """The result, made of the tally of all contracts."""
    time, ended, n = tally.lives()
    raw = kaplan_meier(time, ended, n, asked["level"])
    dated = days is not None
    periods = lost_by_period(tally, days, asked) if dated else lost_by_age(raw, asked["level"])
    full, churn = pooled(periods)
    median = median_interval(raw)
    until = float(max(raw["time"][raw["at_risk"] >= MOST_SHOWN], default=np.nan))
    mean = restricted_mean(raw, until, asked["level"]) if until > 0 else (np.nan,) * 3
    groups = None if asked["by"] is None else group_table(tally, asked)
    return Survival(
        curve=curve_table(raw),
        periods=periods,
        groups=groups,
        group_curves=None if groups is None else group_curves(tally, asked),
        p_value=np.nan if groups is None else test_of_groups(tally, asked),
        n_customers=int(n.sum()),
        ended=int(n[ended].sum()),
        median_time=median.value,
        median_low=median.ci_low,
        median_high=median.ci_high,
        mean_until=until,
        mean_time=mean[0],
        mean_low=mean[1],
        mean_high=mean[2],
        full_periods=full,
        mean_churn=churn,
        expected_life=1 / churn if full >= FEWEST_PERIODS and churn > 0 else np.nan,
        left_out=tally.left_out,
        unit="day" if dated else asked["unit"],
        dated=dated,
        as_of=days[-1] if dated else None,
        kind=kind,
        ended_when=asked["ended"],
        **{name: asked[name] for name in ("start", "end", "tenure", "by", "period", "level")},
    )
