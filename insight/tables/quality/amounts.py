"""Odd orders: amounts a hundred times too large, customers with refunds only, cancellations, an order on two days."""

import re
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _, _n, count
from insight.tables.cells.values import any_true
from insight.tables.order_lines import order_codes
from insight.tables.quality.rows import Rows

ENOUGH = 50  # amounts; in fewer none is an outlier
HUGE = 30  # times the amount that 95 % of the orders stay below
AT_MOST = 0.01  # of the orders are outliers
CENTS = 100
MOST = 1_000  # different states; a column with more says something else
STATUS_COLUMNS = {  # as files call the state of an order, folded
    *("status", "order status", "state", "order state", "financial status", "payment status", "fulfillment status"),
    *("bestellstatus", "estado", "statut", "статус", "סטטוס", "状态"),
}
STATES = {  # what became of an order -> words that say so, without case and accents; the first that fits counts
    "part": (
        "partial",
        "partially",
        "partly",
        "teilweise",
        "parcialmente",
        "partiellement",
        "частично",
        "חלקי",
        "部分",
    ),
    "open": ("pending", "awaiting", "unpaid", "hold", "requested", "offen", "pendiente", "ожидает", "ממתין", "待付款"),
    "lost": (
        *("cancelled", "canceled", "cancel", "cancellation", "cancelado", "cancelada", "annule", "annulee"),
        *("storniert", "storno", "отменен", "отменено", "בוטל", "已取消", "取消"),
        *(
            "refunded",
            "refund",
            "voided",
            "void",
            "failed",
            "declined",
            "rejected",
            "returned",
            "chargeback",
            "expired",
        ),
    ),
}


def note_odd_orders(rows: Rows, frame: pd.DataFrame) -> None:
    """Say what is odd about orders: `rows` are the lines as the file has them, `frame` has one row an order."""
    _note_refunds_only(rows, frame)
    _note_cancellations(rows)
    _note_huge_amounts(rows, frame)
    if len(frame) < len(rows):
        _note_days_of_an_order(rows)


def _note_huge_amounts(rows: Rows, frame: pd.DataFrame) -> None:
    minor = frame["amount_minor"].to_numpy()
    huge = huge_amounts(minor)
    if huge.any():
        hint = _("Check them: one such order moves every average.")
        whole = minor % CENTS == 0
        others = (minor > 0) & ~huge
        if whole[huge].all() and (minor[huge] // CENTS <= np.quantile(minor[others], 0.99)).all():
            hint = _("Divided by 100 they look like the others: cents among whole amounts? Check them.")
        name = "amount" if rows.draft.has("amount") else "unit_price"
        lines = huge if len(frame) == len(rows) else huge[order_codes(rows.frame)]
        rows.note("huge_amounts", _("Orders far above all others"), "warning", name, lines, hint)


def huge_amounts(minor: np.ndarray) -> np.ndarray:
    """Which amounts are far beyond the usual ones, where these are few.

    >>> np.flatnonzero(huge_amounts(np.array([1000] * 98 + [2000, 150000]))).tolist()
    [99]
    """
    paid = minor[minor > 0]
    if len(paid) < ENOUGH:
        return np.zeros(len(minor), bool)
    huge = minor > HUGE * np.quantile(paid, 0.95)
    return huge if huge.sum() <= max(1, AT_MOST * len(paid)) else np.zeros(len(minor), bool)


def _note_refunds_only(rows: Rows, frame: pd.DataFrame) -> None:
    bought = set(frame["customer_id"][frame["amount_minor"] > 0])
    never = np.flatnonzero([name not in bought for name in rows.customers])
    if len(never):
        rows.note(
            "refunds_only",
            _n("{n} customer without a purchase", "{n} customers without a purchase", len(never), n=count(len(never))),
            "note",
            "customer_id",
            np.isin(rows.customer, never),
            _("They have refunds or free orders only. They are counted here and left out where buyers are counted."),
        )


def _note_cancellations(rows: Rows) -> None:
    """Orders that say of themselves that they are none: by a number such as C536379, or by a column of states."""
    ids = rows.draft.made.get("order_id")
    if rows.draft.has("order_id"):
        ids = pc.filter(ids, pa.array(rows.draft.keep))
        marked = pc.fill_null(pc.match_substring_regex(ids, r"^[Cc]\d+$"), False)
        plain = pc.fill_null(pc.match_substring_regex(ids, r"^\d+$"), False)
        if any_true(marked) and any_true(plain):
            rows.note(
                "cancelled_numbers",
                _("Order numbers that start with C: cancellations"),
                "note",
                "order_id",
                np.asarray(marked).nonzero()[0],
                _("They are kept. Those below zero lower revenue and are no purchases."),
            )
    for name in rows.draft.raw.columns.column_names:
        if name.replace("_", " ").casefold() not in STATUS_COLUMNS:
            continue
        states = pc.filter(rows.draft.raw.columns[name].cast(pa.string()), pa.array(rows.draft.keep))
        if len(kinds := states.unique().drop_null()) <= MOST:
            _note_states(rows, name, states, kinds.to_pylist())


def _note_states(rows: Rows, name: str, states: pa.ChunkedArray, kinds: list[str]) -> None:
    found = {became: sorted(state for state in kinds if what_became(state) == became) for became in STATES}
    lost, open_, part = (", ".join(found[became]) for became in ("lost", "open", "part"))
    for became, code, severity, finding, hint in (
        (
            "lost",
            "cancelled_states",
            "warning",
            _("Orders that brought nothing: {states}", states=lost),
            _("They are kept and count as purchases where their amount is above zero. Leave them out."),
        ),
        (
            "open",
            "open_states",
            "note",
            _("Orders that may not be paid yet: {states}", states=open_),
            _("They are kept and count as purchases. Leave them out if nothing was paid."),
        ),
        (
            "part",
            "partial_states",
            "note",
            _("Orders that were changed in part: {states}", states=part),
            _("They are kept with the amount in the file. Is that the amount that was left in the end?"),
        ),
    ):
        offered = became != "part" and len(found[became]) < len(kinds)
        rows.draft.findings.add(
            finding,
            severity,
            column=name,
            at=rows.kept[np.asarray(pc.fill_null(pc.is_in(states, pa.array(found[became], pa.string())), False))],
            suggestion=hint,
            code=code,
            fix={"fix": "drop_rows", "column": name, "values": found[became]} if offered else None,
        )


def what_became(state: str) -> str | None:
    """What a state says of its order: lost (it brought nothing), open, part (changed in part); else None.

    >>> [what_became(state) for state in ("wc-cancelled", "Partially refunded", "on-hold", "paid")]
    ['lost', 'part', 'open', None]
    """
    letters = "".join(one for one in unicodedata.normalize("NFKD", state).casefold() if not unicodedata.combining(one))
    letters = re.sub(r"\b(?:not|non|never)[\W_]+\w+", "", letters)  # "not cancelled" says nothing
    words = set(re.findall(r"[^\W_]+", letters))
    return next((became for became, known in STATES.items() if words.intersection(known)), None)


def _note_days_of_an_order(rows: Rows) -> None:
    """Lines of one order on different days: the number was used twice, or is not that of an order."""
    order = order_codes(rows.frame)
    first = np.full(order.max() + 1, np.iinfo(np.int64).max)
    last = -first
    np.minimum.at(first, order, rows.day)
    np.maximum.at(last, order, rows.day)
    several = (last - first > 1)[order]
    hint = _("They are added up into one order, on the first day. Is this the column with the order number?")
    rows.note("order_days", _("One order number, several days"), "warning", "order_id", several, hint)
