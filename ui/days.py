"""A day of the data as a setting: one that lies in it, or none."""

from datetime import date

import streamlit as st

from insight.periods import timestamp
from ui import session


def lies_in(table, day: str | None) -> bool:
    """Whether a day lies in a table's data; no day does."""
    first, last = _days(table)
    return day is None or first <= date.fromisoformat(day) <= last


def day_input(choose: session.Choices, name: str, label: str, table, *, help: str) -> None:
    """A day of the table's data as the setting `name`; empty for none."""
    now = choose[name] and date.fromisoformat(choose[name])
    key = f"{choose.key(name)}.{choose.version}.day"
    day = st.date_input(label, now, *_days(table), key=key, format="YYYY-MM-DD", help=help)
    choose[name] = day and day.isoformat()


def _days(table) -> list[date]:
    """The first day of the data, and the last."""
    facts = table.facts
    return [timestamp(instant, facts.timezone).date() for instant in (facts.first_time, facts.last_time)]
