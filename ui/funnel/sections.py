"""What follows the picture on the Funnel page, one section a tab. Only the open one computes anything."""

from datetime import date
from inspect import signature
from itertools import pairwise

import streamlit as st

from insight.catalog import catalog
from insight.charts import funnel_groups, funnel_times
from insight.funnel.peers import OURS
from insight.language import _, day, plain
from ui import session
from ui.funnel.tables import step_table
from ui.funnel.trace import one_by_one
from ui.parts import draw
from ui.people import people_of, people_of_one
from ui.sections import Section, Shown, figure

LEAST_POINTS = 0.1
PERIODS = {"day": _("Days"), "week": _("Weeks"), "month": _("Months")}


def section_settings() -> dict[str, tuple]:
    """The settings of the sections, as `session.settings` takes them."""
    return {
        "show": ("time", list(SECTIONS)),
        "period": ("week", list(PERIODS)),
        "points": (1.0, lambda points: isinstance(points, float) and LEAST_POINTS <= points <= 100),
        "revenue": (None, lambda amount: amount is None or (isinstance(amount, float) and amount >= 0)),
    }


def fair_groups(choose: session.Choices, answer: session.Answer) -> None:
    """Beside the warning that best attempts favour some groups: the switch to first attempts."""
    if answer.result.groups is not None and answer.result.reentry == "best":
        st.button(
            _("Count first attempts"), key="funnel.fair", icon=":material/balance:", on_click=choose.setter("reentry"),
            args=["first"], help=_("Everyone then counts with one try, however long they have been around."),
        )  # fmt: skip


def turned_to_groups(choose: session.Choices) -> int:
    """Turn to the groups when the visitor has just chosen some; how often that happened is part of the tabs' key."""
    memory, by = session.memory(choose.page), choose["by"]
    if by is not None and "by" in memory and by != memory["by"]:
        choose["show"], memory["turns"] = "groups", memory.get("turns", 0) + 1
    memory["by"] = by
    return memory.get("turns", 0)


def _time(choose: session.Choices, answer: session.Answer) -> Shown:
    draw(answer, funnel_times, alt=_("Time from the first to the last step."))
    st.subheader(_("All numbers"), anchor=False)
    step_table(answer.result.steps, answer.result.unit)
    return None


def _groups(choose: session.Choices, answer: session.Answer) -> Shown:
    if answer.result.groups is None:
        st.markdown(
            _("Choose under “Compare groups” what to compare by: a column of the file, or an audience you kept.")
        )
        return None
    draw(answer, funnel_groups, alt=_("Overall conversion of each group with its interval."))
    step_table(answer.result.groups, answer.result.unit)
    return answer, funnel_groups


def _trend(choose: session.Choices, answer: session.Answer) -> Shown:
    st.segmented_control(
        _("One point for each"), list(PERIODS), key=choose.key("period"), required=True, format_func=PERIODS.get,
        persist_state="session", help=_("The period of a customer’s first entry; each counts with the first attempt."),
    )  # fmt: skip
    shown = _from_catalog("funnel_trend", answer, period=choose["period"])
    _people_of_a_period(shown[0])
    return shown


