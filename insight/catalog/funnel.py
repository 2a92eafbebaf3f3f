"""The analyses of the Funnel page."""

from insight.catalog.analysis import Analysis
from insight.charts.funnel import funnel_bars, funnel_times
from insight.charts.groups import funnel_groups
from insight.charts.peers import funnel_peers_dots
from insight.charts.trend import funnel_trend_line
from insight.charts.worth import funnel_worth_bars
from insight.explain.cards import funnel_card, funnel_peers_card, funnel_trend_card, funnel_worth_card
from insight.explain.funnel import funnel_caption, funnel_reading
from insight.explain.peers import funnel_peers_caption, funnel_peers_reading
from insight.explain.trend import funnel_trend_caption, funnel_trend_reading
from insight.explain.worth import funnel_worth_caption, funnel_worth_reading
from insight.funnel import funnel
from insight.funnel.members import funnel_members
from insight.funnel.peers import funnel_peers
from insight.funnel.section_members import funnel_peers_members, funnel_trend_members, funnel_worth_members
from insight.funnel.trend import funnel_trend
from insight.funnel.worth import funnel_worth
from insight.language import _

SHOP = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]  # the funnel of the sample shop

FUNNEL = (
    Analysis(
        name="funnel",
        title=_("Funnel"),
        function=funnel,
        kind="events",
        charts=(funnel_bars, funnel_times),
        grouped_charts=(funnel_groups,),
        grouped_table="groups",
        reading=funnel_reading,
        caption=funnel_caption,
        members=funnel_members,
        card=funnel_card,
        table="steps",
        example={"steps": SHOP, "within": "7D"},
        exercises=(
            _(
                "Run the funnel with `within='1D'` and with `within='14D'`. How many customers are counted at the "
                "first step each time, and why does the number change? Look at `result.still_open`."
            ),
            _(
                "Run it with `reentry='first'`. At which step does the count change most? Say in one sentence "
                "which question each of the two ways of counting answers."
            ),
        ),
    ),
    Analysis(
        name="funnel_trend",
        title=_("Funnel over time"),
        function=funnel_trend,
        kind="events",
        page="funnel",
        charts=(funnel_trend_line,),
        reading=funnel_trend_reading,
        caption=funnel_trend_caption,
        members=funnel_trend_members,
        card=funnel_trend_card,
        table="periods",
        example={"steps": SHOP, "within": "7D", "period": "month"},
        exercises=(
            _(
                "Run it with `period='week'`. How many of the differences have an interval that does not include "
                "0? How many would you expect among so many weeks if nothing ever changed?"
            ),
            _(
                "Divide `reached` by `entered` for the last month yourself. Why does the table not show that rate, "
                "and which way would it mislead?"
            ),
        ),
    ),
    Analysis(
        name="funnel_peers",
        title=_("How others would count this funnel"),
        function=funnel_peers,
        kind="events",
        page="funnel",
        charts=(funnel_peers_dots,),
        reading=funnel_peers_reading,
        caption=funnel_peers_caption,
        members=funnel_peers_members,
        card=funnel_peers_card,
        table="tools",
        example={"steps": SHOP, "within": "1h"},
        exercises=(
            _(
                "Take the settings of one tool, `result.tools.loc[2, 'settings']`, and run `funnel(events, "
                "**settings)` with them. Is it the number of the table?"
            ),
            _(
                "Run it with `within='30D'`. Which tools say more than this funnel then, and which of their "
                "settings is it?"
            ),
        ),
    ),
    Analysis(
        name="funnel_worth",
        title=_("What a point would be worth"),
        function=funnel_worth,
        kind="events",
        also=("orders",),
        page="funnel",
        charts=(funnel_worth_bars,),
        reading=funnel_worth_reading,
        caption=funnel_worth_caption,
        members=funnel_worth_members,
        card=funnel_worth_card,
        table="steps",
        example={"steps": SHOP, "within": "7D"},
        exercises=(
            _(
                "Multiply the `before` of one step by 0.01 and by its `later_conversion`. Which column do you get, "
                "and why is it largest where `step_conversion` is lowest?"
            ),
            _(
                "Run it with `points=10`. Is ten times a point ten times as much, at every step? Name one reason "
                "why ten points more could bring less than that in the shop itself."
            ),
        ),
    ),
)
