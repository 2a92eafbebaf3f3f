"""Audiences: what each condition means, the algebra of sets, and a twin that reads every row."""

import ast
import operator
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel, open_orders, read_customers, read_events, read_feedback, read_orders
from insight.audiences import (
    Audience,
    audience_ids,
    checked_rule,
    in_words,
    mark_audience,
    select_customers,
    unknown_ids,
)
from insight.audiences.rules import KEYS
from insight.catalog import catalog
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.explain.cells import WORDS, cell_in_words
from insight.log import prepare_log
from insight.script import call
from tests.logs import START, log


def orders(text, **settings):
    """Orders from lines of `customer amount day`, days counted from 1 January 2026; a fourth word is the channel."""
    rows = [(line.split() + ["-"])[:4] for line in text.strip().splitlines()]
    table = pd.DataFrame(rows, columns=["customer_id", "amount", "order_date", "channel"])
    table["order_date"] = START + pd.to_timedelta(table["order_date"].astype(float), unit="D")
    table["amount"] = table["amount"].astype(float)
    table["order_id"] = [f"o{i}" for i in range(len(table))]
    return read_orders(table, **settings)


def customers(**traits):
    """A table of customers without dates: ana="DE" and so on."""
    return read_customers(pd.DataFrame({"customer_id": list(traits), "country": list(traits.values())}))


def ids(rule, *tables, as_of=None):
    """The customers of a rule, as one word each."""
    return " ".join(audience_ids(Audience(rule, as_of=as_of), {table.kind: table for table in tables}))


@pytest.fixture
def shop():
    return log("""
        ana visit 0 ads
        ana purchase 1 mail
        ana purchase 30 mail
        ben visit 2 mail
        ben visit 3 ads
        cyd purchase 5
        dan leave 29 ads
    """)


# -- what they did ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"did": "purchase"}, "ana cyd"),
        ({"did": ["purchase", "leave"]}, "ana cyd dan"),
        ({"did": "purchase", "at_least": 2}, "ana"),
        ({"did": "purchase", "at_most": 1}, "ben cyd dan"),
        ({"did": "purchase", "at_least": 1, "at_most": 1}, "cyd"),
        ({"did": "purchase", "at_most": 0}, "ben dan"),
        ({"did": "purchase", "days": 1}, "ana"),
        ({"did": "visit", "days": 28}, "ben"),
        ({"did": "visit", "days": 29}, "ben"),
        ({"did": "visit", "from": "2026-01-04"}, "ben"),
        ({"did": "visit", "to": "2026-01-03"}, "ana ben"),
        ({"did": "purchase", "from": "2026-01-02", "to": "2026-01-06"}, "ana cyd"),
        ({"did": "purchase", "where": [["channel", "==", "mail"]]}, "ana"),
        ({"did": "purchase", "where": [["channel", "is missing"]]}, "cyd"),
    ],
)
def test_what_customers_did(shop, rule, found):
    assert ids(rule, shop) == found


def test_the_last_days_end_with_the_evening_of_as_of(shop):
    """Days of the calendar, as_of itself among them: of two days up to 3 January the first is the 2nd."""
    assert ids({"did": "purchase", "days": 2}, shop, as_of="2026-01-03") == "ana"
    assert ids({"did": "purchase", "days": 1}, shop, as_of="2026-01-03") == ""
    assert ids({"did": "purchase", "days": 1}, shop, as_of="2026-01-02") == "ana"


def test_what_comes_after_as_of_is_not_known_yet(shop):
    assert ids({"did": "purchase", "at_least": 2}, shop, as_of="2026-01-30") == ""
    assert ids({"not": {"did": "purchase"}}, shop, as_of="2026-01-05") == "ben"  # cyd and dan come later
    assert ids({"not": {"ids": ["ana"]}}, shop, as_of="2026-01-05") == "ben"
    with pytest.raises(NotEnoughData, match="No table has a customer yet on 2025-12-31"):
        ids({"did": "visit"}, shop, as_of="2025-12-31")


def test_days_are_those_of_the_table_s_time_zone():
    table = pd.DataFrame({"customer_id": ["ana", "ben"], "event": "visit"})
    table["timestamp"] = pd.to_datetime(["2026-03-01 23:30", "2026-03-02 00:30"]).tz_localize("Asia/Tokyo")
    events = read_events(table, timezone="Asia/Tokyo")
    assert ids({"did": "visit", "days": 1}, events) == "ben"
    assert ids({"measure": "first_day", "is": "==", "value": "2026-03-01", "table": "events"}, events) == "ana"
    assert ids({"measure": "days_since_last", "is": "==", "value": 2}, events) == "ana"


