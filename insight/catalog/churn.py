"""The analyses of the Churn page."""

from insight.catalog.analysis import Analysis
from insight.charts.churn import churn_groups_dots, churn_returns_line, churn_trend_line
from insight.charts.propensity import propensity_deciles_bars
from insight.charts.survival import survival_curve, survival_groups, survival_periods_bars
from insight.churn import churn
from insight.churn.contract_members import survival_members
from insight.churn.members import churn_members
from insight.churn.propensity import propensity
from insight.churn.propensity_members import propensity_members
from insight.churn.survival import survival
from insight.explain.churn import churn_caption, churn_card, churn_reading
from insight.explain.propensity import propensity_caption, propensity_card, propensity_reading
from insight.explain.survival import survival_caption, survival_card, survival_reading
from insight.language import _

CHURN = (
    Analysis(
        name="churn",
        title=_("Churn"),
        function=churn,
        kind="orders",
        instead=("events",),
        charts=(churn_returns_line, churn_trend_line),
        grouped_charts=(churn_groups_dots,),
        grouped_table="groups",
        reading=churn_reading,
        caption=churn_caption,
        members=churn_members,
        card=churn_card,
        table="silences",
        example={"silent": "90D", "horizon": "60D"},
        exercises=(
            _(
                "Run it with `silent='30D'` and with `silent='150D'`. Which of the two calls more customers gone, and "
                "which of the two is wrong more often? Look at `result.came_back_share`."
            ),
            _(
                "Take the 90th percentile of the silences that ended, `churn_members` aside. Why is it smaller than "
                "`result.proposed_days`? Think of the silences that have not ended yet."
            ),
        ),
    ),
    Analysis(
        name="survival",
        title=_("How long contracts last"),
        function=survival,
        kind="events",
        instead=("customers",),
        page="churn",
        charts=(survival_curve, survival_periods_bars),
        grouped_charts=(survival_groups,),
        grouped_table="groups",
        reading=survival_reading,
        caption=survival_caption,
        members=survival_members,
        card=survival_card,
        table="curve",
        example={"start": "visit", "end": "purchase"},
        exercises=(
            _(
                "Here a “contract” is the time as a visitor who has not bought yet. Divide the last `survival` of the "
                "curve by 1 minus `ended / n_customers`. Why are the two not the same?"
            ),
            _(
                "Take `1 / result.mean_churn` with `period='week'` and with `period='month'`, both in days. Which "
                "assumption would make them agree, and does the curve look as if it held?"
            ),
        ),
    ),
    Analysis(
        name="propensity",
        title=_("Who is likely to come back"),
        function=propensity,
        kind="orders",
        instead=("events",),
        page="churn",
        charts=(propensity_deciles_bars,),
        reading=propensity_reading,
        caption=propensity_caption,
        members=propensity_members,
        card=propensity_card,
        table="deciles",
        example={"horizon": "90D"},
        exercises=(
            _(
                "Run it with `features='all'`. Does the AUC rise, and by more than it would from one year to the next? "
                "What does that say about adding columns?"
            ),
            _(
                "Mail only the tenth with the highest chances: which share of all who come back do you reach "
                "(`captured_share`)? Would they have come back without the mail?"
            ),
        ),
    ),
)
