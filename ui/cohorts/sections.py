"""What follows the grid on the Cohorts page, one section a tab. Only the open one computes anything."""

from collections.abc import Callable

import streamlit as st

from insight.charts import (
    cohort_revenue_curve,
    cohort_revenue_groups,
    retention_curves,
    retention_difference,
    retention_groups,
)
from insight.language import _
from insight.retention.peers import OURS
from insight.retention.words import cohort_name
from ui import session
from ui.campaigns.payback import payback_section
from ui.cohorts.revenue import revenue_answer
from ui.cohorts.settings import by_value
from ui.parts import draw
from ui.people import people_of_one
from ui.sections import Section, Shown, figure
from ui.tables import number_table


def section_settings() -> dict[str, tuple]:
    """The settings of the sections, as `session.settings` takes them."""

    def is_amount(value: object, most: float) -> bool:
        return value is None or (isinstance(value, float) and 0 < value <= most)

    return {
        "show": ("curves", lambda name: name in SECTIONS),
        "one": (None, lambda one: one is None or isinstance(one, str)),
        "acquisition_cost": (None, lambda value: is_amount(value, 1e12)),
        "margin": (None, lambda value: is_amount(value, 1)),
    }


def _of(chart: Callable, name: str, **more: object) -> Callable:
    """A chart with further arguments, under a name of its own: pictures are remembered by name."""

    def drawn(result, **look):
        return chart(result, **more, **look)

    drawn.__name__ = f"{chart.__name__} {name}"
    return drawn


def _curves(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    cohorts = list(result.cohorts["cohort"])
    one = _one(choose, cohorts, lambda cohort: cohort_name(result, cohort))
    curves = retention_curves if one is None else _of(retention_curves, one, cohort=one)
    draw(answer, curves, alt=_("Retention of all cohorts together."))
    if one is not None and result.groups is None:
        st.subheader(_("{cohort} against all others", cohort=cohort_name(result, one)), anchor=False)
        draw(answer, _of(retention_difference, one, of=one), alt=_("Difference to all other cohorts."))
    numbers = st.expander(_("All numbers"), key="numbers.cohorts.average", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(result.average)
    return answer, curves


def _one(choose: session.Choices, names: list[str], words: Callable[[str], str]) -> str | None:
    """One cohort or group to set against all others."""
    now = choose["one"] if choose["one"] in names else None
    one = st.selectbox(
        _("Set one against all others"), [None, *names], [None, *names].index(now), width=280,
        key=f"{choose.key('one')}.{choose.version}.{choose['show']}",
        format_func=lambda name: _("None") if name is None else words(name),
        help=_("Its own curve with its interval, and by how many points it differs, period by period."),
    )  # fmt: skip
    choose["one"] = one
    return one


def _groups(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    if result.groups is None:
        if by_value(choose):
            st.markdown(_("The cohorts are the values of a column already: the rows of the grid are the groups."))
        else:
            st.markdown(
                _("Choose under “Compare groups” what to compare by: a column of the file, or an audience you kept.")
            )
        return None
    chart = _of(retention_groups, str(choose["at"]), at=choose["at"])
    draw(answer, chart, alt=_("Retention of each group with its interval."))
    st.markdown(":small[" + _("Groups differ in more than their name: a difference is no effect of it.") + "]")
    names = list(dict.fromkeys(result.groups["group"]))
    one = _one(choose, names, str)
    if one is not None:
        draw(answer, _of(retention_difference, one, of=one), alt=_("Difference to all other groups."))
    numbers = st.expander(_("All numbers"), key="numbers.cohorts.groups", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(result.groups)
    return answer, chart


def _revenue(choose: session.Choices, answer: session.Answer) -> Shown:
    found = revenue_answer(choose, answer)
    if found is None:
        st.markdown(_("What customers bring in needs a table of orders."))
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            _("Cost of acquiring a customer"), 0.01, None, step=1.0, key=choose.key("acquisition_cost"), width=220,
            persist_state="session", placeholder=_("Not known"),
            help=_("CAC: what marketing and sales cost, divided by the customers won, in the currency of the orders."),
        )  # fmt: skip
        st.number_input(
            _("Margin, as a share"), 0.01, 1.0, step=0.05, key=choose.key("margin"), width=180, persist_state="session",
            placeholder=_("Not known"),
            help=_("What is left of revenue after the cost of what was sold: 0.4 is 40%. There is no usual value."),
        )  # fmt: skip
    if (choose["acquisition_cost"] is None) != (choose["margin"] is None):
        st.markdown(":small[" + _("Give both, and the picture shows when the cost has come back.") + "]")
    shown = figure(found, cohort_revenue_curve)
    if found.result.groups is not None:
        chart = _of(cohort_revenue_groups, str(choose["at"]), at=choose["at"])
        draw(found, chart, alt=_("Revenue per customer of each group."))
    if session.everyone("campaigns") is not None:
        st.subheader(_("When customers of each channel have paid back"), anchor=False)
        payback_section(choose["margin"], choose.page)
    return shown


def _peers(choose: session.Choices, answer: session.Answer) -> Shown:
    settings = {name: value for name, value in answer.settings.items() if name != "by"}
    if answer.result.bracket is None:
        settings["at"] = choose["at"]
    found = session.compute("retention_peers", answer.table, settings)
    shown = figure(found)
    tools = found.result.tools
    rated = tools["tool"][(tools["tool"] != OURS) & tools["retained"].notna()]
    cells = {_("are retained as {tool} counts", tool=tool): {"tool": tool} for tool in rated}
    people_of_one(found, _("The people whom a tool would count"), cells)
    return shown


SECTIONS = {
    "curves": Section(_("Curves"), _curves),
    "groups": Section(_("Groups"), _groups),
    "revenue": Section(_("Revenue and payback"), _revenue),
    "peers": Section(_("How others count"), _peers),
}
