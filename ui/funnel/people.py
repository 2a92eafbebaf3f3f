"""The people behind a bar: who they are, as a list to take along or as an audience to look at alone."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.errors import InsightError
from insight.funnel import Funnel
from insight.language import _, _n, count, plain
from ui import session
from ui.audiences import keep
from ui.take_away import as_csv, download

SHOWN = 20  # ids on the page; the file holds all
PLACES = {"step", "reached", "entered_here", "level", "still_open"}


def is_cell(cell: object) -> bool:
    """Whether this may be the address of some of a funnel's people; whether it exists, the funnel says."""
    return cell is None or (isinstance(cell, dict) and set(cell) <= PLACES)


def cells(result: Funnel) -> dict[str, dict]:
    """Every set of people that the picture shows: what they did, in words -> the address that `members` takes."""
    names, required, found = result.steps["step"].tolist(), result.steps["required"].tolist(), {}
    for k, name in enumerate(names, 1):
        if result.order == "any":
            found[_n("did at least {k} of the steps", "did at least {k} of the steps", k, k=k)] = {"level": k}
            continue
        before = [names[i] for i in range(k - 1) if required[i]]
        if before:
            said = _("reached {before}, but not {step}", before=before[-1], step=name)
            found[said] = {"step": k, "reached": False}
        found[_("reached {step}", step=name)] = {"step": k}
        if result.order == "open":
            found[_("entered at {step}", step=name)] = {"step": k, "entered_here": True}
    if result.still_open:
        found[_("entered, and still have time")] = {"still_open": True}
    return found


def cell_in_words(answer: session.Answer, cell: dict) -> str:
    """What the people of a cell did, in plain text."""
    return next((said for said, address in cells(answer.result).items() if address == cell), "")


def clicked_cell(result: Funnel, step: str) -> dict | None:
    """Whom a click on a bar asks for: those who got there and no further; at the last bar those who got there."""
    names = result.steps["step"].tolist()
    if step not in names:
        return None
    k = names.index(step) + 1
    if result.order == "any":
        return {"level": k}
    later = [i for i in range(k, len(names)) if result.steps["required"].iloc[i]]
    return {"step": later[0] + 1, "reached": False} if later else {"step": k}


def people_behind(choose: session.Choices, answer: session.Answer, clicked: str | None) -> None:
    """Choose a bar, with a click or with the select, and see who is behind it."""
    memory, found = session.memory(choose.page), cells(answer.result)
    if clicked != memory.get("clicked"):
        memory["clicked"] = clicked
        choose["people"] = clicked and clicked_cell(answer.result, clicked)
    if choose["people"] not in found.values():
        choose["people"] = None
    labels = {repr(cell): label for label, cell in found.items()}
    cell = st.selectbox(
        _("The people behind a bar"),
        list(found.values()),
        None,
        format_func=lambda cell: labels[repr(cell)],
        key=choose.key("people"),
        placeholder=_("Click a bar, or choose here"),
        persist_state="session",
        help=_("Every number is a set of people: see who they are, take the list along, or keep them as an audience."),
    )
    if cell is not None:
        with st.container(border=True):
            _people(answer, cell, labels[repr(cell)])


def _people(answer: session.Answer, cell: dict, label: str) -> None:
    groups = answer.result.groups
    if groups is not None:
        group = st.selectbox(
            _("Group"), list(dict.fromkeys(groups["group"])), None, key="people.group", placeholder=_("All groups"),
            help=_("Only those of one group."),
        )  # fmt: skip
        if group is not None:
            cell, label = {**cell, "group": group}, f"{label}, {group}"
    try:
        ids = session.people(answer, cell)
    except InsightError as problem:
        st.text(str(problem))
        return
    n = count(len(ids))
    st.markdown(_n("**{n}** customer {did}.", "**{n}** customers {did}.", len(ids), n=n, did=plain(label)))
    if not ids:
        return
    more = len(ids) - SHOWN
    st.text(", ".join(ids[:SHOWN]) + (_(" … and {n} more in the file", n=count(more)) if more > 0 else ""))
    csv = partial(as_csv, pd.DataFrame({"customer_id": ids}))
    download(_("All ids (CSV)"), csv, "customers.csv", "people.csv", _("One customer id a row."))
    _keep(answer, cell, ids, label)


def _keep(answer: session.Answer, cell: dict, ids: list[str], label: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            _("Keep them as an audience called"), label, key=f"people.name.{label}", max_chars=60, width="stretch",
            help=_("Under this name the filter and the groups offer these customers, on every page of this visit."),
        )  # fmt: skip
        asked = st.button(_("Keep"), key="people.keep", icon=":material/group_add:")
    if asked:
        rule = session.rule_for(answer, cell, ids)
        if keep(name, rule):
            st.rerun()
