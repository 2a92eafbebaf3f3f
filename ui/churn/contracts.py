"""Churn by contract on the page: where the file says when a contract began and ended, and what follows."""

import streamlit as st

from insight.charts import survival_curve, survival_groups, survival_periods_bars
from insight.explain import survival_reading
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.groups import properties
from ui.parts import draw
from ui.people import people_of_one
from ui.sections import Shown
from ui.tables import number_table

UNITS = {"month": _("months"), "week": _("weeks"), "day": _("days")}
DATES, LENGTH = "dates", "length"


def contract_inputs(
    choose: session.Choices, table, proposed: dict[str, str], *, groups: bool = True
) -> dict[str, str] | None:
    """Which columns, or which events, tell of a contract; None where it is not said yet. groups : ask for them, too"""
    now = choose["contract"] or proposed
    key = f"{choose.key('contract')}.{choose.version}"
    if table.kind == "events":
        names, found = list(table.facts.events), {}
        found["start"] = _pick(_("A contract begins with"), names, now.get("start"), f"{key}.start",
                               _("The first of these events of each customer."))  # fmt: skip
        found["end"] = _pick(_("and ends with"), names, now.get("end"), f"{key}.end",
                             _("The first of these at or after the start. Who has none is still there."))  # fmt: skip
    else:
        found = _columns(table, now, key)
    by = None
    if groups:
        by = _pick(_("Compare groups"), properties(table), now.get("by"), f"{key}.by",
                   _("The curves of the groups are tested against each other (log-rank)."))  # fmt: skip
    whole = all(value is not None for value in found.values())
    if whole and by is not None:
        found["by"] = by
    choose["contract"] = found if whole and found != proposed else None
    return found if whole else None


def _columns(table, now: dict[str, str], key: str) -> dict[str, str | None]:
    """Of a table of customers: two dates, or a length and an answer."""
    columns = [name for name in table.frame.columns if name != "customer_id"]
    kind = st.segmented_control(
        _("The file says"), [DATES, LENGTH], default=LENGTH if "tenure" in now or not now else DATES, required=True,
        key=f"{key}.kind", format_func={DATES: _("Two dates"), LENGTH: _("A length")}.get,
        help=_("Two columns of dates, or a number of months and whether it is over."),
    )  # fmt: skip
    if kind == DATES:
        help = _("A column of dates; empty at the end means that it still runs.")
        return {
            "start": _pick(_("Began on"), columns, now.get("start"), f"{key}.start", help),
            "end": _pick(_("Ended on"), columns, now.get("end"), f"{key}.end", help),
        }
    found = {
        "tenure": _pick(_("Lasted"), columns, now.get("tenure"), f"{key}.tenure", _("A column of numbers.")),
        "ended": _pick(_("Is it over?"), columns, now.get("ended"), f"{key}.ended", _("A column of yes and no.")),
    }
    unit = _pick(_("in"), list(UNITS), now.get("unit", "month"), f"{key}.unit", _("What the numbers count."), UNITS)
    return found | ({"unit": unit} if unit != "month" else {})


def _pick(
    label: str, options: list[str], now: str | None, key: str, help: str, words: dict | None = None
) -> str | None:
    """One of several columns, events or units; `words` : what they are called, where that is not their name."""
    index, called = options.index(now) if now in options else None, words or {}
    return st.selectbox(
        label, options, index, key=key, help=help, placeholder=_("Choose"), format_func=lambda one: called.get(one, one)
    )


def contracts(choose: session.Choices, table, proposed: dict[str, str]) -> Shown:
    """The inputs, and where they say enough the answer: the sentence, the curve, churn by period, the groups."""
    picture, side = st.columns([7, 3], gap="large")
    with side, st.container(border=True):
        asked = contract_inputs(choose, table, proposed)
    with picture:
        if asked is None:
            needs_contracts(table.kind)
            return None
        period = {"period": choose["period"]} if choose["period"] != "month" else {}
        return contract_answer(session.compute("survival", table, asked | period))


def needs_contracts(kind: str | None = None) -> None:
    """What file this reads, with an example; and for the `kind` of table that is there, what to choose of it."""
    st.markdown(_("This needs a file with one row for each customer and two columns: the day on which the contract "
                  "began, and the day on which it ended, empty where it still runs. Add it on the Data page."
                  ))  # fmt: skip
    st.markdown(_("| customer_id | start_date | end_date |\n|---|---|---|\n"
                  "| C1 | 2025-01-15 | 2025-09-30 |\n| C2 | 2025-03-02 | |"))  # fmt: skip
    if kind == "events":
        st.markdown(_("Or choose the events that tell of it, under “A contract begins with” and “and ends with”: a "
                      "subscription and its cancellation."))  # fmt: skip
    elif kind == "customers":
        st.markdown(_("If your file says it in columns with other names, or as a length and whether it is over, choose "
                      "them under “The file says”."))  # fmt: skip


def contract_answer(answer: session.Answer) -> Shown:
    """Everything that is said of contracts."""
    st.markdown(survival_reading(answer.result))
    definition_card(answer)
    grouped = answer.result.groups is not None
    if grouped:
        draw(answer, survival_groups, alt=_("Survival of each group."))
    else:
        draw(answer, survival_curve, alt=_("Survival of contracts."))
    cells = {_("have left"): {"ended": True}, _("are still there"): {"ended": False}}
    for group in answer.result.groups["group"] if grouped else ():
        cells[_("of {group} have left", group=group)] = {"ended": True, "group": group}
        cells[_("of {group} are still there", group=group)] = {"ended": False, "group": group}
    people_of_one(answer, _("The people behind these numbers"), cells)
    st.subheader(_("Lost in each period"), anchor=False)
    draw(answer, survival_periods_bars, alt=_("Churn by period."))
    numbers = st.expander(_("All numbers"), key="numbers.survival", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(answer.result.groups if grouped else answer.result.periods)
    return answer, survival_groups if grouped else survival_curve
