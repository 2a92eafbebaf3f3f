"""The funnel over time: each period as one would count it by itself, what is finished, and what may be compared."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from insight import funnel, funnel_trend, read_events
from insight.errors import InsightError, UnknownValue
from insight.intervals import newcombe
from insight.periods import calendar_periods
from tests.logs import log

VISIT_BUY = ["visit", "buy"]


def periods(events, steps=VISIT_BUY, **asked):
    return funnel_trend(events, steps=steps, **asked).periods


def rows(table, *columns):
    return table[list(columns)].values.tolist()


# -- which period, and is it finished ---------------------------------------------------------------------------------


def test_a_customer_counts_in_the_week_of_the_first_entry():
    """1 January 2026 is a Thursday."""
    events = log("ana visit 0\nana visit 5\nana buy 6\nben visit 3\nben visit 4\nben buy 5\neva visit 4\nend buy 20")
    found = periods(events, within="7D")
    assert rows(found, "period", "entered", "reached") == [
        ["2025-12-29", 2, 2], ["2026-01-05", 1, 0], ["2026-01-12", 0, 0], ["2026-01-19", 0, 0],
    ]  # fmt: skip


def test_only_the_first_attempt_counts():
    events = log("ana visit 0\nana visit 10\nana buy 11\nend buy 30")
    assert periods(events, within="7D", period="month")["reached"].tolist() == [0]
    assert funnel(events, steps=VISIT_BUY, within="7D").steps["reached"].tolist() == [1, 1]


def test_the_first_week_is_cut_where_the_data_begin_inside_it():
    found = periods(log("ana visit 0\nben visit 4\nend buy 20"), within="1D")
    assert rows(found, "period", "observed", "cut") == [
        ["2025-12-29", "partial", "start"],
        ["2026-01-05", "full", ""],
        ["2026-01-12", "full", ""],
        ["2026-01-19", "partial", "end"],
    ]


def test_a_week_that_begins_with_the_data_is_whole():
    found = periods(log("ana visit 4.5\nend buy 10.9"), within="1D")  # Monday noon to Sunday evening
    assert rows(found, "period", "observed", "cut") == [["2026-01-05", "full", ""]]


def test_a_week_is_cut_that_lacks_its_last_day():
    """Everyone has had the time, but the data end on Saturday evening."""
    found = periods(log("ana visit 4.5\nend buy 9.9"), within="1D")
    assert rows(found, "period", "observed", "cut") == [["2026-01-05", "partial", "end"]]


def test_a_week_is_open_while_somebody_in_it_has_time():
    found = periods(log("ana visit 4.5\nben visit 8.5\nend buy 15"), within="7D")
    assert rows(found, "period", "observed", "entered") == [["2026-01-05", "partial", 2], ["2026-01-12", "partial", 0]]
    done = periods(log("ana visit 4.5\nben visit 8.5\nend buy 15.5"), within="7D")
    assert rows(done.head(1), "observed") == [["full"]]


def test_a_week_in_which_nobody_has_had_the_whole_time_is_not_observed():
    found = periods(log("ana visit 5\nben visit 8\nben buy 9\nend buy 10"), within="7D")
    assert rows(found, "observed", "entered", "reached") == [["none", 2, 1]]
    assert found[["overall_conversion", "ci_low", "difference"]].isna().all(axis=None)


def test_a_period_is_cut_by_the_chosen_dates():
    events = log("ana visit 0\nben visit 5\ncyd visit 12\nend buy 30")
    found = periods(events, within="1D", start="2026-01-06", end="2026-01-13")
    assert rows(found, "period", "cut", "entered") == [["2026-01-05", "start", 1], ["2026-01-12", "end", 1]]
    assert rows(periods(events, within="1D", start="2026-01-06", end="2026-01-07"), "cut") == [["both"]]


def test_dates_beyond_the_data_have_one_empty_period():
    found = funnel_trend(log("ana visit 0\nana buy 1"), steps=VISIT_BUY, within="1D", start="2027-01-01")
    assert found.entered == 0
    assert rows(found.periods, "observed", "entered", "reached") == [["partial", 0, 0]]


def test_rows_after_as_of_are_not_seen():
    events = log("ana visit 4\nana buy 12\nben visit 13")
    found = funnel_trend(events, steps=VISIT_BUY, within="14D", period="day", as_of="2026-01-06")
    assert rows(found.periods, "period", "entered", "reached") == [["2026-01-05", 1, 0], ["2026-01-06", 0, 0]]
    assert (found.left_out, found.n_customers, found.as_of) == (2, 1, "2026-01-06")


@pytest.mark.parametrize(
    ("week_start", "first"),
    [("MON", "2025-12-29"), ("SUN", "2025-12-28"), ("THU", "2026-01-01"), ("FRI", "2025-12-26")],
)
def test_a_week_begins_where_one_wants(week_start, first):
    assert periods(log("ana visit 0\nend buy 3"), within="1D", week_start=week_start)["period"].iloc[0] == first


def test_a_day_is_a_day_of_the_time_zone():
    table = pd.DataFrame({"customer_id": ["ana", "ben", "end"], "event": ["visit", "visit", "buy"]})
    table["timestamp"] = ["2026-01-01 23:30", "2026-01-02 00:30", "2026-01-09 00:00"]
    events = read_events(table, timezone="Asia/Tokyo")
    found = funnel_trend(events, steps=VISIT_BUY, within="1D", period="day").periods
    assert rows(found.head(2), "period", "entered") == [["2026-01-01", 1], ["2026-01-02", 1]]


@pytest.mark.parametrize("timezone", [None, "Europe/Berlin", "America/Sao_Paulo", "Asia/Tokyo"])
@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_periods_follow_each_other_and_each_begins_at_midnight(timezone, period):
    day = pd.Timestamp("2017-10-10", tz=timezone)
    first, last = (int(instant.timestamp() * 1e6) for instant in (day, day + pd.Timedelta(days=400)))
    days, begins = calendar_periods(first, last, period, timezone)
    assert len(begins) == len(days) + 1
    assert begins[0] <= first < begins[1]
    assert begins[-2] <= last < begins[-1]
    local = pd.DatetimeIndex(begins.astype("datetime64[us]"))
    local = local if timezone is None else local.tz_localize("UTC").tz_convert(timezone)
    assert list(local[:-1].strftime("%Y-%m-%d")) == days
    assert {t.hour for t in local} <= {0, 1}  # 1 where the clocks change at midnight


# -- rates and differences --------------------------------------------------------------------------------------------

HUNDREDS = "\n".join(
    [f"{name}{i} visit {day}" for name, n, day in (("a", 100, 4), ("b", 200, 11)) for i in range(n)]
    + [f"{name}{i} buy {day}" for name, n, day in (("a", 10, 5), ("b", 44, 12)) for i in range(n)]
    + ["end buy 40"]
)


def test_a_difference_is_that_of_two_finished_periods():
    found = periods(log(HUNDREDS), within="1D").iloc[:3]
    assert found["overall_conversion"].tolist()[:2] == [0.1, 0.22]
    assert found["difference"].round(4).tolist()[1] == 0.12
    expected = newcombe(44, 200, 10, 100)
    assert found[["difference", "difference_low", "difference_high"]].iloc[1].tolist() == [float(v) for v in expected]
    assert found["difference"].isna().tolist() == [True, False, True]  # nobody came in the third week


def test_a_week_after_an_unfinished_one_is_compared_with_nothing():
    found = periods(log("old visit 0\n" + HUNDREDS), within="1D")
    assert found["observed"].tolist()[:3] == ["partial", "full", "full"]
    assert found["difference"].isna().tolist()[:3] == [True, True, False]


def test_all_finished_periods_are_tested_for_one_rate():
    found = funnel_trend(log(HUNDREDS), steps=VISIT_BUY, within="1D")
    assert found.overall_conversion == 54 / 300
    assert found.p_value == pytest.approx(chi2_contingency([[10, 90], [44, 156]], correction=False).pvalue)


def test_a_test_out_of_handfuls_is_not_made():
    few = log(
        "\n".join(
            [f"{name}{i} visit {day}" for name, day in (("a", 4), ("b", 11)) for i in range(20)]
            + ["a1 buy 5", "x buy 40"]
        )
    )
    assert np.isnan(funnel_trend(few, steps=VISIT_BUY, within="1D").p_value)


def test_every_step_of_every_period_is_in_the_long_table():
    events = log("ana visit 4\nana cart 5\nben visit 4\ncyd visit 11\nend buy 30\nana buy 29")
    found = funnel_trend(events, steps=["visit", "cart", "buy"], within="2D").steps.head(6)
    assert rows(found, "period", "step", "reached", "overall_conversion") == [
        ["2026-01-05", "visit", 2, 1.0], ["2026-01-05", "cart", 1, 0.5], ["2026-01-05", "buy", 0, 0.0],
        ["2026-01-12", "visit", 1, 1.0], ["2026-01-12", "cart", 0, 0.0], ["2026-01-12", "buy", 0, 0.0],
    ]  # fmt: skip


def test_a_trend_ends_at_the_last_required_step():
    steps = ["visit", "buy", {"events": ["review"], "optional": True}]
    events = log("ana visit 4\nana buy 5\nben visit 4\nben buy 5\nben review 6\nend buy 30")
    assert periods(events, steps, within="3D")["reached"].tolist()[0] == 2


def test_removed_customers_are_in_no_period():
    events = log("ana visit 4\nana call 5\nana buy 6\nben visit 4\nben buy 6\nend buy 30")
    found = funnel_trend(events, steps=VISIT_BUY, within="3D", exclude={"events": "call", "effect": "remove"})
    assert (found.entered, found.removed) == (1, 1)
    assert rows(found.periods.head(1), "entered", "reached", "observed") == [[1, 1, "full"]]


# -- authorities ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0000)),
        ((10, 10, 0, 10), (0.6075, 1.0000)),
    ],
)
def test_newcombes_intervals_are_those_of_his_table(counts, expected):
    """Newcombe 1998, Statistics in Medicine 17:873, Table II, method 10."""
    _difference, low, high = newcombe(*counts)
    assert (round(float(low), 4), round(float(high), 4)) == expected


def test_the_interval_of_a_difference_covers_it_about_as_often_as_it_says():
    rng = np.random.default_rng(4)
    one, other = rng.binomial(80, 0.1, 4000), rng.binomial(120, 0.15, 4000)
    _difference, low, high = newcombe(one, 80, other, 120)
    assert 0.94 < np.mean((low <= -0.05) & (high >= -0.05)) < 0.97


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    period=st.sampled_from(["day", "week", "month"]),
    within=st.sampled_from(["12h", "3D", "14D"]),
    order=st.sampled_from(["ordered", "strict", "any", "open"]),
    exclude=st.sampled_from([None, {"events": "call"}, {"events": "call", "effect": "remove"}]),
    as_of=st.sampled_from([None, "2026-02-10"]),
)
def test_each_period_is_the_funnel_of_those_who_first_entered_in_it(seed, period, within, order, exclude, as_of):
    """One funnel a period, of the customers whose first entry anywhere lies in it, asked for with start and end."""
    rng = np.random.default_rng(seed)
    names = rng.choice(["visit", "cart", "buy", "call"], 250, p=[0.45, 0.25, 0.2, 0.1])
    days = rng.integers(0, 60 * 24, 250) / 24
    lines = [f"c{rng.integers(40)} {name} {day}" for name, day in zip(names, days, strict=True)]
    events = log("\n".join([*lines, "z visit 0", "z cart 1", "z buy 2", "z call 3"]))
    steps, asked = ["visit", "cart", "buy"], {"within": within, "order": order, "exclude": exclude, "as_of": as_of}
    found = funnel_trend(events, steps=steps, period=period, **asked)
    firsts = first_entries(events, steps if order in ("any", "open") else ["visit"], as_of)
    for row in found.periods.itertuples():
        length = {"day": pd.Timedelta(days=1), "week": pd.Timedelta(days=7), "month": pd.offsets.MonthBegin()}[period]
        following = str((pd.Timestamp(row.period) + length).date())
        last_day = str(pd.Timestamp(following).date() - pd.Timedelta(days=1))
        own = firsts[(firsts >= row.period) & (firsts < following)]
        part = events.frame[events.frame["customer_id"].isin(own.index)]
        if part.empty:
            assert (row.entered, row.reached) == (0, 0)
            continue
        rest = pd.DataFrame({"customer_id": "rest", "event": ["visit", "cart", "buy", "call"]})
        rest["timestamp"] = pd.Timestamp("2025-01-01")  # so that every kind of event is there
        alone = funnel(
            read_events(pd.concat([part, rest])), steps=steps, reentry="first", entries="all",
            start=row.period, end=last_day, **asked,
        )  # fmt: skip
        whole = events.log.end_of_data(as_of)
        assert row.entered == alone.entered - alone.removed
        assert row.reached == alone.steps["reached"].iloc[-1]
        if row.observed == "full":
            assert row.overall_conversion == pytest.approx(alone.steps["overall_conversion"].iloc[-1], nan_ok=True)
            assert row.cut == ""
            assert pd.Timestamp(following) <= pd.Timestamp(found.as_of) + pd.Timedelta(days=1)
        waiting = (own.astype("datetime64[us]") + pd.Timedelta(within)).astype("int64") > whole
        if not alone.removed:
            assert (row.observed == "full") == (row.cut == "" and not waiting.any())
            assert (row.observed == "none") == (bool(len(own)) and waiting.all())


def first_entries(events, kinds, as_of):
    """Each customer's first event of these kinds, by hand."""
    frame = events.frame[events.frame["event"].isin(kinds)]
    if as_of is not None:
        frame = frame[frame["timestamp"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    return frame.groupby("customer_id")["timestamp"].min()


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"within": None}, InsightError, "A trend needs a window"),
        ({"period": "year"}, UnknownValue, "day, week, month"),
        ({"week_start": "monday"}, UnknownValue, "MON, TUE"),
        ({"order": "random"}, UnknownValue, "ordered, strict, any, open"),
        ({"level": 95}, InsightError, "between 0 and 1"),
        ({"steps": ["visit", "bye"]}, UnknownValue, "Did you mean 'buy'"),
        ({"start": "2026-02-02", "end": "2026-02-01"}, InsightError, "earlier start"),
    ],
)
def test_an_impossible_setting_says_what_to_change(asked, kind, says):
    with pytest.raises(kind, match=says):
        funnel_trend(log("ana visit 1\nana buy 2"), **{"steps": VISIT_BUY} | asked)


def test_the_level_is_that_of_both_intervals():
    narrow, wide = (periods(log(HUNDREDS), within="1D", level=level).iloc[1] for level in (0.5, 0.99))
    assert narrow["ci_low"] > wide["ci_low"]
    assert narrow["difference_low"] > wide["difference_low"]
    z = NormalDist().inv_cdf(0.75)
    p, n = 0.22, 200
    centre, half = (
        (p + z * z / 2 / n) / (1 + z * z / n),
        z / (1 + z * z / n) * (p * (1 - p) / n + z * z / 4 / n**2) ** 0.5,
    )
    assert narrow["ci_low"] == pytest.approx(centre - half)
