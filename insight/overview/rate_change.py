"""Why a rate moved: how much of its change is another mix of groups, and how much other rates in the groups."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.language import _
from insight.log import Facts
from insight.overview import conversion, sales, traffic
from insight.overview.breakdown import Groups
from insight.overview.calendar import Calendar
from insight.overview.change import difference, mix_and_rate
from insight.overview.shared import Tally, merged, read_asked, told
from insight.overview.sums import Measure, Sums
from insight.tables.table import counted

COMPARED = ("before", "year_before")
TOLD = ("at", "left_out", "days_beyond", "data_start", "as_of", "dates_only", "period", "by", "week_start", "level")
OF_SESSIONS = {measure.name: measure for measure in traffic.MEASURES if measure.whole == "sessions"}
RATES = {
    "events": OF_SESSIONS | {"per_session": conversion.PER_SESSION},
    "orders": {measure.name: measure for measure in sales.MEASURES if measure.whole == "orders"},
}


@dataclass(frozen=True, eq=False)
class RateChange:
    """Result of :func:`rate_change`. Rates are shares of 0 to 1, or means (of money in units of `currency`).

    effects : one row a group, the largest effect first
        group             str    the value of the column
        n_before, n       int    sessions (or orders) of the group in the two periods
        weight_before, weight
                          float  the group's share of all of them
        rate_before, rate float  the group's rate; NA where it has none
        mix_effect        float  what the other weight does to the whole rate
        rate_effect       float  what the group's other rate does to it
        effect            float  both together
        difference        float  rate - rate_before
        difference_low, difference_high
                          float  its interval, customers being alike; NA below 10 customers
    rate_before, rate : of all groups together
    difference, difference_low, difference_high : how the whole rate changed, and the interval
    mix_effect, rate_effect : sums over the groups; together they are the difference
    n_before, n : sessions (or orders) in the two periods
    of : the name of the rate; kind : "share", "mean" or "price"; unit : "sessions" or "orders"; currency : of money
    at, before : first days of the periods compared
    left_out, days_beyond, data_start, as_of, dates_only, period, by, compare, week_start, level : as for `traffic`
    """

    effects: pd.DataFrame
    rate_before: float
    rate: float
    difference: float
    difference_low: float
    difference_high: float
    mix_effect: float
    rate_effect: float
    n_before: int
    n: int
    of: str
    kind: str
    unit: str
    currency: str | None
    at: str
    before: str
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    as_of: str
    dates_only: bool
    period: str
    by: str | dict
    compare: str
    week_start: str
    level: float


def rate_change(
    table,
    orders=None,
    *,
    by: str | dict = "channel",
    rate: str | None = None,
    goal: str | list | None = None,
    compare: str = "before",
    period: str = "month",
    at: str | None = None,
    session_gap: str | None = "30min",
    week_start: str = "MON",
    as_of: str | None = None,
    level: float = 0.95,
) -> RateChange:
    r"""Split the change of a rate into mix and rate effects of groups.

    With weights :math:`w` (shares of all sessions or orders) and rates :math:`r` of the groups g, the whole rate is
    :math:`R = \sum_g w_g r_g`. From one period (0) to the next (1)

    .. math::
        R_1 - R_0 = \sum_g
        \underbrace{(w_{1g} - w_{0g}) \Bigl(\frac{r_{0g} + r_{1g}}{2} - \frac{R_0 + R_1}{2}\Bigr)}_{\text{mix}}
        + \underbrace{(r_{1g} - r_{0g}) \frac{w_{0g} + w_{1g}}{2}}_{\text{rate}}

    exactly, with nothing left over. A group that is in one of the periods only is all mix. It is arithmetic: it says
    where the change is, not what brought it about.

    table : EventLog, or Orders; orders : with events, those that say which sessions convert where no `goal` does
    by : column of the groups: "channel", or {"column": "channel", "top": 10}
    rate : of events "per_session" (sessions that convert), "bounce_rate" or "pages_per_session"; of orders
        "average_order_value". None for the first of them that the tables can give
    goal : of "per_session" the events that convert; None for purchases in the orders
    compare : "before", with the period before, or "year_before"
    period, at, session_gap, week_start, as_of, level : as for `traffic`

    Raises NotEnoughData where one of the two periods is not complete, InsightError for a `goal`, `orders` beside orders
    or a `session_gap` that the rate does not use; else as `traffic`, `conversion` and `sales`.
    Source: Kitagawa 1955, JASA 50:1168 (components of a difference between two rates), in the symmetric form.

    >>> from insight import read_orders
    >>> table = pd.DataFrame({"order_id": list("abcd"), "customer_id": list("wxyz"), "amount": [10, 10, 12, 30],
    ...     "order_date": pd.to_datetime(["2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28"]),
    ...     "channel": ["ads", "ads", "ads", "tv"]})
    >>> found = rate_change(read_orders(table))
    >>> found.effects[["group", "mix_effect", "rate_effect"]], found.difference
    (  group  mix_effect  rate_effect
    0    tv        7.25          0.0
    1   ads        2.25          1.5, 11.0)
    """
    kind = counted(table, "rate_change", "events", "orders").kind
    given = {
        "by": by, "period": period, "at": at, "week_start": week_start, "as_of": as_of, "level": level,
        "measure": None, "notes": None,
    }  # fmt: skip
    if kind == "events":
        given |= {"session_gap": session_gap, "goal": goal, "lead": None, "page_events": None}
    name = rate_of(kind, rate, goal, orders)
    measure = RATES[kind].get(name)
    if measure is None:
        raise UnknownValue("rate", name, RATES[kind])
    if compare not in COMPARED:
        raise UnknownValue("compare", compare, COMPARED)
    if by is None:
        raise InsightError('Name the column whose groups are compared: by="channel".')
    _check_used(kind, name, goal, orders, session_gap)
    groups, tally = _counted(table, orders, name, given)
    currency = table.facts.one_currency() if kind == "orders" else None
    more = {"of": name, "kind": measure.kind, "unit": measure.whole, "currency": currency, "compare": compare}
    return _finish(tally, table.facts, given, groups, measure, more)


def rate_of(kind: str, rate: str | None, goal: object, orders: object) -> str:
    """The name of the rate: the one asked for, else the first that the tables can give."""
    if rate is not None:
        return rate
    if kind == "orders":
        return "average_order_value"
    return "per_session" if goal is not None or orders is not None else "bounce_rate"


def _check_used(kind: str, name: str, goal: object, orders: object, session_gap: object) -> None:
    """Raises InsightError for what would be left unused: an answer must not look as if it had been."""
    if kind == "orders" and orders is not None:
        raise InsightError(
            "Two tables of orders: orders=... goes beside events. Leave it out, or give the events first."
        )
    if kind == "orders" and session_gap != "30min":
        raise InsightError(f"session_gap = {session_gap!r} is not used: orders have no sessions. Leave it out.")
    if goal is not None and name != "per_session":
        raise InsightError(
            f'goal = {goal!r} is not used for {name}: leave it out, or ask of events rate="per_session".'
        )


def _counted(table, orders, name: str, given: dict) -> tuple[Groups, Tally]:
    """The sums by group: those of sales, of conversion or of traffic."""
    facts = table.facts
    if table.kind == "orders":
        facts.one_currency()
        groups = sales.order_groups(table, facts, given)
        count, columns = partial(sales.sales_tally, groups=groups), sales.columns_of(given, facts)
    else:
        groups, columns = traffic.session_groups(table, facts, given), traffic.columns_of(given, facts)
        count = partial(traffic.traffic_tally, groups=groups)
        if name == "per_session":
            bought = conversion.bought_by(orders, given, facts)
            count = partial(conversion.conversion_tally, groups=groups, bought=bought)
    return groups, table.tally(partial(count, facts=facts, settings=given), merged, columns=columns)


def _finish(tally: Tally, facts: Facts, given: dict, groups: Groups, measure: Measure, more: dict) -> RateChange:
    asked = read_asked(traffic.own_settings(given), facts, (measure,), groups)
    row = COMPARED.index(more["compare"])
    calendar, other = asked.calendar, asked.calendar.compared[row]
    if other is None:
        raise _nothing_to_compare(calendar, row)
    scale = 10**facts.decimals if measure.kind == "price" else 1
    whole = [float(own[0]) / scale for own in difference(tally.all, measure, calendar.focus, other, row, asked.level)]
    effects = _effects(tally.groups, measure, (other, calendar.focus), groups.labels, scale)
    steps = difference(tally.groups, measure, calendar.focus, other, row, asked.level)
    for name, step in zip(("difference", "difference_low", "difference_high"), steps, strict=True):
        effects[name] = step / scale
    order = effects["effect"].abs().sort_values(ascending=False, kind="stable").index
    part, n = (tally.all.totals[name][[other, calendar.focus], 0] for name in (measure.part, measure.whole))
    rates, said = part / scale / np.maximum(n, 1), told(asked, facts, given, tally.counts["left_out"])
    return RateChange(
        effects=effects.loc[order].reset_index(drop=True),
        rate_before=float(rates[0]),
        rate=float(rates[1]),
        **dict(zip(("difference", "difference_low", "difference_high"), whole, strict=True)),
        mix_effect=float(effects["mix_effect"].sum()),
        rate_effect=float(effects["rate_effect"].sum()),
        n_before=int(n[0]),
        n=int(n[1]),
        before=calendar.days[other],
        **{name: said[name] for name in TOLD},
        **more,
    )


def _nothing_to_compare(calendar: Calendar, row: int) -> NotEnoughData:
    if calendar.cut[calendar.focus]:
        return NotEnoughData(
            _("The period that is looked at is not complete, so it cannot be compared: choose another.")
        )
    earlier = _("before it"), _("a year before it")
    return NotEnoughData(
        _("There is no complete period {when} in the data: choose a later or a shorter one.", when=earlier[row])
    )


def _effects(sums: Sums, measure: Measure, periods: tuple[int, int], labels: list[str], scale: float) -> pd.DataFrame:
    """Mix and rate effect of each group, from period to period."""
    parts, n = (sums.totals[name][list(periods)] for name in (measure.part, measure.whole))
    if not n.sum(axis=1).all():
        raise NotEnoughData(_("In one of the two periods there is nothing to compare."))
    mix, rate = mix_and_rate(parts / scale, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = parts / n / scale
    weights = n / n.sum(axis=1, keepdims=True)
    columns = {"group": labels, "n_before": n[0], "n": n[1], "weight_before": weights[0], "weight": weights[1]}
    columns |= {"rate_before": rates[0], "rate": rates[1], "mix_effect": mix, "rate_effect": rate, "effect": mix + rate}
    return pd.DataFrame(columns).astype({"group": "str"})
