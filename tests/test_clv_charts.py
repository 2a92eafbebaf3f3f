"""The pictures of the Customer value page, of results written by hand: what is drawn, looked up in the drawing."""

import pytest

from insight.charts import (
    clv_formula_payback,
    clv_formula_tornado,
    customer_value_by_dots,
    customer_value_by_new,
    customer_value_calibration,
    customer_value_cumulative,
    customer_value_deciles,
    customer_value_holdout,
    customer_value_weekly,
)
from insight.charts.theme import palette
from tests.clv import NAN, formula_of, groups_of, tracking, value_of
from tests.test_charts import bars, drawn, hovered, texts

OF_VALUE = [customer_value_deciles, customer_value_cumulative, customer_value_weekly, customer_value_calibration,
            customer_value_holdout]  # fmt: skip
PICTURES = [
    *((chart, formula_of) for chart in (clv_formula_tornado, clv_formula_payback)),
    *((chart, value_of) for chart in OF_VALUE),
    *((chart, groups_of) for chart in (customer_value_by_dots, customer_value_by_new)),
]


@pytest.mark.parametrize(("theme", "narrow"), [("light", True), ("dark", False)])
@pytest.mark.parametrize(("chart", "result"), PICTURES, ids=lambda one: one.__name__)
def test_every_picture_is_drawn_in_both_themes_and_widths(chart, result, theme, narrow):
    picture = chart(result(), theme=theme, narrow=narrow)
    assert len(drawn(picture)) > 10
    assert picture.description
    assert "nan" not in " ".join(texts(drawn(picture))).lower()


# -- by formula -------------------------------------------------------------------------------------------------------


def test_the_tornado_shows_what_each_number_moves_around_net_clv():
    picture = clv_formula_tornado(formula_of(), theme="light")
    less, more = (bars(drawn(picture), colour) for colour in (palette("light").soft, palette("light").primary))
    assert len(less) == len(more) == 5
    now = {round(bar["x"] + bar["width"], 1) for bar in less[:4]} | {round(bar["x"], 1) for bar in more[:4]}
    assert len(now) == 1  # all bars meet at net CLV, and the cost of acquiring goes the other way
    (line,) = now
    assert round(more[4]["x"] + more[4]["width"], 1) == line
    assert hovered(picture, "Net CLV then") == ["122 to 158"] * 4 + ["144 to 136"]
    assert hovered(picture, "From, to")[-1] == "36.00 EUR to 44.00 EUR"
    assert {"10% less", "10% more", "Line: net CLV now, 140 EUR"} <= set(texts(drawn(picture)))


def test_the_number_that_moves_it_most_is_on_top():
    names = hovered(clv_formula_tornado(formula_of(annual_retention=0.9), narrow=True), "Number")
    assert names[0] == "Order value"
    assert names[-1] == "Cost of acquiring (CAC)"
    assert "Retention a year" in names


def test_without_a_margin_the_pictures_say_why_they_are_empty():
    for chart in (clv_formula_tornado, clv_formula_payback):
        assert texts(drawn(chart(formula_of(margin=None)))) == [
            "There is no value to draw: it needs your gross margin."
        ]


def test_the_line_of_the_payback_starts_at_the_cost_and_crosses_nothing_where_it_is_paid_back():
    picture = clv_formula_payback(formula_of())
    assert hovered(picture, "Net so far") == ["−40.00 EUR", "20.00 EUR", "80.00 EUR", "140 EUR"]
    assert "paid back after 8 months" in texts(drawn(picture))
    late = clv_formula_payback(formula_of(acquisition_cost=500.0))
    assert "It is not paid back in 3 years." in texts(drawn(late))
    assert "No cost of acquiring is given, so there is nothing to pay back." in texts(
        drawn(clv_formula_payback(formula_of(acquisition_cost=None)))
    )


def test_a_last_year_that_is_not_whole_ends_the_line_where_it_ends():
    assert hovered(clv_formula_payback(formula_of(years=2.5)), "After") == ["0 years", "1 year", "2 years", "2.5 years"]


# -- by model ---------------------------------------------------------------------------------------------------------


