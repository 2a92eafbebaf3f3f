"""The gross margin that orders tell by a column of costs, and where the pages offer it."""

import pandas as pd
import pytest

from insight import read_orders, sample
from insight.tables.order_cost import margin_by_cost
from tests.app import open_page


def orders_with(**columns):
    n = len(next(iter(columns.values())))
    usual = {"order_id": [str(k) for k in range(n)], "customer_id": "ana", "order_date": "2026-01-01", "amount": 10.0}
    return read_orders(pd.DataFrame(usual | columns))


def test_the_margin_of_the_shop_is_what_its_costs_leave_of_its_purchases():
    frame = sample("shop_orders").frame
    bought = frame[frame["amount"] > 0]
    column, margin = margin_by_cost(sample("shop_orders"))
    assert (column, round(margin, 6)) == ("cost", round(1 - bought["cost"].sum() / bought["amount"].sum(), 6))


@pytest.mark.parametrize(
    "columns",
    [
        {"price": [4.0, 6.0]},
        {"cost": [12.0, 9.0]},  # more than was paid: cost of something else
        {"cost": [0.0, 0.0]},  # nothing costs nothing
        {"cost": [4.0, None]},  # of half of the amounts only
        {"cost": ["low", "high"]},
        {"cost": [4.0, 4.0], "currency": ["EUR", "USD"]},
        {"cost": [4.0], "amount": [-10.0]},
    ],
    ids=str,
)
def test_what_is_no_margin_is_not_told(columns):
    assert margin_by_cost(orders_with(**columns)) is None


def test_refunds_and_cancellations_are_left_out():
    given = {"order_id": ["1", "C2", "3"], "amount": [10.0, 10.0, -10.0], "cost": [4.0, 9.0, 9.0]}
    assert margin_by_cost(orders_with(**given)) == ("cost", 0.6)


@pytest.mark.parametrize("page", ["campaigns", "clv"])
def test_a_margin_is_offered_and_never_taken_by_itself(page):
    at = open_page(f"pages/decide/{page}.py", data="shop")
    assert "margin" not in at.query_params
    offered = next(button for button in at.button if button.label == "Use 55%, what the column cost leaves")
    offered.click().run()
    assert not at.exception
    assert at.query_params["margin"] == "0.55"
    assert next(box.value for box in at.number_input if box.label == "Your gross margin, in %") == 55
