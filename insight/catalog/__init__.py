"""The list of analyses: one row each, from which page, notebook, glossary and tests are made."""

from insight.catalog.analysis import Analysis
from insight.catalog.funnel import FUNNEL

__all__ = ["Analysis", "catalog"]

TOPICS = (FUNNEL,)

catalog = {analysis.name: analysis for topic in TOPICS for analysis in topic}
