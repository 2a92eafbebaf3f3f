"""What a link says the Funnel page keeps, or says that it could not: nothing is changed without a word."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from insight import funnel_peers, funnel_trend, funnel_worth, sample
from tests.app import FUNNEL, open_page

EVENTS = b"""customer_id,event,timestamp,value,channel
ana,visit,2026-01-01 10:00,10,ads
ana,purchase,2026-01-02 09:00,44,ads
ben,visit,2026-01-03 11:00,20,mail
ben,purchase,2026-01-03 12:00,60.5,mail
eve,visit,2026-01-20 08:00,,5
"""
FIRST, SECOND = "Part of the link could not be used (", "). The usual settings are shown there."


def editor(where: list, table: bytes):
    """A page with the editor of conditions alone."""
    import streamlit as st

    from insight import read_events
    from ui.conditions import conditions

    first = st.session_state.get("where", where)
    st.session_state["where"] = conditions(first, read_events(table).frame, "demo", "demo")
    st.json(st.session_state["where"])


def edited(where):
    at = AppTest.from_function(editor, kwargs={"where": where, "table": EVENTS}, default_timeout=60).run()
    assert not at.exception
    return at


BEYOND_THE_INPUTS = [
    ["customer_id", "==", "ana"],
    ["customer_id", "is missing"],
    ["event", "contains", "vis"],
    ["timestamp", ">=", "2026-01"],
    ["timestamp", ">=", "2026-01-05 14:30"],
    ["timestamp", "<=", "9999-12-31"],
    ["timestamp", "contains", "14:3"],
    ["timestamp", "in", ["2026-01-01", "2026-01-03"]],
    ["value", "in", [10, 20]],
    ["value", ">=", "20"],
    ["value", ">=", True],
    ["value", ">=", 10**30],
    ["value", "contains", "5"],
    ["channel", "in", [1, 2]],
    ["channel", "in", ["ads", "ads"]],
    ["channel", ">=", "b"],
    ["channel", "==", 5],
    ["channel", "contains", 5],
]
WITHIN_THE_INPUTS = [
    ["timestamp", ">=", "2026-01-05"],
    ["value", ">=", 20],
    ["value", "!=", 20.5],
    ["value", "is missing"],
    ["channel", "==", "no such"],
    ["channel", "in", ["mail", "ads"]],
    ["channel", "contains", "a"],
]


@pytest.mark.parametrize("condition", [*BEYOND_THE_INPUTS, *WITHIN_THE_INPUTS], ids=repr)
def test_a_condition_of_a_link_stays_exactly_as_it_is(condition):
    at = edited([condition, ["value", "<", 50]])
    assert json.loads(at.json[0].value) == [condition, ["value", "<", 50]]
    assert repr(json.loads(at.run().json[0].value)) == repr([condition, ["value", "<", 50]])


@pytest.mark.parametrize("condition", BEYOND_THE_INPUTS, ids=repr)
def test_what_the_inputs_cannot_say_is_read_and_can_be_removed(condition):
    at = edited([condition, ["value", "<", 50]])
    assert at.text[0].value.startswith(condition[0])
    (remove,) = at.button
    assert remove.label == "Remove"
    remove.click().run()
    assert json.loads(at.json[0].value) == [["value", "<", 50]]
    assert not at.text
    assert json.loads(at.run().json[0].value) == [["value", "<", 50]]


def test_a_list_of_values_does_not_become_the_text_to_search_for():
    at = edited([["channel", "in", ["ads"]]])
    at.selectbox(key="demo.0.0.channel.how").select("contains").run()
    assert at.text_input[0].value == ""


def test_a_condition_of_a_link_survives_opening_the_page():
    steps = [{"events": ["visit"], "where": [["value", "in", [10, 20]]]}, "purchase"]
    at = open_page(FUNNEL, data="shop", steps=json.dumps(steps))
    assert json.loads(at.query_params["steps"]) == steps


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("by", {"column": "channel", "top": 100}),
        ("by", {"audience": "some", "rule": {"did": "visit"}, "top": 100}),
        ("points", 0.05),
        ("start", "2020-01-01"),
        ("end", "2031-01-01"),
        ("exclude", [{"events": ["search"]}] * 6),
    ],
)
def test_what_the_page_cannot_show_is_said_and_not_changed(name, value):
    text = value if isinstance(value, str) else json.dumps(value)
    at = open_page(FUNNEL, data="shop", **{name: text}, show="worth")
    assert [warning.value for warning in at.warning] == [FIRST + name + SECOND]
    assert name not in at.query_params


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("by", {"column": "channel", "top": 50}),
        ("by", "value"),
        ("unit", {"session_gap": "1h"}),
        ("points", 0.1),
        ("exclude", [{"events": ["search"]}] * 5),
    ],
)
def test_what_the_page_can_show_stays_in_the_link(name, value):
    text = value if isinstance(value, str) else json.dumps(value)
    at = open_page(FUNNEL, data="shop", **{name: text}, show="worth")
    assert not at.warning
    assert not at.error
    found = at.query_params[name]
    assert (found if isinstance(value, str) else json.loads(found)) == value
    assert at.run().query_params[name] == found
    assert not at.exception


def test_sessions_with_a_pause_of_their_own_can_be_left_for_customers():
    at = open_page(FUNNEL, data="shop", unit='{"session_gap":"1h"}')
    control = next(one for one in at.segmented_control if one.label == "What is counted")
    assert control.value == {"session_gap": "1h"}
    control.set_value("customer").run()
    assert not at.exception
    assert "unit" not in at.query_params


def test_a_section_names_what_it_does_not_use():
    at = open_page(FUNNEL, data="shop", unit="session", by="channel", show="worth")
    assert ":small[Here customers are counted, not sessions. Here all groups are counted together.]" in [
        text.value for text in at.markdown
    ]
    plain = open_page(FUNNEL, data="shop", show="worth")
    assert not any(text.value.startswith(":small[Here") for text in plain.markdown)
    trend = open_page(FUNNEL, data="shop", show="trend")
    assert any("Here the first attempt counts, not the best." in text.value for text in trend.markdown)


def test_the_group_of_the_people_behind_a_bar_is_in_the_link():
    at = open_page(FUNNEL, data="shop", by="channel", people='{"step":2,"reached":false}')
    (group,) = [box for box in at.selectbox if box.label == "Group"]
    group.select("direct").run()
    asked = {"step": 2, "reached": False, "group": "direct"}
    assert json.loads(at.query_params["people"]) == asked
    again = open_page(FUNNEL, **at.query_params)
    assert not again.warning
    assert next(box for box in again.selectbox if box.label == "Group").value == "direct"
    assert json.loads(again.query_params["people"]) == asked
    assert any(
        text.value.endswith("customers reached visit\\, but not product\\_view\\, direct.") for text in again.markdown
    )
    again.selectbox(key="funnel.people").select_index(0).run()
    assert json.loads(again.query_params["people"])["group"] == "direct"
    next(box for box in again.selectbox if box.label == "Group").select_index(0).run()
    assert "group" not in json.loads(again.query_params["people"])


def test_a_group_that_is_gone_is_left_out_of_the_people():
    at = open_page(FUNNEL, data="shop", people='{"step":2,"reached":false,"group":"ads"}')
    assert json.loads(at.query_params["people"]) == {"step": 2, "reached": False}


def test_the_people_behind_a_point_of_the_trend_are_as_many_as_it_says():
    at = open_page(FUNNEL, data="shop", show="trend", steps='["visit","purchase"]')
    box = next(one for one in at.selectbox if one.label == "The people behind a point")
    trend = funnel_trend(sample("shop_events"), steps=["visit", "purchase"])
    full = trend.periods[trend.periods["observed"] == "full"]
    first = full.iloc[1]
    box.set_value(first["period"]).run()
    assert _behind(at, "first came") == first["entered"]
    for who, n in {"yes": first["reached"], "no": first["entered"] - first["reached"]}.items():
        next(one for one in at.segmented_control if one.label == "Who of them").set_value(who).run()
        assert not at.exception
        assert _behind(at, "first came") == n


def test_the_people_whom_a_tool_would_count_are_as_many_as_it_says():
    at = open_page(FUNNEL, data="shop", show="peers", steps='["visit","purchase"]')
    tools = funnel_peers(sample("shop_events"), steps=["visit", "purchase"]).tools.set_index("tool")
    box = next(one for one in at.selectbox if one.label == "The people whom a tool would count")
    box.set_value("reached the end, as Mixpanel counts").run()
    assert not at.exception
    assert _behind(at, "as Mixpanel counts") == tools.loc["Mixpanel", "reached_last"]


def test_the_people_whom_a_better_step_could_keep_are_those_it_loses():
    at = open_page(FUNNEL, data="shop", show="worth", steps='["visit","purchase"]')
    row = funnel_worth(sample("shop_events"), steps=["visit", "purchase"]).steps.iloc[0]
    box = next(one for one in at.selectbox if one.label == "The people whom a better step could keep")
    box.set_value("reached visit, but not purchase").run()
    assert not at.exception
    assert _behind(at, "but not purchase") == row["before"] - row["reached"]


def _behind(at, said):
    """How many customers the page says did this."""
    (found,) = [text.value for text in at.markdown if text.value.startswith("**") and said in text.value]
    return int(found.split("**")[1].replace(",", ""))
