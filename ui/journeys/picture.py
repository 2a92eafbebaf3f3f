"""The picture of the Journeys page: what is drawn of it, and what a click on a bar or a ribbon asks for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from insight.charts.journeys import LEAST, paths_sankey
from insight.charts.journeys_nodes import MOST_COLUMNS, columns_drawn, columns_with_news
from insight.journeys import Paths
from insight.journeys.words import column_name
from insight.language import _, percent
from ui import session

LEASTS = [0.0, LEAST, 0.01, 0.02, 0.05, 0.1]
MARKS = {  # selections that the picture carries, and the address that a click on such a mark gives
    "bar": {"position", "event"},
    "ribbon": {"position", "source", "target"},
}


def picture_settings() -> dict[str, tuple]:
    """The settings of the drawing, as `session.settings` takes them; no number depends on them."""
    return {
        "least": (LEAST, LEASTS),
        "first": (None, lambda first: first is None or (isinstance(first, int) and -20 <= first <= 20)),
    }


def drawing(choose: session.Choices) -> Callable:
    """The picture as it is asked for; its name tells it from others in the cache of pictures."""
    look = {"least": choose["least"], "first": choose["first"]}
    chart = partial(paths_sankey, **look)
    chart.__name__ = f"{paths_sankey.__name__}({look})"
    return chart


def picture(answer: session.Answer, chart: Callable) -> dict | None:
    """The picture; returns the address of the bar or ribbon that was clicked."""
    spec, words = session.spec(answer, chart)
    look = {"alt": words, "key": "journeys.picture", "theme": None}
    if not answer.result.n_units:
        st.vega_lite_chart(spec, **look)
        return None
    event = st.vega_lite_chart(spec, on_select="rerun", selection_mode=list(MARKS), **look)
    clicked = [(name, mark) for name in MARKS for mark in event["selection"].get(name) or []]
    # every selection hears of every click; what was clicked has the whole address
    return next((mark for name, mark in clicked if set(mark) == MARKS[name]), None)


def drawing_inputs(choose: session.Choices, result: Paths) -> None:
    """Below the picture: which of it is drawn. The numbers stay the same."""
    positions = columns_with_news(result)
    narrow = "Mobi" in (st.context.headers.get("User-Agent") or "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.select_slider(
            _("Hide small flows"), LEASTS, key=choose.key("least"), persist_state="session", width=240,
            format_func=lambda least: _("below {share}", share=percent(least)) if least else _("none"),
            help=_("Only the drawing changes: bars keep their size, and what is counted stays the same."),
        )  # fmt: skip
        now = columns_drawn(result, choose["first"], narrow)
        if len(now) == len(positions):
            return
        begins = positions[: len(positions) - MOST_COLUMNS[narrow] + 1]
        key = f"{choose.key('first')}.{choose.version}.{begins[0]}.{begins[-1]}"
        first = st.select_slider(
            _("Columns drawn from"), begins, now[0], key=key, width=240,
            format_func=lambda position: column_name(result, position),
            help=_("As many columns as fit side by side; the step matrix has all."),
        )  # fmt: skip
    if first != now[0]:
        choose["first"] = first
        st.rerun()  # the picture stands above
