"""Pictures: a result in, an Altair chart out. No computing here."""

from insight.charts.funnel import funnel_bars, funnel_times
from insight.charts.groups import funnel_groups
from insight.charts.peers import funnel_peers_dots
from insight.charts.trend import funnel_trend_line
from insight.charts.worth import funnel_worth_bars

__all__ = [
    "funnel_bars",
    "funnel_groups",
    "funnel_peers_dots",
    "funnel_times",
    "funnel_trend_line",
    "funnel_worth_bars",
]
