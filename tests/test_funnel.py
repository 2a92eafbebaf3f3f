"""The funnel: its definition on a few rows, its edges, and a twin that tries every chain."""

from importlib import import_module
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel, read_events
from insight.errors import InsightError, NotEnoughData, UnknownValue
from tests.logs import SEVEN, START, journeys, log

ABC = ["A", "B", "C"]


def reached(events, *steps, **asked):
    """Customers at each step, everybody counted, without a window unless one is given."""
    asked = {"entries": "all", "within": None} | asked
    return funnel(events, steps=list(steps), **asked).steps["reached"].tolist()


@pytest.fixture
def seven():
    return journeys(SEVEN)


# -- the definition ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entries", ["mature", "all"])
def test_seven_journeys_best_attempt(seven, entries):
    assert reached(seven, *ABC, within="24h", entries=entries) == [7, 5, 5]


@pytest.mark.parametrize("entries", ["mature", "all"])
def test_seven_journeys_first_attempt(seven, entries):
    assert reached(seven, *ABC, within="24h", entries=entries, reentry="first") == [7, 4, 4]


def test_customers_are_counted_and_not_events():
    assert reached(log("ana visit 1\nana visit 2\nana buy 3\nben visit 1"), "visit", "buy") == [2, 1]


def test_step_before_its_predecessor_does_not_count():
    assert reached(log("ana buy 1\nana visit 2"), "visit", "buy") == [1, 0]


def test_the_window_is_inclusive():
    events = log("ana visit 1\nana buy 8")
    assert reached(events, "visit", "buy", within="7D") == [1, 1]
    assert reached(events, "visit", "buy", within="167h") == [1, 0]


def test_the_window_runs_from_the_entry_and_not_from_the_step_before():
    assert reached(log("ana A 1\nana B 4\nana C 7"), *ABC, within="5D") == [1, 1, 0]


def test_a_later_entry_can_still_convert_in_time():
    events = log("ana visit 1\nana visit 40\nana buy 42")
    assert reached(events, "visit", "buy", within="7D") == [1, 1]
    assert reached(events, "visit", "buy", within="7D", reentry="first") == [1, 0]


def test_the_deepest_attempt_counts_and_not_the_greedy_one():
    assert reached(log("ana A 0\nana B 1\nana A 5\nana B 6\nana C 7"), *ABC, within="3D") == [1, 1, 1]


def test_events_at_the_same_time_may_serve_successive_steps():
    assert reached(log("ana C 1\nana B 1\nana A 1"), *ABC) == [1, 1, 1]


def test_one_event_never_serves_two_steps():
    assert reached(log("ana A 1"), "A", "A") == [1, 0]
    assert reached(log("ana A 1\nana A 1"), "A", "A") == [1, 0]
    assert reached(log("ana A 1\nana A 2"), "A", "A") == [1, 1]


def test_a_repeated_step_must_be_later_even_across_another_step_at_the_same_time():
    assert reached(log("ana A 1\nana B 1"), "A", "B", "A") == [1, 1, 0]
    assert reached(log("ana A 1\nana B 2\nana A 2"), "A", "B", "A") == [1, 1, 1]
    assert reached(log("ana A 1\nana A 2\nana B 2"), "A", "B", "A") == [1, 1, 1]  # A1, then B2 and A2 in one moment


def test_a_step_of_several_events_is_any_of_them():
    events = log("ana visit 1\nana buy 2\nben open_app 1\nben buy 2\ncyd buy 2")
    assert reached(events, ["visit", "open_app"], "buy") == [2, 2]
    found = funnel(events, steps=[{"events": ["visit", "open_app"], "name": "arrived"}, "buy"], within="1D")
    assert found.steps["step"].tolist() == ["arrived", "buy"]


def test_steps_that_share_an_event_need_two_events():
    events = log("ana open_app 1\nben visit 1\nben open_app 1\ncyd visit 1\ncyd open_app 2")
    assert reached(events, ["visit", "open_app"], "open_app") == [3, 1]


