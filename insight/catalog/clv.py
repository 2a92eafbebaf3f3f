"""The analyses of the Customer value page."""

from insight.catalog.analysis import Analysis
from insight.charts.clv_checks import (
    customer_value_calibration,
    customer_value_cumulative,
    customer_value_holdout,
    customer_value_weekly,
)
from insight.charts.clv_formula import clv_formula_payback, clv_formula_tornado
from insight.charts.clv_groups import customer_value_by_dots, customer_value_by_new
from insight.charts.clv_value import customer_value_deciles
from insight.charts.renewals import contract_renewals_curve
from insight.clv.formula import clv_formula
from insight.clv.formula_tally import clv_formula_members
from insight.clv.value import customer_value
from insight.clv.value_groups import customer_value_by
from insight.clv.value_members import customer_value_by_members, customer_value_members
from insight.explain.clv_formula import clv_formula_caption, clv_formula_card, clv_formula_reading
from insight.explain.clv_groups import (
    customer_value_by_caption,
    customer_value_by_card,
    customer_value_by_reading,
)
from insight.explain.clv_value import customer_value_caption, customer_value_card, customer_value_reading
from insight.explain.renewals import (
    contract_renewals_caption,
    contract_renewals_card,
    contract_renewals_reading,
)
from insight.language import _
from insight.renewals import contract_renewals
from insight.renewals.members import contract_renewals_members

CLV = (
    Analysis(
        name="customer_value",
        title=_("Customer value by model"),
        function=customer_value,
        kind="orders",
        page="clv",
        charts=(
            customer_value_deciles,
            customer_value_cumulative,
            customer_value_weekly,
            customer_value_holdout,
            customer_value_calibration,
        ),
        reading=customer_value_reading,
        caption=customer_value_caption,
        members=customer_value_members,
        card=customer_value_card,
        table="customers",
        example={"margin": 0.4, "horizon": "180D"},
        exercises=(
            _(
                "Take the customers with `frequency == 0`. Which of them have the same value, what do these have in "
                "common, and what would a model have to know to tell them apart?"
            ),
            _(
                "Run it with `model='bg_nbd'` and with `model='pareto_nbd'`. How far do the totals lie apart, beside "
                "`ci_low` and `ci_high`? What does that say about an interval that trusts one model?"
            ),
        ),
    ),
    Analysis(
        name="customer_value_by",
        title=_("Customer value of groups"),
        function=customer_value_by,
        kind="orders",
        page="clv",
        charts=(customer_value_by_dots, customer_value_by_new),
        reading=customer_value_by_reading,
        caption=customer_value_by_caption,
        members=customer_value_by_members,
        card=customer_value_by_card,
        table="groups",
        example={"by": "channel", "margin": 0.4},
        exercises=(
            _(
                "Run it with `by='cohort'`. Why is a customer of the last months expected to bring more than one of "
                "the first, although they have bought less so far?"
            ),
            _(
                "Which channel has the highest `new_customer_value`, and does its interval leave the others out? What "
                "more than this would you want to know before paying more for it?"
            ),
        ),
    ),
    Analysis(
        name="clv_formula",
        title=_("Customer value by formula"),
        function=clv_formula,
        kind="orders",
        page="clv",
        charts=(clv_formula_tornado, clv_formula_payback),
        reading=clv_formula_reading,
        caption=clv_formula_caption,
        members=clv_formula_members,
        card=clv_formula_card,
        table="drivers",
        example={"margin": 0.4, "years": 3.0, "acquisition_cost": 40.0},
        exercises=(
            _(
                "Run it with `annual_retention=0.5` and `years=10.0`, then with `payments='end'`. By which factor do "
                "the two values differ, and which of the two would you compare with a competitor’s?"
            ),
            _(
                "Divide `result.year.purchases` by all customers of `result.year.n_customers` in a file of several "
                "years. Why is that smaller than `orders_per_year`, and which of the two belongs into the formula?"
            ),
        ),
    ),
    Analysis(
        name="contract_renewals",
        title=_("Renewals to expect"),
        function=contract_renewals,
        kind="events",
        instead=("customers",),
        page="clv",
        charts=(contract_renewals_curve,),
        reading=contract_renewals_reading,
        caption=contract_renewals_caption,
        members=contract_renewals_members,
        card=contract_renewals_card,
        table="periods",
        example={"start": "visit", "end": "purchase", "period": "week"},
        exercises=(
            _(
                "Run it with `model='sbg'` and with `model='bdw'`. Which of the two lies closer to `survival`, and is "
                "the difference worth a third number? Compare with `result.p_value`."
            ),
            _(
                "Compute `retention` of each period from `projected` yourself. Why does it rise in sBG, although the "
                "chance of every single customer to leave stays the same?"
            ),
        ),
    ),
)