def _people_of_a_period(trend: session.Answer) -> None:
    """Choose a period, the full ones first, and see who came in it."""
    periods, goal = trend.result.periods, trend.result.goal
    full = periods["observed"] == "full"
    words = {
        "all": _("All who came"),
        "yes": _("Reached {step}", step=goal),
        "no": _("Did not reach {step}", step=goal),
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = st.selectbox(
            _("The people behind a point"), [*periods["period"][full], *periods["period"][~full]], None, width=220,
            format_func=lambda first: day(date.fromisoformat(first)), key=f"trend.people.{trend.result.period}",
            placeholder=_("Choose a period"), help=_("By its first day; periods that are not over come last."),
        )  # fmt: skip
        which = st.segmented_control(
            _("Who of them"), list(words), default="all", required=True, key="trend.people.which",
            format_func=lambda who: plain(words[who]), help=_("Everyone who first came then, or a part of them."),
        )  # fmt: skip
    if period is None:
        return
    first = day(date.fromisoformat(period))
    did, cell = {
        "all": (_("first came in the period from {day}", day=first), {}),
        "yes": (_("first came in the period from {day} and reached {step}", day=first, step=goal), {"reached": True}),
        "no": (
            _("first came in the period from {day} and did not reach {step}", day=first, step=goal),
            {"reached": False},
        ),
    }[which]
    with st.container(border=True):
        people_of(trend, {"period": period, **cell}, did, "trend.people")


def _peers(choose: session.Choices, answer: session.Answer) -> Shown:
    shown = _from_catalog("funnel_peers", answer)
    tools = shown[0].result.tools
    counted = tools["tool"][(tools["tool"] != OURS) & tools["reached_last"].notna()]
    people_of_one(
        shown[0],
        _("The people whom a tool would count"),
        {_("reached the end, as {tool} counts", tool=tool): {"tool": tool} for tool in counted},
    )
    return shown


def _worth(choose: session.Choices, answer: session.Answer) -> Shown:
    with st.container(horizontal=True):
        st.number_input(
            _("Percentage points more"), LEAST_POINTS, 100.0, step=0.5, key=choose.key("points"), width=220,
            persist_state="session", help=_("Added to the share that goes on, at one step at a time."),
        )  # fmt: skip
        st.number_input(
            _("What a completion brings"), 0.0, None, key=choose.key("revenue"), persist_state="session", width=220,
            placeholder=_("As in the data"), help=_("Empty: the mean amount in the orders, or in the events."),
        )  # fmt: skip
    more = {} if choose["revenue"] is None else {"revenue_per_completion": choose["revenue"]}
    shown = _from_catalog("funnel_worth", answer, points=choose["points"], **more)
    required = answer.result.steps["step"][answer.result.steps["required"]].tolist()
    numbers = {step: at for at, step in enumerate(answer.result.steps["step"], start=1)}
    lost = {
        _("reached {before}, but not {step}", before=before, step=step): {"step": numbers[step], "reached": False}
        for before, step in pairwise(required)
    }
    people_of_one(shown[0], _("The people whom a better step could keep"), lost)
    return shown


def _from_catalog(name: str, answer: session.Answer, **own: object) -> Shown:
    """Another look at the same funnel: its sentence, its picture, its card, its numbers."""
    known = _settings_of(catalog[name])
    shared = {setting: value for setting, value in answer.settings.items() if setting in known}
    found = session.compute(name, answer.table, shared | own)
    return figure(found, note=not_used(answer.settings, known))


def not_used(settings: dict[str, object], known: set[str]) -> str:
    """What a section says about settings of the funnel that it does not know, as Markdown.

    >>> not_used({"steps": ["visit", "buy"], "unit": "session"}, {"steps", "reentry", "entries"})
    'Here customers are counted, not sessions.'
    """
    said = {
        "unit": _("Here customers are counted, not sessions."),
        "by": _("Here all groups are counted together."),
    }
    found = [said[name] for name in said if name in settings and name not in known]
    if "reentry" not in known and settings.get("reentry") != "first":
        found.append(_("Here the first attempt counts, not the best."))
    if "entries" not in known and settings.get("entries") != "all":
        found.append(_("Here who still has time counts as well; such periods are marked."))
    return " ".join(found)


def _settings_of(analysis) -> set[str]:
    return {name for name, one in signature(analysis.function).parameters.items() if one.kind is one.KEYWORD_ONLY}


def _one_by_one(choose: session.Choices, answer: session.Answer) -> Shown:
    one_by_one(choose, answer)
    return None


SECTIONS = {
    "time": Section(_("How long it takes"), _time),
    "groups": Section(_("Groups"), _groups),
    "trend": Section(_("Over time"), _trend),
    "peers": Section(_("How others count"), _peers),
    "worth": Section(_("What a point is worth"), _worth),
    "people": Section(_("One by one"), _one_by_one),
}
