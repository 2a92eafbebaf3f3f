"""The group of each customer: a column of the file, a segment by RFM, a cluster."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.churn.groups import shown_groups
from insight.clusters import clusters
from insight.clusters.known import known_customers, names_of
from insight.clusters.names import cluster_name
from insight.errors import InsightError, UnknownValue
from insight.log.values import NOT_SET
from insight.rfm import rfm

TOP = 12  # groups with a name
MOST_NUMBERS = 20  # different numbers of a column that are groups


@dataclass(frozen=True, eq=False)
class Segments:
    """Customers by group. label : the group of each customer, indexed by customer_id; names : by size or worth."""

    label: pd.Series
    names: list[str]


def column_of(by: object) -> str | None:
    """The column that a setting `by` names; None for segments and clusters."""
    if isinstance(by, dict):
        return by.get("column")
    return by if isinstance(by, str) else None


def check_by(by: object, table: object, kind: str) -> None:
    """Raises InsightError for what is no way to make groups, UnknownValue for a column that is not there."""
    if isinstance(by, dict) and (set(by) in ({"segments"}, {"clusters"}) or set(by) in ({"column"}, {"column", "top"})):
        if "column" not in by and not isinstance(next(iter(by.values())), dict):
            raise InsightError(f'by is written {{"segments": {{}}}}, with the settings of rfm in it; not {by!r}.')
        if "top" in by and (type(by["top"]) is not int or by["top"] < 1):
            raise InsightError(f"top = {by['top']!r} is not possible: a number of groups from 1 up.")
    elif not isinstance(by, str):
        raise InsightError(f'by is a column, {{"segments": {{}}}} or {{"clusters": {{}}}}; not {by!r}.')
    if isinstance(by, dict) and "segments" in by and kind != "orders":
        raise InsightError("Segments by RFM need a table of orders.")
    column, allowed = column_of(by), names_of(table, kind)
    if column is not None and column not in allowed:
        raise UnknownValue("by", column, allowed)


def segments_of(table: object, kind: str, by: object, as_of: str | None) -> Segments:
    """The group of each customer of a table. Raises as `check_by`, and as rfm or clusters where they make the groups.

    Customers in no group (of rfm those without a purchase, of clusters those without a value) are not in it.
    """
    check_by(by, table, kind)
    column = column_of(by)
    if column is not None:
        return _by_column(table, kind, column, by.get("top", TOP) if isinstance(by, dict) else TOP, as_of)
    day = {} if as_of is None else {"as_of": as_of}
    if "segments" in by:
        found = rfm(table, **by["segments"] | day | {"customers": True})
        label = found.customers.set_index("customer_id")["segment"]
        return Segments(label, [name for name in found.segments["segment"] if (label == name).any()])
    found = clusters(table, **by["clusters"] | day)
    if found.k is None:
        raise InsightError(
            "No stable groups were found, so there are no clusters to describe. Ask for a number of them."
        )
    names = {number: cluster_name(number, kind) for number in found.sizes["cluster"]}
    label = found.customers.set_index("customer_id")["cluster"].map(names)
    return Segments(label, list(names.values()))


def _by_column(table: object, kind: str, column: str, top: int, as_of: str | None) -> Segments:
    frame = known_customers(table, kind, [column], as_of).frame
    values = frame[column]
    if pd.api.types.is_numeric_dtype(values):
        if values.nunique() > MOST_NUMBERS:
            raise InsightError(
                f"{column} has {values.nunique()} different numbers: choose a column with few values for the groups."
            )
        values = values.map(lambda number: f"{number:.10g}", na_action="ignore")
    values = values.astype("str").where(values.notna(), NOT_SET)
    sizes = values.value_counts()
    shown = shown_groups(dict(zip(sizes.index, sizes.tolist(), strict=True)), top)
    code = dict(zip(sizes.index, shown.numbers(list(sizes.index)), strict=True))
    label = pd.Series(np.array(shown.labels, dtype=object)[values.map(code)], index=frame["customer_id"], dtype="str")
    return Segments(label, shown.labels)
