"""Marketing analyses that read like the textbook: tables in, frozen results out."""

from insight.audiences import Audience, audience_ids, mark_audience, select_customers
from insight.catalog import catalog
from insight.errors import InsightError
from insight.funnel import Funnel, funnel
from insight.funnel.peers import FunnelPeers, funnel_peers
from insight.funnel.trace import Trace, funnel_trace
from insight.funnel.trend import FunnelTrend, funnel_trend
from insight.funnel.worth import FunnelWorth, funnel_worth
from insight.members import members
from insight.notebook import notebook, notebook_zip
from insight.recipe import Recipe, apply_recipe, read_recipe, recipe
from insight.tables import (
    Campaigns,
    Contacts,
    Customers,
    EventLog,
    Feedback,
    FileReport,
    Orders,
    QualityScore,
    add_traits,
    capabilities,
    customer_matches,
    inspect_file,
    join_findings,
    quality_score,
    read_campaigns,
    read_contacts,
    read_customers,
    read_events,
    read_feedback,
    read_orders,
    sample,
    samples,
)

__all__ = [
    "Audience",
    "Campaigns",
    "Contacts",
    "Customers",
    "EventLog",
    "Feedback",
    "FileReport",
    "Funnel",
    "FunnelPeers",
    "FunnelTrend",
    "FunnelWorth",
    "InsightError",
    "Orders",
    "QualityScore",
    "Recipe",
    "Trace",
    "add_traits",
    "apply_recipe",
    "audience_ids",
    "capabilities",
    "catalog",
    "customer_matches",
    "funnel",
    "funnel_peers",
    "funnel_trace",
    "funnel_trend",
    "funnel_worth",
    "inspect_file",
    "join_findings",
    "mark_audience",
    "members",
    "notebook",
    "notebook_zip",
    "quality_score",
    "read_campaigns",
    "read_contacts",
    "read_customers",
    "read_events",
    "read_feedback",
    "read_orders",
    "read_recipe",
    "recipe",
    "sample",
    "samples",
    "select_customers",
]
