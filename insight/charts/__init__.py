"""Pictures: a result in, an Altair chart out. No computing here."""

from insight.charts.acquisition import cohort_roas_growth, cohort_roas_ranks
from insight.charts.acquisition_payback import (
    acquisition_payback_curve,
    acquisition_payback_days,
    acquisition_payback_ltv,
)
from insight.charts.attribution import attribution_credits, attribution_paths
from insight.charts.attribution_ranges import attribution_ranges
from insight.charts.campaigns import campaign_results_profit, campaign_results_roas
from insight.charts.campaigns_ranking import campaign_ranking_rates
from insight.charts.campaigns_trend import campaign_trend_line
from insight.charts.churn import churn_groups_dots, churn_returns_line, churn_trend_line
from insight.charts.clusters import clusters_profile
from insight.charts.clusters_evidence import clusters_evidence, clusters_map
from insight.charts.clusters_traits import profile_index
from insight.charts.clv_checks import (
    customer_value_calibration,
    customer_value_cumulative,
    customer_value_holdout,
    customer_value_weekly,
)
from insight.charts.clv_formula import clv_formula_payback, clv_formula_tornado
from insight.charts.clv_groups import customer_value_by_dots, customer_value_by_new
from insight.charts.clv_value import customer_value_deciles
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
from insight.charts.contacts import contact_response_groups, contact_response_map
from insight.charts.contacts_pressure import contact_pressure_opens, contact_pressure_unsub
from insight.charts.funnel import funnel_bars, funnel_times
from insight.charts.groups import funnel_groups
from insight.charts.journeys import paths_sankey
from insight.charts.journeys_matrix import paths_steps, transitions_matrix
from insight.charts.journeys_time import time_to_event_curve
from insight.charts.journeys_ways import paths_ways
from insight.charts.overview import conversion_line, sales_line, traffic_line
from insight.charts.overview_change import rate_change_bars
from insight.charts.overview_groups import conversion_groups, sales_groups, traffic_groups
from insight.charts.overview_rhythm import rhythm_map
from insight.charts.peers import funnel_peers_dots
from insight.charts.propensity import propensity_deciles_bars
from insight.charts.renewals import contract_renewals_curve
from insight.charts.rfm import rfm_map, rfm_segments
from insight.charts.rfm_concentration import rfm_concentration
from insight.charts.rfm_moves import rfm_movement_flow, rfm_moves
from insight.charts.survival import survival_curve, survival_groups, survival_periods_bars
from insight.charts.trend import funnel_trend_line
from insight.charts.worth import funnel_worth_bars

__all__ = [
    "acquisition_payback_curve",
    "acquisition_payback_days",
    "acquisition_payback_ltv",
    "attribution_credits",
    "attribution_paths",
    "attribution_ranges",
    "campaign_ranking_rates",
    "campaign_results_profit",
    "campaign_results_roas",
    "campaign_trend_line",
    "churn_groups_dots",
    "churn_returns_line",
    "churn_trend_line",
    "clv_formula_payback",
    "clv_formula_tornado",
    "clusters_evidence",
    "clusters_map",
    "clusters_profile",
    "cohort_revenue_aov",
    "cohort_revenue_curve",
    "cohort_revenue_groups",
    "cohort_revenue_heatmap",
    "cohort_revenue_orders",
    "cohort_roas_growth",
    "cohort_roas_ranks",
    "contact_pressure_opens",
    "contact_pressure_unsub",
    "contact_response_groups",
    "contact_response_map",
    "conversion_groups",
    "conversion_line",
    "contract_renewals_curve",
    "customer_value_by_dots",
    "customer_value_by_new",
    "customer_value_calibration",
    "customer_value_cumulative",
    "customer_value_deciles",
    "customer_value_holdout",
    "customer_value_weekly",
    "funnel_bars",
    "funnel_groups",
    "funnel_peers_dots",
    "funnel_times",
    "funnel_trend_line",
    "funnel_worth_bars",
    "paths_sankey",
    "paths_steps",
    "paths_ways",
    "profile_index",
    "propensity_deciles_bars",
    "rate_change_bars",
    "retention_counts",
    "retention_curves",
    "retention_difference",
    "retention_groups",
    "retention_heatmap",
    "retention_peers_dots",
    "rfm_concentration",
    "rfm_map",
    "rfm_movement_flow",
    "rfm_moves",
    "rfm_segments",
    "rhythm_map",
    "sales_groups",
    "sales_line",
    "survival_curve",
    "survival_groups",
    "survival_periods_bars",
    "time_to_event_curve",
    "traffic_groups",
    "traffic_line",
    "transitions_matrix",
]
