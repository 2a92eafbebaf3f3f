"""Retention: who is in a cohort, who came back, and what is not known yet."""

import numpy as np
import pandas as pd
import pytest

from insight import members, read_events, read_orders, retention, retention_peers, sample
from insight.errors import InsightError, UnknownValue
from insight.retention import activity, tally
from insight.retention.proposal import added, gaps_in_days, proposed_guard, proposed_period
from tests.logs import log


def shop(text, **more):
    """Orders from lines of `customer date amount`."""
    lines = [line.split() for line in text.strip().splitlines()]
    rows = "\n".join(f"{n},{who},{day},{amount}" for n, (who, day, amount) in enumerate(lines))
    return read_orders(f"order_id,customer_id,order_date,amount\n{rows}\n".encode(), **more)


def rates(table, *, of="average", **settings):
    """Retention in percent, rounded, from period 1 on; None where there is none."""
    found = getattr(retention(table, **settings), of)
    return [None if rate != rate else round(100 * rate) for rate in found["retention"][found["period"] > 0]]


def cell(result, cohort, period):
    cells = result.cells
    return cells[(cells["cohort"] == cohort) & (cells["period"] == period)].iloc[0]


THREE = log("ana start 0\nben start 0\ncyd start 0\nana back 1\nben back 5")
SHOP = """
    ana 2026-01-05 10
    ben 2026-01-31 10
    ana 2026-02-01 10
    eva 2026-02-10 10
    ana 2026-03-31 10
    eva 2026-03-01 10
"""


# -- the fixtures of the definition -----------------------------------------------------------------------------------


def test_three_customers_of_whom_two_return_once():
    asked = {"period": "day", "clock": "rolling", "as_of": "2026-01-08"}
    assert rates(THREE, **asked)[:6] == [33, 0, 0, 0, 33, 0]
    assert rates(THREE, criterion="on_or_after", **asked)[:6] == [67, 33, 33, 33, 33, 0]


def test_the_average_pools_customers_and_the_simple_mean_does_not():
    def cohort(day, size, back):
        start, later = pd.Timestamp(day), pd.Timestamp(day) + pd.Timedelta(days=40)
        rows = [(f"{day}-{n}", start) for n in range(size)] + [(f"{day}-{n}", later) for n in range(back)]
        return pd.DataFrame(rows, columns=["customer_id", "timestamp"])

    frame = pd.concat([cohort("2026-01-01", 1000, 500), cohort("2026-02-01", 500, 400)]).assign(event="visit")
    row = retention(read_events(frame), as_of="2026-03-31").average.iloc[1]
    assert row[["n_customers", "retained", "n_cohorts"]].tolist() == [1500, 900, 2]
    assert [round(100 * row["retention"], 1), round(100 * row["simple_mean"], 1)] == [60.0, 65.0]


# -- cohorts and criteria ---------------------------------------------------------------------------------------------


def test_a_cell_is_who_of_a_cohort_came_back():
    found = retention(shop(SHOP))
    table = found.cells[["cohort", "period", "n_customers", "retained", "observed"]].to_numpy().tolist()
    assert table == [
        ["2026-01-01", 0, 2, 2, "full"],
        ["2026-01-01", 1, 2, 1, "full"],
        ["2026-01-01", 2, 2, 1, "full"],
        ["2026-02-01", 0, 1, 1, "full"],
        ["2026-02-01", 1, 1, 1, "full"],
        ["2026-02-01", 2, 1, pd.NA, "none"],
    ]


@pytest.mark.parametrize(
    ("criterion", "more", "found"),
    [
        ("on", {}, [0, 33, 33, 0]),
        ("on_or_after", {}, [33, 33, 33, 0]),
        ("on_or_before", {}, [0, 33, 33, 33]),
        ("streak", {}, [0, 0, 0, 0]),
        ("bracket", {"bracket": [1, 2]}, [33]),
        ("bracket", {"bracket": [4, 4]}, [0]),
    ],
)
def test_each_criterion_asks_for_other_periods(criterion, more, found):
    events = log("ana start 0\nben start 0\ncyd start 0\nana back 2.5\nana back 3.5\nend x 9")
    asked = {"period": "day", "clock": "rolling", "cohort": {"event": "start"}, "criterion": criterion, **more}
    assert rates(events, **asked)[: len(found)] == found


