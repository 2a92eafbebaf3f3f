"""The funnel in words."""

from datetime import date

from insight.funnel import ENOUGH, TOO_FEW, Funnel
from insight.funnel.drops import biggest_drops
from insight.language import _, _n, confidence, count, day, interval, length, percent, plain


def funnel_reading(result: Funnel) -> str:
    """What a funnel says, as Markdown: a first paragraph with the answer, a second with what to know about it.

    The answer is the overall rate with its n and interval, then the biggest drop. With fewer than 10 customers at the
    first step there are counts and no rates; with fewer than 30 a warning.
    """
    if not result.steps["reached"].iloc[0]:
        return _("Nobody did **{first}** in the chosen dates, so there is no rate to show.", first=_name(result, 0))
    answer = [_headline(result), *_drops(result)]
    notes = [*_sample(result), *_maturity(result), *_entries(result), *_data(result)]
    return " ".join(answer) + "\n\n" + " ".join(notes)


def funnel_caption(result: Funnel) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("{first} to {last} {within}", first=result.steps["step"].iloc[0], last=result.steps["step"].iloc[-1],
          within=_within(result.within)),
        _("best attempt") if result.reentry == "best" else _("first attempt"),
        _("{n} customers", n=count(result.steps["reached"].iloc[0])),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
    ]  # fmt: skip
    if result.still_open:
        said.append(_("{n} still open, not counted", n=count(result.still_open)))
    return " · ".join(said)


def _headline(result: Funnel) -> str:
    n, last = int(result.steps["reached"].iloc[0]), result.steps.iloc[-1]
    values = {
        "n": count(n), "first": _name(result, 0), "last": _name(result, -1), "within": _within(result.within),
        "arrived": count(last["reached"]), "rate": percent(last["overall_conversion"]),
        "level": confidence(result.level), "interval": interval(last["ci_low"], last["ci_high"]),
    }  # fmt: skip
    if n < TOO_FEW:
        return _n(
            "**{arrived}** of {n} customer who did **{first}** went on to **{last}** {within}.",
            "**{arrived}** of {n} customers who did **{first}** went on to **{last}** {within}.",
            n,
            **values,
        )
    return _n(
        "**{rate}** of {n} customer who did **{first}** went on to **{last}** {within} ({level} interval {interval}).",
        "**{rate}** of {n} customers who did **{first}** went on to **{last}** {within} ({level} interval {interval}).",
        n,
        **values,
    )


def _drops(result: Funnel) -> list[str]:
    """The biggest drop; nothing where the headline has said it all."""
    reached = result.steps["reached"].tolist()
    if reached[0] < TOO_FEW:
        return []
    drops = biggest_drops(result)
    if not drops:
        return [_("Nobody was lost between the steps.")]
    here = drops[0]
    n, lost = reached[here - 1], reached[here - 1] - reached[here]
    values = {"n": count(n), "lost": count(lost), "rate": percent(result.steps["step_conversion"].iloc[here])}
    values |= {"before": _name(result, here - 1), "here": _name(result, here)}
    if len(drops) > 1:
        pairs = ", ".join(f"**{_name(result, k - 1)}** → **{_name(result, k)}**" for k in drops)
        return [_("These drops are equally big, with {rate} going on at each: {pairs}.", pairs=pairs, **values)]
    if len(reached) == 2:
        return [_n("{lost} customer did not go on.", "{lost} customers did not go on.", lost, **values)]
    if not reached[here]:
        return [_("It ends at **{before}** ({n} got there): nobody went on to **{here}**.", **values)]
    return [
        _n(
            "The biggest drop is between **{before}** and **{here}**: {rate} of {n} customer went on, {lost} did not.",
            "The biggest drop is between **{before}** and **{here}**: {rate} of {n} customers went on, {lost} did not.",
            n,
            **values,
        )
    ]


def _sample(result: Funnel) -> list[str]:
    n = result.steps["reached"].iloc[0]
    if n < TOO_FEW:
        return [_("With fewer than {few} customers at the first step there are counts and no rates.", few=TOO_FEW)]
    if n < ENOUGH:
        small = _(
            "This is a small sample, fewer than {enough} customers: read the interval, not the rate.", enough=ENOUGH
        )
        return [small]
    return []


def _maturity(result: Funnel) -> list[str]:
    if result.still_open:
        return [
            _n(
                "{n} more customer came in less than {length} before the data ended ({day}) and is not counted yet.",
                "{n} more customers came in less than {length} before the data ended ({day}) and are not counted yet.",
                result.still_open,
                n=count(result.still_open),
                length=length(result.within),
                day=day(date.fromisoformat(result.as_of)),
            )
        ]
    if result.entries == "all":
        return [_("Everyone who entered is counted, also late entries that had little time to go on.")]
    return []


def _entries(result: Funnel) -> list[str]:
    """Which entries count, and which of a customer's attempts."""
    limits = {name: day(date.fromisoformat(d)) for name, d in (("start", result.start), ("end", result.end)) if d}
    said = []
    if len(limits) == 2:
        said.append(_("Entries from {start} to {end} count.", **limits))
    elif result.start:
        said.append(_("Entries from {start} on count.", **limits))
    elif result.end:
        said.append(_("Entries up to {end} count.", **limits))
    if result.reentry == "first":
        return [*said, _("Each customer counts with the first attempt.")]
    said.append(_("A customer who started more than once counts with the attempt that got furthest."))
    if result.by is not None:
        said.append(_("The more often people try, the better their best attempt: compare groups by the first attempt."))
    return said


def _data(result: Funnel) -> list[str]:
    said = []
    if result.dates_only:
        said.append(_("The file has days without clock times, so events of one day count as being in order."))
    if result.left_out:
        said.append(
            _n(
                "{n} row after the last day of the analysis was left out.",
                "{n} rows after the last day of the analysis were left out.",
                result.left_out,
                n=count(result.left_out),
            )
        )
    return said


def _name(result: Funnel, position: int) -> str:
    return plain(result.steps["step"].iloc[position])


def _within(window: str | None) -> str:
    return _("with no time limit") if window is None else _("within {length}", length=length(window))
