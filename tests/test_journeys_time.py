"""The time from one event to another: definitions, censoring, and agreement with the funnel."""

import numpy as np
import pandas as pd
import pytest

from insight import InsightError, funnel, read_events, sample, time_to_event
from insight.journeys import time_to_event_members
from insight.survival import kaplan_meier, log_rank
from tests.logs import START, log

HOUR = 3600


def times(events, **settings):
    """What is counted: seconds, at risk, arrived, censored."""
    curve = time_to_event(events, origin="visit", target="buy", **settings).curve
    return curve[["seconds", "at_risk", "arrived", "censored"]].values.tolist()


def test_who_has_not_arrived_is_censored_at_the_end_of_the_data():
    events = log("ana visit 0\nana buy 2\nben visit 1\ncid buy 1", unit="h")
    assert times(events) == [[2 * HOUR, 2, 1, 0], [23 * HOUR, 1, 0, 1]]


def test_time_runs_from_the_first_origin_to_the_first_target_after_it():
    assert times(log("ana buy 0\nana visit 1\nana visit 2\nana buy 5\nana buy 6", unit="h")) == [[4 * HOUR, 1, 1, 0]]


def test_a_target_at_the_very_same_time_counts_unless_it_is_the_same_event():
    events = log("ana visit 1\nana buy 1", unit="h")
    assert times(events) == [[0, 1, 1, 0]]
    again = time_to_event(log("ana buy 1\nana buy 1\nana buy 3", unit="h"), origin="buy", target=["buy", "buy"])
    assert again.curve["seconds"].tolist() == [2 * HOUR]


def test_seconds_are_whole_and_rounded_down():
    frame = pd.DataFrame({"customer_id": "ana", "event": ["visit", "buy"]})
    frame["timestamp"] = [START, START + pd.Timedelta("1999ms")]
    assert times(read_events(frame))[0][0] == 1


def test_the_days_gate_the_origin_only():
    events = log("ana visit 0\nana visit 2\nana buy 5\nben visit 0\nben buy 1")
    assert times(events, start="2026-01-02", end="2026-01-03") == [[3 * 24 * HOUR, 1, 1, 0]]


def test_rows_after_as_of_are_not_used():
    found = time_to_event(log("ana visit 0\nana buy 5\nben visit 7"), origin="visit", target="buy", as_of="2026-01-02")
    assert found.curve[["seconds", "arrived", "censored"]].values.tolist() == [[2 * 24 * HOUR, 0, 1]]
    assert (found.left_out, found.entered, found.arrived, found.n_customers) == (2, 1, 0, 1)


def test_names_are_those_after_the_clean_up():
    events = log("ana p/1 0\nana p/2 1\nana buy 2")
    clean = {"merge": [{"contains": "p/", "name": "product"}]}
    found = time_to_event(events, origin="product", target="buy", clean=clean)
    assert found.curve["seconds"].tolist() == [2 * 24 * HOUR]
    with pytest.raises(InsightError, match="origin = 'p/1'"):
        time_to_event(events, origin="p/1", target="buy", clean=clean)


def test_origin_and_target_may_ask_for_a_value_of_their_row():
    events = log("ana visit 0 seo\nana visit 1 ads\nana buy 2 seo\nana buy 3 ads")
    settings = {
        "origin": {"events": ["visit"], "where": [["channel", "==", "ads"]]},
        "target": {"events": ["buy"], "where": [["channel", "==", "ads"]]},
    }
    assert time_to_event(events, **settings).curve["seconds"].tolist() == [2 * 24 * HOUR]
    assert time_to_event_members(events, settings, {"arrived": True, "within": "1D"}) == []


@pytest.fixture(scope="module")
def shop():
    return sample("shop_events")


def test_without_censoring_the_share_is_the_funnels(shop):
    """Customers who were all observed for the window: Kaplan-Meier is the plain share, and a funnel counts the same."""
    days = {"start": "2025-01-01", "end": "2025-06-30"}
    found = time_to_event(shop, origin="visit", target="purchase", horizons=["7D", "30D"], **days).marks
    for row in found.itertuples():
        asked = {"within": row.within, "reentry": "first", "as_of": "2025-12-31", **days}
        steps = funnel(shop, steps=["visit", "purchase"], **asked).steps
        assert row.arrived_share == pytest.approx(steps["overall_conversion"].iloc[1], abs=1e-12)
        assert row.arrived_share > 0.05