def test_who_came_back_by_then_counts_once_however_often_they_came():
    events = log("ana s 0\nana s 1\nana s 2\nana s 4\nben s 0\nben s 3\nend x 9")
    asked = {"period": "day", "cohort": {"event": "s"}, "criterion": "on_or_before"}
    assert rates(events, **asked)[:5] == [50, 50, 100, 100, 100]


def test_a_streak_counts_until_it_breaks():
    events = log("ana s 0\nana s 1\nana s 2\nana s 4\nend x 9")
    assert rates(events, period="day", criterion="streak", cohort={"event": "s"})[:5] == [100, 100, 0, 0, 0]


def test_the_calendar_and_the_own_start_tell_different_things():
    late = shop("ana 2026-01-31 5\nana 2026-02-01 5\nend 2026-03-31 5")
    assert cell(retention(late), "2026-01-01", 1)["retained"] == 1
    assert cell(retention(late, clock="rolling"), "2026-01-01", 1)["retained"] == 0


def test_a_rolling_period_ends_with_its_last_instant():
    events = log("ana s 0\nana s 1\nben s 0\nben s 0.999\nend x 5")
    assert cell(retention(events, period="day", clock="rolling"), "2026-01-01", 1)["retained"] == 1


def test_refunds_and_orders_of_nothing_are_no_activity():
    orders = shop("ana 2026-01-05 10\nana 2026-02-05 -10\nben 2026-01-09 10\nben 2026-02-09 0\ncyd 2026-01-01 -5")
    found = retention(orders, as_of="2026-02-28")
    assert cell(found, "2026-01-01", 1)[["n_customers", "retained"]].tolist() == [2, 0]
    assert (found.n_customers, found.started) == (3, 2)


def test_recurring_cohorts_hold_everyone_who_was_active():
    found = retention(shop(SHOP), cohort="recurring")
    assert found.cohorts[["cohort", "n_customers"]].to_numpy().tolist() == [
        ["2026-01-01", 2],
        ["2026-02-01", 2],
        ["2026-03-01", 2],
    ]
    assert cell(found, "2026-02-01", 1)["retained"] == 2
    assert found.average[["ci_low", "ci_high"]].isna().all(axis=None)  # the same people several times
    assert found.cells["difference"].isna().all()


def test_a_cohort_may_start_with_an_event_and_returns_may_be_another():
    events = log("ana see 0\nana buy 40\nana see 70\nben see 0\nben see 40\ncyd buy 45\ncyd buy 80\nend x 110")
    found = retention(events, cohort={"event": "buy"}, returns="buy")
    assert found.cells[found.cells["period"] == 1][["cohort", "n_customers", "retained"]].to_numpy().tolist() == [
        ["2026-02-01", 2, 1]
    ]
    assert found.started == 2


def test_conditions_say_which_rows_start_and_which_bring_back():
    table = pd.DataFrame({"customer_id": ["ana", "ana", "ben", "ben"], "order_id": list("1234")})
    table["order_date"] = pd.to_datetime(["2026-01-02", "2026-02-02", "2026-01-03", "2026-02-03"])
    orders = read_orders(table.assign(amount=[5.0, 50.0, 50.0, 5.0]))
    large = {"where": [["amount", ">=", 20]]}
    assert cell(retention(orders, returns=large, as_of="2026-02-28"), "2026-01-01", 1)["retained"] == 1
    found = retention(orders, cohort={"event": "purchase", **large}, as_of="2026-03-31")
    assert found.cohorts["cohort"].tolist() == ["2026-01-01", "2026-02-01"]


