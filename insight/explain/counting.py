"""How a funnel was counted, in words: attempts, order, exclusions, sessions."""

from insight.explain.notes import within
from insight.funnel import Funnel
from insight.funnel.trend import FunnelTrend
from insight.funnel.words import counted, step_names
from insight.language import _, length, plain


def counting_notes(result: Funnel) -> list[str]:
    """What of the settings changes the meaning of the numbers."""
    return [*_attempts(result), *_order(result), *_exclusions(result), *_unit(result)]


def _attempts(result: Funnel) -> list[str]:
    """Which of several attempts counts, and what that does to groups."""
    customers = result.unit == "customer"
    if result.reentry == "first":
        words = _("Each customer counts with the first attempt."), _("Each session counts with the first attempt.")
        return [words[not customers]]
    words = (
        _("A customer who started more than once counts with the attempt that got furthest."),
        _("A session with several attempts counts with the one that got furthest."),
    )
    said = [words[not customers]]
    if result.by is not None:
        said.append(_("The more often people try, the better their best attempt: compare groups by the first attempt."))
    return said


def _order(result: Funnel) -> list[str]:
    match result.order:
        case "strict":
            return [_("No other event may lie between two steps; repeats of the step before may.")]
        case "any":
            return [_("The steps count in any order: each row is how many different ones were done.")]
        case "open":
            return [_("Rates are of everyone who entered, at whatever step.")]
        case _ordered:
            return []


def _exclusions(result: Funnel) -> list[str]:
    """What may not happen on the way, and what becomes of those to whom it does."""
    written = result.exclude if isinstance(result.exclude, list | tuple) else [result.exclude]
    by_effect = sorted((one for one in written if one is not None), key=_removes)  # those that remove come last
    said = [_exclusion(result, one) for one in by_effect]
    if result.removed:
        said.append(_("So {customers} are not counted.", customers=counted(result, result.removed)))
    return said


def _removes(written: str | dict) -> bool:
    return isinstance(written, dict) and written.get("effect") == "remove"


def _exclusion(result: Funnel, written: str | dict) -> str:
    one = written if isinstance(written, dict) else {"events": written}
    events = [one["events"]] if isinstance(one["events"], str) else one["events"]
    removes, either = _removes(one), " / ".join(f"**{plain(event)}**" for event in events)
    if result.order == "any":
        if removes:
            return _("Who does {events} during an attempt is taken out of all counts.", events=either)
        return _("No attempt goes on past {events}.", events=either)
    names, required = step_names(result), result.steps["required"].to_numpy().nonzero()[0] + 1
    first, last = one.get("between", (1, required[-1]))
    values = {"events": either, "first": plain(names[first - 1]), "last": plain(names[last - 1])}
    if removes:
        return _("Who does {events} between **{first}** and **{last}** is taken out of all counts.", **values)
    return _("No attempt goes on past {events} between **{first}** and **{last}**.", **values)


def _unit(result: Funnel) -> list[str]:
    if result.unit == "customer":
        return []
    if isinstance(result.unit, dict):
        gap = length(result.unit["session_gap"])
        return [
            _("A pause of more than {gap} begins a new session.", gap=gap),
            _("The interval allows for sessions of one customer being alike."),
        ]
    return [_("Sessions are counted; the interval allows for those of one customer being alike.")]


def way_through(order: str, steps: int, **values: str) -> str:
    """From where to where a funnel goes, and how, for a caption. `values` : first, last, within."""
    values = {"all": steps, **values}
    return {
        "ordered": _("{first} to {last} {within}", **values),
        "strict": _("{first} to {last} {within}, nothing in between", **values),
        "any": _("{all} steps in any order {within}", **values),
        "open": _("{first} to {last} {within}, entered at any step", **values),
    }[order]


def counts_of_period(result: FunnelTrend) -> str:
    """What is counted in a period, and how its steps must lie."""
    values = {"first": plain(result.steps["step"].iloc[0]), "last": plain(result.goal)}
    values |= {"all": result.steps["step"].nunique(), "within": within(result.within)}
    match result.order:
        case "any":
            return _("Counted: customers whose first entry, at any of the {all} steps, lies in the period, and who did "
                     "all of them {within}.", **values)  # fmt: skip
        case "open":
            return _("Counted: customers whose first entry, at any step, lies in the period, and who got from it to "
                     "**{last}** {within}.", **values)  # fmt: skip
        case _ordered:
            return _("Counted: customers whose first **{first}** lies in the period, and who got from it to **{last}** "
                     "{within}.", **values)  # fmt: skip
