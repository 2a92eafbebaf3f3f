"""Overview: what the counts mean, on rows one can follow; against loops that try everything; parts and whole."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import (
    clv_summary,
    cohort_revenue,
    conversion,
    rate_change,
    read_events,
    read_orders,
    retention,
    rfm,
    rhythm,
    sales,
    sample,
    traffic,
)
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.log import prepare_log
from insight.overview.calendar import read_calendar
from insight.overview.change import mix_and_rate
from insight.overview.conversion import bought_by, conversion_finish, conversion_tally
from insight.overview.members import complete
from insight.overview.rhythm import merged_quarters, rhythm_finish, rhythm_tally
from insight.overview.sales import order_groups, sales_finish, sales_tally
from insight.overview.shared import merged
from insight.overview.traffic import session_groups, traffic_finish, traffic_tally
from insight.tables.order_log import order_log
from tests.logs import log
from tests.overview_twin import conversion_twin, sales_twin, sessions_of, traffic_twin

DAYS = pd.Timestamp("2025-01-03")


def at(text):
    """Events from lines of `customer event moment`."""
    rows = [line.split(maxsplit=2) for line in text.strip().splitlines()]
    table = pd.DataFrame(rows, columns=["customer_id", "event", "timestamp"])
    return read_events(table.assign(timestamp=pd.to_datetime(table["timestamp"], format="ISO8601")))


def bought(text, **more):
    """Orders from lines of `customer day amount` and, where given, a channel."""
    rows = [line.split() for line in text.strip().splitlines()]
    table = pd.DataFrame(rows).rename(columns={0: "customer_id", 1: "order_date", 2: "amount", 3: "channel"})
    table["order_id"] = [f"{k}" for k in range(len(table))]
    return read_orders(table.assign(amount=table["amount"].astype(float)), **more)


def by_period(table, *columns):
    return table[["period", *columns]].to_numpy().tolist()


@pytest.fixture(scope="module")
def events():
    rng = np.random.default_rng(5)
    n = 1500
    minutes = np.sort(rng.integers(0, 150 * 24 * 60, n)) + np.tile([0, 7, 0, 31, 200], n // 5)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{k:02}" for k in rng.integers(0, 80, n)],
            "event": rng.choice(["visit", "view", "cart", "buy"], n, p=[0.4, 0.3, 0.2, 0.1]),
            "timestamp": DAYS + pd.to_timedelta(minutes, unit="min"),
            "channel": rng.choice(["ads", "mail", "seo", "tv", None], n, p=[0.4, 0.25, 0.2, 0.05, 0.1]),
            "session": rng.integers(0, 4, n).astype(str),
        }
    )
    again = frame.assign(timestamp=frame["timestamp"] + pd.to_timedelta(rng.integers(0, 70, n), unit="min"))
    return read_events(pd.concat([frame, again], ignore_index=True))


@pytest.fixture(scope="module")
def orders(events):
    rng = np.random.default_rng(6)
    n = 500
    near = events.frame.sample(200, random_state=1)  # these orders lie in sessions, or not far from one
    frame = pd.DataFrame(
        {
            "order_id": [f"{k}" for k in range(n)],
            "customer_id": [f"c{k:02}" for k in rng.integers(0, 90, n)],
            "order_date": DAYS + pd.to_timedelta(rng.integers(0, 150 * 24 * 60, n), unit="min"),
            "amount": np.round(rng.normal(30, 25, n), 2) * (rng.random(n) > 0.05),
            "channel": rng.choice(["ads", "mail", "seo"], n),
        }
    )
    frame.loc[:199, "customer_id"] = near["customer_id"].to_numpy()
    frame.loc[:199, "order_date"] = near["timestamp"].to_numpy() + pd.to_timedelta(
        rng.integers(-5, 45, 200), unit="min"
    )
    return read_orders(frame)


# -- what is counted --------------------------------------------------------------------------------------------------


def test_a_pause_longer_than_the_gap_begins_a_session_and_one_just_as_long_does_not():
    found = traffic(at("ana visit 2026-01-05 10:00\nana view 2026-01-05 10:30\nana view 2026-01-05 11:00:01"))
    assert by_period(found.periods, "sessions", "bounces", "pages") == [["2026-01-05", 2, 1, 3]]


def test_a_session_over_midnight_belongs_with_all_it_has_to_the_period_it_begins_in():
    found = traffic(at("ana visit 2026-01-31 23:50\nana view 2026-02-01 00:10\nben visit 2026-02-10"), period="month")
    assert by_period(found.periods, "visitors", "pages", "visit_seconds") == [
        ["2026-01-01", 1, 2, 1200],
        ["2026-02-01", 1, 1, 0],
    ]


def test_a_visitor_counts_once_a_period_and_is_new_in_the_first():
    found = traffic(log("ana visit 0\nana visit 1\nana visit 40\nben visit 41"), period="month")
    assert by_period(found.periods, "visitors", "new_visitors", "sessions") == [
        ["2026-01-01", 1, 1, 2],
        ["2026-02-01", 2, 1, 2],
    ]


def test_time_on_site_is_of_sessions_with_two_events_and_unknown_for_files_of_days():
    text = "ana visit 2026-01-05 10:00\nana view 2026-01-05 10:02\nben visit 2026-01-05 12:00"
    assert traffic(at(text)).periods["time_on_site_seconds"].tolist() == [120]
    days = traffic(at("ana visit 2026-01-05\nana view 2026-01-05\nben visit 2026-01-05"))
    assert by_period(days.periods, "sessions", "bounces", "timed_sessions") == [["2026-01-05", 2, 1, 0]]
    assert days.periods["time_on_site_seconds"].isna().all()


def test_only_chosen_events_are_pages_and_a_session_without_any_is_a_bounce():
    text = "ana start 2026-01-05 10:00\nana view 2026-01-05 10:02\nben start 2026-01-05\nben end 2026-01-05 00:01"
    found = traffic(at(text), page_events="view")
    assert by_period(found.periods, "pages", "bounces") == [["2026-01-05", 1, 2]]


def test_sessions_of_the_file_are_in_order_of_time_whatever_they_are_called():
    table = pd.DataFrame({"customer_id": "ana", "event": "visit", "session": ["b", "a"], "channel": ["ads", "mail"]})
    found = traffic(read_events(table.assign(timestamp=["2026-01-05", "2026-02-05"])), period="month",
                    session_gap=None, by="channel")  # fmt: skip
    assert by_period(found.periods, "new_visitors", "sessions") == [["2026-01-01", 1, 1], ["2026-02-01", 0, 1]]
    new = found.group_periods.set_index(["group", "period"])["new_visitors"]
    assert (new["ads", "2026-01-01"], new["mail", "2026-02-01"]) == (1, 0)


def test_a_visitor_of_two_groups_is_in_both_and_new_in_the_first():
    found = traffic(log("ana visit 4 ads\nana visit 6 mail\nben visit 9 ads\nben visit 10"), by="channel")
    now = found.groups.pivot_table(index="group", columns="measure", values="value", sort=False)
    assert now[["visitors", "new_visitors", "sessions"]].to_numpy().tolist() == [[2, 2, 2], [1, 0, 1], [1, 0, 1]]
    assert now.index.tolist() == ["ads", "(not set)", "mail"]


def test_a_refund_is_no_order_and_lowers_revenue_in_its_own_period():
    found = sales(bought("ana 2026-01-05 10\nana 2026-02-05 -4\nben 2026-02-06 0\nben 2026-02-07 6"), period="month")
    assert by_period(found.periods, "orders", "sold", "refunds", "refunded", "free_orders", "revenue", "buyers") == [
        ["2026-01-01", 1, 10.0, 0, 0.0, 0, 10.0, 1],
        ["2026-02-01", 1, 6.0, 1, 4.0, 1, 2.0, 1],
    ]
    assert found.periods["average_order_value"].tolist() == [10.0, 6.0]


def test_a_buyer_is_new_in_the_period_of_the_first_purchase_and_returning_after_it():
    found = sales(bought("ana 2026-01-05 0\nana 2026-02-05 5\nana 2026-02-09 5\nana 2026-03-31 5"), period="month")
    assert by_period(found.periods, "new_customers", "returning_customers") == [
        ["2026-01-01", 0, 0],
        ["2026-02-01", 1, 0],
        ["2026-03-01", 0, 1],
    ]


def test_a_new_customer_of_several_groups_is_new_in_that_of_the_first_purchase():
    found = sales(bought("ana 2026-01-05 5 tv\nana 2026-01-05 5 ads\nana 2026-01-07 5 tv"), by="channel")
    now = found.groups.pivot_table(index="group", columns="measure", values="value")
    assert now.loc["tv", ["buyers", "new_customers"]].tolist() == [1, 1]  # of two at one instant the larger group
    assert now.loc["ads", ["buyers", "new_customers", "returning_customers"]].tolist() == [1, 0, 0]


def test_several_currencies_are_refused():
    mixed = read_orders(b"order_id,customer_id,order_date,amount\n1,ana,2026-01-05,$5\n2,ben,2026-01-06,5 EUR\n")
    with pytest.raises(InsightError, match="several currencies do not add up"):
        sales(mixed)
    with pytest.raises(InsightError, match="several currencies do not add up"):
        rhythm(mixed, measure="revenue")
    assert rhythm(mixed).n == 2  # counting them is possible


def test_the_three_denominators_are_of_the_same_period():
    came = log("ana visit 4\nana buy 5\nana visit 6\nben visit 7\nana visit 13\nana buy 14\neve visit 15")
    found = conversion(came, goal="buy", lead="visit")
    columns = ["converted_sessions", "sessions", "converted_visitors", "visitors", "converted_new", "new_visitors"]
    assert by_period(found.periods, *columns) == [
        ["2026-01-05", 1, 4, 1, 2, 1, 2],
        ["2026-01-12", 1, 3, 1, 2, 0, 1],
    ]


def test_a_lead_converts_no_earlier_than_it_became_one():
    came = log("ana buy 4\nana sign 5\nben sign 4\nben buy 5\neve sign 6\neve buy 6\neve sign 7")
    found = conversion(came, goal="buy", lead="sign").periods
    assert by_period(found, "converted_leads", "leads") == [["2026-01-05", 2, 3]]


def test_an_order_belongs_to_the_session_it_lies_in_or_follows_soon():
    came = at("ana visit 2026-01-05 10:00\nana visit 2026-01-05 12:00\nben visit 2026-01-05 10:00")
    orders = [("ana", "10:30"), ("ana", "12:00"), ("ben", "10:30:01"), ("ben", "09:59"), ("zoe", "10:00")]
    table = pd.DataFrame(orders, columns=["customer_id", "time"])
    dates = pd.to_datetime("2026-01-05 " + table["time"], format="ISO8601")
    found = conversion(came, read_orders(table.assign(order_id=list("12345"), order_date=dates, amount=5.0)))
    assert by_period(found.periods, "converted_sessions", "converted_visitors") == [["2026-01-05", 2, 2]]
    assert (found.n_buyers, found.unmatched, found.outside) == (3, 1, 2)


def test_an_order_with_a_day_only_belongs_to_the_last_session_of_that_day():
    came = at("ana visit 2026-01-05 10:00\nana visit 2026-01-05 12:00\nben visit 2026-01-06 10:00")
    found = conversion(came, bought("ana 2026-01-05 5\nben 2026-01-05 5"))
    assert by_period(found.periods, "converted_sessions", "converted_visitors") == [["2026-01-05", 1, 2]]
    assert found.outside == 1


def test_conversion_asks_what_a_conversion_is():
    with pytest.raises(InsightError, match="What is a conversion"):
        conversion(log("ana visit 0"))


# -- periods ----------------------------------------------------------------------------------------------------------


def test_the_last_complete_period_is_looked_at_and_unfinished_ones_are_in_no_comparison():
    found = traffic(log("\n".join(f"c{k} visit {k}" for k in range(2, 75))), period="month")  # 3 January to 16 March
    assert found.periods["observed"].tolist() == ["partial", "full", "partial"]
    assert (found.at, found.before, found.finished) == ("2026-02-01", None, True)
    assert found.measures["change"].isna().all()
    last = traffic(log("\n".join(f"c{k} visit {k}" for k in range(2, 75))), period="month", at="2026-03-01")
    assert (last.finished, last.before) == (False, None)


def test_without_a_complete_period_the_last_one_is_looked_at():
    found = traffic(log("ana visit 2\nben visit 3"), period="month")
    assert (found.at, found.finished, found.periods["cut"].tolist()) == ("2026-01-01", False, ["both"])


@pytest.mark.parametrize(
    ("period", "now", "year_before"),
    [("month", "2026-03-01", "2025-03-01"), ("week", "2026-03-02", "2025-03-03"), ("day", "2026-03-02", "2025-03-03")],
)
def test_a_year_before_is_the_same_month_or_the_same_weekdays(period, now, year_before):
    facts = log("ana visit -365\nana visit 89").facts
    calendar = read_calendar(facts, period, now)
    assert calendar.days[calendar.year_before] == year_before
    if period != "month":
        assert date.fromisoformat(now).weekday() == date.fromisoformat(year_before).weekday()


def test_rows_after_the_last_day_are_left_out_and_counted():
    found = traffic(log("ana visit 4\nana visit 10\nben visit 30"), as_of="2026-01-11")
    assert (found.left_out, found.n_customers, found.as_of, found.finished) == (1, 1, "2026-01-11", True)


def test_what_does_not_exist_is_refused_with_what_does():
    events = log("ana visit 0")
    with pytest.raises(UnknownValue, match="measure = 'clicks' is not possible.*visitors"):
        traffic(events, measure="clicks")
    with pytest.raises(UnknownValue, match="column of by"):
        traffic(events, by="colour")
    with pytest.raises(UnknownValue, match="at = '2031-01-01'"):
        traffic(events, at="2031-01-01")
    with pytest.raises(InsightError, match="A note is a day and a text"):
        traffic(events, notes=["today"])
    with pytest.raises(InsightError, match="sales takes the table that read_orders returns"):
        sales(events)


# -- against loops that try everything --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [None, "channel"])
def test_traffic_is_what_a_loop_over_customers_counts(events, by):
    found, twin = traffic(events, period="month", by=by), traffic_twin(events.frame, by)
    columns = ["visitors", "new_visitors", "sessions", "pages", "bounces", "timed_sessions", "visit_seconds"]
    for row in found.periods.to_dict("records"):
        assert [row[name] for name in columns] == [twin[row["period"], None][name] for name in columns]
    if by:
        for row in found.group_periods.to_dict("records"):
            assert [row[name] for name in columns] == [twin[row["period"], row["group"]][name] for name in columns]
        assert set(found.groups["group"]) == {"ads", "mail", "seo", "tv", "(not set)"}
    assert found.n_sessions == len(sessions_of(events.frame)) > 1000


def test_sales_are_what_a_loop_over_orders_counts(orders):
    found, twin = sales(orders, period="month"), sales_twin(orders.frame)
    money, columns = ["sold", "refunded", "revenue"], ["orders", "refunds", "free_orders", "buyers"]
    columns += ["new_customers", "returning_customers"]
    for row in found.periods.to_dict("records"):
        assert [round(100 * row[name]) for name in money] == [twin[row["period"]][name] for name in money]
        assert [row[name] for name in columns] == [twin[row["period"]][name] for name in columns]
    assert found.periods[["refunds", "free_orders", "returning_customers"]].to_numpy().min() >= 0
    assert found.n_refunds > 10 < found.n_free


@pytest.mark.parametrize("by", [None, "channel"])
def test_conversion_from_orders_is_what_a_loop_over_both_tables_counts(events, orders, by):
    found = conversion(events, orders, period="month", by=by)
    twin = conversion_twin(events.frame, orders.frame, by=by)
    columns = ["sessions", "converted_sessions", "visitors", "converted_visitors"]
    rows = found.group_periods if by else found.periods
    for row in rows.to_dict("records"):
        assert [row[name] for name in columns] == [twin[row["period"], row.get("group")][name] for name in columns]
    assert rows["converted_sessions"].sum() > 20


def test_in_the_shop_events_and_orders_tell_of_the_same_conversions():
    events, orders = sample("shop_events"), sample("shop_orders")
    one, two = conversion(events, orders, period="month"), conversion(events, goal="purchase", period="month")
    pd.testing.assert_frame_equal(one.periods, two.periods)


def test_hours_are_those_a_clock_showed_and_divided_by_how_often_they_came():
    table = pd.DataFrame({"customer_id": list("abcd"), "event": "visit"})
    times = ["2026-03-28 23:30", "2026-03-29 00:30", "2026-03-29 01:30", "2026-04-05 01:30"]
    found = rhythm(read_events(table.assign(timestamp=[f"{time}Z" for time in times]), timezone="Europe/Berlin"))
    busy = found.cells[found.cells["value"] > 0]
    # clocks went from 02:00 to 03:00 on 29 March: that Sunday had no hour from 2 to 3
    assert busy[["weekday", "hour", "value", "occurrences"]].to_numpy().tolist() == [
        ["SUN", 0, 1, 2], ["SUN", 1, 1, 2], ["SUN", 3, 2, 2],
    ]  # fmt: skip
    two = found.cells.set_index(["weekday", "hour"]).loc[("SUN", 2)]
    assert (two["value"], two["occurrences"]) == (0, 1)


def test_the_midnight_that_ends_the_last_day_is_not_in_it():
    found = rhythm(at("ana visit 2026-01-05 10:00\nana visit 2026-01-06 00:00"), start="2026-01-05", end="2026-01-05")
    assert (found.n, found.left_out, found.cells["occurrences"].sum()) == (1, 1, 24)
    with pytest.raises(InsightError, match="No day of the data lies"):
        rhythm(log("ana visit 0"), start="2026-03-01")


@pytest.mark.parametrize("measure", ["orders", "revenue"])
def test_the_hours_of_the_week_add_up_to_the_whole(orders, measure):
    found = rhythm(orders, measure=measure)
    frame = orders.frame[orders.frame["amount"] > 0] if measure == "orders" else orders.frame
    amounts = frame["amount"] if measure == "revenue" else frame["amount"] > 0
    expected = amounts.groupby([frame["order_date"].dt.day_of_week, frame["order_date"].dt.hour]).sum()
    keys = [(["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"].index(day), hour)
            for day, hour in found.cells[["weekday", "hour"]].to_numpy()]  # fmt: skip
    assert found.cells["value"].tolist() == pytest.approx([expected.get(key, 0) for key in keys])
    days = orders.frame["order_date"].dt.normalize()
    assert found.cells["occurrences"].sum() == 24 * ((days.max() - days.min()).days + 1)


# -- parts are the whole ----------------------------------------------------------------------------------------------


def assert_equal(one, other):
    for field in dataclasses.fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=False, rtol=1e-11, obj=field.name)
            counts = left.select_dtypes("integer").columns
            pd.testing.assert_frame_equal(left[counts], right[counts], check_exact=True, obj=field.name)
        else:
            assert left == right, field.name


def parts_of(frame, made, n=5):
    bucket = np.random.default_rng(2).integers(0, n, 100)[frame["customer_id"].str[1:].astype(int)]
    return [made(frame[bucket == b].reset_index(drop=True)) for b in range(n)]


SETTINGS = [
    {},
    {"by": "channel"},
    {"by": {"column": "channel", "top": 2}, "as_of": "2025-04-02"},
]


@pytest.mark.parametrize("asked", [*SETTINGS, {"session_gap": None, "page_events": ["visit", "view"]}])
def test_parts_of_the_customers_add_up_to_the_traffic_of_all(events, asked):
    given = complete(traffic, {"period": "month", **asked})
    groups, facts = session_groups(events, events.facts, given), events.facts
    logs = parts_of(events.frame, lambda part: prepare_log(part, events=facts.events))
    tallies = [traffic_tally(log, facts, given, groups) for log in logs]
    assert_equal(traffic_finish(merged(tallies), facts, given, groups), traffic(events, **given))


@pytest.mark.parametrize("asked", SETTINGS)
def test_parts_of_the_customers_add_up_to_the_sales_of_all(orders, asked):
    given = complete(sales, {"period": "month", **asked})
    groups, facts = order_groups(orders, orders.facts, given), orders.facts
    logs = parts_of(orders.frame, lambda part: order_log(part, cancelled=False))
    tallies = [sales_tally(log, facts, given, groups) for log in logs]
    assert_equal(sales_finish(merged(tallies), facts, given, groups), sales(orders, **given))


@pytest.mark.parametrize("asked", [*SETTINGS, {"goal": "buy", "lead": "cart"}, {"lead": ["cart", "view"]}])
def test_parts_of_the_customers_add_up_to_the_conversion_of_all(events, orders, asked):
    given = complete(conversion, {"period": "month", **asked})
    groups, facts = session_groups(events, events.facts, given), events.facts
    purchases = bought_by(orders, given, facts)
    logs = parts_of(events.frame, lambda part: prepare_log(part, events=facts.events))
    tallies = [conversion_tally(log, facts, given, groups, purchases) for log in logs]
    found = conversion_finish(merged(tallies), facts, given, groups, purchases)
    assert_equal(found, conversion(events, orders, **given))


def test_parts_of_the_customers_add_up_to_the_rhythm_of_all(events):
    given = complete(rhythm, {"measure": "sessions", "start": "2025-01-20"})
    logs = parts_of(events.frame, lambda part: prepare_log(part, events=events.facts.events))
    tallies = [rhythm_tally(log, events.facts, given) for log in logs]
    assert_equal(rhythm_finish(merged_quarters(tallies), events.facts, given, None), rhythm(events, **given))


# -- intervals --------------------------------------------------------------------------------------------------------


def resampled(x, y, draws=4000):
    """Sums of two columns over customers drawn again: each as often as chance (Poisson) has it."""
    weights = np.random.default_rng(8).poisson(1, (draws, len(x)))
    return weights @ x, weights @ y


def test_the_interval_of_a_change_is_that_of_customers_drawn_again(events):
    found = traffic(events, period="month", at="2025-04-01")
    sessions = pd.DataFrame(sessions_of(events.frame))
    per = sessions.assign(month=sessions["start"].map(lambda time: time.strftime("%m"))).groupby(["who", "month"])
    table = per.size().unstack(fill_value=0)
    now, then = resampled(table["04"].to_numpy(float), table["03"].to_numpy(float))
    row = found.measures.set_index("measure").loc["sessions"]
    assert row["change"] == pytest.approx(table["04"].sum() / table["03"].sum() - 1)
    spread = np.log1p([row["change_low"], row["change_high"]])
    assert np.diff(spread)[0] / (2 * 1.96) == pytest.approx(np.log(now / then).std(), rel=0.06)


def test_the_interval_of_a_rate_allows_for_sessions_of_one_customer_being_alike(events):
    found = traffic(events, period="month", at="2025-04-01")
    sessions = pd.DataFrame(sessions_of(events.frame))
    own = sessions[sessions["start"].dt.month == 4].assign(bounce=lambda rows: rows["rows"].map(len) == 1)
    counts = own.groupby("who")["bounce"].agg(["sum", "size"])
    bounces, all_ = resampled(counts["sum"].to_numpy(float), counts["size"].to_numpy(float))
    row = found.measures.set_index("measure").loc["bounce_rate"]
    assert (row["ci_high"] - row["ci_low"]) / (2 * 1.96) == pytest.approx((bounces / all_).std(), rel=0.1)


def test_of_fewer_than_ten_customers_there_is_no_interval():
    found = traffic(log("\n".join(f"c{k} visit {4 + k % 7}" for k in range(9)))).measures.set_index("measure")
    assert found.loc["bounce_rate", ["value", "n"]].tolist() == [1, 9]
    assert found.loc["bounce_rate", ["ci_low", "ci_high"]].isna().all()


# -- why a rate moved -------------------------------------------------------------------------------------------------

COUNTS = st.lists(
    st.tuples(*[st.integers(0, 400)] * 4).map(lambda t: (min(t[0], t[1]), t[1], min(t[2], t[3]), t[3])), min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(COUNTS)
def test_mix_and_rate_effects_of_all_groups_add_up_to_the_change(counts):
    table = np.array(counts).T
    parts, n = table[[0, 2]], table[[1, 3]]
    if not n.sum(axis=1).all():
        return
    mix, rate = mix_and_rate(parts, n)
    whole = parts.sum(axis=1) / n.sum(axis=1)
    assert mix.sum() + rate.sum() == pytest.approx(whole[1] - whole[0], abs=1e-12)
    back = [-own for own in mix_and_rate(parts[::-1], n[::-1])]  # backwards in time is the opposite
    np.testing.assert_allclose(back, [mix, rate], atol=1e-12)


def test_a_change_of_the_mix_alone_has_no_rate_effect():
    mix, rate = mix_and_rate(np.array([[10, 40], [20, 20]]), np.array([[100, 100], [200, 50]]))
    assert rate.tolist() == [0, 0]
    assert mix.sum() == pytest.approx(40 / 250 - 50 / 200)


def test_the_effects_of_a_table_add_up_to_the_change_of_its_rate(events, orders):
    for table, asked in ((events, {"rate": "bounce_rate"}), (events, {"goal": "buy"}), (orders, {})):
        found = rate_change(table, at="2025-04-01", **asked)
        assert found.mix_effect + found.rate_effect == pytest.approx(found.difference, abs=1e-12)
        assert found.rate - found.rate_before == pytest.approx(found.difference, abs=1e-12)
        assert found.difference_low < found.difference < found.difference_high
        assert (found.effects["n"].sum(), found.effects["n_before"].sum()) == (found.n, found.n_before)
    now = sales(orders, period="month", at="2025-04-01").measures.set_index("measure").loc["average_order_value"]
    assert (found.rate, found.rate_before) == (now["value"], now["previous"])


def test_a_rate_is_not_compared_with_a_period_that_is_not_complete(events):
    with pytest.raises(NotEnoughData, match="no complete period before it"):
        rate_change(events, rate="bounce_rate", at="2025-02-01")
    with pytest.raises(NotEnoughData, match="no complete period a year before it"):
        rate_change(events, rate="bounce_rate", compare="year_before")
    with pytest.raises(NotEnoughData, match="not complete, so it cannot be compared"):
        rate_change(events, rate="bounce_rate", at="2025-01-01")
    with pytest.raises(UnknownValue, match="rate = 'per_click'"):
        rate_change(events, rate="per_click")


# -- the last day, time zones, and what is not used -------------------------------------------------------------------


def test_rows_after_the_last_day_do_not_choose_the_groups_that_are_shown():
    early = "\n".join(f"a{k} 2026-01-{day:02} 10 ads" for k, day in enumerate((2, 3, 30)))
    early += "\n" + "\n".join(f"m{k} 2026-02-{day:02} 10 mail" for k, day in enumerate((1, 28)))
    late = "\n".join(f"z{k} 2026-03-05 10 tv" for k in range(9))
    by, as_of = {"column": "channel", "top": 2}, "2026-02-28"
    whole, known = bought(early + "\n" + late), bought(early)
    expected = sales(known, by=by, period="month").groups["group"].unique().tolist()
    assert expected == ["ads", "mail"]
    assert sales(whole, by=by, period="month", as_of=as_of).groups["group"].unique().tolist() == expected
    moved = rate_change(bought("x 2026-01-01 10 ads\n" + early + "\n" + late), by=by, as_of=as_of)
    assert sorted(moved.effects["group"]) == expected


def test_a_purchase_after_midnight_converts_the_visitor_in_the_period_of_the_session():
    came = at("a visit 2026-01-11 23:50\nb visit 2026-01-06 10:00\nb visit 2026-01-13 10:00")
    order = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "order_date": ["2026-01-12 00:05"], "amount": [5.0]})
    found = conversion(came, read_orders(order), lead="visit").periods
    columns = ["converted_sessions", "converted_visitors", "converted_new", "converted_leads", "leads"]
    assert by_period(found, *columns) == [["2026-01-05", 1, 1, 1, 1, 2], ["2026-01-12", 0, 0, 0, 0, 1]]


@pytest.mark.parametrize("zoned", ["events", "orders"])
def test_where_one_table_has_no_time_zone_both_are_clock_times_of_the_other(zoned):
    time, name = ["2026-07-06T10:00:00", "2026-07-06T10:10:00"], ["events", "orders"].index(zoned)
    time[name] += "+02:00"
    zones = [{}, {}]
    zones[name] = {"timezone": "Europe/Berlin"}
    came = pd.DataFrame({"customer_id": ["a"], "event": ["visit"], "timestamp": [time[0]]})
    order = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "order_date": [time[1]], "amount": [5.0]})
    found = conversion(read_events(came, **zones[0]), read_orders(order, **zones[1]))
    assert (found.periods["converted_sessions"].tolist(), found.outside) == ([1], 0)


def test_a_weekday_comes_a_whole_number_of_times_where_the_clocks_change():
    days = pd.date_range("2026-03-23", "2026-06-28").strftime("%Y-%m-%d")
    table = pd.DataFrame({"customer_id": "a", "event": "visit", "timestamp": days})
    found = rhythm(read_events(table, timezone="Europe/Berlin"))
    assert (found.dates_only, found.timezone) == (True, "Europe/Berlin")
    assert found.cells["occurrences"].tolist() == [14.0] * 7
    assert found.cells["per_occurrence"].tolist() == [1.0] * 7


def test_orders_after_the_last_day_make_no_buyers():
    came = log("ana visit 4\nben visit 5\nana visit 20")
    orders = bought("ana 2026-01-05 5\nben 2026-01-20 5\nzoe 2026-01-21 5")
    found = conversion(came, orders, as_of="2026-01-11")
    assert (found.n_buyers, found.unmatched) == (1, 0)
    assert (conversion(came, orders).n_buyers, conversion(came, orders).unmatched) == (3, 1)


@pytest.mark.parametrize("as_of", ["", 0, False, "2026-02", 20260201, "2026-02-30", "20260201"])
def test_a_last_day_that_is_none_is_refused_by_every_analysis(as_of):
    events, orders = log("ana visit 0\nben visit 40\nana visit 50"), bought("ana 2026-01-01 5\nana 2026-02-20 5")
    for table, *functions in (
        (events, traffic, retention),
        (orders, sales, retention, cohort_revenue, rfm, clv_summary),
    ):
        for function in functions:
            with pytest.raises(InsightError, match=f"as_of = {as_of!r} is not a day"):
                function(table, as_of=as_of)
    facts = events.facts
    for ask in (facts.as_of_day, facts.end_of_data, facts.days_beyond):
        with pytest.raises(InsightError, match=f"as_of = {as_of!r} is not a day"):
            ask(as_of)
    assert (facts.as_of_day(None), facts.as_of_day("2026-01-05")) == (facts.last_day, "2026-01-05")
    assert (facts.days_beyond(None), facts.days_beyond("2026-03-01")) == (0, 9)


def test_a_rate_change_refuses_what_it_would_not_use(events, orders):
    asked = {"period": "month", "at": "2025-04-01"}
    with pytest.raises(InsightError, match="Two tables of orders"):
        rate_change(orders, orders, **asked)
    with pytest.raises(InsightError, match="goal = 'buy' is not used for average_order_value"):
        rate_change(orders, goal="buy", **asked)
    with pytest.raises(InsightError, match="goal = 'buy' is not used for bounce_rate"):
        rate_change(events, rate="bounce_rate", goal="buy", **asked)
    with pytest.raises(InsightError, match="session_gap = '2h' is not used"):
        rate_change(orders, session_gap="2h", **asked)


def test_a_rate_change_says_which_data_it_is_of(events):
    found = rate_change(events, rate="bounce_rate", at="2025-04-01", as_of="2026-01-01")
    now = traffic(events, as_of="2026-01-01")
    assert found.days_beyond == now.days_beyond > 0
    assert (found.data_start, found.dates_only, found.as_of) == (now.data_start, False, "2026-01-01")


def test_whole_numbers_are_groups_without_a_decimal_point():
    rows = {"customer_id": list("abc"), "order_date": "2026-01-05", "amount": 5.0, "quantity": [1.0, 2.5, 10.0]}
    found = sales(read_orders(pd.DataFrame(rows)), by="quantity")
    assert sorted(found.groups["group"].unique()) == ["1", "10", "2.5"]
