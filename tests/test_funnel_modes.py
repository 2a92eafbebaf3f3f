"""Orders, filters, optional steps, gaps and exclusions: their definitions on a few rows."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel, read_events
from insight.errors import InsightError, UnknownValue
from tests.logs import SEVEN, journeys, log

ABC = ["A", "B", "C"]


def one(letters):
    """One customer who does one event an hour."""
    return journeys("ana " + " ".join(f"{letter}{hour}" for hour, letter in enumerate(letters)))


def steps_of(events, *steps, **asked):
    asked = {"entries": "all", "within": None} | asked
    return funnel(events, steps=list(steps), **asked).steps


def reached(events, *steps, **asked):
    return steps_of(events, *steps, **asked)["reached"].tolist()


# -- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entries", ["mature", "all"])
@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        ({}, [7, 5, 5]),
        ({"reentry": "first"}, [7, 4, 4]),
        ({"order": "strict"}, [7, 4, 4]),
        ({"order": "any"}, [7, 6, 6]),
    ],
)
def test_seven_journeys_tell_the_orders_apart(entries, asked, counts):
    assert reached(journeys(SEVEN), *ABC, within="24h", entries=entries, **asked) == counts


@pytest.mark.parametrize(("letters", "depth"), [("AABBCC", 3), ("ADBC", 1), ("AABBDCC", 2)])
def test_strict_as_in_the_manual_of_clickhouse(letters, depth):
    assert sum(reached(one(letters + "D"), *ABC, order="strict")) == depth
    assert sum(reached(one(letters + "D"), *ABC)) == 3


def test_strict_looks_strictly_between_in_time():
    assert reached(journeys("ana A0 X0 X1 B1"), "A", "B", order="strict") == [1, 1]
    assert reached(journeys("ana A0 X0.5 B1"), "A", "B", order="strict") == [1, 0]


def test_strict_takes_a_row_that_misses_the_filter_for_another_event():
    events = log("ana A 0 ads\nana A 1 mail\nana B 2 ads")
    by_ads = {"events": ["A"], "where": [["channel", "==", "ads"]]}
    assert reached(events, by_ads, "B", order="strict") == [1, 0]
    assert reached(events, "A", "B", order="strict") == [1, 1]


def test_any_order_names_levels_and_measures_from_the_earliest_step():
    found = steps_of(journeys("ana B0 A2 C3\nben C0"), *ABC, order="any", within="5h")
    assert found["step"].tolist() == ["any 1", "any 2", "any 3"]
    assert found["reached"].tolist() == [2, 1, 1]
    assert found["median_seconds"].tolist()[1:] == [3600, 3 * 3600]  # the fastest two are A2 C3
    assert found["median_seconds_from_previous"].tolist()[1:] == [3600, 3600]


def test_any_order_ends_an_attempt_at_an_exclusion_event():
    exclude = {"events": ["X"]}
    assert reached(journeys("ana B0 X1 A2 C3"), *ABC, order="any", exclude=exclude) == [1, 1, 0]
    assert reached(journeys("ana B0 X1 A2 C3"), *ABC, order="any", exclude=exclude | {"effect": "remove"}) == [0, 0, 0]


def test_an_open_funnel_counts_from_where_a_customer_enters():
    found = steps_of(journeys("ana A0 B1\nben B0 C1\ncyd C0\ndan A0 C1"), *ABC, order="open")
    assert found["reached"].tolist() == [1, 2, 3]
    assert found["entered_here"].tolist() == [1, 1, 2]  # dan skipped a step: the attempt that gets furthest is C alone
    assert found["from_previous"].tolist() == [0, 1, 1]
    assert found["overall_conversion"].tolist() == [0.25, 0.5, 0.75]
    assert found["step_conversion"].tolist() == [1, 1, 0.5]
    assert found["ci_low"].notna().all()


def test_an_open_funnel_takes_the_longest_of_the_attempts_that_get_as_far():
    assert reached(journeys("ana B0 A1 B2 C3"), *ABC, order="open") == [1, 1, 1]
    assert reached(journeys("ana A0 B9 C10"), *ABC, order="open", within="2h") == [0, 1, 1]


def test_the_first_attempt_of_an_open_funnel_starts_with_the_first_step_there_is():
    assert reached(journeys("ana B0 A1 B2 C3"), *ABC, order="open", reentry="first") == [0, 1, 1]


# -- steps ------------------------------------------------------------------------------------------------------------


def values(*rows):
    table = pd.DataFrame(rows, columns=["customer_id", "event", "value", "plan", "renewal", "trial"])
    table["timestamp"] = pd.Timestamp("2026-01-01 09:00") + pd.to_timedelta(range(len(table)), unit="h")
    table["renewal"] = pd.to_datetime(table["renewal"])
    return read_events(table)


@pytest.fixture(scope="module")
def three():
    return values(
        ("ana", "buy", 99.0, "Basic", "2026-03-05 14:00", True),
        ("ben", "buy", 100.0, "100", "2026-03-06 00:00", False),
        ("cyd", "buy", None, None, None, False),
        *((name, "end", None, None, None, False) for name in ("ana", "ben", "cyd")),
    )


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        (["value", ">=", 100], ["ben"]),
        (["value", "<", 100], ["ana"]),
        (["value", ">", "99.5"], ["ben"]),
        (["value", "==", 100], ["ben"]),
        (["value", "!=", 100], ["ana", "cyd"]),
        (["value", "in", [99, 1]], ["ana"]),
        (["value", "not in", [99, 1]], ["ben", "cyd"]),
        (["value", "is missing"], ["cyd"]),
        (["plan", "==", "Basic"], ["ana"]),
        (["plan", "==", "basic"], []),
        (["plan", "contains", "BAS"], ["ana"]),
        (["plan", "==", 100], ["ben"]),
        (["plan", "<", "A"], ["ben"]),
        (["plan", "not in", ["Basic", "100"]], ["cyd"]),
        (["renewal", "==", "2026-03-05"], ["ana"]),
        (["renewal", "<=", "2026-03-05"], ["ana"]),
        (["renewal", ">", "2026-03-05"], ["ben"]),
        (["renewal", ">", "2026-03-05 13:00"], ["ana", "ben"]),
        (["renewal", "contains", "2026-03"], ["ana", "ben"]),
        (["trial", "==", True], ["ana"]),
        (["trial", "==", "False"], ["ben", "cyd"]),
        (["customer_id", "in", ["ana", "cyd"]], ["ana", "cyd"]),
        (["timestamp", "<", "2026-01-01 10:30"], ["ana", "ben"]),
    ],
)
def test_a_filter_compares_as_the_column_is(three, condition, who):
    counts = reached(three, {"events": ["buy"], "where": [condition]}, "end")
    assert counts == [len(who)] * 2
    by = funnel(three, steps=[{"events": ["buy"], "where": [condition]}, "end"], entries="all", by="customer_id")
    assert sorted(by.groups["group"].unique()) == who


def test_several_conditions_are_all_to_be_met_and_none_may_be(three):
    both = [["value", ">=", 1], ["plan", "contains", "a"]]
    assert reached(three, {"events": ["buy"], "where": both}, "end") == [1, 1]
    assert reached(three, {"events": ["buy"], "where": [["value", ">", 1000]]}, "end") == [0, 0]


def test_dates_of_a_filter_are_those_of_the_time_zone():
    table = pd.DataFrame({"customer_id": ["ana"] * 2, "event": ["visit", "buy"]})
    table["timestamp"] = pd.to_datetime(["2026-03-01 23:30", "2026-03-02 00:30"]).tz_localize("Asia/Tokyo")
    on_the_second = {"events": ["buy"], "where": [["timestamp", "==", "2026-03-02"]]}
    assert reached(read_events(table, timezone="Asia/Tokyo"), "visit", on_the_second) == [1, 1]


def test_a_gap_is_counted_from_the_required_step_before():
    events = journeys("ana A0 B2 C4\nben A0 B3 C9")
    assert reached(events, "A", {"events": "B", "max_gap": "2h"}, {"events": "C", "max_gap": "2h"}) == [2, 1, 1]
    assert reached(events, "A", {"events": "B", "optional": True}, {"events": "C", "max_gap": "4h"}) == [2, 2, 1]


def test_a_gap_is_not_met_greedily():
    """The first B is too early for C; the second is not."""
    events = journeys("ana A0 B1 B5 C6")
    within_two = {"events": "C", "max_gap": "2h"}
    assert reached(events, "A", "B", within_two) == reached(events, "A", "B", within_two, reentry="first") == [1, 1, 1]


def test_an_optional_step_never_blocks_and_lies_between_its_neighbours():
    maybe = {"events": "B", "optional": True}
    found = steps_of(journeys("ana A0 B1 C2\nben A0 C1\ncyd A0 C1 B2\ndan A0 B1"), "A", maybe, "C")
    assert found["reached"].tolist() == [4, 2, 3]  # ana and dan; B after C is not between
    assert found["step_conversion"].tolist() == [1, 0.5, 0.75]  # both against A, the required step before
    assert found["required"].tolist() == [True, False, True]


def test_an_optional_step_counts_where_the_window_lets_it():
    """The attempt through B takes longer than the window, another one to C does not."""
    events = journeys("ana A0 B1 A8 C9")
    maybe = {"events": "B", "optional": True}
    assert reached(events, "A", maybe, "C", within="2h") == [1, 0, 1]
    assert reached(events, "A", maybe, "C", within="9h") == [1, 1, 1]


def test_strict_lets_an_optional_step_stand_between():
    maybe = {"events": "B", "optional": True}
    assert reached(one("ABC"), "A", maybe, "C", order="strict") == [1, 1, 1]
    assert reached(one("AC B".replace(" ", "")), "A", maybe, "C", order="strict") == [1, 0, 1]
    assert reached(one("ABBXC"), "A", maybe, "C", order="strict") == [1, 1, 0]


# -- exclusions -------------------------------------------------------------------------------------------------------


def test_an_exclusion_ends_the_attempt_and_not_the_customer():
    events = journeys("ana A0 X1 B2\nben A0 X1 A2 B3\ncyd A0 B1 X2")
    assert reached(events, "A", "B", exclude={"events": ["X"]}) == [3, 2]


def test_the_deepest_attempt_is_found_around_an_exclusion():
    """A B X B C with X excluded between B and C reaches 3: the later B is taken."""
    exclude = {"events": ["X"], "between": [2, 3]}
    assert reached(one("ABXBC"), *ABC, exclude=exclude) == [1, 1, 1]
    assert reached(one("ABXBC"), *ABC, exclude={"events": ["X"]}) == [1, 1, 0]
    assert reached(one("ABXC"), *ABC, exclude=exclude) == [1, 1, 0]


def test_an_exclusion_holds_only_between_its_steps_and_strictly():
    events = journeys("ana A0 X0 B1 X1 X1.5 C2")
    assert reached(events, *ABC, exclude={"events": "X", "between": [1, 2]}) == [1, 1, 1]
    assert reached(events, *ABC, exclude={"events": "X", "between": [2, 3]}) == [1, 1, 0]


def test_an_exclusion_may_have_a_filter_and_there_may_be_several():
    events = log("ana A 0\nana X 1 call\nana Y 3\nana B 4")
    call = {"events": ["X"], "where": [["channel", "==", "call"]]}
    other = {"events": ["X"], "where": [["channel", "!=", "call"]]}
    assert reached(events, "A", "B", exclude=other) == [1, 1]
    assert reached(events, "A", "B", exclude=call) == reached(events, "A", "B", exclude=[other, "Y"]) == [1, 0]


def removed(text, **asked):
    found = funnel(journeys(text), steps=ABC, **{"within": "10h", "entries": "all"} | asked)
    return found.removed, found.steps["reached"].tolist()


def test_remove_takes_the_customer_out_of_all_counts():
    exclude = {"events": ["X"], "between": [1, 2], "effect": "remove"}
    assert removed("ana A0 X1 B2 C3\nben A0 B1 C2", exclude=exclude) == (1, [1, 1, 1])
    assert removed("ana A0 B1 X2 C3\nben A0 B1 C2", exclude=exclude) == (0, [2, 2, 2])
    assert removed("ana A0 X1 A2 B3 C4\nben A0 B1 C2", exclude=exclude) == (1, [1, 1, 1])  # in any attempt
    assert removed("ana A0 B1 A2 X3\nben A0 B1 C2", exclude=exclude) == (1, [1, 1, 1])  # also after one went on


def test_remove_looks_as_far_as_the_window_when_the_step_is_never_reached():
    exclude = {"events": ["X"], "between": [1, 2], "effect": "remove"}
    assert removed("ana A0 X10\nben A0 B1 C2", exclude=exclude) == (1, [1, 1, 1])
    assert removed("ana A0 X10.5\nben A0 B1 C2", exclude=exclude) == (0, [2, 1, 1])


def test_remove_does_not_reach_behind_a_conversion():
    exclude = {"events": ["X"], "effect": "remove"}
    assert removed("ana A0 B1 C2 A3 X4", exclude=exclude) == (0, [1, 1, 1])
    assert removed("ana A0 X1 A3 B4 C5\nben C0", exclude=exclude) == (1, [0, 0, 0])


def test_who_is_still_open_is_not_removed():
    exclude = {"events": ["X"], "effect": "remove"}
    found = funnel(journeys("ana A0 X1\nben A18 X19\nend B20"), steps=["A", "B"], within="5h", exclude=exclude)
    assert (found.entered, found.removed, found.still_open) == (2, 1, 1)
    assert found.steps["overall_conversion"].isna().all()


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"steps": [{"events": "A", "optional": True}, "B"]}, InsightError, "begins with its first step"),
        ({"steps": [{"events": "A", "max_gap": "1h"}, "B"]}, InsightError, "begins with its first step"),
        ({"steps": ["A", {"events": "B", "optional": True}]}, InsightError, "two steps that are not optional"),
        ({"steps": ["A", {"events": "B", "optional": "yes"}]}, InsightError, "True or False"),
        ({"steps": ["A", {"events": "B", "max_gap": "1"}]}, InsightError, "max_gap = '1' is not a length"),
        ({"steps": ["A", {"events": "B", "where": [["valu", ">", 1]]}]}, UnknownValue, "where column = 'valu'"),
        ({"steps": ["A", {"events": "B", "where": [["channel", "=", 1]]}]}, UnknownValue, "where operator = '='"),
        ({"steps": ["A", {"events": "B", "where": "x"}]}, InsightError, "where is a list of conditions"),
        ({"steps": ["A", {"events": "B", "where": [["channel"]]}]}, InsightError, "A condition is written"),
        ({"steps": ["A", {"events": "B", "where": [["channel", "=="]]}]}, InsightError, "needs a value"),
        ({"steps": ["A", {"events": "B", "where": [["channel", "is missing", 1]]}]}, InsightError, "stands alone"),
        ({"steps": ["A", {"events": "B", "where": [["channel", "in", "ads"]]}]}, InsightError, "needs a list"),
        ({"steps": ["A", {"events": "B", "where": [["channel", "==", None]]}]}, InsightError, "a text or a number"),
        ({"steps": ["A", {"events": "B", "where": [["channel", "<", 3]]}]}, InsightError, "not less or more than"),
        ({"steps": ["A", {"events": "B", "where": [["timestamp", "<", 3]]}]}, InsightError, "holds dates: write"),
        ({"order": "any", "steps": ["A", ["A", "B"]]}, InsightError, "'A' is in 'A' and 'A or B'"),
        ({"order": "any", "steps": ["A", {"events": "B", "max_gap": "1h"}]}, InsightError, 'leave "max_gap" out'),
        ({"order": "any", "steps": ABC, "exclude": {"events": "X", "between": [1, 2]}}, InsightError, '"between" out'),
        (
            {"order": "open", "steps": ["A", {"events": "B", "optional": True}, "C"]},
            InsightError,
            "Optional steps need",
        ),
        ({"exclude": {"events": ["Z"]}}, UnknownValue, "exclude = 'Z'"),
        ({"exclude": {"event": ["X"]}}, UnknownValue, "key of exclude"),
        ({"exclude": {"where": []}}, InsightError, "names its events"),
        ({"exclude": 3}, InsightError, "An exclusion is written"),
        ({"exclude": {"events": "X", "effect": "stop"}}, UnknownValue, "drop, remove"),
        ({"exclude": {"events": "X", "between": [2, 1]}}, InsightError, "is not possible"),
        ({"exclude": {"events": "X", "between": 1}}, InsightError, "must be two steps"),
        ({"unit": "visit"}, UnknownValue, "customer, session"),
        ({"unit": {"gap": "1h"}}, UnknownValue, "session_gap"),
        ({"unit": {"session_gap": None}}, InsightError, "session_gap = None"),
        ({"by": {"column": "channel", "value": 3}}, UnknownValue, "by value = 3"),
    ],
)
def test_an_impossible_setting_says_what_to_change(asked, kind, says):
    with pytest.raises(kind, match=says):
        funnel(journeys("ana A0 B1 C2 X3"), **{"steps": ["A", "B"], "entries": "all"} | asked)


def test_a_number_column_refuses_a_word(three):
    with pytest.raises(InsightError, match="value holds numbers, and 'many' is none"):
        reached(three, {"events": ["buy"], "where": [["value", ">", "many"]]}, "end")


# -- what always holds ------------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("vwxyz"), st.integers(0, 9), st.sampled_from("ABCX")), min_size=1, max_size=40
    ),
    asked=st.sampled_from([{}, {"exclude": "X"}, {"exclude": {"events": "X", "between": [2, 3]}}]),
)
def test_strict_reaches_no_more_than_ordered_and_ordered_no_more_than_any(rows, asked):
    rows = [*rows, *(("u", 3, kind) for kind in "ABCX")]
    events = log("\n".join(f"{customer} {kind} {day}" for customer, day, kind in rows))
    strict, ordered, wide, free = (
        reached(events, *ABC, **own)
        for own in (
            {"within": "3D", "order": "strict"} | asked,
            {"within": "3D"} | asked,
            {"within": "5D"} | asked,
            {"within": "3D"},
        )
    )
    loose = reached(events, *ABC, within="3D", order="any")
    for few, many in ((strict, ordered), (ordered, free), (free, loose), (ordered, wide)):
        assert all(a <= b for a, b in zip(few, many, strict=True))
    for counts in (strict, ordered, loose):
        assert counts == sorted(counts, reverse=True)
