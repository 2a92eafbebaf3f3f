"""Churn by contract: lives, churn by period, groups; against a twin that counts contract by contract."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from insight import InsightError, members, read_customers, sample, survival
from insight.charts.survival import survival_periods_bars
from insight.churn.contracts import contracts_of_log
from insight.churn.life import contract_tally, merged
from insight.churn.survival import _finish
from insight.errors import MissingColumn, NotEnoughData, UnknownValue
from insight.log import prepare_log
from insight.survival import log_rank
from insight.tables.contract_columns import contract_columns
from tests.logs import START, log

CLUB = """
    ana 2026-01-05 2026-03-01
    ben 2026-01-10 -
    cas 2026-02-01 2026-02-20
    dan 2026-02-10 2027-01-01
    eve 2026-03-05 2026-03-01
    fay -          -
"""
SPANS = st.lists(st.tuples(st.integers(0, 80), st.one_of(st.none(), st.integers(0, 90))), min_size=1, max_size=12)


def customers(text, **more):
    rows = [[None if word == "-" else word for word in line.split()] for line in text.strip().splitlines()]
    return read_customers(pd.DataFrame(rows, columns=["customer_id", "since", "until"]).assign(**more))


def by_tenure(rows):
    return read_customers(pd.DataFrame(rows, columns=["customer_id", "tenure", "churn"]))


def club(**asked):
    return survival(customers(CLUB), start="since", end="until", as_of="2026-04-15", **asked)


# -- lives ------------------------------------------------------------------------------------------------------------


def test_a_contract_without_an_end_is_censored_and_one_that_ends_later_still_runs():
    found = club()
    assert found.curve[["time", "at_risk", "lost", "censored"]].to_numpy().tolist() == [
        [19, 4, 1, 0], [55, 3, 1, 0], [64, 2, 0, 1], [95, 1, 0, 1],
    ]  # fmt: skip
    assert (found.n_customers, found.ended) == (4, 2)
    assert found.median_time == 55


def test_what_cannot_be_a_contract_is_left_out_with_its_reason():
    assert club().left_out == {"without a start": 1, "after the last day": 0, "ended before": 1}
    later = survival(customers(CLUB), start="since", end="until", as_of="2026-02-05")
    assert later.left_out == {"without a start": 1, "after the last day": 2, "ended before": 0}


def test_without_as_of_the_data_ends_with_its_latest_date():
    found = survival(customers("ana 2026-01-01 2026-01-20\nben 2026-01-05 -"), start="since", end="until")
    assert found.as_of == "2026-01-20"
    assert found.curve["time"].tolist() == [15, 19]


def test_a_length_and_an_answer_are_enough_without_dates():
    found = survival(by_tenure([["a", 1, "Yes"], ["b", 2, "Yes"], ["c", 2, "No"], ["d", 3, "No"]]),
                     tenure="tenure", ended="churn")  # fmt: skip
    assert found.curve["survival"].tolist() == [0.75, 0.5, 0.5]
    assert (found.unit, found.dated, found.as_of) == ("month", False, None)


def test_churn_by_age_is_those_that_end_at_it_among_those_that_reached_it():
    rows = [["a", 1, "Yes"], ["b", 3, "Yes"], ["c", 3, "No"], ["d", 4, "No"]]
    periods = survival(by_tenure(rows), tenure="tenure", ended="churn").periods
    assert periods[["period", "active", "lost"]].to_numpy().tolist() == [
        [0, 4, 0], [1, 4, 1], [2, 3, 0], [3, 3, 1], [4, 1, 0],
    ]  # fmt: skip
    assert periods["churn"].tolist() == [0, 0.25, 0, pytest.approx(1 / 3), 0]


def test_answers_in_other_words_are_named():
    table = by_tenure([["a", 1, "lapsed"], ["b", 2, "running"]])
    with pytest.raises(InsightError, match="neither yes nor no"):
        survival(table, tenure="tenure", ended="churn")
    assert survival(table, tenure="tenure", ended={"column": "churn", "values": ["lapsed"]}).ended == 1


def test_a_log_says_contracts_by_an_event_that_begins_and_one_that_ends_them():
    table = log("ana join 0\nana leave 9\nana join 20\nben leave 1\nben join 3\neve visit 5\neve visit 40")
    found = survival(table, start="join", end="leave")
    assert found.curve[["time", "lost", "censored"]].to_numpy().tolist() == [[9, 1, 0], [37, 0, 1]]
    assert found.left_out["without a start"] == 1


def test_an_end_at_the_same_moment_as_the_start_ends_it():
    assert (
        survival(log("ana join 3\nana leave 3\nben join 0"), start="join", end="leave").curve["lost"].tolist()[0] == 1
    )


# -- churn by period --------------------------------------------------------------------------------------------------


def test_churn_is_those_lost_among_those_running_when_the_period_began():
    periods = club().periods
    assert periods[["period", "observed", "active", "lost", "joined"]].to_numpy().tolist() == [
        ["2026-01-01", "partial", 0, 0, 2],
        ["2026-02-01", "full", 2, 0, 2],
        ["2026-03-01", "full", 3, 1, 0],
        ["2026-04-01", "partial", 2, 0, 0],
    ]
    assert periods["churn"].iloc[2] == pytest.approx(1 / 3)
    assert periods["retention"].iloc[2] == pytest.approx(2 / 3)
    assert periods["churn"].isna().tolist() == [True, False, False, True]


@given(SPANS)
@settings(max_examples=25, deadline=None)
def test_every_period_is_that_of_a_twin_that_counts_contract_by_contract(spans):
    spans = [(0, None), *((a, None if b is None else max(a, b)) for a, b in spans)]
    rows = [[f"c{k}", *(d if d is None else str((START + pd.Timedelta(days=d)).date()) for d in span)]
            for k, span in enumerate(spans)]  # fmt: skip
    table = read_customers(pd.DataFrame(rows, columns=["customer_id", "since", "until"]).astype("str"))
    found = survival(table, start="since", end="until", as_of="2026-04-01", period="week")
    for row in found.periods.itertuples():
        opens = (pd.Timestamp(row.period) - START).days
        running = [(a, b) for a, b in spans if a < opens and (b is None or b > 90 or b >= opens)]
        assert row.active == len(running)
        assert row.lost == sum(b is not None and b <= min(opens + 6, 90) for _, b in running)
        assert row.joined == sum(opens <= a <= opens + 6 for a, _ in spans)


def test_a_length_of_life_is_not_made_of_fewer_than_three_full_periods():
    assert club().full_periods == 2
    assert np.isnan(club().expected_life)
    weekly = club(period="week")
    assert weekly.full_periods >= 3
    assert weekly.expected_life == pytest.approx(1 / weekly.mean_churn)


# -- groups -----------------------------------------------------------------------------------------------------------


def grouped_table():
    random = np.random.default_rng(4)
    n = 400
    plan = random.choice(["month", "year"], n, p=[0.7, 0.3])
    tenure = np.minimum(random.exponential(np.where(plan == "year", 30, 12)).astype(int) + 1, 24)
    return pd.DataFrame(
        {"customer_id": [f"c{k}" for k in range(n)], "tenure": tenure, "left": np.where(tenure < 24, "yes", "no")}
    ).assign(plan=plan)


def test_groups_are_those_of_statsmodels():
    frame = grouped_table()
    found = survival(read_customers(frame), tenure="tenure", ended="left", by="plan")
    assert found.groups["group"].tolist() == ["month", "year"]
    assert found.p_value == pytest.approx(survdiff(frame["tenure"], frame["left"] == "yes", frame["plan"])[1], rel=1e-6)
    for row in found.groups.itertuples():
        own = frame[frame["plan"] == row.group]
        curve = SurvfuncRight(own["tenure"], (own["left"] == "yes").to_numpy())
        peer = curve.quantile(0.5)
        assert row.median_time == peer or (np.isnan(row.median_time) and np.isnan(peer))


def test_beyond_the_top_groups_the_rest_are_added_up():
    frame = grouped_table().assign(plan=lambda f: f["plan"].where(f.index > 30, "trial"))
    found = survival(read_customers(frame), tenure="tenure", ended="left", by={"column": "plan", "top": 1})
    assert found.groups["group"].tolist() == ["month", "Other"]
    assert found.groups["n_customers"].sum() == len(frame)
    assert set(found.group_curves["group"]) == {"month", "Other"}


def test_one_group_is_not_tested_against_itself():
    frame = grouped_table().assign(plan="all")
    assert np.isnan(survival(read_customers(frame), tenure="tenure", ended="left", by="plan").p_value)


# -- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{}, {"by": "channel"}, {"as_of": "2025-09-10", "period": "week"}], ids=str)
def test_parts_of_the_customers_add_up_to_the_whole(asked):
    table = sample("shop_events")
    number = table.frame["customer_id"].str[1:].astype(int).to_numpy()
    bucket = np.random.default_rng(1).integers(0, 4, 100_000)[number]
    facts = table.facts
    whole = survival(table, start="visit", end="purchase", **asked)
    given_ = {**{"start": "visit", "end": "purchase", "tenure": None, "ended": None, "unit": "month", "by": None},
              "period": "month", "as_of": None, "level": 0.95, **asked}  # fmt: skip
    made = []
    for b in range(4):
        own = prepare_log(table.frame[bucket == b].reset_index(drop=True), events=facts.events)
        made.append(contract_tally(contracts_of_log(own, facts, given_)))
    days = [str(day.date()) for day in pd.date_range("2025-01-01", whole.as_of)]
    found = _finish(merged(made), days, given_, "events")
    for field in dataclasses.fields(whole):
        left, right = getattr(found, field.name), getattr(whole, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
        else:
            assert left == right or (left != left and right != right), field.name


def test_the_people_of_contracts_are_as_many_as_it_says_in_ascending_order():
    table = log("eve join 0\neve leave 9\nben join 1\nana join 2\nana leave 30\nkim visit 3")
    asked = {"start": "join", "end": "leave"}
    assert members("survival", table, asked, {"ended": True}) == ["ana", "eve"]
    assert members("survival", table, asked, {"ended": False}) == ["ben"]
    frame = grouped_table()
    club_, by_plan = read_customers(frame), {"tenure": "tenure", "ended": "left", "by": {"column": "plan", "top": 1}}
    found = survival(club_, **by_plan)
    for row in found.groups.itertuples():
        gone, still = (members("survival", club_, by_plan, {"ended": e, "group": row.group}) for e in (True, False))
        assert (len(gone), len(still)) == (row.lost, row.n_customers - row.lost)
        assert gone == sorted(gone)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({}, "is written"),
        ({"ended": "yes"}, "is written"),
        ({"ended": True, "step": 2}, "step"),
        ({"ended": True, "group": "a"}, "no groups"),
    ],
)
def test_a_cell_that_does_not_exist_is_refused(cell, words):
    with pytest.raises(InsightError, match=words):
        members("survival", log("ana join 0\nben leave 20"), {"start": "join", "end": "leave"}, cell)


# -- what is not possible, and what is proposed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({}, MissingColumn, "start, end"),
        ({"start": "since"}, MissingColumn, "end"),
        ({"start": "from", "end": "until"}, UnknownValue, "from"),
        ({"tenure": "since"}, InsightError, "ended="),
        ({"tenure": "since", "ended": "until"}, NotEnoughData, "how long"),
        ({"start": "since", "end": "until", "as_of": "soon"}, InsightError, "not a day"),
        ({"start": "since", "end": "until", "unit": "year"}, UnknownValue, "unit"),
        ({"start": "since", "end": "until", "by": "plan"}, UnknownValue, "plan"),
        ({"start": "since", "end": "until", "as_of": "2020-01-01"}, NotEnoughData, "No contract"),
    ],
)
def test_what_the_table_does_not_say_is_asked_for(asked, error, words):
    with pytest.raises(error, match=words):
        survival(customers(CLUB), **asked)


def test_of_events_the_start_and_the_end_have_to_be_named():
    table = log("ana join 0\nben visit 20")
    with pytest.raises(InsightError, match="end of a contract"):
        survival(table, start="join")
    with pytest.raises(UnknownValue, match="leave"):
        survival(table, start="join", end="leave")
    with pytest.raises(InsightError, match="tenure"):
        survival(table, start="join", end="visit", tenure="tenure")


@pytest.mark.parametrize(
    ("rows", "proposed"),
    [
        ({"tenure": [1, 2], "Churn": ["Yes", "No"]}, {"tenure": "tenure", "ended": "Churn"}),
        ({"ContractBegin": ["2026-01-01"] * 2, "cancelled_at": ["2026-02-01", None]},
         {"start": "ContractBegin", "end": "cancelled_at"}),
        ({"months_active": [3, 4], "exited": [0, 1]}, {"tenure": "months_active", "ended": "exited"}),
        ({"region": ["east", "west"], "age": [30, 40]}, {}),
        ({"tenure": [1, 2], "left": ["door", "right"]}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_the_columns_of_a_contract_are_proposed_by_name_and_content(rows, proposed):
    assert contract_columns(read_customers(pd.DataFrame({"customer_id": ["ana", "ben"], **rows}))) == proposed


def test_log_rank_of_groups_that_are_the_same_is_one():
    assert log_rank([1, 2, 1, 2], [True] * 4, [0, 0, 1, 1]).p_value == pytest.approx(1)


# -- what is said wrongly is not taken as something else --------------------------------------------------------------


def test_a_single_value_that_means_over_may_stand_alone():
    table = by_tenure([["a", 1, "lapsed"], ["b", 2, "running"], ["c", 3, "lapsed"]])
    for values in ("lapsed", ["lapsed"]):
        assert survival(table, tenure="tenure", ended={"column": "churn", "values": values}).ended == 2


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ("laps", UnknownValue, "Did you mean 'lapsed'"),
        (["lapsed", "gone"], UnknownValue, "ended = 'gone'"),
        ([], InsightError, "no value of 'churn'. Choose from: lapsed, running"),
    ],
)
def test_a_value_that_the_column_does_not_have_is_refused(values, error, words):
    table = by_tenure([["a", 1, "lapsed"], ["b", 2, "running"]])
    with pytest.raises(error, match=words):
        survival(table, tenure="tenure", ended={"column": "churn", "values": values})


@pytest.mark.parametrize("day", ["2026", "2026-02", 20260201, "", "2026-02-30"])
def test_a_last_day_that_is_not_a_day_is_refused(day):
    with pytest.raises(InsightError, match="is not a day"):
        survival(customers(CLUB), start="since", end="until", as_of=day)


def test_a_start_after_the_last_day_is_not_no_start():
    table = log(
        "ana join 0\nana visit 20\nben visit 1\nben join 30\nkim join 30\neve visit 2\nlea visit 30\nana leave 9"
    )
    found = survival(table, start="join", end="leave", as_of="2026-01-21")
    assert found.left_out == {"without a start": 1, "after the last day": 2, "ended before": 0}  # lea is not known yet
    whole = survival(table, start="join", end="leave")
    assert whole.left_out == {"without a start": 2, "after the last day": 0, "ended before": 0}


def test_a_value_called_other_stands_beside_the_rest_and_a_single_one_keeps_its_name():
    rows = [["a", 1, "yes"], ["b", 2, "yes"], ["c", 3, "no"], ["d", 3, "no"]]
    table = customers_by_plan(rows, ["Other", "Other", "year", "month"])
    asked = {"tenure": "tenure", "ended": "churn", "by": {"column": "plan", "top": 1}}
    found = survival(table, **asked)
    assert found.groups["group"].tolist() == ["Other", "Other (2 more values)"]
    assert found.groups["lost"].tolist() == [2, 0]
    assert members("survival", table, asked, {"ended": False, "group": "Other (2 more values)"}) == ["c", "d"]
    assert members("survival", table, asked, {"ended": True, "group": "Other"}) == ["a", "b"]
    two = survival(customers_by_plan(rows, ["month", "month", "year", "month"]), **asked)
    assert two.groups["group"].tolist() == ["month", "year"]


def customers_by_plan(rows, plans):
    return read_customers(pd.DataFrame(rows, columns=["customer_id", "tenure", "churn"]).assign(plan=plans))


def test_a_period_that_the_data_begins_inside_is_partial():
    table = log("ana join 5\nben join 40\nana leave 70")
    assert survival(table, start="join", end="leave").periods["observed"].tolist() == ["partial", "full", "partial"]
    table = log("ana join 0\nben join 40\nana leave 58")
    assert survival(table, start="join", end="leave").periods["observed"].tolist() == ["full", "full"]


@pytest.mark.parametrize("by", [{"top": 3}, {}, 3, ["channel"]])
def test_a_breakdown_without_a_column_is_refused(by):
    with pytest.raises(InsightError, match="is not a breakdown"):
        survival(log("ana join 0 ads\nben leave 20 ads"), start="join", end="leave", by=by)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"start": "since"}, "leave start out"), ({"end": "until", "as_of": "2026-01-01"}, "leave end and as_of out")],
)
def test_a_length_takes_no_dates_beside_it(more, words):
    with pytest.raises(InsightError, match=words):
        survival(by_tenure([["a", 1, "yes"], ["b", 2, "no"]]), tenure="tenure", ended="churn", **more)


def test_dates_take_no_answer_beside_them():
    with pytest.raises(InsightError, match="leave ended out"):
        club(ended="until")


def test_only_an_unfinished_last_period_is_said_to_be_not_over():
    day = pd.Timestamp("2026-01-05")
    frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(20)], "since": day, "until": [day] + [None] * 19})
    for last, said in (("2026-02-28", False), ("2026-03-10", True)):
        found = survival(read_customers(frame), start="since", end="until", as_of=last)
        assert found.periods["observed"].iloc[0] == "partial"
        assert ("The last period is not over" in survival_periods_bars(found).to_json()) == said
