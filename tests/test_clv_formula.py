"""The formula on orders: what is read from the file, against a count of ten lines; and the people behind it."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from insight import InsightError, clv_formula, members, read_orders, simple_clv
from insight.clv.formula_tally import Bought, merged
from tests.orders import InParts, order_table
from tests.test_sources import alike


def by_hand(orders, as_of):
    """Counts over all orders, one at a time."""
    last = date.fromisoformat(as_of)
    start, before = last - timedelta(days=364), last - timedelta(days=729)
    bought, days = defaultdict(set), {"year": 0, "revenue": 0, "refunds": 0}
    for row in orders.frame.itertuples():
        on = row.order_date.date()
        if on > last:
            continue
        if row.amount > 0:
            bought["ever"].add(row.customer_id)
            bought["year" if on >= start else "before" if on >= before else "earlier"].add(row.customer_id)
        if row.amount > 0 and on >= start:
            days["year"] += 1
            days["revenue"] += row.amount_minor
        if row.amount < 0 and on >= start:
            days["refunds"] += 1
    return bought, days


@pytest.fixture(scope="module")
def orders():
    return order_table(seed=3, n=1500, customers=200, days=900)


@pytest.mark.parametrize(
    ("as_of", "two_years"), [(None, True), ("2027-12-31", True), ("2027-12-30", False), ("2026-05-01", False)]
)
def test_the_file_says_what_a_count_by_hand_says(orders, as_of, two_years):
    found = clv_formula(orders, margin=0.4, as_of=as_of).year
    bought, days = by_hand(orders, found.as_of)
    assert (found.purchases, found.active, found.n_customers) == (
        days["year"], len(bought["year"]), len(bought["ever"]),
    )  # fmt: skip
    assert found.revenue == days["revenue"] / 100
    assert found.refunds == days["refunds"]
    assert found.average_order_value == days["revenue"] / 100 / days["year"]
    assert found.orders_per_year == days["year"] / len(bought["year"])
    if two_years:
        assert (found.earlier, found.kept) == (len(bought["before"]), len(bought["before"] & bought["year"]))
    else:
        assert (found.earlier, found.kept) == (None, None)


def test_the_people_are_those_that_were_counted(orders):
    bought, _days = by_hand(orders, clv_formula(orders, margin=None).year.as_of)
    cells = {
        ("active", True): bought["year"], ("active", False): bought["ever"] - bought["year"],
        ("kept", True): bought["before"] & bought["year"], ("kept", False): bought["before"] - bought["year"],
    }  # fmt: skip
    for (name, value), expected in cells.items():
        assert members("clv_formula", orders, {"margin": 0.4}, {name: value}) == sorted(expected)


@pytest.mark.parametrize("cell", [{}, {"active": 1}, {"bought": True}, {"active": True, "kept": True}])
def test_a_cell_that_is_none_is_refused(orders, cell):
    with pytest.raises(InsightError):
        members("clv_formula", orders, {"margin": 0.4}, cell)


def test_customers_in_parts_are_counted_like_all_at_once(orders):
    settings = {"margin": 0.4, "acquisition_cost": 20.0, "annual_retention": 0.6}
    alike(clv_formula(InParts(orders, 7), **settings), clv_formula(orders, **settings))


def test_of_one_part_the_sum_is_the_part():
    one = Bought(*range(9))
    assert merged([one]) == one
    assert merged([one, one]).kept == 14


def shop(*rows):
    lines = "".join(f"{who},{day},{amount}\n" for who, day, amount in rows)
    return read_orders(("customer,date,amount\n" + lines).encode())


THREE = shop(("ana", "2026-01-01", 40), ("ana", "2026-02-01", 60), ("ben", "2026-02-01", 50), ("ben", "2026-02-02", -9))


def test_the_value_is_that_of_the_calculator_with_the_numbers_of_the_file():
    found = clv_formula(THREE, margin=0.4, years=2.0, acquisition_cost=10.0, profit_share=0.25)
    expected = simple_clv(average_order_value=50, orders_per_year=1.5, margin=0.4, years=2.0, acquisition_cost=10.0)
    assert (found.simple.clv_before_cac, found.simple.net_clv, found.simple.ltv_to_cac) == (60, 50, 6)
    assert found.simple.payback_years == expected.payback_years
    assert found.simple.allowable_cac == 45
    assert (found.year.days, found.year.refunds, found.year.refunded) == (33, 1, 9.0)
    assert found.typed == ()


def test_without_a_margin_there_is_no_value_and_never_one_of_revenue():
    found = clv_formula(THREE, margin=None)
    assert found.simple is None
    assert found.drivers.empty
    assert list(found.drivers) == ["driver", "low", "high", "net_clv_low", "net_clv_high", "swing"]
    with pytest.raises(TypeError):
        clv_formula(THREE)


def test_typed_numbers_stand_in_place_of_the_file_s():
    found = clv_formula(THREE, margin=0.3, average_order_value=50.0, orders_per_year=4.0, acquisition_cost=40.0)
    assert (found.simple.clv_before_cac, found.simple.net_clv, found.simple.ltv_to_cac) == (180, 140, 4.5)
    assert found.typed == ("average_order_value", "orders_per_year")
    assert found.year.orders_per_year == 1.5


def test_where_nobody_bought_in_the_year_the_numbers_must_be_typed():
    old = shop(("ana", "2024-01-01", 40), ("ben", "2026-02-02", -9))
    with pytest.raises(InsightError, match="Nobody bought in the 365 days up to 2026-02-02: type an order value"):
        clv_formula(old, margin=0.4)
    found = clv_formula(old, margin=0.4, average_order_value=10.0, orders_per_year=2.0)
    assert found.simple.yearly_margin == 8
    assert np.isnan(found.year.average_order_value)


def test_amounts_in_several_currencies_are_refused():
    frame = pd.DataFrame({"customer": ["ana", "ben"], "date": ["2026-01-01"] * 2, "amount": ["$5", "5 EUR"]})
    with pytest.raises(InsightError, match="several currencies"):
        clv_formula(read_orders(frame), margin=0.4)


@pytest.mark.parametrize("wrong", [{"margin": 1.5}, {"years": 0}, {"payments": "middle"}, {"acquisition_cost": -1}])
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(InsightError):
        clv_formula(THREE, **{"margin": 0.4} | wrong)


def test_the_first_day_of_the_year_is_in_it():
    found = clv_formula(
        shop(("ana", "2025-02-03", 40), ("ben", "2025-02-02", 50), ("cy", "2026-02-02", 60)), margin=1.0
    )
    assert (found.year.start, found.year.purchases, found.year.n_customers) == ("2025-02-03", 2, 3)