# -- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"column": "channel", "is": "==", "value": "ads"}, "ana ben dan"),
        ({"column": "channel", "is": "==", "value": "ads", "of": "first"}, "ana dan"),
        ({"column": "channel", "is": "==", "value": "ads", "of": "last"}, "ben dan"),
        ({"column": "channel", "is": "in", "value": ["mail", "post"]}, "ana ben"),
        ({"column": "channel", "is": "contains", "value": "AI"}, "ana ben"),
        ({"column": "channel", "is": "is missing", "of": "first"}, "cyd"),
        ({"column": "channel", "value": "mail"}, "ana ben"),
    ],
)
def test_a_column_of_any_the_first_or_the_last_row(shop, rule, found):
    assert ids(rule, shop) == found


def test_of_two_rows_in_the_first_moment_one_has_to_fit():
    events = log("ana visit 0 mail\nana visit 0 ads\nana visit 1 post")
    for channel, found in (("ads", "ana"), ("mail", "ana"), ("post", "")):
        assert ids({"column": "channel", "value": channel, "of": "first"}, events) == found


def test_a_row_of_nobody_is_of_nobody():
    """An answer may come without a customer."""
    days = pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-03"])
    rows = pd.DataFrame({"customer_id": ["ana", "nobody", "ben"], "timestamp": days})
    answers = read_feedback(rows.assign(score=[3.0, 9.0, 8.0]))
    named = answers.frame["customer_id"].where(answers.frame["customer_id"] != "nobody")
    answers = replace(answers, frame=answers.frame.assign(customer_id=named))
    assert ids({"column": "score", "is": ">", "value": 8}, answers) == ""
    assert ids({"column": "score", "is": ">=", "value": 8, "of": "last"}, answers) == "ben"
    assert ids({"not": {"ids": []}}, answers, as_of="2026-01-05") == "ana ben"
    assert ids({"not": {"ids": []}}, answers, as_of="2026-01-01") == "ana"
    assert select_customers(answers, rule={"not": {"ids": ["ana"]}}).frame["customer_id"].tolist() == ["ben"]
    assert mark_audience(answers, name="all", rule={"not": {"ids": []}}).frame["all"].tolist() == [
        "in all",
        "not in all",
        "in all",
    ]


def test_the_last_row_is_the_last_up_to_as_of(shop):
    assert ids({"column": "channel", "value": "mail", "of": "last"}, shop, as_of="2026-01-03") == "ana ben"


def test_a_column_is_looked_for_in_the_events_first_and_table_says_where_else():
    tables = log("ana visit 0 ads"), orders("ana 5 1 mail"), customers(ben="DE")
    assert ids({"column": "channel", "value": "mail"}, *tables) == ""
    assert ids({"column": "channel", "value": "mail", "table": "orders"}, *tables) == "ana"
    assert ids({"column": "country", "value": "DE"}, *tables) == "ben"
    with pytest.raises(UnknownValue, match="'city'.*channel.*amount.*country"):
        ids({"column": "city", "value": "Bonn"}, *tables)
    with pytest.raises(InsightError, match="customers has no dates, so it has no first row"):
        ids({"column": "country", "value": "DE", "of": "first"}, *tables)


# -- measures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"measure": "orders", "value": 2}, "ana"),
        ({"measure": "orders", "is": "==", "value": 0}, "dan eva"),
        ({"measure": "orders", "value": 1, "days": 10}, "ana"),
        ({"measure": "revenue", "is": "==", "value": 0.3}, "ana"),
        ({"measure": "revenue", "is": "<", "value": 0}, "dan"),
        ({"measure": "revenue", "is": "==", "value": 0}, "eva"),
        ({"measure": "revenue", "is": ">", "value": 5, "to": "2026-01-02"}, "ben"),
        ({"measure": "days_since_last", "is": "==", "value": 1}, "ana"),
        ({"measure": "days_since_last", "is": ">=", "value": 19}, "ben cyd"),
        ({"measure": "first_day", "is": "<=", "value": "2026-01-02"}, "ana ben"),
        ({"measure": "last_day", "is": "==", "value": "2026-01-03"}, "cyd"),
        ({"measure": "events", "is": "<", "value": 2}, "ana ben cyd dan"),
    ],
)
def test_measures_of_orders(rule, found):
    """A refund is no purchase, but is subtracted from the revenue; who never bought has no last day."""
    bought = orders("ana 0.1 0\nana 0.2 20.5\nben 9 1\nben -3 20\ncyd 7 2\ndan -5 20")
    assert ids(rule, log("eva visit 3\neva visit 4\ndan visit 19"), bought) == found


