"""The analyses of the Cohorts page."""

from insight.catalog.analysis import Analysis
from insight.charts.cohorts import (
    cohort_revenue_aov,
    cohort_revenue_heatmap,
    cohort_revenue_orders,
    retention_counts,
    retention_heatmap,
)
from insight.charts.cohorts_curves import cohort_revenue_curve, retention_curves
from insight.charts.cohorts_difference import retention_difference
from insight.charts.cohorts_groups import cohort_revenue_groups, retention_groups, retention_peers_dots
from insight.explain.cohorts import retention_caption, retention_reading
from insight.explain.cohorts_cards import cohort_revenue_card, retention_card, retention_peers_card
from insight.explain.cohorts_peers import retention_peers_caption, retention_peers_reading
from insight.explain.cohorts_revenue import cohort_revenue_caption, cohort_revenue_reading
from insight.language import _
from insight.retention import retention
from insight.retention.members import retention_members
from insight.retention.peers import retention_peers
from insight.retention.revenue import cohort_revenue
from insight.retention.section_members import cohort_revenue_members, retention_peers_members

COHORTS = (
    Analysis(
        name="retention",
        title=_("Cohorts"),
        function=retention,
        kind="orders",
        instead=("events",),
        page="cohorts",
        charts=(retention_heatmap, retention_counts, retention_curves, retention_difference),
        grouped_charts=(retention_groups,),
        grouped_table="groups",
        reading=retention_reading,
        caption=retention_caption,
        members=retention_members,
        card=retention_card,
        table="cells",
        example={"period": "month", "criterion": "on"},
        exercises=(
            _(
                "Run it with `criterion='on_or_after'`, then leave out the last three months with `as_of`. Which "
                "cells change, and why do those of a finished criterion such as `on` not?"
            ),
            _(
                "Compute `retention` of month 1 for all cohorts together from `result.cells` yourself, once pooled and "
                "once as the mean of the cohorts' rates. Which one would change more if a cohort of two customers came?"
            ),
        ),
    ),
    Analysis(
        name="cohort_revenue",
        title=_("Revenue of cohorts"),
        function=cohort_revenue,
        kind="orders",
        page="cohorts",
        charts=(cohort_revenue_curve, cohort_revenue_heatmap, cohort_revenue_orders, cohort_revenue_aov),
        grouped_charts=(cohort_revenue_groups,),
        grouped_table="groups",
        reading=cohort_revenue_reading,
        caption=cohort_revenue_caption,
        members=cohort_revenue_members,
        card=cohort_revenue_card,
        table="cells",
        example={"period": "month", "acquisition_cost": 40.0, "margin": 0.5},
        exercises=(
            _(
                "Plot the mean of `cumulative_revenue_per_customer` over the cohorts of each period. Does it fall "
                "anywhere, although nobody was paid back so much? Why does `result.average` not?"
            ),
            _(
                "Halve the margin. By how many months does payback move, and what would the acquisition cost have to "
                "be to come back in the same month as before?"
            ),
        ),
    ),
    Analysis(
        name="retention_peers",
        title=_("How others would count these cohorts"),
        function=retention_peers,
        kind="orders",
        instead=("events",),
        page="cohorts",
        charts=(retention_peers_dots,),
        reading=retention_peers_reading,
        caption=retention_peers_caption,
        members=retention_peers_members,
        card=retention_peers_card,
        table="tools",
        example={"period": "month", "at": 1},
        exercises=(
            _(
                "Take the settings of one tool, `result.tools.loc[1, 'settings']`, and run `retention(orders, "
                "**settings)` with them. Is the rate of period 1 in its `average` the number of the table?"
            ),
            _(
                "Run it with `at=6`. Do the tools lie further apart than with `at=1`? Explain it with the words on, "
                "and on or after."
            ),
        ),
    ),
)
