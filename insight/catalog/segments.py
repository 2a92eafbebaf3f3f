"""The analyses of the Segments page that score customers."""

from insight.catalog.analysis import Analysis
from insight.charts.rfm import rfm_map, rfm_segments
from insight.charts.rfm_concentration import rfm_concentration
from insight.charts.rfm_moves import rfm_movement_flow, rfm_moves
from insight.explain.rfm import rfm_caption, rfm_card, rfm_reading
from insight.explain.rfm_movement import rfm_movement_caption, rfm_movement_card, rfm_movement_reading
from insight.language import _
from insight.rfm import rfm
from insight.rfm.members import rfm_members, rfm_movement_members
from insight.rfm.movement import rfm_movement

SEGMENTS = (
    Analysis(
        name="rfm",
        title=_("Segments by RFM"),
        function=rfm,
        kind="orders",
        page="segments",
        charts=(rfm_map, rfm_segments, rfm_concentration, rfm_moves),
        reading=rfm_reading,
        caption=rfm_caption,
        card=rfm_card,
        table="segments",
        members=rfm_members,
        example={"thresholds": {"orders": [2, 3, 4, 7]}},
        exercises=(
            _(
                "Leave `thresholds` away and look at `result.scores`. Which scores of the orders does nobody have, and "
                "why can no fair rule fill them?"
            ),
            _(
                "Add up `result.cells` by the recency score. Which part of the revenue comes from customers with the "
                "scores 1 and 2, and how many days have they not bought?"
            ),
        ),
    ),
    Analysis(
        name="rfm_movement",
        title=_("Movement between segments"),
        function=rfm_movement,
        kind="orders",
        page="segments",
        charts=(rfm_movement_flow,),
        reading=rfm_movement_reading,
        caption=rfm_movement_caption,
        card=rfm_movement_card,
        table="moves",
        members=rfm_movement_members,
        example={"before": "2025-09-30"},
        exercises=(
            _(
                "Run it with `before` one month earlier. Does the share of those who stay grow or fall, and what does "
                "that owe to the calendar alone?"
            ),
            _(
                "Compute `rfm` at both dates without `thresholds`, and compare the segments of the two lists. How many "
                "customers move only because the fifths did?"
            ),
        ),
    ),
)
