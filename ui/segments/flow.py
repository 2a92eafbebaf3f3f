"""A flow between segments that can be clicked."""

from collections.abc import Callable

import streamlit as st

from ui import session

RIBBON = "ribbon"  # the selection that the picture carries
ENDS = ("from_segment", "to_segment")


def clicked_flow(answer: session.Answer, chart: Callable, *, alt: str, key: str) -> dict[str, str] | None:
    """The picture; returns both ends of the ribbon that was clicked."""
    spec, words = session.spec(answer, chart)
    look = {"alt": f"{alt} {words}", "key": key, "theme": None}
    event = st.vega_lite_chart(spec, on_select="rerun", selection_mode=[RIBBON], **look)
    marks = event["selection"].get(RIBBON) or []
    return next(({end: mark[end] for end in ENDS} for mark in marks if set(mark) >= set(ENDS)), None)
