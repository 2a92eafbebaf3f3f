"""Pictures of journeys, of results written by hand: what is drawn, looked up in the drawing itself."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.charts import paths_sankey, paths_steps, paths_ways, time_to_event_curve, transitions_matrix
from insight.charts.journeys import LEAST
from insight.charts.journeys_layout import GAP, bar_places, ribbon_places
from insight.charts.journeys_nodes import EVENTS, FIRST_MORE, FURTHER, SECOND_MORE
from insight.charts.theme import PALETTES, palette
from insight.funnel import TOO_FEW
from tests.journeys_by_hand import paths_by_hand, times_by_hand, transitions_by_hand
from tests.test_charts import ODD_NAMES, contrast, drawn, hovered, texts

BOTH = {"visit": (40, 10), "visit > view": (20, 20), "visit > view > cart": (20, 50), "search": (20, 20)}


def bars(marks):
    """The bars of a Sankey diagram by column, from the left: those with a round corner of 1."""
    found = [m for m in marks if m["mark"] == "rect" and m.get("cornerRadius") == 1]
    lefts = sorted({round(bar["x"]) for bar in found})
    return [[bar for bar in found if round(bar["x"]) == left] for left in lefts]


def ribbons(chart):
    """The flows that are drawn, one row each."""
    spec = chart.to_dict()
    layer = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "area")
    rows = pd.DataFrame(spec["datasets"][layer["data"]["name"]])
    return rows.drop_duplicates("ribbon").reset_index(drop=True)


def cells(marks):
    """The cells of a matrix: the text and the colour of each, row by row from the left."""
    boxes = [m for m in marks if m["mark"] == "rect" and m.get("cornerRadius") == 3 and m.get("opacity") != 0]
    found = {}
    for box in boxes:
        inside = [m for m in marks if m["mark"] == "text" and 0 < m["x"] - box["x"] < box["width"]]
        inside = [m for m in inside if 0 < m["y"] - box["y"] < box["height"]]
        found[round(box["y"]), round(box["x"])] = (inside[0], box["fill"])
    return [found[place] for place in sorted(found)]


# -- where bars and ribbons stand -------------------------------------------------------------------------------------

COLUMNS = st.lists(st.lists(st.integers(1, 1000), min_size=1, max_size=9), min_size=2, max_size=6)


def laid_out(columns, height):
    rows = [
        {"column": at, "event": f"{k}", "size": n / sum(own), "sinks": k == len(own) - 1 and k > 0}
        for at, own in enumerate(columns)
        for k, n in enumerate(own)
    ]
    bars = bar_places(pd.DataFrame(rows), height)
    return bars.assign(left=bars["column"] / 10, right=bars["column"] / 10 + 0.01)


@settings(max_examples=60, deadline=None)
@given(COLUMNS)
def test_bars_of_a_column_never_overlap_and_all_columns_are_equally_tall(columns):
    placed = laid_out(columns, 480.0)
    tall = (placed["bottom"] - placed["top"]).groupby(placed["column"]).sum()
    assert tall.to_numpy() == pytest.approx(tall.iloc[0])
    assert placed["top"].min() >= -1e-9
    assert placed["bottom"].max() <= 480 + 1e-9
    for _column, own in placed.groupby("column"):
        gaps = own["top"].to_numpy()[1:] - own["bottom"].to_numpy()[:-1]
        assert (gaps >= GAP - 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=9, max_size=9))
def test_ribbons_fill_the_bars_they_join(counts):
    """Between two columns of three, whatever flows: at both ends ribbons lie one below the other without a gap."""
    flows = pd.DataFrame(
        {"column": 0, "source": np.repeat(["0", "1", "2"], 3), "target": ["0", "1", "2"] * 3, "size": counts}
    )
    flows["size"] = flows["size"] / flows["size"].sum()
    sides = [flows.groupby(side)["size"].sum() for side in ("source", "target")]
    rows = [
        {"column": at, "event": e, "size": s, "sinks": False} for at, own in enumerate(sides) for e, s in own.items()
    ]
    placed = bar_places(pd.DataFrame(rows), 300.0).assign(
        left=lambda b: b["column"] * 0.9, right=lambda b: b["left"] + 0.1
    )
    drawn_ones = ribbon_places(flows, placed)
    ends = drawn_ones.groupby("ribbon").agg(["first", "last"])
    for at, (side, end) in enumerate({"source": "first", "target": "last"}.items()):
        for event, bar in placed[placed["column"] == at].set_index("event").iterrows():
            own = ends[ends[side, "first"] == event].sort_values(("upper", end))
            uppers, lowers = own["upper", end].to_numpy(), own["lower", end].to_numpy()
            assert [*uppers, bar["bottom"]] == pytest.approx([bar["top"], *lowers])


# -- the Sankey diagram -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", PALETTES)
def test_every_column_is_drawn_equally_tall_and_says_its_shares(theme):
    marks = drawn(paths_sankey(paths_by_hand(repeated={"view": 2.4}), theme=theme))
    columns = bars(marks)
    assert len(columns) == 6
    tall = [sum(bar["height"] for bar in own) for own in columns]
    assert tall == pytest.approx([tall[0]] * 6)
    said = [text for text in texts(marks) if "%" in text or "customers" in text]
    assert said[: len(said) // 2] == [  # each with its outline
        "100 customers", "100% visit", "50% view ×2.4", "50% no further action", "30% cart", "70% no further action",
        "10% buy", "90% no further action", "100% no further action",
    ]  # fmt: skip
    assert [t for t in texts(marks) if t.startswith(("Start", "Step"))] == [
        "Start",
        *(f"Step {k}" for k in range(1, 6)),
    ]
    assert "Each column adds up to 100 customers." in texts(marks)
    assert "A ribbon is one hop: it does not know what came before." in texts(marks)


def test_who_does_nothing_further_stands_on_the_floor_of_every_later_column():
    columns = bars(drawn(paths_sankey(paths_by_hand())))
    floors = [max(bar["y"] + bar["height"] for bar in own) for own in columns[2:]]
    greys = [
        [bar["fill"] for bar in own if bar["y"] + bar["height"] == pytest.approx(floors[0])] for own in columns[2:]
    ]
    assert floors == pytest.approx([floors[0]] * 4)
    assert greys == [[palette("light").line]] * 4


def test_an_event_has_one_colour_in_all_columns_and_beyond_eight_a_neutral_one():
    ways = {f"e{k} > e{(k + 1) % 10}": 50 - k for k in range(10)}
    nodes = bars(drawn(paths_sankey(paths_by_hand(ways, top=10, depth=2))))
    fills = [[bar["fill"] for bar in own] for own in nodes[1:3]]
    assert fills[0] == fills[1]
    assert fills[0][:8] == list(EVENTS["light"])
    assert set(fills[0][8:]) == {FURTHER["light"]}


@pytest.mark.parametrize(("least", "n"), [(0, 11), (0.2, 9), (0.6, 3)])
def test_hiding_small_flows_changes_the_drawing_of_ribbons_and_nothing_else(least, n):
    chart, whole = paths_sankey(paths_by_hand(), least=least), paths_sankey(paths_by_hand(), least=0)
    assert len(ribbons(chart)) == n
    assert [[b["height"] for b in own] for own in bars(drawn(chart))] == [
        [b["height"] for b in own] for own in bars(drawn(whole))
    ]
    hidden = 11 - n
    said = [text for text in texts(drawn(chart)) if "drawn" in text]
    assert said == ([f"{hidden} flows below {least:.1%} are not drawn."] if hidden else [])


def test_the_usual_picture_hides_what_is_thinner_than_a_hair():
    ways = {"visit": 999, "visit > buy": 1}
    assert ribbons(paths_sankey(paths_by_hand(ways)))["to"].tolist().count("buy") == 0
    assert ribbons(paths_sankey(paths_by_hand(ways), least=0))["to"].tolist().count("buy") == 1
    assert LEAST > 1 / 1000


def test_the_pointer_finds_where_a_ribbon_comes_from_and_how_many_take_it():
    chart = paths_sankey(paths_by_hand())
    row = ribbons(chart).set_index(["from", "to"]).loc[("view", "cart")]
    assert row[["people", "of_all", "of_source"]].tolist() == ["30", "30.0%", "60.0%"]
    assert row[["position", "source", "target"]].tolist() == [2, "view", "cart"]  # the address of its people
    assert hovered(chart, "Event")[:3] == ["Start", "visit", "view"]


def test_on_a_phone_three_steps_are_drawn_and_it_says_so():
    marks = drawn(paths_sankey(paths_by_hand(), narrow=True))
    assert len(bars(marks)) == 4
    assert "4 of 6 columns: Start to Step 3; the step matrix has all." in texts(marks)
    assert "50% ended" in texts(marks)
    assert all(m["x"] < 350 for m in marks if m["mark"] == "rect")


def test_a_deep_path_is_drawn_in_pieces():
    ways = {" > ".join("ab"[k % 2] for k in range(20)): 30}
    result = paths_by_hand(ways, depth=20)
    marks = drawn(paths_sankey(result))
    assert len(bars(marks)) == 7
    assert "7 of 21 columns: Start to Step 6; the step matrix has all." in texts(marks)
    later = drawn(paths_sankey(result, first=12))
    assert "6 of 21 columns: Step 12 to Step 17; the step matrix has all." in texts(later)
    assert "6 of 21 columns: Step 15 to Step 20; the step matrix has all." in texts(
        drawn(paths_sankey(result, first=19))
    )


def test_columns_in_which_all_only_wait_are_left_away():
    marks = drawn(paths_sankey(paths_by_hand({"visit": 30, "visit > buy": 10})))
    assert len(bars(marks)) == 4  # start, visit, buy or nothing, nothing
    assert not [text for text in texts(marks) if "columns" in text]


def test_paths_to_a_goal_end_with_it_on_the_right():
    ways = {"visit > cart > buy": 30, "cart > buy": 20, "buy": 10}
    marks = drawn(paths_sankey(paths_by_hand(ways, before="buy", depth=2)))
    assert [t for t in texts(marks) if "before" in t and "%" not in t and "hop" not in t] == ["2 before", "1 before"]
    assert "buy" in texts(marks)
    assert {"50% visit", "50% nothing before", "83% cart", "17% nothing before", "100% buy"} <= set(texts(marks))
    assert max(len(own) for own in bars(marks)) == 2


def test_between_two_events_those_who_arrived_wait_for_the_others():
    ways = {"visit > buy": 20, "visit > view > buy": 10, "visit > view > cart > view > cart > buy": 10}
    marks = drawn(paths_sankey(paths_by_hand(ways, after="visit", before="buy", depth=4)))
    assert {"50% buy", "50% view", "50% arrived", "25% more steps", "75% arrived"} <= set(texts(marks))
    tall = [sum(bar["height"] for bar in own) for own in bars(marks)]
    assert tall == pytest.approx([tall[0]] * len(tall))


@pytest.mark.parametrize("theme", PALETTES)
def test_two_groups_stand_in_one_picture_and_colour_means_a_clear_difference(theme):
    chart = paths_sankey(paths_by_hand(BOTH, groups=("old", "new")), theme=theme)
    marks, colours = drawn(chart), palette(theme)
    assert "80% : 80% visit" in texts(marks)
    assert "100 : 100" in texts(marks)
    fills = [bar["fill"] for own in bars(marks) for bar in own]
    assert set(fills) <= {colours.muted, FIRST_MORE[theme], SECOND_MORE[theme]}
    second = [bar["fill"] for bar in bars(marks)[2]]
    assert second == [SECOND_MORE[theme], FIRST_MORE[theme]]  # view: 40 : 70, no further action: 60 : 30
    assert {"More often: old", "More often: new", "No clear difference (95% interval)"} <= set(texts(marks))
    flow = ribbons(chart).set_index(["from", "to"]).loc[("view", "cart")]
    assert flow["both"] == "20.0% : 50.0%"
    assert flow["said"] == "−30.0 (−41.7 to −16.9 points)"
    tall = [sum(bar["height"] for bar in own) for own in bars(marks)]
    assert tall == pytest.approx([tall[0]] * len(tall))


def test_groups_that_do_not_differ_have_no_colour():
    same = {path: (n, n) for path, n in {"visit": 50, "visit > buy": 30}.items()}
    fills = [bar["fill"] for own in bars(drawn(paths_sankey(paths_by_hand(same, groups=("a", "b"))))) for bar in own]
    assert set(fills) == {palette("light").muted}


def test_of_few_people_there_are_counts_and_no_shares():
    few = {"visit": 4, "visit > buy": TOO_FEW - 5}
    for picture in (paths_sankey, paths_steps, paths_ways):
        marks = drawn(picture(paths_by_hand(few)))
        assert not [text for text in texts(marks) if "%" in text]
    assert "Fewer than 10: counts, no shares." in texts(drawn(paths_sankey(paths_by_hand(few))))
    assert "5 buy" in texts(drawn(paths_sankey(paths_by_hand(few))))
    enough = {"visit": 5, "visit > buy": TOO_FEW - 5}
    assert "50% buy" in texts(drawn(paths_sankey(paths_by_hand(enough))))
    assert "Small sample: fewer than 30." in texts(drawn(paths_sankey(paths_by_hand(enough))))


def test_of_few_people_in_a_group_no_difference_has_a_colour():
    few = {"visit": (8, 0), "buy": (0, 400)}
    marks = drawn(paths_sankey(paths_by_hand(few, groups=("a", "b"))))
    assert {bar["fill"] for own in bars(marks) for bar in own} == {palette("light").muted}
    assert "8 : 0 visit" in texts(marks)


def test_names_of_two_hundred_events_stay_apart():
    ways = {f"/shop/category/a-product-with-a-long-name-{k:03}": 400 - k for k in range(200)}
    marks = drawn(paths_sankey(paths_by_hand(ways, depth=2)))
    ours = sorted({round(m["y"], 3) for m in marks if m["mark"] == "text" and "/shop" in str(m["text"])})
    assert len(ours) == 8
    assert min(np.diff(ours)) >= 15  # a line of text is 12 pixels tall
    assert [t for t in texts(marks) if "Other (192 kinds)" in t]


# -- the matrices -----------------------------------------------------------------------------------------------------


def test_the_step_matrix_has_the_shares_of_every_step():
    marks = drawn(paths_steps(paths_by_hand()))
    assert [text["text"] for text, _fill in cells(marks)] == [
        *("100%", "50%", "30%", "10%"),
        *("50%", "70%", "90%", "100%"),
    ]
    named = ["visit", "view", "cart", "buy", "no further action"]
    assert [text for text in texts(marks) if text in named] == named


def test_rare_events_of_the_step_matrix_are_one_row():
    ways = {f"e{k:02}": 100 - k for k in range(30)}
    marks = drawn(paths_steps(paths_by_hand(ways, depth=2)))
    assert len([text for text in texts(marks) if text.startswith("e")]) == 16
    assert "Other (14 kinds)" in texts(marks)


def test_the_step_matrix_of_two_groups_has_differences_in_points():
    marks = drawn(paths_steps(paths_by_hand(BOTH, groups=("old", "new"))))
    found = {text["text"]: fill for text, fill in cells(marks)}
    assert found["−30.0"] == SECOND_MORE["light"]
    assert found["+30.0"] == FIRST_MORE["light"]
    assert found["0.0"] == palette("light").track


@pytest.mark.parametrize(("theme", "narrow"), [("light", False), ("dark", True)])
def test_numbers_in_cells_can_be_read(theme, narrow):
    result = paths_by_hand({f"e{k}": 2**k for k in range(9)}, depth=2)
    for text, fill in cells(drawn(paths_steps(result, theme=theme, narrow=narrow))):
        assert contrast(text["fill"], fill) >= 4.5


def test_each_row_of_the_transition_matrix_is_all_that_leaves_an_event():
    chart = transitions_matrix(transitions_by_hand({"visit view buy": 30, "visit": 60, "view buy": 10}))
    marks = drawn(chart)
    assert [text["text"] for text, _fill in cells(marks)] == ["90%", "10%", "33%", "67%", "100%", "100%"]
    assert "Each row adds up to 100%." in texts(marks)
    assert hovered(chart, "Times")[:2] == ["90", "10"]


def test_customers_of_a_transition_are_of_those_who_have_the_event():
    result = transitions_by_hand({"visit view visit view": 10, "visit": 10})
    marks = drawn(transitions_matrix(result, people=True))
    shares = [text["text"] for text, _fill in cells(marks)]
    assert shares == ["100%", "50%", "50%", "100%", "100%"]  # visit: half go on to view, half end, at some time
    assert not [text for text in texts(marks) if "adds up" in text]


def test_many_kinds_of_transition_are_added_up_in_other():
    chart = transitions_matrix(transitions_by_hand({f"hub e{k:02}": 50 - k for k in range(30)}))
    assert "Other (19 kinds)" in hovered(chart, "To")
    assert "The 12 commonest of 31 kinds of event." in texts(drawn(chart))


# -- whole paths ------------------------------------------------------------------------------------------------------


def test_whole_paths_say_what_was_done_and_where_they_end():
    marks = drawn(paths_ways(paths_by_hand(repeated={"view": 2.4}, depth=4)))
    assert texts(marks) == [
        "visit → no further action",
        "visit → view\u00a0×2.4 → no further action".replace("\u00a0", " "),
        "visit → view ×2.4 → cart → no further action",
        "visit → view ×2.4 → cart → buy",
        "50 · 50%", "20 · 20%", "20 · 20%", "10 · 10%",
    ]  # fmt: skip
    widths = [m["width"] for m in marks if m["mark"] == "rect" and m.get("opacity") != 0]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 0.4, 0.4, 0.2])


def test_a_long_path_takes_two_lines_and_no_more():
    ways = {" > ".join(f"an event with a longer name {k}" for k in range(12)): 30}
    lines = [t for t in texts(drawn(paths_ways(paths_by_hand(ways, depth=12)))) if "event" in t]
    assert len(lines) == 2
    assert lines[1].endswith("…")


def test_paths_of_two_groups_have_a_bar_each():
    marks = drawn(paths_ways(paths_by_hand(BOTH, groups=("old", "new"), depth=3)))
    assert "20% : 50%" in texts(marks)
    first = [m for m in marks if m["mark"] == "rect" and m.get("fill") == FIRST_MORE["light"] and m["height"] < 8]
    assert len(first) == 4
    assert "The 8 commonest" not in " ".join(texts(marks))


# -- time -------------------------------------------------------------------------------------------------------------

HOUR = 3600


def test_the_curve_marks_when_half_have_arrived_and_counts_who_is_left():
    seconds = [k * HOUR for k in range(1, 41)]
    marks = drawn(time_to_event_curve(times_by_hand({"": (seconds, [True] * 20 + [False] * 20)})))
    assert [text for text in texts(marks) if text.startswith("Half")] == ["Half: 20 h"] * 2
    assert "Not there yet, and still observed" in texts(marks)
    risk = [text for text in texts(marks) if text.isdigit()]
    assert risk[0] == "40"
    assert [int(n) for n in risk] == sorted(map(int, risk), reverse=True)
    line = next(m for m in marks if m["mark"] == "line")
    assert line


def test_without_half_there_is_no_mark():
    result = times_by_hand({"": ([HOUR] * 10 + [9 * HOUR] * 90, [True] * 10 + [False] * 90)})
    assert not [text for text in texts(drawn(time_to_event_curve(result))) if "Half" in text]


def test_the_curve_ends_where_fewer_than_ten_are_still_observed():
    result = times_by_hand({"": ([k * HOUR for k in range(1, 41)], [True] * 20 + [False] * 20)})
    spec = time_to_event_curve(result).to_dict()
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert max(row["x"] for row in spec["datasets"][line["data"]["name"]]) == 31  # then 10 of 40 are left


def test_groups_of_times_are_named_with_their_numbers():
    many = [k * HOUR for k in range(1, 31)]
    result = times_by_hand(
        {"ads": (many, [True] * 30), "mail": (many, [False] * 15 + [True] * 15), "tv": ([1], [True])}
    )
    said = texts(drawn(time_to_event_curve(result)))
    assert "ads: 30 of 30, half within 15 h" in said
    assert "mail: 15 of 30 arrived" in said
    assert not [text for text in said if text.startswith("tv")]
    assert "1 more group is not drawn." in said


def test_where_nobody_arrived_the_picture_says_so():
    assert texts(drawn(time_to_event_curve(times_by_hand({"": ([HOUR] * 20, [False] * 20)})))) == [
        "Nobody was seen to get there."
    ]


# -- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), [("light", False), ("dark", True)])
def test_all_pictures_are_drawn_in_both_themes_and_widths_whatever_the_names(theme, narrow):
    ways = {" > ".join(ODD_NAMES[:k]): (20, 10 * k) for k in range(1, 5)}
    times = {name: ([k * HOUR for k in range(1, 31)], [k % 2 > 0 for k in range(30)]) for name in ODD_NAMES[:2]}
    charts = []
    for picture in (paths_sankey, paths_steps, paths_ways):
        for groups in (None, tuple(ODD_NAMES[:2])):
            charts.append(picture(paths_by_hand(ways, groups=groups), theme=theme, narrow=narrow))
    odd = transitions_by_hand({"|".join(ODD_NAMES): 20}, between="|")
    charts += [transitions_matrix(odd, people=people, theme=theme, narrow=narrow) for people in (False, True)]
    charts.append(time_to_event_curve(times_by_hand(times), theme=theme, narrow=narrow))
    for chart in charts:
        marks = drawn(chart)
        assert [m for m in marks if m["mark"] in ("rect", "area", "line")]
        assert chart.to_dict()["description"]


@pytest.mark.parametrize("picture", [paths_sankey, paths_steps, paths_ways])
def test_of_nobody_there_is_a_sentence(picture):
    nobody = replace(paths_by_hand(), n_units=0)
    assert texts(drawn(picture(nobody))) == ["Nobody has such a path in the chosen dates."]


@pytest.mark.parametrize("theme", PALETTES)
def test_colours_of_events_can_be_seen_and_two_groups_be_told_apart_by_everybody(theme):
    own = (*EVENTS[theme], FURTHER[theme], FIRST_MORE[theme], SECOND_MORE[theme])
    assert min(contrast(colour, palette(theme).background) for colour in own) >= 3  # WCAG 2.2, 1.4.11
    for sight in SIGHTS.values():
        first, second = (sight @ linear(colour) for colour in (FIRST_MORE[theme], SECOND_MORE[theme]))
        assert np.abs(first - second).max() > 0.25


def linear(colour):
    channels = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


# what eyes without one kind of cone see, in linear RGB: Machado, Oliveira & Fernandes 2009, IEEE TVCG 15:1291
SIGHTS = {
    "protan": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deutan": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritan": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
