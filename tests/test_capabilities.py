"""What tables can answer, and what is missing, in the visitor's own numbers."""

import pandas as pd
import pytest

from insight.tables import capabilities, inspect_file, read_campaigns, read_customers, read_events, read_orders, sample
from insight.tables.capabilities import ANALYSES, MODEL_CUSTOMERS, MODEL_REPEATERS
from tests.files import events, orders


def answer(analysis, **tables):
    """(possible, reason) of one analysis."""
    row = capabilities(tables).set_index("analysis").loc[analysis]
    return bool(row["possible"]), row["reason"]


def shop(customers, repeaters, gap=10):
    """Orders: each customer buys on 1 January, so many of them once more `gap` days later."""
    again = (pd.Timestamp("2026-01-01") + pd.Timedelta(days=gap)).date()
    lines = [f"{n},u{n},2026-01-01,5" for n in range(customers)]
    lines += [f"{customers + n},u{n},{again},5" for n in range(repeaters)]
    return orders("\n".join(lines) + "\n")


def test_every_analysis_is_answered_once_and_in_order():
    table = capabilities({})
    assert table["analysis"].tolist() == list(ANALYSES)
    assert table.columns.tolist() == ["analysis", "possible", "reason"]
    assert not table["possible"].any()
    assert table["reason"].str.fullmatch("Needs .*[.]").all()


def test_without_a_table_the_kind_is_named():
    assert answer("funnel") == (False, "Needs a table of events.")
    assert answer("cohorts") == (False, "Needs a table of orders or a table of events.")


def test_a_funnel_needs_two_kinds_and_someone_who_does_both():
    assert answer("funnel", events=events("ana,visit,2026-01-01\nana,visit,2026-01-02\n"))[0] is False
    lone = events("ana,visit,2026-01-01\nben,buy,2026-01-02\n")
    assert answer("journeys", events=lone)[1] == "Every customer has one event only: nobody goes from one to another."
    assert answer("funnel", events=events("ana,visit,2026-01-01\nana,buy,2026-01-02\n"))[0]


def test_retention_needs_two_weeks_and_someone_who_comes_back():
    week = events("ana,visit,2026-01-01\nana,visit,2026-01-07\n")
    assert answer("cohorts", events=week) == (False, "Needs 14 days of data; you have 7.")
    never = events("ana,visit,2026-01-01\nben,visit,2026-01-20\n")
    assert answer("cohorts", events=never) == (False, "Nobody comes back: every customer has one day only.")
    two = events("ana,visit,2026-01-01\nana,visit,2026-01-14\n")
    assert answer("cohorts", events=two) == (True, "1 customer over 14 days.")
    assert answer("cohorts", events=never, orders=shop(3, 2, gap=20)) == (True, "3 customers over 21 days.")


def test_days_are_those_of_the_table_s_time_zone():
    text = "ana,visit,2026-01-01 23:30Z\nana,visit,2026-01-02 00:30Z\nben,visit,2026-01-30 10:00Z\n"
    assert answer("cohorts", events=events(text))[0]
    assert not answer("cohorts", events=events(text, timezone="Europe/Berlin"))[0]


def test_churn_needs_thirty_who_came_back():
    assert answer("churn", orders=shop(50, 29, gap=20)) == (False, "Needs 30 customers who came back; you have 29.")
    assert answer("churn", orders=shop(50, 30, gap=20)) == (True, "30 customers came back.")


def test_segments_and_the_formula_need_purchases_in_one_currency():
    refunds = orders("1,ana,2026-01-01,-5\n")
    assert answer("segments", orders=refunds) == answer("clv", orders=refunds)
    assert answer("segments", orders=refunds) == (False, "No order has an amount above zero.")
    mixed = orders("1,ana,2026-01-01,$5\n2,ben,2026-01-01,5 EUR\n")
    assert answer("clv", orders=mixed) == (False, "Several currencies: EUR, USD. Keep one of them.")
    assert answer("segments", orders=shop(4, 0)) == (False, "Needs 5 customers who bought; you have 4.")
    assert answer("clv", orders=shop(4, 0)) == (
        True, "4 purchases of 4 customers. By formula only: a model needs 100 customers who bought; you have 4.",
    )  # fmt: skip
    assert answer("segments", orders=shop(5, 1)) == (True, "6 purchases of 5 customers.")


