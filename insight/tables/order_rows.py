"""The rows of a file of orders: what each order is called, and how its lines become one row."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _, percent
from insight.tables.cells.values import any_true, valid_mask
from insight.tables.draft import Draft
from insight.tables.order_lines import NEARLY_ALL, add_up, order_codes, order_sum, repeated_totals, same_amounts


def name_orders(draft: Draft) -> None:
    """Each row without an order id is an order, called by its row number."""
    rows = pa.array(draft.raw.every_row_number()).cast(pa.string())
    if not draft.has("order_id"):
        draft.made["order_id"] = pa.chunked_array([rows])
        return
    ids = draft.made["order_id"]
    hint = _("Each is counted as an order of its own.")
    draft.note(
        _("Rows without an order id"), "warning", "order_id", ~valid_mask(ids) & draft.keep, hint, code="no_order_id"
    )
    if not ids.null_count:
        return
    ids = ids.combine_chunks()
    own = pc.binary_join_element_wise("row", rows, " ").filter(ids.is_null())
    while any_true(pc.is_in(ids, own)):  # some order is really called so
        own = pc.binary_join_element_wise("row", own, " ")
    draft.made["order_id"] = pa.chunked_array([pc.replace_with_mask(ids, ids.is_null(), own)])


def one_row_an_order(draft: Draft, lines: pd.DataFrame, decimals: int) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Orders, one row each, and the lines they were added up from; None where each line is an order."""
    kept, minor = np.flatnonzero(draft.keep), lines["amount_minor"].to_numpy()
    unique = lines["order_id"].is_unique
    order = np.arange(len(lines)) if unique else order_codes(lines)
    free = kept[order_sum(minor, order)[order] == 0]
    draft.note(_("Amounts of zero"), "note", "amount", free, _("They are kept and are no purchases."), code="zero")
    if unique:
        return lines, None
    per_order = "total_per_order" in draft.fixes
    if draft.has("amount"):
        (_note_totals if per_order else _note_repeated)(draft, lines, order, kept)
    hint = _("They are counted as different orders.")
    several = _several(lines, ["order_id"], "customer_id")
    draft.note(_("One order id, several customers"), "warning", "order_id", kept[several], hint, code="shared_order_id")
    if "currency" in lines:
        several = _several(lines, ["order_id", "customer_id"], "currency")
        finding = _("One order, several currencies")
        draft.note(finding, "warning", "order_id", kept[several], hint, code="order_currencies")
    if order.max() + 1 == len(lines):
        return lines, None
    return add_up(lines, order, decimals, per_order), lines


def _note_repeated(draft: Draft, lines: pd.DataFrame, order: np.ndarray, kept: np.ndarray) -> None:
    at, share = repeated_totals(lines, order)
    hint = _('They are added up. If each is the total of its order, count it once (fixes=["total_per_order"]).')
    if share >= NEARLY_ALL:
        finding, fix = _("Every line of an order has the same amount"), "total_per_order"
    else:
        said = percent(share, 0)
        finding = _("Every line of an order has the same amount, in {share} of the orders of several lines", share=said)
        fix = None  # nearly as likely equal prices: look first
    draft.note(finding, "warning", "amount", kept[at], hint, code="repeated_total", fix=fix)


def _note_totals(draft: Draft, lines: pd.DataFrame, order: np.ndarray, kept: np.ndarray) -> None:
    same = same_amounts(lines["amount_minor"].to_numpy(), order)
    finding = _("The total of an order stands on each of its lines and counts once")
    draft.note(finding, "note", "amount", kept[same], code="fixed_total_per_order")
    differ = kept[~same & (np.bincount(order) > 1)[order]]
    finding, hint = _("Lines of an order with different amounts"), _("They cannot be its total and are added up.")
    draft.note(finding, "warning", "amount", differ, hint, code="differing_totals")


def _several(lines: pd.DataFrame, of: list[str], name: str) -> np.ndarray:
    return lines.groupby(of, sort=False)[name].transform("nunique", dropna=False).to_numpy() > 1
