"""Pictures of overviews written by hand: what is drawn, looked up in the drawing itself."""

import numpy as np
import pandas as pd
import pytest

from insight.charts import (
    conversion_groups,
    conversion_line,
    rate_change_bars,
    rhythm_map,
    sales_groups,
    sales_line,
    traffic_groups,
    traffic_line,
)
from insight.charts.scales import amounts
from insight.charts.theme import DARK, LIGHT, palette
from insight.errors import InsightError
from tests.overview_by_hand import change_of, conversion_of, rhythm_of, row, sales_of, traffic_of
from tests.test_charts import LOOKS, drawn, hovered, texts


def grouped(kind, measure, values, **more):
    """A result by group: group -> (value, n, change with its interval, values by period)."""
    rows = [{"group": name, **row(measure, v[0], n=v[1], change=v[2])} for name, v in values.items()]
    series = [
        pd.DataFrame({"group": name, "period": range(len(v[3])), "observed": "full", measure: v[3]})
        for name, v in values.items()
    ]
    groups = pd.DataFrame(rows).assign(share=[v[0] / 400 for v in values.values()])
    return kind([row(measure, 400, n=400)], groups=groups, group_periods=pd.concat(series), by="channel", **more)


BY_CHANNEL = {
    "ads": (300, 280, (0.5, 0.2, 0.8), [100, 200, 300]),
    "mail": (90, 80, (-0.3, -0.5, -0.1), [120, 130, 90]),
    "tv": (10, 9, (0.1, np.nan, np.nan), [np.nan, 9, 10]),
}
ROWS = [row("visitors", 150, n=150, before=120, change=(0.25, 0.05, 0.49))]
RATE = [row("per_visitor", 0.2, (0.14, 0.28), 120)]
MOVED = {"email": (400, 600, 0.2, 0.25, -0.01, 0.032), "ads": (600, 20, 0.05, np.nan, 0.005, 0.0)}
CHARTS = {
    "traffic_line": lambda **look: traffic_line(traffic_of(ROWS, notes=[["2026-02-14", "Sale"]]), **look),
    "sales_line": lambda **look: sales_line(sales_of([row("revenue", 3000.0, n=50)]), **look),
    "conversion_line": lambda **look: conversion_line(conversion_of(RATE), **look),
    "traffic_groups": lambda **look: traffic_groups(grouped(traffic_of, "visitors", BY_CHANNEL), **look),
    "sales_groups": lambda **look: sales_groups(grouped(sales_of, "average_order_value", BY_CHANNEL), **look),
    "conversion_groups": lambda **look: conversion_groups(grouped(conversion_of, "per_visitor", {
        "ads": (0.2, 280, (0.05, 0.01, 0.08), [0.1, 0.2])}), **look),
    "rate_change_bars": lambda **look: rate_change_bars(change_of(MOVED), **look),
    "rhythm_map": lambda **look: rhythm_map(rhythm_of({("MON", 9): 60, ("TUE", 20): 108}), **look),
    "rhythm_map of days": lambda **look: rhythm_map(rhythm_of({("MON", None): 60}, dates_only=True), **look),
}  # fmt: skip


@pytest.mark.parametrize(("theme", "narrow"), [LOOKS[0], LOOKS[-1]])
@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_drawn_in_every_look_and_says_itself_in_words(name, theme, narrow):
    chart = CHARTS[name](theme=theme, narrow=narrow)
    marks = drawn(chart)
    assert len([mark for mark in marks if mark["mark"] in ("rect", "line", "symbol", "area")]) > 2
    assert chart.to_dict()["background"] == palette(theme).background
    assert len(chart.to_dict()["description"]) > 20


def symbols(marks, **look):
    return [m for m in marks if m["mark"] == "symbol" and all(m.get(name) == value for name, value in look.items())]


def test_every_complete_period_has_a_dot_higher_for_more_and_the_one_looked_at_a_ring():
    marks = drawn(traffic_line(traffic_of(ROWS)))
    dots = symbols(marks, fill=LIGHT.primary)
    assert len(dots) == 3  # the unfinished one has none
    heights = [dot["y"] for dot in dots]
    assert heights == sorted(heights, reverse=True)
    (ring,) = symbols(marks, stroke=LIGHT.ink)
    assert (ring["x"], ring["y"]) == (dots[2]["x"], dots[2]["y"])


def test_the_unfinished_period_is_hatched_and_says_so_far():
    chart = traffic_line(traffic_of(ROWS))
    assert "Hatched: the data begins or ends in it; not compared." in texts(drawn(chart))
    assert hovered(chart, "Visitors") == ["90", "120", "150", "40 so far, unfinished"]
    slanted = [mark for mark in drawn(chart) if mark["mark"] == "rule" and mark.get("stroke") == LIGHT.line]
    assert len(slanted) >= 6


def test_a_note_of_the_visitor_stands_at_its_day_above_the_line():
    chart = traffic_line(traffic_of(ROWS, notes=[["2026-02-14", "Sale"], ["2031-01-01", "too late"]]))
    marks = drawn(chart)
    assert texts(marks).count("Sale") == 2  # the words and their outline
    assert "too late" not in texts(marks)
    (rule,) = [mark for mark in marks if mark["mark"] == "rule" and mark.get("stroke") == LIGHT.second]
    dots = symbols(marks, fill=LIGHT.primary)
    assert dots[0]["x"] < rule["x"] < dots[2]["x"]
    assert rule["x"] == pytest.approx(dots[1]["x"], abs=0.1 * (dots[2]["x"] - dots[0]["x"]))  # mid of February
    assert min(dot["y"] for dot in dots) > 20


