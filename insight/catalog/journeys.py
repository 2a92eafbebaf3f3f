"""The analyses of the Journeys page."""

from insight.catalog.analysis import Analysis
from insight.charts.journeys import paths_sankey
from insight.charts.journeys_matrix import paths_steps, transitions_matrix
from insight.charts.journeys_time import time_to_event_curve
from insight.charts.journeys_ways import paths_ways
from insight.explain.journeys import paths_caption, paths_reading
from insight.explain.journeys_cards import paths_card, time_to_event_card, transitions_card
from insight.explain.journeys_time import time_to_event_caption, time_to_event_reading
from insight.explain.journeys_transitions import transitions_caption, transitions_reading
from insight.journeys import (
    paths,
    paths_members,
    time_to_event,
    time_to_event_members,
    transitions,
    transitions_members,
)
from insight.language import _

JOURNEYS = (
    Analysis(
        name="paths",
        title=_("Paths"),
        function=paths,
        kind="events",
        page="journeys",
        charts=(paths_sankey, paths_steps, paths_ways),
        reading=paths_reading,
        caption=paths_caption,
        members=paths_members,
        card=paths_card,
        table="flows",
        example={"depth": 5},
        exercises=(
            _(
                "Add up `n` of `result.flows` at each `position`. Why is it the same number everywhere, and where do "
                "those stand who left after the first step?"
            ),
            _(
                "Run it with `before='purchase'`. Which share of the buyers has search anywhere in "
                "`result.paths['events']`? Try to read that number off the ribbons: what is missing there?"
            ),
        ),
    ),
    Analysis(
        name="transitions",
        title=_("What follows what"),
        function=transitions,
        kind="events",
        page="journeys",
        charts=(transitions_matrix,),
        reading=transitions_reading,
        caption=transitions_caption,
        members=transitions_members,
        card=transitions_card,
        table="counts",
        example={"session_gap": "30min"},
        exercises=(
            _(
                "Run it with `collapse_repeats=False`. Which events are now followed by themselves most often, and "
                "what happens to all other shares that leave them?"
            ),
            _(
                "Multiply the shares from visit to product_view to add_to_cart to checkout. Compare with the sessions "
                "that went exactly that way in `paths(events, unit='session')`. Why are the two not equal?"
            ),
        ),
    ),
    Analysis(
        name="time_to_event",
        title=_("Time to an event"),
        function=time_to_event,
        kind="events",
        page="journeys",
        charts=(time_to_event_curve,),
        reading=time_to_event_reading,
        caption=time_to_event_caption,
        members=time_to_event_members,
        card=time_to_event_card,
        table="curve",
        example={"origin": "visit", "target": "purchase"},
        exercises=(
            _(
                "Take the mean time of those who arrived, and compare it with the curve. Whom does the mean leave "
                "out, and which way does that change it?"
            ),
            _(
                "Run it with `as_of='2025-03-31'`. How many are censored now, and does the share within 30 days "
                "change by more than its interval?"
            ),
        ),
    ),
)
