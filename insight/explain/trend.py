"""The funnel over time in words."""

from datetime import date

import pandas as pd

from insight.explain.counting import way_through
from insight.explain.notes import data_notes, entry_dates, nobody, when, within
from insight.funnel import ENOUGH, TOO_FEW
from insight.funnel.trend import FunnelTrend
from insight.language import (
    _,
    _n,
    chance,
    confidence,
    count,
    day,
    interval,
    percent,
    plain,
    points,
    points_interval,
)


def funnel_trend_reading(result: FunnelTrend) -> str:
    """What a trend says, as Markdown: a first paragraph with the answer, a second with what to know about it.

    The answer is the last finished period against the one before it, with the interval of the difference, and whether
    all finished periods differ more than chance would have it. Unfinished periods take no part.
    """
    if not result.entered:
        return nobody(result, _first(result))
    finished = result.periods[result.periods["observed"] == "full"]
    answer = _answer(result, finished) + _all_together(result, finished)
    notes = [_counting(result), *_unfinished(result), *entry_dates(result), *data_notes(result)]
    return " ".join(answer) + "\n\n" + " ".join(notes)


def funnel_trend_caption(result: FunnelTrend) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    values = {"first": result.steps["step"].iloc[0], "last": result.goal, "within": within(result.within)}
    said = [
        way_through(result.order, _levels(result), **values),
        _("first attempt"),
        {"day": _("by day"), "week": _("by week"), "month": _("by month")}[result.period],
        _n("{n} customer", "{n} customers", result.entered, n=count(result.entered)),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
    ]
    return " · ".join(said)


def _answer(result: FunnelTrend, finished: pd.DataFrame) -> list[str]:
    """The last finished period, and how it compares with the one before."""
    if finished.empty:
        return [_none_finished(result)]
    last = finished.iloc[-1]
    values = {"n": count(last["entered"]), "when": when(result, last["period"]), "all": _levels(result)}
    values |= {"first": _first(result), "last": plain(result.goal), "within": within(result.within)}
    if last["entered"] < TOO_FEW:
        return [_too_few(result, int(last["entered"]), values)]
    values |= {"rate": percent(last["overall_conversion"]), "level": confidence(result.level)}
    values |= {"interval": interval(last["ci_low"], last["ci_high"])}
    return [_headline(result, values), *_small(last), _comparison(result, last)]


def _headline(result: FunnelTrend, values: dict[str, object]) -> str:
    match result.order:
        case "any":
            return _(
                "**{rate}** of {n} customers who did the first of the {all} steps {when} did all of them {within} "
                "({level} interval {interval}).",
                **values,
            )
        case "open":
            return _(
                "**{rate}** of {n} customers who first entered, at any step, {when} got to **{last}** {within} "
                "({level} interval {interval}).",
                **values,
            )
        case _ordered:
            return _(
                "**{rate}** of {n} customers who first did **{first}** {when} went on to **{last}** {within} "
                "({level} interval {interval}).",
                **values,
            )


def _too_few(result: FunnelTrend, n: int, values: dict[str, object]) -> str:
    if result.order in ("any", "open"):
        return _n(
            "{n} customer entered, at any step, {when}, the last finished period: too few for a rate.",
            "{n} customers entered, at any step, {when}, the last finished period: too few for a rate.",
            n,
            **values,
        )
    return _n(
        "{n} customer first did **{first}** {when}, the last finished period: too few for a rate.",
        "{n} customers first did **{first}** {when}, the last finished period: too few for a rate.",
        n,
        **values,
    )


def _small(last: pd.Series) -> list[str]:
    if last["entered"] >= ENOUGH:
        return []
    return [_("This is a small sample, fewer than {enough} customers.", enough=ENOUGH)]


