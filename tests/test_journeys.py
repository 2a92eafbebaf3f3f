"""Transitions and paths: their definitions on a few rows."""

import pandas as pd
import pytest

from insight import InsightError, paths, read_events, step_matrix, transitions
from insight.errors import NotEnoughData, UnknownValue
from tests.logs import START, log

DAY = 24 * 60


def rows(text, **columns):
    """A log from lines of `customer` and words such as `visit0 buy5`: event and minute; `columns` are of each row."""
    lines = [line.split() for line in text.strip().splitlines()]
    words = [(own[0], word.rstrip("0123456789"), word) for own in lines for word in own[1:]]
    frame = pd.DataFrame(
        {
            "customer_id": [customer for customer, _event, _word in words],
            "event": [event for _customer, event, _word in words],
            "timestamp": [START + pd.Timedelta(minutes=int(word[len(event) :])) for _customer, event, word in words],
            **columns,
        }
    )
    return read_events(frame)


def passages(result):
    pairs = zip(result.counts["from_event"], result.counts["to_event"], strict=True)
    return dict(zip(pairs, result.counts["count"], strict=True))


def counts(events, **settings):
    return passages(transitions(events, **settings))


def flows(events, **settings):
    return {row[:3]: row[3] for row in paths(events, **settings).flows.itertuples(index=False)}


def ways(events, **settings):
    found = paths(events, **settings).paths
    return dict(zip(found["path"], found["n"], strict=True))


# -- what stands in a row ---------------------------------------------------------------------------------------------


def test_every_unit_goes_from_start_over_its_events_to_end():
    events = rows("ana visit0 cart1 buy2\nben visit0")
    assert counts(events) == {
        ("(start)", "visit"): 2, ("visit", "cart"): 1, ("visit", "(end)"): 1, ("cart", "buy"): 1, ("buy", "(end)"): 1,
    }  # fmt: skip


def test_a_share_is_of_all_that_leave_the_event():
    found = transitions(rows("ana visit0 cart1 visit2\nben visit0 cart1")).counts
    leaving = found[found["from_event"] == "visit"].set_index("to_event")["share"]
    assert leaving.to_dict() == {"cart": 2 / 3, "(end)": 1 / 3}
    assert found.groupby("from_event")["share"].sum().tolist() == pytest.approx([1, 1, 1])


def test_a_pause_of_exactly_the_gap_does_not_end_a_session_and_a_longer_one_does():
    assert counts(rows("ana visit0 buy30"))["visit", "buy"] == 1
    assert ("visit", "buy") not in counts(rows("ana visit0 buy31"))
    assert transitions(rows("ana visit0 buy31")).n_units == 2


def test_a_session_column_decides_where_it_is_asked():
    events = rows("ana visit0 buy100 visit101\nben visit0", session=["s1", "s1", "s2", "s1"])
    found = transitions(events, session_gap=None)
    assert (found.n_units, found.n_customers) == (3, 2)
    assert passages(found)["visit", "buy"] == 1
    with pytest.raises(InsightError, match="no session column"):
        transitions(rows("ana visit0"), session_gap=None)


def test_of_customers_the_whole_history_is_one_sequence():
    assert counts(rows("ana visit0 buy5000"), unit="customer")["visit", "buy"] == 1


def test_repeats_in_a_row_count_once_and_their_rows_are_told():
    events = rows("ana view0 view1 view2 buy3")
    found = transitions(events)
    assert ("view", "view") not in passages(found)
    assert found.kinds["median_seconds"].fillna(-1).tolist() == [-1, 180]  # nobody knows how long the last one lasts
    assert found.kinds[["event", "count", "rows"]].values.tolist() == [["buy", 1, 1], ["view", 1, 3]]
    assert counts(events, collapse_repeats=False)["view", "view"] == 2


def test_equal_times_are_in_the_order_of_the_names():
    assert ("buy", "visit") in counts(rows("ana visit0 buy0"))
    assert transitions(rows("ana visit0 buy0")).tied == 1
    assert not transitions(rows("ana visit0 buy1")).tied


