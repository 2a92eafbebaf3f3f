"""Churn by contract in words."""

from datetime import date

from insight.churn import ENOUGH, TOO_FEW
from insight.churn.survival import FEWEST_PERIODS, Survival
from insight.churn.words import expected_life_text, period_name, time_text
from insight.explain.cards import Card
from insight.language import _, _n, chance, confidence, count, day, interval, percent, plain

UNITS = {"day": _("day"), "week": _("week"), "month": _("month")}
REASONS = {  # why contracts are not counted
    "without a start": lambda n: _n("{n} has no start or length that can be read", "{n} have no start or length that "
                                    "can be read", n, n=count(n)),
    "after the last day": lambda n: _n("{n} begins after the last day", "{n} begin after the last day", n, n=count(n)),
    "ended before": lambda n: _n("{n} ends before it begins", "{n} end before they begin", n, n=count(n)),
}  # fmt: skip


def survival_reading(result: Survival) -> str:
    """What it says, as Markdown: how long contracts last, the latest churn, the groups, what to know.

    With fewer than 10 contracts there are counts and no rates; with fewer than 30 a warning. A length of life is made
    of the churn only from three full periods on, and said to be a guess.
    """
    answer = [_over(result), _median(result), *_latest(result)]
    notes = [*_sample(result), *_life(result), *_left_out(result)]
    return "\n\n".join(filter(None, [" ".join(answer), _groups(result), " ".join(notes)]))


def _contracts(n: int) -> str:
    return _n("{n} contract", "{n} contracts", n, n=count(n))


def _over(result: Survival) -> str:
    values = {"contracts": _contracts(result.n_customers), "n": count(result.ended)}
    if result.kind == "events":
        values |= {"start": _named(result.start), "end": _named(result.end)}
        return _("Of {contracts} that began with {start}, **{n}** ended with {end}.", **values)
    if not result.ended:
        return _("None of {contracts} has ended.", **values)
    return _("Of {contracts}, **{n}** have ended.", **values)


def _named(events: str | list) -> str:
    names = [events] if isinstance(events, str) else events
    return " / ".join(f"**{plain(name)}**" for name in names)


def _median(result: Survival) -> str:
    if result.n_customers < TOO_FEW or not result.ended:
        return ""
    if result.median_time == result.median_time:
        values = {"time": time_text(result, result.median_time), "level": confidence(result.level)}
        if result.median_high == result.median_high and result.median_low == result.median_low:
            ends = {"low": count(result.median_low), "high": count(result.median_high)}
            return _("Half last longer than **{time}** ({level} interval {low} to {high}).", **values, **ends)
        return _("Half last longer than **{time}**.", **values)
    last = result.curve.iloc[-1]
    values = {"time": time_text(result, last["time"]), "rate": percent(last["survival"])}
    values |= {"level": confidence(result.level), "interval": interval(last["ci_low"], last["ci_high"])}
    return _(
        "More than half last longer than the data shows: **{rate}** are still there after {time} ({level} interval "
        "{interval}). A median life is not known.",
        **values,
    )


def _latest(result: Survival) -> list[str]:
    """The churn of the latest full period of the calendar, or of the first month of a contract's age."""
    least = TOO_FEW if result.dated else ENOUGH  # of many ages the one with the fewest left would look worst by chance
    full = result.periods[(result.periods["observed"] == "full") & (result.periods["active"] >= least)]
    if full.empty:
        return []
    row = full.iloc[-1] if result.dated else full.loc[full["churn"].idxmax()]
    values = {
        "period": period_name(result, row["period"]), "rate": percent(row["churn"]), "lost": count(row["lost"]),
        "active": count(row["active"]), "interval": interval(row["ci_low"], row["ci_high"]),
    }  # fmt: skip
    if result.dated:
        return [
            _("Churn in {period}: {lost} of {active} that were running when it began, {rate} ({interval}).", **values)
        ]
    if not row["lost"]:
        return []
    time = time_text(result, row["period"])
    return [_("The risk is highest at {time}: {lost} of {active} end there, {rate} ({interval}).", time=time, **values)]


