"""What follows the numbers: groups, conversion, why a rate moved, days and hours. Only the open tab computes."""

from datetime import date, timedelta

import streamlit as st

from insight.catalog import catalog
from insight.charts import conversion_line, rate_change_bars, rhythm_map
from insight.explain import conversion_reading, rate_change_reading
from insight.language import _, plain
from insight.overview.rate_change import RATES
from insight.overview.rhythm import MEASURES as RHYTHMS
from insight.overview.words import TITLES
from ui import session
from ui.card import definition_card
from ui.overview import board
from ui.overview.board import Tables
from ui.overview.cards import rate_cards
from ui.overview.people import clicked_hour, group_cells, hour_cells, people_of_period
from ui.overview.tables import all_numbers, effect_table, group_table
from ui.parts import draw
from ui.people import people_of, people_of_one
from ui.sections import Section, Shown

RHYTHM_WORDS = {"events": _("Events"), "sessions": _("Sessions"), "orders": _("Orders"), "revenue": _("Revenue")}
SPANS = {"all": _("All days"), "period": _("The period above")}


def section_settings(of: Tables) -> dict[str, tuple]:
    """The settings of the tabs; what is usual is possible with these tables, so that no address has to name it."""
    return {
        "show": ("groups", list(SECTIONS)),
        "rhythm": ("sessions" if "events" in of.everyone else "orders", list(RHYTHM_WORDS)),
        "span": ("all", list(SPANS)),
    }


def _groups(choose: session.Choices, of: Tables, front: session.Answer) -> Shown:
    front = board.answer_of(choose, of, front.name, by_group=True)
    if front.result.groups is None:
        st.markdown(_("The file has no column to compare by, such as channel or device. Columns of numbers can be "
                      "chosen under “Compare groups”."))  # fmt: skip
        return None
    by = front.settings["by"]
    column = by["column"] if isinstance(by, dict) else by
    st.markdown(_("**{measure}** by **{column}**. “Compare groups”, above, takes another column or an audience.",
                  measure=TITLES[front.result.measure], column=plain(column)))  # fmt: skip
    chart = catalog[front.name].grouped_charts[0]
    draw(front, chart, alt=_("The groups, one below the other."))
    people_of_period(front, _("The people behind a group"), "groups")
    numbers = st.expander(_("All numbers"), key="overview.groups.numbers", on_change="rerun")
    if numbers.open:
        with numbers:
            group_table(front.result)
    return front, chart


def _conversion(choose: session.Choices, of: Tables, front: session.Answer) -> Shown:
    if "events" not in of.shown:
        st.markdown(_("Conversion needs a table of events beside the orders: who came, not only who bought."))
        return None
    if choose["goal"] is None and "orders" not in of.shown:
        st.markdown(_("What should visitors do? Choose it under “More settings”: a conversion is an event."))
        return None
    answer = board.answer_of(choose, of, "conversion")
    rate_cards(choose, answer)
    st.markdown(conversion_reading(answer.result))
    draw(answer, conversion_line, alt=_("The rate, period by period."))
    definition_card(answer)
    all_numbers(answer, "conversion")
    people_of_period(answer, _("The people who converted, or did not"), "conversion")
    return answer, conversion_line


def _why(choose: session.Choices, of: Tables, front: session.Answer) -> Shown:
    rates = _rates(choose, of)
    if choose["rate"] not in rates:
        choose["rate"] = None  # nothing chosen: the first, and the address does not name it
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Rate"), rates, None, key=choose.key("rate"), format_func=TITLES.get, persist_state="session", width=260,
            placeholder=TITLES[rates[0]], help=_("Whose change is split."),
        )  # fmt: skip
        st.segmented_control(
            _("Compared with"), ["before", "year_before"], key=choose.key("compare"), required=True,
            format_func={"before": _("the period before"), "year_before": _("a year before")}.get,
            persist_state="session", help=_("Both periods have to be complete."),
        )  # fmt: skip
    answer = _rate_answer(choose, of, choose["rate"] or rates[0])
    if answer is None:
        st.markdown(_("The file has no column to split by: it needs one such as channel or device."))
        return None
    st.markdown(rate_change_reading(answer.result))
    draw(answer, rate_change_bars, alt=_("Two bars for each group: what its weight did, and what its rate did."))
    definition_card(answer)
    people_of_one(answer, _("The people of a group"), group_cells(answer))
    numbers = st.expander(_("All numbers"), key="overview.why.numbers", on_change="rerun")
    if numbers.open:
        with numbers:
            effect_table(answer.result)
    return answer, rate_change_bars


