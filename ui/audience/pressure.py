"""How often customers are written to, and how often is too often, on the Audiences page."""

import streamlit as st

from insight.language import _
from ui import session
from ui.people import people_of_one
from ui.sections import Shown, figure
from ui.tables import number_table


def pressure_section(choose: session.Choices, _answer: session.Answer) -> Shown:
    """Outcomes by the number of messages in a week, what a cap would hold back, and the people."""
    contacts = session.table("contacts")
    if contacts is None:
        st.markdown(_("This needs **a table of contacts**: who was written to, and how they reacted."))
        return None
    answer = session.compute("contact_pressure", contacts, {"within": choose["within"]})
    shown = figure(answer)
    st.markdown(_("**What a cap would have held back**, the earliest messages let through first:"))
    number_table(answer.result.caps)
    rows = answer.result.rates.query("outcome == 'unsub' and messages > 0")
    cells = {}
    for n in rows["in_week"]:
        cells[_("sent {n} in a week", n=n)] = {"in_week": n}
        cells[_("sent {n} in a week, and unsubscribed", n=n)] = {"in_week": n, "outcome": "unsub"}
    people_of_one(answer, _("See the people of"), cells, at=".pressure")
    return shown
