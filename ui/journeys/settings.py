"""The settings of the Journeys page: what they may be, and the inputs that choose them. Common ones in front."""

from collections.abc import Callable

import streamlit as st

from insight.audiences.selection import IN
from insight.errors import InsightError
from insight.journeys.naming import read_clean
from insight.journeys.settings import DEEPEST, USUAL, read_settings
from insight.language import _, length, plain
from insight.tables import EventLog
from ui import session
from ui.days import day_input, lies_in
from ui.groups import group_picker, is_audience

WITHIN = ["30min", "1h", "6h", "1D", "3D", "7D", "14D", "30D", "90D", None]
GAPS = ["5min", "15min", "30min", "1h", "3h", "1D"]
UNITS = {"customer": _("Customers"), "session": _("Sessions")}
MOST_NAMED = 15  # kinds of event with a name, in each column
MOST_VALUES = 50  # of a column that are offered as groups
LEVELS = [0.8, 0.9, 0.95, 0.99]


def journeys_settings(everyone: EventLog, **sections: tuple) -> session.Choices:
    """The page's settings on the events of everyone: a filter does not change what may be chosen.

    sections : settings of the picture and of the page's sections, name=(default, allowed)
    """
    may = {name: _possible(everyone, name) for name in ("clean", "within", "start", "end", "session_gap")}
    choose = session.settings(
        "journeys",
        everyone,
        after=(None, is_event),
        before=(None, is_event),
        depth=(5, range(2, DEEPEST + 1)),
        by=(None, lambda by: by is None or is_audience(by) or by in session.columns_of(everyone)),
        pair=([], lambda values: len(values) <= 2 and all(isinstance(value, str) for value in values)),
        clean=(None, may["clean"]),
        unit=("customer", list(UNITS)),
        session_gap=("30min", may["session_gap"]),
        collapse_repeats=(True, [True, False]),
        top=(USUAL["top"], range(1, MOST_NAMED + 1)),
        within=(None, may["within"]),
        start=(None, lambda day: may["start"](day) and lies_in(everyone, day)),
        end=(None, lambda day: may["end"](day) and lies_in(everyone, day)),
        level=(0.95, LEVELS),
        **sections,
    )
    for anchor in ("after", "before"):
        event = choose[anchor]
        if event is not None and event not in names(choose, everyone):
            choose[anchor] = None
            st.warning(_("There is no event {event} (any more): paths are counted without it.", event=plain(event)))
    return choose


def names(choose: session.Choices, everyone: EventLog) -> list[str]:
    """The kinds of event after the clean-up."""
    return list(read_clean(choose["clean"], everyone.facts.events).names)


def is_event(event: object) -> bool:
    """Whether this may name an event; whether there is one, the clean-up decides."""
    return event is None or isinstance(event, str)


def _possible(events: EventLog, name: str) -> Callable[[object], bool]:
    """Whether a value of a setting of `paths` can be meant on these events, whatever the others are."""

    def is_possible(value: object) -> bool:
        try:
            read_settings({"unit": "session", name: value}, events.facts)
        except InsightError:
            return False
        return True

    return is_possible


def chosen(choose: session.Choices, by: object) -> dict[str, object]:
    """The settings as `paths` takes them: the depth always, the others where they are not the usual ones.

    by : column of the groups, of the table that is counted
    """
    asked = {name: choose[name] for name in USUAL if name in choose.declared} | {"by": by}
    if choose["unit"] == "customer":
        asked["session_gap"] = USUAL["session_gap"]  # not used
    if by is not None:
        values = [IN.format(name=by)] if is_audience(choose["by"]) else choose["pair"]
        asked["by"] = {"column": by, "values": values} if values else by
    return {name: value for name, value in asked.items() if name == "depth" or value != USUAL[name]}


def inputs(choose: session.Choices, everyone: EventLog) -> None:
    """The common inputs."""
    with st.grid(4, min_column_width=170, gap="small"):
        _anchor(choose, "after", _("After"), everyone, _("From the start"),
                _("Paths begin with the first such event. Empty: with whatever comes first."))  # fmt: skip
        _anchor(choose, "before", _("Before"), everyone, _("No goal"),
                _("Paths lead up to the first such event. With both, from the one to the other."))  # fmt: skip
        st.slider(
            _("Steps"), 2, DEEPEST, key=choose.key("depth"), persist_state="session",
            help=_("How many events after the start, or before the goal. An event repeated in a row is one."),
        )  # fmt: skip
        with st.container():
            group_picker(choose, "by", everyone)
            _pair(choose, everyone)


def _anchor(choose: session.Choices, name: str, label: str, everyone: EventLog, empty: str, help: str) -> None:
    st.selectbox(
        label,
        names(choose, everyone),
        None,
        key=choose.key(name),
        placeholder=empty,
        persist_state="session",
        help=help,
    )


def _pair(choose: session.Choices, everyone: EventLog) -> None:
    """Which values of the column are compared, where there are more than two."""
    column = choose["by"]
    if not isinstance(column, str):
        choose["pair"] = []
        return
    values = session.cells(everyone)[column].dropna().astype(str).value_counts().index[:MOST_VALUES].tolist()
    choose["pair"] = [value for value in choose["pair"] if value in values]
    if len(values) <= 2:
        return
    choose["pair"] = st.multiselect(
        _("These two groups"), values, choose["pair"], max_selections=2, key=f"{choose.key('pair')}.{column}",
        placeholder=_("The two largest"), help=_("Two values, or one against everyone else. Empty: the two largest."),
    )  # fmt: skip


def further_inputs(choose: session.Choices, everyone: EventLog) -> None:
    """The rare inputs, folded away."""
    with st.expander(_("More settings")), st.grid(2, min_column_width=200, gap="medium"):
        st.segmented_control(
            _("What is counted"), list(UNITS), key=choose.key("unit"), required=True, format_func=UNITS.get,
            persist_state="session", help=_("A customer has one path, their whole history; a session one each."),
        )  # fmt: skip
        gaps = list(dict.fromkeys([*GAPS, choose["session_gap"] or "30min"]))
        st.selectbox(
            _("A new session after"), gaps, None, key=choose.key("session_gap"), format_func=length,
            persist_state="session", disabled=choose["unit"] == "customer", placeholder=_("As the file says"),
            help=_("A pause longer than this. Empty: the sessions of the file, where it has them."),
        )  # fmt: skip
        st.select_slider(
            _("Only what comes within"), WITHIN if choose["within"] in WITHIN else [*WITHIN, choose["within"]],
            key=choose.key("within"), persist_state="session",
            format_func=lambda within: _("No limit") if within is None else length(within),
            help=_("From the first event (or the anchor); what comes later is not part of the path."),
        )  # fmt: skip
        st.slider(
            _("Events with a name"), 1, MOST_NAMED, key=choose.key("top"), persist_state="session",
            help=_("In each column so many, the commonest; the others are added up as Other."),
        )  # fmt: skip
        limit = _("Of the first event, or of the anchor; later steps may come after. Empty: no limit.")
        day_input(choose, "start", _("Paths that begin from"), everyone, help=limit)
        day_input(choose, "end", _("Paths that begin up to"), everyone, help=limit)
        st.toggle(
            _("Repeats are one step"), key=choose.key("collapse_repeats"), persist_state="session",
            help=_("Then ×2.3 beside an event says how often it is repeated. Off: every row is a step."),
        )  # fmt: skip
        st.selectbox(
            _("Level of the intervals"), LEVELS, key=choose.key("level"), format_func="{:.0%}".format,
            persist_state="session", help=_("How sure the interval should be to hold the true share."),
        )  # fmt: skip
