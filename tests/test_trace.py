"""The funnel customer by customer: each stands where the funnel counts them, and the sentence says why."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import read_events, sample
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.explain.trace import trace_sentence
from insight.funnel.members import funnel_members
from insight.funnel.trace import Trace, funnel_trace
from tests.funnels import ROWS, asked_funnels, table_of
from tests.logs import START, log

VCB = ["visit", "cart", "buy"]


def traced(text, steps=VCB, **asked):
    """The trace of ana; everybody counts, and every event exists."""
    everything = "end visit 0\nend cart 0\nend buy 0"
    return funnel_trace(log(f"{text}\n{everything}"), customers=["ana"], steps=steps, **{"entries": "all"} | asked)


def roles(trace):
    """What each event is, in a word or two: the number of its step where it is matched."""
    return [role if pd.isna(step) else str(step) for step, role in trace.events[["step", "role"]].values]


# -- what each event is -----------------------------------------------------------------------------------------------


def test_events_before_between_and_after_the_attempt():
    trace = traced("ana other 0\nana visit 1\nana other 2\nana cart 3\nana buy 4\nana visit 9")
    assert roles(trace) == ["before", "1", "between", "2", "3", "after"]
    assert trace.events["role"].tolist()[1:4] == ["entry", "between", "step"]
    assert trace.events["seconds"].tolist() == [86_400 * day for day in (-1, 0, 1, 2, 3, 8)]


def test_a_step_that_came_too_late():
    trace = traced("ana visit 0\nana cart 1\nana buy 9")
    assert roles(trace) == ["1", "2", "too late"]
    verdict = trace.verdicts.iloc[0]
    assert verdict[["reached", "counted", "verdict", "next_step"]].tolist() == [2, True, "too late", "buy"]
    assert (verdict["next_seconds"], verdict["over_seconds"]) == (9 * 86_400, 2 * 86_400)


def test_the_attempt_shown_is_the_one_that_came_nearest_to_the_next_step():
    """The second attempt is faster to the cart, but it is the first that a late purchase followed soonest."""
    trace = traced("ana visit 0\nana cart 2\nana buy 9\nana visit 20\nana cart 21")
    assert roles(trace) == ["1", "2", "too late", "after", "after"]


def test_without_a_next_step_the_fastest_attempt_is_shown():
    trace = traced("ana visit 0\nana cart 2\nana visit 20\nana cart 21")
    assert roles(trace) == ["before", "before", "1", "2"]


def test_a_step_after_too_long_a_gap():
    steps = ["visit", "cart", {"events": ["buy"], "max_gap": "1D"}]
    trace = traced("ana visit 0\nana cart 1\nana buy 4", steps)
    assert roles(trace) == ["1", "2", "gap too long"]
    assert trace.verdicts["over_seconds"].tolist() == [2 * 86_400]


def test_a_tenth_of_a_second_too_late_is_a_second_and_not_none():
    trace = funnel_trace(
        log("ana a 0\nana b 60.1", unit="s"), customers=["ana"], steps=["a", "b"], within="60s", entries="all"
    )
    assert trace.verdicts["over_seconds"].tolist() == [1]


def test_a_step_in_the_last_moment_of_the_window_is_in_time():
    assert roles(traced("ana visit 0\nana cart 7")) == ["1", "2"]
    assert roles(traced("ana buy 0\nana cart 7", order="any")) == ["3", "2"]


def test_in_any_order_an_exclusion_ends_the_attempt():
    trace = traced("ana visit 0\nana call 1\nana cart 2", order="any", exclude={"events": ["call"]})
    assert roles(trace) == ["1", "exclusion", "not counted"]
    assert trace.verdicts[["reached", "verdict", "stopped_by"]].values.tolist() == [[1, "excluded", "call"]]


def test_an_exclusion_stands_between():
    trace = traced("ana visit 0\nana call 1\nana cart 2\nana buy 3", exclude={"events": ["call"]})
    assert roles(trace) == ["1", "exclusion", "not counted", "after"]
    assert trace.verdicts[["verdict", "stopped_by"]].values.tolist() == [["excluded", "call"]]


def test_in_strict_order_another_event_interrupts_and_a_repeat_does_not():
    trace = traced("ana visit 0\nana visit 1\nana look 2\nana cart 3", order="strict")
    assert roles(trace) == ["before", "1", "interruption", "not counted"]
    assert trace.verdicts[["verdict", "stopped_by"]].values.tolist() == [["interrupted", "look"]]


def test_an_optional_step_is_matched_on_the_way_and_interrupts_nothing():
    steps = ["visit", {"events": ["wish"], "optional": True}, "cart", "buy"]
    assert roles(traced("ana visit 0\nana wish 1\nana wish 2\nana cart 3", steps)) == ["1", "2", "between", "3"]
    trace = traced("ana visit 0\nana wish 1\nana look 2\nana cart 3", steps, order="strict")
    assert roles(trace) == ["1", "2", "interruption", "not counted"]
    assert trace.verdicts["reached"].tolist() == [1]


def test_steps_in_any_order_are_matched_in_the_order_they_came():
    trace = traced("ana buy 0\nana visit 1\nana cart 9", order="any")
    assert roles(trace) == ["3", "1", "too late"]
    assert trace.verdicts[["reached", "next_step"]].values.tolist() == [[2, "cart"]]


def test_an_open_funnel_is_entered_at_any_step():
    trace = traced("ana cart 0\nana buy 1\nana visit 2", order="open")
    assert roles(trace) == ["2", "3", "after"]
    assert trace.verdicts[["reached", "verdict"]].values.tolist() == [[3, "completed"]]


def test_of_sessions_the_deepest_is_shown():
    text = "ana visit 0\nana visit 99\nana cart 100\nana visit 199"
    asked = {"steps": ["visit", "cart"], "within": "20min", "unit": "session", "entries": "all"}
    trace = funnel_trace(log(text, unit="min"), customers=["ana"], **asked)
    assert roles(trace) == ["other session", "1", "2", "other session"]
    assert trace.verdicts["reached"].tolist() == [2]


def test_two_steps_in_one_moment():
    assert roles(traced("ana cart 0\nana visit 0")) == ["2", "1"]


def test_who_does_not_count():
    text = "ana visit 9\nana cart 10\nben cart 0\ncyd visit 0\ncyd call 1\nend buy 12"
    exclude = {"events": ["call"], "effect": "remove"}
    trace = funnel_trace(log(text), customers=["ana", "ben", "cyd"], steps=VCB, exclude=exclude)
    assert trace.verdicts[["customer_id", "reached", "counted", "verdict"]].values.tolist() == [
        ["ana", 2, False, "still open"],
        ["ben", 0, False, "not entered"],
        ["cyd", 1, False, "removed"],
    ]
    assert trace.verdicts["left_seconds"].tolist()[0] == 3 * 86_400  # the last day is the 13th, and has no clock times
    assert roles(trace) == ["1", "2", "outside", "1", "exclusion"]
    assert trace.events["seconds"].isna().tolist() == [False, False, True, False, False]


def test_at_most_fifty_events_are_shown_and_the_part_that_counts_is_always_there():
    lines = [f"ana look {day}" for day in range(200)] + ["ana visit 20", "ana cart 130", "ana buy 199"]
    trace = traced("\n".join(lines), within="120D")
    assert len(trace.events) == 50
    assert trace.verdicts[["n_events", "n_hidden"]].values.tolist() == [[203, 153]]
    assert set(roles(trace)) == {"1", "2", "too late", "between"}
    assert trace.events["timestamp"].is_monotonic_increasing


def test_times_are_those_of_the_table_s_time_zone():
    table = pd.DataFrame({"customer_id": ["ana", "ana"], "event": ["visit", "buy"]})
    table["timestamp"] = pd.to_datetime(["2026-03-01 23:30", "2026-03-02 00:30"]).tz_localize("Asia/Tokyo")
    events = read_events(table, timezone="Asia/Tokyo")
    trace = funnel_trace(events, steps=["visit", "buy"], entries="all")
    assert trace.verdicts["entry"].tolist() == [pd.Timestamp("2026-03-01 23:30", tz="Asia/Tokyo")]
    assert trace.events["timestamp"].dtype == events.frame["timestamp"].dtype == trace.verdicts["entry"].dtype


# -- consistent with the counts ---------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, asked=asked_funnels(), data=st.data())
def test_each_stands_where_the_funnel_counts_them(rows, asked, data):
    """Of every customer: the deepest row they are a member of is the one that the trace says."""
    events = table_of(rows)
    names = data.draw(st.permutations(sorted(set(events.frame["customer_id"]))))
    trace = funnel_trace(events, customers=names, **asked)
    optional = [isinstance(step, dict) and step.get("optional", False) for step in asked["steps"]]
    required = [k for k, own in enumerate(optional, start=1) if not own]
    at = {k: set(funnel_members(events, asked, {"step": k})) for k in required}
    entered = set(funnel_members(events, asked, {"entered": True}))
    assert trace.verdicts["customer_id"].tolist() == names
    for one in trace.verdicts.itertuples():
        deepest = max((k for k in required if one.customer_id in at[k]), default=0)
        assert one.counted == (deepest > 0)
        assert not one.counted or one.reached == deepest
        assert (one.verdict == "completed") <= (one.reached == required[-1])
        assert (one.verdict == "not entered") == (one.customer_id not in entered)
        own = trace.events[trace.events["customer_id"] == one.customer_id]
        matched = own["step"].dropna().tolist()
        assert len(own) == one.n_events - one.n_hidden
        assert (own["role"] == "entry").sum() == (one.verdict != "not entered") <= len(set(matched)) == len(matched)
        if matched:
            assert (len(matched) if asked["order"] == "any" else max(set(matched) & set(required))) == one.reached
        assert trace_sentence(trace, one.customer_id)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, asked=asked_funnels())
def test_a_verdict_is_true_of_the_events(rows, asked):
    """Read from the table alone: what is matched is in time and order, and what did not follow is not there."""
    asked |= {"unit": "customer", "as_of": None}
    trace = funnel_trace(table_of(rows), n=50, **asked)
    window = pd.Timedelta(asked["within"] or "999D").total_seconds()
    kinds = [
        step["events"] if isinstance(step, dict) else [step] if isinstance(step, str) else step
        for step in asked["steps"]
    ]
    for one in trace.verdicts.itertuples():
        own = trace.events[trace.events["customer_id"] == one.customer_id]
        matched = own[own["step"].notna()]
        assert matched["seconds"].between(0, window).all()
        assert all(event in kinds[step - 1] for event, step in matched[["event", "step"]].values)
        if asked["order"] != "any":
            assert matched.sort_values("step", kind="stable")["seconds"].is_monotonic_increasing
        if one.verdict == "too late":
            assert one.next_seconds == window + one.over_seconds > window
        missed = asked["steps"][trace.steps.index(one.next_step)] if one.verdict == "lost" else {"where": []}
        if asked["order"] != "any" and "where" not in missed:
            following = own[own["event"].isin(kinds[trace.steps.index(one.next_step)])]
            assert not (following["seconds"] > matched["seconds"].max()).any()
        if one.verdict in ("excluded", "interrupted", "removed"):
            assert one.stopped_by in own["event"].tolist()
        if one.verdict == "still open":
            assert one.left_seconds > 0


# -- examples ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd():
    """Many who only visit, and of each other fate one, whose id says it and comes late in the alphabet."""
    fates = {
        "z_done": "visit 0, cart 1, buy 2",
        "z_late": "visit 0, cart 1, buy 9",
        "z_first": "visit 0",
        "z_cart": "visit 0, cart 1",
        "z_called": "visit 0, call 1, cart 2",
        "z_gap": "visit 0, cart 1, buy 6",
        "z_before": "cart 0, visit 1",
        "z_open": "visit 19",
        "end": "x 20",
    }
    lines = [f"{who} {event}" for who, events in fates.items() for event in events.split(", ")]
    return log("\n".join([*lines, *(f"a{i:03} visit 0" for i in range(200)), *(f"b{i:03} visit 1" for i in range(99))]))


ASKED = {"steps": ["visit", "cart", {"events": ["buy"], "max_gap": "4D"}], "exclude": {"events": ["call"]}}


def test_examples_show_every_way_to_end(crowd):
    verdicts = funnel_trace(crowd, **ASKED).verdicts
    assert len(verdicts) == 10
    assert set(verdicts["verdict"]) == {
        *("completed", "too late", "gap too long", "lost", "excluded", "out of order", "still open")
    }
    assert {"z_done", "z_late", "z_cart", "z_called", "z_gap", "z_before", "z_open"} <= set(verdicts["customer_id"])
    assert verdicts["reached"].tolist() == [3, 2, 2, 2, 1, 1, 1, 1, 1, 1]
    assert verdicts["counted"].tolist() == [True] * 9 + [False]


def test_examples_do_not_depend_on_the_order_of_the_file(crowd):
    shuffled = read_events(crowd.frame.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(funnel_trace(crowd, **ASKED).verdicts, funnel_trace(shuffled, **ASKED).verdicts)


def test_fewer_examples_still_show_the_ways_to_end_first(crowd):
    verdicts = funnel_trace(crowd, n=3, **ASKED).verdicts
    assert verdicts["verdict"].nunique() == len(verdicts) == 3


def test_the_sample_shop_has_examples():
    steps = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]
    week, minute = (funnel_trace(sample("shop_events"), steps=steps, within=within) for within in ("7D", "1min"))
    assert len(week.verdicts) == 10
    assert {"completed", "lost", "still open"} <= set(week.verdicts["verdict"])
    assert set(week.verdicts.loc[week.verdicts["counted"], "reached"]) == {1, 2, 3, 4, 5}
    assert {"lost", "too late"} <= set(minute.verdicts["verdict"])


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"customers": ["zoe"]}, InsightError, "There is no customer 'zoe'"),
        ({"customers": "ana"}, InsightError, "a list of 1 to 100 ids"),
        ({"customers": []}, InsightError, "a list of 1 to 100 ids"),
        ({"customers": ["ana"] * 101}, InsightError, "a list of 1 to 100 ids"),
        ({"start": "2026-05-01"}, NotEnoughData, "Nobody entered the funnel"),
        ({"n": 0}, InsightError, "whole number from 1 to 100"),
        ({"n": True}, InsightError, "whole number from 1 to 100"),
        ({"with_in": "1D"}, UnknownValue, "Did you mean 'within'"),
        ({"steps": ["visit", "bye"]}, UnknownValue, "Did you mean 'buy'"),
    ],
)
def test_what_cannot_be_traced_says_what_to_change(asked, kind, says):
    with pytest.raises(kind, match=says):
        funnel_trace(log("ana visit 0\nana buy 1"), **{"steps": ["visit", "buy"], "entries": "all"} | asked)


# -- in words ---------------------------------------------------------------------------------------------------------


def told(verdict, events, steps=VCB, order="ordered", customer="ana"):
    """The sentence of a hand-made trace. events : (event, step, day since the entry)."""
    frame = pd.DataFrame(events, columns=["event", "step", "day"])
    frame["customer_id"], frame["timestamp"] = customer, START + pd.to_timedelta(frame["day"], unit="D")
    frame["step"], frame["seconds"] = frame["step"].astype("Int64"), (frame.pop("day") * 86_400).astype("Int64")
    row = {"customer_id": customer, "reached": 1, "next_step": None, "next_seconds": pd.NA, "over_seconds": pd.NA}
    row |= {"left_seconds": pd.NA, "stopped_by": None, "n_hidden": 0} | verdict
    return trace_sentence(Trace(frame, pd.DataFrame([row]), steps, "7D", order, "customer"), customer)


ENTRY, CART = ("visit", 1, 0), ("cart", 2, 1 / 12)


@pytest.mark.parametrize(
    ("verdict", "events", "more", "said"),
    [
        (
            {"verdict": "too late", "reached": 2, "next_step": "buy", "next_seconds": 777_600, "over_seconds": 172_800},
            [ENTRY, CART, ("buy", None, 9)],
            {},
            "**ana** entered on 1 Jan 2026 with *visit* and reached *cart* after 2 h. "
            "*buy* came 9 d after the entry, 2 d too late: ana counts at *cart* and not at *buy*.",
        ),
        (
            {"verdict": "lost", "next_step": "cart"},
            [ENTRY],
            {},
            "**ana** entered on 1 Jan 2026 with *visit*. *cart* did not follow: "
            "ana counts at *visit* and not at *cart*.",
        ),
        (
            {"verdict": "completed", "reached": 3},
            [ENTRY, ("cart", 2, 0), ("buy", 3, 1.5)],
            {},
            "**ana** entered on 1 Jan 2026 with *visit* and reached *cart* at once, *buy* after 1 d 12 h. "
            "That is the whole way: ana counts there.",
        ),
        (
            {
                "verdict": "gap too long",
                "reached": 2,
                "next_step": "buy",
                "next_seconds": 352_800,
                "over_seconds": 60,
            },
            [ENTRY, CART],
            {},
            "**ana** entered on 1 Jan 2026 with *visit* and reached *cart* after 2 h. "
            "*buy* came 4 d after *cart*, 1 min too late: ana counts at *cart* and not at *buy*.",
        ),
        (
            {"verdict": "excluded", "next_step": "cart", "stopped_by": "call"},
            [ENTRY],
            {},
            "**ana** entered on 1 Jan 2026 with *visit*. *call* came before *cart* and excludes it: "
            "ana counts at *visit* and not at *cart*.",
        ),
        (
            {"verdict": "interrupted", "next_step": "cart", "stopped_by": "look"},
            [ENTRY],
            {"order": "strict"},
            "**ana** entered on 1 Jan 2026 with *visit*. *look* came between *visit* and *cart*, and the order is "
            "strict: ana counts at *visit* and not at *cart*.",
        ),
        (
            {"verdict": "out of order", "next_step": "cart", "next_seconds": -60},
            [ENTRY],
            {},
            "**ana** entered on 1 Jan 2026 with *visit*. *cart* came before *visit*, not after it: "
            "ana counts at *visit* and not at *cart*.",
        ),
        (
            {"verdict": "lost", "reached": 2, "next_step": "buy"},
            [("cart", 2, 0), ("visit", 1, 1)],
            {"order": "any"},
            "**ana** entered on 1 Jan 2026 with *cart* and reached *visit* after 1 d. *buy* did not follow: "
            "ana counts with 2 of 3 steps.",
        ),
        (
            {"verdict": "still open", "left_seconds": 3 * 86_400},
            [ENTRY],
            {},
            "**ana** entered on 1 Jan 2026 with *visit*. The data end 3 d before the window does: "
            "ana is not counted yet.",
        ),
        (
            {"verdict": "removed", "stopped_by": "call"},
            [ENTRY],
            {},
            "**ana** entered on 1 Jan 2026 with *visit*. "
            "*call* fell into an attempt, which takes ana out of all counts.",
        ),
        ({"verdict": "not entered"}, [], {}, "**ana** did not do *visit* in the chosen dates."),
        ({"verdict": "not entered"}, [], {"order": "open"}, "**ana** did none of the steps in the chosen dates."),
        (
            {"verdict": "lost", "next_step": "cart", "n_hidden": 1200},
            [ENTRY],
            {},
            "**ana** entered on 1 Jan 2026 with *visit*. *cart* did not follow: "
            "ana counts at *visit* and not at *cart*. 1,200 more events are not shown.",
        ),
        (
            {"verdict": "lost", "next_step": "c_t"},
            [("<b>", 1, 0)],
            {"steps": ["<b>", "c_t"], "customer": "a*b"},
            r"**a\*b** entered on 1 Jan 2026 with *\<b\>*. *c\_t* did not follow: "
            r"a\*b counts at *\<b\>* and not at *c\_t*.",
        ),
    ],
)
def test_a_journey_reads_as_two_sentences(verdict, events, more, said):
    assert told(verdict, events, **more) == said


def test_an_optional_step_after_the_last_is_not_where_a_customer_is_counted():
    steps = ["visit", {"events": ["wish"], "optional": True}, {"events": ["buy"], "max_gap": "1D"}]
    trace = traced("ana visit 0\nana wish 1\nana buy 3", steps)
    assert trace_sentence(trace, "ana") == (
        "**ana** entered on 1 Jan 2026 with *visit* and reached *wish* after 1 d. "
        "*buy* came 3 d after *visit*, 2 d too late: ana counts at *visit* and not at *buy*."
    )
