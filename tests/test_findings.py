"""What looks odd in a table that could be read: dates, ids, names and amounts that are probably not what they seem."""

import random
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.tables import quality_score, read_campaigns, read_customers, read_events, sample
from insight.tables.quality.amounts import huge_amounts
from insight.tables.quality.days import quiet_days, usual_counts, usual_days, usual_span
from insight.tables.quality.names import similar_names
from tests.files import events, orders, patient

DAYS = pd.date_range("2026-01-01", periods=70)


def busy(days=DAYS, a_day=30, event="visit", who="u{n}"):
    """Lines of events: `a_day` customers a day, a few seconds apart, no two at one time."""
    return "".join(
        f"{who.format(n=(place * a_day + n) % 997)},{event},{day:%Y-%m-%d} 10:{n // 60:02}:{n % 60:02}\n"
        for place, day in enumerate(days)
        for n in range(a_day)
    )


def found(table, code):
    """The one finding with this code, as a named tuple; None where there is none."""
    rows = list(table.findings.query("code == @code").itertuples(index=False))
    assert len(rows) <= 1
    return rows[0] if rows else None


def test_an_ordinary_file_has_no_warnings():
    assert events(busy()).findings["severity"].isin(["note"]).all()
    assert quality_score(events(busy())).score == 100


# --- dates ---------------------------------------------------------------------------------------------------------


def test_a_date_far_after_all_others_is_said_with_its_row_and_the_fix():
    text = busy() + "u1,visit,2031-01-01 10:00:05\n"
    future = found(events(text), "future_dates")
    assert future.finding == "Dates far after all the others"
    assert (future.severity, future.rows, future.examples, future.fix) == ("warning", 1, [2102], "drop_future")
    assert future.suggestion == "All other rows end on 11 Mar 2026. If these are slips, leave them out."
    mended = events(text, fixes=["drop_future"])
    assert len(mended.frame) == 2100
    assert found(mended, "future_dates") is None


def test_a_date_far_before_all_others_is_said_with_the_day_to_start_from():
    text = "u1,visit,2001-05-05 10:00:05\n" + busy()
    past = found(events(text), "past_dates")
    assert (past.rows, past.examples, past.fix) == (1, [2], {"fix": "drop_outside", "from": "2026-01-01"})
    assert len(events(text, fixes=[past.fix]).frame) == 2100


@pytest.mark.parametrize("last", ["2026-05-20", "2026-03-12"])
def test_a_date_not_so_far_away_is_no_slip(last):
    assert found(events(busy() + f"u1,visit,{last} 10:00:05\n"), "future_dates") is None


def test_in_a_sparse_file_a_long_gap_is_usual():
    yearly = "".join(f"u{n},visit,{2000 + n}-07-01 10:00:01\n" for n in range(25))
    assert found(events(yearly + "u1,visit,2027-07-01 10:00:01\n"), "future_dates") is None


def test_many_rows_far_away_are_no_slips():
    later = busy(pd.date_range("2031-01-01", periods=5))
    assert found(events(busy() + later), "future_dates") is None


@pytest.mark.parametrize("none", ["1900-01-01", "1970-01-01"])
@pytest.mark.parametrize("times", [1, 300])
def test_a_date_that_stands_for_none_is_called_so_however_often(none, times):
    text = busy() + f"u1,visit,{none} 00:00:00\n" * times
    said = found(events(text), "dates_for_none")
    assert said.rows == times
    assert said.finding == f"1 Jan {none[:4]}: a date that often stands for none"
    assert found(events(text), "past_dates") is None
    mended = events(text, fixes=[said.fix])
    assert len(mended.frame) == 2100
    assert found(mended, "dates_for_none") is None


def test_dates_that_stand_for_none_do_not_hide_a_slip():
    text = busy() + "u1,visit,1970-01-01 00:00:00\n" * 300 + "u1,visit,2031-01-01 10:00:05\n"
    assert found(events(text), "future_dates").rows == 1


def test_a_day_in_a_file_of_that_time_stands_for_itself():
    text = busy(pd.date_range("1969-12-01", periods=70))
    assert found(events(text), "dates_for_none") is None


spans = st.lists(st.integers(0, 3000), min_size=20, max_size=60)


