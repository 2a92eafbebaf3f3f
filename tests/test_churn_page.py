"""The Churn page: for orders, events and contracts; its settings, its people, its links."""

import pytest

from tests.app import go, open_page, upload
from ui.link import encode

CHURN = "pages/explore/churn.py"
CLUB = b"customer_id,tenure,churn,plan\n" + b"".join(
    b"c%03d,%d,%s,%s\n" % (k, k % 24 + 1, b"Yes" if k % 3 else b"No", b"yearly" if k % 4 else b"monthly")
    for k in range(120)
)


def said(at):
    return " ".join(markdown.value for markdown in at.markdown).replace("\\", "")


@pytest.fixture
def shop():
    return open_page(CHURN, data="shop")


def test_the_page_opens_on_its_sentence(shop):
    assert shop.markdown[0].value.startswith("On 31 Dec 2025 **48.2%** of 218 customers had been silent for 182 days")
    assert "bought again within 90 days" in said(shop)


def test_the_slider_moves_the_sentence_and_the_address_says_so(shop):
    shop.slider[0].set_value(60).run()
    assert not shop.exception
    assert "had been silent for 60 days or more" in shop.markdown[0].value
    assert "The data proposes 182 days." in shop.markdown[0].value
    assert shop.query_params["silent"] == ["60"] or shop.query_params["silent"] == "60"
    again = open_page(CHURN, data="shop", silent="60")
    assert again.markdown[0].value == shop.markdown[0].value


def test_events_may_be_looked_at_instead_of_purchases(shop):
    shop.segmented_control(key="churn.of").set_value("events").run()
    assert not shop.exception
    assert "Any event counts as activity." in shop.markdown[0].value
    shop.multiselect(key="churn.activity").set_value(["purchase"]).run()
    assert "Activity: **purchase**." in shop.markdown[0].value


def test_the_people_behind_the_numbers_are_as_many_as_it_says(shop):
    shop.selectbox(key="churn.people.of").set_value("have been silent for 182 days or more").run()
    assert not shop.exception
    assert "**105** customers have been silent for 182 days or more." in said(shop)


def test_the_people_with_the_highest_chances_are_listed(shop):
    shop.selectbox(key="propensity.people.of").set_value("have the highest chances to come back, the first 10%").run()
    assert not shop.exception
    assert "**50** customers have the highest chances to come back, the first 10%." in said(shop)


def test_a_sample_of_contracts_opens_without_a_complaint():
    at = open_page(CHURN, data="gym")
    assert at.markdown[0].value.startswith("Of 2,000 contracts, **1,138** have ended.")
    assert not at.warning


@pytest.mark.parametrize("show", ["trend", "groups", "contracts"])
def test_every_tab_opens(show):
    at = open_page(CHURN, data="shop", show=show, by="channel")
    assert "Among groups of 30 or more" in at.markdown[0].value


def test_a_table_of_customers_with_a_contract_is_read_at_once():
    at = go(upload(open_page(), CLUB, "club.csv"), CHURN)
    assert at.markdown[0].value.startswith("Of 120 contracts, **80** have ended.")
    next(box for box in at.selectbox if box.label == "Compare groups").set_value("plan").run()
    assert not at.exception
    assert "log-rank test" in at.markdown[0].value
    assert "by" in str(at.query_params["contract"])
    at.selectbox(key="survival.people.of").set_value("of monthly have left").run()
    assert not at.exception
    assert "**20** customers of monthly have left." in said(at)


def test_of_a_log_the_events_of_a_contract_are_asked_for():
    at = open_page(CHURN, data="shop", show="contracts")
    assert "This needs a file with one row for each customer and two columns" in said(at)
    assert "| C1 | 2025-01-15 | 2025-09-30 |" in said(at)
    assert "under “A contract begins with” and “and ends with”" in said(at)
    at = open_page(CHURN, data="shop", show="contracts", contract=encode({"start": "visit", "end": "purchase"}))
    assert "Of 3,990 contracts that began with **visit**, **495** ended with **purchase**." in said(at)


def test_too_little_data_is_said_and_the_page_stands():
    few = b"customer_id,event,timestamp\nana,visit,2026-01-01\nben,visit,2026-01-20\n"
    at = go(upload(open_page(), few, "few.csv"), CHURN)
    assert "Nobody ever came back" in at.error[0].value
