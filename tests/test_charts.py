"""Charts of results written by hand: what is drawn, looked up in the drawing itself (a blank chart compiles, too)."""

import re
import struct
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import vl_convert

from insight.charts import (
    funnel_bars,
    funnel_groups,
    funnel_peers_dots,
    funnel_times,
    funnel_trend_line,
    funnel_worth_bars,
)
from insight.charts.durations import time_edges
from insight.charts.theme import DARK, LIGHT, PALETTES, chart_picture, palette, shortened
from insight.errors import InsightError, UnknownValue
from insight.funnel.drops import biggest_drops
from insight.funnel.peers import FunnelPeers
from insight.funnel.value import Value
from tests.logs import funnel_of, trend_of, worth_of

LOOKS = [("light", False), ("light", True), ("dark", False), ("dark", True)]
ODD_NAMES = [
    "Opened the newsletter and clicked through to the page of spring",
    "🛒 added to cart 👨‍👩‍👧‍👦 the family bundle with a rather long name",
    "أضاف المنتج إلى سلة التسوق ثم تابع عملية الدفع عبر الإنترنت",
    "**bold** [link](http://a.b) <b>html</b> | `code` {expr} $x^2$",
]
FIVE = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]


def steps_table(reached, names):
    n, before = reached[0], [reached[0], *reached[:-1]]
    steps = pd.DataFrame({"step": names, "reached": reached})
    steps["step_conversion"] = [r / b if b else np.nan for r, b in zip(reached, before, strict=True)]
    steps["overall_conversion"] = share = [r / n if n else np.nan for r in reached]
    steps["ci_low"], steps["ci_high"] = (
        [np.nan] + [0.9 * s for s in share[1:]],
        [np.nan] + [s + 0.01 for s in share[1:]],
    )
    return steps.assign(
        p25_seconds=np.nan, median_seconds=np.nan, p75_seconds=np.nan, p90_seconds=np.nan, required=True
    )


def funnel_result(reached, names=None, **more):
    """A funnel as if computed: `reached` by step; intervals from 0.9 of a share to 0.01 above it."""
    names = names or [f"step {k}" for k in range(1, len(reached) + 1)]
    return funnel_of(steps_table(reached, names), **more)


def timed(seconds, **more):
    """A funnel in two steps whose converters took these times."""
    seconds = np.sort(seconds)
    result = funnel_result([1000, len(seconds)], ["visit", "buy"], **more)
    values, n = np.unique(seconds, return_counts=True)
    for column, q in {"p25_seconds": 0.25, "median_seconds": 0.5, "p90_seconds": 0.9}.items():
        value = np.quantile(seconds, q, method="inverted_cdf") if len(seconds) else np.nan
        result.steps.loc[1, column] = float(value)
    return replace(result, times=pd.DataFrame({"step": "buy", "seconds": values, "n": n}))


def grouped(q_values=None, **groups):
    """A funnel by channel: each group's customers at the first and at the last step, and its q-value."""
    q_values = q_values or {}
    blocks = [
        steps_table([*reached], ["visit", "buy"]).assign(group=name, q_value=q_values.get(name, np.nan))
        for name, reached in groups.items()
    ]
    total = [sum(reached[k] for reached in groups.values()) for k in (0, 1)]
    return funnel_result(total, ["visit", "buy"], groups=pd.concat(blocks, ignore_index=True), by="channel")


def drawn(chart):
    """All marks of the finished drawing, in order: dicts with `mark`, and x, y, width, fill, text ... in pixels."""

    def items(group):
        for mark in group["items"]:
            for item in mark["items"]:
                if mark["marktype"] == "group":
                    yield from items(item)
                else:
                    yield {"mark": mark["marktype"], **item}

    graph = vl_convert.vegalite_to_scenegraph(chart.to_dict())["scenegraph"]
    return [item for top in graph["items"] for item in items(top)]


def texts(marks):
    """Every line of text that is drawn."""
    found = [item["text"] for item in marks if item["mark"] == "text" and item.get("text")]
    return [line for text in found for line in (text if isinstance(text, list) else [text])]


def names(marks):
    """The headings on the left."""
    return [m for m in marks if m["mark"] == "text" and m.get("limit") and m["fontSize"] == 14 and is_bold(m)]


def is_bold(mark):
    return mark.get("fontWeight") == 600


def hovered(chart, title):
    """What tooltips say under this title, row by row."""
    spec = chart.to_dict()
    for layer in spec["layer"]:
        for tip in layer["encoding"].get("tooltip", ()):
            if tip["title"] == title:
                return [row[tip["field"]] for row in spec["datasets"][layer["data"]["name"]]]


