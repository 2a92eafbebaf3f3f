"""The analyses of the Overview page."""

from insight.catalog.analysis import Analysis
from insight.charts.overview import conversion_line, sales_line, traffic_line
from insight.charts.overview_change import rate_change_bars
from insight.charts.overview_groups import conversion_groups, sales_groups, traffic_groups
from insight.charts.overview_rhythm import rhythm_map
from insight.explain.overview import (
    conversion_caption,
    conversion_reading,
    sales_caption,
    sales_reading,
    traffic_caption,
    traffic_reading,
)
from insight.explain.overview_cards import conversion_card, sales_card, traffic_card
from insight.explain.overview_sections import (
    rate_change_caption,
    rate_change_card,
    rate_change_reading,
    rhythm_caption,
    rhythm_card,
    rhythm_reading,
)
from insight.language import _
from insight.overview.conversion import conversion
from insight.overview.members import (
    conversion_members,
    rate_change_members,
    rhythm_members,
    sales_members,
    traffic_members,
)
from insight.overview.rate_change import rate_change
from insight.overview.rhythm import rhythm
from insight.overview.sales import sales
from insight.overview.traffic import traffic

OVERVIEW = (
    Analysis(
        name="traffic",
        title=_("Visitors and sessions"),
        function=traffic,
        kind="events",
        page="overview",
        charts=(traffic_line,),
        grouped_charts=(traffic_groups,),
        grouped_table="groups",
        reading=traffic_reading,
        caption=traffic_caption,
        members=traffic_members,
        card=traffic_card,
        table="periods",
        example={"measure": "bounce_rate", "period": "month"},
        exercises=(
            _(
                "Run it with `session_gap='5min'` and with `session_gap='2h'`. Which way do `sessions`, `bounce_rate` "
                "and `time_on_site_seconds` move, and why is none of the three a fact about the visitors alone?"
            ),
            _(
                "Add up `visitors` over the months and compare it with `result.n_customers`. Who is counted more than "
                "once? Do the same with `sessions`."
            ),
        ),
    ),
    Analysis(
        name="sales",
        title=_("Orders and revenue"),
        function=sales,
        kind="orders",
        page="overview",
        charts=(sales_line,),
        grouped_charts=(sales_groups,),
        grouped_table="groups",
        reading=sales_reading,
        caption=sales_caption,
        members=sales_members,
        card=sales_card,
        table="periods",
        example={"measure": "revenue", "period": "month"},
        exercises=(
            _("Multiply `orders` by `average_order_value`. Which column do you get, and what is missing to `revenue`?"),
            _(
                "Look at `new_customers` in the first three months and in the last three. How much of the fall could "
                "be that the data does not know who bought before it begins?"
            ),
        ),
    ),
    Analysis(
        name="conversion",
        title=_("Conversion, out of three"),
        function=conversion,
        kind="events",
        also=("orders",),
        page="overview",
        charts=(conversion_line,),
        grouped_charts=(conversion_groups,),
        grouped_table="groups",
        reading=conversion_reading,
        caption=conversion_caption,
        members=conversion_members,
        card=conversion_card,
        table="periods",
        example={"goal": "purchase", "lead": "add_to_cart", "period": "month"},
        exercises=(
            _(
                "Which of the three rates is highest, and which lowest? Say for each a question that it answers and "
                "the others do not."
            ),
            _(
                "Why is `per_lead` so much higher than the other rates? Would it be a fair target for "
                "a campaign that brings visitors?"
            ),
        ),
    ),
    Analysis(
        name="rate_change",
        title=_("Why a rate moved"),
        function=rate_change,
        kind="events",
        instead=("orders",),
        also=("orders",),
        page="overview",
        charts=(rate_change_bars,),
        reading=rate_change_reading,
        caption=rate_change_caption,
        members=rate_change_members,
        card=rate_change_card,
        table="effects",
        example={"goal": "purchase", "by": "channel", "period": "month"},
        exercises=(
            _(
                "Add up `mix_effect` and `rate_effect` and compare the sum with `result.difference`. Then do it with "
                "weights and rates of the first month only: how much is left over?"
            ),
            _("Run it with `by='device'`. The whole change is the same: why are mix and rate effects not?"),
        ),
    ),
    Analysis(
        name="rhythm",
        title=_("Days and hours"),
        function=rhythm,
        kind="events",
        instead=("orders",),
        page="overview",
        charts=(rhythm_map,),
        reading=rhythm_reading,
        caption=rhythm_caption,
        members=rhythm_members,
        card=rhythm_card,
        table="cells",
        example={"measure": "sessions"},
        exercises=(
            _(
                "Run it for the first and for the second half of the year, with `start` and `end`. Is the busiest "
                "hour the same? What does that say about a single cell?"
            ),
            _(
                "Compare `measure='events'` with `measure='sessions'`. At which hours do people look at more pages "
                "per session?"
            ),
        ),
    ),
)
