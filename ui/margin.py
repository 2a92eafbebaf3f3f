"""The gross margin, which nothing can guess: typed on one page, it is offered on the others."""

import streamlit as st

from insight.language import _, plain
from insight.tables.order_cost import margin_by_cost
from ui import session

PAGES = ("campaigns", "clv", "segments", "cohorts")  # that ask for it


def margin_input(choose: session.Choices, *, help: str, width: int | str = "stretch") -> None:
    """The margin in percent; as long as none is typed, those that are known from elsewhere are one click away."""
    key = f"{choose.key('margin')}.{choose.version}"
    now = None if choose["margin"] is None else round(100 * choose["margin"], 4)
    margin = st.number_input(
        _("Your gross margin, in %"), 1.0, 100.0, now,
        step=1.0, format="%g", key=key, placeholder=_("Type it"), width=width, help=help,
    )  # fmt: skip
    choose["margin"] = None if margin is None else round(margin / 100, 6)
    if margin is not None:
        return
    pages = session.all_settings()
    elsewhere = next((own for page in PAGES if (own := pages.get(page, {}).get("margin"))), None)
    if elsewhere is not None:
        _offer(choose, elsewhere, _("Use {margin}% as on another page", margin=f"{100 * elsewhere:g}"), f"{key}.page")
    elif (known := _by_cost()) is not None:
        column, found = known
        label = _("Use {margin}%, what the column {column} leaves", margin=f"{100 * found:g}", column=plain(column))
        _offer(choose, found, label, f"{key}.cost")


def _by_cost() -> tuple[str, float] | None:
    """The margin that the orders tell, in whole percent."""
    orders = session.everyone("orders")
    known = None if orders is None or session.is_source(orders) else margin_by_cost(orders)
    return None if known is None else (known[0], max(round(known[1], 2), 0.01))


def _offer(choose: session.Choices, margin: float, label: str, key: str) -> None:
    st.button(label, key=key, on_click=_take, args=[choose, margin])


def _take(choose: session.Choices, margin: float) -> None:
    choose["margin"] = margin
    choose.renew()
