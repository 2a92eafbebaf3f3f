"""The analysis of the Attribution page."""

from insight.attribution.channels import attribution_of
from insight.attribution.members import attribution_members
from insight.catalog.analysis import Analysis
from insight.charts.attribution import attribution_credits, attribution_paths
from insight.charts.attribution_ranges import attribution_ranges
from insight.explain.attribution import attribution_caption, attribution_reading
from insight.explain.attribution_card import attribution_card
from insight.language import _

ATTRIBUTION = (
    Analysis(
        name="attribution",
        title=_("Attribution to channels"),
        function=attribution_of,
        kind="events",
        instead=("contacts", "paths"),
        also=("orders",),
        charts=(attribution_ranges, attribution_credits, attribution_paths),
        reading=attribution_reading,
        caption=attribution_caption,
        members=attribution_members,
        card=attribution_card,
        table="channels",
        example={"conversion": "purchase", "lookback": "30D"},
        exercises=(
            _(
                "Run it with `lookback='7D'` and with `lookback='90D'`. Which channels gain, and why those? Look at "
                "how many touches the paths of `result.paths` have each time."
            ),
            _(
                "Take a path with two channels from `result.paths` and share its conversions out by hand, once by "
                "`position` and once by `shapley`. Which of the two would you defend to whoever pays for the channels?"
            ),
        ),
    ),
)
