"""Cleaning up the names of events, and what it does to a log."""

import pandas as pd
import pytest

from insight import InsightError, event_kinds, paths
from insight.journeys.naming import folder, read_clean
from tests.logs import log

PAGES = "ana /shop/shoes/42 1\nana /shop/hats 2\nana /cart?step=1 3\nana ping 4\nana buy 5"


def becomes(clean, *names):
    """What each name is called, None where it is hidden."""
    names = sorted(names)
    kinds = read_clean(clean, names)
    return {name: None if code < 0 else kinds.names[code] for name, code in zip(names, kinds.kind, strict=True)}


def test_without_rules_every_name_stays():
    assert becomes(None, "b", "a") == becomes({}, "b", "a") == {"a": "a", "b": "b"}


def test_the_first_rule_that_matches_gives_the_name():
    rules = [{"contains": "product/", "name": "product"}, {"regex": "[0-9]$", "name": "numbered"}]
    found = becomes({"merge": rules}, "product/7", "page/7", "page")
    assert found == {"product/7": "product", "page/7": "numbered", "page": "page"}


def test_contains_looks_for_the_text_as_it_stands():
    assert becomes({"merge": [{"contains": "a.c", "name": "x"}]}, "abc", "a.c") == {"abc": "abc", "a.c": "x"}


def test_names_may_be_merged_by_naming_them():
    assert becomes({"merge": [{"events": ["cart", "basket"], "name": "cart"}]}, "cart", "basket") == {
        "cart": "cart", "basket": "cart",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "depth", "short"),
    [
        ("/shop/shoes/42", 1, "/shop"),
        ("/shop/shoes/42", 2, "/shop/shoes"),
        ("/shop/", 1, "/shop"),
        ("/", 1, "/"),
        ("/?q=1", 1, "/"),
        ("shop/shoes", 1, "shop"),
        ("/search?q=a/b", 1, "/search"),
        ("/page#top", 1, "/page"),
        ("https://a.example/shop/shoes?x=1", 1, "a.example/shop"),
        ("https://a.example", 1, "a.example"),
        ("https://a.example/?x=1", 1, "a.example"),
        ("visit", 1, "visit"),
        ("what?", 1, "what?"),
    ],
)
def test_a_path_keeps_so_many_folders(name, depth, short):
    assert folder(name, depth) == short


def test_merged_names_keep_their_name_where_folders_are_cut():
    assert becomes({"merge": [{"contains": "p/", "name": "a/b"}], "folders": 1}, "p/1", "q/1") == {
        "p/1": "a/b",
        "q/1": "q",
    }


def test_a_new_name_is_given_to_what_has_come_out_so_far():
    assert becomes({"folders": 1, "rename": {"/shop": "shop"}}, "/shop/1", "/shop") == {
        "/shop/1": "shop",
        "/shop": "shop",
    }


def test_hidden_may_be_a_name_of_the_file_a_new_name_or_a_pattern():
    clean = {"merge": [{"contains": "p/", "name": "product"}], "hide": ["product", "ping", {"contains": "_test"}]}
    assert becomes(clean, "p/1", "ping", "a_test", "buy") == {"p/1": None, "ping": None, "a_test": None, "buy": "buy"}


def test_the_preview_says_where_each_name_goes_and_how_many_rows_it_has():
    found = event_kinds(log(PAGES), clean={"folders": 1, "hide": ["ping"], "rename": {"buy": "purchase"}})
    assert found.names.sort_values("name")[["name", "event", "change", "rows"]].fillna("-").values.tolist() == [
        ["/cart?step=1", "/cart", "folder", 1],
        ["/shop/hats", "/shop", "folder", 1],
        ["/shop/shoes/42", "/shop", "folder", 1],
        ["buy", "purchase", "renamed", 1],
        ["ping", "-", "hidden", 1],
    ]
    assert found.kinds[["event", "rows", "names"]].values.tolist() == [
        ["/shop", 2, 2],
        ["/cart", 1, 1],
        ["purchase", 1, 1],
    ]
    assert found.kinds["share"].tolist() == [0.5, 0.25, 0.25]
    assert (found.n_before, found.n_after, found.rows, found.hidden) == (5, 3, 5, 1)


def test_the_preview_is_of_the_rows_that_are_used():
    found = event_kinds(log(PAGES), as_of="2026-01-03")
    assert (found.rows, found.left_out, found.n_before) == (2, 3, 2)


def test_paths_walk_the_names_after_the_clean_up():
    found = paths(log(PAGES), clean={"folders": 1, "hide": ["ping"]}, after="/shop", depth=2)
    assert found.paths["path"].tolist() == ["/shop > /cart > buy"]
    assert found.hidden == 1


@pytest.mark.parametrize(
    ("clean", "message"),
    [
        (["visit"], "clean is a dict"),
        ({"hid": ["ping"]}, "key of clean = 'hid'.*'hide'"),
        ({"hide": ["pong"]}, "event of \"hide\" = 'pong'.*'ping'"),
        ({"hide": "ping"}, '"hide" of clean is a list'),
        ({"hide": [{"contains": ""}]}, "is not"),
        ({"hide": [{"starts": "p"}]}, "'starts'"),
        ({"hide": [{"regex": "."}]}, "Every kind of event is hidden"),
        ({"merge": [{"contains": "p"}]}, 'A rule of "merge"'),
        ({"merge": [{"name": "x"}]}, 'A pattern of "merge"'),
        ({"merge": [{"contains": "p", "regex": "p", "name": "x"}]}, "has one of"),
        ({"merge": [{"regex": "(", "name": "x"}]}, "not a regular expression"),
        ({"merge": [{"events": ["pong"], "name": "x"}]}, "'pong'"),
        ({"folders": 0}, '"folders"'),
        ({"folders": True}, '"folders"'),
        ({"rename": ["a"]}, '"rename" is'),
        ({"rename": {"pong": "x"}}, "'pong'"),
        ({"rename": {"ping": ""}}, '"rename" is'),
    ],
)
def test_rules_that_cannot_be_read_are_refused(clean, message):
    with pytest.raises(InsightError, match=message):
        event_kinds(log(PAGES), clean=clean)


def test_a_pattern_that_would_take_forever_elsewhere_is_answered_at_once():
    names = pd.Series(["a" * 200 + "!"])
    assert becomes({"merge": [{"regex": "(a+)+$", "name": "x"}]}, *names)[names[0]] == names[0]
