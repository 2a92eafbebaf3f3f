"""What a point would be worth, in words."""

from datetime import date

import pandas as pd

from insight.explain.notes import data_notes, entry_dates, within
from insight.funnel import ENOUGH, TOO_FEW
from insight.funnel.worth import FunnelWorth
from insight.language import _, _n, confidence, count, day, decimal, money, percent, plain


def funnel_worth_reading(result: FunnelWorth) -> str:
    """Which step to look at first, as Markdown: what a point there brings, which steps are as good, and the caveat."""
    if result.n < TOO_FEW:
        return _n(
            "{n} customer is too few to say what a point would bring.",
            "{n} customers are too few to say what a point would bring.",
            result.n,
            n=count(result.n),
        )
    notes = [*_value(result), *_small(result), *_still_open(result), *entry_dates(result), *data_notes(result)]
    if not result.completions:
        answer = [_("Nobody reached **{last}**, so what more customers at an earlier step would bring is not known.",
                    last=plain(result.steps["step"].iloc[-1]))]  # fmt: skip
    elif not result.first:
        answer = [_("Everyone goes on at every step: there is nothing to add.")]
    else:
        answer = [_best(result), *_close(result), _caveat()]
    return " ".join(answer) + "\n\n" + " ".join(notes)


def funnel_worth_caption(result: FunnelWorth) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("{points} at each step to {last} {within}", points=_points(result), last=result.steps["step"].iloc[-1],
          within=within(result.within)),
        _n("{n} customer", "{n} customers", result.n, n=count(result.n)),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
        _("arithmetic, not a forecast"),
    ]  # fmt: skip
    return " · ".join(said)


def _best(result: FunnelWorth) -> str:
    best = _row(result, result.first[0])
    values = {
        "step": plain(best["step"]), "points": _points(result), "now": percent(best["step_conversion"]),
        "then": percent(best["step_conversion"] + best["points"] / 100), "n": count(result.n),
        "last": plain(result.steps["step"].iloc[-1]), "more": decimal(best["extra_completions"]),
        "level": confidence(result.level), "low": decimal(best["completions_low"]),
        "high": decimal(best["completions_high"]), "revenue": money(best["extra_revenue"], result.value.currency),
        "from": money(best["revenue_low"], result.value.currency),
        "to": money(best["revenue_high"], result.value.currency),
    }  # fmt: skip
    if best["extra_revenue"] == best["extra_revenue"]:
        return _(
            "{points} at **{step}** ({now} → {then}) would bring the most: {more} more of the {n} customers at "
            "**{last}**, worth **{revenue}** ({level} interval {from} to {to}).",
            **values,
        )
    if best["completions_low"] == best["completions_high"]:
        return _(
            "{points} at **{step}** ({now} → {then}) would bring the most: {more} more of the {n} customers at "
            "**{last}**.",
            **values,
        )
    return _(
        "{points} at **{step}** ({now} → {then}) would bring the most: {more} more of the {n} customers at **{last}** "
        "({level} interval {low} to {high}).",
        **values,
    )


def _close(result: FunnelWorth) -> list[str]:
    """Steps that the data cannot tell from the best."""
    others = result.first[1:]
    if not others:
        return []
    steps = ", ".join(f"**{plain(name)}**" for name in others)
    return [
        _n(
            "{steps} is too close to tell which of the two is better.",
            "{steps} are too close to tell which is best.",
            len(others),
            steps=steps,
        )
    ]


def _caveat() -> str:
    return _(
        "A point is worth most where the fewest go on. This is arithmetic, not a forecast: it takes the later steps to "
        "convert the newcomers as they convert the others now, and a point is not equally hard to win at every step."
    )


def _value(result: FunnelWorth) -> list[str]:
    """Where the amount of a completion comes from, or why there is none."""
    value = result.value
    amount = money(value.mean, value.currency)
    match value.origin:
        case "orders":
            return [
                _("A completion is worth {amount} on average: the first order in the time of the attempt, less refunds "
                  "({valued} of {n} have one).", amount=amount, valued=count(value.n_valued), n=count(value.n))
            ]  # fmt: skip
        case "value":
            return [
                _("A completion is worth {amount} on average: the value of the last event ({valued} of {n} have one).",
                  amount=amount, valued=count(value.n_valued), n=count(value.n))
            ]  # fmt: skip
        case "given":
            return [_("A completion is taken to be worth {amount}.", amount=amount)]
        case _none:
            return [_("What a completion is worth is not known: {why}", why=value.why)] if value.why else []


def _small(result: FunnelWorth) -> list[str]:
    if result.n >= ENOUGH:
        return []
    return [_("This is a small sample, fewer than {enough} customers: read the interval.", enough=ENOUGH)]


def _still_open(result: FunnelWorth) -> list[str]:
    if not result.still_open:
        return []
    return [
        _n(
            "{n} customer who still has time is not in it.",
            "{n} customers who still have time are not in it.",
            result.still_open,
            n=count(result.still_open),
        )
    ]


def _points(result: FunnelWorth) -> str:
    if result.points == 1:
        return _("One more point")
    return _("{points} more points", points=f"{result.points:g}")


def _row(result: FunnelWorth, step: str) -> pd.Series:
    return result.steps[result.steps["step"] == step].iloc[0]
