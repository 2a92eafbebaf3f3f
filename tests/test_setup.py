"""A saved set-up, the filter and the audiences of a visit: whose ids travel, what stays with which file."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as any_
from streamlit.testing.v1 import AppTest

from insight.audiences.kept import checked_name, lists_customers
from insight.errors import InsightError
from insight.recipe import apply_recipe, read_recipe, recipe
from insight.tables import read_events
from tests.app import DATA, EVENTS, FUNNEL, go, open_page, upload
from tests.files import patient
from ui import link

VIP = {"ids": ["ana", "ben"]}
OTHER = EVENTS.replace(b"visit", b"look")
BY_ID = {"by": "customer_id"}


def words(at):
    return "\n".join([*(markdown.value for markdown in at.markdown), *(text.value for text in at.text)])


# -- whose ids travel -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        {"steps": [{"event": "buy", "where": [["customer_id", "==", "ana"]]}]},
        {"did": "buy", "where": [["customer_id", "in", ["ana", "ben"]]]},
        {"did": "buy", "where": [["value", ">", 1], ["customer_id", "contains", "an"]]},
        {"members": "funnel", "settings": BY_ID, "cell": {"step": 2, "group": "ana"}},
        {"not": {"members": "funnel", "settings": {"by": {"column": "customer_id"}}, "cell": {"group": "ana"}}},
        {"column": "customer_id", "is": "!=", "value": "ana"},
    ],
)
def test_ids_are_seen_in_conditions_and_in_groups_too(value):
    assert lists_customers([{"all": [value]}])
    assert link.changed({"setting": value}, {"setting": None}) == {}
    assert "ana" not in recipe({}, {"funnel": {"setting": value}}).decode()


@pytest.mark.parametrize(
    "value",
    [
        {"did": "buy", "where": [["customer_id", "is missing"]]},
        {"column": "customer_id", "is": "is missing"},
        {"members": "funnel", "settings": BY_ID, "cell": {"step": 2}},
        {"members": "funnel", "settings": {"by": "channel"}, "cell": {"step": 2, "group": "ads"}},
        {"fix": "pseudonymise", "columns": ["customer_id", "email"]},
    ],
)
def test_what_names_no_customer_may_travel(value):
    assert not lists_customers(value)


def test_a_recipe_without_ids_leaves_them_out_of_the_pages_too():
    log = read_events(EVENTS)
    pages = {"funnel": {"by": {"audience": "vip", "rule": VIP}, "within": "1D"}, "trend": {"by": VIP}}
    without = recipe({"events": log}, pages)
    assert read_recipe(without).pages == {"funnel": {"within": "1D"}}
    assert b"ana" not in without
    assert read_recipe(recipe({"events": log}, pages, with_ids=True)).pages == pages


def test_the_box_for_ids_is_offered_when_a_page_s_setting_holds_some():
    at = upload(open_page())
    assert not [box for box in at.checkbox if box.key == "data.setup.ids"]
    setup = recipe({}, {"funnel": {"by": {"audience": "vip", "rule": VIP}}}, with_ids=True)
    upload(at, setup, "set-up.json")
    go(at, FUNNEL)
    go(at, DATA)
    assert at.checkbox(key="data.setup.ids")


# -- the filter and the files it was chosen on ------------------------------------------------------------------------


def filtered():
    at = upload(open_page(), recipe({}, selection={"only": {"ids": ["ana"]}}, with_ids=True), "set-up.json")
    upload(at)
    assert "**1** of 3 customers" in words(at)
    return at


def test_the_filter_goes_when_another_file_takes_the_place():
    at = upload(filtered(), OTHER, "other.csv")
    assert "** of 3 customers" not in words(at)
    assert "only" not in at.query_params


def test_the_filter_stays_when_the_same_file_is_read_again():
    at = upload(filtered(), recipe({"events": read_events(EVENTS, fixes=["drop_duplicates"])}), "set-up.json")
    assert "**1** of 3 customers" in words(at)
    upload(at)
    assert "**1** of 3 customers" in words(at)


def test_the_filter_stays_when_a_file_of_another_kind_joins_and_goes_with_its_own():
    at = upload(filtered(), b"order_id,customer_id,order_date,amount\n1,ana,2026-01-02,10\n", "orders.csv")
    assert "**1** of" in words(at)
    upload(at, OTHER, "other.csv")
    assert "only" not in at.query_params


def test_a_filter_of_a_link_that_waits_for_its_file_belongs_to_that_file():
    at = upload(open_page(data="upload", **{"from": "2026-01-02"}))
    assert "from 2 Jan 2026 on" in words(at)
    upload(at, OTHER, "other.csv")
    assert "from 2 Jan 2026 on" not in words(at)


def test_a_filter_of_a_link_that_waits_for_its_file_is_none_of_a_sample():
    at = AppTest.from_string(WAITING, default_timeout=60)
    at.query_params["data"], at.query_params["from"] = "upload", "2026-01-02"
    assert json.loads(at.run().json[0].value) == {}


WAITING = """
import streamlit as st
from ui import session
session.start()
session.arrive("demo")
session.use_sample("shop")
st.json(session.selection())
"""


# -- a broken set-up --------------------------------------------------------------------------------------------------

BROKEN = [
    {"audiences": {"x": 5}},
    {"audiences": {"x": {"r": 1}}},
    {"audiences": {"x": {"rule": {"did": "buy"}, "as_of": 3}}},
    {"audiences": {"x": {"rule": {"did": "buy"}, "more": 3}}},
    {"audiences": {"channel": {"rule": {"did": "buy"}}}},
    {"audiences": {"x" * 61: {"rule": {"did": "buy"}}}},
    {"audiences": {f"x{n}": {"rule": {"did": "buy"}} for n in range(51)}},
    {"selection": 5},
    {"selection": [1]},
    {"selection": {"only": 5}},
    {"selection": {"from": [1]}},
    {"selection": {"until": "2026-01-01"}},
    {"pages": {"funnel": {"within": "\ud800"}}},
    *({"files": {"events": {"name": "a", "settings": {name: [1]}}}} for name in ("sheet", "dayfirst", "fixes")),
    {"files": {"events": {"name": "a", "settings": {"sheet": True}}}},
]


@pytest.mark.parametrize("parts", BROKEN)
def test_a_set_up_of_the_wrong_shape_is_refused_in_words(parts):
    with pytest.raises(InsightError):
        read_recipe(json.dumps({"marketing_insight_recipe": 1, **parts}).encode())


def test_a_set_up_of_the_wrong_shape_does_not_break_the_page():
    at = upload(open_page())
    for parts in BROKEN[:3] + [{"selection": 5}, BROKEN[-1]]:
        upload(at, json.dumps({"marketing_insight_recipe": 1, **parts}).encode(), "set-up.json")
        assert [error.value for error in at.error if "This recipe cannot be used" in error.value]


leaves = any_.one_of(
    any_.none(), any_.booleans(), any_.integers(), any_.floats(allow_nan=False, allow_infinity=False),
    any_.text(max_size=5), any_.sampled_from(["buy", "2026-01-01", "==", "customer_id", "channel", "drop_duplicates"]),
)  # fmt: skip
values = any_.recursive(
    leaves,
    lambda inner: (
        any_.lists(inner, max_size=3)
        | any_.dictionaries(any_.sampled_from(["rule", "did", "ids", "column", "is", "where", "only", "any"]), inner)
    ),
    max_leaves=6,
)
rules = any_.fixed_dictionaries({"did": values}) | any_.fixed_dictionaries({"ids": values}) | values
kept = any_.fixed_dictionaries({}, optional={"rule": rules, "as_of": values}) | values
outlines = any_.fixed_dictionaries(
    {},
    optional={
        "audiences": any_.dictionaries(any_.text(max_size=4), kept, max_size=2) | values,
        "selection": any_.fixed_dictionaries({}, optional={"from": values, "only": rules, "as_of": values}) | values,
        "pages": any_.dictionaries(any_.sampled_from(["demo", "funnel"]), any_.dictionaries(
            any_.sampled_from(["within", "steps", "share"]), values), max_size=2) | values,
        "files": any_.fixed_dictionaries({"events": any_.fixed_dictionaries({"name": any_.just("a")}, optional={
            "columns": values, "settings": any_.dictionaries(
                any_.sampled_from(["sheet", "dayfirst", "timezone", "fixes"]), values)}) | values}) | values,
    },
)  # fmt: skip


@patient
@given(outlines)
def test_any_set_up_of_the_right_outline_is_refused_in_words_or_can_be_restored(parts):
    import streamlit as st

    from ui import session
    from ui.session.choices import settings

    st.session_state.clear()
    try:
        found = read_recipe(json.dumps({"marketing_insight_recipe": 1, **parts}).encode())
    except InsightError:
        return
    session.restore_audiences(found.audiences)
    session.restore_selection(found.selection or {})
    session.restore_settings(found.pages)
    with contextlib.suppress(InsightError):
        apply_recipe(found, EVENTS)
    log = read_events(EVENTS)
    settings("demo", log, within=("7D", ["1D"]), steps=(["a"], ["a", "b"]), share=(0.5, lambda share: 0 < share < 1))


# -- settings and names -----------------------------------------------------------------------------------------------

PAGE = """
import streamlit as st
from ui import session
session.start()
session.arrive("demo")
session.use_sample("shop")
many = {"audience": "vip", "rule": {"ids": [f"C{n:09}" for n in range(400)]}}
if "restored" not in session.memory("demo"):
    session.memory("demo")["restored"] = True
    session.restore_settings({"demo": {"by": many, "level": 7}})
