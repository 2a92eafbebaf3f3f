"""Names that are nearly equal: "Purchase", "purchase_" and "purchase" are probably one."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _, _n, count
from insight.tables.quality.rows import Rows

LOOKED_AT = 100_000  # rows whose names are compared
MOST = 2_000  # different names; a column with more does not name kinds
SHOWN = 10  # groups of a column with a finding of their own, the largest; the others share one
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
    rows_of = np.bincount(log.event, minlength=len(log.events))
    groups = sorted(similar_names(log.events), key=lambda group: -rows_of[group].sum())
    for group in groups[:SHOWN]:
        sizes = rows_of[group].tolist()
        into = group[int(np.argmax(sizes))]
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
    rest = np.isin(np.arange(len(log.events)), [code for group in groups[SHOWN:] for code in group])
    _note_rest(rows, "similar_events", "event", len(groups) - SHOWN, np.sort(log.row[rest[log.event]]))


def _note_rest(rows: Rows, code: str, name: str, n: int, at: np.ndarray) -> None:
    """One finding for all groups beyond those that have one of their own."""
    if n > 0:
        finding = _n("{n} more group of names that are nearly equal", "{n} more groups of names that are nearly equal",
                     n, n=count(n))  # fmt: skip
        hint = _("So many hint at another column: does this one name kinds, or single things?")
        rows.note(f"{code}_more", finding, "warning", name, at, hint)


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
        groups = [[found[at] for at in group] for group in similar_names([one["values"] for one in found])]
        groups.sort(key=lambda group: -sum(one["counts"] for one in group))
        for group in groups[:SHOWN]:
            into, *others = (one["values"] for one in sorted(group, key=lambda one: -one["counts"]))
            rows.note(
                "similar_names",
                _("Names that are nearly equal: {names}", names=_listed([into, *others])),
                "warning",
                name,
                _places(values, others),
                _("They count as different. Merge them into {name} if they are one.", name=repr(into)),
                {"fix": "merge_values", "column": name, "into": into, "names": others},
            )
        rest = [one["values"] for group in groups[SHOWN:] for one in group]
        _note_rest(rows, "similar_names", name, len(groups) - SHOWN, _places(values, rest))


def _places(values: pa.ChunkedArray, names: list[str]) -> np.ndarray:
    """Where a column has one of these names."""
    return np.asarray(pc.fill_null(pc.is_in(values, pa.array(names, pa.string())), False)).nonzero()[0]


def _listed(names: list[str]) -> str:
    return ", ".join(map(repr, names))
