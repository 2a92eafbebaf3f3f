"""The funnel in words."""

from datetime import date

from insight.explain.counting import counting_notes, way_through
from insight.explain.groups import groups_reading
from insight.explain.notes import data_notes, entry_dates, nobody, within
from insight.funnel import ENOUGH, TOO_FEW, Funnel
from insight.funnel.drops import biggest_drops, goal, n_counted, n_customers, step_before, went_on
from insight.funnel.words import counted, goal_name, step_names
from insight.language import _, _n, confidence, count, day, interval, length, percent, plain

MOST_NAMED = 5  # optional steps, or steps of entry, that a sentence names


def funnel_reading(result: Funnel) -> str:
    """What a funnel says, as Markdown: a paragraph with the answer, one on groups, one with what to know about it.

    The answer is the overall rate with its n and interval, then the biggest drop. With fewer than 10 customers there
    are counts and no rates; with fewer than 30 a warning.
    """
    if not n_counted(result.steps):
        return nobody(result, _name(result, 0))
    answer = [_headline(result), *_drops(result), *_optional(result), *_entered(result)]
    notes = [*_sample(result), *_maturity(result), *entry_dates(result), *counting_notes(result), *data_notes(result)]
    return "\n\n".join(filter(None, [" ".join(answer), groups_reading(result), " ".join(notes)]))


def funnel_caption(result: Funnel) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    names = step_names(result)
    values = {"first": names[0], "last": goal_name(result), "within": within(result.within)}
    said = [
        way_through(result.order, len(names), **values),
        _("best attempt") if result.reentry == "best" else _("first attempt"),
        counted(result, n_counted(result.steps)),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
    ]
    if result.still_open:
        said.append(_("{n} still open, not counted", n=count(result.still_open)))
    if result.removed:
        said.append(_("{n} removed", n=count(result.removed)))
    return " · ".join(said)


def _headline(result: Funnel) -> str:
    n, last = n_counted(result.steps), goal(result.steps)
    values = {
        "who": _who(result, n), "last": plain(goal_name(result)), "within": within(result.within),
        "arrived": count(last["reached"]), "rate": percent(last["overall_conversion"]),
        "level": confidence(result.level), "interval": interval(last["ci_low"], last["ci_high"]),
    }  # fmt: skip
    if n_customers(result) < TOO_FEW:
        match result.order:
            case "any":
                return _("**{arrived}** of {who} did all of them {within}.", **values)
            case "open":
                return _("**{arrived}** of {who} got to **{last}** {within}.", **values)
            case _ordered:
                return _("**{arrived}** of {who} went on to **{last}** {within}.", **values)
    match result.order:
        case "any":
            return _("**{rate}** of {who} did all of them {within} ({level} interval {interval}).", **values)
        case "open":
            return _("**{rate}** of {who} got to **{last}** {within} ({level} interval {interval}).", **values)
        case _ordered:
            return _("**{rate}** of {who} went on to **{last}** {within} ({level} interval {interval}).", **values)


def _who(result: Funnel, n: int) -> str:
    """Those who count, as the subject of a sentence."""
    values = {"n": count(n), "first": _name(result, 0), "all": len(result.steps)}
    match result.order, result.unit == "customer":
        case "any", True:
            return _n(
                "{n} customer who did any of the {all} steps",
                "{n} customers who did any of the {all} steps",
                n,
                **values,
            )
        case "any", False:
            return _n(
                "{n} session with any of the {all} steps", "{n} sessions with any of the {all} steps", n, **values
            )
        case "open", True:
            return _n("{n} customer who entered at any step", "{n} customers who entered at any step", n, **values)
        case "open", False:
            return _n("{n} session that entered at any step", "{n} sessions that entered at any step", n, **values)
        case _order, True:
            return _n("{n} customer who did **{first}**", "{n} customers who did **{first}**", n, **values)
        case _order, False:
            return _n("{n} session with **{first}**", "{n} sessions with **{first}**", n, **values)


def _drops(result: Funnel) -> list[str]:
    """The biggest drop; nothing where the headline has said it all."""
    if n_customers(result) < TOO_FEW:
        return []
    drops = biggest_drops(result)
    if not drops:
        return [_("Nobody was lost between the steps.")]
    here = drops[0]
    before = step_before(result.steps, here)
    n, arrived = int(result.steps["reached"].iloc[before]), went_on(result.steps, here)
    values = {"n": count(n), "rate": percent(arrived / n), "lost": count(n - arrived), "customers": counted(result, n)}
    values |= {"before": _name(result, before), "here": _name(result, here)}
    if len(drops) > 1:
        pairs = ", ".join(f"**{_name(result, step_before(result.steps, k))}** → **{_name(result, k)}**" for k in drops)
        return [_("These drops are equally big, with {rate} going on at each: {pairs}.", pairs=pairs, **values)]
    if result.steps["required"].sum() == 2:
        return [_("{customers} did not go on.", customers=counted(result, n - arrived))]
    if not arrived:
        return [_("It ends at **{before}** ({n} got there): nobody went on to **{here}**.", **values)]
    return [
        _(
            "The biggest drop is between **{before}** and **{here}**: {rate} of {customers} went on, {lost} did not.",
            **values,
        )
    ]


def _optional(result: Funnel) -> list[str]:
    """Who came by the steps that may be left out."""
    if n_customers(result) < TOO_FEW:
        return []
    said = []
    for k in [k for k in range(len(result.steps)) if not result.steps["required"].iloc[k]][:MOST_NAMED]:
        before = step_before(result.steps, k)
        n = int(result.steps["reached"].iloc[before])
        if n >= TOO_FEW:
            values = {"step": _name(result, k), "before": _name(result, before)}
            rate = percent(result.steps["step_conversion"].iloc[k])
            said.append(_("**{step}** is optional: {rate} of those at **{before}** did it.", rate=rate, **values))
    return said


def _entered(result: Funnel) -> list[str]:
    """Where they entered, if they could do so anywhere."""
    if result.order != "open":
        return []
    own = result.steps["entered_here"]
    places = [f"**{_name(result, k)}** {count(own.iloc[k])}" for k in range(len(own)) if own.iloc[k]]
    more = _(", and {n} more steps", n=len(places) - MOST_NAMED) if len(places) > MOST_NAMED else ""
    return [_("They entered at {places}{more}.", places=", ".join(places[:MOST_NAMED]), more=more)]


def _sample(result: Funnel) -> list[str]:
    n = n_customers(result)
    if n < TOO_FEW:
        return [_("With fewer than {few} customers there are counts and no rates.", few=TOO_FEW)]
    if n < ENOUGH:
        enough = _("{n} customers", n=ENOUGH)
        return [_("This is a small sample, fewer than {customers}: read the interval, not the rate.", customers=enough)]
    return []


def _maturity(result: Funnel) -> list[str]:
    if result.still_open:
        return [
            _n(
                "{n} more came in less than {length} before the data ended ({day}) and is not counted yet.",
                "{n} more came in less than {length} before the data ended ({day}) and are not counted yet.",
                result.still_open,
                n=count(result.still_open),
                length=length(result.within),
                day=day(date.fromisoformat(result.as_of)),
            )
        ]
    if result.entries == "all":
        return [_("Everyone who entered is counted, also late entries that had little time to go on.")]
    return []


def _name(result: Funnel, position: int) -> str:
    return plain(step_names(result)[position])
