"""What has to be known of all rows before a part of them is counted: gathered part by part, and added up.

A part is any rows of the source. What they tell of a column is a set of words, so that what all rows tell is the union
of what the parts tell, whichever rows lie where.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.sources.cells import written
from insight.sources.rows import Rows, Told
from insight.tables.cells.local_times import own_zone
from insight.tables.cells.money import FEWEST_DECIMALS
from insight.tables.cells.values import any_true
from insight.tables.order_log import CANCELLED

EPOCH = r"^\d{9,19}(?:\.\d+)?$"  # seconds since 1970, or parts of them
UNITS = {9: "s", 10: "s", 12: "ms", 13: "ms", 15: "us", 16: "us"}  # by digits; more are ns


@dataclass(frozen=True)
class Survey:
    """What some rows tell.

    n_rows : rows;  n_kept : those that have everything a row needs
    lacking : (column, "none" or "unreadable") -> rows that are left out for it; a row may lack several
    rounded : amounts with more decimals than are kept
    events : kinds of event;  first, last : time of the kept rows, in microseconds since 1970
    decimals : that the amounts need;  currencies : code, or "" -> kept rows
    told : the source's name of a column -> words; see Cells.evidence, and for times _told_of_times
    """

    n_rows: int = 0
    n_kept: int = 0
    lacking: Counter = field(default_factory=Counter)
    rounded: int = 0
    events: frozenset[str] = frozenset()
    first: int | None = None
    last: int | None = None
    decimals: int = FEWEST_DECIMALS
    currencies: Counter = field(default_factory=Counter)
    told: Told = field(default_factory=dict)


def surveyed(rows: Rows, further: Iterable[str] = ()) -> Survey:
    """What these rows tell, of these further columns too."""
    reading, keep, lacking = rows.reading, rows.complete, Counter()
    for name, (valid, given) in rows.required.items():
        lacking[name, "none"] = int((~given).sum())
        lacking[name, "unreadable"] = int((given & ~valid).sum())
    kept = pa.array(keep)
    told = evidence(rows, further)
    for name in {"customer_id", "order_id"} & reading.columns.keys():
        told.setdefault(reading.columns[name], set()).update(rows.named(name).evidence("id"))
    told[reading.columns[reading.when]] = _told_of_times(rows)
    times = rows.when.values[keep].astype(np.int64)
    more = {}
    if reading.kind == "events":
        more["events"] = frozenset(rows.events.filter(kept).unique().to_pylist())
    else:
        more |= _money(rows, keep, told)
        if reading.columns.get("order_id"):
            told[reading.columns["order_id"]] |= _told_of_order_ids(rows.ids("order_id").filter(kept))
    return Survey(
        n_rows=len(rows),
        n_kept=int(keep.sum()),
        lacking=lacking,
        first=int(times.min()) if len(times) else None,
        last=int(times.max()) if len(times) else None,
        told=told,
        **more,
    )


def evidence(rows: Rows, further: Iterable[str]) -> Told:
    """What these rows tell of further columns."""
    asked = [rows.reading.further[name] for name in further]
    return {own.source: rows.cells(own.source).evidence(own.holds) for own in asked}


def _told_of_times(rows: Rows) -> set[str]:
    """clock : some row has a time of day;  aware : some has an offset;  zone X : of the column, where its format has
    one;  order : whether the day comes first had to be decided;  epoch X : counts of that unit."""
    when, cells = rows.when, rows.named(rows.reading.when)
    told = set() if when.dates_only else {"clock"}
    if when.dayfirst is not None and rows.reading.dayfirst is None:
        told.add("order")
    if when.timezone is not None and rows.reading.timezone is None:
        told.add(f"zone {own_zone(cells.text.type)}")
    some = cells.text.slice(0, 1)
    if pa.types.is_string(some.type) and any_true(pc.match_substring_regex(some.drop_null(), EPOCH)):
        digits = pc.utf8_length(pc.list_element(pc.split_pattern(cells.text.drop_null(), "."), 0)).unique()
        told |= {f"epoch {UNITS.get(length, 'ns')}" for length in digits.to_pylist() if length in range(9, 20)}
    return told


def _told_of_order_ids(ids: pa.ChunkedArray) -> set[str]:
    """cancelled : some number is that of a cancellation, C536379;  digits : some has digits only."""
    told = set()
    for word, shape in (("cancelled", CANCELLED), ("digits", r"\d+")):
        if any_true(pc.match_substring_regex(ids, f"^(?:{shape})$")):
            told.add(word)
    return told


def _money(rows: Rows, keep: np.ndarray, told: Told) -> dict[str, object]:
    amounts, codes = rows.amounts, rows.currencies
    for name, part in zip(rows.reading.amounts, amounts.parts or (amounts,), strict=True):
        column = rows.named(name)
        words = told.setdefault(column.name, set())
        if not part.readings and any_true(pc.match_substring(column.text, ".")):
            words.add("point")
        for reading in part.readings:
            words |= written(reading)
    found = Counter()
    if codes is not None:
        counts = pc.fill_null(codes, "").filter(pa.array(keep)).value_counts().to_pylist()
        found.update({one["values"]: one["counts"] for one in counts})
    return {"decimals": amounts.places, "currencies": found, "rounded": int((amounts.rounded & keep).sum())}


def together(surveys: Iterable[Survey]) -> Survey:
    """What all parts tell."""
    surveys = list(surveys)
    lacking, currencies, told = Counter(), Counter(), {}
    for one in surveys:
        lacking.update(one.lacking)
        currencies.update(one.currencies)
        told = all_told(told, one.told)
    return Survey(
        n_rows=sum(one.n_rows for one in surveys),
        n_kept=sum(one.n_kept for one in surveys),
        lacking=lacking,
        rounded=sum(one.rounded for one in surveys),
        events=frozenset().union(*(one.events for one in surveys)),
        first=min((one.first for one in surveys if one.first is not None), default=None),
        last=max((one.last for one in surveys if one.last is not None), default=None),
        decimals=max((one.decimals for one in surveys), default=FEWEST_DECIMALS),
        currencies=currencies,
        told=told,
    )


def all_told(one: Told, other: Told) -> Told:
    """What two parts tell together."""
    return {name: one.get(name, set()) | other.get(name, set()) for name in one.keys() | other.keys()}
