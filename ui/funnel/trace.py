"""One customer at a time: which events counted for whom, and why the next step did not."""

import pandas as pd
import streamlit as st

from insight.explain.trace import trace_sentence
from insight.funnel.trace import MOST_CUSTOMERS, Trace
from insight.language import _, _n, count, duration, plain
from ui import session
from ui.funnel.people import cell_in_words

SHOWN = 10
ASIDE = ("before", "after", "other session")  # roles of events that the attempt has nothing to do with
ROLES = {
    "entry": _("entry"),
    "step": _("counts"),
    "too late": _("too late"),
    "gap too long": _("too long after the step before"),
    "exclusion": _("excludes"),
    "interruption": _("lies between"),
    "out of order": _("out of order"),
    "not counted": _("does not count"),
    "before": _("before the attempt"),
    "between": _("between"),
    "after": _("after the attempt"),
    "other session": _("another visit"),
    "outside": _("no attempt"),
}
VERDICTS = {
    "completed": _("went the whole way"),
    "lost": _("did not go on"),
    "out of order": _("the next step came only before"),
    "too late": _("the next step came too late"),
    "gap too long": _("the next step came too long after"),
    "excluded": _("ended by an exclusion"),
    "interrupted": _("something lay between"),
    "still open": _("still has time, not counted yet"),
    "removed": _("taken out by an exclusion"),
    "not entered": _("did not enter"),
}
ICONS = {"completed": ":material/check_circle:", "still open": ":material/schedule:"}


def one_by_one(choose: session.Choices, answer: session.Answer) -> None:
    """Choose whom to follow, and see for each what happened, event by event."""
    customers = _whom(choose, answer)
    whole = st.toggle(
        _("Also what lies before and after"), key="follow.whole",
        help=_("Of each customer at most 50 events are shown, those of the attempt first."),
    )  # fmt: skip
    trace = session.follow(answer, customers)
    for number, verdict in enumerate(trace.verdicts.itertuples(index=False)):
        icon = ICONS.get(verdict.verdict, ":material/cancel:")
        story = st.expander(
            _heading(verdict, trace.steps), key=f"follow.{number}.{verdict.customer_id}", icon=icon, on_change="rerun"
        )
        if story.open:
            with story:
                _story(trace, verdict, whole)


def _whom(choose: session.Choices, answer: session.Answer) -> list[str] | None:
    behind = choose["people"]
    ways = {"examples": _("Examples"), "behind": _("Behind the bar you chose"), "ids": _("By id")}
    offered = [way for way in ways if way != "behind" or behind is not None]
    way = st.segmented_control(
        _("Whom to follow"), offered, default="behind" if behind is not None else "examples", required=True,
        format_func=ways.get, key=f"follow.who.{behind is not None}",
        help=_("Examples: of each way an attempt can end one, as far as there are any."),
    )  # fmt: skip
    if way == "behind":
        ids = session.people(answer, behind)
        said = _("The first {n} who {did}.", n=min(SHOWN, len(ids)), did=plain(cell_in_words(answer, behind)))
        st.markdown(f":small[{said}]")
        return ids[:SHOWN]
    if way == "ids":  # they are customers, so whom one follows is in no link
        typed = st.text_input(
            _("Customer ids"), key="follow.ids", placeholder=_("One or several, with commas between"),
            help=_("As they stand in the file."),
        )  # fmt: skip
        return list(dict.fromkeys(id for part in typed.split(",") if (id := part.strip())))[:MOST_CUSTOMERS]
    return None


def _heading(verdict, steps: list[str]) -> str:
    """How far a customer got and how it ended, in a few words."""
    said = [f"**{plain(verdict.customer_id)}**"]
    said += [_("reached {step}", step=plain(steps[verdict.reached - 1]))] if verdict.reached else []
    return " · ".join([*said, VERDICTS[verdict.verdict]])


def _story(trace: Trace, verdict, whole: bool) -> None:
    st.markdown(trace_sentence(trace, verdict.customer_id))
    mine = trace.events[trace.events["customer_id"] == verdict.customer_id]
    rows = mine if whole or verdict.verdict == "not entered" else mine[~mine["role"].isin(ASIDE)]
    shown = pd.DataFrame(
        {
            "when": rows["timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "event": rows["event"],
            "role": [_role(row) for row in rows.itertuples(index=False)],
            "since": [_since(seconds) for seconds in rows["seconds"]],
        }
    )
    columns = {
        "when": _("When"),
        "event": _("Event"),
        "role": _("What it was"),
        "since": st.column_config.Column(_("Since the entry"), alignment="right"),
    }
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("The events of this customer"))
    if n := len(mine) - len(rows):
        said = _n("{n} more event is not shown.", "{n} more events are not shown.", n, n=count(n))
        st.markdown(f":small[{said}]")


def _role(row) -> str:
    if row.step is pd.NA:
        return ROLES[row.role]
    return _("step {k}: {role}", k=row.step, role=ROLES[row.role])


def _since(seconds: object) -> str:
    if seconds is pd.NA:
        return ""
    return duration(seconds) if seconds >= 0 else _("{time} before", time=duration(-seconds))
