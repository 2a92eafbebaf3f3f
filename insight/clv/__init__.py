"""Customer lifetime value: models of repeat buying, of spend and of contracts, and the calculator."""

from insight.clv.beta_geometric import BgNbd, MbgNbd, fit_bg_nbd, fit_mbg_nbd
from insight.clv.contracts import (
    Bdw,
    Sbg,
    contract_lifetime,
    contract_retention,
    contract_survival,
    fit_bdw,
    fit_sbg,
)
from insight.clv.gamma_gamma import GammaGamma, fit_gamma_gamma
from insight.clv.pareto_nbd import ParetoNbd, fit_pareto_nbd
from insight.clv.predictions import (
    discounted_purchases,
    expected_purchases,
    expected_spend,
    probability_alive,
    probability_of_purchase,
)
from insight.clv.simple import SimpleClv, simple_clv
from insight.clv.summary import ClvCells, ClvSummary, clv_cells, clv_summary
from insight.clv.value import CustomerValue, customer_value
from insight.clv.value_groups import GroupValues, customer_value_by, group_values
from insight.clv.value_members import customer_value_by_members, customer_value_members

__all__ = [
    "Bdw",
    "BgNbd",
    "ClvCells",
    "ClvSummary",
    "CustomerValue",
    "GammaGamma",
    "GroupValues",
    "MbgNbd",
    "ParetoNbd",
    "Sbg",
    "SimpleClv",
    "clv_cells",
    "clv_summary",
    "contract_lifetime",
    "contract_retention",
    "contract_survival",
    "customer_value",
    "customer_value_by",
    "customer_value_by_members",
    "customer_value_members",
    "discounted_purchases",
    "expected_purchases",
    "expected_spend",
    "fit_bdw",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_mbg_nbd",
    "fit_pareto_nbd",
    "fit_sbg",
    "group_values",
    "probability_alive",
    "probability_of_purchase",
    "simple_clv",
]
