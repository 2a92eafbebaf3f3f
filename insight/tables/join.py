"""Several files about the same customers: how well their ids match, and what one file says of the other's rows."""

from dataclasses import fields
from itertools import combinations

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.language import _, _n, count, day
from insight.log import Log
from insight.tables.quality.findings import findings_table
from insight.tables.select import MOMENTS
from insight.tables.table import derived

BARE = {  # how ids may differ without meaning another customer: the first fix that brings them together
    "case": "lower_ids",
    "zeros": "strip_zeros",
    "both": "lower_ids",  # after it they differ in zeros
}
MORE = 0.05  # of the smaller file's customers must match more than before for that to be proposed
STALE = 7  # days between the ends of two files that make them hard to compare


def customer_matches(tables: dict[str, object]) -> pd.DataFrame:
    """How many customers each two tables share: left, right, n_left, n_right, n_both, share_of_left, share_of_right.

    tables : kind -> table; those without customers are left out
    `n_left` and `n_right` count the customers of each table, `n_both` those in both; shares are 0 to 1.

    >>> from insight import read_events, read_orders
    >>> events = read_events(b"user,event,time\\nana,visit,2026-01-01\\nben,visit,2026-01-02\\n")
    >>> orders = read_orders(b"user,date,amount\\nana,2026-01-01,5\\n")
    >>> customer_matches({"events": events, "orders": orders}).values.tolist()
    [['events', 'orders', 2, 1, 1, 0.5, 1.0]]
    """
    ids = {kind: _ids(table) for kind, table in tables.items() if "customer_id" in table.frame}
    rows = []
    for left, right in combinations(ids, 2):
        both = len(ids[left].intersection(ids[right]))
        n_left, n_right = len(ids[left]), len(ids[right])
        rows.append((left, right, n_left, n_right, both, both / n_left, both / n_right))
    names = ["left", "right", "n_left", "n_right", "n_both", "share_of_left", "share_of_right"]
    return pd.DataFrame(rows, columns=names)


def _ids(table) -> pd.Index:
    if table.kind == "events":
        return pd.Index(table.log.customers).astype("str")
    return pd.Index(table.frame["customer_id"].dropna().unique())


def join_findings(tables: dict[str, object]) -> pd.DataFrame:
    """What keeps several tables from being used together; the columns are those of a table's findings.

    Ids that match only without upper case or leading zeros, tables that share no customer, traits that disagree, data
    that ends on different days.
    """
    found: list[dict] = []
    for match in customer_matches(tables).itertuples():
        pair = (tables[match.left], tables[match.right])
        found += _id_findings(match, *pair)
        found += _trait_findings(*pair)
    return findings_table(found + _end_findings(tables))


def _finding(code: str, finding: str, severity: str, suggestion: str, *, column="", rows=0, fix=None) -> dict:
    return {
        "finding": finding, "severity": severity, "column": column, "rows": rows, "examples": [],
        "suggestion": suggestion, "code": code, "fix": fix,
    }  # fmt: skip


def _id_findings(match, left, right) -> list[dict]:
    """Ids that would match if they were written the same way; or none that do."""
    for how, fix in BARE.items():
        more = len(_bare(_ids(left), how).intersection(_bare(_ids(right), how))) - match.n_both
        if more > MORE * min(match.n_left, match.n_right):
            words = {
                "case": _("upper and lower case"),
                "zeros": _("leading zeros"),
                "both": _("upper and lower case and leading zeros"),
            }[how]
            finding = _n(
                "{n} customer of {left} is in {right} too, but for {what}",
                "{n} customers of {left} are in {right} too, but for {what}",
                more, n=count(more), left=left.name, right=right.name, what=words,
            )  # fmt: skip
            hint = _("Write the ids of both files the same way; then they match.")
            return [_finding(f"ids_differ_in_{how}", finding, "warning", hint, column="customer_id", fix=fix)]
    if match.n_both:
        return []
    finding = _("{left} and {right} have no customer in common", left=left.name, right=right.name)
    hint = _("Do both files number their customers the same way? Without that they cannot be used together.")
    return [_finding("no_match", finding, "warning", hint, column="customer_id")]


def _bare(ids: pd.Index, how: str) -> pd.Index:
    if how != "zeros":
        ids = ids.str.lower()
    return (ids if how == "case" else ids.str.replace(r"^0+(.)", r"\1", regex=True)).unique()