def test_revenue_in_several_currencies_is_no_number():
    rows = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["ana", "ben"], "order_date": ["2026-01-01"] * 2})
    both = read_orders(rows.assign(amount=[5, 6], currency=["EUR", "USD"]))
    with pytest.raises(InsightError, match="EUR, USD: read them with one currency"):
        ids({"measure": "revenue", "value": 1}, both)


def test_the_last_time_is_of_the_orders_or_without_any_of_the_events():
    events, bought = log("ana visit 9"), orders("ana 5 3")
    rule = {"measure": "days_since_last", "is": "==", "value": 1}
    assert ids(rule, events) == "ana"
    assert ids(rule, events, bought) == ""
    assert ids(rule | {"table": "events"}, events, bought) == "ana"


# -- sets of customers ------------------------------------------------------------------------------------------------


def test_not_means_everyone_else_in_the_tables(shop):
    rule = {"not": {"did": ["visit", "purchase"]}}
    assert ids(rule, shop) == "dan"
    assert ids(rule, shop, orders("eva 5 1")) == "dan eva"
    assert ids(rule, shop, customers(zoe="DE")) == "dan zoe"


def test_a_list_of_ids_names_those_who_are_there(shop):
    rule = {"any": [{"ids": ["dan", "ana", "dan", "zoe"]}, {"ids": ["yan"]}]}
    assert ids(rule, shop) == "ana dan"
    assert unknown_ids(Audience(rule), shop) == ["yan", "zoe"]
    assert ids({"ids": []}, shop) == ""


def test_two_audiences_are_joined_by_their_rules():
    buyers, visitors, few = Audience({"did": "purchase"}), Audience({"did": "visit"}), Audience({"ids": ["ana"]})
    assert (buyers & visitors & few).rule == {"all": [{"did": "purchase"}, {"did": "visit"}, {"ids": ["ana"]}]}
    assert (buyers | visitors).rule == {"any": [{"did": "purchase"}, {"did": "visit"}]}
    assert (buyers - (visitors | few)).rule == {
        "all": [{"did": "purchase"}, {"not": {"any": [{"did": "visit"}, {"ids": ["ana"]}]}}]
    }
    with pytest.raises(InsightError, match="as of 2026-01-05 and the last day: give both the same as_of"):
        Audience({"did": "visit"}, as_of="2026-01-05") & buyers
    joined = Audience({"did": "visit"}, as_of="2026-01-05") | Audience({"ids": []}, as_of="2026-01-05", name="none")
    assert (joined.as_of, joined.name) == ("2026-01-05", "")


def test_an_audience_keeps_a_rule_of_its_own():
    rule = {"did": ["visit"], "where": [("channel", "in", ("ads", "mail"))]}
    audience = Audience(rule)
    rule["did"].append("purchase")
    assert audience.rule == {"did": ["visit"], "where": [["channel", "in", ["ads", "mail"]]]}
    assert ast.literal_eval(repr(audience.rule)) == audience.rule
    with pytest.raises(AttributeError):
        audience.rule = {}


def test_the_people_behind_a_number(shop):
    asked = {"steps": ["visit", "purchase"], "within": "7D"}
    lost = {"members": "funnel", "settings": asked, "cell": {"step": 2, "reached": False}}
    assert ids(lost, shop) == "ben"
    assert ids({"all": [lost, {"column": "channel", "value": "post"}]}, shop) == ""
    assert ids({"not": lost}, shop) == "ana cyd dan"


def test_the_people_behind_a_number_are_those_of_the_day_the_audience_is_of(shop):
    """Unless the number is of a day of its own."""
    open_ones = {"members": "funnel", "settings": {"steps": ["visit", "purchase"]}, "cell": {"still_open": True}}
    assert ids(open_ones, shop) == ""
    assert ids(open_ones, shop, as_of="2026-01-08") == "ben"
    open_ones["settings"]["as_of"] = "2026-01-31"
    assert ids(open_ones, shop, as_of="2026-01-08") == ""


# -- an independent authority: read every row -------------------------------------------------------------------------


