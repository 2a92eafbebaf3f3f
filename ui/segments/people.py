"""The people of a field, a segment or a flow: who they are, as a list or as an audience."""

import streamlit as st

from insight.charts.rfm import cell_name
from insight.explain.cells import cell_in_words
from insight.explain.rfm_segments import segment_idea, segment_meaning
from insight.language import _, percent
from insight.rfm import Rfm
from ui import session
from ui.people import people_of


def map_cells(result: Rfm) -> list[dict]:
    """The addresses of everybody the map shows: segments, then fields, then who is left out."""
    segments = result.segments[result.segments["n_customers"] > 0]["segment"]
    fields = result.cells[result.cells["n_customers"] > 0]
    found = [{"segment": name} for name in segments]
    found += [_field(row.recency_score, row.frequency_monetary_score) for row in fields.itertuples()]
    return found + ([{"without_purchase": True}] if result.without_purchase else [])


def field_of(result: Rfm, clicked: str | None) -> dict | None:
    """The address of the field whose scores were clicked, as the map writes them."""
    for row in result.cells.itertuples():
        if clicked == cell_name(row.recency_score, row.frequency_monetary_score):
            return _field(row.recency_score, row.frequency_monetary_score)
    return None


def _field(recency: int, worth: int) -> dict:
    return {"recency_score": int(recency), "frequency_monetary_score": int(worth)}


def people_behind(
    choose: session.Choices, name: str, answer: session.Answer, cells: list[dict], clicked: dict | None, label: str,
    placeholder: str = "",
) -> None:  # fmt: skip
    """Choose some of the people, with a click or with the select, and see who they are.

    name : the setting that holds whose; cells : the addresses that are offered; clicked : the one of a click
    placeholder : where nothing can be clicked
    """
    memory = session.memory(choose.page)
    if clicked != memory.get(f"clicked.{name}"):
        memory[f"clicked.{name}"] = clicked
        choose[name] = clicked or choose[name]
    if choose[name] is not None and choose[name] not in cells:
        choose[name] = None  # of another result
    chosen = st.selectbox(
        label, cells, None, format_func=lambda cell: cell_in_words(answer.name, answer.settings, cell),
        key=choose.key(name), placeholder=placeholder or _("Click in the picture, or choose here"),
        persist_state="session",
        help=_("Every number is a set of people: see who they are, take the list along, or keep them as an audience."),
    )  # fmt: skip
    if chosen is None:
        return
    with st.container(border=True):
        words = cell_in_words(answer.name, answer.settings, chosen)
        if "segment" in chosen and len(chosen) == 1:
            grid = answer.settings.get("segments")
            said = " ".join(
                filter(None, [segment_meaning(chosen["segment"], grid), segment_idea(chosen["segment"], grid)])
            )
            st.markdown(f":small[{said}]")
        people_of(answer, chosen, words, f"segments.{name}", _audience_name(chosen))


def _audience_name(cell: dict) -> str:
    """A short name for an audience; none where only the whole words tell who they are."""
    if "top_share" in cell:
        return _("Best {share} by revenue", share=percent(cell["top_share"], 0))
    return cell["segment"] if set(cell) == {"segment"} else ""