@patient
@given(spans)
def test_the_usual_days_are_those_a_slow_search_finds(days):
    """Twin: try every way to cut off a few days at both ends, and keep the longest cuts that are far enough away."""
    counts = np.bincount(days)
    all_days = sorted(days)
    allowed = max(1, int(0.005 * len(days)))
    body = all_days[allowed : len(days) - allowed]
    gaps = np.diff(sorted(set(body)))
    limit = max(90, 10 * max(gaps)) if len(gaps) else None
    first, last = all_days[0], all_days[-1]
    if limit is not None:
        for before, after in zip(all_days, all_days[1:], strict=False):
            if after - before >= limit and after <= body[0]:
                first = after
            if after - before >= limit and before >= body[-1] and last > before:
                last = before
    assert usual_span(counts) == (first, last)


def test_times_to_the_minute_and_dates_without_a_time_are_notes():
    assert found(events(busy(a_day=1)), "coarse_times").finding == "Times to the hour"
    minutes = "".join(f"u{n},visit,2026-01-01 10:{n:02}\n" for n in range(30))
    assert found(events(minutes), "coarse_times").finding == "Times to the minute"
    assert found(events(busy()), "coarse_times") is None
    mixed = events(busy() + "u1,visit,2026-01-05\n" * 200)
    assert (found(mixed, "midnights").rows, found(mixed, "midnights").examples[0]) == (200, 2102)
    assert found(events(busy() + "u1,visit,2026-01-05\n"), "midnights") is None


def test_days_without_customers_among_busy_days_are_named():
    text = busy(DAYS.drop(["2026-01-20", "2026-02-10", "2026-02-11"]))
    quiet = found(events(text), "quiet_days")
    assert quiet.finding == "Days with no customers, or hardly any: 20 Jan 2026; 10 Feb 2026 to 11 Feb 2026"
    assert (quiet.severity, quiet.rows) == ("warning", 0)


def test_a_weekly_day_of_rest_is_not_odd_and_a_long_gap_is():
    workdays = DAYS[DAYS.day_of_week < 5]
    assert found(events(busy(workdays)), "quiet_days") is None
    with_gap = workdays[(workdays < "2026-02-01") | (workdays > "2026-02-20")]
    assert found(events(busy(with_gap)), "quiet_days").finding.endswith(": 31 Jan 2026 to 22 Feb 2026")


def test_a_quiet_week_of_a_small_shop_is_chance():
    assert found(events(busy(DAYS.drop("2026-01-20"), a_day=3)), "quiet_days") is None


def test_the_first_and_the_last_day_may_be_cut():
    text = busy(DAYS[:1], a_day=1) + busy(DAYS[1:])
    assert found(events(text), "quiet_days") is None


def test_growth_is_no_gap():
    counts = np.round(np.linspace(0, 200, 365)).astype(int)
    assert not quiet_days(counts, usual_counts(counts)).any()


def test_days_drawn_by_chance_are_hardly_ever_called_quiet():
    counts = np.random.default_rng(7).poisson(20, 20_000)
    assert quiet_days(counts, usual_counts(counts)).sum() <= 1


def test_a_last_day_that_is_not_over_is_a_note():
    text = busy() + busy(pd.date_range("2026-03-12", periods=1), a_day=5)
    partial = found(events(text), "partial_last_day")
    assert partial.finding == "The last day, 12 Mar 2026, has few customers"
    assert found(events(busy()), "partial_last_day") is None


def test_how_a_date_was_read_is_said_where_it_could_be_read_otherwise():
    read = events("ana,visit,13/4/2026\nana,visit,3/4/2026\n")
    said = found(read, "day_order")
    assert (said.finding, said.suggestion) == (
        "03/04 is taken for 3 April",
        "If that is wrong, set dayfirst=False.",
    )
    assert found(events("ana,visit,2026-04-03\n"), "day_order") is None


def test_the_planted_gap_of_the_sample_shop_is_found():
    assert found(sample("shop_events"), "quiet_days").finding.endswith("12 Aug 2025 to 13 Aug 2025")


def test_fewer_than_twenty_rows_have_no_usual_days():
    assert usual_days(np.array([1, 2, 3, 40_000])) == ([], 1, 40_000)


# --- who -----------------------------------------------------------------------------------------------------------