COMPARED = {"==": operator.eq, "<": operator.lt, ">=": operator.ge, "!=": operator.ne}
PERIODS = st.one_of(
    st.just({}),
    st.integers(1, 9).map(lambda days: {"days": days}),
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda ab: {"from": _day(min(ab)), "to": _day(max(ab))}),
)
DID = st.builds(
    lambda did, least, more, period: {"did": did, "at_least": least, "at_most": more and least + more} | period,
    st.sampled_from(["A", "B", ["A", "B"]]),
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(1, 2)),
    PERIODS,
)
COLUMN = st.builds(
    lambda value, of, table: {"column": "channel", "is": "==", "value": value, "of": of, "table": table},
    st.sampled_from(["x", "y"]),
    st.sampled_from(["any", "first", "last"]),
    st.sampled_from(["events", "orders"]),
)
MEASURE = st.builds(
    lambda measure, how, value, period: {"measure": measure, "is": how, "value": value} | period,
    st.sampled_from(["orders", "events", "revenue", "days_since_last"]),
    st.sampled_from(list(COMPARED)),
    st.integers(-1, 5),
    PERIODS,
)
IDS = st.lists(st.sampled_from(["ana", "ben", "cyd", "dan", "zoe"]), max_size=3).map(lambda names: {"ids": names})
RULES = st.recursive(
    st.one_of(DID, COLUMN, MEASURE, IDS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda rules: {"all": rules}),
        st.lists(inner, min_size=1, max_size=3).map(lambda rules: {"any": rules}),
        inner.map(lambda rule: {"not": rule}),
    ),
    max_leaves=5,
)
NAMES = st.sampled_from(["ana", "ben", "cyd", "dan", "eva"])
EVENTS = st.lists(st.tuples(NAMES, st.sampled_from("AB"), st.integers(0, 9), st.sampled_from("xyz")), max_size=12)
ORDERS = st.lists(st.tuples(NAMES, st.integers(-3, 3), st.integers(0, 9), st.sampled_from("xyz")), max_size=8)


def _day(n):
    return str((START + pd.Timedelta(days=n)).date())


def twin(rule, events, bought, last):
    """Who fits, from the definition: rows of (customer, event or amount, day, channel) up to the day `last`."""
    known = {row[0] for row in events + bought}

    def within(rows):
        first, end = rule.get("from", ""), rule.get("to", "9")
        if "days" in rule:
            first = _day(last - rule["days"] + 1)
        return [row for row in rows if first <= _day(row[2]) <= end]

    def fits(who):
        own, spent = ([row for row in rows if row[0] == who] for rows in (events, bought))
        if "did" in rule:
            n = sum(row[1] in rule["did"] for row in within(own))
            return rule["at_least"] <= n <= (rule["at_most"] or 99)
        if "column" in rule:
            rows = own if rule["table"] == "events" else spent
            days = [row[2] for row in rows]
            if rows and rule["of"] != "any":
                rows = [row for row in rows if row[2] == (min(days) if rule["of"] == "first" else max(days))]
            return any(row[3] == rule["value"] for row in rows)
        purchases = [row[2] for row in within(spent) if row[1] > 0]
        measure = {"orders": len(purchases), "events": len(within(own)), "revenue": sum(r[1] for r in within(spent))}
        if rule["measure"] == "days_since_last":
            return bool(purchases) and COMPARED[rule["is"]](last + 1 - max(purchases), rule["value"])
        return COMPARED[rule["is"]](measure[rule["measure"]], rule["value"])

    if "all" in rule:
        return set.intersection(*(twin(inner, events, bought, last) for inner in rule["all"]))
    if "any" in rule:
        return set.union(*(twin(inner, events, bought, last) for inner in rule["any"]))
    if "not" in rule:
        return known - twin(rule["not"], events, bought, last)
    return known & set(rule["ids"]) if "ids" in rule else {who for who in known if fits(who)}


def tables_of(events, bought):
    """Both tables; "fay" is in both on day 0, so that every event and column is there."""
    events = [*events, *(("fay", kind, 0, "z") for kind in "AB")]
    bought = [*bought, ("fay", 1, 0, "z")]
    texts = (
        "\n".join(f"{who} {what} {day} {channel}" for who, what, day, channel in rows) for rows in (events, bought)
    )
    return (
        events,
        bought,
        dict(
            zip(
                ("events", "orders"), (make(text) for make, text in zip((log, orders), texts, strict=True)), strict=True
            )
        ),
    )


@settings(max_examples=120, deadline=None)
@given(rule=RULES, events=EVENTS, bought=ORDERS, as_of=st.one_of(st.none(), st.integers(0, 9)))
def test_agrees_with_reading_every_row(rule, events, bought, as_of):
    events, bought, tables = tables_of(events, bought)
    last = max(row[2] for row in events + bought) if as_of is None else as_of
    seen = [[row for row in rows if row[2] <= last] for rows in (events, bought)]
    found = audience_ids(Audience(rule, as_of=None if as_of is None else _day(as_of)), tables)
    assert found.tolist() == sorted(twin(rule, *seen, last))


