"""The funnel in words."""

from insight.funnel import ENOUGH, TOO_FEW, Funnel
from insight.language import _, _n, count, day, percent, plain
from insight.periods import in_words


def funnel_reading(result: Funnel) -> str:
    """What a funnel says, as Markdown: a first paragraph with the answer, a second with what to know about it.

    The answer is the overall rate with its n and interval, then the biggest drop (the lowest step conversion). With
    fewer than 10 customers at the first step there are counts and no rates; with fewer than 30 a warning.
    """
    if not result.steps["reached"].iloc[0]:
        return _nobody(result)
    answer = [_headline(result), *_drops(result)]
    notes = [*_sample(result), *_maturity(result), *_attempts(result), *_data(result)]
    return "\n\n".join(" ".join(sentences) for sentences in (answer, notes) if sentences)


def biggest_drops(result: Funnel) -> list[int]:
    """Positions in `steps` of the lowest step conversion; several when equal, none when nobody was lost.

    A rate out of fewer than 10 customers takes no part: a drop from 2 to 1 would beat every real one.
    """
    reached = result.steps["reached"].tolist()
    rates = {k: reached[k] / reached[k - 1] for k in range(1, len(reached)) if reached[k - 1] >= TOO_FEW}
    lowest = min(rates.values(), default=1)
    return [k for k, rate in rates.items() if rate == lowest < 1]


def _headline(result: Funnel) -> str:
    last = result.steps.iloc[-1]
    n, arrived = int(result.steps["reached"].iloc[0]), int(last["reached"])
    values = {
        "n": count(n), "arrived": count(arrived), "within": _within(result.within), "rate": percent(arrived / n),
        "first": plain(result.steps["step"].iloc[0]), "last": plain(last["step"]), "level": percent(result.level),
        "interval": _range(last["ci_low"], last["ci_high"]),
    }  # fmt: skip
    if n < TOO_FEW:
        return _n(
            "{arrived} of {n} customer who did **{first}** went on to **{last}** {within}.",
            "{arrived} of {n} customers who did **{first}** went on to **{last}** {within}.",
            n,
            **values,
        )
    if not arrived:
        return _(
            "None of the {n} customers who did **{first}** went on to **{last}** {within} "
            "({level} interval {interval}).",
            **values,
        )
    return _(
        "**{rate}** of {n} customers who did **{first}** went on to **{last}** {within} ({level} interval {interval}).",
        **values,
    )
