"""Cohorts in pictures: what is drawn, looked up in the drawing itself (a blank chart compiles, too)."""

import numpy as np
import pandas as pd
import pytest

from insight import Payback, retention, sample
from insight.charts import (
    cohort_revenue_aov,
    cohort_revenue_curve,
    cohort_revenue_groups,
    cohort_revenue_heatmap,
    cohort_revenue_orders,
    retention_counts,
    retention_curves,
    retention_difference,
    retention_groups,
    retention_heatmap,
    retention_peers_dots,
)
from insight.charts.cohorts_grid import BLACK, RAMPS, WHITE, contrast, fills
from insight.charts.theme import palette
from insight.errors import InsightError, UnknownValue
from tests.cohorts import peers_of, retention_of, revenue_of
from tests.test_charts import drawn, hovered, texts

THREE = {
    "2026-01-01": (100, [25, 20, "9?"]),
    "2026-02-01": (60, [15, "4?", None]),
    "2026-03-01": (40, ["3?", None, None]),
}
LOOKS = [("light", False), ("dark", True)]
CHANGES = {("2026-01-01", 1): (0.1, 0.02, 0.2), ("2026-01-01", 2): (-0.05, -0.15, 0.1)}
GROUPS = [
    ("ads", 1, 100, 30, 0.1, 0.02, 0.2), ("mail", 1, 60, 12, -0.1, -0.2, 0.01), ("tiny", 1, 6, 1, 0.0, -0.3, 0.3),
    ("ads", 2, 90, 18, 0.0, -0.1, 0.1),
]  # fmt: skip
MONEY = {"2026-01-01": (60, [(60, 3000.0), (20, 1200.0), (10, 600.0)]), "2026-02-01": (40, [(40, 2000.0), (10, 800.0)])}
PAID = Payback(period=1, earliest=1, latest=2, last_period=2, margin_so_far=32.0, acquisition_cost=26.0, margin=0.4)
PEERS = [
    ("ours", "", {"criterion": "on"}, 160, 40),
    ("Mixpanel", "criterion", {"criterion": "on_or_after"}, 160, 80),
    ("GA4", "", {}, pd.NA, pd.NA),
    ("ours", "clock", {"clock": "rolling"}, 100, 20),
]


def cells(marks):
    """The filled rectangles of a grid, left to right and top to bottom."""
    found = [
        m for m in marks if m["mark"] == "rect" and m.get("opacity", 1) != 0 and m["width"] > 1 and m["height"] > 5
    ]
    return sorted(found, key=lambda m: (round(m["y"]), m["x"]))


def inside(marks, cell):
    """The text that stands in a cell."""
    found = [
        m for m in marks
        if m["mark"] == "text" and m.get("text")
        and cell["x"] < m["x"] < cell["x"] + cell["width"] and cell["y"] < m["y"] < cell["y"] + cell["height"]
    ]  # fmt: skip
    return found[0] if found else None


# -- the grid ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_a_grid_has_a_cell_for_every_rate_and_hatching_where_it_is_not_over(theme, narrow):
    marks = drawn(retention_heatmap(retention_of(THREE), theme=theme, narrow=narrow))
    shown = cells(marks)
    assert [inside(marks, cell)["text"] for cell in shown] == ["25%", "20%", "25%", "20%", "25%"]
    slanted = [m for m in marks if m["mark"] == "rule"]
    assert len(slanted) == 3 * 3  # three lines over each of three cells that are not over
    assert {"All", "Jan 2026", "Feb 2026", "Mar 2026", "200", "100", "60", "40"} <= set(texts(marks))
    assert "Hatched: not over yet. Empty: still to come." in texts(marks)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_in_a_cell_can_be_read_on_its_colour(theme):
    for chart in (retention_heatmap, retention_counts):
        marks = drawn(chart(retention(sample("shop_orders")), theme=theme))
        for cell in cells(marks):
            text = inside(marks, cell)
            assert text is None or contrast(text["fill"], cell["fill"]) >= 4.5


@pytest.mark.parametrize("theme", RAMPS)
def test_a_ramp_goes_one_way_in_brightness_and_ends_far_from_where_it_begins(theme):
    colours = fills(pd.Series(np.linspace(0, 1, 101)), theme)
    steps = [contrast(colour, "#000000") for colour in colours]  # by brightness alone, as without seeing colour
    assert steps == sorted(steps, reverse=theme == "light")
    assert contrast(colours[0], colours[-1]) >= 7
    assert min(max(contrast(colour, BLACK), contrast(colour, WHITE)) for colour in colours) >= 4.5


def test_a_stronger_colour_is_a_higher_rate():
    marks = drawn(retention_heatmap(retention_of({"2026-01-01": (100, [10, 20, 40])})))
    row = cells(marks)[3:]
    assert [cell["fill"] for cell in row] == fills(pd.Series([0.1, 0.2, 0.4]), "light")