def test_equal_step_names_stay_apart():
    assert funnel(log("ana A 1\nana A 3"), steps=["A", "A"], within="1D").steps["step"].tolist() == ["A", "A (2)"]
    named = [{"events": ["A"], "name": "A (2)"}, "A", "A"]
    assert funnel(log("ana A 1\nana A 3"), steps=named, within="1D").steps["step"].tolist() == ["A (2)", "A", "A (3)"]


def test_a_tied_arrival_must_keep_every_repeated_step_apart():
    events = log("ana A 0\nana B 1\nana A 2\nana B 3\nana A 3")
    assert reached(events, "A", "B", "B", "A", within="2D") == [1, 1, 0, 0]


def test_times_before_1970_are_times_like_others():
    events = log("ana visit -30000\nana buy -29999\nben buy -40000\nben visit 1")
    assert reached(events, "visit", "buy") == [2, 1]


# -- who counts -------------------------------------------------------------------------------------------------------


def test_customers_whose_window_has_not_passed_are_still_open():
    found = funnel(log("ana visit 0\nana buy 1\nben visit 8\nend visit 10"), steps=["visit", "buy"], within="7D")
    assert found.steps["reached"].tolist() == [1, 1]
    assert (found.entered, found.still_open, found.n_customers) == (3, 2, 3)


def test_a_customer_who_converted_early_is_still_open_too():
    """The denominator must not depend on the outcome."""
    found = funnel(log("ana visit 0\nben visit 9\nben buy 9.5\nend other 10"), steps=["visit", "buy"], within="7D")
    assert found.steps["reached"].tolist() == [1, 0]


def test_all_attempts_of_a_mature_customer_count():
    events = log("ana visit 0\nana visit 9\nana buy 9.5\nend other 10")
    assert funnel(events, steps=["visit", "buy"], within="7D").steps["reached"].tolist() == [1, 1]


def test_maturity_is_inclusive():
    assert funnel(log("ana visit 0\nend buy 7.5"), steps=["visit", "buy"], within="180h").still_open == 0


def test_nobody_mature_names_the_longest_window_that_fits():
    events = log("\n".join(f"c{i} visit {i / 2}" for i in range(9)) + "\nend buy 4.5")
    with pytest.raises(NotEnoughData, match="has had 30 days .* Take 1 day or less .within='1D'.") as problem:
        funnel(events, steps=["visit", "buy"], within="30D")
    assert problem.value.longest_within == "1D"
    fits, leaves_half = (funnel(events, steps=["visit", "buy"], within=within) for within in ("1D", "2D"))
    assert (fits.still_open, fits.longest_within) == (1, None)
    assert (leaves_half.still_open, leaves_half.longest_within) == (3, "1D")


def test_dates_without_times_end_with_the_last_day():
    found = funnel(log("ana visit 0\nben visit 1\nend buy 7"), steps=["visit", "buy"], within="7D")
    assert found.dates_only
    assert (found.data_end, found.as_of) == (START + pd.Timedelta("8D"), "2026-01-08")
    assert found.still_open == 0


def test_later_rows_than_as_of_are_ignored_and_counted():
    events = log("ana visit 0.5\nana buy 3.5\nben visit 5.5")
    found = funnel(events, steps=["visit", "buy"], within="1D", entries="all", as_of="2026-01-03")
    assert found.steps["reached"].tolist() == [1, 0]
    assert (found.left_out, found.n_customers, found.data_end) == (2, 1, pd.Timestamp("2026-01-04"))
    assert found.still_open == 0
    again = funnel(events, steps=["visit", "buy"], within="1D", entries="all", as_of="2026-01-05")
    assert again.steps["reached"].tolist() == [1, 0]  # the visit of the sixth day is still out
    assert again.left_out == 1
    assert (found.as_of, funnel(events, steps=["visit", "buy"], within="1D").as_of) == ("2026-01-03", "2026-01-06")


def test_the_midnight_that_ends_the_last_day_is_later():
    found = funnel(log("ana visit 0.5\nana buy 1"), steps=["visit", "buy"], within="12h", as_of="2026-01-01")
    assert (found.steps["reached"].tolist(), found.left_out) == ([1, 0], 1)