def _comparison(result: FunnelTrend, last: pd.Series) -> str:
    """The last finished period against the one before: more, less, or not to be told."""
    rows = result.periods
    before = rows[rows["period"] < last["period"]].tail(1).squeeze()
    if before.empty or before["observed"] != "full":
        return _("There is nothing to compare it with: {before} is not complete.", before=_before(result))
    values = {"before": _before(result), "n": count(before["entered"])}
    if before["entered"] < TOO_FEW:
        return _("There is nothing to compare it with: too few came {before} ({n}).", **values)
    difference, low, high = last["difference"], last["difference_low"], last["difference_high"]
    values |= {"rate": percent(before["overall_conversion"]), "points": points(abs(difference)).lstrip("+")}
    values |= {"level": confidence(result.level), "interval": points_interval(low, high)}
    if low > 0:
        return _(
            "That is **{points} points more** than {before} ({rate} of {n}); the {level} interval of the difference is "
            "{interval}.",
            **values,
        )
    if high < 0:
        return _(
            "That is **{points} points less** than {before} ({rate} of {n}); the {level} interval of the difference is "
            "{interval}.",
            **values,
        )
    return _(
        "Against {before} ({rate} of {n}) the difference has a {level} interval of {interval}: it includes 0, so the "
        "data cannot tell whether the rate changed.",
        **values,
    )


def _all_together(result: FunnelTrend, finished: pd.DataFrame) -> list[str]:
    """All finished periods: their rate, and whether they have one."""
    came = finished[finished["entered"] > 0]
    if len(came) < 2 or came["entered"].sum() < TOO_FEW:
        return []
    values = {"periods": _finished(result, len(came)), "rate": percent(result.overall_conversion)}
    if result.p_value != result.p_value:
        return [_("Over all {periods} the rate is {rate}.", **values)]
    values |= {"p": chance(result.p_value)}
    if result.p_value < 1 - result.level:
        sentence = _(
            "Over all {periods} the rate is {rate}; they differ more than chance would have it (chi-square test, "
            "p {p}).",
            **values,
        )
    else:
        sentence = _(
            "Over all {periods} the rate is {rate}; they differ no more than chance would have it (chi-square test, "
            "p {p}).",
            **values,
        )
    return [sentence]


def _before(result: FunnelTrend) -> str:
    return {"day": _("the day before"), "week": _("the week before"), "month": _("the month before")}[result.period]


def _finished(result: FunnelTrend, n: int) -> str:
    match result.period:
        case "day":
            return _n("{n} finished day", "{n} finished days", n, n=count(n))
        case "week":
            return _n("{n} finished week", "{n} finished weeks", n, n=count(n))
        case _month:
            return _n("{n} finished month", "{n} finished months", n, n=count(n))


def _none_finished(result: FunnelTrend) -> str:
    if result.order in ("any", "open"):
        return _(
            "No period is finished: one is when it lies in the data and everyone who came in it has had the whole time "
            "({within} of the entry).",
            within=within(result.within),
        )
    return _(
        "No period is finished: one is when it lies in the data and everyone who came in it has had the whole time "
        "({within} of **{first}**).",
        within=within(result.within),
        first=_first(result),
    )


def _counting(result: FunnelTrend) -> str:
    return _(
        "Each customer counts once, with the first attempt, in the period of the first entry: the best of several "
        "attempts would favour older periods, with more time for more tries."
    )


def _unfinished(result: FunnelTrend) -> list[str]:
    """Which periods have no rate, and why."""
    rest = result.periods[result.periods["observed"] != "full"]
    cut, open_ = rest[rest["cut"] != ""], rest[rest["cut"] == ""]
    said = []
    if len(cut):
        said.append(
            _n(
                "{n} period reaches beyond the days of the data or of the choice, and has no rate.",
                "{n} periods reach beyond the days of the data or of the choice, and have no rate.",
                len(cut),
                n=count(len(cut)),
            )
        )
    if len(open_):
        said.append(
            _n(
                "{n} period has customers who still have time, and no rate yet.",
                "{n} periods have customers who still have time, and no rate yet.",
                len(open_),
                n=count(len(open_)),
            )
        )
    return said


def _first(result: FunnelTrend) -> str:
    return plain(result.steps["step"].iloc[0])


def _levels(result: FunnelTrend) -> int:
    """How many steps there are."""
    return result.steps["step"].nunique()
