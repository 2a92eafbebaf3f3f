"""Audiences: customers described by a rule, so that next week's file gives next week's customers.

    Audience({"did": "purchase", "days": 30}) - Audience({"did": "unsubscribe"})

An audience holds no ids: they are derived from the tables at hand. `rules.py` says what a rule may be, `evaluation.py`
what it means, `words.py` how it reads.
"""

from dataclasses import dataclass

import numpy as np

from insight.audiences.crowd import Crowd
from insight.audiences.elsewhere import ids_of_source, known_ids
from insight.audiences.evaluation import matches
from insight.audiences.rules import checked_rule, rules_within
from insight.audiences.selection import mark_audience, select_customers
from insight.audiences.words import in_words
from insight.errors import InsightError
from insight.periods import day_start
from insight.sources import Source

__all__ = [
    "Audience",
    "audience_ids",
    "checked_rule",
    "in_words",
    "mark_audience",
    "select_customers",
    "unknown_ids",
]


@dataclass(frozen=True)
class Audience:
    """Customers who fit a rule, as of a day.

    rule : a literal, see `insight.audiences.rules`: {"did": "purchase", "at_least": 2, "days": 30}
    as_of : the last day that counts (ISO), the end of "the last 30 days"; None: the last day of the tables
    name : for a reader; it plays no part in who belongs

    `a & b` are the customers of both, `a | b` of either, `a - b` of a without those of b. Both must be of one `as_of`:
    a set of customers as of two days is none that a reader could name.

    Raises as :func:`checked_rule`; InsightError for an `as_of` that is no day.

    >>> buyers, mailed = Audience({"did": "purchase"}), Audience({"did": "open_mail", "days": 30})
    >>> (buyers - mailed).rule
    {'all': [{'did': 'purchase'}, {'not': {'did': 'open_mail', 'days': 30}}]}
    """

    rule: dict
    as_of: str | None = None
    name: str = ""

    def __post_init__(self):
        object.__setattr__(self, "rule", checked_rule(self.rule))
        if self.as_of is not None:
            day_start(self.as_of)

    def __and__(self, other: "Audience") -> "Audience":
        return self._joined("all", other, other.rule)

    def __or__(self, other: "Audience") -> "Audience":
        return self._joined("any", other, other.rule)

    def __sub__(self, other: "Audience") -> "Audience":
        return self._joined("all", other, {"not": other.rule})

    def _joined(self, how: str, other: "Audience", rule: dict) -> "Audience":
        """One rule of both; what is joined in the same way already stays flat."""
        if self.as_of != other.as_of:
            days = " and ".join(one.as_of or "the last day" for one in (self, other))
            raise InsightError(f"The audiences are as of {days}: give both the same as_of.")
        flat = [inner for one in (self.rule, rule) for inner in one.get(how, [one])]
        return Audience({how: flat}, as_of=self.as_of)


def audience_ids(audience: Audience, tables: object) -> np.ndarray:
    """The customers of an audience: their ids as text, in ascending order.

    tables : a table, or tables by kind; everyone in them is somebody whom "not" may mean, as long as a row of theirs is
        of `as_of` or earlier. Where one lies on disk or on Spark, its customers are asked for, by a rule about it alone

    An id of a list that no table has is left out; :func:`unknown_ids` names those.
    Raises InsightError when a table that the rule needs is missing, UnknownValue for an event or a column that is not
    in the table, NotEnoughData when nobody is known by `as_of`; and for "members" as the analysis.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> audience_ids(Audience({"not": {"did": "buy"}}), log).tolist()
    ['ben']
    """
    if source := source_among(tables):
        return ids_of_source(source, _others(tables, source), audience.rule, audience.as_of)
    crowd = Crowd(tables, audience.as_of)
    return crowd.numbering.ids[matches(audience.rule, crowd)]


def unknown_ids(audience: Audience, tables: object) -> list[str]:
    """The ids named in the audience's lists that no table has, in ascending order.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\n")
    >>> unknown_ids(Audience({"ids": ["ana", "zoe"]}), log)
    ['zoe']
    """
    named = {one for rule in rules_within(audience.rule) for one in rule.get("ids", ())}
    source = source_among(tables)
    known = known_ids(source, named) if source else set(Crowd(tables).numbering.ids)
    return sorted(named - known)


def source_among(tables: object) -> Source | None:
    """The table that lies on disk or on Spark: the one, or the first of several; None where all are in memory."""
    given = tables.values() if isinstance(tables, dict) else [tables]
    return next((table for table in given if isinstance(table, Source)), None)


def _others(tables: object, source: Source) -> list:
    return [table for table in tables.values() if table is not source] if isinstance(tables, dict) else []
