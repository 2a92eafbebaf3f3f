"""The calculator: the fixture, both conventions of payment against direct sums, payback, drivers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_

from insight import InsightError, simple_clv

SHOP = {"average_order_value": 50, "orders_per_year": 4, "margin": 0.3, "years": 3, "acquisition_cost": 40}


def clv(**more):
    return simple_clv(**SHOP | more)


def test_fifty_a_purchase_four_a_year_thirty_per_cent_for_three_years():
    found = clv()
    assert found.yearly_margin == 60
    assert (found.clv_before_cac, found.net_clv, found.ltv_to_cac) == (180, 140, 4.5)
    assert found.payback_years == pytest.approx(40 / 60)
    assert found.allowable_cac == 180
    assert found.schedule["cumulative"].tolist() == [60, 120, 180]


def test_a_profit_share_lowers_what_a_customer_may_cost():
    assert clv(profit_share=0.25).allowable_cac == 135


RATES = {"annual_discount": any_.floats(0, 1), "annual_retention": any_.floats(0, 1)}


@given(d=RATES["annual_discount"], r=RATES["annual_retention"], n=any_.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_both_conventions_are_their_direct_sums(d, r, n):
    rates = {"annual_discount": d, "annual_retention": r, "years": n}
    start, end = (clv(**rates, payments=when).clv_before_cac for when in ("start", "end"))
    assert start == pytest.approx(sum(60 * r**t / (1 + d) ** t for t in range(n)), rel=1e-12)
    assert end == pytest.approx(sum(60 * r**t / (1 + d) ** t for t in range(1, n + 1)), rel=1e-12)
    assert end == pytest.approx(start * r / (1 + d), rel=1e-12)


def test_the_formulas_without_an_end_are_sums_that_go_on():
    rates = {"annual_discount": 0.1, "annual_retention": 0.8}
    start, end = (clv(**rates, payments=when).unlimited_clv for when in ("start", "end"))
    assert start == pytest.approx(sum(60 * (0.8 / 1.1) ** t for t in range(300)))
    assert end == pytest.approx(sum(60 * (0.8 / 1.1) ** t for t in range(1, 300)))
    assert start == pytest.approx(60 * 1.1 / 0.3)
    assert end == pytest.approx(60 * 0.8 / 0.3)
    assert clv(annual_retention=0.75).unlimited_clv == pytest.approx(60 / 0.25)
    assert math.isnan(clv().unlimited_clv)


def test_part_of_a_year_pays_its_part():
    assert clv(years=2.5).clv_before_cac == 150
    assert clv(years=0.5).clv_before_cac == 30
    assert clv(years=2.5).schedule["margin"].tolist() == [60, 60, 30]


@pytest.mark.parametrize(
    ("more", "years"),
    [
        ({"acquisition_cost": 0}, 0),
        ({"acquisition_cost": 60}, 1),
        ({"acquisition_cost": 90}, 1.5),
        ({"acquisition_cost": 180}, 3),
        ({"acquisition_cost": 181}, math.nan),
        ({"acquisition_cost": 145, "years": 2.5}, 2 + 25 / 60),
        ({"acquisition_cost": 75, "annual_retention": 0.5}, 1.5),
    ],
)
def test_payback_is_when_the_margins_cover_the_cost(more, years):
    assert clv(**more).payback_years == pytest.approx(years, nan_ok=True)


def test_nothing_paid_for_a_customer_has_no_ratio():
    assert math.isnan(clv(acquisition_cost=0).ltv_to_cac)


def test_drivers_are_the_calculator_asked_again():
    found = clv(annual_discount=0.1, annual_retention=0.95, change=0.2)
    assert found.drivers["swing"].is_monotonic_decreasing
    rates = {"annual_discount": 0.1, "annual_retention": 0.95}
    for row in found.drivers.itertuples():
        for end, net in ((row.low, row.net_clv_low), (row.high, row.net_clv_high)):
            assert clv(**rates | {row.driver: end}).net_clv == pytest.approx(net)
    drivers = found.drivers.set_index("driver")
    assert drivers.loc["annual_retention", "high"] == 1
    assert drivers.loc["margin", ["low", "high"]].tolist() == pytest.approx([0.24, 0.36])
    assert set(drivers.index) == {*SHOP, "annual_discount", "annual_retention"}


def test_what_is_nothing_or_not_given_is_no_driver():
    found = clv(acquisition_cost=0).drivers["driver"].tolist()
    assert sorted(found) == ["average_order_value", "margin", "orders_per_year", "years"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"margin": 30}, "margin = 30 must be a number between 0 and 1"),
        ({"annual_retention": 1.2}, "annual_retention = 1.2"),
        ({"years": 0}, "years = 0 must be a number between 0 and 100 years"),
        ({"average_order_value": -1}, "average_order_value = -1 must be a number 0 or more"),
        ({"annual_discount": float("nan")}, "annual_discount = nan"),
        ({"orders_per_year": "4"}, "orders_per_year = '4'"),
        ({"payments": "middle"}, "Choose from: start, end"),
    ],
)
def test_numbers_that_are_not_possible_are_refused(more, message):
    with pytest.raises(InsightError, match=message):
        clv(**more)
