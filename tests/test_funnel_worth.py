"""What a point would be worth: against a finite difference, against a bootstrap, and amounts added up by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from insight import funnel, funnel_worth, read_events, read_orders, sample
from insight.errors import InsightError, UnknownValue
from insight.intervals import wilson
from tests.logs import START, log

ABC = ["A", "B", "C"]


def counts(*reached):
    """A log of a funnel A, B, C ... in which so many customers get so far, a day a step."""
    lines = [f"c{i:04} {'ABCDE'[k]} {k}" for k, n in enumerate(reached) for i in range(n)]
    return log("\n".join([*lines, "end x 60"]))


def orders_of(text, **how):
    """Orders from lines of `customer amount day`."""
    rows = [line.split() for line in text.strip().splitlines()]
    table = pd.DataFrame(rows, columns=["customer_id", "amount", "order_date"])
    table["order_id"] = [f"o{k}" for k in range(len(rows))]
    table["order_date"] = START + pd.to_timedelta(table["order_date"].astype(float), unit="D")
    return read_orders(table, **how)


# -- completions ------------------------------------------------------------------------------------------------------


def test_a_point_at_each_step_by_hand():
    found = funnel_worth(counts(1000, 600, 200), steps=ABC)
    assert found.steps["extra_completions"].tolist() == pytest.approx([0.01 * 1000 * 200 / 600, 0.01 * 600])
    assert found.steps[["before", "reached"]].values.tolist() == [[1000, 600], [600, 200]]
    assert (found.n, found.completions) == (1000, 200)


@pytest.mark.parametrize("points", [0.5, 1, 7])
def test_it_is_the_finite_difference_of_the_product_of_conversions(points):
    """n x c1 x c2 x c3 with one of them higher, less what it is now."""
    found = funnel_worth(counts(900, 700, 300, 120), steps=["A", "B", "C", "D"], points=points).steps
    conversion = found["step_conversion"].to_numpy()
    for k in range(3):
        higher = conversion.copy()
        higher[k] += points / 100
        assert found["extra_completions"][k] == pytest.approx(900 * (higher.prod() - conversion.prod()))


def test_more_than_everyone_cannot_go_on():
    found = funnel_worth(counts(100, 98, 49), steps=ABC, points=5).steps
    assert found["points"].tolist() == pytest.approx([2, 5])
    assert found["extra_completions"][0] == pytest.approx(0.02 * 100 * 0.5)


def test_optional_steps_are_not_in_the_table():
    events = log("\n".join(f"c{i} {e} {d}" for i in range(40) for d, e in enumerate("ABC")) + "\nend x 60")
    steps = ["A", {"events": ["B"], "optional": True}, "C"]
    assert funnel_worth(events, steps=steps).steps["step"].tolist() == ["C"]


def test_the_interval_is_wilsons_of_the_later_steps():
    found = funnel_worth(counts(1000, 600, 200), steps=ABC, level=0.9).steps
    low, high = wilson(200, 600, 0.9)
    assert found[["completions_low", "completions_high"]].iloc[0].tolist() == pytest.approx([10 * low, 10 * high])
    assert found["completions_low"][1] == found["completions_high"][1] == found["extra_completions"][1]  # nothing later


def test_the_interval_agrees_with_the_delta_method_and_with_a_bootstrap():
    """Var(log q) of a product of nested conversions is 1/R_n - 1/R_k; and the steps drawn anew, a thousand times."""
    reached = (2000, 1500, 900, 500)
    found = funnel_worth(counts(*reached), steps=["A", "B", "C", "D"]).steps.iloc[0]
    error = found["extra_completions"] * np.sqrt(1 / 500 - 1 / 1500)
    half = (found["completions_high"] - found["completions_low"]) / 2
    assert half == pytest.approx(1.96 * error, rel=0.01)
    rng = np.random.default_rng(7)
    third = rng.binomial(1500, 900 / 1500, 20_000)
    fourth = rng.binomial(third, 500 / 900)
    drawn = np.quantile(0.01 * 2000 * fourth / 1500, [0.025, 0.975])
    assert found[["completions_low", "completions_high"]].tolist() == pytest.approx(drawn.tolist(), rel=0.01)


def test_where_nobody_completes_a_point_earlier_brings_nothing_yet():
    events = log("\n".join([*(f"c{i} A 0" for i in range(50)), *(f"c{i} B 1" for i in range(20)), "z C 0", "z x 60"]))
    found = funnel_worth(events, steps=ABC)
    assert found.steps["extra_completions"].tolist() == pytest.approx([0, 0.01 * 20])
    assert found.steps["completions_high"][0] > 0
    assert found.first == []


def test_where_nobody_goes_on_later_conversion_is_not_known():
    events = log("\n".join([*(f"c{i} A 0" for i in range(50)), "z B 0", "z C 0", "z x 60"]))
    found = funnel_worth(events, steps=ABC).steps
    assert np.isnan(found["extra_completions"][0])
    assert np.isnan(found["step_conversion"][1])


# -- which step first -------------------------------------------------------------------------------------------------


def test_a_point_is_worth_most_where_the_fewest_go_on():
    assert funnel_worth(counts(1000, 600, 200), steps=ABC).first == ["C"]
    assert funnel_worth(counts(1000, 300, 200), steps=ABC).first == ["B"]


def test_steps_that_the_data_cannot_tell_apart_share_the_first_place():
    assert funnel_worth(counts(100, 50, 23), steps=ABC).first == ["C", "B"]
    assert funnel_worth(counts(4000, 2000, 920), steps=ABC).first == ["C"]
    assert funnel_worth(counts(100, 50, 25), steps=ABC).first == ["B", "C"]


@pytest.mark.parametrize("reached", [(9, 5, 2), (40, 40, 40)])
def test_there_is_no_first_step_where_there_is_nothing_to_say(reached):
    assert funnel_worth(counts(*reached), steps=ABC).first == []


# -- amounts ----------------------------------------------------------------------------------------------------------

THREE = "ana A 0\nana B 1\nben A 0\nben B 2\ncyd A 0\ncyd B 1\ndan A 0\nend x 60"


def test_the_amount_is_that_of_the_first_purchase_in_the_time_of_the_attempt():
    orders = orders_of("ana 10 1\nana 99 2\nben 99 -1\nben 30 2\ncyd 99 9\ndan 99 1")
    found = funnel_worth(log(THREE), orders, steps=["A", "B"]).value
    assert (found.mean, found.n, found.n_valued, found.origin) == (pytest.approx(40 / 3), 3, 2, "orders")
    half = t.ppf(0.975, 2) * np.std([10, 30, 0], ddof=1) / np.sqrt(3)
    assert (found.low, found.high) == (pytest.approx(40 / 3 - half), pytest.approx(40 / 3 + half))


def test_of_several_attempts_it_is_the_one_that_counts():
    """The order of the first attempt lies before the entry of the one that gets further."""
    events = log("ana A 0\nana A 20\nana B 21\nend x 60")
    orders = orders_of("ana 5 1\nana 7 21")
    assert funnel_worth(events, orders, steps=["A", "B"]).value.mean == 7
    assert funnel_worth(events, orders, steps=["A", "B"], within="30D", reentry="first").value.mean == 5


def test_the_window_is_inclusive_at_both_ends():
    orders = orders_of("ana 10 0\nben 20 7\ncyd 40 7.1")
    assert funnel_worth(log(THREE), orders, steps=["A", "B"]).value.mean == 10


def test_a_refund_is_taken_off_the_purchase_before_it():
    orders = orders_of("ana 10 1\nana -4 30\nben 30 2\nben 50 3\nben -20 4\ncyd -9 0.5\ncyd 8 1")
    assert funnel_worth(log(THREE), orders, steps=["A", "B"]).value.mean == pytest.approx((6 + 30 + 8) / 3)


def test_without_a_limit_any_later_purchase_counts():
    orders = orders_of("ana 10 50\nben 20 2")
    found = funnel_worth(log(THREE), orders, steps=["A", "B"], within=None, entries="all")
    assert found.value.mean == 10


def test_orders_that_know_days_alone_count_from_the_day_of_the_entry():
    events = log("ana A 0.5\nana B 0.6\nend x 60.5")
    assert funnel_worth(events, orders_of("ana 12 0"), steps=["A", "B"]).value.mean == 12


def test_only_customers_who_count_are_looked_at():
    """eva completes, and still has time: she is not in the rates, so her order is not in the mean."""
    events = log("ana A 0\nana B 1\neva A 59\neva B 59.5\nend x 60")
    assert funnel_worth(events, orders_of("ana 10 1\neva 99 59.5"), steps=["A", "B"]).value.mean == 10


def valued(*rows):
    """Events with a value: (customer, event, day, value)."""
    table = pd.DataFrame(rows, columns=["customer_id", "event", "timestamp", "value"])
    table["timestamp"] = START + pd.to_timedelta(table["timestamp"], unit="D")
    return table


def test_without_orders_it_is_the_value_of_the_last_event():
    table = valued(("ana", "A", 0, 1.0), ("ana", "B", 1, 10.0), ("ana", "B", 1, 5.0), ("ben", "A", 0, 1.0),
                   ("ben", "B", 1, np.nan), ("ana", "B", 3, 99.0), ("end", "x", 60, np.nan))  # fmt: skip
    found = funnel_worth(read_events(table), steps=["A", "B"]).value
    assert (found.mean, found.n, found.n_valued, found.origin) == (15, 2, 1, "value")
    assert np.isnan(found.low)  # of one amount nothing is known about its spread


def test_a_figure_of_ones_own_comes_first():
    found = funnel_worth(log(THREE), orders_of("ana 10 1"), steps=["A", "B"], revenue_per_completion=20)
    assert (found.value.mean, found.value.low, found.value.origin) == (20, 20, "given")
    assert found.steps["extra_revenue"][0] == pytest.approx(0.01 * 4 * 20)


def test_without_any_amount_the_revenue_is_not_known_and_says_why():
    found = funnel_worth(log(THREE), steps=["A", "B"])
    assert found.steps[["extra_revenue", "revenue_low", "revenue_high"]].isna().all(axis=None)
    assert found.value.why == "There are no orders, and the events have no column of values."
    none = funnel_worth(log(THREE), orders_of("zoe 5 1"), steps=["A", "B"])
    assert none.value.why == "No customer who completed has an order in the time of the attempt."


def test_several_currencies_are_refused():
    table = pd.DataFrame({"customer_id": ["ana", "ben"], "amount": ["10", "20"], "currency": ["EUR", "USD"]})
    table["order_date"], table["order_id"] = ["2026-01-02", "2026-01-03"], ["a", "b"]
    with pytest.raises(InsightError, match="EUR, USD"):
        funnel_worth(log(THREE), read_orders(table), steps=["A", "B"])
    kept = funnel_worth(log(THREE), read_orders(table, currency="EUR"), steps=["A", "B"]).value
    assert (kept.mean, kept.currency) == (pytest.approx(10 / 3), "EUR")
    events = valued(("ana", "A", 0, 1.0), ("ana", "B", 1, 10.0), ("ben", "A", 0, 1.0), ("ben", "B", 1, 5.0),
                    ("end", "x", 60, np.nan)).assign(currency=["EUR", "EUR", "USD", "USD", "EUR"])  # fmt: skip
    with pytest.raises(InsightError, match="EUR, USD"):
        funnel_worth(read_events(events), steps=["A", "B"])


def test_orders_in_another_kind_of_time_say_so():
    orders = orders_of("ana 10 1", timezone="Europe/Berlin")
    assert "time zone" in funnel_worth(log(THREE), orders, steps=["A", "B"]).value.why


def test_money_carries_both_uncertainties():
    """Against a bootstrap: later steps drawn anew, and the mean amount from its own spread."""
    shop, orders = sample("shop_events"), sample("shop_orders")
    found = funnel_worth(shop, orders, steps=["visit", "product_view", "add_to_cart", "purchase"])
    row, rng = found.steps.iloc[0], np.random.default_rng(3)
    later = rng.binomial(int(row["reached"]), row["later_conversion"], 40_000) / row["reached"]
    error = (found.value.high - found.value.low) / 2 / t.ppf(0.975, found.value.n - 1)
    money = 0.01 * row["before"] * later * rng.normal(found.value.mean, error, 40_000)
    assert row[["revenue_low", "revenue_high"]].tolist() == pytest.approx(np.quantile(money, [0.025, 0.975]), rel=0.02)
    assert row["extra_revenue"] == pytest.approx(row["extra_completions"] * found.value.mean)


def test_the_amounts_of_the_shop_are_its_orders_by_hand():
    """Customer by customer, for first attempts: the first order between the entry and a week later, less refunds."""
    shop, orders = sample("shop_events"), sample("shop_orders").frame
    found = funnel_worth(shop, sample("shop_orders"), steps=["visit", "purchase"], reentry="first").value
    events, week, amounts = shop.frame.sort_values("timestamp"), pd.Timedelta("7D"), []
    for customer, own in events.groupby("customer_id"):
        visits = own["timestamp"][own["event"] == "visit"]
        if visits.empty or visits.iloc[0] + week > events["timestamp"].iloc[-1]:
            continue
        entry, bought = visits.iloc[0], own["timestamp"][own["event"] == "purchase"]
        if not ((bought >= entry) & (bought <= entry + week)).any():
            continue
        mine = orders[orders["customer_id"] == customer].sort_values("order_date")
        first = mine[(mine["amount"] > 0) & (mine["order_date"] >= entry) & (mine["order_date"] <= entry + week)].iloc[
            0
        ]
        later = mine[(mine["order_date"] > first["order_date"]) & (mine["amount"] > 0)]["order_date"]
        until = later.iloc[0] if len(later) else pd.Timestamp.max
        refunds = mine[(mine["amount"] <= 0) & mine["order_date"].between(first["order_date"], until, inclusive="left")]
        amounts.append(first["amount"] + refunds["amount"].sum())
    assert (found.n, found.mean) == (len(amounts), pytest.approx(np.mean(amounts)))


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"order": "any"}, UnknownValue, "ordered, strict"),
        ({"order": "open"}, UnknownValue, "ordered, strict"),
        ({"points": 0}, InsightError, "more than 0 and at most 100"),
        ({"points": 101}, InsightError, "more than 0 and at most 100"),
        ({"points": "1"}, InsightError, "more than 0 and at most 100"),
        ({"points": float("nan")}, InsightError, "more than 0 and at most 100"),
        ({"revenue_per_completion": "50"}, InsightError, "49.90"),
        ({"steps": ["A", "Z"]}, UnknownValue, "Choose from"),
        ({"within": None}, InsightError, 'entries="all"'),
    ],
)
def test_an_impossible_setting_says_what_to_change(asked, kind, says):
    with pytest.raises(kind, match=says):
        funnel_worth(log(THREE), **{"steps": ["A", "B"]} | asked)


def test_the_counts_are_those_of_the_funnel():
    events = counts(300, 120, 40)
    asked = {"steps": ABC, "within": "2D", "order": "strict", "end": "2026-01-05"}
    found, same = funnel_worth(events, **asked), funnel(events, **asked)
    assert [found.n, *found.steps["reached"]] == same.steps["reached"].tolist()


# -- an optional step at the end --------------------------------------------------------------------------------------


def reviewed():
    """Thirty buy for 100 each; half of them then write a review, which has a value of 1."""
    rows = [(f"c{k:02}", event, day, value) for k in range(30) for event, day, value in BOUGHT if day < 2 or k < 15]
    table = pd.DataFrame([*rows, ("end", "other", 30, None)], columns=["customer_id", "event", "day", "value"])
    table["timestamp"] = START + pd.to_timedelta(table.pop("day"), unit="D")
    return read_events(table)


BOUGHT = [("visit", 0, None), ("buy", 1, 100.0), ("review", 2, 1.0)]
REVIEW_MAYBE = ["visit", "buy", {"events": ["review"], "optional": True}]


def test_a_completion_is_at_the_last_required_step_whatever_may_follow():
    found = funnel_worth(reviewed(), steps=REVIEW_MAYBE)
    assert (found.value.mean, found.value.n, found.value.n_valued) == (100, 30, 30)
    assert found.completions == 30
    without = funnel_worth(reviewed(), steps=["visit", "buy"])
    assert (found.value, found.steps.to_dict()) == (without.value, without.steps.to_dict())


def test_orders_are_those_of_everyone_at_the_last_required_step():
    orders = orders_of("\n".join(f"c{k:02} {100 if k < 15 else 40} 1" for k in range(30)))
    value = funnel_worth(reviewed(), orders, steps=REVIEW_MAYBE).value
    assert (value.mean, value.n, value.n_valued) == (70, 30, 30)
