"""Funnel: how many go on from step to step, and where they stop."""

import streamlit as st

from insight.charts import funnel_bars, funnel_groups, funnel_times
from insight.explain import funnel_reading
from insight.funnel.proposal import proposed_steps, proposed_within
from insight.language import _, length, plain
from ui import session
from ui.inputs import WINDOWS, day_of, day_picker, funnel_of, is_window, properties, step_picker
from ui.parts import draw, explanation, need, offer_window, readable_errors, step_table, take_away

st.title(_("Funnel"), anchor=False)
events = need("events")
names = events.log.events
if len(names) < 2:
    st.info(_("A funnel needs at least two kinds of event. This file has one: {name}.", name=plain(names[0])))
    st.stop()

usual = proposed_steps(events.log)
choose = session.settings(
    "funnel",
    events,
    steps=(usual, funnel_of(events)),
    within=(proposed_within(events.log, usual), is_window),
    by=(None, [None, *properties(events)]),
    reentry=("best", ["best", "first"]),
    entries=("mature", ["mature", "all"]),
    start=(None, day_of(events)),
    end=(None, day_of(events)),
    level=(0.95, [0.8, 0.9, 0.95, 0.99]),
)

answer_side, choice_side = st.columns([7, 3], gap="large")
with choice_side, st.container(border=True):
    st.subheader(_("Steps"), anchor=False)
    step_picker(choose, "steps", events)
    st.select_slider(
        _("Time allowed from the first step"),
        WINDOWS if choose["within"] in WINDOWS else [choose["within"], *WINDOWS],
        key=choose.key("within"),
        format_func=lambda window: _("No limit") if window is None else length(window),
        persist_state="session",
        help=_("A customer counts at a step when they reach it within this time of their entry."),
    )
    st.selectbox(
        _("Compare groups"),
        properties(events),
        index=None,
        key=choose.key("by"),
        disabled=not properties(events),
        placeholder=_("No groups"),
        persist_state="session",
        help=_("Each customer belongs to the group of their first entry."),
    )
    with st.expander(_("More settings")):
        st.segmented_control(
            _("Which attempt counts"),
            ["best", "first"],
            key=choose.key("reentry"),
            required=True,
            format_func={"best": _("The best"), "first": _("The first")}.get,
            persist_state="session",
            help=_("Who starts more than once has several attempts. Compare groups and months by the first."),
        )
        st.segmented_control(
            _("Who counts"),
            ["mature", "all"],
            key=choose.key("entries"),
            required=True,
            disabled=choose["within"] is None,
            format_func={"mature": _("Who had the full time"), "all": _("Everyone so far")}.get,
            persist_state="session",
            help=_("Customers who still have time would look lost; they are left out until the time has passed."),
        )
        day_picker(choose, "start", _("Entries from"), events)
        day_picker(choose, "end", _("Entries up to"), events)
        st.selectbox(
            _("Level of the intervals"),
            [0.8, 0.9, 0.95, 0.99],
            key=choose.key("level"),
            format_func="{:.0%}".format,
            persist_state="session",
            help=_("How sure the interval should be to hold the true rate."),
        )
choose.publish()

settings = choose.values() | ({"entries": "all"} if choose["within"] is None else {})
with answer_side:
    with readable_errors(shorter=choose.setter("within")):
        answer = session.compute("funnel", events, settings)
    result = answer.result
    st.markdown(funnel_reading(result))
    offer_window(result.longest_within, choose.setter("within"))
    draw(answer, funnel_bars, alt=_("Customers at each step."))
if result.groups is not None:
    st.header(_("By {column}", column=plain(choose["by"])), anchor=False)
    draw(answer, funnel_groups, alt=_("Overall conversion of each group with its interval."))
st.header(_("How long it takes"), anchor=False)
draw(answer, funnel_times, alt=_("Time from the first to the last step."))
st.header(_("All numbers"), anchor=False)
step_table(result.steps if result.groups is None else result.groups)
explanation("funnel")
st.header(_("Take it away"), anchor=False)
take_away(answer, funnel_bars)