def test_the_date_range_gates_the_entry_only():
    events = log("ana visit 0\nana buy 1\nben visit 2.5\nben buy 6\ncyd visit 4\ncyd buy 5")
    assert reached(events, "visit", "buy", start="2026-01-02", end="2026-01-03") == [1, 1]
    assert reached(events, "visit", "buy", start="2026-01-03") == [2, 2]


def test_an_attempt_may_go_on_after_an_entry_outside_the_range():
    events = log("ana visit 0.5\nana visit 5\nana buy 6")
    assert reached(events, "visit", "buy", end="2026-01-02") == [1, 1]
    assert reached(events, "visit", "buy", end="2026-01-02", within="3D") == [1, 0]


def test_first_attempt_is_the_first_entry_in_the_range():
    events = log("ana visit 0\nana visit 5\nana buy 6")
    assert reached(events, "visit", "buy", reentry="first", within="2D", start="2026-01-03") == [1, 1]


def test_nobody_in_the_range_is_no_rate_and_not_zero():
    found = funnel(log("ana visit 0\nana buy 1"), steps=["visit", "buy"], within="1D", start="2026-02-01")
    assert found.steps["reached"].tolist() == [0, 0]
    assert found.steps[["step_conversion", "overall_conversion", "ci_low", "median_seconds"]].isna().all(axis=None)
    assert found.times.empty


def test_days_are_those_of_the_time_zone():
    table = pd.DataFrame({"customer_id": ["ana", "ben"], "event": ["visit", "visit"]})
    table["timestamp"] = pd.to_datetime(["2026-03-01 23:30", "2026-03-02 00:30"]).tz_localize("Asia/Tokyo")
    events = read_events(pd.concat([table, table.assign(event="buy")]), timezone="Asia/Tokyo")
    assert reached(events, "visit", "buy", start="2026-03-02") == [1, 1]


def test_a_window_is_elapsed_time_over_a_clock_change():
    """24 hours after Saturday noon is Sunday 13:00 on the clock, when summer time begins that night."""
    table = pd.DataFrame({"customer_id": ["ana", "ana"], "event": ["visit", "buy"]})
    table["timestamp"] = ["2026-03-28 12:00:00", "2026-03-29 13:00:00"]
    assert reached(read_events(table, timezone="Europe/Berlin"), "visit", "buy", within="24h") == [1, 1]
    assert reached(read_events(table), "visit", "buy", within="24h") == [1, 0]


# -- rates and times --------------------------------------------------------------------------------------------------


def test_rates_of_start_and_of_the_step_before():
    journeys = [f"c{i} {step} {day}" for step, n, day in (("A", 10, 0), ("B", 5, 1), ("C", 4, 2)) for i in range(n)]
    steps = funnel(log("\n".join(journeys)), steps=ABC, within="2D").steps
    assert steps["step_conversion"].tolist() == [1, 0.5, 0.8]
    assert steps["overall_conversion"].tolist() == [1, 0.5, 0.4]
    assert steps["ci_low"].isna().tolist() == [True, False, False]
    assert steps["ci_low"][1] == pytest.approx(0.236593, abs=1e-6)  # 5 of 10, Wilson 95 %
    assert steps["ci_high"][1] == pytest.approx(0.763407, abs=1e-6)


def test_times_are_those_of_the_fastest_attempt_in_whole_seconds():
    events = log("ana A 0\nana A 100\nana B 103.9\nana C 110\nben A 0\nben B 20", unit="s")
    found = funnel(events, steps=ABC, within="1h", entries="all")
    assert found.times.values.tolist() == [["B", 3, 1], ["B", 20, 1], ["C", 10, 1]]
    assert found.steps["median_seconds"].tolist()[1:] == [3, 10]
    assert found.steps["p90_seconds"].tolist()[1:] == [20, 10]
    assert found.steps["median_seconds_from_previous"].tolist()[1:] == [3, 6]


def test_time_from_the_step_before_is_from_its_latest_valid_arrival():
    events = log("ana A 0\nana B 1\nana B 5\nana C 7", unit="min")
    steps = funnel(events, steps=ABC, within="1h", entries="all").steps
    assert steps["median_seconds_from_previous"].tolist()[1:] == [60, 120]
    assert funnel(events, steps=ABC, within="1h", entries="all", reentry="first").steps.equals(steps)


