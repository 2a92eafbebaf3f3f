"""RFM in pictures: what is drawn, looked up in the drawing itself (a blank chart compiles, too)."""

import numpy as np
import pytest

from insight import rfm, rfm_movement
from insight.charts import rfm_concentration, rfm_map, rfm_movement_flow, rfm_moves, rfm_segments
from insight.charts.cohorts_grid import contrast
from insight.charts.rfm import GAP
from insight.charts.rfm_concentration import BOTTOM, TOP
from insight.charts.theme import palette
from insight.rfm import SEGMENTS
from tests.test_charts import drawn, hovered, texts
from tests.test_rfm import orders
from tests.test_rfm_words import LIMITS, MOVED, TWELVE, TWO

LOOKS = [("light", False), ("dark", True)]


def fields(marks):
    """The filled fields of the map, row by row."""
    found = [m for m in marks if m["mark"] == "rect" and m.get("opacity", 1) != 0]
    return sorted(found, key=lambda m: (round(m["y"] / 20), m["x"]))


def inside(marks, field):
    """The lines of text in a field, from the top."""
    across, down = (field["x"], field["x"] + field["width"]), (field["y"], field["y"] + field["height"])
    found = [
        m for m in marks
        if m["mark"] == "text" and across[0] < m["x"] < across[1] and down[0] < m["y"] < down[1]
    ]  # fmt: skip
    return [m["text"] for m in sorted(found, key=lambda m: m["y"])]


# -- the map ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_every_field_of_the_map_has_its_name_and_who_is_in_it(theme, narrow):
    result = rfm(orders(TWELVE), thresholds=LIMITS)
    marks = drawn(rfm_map(result, theme=theme, narrow=narrow))
    found = fields(marks)
    assert len(found) == 25
    for field, name in zip(found, [name for row in SEGMENTS for name in row], strict=True):
        said = inside(marks, field)
        assert " ".join(said).startswith(name)
    champions, new = found[4], found[0]
    words = {True: ["1", "300"], False: ["1 customer", "300"]}[narrow]
    assert inside(marks, champions) == ["Champions", *words]
    assert inside(marks, new) == ["New", *({True: ["9", "90"], False: ["9 customers", "90.00"]}[narrow])]
    assert inside(marks, found[2])[-1] == "nobody"


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_words_in_a_field_can_be_read_and_most_revenue_has_the_strongest_colour(theme, narrow):
    result = rfm(orders(TWELVE), thresholds=LIMITS)
    marks = drawn(rfm_map(result, theme=theme, narrow=narrow))
    found, background = fields(marks), palette(theme).background
    for field in found:
        for text in (m for m in marks if m["mark"] == "text"):
            within = field["x"] < text["x"] < field["x"] + field["width"]
            if within and field["y"] < text["y"] < field["y"] + field["height"]:
                assert contrast(text["fill"], field["fill"]) >= 4.5
    strongest = max(found, key=lambda field: contrast(field["fill"], background))
    assert inside(marks, strongest)[0] == "Champions"


def test_fields_of_one_name_touch_and_others_do_not():
    found = fields(drawn(rfm_map(rfm(orders(TWELVE)))))
    ends = [field["x"] + field["width"] for field in found]
    new, also_new, potential = found[0], found[1], found[2]
    assert ends[0] == pytest.approx(also_new["x"], abs=0.01)
    assert potential["x"] - ends[1] == pytest.approx(GAP, abs=0.6)
    assert found[5]["y"] - (new["y"] + new["height"]) == pytest.approx(GAP, abs=0.01)


def test_the_pointer_finds_scores_people_and_money():
    chart = rfm_map(rfm(orders(TWELVE), thresholds=LIMITS))
    titles = ["Segment", "Scores", "Customers", "Of all customers", "Revenue", "Of the revenue"]
    rows = list(zip(*(hovered(chart, title) for title in titles), strict=True))
    assert len(rows) == 25
    assert ("Champions", "R 5 · FM 5", "1", "8.3%", "300", "46.5%") in rows


def test_recency_says_how_many_days_a_score_spans_and_which_nobody_has():
    said = texts(drawn(rfm_map(rfm(orders(TWELVE), thresholds=LIMITS))))
    assert {"1–2 days", "21–25 days"} <= set(said)
    assert said.count("nobody") == 21 + 3  # fields; and the recency scores 1, 3 and 4


def test_long_and_odd_names_are_cut_and_whole_in_the_tooltip():
    long = "the very best of all our customers everywhere"
    chart = rfm_map(rfm(orders(TWELVE), segments=[[long] * 5, *[["b"] * 5] * 4]), narrow=True)
    assert long not in texts(drawn(chart))
    assert long in hovered(chart, "Segment")


# -- bars and the curve -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_each_segment_has_its_two_shares(theme, narrow):
    colours = palette(theme)
    marks = drawn(rfm_segments(rfm(orders(TWELVE), thresholds=LIMITS), theme=theme, narrow=narrow))
    assert "8.3% : 46.5%" in texts(marks) or "8.3% of the customers : 46.5% of the revenue" in texts(marks)
    upper = [m["width"] for m in marks if m["mark"] == "rect" and m["fill"] == colours.soft]
    lower = [m["width"] for m in marks if m["mark"] == "rect" and m["fill"] == colours.primary]
    shares = np.array([1, 9, 1, 1]) / 12  # Champions, New, At risk, Hibernating
    assert np.array(upper) / upper[1] == pytest.approx(shares / shares[1])
    assert np.array(lower) / upper[1] == pytest.approx(np.array([300, 90, 225, 30]) / 645 / shares[1])


