"""What cohorts bring in: exact sums, pooled increments, intervals that hold, and when a cost has come back."""

import numpy as np
import pandas as pd
import pytest

from insight import cohort_revenue, members, payback_period, read_events, read_orders, retention, sample
from insight.errors import InsightError, UnknownValue
from insight.retention.jackknife import jackknife
from insight.retention.proposal import proposed_guard
from insight.retention.revenue import revenue_finish
from insight.retention.revenue_tally import revenue_merged, revenue_tally
from insight.sources import open_orders
from tests.orders import order_parts, order_table
from tests.test_retention import shop

MODES = {
    "plain": {},
    "weeks": {"period": "week", "week_start": "SUN"},
    "own clock": {"clock": "rolling"},
    "guard": {"guard": "20D"},
    "as of": {"as_of": "2026-03-10"},
    "large": {"cohort": {"event": "purchase", "where": [["amount", ">=", 20]]}},
    "by": {"by": "channel"},
}
SHOP = """
    ana 2026-01-05 100
    ben 2026-01-31 50
    ana 2026-02-01 30
    ana 2026-02-03 -10
    eva 2026-02-10 20
    ana 2026-03-31 40
    eva 2026-03-01 0
"""


def brute(orders, cohort, k, column):
    """One number of a monthly cohort, from the rows alone."""
    frame = orders.frame.assign(month=orders.frame["order_date"].dt.to_period("M"))
    bought = frame[frame["amount"] > 0]
    first = bought.groupby("customer_id")["order_date"].min()
    own = first[first.dt.to_period("M") == cohort].index
    then = frame[frame["customer_id"].isin(own) & (frame["month"] == cohort + k)]
    then = then[then["order_date"] >= then["customer_id"].map(first)]
    return {
        "n_customers": len(own),
        "orders": (then["amount"] > 0).sum(),
        "revenue": then["amount_minor"][then["amount"] != 0].sum() / 100,
        "refunds": -then["amount_minor"][then["amount"] < 0].sum() / 100,
    }[column]


