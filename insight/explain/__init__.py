"""Sentences: a result in, Markdown out. What the numbers say, and what they do not."""

from insight.explain.funnel import funnel_caption, funnel_reading

__all__ = ["funnel_caption", "funnel_reading"]