def test_one_customer_with_a_crowd_of_rows_is_named():
    crowd = "".join(f"till,visit,2026-02-01 {n // 60:02}:{n % 60:02}:07\n" for n in range(900))
    said = found(events(busy() + crowd), "crowded_id")
    assert said.finding == "One customer has 30.0% of all rows: till"
    assert (said.rows, said.fix) == (900, {"fix": "drop_customers", "ids": ["till"]})
    assert found(events(busy() + crowd[: len(crowd) // 2]), "crowded_id") is None


def test_a_file_of_one_customer_is_probably_mapped_wrongly():
    assert found(events(busy(who="shop")), "single_id").finding == "All rows belong to one customer"


def test_as_many_customers_as_rows_is_a_warning_for_events_and_a_note_for_orders():
    unique = "".join(f"v{n},visit,2026-01-01 10:{n // 60:02}:{n % 60:02}\n" for n in range(200))
    assert found(events(unique), "unique_ids").severity == "warning"
    bought = "".join(f"{n},v{n},2026-01-01,{n + 5}\n" for n in range(200))
    assert found(orders(bought), "unique_ids").severity == "note"
    assert found(events(busy()), "unique_ids") is None


def test_ids_that_stand_for_nobody_are_named():
    crowd = "".join(f"0,visit,2026-02-{n // 24 + 1:02} {n % 24:02}:00:07\n" for n in range(100))
    said = found(events(busy() + crowd + "Test,visit,2026-02-02 10:00:00\n"), "ids_for_nobody")
    assert (said.finding, said.rows) == ("Ids that stand for nobody: 0, Test", 101)
    assert said.fix == {"fix": "drop_customers", "ids": ["0", "Test"]}
    assert found(events(busy() + "0,visit,2026-02-02 10:00:00\n"), "ids_for_nobody") is None
    tests = "".join(f"test,visit,2026-02-01 {n // 60:02}:{n % 60:02}:07\n" for n in range(900))
    assert found(events(busy() + tests), "ids_for_nobody").rows == 900
    assert found(events(busy() + tests), "crowded_id") is None  # once is enough


def test_ids_of_one_file_that_differ_in_case_alone_can_be_made_one():
    text = "Ana,visit,2026-01-01 10:00\nana,visit,2026-01-02 10:00\n"
    said = found(events(text), "similar_ids")
    assert (said.severity, said.rows, said.fix) == ("warning", 2, "lower_ids")
    mended = events(text, fixes=[said.fix])
    assert mended.log.customers.tolist() == ["ana"]
    assert found(mended, "similar_ids") is None
    customers = read_customers(b"id,country\nAna,DE\nana,DE\nben,FR\n")
    assert found(customers, "similar_ids").examples == [2, 3]


def test_a_robot_has_more_events_a_day_than_a_person():
    clicks = "".join(f"bot,click,2026-02-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}\n" for n in range(1001))
    said = found(events(busy() + clicks), "machines")
    assert said.finding == "1 customer with more than 1,000 events on one day"
    assert (said.rows, said.fix) == (1001, {"fix": "drop_customers", "ids": ["bot"]})
    over_two_days = clicks.replace("2026-02-01 00:0", "2026-02-02 00:0")
    assert found(events(busy() + over_two_days), "machines") is None


def test_many_customers_right_at_the_start_were_probably_customers_before():
    said = found(events(busy(a_day=100)), "late_beginning")
    assert said.finding == "70.2% of the customers first appear in the first 7 days"
    assert 'guard="7D"' in said.suggestion
    even = "".join(f"u{n // 10},visit,{DAYS[n // 30]:%Y-%m-%d} 10:00:{n % 30:02}\n" for n in range(2100))
    assert found(events(even), "late_beginning") is None


def test_a_fix_that_would_leave_nothing_is_not_offered():
    assert found(events("test,visit,2026-02-02 10:00:00\n"), "ids_for_nobody").fix is None


# --- names ---------------------------------------------------------------------------------------------------------


def test_event_names_that_are_nearly_equal_are_shown_with_what_merging_would_do():
    text = "ana,Purchase,2026-01-01 10:00\nana,purchase,2026-01-02 10:00\nben,purchase_,2026-01-03 10:00\n"
    text += "ana,visit,2026-01-01 09:00\nben,purchase,2026-01-05 10:00\n"
    said = found(events(text), "similar_events")
    assert said.finding == "Event names that are nearly equal: 'Purchase', 'purchase', 'purchase_'"
    assert said.suggestion == "Merge them into 'purchase': 4 events of 2 customers, instead of 2 of 2."
    assert (said.rows, said.examples) == (2, [2, 4])
    merged = events(text, fixes=[said.fix])
    assert merged.log.events == ["purchase", "visit"]
    assert (merged.log.event == 0).sum() == 4
    assert found(merged, "similar_events") is None


def test_channels_that_are_nearly_equal_split_what_belongs_together():
    text = b"user,event,time,channel\na,v,2026-01-01,email\nb,v,2026-01-01,E-Mail\nc,v,2026-01-01,email\n"
    said = found(read_events(text), "similar_names")
    assert (said.column, said.rows, said.examples) == ("channel", 1, [3])
    merged = read_events(text, fixes=[said.fix])
    assert merged.frame["channel"].tolist() == ["email"] * 3
    assert found(merged, "similar_names") is None


def test_of_very_many_groups_of_names_only_the_largest_have_a_finding_each():
    text = "".join(f"ana,page {n},2026-01-01 10:00\nana,Page_{n},2026-01-01 11:00\n" for n in range(300))
    text += "ana,PAGE 7,2026-01-02 10:00\n"
    table = events(text)
    kinds = table.findings["code"].value_counts()
    assert (kinds["similar_events"], kinds["similar_events_more"]) == (10, 1)
    more = found(table, "similar_events_more")
    assert (more.finding, more.rows) == ("290 more groups of names that are nearly equal", 580)
    assert "'PAGE 7'" in table.findings.query("code == 'similar_events'")["finding"].iloc[0]
    assert quality_score(table).score > 0


def test_signs_without_letters_are_not_compared():
    assert similar_names(["1", "-1", "(1)", "a b", "A_b", "é", "e"]) == [[3, 4], [5, 6]]


# --- repeats, orders, campaigns --------------------------------------------------------------------------------------


cells = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 2), st.integers(0, 1)))


