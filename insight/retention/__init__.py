"""Retention: of the customers who came at one time, how many come back later, cohort by cohort."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.log import Facts
from insight.periods import timestamp
from insight.retention.counts import RISING, counts_of, labelled
from insight.retention.settings import CRITERIA, Settings, read_settings
from insight.retention.tables import (
    average_table,
    cells_table,
    cohorts_table,
    group_cells_table,
    groups_table,
    pooled,
    value_cells,
)
from insight.retention.tally import Tally, merged, retention_tally
from insight.tables.table import counted

__all__ = ["ENOUGH", "RISING", "TOO_FEW", "Retention", "retention", "retention_finish", "retention_tally"]

TOO_FEW = 10  # fewer customers: counts and no rates
ENOUGH = 30  # fewer customers: rates are shown as a small sample


@dataclass(frozen=True, eq=False)
class Retention:
    """Result of :func:`retention`.

    cells : one row a cohort and period
        cohort              str    the first day of the calendar period in which they started, ISO; where the cohorts
                                   are the values of a column, the value
        period              int    how many periods later; 0 is that of the start (of a bracket: its last period)
        n_customers         int    customers in the cohort; of a value those of them whose period is over
        retained            int    of them, those who came back by the criterion; where not full so far; NA where none
        retention           float  retained / n_customers; 1 in period 0; NA unless full
        ci_low, ci_high     float  Wilson interval of retention (NA in period 0 where the rate is 1 by definition)
        observed            str    "full": the period is over for every customer of the cohort (of a value: for those
                                   who are counted); "partial": it has begun; "none": it has not
        still_rising        bool   a rate "on or after" with fewer than three later periods observed: it will rise
        difference          float  retention minus that of all other cohorts together in this period; NA where cohorts
                                   recur (the same customers stand on both sides), and on or after (customers of older
                                   cohorts have had more time to come back)
        difference_low, difference_high
                            float  Newcombe interval of the difference
    average : one row a period, over all cohorts that are full in it
        period, n_customers, retained, retention, ci_low, ci_high, still_rising
                                   as above, of all these cohorts' customers together (pooled)
        simple_mean         float  the mean of these cohorts' rates, each weighing the same, however small
        n_cohorts           int    how many cohorts that is
    groups : the columns of `average` behind `group`, in order of size; difference is to all other groups together; None
        without `by`
    group_cells : the columns of `cells` behind `group`; difference is to all others of the same cohort; None without
        `by`
    cohorts : one row a cohort: cohort, n_customers, and cut, at which ends it reaches beyond the data (or the guard):
        "" for none, "start", "end", "both"
    criteria : the average by every criterion, for the same customers: criterion, period, n_customers, retained,
        retention
    n_customers : customers in the table, whether or not they are in a cohort
    started : customers in a cohort (where cohorts recur, each as often as they are in one)
    guarded : customers left out by the guard
    left_out : rows after `as_of`, not used
    days_beyond : days from the last row's to `as_of`, in which nothing more is assumed to have happened
    data_start, data_end : first moment and end of the observed time
    as_of : the last day of the observed time
    dates_only : the file has no clock times
    kind : of the table, "orders" or "events"
    period, criterion, clock, cohort, returns, bracket, week_start, guard, by, level : the settings, as given
    """

    cells: pd.DataFrame
    average: pd.DataFrame
    groups: pd.DataFrame | None
    group_cells: pd.DataFrame | None
    cohorts: pd.DataFrame
    criteria: pd.DataFrame
    n_customers: int
    started: int
    guarded: int
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    kind: str
    period: str
    criterion: str
    clock: str
    cohort: str | dict
    returns: str | list | dict | None
    bracket: list | None
    week_start: str
    guard: str | None
    by: str | dict | None
    level: float


def retention(
    table,
    *,
    period: str = "month",
    criterion: str = "on",
    clock: str = "calendar",
    cohort: str | dict = "first",
    returns: str | list | dict | None = None,
    bracket: list | None = None,
    week_start: str = "MON",
    guard: str | None = None,
    by: str | dict | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> Retention:
    r"""Follow cohorts of customers: who of those who started together comes back, and when.

    With :math:`N_c` customers in cohort c and :math:`R_{c,k}` of them retained in period k,

    .. math:: \text{retention}_{c,k} = \frac{R_{c,k}}{N_c}, \qquad
        \text{retention}_k = \frac{\sum_c R_{c,k}}{\sum_c N_c} \text{ over the cohorts whose period } k \text{ is over}

    A rate stands only where the period is over for everyone in the cohort: what is not observed yet is NA, never 0.

    table : EventLog or Orders; in orders a purchase is activity, refunds and orders of nothing are not
    period : "day", "week" or "month"
    criterion : who is retained in period k from 1 on: "on" - active in period k; "on_or_after" - in k or later; this
        goes on rising while time passes; "on_or_before" - in any of 1 to k; "streak" - in each of 1 to k; "bracket" -
        at least once in the periods `bracket`, [a, b] (one rate, at period b)
    clock : "calendar" - periods are those of the calendar in the table's time zone; "rolling" - they are counted from
        each customer's own start, 24 hours, 7 or 30 days each
    cohort : "first" - customers start with their first activity; {"event": "signup"} (with "where" conditions where
        wanted) - with their first such event; "recurring" - again in each calendar period in which they are active;
        {"column": "channel"} - with their first activity, and the cohorts are the column's values there
    returns : the events that count as coming back: "purchase", ["purchase", "renewal"] or {"events": [...],
        "where": [["value", ">=", 100]]}; None for any (in orders: any purchase)
    week_start : the day a week begins, "MON" to "SUN"
    guard : "90D": leave out customers whose first row lies in the first 90 days of the data, as they may be old ones
    by : column that makes groups, by its value at the start: "channel" or {"column": "channel", "top": 10}
    as_of : last complete day; later rows are ignored and counted; by default the day of the last row
    level : of the intervals

    Raises UnknownValue for an event, column or setting that does not exist; InsightError for other settings, or for
    more cohorts and periods than anyone could read.
    Source: cohort tables as in Mixpanel (on, on or after, on or before, streak, brackets, both clocks), Amplitude and
    PostHog; Wilson 1927 for the interval of a rate, Newcombe 1998 (method 10) for that of a difference.

    >>> from insight import read_orders
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount\n1,ana,2026-01-05,9\n2,ben,2026-01-09,9\n"
    ...                      b"3,ana,2026-02-07,9\n4,eva,2026-02-28,9\n")
    >>> retention(orders).cells[["cohort", "period", "n_customers", "retention", "observed"]]
           cohort  period  n_customers  retention observed
    0  2026-01-01       0            2        1.0     full
    1  2026-01-01       1            2        0.5     full
    2  2026-02-01       0            1        1.0     full
    3  2026-02-01       1            1        NaN     none
    """
    rows = counted(table, "retention", "events", "orders")
    given = {
        "period": period, "criterion": criterion, "clock": clock, "cohort": cohort, "returns": returns,
        "bracket": bracket, "week_start": week_start, "guard": guard, "by": by, "as_of": as_of, "level": level,
    }  # fmt: skip
    facts = rows.facts
    asked = read_settings(given, facts, rows.kind)
    count = partial(retention_tally, facts=facts, settings=given, kind=rows.kind)
    return retention_finish(rows.tally(count, merged, columns=asked.columns), facts, given, rows.kind)


def retention_finish(tally: Tally, facts: Facts, settings: dict[str, object], kind: str) -> Retention:
    """The result, made of the tally of all customers (`merged`, where they were counted in parts).

    facts : of the whole table; settings : the keyword arguments of `retention`; kind : of the table
    """
    asked = read_settings(settings, facts, kind)
    if asked.column is not None:
        tally = labelled(tally, asked.column.top)
    counts = counts_of(tally, asked, asked.asked["criterion"], asked.asked["bracket"])
    grouped = asked.column is not None and not asked.by_value
    return Retention(
        cells=value_cells(counts, asked) if asked.by_value else cells_table(counts, asked),
        average=average_table(counts, asked),
        groups=groups_table(counts, asked) if grouped else None,
        group_cells=group_cells_table(counts, asked) if grouped else None,
        cohorts=cohorts_table(tally.size, tally.groups, asked),
        criteria=_criteria(tally, asked),
        n_customers=tally.n_customers,
        started=int(tally.size.sum()),
        guarded=tally.guarded,
        left_out=tally.left_out,
        days_beyond=facts.days_beyond(settings.get("as_of")),
        data_start=timestamp(facts.first_time, facts.timezone),
        data_end=timestamp(asked.observed, facts.timezone),
        as_of=facts.as_of_day(settings.get("as_of")),
        dates_only=facts.dates_only,
        kind=kind,
        **asked.asked,
    )


def _criteria(tally: Tally, asked: Settings) -> pd.DataFrame:
    """The `criteria` table."""
    bracket, rows = asked.asked["bracket"], []
    for name in CRITERIA[: -1 if bracket is None else None]:
        found = pooled(counts_of(tally, asked, name, bracket).together, asked)
        columns = {column: found[column][0] for column in ("period", "n_customers", "retained", "retention")}
        rows.append(columns | {"criterion": np.full(len(columns["period"]), name)})
    joined = {column: np.concatenate([one[column] for one in rows]) for column in ("criterion", *columns)}
    return pd.DataFrame(joined).astype({"criterion": "str"})
