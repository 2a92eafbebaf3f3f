"""Churn without a contract in words."""

from datetime import date

from insight.churn import ENOUGH, TOO_FEW, Churn
from insight.explain.cards import Card
from insight.explain.notes import row_notes
from insight.language import _, _n, confidence, count, day, interval, percent, plain

FEWEST_SHOWN = 2  # groups with a rate, for a sentence on them


def churn_reading(result: Churn) -> str:
    """What it says, as Markdown: how many are silent and how often a silence is no farewell; groups; what to know.

    With fewer than 10 customers there are counts and no rates; with fewer than 30 a warning.
    """
    answer = [_silent_now(result), _came_back(result)]
    notes = [*_sample(result), _proposal(result), *_too_new(result), *_activity(result), *row_notes(result)]
    return "\n\n".join(filter(None, [" ".join(answer), _groups(result), " ".join(notes)]))


def days_text(n: int) -> str:
    """A number of days, in words."""
    return _n("{n} day", "{n} days", n, n=count(n))


def _customers(n: int) -> str:
    return _n("{n} customer", "{n} customers", n, n=count(n))


def _last_day(result: Churn) -> str:
    return day(date.fromisoformat(result.as_of))


def _silent_now(result: Churn) -> str:
    values = {
        "day": _last_day(result), "n": count(result.inactive), "customers": _customers(result.n_customers),
        "days": days_text(result.silent_days), "rate": percent(result.inactive_share),
        "level": confidence(result.level), "interval": interval(result.ci_low, result.ci_high),
    }  # fmt: skip
    if not result.inactive:
        return _("On {day} none of {customers} had been silent for {days}.", **values)
    if result.n_customers < TOO_FEW:
        return _("On {day} **{n}** of {customers} had been silent for {days} or more.", **values)
    return _(
        "On {day} **{rate}** of {customers} had been silent for {days} or more ({level} interval {interval}).", **values
    )


def _came_back(result: Churn) -> str:
    values = {
        "days": days_text(result.silent_days), "more": days_text(result.horizon_days), "n": count(result.came_back),
        "customers": _customers(result.silent), "rate": percent(result.came_back_share),
        "interval": interval(result.came_back_low, result.came_back_high),
    }  # fmt: skip
    if not result.silent:
        return _(
            "Nobody was silent for {days} so early that {more} more could be watched: how many come back after so long "
            "is not known. Choose fewer days.",
            **values,
        )
    if result.silent < TOO_FEW:
        return _("Of {customers} who were ever silent for {days}, {n} came back within {more} more.", **values)
    return _(
        "That is not always a farewell: of {customers} who were ever silent for {days}, **{rate}** came back within "
        "{more} more ({interval}).",
        **values,
    )


def _groups(result: Churn) -> str:
    """The groups furthest apart, among those with enough customers."""
    if result.groups is None:
        return ""
    rated = result.groups[result.groups["n_customers"] >= ENOUGH]
    if len(rated) < FEWEST_SHOWN:
        return _("No two groups have {enough} customers or more: they cannot be compared.", enough=ENOUGH)
    low, high = (rated.loc[pick] for pick in (rated["inactive_share"].idxmin(), rated["inactive_share"].idxmax()))
    values = {"low": plain(low["group"]), "high": plain(high["group"])}
    rates = {"least": percent(low["inactive_share"]), "most": percent(high["inactive_share"])}
    said = _("Among groups of {enough} or more, **{high}** has most who are silent ({most}) and **{low}** least "
             "({least}).", enough=ENOUGH, **values, **rates)  # fmt: skip
    apart = low["ci_high"] < high["ci_low"]
    return said if apart else f"{said} " + _("Their intervals overlap.")


def _sample(result: Churn) -> list[str]:
    if result.n_customers < TOO_FEW:
        return [_("With fewer than {few} customers there are counts and no rates.", few=TOO_FEW)]
    if result.n_customers < ENOUGH:
        return [_("This is a small sample, fewer than {n} customers: read the interval, not the rate.", n=ENOUGH)]
    return []