@settings(patient, max_examples=25)
@given(cells.filter(bool))
def test_repeated_events_are_those_a_comparison_of_all_rows_finds_but_for_exact_copies(rows):
    text = "".join(f"{who},{what},2026-01-01 10:00:0{second},{note}\n" for who, what, second, note in rows)
    table = read_events(("user,event,time,note\n" + text).encode())
    again = [
        at + 2
        for at, row in enumerate(rows)
        if any(other[:3] == row[:3] for other in rows[:at]) and row not in rows[:at]
    ]
    said = found(table, "repeated_events")
    assert (said.rows if said else 0) == len(again)
    assert (said.examples if said else []) == again[:5]
    mended = read_events(("user,event,time,note\n" + text).encode(), fixes=["drop_repeated_events"])
    assert len(mended.frame) == len({row[:3] for row in rows})


def test_without_clock_times_nothing_is_repeated():
    table = read_events(b"user,event,time,note\nana,visit,2026-01-01,a\nana,visit,2026-01-01,b\n")
    assert found(table, "repeated_events") is None


def test_customers_with_refunds_only_are_counted():
    text = "1,ana,2026-01-01,-5\n2,ben,2026-01-01,5\n3,ben,2026-01-02,-5\n4,eve,2026-01-02,0\n"
    said = found(orders(text), "refunds_only")
    assert (said.finding, said.rows, said.examples) == ("2 customers without a purchase", 2, [2, 5])


def test_cancelled_orders_are_told_by_their_number_or_their_state():
    numbers = orders("536365,ana,2026-01-01,5\nC536366,ana,2026-01-02,-5\n")
    assert found(numbers, "cancelled_numbers").examples == [3]
    assert found(orders("C1,ana,2026-01-01,5\nC2,ana,2026-01-02,5\n"), "cancelled_numbers") is None
    header, text = "order,customer,date,amount,Order Status", "1,ana,2026-01-01,5,paid\n2,ana,2026-01-02,6,Cancelled\n"
    said = found(orders(text, header), "cancelled_states")
    assert (said.finding, said.examples) == ("Orders that brought nothing: Cancelled", [3])
    assert orders(text, header, fixes=[said.fix]).frame["order_id"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("wc-cancelled", "cancelled_states"),
        ("Cancelled by customer", "cancelled_states"),
        ("ANNULÉ", "cancelled_states"),
        ("cancelled: no stock", "cancelled_states"),
        ("отменён", "cancelled_states"),
        ("已取消", "cancelled_states"),
        ("partially_refunded", "partial_states"),
        ("pending", "open_states"),
        ("wc-on-hold", "open_states"),
        ("not cancelled", None),
        ("non-refundable", None),
        ("completed", None),
    ],
)
def test_the_state_of_an_order_is_understood_however_it_is_written(state, code):
    text = f"1,ana,2026-01-01,5,paid\n2,ana,2026-01-02,6,{state}\n"
    table = orders(text, "order,customer,date,amount,status")
    said = table.findings[table.findings["code"].str.endswith("_states")]
    assert said[["code", "examples"]].to_numpy().tolist() == ([[code, [3]]] if code else [])