def test_a_first_attempt_counts_its_times_from_the_first_entry():
    events = log("ana A 0\nana A 4\nana B 5", unit="min")
    steps = funnel(events, steps=["A", "B"], within="1h", entries="all", reentry="first").steps
    assert steps["median_seconds_from_previous"].tolist()[1:] == [300]


# -- breakdown --------------------------------------------------------------------------------------------------------


def groups(events, **asked):
    found = funnel(events, steps=["visit", "buy"], within="5D", entries="all", **asked).groups
    return {name: own["reached"].tolist() for name, own in found.groupby("group", sort=False)}


def test_the_breakdown_value_is_that_of_the_first_entry():
    events = log("ana visit 0 ads\nana visit 1 mail\nana buy 2 shop\nben visit 0 mail\ncyd visit 0 mail")
    assert groups(events, by="channel") == {"mail": [2, 0], "ads": [1, 1]}


def test_a_missing_breakdown_value_is_not_set():
    assert groups(log("ana visit 0\nana buy 1\nben visit 0 ads"), by="channel") == {"(not set)": [1, 1], "ads": [1, 0]}


def test_of_two_values_in_the_first_moment_the_order_in_the_file_plays_no_role():
    one, other = "ana visit 0 mail\nana visit 0 ads", "ana visit 0 ads\nana visit 0 mail"
    rest = "\nana other 0 aaa\nben buy 1"
    assert groups(log(one + rest), by="channel") == groups(log(other + rest), by="channel") == {"ads": [1, 0]}


def test_groups_are_those_of_the_first_entry_in_the_range():
    events = log("ana visit 0 mail\nana visit 5 ads\nben buy 1")
    assert list(groups(events, by="channel")) == ["mail"]
    assert list(groups(events, by="channel", start="2026-01-03")) == ["ads"]


def test_groups_are_ordered_by_the_customers_who_count():
    entries = [*(f"m{i} visit 9 mail" for i in range(3)), "a visit 0 ads", "b visit 1 ads", "c visit 0 mail"]
    found = funnel(log("\n".join([*entries, "end buy 10"])), steps=["visit", "buy"], within="7D", by="channel")
    assert found.groups["group"].unique().tolist() == ["ads", "mail"]  # four came by mail, one has had a week


def test_values_beyond_the_largest_are_added_up_as_other():
    lines = [f"c{v}-{i} visit 0 v{v:02}" for v in range(14) for i in range(15 - v)]
    found = groups(log("\n".join([*lines, "c0-0 buy 1", "c12-0 buy 1", "c13-0 buy 1"])), by="channel")
    assert list(found) == [f"v{v:02}" for v in range(10)] + ["Other"]
    assert found["v00"] == [15, 1]
    assert found["Other"] == [5 + 4 + 3 + 2, 2]
    top_two = groups(log("\n".join([*lines, "c0-0 buy 1"])), by={"column": "channel", "top": 2})
    assert list(top_two) == ["v00", "v01", "Other"]


