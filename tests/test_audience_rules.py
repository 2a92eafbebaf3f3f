"""Rules that came later: new, returning, reactivated and gone; contacts; the size of an audience, step by step."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import Audience, audience_ids, audience_size, read_contacts, read_orders, sample
from insight.audiences import checked_rule, in_words
from insight.audiences.reading import audience_reading
from insight.audiences.rules import STATUSES
from insight.charts.audiences import audience_steps
from insight.charts.theme import chart_picture
from insight.errors import InsightError, UnknownValue
from tests.logs import START, log
from tests.test_audiences import customers, ids, orders

DAY = pd.Timedelta(days=1)


@pytest.fixture
def shop():
    """As of 10 April 2026 (day 99): lately is from day 70 on."""
    return orders("""
        newcomer 10 90
        regular 10 1
        regular 10 60
        regular 10 80
        returner 10 5
        returner 10 98
        gone 10 20
        refunded -5 97
        end 1 99
        end 1 0
        end 1 50
    """)


@pytest.mark.parametrize(
    ("status", "found"),
    [("new", "newcomer"), ("returning", "end regular"), ("reactivated", "returner"), ("lapsed", "gone")],
)
def test_who_came_is_new_returning_reactivated_or_gone(shop, status, found):
    assert ids({"status": status, "days": 30, "silent": 60, "table": "orders"}, shop) == found


def test_a_silence_as_long_as_allowed_is_no_reactivation():
    table = orders("ana 5 0\nana 5 60\nend 1 61")
    assert ids({"status": "returning", "days": 5, "silent": 60}, table) == "ana"
    assert ids({"status": "reactivated", "days": 5, "silent": 60}, table) == ""
    assert ids({"status": "reactivated", "days": 5, "silent": 59}, table) == "ana"


def test_what_counts_as_lately_ends_with_the_day_of_the_audience(shop):
    assert ids({"status": "lapsed", "days": 30, "silent": 60}, shop, as_of="2026-03-01") == "gone regular returner"
    assert ids({"status": "new", "days": 30, "silent": 60}, shop, as_of="2026-01-08") == "end regular returner"


ROWS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 200), st.sampled_from([5, -5])), min_size=2, max_size=25
)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, days=st.integers(1, 90), silent=st.integers(1, 90))
def test_everyone_who_ever_bought_is_exactly_one_of_the_four(rows, days, silent):
    table = orders("\n".join(f"{who} {amount} {day}" for who, day, amount in [*rows, ("z", 201, 5)]))
    parts = [set(ids({"status": one, "days": days, "silent": silent}, table).split()) for one in STATUSES]
    bought = {who for who, _day, amount in rows if amount > 0} | {"z"}
    assert set().union(*parts) == bought
    assert sum(map(len, parts)) == len(bought)
    for status, found in zip(STATUSES, parts, strict=True):
        assert found == {who for who in bought if by_hand(who, [*rows, ("z", 201, 5)], days, silent) == status}


def by_hand(who, rows, days, silent):
    bought = sorted(day for own, day, amount in rows if own == who and amount > 0)
    lately = [day for day in bought if day > 201 - days]
    before = [day for day in bought if day <= 201 - days]
    if not lately:
        return "lapsed"
    if not before:
        return "new"
    return "reactivated" if lately[0] - before[-1] > silent else "returning"


def test_the_average_order_and_the_days_since_the_first(shop):
    table = orders("ana 10 0\nana 30 5\nana -4 6\nben 25 3\ncyd -5 3\nend 1 9")
    assert ids({"measure": "average_order_value", "is": ">=", "value": 18}, table) == "ana ben"  # (10 + 30 - 4) / 2
    assert ids({"measure": "average_order_value", "is": ">", "value": 18}, table) == "ben"
    assert ids({"measure": "days_since_first", "is": "==", "value": 10}, table) == "ana"
    assert ids({"measure": "days_since_first", "is": "<=", "value": 7}, table) == "ben end"


@pytest.fixture
def mailed():
    rows = (
        "ana,0,mail,tea,sent\nana,0.1,mail,tea,open\nana,3,sms,tea,sent\nben,2,mail,sale,sent\nben,2.2,mail,sale,unsub"
    )
    table = pd.DataFrame([one.split(",") for one in rows.split("\n")])
    table.columns = ["customer_id", "timestamp", "channel", "campaign", "outcome"]
    table["timestamp"] = START + table["timestamp"].astype(float) * DAY
    return read_contacts(table)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"did": "sent"}, "ana ben"),
        ({"did": "sent", "at_least": 2}, "ana"),
        ({"did": ["open", "unsub"], "days": 2}, "ben"),
        ({"did": "sent", "where": [["channel", "==", "sms"]]}, "ana"),
        ({"did": "unsub", "where": [["campaign", "==", "sale"]]}, "ben"),
        ({"did": "open", "at_most": 0}, "ben"),
    ],
)
def test_contacts_can_be_asked_like_events(mailed, rule, found):
    assert ids({**rule, "table": "contacts"}, mailed) == found


def test_an_outcome_nobody_had_is_refused_with_those_there_are(mailed):
    with pytest.raises(UnknownValue, match="open, sent, unsub"):
        ids({"did": "bounce", "table": "contacts"}, mailed)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"status": "asleep"}, "Choose from: new, returning, reactivated, lapsed"),
        ({"status": "new", "days": 0}, "days = 0 must be"),
        ({"status": "new", "silent": True}, "silent = True must be"),
        ({"status": "new", "table": "contacts"}, "table = 'contacts'"),
        ({"did": "sent", "table": "orders"}, "table = 'orders'"),
        ({"status": "new", "from": "2026-01-01"}, "from"),
    ],
)
def test_what_is_no_rule_is_refused(rule, problem):
    with pytest.raises(InsightError, match=problem):
        checked_rule(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"status": "new"}, "bought for the first time in the last 30 days"),
        ({"status": "new", "table": "events", "days": 1}, "came for the first time in the last 1 day"),
        ({"status": "returning"}, "bought in the last 30 days, and before that no more than 90 days earlier"),
        ({"status": "reactivated", "silent": 60}, "bought in the last 30 days, after a silence of more than 60 days"),
        ({"status": "lapsed", "days": 90}, "bought before, but not in the last 90 days"),
        ({"status": "lapsed", "table": "events"}, "came before, but not in the last 30 days"),
        ({"did": "sent", "table": "contacts", "at_least": 3, "days": 7},
         "did sent at least 3 times (contacts) in the last 7 days"),
        ({"measure": "average_order_value", "value": 50}, "the average order value is at least 50"),
    ],
)  # fmt: skip
def test_a_rule_in_words(rule, words):
    assert in_words(checked_rule(rule)) == words


# -- how large --------------------------------------------------------------------------------------------------------


@pytest.fixture
def tables():
    events = log("ana visit 0\nana buy 1\nben visit 2\ncyd visit 3\ncyd buy 4\ndan visit 9")
    bought = orders("ana 10 1\nana 5.50 2\ncyd 20 4\ncyd -20 5\nfay 7 6")
    return {"events": events, "orders": bought, "customers": customers(ana="DE", ben="DE", cyd="FR", gus="FR")}


def test_each_condition_narrows_what_those_above_left(tables):
    rule = {
        "all": [{"did": "visit"}, {"not": {"did": "buy"}}, {"column": "country", "value": "DE", "table": "customers"}]
    }
    found = audience_size(Audience(rule), tables)
    assert found.steps["condition"].tolist()[:2] == ["Everyone", "did visit"]
    assert found.steps[["alone", "n_customers", "change"]].to_numpy().tolist() == [
        [6, 6, 0], [4, 4, -2], [4, 2, -2], [2, 1, -1],
    ]  # fmt: skip
    assert (found.n_customers, found.n_all, found.share) == (1, 6, 1 / 6)


def test_conditions_of_which_one_is_enough_add_up(tables):
    found = audience_size(Audience({"any": [{"did": "buy"}, {"measure": "revenue", "value": 7}]}), tables)
    assert found.steps[["alone", "n_customers", "change"]].to_numpy().tolist() == [[6, 6, 0], [2, 2, 2], [2, 3, 1]]


def test_value_counts_purchases_and_takes_refunds_off(tables):
    found = audience_size(Audience({"did": "buy"}), tables)
    assert (found.orders, found.revenue, found.buyers) == (3, 15.5, 2)
    assert (found.average_order_value, found.revenue_share) == (15.5 / 3, 15.5 / 22.5)


def test_value_ends_with_the_day_of_the_audience(tables):
    found = audience_size(Audience({"did": "visit"}, as_of="2026-01-02"), tables)
    assert (found.orders, found.revenue, found.n_all) == (
        1,
        10.0,
        4,
    )  # the file of customers has no dates: all of them are known


def test_without_orders_no_value_is_claimed(tables):
    found = audience_size(Audience({"did": "buy"}), tables["events"])
    assert np.isnan(found.revenue)
    assert np.isnan(found.orders)
    assert "That needs" not in audience_reading(found)
    assert "cannot be said" in audience_reading(found)


def test_several_currencies_are_never_added_up():
    table = read_orders(b"user,date,amount,currency\nana,2026-01-01,5,EUR\nben,2026-01-02,5,USD\n")
    assert np.isnan(audience_size(Audience({"not": {"ids": []}}), table).revenue)


@settings(max_examples=25, deadline=None)
@given(chosen=st.lists(st.sampled_from([
    {"did": "visit"}, {"did": "purchase", "days": 200}, {"status": "lapsed", "days": 60}, {"ids": ["C00001"]},
    {"column": "region", "value": "east", "table": "customers"}, {"measure": "orders", "value": 2},
]), min_size=1, max_size=4), how=st.sampled_from(["all", "any"]))  # fmt: skip
def test_the_last_step_is_the_audience_whatever_the_rule(chosen, how):
    found = audience_size(Audience({how: chosen}), SHOP)
    expected = audience_ids(Audience({how: chosen}), SHOP)
    assert found.n_customers == found.steps["n_customers"].iloc[-1] == len(expected)
    rows = SHOP["orders"].frame[SHOP["orders"].frame["customer_id"].isin(set(expected))]
    assert found.revenue == pytest.approx(rows["amount"].sum(), abs=1e-6)
    assert found.orders == (rows["amount"] > 0).sum()


SHOP = {kind: sample(f"shop_{kind}") for kind in ("events", "orders", "customers")}


def test_an_audience_and_the_rest_have_all_of_the_revenue():
    rule = {"did": "add_to_cart", "days": 100}
    parts = [audience_size(Audience(one), SHOP) for one in (rule, {"not": rule})]
    assert sum(part.n_customers for part in parts) == parts[0].n_all
    assert sum(part.revenue_share for part in parts) == pytest.approx(1)
    assert sum(part.orders for part in parts) == 1_214


def test_the_size_in_words(tables):
    found = audience_size(Audience({"did": "buy"}), tables)
    assert audience_reading(found) == (
        "**2** of 6 customers (33.3%) fit: did buy.\n\n"
        "So far they brought in **15.50**, 68.9% of all revenue, with 3 orders of 2 buyers; refunds are taken off."
    )
    nobody = audience_size(Audience({"ids": ["zoe"]}), tables)
    assert audience_reading(nobody) == "**Nobody** of 6 customers fits: are zoe."


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("how", ["all", "any"])
def test_the_steps_are_drawn(tables, theme, how):
    found = audience_size(Audience({how: [{"did": "visit"}, {"did": "buy"}]}), tables)
    chart = audience_steps(found, theme=theme, narrow=theme == "dark")
    assert chart_picture(chart, "svg", theme=theme)
    assert chart.description.startswith("Everyone: 6 · 100%; did visit: 4 · 66.7%; did buy: ")