def test_the_curve_is_that_of_kaplan_and_meier_for_the_customers_one_by_one(shop):
    found = time_to_event(shop, origin="visit", target="purchase", by="device", start="2025-07-01")
    rows = [row for row in found.curve.itertuples() for _customer in range(row.arrived + row.censored)]
    seconds = np.array([row.seconds for row in rows])
    arrived = np.concatenate([[True] * row.arrived + [False] * row.censored for row in found.curve.itertuples()])
    device = np.array([row.group for row in rows])
    for group, own in found.curve.groupby("group"):
        one_by_one = kaplan_meier(seconds[device == group], arrived[device == group])
        assert np.allclose(own["arrived_share"], 1 - one_by_one["survival"])
        assert np.allclose(own["ci_low"], 1 - one_by_one["ci_high"], equal_nan=True)
    assert found.p_value == pytest.approx(log_rank(seconds, arrived, device).p_value)
    assert found.groups["n"].sum() == found.entered == len(rows)


def test_a_curve_is_not_read_where_too_few_are_left_after_some_were_censored():
    arriving = [f"e{k} visit 0\ne{k} buy {k + 1}" for k in range(9)]
    late = [f"l{k} visit 70" for k in range(5)]  # two hours before the data ends
    events = log("\n".join([*arriving, *late]), unit="h")
    found = time_to_event(events, origin="visit", target="buy", horizons=["2h", "6h"])
    assert found.curve["at_risk"].tolist() == [14, 13, 7, 6, 5, 4, 3, 2, 1]
    assert found.curve["enough"].tolist() == [True, True] + [False] * 7
    assert found.marks["at_risk"].tolist() == [13, 4]
    assert found.marks["arrived_share"].fillna(-1).tolist() == [pytest.approx(2 / 14), -1]
    assert found.groups[["median_seconds", "p90_seconds"]].isna().all(axis=None)


def test_everybody_arrived_is_known_also_when_nobody_is_at_risk_any_more():
    found = time_to_event(log("ana visit 0\nana buy 1\nben visit 0\nben buy 2", unit="h"), origin="visit", target="buy")
    marks = found.marks.set_index("within")
    assert marks.loc["1h", ["at_risk", "arrived_share"]].tolist() == [2, 0.5]
    assert marks.loc["30D", ["at_risk", "arrived_share"]].tolist() == [0, 1.0]
    assert found.groups["median_seconds"].tolist() == [HOUR]
    assert found.groups["p90_seconds"].tolist() == [2 * HOUR]


def test_groups_beyond_the_largest_are_added_up():
    events = log("\n".join(f"c{k} visit 0 g{k // 2}\nc{k} buy {k + 1} g{k // 2}" for k in range(9)), unit="h")
    found = time_to_event(events, origin="visit", target="buy", by={"column": "channel", "top": 2})
    assert found.groups[["group", "n"]].values.tolist() == [["g0", 2], ["g1", 2], ["Other", 5]]
    assert found.degrees_of_freedom == 2
    settings = {"origin": "visit", "target": "buy", "by": {"column": "channel", "top": 2}}
    assert time_to_event_members(events, settings, {"entered": True, "group": "Other"}) == [
        "c4",
        "c5",
        "c6",
        "c7",
        "c8",
    ]
    assert time_to_event_members(events, settings, {"arrived": True, "within": "2h", "group": "g0"}) == ["c0", "c1"]
    assert time_to_event_members(events, settings, {"arrived": False, "within": "7h"}) == ["c7", "c8"]


def test_one_group_has_no_test_of_a_difference():
    found = time_to_event(log("ana visit 0 ads\nana buy 1 ads"), origin="visit", target="buy", by="channel")
    assert np.isnan(found.p_value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"origin": "vist"}, "origin = 'vist'.*'visit'"),
        ({"target": None}, "target is an event"),
        ({"horizons": []}, "horizons"),
        ({"horizons": ["1 day"]}, "horizons = '1 day'"),
        ({"by": "chanel"}, "by = 'chanel'"),
        ({"by": {"column": "channel", "top": 0}}, "by top = 0"),
        ({"by": {"column": "channel", "values": []}}, "key of by = 'values'"),
        ({"start": "2030-01-01"}, "Nobody has 'visit' in these days"),
        ({"level": 2}, "level = 2"),
    ],
)
def test_what_is_not_possible_is_refused(settings, message):
    with pytest.raises(InsightError, match=message):
        time_to_event(log("ana visit 0\nana buy 1"), **{"origin": "visit", "target": "buy"} | settings)


@pytest.mark.parametrize(
    "cell", [{}, {"arrived": 1}, {"entered": False}, {"entered": True, "within": "1D"}, {"step": 1}, {"group": "a"}]
)
def test_a_cell_that_is_no_number_is_refused(cell):
    with pytest.raises(InsightError):
        time_to_event_members(log("ana visit 0\nana buy 1"), {"origin": "visit", "target": "buy"}, cell)
