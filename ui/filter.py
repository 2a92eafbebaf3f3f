"""The filter in the shell: days and customers that every page obeys, and the audiences it can choose from."""

from datetime import date

import streamlit as st

from insight.errors import InsightError
from insight.language import _, _n, count, day, plain
from ui import session
from ui.audience.kept import manage_audiences


def filter_inputs(data: session.Dataset) -> None:
    """From which day to which, and whose rows: everyone's, or those of an audience."""
    extents = [session.extent(table) for table in data.tables.values()]
    days = [day for extent in extents for day in (extent.first, extent.last) if day]
    with st.expander(_("Filter every page"), icon=":material/filter_list:", expanded=bool(session.selection())):
        if days:
            _day("from", _("From"), days)
            _day("to", _("To"), days)
        if any(extent.customers for extent in extents):
            _audience()


def _day(part: str, label: str, days: list[date]) -> None:
    st.date_input(
        label, None, min(days), max(days), key=session.filter_key(part), format="YYYY-MM-DD",
        on_change=session.filter_chosen, args=[part],
        help=_("No page sees rows outside these days: who came before looks new. Empty: no limit."),
    )  # fmt: skip


def _audience() -> None:
    kept = session.saved_audiences().values()
    choices = [one | {"rule": rule} for one in kept for rule in (one["rule"], {"not": one["rule"]})]
    now = session.selection()
    current = {"rule": now.get("only"), "as_of": now.get("as_of")}
    choices += [current] if "only" in now and current not in choices else []
    names = {repr(choice): session.name_of(**choice) for choice in choices}
    if choices:
        st.selectbox(
            _("Customers"),
            choices,
            None,
            key=session.filter_key("only"),
            format_func=lambda choice: names.get(repr(choice), ""),
            on_change=session.filter_chosen,
            args=["only"],
            placeholder=_("Everyone"),
            help=_("Audiences that you keep on a page appear here; every page then looks at them alone."),
        )
    if st.button(_("Audiences"), key="audiences", type="tertiary", icon=":material/group:"):
        manage_audiences()


def filter_line() -> None:
    """On top of a page: what the filter leaves, and the way back to everyone. Nothing where there is no filter."""
    if not session.selection() or session.current() is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/filter_list: {what_is_left()} · {filter_in_words(session.selection())}")
        clear_button("clear")


def clear_button(key: str) -> None:
    """Back to everyone on all days."""
    clear = session.clear_selection
    st.button(_("Clear the filter"), key=key, on_click=clear, icon=":material/close:", type="tertiary")


def what_is_left() -> str:
    """How many customers the filter leaves."""
    kinds = [k for k, table in session.current().tables.items() if session.extent(table).customers]
    if not kinds:
        return _("A filter is on")
    n = session.extent(session.everyone(kinds[0])).customers
    try:
        left = session.extent(session.table(kinds[0])).customers
    except InsightError:
        left = 0
    return _n("**{left}** of {n} customer", "**{left}** of {n} customers", n, left=count(left), n=count(n))


def filter_in_words(chosen: dict[str, object]) -> str:
    """The filter as a visitor reads it, as Markdown.

    >>> filter_in_words({"from": "2026-03-01", "to": "2026-03-31"})
    '1 Mar 2026 to 31 Mar 2026'
    >>> filter_in_words({"only": {"did": "visit", "at_least": 3}, "as_of": "2026-03-31"})
    'who did visit at least 3 times, as of 31 Mar 2026'
    """
    days = {name: day(date.fromisoformat(chosen[name])) for name in ("from", "to", "as_of") if name in chosen}
    said = [plain(session.name_of(chosen["only"], chosen.get("as_of")))] if "only" in chosen else []
    if said and "as_of" in days:
        said = [_("{audience}, as of {day}", audience=said[0], day=days["as_of"])]
    if {"from", "to"} <= set(days):
        said.append(_("{start} to {end}", start=days["from"], end=days["to"]))
    elif "from" in days:
        said.append(_("from {start} on", start=days["from"]))
    elif "to" in days:
        said.append(_("up to {end}", end=days["to"]))
    return " · ".join(said)


def filter_is_not_here(why: str) -> None:
    """Where a page does not look at the filtered customers alone, and a filter of customers is on: that, and why."""
    if "only" in session.selection():
        st.markdown(f":small[:material/filter_list_off: {why}]")


def nothing_left(problem: InsightError) -> None:
    """The empty state of a page that the filter leaves nothing to look at."""
    with st.container(border=True):
        st.header(_("The filter leaves nothing to look at here"), anchor=False)
        st.markdown(plain(problem))
        clear_button("clear.empty")