def test_equal_times_are_in_the_order_of_the_sequence_column_where_there_is_one():
    events = rows("ana visit0 buy0 add0", sequence=[1, 2, None])
    found = transitions(events)
    assert [("visit", "buy") in passages(found), ("buy", "add") in passages(found)] == [True, True]
    assert found.in_sequence


def test_another_name_does_not_change_the_order_of_equal_times():
    assert ("zz", "visit") in counts(rows("ana visit0 buy0"), clean={"rename": {"buy": "zz"}})


def test_a_hidden_event_is_as_if_it_were_not_there_but_keeps_a_session_alive():
    events = rows("ana view0 ping20 view40 buy60")
    found = transitions(events, clean={"hide": ["ping"]})
    assert passages(found) == {("(start)", "view"): 1, ("view", "buy"): 1, ("buy", "(end)"): 1}
    assert (found.n_units, found.hidden) == (1, 1)
    assert transitions(rows("ana view0 view40 buy60")).n_units == 2


def test_rows_after_as_of_are_left_out_and_counted():
    found = transitions(log("ana visit 0\nana buy 1\nben visit 2"), as_of="2026-01-01", unit="customer")
    assert (found.left_out, found.n_units, found.as_of) == (2, 1, "2026-01-01")
    assert str(found.data_end) == "2026-01-02 00:00:00"


def test_a_session_near_the_end_of_the_data_may_still_go_on():
    events = rows(f"ana visit0\nben visit{DAY - 30}\ncid visit{DAY - 31}")
    assert transitions(events).still_open == 1
    assert paths(events, unit="session").still_open == 1
    assert transitions(events, as_of="2026-01-02").still_open == 0
    assert transitions(events, unit="customer").still_open is None


def test_units_and_customers_are_told_apart():
    found = transitions(rows("ana visit0 buy1 visit2 buy3 visit100 buy101"), session_gap="30min").counts
    row = found[(found["from_event"] == "visit") & (found["to_event"] == "buy")].iloc[0]
    assert [row["count"], row["units"], row["customers"]] == [3, 2, 1]


# -- paths ------------------------------------------------------------------------------------------------------------


def test_who_has_no_further_event_stays_in_the_end_and_every_column_has_all():
    found = paths(rows("ana visit0 cart1 buy2\nben visit0"), depth=3)
    assert found.flows[["position", "source", "target", "n"]].values.tolist() == [
        [0, "(start)", "visit", 2],
        [1, "visit", "cart", 1],
        [1, "visit", "(end)", 1],
        [2, "cart", "buy", 1],
        [2, "(end)", "(end)", 1],
    ]
    assert found.flows.groupby("position")["n"].sum().tolist() == [2, 2, 2]
    assert found.flows["source_share"].tolist() == [1, 0.5, 0.5, 1, 1]


def test_a_path_is_cut_after_its_depth():
    found = paths(rows("ana visit0 cart1 buy2\nben visit0 cart1"), depth=2).paths
    assert found[["path", "n", "steps", "ended"]].values.tolist() == [["visit > cart", 2, 2, False]]
    deeper = paths(rows("ana visit0 cart1 buy2\nben visit0 cart1"), depth=3).paths
    assert deeper[["path", "ended"]].values.tolist() == [["visit > cart > buy", False], ["visit > cart", True]]


def test_loops_are_told_beside_the_path_and_the_node():
    found = paths(rows("ana view0 view1 view2 buy3\nben view0 buy1"), depth=2)
    assert found.paths["loops"].tolist() == [[2.0, 1.0]]
    view = found.nodes[found.nodes["event"] == "view"].iloc[0]
    assert [view["n"], view["rows"], view["repeated"]] == [2, 4, 1]


def test_forward_from_an_event_begins_at_its_first_time():
    events = rows("ana visit0 cart1 buy2 cart3 help4\nben visit0")
    found = paths(events, after="cart", depth=2)
    assert found.paths["path"].tolist() == ["cart > buy > cart"]
    assert (found.n_units, found.without_anchor) == (1, 1)
    assert found.nodes.loc[found.nodes["position"] == 0, "event"].tolist() == ["cart"]


