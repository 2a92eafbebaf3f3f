"""An audience as a filter and as a breakdown: tables made of tables, that a notebook can make again."""

from dataclasses import replace

import numpy as np
import pandas as pd

from insight.audiences.crowd import Crowd
from insight.audiences.elsewhere import fitting
from insight.audiences.evaluation import matches
from insight.audiences.kept import checked_name
from insight.audiences.rules import checked_rule
from insight.audiences.words import in_words
from insight.errors import InsightError, NotEnoughData
from insight.language import _
from insight.log import new_memory
from insight.sources import Source
from insight.sources.changes import Marked
from insight.tables.select import select_rows
from insight.tables.table import derived

IN, NOT_IN = "in {name}", "not in {name}"  # values of a column: data, so the same in every language


def select_customers(table, *others, rule: dict, as_of: str | None = None):
    """The rows of the customers who fit the rule: all of their rows, whenever they were.

    others : further tables that the rule needs, each of another kind
    rule, as_of : as of an Audience

    Raises NotEnoughData when nobody in the table fits; otherwise as `audience_ids`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> select_customers(log, rule={"did": "buy"}).frame["event"].tolist()
    ['visit', 'buy']
    """
    rule = checked_rule(rule)
    settings = {"rule": rule, "as_of": as_of}
    empty = _("Nobody in {name} fits: {rule}.", name=table.name, rule=in_words(rule))
    if isinstance(table, Source):
        rows = fitting(table, others, rule, as_of)
        made = {"settings": settings, "columns": rows.columns, "empty": empty}
        return table.narrowed(rows, select_customers, *others, **made)
    keep = _rows_of(table, others, rule, as_of)
    if not keep.any():
        raise NotEnoughData(empty)
    return select_rows(table, keep, select_customers, *others, settings=settings)


def mark_audience(table, *others, name: str, rule: dict, as_of: str | None = None):
    """The table with a text column `name` that says who fits the rule: "in <name>" or "not in <name>".

    Every row of a customer says the same, so a breakdown by the column compares the audience with everyone else.
    Raises InsightError for a name that a column has or could have; otherwise as `audience_ids`.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n")
    >>> mark_audience(log, name="buyers", rule={"did": "buy"}).frame["buyers"].tolist()
    ['in buyers', 'in buyers', 'not in buyers']
    """
    elsewhere = isinstance(table, Source)
    rule, name = checked_rule(rule), checked_name(name, frozenset(table.facts.columns if elsewhere else table.frame))
    settings = {"name": name, "rule": rule, "as_of": as_of}
    no, yes = NOT_IN.format(name=name), IN.format(name=name)
    if elsewhere:
        rows = fitting(table, others, rule, as_of)
        return table.marked(Marked(rows, name, no, yes, rows.columns), mark_audience, *others, settings=settings)
    inside = _rows_of(table, others, rule, as_of)
    values = pd.Series([no, yes], dtype="str").take(inside.astype(int)).array
    changes = {"frame": table.frame.assign(**{name: values})}
    if table.kind == "events":
        changes["prepared"] = replace(table.log, frame=changes["frame"], **new_memory())
    return derived(table, mark_audience, *others, settings=settings, **changes)


def _rows_of(table, others: tuple, rule: dict, as_of: str | None) -> np.ndarray:
    """Which rows of the table belong to customers who fit."""
    others = tuple(one for one in others if not isinstance(one, Source))  # a rule can ask what is in memory
    kinds = [one.kind for one in (table, *others)]
    if len(set(kinds)) < len(kinds):
        raise InsightError(f"Give one table of each kind; these are {', '.join(kinds)}.")
    if "customer_id" not in table.frame:
        raise InsightError(f"A table of {table.kind} has no customers to choose by.")
    crowd = Crowd(dict(zip(kinds, (table, *others), strict=True)), as_of)
    return np.append(matches(rule, crowd), False)[crowd.numbering.of_row[table.kind]]  # no row of nobody
