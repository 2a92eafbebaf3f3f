"""The exclusions of a funnel: events that must not happen between two steps."""

import streamlit as st

from insight.language import _, plain
from insight.tables import EventLog
from ui import session
from ui.funnel.events import event_details, parts_of, summary

MOST = 5


def exclusion_picker(choose: session.Choices, name: str, events: EventLog, steps: list[str]) -> None:
    """The exclusions, one below the other; clearing one takes it away. `steps` : the names of the funnel's steps."""
    memory, kept, cleared = session.memory(choose.page), [], False
    key = f"{choose.key(name)}.{choose.version}.{memory.get('exclusions', 0)}"
    exclusions = [parts_of(exclusion) for exclusion in choose[name]]
    for i, now in enumerate([*exclusions, None][:MOST]):
        with st.container(gap=None):
            exclusion = _exclusion(now, i, events, choose.page, steps, f"{key}.{i}")
        if exclusion is not None:
            kept.append({part: value for part, value in exclusion.items() if value not in (None, [])})
        cleared |= exclusion is None and now is not None
    choose[name] = kept
    if cleared:
        memory["exclusions"] = memory.get("exclusions", 0) + 1
        st.rerun()


def _exclusion(now: dict | None, i: int, events: EventLog, page: str, steps: list[str], key: str) -> dict | None:
    kinds = list(events.facts.events)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        event = st.selectbox(
            _("Must not happen") if i == 0 else _("Must not happen either"),
            kinds,
            kinds.index(now["events"][0]) if now else None,
            key=f"{key}.event",
            placeholder=_("Nothing excluded"),
            help=_("An attempt in which it happens between the steps ends there. Clear it to take it away."),
        )
        if event is None:
            return None
        details = st.popover(
            "⋯", key=f"{key}.details", type="tertiary", on_change="rerun",
            help=_("Exclusion {n}: more events, conditions, between which steps", n=i + 1),
        )  # fmt: skip
    further = [kind for kind in (now or {}).get("events", [])[1:] if kind != event]
    exclusion = {**(now or {}), "events": [event, *further]}
    if details.open:
        with details:
            event_details(exclusion, events, page, key)
            _where_and_what(exclusion, steps, key)
    between = exclusion.get("between")
    if between and not 1 <= between[0] < between[1] <= len(steps):
        exclusion["between"] = None  # a step it named is gone
    if said := summary(exclusion):
        st.markdown(f":small[{plain(said)}]")
    return exclusion


def _where_and_what(exclusion: dict, steps: list[str], key: str) -> None:
    numbers = range(1, len(steps) + 1)
    first, last = exclusion.get("between") or [1, len(steps)]
    with st.grid(2, min_column_width=110, gap="small"):
        look = {"format_func": lambda k: f"{k} {steps[k - 1]}", "help": _("Strictly between these two steps.")}
        first = st.selectbox(_("After"), numbers[:-1], min(first, len(steps) - 1) - 1, key=f"{key}.first", **look)
        later = numbers[first:]
        at = later.index(last) if last in later else len(later) - 1
        last = st.selectbox(_("Before"), later, at, key=f"{key}.last.{first}", **look)
    exclusion["between"] = None if (first, last) == (1, len(steps)) else [first, last]
    exclusion["effect"] = st.segmented_control(
        _("Then"),
        ["drop", "remove"],
        default=exclusion.get("effect", "drop"),
        required=True,
        format_func={"drop": _("the attempt ends there"), "remove": _("the customer is taken out")}.get,
        key=f"{key}.effect",
        help=_("Taken out: out of all counts, the first step’s too."),
    )
    if exclusion["effect"] == "drop":
        exclusion["effect"] = None  # the usual one
