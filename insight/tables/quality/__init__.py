"""What is odd about a table, said with row numbers; what it can answer."""

from insight.tables.quality.copies import last_bytes, repeated_rows
from insight.tables.quality.findings import LEFT_OUT, SEVERITIES, WORDS, Findings, findings_table
from insight.tables.quality.score import QualityScore, quality_score

__all__ = [
    "LEFT_OUT",
    "SEVERITIES",
    "WORDS",
    "Findings",
    "QualityScore",
    "findings_table",
    "last_bytes",
    "quality_score",
    "repeated_rows",
]