def test_backward_to_an_event_ends_at_its_first_time():
    events = rows("ana visit0 cart1 buy2 buy9\nben buy0\ncid visit0")
    found = paths(events, before="buy", depth=2)
    assert set(found.paths["path"]) == {"visit > cart > buy", "buy"}
    assert flows(events, before="buy", depth=2) == {
        (-2, "visit", "cart"): 1, (-2, "(start)", "(start)"): 1, (-1, "cart", "buy"): 1, (-1, "(start)", "buy"): 1,
    }  # fmt: skip
    assert found.paths.set_index("path")["ended"].to_dict() == {"visit > cart > buy": False, "buy": True}
    assert found.without_anchor == 1


def test_between_two_events_who_arrives_stays_there_and_who_does_not_is_left_out():
    events = rows("ana visit0 buy1\nben visit0 cart1 buy2 help3\ncid visit0 cart1\ndan cart0")
    found = paths(events, after="visit", before="buy", depth=2)
    assert [row[:3] for row in found.flows.itertuples(index=False)] == [
        (0, "visit", "buy"), (0, "visit", "cart"), (1, "buy", "(arrived)"), (1, "cart", "buy"),
    ]  # fmt: skip
    assert (found.n_units, found.never_arrived, found.without_anchor) == (2, 1, 1)
    assert found.still_open is None


def test_between_two_events_a_long_path_says_that_steps_are_missing():
    found = paths(rows("ana visit0 a1 b2 c3 buy4\nben visit0 a1 buy2"), after="visit", before="buy", depth=3)
    assert set(found.paths["path"]) == {"visit > a > (more steps) > buy", "visit > a > buy"}
    assert found.paths.set_index("path")["ended"].to_dict() == {
        "visit > a > (more steps) > buy": False, "visit > a > buy": True,
    }  # fmt: skip


def test_the_second_of_two_anchors_comes_after_the_first_even_where_both_are_the_same_event():
    assert ways(rows("ana buy0 visit1 buy2"), after="visit", before="buy", depth=2) == {"visit > buy": 1}
    assert ways(rows("ana buy0 visit1 buy2\nben buy0"), after="buy", before="buy", depth=2) == {"buy > visit > buy": 1}


def test_any_of_several_anchors_will_do():
    events = rows("ana visit0 cart1\nben cart0")
    assert ways(events, after=["cart", "visit"], depth=2) == {"cart": 1, "visit > cart": 1}


def test_only_what_lies_within_the_time_belongs_to_the_path():
    events = rows("ana visit0 cart60 buy61")
    assert ways(events, within="60min", depth=3) == {"visit > cart": 1}
    assert ways(events, before="buy", within="60min", depth=3) == {"cart > buy": 1}
    with pytest.raises(NotEnoughData, match="allow more time"):
        paths(events, after="visit", before="buy", within="60min")


def test_the_days_gate_where_a_path_begins_and_not_where_it_goes():
    events = log("ana visit 0\nana cart 1\nana buy 2\nben visit 1\nben buy 9\ncid visit 0")
    found = paths(events, start="2026-01-02", end="2026-01-02", depth=2)
    assert dict(zip(found.paths["path"], found.paths["n"], strict=True)) == {"cart > buy": 1, "visit > buy": 1}
    assert found.without_anchor == 1
    assert ways(events, start="2026-01-03", before="buy", depth=2) == {"visit > buy": 1, "visit > cart > buy": 1}


def test_paths_that_may_still_go_on_are_counted_where_something_limits_them():
    events = log("ana visit 0\nben visit 6\nben buy 6.5\ncid visit 0\ncid buy 1\ncid visit 2")
    assert paths(events, within="2D", depth=2).still_open == 0
    assert paths(events, within="2D", depth=3).still_open == 1
    assert paths(events, depth=3).still_open is None