choose = session.settings("demo", session.table("events"), by=(None, lambda by: True), level=(0.95, [0.9, 0.95]))
st.json([choose["by"] == many, choose["level"]])
"""


def test_settings_of_a_set_up_may_be_longer_than_a_link_and_are_not_called_one():
    at = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not at.exception
    assert json.loads(at.json[0].value) == [True, 0.95]
    assert [warning.value for warning in at.warning] == [
        "Part of the saved set-up could not be used (level). The usual settings are shown there."
    ]


@pytest.mark.parametrize("name", ["channel", "timestamp", "x" * 61, " ", 5])
def test_a_name_that_a_breakdown_cannot_use_is_refused_with_a_sentence(name):
    with pytest.raises(InsightError, match="name"):
        checked_name(name)


KEEP = """
import streamlit as st
from insight.errors import InsightError
from ui import session
session.start()
session.arrive("demo")
session.use_sample("shop")
column = next(name for name in session.everyone("events").frame if name not in ("customer_id", "event", "timestamp"))
try:
    session.keep_audience({name}, {{"did": "purchase"}})
except InsightError as problem:
    st.text(problem)
"""


@pytest.mark.parametrize("name", ['"x" * 61', '"channel"', "column"])
def test_an_audience_is_not_kept_under_a_name_that_cannot_be_used(name):
    at = AppTest.from_string(KEEP.format(name=name), default_timeout=60).run()
    assert "name" in at.text[0].value
    assert "audiences.kept" not in at.session_state


def test_two_audiences_of_one_rule_are_told_apart_by_their_day():
    recent = {"did": "visit", "days": 7}
    setup = recipe({}, audiences={day: {"rule": recent, "as_of": f"2026-01-{day}"} for day in ("05", "25")})
    at = upload(upload(open_page(), setup, "set-up.json"))
    (box,) = [one for one in at.selectbox if one.label == "Customers"]
    assert box.options == ["05", "not 05", "25", "not 25"]
    for day, left in (("05", "**2** of 3"), ("25", "**1** of 3")):
        (box,) = [one for one in at.selectbox if one.label == "Customers"]
        box.set_value({"rule": recent, "as_of": f"2026-01-{day}"}).run()
        assert not at.exception
        assert f"{left} customers · {day}" in words(at)
        assert at.query_params["as_of"] == f"2026-01-{day}"