def test_a_cohort_too_small_for_a_rate_is_grey_and_says_so():
    found = retention_of({"2026-01-01": (100, [25]), "2026-02-01": (6, [2])})
    marks, colours = drawn(retention_heatmap(found)), palette("light")
    grey = [cell for cell in cells(marks) if cell["fill"] == colours.track]
    assert len(grey) == 1
    assert inside(marks, grey[0]) is None
    assert "Grey: fewer than 10 customers, no rate." in texts(marks)
    assert "2" in texts(drawn(retention_counts(found)))  # a count is a count


def test_small_samples_are_marked_beside_the_row():
    marks, colours = drawn(retention_heatmap(retention_of({"2026-01-01": (20, [5])}))), palette("light")
    assert [m["fill"] for m in marks if m.get("text") == "20"][-1] == colours.warning
    assert "Sizes in this colour: small samples, fewer than 30." in texts(marks)


def test_the_pointer_finds_the_numbers_of_a_cell():
    chart = retention_heatmap(retention_of(THREE, CHANGES))
    assert hovered(chart, "Cohort")[2] == "Jan 2026, month 1"
    assert hovered(chart, "Retained")[2:5] == ["25.0% (20.0–30.0%)", "20.0% (15.0–25.0%)", "not over yet"]
    assert hovered(chart, "Customers")[2:5] == ["25 of 100", "20 of 100", "9 of 100 so far"]
    assert hovered(chart, "Against other cohorts")[2] == "+10.0 points (+2.0 to +20.0 points)"


def test_what_still_rises_has_a_triangle():
    found = retention_of({"2026-01-01": (100, [25, 20])}, criterion="on_or_after")
    found.cells["still_rising"] = found.cells["period"] == 2
    marks = drawn(retention_heatmap(found))
    assert len([m for m in marks if m["mark"] == "symbol" and m.get("shape") == "triangle-up"]) == 1
    assert "Triangle: will still rise; fewer than 3 later periods seen." in texts(marks)


def test_sixty_cohorts_are_readable_and_more_are_the_latest():
    cohorts = {f"{2000 + m // 12}-{m % 12 + 1:02}-01": (100, [20] * min(70 - m, 62)) for m in range(70)}
    marks = drawn(retention_heatmap(retention_of(cohorts)))
    names = [m for m in marks if m["mark"] == "text" and str(m.get("text")).startswith(("Jan", "Feb", "Oct"))]
    assert len({m["text"] for m in marks if m["mark"] == "text" and str(m["text"])[-4:-2] == "20"}) == 60
    assert min(np.diff(sorted(m["y"] for m in names))) >= 14
    assert "The latest 60 of 70 cohorts." in texts(marks)
    assert "The first 60 periods." in texts(marks)


def test_a_bracket_is_one_column_with_its_span():
    found = retention_of({"2026-01-01": (100, [None, None, 40])}, criterion="bracket", bracket=[1, 3])
    marks = drawn(retention_heatmap(found))
    assert "1–3" in texts(marks)
    assert [inside(marks, cell)["text"] for cell in cells(marks)] == ["40%", "40%"]


def test_the_values_of_a_column_are_rows_by_their_names():
    marks = drawn(retention_heatmap(retention_of({"a very long channel": (50, [5])}, cohort={"column": "channel"})))
    assert "a very long c…" in texts(marks)
    assert "Months after the start" in texts(marks)


@pytest.mark.parametrize("chart", [retention_heatmap, retention_counts, retention_curves])
def test_without_anything_to_follow_there_is_a_sentence(chart):
    for cohorts in ({}, {"2026-01-01": (50, [])}):
        assert len(texts(drawn(chart(retention_of(cohorts))))) == 1


def test_revenue_orders_and_the_average_order_have_grids_of_their_own():
    found = revenue_of(MONEY)
    assert {"50.0", "70.0", "80.0"} <= set(texts(drawn(cohort_revenue_heatmap(found))))
    assert {"60", "20", "10", "40"} <= set(texts(drawn(cohort_revenue_orders(found))))
    assert {"50.0", "60.0", "80.0"} <= set(texts(drawn(cohort_revenue_aov(found))))
    assert hovered(cohort_revenue_heatmap(found), "Revenue per customer so far")[3] == "50.00 EUR (45.00 to 55.00)"


def test_a_grid_of_money_without_money_is_a_sentence():
    assert texts(drawn(cohort_revenue_heatmap(revenue_of({})))) == ["Nobody has bought anything yet."]


# -- curves -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_curves_show_all_cohorts_with_a_band_over_each_of_them(theme, narrow):
    marks, colours = drawn(retention_curves(retention_of(THREE), theme=theme, narrow=narrow)), palette(theme)
    lines = [m for m in marks if m["mark"] == "line"]
    assert {m["stroke"] for m in lines} == {colours.line, colours.primary}
    assert [m for m in marks if m["mark"] == "area"]
    assert "All cohorts, with their 95% interval" in texts(marks)


def test_one_cohort_stands_in_front_of_the_others():
    marks, colours = drawn(retention_curves(retention_of(THREE), cohort="2026-01-01")), palette("light")
    assert colours.second in {m.get("stroke") for m in marks if m["mark"] == "line"}
    assert "Jan 2026, with its interval" in texts(marks)
    with pytest.raises(UnknownValue, match="cohort"):
        retention_curves(retention_of(THREE), cohort="2025-01-01")


