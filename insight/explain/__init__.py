"""Sentences: a result in, Markdown out. What the numbers say, and what they do not."""

from insight.explain.acquisition import cohort_roas_caption, cohort_roas_card, cohort_roas_reading
from insight.explain.acquisition_payback import (
    acquisition_payback_caption,
    acquisition_payback_card,
    acquisition_payback_reading,
)
from insight.explain.attribution import attribution_caption, attribution_reading
from insight.explain.attribution_card import attribution_card
from insight.explain.campaigns import campaign_results_caption, campaign_results_card, campaign_results_reading
from insight.explain.campaigns_ranking import campaign_ranking_caption, campaign_ranking_card, campaign_ranking_reading
from insight.explain.campaigns_trend import campaign_trend_caption, campaign_trend_card, campaign_trend_reading
from insight.explain.cards import Card, funnel_card, funnel_peers_card, funnel_trend_card, funnel_worth_card
from insight.explain.churn import churn_caption, churn_card, churn_reading
from insight.explain.clusters import clusters_caption, clusters_card, clusters_reading
from insight.explain.clv_formula import (
    clv_formula_caption,
    clv_formula_card,
    clv_formula_raises,
    clv_formula_reading,
    simple_clv_reading,
)
from insight.explain.clv_groups import customer_value_by_caption, customer_value_by_card, customer_value_by_reading
from insight.explain.clv_three import points_worth, three_values, three_values_reading
from insight.explain.clv_value import (
    customer_value_caption,
    customer_value_card,
    customer_value_lift,
    customer_value_reading,
)
from insight.explain.cohorts import retention_caption, retention_criteria, retention_reading
from insight.explain.cohorts_cards import cohort_revenue_card, retention_card, retention_peers_card
from insight.explain.cohorts_peers import retention_peers_caption, retention_peers_reading
from insight.explain.cohorts_revenue import cohort_revenue_caption, cohort_revenue_reading
from insight.explain.contacts import contact_response_caption, contact_response_card, contact_response_reading
from insight.explain.contacts_pressure import (
    contact_pressure_caption,
    contact_pressure_card,
    contact_pressure_reading,
)
from insight.explain.funnel import funnel_caption, funnel_reading
from insight.explain.journeys import paths_caption, paths_reading
from insight.explain.journeys_cards import paths_card, time_to_event_card, transitions_card
from insight.explain.journeys_time import time_to_event_caption, time_to_event_reading
from insight.explain.journeys_transitions import transitions_caption, transitions_reading
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
from insight.explain.peers import funnel_peers_caption, funnel_peers_reading
from insight.explain.profile import profile_caption, profile_card, profile_persona, profile_reading
from insight.explain.propensity import propensity_caption, propensity_card, propensity_reading
from insight.explain.renewals import (
    contract_renewals_caption,
    contract_renewals_card,
    contract_renewals_reading,
)
from insight.explain.rfm import rfm_caption, rfm_card, rfm_concentration_reading, rfm_moves_reading, rfm_reading
from insight.explain.rfm_movement import rfm_movement_caption, rfm_movement_card, rfm_movement_reading
from insight.explain.survival import survival_caption, survival_card, survival_reading
from insight.explain.trend import funnel_trend_caption, funnel_trend_reading
from insight.explain.worth import funnel_worth_caption, funnel_worth_reading

__all__ = [
    "Card",
    "acquisition_payback_caption",
    "acquisition_payback_card",
    "acquisition_payback_reading",
    "attribution_caption",
    "attribution_card",
    "attribution_reading",
    "campaign_ranking_caption",
    "campaign_ranking_card",
    "campaign_ranking_reading",
    "campaign_results_caption",
    "campaign_results_card",
    "campaign_results_reading",
    "campaign_trend_caption",
    "campaign_trend_card",
    "campaign_trend_reading",
    "churn_caption",
    "churn_card",
    "churn_reading",
    "clv_formula_caption",
    "clv_formula_card",
    "clv_formula_raises",
    "clv_formula_reading",
    "clusters_caption",
    "clusters_card",
    "clusters_reading",
    "cohort_revenue_caption",
    "cohort_revenue_card",
    "cohort_revenue_reading",
    "cohort_roas_caption",
    "cohort_roas_card",
    "cohort_roas_reading",
    "conversion_caption",
    "conversion_card",
    "conversion_reading",
    "contract_renewals_caption",
    "contract_renewals_card",
    "contract_renewals_reading",
    "customer_value_by_caption",
    "customer_value_by_card",
    "customer_value_by_reading",
    "customer_value_caption",
    "customer_value_card",
    "customer_value_lift",
    "customer_value_reading",
    "contact_pressure_caption",
    "contact_pressure_card",
    "contact_pressure_reading",
    "contact_response_caption",
    "contact_response_card",
    "contact_response_reading",
    "funnel_caption",
    "funnel_card",
    "funnel_peers_caption",
    "funnel_peers_card",
    "funnel_peers_reading",
    "funnel_reading",
    "funnel_trend_caption",
    "funnel_trend_card",
    "funnel_trend_reading",
    "funnel_worth_caption",
    "funnel_worth_card",
    "funnel_worth_reading",
    "paths_caption",
    "paths_card",
    "paths_reading",
    "points_worth",
    "profile_caption",
    "profile_card",
    "profile_persona",
    "profile_reading",
    "propensity_caption",
    "propensity_card",
    "propensity_reading",
    "rate_change_caption",
    "rate_change_card",
    "rate_change_reading",
    "retention_caption",
    "retention_card",
    "retention_criteria",
    "retention_peers_caption",
    "retention_peers_card",
    "retention_peers_reading",
    "retention_reading",
    "rfm_caption",
    "rfm_card",
    "rfm_concentration_reading",
    "rfm_movement_caption",
    "rfm_movement_card",
    "rfm_movement_reading",
    "rfm_moves_reading",
    "rfm_reading",
    "rhythm_caption",
    "rhythm_card",
    "rhythm_reading",
    "sales_caption",
    "sales_card",
    "sales_reading",
    "simple_clv_reading",
    "survival_caption",
    "survival_card",
    "survival_reading",
    "three_values",
    "three_values_reading",
    "time_to_event_caption",
    "time_to_event_card",
    "time_to_event_reading",
    "traffic_caption",
    "traffic_card",
    "traffic_reading",
    "transitions_caption",
    "transitions_card",
    "transitions_reading",
]