def _groups(result: Survival) -> str:
    if result.groups is None:
        return ""
    if result.p_value != result.p_value:
        return _("The groups cannot be told apart: too little has ended.")
    p = chance(result.p_value)
    if result.p_value > 1 - result.level:
        return _("The groups do not differ by more than chance would make them (log-rank test, p {p}).", p=p)
    said = [_("The groups differ by more than chance (log-rank test, p {p}).", p=p)]
    known = result.groups[result.groups["median_time"].notna()]
    for row in known.head(3).itertuples():
        words = _("Half of **{group}** last longer than {time}.", group=plain(row.group),
                  time=time_text(result, row.median_time))  # fmt: skip
        said.append(words)
    said.append(_("They were not drawn by lot: that a group lasts longer does not say why."))
    return " ".join(said)


def _sample(result: Survival) -> list[str]:
    if result.n_customers < TOO_FEW:
        return [_("With fewer than {few} contracts there are counts and no rates.", few=TOO_FEW)]
    if result.n_customers < ENOUGH:
        return [_("This is a small sample, fewer than {n} contracts: read the interval, not the rate.", n=ENOUGH)]
    return []


def _life(result: Survival) -> list[str]:
    """What 1 / churn would say, and whether it may."""
    if result.full_periods < FEWEST_PERIODS:
        return [
            _(
                "Fewer than {n} full periods: 1 / churn would be no length of life, so none is given.",
                n=count(FEWEST_PERIODS),
            )
        ]
    if result.expected_life != result.expected_life:
        return [_("Nothing was lost in a full period, so no length of life follows from the churn.")]
    values = {
        "n": count(result.full_periods),
        "rate": percent(result.mean_churn, 2),
        "life": expected_life_text(result),
    }
    guess = _("Were it the same for everyone and for ever, a contract would last {life} on average; it is not, so read "
              "the curve.", **values)  # fmt: skip
    if result.dated:
        return [_("Over {n} full periods together churn was {rate}.", **values), guess]
    return [_("At all ages together churn was {rate} a {unit}.", unit=UNITS[result.unit], **values), guess]


def _left_out(result: Survival) -> list[str]:
    said = [words(result.left_out[why]) for why, words in REASONS.items() if result.left_out.get(why)]
    if result.kind == "events" and result.left_out.get("without a start"):
        said[0] = _n("{n} customer never began", "{n} customers never began", result.left_out["without a start"],
                     n=count(result.left_out["without a start"]))  # fmt: skip
    return [_("Not counted: {what}.", what="; ".join(said))] if said else []


def survival_caption(result: Survival) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [_("Kaplan-Meier"), _contracts(result.n_customers), _("{n} ended", n=count(result.ended))]
    if result.dated:
        said.append(_("up to {day}", day=day(date.fromisoformat(result.as_of))))
    return " · ".join(said)


def survival_card(result: Survival) -> Card:
    """The definition of survival and of churn by period."""
    formula = r"\hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr)"
    sentences = [
        _("Counted: at each time t, the d contracts that end among the n that lasted so long."),
        _("Contracts that still run count up to {last}, and say nothing after it.",
          last=day(date.fromisoformat(result.as_of)) if result.dated else _("their length so far")),
    ]  # fmt: skip
    full = result.periods[(result.periods["observed"] == "full") & (result.periods["active"] >= TOO_FEW)]
    if len(full):
        row = full.iloc[-1]
        rate = percent(row["churn"]).replace("%", r"\%")
        numbers = [count(row[name]).replace(",", "{,}") for name in ("lost", "active")]
        formula += rf" \qquad \text{{churn}} = \frac{{{numbers[0]}}}{{{numbers[1]}}} = {rate}"
        name = period_name(result, row["period"])
        words = _("Churn, here in {period}: those lost in it among those running when it began.", period=name)
        if not result.dated:
            words = _("Churn, here at the age of {time}: those that end at it among those that reached it.",
                      time=time_text(result, row["period"]))  # fmt: skip
        sentences.append(words)
    sentences.append(_("Retention is 1 - churn, of the same contracts."))
    source = _("Kaplan & Meier 1958, JASA 53; log-log interval; Mantel 1966, Cancer Chemotherapy Reports 50.")
    return Card(_("Survival of contracts"), formula, tuple(sentences), source, "insight.churn.survival.survival")
