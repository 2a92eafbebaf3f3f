"""The analyses of the Campaigns page."""

from insight.acquisition import cohort_roas
from insight.acquisition.members import acquisition_payback_members, cohort_roas_members
from insight.acquisition.payback import acquisition_payback
from insight.campaigns import campaign_results
from insight.campaigns.ranking import campaign_ranking
from insight.campaigns.trend import campaign_trend
from insight.catalog.analysis import Analysis
from insight.charts.acquisition import cohort_roas_growth, cohort_roas_ranks
from insight.charts.acquisition_payback import (
    acquisition_payback_curve,
    acquisition_payback_days,
    acquisition_payback_ltv,
)
from insight.charts.campaigns import campaign_results_profit, campaign_results_roas
from insight.charts.campaigns_ranking import campaign_ranking_rates
from insight.charts.campaigns_trend import campaign_trend_line
from insight.explain.acquisition import cohort_roas_caption, cohort_roas_card, cohort_roas_reading
from insight.explain.acquisition_payback import (
    acquisition_payback_caption,
    acquisition_payback_card,
    acquisition_payback_reading,
)
from insight.explain.campaigns import campaign_results_caption, campaign_results_card, campaign_results_reading
from insight.explain.campaigns_ranking import (
    campaign_ranking_caption,
    campaign_ranking_card,
    campaign_ranking_reading,
)
from insight.explain.campaigns_trend import campaign_trend_caption, campaign_trend_card, campaign_trend_reading
from insight.language import _

CAMPAIGNS = (
    Analysis(
        name="campaign_results",
        title=_("Return on campaigns"),
        function=campaign_results,
        kind="campaigns",
        page="campaigns",
        charts=(campaign_results_roas, campaign_results_profit),
        reading=campaign_results_reading,
        caption=campaign_results_caption,
        card=campaign_results_card,
        table="rows",
        example={"margin": 0.4},
        exercises=(
            _(
                "Run it with `margin=1.0`. Which campaigns seem to earn money now, and what would have to be free for "
                "that to be true?"
            ),
            _(
                "Compute the ROAS of all campaigns as the mean of `result.rows['roas']`. Why is it so far from "
                "`result.total['roas']`, and which of the two tells what was earned?"
            ),
        ),
    ),
    Analysis(
        name="campaign_ranking",
        title=_("Which campaign is best"),
        function=campaign_ranking,
        kind="campaigns",
        page="campaigns",
        charts=(campaign_ranking_rates,),
        reading=campaign_ranking_reading,
        caption=campaign_ranking_caption,
        card=campaign_ranking_card,
        table="rows",
        example={"rate": "cvr"},
        exercises=(
            _(
                "Which campaign moves most from `rate` to `shrunk_rate`, and how many trials does it have? Say in one "
                "sentence what it is moved towards."
            ),
            _(
                "Run it with `rate='ctr'`. Is the campaign with the most clicks per impression also the one with the "
                "most conversions per click? What would you rather pay for?"
            ),
        ),
    ),
    Analysis(
        name="campaign_trend",
        title=_("Campaigns over time"),
        function=campaign_trend,
        kind="campaigns",
        page="campaigns",
        charts=(campaign_trend_line,),
        reading=campaign_trend_reading,
        caption=campaign_trend_caption,
        card=campaign_trend_card,
        table="periods",
        example={"period": "week", "margin": 0.4},
        exercises=(
            _(
                "Run it with `period='day'` and with `period='month'`. In which of the two does ROAS go up and down "
                "more, and does that say anything about the campaigns?"
            ),
            _(
                "Leave out the last month with `as_of`. Which periods are marked as not all in now, and what would a "
                "file exported a week later change?"
            ),
        ),
    ),
    Analysis(
        name="cohort_roas",
        title=_("Value after acquisition"),
        function=cohort_roas,
        kind="orders",
        also=("campaigns", "events", "customers"),
        page="campaigns",
        charts=(cohort_roas_growth, cohort_roas_ranks),
        reading=cohort_roas_reading,
        caption=cohort_roas_caption,
        members=cohort_roas_members,
        card=cohort_roas_card,
        table="rows",
        example={"margin": 0.4},
        exercises=(
            _(
                "Run it with `at=30`, `at=90` and `at=180`. How many customers and how much spend are left each time, "
                "and why does the ROAS of one channel not only ever rise?"
            ),
            _(
                "Take the channel with most spend and compute its ROAS by day 90 yourself, from `orders.frame` and "
                "`campaigns.frame`. Which days of spend do you have to leave out?"
            ),
        ),
    ),
    Analysis(
        name="acquisition_payback",
        title=_("LTV:CAC and payback"),
        function=acquisition_payback,
        kind="orders",
        also=("campaigns", "events", "customers"),
        page="campaigns",
        charts=(acquisition_payback_days, acquisition_payback_ltv, acquisition_payback_curve),
        reading=acquisition_payback_reading,
        caption=acquisition_payback_caption,
        members=acquisition_payback_members,
        card=acquisition_payback_card,
        table="rows",
        example={"margin": 0.4, "horizon": "180D"},
        exercises=(
            _(
                "Run it with `margin=0.3` and with `margin=0.5`. Which channels change between paid back and not yet? "
                "What does that say about a margin that somebody guessed?"
            ),
            _(
                "Run it with `cost='media'`. By how much do the CACs fall, and which of the two would you show to "
                "whoever pays for the campaigns?"
            ),
        ),
    ),
)
