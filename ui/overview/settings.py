"""The settings of the Overview page: what they may be, and the inputs that choose them."""

import re
from datetime import date

import streamlit as st

from insight.errors import InsightError
from insight.funnel.proposal import GOALS
from insight.language import _, length
from insight.overview.breakdown import read_breakdown
from insight.overview.marks import read_notes
from insight.overview.rate_change import COMPARED, RATES
from insight.overview.rhythm_words import weekday_names
from insight.overview.words import TITLES, period_name
from insight.periods import PERIODS, UNITS, WEEKDAYS, microseconds
from ui import session
from ui.groups import group_picker, is_audience, names_few
from ui.overview import board
from ui.overview.board import Tables

PERIOD_WORDS = {"day": _("Days"), "week": _("Weeks"), "month": _("Months")}
GAPS = ["5min", "15min", "30min", "1h", "2h"]
FEWEST_MONTHS, FEWEST_WEEKS = 120, 21  # days of data from which months and weeks are proposed


def overview_settings(of: Tables, **sections: tuple) -> session.Choices:
    """The page's settings, on the tables of everyone. sections : those of the tabs, name=(default, allowed)"""
    kinds = of.everyone["events"].facts.events if "events" in of.everyone else ()
    goal = None if "orders" in of.everyone else telling(kinds)
    named = [*kinds]
    return session.settings(
        "overview",
        of.main,
        period=(_proposed_period(of), list(PERIODS)),
        at=(None, _is_day),
        measure=("revenue" if "orders" in of.everyone else "visitors", list(board.OF)),
        by=(None, lambda by: by is None or (names_few(by) and (is_audience(by) or _is_breakdown(of, by)))),
        goal=(goal, [None, *named] if "orders" in of.everyone else [*named, goal]),
        lead=([], named),
        gap=(_usual_gap(of), lambda gap: gap is None if _has_sessions(of) and gap is None else _is_gap(gap)),
        pages=([], named),
        notes=([], _are_notes),
        week_start=("MON", list(WEEKDAYS)),
        level=(0.95, [0.8, 0.9, 0.95, 0.99]),
        rate=(None, [None, *RATES["events"], *RATES["orders"]]),
        compare=("before", list(COMPARED)),
        **sections,
    )


def telling(kinds: tuple[str, ...]) -> str | None:
    """The event whose name says that it is a conversion; None where none does.

    >>> telling(("visit", "purchase", "order_page")), telling(("visit", "cart"))
    ('purchase', None)
    """
    for word in GOALS:
        found = [kind for kind in kinds if re.search(rf"(^|[^a-z]){word}", kind.casefold())]
        if found:
            return min(found, key=lambda kind: (len(kind), kind))
    return None


def _proposed_period(of: Tables) -> str:
    spans = [(table.facts.last_time - table.facts.first_time) / UNITS["D"] for table in of.everyone.values()]
    return "month" if max(spans) >= FEWEST_MONTHS else "week" if max(spans) >= FEWEST_WEEKS else "day"


def _has_sessions(of: Tables) -> bool:
    return "session" in of.columns("events")


def _usual_gap(of: Tables) -> str | None:
    return None if _has_sessions(of) else "30min"


def _is_gap(gap: object) -> bool:
    try:
        return microseconds(gap) > 0
    except InsightError:
        return False


def _is_day(day: object) -> bool:
    return day is None or bool(isinstance(day, str) and date.fromisoformat(day))


def _are_notes(notes: object) -> bool:
    try:
        return isinstance(notes, list) and read_notes(notes) == notes
    except InsightError:
        return False


def _is_breakdown(of: Tables, by: object) -> bool:
    for table in of.everyone.values():
        try:
            if read_breakdown(by, table.facts):
                return True
        except InsightError:
            continue
    return False