def test_cents_among_whole_amounts_are_recognised():
    draw = random.Random(1)
    usual = "".join(f"{n},u{n},2026-01-01,{draw.randint(20, 90)}.50\n" for n in range(300))
    said = found(orders(usual + "300,u1,2026-01-02,4250\n301,u2,2026-01-02,6900\n"), "huge_amounts")
    assert (said.rows, said.examples) == (2, [302, 303])
    assert said.suggestion == "Divided by 100 they look like the others: cents among whole amounts? Check them."
    large = found(orders(usual + "300,u1,2026-01-02,99999.99\n"), "huge_amounts")
    assert large.suggestion == "Check them: one such order moves every average."
    assert found(orders(usual), "huge_amounts") is None


def test_amounts_of_a_wide_usual_spread_are_no_outliers():
    minor = np.round(np.exp(np.random.default_rng(3).normal(8, 1, 20_000))).astype("int64")
    assert not huge_amounts(minor).any()


def test_an_order_number_on_different_days_is_not_added_up_in_silence():
    table = orders("7,ana,2026-01-01,5\n7,ana,2026-02-01,6\n8,ben,2026-01-01,5\n8,ben,2026-01-02,7\n")
    said = found(table, "order_days")
    assert (said.rows, said.examples) == (2, [2, 3])


def test_campaign_rows_that_cannot_be_right_are_said():
    text = b"date,channel,campaign,spend,impressions,clicks\n2026-01-01,a,x,5,10,20\n2026-01-02,a,x,5,10,2\n"
    table = read_campaigns(text + b"2026-01-02,a,x,6,10,2\n")
    assert found(table, "rate_above_one").finding == "More clicks than impressions"
    assert found(table, "rate_above_one").examples == [2]
    assert found(table, "same_campaign_day").examples == [4]


# --- the score -----------------------------------------------------------------------------------------------------


def test_the_score_names_every_point_it_lost():
    score = quality_score(events("ana,visit,2026-01-01 10:00\n" * 2 + ",visit,2026-01-01 10:00\nben,buy,\n"))
    assert score.reasons.columns.tolist() == ["reason", "column", "points", "share"]
    assert score.reasons["reason"].tolist() == [
        "Rows without a customer id",
        "Rows without a time",
        "Exact copies of earlier rows",
    ]
    assert score.reasons["points"].tolist() == [2 + 58 / 4, 2 + 58 / 4, 2 + 18 / 4]  # each in one row of four
    assert score.reasons["share"].tolist() == [0.25] * 3
    assert score.score == 60  # 100 - 39.5, rounded down


def test_a_hopeless_table_has_no_less_than_nothing():
    text = "ana,visit,2026-01-01 10:00\n" + ",visit,soon\nben,,\n" * 40
    assert quality_score(events(text)).score == 0


PROBLEMS = {
    "copy": busy(DAYS[:1]),
    "nobody": ",visit,2026-01-01 10:00:00\n" * 20,
    "no time": "u1,visit,never\n" * 300,
    "future": "u1,visit,2040-01-01 10:00:00\n",
    "no date": "u1,visit,1970-01-01 00:00:00\n" * 90,
    "similar": "u1,Visit,2026-01-01 11:00:00\n",
}


@cache
def score_with(problems):
    return quality_score(events(busy() + "".join(PROBLEMS[name] for name in sorted(problems)))).score


@settings(patient, max_examples=25)
@given(st.sets(st.sampled_from(sorted(PROBLEMS)), min_size=1), st.data())
def test_taking_a_problem_away_never_lowers_the_score(problems, data):
    fewer = problems - {data.draw(st.sampled_from(sorted(problems)))}
    assert score_with(frozenset(problems)) <= score_with(frozenset(fewer)) <= 100
    assert score_with(frozenset(problems)) < 100