def test_the_values_of_a_column_are_cohorts_of_whom_each_counts_when_observed():
    events = log("ana s 0 ads\nana s 40 mail\nben s 0 ads\ncyd s 35 ads\neva s 1 mail\nend x 89 -")
    found = retention(events, cohort={"column": "channel"}, returns="s")
    assert found.cells[found.cells["cohort"] == "ads"][["period", "n_customers", "retained"]].to_numpy().tolist() == [
        [0, 3, 3],
        [1, 3, 1],
        [2, 2, 0],
    ]
    assert set(found.cells["cohort"]) == {"ads", "mail", "(not set)"}


def test_a_group_is_the_value_at_the_start_and_of_equal_times_the_first_name():
    events = log("ana s 0 mail\nana s 0 ads\nana s 40 seo\nben s 0 seo\nend x 59 -")
    found = retention(events, by="channel")
    assert found.groups[found.groups["period"] == 0][["group", "n_customers"]].to_numpy().tolist() == [
        ["(not set)", 1],
        ["ads", 1],
        ["seo", 1],
    ]


def test_groups_beyond_the_largest_are_added_up():
    lines = [f"{name}{n} s 0 {name}" for name, size in (("a", 5), ("b", 4), ("c", 2), ("d", 1)) for n in range(size)]
    found = retention(log("\n".join([*lines, "a0 s 40 a"])), by={"column": "channel", "top": 2})
    assert found.groups[found.groups["period"] == 0]["group"].tolist() == ["a", "b", "Other"]
    settings = {"by": {"column": "channel", "top": 2}}
    table = log("\n".join([*lines, "a0 s 40 a"]))
    assert members("retention", table, settings, {"cohort": "2026-01-01", "group": "Other"}) == ["c0", "c1", "d0"]


def test_two_groups_differ_by_newcombes_interval():
    lines = [f"a{n} s 0 ads" for n in range(70)] + [f"a{n} s 40" for n in range(56)]
    lines += [f"m{n} s 0 mail" for n in range(80)] + [f"m{n} s 40" for n in range(48)]
    found = retention(log("\n".join(lines)), by="channel", as_of="2026-02-28").groups
    row = found[(found["group"] == "ads") & (found["period"] == 1)].iloc[0]
    assert [round(row[name], 4) for name in ("difference", "difference_low", "difference_high")] == [
        0.2,
        0.0524,
        0.3339,
    ]


# -- what is known ----------------------------------------------------------------------------------------------------


def test_a_rate_stands_only_where_the_period_is_over():
    found = retention(shop(SHOP), as_of="2026-03-30")
    assert cell(found, "2026-01-01", 2)[["retained", "observed"]].tolist() == [0, "partial"]
    assert np.isnan(cell(found, "2026-01-01", 2)["retention"])
    assert cell(found, "2026-02-01", 1)["observed"] == "partial"
    assert cell(found, "2026-02-01", 2)["observed"] == "none"
    assert found.left_out == 1
    assert found.average["n_customers"].tolist() == [3, 2, 0]


def test_on_the_own_clock_a_cell_waits_for_its_youngest_customer():
    events = log("ana s 0\nben s 5\nend x 60")
    asked = {"clock": "rolling", "period": "month"}
    assert (
        cell(retention(events, as_of="2026-03-05", **asked), "2026-01-01", 1)["observed"] == "partial"
    )  # ben: 59 days
    assert cell(retention(events, as_of="2026-03-06", **asked), "2026-01-01", 1)["observed"] == "full"


def test_period_0_is_one_and_has_no_interval():
    found = retention(shop(SHOP)).cells
    start = found[found["period"] == 0]
    assert (start["retention"] == 1).all()
    assert start[["ci_low", "difference"]].isna().all(axis=None)


def test_cohorts_cut_by_the_ends_of_the_data_say_so():
    found = retention(shop("ana 2026-01-05 1\nben 2026-02-05 1\neva 2026-03-05 1")).cohorts
    assert found["cut"].tolist() == ["start", "", "end"]


def test_on_or_after_is_marked_while_it_is_still_rising():
    events = log("ana s 0\nana s 200\nend x 200")
    cells = retention(events, criterion="on_or_after", cohort={"event": "s"}, as_of="2026-06-30").cells
    assert cells["period"][cells["still_rising"]].tolist() == [3, 4, 5]
    assert not retention(events).cells["still_rising"].any()


