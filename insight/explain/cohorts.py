"""Retention in words: how many come back, how it goes on, and which cohorts differ."""

from datetime import date

import pandas as pd

from insight.explain.cohorts_notes import counted_by, nobody, retention_notes
from insight.explain.notes import row_notes
from insight.language import _, _n, confidence, count, day, interval, percent, plain, points
from insight.retention import ENOUGH, TOO_FEW, Retention
from insight.retention.words import (
    ALIASES,
    CRITERION_NAMES,
    cohort_name,
    customers,
    period_name,
)

STILL_MANY = 0.5  # of the customers of the first period: so many have to have come to a later one that is named
SAME = 0.0005  # rates closer than this show as the same
DEFAULT_OF = {"on": "PostHog, GA4", "on_or_after": "Mixpanel, Amplitude"}


def retention_reading(result: Retention) -> str:
    """What cohorts say, as Markdown: a first paragraph with the answer, a second with what to know about it."""
    notes = " ".join([*retention_notes(result), *row_notes(result)])
    if not result.started:
        return f"{nobody(result)}\n\n{notes}".strip()
    rows = result.average[(result.average["period"] > 0) & (result.average["n_customers"] > 0)]
    if rows.empty:
        return f"{_nothing_over(result)}\n\n{notes}".strip()
    first = rows.iloc[0]
    if first["n_customers"] < TOO_FEW:
        return f"{_too_few(result, first)}\n\n{notes}".strip()
    answer = [
        _headline(result, first),
        *_small(first),
        *_later(result, rows),
        *_rising(result),
        *_cohorts(result, first),
    ]
    return " ".join(answer) + "\n\n" + notes


def retention_criteria(result: Retention, at: int) -> str:
    """The rate of a period by every criterion, for the same customers, as a line of Markdown; "" without one."""
    rows = result.criteria[(result.criteria["period"] == at) & (result.criteria["n_customers"] >= TOO_FEW)]
    rates = dict(rows[["criterion", "retention"]].itertuples(index=False))
    if result.criterion not in rates or at < 1:
        return ""
    ours = _(
        "In {period}: **{rate}** {criterion}",
        period=period_name(result, at),
        rate=percent(rates[result.criterion]),
        criterion=CRITERION_NAMES[result.criterion],
    )
    others = [_other(name, rate) for name, rate in rates.items() if abs(rate - rates[result.criterion]) >= SAME]
    if not others:
        return _("{ours}; by every other definition the same.", ours=ours)
    return _("{ours}. The same customers by another definition: {others}.", ours=ours, others=", ".join(others))


def _other(criterion: str, rate: float) -> str:
    """A rate by another criterion, with whose default it is."""
    values = {"rate": percent(rate), "criterion": CRITERION_NAMES[criterion]}
    if criterion not in DEFAULT_OF:
        return _("{rate} {criterion}", **values)
    return _("{rate} {criterion} (default of {tools})", **values, tools=DEFAULT_OF[criterion])


def aliases() -> str:
    """What other tools call each criterion, and where one word means two things, as Markdown."""
    named = "; ".join(f"**{CRITERION_NAMES[name]}**: {alias}" for name, alias in ALIASES.items())
    warning = _(
        "“Rolling” means on or after in PostHog, in each period until then in GA4 and Adobe, and in Mixpanel "
        "that periods are counted from each customer’s own start."
    )
    return f"{named}. {warning}"


def retention_caption(result: Retention) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        counted_by(result),
        CRITERION_NAMES[result.criterion],
        {"calendar": _("by the calendar"), "rolling": _("from each customer’s own start")}[result.clock],
        customers(result.started),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
    ]
    return " · ".join(said)


def _nothing_over(result: Retention) -> str:
    shorter = {"day": "", "week": _(" Days would be over sooner."), "month": _(" Weeks would be over sooner.")}
    first = period_name(result, result.bracket[1] if result.bracket else 1)
    said = _(
        "{customers} started, but {period} is not over for any cohort: who comes back is not known yet.",
        customers=customers(result.started),
        period=first,
    )
    return said + shorter[result.period]