def _rates(choose: session.Choices, of: Tables) -> list[str]:
    """The rates that the tables can give, the one in front first."""
    found = []
    if "events" in of.shown:
        possible = choose["goal"] is not None or "orders" in of.shown
        found += [name for name in ("per_session", *RATES["events"]) if name != "per_session" or possible]
    if "orders" in of.shown:
        found += RATES["orders"]
    return sorted(dict.fromkeys(found), key=lambda name: name != choose["measure"])


def _rate_answer(choose: session.Choices, of: Tables, rate: str) -> session.Answer | None:
    """The split by the chosen groups; without any, by the channel, or the first column that there is."""
    kind = "orders" if rate in RATES["orders"] else "events"
    table, by = board.grouped_table(choose, of, kind, always=True)
    if by is None:
        return None
    asked = {"by": by, "rate": rate, "compare": choose["compare"], "period": choose["period"]}
    found = board.calendars(of, choose["period"], choose["week_start"])
    at = choose["at"] or board.latest_complete(found)
    asked |= {
        "at": at if at in found[kind].days else None,
        "week_start": choose["week_start"],
        "level": choose["level"],
    }
    if kind == "events":
        asked["session_gap"] = choose["gap"]
        asked["goal"] = choose["goal"] if rate == "per_session" else None
    return session.compute("rate_change", table, board.without_usual(asked))


def _rhythm(choose: session.Choices, of: Tables, front: session.Answer) -> Shown:
    possible = [measure for kind, measures in RHYTHMS.items() if kind in of.shown for measure in measures]
    if choose["rhythm"] not in possible:
        choose["rhythm"] = possible[-1] if possible == list(RHYTHMS["events"]) else possible[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("What is counted"), possible, key=choose.key("rhythm"), format_func=RHYTHM_WORDS.get, required=True,
            persist_state="session", help=_("Sessions count in the hour in which they begin."),
        )  # fmt: skip
        st.segmented_control(
            _("Days"), list(SPANS), key=choose.key("span"), format_func=SPANS.get, required=True,
            persist_state="session", help=_("One period alone has few of each hour."),
        )  # fmt: skip
    kind = next(kind for kind, measures in RHYTHMS.items() if choose["rhythm"] in measures)
    asked = {"measure": choose["rhythm"]}
    if choose["span"] == "period":
        first, last = _days_of(front.result.at, choose["period"])
        asked |= {"start": first.isoformat(), "end": last.isoformat()}
    if choose["rhythm"] == "sessions":
        asked["session_gap"] = choose["gap"]
    answer = session.compute("rhythm", of.shown[kind], board.without_usual(asked))
    st.markdown(catalog["rhythm"].reading(answer.result))
    clicked = draw(answer, rhythm_map, alt=_("The hours of the week."), key="overview.rhythm.map", click="name")
    definition_card(answer)
    cell = clicked_hour(answer, clicked)
    if cell is not None:
        with st.container(border=True):
            people_of(answer, cell, _("were there then"), "overview.hour")
    people_of_one(answer, _("The people of an hour"), hour_cells(answer))
    return answer, rhythm_map


def _days_of(start: str, period: str) -> tuple[date, date]:
    first = date.fromisoformat(start)
    match period:
        case "day":
            return first, first
        case "week":
            return first, first + timedelta(days=6)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


SECTIONS = {
    "groups": Section(_("Groups"), _groups),
    "conversion": Section(_("Conversion"), _conversion),
    "why": Section(_("Why it moved"), _why),
    "rhythm": Section(_("Days and hours"), _rhythm),
}