def test_a_guard_leaves_out_who_may_be_an_old_customer():
    orders = shop("old 2026-01-02 5\nold 2026-02-20 5\nnew 2026-02-11 5\nend 2026-04-30 5")
    found = retention(orders, guard="30D")
    assert found.guarded == 1
    assert found.cohorts["cohort"].tolist() == ["2026-02-01", "2026-04-01"]
    assert found.cohorts["cut"].tolist() == ["", ""]
    assert retention(orders, guard="45D").guarded == 2
    assert retention(orders, guard="45D").cohorts["cut"].tolist() == [""]


def test_days_are_those_of_the_tables_time_zone():
    text = b"user,event,time\nana,s,2026-01-31 23:30Z\nana,s,2026-02-28 23:30Z\nend,x,2026-04-30 10:00Z\n"
    assert retention(read_events(text)).cohorts["cohort"].iloc[0] == "2026-01-01"
    berlin = retention(read_events(text, timezone="Europe/Berlin"))
    assert berlin.cohorts["cohort"].iloc[0] == "2026-02-01"
    assert cell(berlin, "2026-02-01", 1)["retained"] == 1


def test_weeks_begin_on_the_chosen_day():
    events = log("ana s 2\nana s 3\nend x 30")  # Saturday 3 and Sunday 4 January
    assert cell(retention(events, period="week"), "2025-12-29", 1)["retained"] == 0
    assert cell(retention(events, period="week", week_start="SUN"), "2025-12-28", 1)["retained"] == 1


def test_a_log_without_a_start_gives_empty_tables():
    found = retention(shop("ana 2026-01-01 -5\nben 2026-02-01 0"))
    assert (found.started, len(found.cells), len(found.average)) == (0, 0, 0)
    assert retention(shop("ana 2026-01-01 -5"), by="amount").groups.empty


def test_a_single_row_is_a_cohort_of_one():
    found = retention(shop("ana 2026-01-01 5"))
    assert found.cells[["period", "n_customers", "retained"]].to_numpy().tolist() == [[0, 1, 1]]


# -- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"criterion": "on_after"}, UnknownValue, "Did you mean 'on_or_after'"),
        ({"clock": "wall"}, UnknownValue, "calendar, rolling"),
        ({"period": "year"}, UnknownValue, "day, week, month"),
        ({"week_start": "Monday"}, UnknownValue, "week_start"),
        ({"criterion": "bracket"}, InsightError, r"bracket=\[1, 3\]"),
        ({"criterion": "bracket", "bracket": [3, 1]}, InsightError, "two periods"),
        ({"criterion": "bracket", "bracket": [0, 1]}, InsightError, "from 1 on"),
        ({"criterion": "bracket", "bracket": [True, 2]}, InsightError, "two periods"),
        ({"bracket": [1, 2]}, InsightError, "another criterion needs none"),
        ({"cohort": "frist"}, UnknownValue, "Did you mean 'first'"),
        ({"cohort": {"events": "buy"}}, UnknownValue, "cohort"),
        ({"cohort": {"event": "bye"}}, UnknownValue, "Did you mean 'buy'"),
        ({"cohort": {"event": "buy", "when": 1}}, UnknownValue, "key of cohort"),
        ({"cohort": {"column": "chanel"}}, UnknownValue, "Did you mean 'channel'"),
        ({"cohort": {"column": "channel"}, "by": "channel"}, InsightError, "cohorts already"),
        ({"returns": "bye"}, UnknownValue, "event of returns"),
        ({"returns": 3}, InsightError, "is not an event"),
        ({"returns": []}, InsightError, "is not an event"),
        ({"returns": {"event": "buy"}}, UnknownValue, "key of returns"),
        ({"returns": {"where": [["chanel", "==", 1]]}}, UnknownValue, "where column"),
        ({"by": "chanel"}, UnknownValue, "Did you mean 'channel'"),
        ({"by": {"column": "channel", "value": "entry"}}, UnknownValue, "key of the groups"),
        ({"by": {"column": "channel", "top": 0}}, InsightError, "top = 0"),
        ({"guard": "soon"}, InsightError, "guard = 'soon' is not a length of time"),
        ({"guard": "30D", "cohort": "recurring"}, InsightError, "nobody is new"),
        ({"level": 1}, InsightError, "level = 1"),
        ({"as_of": "2025-01-01"}, InsightError, "before the first row"),
    ],
)
def test_a_setting_that_is_not_possible_says_what_is(asked, kind, says):
    events = log("ana buy 0 ads\nana buy 40\nend x 60")
    with pytest.raises(kind, match=says):
        retention(events, **asked)


