"""What cohorts bring in, in words: revenue per customer, the average order, and payback."""

from datetime import date

import pandas as pd

from insight.explain.cohorts_notes import nobody
from insight.explain.notes import row_notes
from insight.language import _, _n, confidence, count, day, money, percent
from insight.retention import ENOUGH, TOO_FEW
from insight.retention.revenue import CohortRevenue
from insight.retention.words import customers, period_name

STILL_MANY = 0.5  # of the customers of the first period: so many have to have come to the later one that is named


def cohort_revenue_reading(result: CohortRevenue) -> str:
    """What cohorts bring in, as Markdown: revenue per customer, the average order, payback; then what to know."""
    notes = " ".join([*_revenue_notes(result), *row_notes(result)])
    rows = result.average[result.average["n_customers"] > 0]
    if rows.empty:
        said = _("No period is over yet, so there is nothing to add up.") if result.started else nobody(result)
        return f"{said}\n\n{notes}".strip()
    first = rows.iloc[0]
    if first["n_customers"] < TOO_FEW:
        few = _(
            "{customers} have come to the end of a period: too few to say what one brings in.",
            customers=customers(int(first["n_customers"])),
        )
        return f"{few}\n\n{notes}".strip()
    return " ".join([_brought_in(result, rows), _orders(result, rows), *_payback(result)]) + "\n\n" + notes


def cohort_revenue_caption(result: CohortRevenue) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("Revenue per customer by {start}", start=_plain_start(result)),
        {"calendar": _("by the calendar"), "rolling": _("from each customer’s own start")}[result.clock],
        customers(result.started),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
    ]
    return " · ".join(said)


def _plain_start(result: CohortRevenue) -> str:
    words = {"day": _("day"), "week": _("week"), "month": _("month")}
    return _("{period} of the first purchase", period=words[result.period])


def _brought_in(result: CohortRevenue, rows: pd.DataFrame) -> str:
    many = rows[rows["n_customers"] >= max(ENOUGH, STILL_MANY * rows["n_customers"].iloc[0])]
    first, last = rows.iloc[0], (many if len(many) else rows).iloc[-1]
    name, currency = "cumulative_revenue_per_customer", result.currency
    values = {"amount": money(first[name], currency), "customers": customers(int(first["n_customers"]))}
    start = _(
        "A customer brings in **{amount}** by the end of {period} ({customers}).",
        **values,
        period=period_name(result, int(first["period"])),
    )
    if last["period"] == first["period"]:
        return start
    values = {"amount": money(last[name], currency), "period": period_name(result, int(last["period"]))}
    values |= {"low": money(last["ci_low"]), "high": money(last["ci_high"]), "level": confidence(result.level)}
    later = _("By the end of {period} it is **{amount}** ({level} interval {low} to {high}).", **values)
    return f"{start} {later}"


def _orders(result: CohortRevenue, rows: pd.DataFrame) -> str:
    known = rows[rows["orders"] > 0]
    orders, spent = int(known["orders"].sum()), float((known["aov"] * known["orders"]).sum())
    if not orders:
        return ""
    return _(
        "Over all of it an order comes to {aov} on average ({orders} orders).",
        aov=money(spent / orders, result.currency),
        orders=count(orders),
    )


def _payback(result: CohortRevenue) -> list[str]:
    """When what a customer costs has come back."""
    found = result.payback
    if found is None:
        return []
    values = {"margin": percent(found.margin, 0), "cost": money(found.acquisition_cost, result.currency)}
    if found.period is None:
        values |= {
            "period": period_name(result, found.last_period),
            "so_far": money(found.margin_so_far, result.currency),
        }
        return [
            _(
                "At a margin of {margin} a cost of {cost} a customer is **not paid back** by the end of {period}, "
                "the last that is observed: the margin is {so_far} then.",
                **values,
            )
        ]
    values["period"] = period_name(result, found.period)
    said = _("At a margin of {margin} a cost of {cost} a customer is paid back by the end of **{period}**", **values)
    if found.earliest == found.latest:
        return [_("{said}.", said=said)]
    early = period_name(result, found.earliest)
    if found.latest is None:
        return [_("{said}; it could be {early}, or later than the data.", said=said, early=early)]
    return [_("{said}; it could be {early} to {late}.", said=said, early=early, late=period_name(result, found.latest))]


def _revenue_notes(result: CohortRevenue) -> list[str]:
    said = [_("Revenue is what was paid less refunds, of cohorts whose period is over; increments are added up.")]
    refunds = float(result.cells["refunds"].sum())
    if refunds:
        said.append(_("Refunds of {amount} are taken off.", amount=money(refunds, result.currency)))
    if result.before_start:
        n = count(result.before_start)
        said.append(
            _n(
                "{n} order or refund before a customer’s start is not counted.",
                "{n} orders or refunds before a customer’s start are not counted.",
                result.before_start,
                n=n,
            )
        )
    if result.without_purchase:
        n = customers(result.without_purchase)
        said.append(_n("{n} never bought.", "{n} never bought.", result.without_purchase, n=n))
    if result.guarded:
        said.append(_("{n} are left out by the guard.", n=customers(result.guarded)))
    said.append(_("What customers cost, and what they will buy after the data end, is not in it."))
    return said
