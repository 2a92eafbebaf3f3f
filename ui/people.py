"""The people behind a number: who they are, as a list to take along or as an audience to look at alone."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.errors import InsightError
from insight.language import _, _n, count, plain
from insight.tables.spreadsheet import as_csv
from ui import session
from ui.audience.kept import keep
from ui.take_away import download

SHOWN = 20  # ids on the page; the file holds all


def people_of(answer: session.Answer, cell: dict, label: str, key: str, name: str = "") -> None:
    """How many stand behind a number, who they are, and what can be done with them.

    label : what they did; name : of the audience that is proposed, where it is not what they did
    """
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
    download(_("All ids (CSV)"), csv, "customers.csv", f"{key}.csv", _("One customer id a row."))
    _keep(answer, cell, ids, name or label, key)


def _keep(answer: session.Answer, cell: dict, ids: list[str], label: str, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            _("Keep them as an audience called"), label, key=f"{key}.name.{label}", max_chars=60, width="stretch",
            help=_("Under this name the filter and the groups offer these customers, on every page of this visit."),
        )  # fmt: skip
        asked = st.button(_("Keep"), key=f"{key}.keep", icon=":material/group_add:")
    if asked:
        rule = session.rule_for(answer, cell, ids)
        if keep(name, rule):
            st.rerun()


def people_of_one(answer: session.Answer, label: str, cells: dict[str, dict], at: str = "") -> str | None:
    """Choose one set of people by what they did, and see who they are. Returns the words that were chosen.

    cells : words -> address; at : where on the page, if it is asked more than once there
    """
    key = f"{answer.name}.people{at}"
    said = st.selectbox(
        label, list(cells), None, key=f"{key}.of", placeholder=_("Choose whom"),
        help=_("Every number is a set of people: see who they are, take the list along, or keep them as an audience."),
    )  # fmt: skip
    if said is not None:
        with st.container(border=True):
            people_of(answer, cells[said], said, key)
    return said