def _too_few(result: Retention, row) -> str:
    values = {"customers": customers(int(row["n_customers"])), "period": period_name(result, int(row["period"]))}
    values["n"] = count(row["retained"])
    return _("{customers} have lived to the end of {period}, {n} of them are retained: too few for a rate.", **values)


def _did(result: Retention, k: int) -> str:
    """What retained customers did, by the criterion."""
    when = period_name(result, k)
    bought, came = {
        "on": (_("bought again in {period}", period=when), _("came back in {period}", period=when)),
        "on_or_after": (
            _("bought again in {period} or later", period=when),
            _("came back in {period} or later", period=when),
        ),
        "on_or_before": (
            _("bought again by the end of {period}", period=when),
            _("came back by the end of {period}", period=when),
        ),
        "streak": (
            _("bought in every period up to {period}", period=when),
            _("came back in every period up to {period}", period=when),
        ),
        "bracket": (_("bought again in {period}", period=when), _("came back in {period}", period=when)),
    }[result.criterion]
    return bought if result.kind == "orders" and result.returns is None else came


def _headline(result: Retention, row) -> str:
    k, n = int(row["period"]), int(row["n_customers"])
    values = {"customers": customers(n), "did": _did(result, k), "level": confidence(result.level)}
    values |= {"rate": percent(row["retention"]), "interval": interval(row["ci_low"], row["ci_high"])}
    if result.cohort == "recurring":
        words = {
            "day": _("After **{rate}** of {n} active days the customer {did}.", n=count(n), **values),
            "week": _("After **{rate}** of {n} active weeks the customer {did}.", n=count(n), **values),
            "month": _("After **{rate}** of {n} active months the customer {did}.", n=count(n), **values),
        }
        return words[result.period]
    if row["retained"] == 0:
        return _("**None** of {customers} {did} ({level} interval {interval}).", **values)
    if row["retained"] == n:
        return _("**All** {customers} {did} ({level} interval {interval}).", **values)
    return _("**{rate}** of {customers} {did} ({level} interval {interval}).", **values)


def _small(row) -> list[str]:
    return [_("A small sample.")] if row["n_customers"] < ENOUGH else []


def _later(result: Retention, rows: pd.DataFrame) -> list[str]:
    """The last period to which many of the customers have come."""
    many = rows[rows["n_customers"] >= max(ENOUGH, STILL_MANY * rows["n_customers"].iloc[0])]
    if len(many) < 2:
        return []
    row = many.iloc[-1]
    values = {"rate": percent(row["retention"]), "n": count(row["n_customers"])}
    return [_("For {period} it is **{rate}** of {n}.", period=period_name(result, int(row["period"])), **values)]


def _rising(result: Retention) -> list[str]:
    if result.criterion != "on_or_after":
        return []
    return [_("These rates go on rising while time passes, those of recent cohorts most.")]


def _cohorts(result: Retention, row) -> list[str]:
    """Which cohorts differ from all others in the first period."""
    cells = result.cells[(result.cells["period"] == row["period"]) & (result.cells["observed"] == "full")]
    cells = cells[(cells["n_customers"] >= TOO_FEW) & cells["difference"].notna()]
    if len(cells) < 2:
        return []
    clear = cells[(cells["difference_low"] > 0) | (cells["difference_high"] < 0)]
    values = {"all": count(len(cells)), "period": period_name(result, int(row["period"]))}
    if clear.empty:
        return [_("Of {all} cohorts none differs clearly from the others in {period}.", **values)]
    most = clear.loc[clear["difference"].abs().idxmax()]
    values |= {"cohort": plain(cohort_name(result, most["cohort"])), "rate": percent(most["retention"])}
    values |= {"points": points(most["difference"]), "n": count(len(clear))}
    return [
        _n(
            "Of {all} cohorts {n} differs clearly from the others in {period}: **{cohort}** with {rate} ({points} "
            "points). Among so many, chance alone can be it.",
            "Of {all} cohorts {n} differ clearly from the others in {period}, most of all **{cohort}** with {rate} "
            "({points} points). About one in twenty does by chance alone.",
            len(clear),
            **values,
        )
    ]