def test_a_cohort_brings_in_what_its_customers_pay_less_refunds():
    cells = cohort_revenue(shop(SHOP)).cells
    january = cells[cells["cohort"] == "2026-01-01"]
    assert january["orders"].tolist() == [2, 1, 1]
    assert january["revenue"].tolist() == [150.0, 20.0, 40.0]
    assert january["refunds"].tolist() == [0.0, 10.0, 0.0]
    assert january["aov"].tolist() == [75.0, 30.0, 40.0]
    assert january["cumulative_revenue_per_customer"].tolist() == [75.0, 85.0, 105.0]
    february = cells[cells["cohort"] == "2026-02-01"]
    assert february["orders"].tolist() == [1, 0, pd.NA]
    assert february["orders_per_customer"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(february["aov"].iloc[1])  # no order, no average


def test_all_cohorts_together_add_up_increments_of_those_that_are_over():
    average = cohort_revenue(shop(SHOP)).average
    assert average["n_customers"].tolist() == [3, 3, 2]
    assert average["revenue_per_customer"].round(6).tolist() == [56.666667, 6.666667, 20.0]
    assert average["cumulative_revenue_per_customer"].round(6).tolist() == [56.666667, 63.333333, 83.333333]


def test_pooling_cumulative_values_would_fall_without_a_refund_and_increments_do_not():
    rich = "\n".join(f"rich{n} 2026-02-{n + 1:02} 100" for n in range(9))
    found = cohort_revenue(shop(f"poor 2026-01-01 1\npoor 2026-02-01 1\npoor 2026-03-31 1\n{rich}"))
    cells = found.cells[found.cells["observed"] == "full"]
    pooled = [
        np.average(own["cumulative_revenue_per_customer"], weights=own["n_customers"])
        for _k, own in cells.groupby("period")
    ]
    assert np.diff(pooled).min() < 0
    assert np.diff(found.average["cumulative_revenue_per_customer"]).min() >= 0


def test_every_cell_is_what_the_rows_say():
    orders = order_table(n=600, customers=80)
    cells = cohort_revenue(orders).cells
    for row in cells[cells["observed"] == "full"].itertuples():
        for column in ("n_customers", "orders", "revenue", "refunds"):
            month = pd.Period(row.cohort, "M")
            assert getattr(row, column) == brute(orders, month, row.period, column), (row.cohort, row.period, column)


def test_what_the_shop_sold_is_in_its_cohorts():
    orders = sample("shop_orders")
    found = cohort_revenue(orders)
    total = found.cells[["orders", "revenue", "refunds"]].sum()
    amounts = orders.frame["amount"]
    assert total["orders"] == (amounts > 0).sum()
    assert round(total["revenue"], 2) == round(amounts.sum(), 2)
    assert round(total["refunds"], 2) == -round(amounts[amounts < 0].sum(), 2)


@pytest.mark.parametrize("mode", MODES)
def test_parts_of_the_customers_add_up_to_the_whole(mode):
    orders = order_table(n=800, customers=120)
    frame = orders.frame.assign(channel=orders.frame["order_id"].astype(int) % 3)
    orders = read_orders(frame.drop(columns="amount_minor"))
    settings, facts = MODES[mode], orders.facts
    whole = cohort_revenue(orders, **settings)
    tallies = [revenue_tally(log, facts, settings) for log in order_parts(orders, n_parts=4)]
    found = revenue_finish(revenue_merged(tallies), facts, settings)
    for name in ("cells", "average", "groups", "cohorts"):
        if getattr(whole, name) is not None:
            pd.testing.assert_frame_equal(getattr(found, name), getattr(whole, name), check_exact=True, obj=name)
    for name in ("n_customers", "started", "guarded", "without_purchase", "before_start", "left_out"):
        assert getattr(found, name) == getattr(whole, name), name


def test_groups_are_parts_of_all():
    found = cohort_revenue(sample("shop_orders"), by="channel")
    summed = found.groups.groupby("period")[["n_customers", "orders", "revenue", "refunds"]].sum()
    pd.testing.assert_frame_equal(summed.round(6), found.average.set_index("period")[list(summed)].round(6))


def test_who_never_bought_and_what_came_before_is_counted_aside():
    orders = shop("ana 2026-01-01 -5\nana 2026-01-03 10\nben 2026-01-01 -7\ncyd 2026-01-02 0")
    found = cohort_revenue(orders)
    assert (found.n_customers, found.started, found.without_purchase, found.before_start) == (3, 1, 2, 1)
    assert found.cells["revenue"].iloc[0] == 10.0


def test_a_cohort_that_is_forming_has_no_revenue_per_customer_yet():
    found = cohort_revenue(shop("ana 2026-01-05 10\nben 2026-02-03 20"))
    row = found.cells[(found.cells["cohort"] == "2026-02-01")].iloc[0]
    assert (row["observed"], row["orders"], row["revenue"]) == ("partial", 1, 20.0)
    assert np.isnan(row["revenue_per_customer"])


def test_amounts_are_exact_however_large():
    orders = shop("ana 2026-01-01 90071992547409.93\nben 2026-01-02 0.01\nend 2026-02-28 1")
    assert cohort_revenue(orders).cells["revenue"].iloc[0] == 90071992547409.94


def test_several_currencies_do_not_add_up():
    with pytest.raises(InsightError, match="several currencies"):
        cohort_revenue(
            read_orders(b"order_id,customer_id,order_date,amount\n1,a,2026-01-01,$5\n2,b,2026-01-01,5 EUR\n")
        )


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"cohort": "recurring"}, "acquired once"),
        ({"cohort": {"column": "order_id"}}, "acquired once"),
        ({"acquisition_cost": 5.0}, "give acquisition_cost and margin"),
        ({"margin": 0.5}, "give acquisition_cost and margin"),
        ({"acquisition_cost": 0, "margin": 0.5}, "above 0"),
        ({"acquisition_cost": 5, "margin": 1.5}, "up to 1, for example 0.4"),
        ({"acquisition_cost": True, "margin": 0.5}, "must be a number above 0"),
        ({"acquisition_cost": float("inf"), "margin": 0.5}, "must be a number above 0"),
    ],
)
def test_a_setting_that_is_not_possible_says_what_is(asked, says):
    with pytest.raises(InsightError, match=says):
        cohort_revenue(shop(SHOP), **asked)