@settings(max_examples=40, deadline=None)
@given(one=RULES, two=RULES, three=RULES, events=EVENTS, bought=ORDERS)
def test_audiences_obey_the_algebra_of_sets(one, two, three, events, bought):
    _, _, tables = tables_of(events, bought)
    a, b, c = (Audience(rule) for rule in (one, two, three))
    everyone = set(audience_ids(Audience({"not": {"ids": []}}), tables))

    def people(audience):
        return set(audience_ids(audience, tables))

    assert people(a & b) == people(a) & people(b) == people(b & a)
    assert people(a | b) == people(a) | people(b) == people(b | a)
    assert people(a - b) == people(a) - people(b)
    assert people(a & (b | c)) == people((a & b) | (a & c))
    assert people(a - (b | c)) == people((a - b) & (a - c))
    assert people(Audience({"not": a.rule})) == everyone - people(a)


# -- what is refused --------------------------------------------------------------------------------------------------


DEEP = {"did": "visit"}
for _ in range(8):
    DEEP = {"not": DEEP}


@pytest.mark.parametrize(
    ("rule", "kind", "says"),
    [
        ("visit", InsightError, "A rule is a mapping.*'visit' is not"),
        ({}, InsightError, "A rule is a mapping"),
        ({"dit": "visit"}, UnknownValue, "Did you mean 'did'"),
        ({"did": "visit", "column": "channel"}, InsightError, "about one thing, not did and column"),
        ({"all": []}, InsightError, "at least one"),
        ({"any": {"did": "visit"}}, InsightError, "takes a list of rules"),
        (DEEP, InsightError, "up to 8 deep"),
        ({"any": [{"ids": []}] * 100}, InsightError, "up to 100 conditions; this one has 101"),
        ({"ids": "ana"}, InsightError, '"ids" takes a list of texts'),
        ({"ids": [1, 2]}, InsightError, '"ids" takes a list of texts'),
        ({"ids": ["x"] * 100_001}, InsightError, "up to 100,000 texts; these are 100,001"),
        ({"ids": ["x" * 1001]}, InsightError, "up to 1,000 characters"),
        ({"members": "sankey", "settings": {}, "cell": {}}, UnknownValue, "Choose from: .*funnel"),
        ({"members": "funnel", "settings": {}}, InsightError, '"cell"'),
        ({"members": "funnel", "settings": {"step": []}, "cell": {}}, UnknownValue, "Did you mean 'steps'"),
        ({"did": "visit", "atleast": 2}, UnknownValue, "Did you mean 'at_least'"),
        ({"did": []}, InsightError, "at least one event"),
        ({"did": 5}, InsightError, '"did" takes a list of texts'),
        ({"did": "visit", "at_least": -1}, InsightError, "whole number from 0 up"),
        ({"did": "visit", "at_least": 1.5}, InsightError, "whole number from 0 up"),
        ({"did": "visit", "at_least": 3, "at_most": 2}, InsightError, "nobody can do both"),
        ({"did": "visit", "days": 0}, InsightError, "from 1 to"),
        ({"did": "visit", "days": 3, "to": "2026-01-01"}, InsightError, 'either "days", or'),
        ({"did": "visit", "from": "soon"}, InsightError, "from = 'soon' is not a day"),
        ({"did": "visit", "from": "2026-02-01", "to": "2026-01-01"}, InsightError, "first day lies after the last"),
        ({"did": "visit", "where": "channel"}, InsightError, "where is a list"),
        ({"did": "visit", "where": [["channel", "is", "ads"]]}, UnknownValue, "where operator"),
        ({"did": "visit", "where": [["channel", "==", float("nan")]]}, InsightError, "nan cannot stand in a rule"),
        ({"did": "visit", "where": [["value", ">", 10**400]]}, InsightError, "cannot stand in a rule"),
        ({"column": ["channel"], "value": 1}, InsightError, "not the name of a column"),
        ({"column": "channel", "is": "~", "value": "a"}, UnknownValue, "where operator"),
        ({"column": "channel", "value": "a", "of": "second"}, UnknownValue, "any, first, last"),
        ({"column": "channel", "value": "a", "table": "events_2"}, UnknownValue, "Did you mean 'events'"),
        ({"column": "channel"}, InsightError, "every other operator needs a value"),
        ({"measure": ["orders"], "value": 1}, UnknownValue, "Choose from: orders, revenue"),
        ({"measure": "order", "value": 1}, UnknownValue, "Did you mean 'orders'"),
        ({"measure": "orders", "value": "2"}, InsightError, "must be a number"),
        ({"measure": "orders", "value": True}, InsightError, "must be a number"),
        ({"measure": "orders"}, InsightError, "must be a number"),
        ({"measure": "orders", "is": "in", "value": 2}, UnknownValue, "is = 'in'"),
        ({"measure": "orders", "value": 2, "table": "events"}, UnknownValue, "orders"),
        ({"measure": "first_day", "value": 2}, InsightError, "value = 2 is not a day"),
        ({"did": "visit", "where": [["channel", "in", ["x"] * 1001]]}, InsightError, "up to 1,000 values"),
    ],
)
def test_a_rule_that_is_none_says_what_to_change(rule, kind, says):
    with pytest.raises(kind, match=says):
        checked_rule(rule)


