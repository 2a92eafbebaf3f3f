"""Settings and links: what a link holds, what happens to a broken one, and what survives a change of page."""

import doctest
import json
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as any_
from streamlit.testing.v1 import AppTest

from tests.app import DATA, FUNNEL, GLOSSARY, ROOT, go, open_page, upload
from ui import link

EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "ui").rglob("*.py"))
    if ">>>" in path.read_text()
]
texts = any_.text(max_size=20)
numbers = any_.integers(-(10**9), 10**9) | any_.floats(allow_nan=False, allow_infinity=False)
literals = any_.recursive(
    any_.none() | any_.booleans() | numbers | texts,
    lambda inside: any_.lists(inside, max_size=4) | any_.dictionaries(texts, inside, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_in_the_docstrings_are_true(module):
    found = doctest.testmod(import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted > 0
    assert found.failed == 0


@given(literals)
def test_every_literal_survives_the_link(value):
    assert link.same(link.decode(link.encode(value)), value)


@given(any_.text(max_size=200))
def test_any_text_in_the_address_is_read_or_refused_but_never_breaks(text):
    try:
        value = link.decode(text)
    except link.BrokenLink:
        return
    assert link.same(link.decode(link.encode(value)), value)


@pytest.mark.parametrize("text", ["x" * 10_000, "[" * 3_000, '"\\ud800"', "[" * 1500 + "]" * 1500])
def test_what_nobody_could_mean_is_refused(text):
    with pytest.raises(link.BrokenLink):
        link.decode(text)


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", "[NaN]"])
def test_a_number_that_is_none_stays_text(text):
    assert link.decode(text) == text


# A page of two settings, so that these tests do not depend on any real page.
PAGE = """
import streamlit as st
from ui import session

session.start()
session.arrive("demo")
session.notice()
events = session.table("events")
if events is None:
    st.text("no data")
    st.stop()
kinds = sorted(events.frame["event"].unique())
choose = session.settings("demo", events, within=("7D", ["1D", "7D", "30D"]), steps=(kinds[:2], kinds),
                          share=(0.5, lambda share: 0 < share < 1), flag=(False, [False, True]))
st.selectbox("within", ["1D", "7D", "30D"], key=choose.key("within"), persist_state="session")
st.multiselect("steps", kinds, key=choose.key("steps"), persist_state="session")
choose.publish()
st.json(choose.values())
"""


@pytest.fixture
def demo():
    def open_demo(**params):
        at = AppTest.from_string(PAGE, default_timeout=60)
        for name, value in params.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception
        return at

    return open_demo


def shown(at):
    return json.loads(at.json[0].value)


def test_a_link_sets_what_it_names_and_leaves_the_rest_at_its_default(demo):
    at = demo(data="shop", within="30D", share="0.25")
    assert shown(at) | {"steps": None} == {"within": "30D", "share": 0.25, "flag": False, "steps": None}
    assert at.query_params == {"data": "shop", "within": "30D", "share": "0.25"}


def test_the_link_holds_only_what_differs_from_the_default(demo):
    at = demo(data="shop")
    assert at.query_params == {"data": "shop"}
    at.selectbox(key="demo.within").select("1D").run()
    assert at.query_params == {"data": "shop", "within": "1D"}
    at.selectbox(key="demo.within").select("7D").run()
    assert at.query_params == {"data": "shop"}


def test_a_list_of_steps_travels_in_the_link(demo):
    first = demo(data="shop")
    options = first.multiselect(key="demo.steps").options
    first.multiselect(key="demo.steps").set_value([options[-1], options[0]]).run()
    second = demo(**first.query_params)
    assert shown(second)["steps"] == [options[-1], options[0]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("within", "5D"),
        ("within", "7"),
        ("within", '["7D"]'),
        ("within", "x" * 10_000),
        ("within", "[" * 3_000),
        ("steps", "visit"),
        ("steps", '["no such event"]'),
        ("steps", "{}"),
        ("steps", '[["visit"]]'),
        ("share", "2"),
        ("share", "lots"),
        ("share", "null"),
        ("flag", "1"),
    ],
)
def test_a_parameter_that_cannot_be_used_falls_back_with_one_message(demo, name, text):
    at = demo(data="shop", **{name: text})
    assert shown(at) == shown(demo(data="shop"))
    assert [warning.value for warning in at.warning] == [
        f"Part of the link could not be used ({name}). The usual settings are shown there."
    ]
    assert at.query_params == {"data": "shop"}
    assert not at.run().warning


def test_several_broken_parameters_give_one_message(demo):
    assert len(demo(data="shop", within="5D", share="9", flag="maybe").warning) == 1


def test_parameters_of_others_are_dropped_in_silence(demo):
    at = demo(data="shop", utm_source="mail", fbclid="x" * 500)
    assert not at.warning
    assert at.query_params == {"data": "shop"}


def test_an_echo_of_an_older_address_does_not_undo_a_choice(demo):
    """The browser sends the address along with every click; it may not have heard yet of what was published."""
    at = demo(data="shop")
    at.selectbox(key="demo.within").select("1D").run()
    del at.query_params["within"]
    at.multiselect(key="demo.steps").set_value([]).run()
    assert shown(at)["within"] == "1D"


def test_two_visitors_keep_their_own_settings(demo, visitor):
    visitor("ana")
    ana = demo(data="shop", within="1D")
    visitor("ben")
    ben = demo(data="shop")
    assert shown(ben)["within"] == "7D"
    visitor("ana")
    assert shown(ana.run())["within"] == "1D"


def test_an_unknown_sample_is_said_once_and_cleaned_from_the_address():
    at = open_page(DATA, data="no-such-sample")
    assert len(at.warning) == 1
    assert not at.query_params
    assert not at.run().warning


def test_a_sample_opens_by_its_link_on_a_page_without_settings_too():
    at = open_page(GLOSSARY, data="shop")
    assert at.query_params == {"data": "shop"}


def groups(at):
    return next(box for box in at.selectbox if box.label == "Compare groups")


def test_choices_survive_leaving_the_page():
    at = open_page(FUNNEL, data="shop")
    groups(at).select(("column", "channel")).run()
    go(at, GLOSSARY)
    go(at, FUNNEL)
    assert groups(at).value == ("column", "channel")
    assert at.query_params == {"data": "shop", "by": "channel", "show": "groups"}


def test_settings_of_one_file_are_not_forced_on_another():
    at = open_page(FUNNEL, data="shop")
    groups(at).select(("column", "channel")).run()
    go(at, DATA)
    upload(at)
    go(at, FUNNEL)
    assert groups(at).value is None
    assert not at.warning


def test_a_link_made_on_an_upload_asks_for_the_file():
    at = open_page(FUNNEL, data="upload", file="0123456789ab")
    assert any("own file" in heading.value for heading in at.header)
    assert at.query_params == {"data": "upload", "file": "0123456789ab"}


def test_a_link_made_on_an_upload_works_with_the_same_file_again():
    first = upload(open_page())
    go(first, FUNNEL)
    address = dict(first.query_params)
    assert address["data"] == "upload"
    second = open_page(FUNNEL, **address)
    go(second, DATA)
    upload(second)
    go(second, FUNNEL)
    assert not second.warning
    assert second.query_params == address


def test_a_link_made_on_another_file_says_so():
    at = open_page(FUNNEL, data="upload", file="0123456789ab")
    go(at, DATA)
    upload(at)
    go(at, FUNNEL)
    assert [w.value for w in at.warning] == [
        "This link was made with another file. Its settings are used where they fit this one."
    ]


def test_the_frame_is_small():
    assert len((ROOT / "app.py").read_text().splitlines()) <= 40
