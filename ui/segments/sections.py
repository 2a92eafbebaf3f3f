"""What follows the map on the Segments page, one section a tab. Only the open one computes anything.

A section is one line of SECTIONS: its title, and what shows it, of the choices and the answer of the map.
"""

from datetime import date, timedelta
from functools import partial

import streamlit as st

from insight.charts import rfm_concentration, rfm_movement_flow, rfm_moves, rfm_segments
from insight.explain import rfm_concentration_reading, rfm_movement_reading, rfm_moves_reading
from insight.explain.rfm_segments import segment_idea, segment_meaning
from insight.language import _, plain
from insight.tables.spreadsheet import as_csv
from ui import session
from ui.card import definition_card
from ui.days import day_input
from ui.parts import draw, readable_errors
from ui.sections import Section, Shown
from ui.segments.clusters import clusters_section
from ui.segments.flow import clicked_flow
from ui.segments.group_worth import group_worth
from ui.segments.names import name_editor
from ui.segments.people import people_behind
from ui.segments.personas import personas_section
from ui.segments.settings import chosen
from ui.segments.tables import before_after_table, moves_table, score_table, segment_table
from ui.segments.worth import segment_groups, value_before_after
from ui.take_away import download

BEST = (0.01, 0.05, 0.1, 0.2, 0.5)  # shares of the customers, to take along
BEFORE = 90  # days: how long before the end movement begins, where the data reaches so far


def _segments(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    draw(answer, rfm_segments, alt=_("Share of customers and of revenue of each segment."))
    segment_table(result)
    with st.expander(_("What the names mean, and ideas what to do"), icon=":material/lightbulb:"):
        st.markdown(
            _("Ideas, not effects: what a message changes, only a comparison with people who do not get it can tell.")
        )
        grid = answer.settings.get("segments")
        said = [
            f"- **{plain(name)}**: {segment_meaning(name, grid)} {segment_idea(name, grid)}"
            for name in result.segments["segment"]
        ]
        st.markdown("\n".join(said))
    st.subheader(_("What they are expected to bring"), anchor=False)
    if (groups := segment_groups(result)) is not None:
        group_worth(choose, answer, groups, _("Segment"))
        said = _("Much revenue so far is no promise: who has not bought for long is expected to bring little more.")
        st.markdown(f":small[{said}]")
    if result.customers is not None:
        scores = partial(as_csv, result.customers)
        words = _("One row a customer: days, orders, revenue, the three scores and the segment.")
        download(_("Scores of every customer (CSV)"), scores, "rfm_customers.csv", "segments.scores", words)
    return answer, rfm_segments


def _limits(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    st.markdown(rfm_moves_reading(result))
    if result.moves is not None:
        flow = {"alt": _("From segments by fifths to segments by your limits."), "key": "segments.moves"}
        clicked = clicked_flow(answer, rfm_moves, **flow)
        cells = [{"from_segment": row.from_segment, "segment": row.to_segment} for row in result.moves.itertuples()]
        address = clicked and {"from_segment": clicked["from_segment"], "segment": clicked["to_segment"]}
        people_behind(choose, "moved", answer, cells, address, _("The people of a flow"))
        fifths = session.compute("rfm", answer.table, chosen(choose, answer.table, limits=False))
        before_after_table(fifths.result, result)
        with readable_errors(stop=False):
            value_before_after(choose, fifths, answer)
    st.subheader(_("How many have each score"), anchor=False)
    st.markdown(_("Customers with equal values always share a score, so fifths can be larger or smaller than a fifth."))
    score_table(result)
    return answer, rfm_moves if result.moves is not None else rfm_segments


def _movement(choose: session.Choices, answer: session.Answer) -> Shown:
    table = answer.table
    last = date.fromisoformat(answer.result.as_of)
    first = answer.result.data_start.date()
    if first >= last:
        st.markdown(_("Movement needs two days of data."))
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"), st.container(width=240):
        usual = max(last - timedelta(days=BEFORE), first + (last - first) // 2)
        day_input(
            choose, "before", _("Compared with the end of"), session.everyone("orders"),
            help=_("Empty: 90 days before the last day, or half of the data where it is shorter."),
        )  # fmt: skip
    asked = {"before": choose["before"] or usual.isoformat()}
    asked |= {name: value for name, value in answer.settings.items() if name != "customers"}
    moved = session.compute("rfm_movement", table, asked)
    st.markdown(rfm_movement_reading(moved.result))
    flow = {"alt": _("From the segments of one day to those of the other."), "key": "segments.movement"}
    clicked = clicked_flow(moved, rfm_movement_flow, **flow)
    definition_card(moved)
    cells = [
        {"from_segment": row.from_segment, "to_segment": row.to_segment} for row in moved.result.moves.itertuples()
    ]
    best = moved.result.names[0]
    people_behind(choose, "movers", moved, [{"to_segment": best}, {"from_segment": best}, *cells], clicked,
                  _("The people of a flow"))  # fmt: skip
    numbers = st.expander(_("All numbers"), key="segments.movement.numbers", on_change="rerun")
    if numbers.open:
        with numbers:
            moves_table(moved.result.moves, moved.result.currency, _("Bought in between"))
    return moved, rfm_movement_flow


def _concentration(choose: session.Choices, answer: session.Answer) -> Shown:
    st.markdown(rfm_concentration_reading(answer.result))
    draw(answer, rfm_concentration, alt=_("The share of the revenue by share of the customers."))
    people_behind(choose, "best", answer, [{"top_share": share} for share in BEST], None,
                  _("The people with the highest revenue"), _("Choose whom"))  # fmt: skip
    return answer, rfm_concentration


def _names(choose: session.Choices, answer: session.Answer) -> Shown:
    name_editor(choose)
    return None


SECTIONS = {
    "segments": Section(_("All segments"), _segments),
    "movement": Section(_("Who moved"), _movement),
    "limits": Section(_("Scores and limits"), _limits),
    "clusters": Section(_("Clusters"), clusters_section),
    "personas": Section(_("Profiles and personas"), personas_section),
    "top": Section(_("Concentration"), _concentration),
    "names": Section(_("Names"), _names),
}
