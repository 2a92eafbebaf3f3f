"""Marketing analyses that read like the textbook: tables in, frozen results out."""

from insight.catalog import catalog
from insight.errors import InsightError
from insight.funnel import Funnel, funnel
from insight.notebook import notebook, notebook_zip
from insight.tables import (
    Campaigns,
    EventLog,
    FileReport,
    Orders,
    inspect_file,
    read_campaigns,
    read_events,
    read_orders,
    sample,
    samples,
)

__all__ = [
    "Campaigns",
    "EventLog",
    "FileReport",
    "Funnel",
    "InsightError",
    "Orders",
    "catalog",
    "funnel",
    "inspect_file",
    "notebook",
    "notebook_zip",
    "read_campaigns",
    "read_events",
    "read_orders",
    "sample",
    "samples",
]
