"""The tables of the Segments page, as people read them."""

import pandas as pd
import streamlit as st

from insight.explain.rfm import SCORES
from insight.language import _, count, money, percent
from insight.rfm import Rfm

ROWS = 30  # a table up to here has no scroll bar of its own


def segment_table(result: Rfm) -> None:
    """One row a segment: how many, what they brought, and how long ago."""
    rows = result.segments
    text_table(
        pd.DataFrame(
            {
                _("Segment"): rows["segment"],
                _("Customers"): rows["n_customers"].map(count),
                _("Of all"): rows["share"].map(percent),
                _("Revenue"): [money(own, result.currency) for own in rows["revenue"]],
                _("Of the revenue"): rows["revenue_share"].map(percent),
                _("Average order"): [money(own, result.currency) for own in rows["average_order_value"]],
                _("Days since last order (median)"): [_whole(own) for own in rows["median_days_since_last"]],
            }
        ),
        _("What each segment is and brings"),
    )


def score_table(result: Rfm) -> None:
    """How many customers have each score, and which values: equal values are never cut apart."""
    shown = pd.DataFrame({_("Score"): [count(score) for score in range(5, 0, -1)]})
    for measure, own in result.scores.groupby("measure", sort=False):
        rows = own.iloc[::-1]
        values = [_span(measure, low, high, result) for low, high in zip(rows["lowest"], rows["highest"], strict=True)]
        shown[_("{title}: customers", title=SCORES[measure])] = rows["n_customers"].map(count).to_numpy()
        shown[UNITS[measure]] = values
    text_table(shown, _("How many customers have each score"))


UNITS = {
    "days_since_last": _("Days since last order"),
    "orders": _("Orders"),
    "revenue": _("Revenue"),
    "average_order_value": _("Average order"),
}


def _span(measure: str, low: float, high: float, result: Rfm) -> str:
    if low != low:
        return _("nobody")
    ends = [money(own, result.currency) if measure not in ("days_since_last", "orders") else count(own)
            for own in (low, high)]  # fmt: skip
    return ends[0] if low == high else _("{low} to {high}", low=ends[0], high=ends[1])


def before_after_table(fifths: Rfm, own: Rfm) -> None:
    """One row a segment: by fifths, and by limits of one's own."""
    before = fifths.segments.set_index("segment")
    rows = own.segments.set_index("segment")
    before = before.loc[rows.index]

    def both(name: str, form) -> list[str]:
        return [
            form(a) if form(a) == form(b) else _("{before} → {after}", before=form(a), after=form(b))
            for a, b in zip(before[name], rows[name], strict=True)
        ]

    def amount(value: float) -> str:
        return money(value, own.currency)

    text_table(
        pd.DataFrame(
            {
                _("Segment"): rows.index,
                _("Customers"): both("n_customers", count),
                _("Of all"): both("share", percent),
                _("Revenue"): both("revenue", amount),
                _("Of the revenue"): both("revenue_share", percent),
                _("Average order"): both("average_order_value", amount),
            }
        ),
        _("Each segment by fifths, and by your limits"),
    )


def moves_table(moves: pd.DataFrame, currency: str | None, brought: str) -> None:
    """One row a flow, the largest first."""
    rows = moves.sort_values("n_customers", ascending=False, kind="stable")
    text_table(
        pd.DataFrame(
            {
                _("From"): rows["from_segment"],
                _("To"): rows["to_segment"],
                _("Customers"): rows["n_customers"].map(count),
                _("Of those before"): rows["share"].map(percent),
                brought: [money(own, currency) for own in rows["revenue"]],
            }
        ),
        _("Every flow, the largest first"),
    )


def text_table(shown: pd.DataFrame, alt: str) -> None:
    """A table of finished text, the first column pinned."""
    first, *others = shown.columns
    columns = {first: st.column_config.Column(first, pinned=True)}
    columns |= {name: st.column_config.Column(name, alignment="right") for name in others}
    height = "content" if len(shown) <= ROWS else "auto"
    st.dataframe(shown, hide_index=True, column_config=columns, alt=alt, height=height)


def _whole(days: float) -> str:
    return "–" if days != days else count(days)
