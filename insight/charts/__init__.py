"""Pictures: a result in, an Altair chart out. No computing here."""

from insight.charts.funnel import funnel_bars, funnel_groups, funnel_times

__all__ = ["funnel_bars", "funnel_groups", "funnel_times"]