LITERAL = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(["visit", "channel", "2026-01-01"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "step"]), inner)),
    max_leaves=4,
)
WORDS_OF_RULES = [*KEYS, *(key for own in KEYS.values() for key in own)]
ANYTHING = st.dictionaries(st.sampled_from(WORDS_OF_RULES), LITERAL, min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(rule=st.one_of(ANYTHING, RULES, st.tuples(RULES, ANYTHING).map(lambda two: two[0] | two[1])))
def test_whatever_a_link_says_is_a_rule_or_is_refused_in_words(rule):
    try:
        checked = checked_rule(rule)
    except InsightError:
        return
    assert checked_rule(checked) == checked
    assert in_words(checked)
    with suppress(InsightError):
        assert set(ids(checked, log("ana visit 0 ads")).split()) <= {"ana"}


def test_a_rule_is_as_large_as_it_may_be():
    deepest = DEEP["not"]
    assert checked_rule(deepest) == deepest
    assert len(checked_rule({"any": [{"ids": ["x"]}] * 99})["any"]) == 99
    assert len(checked_rule({"ids": ["x"] * 100_000})["ids"]) == 100_000


@pytest.mark.parametrize(
    ("rule", "kind", "says"),
    [
        ({"did": "vist"}, UnknownValue, "Did you mean 'visit'"),
        ({"did": "visit", "where": [["chanel", "==", "ads"]]}, UnknownValue, "Did you mean 'channel'"),
        ({"measure": "orders", "value": 2}, InsightError, "needs a table of orders; there are only events"),
        ({"column": "channel", "value": "a", "table": "orders"}, InsightError, "needs a table of orders"),
    ],
)
def test_a_rule_that_the_tables_cannot_answer_says_why(shop, rule, kind, says):
    with pytest.raises(kind, match=says):
        ids(rule, shop)


def test_an_audience_of_no_day_or_of_tables_without_customers_is_refused(shop):
    with pytest.raises(InsightError, match="is not a day"):
        Audience({"did": "visit"}, as_of="today")
    spend = SimpleNamespace(kind="campaigns", frame=pd.DataFrame({"spend": [1]}))
    with pytest.raises(InsightError, match="needs a table with customers"):
        audience_ids(Audience({"ids": []}), spend)
    with pytest.raises(InsightError, match='"did" needs a table of events; there are only orders'):
        ids({"did": "visit"}, orders("ana 5 1"))


# -- as a filter and as a breakdown -----------------------------------------------------------------------------------


def test_selected_customers_keep_all_their_rows(shop):
    chosen = select_customers(shop, rule={"did": "visit"})
    assert chosen.frame["customer_id"].tolist() == ["ana", "ana", "ana", "ben", "ben"]
    anew = prepare_log(chosen.frame, events=shop.log.events)
    for column in ("customer", "time", "event", "moment", "row"):
        np.testing.assert_array_equal(getattr(chosen.log, column), getattr(anew, column))


def test_customers_are_selected_by_what_another_table_knows(shop):
    bought = orders("ben 5 1\nben 6 2\nana 7 3")
    rule = {"measure": "orders", "value": 2}
    assert set(select_customers(shop, bought, rule=rule).frame["customer_id"]) == {"ben"}
    chosen = select_customers(bought, shop, rule={"did": "purchase"})
    assert chosen.frame["customer_id"].tolist() == ["ana"]
    with pytest.raises(InsightError, match="one table of each kind"):
        select_customers(shop, shop, rule=rule)


def test_nobody_is_said_and_is_no_empty_table(shop):
    with pytest.raises(NotEnoughData, match="Nobody in .* fits: did leave in the last 1 day."):
        select_customers(shop, rule={"did": "leave", "days": 1})


def test_a_marked_audience_is_a_breakdown(shop):
    marked = mark_audience(shop, name="buyers", rule={"did": "purchase"})
    assert marked.frame["buyers"].tolist() == ["in buyers"] * 3 + ["not in buyers"] * 2 + ["in buyers", "not in buyers"]
    assert str(marked.frame["buyers"].dtype) == "str"
    assert "buyers" not in shop.frame
    found = funnel(marked, steps=["visit", "purchase"], within="7D", by="buyers").groups
    assert found.groupby("group")["reached"].agg(list).to_dict() == {"in buyers": [1, 1], "not in buyers": [1, 0]}
    for taken in ("channel", "session"):  # the log has no sessions, but would have some then
        with pytest.raises(InsightError, match=f"A column is called {taken}"):
            mark_audience(shop, name=taken, rule={"did": "purchase"})
    with pytest.raises(InsightError, match="Give the audience a name"):
        mark_audience(shop, name=" ", rule={"did": "purchase"})


def test_nobody_and_everybody_can_be_marked(shop):
    assert set(mark_audience(shop, name="none", rule={"ids": []}).frame["none"]) == {"not in none"}
    assert set(mark_audience(shop, name="all", rule={"not": {"ids": []}}).frame["all"]) == {"in all"}


def test_a_part_has_its_own_fingerprint_and_says_how_to_make_it_again(shop):
    rule = {"did": "purchase"}
    chosen, marked = select_customers(shop, rule=rule), mark_audience(shop, name="buyers", rule=rule)
    prints = [one.fingerprint for one in (shop, chosen, marked, select_customers(shop, rule=rule, as_of="2026-01-20"))]
    assert len(set(prints)) == 4
    again = chosen.made.function(*chosen.made.tables, **chosen.made.settings)
    pd.testing.assert_frame_equal(again.frame, chosen.frame)
    assert again.fingerprint == chosen.fingerprint
    written = call("funnel", {"steps": ["visit", "purchase"]}, marked)
    assert written.splitlines()[:6] == [
        "events_2 = mark_audience(",
        "    events,",
        "    name='buyers',",
        "    rule={'did': 'purchase'},",
        "    as_of=None,",
        ")",
    ]


def test_lines_of_orders_go_with_their_orders():
    rows = pd.DataFrame(
        {
            "order_id": ["1", "1", "2"],
            "customer_id": ["ana", "ana", "ben"],
            "order_date": "2026-01-01",
            "amount": [5, 6, 7],
        }
    )
    chosen = select_customers(read_orders(rows), rule={"ids": ["ana"]})
    assert (len(chosen.frame), len(chosen.lines)) == (1, 2)


# -- in words ---------------------------------------------------------------------------------------------------------


FUNNEL = {"members": "funnel", "settings": {"steps": ["visit", ["cart", "wish"], {"events": ["buy"], "name": "order"}]}}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"did": "visit"}, "did visit"),
        ({"did": ["a", "b", "c", "d", "e"]}, "did a, b, c and 2 more"),
        ({"did": "visit", "at_least": 3, "days": 30}, "did visit at least 3 times in the last 30 days"),
        ({"did": "visit", "at_most": 0, "days": 1}, "never did visit in the last 1 day"),
        ({"did": "visit", "at_most": 1}, "did visit at most 1 time"),
        ({"did": "visit", "at_least": 2, "at_most": 2}, "did visit exactly 2 times"),
        ({"did": "visit", "at_least": 1, "at_most": 3}, "did visit 1 to 3 times"),
        (
            {"did": "buy", "where": [["value", ">=", 100], ["channel", "is missing"]], "from": "2026-05-01"},
            "did buy where value is at least 100 and channel is missing since 1 May 2026",
        ),
        ({"column": "channel", "value": "ads"}, "channel is ads at least once"),
        ({"column": "channel", "is": "!=", "value": "ads", "of": "first"}, "the first channel is not ads"),
        ({"column": "channel", "is": "in", "value": ["a", "b"], "of": "last"}, "the last channel is one of a, b"),
        ({"column": "city", "is": "contains", "value": "ham", "table": "customers"}, "city contains ham"),
        ({"measure": "orders", "value": 2}, "the number of orders is at least 2"),
        (
            {"measure": "revenue", "is": "<", "value": 1234.5, "from": "2026-01-01", "to": "2026-01-31"},
            "the revenue is less than 1,234.5 from 1 Jan 2026 to 31 Jan 2026",
        ),
        ({"measure": "first_day", "is": "==", "value": "2026-03-01"}, "the first day is 1 Mar 2026"),
        ({"ids": ["ana", "ben"]}, "are ana, ben"),
        ({"ids": ["a", "b", "c", "d"]}, "are on a list of 4 ids"),
        ({"not": {"did": "visit"}}, "are not among those who did visit"),
        (
            {"all": [{"any": [{"did": "a"}, {"did": "b"}]}, {"did": "c"}, {"not": {"did": "d"}}]},
            "(did a; or did b); and did c; but not: did d",
        ),
        (
            FUNNEL | {"cell": {"step": 3}},
            "reached step 3 of visit → cart or wish → order within 7 days",
        ),
        (
            {"all": [FUNNEL | {"cell": {"step": "order", "reached": False}}, {"column": "channel", "value": "ads"}]},
            "reached step 2 of visit → cart or wish → order within 7 days, but not step 3; "
            "and channel is ads at least once",
        ),
    ],
)
def test_a_rule_reads_as_one_sentence(rule, said):
    assert in_words(checked_rule(rule)) == said


