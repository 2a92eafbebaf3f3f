"""What a group of customers is called."""

from datetime import date

from insight.language import calendar_period


def group_name(by: object, group: str) -> str:
    """The name of a group; cohorts are called by their month.

    >>> group_name("cohort", "2026-03-01"), group_name("channel", "ads")
    ('Mar 2026', 'ads')
    """
    return calendar_period(date.fromisoformat(group), "month") if by == "cohort" else group