def _proposal(result: Churn) -> str:
    """Where the days come from."""
    if result.proposed_days is None:
        return _("Nobody ever came back, so the data proposes no number of days.")
    days = days_text(result.proposed_days)
    if result.proposed_days != result.silent_days:
        return _("The data proposes {days}.", days=days)
    if result.is_percentile:
        return _(
            "{days} is what the data proposes: the 90th percentile, for 90% are active again so soon after an active "
            "day.", days=days,
        )  # fmt: skip
    if result.is_capped:
        return _(
            "{days} is what the data proposes: in this file it never comes to 90% who are active again, so no "
            "percentile can be read. It is half of the observed time, the most that is proposed.", days=days,
        )  # fmt: skip
    return _(
        "{days} is what the data proposes: in this file it never comes to 90% who are active again, so these are the "
        "days by which 90% of the returns that were seen had happened.", days=days,
    )  # fmt: skip


def _too_new(result: Churn) -> list[str]:
    if not result.too_new:
        return []
    return [
        _n(
            "{n} more came less than {days} ago and is not counted: they cannot have been silent so long.",
            "{n} more came less than {days} ago and are not counted: they cannot have been silent so long.",
            result.too_new,
            n=count(result.too_new),
            days=days_text(result.silent_days),
        )
    ]


def _activity(result: Churn) -> list[str]:
    said = []
    if result.kind == "orders":
        said.append(_("A purchase counts as activity; refunds and free orders do not."))
    elif result.activity:
        names = [result.activity] if isinstance(result.activity, str) else result.activity
        said.append(_("Activity: {events}.", events=", ".join(f"**{plain(name)}**" for name in names)))
    else:
        said.append(_("Any event counts as activity."))
    if result.without_activity:
        words = _n(
            "{n} customer never did any of that.", "{n} customers never did any of that.",
            result.without_activity, n=count(result.without_activity),
        )  # fmt: skip
        said.append(words)
    return said


def churn_caption(result: Churn) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("silent for {days} or more", days=days_text(result.silent_days)),
        _("watched for {days} more", days=days_text(result.horizon_days)),
        _customers(result.n_customers),
        _("{first} to {last}", first=day(result.data_start), last=_last_day(result)),
    ]
    return " · ".join(said)


def churn_card(result: Churn) -> Card:
    """The definition of the silent share and of false churn."""
    formula = r"\text{silent share} = \frac{n(\text{last day} \le T - D)}{n(\text{first day} \le T - D)}"
    formula += rf" = \frac{{{_number(result.inactive)}}}{{{_number(result.n_customers)}}}"
    if result.n_customers >= TOO_FEW:
        formula += " = " + percent(result.inactive_share).replace("%", r"\%")
    values = {"days": days_text(result.silent_days), "more": days_text(result.horizon_days)}
    sentences = [
        _("Counted: customers whose last active day lies {days} or more before {day}.", day=_last_day(result),
          **values),
        _("Out of: those whose first active day does. The others are too new ({n}).", n=count(result.too_new)),
        _("n = {n}; the {level} interval is {interval} (Wilson’s).", n=count(result.n_customers),
          level=confidence(result.level), interval=interval(result.ci_low, result.ci_high))
        if result.n_customers >= TOO_FEW else _("No interval: n is below {few}.", few=TOO_FEW),
        _("False churn: each customer with their first silence of {days}, if {more} more lie in the data; {back} of "
          "{n} came back in these.", back=count(result.came_back), n=count(result.silent), **values),
        _("Several active moments of one day are one active day."),
    ]  # fmt: skip
    source = _("Kaplan & Meier 1958, JASA 53, for the proposed days; Wilson 1927, JASA 22, for the intervals.")
    return Card(_("Silent share"), formula, tuple(sentences), source, "insight.churn.churn")


def _number(n: float) -> str:
    return count(n).replace(",", "{,}")