@pytest.mark.parametrize(
    ("cell", "more", "said"),
    [
        ({"step": 2}, {}, "reached step 2 of visit → wish → buy within 7 days"),
        ({"step": 3, "reached": False}, {}, "reached step 1 of visit → wish → buy within 7 days, but not step 3"),
        ({"entered": True}, {}, "entered visit → wish → buy"),
        (
            {"still_open": True},
            {"within": "1D"},
            "entered visit → wish → buy and still had time within 1 day when the data ended",
        ),
        (
            {"removed": True},
            {"within": None},
            "entered visit → wish → buy and were removed by an exclusion with no time limit",
        ),
        (
            {"step": "buy", "group": "ads"},
            {"by": {"column": "channel"}},
            "reached step 3 of visit → wish → buy within 7 days (group ads of channel)",
        ),
        (
            {"step": 2, "entered_here": True},
            {"order": "open"},
            "entered visit → wish → buy at step 2 within 7 days",
        ),
        ({"level": 2}, {"order": "any"}, "did at least 2 of visit → wish → buy, in any order, within 7 days"),
        (
            {"step": "any 3", "reached": False},
            {"order": "any"},
            "did 2 of visit → wish → buy and no more, in any order, within 7 days",
        ),
        ({"step": "nothing"}, {}, "are behind a number of funnel"),
        ({"step": 2}, {"steps": 5}, "are behind a number of funnel"),
        ({"step": 2}, {"within": "soon"}, "are behind a number of funnel"),
        ({"step": "a (2)"}, {"steps": ["a", "a"]}, "reached step 2 of a → a (2) within 7 days"),
    ],
)
def test_the_people_behind_a_number_in_words(cell, more, said):
    steps = ["visit", {"events": ["wish"], "optional": True}, "buy"]
    assert cell_in_words("funnel", {"steps": steps} | more, cell) == said


