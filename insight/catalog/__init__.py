"""The list of analyses: one row each, from which page, notebook, glossary and tests are made."""

from insight.catalog.analysis import Analysis
from insight.catalog.attribution import ATTRIBUTION
from insight.catalog.audiences import AUDIENCES
from insight.catalog.campaigns import CAMPAIGNS
from insight.catalog.churn import CHURN
from insight.catalog.clusters import CLUSTERS
from insight.catalog.clv import CLV
from insight.catalog.cohorts import COHORTS
from insight.catalog.funnel import FUNNEL
from insight.catalog.journeys import JOURNEYS
from insight.catalog.overview import OVERVIEW
from insight.catalog.segments import SEGMENTS

__all__ = ["Analysis", "catalog"]

TOPICS = (OVERVIEW, FUNNEL, JOURNEYS, COHORTS, CHURN, SEGMENTS, CLUSTERS, CLV, CAMPAIGNS, ATTRIBUTION, AUDIENCES)

catalog = {analysis.name: analysis for topic in TOPICS for analysis in topic}