def bars(marks, colour):
    """Rectangles of a colour; each has a size."""
    found = [item for item in marks if item["mark"] == "rect" and item.get("fill") == colour]
    assert all(item["width"] > 0 and item["height"] > 0 for item in found)
    return found


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# -- the palette ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_and_marks_can_be_seen(colours):
    for text in (colours.ink, colours.muted, colours.warning):
        assert contrast(text, colours.background) >= 4.5  # WCAG 2.2, 1.4.3
    for mark in (colours.primary, colours.second, colours.ink, colours.muted):
        assert contrast(mark, colours.background) >= 3  # WCAG 2.2, 1.4.11
        assert contrast(mark, colours.track) >= 3
    assert contrast(colours.soft, colours.track) >= 1.5  # the estimate's line in ink marks the value; this its interval


def test_an_unknown_theme_is_refused():
    with pytest.raises(UnknownValue, match="sepia"):
        palette("sepia")


@pytest.mark.parametrize("most", [14, 28, 60])
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_long_name_is_cut_within_its_room(name, most):
    cut = shortened(name, most)
    assert len(cut) <= most + 6  # joiners and marks take no room
    assert cut == name or cut.endswith("…")
    assert not cut.removesuffix("…").endswith(("\u200d", "\ufe0f", " "))


# -- bars -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_bars_show_every_step_with_its_count_share_and_conversion(theme, narrow):
    colours, result = palette(theme), funnel_result([6000, 3705, 1618, 985, 690], FIVE)
    marks = drawn(funnel_bars(result, theme=theme, narrow=narrow))
    assert [t for t in texts(marks) if "go on" not in t] == [
        *FIVE, "6,000 · 100%", "3,705 · 61.8%", "1,618 · 27.0%", "985 · 16.4%", "690 · 11.5%",
        "95% interval of the share",
    ]  # fmt: skip
    assert sorted(t for t in texts(marks) if "go on" in t) == [
        "↓ 43.7% go on · biggest drop, 2,087 lost",
        "↓ 60.9% go on",
        "↓ 61.8% go on",
        "↓ 70.1% go on",
    ]
    tracks, solid, soft = (bars(marks, c) for c in (colours.track, colours.primary, colours.soft))
    full = tracks[0]["width"]
    assert full > (300 if narrow else 650)
    assert len(tracks) == len(solid) == 5
    assert sorted(bar["width"] / full for bar in solid) == pytest.approx(
        [0.9 * s for s in (0.115, 985 / 6000, 1618 / 6000, 0.6175)] + [1]
    )
    assert [bar["width"] / full for bar in soft] == pytest.approx(
        [0.1 * s / 6000 + 0.01 for s in (3705, 1618, 985, 690)]
    )


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_text_stands_on_the_background_alone(theme, narrow):
    """So that it is readable whatever lies below: no line of text crosses a bar."""
    marks, colours = drawn(funnel_bars(funnel_result([400, 200, 10], None), theme=theme, narrow=narrow)), palette(theme)
    filled = [m for m in marks if m["mark"] == "rect" and m.get("opacity") != 0]
    for text in (m for m in marks if m["mark"] == "text"):
        assert text["fill"] in (colours.ink, colours.muted, colours.warning)
        assert not [bar for bar in filled if bar["y"] - 6 < text["y"] < bar["y"] + bar["height"] + 6]


@pytest.mark.parametrize(
    ("reached", "worst"), [([100, 50, 40], [1]), ([400, 200, 100], [1, 2]), ([40, 40, 40], []), ([100, 50, 8, 1], [2])]
)
def test_bars_mark_the_drops_the_sentence_names(reached, worst):
    result = funnel_result(reached)
    marked = [m for m in drawn(funnel_bars(result)) if m["mark"] == "text" and m["fill"] == LIGHT.warning]
    assert biggest_drops(result) == worst
    assert len(marked) == len(worst)
    assert all("drop" in m["text"] for m in marked)


def test_with_two_steps_there_is_no_biggest_of_one():
    assert not [text for text in texts(drawn(funnel_bars(funnel_result([100, 40])))) if "drop" in text]


def test_below_ten_customers_bars_show_counts_and_no_rates():
    marks = drawn(funnel_bars(funnel_result([7, 4, 1])))
    assert "Fewer than 10 customers: counts, no rates." in texts(marks)
    assert "↓ 4 of 7 go on" in texts(marks)
    assert not [text for text in texts(marks) if "%" in text]
    assert not bars(marks, LIGHT.soft)
    full = bars(marks, LIGHT.track)[0]["width"]
    assert sorted(bar["width"] / full for bar in bars(marks, LIGHT.primary)) == pytest.approx([1 / 7, 4 / 7, 1])


