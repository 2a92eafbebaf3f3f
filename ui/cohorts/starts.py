"""Two inputs of the Cohorts page: what puts customers into a cohort, and what counts as coming back."""

import streamlit as st

from insight.language import _
from ui import session
from ui.groups import properties


def cohort_picker(choose: session.Choices, everyone) -> None:
    """What the cohorts are: by the first activity, by a first event, by every active period, or by a column."""
    events = list(everyone.facts.events) if everyone.kind == "events" else []
    options = ["first", "recurring", *({"event": name} for name in events)]
    options += [{"column": name} for name in properties(everyone)]
    now = choose["cohort"]
    options += [now] if now not in options else []  # a link may say more than is offered
    orders = everyone.kind == "orders"

    def words(cohort: str | dict) -> str:
        match cohort:
            case "first":
                return _("First purchase") if orders else _("First event of any kind")
            case "recurring":
                return _("Every period with a purchase") if orders else _("Every period with an event")
            case {"column": column}:
                return _("Value of {column}", column=column)
            case {"event": event, "where": _conditions}:
                return _("First {event} that meets conditions", event=event)
        return _("First {event}", event=cohort["event"])

    choose["cohort"] = st.selectbox(
        _("Cohorts by"), options, options.index(now), key=f"{choose.key('cohort')}.{choose.version}.{everyone.kind}",
        format_func=words, help=_("With what customers start, or by what they are grouped from the start on."),
    )  # fmt: skip


def returns_picker(choose: session.Choices, everyone) -> None:
    """Which events count as coming back; none chosen: any."""
    choose["returns"] = st.multiselect(
        _("Counts as coming back"), list(everyone.facts.events), choose["returns"], placeholder=_("Any event"),
        key=f"{choose.key('returns')}.{choose.version}", help=_("Only these events bring a customer back."),
    )  # fmt: skip
