"""What a point would be worth: more customers through one step, and what that brings at the end."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.funnel import TOO_FEW, funnel_finish
from insight.funnel.settings import read_settings
from insight.funnel.tally import Tally, funnel_tally, merged
from insight.funnel.value import Value, ValueTally, completion_value, merged_values, origin_of_value, value_tally
from insight.intervals import newcombe, wilson
from insight.log import Facts, Log
from insight.tables.table import counted


@dataclass(frozen=True, eq=False)
class FunnelWorth:
    """Result of :func:`funnel_worth`.

    steps : one row for each required step after the first, in funnel order
        step              str    the step's name
        before            int    customers at the required step before
        reached           int    those of them who reached this step
        step_conversion   float  reached / before; NA where nobody was there
        later_conversion  float  of those who reached this step, the share at the last one (last step: 1)
        points            float  percentage points added to step_conversion: those asked for, or what 100 % leaves
        extra_completions float  how many more would reach the last step; NA where nobody shows how later steps convert
        completions_low, completions_high
                          float  interval of extra_completions
        extra_revenue     float  what they would bring, in the orders' currency; NA where `value.why` says so
        revenue_low, revenue_high
                          float  interval of extra_revenue
    first : names of the steps where a point brings most: the one with the most extra completions, then those that the
        data cannot tell from it; none where too few customers came
    value : the mean amount of a completion (Value: mean, low, high, n, n_valued, origin, currency, why)
    n : customers who count; completions : those of them at the last step
    dates_only : the file has no clock times
    left_out : rows after `as_of`, not used
    days_beyond : as for `funnel`
    data_start : first moment of the data; as_of : the last day of the observed time
    still_open, within, order, reentry, entries, start, end, exclude, points, level : as for `funnel`, and as given
    """

    steps: pd.DataFrame
    first: list[str]
    value: Value
    n: int
    completions: int
    dates_only: bool
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    as_of: str
    still_open: int
    within: str | None
    order: str
    reentry: str
    entries: str
    start: str | None
    end: str | None
    exclude: str | dict | list | None
    points: float
    level: float


def funnel_worth(
    events,
    orders=None,
    *,
    steps: list,
    within: str | None = "7D",
    order: str = "ordered",
    reentry: str = "best",
    entries: str = "mature",
    start: str | None = None,
    end: str | None = None,
    exclude: str | dict | list | None = None,
    as_of: str | None = None,
    points: float = 1.0,
    revenue_per_completion: float | None = None,
    level: float = 0.95,
) -> FunnelWorth:
    r"""What `points` more percentage points of step conversion would bring at each step.

    With :math:`R_k` customers at step k of n, and a step conversion that is :math:`\delta` higher at step k alone,
    :math:`\delta R_{k-1}` more customers get there. If the later steps convert them as they do now,

    .. math:: \text{extra completions}_k = \delta\, R_{k-1}\, q_k, \qquad q_k = R_n / R_k

    of them complete, and bring the mean amount of a completion each. This is arithmetic about the customers who
    counted, not a forecast: who does not go on today may differ from who does. As :math:`\delta R_{k-1} q_k = \delta
    R_n / c_k`, a point is worth most where the step conversion :math:`c_k` is lowest.

    The interval of extra completions carries what is uncertain about the later steps: the Wilson interval of
    :math:`q_k`, a rate out of :math:`R_k` customers. That of the revenue carries also the t-interval of the mean amount
    (the two combined by their recovered variances).

    events, steps, within, reentry, entries, start, end, exclude, as_of, level : as for `funnel`; optional steps are not
        in the table
    orders : Orders in memory; None takes the events' column `value`
    order : "ordered" or "strict": with the others there is no next step to go on to
    points : percentage points, more than 0 and at most 100
    revenue_per_completion : the amount to use in place of that of orders or events

    Raises as `funnel`; UnknownValue for another order; InsightError for impossible points, and for several currencies.
    Source: Zou & Donner 2008, Statistics in Medicine 27:1693, for intervals by recovered variances.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": [*"abcd", *"abc", "a"], "event": ["visit"] * 4 + ["cart"] * 3 + ["buy"],
    ...     "timestamp": pd.to_datetime(["2026-01-01"] * 4 + ["2026-01-02"] * 3 + ["2026-01-03"])})
    >>> found = funnel_worth(read_events(log), steps=["visit", "cart", "buy"], within="2D", points=10)
    >>> found.steps[["step", "before", "later_conversion", "extra_completions"]].round(3)
       step  before  later_conversion  extra_completions
    0  cart       4             0.333              0.133
    1   buy       3             1.000              0.300
    """
    _check(order, points, revenue_per_completion)
    asked = {"within": within, "order": order, "reentry": reentry, "entries": entries}
    asked |= {"start": start, "end": end, "exclude": exclude, "level": level}
    settings = {"steps": steps, "as_of": as_of, **asked}
    table = counted(events, "funnel_worth", "events")
    facts, read = table.facts, read_settings(settings, table.facts)
    origin = origin_of_value(facts, orders, revenue_per_completion)
    columns = [*read.columns, *(name for name in ("value", "currency") if origin == "value" and name in facts.columns)]
    count = partial(worth_tally, facts=facts, settings=settings, origin=origin)
    tally, completed = table.tally(count, merged_worths, columns=columns)
    found = funnel_finish(tally, facts, settings)
    value = completion_value(completed, facts, orders, revenue_per_completion, level)
    required = found.steps[found.steps["required"]]
    table = _steps(required["step"].tolist(), required["reached"].to_numpy(), points / 100, value, level)
    return FunnelWorth(
        steps=table,
        first=_first(table, level),
        value=value,
        n=int(required["reached"].iloc[0]),
        completions=int(required["reached"].iloc[-1]),
        dates_only=found.dates_only,
        left_out=found.left_out,
        days_beyond=found.days_beyond,
        data_start=found.data_start,
        as_of=found.as_of,
        still_open=found.still_open,
        **asked | {"points": points},
    )


def worth_tally(log: Log, facts: Facts, settings: dict[str, object], origin: str) -> tuple[Tally, ValueTally]:
    """The tally of the funnel, and that of its completions.

    settings : those of the funnel;  origin : where the amount of a completion is taken from
    """
    return funnel_tally(log, facts, settings), value_tally(log, read_settings(settings, facts), origin)


def merged_worths(parts: list[tuple[Tally, ValueTally]]) -> tuple[Tally, ValueTally]:
    """The tallies of all customers, given those of disjoint sets of them."""
    tallies, values = zip(*parts, strict=True)
    return merged(list(tallies)), merged_values(list(values))


def _check(order: str, points: float, revenue: float | None) -> None:
    if order not in ("ordered", "strict"):
        raise UnknownValue("order of funnel_worth", order, ["ordered", "strict"])
    if not _is_number(points) or not 0 < points <= 100:
        raise InsightError(f"points = {points!r} must be more than 0 and at most 100, for example 1.")
    if revenue is not None and not _is_number(revenue):
        raise InsightError(f"revenue_per_completion = {revenue!r} is not an amount. Write it as 49.90.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def _steps(names: list[str], reached: np.ndarray, added: float, value: Value, level: float) -> pd.DataFrame:
    """The `steps` table; `added` : to the share that goes on, 0.01 for a point."""
    before, here, last = reached[:-1], reached[1:], reached[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        conversion, later = here / before, last / here
    low, high = wilson(last, here, level)
    later[-1] = low[-1] = high[-1] = 1  # who is at the last step has no later one: nothing to estimate
    added = np.minimum(added, 1 - conversion)
    more = added * before
    completions = [more * share for share in (later, low, high)]
    revenue = _product(completions, (value.mean, value.low, value.high))
    columns = {
        "extra_completions": completions[0],
        "completions_low": completions[1],
        "completions_high": completions[2],
    }
    columns |= {"extra_revenue": revenue[0], "revenue_low": revenue[1], "revenue_high": revenue[2]}
    table = pd.DataFrame({"step": names[1:], "before": before, "reached": here, "step_conversion": conversion})
    return table.assign(later_conversion=later, points=100 * added, **columns)


def _product(one: list[np.ndarray], other: tuple[float, float, float]) -> list[np.ndarray]:
    """A product of two independent estimates, each with its interval, and its interval by recovered variances."""
    (a, a_low, a_high), (b, b_low, b_high) = one, other
    return [
        a * b,
        a * b - np.hypot((a - a_low) * b, (b - b_low) * a),
        a * b + np.hypot((a_high - a) * b, (b_high - b) * a),
    ]


def _first(table: pd.DataFrame, level: float) -> list[str]:
    """The step where a point brings most, and those whose step conversion is not clearly higher than there."""
    rows = table[(table["before"] >= TOO_FEW) & table["extra_completions"].notna()]
    rows = rows.sort_values("step_conversion", kind="stable")
    if rows.empty or not table["reached"].iloc[-1] or not rows["extra_completions"].iloc[0]:
        return []
    top = rows.iloc[0]
    _difference, low, _high = newcombe(rows["reached"], rows["before"], top["reached"], top["before"], level)
    return rows["step"][(low <= 0) & (rows["extra_completions"] > 0)].tolist()