def test_a_small_sample_is_named():
    assert "Small sample: fewer than 30 customers." in texts(drawn(funnel_bars(funnel_result([29, 20, 12]))))
    assert "Small sample: fewer than 30 customers." not in texts(drawn(funnel_bars(funnel_result([30, 20, 12]))))


def test_a_rate_out_of_a_handful_is_a_count():
    assert "↓ 3 of 8 go on" in texts(drawn(funnel_bars(funnel_result([100, 8, 3]))))


def test_a_step_that_nobody_reached_has_no_bar_but_an_interval():
    marks = drawn(funnel_bars(funnel_result([40, 12, 0])))
    assert len(bars(marks, LIGHT.track)) == 3
    assert len(bars(marks, LIGHT.primary)) == 2
    assert len(bars(marks, LIGHT.soft)) == 2
    assert "0 · 0%" in texts(marks)


def test_when_nobody_entered_the_bars_say_so():
    marks = drawn(funnel_bars(funnel_result([0, 0, 0])))
    assert "Nobody did the first step in the chosen dates." in texts(marks)
    assert not bars(marks, LIGHT.primary)


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_twelve_steps_of_millions_fit(theme, narrow):
    marks = drawn(funnel_bars(funnel_result([10_000_000 // k**2 for k in range(1, 13)]), theme=theme, narrow=narrow))
    assert len(bars(marks, palette(theme).primary)) == 12
    assert "10,000,000 · 100%" in texts(marks)


@pytest.mark.parametrize("narrow", [False, True])
def test_long_and_odd_names_are_cut_and_whole_in_the_tooltip(narrow):
    chart = funnel_bars(funnel_result([400, 300, 200, 100], ODD_NAMES), narrow=narrow)
    shown = names(drawn(chart))
    assert [m["text"] for m in shown] == [shortened(name, 28 if narrow else 60) for name in ODD_NAMES]
    assert all(m["limit"] < (300 if narrow else 650) for m in shown)  # the numbers on the right keep their place
    assert hovered(chart, "Step") == ODD_NAMES


def test_a_screen_reader_hears_every_number():
    chart = funnel_bars(funnel_result([40, 10], ["visit", "buy"]))
    assert chart.description == "Funnel: visit 40 · 100%; buy 10 · 25.0%."


# -- times ------------------------------------------------------------------------------------------------------------

RANDOM = np.random.default_rng(1)
TIMES = {
    "from seconds to days": np.minimum(RANDOM.lognormal(9, 2, 690), 604_800).astype(int),
    "spread over a week": RANDOM.integers(0, 604_800, 900),
    "within a minute": RANDOM.integers(0, 30, 900),
    "with stragglers": np.append(RANDOM.exponential(3000, 900).astype(int), [70_000_000, 300_000_000]),
}


@pytest.mark.parametrize(("theme", "narrow"), LOOKS[::3])
@pytest.mark.parametrize("case", TIMES)
def test_times_are_drawn_in_ten_to_sixty_bars_that_hold_everyone(case, theme, narrow):
    seconds = TIMES[case]
    chart = funnel_times(timed(seconds), theme=theme, narrow=narrow)
    marks = drawn(chart)
    heights = np.array([bar["height"] for bar in bars(marks, palette(theme).primary)])
    assert 8 <= len(heights) <= 60
    customers = np.array([int(n.replace(",", "")) for n in hovered(chart, "Customers")])
    assert customers.sum() == len(seconds)
    assert heights / heights.max() == pytest.approx(customers / customers.max())
    assert hovered(chart, "Arrived by then")[-1] == "100%"
    said = "".join(texts(marks))
    assert "Half within " in said
    assert "90% within " in said
    assert f"From visit to buy: {len(seconds):,} customers" in said
    assert ("Each bar spans about twice" in said) == (case in ("from seconds to days", "with stragglers"))


def test_the_flags_stand_at_the_median_and_at_ninety_percent():
    marks = drawn(funnel_times(timed([*range(0, 20), *[20] * 20])))  # 40 customers, bins of one second
    assert "Half within 19 s" in texts(marks)
    assert "90% within 20 s" in texts(marks)
    left = {round(bar["x"] - 0.06 * bar["width"] / 0.88): bar for bar in bars(marks, LIGHT.primary)}
    rules = sorted(m["x"] for m in marks if m["mark"] == "rule" and m.get("stroke") == LIGHT.ink)
    inside = [[x for x, bar in left.items() if bar["x"] <= rule <= bar["x"] + bar["width"]] for rule in rules]
    assert inside == [[sorted(left)[19]], [sorted(left)[20]]]


def test_equal_times_are_one_bar():
    marks = drawn(funnel_times(timed([0] * 300)))
    assert len(bars(marks, LIGHT.primary)) == 1
    assert "Half within 0 s" in texts(marks)


def test_one_converter_is_one_bar_without_a_median():
    marks = drawn(funnel_times(timed([5000])))
    assert len(bars(marks, LIGHT.primary)) == 1
    assert "From visit to buy: 1 customer" in texts(marks)
    assert not [text for text in texts(marks) if "within" in text]


@pytest.mark.parametrize("theme", PALETTES)
def test_when_nobody_arrived_the_chart_says_so(theme):
    marks = drawn(funnel_times(timed([]), theme=theme))
    assert texts(marks) == ["Nobody reached buy: there is no time to show."]


def test_days_without_times_have_bars_of_whole_days():
    marks = drawn(funnel_times(timed([86_400 * d for d in [0] * 9 + [1] * 5 + [3] * 2], dates_only=True)))
    assert len(bars(marks, LIGHT.primary)) == 3
    assert {"0 s", "1 d", "3 d"} < {*texts(marks)}


def test_times_of_a_step_in_the_middle_can_be_drawn():
    result = funnel_result([100, 60, 20], ["visit", "cart", "buy"])
    times = pd.DataFrame({"step": ["cart", "buy"], "seconds": [60, 7200], "n": [60, 20]})
    result = replace(result, times=times)
    assert "From visit to cart: 60 customers" in texts(drawn(funnel_times(result, step="cart")))
    with pytest.raises(UnknownValue, match="basket"):
        funnel_times(result, step="basket")
    with pytest.raises(UnknownValue, match="visit"):
        funnel_times(result, step="visit")


@pytest.mark.parametrize("whole_days", [False, True])
@pytest.mark.parametrize("even", [False, True])
@pytest.mark.parametrize("longest", [0, 1, 59, 3600, 604_800, 86_400 * 365, 3_155_760_000])
def test_bins_hold_every_time_up_to_a_century(longest, even, whole_days):
    for shortest in (0, longest // 1000, longest):
        edges = time_edges(shortest, longest, even=even, whole_days=whole_days)
        assert 10 <= len(edges) - 1 <= 60
        assert edges == sorted(set(edges))
        assert edges[0] <= shortest
        assert longest < edges[-1]
        assert not whole_days or not any(edge % 86_400 for edge in edges)


# -- groups -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_groups_show_rate_interval_and_size(theme, narrow):
    groups = {"organic": (2400, 288), "ads": (1800, 120), "(not set)": (24, 6), "Other": (8, 2)}
    marks, colours = drawn(funnel_groups(grouped(**groups), theme=theme, narrow=narrow)), palette(theme)
    assert [m["text"] for m in names(marks)] == ["organic · 2,400", "ads · 1,800", "(not set) · 24", "Other · 8"]
    said = ["12.0%", "6.7%", "25.0%"] if narrow else ["12.0% (10.8–13.0%)", "6.7% (6.0–7.7%)", "25.0% (22.5–26.0%)"]
    right = [m["text"] for m in marks if m["mark"] == "text" and m.get("align") == "right" and m["fontSize"] == 14]
    assert right == [*said, "too few"]
    dots = [m for m in marks if m["mark"] == "symbol" and m.get("stroke") == colours.primary]
    hollow = [dot["fill"] == colours.background for dot in dots]
    assert hollow == [False, False, True]
    intervals = bars(marks, colours.soft)
    assert len(intervals) == 3
    assert all(i["x"] < dot["x"] < i["x"] + i["width"] for i, dot in zip(intervals, dots, strict=True))
    assert "All customers: 9.8%" in texts(marks)
    assert "Hollow: a small sample, fewer than 30 customers." in texts(marks)
    assert "Too few: fewer than 10 customers, no rate." in texts(marks)


def test_the_rate_of_all_customers_stands_beside_each_group():
    marks = drawn(funnel_groups(grouped(a=(100, 10), b=(100, 30))))
    ticks = bars(marks, LIGHT.muted)
    dots = [m["x"] for m in marks if m["mark"] == "symbol" and m.get("stroke") == LIGHT.primary]
    assert [tick["x"] + tick["width"] / 2 for tick in ticks] == pytest.approx([sum(dots) / 2] * 2, abs=0.6)


def test_groups_too_small_for_rates_have_names_and_no_dots():
    marks = drawn(funnel_groups(grouped(a=(5, 2), b=(9, 9))))
    assert not [m for m in marks if m["mark"] == "symbol"]
    assert "b · 9" in texts(marks)
    assert "%" not in "".join(t for t in texts(marks) if not re.fullmatch(r"\d+%", t))  # the axis keeps its percentages


@pytest.mark.parametrize(("reached", "rate"), [((100, 0), "0%"), ((100, 100), "100%")])
def test_groups_at_the_ends_of_the_scale_are_drawn(reached, rate):
    marks = drawn(funnel_groups(grouped(a=reached, b=reached)))
    assert f"All customers: {rate}" in texts(marks)
    assert len(bars(marks, LIGHT.soft)) == 2


def test_without_a_breakdown_there_are_no_groups():
    with pytest.raises(InsightError, match="by="):
        funnel_groups(funnel_result([10, 5]))


def test_when_nobody_entered_the_groups_say_so():
    empty = grouped(a=(1, 1)).groups.iloc[:0]
    chart = funnel_groups(funnel_result([0, 0], groups=empty, by="channel"))
    assert texts(drawn(chart)) == ["Nobody did the first step in the chosen dates."]


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", PALETTES)
def test_a_picture_has_its_title_and_background(theme):
    picture = chart_picture(funnel_bars(funnel_result([40, 10]), theme=theme), "svg", theme=theme, title="A <b> & c")
    assert b"A &lt;b&gt; &amp; c" in picture
    assert f'fill="{palette(theme).background}"'.encode() in picture
    assert b"biggest" not in picture
    assert b"40 \xc2\xb7 100%" in picture


def test_a_png_is_drawn_twice_as_fine_as_it_is_wide():
    picture = chart_picture(funnel_bars(funnel_result([40, 10])).to_dict(), title="Funnel", width=900)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (1800,)


def test_another_format_is_refused():
    with pytest.raises(UnknownValue, match="gif"):
        chart_picture(funnel_bars(funnel_result([40, 10])), "gif")


# -- other ways through a funnel --------------------------------------------------------------------------------------


def with_optional(reached, names, optional):
    """A funnel whose steps at these positions may be left out; rates are counted from the required step before."""
    steps = steps_table(reached, names)
    steps["required"] = [k not in optional for k in range(len(reached))]
    before = [max((j for j in range(k) if j not in optional), default=0) for k in range(len(reached))]
    steps["step_conversion"] = [reached[k] / reached[before[k]] for k in range(len(reached))]
    return funnel_of(steps)


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_an_optional_step_is_lighter_and_nobody_is_lost_before_it(theme, narrow):
    result = with_optional([1000, 200, 600, 150], ["visit", "search", "view", "buy"], {1})
    marks, colours = drawn(funnel_bars(result, theme=theme, narrow=narrow)), palette(theme)
    assert [bar["opacity"] for bar in bars(marks, colours.primary)] == [1, 1, 1, 0.68]  # drawn after the others
    assert {"search (optional)", "visit", "view", "buy"} == {m["text"] for m in names(marks)}
    assert {t for t in texts(marks) if "↓" in t} == {
        "↓ 20.0% do this on the way",
        "↓ 60.0% go on, with or without this",
        "↓ 25.0% go on · biggest drop, 450 lost",
    }
    assert hovered(funnel_bars(result), "Lost before it") == ["–", "800", "400", "450"]


def test_a_long_optional_name_is_cut_and_still_called_optional():
    result = with_optional([1000, 200, 600], ["visit", "x" * 80, "buy"], {1})
    assert names(drawn(funnel_bars(result, narrow=True)))[1]["text"] == "x" * 16 + "… (optional)"


def opened(came, here):
    """A funnel that one may enter at any step: who came from the step before, and who entered at each."""
    reached = [a + b for a, b in zip(came, here, strict=True)]
    steps = steps_table(reached, ["visit", "view", "buy"]).assign(entered_here=here, from_previous=came)
    n = sum(here)
    steps["overall_conversion"] = [r / n for r in reached]
    steps["ci_low"], steps["ci_high"] = [0.9 * r / n for r in reached], [r / n + 0.01 for r in reached]
    steps["step_conversion"] = [1.0] + [c / r for c, r in zip(came[1:], reached[:-1], strict=True)]
    return funnel_of(steps, order="open", entered=n)


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_an_open_funnel_shows_who_entered_at_each_step(theme, narrow):
    marks = drawn(funnel_bars(opened([0, 300, 100], [600, 200, 200]), theme=theme, narrow=narrow))
    colours = palette(theme)
    full = bars(marks, colours.track)[0]["width"]
    assert [bar["width"] / full for bar in bars(marks, colours.primary)] == pytest.approx([0.3, 0.1])
    assert [(bar["width"]) / full for bar in bars(marks, colours.second)] == pytest.approx([0.54, 0.15, 0.17])
    assert {t for t in texts(marks) if "↓" in t} == {
        "↓ 50.0% go on · 200 enter here",
        "↓ 20.0% go on · biggest drop, 400 lost · 200 enter here",
    }
    assert {"600 · 60.0%", "500 · 50.0%", "300 · 30.0%", "Entered at this step", "Came from the step before"} < {
        *texts(marks)
    }


def test_a_line_between_bars_keeps_within_a_phone():
    result = with_optional([10_000_000, 9_000_000, 1_000_000, 900_000], ["a", "b", "c", "d"], {1})
    chart = funnel_bars(result, narrow=True)
    assert "↓ 10.0% go on · biggest drop, 9,000,000 lost" in texts(drawn(chart))
    between = [m for m in drawn(chart) if m["mark"] == "text" and str(m["text"]).startswith("↓")]
    assert all(m["limit"] < 350 for m in between)


def test_levels_of_any_order_say_how_many_steps():
    result = funnel_result([1000, 400, 100], ["any 1", "any 2", "any 3"], order="any")
    marks = drawn(funnel_bars(result))
    assert [m["text"] for m in names(marks)] == ["1 of 3 steps", "2 of 3 steps", "3 of 3 steps"]
    assert {t for t in texts(marks) if "↓" in t} == {
        "↓ 40.0% do one more",
        "↓ 25.0% do one more · biggest drop, 300 lost",
    }
    times = pd.DataFrame({"step": ["any 2", "any 3"], "seconds": [60, 7200], "n": [400, 100]})
    assert "From the entry to 3 of 3 steps: 100 customers" in texts(drawn(funnel_times(replace(result, times=times))))


def test_sessions_are_called_sessions():
    assert "Fewer than 10 customers: counts, no rates." in texts(
        drawn(funnel_bars(funnel_result([7, 1], unit="session")))
    )
    by_session = replace(grouped(a=(5, 1), b=(20, 5), c=(400, 90)), unit={"session_gap": "1h"})
    assert {
        "All sessions: 22.6%",
        "Too few: fewer than 10 customers, no rate.",
        "Hollow: a small sample, fewer than 30 customers.",
    } < {*texts(drawn(funnel_groups(by_session)))}


@pytest.mark.parametrize("narrow", [False, True])
def test_groups_that_differ_from_the_rest_have_a_triangle(narrow):
    result = grouped({"a": 0.001, "b": 0.05, "c": 0.2, "d": 0.001}, a=(400, 100), b=(400, 20), c=(400, 60), d=(5, 5))
    chart = funnel_groups(result, narrow=narrow)
    marks = drawn(chart)
    right = [m["text"] for m in marks if m["mark"] == "text" and m.get("align") == "right" and m["fontSize"] == 14]
    assert [text[-1] for text in right] == ["▲", "▼", "%" if narrow else ")", "w"]  # out of five there is no rate
    assert "▲ ▼ above or below all others together (q up to 0.05)" in texts(marks)
    assert hovered(chart, "Against all others") == ["q = 0.001", "q = 0.050", "q = 0.20", "q = 0.001"]
    assert "▲" not in "".join(texts(drawn(funnel_groups(grouped({"a": 0.06, "b": 0.06}, a=(400, 100), b=(400, 60))))))


# -- over time --------------------------------------------------------------------------------------------------------

NONE = (np.nan, np.nan, np.nan)
WEEKS = [
    ("2025-12-29", "partial", "start", 20, 2, (np.nan, np.nan), NONE),
    ("2026-01-05", "full", "", 100, 10, (0.055, 0.174), NONE),
    ("2026-01-12", "full", "", 200, 40, (0.15, 0.26), (0.1, 0.01, 0.17)),
    ("2026-01-19", "full", "", 20, 4, (0.08, 0.42), (0.0, -0.13, 0.22)),
    ("2026-01-26", "full", "", 5, 4, (0.38, 0.96), (0.6, 0.1, 0.8)),
    ("2026-02-02", "none", "end", 50, 1, (np.nan, np.nan), NONE),
]


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_a_trend_draws_finished_periods_and_hatches_the_rest(theme, narrow):
    chart = funnel_trend_line(trend_of(WEEKS), theme=theme, narrow=narrow)
    marks, colours = drawn(chart), palette(theme)
    dots = [m for m in marks if m["mark"] == "symbol" and m.get("stroke") == colours.primary]
    assert [dot["fill"] == colours.background for dot in dots] == [False, False, True]  # 20 customers are hollow
    heights = sorted(300 - bar["y"] for bar in bars(marks, colours.line) if bar["y"] > 240)
    assert heights == pytest.approx([50 * n / 200 for n in (5, 20, 100, 200)])
    hollow = [m for m in marks if m["mark"] == "rect" and m.get("stroke") == colours.line]
    slanted = [m for m in marks if m["mark"] == "rule" and m.get("y2") not in (None, m["y"])]
    wide = {round(m["x"]) for m in slanted}
    assert len(hollow) == len(wide) == 2
    assert hovered(chart, "Share") == [
        "unfinished: 2 of 20 so far", "10.0% (5.5–17.4%)", "20.0% (15.0–26.0%)", "20.0% (8.0–42.0%)", "too few",
        "unfinished: 1 of 50 so far",
    ]  # fmt: skip
    assert hovered(chart, "Since the period before")[2] == "+10.0 points (+1.0 to +17.0 points)"
    assert hovered(chart, "Since the period before")[4] == "–"  # out of five customers
    assert {"Hatched: not finished, or cut by the dates; no rate yet.", "Share that reached purchase"} < {*texts(marks)}


def test_rates_of_a_trend_stand_where_the_axis_says():
    marks = drawn(funnel_trend_line(trend_of(WEEKS)))
    dots = [m["y"] for m in marks if m["mark"] == "symbol" and m.get("stroke") == LIGHT.primary]
    labels = {m["text"]: m["y"] for m in marks if m["mark"] == "text" and str(m.get("text")).endswith("%")}
    per_point = (labels["0%"] - labels["20%"]) / 20
    assert [round((labels["0%"] - y) / per_point, 6) for y in dots] == [10, 20, 20]


def test_a_line_breaks_where_a_period_has_no_rate():
    weeks = [row if k != 2 else (*row[:3], 3, 1, *row[5:]) for k, row in enumerate(WEEKS)]
    spec = funnel_trend_line(trend_of(weeks)).to_dict()
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert [row["piece"] for row in spec["datasets"][line["data"]["name"]]] == [1, 2]


@pytest.mark.parametrize("n", [1, 2, 60, 500])
def test_a_trend_of_any_length_is_drawn(n):
    days = [str(day.date()) for day in pd.date_range("2024-01-01", periods=n)]
    periods = [(day, "full", "", 100, k % 7, (0.0, 0.2), NONE) for k, day in enumerate(days)]
    marks = drawn(funnel_trend_line(trend_of(periods, period="day")))
    assert len([m for m in marks if m["mark"] == "symbol" and m.get("stroke") == LIGHT.primary]) == min(n, 400)
    assert ("The latest 400 of 500 periods." in texts(marks)) == (n == 500)


def test_a_trend_without_rates_draws_who_came():
    marks = drawn(funnel_trend_line(trend_of(WEEKS[:1])))
    assert not [m for m in marks if m["mark"] == "symbol" and m.get("stroke") == LIGHT.primary]
    assert "Bars below: customers who came (the most: 20)" in texts(marks)


def test_a_trend_of_nobody_says_so():
    empty = [("2026-01-05", "partial", "both", 0, 0, (np.nan, np.nan), NONE)]
    assert texts(drawn(funnel_trend_line(trend_of(empty)))) == ["Nobody did the first step in the chosen dates."]


# -- how others would count -------------------------------------------------------------------------------------------


def peers_of(rows, n=1000):
    """Ways to count as if computed: (tool, changed, settings, reached_last); None where it is not possible."""
    ours = rows[0][3]
    table = pd.DataFrame(
        [
            {
                "tool": tool, "changed": changed, "settings": {"steps": ["visit", "buy"], **settings},
                "reached_first": pd.NA if reached is None else n,
                "reached_last": pd.NA if reached is None else reached,
                **{name: np.nan if reached is None else value(reached) for name, value in {
                    "overall_conversion": lambda r: r / n, "ci_low": lambda r: 0.9 * r / n,
                    "ci_high": lambda r: 1.1 * r / n, "difference": lambda r: (r - ours) / n,
                }.items()},
                "source": "", "note": "" if reached is not None else "The data ends too soon.",
            }
            for tool, changed, settings, reached in rows
        ]
    )  # fmt: skip
    steps = steps_table([n, ours], ["visit", "buy"])
    table = table.astype({"reached_first": "Int64", "reached_last": "Int64"})
    return FunnelPeers(tools=table, ours=funnel_of(steps))


PEERS = [
    ("ours", "", {"within": "1h"}, 100),
    ("PostHog", "within, entries", {"within": "14D"}, 120),
    ("Mixpanel", "within, entries, reentry", {"within": "7D"}, None),
    ("ours", "reentry", {"reentry": "first"}, 60),
    ("ours", "within", {"within": "14D"}, 110),
]


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_each_way_to_count_stands_beside_this_funnel(theme, narrow):
    chart = funnel_peers_dots(peers_of(PEERS), theme=theme, narrow=narrow)
    marks, colours = drawn(chart), palette(theme)
    left = [m["text"] for m in marks if m["mark"] == "text" and m.get("limit") and m["fontSize"] == 14]
    assert sorted(left) == sorted(
        ["This funnel", "PostHog", "Mixpanel", "This funnel, first attempt", "This funnel, within 14 days"]
    )
    assert [m["text"] for m in names(marks)] == ["This funnel", "PostHog", "Mixpanel"]  # the bold ones
    right = {m["text"] for m in marks if m["mark"] == "text" and m.get("align") == "right" and m["fontSize"] == 14}
    said = {"10.0%", "12.0% · +2.0", "6.0% · −4.0", "11.0% · +1.0", "not possible"}
    long = {"10.0% (9.0–11.0%)", "12.0% (10.8–13.2%) · +2.0", "6.0% (5.4–6.6%) · −4.0", "11.0% (9.9–12.1%) · +1.0"}
    assert right == (said if narrow else {*long, "not possible"})
    dots = [m["x"] for m in marks if m["mark"] == "symbol" and m.get("stroke") == colours.primary]
    assert len(dots) == 4
    lines = {round(tick["x"] + tick["width"] / 2, 1) for tick in bars(marks, colours.muted) if tick["width"] < 5}
    assert lines == {round(dots[0], 1)}
    assert hovered(chart, "Settings")[1] == "within='14D'"


def test_ways_to_count_a_handful_have_no_rates():
    marks = drawn(funnel_peers_dots(peers_of([("ours", "", {}, 1), ("PostHog", "entries", {}, 2)], n=9)))
    assert not [m for m in marks if m["mark"] == "symbol" and m.get("stroke") == LIGHT.primary]
    assert "Too few: fewer than 10 customers, no rate." in texts(marks)


# -- what a point would be worth --------------------------------------------------------------------------------------

WORTH = {
    "step": ["view", "cart", "buy"], "before": [1000, 600, 200], "reached": [600, 200, 100],
    "step_conversion": [0.6, 1 / 3, 0.5], "later_conversion": [1 / 6, 0.5, 1.0], "points": [1.0, 1.0, 1.0],
    "extra_completions": [1.7, 3.0, 2.0], "completions_low": [1.4, 2.6, 2.0], "completions_high": [2.0, 3.4, 2.0],
    "extra_revenue": [17.0, 30.0, 20.0], "revenue_low": [12.0, 22.0, 15.0], "revenue_high": [22.0, 38.0, 25.0],
}  # fmt: skip


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_what_a_point_is_worth_is_drawn_with_its_interval(theme, narrow):
    value = Value(10.0, 8.0, 12.0, 100, 90, "orders", "EUR")
    chart = funnel_worth_bars(worth_of(WORTH, ["cart"], value), theme=theme, narrow=narrow)
    marks, colours = drawn(chart), palette(theme)
    full = bars(marks, colours.track)[0]["width"]
    top = 1.05 * 3.4
    assert [bar["width"] / full for bar in bars(marks, colours.primary)] == pytest.approx(
        [1.4 / top, 2.6 / top, 2 / top]
    )
    assert [bar["width"] / full for bar in bars(marks, colours.soft)] == pytest.approx([0.6 / top, 0.8 / top])
    assert {"+1.7 · 17.00 EUR", "+3.0 · 30.00 EUR", "+2.0 · 20.00 EUR", "33.3% → 34.3% go on · brings the most"} < {
        *texts(marks)
    }
    bold = [m["text"] for m in marks if m["mark"] == "text" and m.get("fontWeight") == 600 and "→" in str(m["text"])]
    assert bold == ["33.3% → 34.3% go on · brings the most"]


def test_steps_too_close_to_tell_are_marked_together_and_no_money_is_made_up():
    table = WORTH | {name: [np.nan] * 3 for name in ("extra_revenue", "revenue_low", "revenue_high")}
    said = texts(drawn(funnel_worth_bars(worth_of(table, ["cart", "buy"]))))
    assert {"33.3% → 34.3% go on · brings the most", "50.0% → 51.0% go on · too close to tell from it"} < {*said}
    assert {"+1.7", "+3.0", "+2.0"} < {*said}


def test_without_enough_customers_there_is_no_worth_to_draw():
    few = texts(drawn(funnel_worth_bars(worth_of(WORTH, [], n=9))))
    assert few == ["Fewer than 10 customers: too few to say what a point would bring."]
    none = texts(drawn(funnel_worth_bars(worth_of(WORTH, [], completions=0))))
    assert none == ["Nobody reached the last step: what a point would bring is not known."]
