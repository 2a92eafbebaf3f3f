"""What there is: every table of the visit, its rows, customers, days and quality, and whether they belong together."""

import streamlit as st

from insight.language import _, _n, count, day, percent, plain
from insight.tables.join import customer_matches
from insight.tables.quality import quality_score
from ui import session
from ui.words import ICONS, KIND_NAMES

WITH_CUSTOMERS = ("events", "orders", "contacts", "feedback")
ENOUGH = 0.8  # of the customers of a table should be in the other; below, ids are probably written differently
GOOD = 90  # a score from which there is little to mend
POOR = 60
NAMED = 6  # kinds of event


def tables_of_the_visit(tables: dict[str, object], *, named: bool) -> None:
    """A card a table: how many rows, of how many customers, from when to when, how fit for use.

    named : whether the names of the files are shown
    """
    if len(tables) == 1:
        _alone(next(iter(tables.values())))
        _kinds_of_event(tables)
        return
    with st.grid(3, min_column_width=240):
        for kind, table in tables.items():
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(f"{ICONS[kind]} {KIND_NAMES[kind]}", count(session.extent(table).rows))
                facts = " · ".join(filter(None, [_customers(table), _days(table)]))
                st.markdown(f":small[{facts}]" if facts else "")
                if named:
                    st.text(table.name)
                st.space("stretch")
                if not session.is_source(table):  # of which less is looked for
                    _quality(table)
    _kinds_of_event(tables)


def _kinds_of_event(tables: dict[str, object]) -> None:
    """The commonest kinds of event, each with its number."""
    if "events" not in tables:
        return
    kinds = session.active(tables["events"]).kinds
    commonest = sorted(kinds, key=kinds.get, reverse=True)
    said = [f"{plain(name)} {count(kinds[name])}" for name in commonest[:NAMED]]
    if more := len(kinds) - NAMED if len(kinds) > NAMED else 0:
        said.append(_n("{n} kind more", "{n} kinds more", more, n=count(more)))
    st.markdown(f":small[:material/category: {_('Kinds of event:')} {' · '.join(said)}]")


def _alone(table) -> None:
    """The only table of the visit, in one line of numbers."""
    found = session.extent(table)
    with st.container(border=True), st.grid(4, min_column_width=150):
        st.metric(f"{ICONS[table.kind]} {KIND_NAMES[table.kind]}", count(found.rows))
        if _customers(table):
            st.metric(":material/group: " + _("Customers"), count(found.customers))
        if found.first is not None:
            with st.container(gap="xsmall"):
                days = (found.last - found.first).days + 1
                st.metric(":material/calendar_month: " + _("Days"), count(days))
                st.markdown(f":small[{_days(table)}]")
        if not session.is_source(table):
            with st.container(gap="xsmall"):
                _quality(table, large=True)


def belonging_together(tables: dict[str, object]) -> None:
    """How many customers of each table are in the table of customers (or in the first), and what to do if few."""
    if any(map(session.is_source, tables.values())):
        if len(tables) > 1:
            said = _("Whether these tables have the same customers is not checked.")
            st.markdown(f":small[:material/link: {said}]")
        return
    hub = "customers" if "customers" in tables else next((kind for kind in tables if kind in WITH_CUSTOMERS), None)
    matched = []
    for match in customer_matches(tables).itertuples():
        if hub not in (match.left, match.right):
            continue
        other, n, share = (
            (match.left, match.n_left, match.share_of_left)
            if match.right == hub
            else (match.right, match.n_right, match.share_of_right)
        )
        said = _(
            "{both} of {n} customers of the {other} are in the {hub} ({share}).",
            both=count(match.n_both), n=count(n), other=KIND_NAMES[other].lower(), hub=KIND_NAMES[hub].lower(),
            share=percent(share),
        )  # fmt: skip
        if share >= ENOUGH:
            matched.append(f":small[:material/link: {said}]")
        else:
            advice = _("Are they of the same shop and time, and are ids written in the same way?")
            st.warning(f"{said} {advice}", icon=":material/link_off:")
    if matched:
        st.markdown("  \n".join(matched))


def _customers(table) -> str:
    """How many customers a table has; nothing for a table without, and for one whose rows they are."""
    n = session.extent(table).customers
    if n is None or table.kind == "customers":
        return ""
    return _n("{n} customer", "{n} customers", n, n=count(n))


def _days(table) -> str:
    found = session.extent(table)
    if found.first is None:
        return ""
    first, last = day(found.first), day(found.last)
    return first if first == last else _("{first} to {last}", first=first, last=last)


def _quality(table, *, large: bool = False) -> None:
    """The score, and behind it every reason with the points it cost."""
    found = quality_score(table)
    if large:
        st.metric(":material/verified: " + _("Quality"), _("{score} of 100", score=found.score))
        label = _("Why")
    else:
        colour = "green" if found.score >= GOOD else "orange" if found.score >= POOR else "red"
        label = f":{colour}-badge[:material/verified: " + _("Quality {score} of 100", score=found.score) + "]"
    with st.popover(label, type="tertiary", help=_("What the score is made of.")):
        if found.reasons.empty:
            st.markdown(_("Nothing was found that lowers it."))
        for reason in found.reasons.itertuples():
            points = _n("{n} point", "{n} points", round(reason.points), n=f"{reason.points:.0f}")
            where = f" · {plain(reason.column)}" if reason.column else ""
            st.markdown(f"**−{points}** · {plain(reason.reason)}{where}")
        costs = _("Rows that had to be left out cost most, what may mislead costs less, what is good to know nothing.")
        st.markdown(f":small[{costs}]")