def test_groups_add_up_to_everybody_and_times_to_the_converters():
    rng = np.random.default_rng(3)
    rows = [
        f"c{rng.integers(40)} {rng.choice(['visit', 'buy'])} {rng.integers(60)} {rng.choice(list('xyz-'))}"
        for _ in range(400)
    ]
    found = funnel(log("\n".join(rows)), steps=["visit", "buy"], within="7D", by="channel")
    assert found.groups.groupby("step", sort=False)["reached"].sum().tolist() == found.steps["reached"].tolist()
    assert found.times["n"].sum() == found.steps["reached"][1] > 0


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"steps": ["visit", "bye"]}, UnknownValue, "'bye'.*Did you mean 'buy'.*buy, visit"),
        ({"steps": ["visit"]}, InsightError, "at least two steps"),
        ({"steps": "visit"}, InsightError, "at least two steps"),
        ({"steps": ["visit", {"event": "buy"}]}, UnknownValue, "'event'.*'events'.*events, name"),
        ({"steps": ["visit", []]}, InsightError, "A step is"),
        ({"within": "1M"}, InsightError, '"7D"'),
        ({"within": "0D"}, InsightError, "not a length of time"),
        ({"within": 7}, InsightError, "not a length of time"),
        ({"within": "999999W"}, InsightError, "longer than a century"),
        ({"within": None}, InsightError, 'entries="all"'),
        ({"order": "strct"}, UnknownValue, "ordered"),
        ({"reentry": "last"}, UnknownValue, "best, first"),
        ({"entries": "some"}, UnknownValue, "mature, all"),
        ({"by": "chanel"}, UnknownValue, "Did you mean 'channel'"),
        ({"by": {"column": "channel", "value": "exit"}}, UnknownValue, "entry, first, last, 1, 2"),
        ({"by": {"column": "channel", "top": 0}}, InsightError, "from 1 up"),
        ({"start": "yesterday"}, InsightError, "start = 'yesterday' is not a day"),
        ({"start": "2026-02-02", "end": "2026-02-01"}, InsightError, "earlier start"),
        ({"as_of": "2025-01-01"}, InsightError, "before the first row"),
        ({"level": 95}, InsightError, "between 0 and 1"),
        ({"level": "0.95"}, InsightError, "between 0 and 1"),
        ({"level": None}, InsightError, "between 0 and 1"),
        ({"by": ["channel"]}, InsightError, "by is a column"),
        ({"by": {"column": ["channel"]}}, UnknownValue, "by = "),
    ],
)
def test_an_impossible_setting_says_what_to_change(asked, kind, says):
    with pytest.raises(kind, match=says):
        funnel(log("ana visit 1\nana buy 2"), **{"steps": ["visit", "buy"]} | asked)


def test_a_plain_table_is_refused_with_the_way_to_read_it():
    with pytest.raises(InsightError, match="read_events"):
        funnel(pd.DataFrame({"event": ["a"]}), steps=["a", "b"])


# -- an independent authority: try every chain ------------------------------------------------------------------------


def chains(rows, steps, opens, closes):
    """All valid chains of one customer to the last of `steps`, as tuples of times. rows: (time, event)."""
    kinds = [{s} if isinstance(s, str) else set(s) for s in steps]
    for chain in product(*([row for row in rows if row[1] in kind] for kind in kinds)):
        times = [time for time, _ in chain]
        in_order = all(a <= b for a, b in zip(times, times[1:], strict=False))
        own_event = all(times[j] < times[k] for k in range(len(steps)) for j in range(k) if kinds[j] & kinds[k])
        if in_order and own_event and opens <= times[0] < closes:
            yield tuple(times)


def twin(customers, steps, *, within, reentry, entries, end_of_data, opens, closes):
    """reached, and for each later step the (seconds, seconds from previous) of the fastest attempts, sorted."""
    counted = [0] * len(steps)
    times = [[] for _ in steps]
    for rows in customers.values():
        entered = [time for (time,) in chains(rows, steps[:1], opens, closes)]
        if not entered or (entries == "mature" and min(entered) + within > end_of_data):
            continue
        counted[0] += 1
        for k in range(1, len(steps)):
            found = [
                c for c in chains(rows, steps[: k + 1], opens, closes) if reentry == "best" or c[0] == min(entered)
            ]
            if not found:
                continue
            least, entry = min((c[-1] - c[0], c[0]) for c in found)
            if within is None or least <= within:
                counted[k] += 1
                same = [c for c in found if c[0] == entry and c[-1] == entry + least]
                times[k].append((least, least if k == 1 else min(c[-1] - c[-2] for c in same)))
    return counted, [sorted(own) for own in times]