@pytest.mark.parametrize(
    ("customers", "repeaters", "gap", "expected"),
    [
        (
            99,
            99,
            10,
            "198 purchases of 99 customers. By formula only: a model needs 100 customers who bought; you have 99.",
        ),
        (
            140,
            37,
            10,
            "177 purchases of 140 customers. By formula only: a model needs 100 customers with orders on 2 "
            "days; you have 37.",
        ),
        (
            140,
            100,
            10,
            "240 purchases of 140 customers. By formula only: a model needs 30 days of data, 3 times the "
            "usual gap between orders; you have 11.",
        ),
    ],
)
def test_a_model_says_what_it_lacks(customers, repeaters, gap, expected):
    assert answer("clv", orders=shop(customers, repeaters, gap)) == (True, expected)


def test_a_model_is_possible_from_its_thresholds_on():
    first = shop(MODEL_CUSTOMERS, MODEL_REPEATERS, gap=1).frame
    late = pd.DataFrame({"order_id": ["x"], "customer_id": ["u0"], "order_date": ["2026-01-03"], "amount": [5]})
    late["order_date"] = pd.to_datetime(late["order_date"])
    table = read_orders(pd.concat([first.drop(columns="amount_minor"), late]))
    assert answer("clv", orders=table) == (True, "100 customers, 100 with orders on 2 days.")


def test_two_orders_on_one_day_are_no_repeat():
    same_day = orders("".join(f"{n},u{n // 2},2026-01-01,5\n" for n in range(400)))
    assert answer("clv", orders=same_day)[1].endswith("a model needs 100 customers with orders on 2 days; you have 0.")


def test_campaigns_need_something_beside_the_spend():
    def campaigns(text):
        return read_campaigns(text.encode())

    bare = campaigns("date,spend\n2026-01-01,5\n")
    assert answer("campaigns", campaigns=bare) == (False, "Needs clicks, conversions or revenue beside the spend.")
    free = campaigns("date,spend,clicks\n2026-01-01,0,5\n")
    assert answer("campaigns", campaigns=free) == (False, "Nothing was spent: every spend is zero.")
    clicks = campaigns("date,spend,clicks\n2026-01-01,5,5\n2026-01-03,5,5\n")
    assert answer("campaigns", campaigns=clicks) == (
        True,
        "1 Jan 2026 to 3 Jan 2026; without revenue there is no ROAS and no ROI.",
    )


def test_attribution_needs_two_channels_and_a_conversion():
    def touches(*channels):
        rows = "".join(f"ana,{event},2026-01-0{n},{channel}\n" for n, (event, channel) in enumerate(channels, 1))
        return read_events(("user,event,time,channel\n" + rows).encode())

    assert answer("attribution", events=events("ana,visit,2026-01-01\n"))[1] == "Needs a channel column in the events."
    one = touches(("visit", "ads"), ("buy", "ads"))
    assert answer("attribution", events=one)[1] == "The events come through one channel only; it needs two."
    visits = touches(("visit", "ads"), ("visit", "mail"))
    assert answer("attribution", events=visits)[1].startswith("Needs an event that counts as a conversion")
    assert answer("attribution", events=visits, orders=shop(1, 0)) == (True, "1 customer and 2 channels.")
    assert answer("attribution", events=touches(("visit", "ads"), ("buy", "mail")))[0]


def test_the_sample_shop_can_answer_everything():
    tables = {kind: sample(f"shop_{kind}") for kind in ("events", "orders", "campaigns")}
    assert capabilities(tables)["possible"].all()


def test_a_file_that_could_be_read_otherwise_says_how():
    report = inspect_file(b"user,event,time,value\nana,visit,2026-01-01,\nana,buy,2026-01-02,5\n")
    assert report.tables == ["events", "orders"]
    said = report.answers.set_index("analysis")["reason"]
    assert said["segments"] == "Read the file as a table of orders to answer this."
    assert said["campaigns"] == "Needs a spend column."


def test_contracts_need_the_days_or_the_length_of_them():
    columns = {"customer_id": ["ana", "ben"], "tenure": [3, 5], "churn": ["yes", "no"]}
    assert answer("churn", customers=read_customers(pd.DataFrame(columns))) == (
        True, "2 customers with a contract (tenure, churn).",
    )  # fmt: skip
    without = read_customers(pd.DataFrame({"customer_id": ["ana", "ben"], "region": ["east", "west"]}))
    assert answer("churn", customers=without) == (
        False, "Needs the days on which customers came and left, or how long each stayed and who is gone.",
    )  # fmt: skip
