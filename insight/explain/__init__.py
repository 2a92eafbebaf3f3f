"""Sentences: a result in, Markdown out. What the numbers say, and what they do not."""

from insight.explain.cards import Card, funnel_card, funnel_peers_card, funnel_trend_card, funnel_worth_card
from insight.explain.funnel import funnel_caption, funnel_reading
from insight.explain.peers import funnel_peers_caption, funnel_peers_reading
from insight.explain.trend import funnel_trend_caption, funnel_trend_reading
from insight.explain.worth import funnel_worth_caption, funnel_worth_reading

__all__ = [
    "Card",
    "funnel_caption",
    "funnel_card",
    "funnel_peers_caption",
    "funnel_peers_card",
    "funnel_peers_reading",
    "funnel_reading",
    "funnel_trend_caption",
    "funnel_trend_card",
    "funnel_trend_reading",
    "funnel_worth_caption",
    "funnel_worth_card",
    "funnel_worth_reading",
]