# -- what is drawn ----------------------------------------------------------------------------------------------------

MANY = "a A0\nb A0\nc A0\nd B0\ne B0\nf C0\ng D0"


def test_the_most_frequent_kinds_keep_their_names_and_the_others_are_one_node():
    found = paths(rows(MANY), depth=2, top=2)
    nodes = found.nodes[found.nodes["position"] == 1]
    assert nodes[["event", "n", "is_event"]].values.tolist() == [
        ["A", 3, True],
        ["B", 2, True],
        ["Other (2 kinds)", 2, False],
    ]
    assert set(found.steps["event"]) == {"(start)", "A", "B", "C", "D", "(end)"}
    assert set(found.paths["path"]) == {"A", "B", "C", "D"}


def test_a_single_kind_is_not_hidden_behind_other():
    assert "Other" not in str(paths(rows(MANY), depth=2, top=3).nodes["event"].tolist())


def test_kinds_with_a_small_share_are_one_node_too():
    nodes = paths(rows(MANY), depth=2, least_share=0.3).nodes
    assert nodes.loc[nodes["position"] == 1, "event"].tolist() == ["A", "Other (3 kinds)"]
    hundred = [f"c{k} {kind}0" for k, kind in enumerate("A" * 7 + "B" * 7 + "C" * 86)]
    exactly = paths(rows("\n".join(hundred)), depth=2, least_share=0.07).nodes
    assert exactly.loc[exactly["position"] == 1, "event"].tolist() == ["C", "A", "B"]


def test_paths_beyond_those_listed_are_added_up_in_the_last_row():
    found = paths(rows(MANY), depth=2, top_paths=2)
    assert found.paths[["path", "n", "steps", "events"]].values.tolist() == [
        ["A", 3, 1, ["A"]], ["B", 2, 1, ["B"]], ["Other (2 paths)", 2, 0, []],
    ]  # fmt: skip
    assert found.n_paths == 4
    assert set(paths(rows(MANY), depth=2, top_paths=3).paths["path"]) == {"A", "B", "C", "D"}


def test_an_event_called_like_something_else_of_the_results_is_put_in_quotation_marks():
    odd = pd.DataFrame({"customer_id": "ana", "event": ["(end)", "Other (2 kinds)"], "timestamp": [START] * 2})
    assert ways(read_events(odd), depth=2) == {'"(end)" > "Other (2 kinds)"': 1}


def test_the_step_matrix_has_the_same_numbers_and_its_columns_sum_to_one():
    found = step_matrix(paths(rows("ana visit0 cart1 buy2\nben visit0"), depth=3))
    assert found.index.tolist() == ["visit", "buy", "cart", "(start)", "(end)"]
    assert found.columns.tolist() == [0, 1, 2, 3]
    assert found.loc["(end)"].tolist() == [0, 0, 0.5, 0.5]
    assert found.sum().tolist() == pytest.approx([1, 1, 1, 1])


# -- small and large logs ---------------------------------------------------------------------------------------------


def test_one_row_is_a_path():
    found = paths(rows("ana visit0"), depth=2)
    assert found.flows[["source", "target", "n"]].values.tolist() == [["(start)", "visit", 1], ["visit", "(end)", 1]]
    assert counts(rows("ana visit0")) == {("(start)", "visit"): 1, ("visit", "(end)"): 1}


def test_one_kind_of_event_is_one_step():
    assert ways(rows("ana visit0 visit1 visit2"), depth=3) == {"visit": 1}
    assert ways(rows("ana visit0 visit1 visit2"), depth=3, collapse_repeats=False) == {"visit > visit > visit": 1}