def test_orders_have_purchases_only():
    with pytest.raises(UnknownValue, match="Choose from: purchase"):
        retention(shop(SHOP), returns="refund")


def test_more_cohorts_than_anyone_reads_are_refused():
    events = log("ana s 0\nana s 4000")
    with pytest.raises(InsightError, match='Take period="week"'):
        retention(events, period="day")
    assert retention(events, period="month").started == 1


def test_another_table_is_refused():
    with pytest.raises(InsightError, match="read_events or read_orders"):
        retention(pd.DataFrame())


@pytest.mark.parametrize(
    ("address", "kind", "says"),
    [
        ({}, InsightError, "A cell of a retention analysis"),
        ("x", InsightError, "A cell of a retention analysis"),
        ({"retained": True}, InsightError, "A cell of a retention analysis"),
        ({"cohort": "2026-01-01", "month": 1}, UnknownValue, "cell = 'month'"),
        ({"cohort": "2026-01-01", "retained": True}, InsightError, "goes with a period"),
        ({"cohort": "2026-01-01", "period": 1, "retained": 1}, InsightError, "True or False"),
        ({"cohort": "2026-01-02"}, UnknownValue, "Did you mean '2026-01-01'"),
        ({"cohort": "2026-01-01", "period": 7}, UnknownValue, "period of a cell"),
        ({"cohort": "2026-01-01", "period": True}, UnknownValue, "period of a cell"),
        ({"cohort": "2026-02-01", "period": 2}, InsightError, "has not begun"),
        ({"cohort": "2026-01-01", "group": "ads"}, InsightError, "There are no groups"),
    ],
)
def test_a_cell_that_does_not_exist_says_what_does(address, kind, says):
    with pytest.raises(kind, match=says):
        members("retention", shop(SHOP), {}, address)


def test_the_people_of_a_partial_cell_are_those_so_far():
    asked = {"as_of": "2026-03-31"}
    assert members("retention", shop(SHOP), asked, {"cohort": "2026-02-01", "period": 1}) == ["eva"]
    asked = {"as_of": "2026-03-01"}
    assert members("retention", shop(SHOP), asked, {"cohort": "2026-02-01", "period": 1}) == ["eva"]
    assert members("retention", shop(SHOP), asked, {"cohort": "2026-01-01", "period": 0, "retained": False}) == []


# -- how others count, and what is proposed ---------------------------------------------------------------------------


def test_each_way_to_count_is_a_retention_with_its_settings():
    orders = sample("shop_orders")
    found = retention_peers(orders, at=2)
    for row in found.tools.itertuples():
        average = retention(orders, **row.settings).average
        assert average["retention"][average["period"] == 2].iloc[0] == row.retention
        assert len(members("retention_peers", orders, {"at": 2}, _address(row))) <= row.retained
    assert found.tools["tool"].tolist()[:5] == ["ours", "Mixpanel", "Amplitude", "PostHog", "GA4"]


def _address(row):
    if row.tool != "ours" or not row.changed:
        return {"tool": row.tool}
    return {"changed": row.changed, row.changed: row.settings.get(row.changed)}


def test_a_way_that_data_cannot_be_counted_in_says_why():
    found = retention_peers(shop("ana 2026-01-31 5\nben 2026-01-31 5\nana 2026-02-28 5")).tools.set_index("tool")
    assert found.loc["PostHog", "n_customers"] == 2
    assert pd.isna(found.loc["Amplitude", "n_customers"])
    assert "Nobody has lived to the end of period 1." in found.loc["Amplitude", "note"]


