"""Bytes -> checked tables: what a file says, what is odd in it, what it can answer, and how it was read."""

from insight.tables.capabilities import capabilities
from insight.tables.cells.dates import AmbiguousDates
from insight.tables.join import add_traits, customer_matches, join_findings
from insight.tables.look import FileReport, inspect_file
from insight.tables.people import read_contacts, read_customers, read_feedback
from insight.tables.quality import QualityScore, quality_score
from insight.tables.read import read_campaigns, read_events, read_orders
from insight.tables.samples import sample, samples
from insight.tables.table import Campaigns, Contacts, Customers, EventLog, Feedback, Orders, TouchPaths
from insight.tables.touch_paths import read_paths

__all__ = [
    "AmbiguousDates",
    "Campaigns",
    "Contacts",
    "Customers",
    "EventLog",
    "Feedback",
    "FileReport",
    "Orders",
    "QualityScore",
    "TouchPaths",
    "add_traits",
    "capabilities",
    "customer_matches",
    "inspect_file",
    "join_findings",
    "quality_score",
    "read_campaigns",
    "read_contacts",
    "read_customers",
    "read_events",
    "read_feedback",
    "read_orders",
    "read_paths",
    "sample",
    "samples",
]
