"""RFM: scores that ties share, fixed limits, a grid that names everybody once, parts of the customers."""

import ast
from dataclasses import fields
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_

from insight import InsightError, read_orders, rfm, rfm_members, rfm_movement, rfm_movement_members
from insight.rfm import SEGMENTS
from insight.rfm.scores import frequency_monetary, percentile_limits, score
from insight.rfm.settings import minor_units
from tests.cdnow import cdnow_orders
from tests.orders import InParts, order_table

LIMITS = {"days_since_last": [90, 60, 30, 10], "orders": [2, 3, 4, 7], "revenue": [20, 50.5, 100, 300]}
SETTINGS = {
    "percentiles": {},
    "limits": {"thresholds": LIMITS},
    "some limits": {"thresholds": {"orders": LIMITS["orders"]}, "as_of": "2026-02-15"},
    "average": {"monetary": "average"},
    "no list": {"customers": False},
}


def orders(text):
    """Orders from lines of `customer day amount`, days of January 2026."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])
    frame["order_date"] = "2026-01-" + frame["order_date"].str.zfill(2)
    return read_orders(frame.assign(order_id=np.arange(len(rows)).astype(str), amount=frame["amount"].astype(float)))


def assert_equal(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
        else:
            assert left == right, field.name


def customer(text, who="ana", **more):
    found = rfm(orders(text), **more).customers.set_index("customer_id").loc[who]
    return found[["days_since_last", "orders", "revenue"]].tolist()


# -- what is measured -------------------------------------------------------------------------------------------------


def test_a_buyer_of_the_last_day_has_one_day_since_the_last_order():
    assert customer("ana 1 10\nana 5 20") == [1, 2, 30]
    assert customer("ana 1 10\nana 5 20", as_of="2026-01-31") == [27, 2, 30]


def test_a_refund_lowers_revenue_and_is_neither_an_order_nor_the_last_one():
    assert customer("ana 1 10\nana 3 20\nana 5 -5") == [3, 2, 25]


def test_a_free_order_is_no_purchase():
    assert customer("ana 1 10\nana 4 0") == [4, 1, 10]


def test_customers_without_a_purchase_are_left_out_and_counted():
    found = rfm(orders("ana 1 10\nben 2 -5\ncy 3 0"))
    assert (found.n_customers, found.without_purchase, found.revenue) == (1, 2, 10)
    assert rfm_members(orders("ana 1 10\nben 2 -5\ncy 3 0"), {}, {"without_purchase": True}) == ["ben", "cy"]


def test_rows_after_the_end_are_not_used():
    found = rfm(orders("ana 1 10\nana 5 20\nben 6 7"), as_of="2026-01-03")
    assert found.customers.iloc[0][["days_since_last", "orders", "revenue"]].tolist() == [3, 1, 10]
    assert (found.n_customers, found.left_out, found.without_purchase) == (1, 2, 0)


def test_the_average_order_may_be_scored_in_place_of_the_total():
    text = "ana 1 10\nana 2 10\nana 3 10\nben 1 20"
    total, average = (
        rfm(orders(text), monetary=own).customers["monetary_score"].tolist() for own in ("total", "average")
    )
    assert total == [4, 2]
    assert average == [2, 4]


# -- scores -----------------------------------------------------------------------------------------------------------


def test_equal_values_have_equal_scores_whatever_the_order_of_the_file():
    """Elsewhere one-time buyers of CDNOW get the scores 1, 2 and 3, by their place in the file."""
    rows = orders("\n".join(f"c{n} {n % 3 + 1} {n % 2 + 1}" for n in range(30))).frame
    columns = ["order_id", "customer_id", "order_date", "amount"]
    one, other = (rfm(read_orders(own[columns])) for own in (rows, rows.sample(frac=1, random_state=1)))
    assert_equal(one, other)
    for measure, own in (("days_since_last", "recency"), ("orders", "frequency"), ("revenue", "monetary")):
        assert one.customers.groupby(measure)[f"{own}_score"].nunique().max() == 1


def test_cdnow_purchase_days_at_the_end_of_1997_have_three_scores():
    """Purchase days of the 2,357 customers: 56 % have one. Mid-rank percentiles give 2 x 1317, 4 x 643, 5 x 397."""
    rows = cdnow_orders().frame
    days = rows[rows["order_date"] <= "1997-12-31"].drop_duplicates(["customer_id", "order_date"])
    days = days[["customer_id", "order_date"]].assign(amount=1.0, order_id=np.arange(len(days)).astype(str))
    found = rfm(read_orders(days)).scores.query("measure == 'orders'")
    assert found["n_customers"].tolist() == [0, 1317, 0, 643, 397]
    assert found["lowest"].dropna().tolist() == [1, 2, 4]
    assert found["highest"].dropna().tolist()[:2] == [1, 3]


def midrank_score(values, fewer_is_better):
    """By the definition: the mid-rank percentile of each value in fifths, with exact fractions."""
    worse = {v: sum(o > v if fewer_is_better else o < v for o in values) for v in values}
    return [ceil(5 * (worse[v] + Fraction(values.count(v), 2)) / len(values)) for v in values]


@given(any_.lists(any_.integers(-5, 12), min_size=1, max_size=40), any_.booleans())
@settings(max_examples=100, deadline=None)
def test_scores_are_the_mid_rank_percentile_in_fifths(values, fewer_is_better):
    distinct, n = np.unique(values, return_counts=True)
    limits = percentile_limits(distinct, n, fewer_is_better=fewer_is_better)
    found = score(np.array(values), limits, fewer_is_better=fewer_is_better)
    assert found.tolist() == midrank_score(values, fewer_is_better)


def test_one_customer_and_equal_customers_are_in_the_middle():
    for text in ("ana 1 10", "ana 1 10\nben 1 10\ncy 1 10"):
        found = rfm(orders(text)).customers
        assert set(found.filter(like="_score").to_numpy().ravel()) == {3}


def test_limits_say_where_each_score_begins():
    text = "\n".join(f"c{n} 1 5" for n in range(1, 9) for _ in range(n))
    found = rfm(orders(text), thresholds={"orders": [2, 3, 4, 7]})
    assert found.customers["frequency_score"].tolist() == [1, 2, 3, 4, 4, 4, 5, 5]
    assert found.fixed == ["orders"]


def test_a_limit_of_days_is_kept_by_that_day_and_one_of_money_by_that_cent():
    text = "ana 1 20\nben 11 19.99"
    found = rfm(orders(text), thresholds={"days_since_last": [11, 10, 1, None], "revenue": [20, 30, 40, 50]}).customers
    assert found["recency_score"].tolist() == [2, 4]
    assert found["monetary_score"].tolist() == [2, 1]


@given(any_.integers(-(10**12), 10**12), any_.sampled_from([0, 2, 3]))
@settings(max_examples=100, deadline=None)
def test_money_written_as_a_number_is_the_same_minor_units_again(minor, decimals):
    assert minor_units(minor / 10**decimals, decimals) == minor


@pytest.mark.parametrize("how", SETTINGS)
def test_the_limits_given_again_give_the_same_scores(how):
    given_settings = SETTINGS[how]
    table = order_table(3)
    found = rfm(table, **given_settings)
    assert ast.literal_eval(repr(found.thresholds)) == found.thresholds
    again = rfm(table, **given_settings | {"thresholds": found.thresholds})
    for name in ("segments", "cells", "scores"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name), check_exact=True)


def test_the_sizes_of_the_scores_are_those_of_the_list():
    found = rfm(order_table(3))
    for measure, own in (("days_since_last", "recency"), ("orders", "frequency"), ("revenue", "monetary")):
        sizes = found.scores[found.scores["measure"] == measure].set_index("score")
        listed = found.customers.groupby(f"{own}_score")[measure].agg(["size", "min", "max"])
        assert sizes["n_customers"][sizes["n_customers"] > 0].to_dict() == listed["size"].to_dict()
        assert sizes["lowest"].dropna().to_dict() == listed["min"].to_dict()
        assert sizes["highest"].dropna().to_dict() == listed["max"].to_dict()


# -- segments ---------------------------------------------------------------------------------------------------------


def test_every_cell_of_the_grid_has_exactly_one_name():
    found = rfm(order_table(3))
    assert len(found.cells) == 25
    assert not found.cells.duplicated(["recency_score", "frequency_monetary_score"]).any()
    assert sorted(found.segments["segment"]) == sorted({name for own in SEGMENTS for name in own})
    named = found.cells.set_index(["recency_score", "frequency_monetary_score"])["segment"]
    assert named.loc[5].tolist() == ["New", "New", "Potential loyal", "Champions", "Champions"]
    assert named.loc[1].tolist() == ["Lost", "Lost", "At risk", "Can't lose", "Can't lose"]


@pytest.mark.parametrize("how", [how for how in SETTINGS if how != "no list"])
def test_segments_and_cells_sum_to_the_list(how):
    found = rfm(order_table(3), **SETTINGS[how])
    for table in (found.segments, found.cells):
        assert table["n_customers"].sum() == len(found.customers) == found.n_customers
        assert table["revenue"].sum() == pytest.approx(found.revenue, abs=1e-6)
    assert found.segments["share"].sum() == pytest.approx(1)
    assert found.segments["revenue_share"].sum() == pytest.approx(1)
    own = found.customers.groupby("segment")
    listed = found.segments.set_index("segment").loc[list(own.groups)]
    assert listed["n_customers"].tolist() == own.size().tolist()
    np.testing.assert_allclose(listed["revenue"], own["revenue"].sum(), atol=1e-6)
    assert listed["orders"].tolist() == own["orders"].sum().tolist()
    lower_median = own["days_since_last"].quantile(0.5, interpolation="lower")
    assert listed["median_days_since_last"].tolist() == lower_median.tolist()


def test_the_list_is_named_by_the_grid():
    found = rfm(order_table(3)).customers
    worth = frequency_monetary(found["frequency_score"].to_numpy(), found["monetary_score"].to_numpy())
    named = [SEGMENTS[5 - r][fm - 1] for r, fm in zip(found["recency_score"], worth, strict=True)]
    assert found["segment"].tolist() == named


def test_halves_of_the_mean_score_are_rounded_up():
    pairs = np.array([(f, m) for f in range(1, 6) for m in range(1, 6)])
    wanted = [int((f + m) / 2 + 0.5) for f, m in pairs]
    assert frequency_monetary(*pairs.T).tolist() == wanted


def test_a_grid_of_one_s_own_names_everybody():
    grid = [["good"] * 5, ["good"] * 5, ["fair"] * 5, ["poor"] * 5, ["poor"] * 5]
    found = rfm(order_table(3), segments=grid).segments
    assert found["segment"].tolist() == ["good", "fair", "poor"]
    assert found["n_customers"].sum() == rfm(order_table(3)).n_customers


def test_the_best_customers_bring_what_the_sorted_list_says():
    found = rfm(order_table(3))
    spent = found.customers["revenue"].sort_values(ascending=False).to_numpy()
    for row in found.concentration.itertuples():
        assert row.n_customers == ceil(row.top_share * len(spent))
        assert row.revenue == pytest.approx(spent[: row.n_customers].sum())
        assert row.revenue_share == pytest.approx(spent[: row.n_customers].sum() / spent.sum())


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 1.0])
def test_the_people_with_the_highest_revenue_are_as_many_as_the_concentration_says(share):
    table = order_table(7)
    found = rfm(table)
    (row,) = found.concentration[found.concentration["top_share"] == share].itertuples()
    ranked = found.customers.sort_values(["revenue", "customer_id"], ascending=[False, True])
    wanted = ranked.head(row.n_customers)
    assert rfm_members(InParts(table), {}, {"top_share": share}) == sorted(wanted["customer_id"])
    assert row.revenue == pytest.approx(wanted["revenue"].sum())


def test_equal_customers_at_the_border_are_taken_by_their_ids():
    table = orders("\n".join(f"{who} 1 10" for who in "dcba"))
    assert rfm_members(InParts(table), {}, {"top_share": 0.5}) == ["a", "b"]


def test_no_revenue_has_no_shares():
    found = rfm(orders("ana 1 10\nana 2 -30"))
    assert found.revenue == -20
    assert found.segments["revenue_share"].isna().all()
    assert found.concentration["revenue_share"].isna().all()


def test_limits_of_one_s_own_move_customers_from_the_segments_by_fifths():
    table = order_table(3)
    assert rfm(table).moves is None
    usual, found = rfm(table), rfm(table, thresholds=LIMITS)
    wanted = pd.DataFrame(
        {"start": usual.customers["segment"], "end": found.customers["segment"], "own": found.customers["revenue"]}
    )
    wanted = wanted.groupby(["start", "end"])["own"].agg(["size", "sum"])
    assert len(found.moves) == len(wanted)
    for row in found.moves.itertuples():
        n, revenue = wanted.loc[(row.from_segment, row.to_segment)]
        assert row.n_customers == n
        assert row.revenue == pytest.approx(revenue)
        cell = {"from_segment": row.from_segment, "segment": row.to_segment}
        assert len(rfm_members(InParts(table), {"thresholds": LIMITS}, cell)) == n
    assert found.moves.groupby("from_segment")["share"].sum().to_numpy() == pytest.approx(1)
    with pytest.raises(InsightError, match="nobody moves"):
        rfm_members(table, {}, {"from_segment": "Champions"})


# -- what is not possible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_settings", "message"),
    [
        ({"thresholds": {"order": [1, 2, 3, 4]}}, "'orders'"),
        ({"thresholds": {"average_order_value": [1, 2, 3, 4]}}, "Choose from: days_since_last, orders, revenue"),
        ({"thresholds": {"orders": [4, 3, 2, 1]}}, "numbers that grow"),
        ({"thresholds": {"days_since_last": [1, 2, 3, 4]}}, "days that get fewer"),
        ({"thresholds": {"orders": [2, None, 3, 4]}}, "four numbers"),
        ({"thresholds": {"orders": [1, 2, 3]}}, "four numbers"),
        ({"thresholds": {"orders": [1, 2, 3, float("nan")]}}, "four numbers"),
        ({"thresholds": [1, 2, 3, 4]}, "thresholds are written"),
        ({"monetary": "mean"}, "Choose from: total, average"),
        ({"segments": [["a"] * 5] * 4}, "five lists of five names"),
        ({"segments": [["a"] * 5] * 4 + [["a"] * 4 + [""]]}, "is not a name"),
    ],
)
def test_a_setting_that_is_not_possible_is_refused(given_settings, message):
    with pytest.raises(InsightError, match=message):
        rfm(order_table(3), **given_settings)


def test_nobody_with_a_purchase_and_several_currencies_are_refused():
    with pytest.raises(InsightError, match="Nobody has a purchase up to 2026-01-02"):
        rfm(orders("ana 1 -10\nben 2 0"))
    frame = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "ana", "amount": 5.0, "currency": ["EUR", "USD"]})
    with pytest.raises(InsightError, match="several currencies"):
        rfm(read_orders(frame.assign(order_date="2026-01-01")))


# -- people, parts, movement ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", SETTINGS)
@pytest.mark.parametrize("n_parts", [4, None])
def test_parts_of_the_customers_add_up_to_the_whole(how, n_parts):
    table = order_table(7, n=300, customers=60)
    assert_equal(rfm(InParts(table, n_parts), **SETTINGS[how]), rfm(table, **SETTINGS[how]))


@pytest.mark.parametrize("how", ["percentiles", "some limits", "average"])
def test_the_people_behind_a_number_are_as_many_as_it_says(how):
    table, own = order_table(7), SETTINGS[how]
    found = rfm(table, **own)
    for row in found.segments.itertuples():
        assert len(rfm_members(table, own, {"segment": row.segment})) == row.n_customers
    for row in found.cells.itertuples():
        cell = {"recency_score": row.recency_score, "frequency_monetary_score": row.frequency_monetary_score}
        assert len(rfm_members(table, own, cell)) == row.n_customers
    champions = found.customers[found.customers["segment"] == "Champions"]["customer_id"].tolist()
    assert rfm_members(InParts(table), own, {"segment": "Champions"}) == champions


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"top_share": 0.105},
        {"top_share": 0.1, "segment": "Lost"},
        {"segment": "Champion"},
        {"recency": 5},
        {"recency_score": 6},
        {"without_purchase": False},
    ],
)
def test_a_cell_that_does_not_exist_is_refused(cell):
    with pytest.raises(InsightError):
        rfm_members(order_table(7), {}, cell)


def test_who_does_nothing_grows_old_and_who_buys_moves_up():
    limits = {"days_since_last": [90, 60, 20, 5], "orders": [2, 3, 4, 7], "revenue": [20, 30, 40, 50]}
    table = orders("ana 1 10\nben 1 10\nben 25 25\ncy 26 10")
    found = rfm_movement(table, before="2026-01-02", as_of="2026-01-28", thresholds=limits)
    moved = found.moves[["from_segment", "to_segment", "n_customers", "revenue"]].to_numpy().tolist()
    assert moved == [
        ["New", "Potential loyal", 1, 25.0],
        ["New", "About to sleep", 1, 0.0],
        ["(no purchase yet)", "New", 1, 10.0],
    ]
    assert (found.n_customers, found.stayed) == (3, 0)


def test_movement_is_the_two_lists_side_by_side():
    table = order_table(8)
    found = rfm_movement(table, before="2026-02-15", as_of="2026-04-15")
    one = rfm(table, as_of="2026-02-15")
    assert found.thresholds == one.thresholds
    other = rfm(table, as_of="2026-04-15", thresholds=one.thresholds)
    both = other.customers.merge(one.customers, on="customer_id", how="left", suffixes=("", "_before"))
    both["segment_before"] = both["segment_before"].fillna("(no purchase yet)")
    both["bought"] = both["revenue"] - both["revenue_before"].fillna(0)
    wanted = both.groupby(["segment_before", "segment"])["bought"].agg(["size", "sum"])
    for row in found.moves.itertuples():
        n, bought = wanted.loc[(row.from_segment, row.to_segment)]
        assert row.n_customers == n
        assert row.revenue == pytest.approx(bought, abs=1e-6)
    assert len(found.moves) == len(wanted)
    assert found.moves.groupby("from_segment")["share"].sum().to_numpy() == pytest.approx(1)
    assert_equal(rfm_movement(InParts(table), before="2026-02-15", as_of="2026-04-15"), found)


def test_the_people_of_a_move_are_as_many_as_it_says():
    table, own = order_table(8), {"before": "2026-02-15", "as_of": "2026-04-15"}
    for row in rfm_movement(table, **own).moves.iloc[::3].itertuples():
        cell = {"from_segment": row.from_segment, "to_segment": row.to_segment}
        people = rfm_movement_members(InParts(table), own, cell)
        assert len(people) == row.n_customers
        assert people == sorted(people)


def test_movement_needs_two_dates_in_order():
    with pytest.raises(InsightError, match="must lie before"):
        rfm_movement(order_table(8), before="2026-04-15", as_of="2026-02-15")
    with pytest.raises(InsightError, match="to_segment = '\\(no purchase yet\\)'"):
        rfm_movement_members(order_table(8), {"before": "2026-02-15"}, {"to_segment": "(no purchase yet)"})


@pytest.mark.parametrize("day", ["xx", "2026-02", "", None])
def test_an_earlier_date_that_is_not_a_day_is_named_as_such(day):
    with pytest.raises(InsightError, match="^before = .* is not a day"):
        rfm_movement(order_table(8), before=day)


def test_an_earlier_date_before_the_first_row_is_named_as_such():
    with pytest.raises(InsightError, match="^before = '2025-12-01' lies before the first row \\(2026-01-01\\)"):
        rfm_movement(order_table(8), before="2025-12-01")
    with pytest.raises(InsightError, match="^before"):
        rfm_movement_members(order_table(8), {"before": "2025-12-01"}, {"to_segment": "New"})
