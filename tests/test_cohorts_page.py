"""The Cohorts page: what it shows is what the functions give, with orders, with events, and with next to nothing."""

import pytest

from insight import cohort_revenue, members, retention, sample
from insight.explain import cohort_revenue_reading, retention_criteria, retention_reading
from tests.app import DATA, go, open_page, upload

COHORTS = "pages/explore/cohorts.py"
ORDERS = b"""order_id,customer_id,order_date,amount
1,ana,2026-01-05,10
2,ben,2026-01-20,20
3,ana,2026-02-07,10
4,eva,2026-03-30,5
"""


def said(at):
    return [one.value for one in at.markdown]


def test_the_page_opens_on_the_answer():
    at = open_page(COHORTS, data="shop")
    found = retention(sample("shop_orders"), period="month", criterion="on")
    assert said(at)[0] == retention_reading(found)
    assert said(at)[1] == retention_criteria(found, 1)
    assert len(at.get("vega_lite_chart")) == 2  # the grid and the curves
    assert at.query_params == {"data": "shop"}


def test_a_link_restores_what_was_chosen():
    link = {"of": "events", "period": "week", "criterion": "bracket", "bracket": "[2,4]", "clock": "rolling"}
    link |= {"cohort": '{"event":"purchase"}', "returns": '["purchase"]', "guard": "30D", "by": "device"}
    at = open_page(COHORTS, data="shop", **link)
    asked = {
        "period": "week",
        "criterion": "bracket",
        "bracket": [2, 4],
        "clock": "rolling",
        "guard": "30D",
        "by": "device",
    }
    found = retention(sample("shop_events"), cohort={"event": "purchase"}, returns=["purchase"], **asked)
    assert said(at)[0] == retention_reading(found)
    assert at.query_params["cohort"] == '{"event":"purchase"}'


def test_a_setting_of_a_link_that_cannot_be_meant_is_left_out():
    at = open_page(COHORTS, data="shop", criterion="onn", by="nothing", cohort='{"event":"nothing"}', at="-1")
    assert said(at)[0] == retention_reading(retention(sample("shop_orders")))
    assert "could not be used (criterion, at, by, cohort)" in at.warning[0].value


def test_another_definition_is_one_choice_away():
    at = open_page(COHORTS, data="shop")
    at.selectbox(key="cohorts.criterion").select("on_or_after").run()
    assert said(at)[0] == retention_reading(retention(sample("shop_orders"), criterion="on_or_after"))
    at.selectbox(key="cohorts.criterion").select("bracket").run()
    assert said(at)[0] == retention_reading(retention(sample("shop_orders"), criterion="bracket", bracket=[1, 3]))
    assert not at.exception


def test_the_other_table_has_other_columns_and_forgets_those_of_this_one():
    at = open_page(COHORTS, data="shop", by="product", look="revenue")
    assert said(at)[0] == retention_reading(retention(sample("shop_orders"), by="product"))
    at.segmented_control(key="cohorts.of").set_value("events").run()
    assert not at.exception
    assert not at.error
    assert said(at)[0] == retention_reading(retention(sample("shop_events")))


def test_money_is_shown_and_the_cost_of_a_customer_paid_back():
    at = open_page(COHORTS, data="shop", look="aov")
    orders = sample("shop_orders")
    assert cohort_revenue_reading(cohort_revenue(orders)) in said(at)
    at = open_page(COHORTS, data="shop", show="revenue", acquisition_cost="40.0", margin="0.4")
    assert cohort_revenue_reading(cohort_revenue(orders, acquisition_cost=40.0, margin=0.4)) in said(at)


@pytest.mark.parametrize("show", ["curves", "groups", "revenue", "peers"])
@pytest.mark.parametrize(
    "more", [{"by": "channel"}, {"cohort": '{"column":"channel"}'}, {"of": "events", "by": "device"}]
)
def test_every_tab_shows_something_with_groups_and_without(show, more):
    at = open_page(COHORTS, data="shop", show=show, look="revenue", acquisition_cost="40.0", margin="0.4", **more)
    assert not at.exception
    assert not at.error


def test_one_cohort_is_set_against_all_others():
    at = open_page(COHORTS, data="shop", one="2025-09-01")
    assert "Sep 2025 against all others" in [one.value for one in at.subheader]
    assert len(at.get("vega_lite_chart")) == 3


def test_behind_every_cell_stand_its_people():
    at = open_page(COHORTS, data="shop", people='{"cohort":"2025-02-01","period":2,"retained":false}')
    cell = {"cohort": "2025-02-01", "period": 2, "retained": False}
    ids = members("retention", sample("shop_orders"), {}, cell)
    assert f"**{len(ids)}** customers started in Feb 2025 and did not come back" in "\n".join(said(at))
    assert any(text.value.startswith(", ".join(ids[:20])) for text in at.text)
    at.segmented_control(key=f"cohorts.people.{1}.which").set_value("yes").run()
    ids = members("retention", sample("shop_orders"), {}, cell | {"retained": True})
    assert f"**{len(ids)}** customers started in Feb 2025 and came back" in "\n".join(said(at))


def test_orders_alone_are_enough():
    at = upload(open_page(), ORDERS, "orders.csv")
    assert at.button(key="go.cohorts")
    go(at, COHORTS)
    assert not at.error
    assert said(at)[0].startswith("2 customers have lived to the end of week 1, 0 of them are retained: too few")


def test_events_alone_are_enough():
    go(at := upload(open_page()), COHORTS)
    assert not at.error
    assert said(at)[0].startswith("2 customers have lived to the end of day 1, 1 of them are retained")
    at.segmented_control(key="cohorts.period").set_value("month").run()
    assert said(at)[0].startswith("3 customers started, but month 1 is not over for any cohort")
    assert not at.exception


def test_without_data_the_page_says_what_it_reads():
    at = open_page(COHORTS)
    assert (
        "This page reads **orders: who bought, when, and for how much** or **events: who did what, and when**."
        in said(at)
    )
    at.button(key="need.sample").click().run()
    assert at.query_params["data"] == "shop"


def test_too_many_cohorts_say_what_to_choose():
    rows = b"".join(b"%d,u%d,%d-01-01,5\n" % (n, n % 40, 2000 + n // 40) for n in range(400))
    go(at := upload(open_page(), b"order_id,customer_id,order_date,amount\n" + rows, "years.csv"), COHORTS)
    assert not at.error
    at.segmented_control(key="cohorts.period").set_value("day").run()
    assert "too many" in at.error[0].value
    assert at.query_params["period"] == "day"


def test_the_data_page_leads_here():
    at = open_page(DATA, data="shop")
    assert at.button(key="go.cohorts")
