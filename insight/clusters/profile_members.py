"""The customers behind a number of a profile, on any source."""

import numpy as np

from insight.clusters.known import known_customers, table_kind
from insight.clusters.persona import matching
from insight.clusters.profile import Profile, profile
from insight.clusters.segments import segments_of
from insight.errors import InsightError, UnknownValue

KEYS = [{"group"}, {"group", "trait", "trait_value"}, {"group", "matching"}]


def profile_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `profile(table, **settings)`, in ascending order.

    cell : {"group": "north"}; {"group": "north", "trait": "plan", "trait_value": "yearly"}, those of the group with a
        value; {"group": "north", "matching": True}, those who match all lines of its persona
    Raises UnknownValue, InsightError for a cell that the result does not have or hides; otherwise as `profile`.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"customer_id": [f"c{n:02}" for n in range(40)], "plan": ["a", "b"] * 20})
    >>> profile_members(people.assign(pets=["no"] * 20 + ["yes"] * 20), {"by": "plan"}, {"group": "b"})[:3]
    ['c01', 'c03', 'c05']
    """
    if not isinstance(cell, dict) or set(cell) not in KEYS or cell.get("matching", True) is not True:
        raise InsightError(
            f'A cell of profile is written {{"group": "north"}}, {{"group": "north", "trait": "plan", "trait_value": '
            f'"yearly"}} or {{"group": "north", "matching": True}}; {cell!r} is not one.'
        )
    result, group = profile(table, **settings), cell["group"]
    if group not in result.groups["group"].tolist():
        raise UnknownValue("group", group, result.groups["group"])
    kind = table_kind(table, "profile")
    names = _names(result, cell)
    known = known_customers(table, kind, names, settings.get("as_of")).frame
    segments = segments_of(table, kind, settings["by"], settings.get("as_of"))
    inside = (known["customer_id"].map(segments.label) == group).fillna(False).to_numpy(bool)
    if "trait" in cell:
        inside = inside & (known[cell["trait"]] == cell["trait_value"]).to_numpy(bool)
    elif "matching" in cell:
        inside = inside & matching(result.lines[result.lines["group"] == group], known)
    if np.count_nonzero(inside) < result.minimum:
        raise InsightError(f"Fewer than {result.minimum} customers are behind this number: it is not shown.")
    if "trait" in cell and _is_hidden(result, cell):
        raise InsightError(f"This number would tell of fewer than {result.minimum} others: it is not shown.")
    return known["customer_id"][inside].tolist()


def _is_hidden(result: Profile, cell: dict[str, object]) -> bool:
    rows = result.shares
    for name, value in cell.items():
        rows = rows[rows[name] == value]
    return bool(rows["is_hidden"].all())


def _names(result: Profile, cell: dict[str, object]) -> list[str]:
    """The traits to look at. Raises UnknownValue for a trait or a value that the result does not have."""
    if "trait" in cell:
        shares = result.shares
        if cell["trait"] not in set(shares["trait"]):
            raise UnknownValue("trait", cell["trait"], dict.fromkeys(shares["trait"]))
        values = shares["trait_value"][shares["trait"] == cell["trait"]]
        if cell["trait_value"] not in set(values):
            raise UnknownValue("trait_value", cell["trait_value"], dict.fromkeys(values))
        return [cell["trait"]]
    return result.lines["trait"][result.lines["group"] == cell["group"]].tolist() if "matching" in cell else []
