"""Bytes -> checked tables: what a file says, what is odd in it, and how it was read."""

from insight.tables.dates import AmbiguousDates
from insight.tables.look import FileReport, inspect_file
from insight.tables.read import read_campaigns, read_events, read_orders
from insight.tables.samples import sample, samples
from insight.tables.table import Campaigns, EventLog, Orders

__all__ = [
    "AmbiguousDates",
    "Campaigns",
    "EventLog",
    "FileReport",
    "Orders",
    "inspect_file",
    "read_campaigns",
    "read_events",
    "read_orders",
    "sample",
    "samples",
]
