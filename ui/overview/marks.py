"""The visitor's notes on the chart: a day and a text each, kept in the link."""

from datetime import date

import streamlit as st

from insight.language import _, day, plain
from insight.overview.marks import LONGEST, MOST, read_notes
from ui import session
from ui.overview.board import Tables


def notes_input(choose: session.Choices, of: Tables) -> None:
    """What was noted, and one note more."""
    label = _("Notes on the chart ({n})", n=len(choose["notes"])) if choose["notes"] else _("Notes on the chart")
    fold = st.expander(label, icon=":material/flag:", key="overview.notes.fold", on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.markdown(_("What happened when: a campaign, a price, a broken page. A note is in the link, too; it changes "
                      "no number."))  # fmt: skip
        for number, (when, text) in enumerate(choose["notes"]):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{day(date.fromisoformat(when))}** {plain(text)}", width="stretch")
                st.button(
                    _("Delete"), key=f"overview.note.{number}", on_click=_without, args=[choose, number],
                    icon=":material/delete:", type="tertiary", help=_("Take this note off the chart."),
                )  # fmt: skip
        if len(choose["notes"]) < MOST:
            _one_more(choose, of)


def _one_more(choose: session.Choices, of: Tables) -> None:
    days = [day for table in of.everyone.values() for day in _extent(table)]
    with (
        st.form("overview.note.new", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        when = st.date_input(
            _("Day"), max(days), min(days), max(days), format="YYYY-MM-DD", width=150,
            help=_("The day that the note is about."),
        )  # fmt: skip
        text = st.text_input(_("What happened"), max_chars=LONGEST, width="stretch", help=_("A few words."))
        if st.form_submit_button(_("Add"), icon=":material/add:") and text.strip():
            choose["notes"] = read_notes([*choose["notes"], [when.isoformat(), " ".join(text.split())]])
            choose.publish()
            st.rerun()


def _extent(table) -> tuple[date, date]:
    found = session.extent(table)
    return found.first, found.last


def _without(choose: session.Choices, number: int) -> None:
    choose["notes"] = [note for k, note in enumerate(choose["notes"]) if k != number]