def test_a_rate_has_its_interval_behind_it_and_none_of_too_few():
    result = conversion_of(RATE)
    marks = drawn(conversion_line(result))
    bands = [mark for mark in marks if mark["mark"] == "rect" and mark.get("fill") == LIGHT.soft and mark.get("width")]
    assert len(bands) == 3
    result.periods.loc[0, "visitors"] = 9
    assert hovered(conversion_line(result), "Conversion per visitor")[0] == "too few"
    result.periods.loc[1, "visitors"] = 29
    assert "Hollow: a small sample, fewer than 30." in texts(drawn(conversion_line(result)))


def test_a_year_before_is_a_line_of_its_own():
    months = [f"{year}-{month:02}-01" for year in (2025, 2026) for month in range(1, 13)]
    table = pd.DataFrame({"period": months, "observed": "full", "cut": "", "visitors": range(100, 124)})
    chart = traffic_line(traffic_of(ROWS, table, at="2026-12-01"))
    assert hovered(chart, "A year before")[12:14] == ["100", "101"]
    assert "Thin line: the same month a year before" in texts(drawn(chart))


def test_nothing_to_draw_is_said():
    empty = traffic_of([row("time_on_site_seconds", np.nan)])
    empty.periods["timed_sessions"], empty.periods["time_on_site_seconds"] = 0, np.nan
    assert texts(drawn(traffic_line(empty))) == ["There is nothing of this to draw: Time on site."]
    assert texts(drawn(rhythm_map(rhythm_of({})))) == ["Nothing of this happened in these days."]
    still = change_of({"all": (10, 10, 0.1, 0.1, 0.0, 0.0)}, (0.0, -0.1, 0.1))
    assert texts(drawn(rate_change_bars(still))) == ["Nothing moved: mix and rates are what they were."]


def test_groups_are_marked_where_their_change_is_clear():
    found = texts(drawn(traffic_groups(grouped(traffic_of, "visitors", BY_CHANNEL))))
    assert {"300 · 75.0%", "▲ +50.0% (+20.0% to +80.0%)", "▼ −30.0% (−50.0% to −10.0%)"} <= set(found)
    assert "+10.0% (too few to tell)" in found
    with pytest.raises(InsightError, match="no groups to compare"):
        traffic_groups(traffic_of(ROWS))


def test_every_group_has_a_line_from_its_own_zero():
    marks = drawn(traffic_groups(grouped(traffic_of, "visitors", BY_CHANNEL)))
    lines = [mark for mark in marks if mark["mark"] == "line"]
    assert len({mark["x"] for mark in lines}) == 3
    assert len(lines) == 8  # tv has no first period


def test_the_bars_of_a_group_go_right_for_more_and_left_for_less():
    marks = drawn(rate_change_bars(change_of(MOVED)))
    mix = [mark for mark in marks if mark["mark"] == "rect" and mark.get("fill") == LIGHT.second and mark.get("width")]
    rates = [mark for mark in marks if mark["mark"] == "rect" and mark.get("fill") == LIGHT.primary and mark["width"]]
    zero = next(mark["x"] for mark in marks if mark["mark"] == "rule" and mark.get("stroke") == LIGHT.muted)
    assert [mark["x"] + mark["width"] <= zero + 0.01 for mark in mix] == [True, True, False]
    assert all(mark["x"] >= zero - 0.01 for mark in rates)
    assert rates[1]["width"] == pytest.approx(3.2 * mix[1]["width"], rel=0.01)
    said = texts(marks)
    assert said[:1] == ["All together"] or "All together" in said
    assert "Some groups have fewer than 30: their rates say little." in said


def test_a_cell_is_the_darker_the_more_happens_there():
    chart = rhythm_map(rhythm_of({("MON", 9): 60, ("TUE", 20): 120}))
    marks = [mark for mark in drawn(chart) if mark["mark"] == "rect" and mark.get("fill", "").startswith("rgb")]
    assert len(marks) == 168
    shades = {mark["fill"] for mark in marks}
    assert len(shades) == 3
    assert hovered(chart, "When")[9] == "Monday 09:00–10:00"
    assert hovered(chart, "On average")[9] == "6.0"
    dark = rhythm_map(rhythm_of({("MON", 9): 60}), theme="dark").to_dict()
    assert DARK.primary in str(dark)


@pytest.mark.parametrize(
    ("values", "more", "ticks"),
    [
        ([0, 4], {"whole": True}, (0, 1, 2, 3, 4)),
        ([0.02, 0.43], {}, (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        ([-30, 100], {}, (-50, 0, 50, 100)),
        ([50, 250], {"seconds": True}, (0, 60, 120, 180, 240, 300)),
        ([np.nan], {}, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        ([0, 0], {"whole": True}, (0, 1)),
    ],
)
def test_an_axis_has_round_steps_from_nothing_on(values, more, ticks):
    assert amounts(values, 0, 100, **more).ticks == pytest.approx(ticks)
    assert amounts(values, 0, 100, **more).at(ticks[0]) == 100