def inputs(choose: session.Choices, of: Tables) -> None:
    """The common inputs in one row, the rare ones folded away."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("By"), list(PERIODS), key=choose.key("period"), format_func=PERIOD_WORDS.get, required=True,
            persist_state="session", help=_("Numbers are added up by day, week or month, and compared so."),
        )  # fmt: skip
        _period(choose, of)
        with st.container(width=240):
            kind = board.KIND[board.OF[choose["measure"]]]
            about = _("Sessions are of the value at their first event, orders of their own value.")
            group_picker(choose, "by", of.everyone.get(kind, of.main), help=about)
    with st.expander(_("More settings"), key="overview.more", on_change="rerun"):
        _rare(choose, of)


def _period(choose: session.Choices, of: Tables) -> None:
    """Which period to look at: the latest complete one unless another is chosen."""
    found = board.calendars(of, choose["period"], choose["week_start"])
    days = board.periods(found)
    if choose["at"] not in days:
        choose["at"] = None
    latest = board.latest_complete(found)
    usual = _("The last complete") if latest is None else _("Last complete: {name}", name=_name(latest, choose))
    st.selectbox(
        _("Look at"), days, None, key=choose.key("at"), persist_state="session", width=260, placeholder=usual,
        format_func=lambda start: _name(start, choose),
        help=_("It is compared with the period before it and with the same a year before."),
    )  # fmt: skip


def _name(start: str, choose: session.Choices) -> str:
    return period_name(start, choose["period"])


def _rare(choose: session.Choices, of: Tables) -> None:
    with st.grid(2, min_column_width=260):
        if "events" in of.everyone:
            _of_events(choose, of)
        if choose["period"] == "week":
            st.selectbox(
                _("A week begins on"), list(WEEKDAYS), key=choose.key("week_start"), persist_state="session",
                format_func=dict(zip(WEEKDAYS, weekday_names(), strict=True)).get, help=_("For seven days from there."),
            )  # fmt: skip
        st.selectbox(
            _("Level of the intervals"), [0.8, 0.9, 0.95, 0.99], key=choose.key("level"), format_func="{:.0%}".format,
            persist_state="session", help=_("How sure the interval should be to hold the true rate or change."),
        )  # fmt: skip


def _of_events(choose: session.Choices, of: Tables) -> None:
    kinds = list(of.everyone["events"].facts.events)
    gaps = [*([None] if _has_sessions(of) else []), *GAPS]
    gaps += [] if choose["gap"] in gaps else [choose["gap"]]
    st.selectbox(
        _("A session ends"), gaps, key=choose.key("gap"), persist_state="session", format_func=_gap,
        help=_("After a pause of this length, or as the session column of the file says."),
    )  # fmt: skip
    goals = [*([None] if "orders" in of.everyone or choose["goal"] is None else []), *kinds]
    st.selectbox(
        _("A conversion is"), goals, key=choose.key("goal"), persist_state="session",
        format_func=lambda goal: goal if goal else _("an order") if "orders" in of.everyone else _("Choose an event"),
        help=_("What visitors should do: an order, joined by customer id, or an event."),
    )  # fmt: skip
    st.multiselect(
        _("A lead has done"), kinds, key=choose.key("lead"), persist_state="session", placeholder=_("No leads"),
        help=_("With an event here, such as a sign-up, conversion is also given per lead."),
    )  # fmt: skip
    st.multiselect(
        _("Pages are"), kinds, key=choose.key("pages"), persist_state="session", placeholder=_("All events"),
        help=_("A bounce is a session with at most one page. Exports with technical events need a choice here."),
    )  # fmt: skip


def _gap(gap: str | None) -> str:
    return _("as the file says") if gap is None else _("after a pause of {length}", length=length(gap))


def settle(choose: session.Choices, of: Tables) -> None:
    """Take the period that was clicked; where the tables cannot give the chosen measure, the first that they can."""
    memory = session.memory(choose.page)
    if "at" in memory:
        choose["at"] = memory.pop("at")
    there = board.measures(of, choose["goal"], choose["lead"] or None)
    if choose["measure"] not in there:
        choose["measure"] = there[0]


def measure_picker(choose: session.Choices, there: list[str]) -> None:
    """Which measure is in front."""
    st.selectbox(
        _("Over time"), there, key=choose.key("measure"), format_func=TITLES.get, persist_state="session", width=260,
        help=_("The number in the sentence and in the picture."),
    )  # fmt: skip


def take_clicked(choose: session.Choices, clicked: str | None) -> None:
    """A click on the picture looks at that period; its input stands above and has been drawn, so in a new run."""
    memory = session.memory(choose.page)
    if clicked == memory.get("clicked"):
        return
    memory["clicked"] = clicked
    if clicked is not None and clicked != choose["at"]:
        memory["at"] = clicked
        st.rerun()
