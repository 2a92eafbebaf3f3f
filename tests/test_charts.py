"""Charts of results written by hand: what is drawn, looked up in the drawing itself (a blank chart compiles, too)."""

import re
import struct
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import vl_convert

from insight.charts.durations import time_edges
from insight.charts.funnel import funnel_bars, funnel_groups, funnel_times
from insight.charts.theme import DARK, LIGHT, PALETTES, chart_picture, palette, shortened
from insight.errors import InsightError, UnknownValue
from insight.funnel.drops import biggest_drops
from tests.logs import funnel_of

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
    return steps.assign(p25_seconds=np.nan, median_seconds=np.nan, p75_seconds=np.nan, p90_seconds=np.nan)


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


def grouped(**groups):
    """A funnel by channel: each group's customers at the first and at the last step."""
    blocks = [steps_table([*reached], ["visit", "buy"]).assign(group=name) for name, reached in groups.items()]
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
    return [m for m in marks if m["mark"] == "text" and m.get("limit") and m.get("fontWeight") == 600]


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
    for mark in (colours.primary, colours.ink, colours.muted):
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