def test_a_small_sample_is_a_hollow_dot():
    marks, colours = drawn(retention_curves(retention_of({"2026-01-01": (20, [5])}))), palette("light")
    dots = [m for m in marks if m["mark"] == "symbol" and m.get("stroke") == colours.primary]
    assert [m["fill"] for m in dots] == [colours.background]
    assert "Hollow: a small sample, fewer than 30 customers." in texts(marks)


def test_revenue_rises_to_where_the_cost_is_paid_back():
    marks = drawn(cohort_revenue_curve(revenue_of(MONEY, PAID)))
    assert {"Paid back: month 1", "Dashed: what a customer costs, 26.00 EUR"} <= set(texts(marks))
    plain = drawn(cohort_revenue_curve(revenue_of(MONEY)))
    assert not [text for text in texts(plain) if "Paid back" in text or "costs" in text]
    title = cohort_revenue_curve(revenue_of(MONEY, PAID)).description
    assert title.startswith("Margin per customer so far: month 0 20.00 EUR (18.00 to 22.00);")
    assert len(texts(drawn(cohort_revenue_curve(revenue_of({}))))) == 1


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_a_difference_whose_interval_holds_zero_is_hollow(theme, narrow):
    chart = retention_difference(retention_of(THREE, CHANGES), of="2026-01-01", theme=theme, narrow=narrow)
    marks, colours = drawn(chart), palette(theme)
    dots = sorted(
        (m for m in marks if m["mark"] == "symbol" and m.get("stroke") == colours.primary), key=lambda m: m["x"]
    )
    assert [m["fill"] for m in dots] == [colours.primary, colours.background]
    assert hovered(chart, "Points apart") == ["+10.0 (+2.0 to +20.0 points)", "−5.0 (−15.0 to +10.0 points)"]


def test_a_difference_of_nothing_says_so_and_an_unknown_one_is_refused():
    assert "nothing to compare" in texts(drawn(retention_difference(retention_of(THREE))))[0]
    assert "nothing to compare" in texts(drawn(retention_difference(retention_of({}))))[0]
    with pytest.raises(UnknownValue, match="Did you mean 'mail'"):
        retention_difference(retention_of(THREE, groups=GROUPS), of="mial")


# -- rows of groups and ways to count ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_groups_stand_below_each_other_and_who_differs_has_a_triangle(theme, narrow):
    chart = retention_groups(retention_of(THREE, groups=GROUPS), theme=theme, narrow=narrow)
    said = texts(drawn(chart))
    assert {"ads · 100", "mail · 60", "tiny · 6"} <= set(said)
    assert ("30.0% ▲" if narrow else "30.0% (26.0–34.0%) ▲") in said
    assert "too few" in said
    assert "Retained in month 1" in said
    assert "Retained in month 2" in texts(drawn(retention_groups(retention_of(THREE, groups=GROUPS), at=2)))


def test_without_groups_there_is_nothing_to_compare():
    with pytest.raises(InsightError, match="no groups"):
        retention_groups(retention_of(THREE))
    with pytest.raises(InsightError, match="no groups"):
        cohort_revenue_groups(revenue_of(MONEY))
    assert len(texts(drawn(retention_groups(retention_of({}, groups=[]))))) == 1


def test_revenue_of_groups_is_compared_where_all_have_enough_customers():
    columns = ["group", "period", "n_customers", "cumulative_revenue_per_customer", "ci_low", "ci_high"]
    rows = [("ads", 0, 90, 50.0, 40, 60), ("ads", 1, 80, 70.0, 60, 80), ("mail", 0, 40, 30.0, 20, 40)]
    rows += [("mail", 1, 20, 35.0, 20, 50), ("tiny", 0, 4, 3.0, 1, 5), ("tiny", 1, 4, 3.0, 1, 5)]
    found = revenue_of(MONEY, groups=pd.DataFrame(rows, columns=columns), by="channel")
    said = texts(drawn(cohort_revenue_groups(found)))
    assert "Revenue per customer by the end of month 0" in said
    assert {"50.00 EUR (40.00 to 60.00)", "too few", "All customers: 50.00 EUR"} <= set(said)
    assert "Revenue per customer by the end of month 1" in texts(drawn(cohort_revenue_groups(found, at=1)))


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_ways_to_count_are_rows_beside_ours(theme, narrow):
    chart = retention_peers_dots(peers_of(PEERS), theme=theme, narrow=narrow)
    said = texts(drawn(chart))
    assert {"As counted here · 160", "Mixpanel · 160", "GA4 · –", "not possible"} <= set(said)
    assert ("50.0% · +25.0" if narrow else "50.0% (46.0–54.0%) · +25.0") in said
    assert hovered(chart, "Settings")[1] == "criterion='on_or_after'"


def test_what_cannot_be_compared_says_why():
    for more, why in (({"cohort": "recurring"}, "the same customers"), ({"criterion": "on_or_after"}, "more time")):
        assert why in texts(drawn(retention_difference(retention_of(THREE, **more))))[0]