STEP = st.sampled_from(["A", "B", "C", ["A", "B"], ["B", "C"]])


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("xyz"), st.integers(0, 6), st.sampled_from("ABCD")), min_size=1, max_size=16
    ),
    steps=st.lists(STEP, min_size=2, max_size=4),
    within=st.one_of(st.none(), st.integers(1, 5)),
    reentry=st.sampled_from(["best", "first"]),
    entries=st.sampled_from(["mature", "all"]),
    opens=st.sampled_from([None, 0, 1, 2]),
    days=st.sampled_from([None, 0, 1, 3]),
    shift=st.sampled_from([0.0, 0.5]),
    as_of=st.sampled_from([None, 3, 4, 5]),
    origin=st.sampled_from(["2026-01-01", "1969-12-28"]),
)
def test_agrees_with_trying_every_chain(rows, steps, within, reentry, entries, opens, days, shift, as_of, origin):
    """Ties, repeated and overlapping steps, windows, both re-entries, maturity, date ranges, as_of, times before 1970.

    The unit is a day. Asked twice of one log, so that what the log remembers of another question plays no role.
    """
    rows = [*rows, *(("w", 3, kind) for kind in "ABC")]  # every event kind is in the log
    entries = "all" if within is None else entries
    table = pd.DataFrame(rows, columns=["customer_id", "day", "event"])
    table["timestamp"] = pd.Timestamp(origin) + pd.to_timedelta(table.pop("day") + shift, unit="D")  # .5: clock times
    customers = {}
    for customer, day, event in (row for row in rows if as_of is None or row[1] <= as_of):
        customers.setdefault(customer, []).append((day, event))
    last = max(day for _, day, _ in rows)
    end_of_data = last + (0 if shift else 1) if as_of is None else as_of + 1 - shift  # counted from the first .5
    closes = np.inf if days is None else (opens or 0) + days + 1
    expected, times = twin(
        customers, steps, within=within, reentry=reentry, entries=entries,
        end_of_data=end_of_data, opens=-np.inf if opens is None else opens, closes=closes,
    )  # fmt: skip
    asked = {
        "steps": steps, "within": within and f"{within}D", "reentry": reentry, "entries": entries,
        "start": None if opens is None else _day(origin, opens),
        "end": None if days is None else _day(origin, (opens or 0) + days),
        "as_of": None if as_of is None else _day(origin, as_of),
    }  # fmt: skip
    events = read_events(table)
    try:
        funnel(events, **asked | {"start": None, "as_of": None, "entries": "all", "reentry": "first"})
        found = funnel(events, **asked)
    except NotEnoughData:
        assert expected[0] == 0
        return
    assert found.steps["reached"].tolist() == expected
    for name, own in zip(found.steps["step"][1:], times[1:], strict=True):
        counted = found.times[found.times["step"] == name]
        assert np.repeat(counted["seconds"], counted["n"]).tolist() == [86_400 * least for least, _ in own]
    for column, which in (("p25_seconds", 0), ("p75_seconds_from_previous", 1)):
        share = int(column[1:3]) / 100
        wanted = [np.nan] + [_smallest_reaching(sorted(t[which] for t in own), share) for own in times[1:]]
        np.testing.assert_array_equal(found.steps[column], np.array(wanted) * 86_400)


def _day(origin, n):
    return str((pd.Timestamp(origin) + pd.Timedelta(n, unit="D")).date())


def _smallest_reaching(values, share):
    """The smallest value whose cumulative share reaches `share`."""
    return next((v for i, v in enumerate(values, start=1) if i >= share * len(values)), np.nan)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("vwxyz"), st.integers(0, 9), st.sampled_from("ABC")), min_size=1, max_size=40
    ),
    seed=st.integers(0, 99),
)
def test_counts_never_rise_down_the_funnel_nor_fall_with_a_wider_window_nor_depend_on_row_order(rows, seed):
    rows = [*rows, *(("u", 3, kind) for kind in "ABC")]
    table = pd.DataFrame(rows, columns=["customer_id", "day", "event"])
    table["timestamp"] = START + pd.to_timedelta(table.pop("day"), unit="D")
    narrow, wide, shuffled = (
        reached(read_events(own), *ABC, within=within)
        for own, within in ((table, "2D"), (table, "4D"), (table.sample(frac=1, random_state=seed), "2D"))
    )
    assert narrow == sorted(narrow, reverse=True)
    assert all(a <= b for a, b in zip(narrow, wide, strict=True))
    assert shuffled == narrow


def test_moving_the_window_computes_no_attempt_again(monkeypatch):
    events = log("ana visit 1\nana buy 8")
    reached(events, "visit", "buy", within="7D")
    computing = import_module("insight.funnel.attempts")
    monkeypatch.setattr(computing, "_attempts", lambda *_: pytest.fail("attempts were computed again"))
    assert reached(events, "visit", "buy", within="6D") == [1, 0]
