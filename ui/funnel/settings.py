"""The settings of the Funnel page: what they may be, and the inputs that choose them. Common ones in front."""

from collections.abc import Callable

import streamlit as st

from insight.errors import InsightError
from insight.funnel.proposal import proposed_steps, proposed_within
from insight.funnel.settings import USUAL, read_settings
from insight.language import _, length
from insight.tables import EventLog
from ui import session
from ui.days import day_input, lies_in
from ui.funnel.events import parts_of
from ui.funnel.exclusions import MOST, exclusion_picker
from ui.funnel.steps import MOST_STEPS, step_picker
from ui.groups import group_picker, is_audience, names_few

WINDOWS = ["30min", "1h", "6h", "1D", "3D", "7D", "14D", "30D", "60D", "90D", None]
ORDERS = {
    "ordered": _("In this order"),
    "strict": _("In this order, nothing between"),
    "any": _("In any order"),
    "open": _("In this order, from any step on"),
}
UNITS = {"customer": _("Customers"), "session": _("Sessions")}


def funnel_settings(everyone: EventLog, **sections: tuple) -> session.Choices:
    """The page's settings on the events of everyone: a filter does not change what may be chosen.

    sections : settings of the page's sections, name=(default, allowed)
    """
    some = session.sample(everyone)
    usual = proposed_steps(some)
    may = {name: _possible(everyone, name) for name in ("steps", "within", "exclude", "unit", "by", "start", "end")}
    return session.settings(
        "funnel",
        everyone,
        steps=(usual, may["steps"]),
        within=(proposed_within(some, usual), may["within"]),
        by=(None, lambda by: names_few(by) and (is_audience(by) or may["by"](by))),
        order=("ordered", list(ORDERS)),
        reentry=("best", ["best", "first"]),
        entries=("mature", ["mature", "all"]),
        start=(None, lambda day: may["start"](day) and lies_in(everyone, day)),
        end=(None, lambda day: may["end"](day) and lies_in(everyone, day)),
        exclude=([], lambda excluded: len(excluded) <= MOST and may["exclude"](excluded)),
        unit=("customer", may["unit"]),
        level=(0.95, [0.8, 0.9, 0.95, 0.99]),
        **sections,
    )


def _possible(events: EventLog, name: str) -> Callable[[object], bool]:
    """Whether a value of a funnel's setting can be meant on these events, whatever the others are."""
    usual = {"steps": [events.facts.events[0]] * MOST_STEPS, "entries": "all"}

    def is_possible(value: object) -> bool:
        try:
            read_settings(usual | {name: value}, events.facts)
        except InsightError:
            return False
        return name != "steps" or len(value) <= MOST_STEPS

    return is_possible


def chosen(choose: session.Choices, by: object) -> dict[str, object]:
    """The settings as `funnel` takes them: steps and window always, the others where they are not the usual ones."""
    asked = {name: choose[name] for name in USUAL if name in choose.declared}
    asked |= {"by": by, "exclude": choose["exclude"] or None}
    if asked["within"] is None:
        asked["entries"] = "all"  # without a window nobody is ever finished
    kept = {name: value for name, value in asked.items() if name == "within" or value != USUAL[name]}
    return {"steps": choose["steps"], **kept}


def step_names(choose: session.Choices) -> list[str]:
    """What the steps are called."""
    parts = [parts_of(step) for step in choose["steps"]]
    return [step.get("name") or " or ".join(step["events"]) for step in parts]


def inputs(choose: session.Choices, everyone: EventLog) -> None:
    """All inputs, the common ones in front."""
    st.subheader(_("Steps"), anchor=False)
    step_picker(choose, "steps", everyone)
    st.select_slider(
        _("Time allowed from the first step"),
        WINDOWS if choose["within"] in WINDOWS else [choose["within"], *WINDOWS],
        key=choose.key("within"),
        format_func=lambda window: _("No limit") if window is None else length(window),
        persist_state="session",
        help=_("A customer counts at a step when they reach it within this time of their entry."),
    )
    group_picker(choose, "by", everyone, step_names(choose))
    with st.expander(_("More settings")):
        _rare(choose, everyone)


def _rare(choose: session.Choices, everyone: EventLog) -> None:
    st.selectbox(
        _("Order of the steps"), list(ORDERS), key=choose.key("order"), format_func=ORDERS.get, persist_state="session",
        help=_("Any order counts how many of the steps were done; from any step on lets people join later."),
    )  # fmt: skip
    _either(
        choose, "reentry", _("Which attempt counts"), {"best": _("The best"), "first": _("The first")},
        _("Who starts more than once has several attempts. Compare groups and months by the first."),
    )  # fmt: skip
    _either(
        choose, "entries", _("Who counts"), {"mature": _("Full time had"), "all": _("All so far")},
        _("Customers who still have time would look lost; they are left out until the time has passed."),
        disabled=choose["within"] is None,
    )  # fmt: skip
    units = list(UNITS) if choose["unit"] in list(UNITS) else [*UNITS, choose["unit"]]  # a link may name a pause
    st.segmented_control(
        _("What is counted"), units, key=choose.key("unit"), required=True, format_func=_unit, persist_state="session",
        help=_("A session ends with a pause of more than 30 minutes, or as the file says."),
    )  # fmt: skip
    with st.grid(2, min_column_width=110, gap="small"):
        limit = _("Limits where attempts start; later steps may come after. Empty: no limit.")
        day_input(choose, "start", _("Entries from"), everyone, help=limit)
        day_input(choose, "end", _("Entries up to"), everyone, help=limit)
    exclusion_picker(choose, "exclude", everyone, step_names(choose))
    st.selectbox(
        _("Level of the intervals"), [0.8, 0.9, 0.95, 0.99], key=choose.key("level"), format_func="{:.0%}".format,
        persist_state="session", help=_("How sure the interval should be to hold the true rate."),
    )  # fmt: skip


def _unit(unit: str | dict) -> str:
    if isinstance(unit, dict):
        return _("Sessions, ended by a pause of more than {length}", length=length(unit["session_gap"]))
    return UNITS[unit]


def _either(choose: session.Choices, name: str, label: str, words: dict[str, str], help: str, **look: bool) -> None:
    st.segmented_control(
        label, list(words), key=choose.key(name), required=True, format_func=lambda value: words.get(value, value),
        persist_state="session", help=help, **look,
    )  # fmt: skip