def test_three_hundred_kinds_are_kept_apart():
    names = [f"e{k:03}" for k in range(300)]
    frame = pd.DataFrame(
        {"customer_id": "ana", "event": names, "timestamp": pd.date_range(START, periods=300, freq="min")}
    )
    found = transitions(read_events(frame))
    assert len(found.counts) == 301
    assert set(zip(names, names[1:], strict=False)) < set(passages(found))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"depth": 1}, "depth = 1 must be a whole number from 2 to 20"),
        ({"depth": 21}, "from 2 to 20"),
        ({"depth": True}, "depth = True"),
        ({"top": 0}, "top = 0 must be a whole number from 1 up"),
        ({"top_paths": 0}, "top_paths"),
        ({"least_share": 2}, "least_share = 2"),
        ({"unit": "visit"}, "unit = 'visit'"),
        ({"collapse_repeats": 1}, "must be True or False"),
        ({"after": "vist"}, "after = 'vist'.*'visit'"),
        ({"before": []}, "before is an event"),
        ({"after": "visit", "clean": {"hide": ["visit"]}}, "after = 'visit'"),
        ({"within": "7 days"}, "within = '7 days'"),
        ({"session_gap": 30}, "session_gap = 30"),
        ({"start": "2026-02-01", "end": "2026-01-01"}, "choose an earlier start"),
        ({"start": "2027-01-01"}, "choose other days"),
        ({"after": "visit", "before": "visit"}, "Nobody gets from 'visit' to 'visit'"),
        ({"by": "chanel"}, "by = 'chanel'"),
        ({"by": {"column": "channel", "top": 3}}, "key of by = 'top'"),
        ({"by": {"column": "channel", "values": ["a", "b", "c"]}}, "one or two different values"),
        ({"level": 1}, "level = 1"),
    ],
)
def test_what_is_not_possible_is_refused(settings, message):
    with pytest.raises(InsightError, match=message):
        paths(rows("ana visit0 buy1", channel="ads"), **settings)


def test_another_table_is_refused():
    with pytest.raises(InsightError, match="paths takes the table that read_events returns"):
        paths(pd.DataFrame())
    with pytest.raises(UnknownValue, match="unit = 'day'"):
        transitions(rows("ana visit0"), unit="day")


# -- anchors with conditions ------------------------------------------------------------------------------------------

ADS = {"events": ["visit"], "where": [["channel", "==", "ads"]]}


def test_an_anchor_may_ask_for_a_value_of_its_row():
    events = rows("ana visit0 cart1 visit2 buy3\nben visit0 buy1", channel=["seo", "seo", "ads", "seo", "seo", "ads"])
    found = paths(events, after=ADS, depth=2)
    assert found.paths["path"].tolist() == ["visit > buy"]
    assert found.without_anchor == 1
    assert paths(events, before={"events": "buy", "where": [["channel", "==", "ads"]]}, depth=2).n_units == 1
    assert paths(events, before={"events": "buy"}, depth=2).n_units == 2


def test_of_repeats_in_a_row_any_may_meet_the_conditions():
    events = rows("ana visit0 visit1 visit2 buy3\nben visit0 buy1", channel=["seo", "ads", "seo", "ads", "seo", "seo"])
    found = paths(events, after=ADS, depth=2)
    assert found.paths[["path", "loops"]].values.tolist() == [["visit > buy", [3.0, 1.0]]]
    hidden = rows("ana visit0 ping1 visit2 buy3\nben visit0", channel=["seo", "ads", "ads", "seo", "seo"])
    assert paths(hidden, after=ADS, clean={"hide": ["ping"]}, depth=2).n_units == 1
    hidden = rows("ana visit0 ping1 visit2 buy3\nben visit0", channel=["seo", "ads", "seo", "seo", "ads"])
    assert paths(hidden, after=ADS, clean={"hide": ["ping"]}, depth=2).paths["path"].tolist() == ["visit"]


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ({"events": ["visit"], "when": []}, "key of after = 'when'"),
        ({"where": [["channel", "==", "ads"]]}, "after is an event"),
        ({"events": ["visit"], "where": [["chanel", "==", "ads"]]}, "where column = 'chanel'"),
    ],
)
def test_an_anchor_that_cannot_be_read_is_refused(after, message):
    with pytest.raises(InsightError, match=message):
        paths(rows("ana visit0", channel="ads"), after=after)