def _trait_findings(left, right) -> list[dict]:
    """Columns that both tables have and that say different things of one customer, as a region may."""
    if "customers" not in (left.kind, right.kind) or left.kind == right.kind:
        return []
    customers, other = (left, right) if left.kind == "customers" else (right, left)
    found = []
    for name in _traits(customers):
        if name not in other.frame or other.frame[name].dtype != customers.frame[name].dtype:
            continue
        told = other.frame["customer_id"].map(customers.frame.set_index("customer_id")[name])
        differs = told.notna() & other.frame[name].notna() & (told != other.frame[name])
        n = int(other.frame["customer_id"][differs].nunique())
        if n:
            finding = _n(
                "{n} customer has another {column} in {left} than in {right}",
                "{n} customers have another {column} in {left} than in {right}",
                n, n=count(n), column=name, left=other.name, right=customers.name,
            )  # fmt: skip
            hint = _("Both are kept. Is one of them newer, or is it of the visit and not of the customer?")
            found.append(_finding("traits_disagree", finding, "note", hint, column=name, rows=int(differs.sum())))
    return found


def _end_findings(tables: dict[str, object]) -> list[dict]:
    ends = {}
    for kind, table in tables.items():
        name = next((name for name in MOMENTS if name in table.frame), None)
        if name is not None:
            ends[kind] = table.frame[name].max().tz_localize(None).normalize()
    if len(ends) < 2 or (max(ends.values()) - min(ends.values())).days < STALE:
        return []
    first, last = min(ends, key=ends.get), max(ends, key=ends.get)
    names = {kind: tables[kind].name for kind in (first, last)}
    if names[first] == names[last]:  # one file, or two of one name, read as two kinds
        names = {kind: f"{name} ({kind})" for kind, name in names.items()}
    finding = _("{first} ends on {end}, {last} on {later}", first=names[first], end=day(ends[first]), last=names[last],
                later=day(ends[last]))  # fmt: skip
    hint = _("What they share ends with the earlier one: set as_of to that day, or bring a newer file.")
    return [_finding("different_ends", finding, "note", hint)]


def add_traits(table, customers, *, columns: list[str] | None = None):
    """The table with what is known of the customer of each row.

    table : EventLog, Orders, Contacts or Feedback;  customers : Customers
    columns : the customers' columns to add; None for all of them
    A customer who is not in `customers` has no value (NA; in a breakdown "(not set)"). A column that the table has
    already is called "region (customer)". Raises UnknownValue for a column that the customers do not have, InsightError
    for a table without customers.

    >>> from insight import read_events
    >>> from insight.tables import read_customers
    >>> events = read_events(b"user,event,time\\nana,visit,2026-01-01\\nben,visit,2026-01-02\\n")
    >>> known = add_traits(events, read_customers(b"id,country\\nana,DE\\n"))
    >>> known.frame["country"].tolist(), len(known.log)
    (['DE', nan], 2)
    """
    if getattr(customers, "kind", None) != "customers":
        raise InsightError("add_traits takes the table that read_customers returns as its second.")
    if "customer_id" not in table.frame or table.kind == "customers":
        raise InsightError(f"A table of {table.kind} has no customers to add traits to.")
    allowed = _traits(customers)
    wanted = allowed if columns is None else list(columns)
    for name in wanted:
        if name not in allowed:
            raise UnknownValue("columns", name, allowed)
    changes = {"frame": _with_traits(table.frame, customers.frame, wanted)}
    if getattr(table, "lines", None) is not None:
        changes["lines"] = _with_traits(table.lines, customers.frame, wanted)
    if table.kind == "events":  # the same rows in the same order: no need to sort again
        kept = {one.name: getattr(table.log, one.name) for one in fields(Log) if not one.name.startswith("_")}
        changes["prepared"] = Log(**kept | {"frame": changes["frame"]})
    return derived(table, add_traits, customers, settings={"columns": columns}, **changes)


def _traits(customers) -> list[str]:
    return [name for name in customers.frame if name != "customer_id"]


def _with_traits(frame: pd.DataFrame, customers: pd.DataFrame, wanted: list[str]) -> pd.DataFrame:
    place = pd.Index(customers["customer_id"]).get_indexer(frame["customer_id"])
    added = {}
    for name in wanted:
        own = name
        while own in frame or own in added:
            own += _(" (customer)")
        values = customers[name].take(np.maximum(place, 0)).reset_index(drop=True)
        added[own] = values.where(place >= 0)
    return pd.concat([frame.reset_index(drop=True), pd.DataFrame(added)], axis="columns")
