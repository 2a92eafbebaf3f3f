"""What follows a page's first picture: further looks, one a tab. Only the open one computes anything."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from insight.catalog import catalog
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.parts import draw, readable_errors
from ui.tables import number_table

Shown = tuple[session.Answer, Callable] | None  # what can be taken away: an answer and its picture


@dataclass(frozen=True)
class Section:
    """A tab: its title, and what it shows of the page's choices and answer (both, as `open_section` gets them)."""

    title: str
    show: Callable[..., Shown]


def open_section(
    choose: session.Choices, sections: dict[str, Section], *given: object, turns: int = 0, shorter=None
) -> Shown:
    """The tabs of a page, of which `choose["show"]` names the open one; what the open one offers to take away.

    given : what the sections are shown with, after `choose`
    turns : rises when the page itself turns to another tab
    shorter : takes the longest window that the data can answer, as for `readable_errors`
    """
    names = list(sections)
    key = f"{choose.page}.tabs.{choose.version}.{turns}"
    # tabs with another default would be other tabs
    first = session.memory(choose.page).setdefault(key, choose["show"])
    titles = [sections[name].title for name in names]
    tabs = st.tabs(titles, default=sections[first].title, key=key, on_change="rerun")
    shown = None
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            choose["show"] = name
            with tab, readable_errors(shorter, stop=False):
                shown = sections[name].show(choose, *given)
    return shown


def figure(answer: session.Answer, *charts: Callable, note: str = "") -> Shown:
    """One analysis: its sentence, its pictures, its card, its numbers. `note` : Markdown below the sentence."""
    analysis = catalog[answer.name]
    charts = charts or analysis.charts
    st.markdown(analysis.reading(answer.result))
    if note:
        st.markdown(f":small[{note}]")
    for chart in charts:
        draw(answer, chart, alt=analysis.title)
    definition_card(answer)
    numbers = st.expander(_("All numbers"), key=f"numbers.{answer.name}", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(getattr(answer.result, analysis.table))
    return answer, charts[0]