def test_events_are_refused():
    with pytest.raises(InsightError, match="read_orders"):
        cohort_revenue(read_events(b"user,event,time\nana,buy,2026-01-01\n"))


# -- intervals and payback --------------------------------------------------------------------------------------------


def test_the_interval_of_a_mean_is_nearly_students():
    values = np.random.default_rng(3).gamma(2.0, 30.0, 4000)
    parts = np.arange(len(values)) % 20
    without = np.array([values[parts != part].mean() for part in range(20)])
    low, high = jackknife(np.array(values.mean()), without)
    assert abs((high - low) / 2 / (values.std(ddof=1) / np.sqrt(len(values))) - 2.093) < 0.75


def test_the_interval_holds_the_true_value_about_as_often_as_it_says():
    """A thousand shops of 200 customers, each spending 10 a month on average for two months."""
    rng, hits = np.random.default_rng(8), 0
    for _shop in range(1000):
        spent = rng.gamma(0.5, 20.0, (200, 2))
        part = rng.integers(0, 20, 200)
        total, n = np.array([spent[part == p].sum() for p in range(20)]), np.bincount(part, minlength=20)
        low, high = jackknife(np.array(total.sum() / 200), (total.sum() - total) / (200 - n))
        hits += low <= 20 <= high
    assert 0.92 <= hits / 1000 <= 0.975


def test_payback_is_where_margin_and_not_revenue_reaches_the_cost():
    found = cohort_revenue(shop(SHOP), acquisition_cost=30.0, margin=0.5).payback
    assert found.period == 1  # revenue had passed 30 in period 0
    average = cohort_revenue(shop(SHOP)).average
    assert payback_period(average, acquisition_cost=28.3, margin=0.5).period == 0
    assert payback_period(average, acquisition_cost=1000, margin=1).period is None
    assert payback_period(average, acquisition_cost=1000, margin=1).last_period == 2


def test_payback_of_nothing_is_not_known():
    found = payback_period(cohort_revenue(shop("ana 2026-01-05 10")).average, acquisition_cost=5, margin=1)
    assert (found.period, found.last_period) == (None, -1)
    assert np.isnan(found.margin_so_far)


# -- the people -------------------------------------------------------------------------------------------------------


def test_the_people_of_a_cell_are_those_who_bought():
    settings = {"acquisition_cost": 5.0, "margin": 0.5}
    orders = shop(SHOP)
    assert members("cohort_revenue", orders, settings, {"cohort": "2026-01-01"}) == ["ana", "ben"]
    assert members("cohort_revenue", orders, settings, {"cohort": "2026-01-01", "period": 1}) == ["ana"]
    assert members("cohort_revenue", orders, {}, {"cohort": "2026-01-01", "period": 1, "ordered": False}) == ["ben"]
    with pytest.raises(UnknownValue, match="ordered"):
        members("cohort_revenue", orders, {}, {"cohort": "2026-01-01", "period": 1, "retained": True})
    with pytest.raises(InsightError, match="A cell of cohort_revenue"):
        members("cohort_revenue", orders, {}, "january")


def test_a_table_on_disk_gives_the_same_as_one_in_memory(tmp_path):
    orders = order_table(n=700, customers=90)
    orders.frame.drop(columns="amount_minor").to_parquet(tmp_path / "part.parquet")
    there = open_orders(tmp_path)
    for function, settings in (
        (cohort_revenue, {"period": "week"}),
        (retention, {"cohort": "recurring", "period": "week", "criterion": "on_or_after"}),
        (retention, {"clock": "rolling", "guard": "10D", "by": {"column": "amount", "top": 3}}),
    ):
        one, other = function(orders, **settings), function(there, **settings)
        for name in ("cells", "average", "groups"):
            if getattr(one, name) is not None:
                pd.testing.assert_frame_equal(getattr(other, name), getattr(one, name), check_exact=True)
    cell = {"cohort": "2026-01-01", "period": 2}
    assert members("retention", there, {}, cell) == members("retention", orders, {}, cell)
    assert proposed_guard(there) == proposed_guard(orders)
