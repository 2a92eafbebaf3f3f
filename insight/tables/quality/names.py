"""Names that are nearly equal: "Purchase", "purchase_" and "purchase" are probably one."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _, count
from insight.tables.quality.rows import Rows

LOOKED_AT = 100_000  # rows whose names are compared
MOST = 2_000  # different names; a column with more does not name kinds
NAMED = ("channel", "campaign", "device", "region", "touchpoint", "product", "category")


def similar_names(names: Sequence[str]) -> list[list[int]]:
    """Groups of names that differ in case, accents, spaces and punctuation alone.

    >>> similar_names(["Purchase", "visit", "purchase_", "+1", "-1"])
    [[0, 2]]
    """
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        letters = unicodedata.normalize("NFKD", name).casefold()
        bare = "".join(letter for letter in letters if letter.isalnum())
        if any(letter.isalpha() for letter in bare):
            groups.setdefault(bare, []).append(at)
    return [group for group in groups.values() if len(group) > 1]


def note_similar_events(rows: Rows) -> None:
    """Kinds of event that are probably one, and what merging them would do."""
    log = rows.log
    for group in similar_names(log.events):
        sizes = [int((log.event == code).sum()) for code in group]
        into = max(zip(sizes, group, strict=True), key=lambda pair: pair[0])[1]
        others = [code for code in group if code != into]
        people = [len(np.unique(log.customer[np.isin(log.event, codes)])) for codes in (into, group)]
        hint = _(
            "Merge them into {name}: {rows} events of {customers} customers, instead of {rows_now} of {customers_now}.",
            name=repr(log.events[into]), rows=count(sum(sizes)), customers=count(people[1]),
            rows_now=count(max(sizes)), customers_now=count(people[0]),
        )  # fmt: skip
        rows.note(
            "similar_events",
            _("Event names that are nearly equal: {names}", names=_listed([log.events[code] for code in group])),
            "warning",
            "event",
            np.sort(log.row[np.isin(log.event, others)]),
            hint,
            {"fix": "merge_events", "into": log.events[into], "names": [log.events[code] for code in others]},
        )


def note_similar_values(rows: Rows) -> None:
    """Channels, campaigns and the like that are probably one."""
    for name in NAMED:
        values = rows.draft.made.get(name)
        if values is None:
            continue
        values = pc.filter(values, pa.array(rows.draft.keep))
        found = pc.value_counts(values.slice(0, LOOKED_AT).drop_null()).to_pylist()
        if len(found) > MOST:
            continue
        for group in similar_names([one["values"] for one in found]):
            members = sorted((found[at] for at in group), key=lambda one: -one["counts"])
            into, *others = (one["values"] for one in members)
            rows.note(
                "similar_names",
                _("Names that are nearly equal: {names}", names=_listed([into, *others])),
                "warning",
                name,
                np.asarray(pc.fill_null(pc.is_in(values, pa.array(others)), False)).nonzero()[0],
                _("They count as different. Merge them into {name} if they are one.", name=repr(into)),
                {"fix": "merge_values", "column": name, "into": into, "names": others},
            )


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names))
