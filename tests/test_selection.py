"""The filter of the shell and the audiences of a visit: what every page then sees, and what a link may hold."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.app import DATA, EVENTS, FUNNEL, GLOSSARY, go, open_page, upload

BUYERS = {"did": "purchase"}
THREE_PAGES = [DATA, FUNNEL, GLOSSARY]


def words(at):
    return "\n".join([*(markdown.value for markdown in at.markdown), *(text.value for text in at.text)])


def labelled(widgets, label):
    return next(widget for widget in widgets if widget.label == label)


@pytest.fixture
def buyers():
    return open_page(FUNNEL, data="shop", only=json.dumps(BUYERS))


def test_a_filter_is_said_on_every_page_with_what_it_leaves(buyers):
    for page in THREE_PAGES:
        go(buyers, page)
        assert "**496** of 3,990 customers · who did purchase" in words(buyers)


def test_a_filter_reaches_the_numbers(buyers):
    assert "of 3,903 customers" not in words(buyers)
    assert "of 491 customers who did **visit**" in words(buyers)


def test_a_filter_stays_in_the_address_from_page_to_page_until_it_is_cleared(buyers):
    for page in THREE_PAGES:
        go(buyers, page)
        assert json.loads(buyers.query_params["only"]) == BUYERS
    buyers.button(key="clear").click().run()
    assert buyers.query_params == {"data": "shop"}
    assert "A filter" not in words(buyers)


def test_days_are_chosen_in_the_sidebar_and_end_the_data_for_every_page():
    at = open_page(FUNNEL, data="shop")
    labelled(at.date_input, "From").set_value("2025-03-01")
    labelled(at.date_input, "To").set_value("2025-03-31").run()
    assert not at.exception
    assert at.query_params == {"data": "shop", "from": "2025-03-01", "to": "2025-03-31"}
    assert "1 Mar 2025 to 31 Mar 2025" in words(at)
    assert "before the data ended (31 Mar 2025)" in words(at)


def test_a_filter_that_leaves_nothing_says_so_and_can_be_cleared():
    at = open_page(FUNNEL, data="shop", **{"from": "2031-01-01"})
    assert [header.value for header in at.header] == ["The filter leaves nothing to look at here"]
    assert "**0** of" in words(at)
    at.button(key="clear.empty").click().run()
    assert not at.exception
    assert "of 3,903 customers" in words(at)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("from", "soon"),
        ("from", "2026-13-01"),
        ("to", "20260131"),
        ("to", "[1]"),
        ("only", "everyone"),
        ("only", '{"did":7}'),
        ("only", '{"nobody":1}'),
        ("only", '{"any":[]}'),
        ("only", '{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"did":"a"}}}}}}}}}}'),
        ("only", "[" * 3000),
        ("as_of", "never"),
    ],
)
def test_a_filter_that_nobody_can_mean_is_dropped_with_one_message(name, text):
    at = open_page(FUNNEL, data="shop", **{name: text})
    assert [warning.value for warning in at.warning] == [
        "The filter in the link could not be used. You see everyone on all days."
    ]
    assert at.query_params == {"data": "shop"}


def test_a_rule_about_what_the_file_does_not_have_is_explained_and_can_be_cleared():
    at = open_page(FUNNEL, data="shop", only='{"did":"flew"}')
    assert "flew" in words(at)
    at.button(key="clear.empty").click().run()
    assert "of 3,903 customers" in words(at)


def test_a_link_never_holds_a_list_of_customers_and_says_that_it_needs_one():
    at = open_page(FUNNEL, data="shop", only='{"ids":["C00001","C00002"]}')
    assert at.query_params == {"data": "shop", "only": "file"}
    assert "**2** of 3,990 customers" in words(at)
    friend = open_page(FUNNEL, **at.query_params)
    assert [warning.value for warning in friend.warning] == [
        "This link was made for a list of customers. A link never holds one: open the saved set-up that does."
    ]
    assert "of 3,903 customers" in words(friend)


def test_a_filter_belongs_to_the_data_it_was_chosen_on(buyers):
    go(buyers, DATA)
    upload(buyers, EVENTS)
    assert "only" not in buyers.query_params
    assert "customers · who did purchase" not in words(buyers)


def test_a_step_that_nobody_does_under_the_filter_is_reached_by_nobody():
    at = open_page(FUNNEL, data="shop", only='{"not":{"did":"purchase"}}')
    assert not at.exception
    assert "**0%** of 3,411 customers who did **visit** went on to **purchase**" in words(at)


def test_a_rule_may_look_at_another_table():
    at = open_page(FUNNEL, data="shop", only='{"measure":"orders","value":2}')
    assert not at.exception
    assert "the number of orders is at least 2" in words(at)
    assert "of 3,903 customers" not in words(at)


TABLES = """
import streamlit as st
from ui import session
session.start()
session.arrive("demo")
used = session.compute("funnel_worth", session.table("events"), {"steps": ["visit", "purchase"]}).tables
st.json({kind: [len(table.frame), len(session.everyone(kind).frame)] for kind, table in used.items()})
"""


def test_the_filter_reaches_every_table_an_analysis_uses():
    at = AppTest.from_string(TABLES, default_timeout=60)
    at.query_params["data"], at.query_params["to"] = "shop", "2025-06-30"
    left = json.loads(at.run().json[0].value)
    assert set(left) == {"events", "orders"}
    assert all(0 < some < everything for some, everything in left.values())


# -- audiences --------------------------------------------------------------------------------------------------------


def kept(at, name="stopped at the cart"):
    """Look at who reached step 3 and not step 4, and keep them."""
    at.selectbox(key="funnel.people").set_value({"step": 4, "reached": False}).run()
    labelled(at.text_input, "Keep them as an audience called").set_value(name)
    at.button(key="people.keep").click().run()
    assert not at.exception
    return at


def test_people_behind_a_bar_are_kept_as_a_rule_and_chosen_in_the_filter():
    at = kept(open_page(FUNNEL, data="shop"))
    (rule,) = (audience["rule"] for audience in at.session_state["audiences.kept"].values())
    assert set(rule) == {"members", "settings", "cell"}
    labelled(at.selectbox, "Customers").set_value({"rule": rule, "as_of": None}).run()
    assert "**384** of 3,990 customers · stopped at the cart" in words(at)
    assert json.loads(at.query_params["only"]) == rule


def test_an_audience_is_a_breakdown_too():
    at = kept(open_page(FUNNEL, data="shop"))
    labelled(at.selectbox, "Compare groups").set_value(("audience", "stopped at the cart")).run()
    assert not at.exception
    assert "in stopped at the cart" in str(at.dataframe[0].value["group"].tolist())
    again = open_page(FUNNEL, **at.query_params)
    assert not again.warning
    assert again.query_params == at.query_params


def test_kept_under_a_filter_of_days_people_stay_the_same_people():
    """On all days others would have stopped at the cart: the very people are kept, as a list."""
    at = open_page(FUNNEL, data="shop", **{"from": "2025-03-01", "to": "2025-04-30"})
    kept(at)
    (rule,) = (audience["rule"] for audience in at.session_state["audiences.kept"].values())
    assert set(rule) == {"ids"}
    assert f"**{len(rule['ids'])}** customers reached add" in words(at)


def test_what_a_recipe_needs_goes_out_and_comes_back():
    page = """
import streamlit as st
from ui import session
session.start()
session.arrive("demo")
session.use_sample("shop")
if "restored" not in session.memory("demo"):
    session.memory("demo")["restored"] = True
    session.restore_audiences({"buyers": {"rule": {"did": "purchase"}, "as_of": None}})
    session.restore_selection({"from": "2025-02-01", "only": {"did": "purchase"}})
    session.restore_settings({"demo": {"within": "1D", "level": 7}})
choose = session.settings("demo", session.table("events"), within=("7D", ["1D", "7D"]), level=(0.95, [0.9, 0.95]))
st.json({"a": session.saved_audiences(), "f": session.selection(), "s": session.all_settings()})
"""
    at = AppTest.from_string(page, default_timeout=60).run()
    assert not at.exception
    assert json.loads(at.json[0].value) == {
        "a": {"buyers": {"rule": {"did": "purchase"}, "as_of": None}},
        "f": {"from": "2025-02-01", "only": {"did": "purchase"}},
        "s": {"demo": {"within": "1D"}},
    }
    assert len(at.warning) == 1  # of the level that is none
