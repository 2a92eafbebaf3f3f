"""The people behind a cell: who they are, as a list to take along or as an audience to look at alone."""

import streamlit as st

from insight.explain.cells import cell_in_words
from insight.language import _
from insight.retention.words import cohort_name, period_name
from ui import session
from ui.people import people_of

PLACES = {"cohort", "period", "retained", "group"}


def is_cell(cell: object) -> bool:
    """Whether this may be the address of some people of a cohort; whether it exists, the result says."""
    return cell is None or (isinstance(cell, dict) and set(cell) <= PLACES)


def cell_of(result, clicked: str | None) -> dict | None:
    """The address of the cell whose label was clicked, as the chart writes it."""
    if clicked is None:
        return None
    for row in result.cells.itertuples():
        name = _("{cohort}, {period}", cohort=cohort_name(result, row.cohort), period=period_name(result, row.period))
        if name == clicked:
            return {"cohort": row.cohort, "period": int(row.period)}
    for k in result.average["period"]:
        if clicked == _("{cohort}, {period}", cohort=_("All"), period=period_name(result, k)):
            return {"period": int(k)}
    return None


def people_behind(choose: session.Choices, answer: session.Answer, clicked: str | None) -> None:
    """Choose a cell, with a click or with the selects, and see who is behind it. `answer` : a retention."""
    memory, result = session.memory(choose.page), answer.result
    if clicked != memory.get("clicked"):
        memory["clicked"] = clicked
        choose["people"] = cell_of(result, clicked)
        choose.renew()
    cell = choose["people"] or {}
    cohorts, key = [None, *result.cohorts["cohort"]], f"cohorts.people.{choose.version}"
    names = {cohort: cohort_name(result, cohort) for cohort in cohorts if cohort}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cohort = st.selectbox(
            _("The people behind a cell"), [*cohorts, "all"], _index([*cohorts, "all"], cell), key=f"{key}.cohort",
            format_func=lambda own: _("Nobody yet") if own is None else names.get(own, _("All cohorts")), width=200,
            help=_("Click a cell, or choose a cohort here: see who they are, and keep them as an audience."),
        )  # fmt: skip
        if cohort is None:
            choose["people"] = None
            return
        period = _period(result, cohort, cell, key)
        which = _which(cell, key) if period else None
    address = ({} if cohort == "all" else {"cohort": cohort}) | ({"period": period} if period else {})
    address |= {"retained": False} if which == "no" else {}
    choose["people"] = address or None
    if not address:
        st.markdown(":small[" + _("Choose a period, too.") + "]")
        return
    with st.container(border=True):
        people_of(answer, address, cell_in_words("retention", answer.settings, address), "cohorts.people.list")


def _index(cohorts: list, cell: dict) -> int:
    if not cell:
        return 0
    wanted = cell.get("cohort", "all")
    return cohorts.index(wanted) if wanted in cohorts else 0


def _period(result, cohort: str, cell: dict, key: str) -> int | None:
    known = result.cells[(result.cells["observed"] != "none") & (result.cells["period"] > 0)]
    known = known[known["observed"] == "full"] if cohort == "all" else known[known["cohort"] == cohort]
    periods = [None, *sorted(known["period"].unique().tolist())]
    now = cell.get("period")
    return st.selectbox(
        _("In"), periods, periods.index(now) if now in periods else 0, key=f"{key}.period.{cohort}", width=160,
        format_func=lambda k: _("Everyone in it") if k is None else period_name(result, k),
        help=_("Which period’s people; or everyone in the cohort."),
    )  # fmt: skip


def _which(cell: dict, key: str) -> str:
    words = {"yes": _("Retained"), "no": _("Not retained")}
    return st.segmented_control(
        _("Who of them"), list(words), key=f"{key}.which", required=True, format_func=words.get,
        default="no" if cell.get("retained") is False else "yes", help=_("Who came back, or who did not."),
    )  # fmt: skip
