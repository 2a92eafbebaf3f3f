"""Churn without a contract: nobody says that they leave, so what a long silence means is asked of the data."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.churn.finish import (
    group_table,
    inactive_by_day,
    period_table,
    return_curve,
    silence_table,
    usual_silence,
)
from insight.churn.settings import Settings, read_settings
from insight.churn.tally import Tally, churn_tally, merged
from insight.errors import InsightError, NotEnoughData
from insight.intervals import wilson
from insight.log import Facts
from insight.periods import timestamp
from insight.tables.order_log import PURCHASE
from insight.tables.table import counted

__all__ = ["ENOUGH", "TOO_FEW", "Churn", "churn", "churn_finish", "churn_tally", "merged", "with_activity"]

ENOUGH, TOO_FEW = 30, 10  # fewer customers: a small sample; counts and no rates


@dataclass(frozen=True, eq=False)
class Churn:
    """Result of :func:`churn`. A day is active where the customer did something that counts.

    silences : one row for each number of days of silence that anybody had and could be followed after
        days             int    of silence: the active day before lies so many days back, and none came since
        silent           int    customers who were ever silent so long, and followed for `horizon_days` days more
        came_back        int    of them those who were active again within these days, after the first such silence
        came_back_share  float  came_back / silent: the false churn, had they been written off
        ci_low, ci_high  float  its Wilson interval
    returns : one row for each number of days with a return or an end of the data
        days             int    since an active day
        returned_share   float  share active again by then, by Kaplan-Meier, each customer weighing one
    periods : one row for the last day of each full period, and for the last day of all
        day              str    ISO date
        n_customers      int    customers whose first activity was `silent_days` or more before
        inactive         int    of them those silent for `silent_days` or more
        inactive_share   float  inactive / n_customers
        ci_low, ci_high  float  its Wilson interval
    groups : the last day by group in order of size: group, n_customers, inactive, inactive_share, ci_low, ci_high,
        silent, came_back, came_back_share; None without `by`
    silent_days : days of silence that count as gone
    proposed_days : what the data proposes; None where nobody ever came back
    is_percentile : the proposal is the 90th percentile of the time to the next active day. Else more than 10 % never
        came back in the data, and it is the days within which 90 % of the returns that it shows have happened, at most
        half of the data
    is_capped : these days were more than half of the data, so the proposal is that half
    horizon_days : days more in which a return is looked for
    n_customers, inactive, inactive_share, ci_low, ci_high : the last row of `periods`
    too_new : customers whose first activity is less than `silent_days` back: they cannot have been silent so long
    silent, came_back, came_back_share, came_back_low, came_back_high : the row of `silences` at `silent_days`; NaN
        where nobody was followed long enough
    without_activity : customers with rows up to `as_of`, none of which counts
    left_out : rows after `as_of`; days_beyond : days from the last row's to `as_of`
    data_start : first moment; as_of : the last day
    kind : "orders" (active on a day with a purchase) or "events"
    horizon, activity, by, period, level : the settings, as given
    """

    silences: pd.DataFrame
    returns: pd.DataFrame
    periods: pd.DataFrame
    groups: pd.DataFrame | None
    silent_days: int
    proposed_days: int | None
    is_percentile: bool
    is_capped: bool
    horizon_days: int
    n_customers: int
    inactive: int
    inactive_share: float
    ci_low: float
    ci_high: float
    too_new: int
    silent: int
    came_back: int
    came_back_share: float
    came_back_low: float
    came_back_high: float
    without_activity: int
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    as_of: str
    kind: str
    horizon: str | None
    activity: list | str | None
    by: str | dict | None
    period: str
    level: float


def churn(
    table,
    *,
    silent: str | None = None,
    horizon: str | None = None,
    activity: list | str | None = None,
    by: str | dict | None = None,
    period: str = "month",
    as_of: str | None = None,
    level: float = 0.95,
) -> Churn:
    r"""Who has been silent for so long that they are counted as gone, and how often that is wrong.

    A customer is inactive at a day when the last active day lies D or more days back. How often a silence of D days
    is no farewell is seen in the past: of those who were silent for D days, and could be watched for H days more,

    .. math:: \text{false churn}(D) = \frac{\text{active again within H days}}{\text{silent for D days}}

    each customer counted with their first silence so long. D is proposed as the 90th percentile of the time until
    the next active day, by Kaplan-Meier over all silences, the open last ones censored, each customer weighing one:
    the percentile of the completed silences alone would be too small, for the long ones are still open.

    table : EventLog (active: any event, or those of `activity`) or Orders (active: a purchase, amount > 0)
    silent : D, in whole days ("60D"); None for the proposal
    horizon : H; None for about a quarter of the data, at most 90 days
    activity : names of the events that count; None for all. For orders it stays None
    by : column that makes the groups, by its value at the customer's first activity: "channel", or
        {"column": "channel", "top": 10}
    period : "day", "week" or "month": at the end of each the inactive are counted
    as_of : last complete day; later rows are ignored and counted
    level : of the Wilson intervals

    Raises NotEnoughData where nobody ever came back, or nobody is known for D days; UnknownValue, InsightError for
    settings that are not possible.
    Source: Kaplan & Meier 1958, JASA 53:457; Wilson 1927, JASA 22:209.

    >>> from insight import read_orders
    >>> days = {"ana": [0, 5, 9, 30], "ben": [0, 4, 20], "eve": [2, 6, 7]}
    >>> rows = [(who, pd.Timestamp("2026-01-01") + pd.Timedelta(days=d), 5.0) for who, own in days.items() for d in own]
    >>> result = churn(read_orders(pd.DataFrame(rows, columns=["customer", "date", "amount"])), silent="10D")
    >>> result.inactive, result.n_customers, result.silent, result.came_back
    (2, 3, 3, 1)
    """
    found = counted(table, "churn", "events", "orders")
    given = {
        "silent": silent, "horizon": horizon, "activity": with_activity(found.kind, activity), "by": by,
        "period": period, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = found.facts
    columns = () if by is None else (read_settings(given, facts).by,)
    tally = found.tally(partial(churn_tally, facts=facts, settings=given), merged, columns=columns)
    return churn_finish(tally, facts, given, kind=found.kind, activity=activity)


def with_activity(kind: str, activity: object) -> object:
    """The events that count, of a kind of table. Raises InsightError where orders are given a choice of them."""
    if kind == "orders" and activity is not None:
        raise InsightError("Of orders every purchase counts as activity: leave activity out.")
    return [PURCHASE] if kind == "orders" else activity


def churn_finish(
    tally: Tally, facts: Facts, settings: dict[str, object], *, kind: str, activity: list | str | None = None
) -> Churn:
    """The result, made of the tally of all customers (`merged`, where they were counted in parts).

    facts : of the whole log; settings : the keyword arguments of `churn`, `activity` as the log names it
    """
    asked = read_settings(settings, facts)
    if not tally.newcomers.sum():
        raise NotEnoughData("Nobody was active in the chosen days, so nobody can have fallen silent.")
    returns = return_curve(tally.lengths)
    proposed, is_percentile, is_capped = usual_silence(returns, len(asked.days) // 2)
    silent = _chosen(asked, proposed)
    known, inactive = (int(counts[-1]) for counts in inactive_by_day(tally, silent))
    if not known:
        raise NotEnoughData(
            f"Nobody's first activity is {silent} days or more before the last day: choose fewer days (silent=...)."
        )
    followed, back = int(tally.silent[:, silent].sum()), int(tally.back[:, silent].sum())
    low, high = wilson([inactive, back], [known, followed], asked.level)
    return Churn(
        silences=silence_table(tally, asked.level),
        returns=returns,
        periods=period_table(tally, silent, asked, facts),
        groups=None if asked.by is None else group_table(tally, silent, asked),
        silent_days=silent,
        proposed_days=proposed,
        is_percentile=is_percentile,
        is_capped=is_capped,
        horizon_days=asked.horizon,
        n_customers=known,
        inactive=inactive,
        inactive_share=inactive / known,
        ci_low=float(low[0]),
        ci_high=float(high[0]),
        too_new=int(tally.newcomers.sum()) - known,
        silent=followed,
        came_back=back,
        came_back_share=back / followed if followed else np.nan,
        came_back_low=float(low[1]),
        came_back_high=float(high[1]),
        without_activity=tally.inactive,
        left_out=tally.left_out,
        days_beyond=facts.days_beyond(settings.get("as_of")),
        data_start=timestamp(facts.first_time, facts.timezone),
        as_of=facts.as_of_day(settings.get("as_of")),
        kind=kind,
        **{name: asked.asked[name] for name in ("horizon", "by", "period", "level")},
        activity=activity,
    )


def _chosen(asked: Settings, proposed: int | None) -> int:
    """The days of silence that count as gone. Raises NotEnoughData where there is nothing to go by."""
    if asked.silent is not None:
        return asked.silent
    if proposed is None:
        raise NotEnoughData(
            'Nobody ever came back, so how long a usual silence lasts cannot be told: say it yourself, silent="60D".'
        )
    return proposed
