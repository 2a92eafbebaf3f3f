"""Fixes of rows, once it is known which column is which: ids and names made equal, rows left out."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError, UnknownValue
from insight.language import _
from insight.periods import day_start
from insight.tables.cells.values import any_true
from insight.tables.fixes.spec import name_of
from insight.tables.quality.copies import repeated_rows
from insight.tables.quality.days import usual_days
from insight.tables.quality.rows import clock_of
from insight.tables.select import MOMENTS

NAMED = 1000  # values named at most in a message about one that does not exist


def fix_rows(draft) -> None:
    """Do what was asked for, in the order of spec.py, and find exact copies; called once every column is read."""
    for name, do in _IN_ORDER.items():
        for fix in draft.fixes:
            if name_of(fix) == name:
                do(draft, fix)
        if name == "strip_zeros":
            _merge_names(draft)
    _find_copies(draft)
    if "drop_repeated_events" in draft.fixes:
        _drop_repeated_events(draft)


def _find_copies(draft) -> None:
    """Exact copies of earlier rows: kept and said, or left out where the caller asked for it.

    Equal paths are no copies: they are several journeys.
    """
    if draft.kind == "paths":
        return
    kept = np.flatnonzero(draft.keep)
    rows, keys, draft.keys = draft.raw.columns, draft.keys, []  # of no use after this, and as large as the file
    if len(kept) < len(draft.keep):
        rows, keys = rows.filter(pa.array(draft.keep)), [key[kept] for key in keys]
    draft.copies[kept[repeated_rows(rows, keys)]] = True
    if "drop_duplicates" in draft.fixes:
        draft.keep &= ~draft.copies
        finding = _("Exact copies of earlier rows, left out")
        draft.findings.add(finding, "note", at=draft.copies, code="fixed_drop_duplicates")
        return
    draft.findings.add(
        _("Exact copies of earlier rows"),
        "warning",
        at=draft.copies,
        suggestion=_("They are kept. If they are mistakes, leave them out."),
        code="duplicates",
        fix="drop_duplicates",
    )


def _drop_repeated_events(draft) -> None:
    kept = np.flatnonzero(draft.keep)
    columns = {name: draft.made[name].filter(pa.array(draft.keep)).to_pandas() for name in ("customer_id", "event")}
    rows = pd.DataFrame({**columns, "timestamp": draft.made["timestamp"].values[draft.keep]})
    _leave_out(draft, "drop_repeated_events", "event", kept[rows.duplicated().to_numpy()])


def _lower_ids(draft, fix) -> None:
    _change_ids(draft, fix, pc.utf8_lower(draft.made["customer_id"]))


def _strip_zeros(draft, fix) -> None:
    _change_ids(draft, fix, pc.replace_substring_regex(draft.made["customer_id"], r"^0+(.)", r"\1"))


def _change_ids(draft, fix, changed: pa.ChunkedArray) -> None:
    at = np.asarray(pc.fill_null(pc.not_equal(draft.made["customer_id"], changed), False))
    draft.made["customer_id"] = changed
    _said(draft, fix, _("Customer ids written differently, as asked"), "customer_id", at)


def _merge_names(draft) -> None:
    """All merges of a column at once, so that their order plays no role."""
    merges: dict[str, list[dict]] = {}
    for fix in draft.fixes:
        if name_of(fix) in ("merge_events", "merge_values"):
            merges.setdefault(fix.get("column", "event"), []).append(fix)
    for column, fixes in merges.items():
        _merge(draft, column, fixes)


def _merge(draft, column: str, fixes: list[dict]) -> None:
    values = draft.made.get(column)
    if not isinstance(values, pa.ChunkedArray):
        texts = [name for name, made in draft.made.items() if isinstance(made, pa.ChunkedArray)]
        raise UnknownValue("fixes: merge_values: column", column, texts)
    known, into = values.unique().drop_null().to_pylist(), {}
    for fix in fixes:
        for name in fix["names"]:
            if name not in known:
                raise UnknownValue(f"fixes: {name_of(fix)}: names", name, known)
            if into.setdefault(name, fix["into"]) != fix["into"]:
                raise InsightError(f"fixes: {name!r} cannot be merged into {into[name]!r} and into {fix['into']!r}.")
    chained = [fix["into"] for fix in fixes if into.get(fix["into"], fix["into"]) != fix["into"]]
    if chained:
        raise InsightError(f"fixes: {chained[0]!r} is merged into another name; merge everything into that one.")
    coded = values.combine_chunks().dictionary_encode()
    renamed = pa.array([into.get(name, name) for name in coded.dictionary.to_pylist()], pa.string())
    draft.made[column] = pa.chunked_array([renamed.take(coded.indices)])
    at = np.asarray(pc.fill_null(pc.not_equal(values, draft.made[column]), False))
    _said(draft, fixes[0], _("Names merged as asked"), column, at)


def _drop_rows(draft, fix) -> None:
    if fix["column"] not in draft.raw.columns.column_names:
        raise UnknownValue("fixes: drop_rows: column", fix["column"], draft.raw.columns.column_names)
    cells = draft.raw.columns[fix["column"]].cast(pa.string())
    at = _where(cells, fix["values"], "fixes: drop_rows: values")
    _leave_out(draft, fix, None, at, column=fix["column"])


def _drop_customers(draft, fix) -> None:
    at = _where(draft.made["customer_id"], fix["ids"], "fixes: drop_customers: ids")
    _leave_out(draft, fix, "customer_id", at)


def _where(cells: pa.ChunkedArray, wanted: list[str], setting: str) -> np.ndarray:
    """The rows with one of these values; each of them must be there."""
    at = np.asarray(pc.fill_null(pc.is_in(cells, pa.array(wanted)), False))
    known = cells.unique()
    for value in wanted:
        if not any_true(pc.equal(known, value)):
            raise UnknownValue(setting, value, known.slice(0, NAMED).drop_null().to_pylist())
    return at


def _drop_outside(draft, fix) -> None:
    name = _moment(draft)
    when = draft.made[name]
    instants = when.values.astype("int64")
    outside = np.zeros(len(instants), bool)
    if "from" in fix:
        outside |= instants < day_start(fix["from"], when.timezone)
    if "to" in fix:
        outside |= instants >= day_start(fix["to"], when.timezone, days_later=1)
    _leave_out(draft, fix, name, outside)


def _drop_future(draft, fix) -> None:
    name = _moment(draft)
    kept = np.flatnonzero(draft.keep)
    day = clock_of(draft.made[name].series(draft.keep))[1]
    last = usual_days(day)[2]
    _leave_out(draft, fix, name, kept[day > last])


_IN_ORDER = {
    "lower_ids": _lower_ids,
    "strip_zeros": _strip_zeros,
    "drop_rows": _drop_rows,
    "drop_customers": _drop_customers,
    "drop_outside": _drop_outside,
    "drop_future": _drop_future,
}


def _moment(draft) -> str:
    return next(name for name in MOMENTS if name in draft.made)


def _leave_out(draft, fix, name: str | None, at: np.ndarray, column: str = "") -> None:
    if at.dtype != bool:
        at = np.isin(np.arange(len(draft.keep)), at)
    _said(draft, fix, _("Rows left out as asked"), name, at & draft.keep, column)
    draft.keep &= ~at


def _said(draft, fix, finding: str, name: str | None, at: np.ndarray, column: str = "") -> None:
    column = column or (draft.columns.get(name) or "" if name else "")
    code = f"fixed_{name_of(fix)}"
    if at.any():
        draft.findings.add(finding, "note", column=column, at=at, code=code)
    else:
        draft.findings.add(_("A fix that changed nothing"), "note", column=column, code=code)