def test_a_segment_that_lost_money_has_its_bar_on_the_other_side():
    result = rfm(orders("ana 1 10\nana 9 50\nben 1 20\nben 2 -40\n" + "\n".join(f"c{k} 5 30" for k in range(8))))
    marks = drawn(rfm_segments(result))
    tops = [m for m in marks if m["mark"] == "rect" and m["fill"] == palette("light").primary]
    customers = [m for m in marks if m["mark"] == "rect" and m["fill"] == palette("light").soft]
    assert min(m["x"] for m in tops) < min(m["x"] for m in customers)


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_curve_bends_over_the_line_of_equality(theme, narrow):
    ten = rfm(orders("\n".join(f"c{k} 1 {10 * k}" for k in range(1, 11))))
    chart = rfm_concentration(ten, theme=theme, narrow=narrow)
    said = texts(drawn(chart))
    word = ":" if narrow else "bring"
    assert {f"10% {word} 18.2%", f"20% {word} 34.5%", f"50% {word} 72.7%"} <= set(said)
    tables = [rows for rows in chart.to_dict()["datasets"].values() if set(rows[0]) == {"top_share", "middle"}]
    lines = [rows for rows in tables if len(rows) in (2, 101)]
    assert [(rows[0]["middle"], rows[-1]["middle"]) for rows in lines] == [(BOTTOM, TOP), (BOTTOM, TOP)]
    assert hovered(chart, "Customers")[:2] == ["The best 1%", "The best 2%"]
    assert (hovered(chart, "How many")[-1], hovered(chart, "Of the revenue")[-1]) == ("10", "100%")


def test_refunds_lead_the_curve_above_all_and_down_again():
    result = rfm(orders("ana 1 90\nben 1 40\nben 2 -60\ncy 1 10"))
    assert max(float(part.rstrip("%")) for part in hovered(rfm_concentration(result), "Of the revenue")) == 125.0


@pytest.mark.parametrize("chart", [rfm_concentration, rfm_segments])
def test_without_revenue_there_is_nothing_to_share_and_it_says_so(chart):
    said = texts(drawn(chart(rfm(orders("ana 1 10\nana 2 -30")))))
    assert said == ["There is no revenue to share: what was refunded is as much as what was bought."]


# -- flows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_a_flow_names_its_bars_and_colours_its_ways(theme, narrow):
    colours = palette(theme)
    moved = rfm_movement(orders(MOVED), before="2026-01-10", thresholds=TWO)
    marks = drawn(rfm_movement_flow(moved, theme=theme, narrow=narrow))
    said = texts(marks)
    assert {"10 Jan 2026", "25 Jan 2026"} <= set(said)
    assert {"Champions 5", "Champions 3", "At risk 5", "New 2"} <= set(said)
    ribbons = {m["fill"] for m in marks if m["mark"] == "area"}
    assert ribbons == {colours.primary, colours.second, colours.warning}  # nobody stayed
    assert {"First purchase in between", "Up, to a segment further above", "Down, to a segment further below"} <= set(
        said
    )
    assert "The same segment" not in said


def test_ribbons_are_as_tall_as_their_people_and_carry_both_ends():
    moved = rfm_movement(orders(MOVED), before="2026-01-10", thresholds=TWO)
    chart = rfm_movement_flow(moved)
    sets = [rows for rows in chart.to_dict()["datasets"].values() if rows and "ribbon" in rows[0]]
    (rows,) = sets
    tall = {(row["from_segment"], row["to_segment"]): row["lower"] - row["upper"] for row in rows}
    assert tall["Champions", "At risk"] / tall["(no purchase yet)", "New"] == pytest.approx(5 / 2)
    assert len(tall) == len(moved.moves)


def test_limits_of_one_s_own_are_drawn_beside_the_fifths_and_without_any_it_says_so():
    result = rfm(orders(TWELVE), thresholds=LIMITS)
    said = texts(drawn(rfm_moves(result)))
    assert {"By fifths", "By your limits", "Need attention 9", "New 9"} <= set(said)
    none = texts(drawn(rfm_moves(rfm(orders(TWELVE)))))
    assert none == ["With limits of your own, this picture shows whom they take to another segment."]


@pytest.mark.parametrize("chart", [rfm_map, rfm_segments, rfm_concentration, rfm_moves])
def test_a_screen_reader_hears_the_numbers(chart):
    words = chart(rfm(orders(TWELVE), thresholds=LIMITS)).to_dict()["description"]
    assert {
        "rfm_map": "Champions (R 5 · FM 5): 1 customers, 300",
        "rfm_segments": "Champions 8.3% : 46.5%",
        "rfm_concentration": "10% bring 81.4%",
        "rfm_moves": "Need attention → New 9",
    }[chart.__name__] in words