def test_a_bracket_is_compared_at_its_last_period():
    found = retention_peers(sample("shop_orders"), criterion="bracket", bracket=[1, 3])
    assert found.at == 3
    assert found.tools["settings"].iloc[1].get("bracket") is None
    with pytest.raises(InsightError, match="at = 0"):
        retention_peers(sample("shop_orders"), at=0)


def test_the_members_of_a_way_to_count_that_does_not_exist():
    with pytest.raises(UnknownValue, match="Mixpanel"):
        members("retention_peers", shop(SHOP), {}, {"tool": "Mixpanl"})
    with pytest.raises(UnknownValue, match="criterion"):
        members("retention_peers", shop(SHOP), {}, {"changed": "guard"})


def test_proposals_come_from_the_data():
    assert proposed_period(sample("shop_orders").facts) == "month"
    assert proposed_period(sample("ecom_events").facts) == "week"
    orders = shop("ana 2026-01-01 5\nana 2026-01-11 5\nana 2026-03-02 5\nben 2026-01-01 5\nben 2026-01-01 5")
    assert proposed_guard(orders) == "50D"  # gaps of 10 and 50 days; of the same day there is none
    assert proposed_guard(shop("ana 2026-01-01 5\nben 2026-01-09 5")) is None


def test_gaps_add_up_over_parts():
    whole = sample("shop_orders")
    parts = [
        gaps_in_days(shop(text).log, "orders") for text in ("ana 2026-01-01 5\nana 2026-01-05 5", "ben 2026-01-01 5")
    ]
    assert added(parts).tolist() == [0, 0, 0, 0, 1]
    assert gaps_in_days(whole.log, "orders").sum() > 0


# -- an independent route ---------------------------------------------------------------------------------------------


def test_cdnow_cohorts_are_those_of_counting_with_pandas():
    """The music shop's first buyers by month, and who bought again, from the file with pandas alone."""
    orders = sample("cdnow_orders")
    bought = orders.frame[orders.frame["amount"] > 0]
    month = bought["order_date"].dt.year * 12 + bought["order_date"].dt.month
    first = month.groupby(bought["customer_id"]).transform("min")
    counted = bought.groupby([first.rename("cohort"), (month - first).rename("period")])["customer_id"].nunique()
    found = retention(orders)
    cells = found.cells[(found.cells["observed"] == "full") & (found.cells["retained"] > 0)]
    days = pd.to_datetime(cells["cohort"])
    index = pd.MultiIndex.from_arrays([days.dt.year * 12 + days.dt.month, cells["period"]])
    assert (counted.reindex(index).to_numpy() == cells["retained"].to_numpy()).all()
    assert found.cohorts["n_customers"].tolist() == [7814, 8455, 7231, 2]
    assert len(cells) == len(counted)


@pytest.mark.parametrize(
    "asked", [{}, {"cohort": "recurring"}, {"clock": "rolling", "cohort": "recurring", "by": "channel"}]
)
def test_large_tables_are_counted_in_pieces_and_with_other_counters(asked, monkeypatch):
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"customer_id": rng.integers(0, 40, 900).astype(str), "event": "s"})
    frame["timestamp"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 300, 900), unit="D")
    frame["channel"] = rng.choice(["ads", "mail"], 900)
    usual = retention(read_events(frame), **asked)
    monkeypatch.setattr(activity, "CHUNK", 50)
    monkeypatch.setattr(tally, "DENSE", 1)
    found = retention(read_events(frame), **asked)
    for name in ("cells", "average", "criteria"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(usual, name), check_exact=True)


def test_on_or_after_compares_only_customers_who_have_had_the_same_time():
    events = log("ana s 0 ads\nben s 0 mail\nana s 40\neva s 35 ads\neva s 95\nend x 120 -")
    found = retention(events, criterion="on_or_after", by="channel")
    assert found.cells["difference"].isna().all()
    assert found.groups["difference"].isna().all()
    same = found.group_cells[(found.group_cells["cohort"] == "2026-01-01") & (found.group_cells["period"] == 1)]
    assert dict(zip(same["group"], same["difference"], strict=True))["ads"] == 1.0