def test_each_tenth_has_a_bar_as_high_as_its_share():
    picture = customer_value_deciles(value_of())
    heights = [bar["height"] for bar in bars(drawn(picture), palette("light").primary)]
    assert [round(height / heights[-1]) for height in heights] == [40, 15, 12, 9, 7, 6, 5, 3, 2, 1]
    assert hovered(picture, "Share of the value")[:2] == ["40%", "15%"]
    assert hovered(picture, "Value")[0] == "4,000 EUR"
    assert "All: 10,000 EUR, of 200 customers" in texts(drawn(picture))


def test_tenths_of_different_size_and_a_model_that_lost_are_said():
    uneven = value_of().deciles.assign(n_customers=[20, 20, 20, 20, 20, 20, 20, 20, 40, 0])
    marks = drawn(customer_value_deciles(value_of(deciles=uneven, loses_to_naive=True)))
    assert len(bars(marks, palette("light").primary)) == 9  # a tenth of nobody is not drawn
    assert "Equal values share a tenth, so the tenths differ in size." in texts(marks)
    assert "In the back-test “as often as so far” was closer than the model." in texts(marks)
    none = drawn(customer_value_deciles(value_of(total=0.0)))
    assert texts(none) == ["Nothing is expected of anybody: there is no value to share out."]


def test_the_lines_over_time_are_cut_where_the_model_stopped_looking():
    for chart, came in ((customer_value_cumulative, "55"), (customer_value_weekly, "10")):
        picture = chart(value_of())
        assert hovered(picture, "Came")[-1] == came
        assert hovered(picture, "State").count("the model foretold it") == 4
        assert "the model saw up to here" in texts(drawn(picture))
    assert hovered(customer_value_weekly(value_of()), "Expected")[0] == "1.5"
    whole = value_of(tracking=tracking(seen=10))
    assert "Too short to cut: the model saw all of it." in texts(drawn(customer_value_weekly(whole)))
    short = drawn(customer_value_weekly(value_of(tracking=tracking(weeks=1))))
    assert texts(short) == ["Fewer than two weeks of data: nothing to follow."]


def test_bars_by_repeats_stand_side_by_side():
    marks = drawn(customer_value_calibration(value_of()))
    came, told = (bars(marks, colour) for colour in (palette("light").primary, palette("light").second))
    assert len(came) == len(told) == 8
    assert came[0]["height"] / told[0]["height"] == pytest.approx(90 / 95)
    assert came[0]["x"] + came[0]["width"] <= told[0]["x"]
    picture = customer_value_holdout(value_of())
    assert hovered(picture, "Repeats before") == ["0", "1", "2", "3", "4", "5", "6"]  # nobody had more
    assert hovered(picture, "As often as so far")[1] == "2.0"
    none = value_of(holdout=value_of().holdout.head(0))
    assert texts(drawn(customer_value_holdout(none))) == [
        "The data are too short to try the model on a part that it has not seen."
    ]


# -- groups -----------------------------------------------------------------------------------------------------------


def test_a_group_is_drawn_by_the_value_of_a_customer():
    picture = customer_value_by_dots(groups_of())
    assert hovered(picture, "Expected value of a customer") == [
        "60.00 (55.00 to 70.00)", "37.50 (25.00 to 50.00)", "50.00 (20.00 to 100)",
    ]  # fmt: skip
    assert "Hollow: a small sample, fewer than 30 customers." in texts(drawn(picture))


def test_a_group_without_a_model_of_its_own_has_no_newcomer():
    picture = customer_value_by_new(groups_of())
    assert hovered(picture, "Value of a new customer") == ["90.00 (70.00 to 115)"]
    assert "2 groups are too small for a model of their own." in texts(drawn(picture))
    none = groups_of(groups=groups_of().groups.assign(new_customer_value=NAN))
    assert texts(drawn(customer_value_by_new(none))) == ["No group is large enough for a model of its own."]
    empty = groups_of(groups=groups_of().groups.head(0))
    assert texts(drawn(customer_value_by_dots(empty))) == ["There are no groups."]


def test_cohorts_are_called_by_their_month():
    rows = groups_of().groups.assign(group=["2025-01-01", "2025-02-01", "2025-03-01"])
    assert hovered(customer_value_by_dots(groups_of(groups=rows, by="cohort")), "Group") == [
        "Jan 2025", "Feb 2025", "Mar 2025",
    ]  # fmt: skip