def test_every_analysis_that_names_its_people_has_words_for_them():
    assert set(WORDS) == {name for name, analysis in catalog.items() if analysis.members is not None}


# -- cancellations ----------------------------------------------------------------------------------------------------

CANCELLED = b"""order_id,customer_id,order_date,amount
1001,ana,2026-01-01,20
C1002,ana,2026-01-02,20
1003,ben,2026-01-03,30
C1004,cyd,2026-01-04,15
1005,dan,2026-01-05,9
"""


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ({"measure": "orders", "value": 1}, "ana ben dan"),
        ({"measure": "orders", "value": 2}, ""),
        ({"measure": "orders", "is": "==", "value": 0}, "cyd"),
        ({"measure": "revenue", "is": ">", "value": 0}, "ben dan"),
        ({"measure": "revenue", "is": "<", "value": 0}, "cyd"),
        ({"measure": "average_order_value", "is": "<=", "value": 0}, "ana"),
        ({"measure": "days_since_last", "is": "<=", "value": 2}, "dan"),
        ({"measure": "days_since_first", "is": ">=", "value": 1}, "ana ben dan"),
        ({"status": "new", "days": 2}, "dan"),
        ({"status": "new", "days": 5}, "ana ben dan"),
    ],
)
def test_a_cancelled_order_is_no_purchase_and_lowers_revenue_in_memory_and_on_disk(rule, who, tmp_path):
    (tmp_path / "orders.csv").write_bytes(CANCELLED)
    assert ids(rule, read_orders(CANCELLED)) == who
    assert ids(rule, open_orders(str(tmp_path / "orders.csv"))) == who
