"""The people behind the trend, the ways others count, and what a point is worth: as many as the tables say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel, funnel_peers, funnel_trend, funnel_worth, members
from insight.errors import InsightError, UnknownValue
from insight.explain.cells import cell_in_words
from tests.logs import log

STEPS = {"steps": ["A", "B", "C"]}
LOGS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("ABC"), st.integers(0, 40)), min_size=3, max_size=40
)


def built(rows):
    known = "\n".join(f"zoe {event} 0" for event in "ABC")  # so that every log has every kind of event
    return log("\n".join(f"{customer} {event} {time}" for customer, event, time in rows) + "\n" + known)


@settings(max_examples=40, deadline=None)
@given(rows=LOGS, period=st.sampled_from(["day", "week", "month"]))
def test_each_period_has_as_many_people_as_its_row_says(rows, period):
    events, asked = built(rows), {**STEPS, "within": "5D", "period": period}
    for row in funnel_trend(events, **asked).periods.itertuples():
        there = members("funnel_trend", events, asked, {"period": row.period, "reached": True})
        lost = members("funnel_trend", events, asked, {"period": row.period, "reached": False})
        assert (len(there), len(there) + len(lost)) == (row.reached, row.entered)
        assert sorted(there + lost) == members("funnel_trend", events, asked, {"period": row.period})


def test_a_customer_belongs_to_the_period_of_the_first_entry():
    events = log("ana A 0\nana A 10\nana B 11\nben A 10\nend C 30")
    asked = {"steps": ["A", "B"], "within": "7D"}
    assert members("funnel_trend", events, asked, {"period": "2025-12-29", "reached": False}) == ["ana"]
    assert members("funnel_trend", events, asked, {"period": "2026-01-05"}) == ["ben"]


@settings(max_examples=30, deadline=None)
@given(rows=LOGS)
def test_each_tool_has_as_many_people_as_its_row_says(rows):
    events, asked = built(rows), {**STEPS, "entries": "all"}
    tools = funnel_peers(events, **asked).tools
    for row in tools[tools["tool"] != "ours"].itertuples():
        assert len(members("funnel_peers", events, asked, {"tool": row.tool})) == row.reached_last
        assert len(members("funnel_peers", events, asked, {"tool": row.tool, "step": 1})) == row.reached_first
    for row in tools[(tools["tool"] == "ours") & (tools["changed"] == "reentry")].itertuples():
        assert len(members("funnel_peers", events, asked, {"changed": "reentry"})) == row.reached_last


def test_whom_a_point_could_keep_are_those_lost_at_the_step():
    events = log("ana A 0\nana B 1\nben A 0\ncyd A 0\nend C 30")
    asked = {"steps": ["A", "B"], "points": 2.0}
    row = funnel_worth(events, **asked).steps.iloc[0]
    lost = members("funnel_worth", events, asked, {"step": 2, "reached": False})
    assert (lost, len(lost)) == (["ben", "cyd"], row["before"] - row["reached"])
    assert lost == members("funnel", events, {"steps": ["A", "B"]}, {"step": 2, "reached": False})


@pytest.mark.parametrize(
    ("analysis", "cell", "kind", "says"),
    [
        ("funnel_trend", {"period": "2031-01-01"}, UnknownValue, "2025-12-29"),
        ("funnel_trend", {"reached": True}, InsightError, "names its period"),
        ("funnel_trend", {"period": "2025-12-29", "step": 1}, UnknownValue, "Choose from: period, reached"),
        ("funnel_trend", {"period": "2025-12-29", "reached": "yes"}, InsightError, "must be True or False"),
        ("funnel_peers", {"tool": "Excel"}, UnknownValue, "Mixpanel"),
        ("funnel_peers", {"changed": "weather"}, UnknownValue, "changed"),
        ("funnel_worth", {"step": 9}, UnknownValue, "step of a cell"),
    ],
)
def test_a_cell_that_does_not_exist_is_refused_with_what_does(analysis, cell, kind, says):
    with pytest.raises(kind, match=says):
        members(analysis, log("ana A 0\nana B 1\nend B 30"), {"steps": ["A", "B"]}, cell)


@pytest.mark.parametrize(
    ("analysis", "cell", "words"),
    [
        ("funnel_trend", {"period": "2026-01-05"}, "entered A → B in the week of 5 Jan 2026"),
        (
            "funnel_trend",
            {"period": "2026-01-05", "reached": True},
            "entered A → B in the week of 5 Jan 2026 and reached its end within 7 days",
        ),
        (
            "funnel_trend",
            {"period": "2026-01-05", "reached": False},
            "entered A → B in the week of 5 Jan 2026 and did not reach its end within 7 days",
        ),
        ("funnel_peers", {"tool": "GA4"}, "reached step 2 of A → B, as GA4 would count"),
        (
            "funnel_peers",
            {"tool": "GA4", "step": "B", "reached": False},
            "were lost before step 2 of A → B, as GA4 would count",
        ),
        ("funnel_worth", {"step": 2, "reached": False}, "reached step 1 of A → B within 7 days, but not step 2"),
    ],
)
def test_a_cell_in_words(analysis, cell, words):
    assert cell_in_words(analysis, {"steps": ["A", "B"]}, cell) == words


def test_the_funnel_itself_is_not_changed_by_asking():
    events = log("ana A 0\nana B 1\nend B 30")
    before = funnel(events, steps=["A", "B"]).steps
    members("funnel_trend", events, {"steps": ["A", "B"]}, {"period": "2025-12-29"})
    assert funnel(events, steps=["A", "B"]).steps.equals(before)


WITHIN = {"steps": ["A", "B"], "within": "3D", "entries": "all"}


def in_two_and_ten_days():
    return log("ana A 0\nana B 0.5\nben A 0\nben B 2\ncyd A 0\ncyd B 10\nend B 60")


@pytest.mark.parametrize(
    ("window", "ids"), [("1D", ["ana"]), ("14D", ["ana", "ben", "cyd"]), (None, ["ana", "ben", "cyd"])]
)
def test_of_several_changes_of_one_setting_the_cell_names_the_value(window, ids):
    events = in_two_and_ten_days()
    cell = {"changed": "within", "within": window}
    assert members("funnel_peers", events, WITHIN, cell) == ids
    assert members("funnel_peers", events, WITHIN, {**cell, "step": 1}) == ["ana", "ben", "cyd"]


def test_a_change_that_stands_for_several_rows_is_refused_with_all_of_them():
    with pytest.raises(InsightError, match="Several rows change within: name one of .*'14D'.*'1D'"):
        members("funnel_peers", in_two_and_ten_days(), WITHIN, {"changed": "within"})
    with pytest.raises(UnknownValue, match="14D"):
        members("funnel_peers", in_two_and_ten_days(), WITHIN, {"changed": "within", "within": "99D"})


def test_a_changed_value_in_words():
    words = cell_in_words("funnel_peers", WITHIN, {"changed": "within", "within": "1D"})
    assert words == "reached step 2 of A → B, as this funnel, within 1 day would count"
