"""What became of one customer in a funnel, in two sentences."""

import pandas as pd

from insight.funnel.trace import Trace
from insight.language import _, _n, count, day, duration, plain

NOT_ENTERED = "not entered"
WHOLE = {  # verdicts that say where the customer stands
    "completed": lambda said: _("That is the whole way: {customer} counts there.", **said),
    "still open": lambda said: _("The data end {left} before the window does: {customer} is not counted yet.", **said),
    "removed": lambda said: _("*{event}* fell into an attempt, which takes {customer} out of all counts.", **said),
}
REASONS = {  # why the next step does not count
    "lost": lambda said: _("*{next}* did not follow", **said),
    "out of order": lambda said: _("*{next}* came before *{last}*, not after it", **said),
    "too late": lambda said: _("*{next}* came {after} after the entry, {over} too late", **said),
    "gap too long": lambda said: _("*{next}* came {gap} after *{last}*, {over} too late", **said),
    "excluded": lambda said: _("*{event}* came before *{next}* and excludes it", **said),
    "interrupted": lambda said: _("*{event}* came between *{last}* and *{next}*, and the order is strict", **said),
}


def trace_sentence(trace: Trace, customer_id: str) -> str:
    """How far a customer got and why no further, as Markdown. The customer is one of the trace's."""
    verdict = trace.verdicts.set_index("customer_id").loc[customer_id]
    if verdict["verdict"] == NOT_ENTERED:
        said = [_not_entered(trace, customer_id)]
    else:
        matched = trace.events[(trace.events["customer_id"] == customer_id) & trace.events["step"].notna()]
        said = [_way(trace, customer_id, matched), _ending(trace, customer_id, verdict, matched)]
    if n := int(verdict["n_hidden"]):
        said.append(_n("{n} more event is not shown.", "{n} more events are not shown.", n, n=count(n)))
    return " ".join(said)


def _not_entered(trace: Trace, customer_id: str) -> str:
    if trace.order in ("any", "open"):
        return _("**{customer}** did none of the steps in the chosen dates.", customer=plain(customer_id))
    first = plain(trace.steps[0])
    return _("**{customer}** did not do *{first}* in the chosen dates.", customer=plain(customer_id), first=first)


def _way(trace: Trace, customer_id: str, matched: pd.DataFrame) -> str:
    """The steps that count, with the time each took from the entry."""
    names = [plain(trace.steps[step - 1]) for step in matched["step"]]
    steps = [
        _("*{step}* after {time}", step=name, time=duration(seconds)) if seconds else _("*{step}* at once", step=name)
        for name, seconds in zip(names[1:], matched["seconds"][1:], strict=True)
    ]
    values = {"customer": plain(customer_id), "day": day(matched["timestamp"].iloc[0]), "first": names[0]}
    if not steps:
        return _("**{customer}** entered on {day} with *{first}*.", **values)
    return _("**{customer}** entered on {day} with *{first}* and reached {steps}.", steps=", ".join(steps), **values)


def _ending(trace: Trace, customer_id: str, verdict: pd.Series, matched: pd.DataFrame) -> str:
    """Why it goes no further, and where the customer counts."""
    reached = int(verdict["reached"])
    since = matched.set_index("step")["seconds"].get(reached, 0)
    said = {
        "customer": plain(customer_id),
        "next": plain(verdict["next_step"]),
        "last": plain(trace.steps[reached - 1]),
        "event": plain(verdict["stopped_by"]),
        "after": _time(verdict["next_seconds"]),
        "gap": _time(verdict["next_seconds"] - since),
        "over": _time(verdict["over_seconds"]),
        "left": _time(verdict["left_seconds"]),
    }
    if verdict["verdict"] in WHOLE:
        return WHOLE[verdict["verdict"]](said)
    if trace.order == "any":
        k, n = count(reached), count(len(trace.steps))
        place = _("{customer} counts with {k} of {n} steps", k=k, n=n, **said)
    else:
        place = _("{customer} counts at *{last}* and not at *{next}*", **said)
    return _("{reason}: {place}.", reason=REASONS[verdict["verdict"]](said), place=place)


def _time(seconds: object) -> str:
    return "" if pd.isna(seconds) else duration(seconds)
