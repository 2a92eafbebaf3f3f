"""The Segments page: the map, limits and names of one's own, who moved, what is expected, and all its states."""

import json

import pandas as pd
import pytest

from insight import sample
from insight.rfm import SEGMENTS
from tests.app import FUNNEL, everything_shown, go, open_page, upload
from ui.link import encode
from ui.segments.limits import moved
from ui.segments.names import is_grid
from ui.session import sources

PAGE = "pages/decide/segments.py"
TABS = ["segments", "movement", "limits", "top", "names"]
LIMITS = {"days_since_last": [193, 120, 67, 25], "orders": [2, 3, 4, 7], "revenue": [36.82, 59.9, 99.71, 194.23]}
OWN = [["Stars"] * 5, ["Stars"] * 5, ["Rest"] * 5, ["Rest"] * 5, ["Rest"] * 5]
PEOPLE, MOVED, MOVERS = "segments.people", "segments.moved", "segments.movers"


def file(rows, header="order_id,customer_id,order_date,amount"):
    return "\n".join([header, *rows]).encode()


FILES = {
    "four buyers": file(f"{k},c{k},2026-01-0{k + 1},{3 * k + 1}" for k in range(4)),
    "one buyer": file(["1,a,2026-01-01,5"]),
    "equal amounts": file(f"{k},c{k},2026-01-{k % 20 + 1:02},5" for k in range(40)),
    "more refunded than bought": file(
        [*(f"{k},c{k},2026-01-{k + 1:02},5" for k in range(20)), "99,c3,2026-01-25,-500"]
    ),
    "one day": file(f"{k},c{k},2026-01-01,{k + 1}" for k in range(19)),
}
REFUSED = {
    "several currencies": (
        file(["1,a,2026-01-01,5,EUR", "2,b,2026-01-02,6,USD"], "order_id,customer_id,order_date,amount,currency"),
        "several currencies",
    ),
    "refunds only": (file(["1,a,2026-01-01,-5", "2,b,2026-01-02,-6"]), "Nobody has a purchase up to"),
}


def said(at):
    return " ".join(markdown.value for markdown in at.markdown).replace("\\", "")


@pytest.fixture
def shop():
    return open_page(PAGE, data="shop")


def test_the_page_opens_on_its_sentence_and_lists_the_segments(shop):
    assert shop.markdown[0].value.startswith("**496 customers** had bought something by 31 Dec 2025, for 71,367 in all")
    table = shop.dataframe[0].value.set_index("Segment")
    assert table.loc["Champions"].tolist() == ["104", "21.0%", "32,103", "45.0%", "61.50", "22"]
    assert table.loc["About to sleep", "Average order"] == "–"
    assert "- **Champions**: Bought lately, often and for much." in said(shop)


@pytest.mark.parametrize("show", TABS)
def test_every_tab_opens_with_and_without_limits_and_names(show):
    assert not open_page(PAGE, data="shop", show=show).error
    at = open_page(PAGE, data="shop", show=show, limits=encode(LIMITS), names=encode(OWN), margin="0.4")
    assert not at.error
    assert not at.warning
    assert "**Stars** are" in at.markdown[0].value


def test_the_people_of_a_segment_are_as_many_as_the_map_says_and_are_kept_under_its_name(shop):
    shop.selectbox(key=PEOPLE).set_value({"segment": "Champions"}).run()
    assert "**104** customers are in the segment Champions." in said(shop)
    assert "Show them new things first" in said(shop)
    name = next(box for box in shop.text_input if box.label == "Keep them as an audience called")
    assert name.value == "Champions"
    shop.button(key="segments.people.keep").click().run()
    assert not shop.exception
    groups = go(shop, FUNNEL).selectbox(key="funnel.by.0")
    assert "Audience: Champions" in groups.options


def test_champions_are_an_audience_to_compare_by_elsewhere():
    rule = {"members": "rfm", "settings": {}, "cell": {"segment": "Champions"}}
    by = encode({"audience": "Champions", "rule": rule})
    at = open_page("pages/explore/churn.py", data="shop", by=by, show="groups")
    assert not at.error
    shares = at.dataframe[0].value.set_index("group")["n_customers"]
    assert shares.sum() == 218  # as many as are rated without groups
    assert "Champions" in at.dataframe[0].value["group"].str.cat()


# -- limits -----------------------------------------------------------------------------------------------------------


def test_limits_start_where_the_fifths_are_and_a_slider_moves_people_and_money(shop):
    mode = next(control for control in shop.segmented_control if control.label == "Scores by")
    mode.set_value(True).run()
    assert "Scores follow limits of your own" in shop.markdown[0].value
    assert [slider.value for slider in shop.slider] == [193, 120, 67, 25]
    champions = shop.dataframe[0].value["Customers"][0]
    assert champions == "104"
    shop.slider[3].set_value(10).run()
    assert not shop.exception
    assert shop.dataframe[0].value["Customers"][0] == "104"  # recency 4 and 5 are both Champions
    shop.slider[2].set_value(30).run()
    assert int(shop.dataframe[0].value["Customers"][0]) < 104
    assert "30" in str(shop.query_params["limits"])


def test_a_limit_moved_past_another_takes_it_along(shop):
    next(control for control in shop.segmented_control if control.label == "Scores by").set_value(True).run()
    shop.slider[3].set_value(100).run()
    assert [slider.value for slider in shop.slider] == [193, 120, 100, 100]
    shop.button(key="segments.limits.back").click().run()
    assert [slider.value for slider in shop.slider] == [193, 120, 67, 25]


@pytest.mark.parametrize("limits", [{"orders": [2, 3, None, None]}, {"revenue": [-5.5, 0, 9, None]}])
def test_limits_of_a_link_are_shown(limits):
    at = open_page(PAGE, data="shop", limits=encode(limits))
    assert not at.warning
    assert "Scores follow limits of your own" in at.markdown[0].value


@pytest.mark.parametrize(
    "limits",
    [{"orders": [2.5, 3, 4, 5]}, {"days_since_last": [10**12, 3, 2, 1]}, {"orders": [4, 3, 2, 1]}, {"clicks": [1, 2]}],
)
def test_limits_that_no_input_can_show_are_refused(limits):
    at = open_page(PAGE, data="shop", limits=encode(limits))
    assert "could not be used (limits)" in at.warning[0].value
    assert "Scores are fifths" in at.markdown[0].value


def test_a_day_to_compare_with_may_lie_outside_the_filter():
    at = open_page(PAGE, data="shop", show="movement", before="2025-02-01", **{"from": "2025-10-01"})
    assert not at.exception
    assert "lies before the first row" in at.error[0].value


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("value", [0, 4, 5, 11, 99])
def test_moved_limits_stay_in_order_and_change_as_little_as_possible(falling, place, value):
    limits = [20, 10, 5, 2] if falling else [2, 5, 10, 20]
    found = moved(limits, place, value, falling=falling)
    assert found[place] == value
    assert found == sorted(found, reverse=falling)
    assert all(new in (old, value) for old, new in zip(limits, found, strict=True))
    kept = [*limits[:place], value, *limits[place + 1 :]]
    assert found == kept or kept != sorted(kept, reverse=falling)


def test_the_tab_of_limits_says_whom_they_move_and_with_how_much_revenue():
    at = open_page(PAGE, data="shop", show="limits", limits=encode({"orders": [2, 3, 4, 7]}))
    assert "Your limits take **97** of 496 customers to another segment than fifths would, with 8,625" in said(at)
    table = at.dataframe[0].value.set_index("Segment")
    assert table.loc["Champions", "Customers"] == "104 → 87"
    assert table.loc["Champions", "Revenue"] == "32,103 → 29,798"
    cell = {"from_segment": "Champions", "segment": "Potential loyal"}
    at.selectbox(key=MOVED).set_value(cell).run()
    assert "**17** customers are in Potential loyal, and by fifths would be in Champions." in said(at)


def test_how_many_have_each_score_is_a_table_and_an_empty_score_is_said():
    at = open_page(PAGE, data="shop", show="limits")
    scores = at.dataframe[0].value.set_index("Score")
    assert scores["Frequency: customers"].tolist() == ["100", "55", "105", "236", "0"]
    assert scores["Orders"].tolist() == ["4 to 22", "3", "2", "1", "nobody"]


# -- names ------------------------------------------------------------------------------------------------------------


SHORT_ROW, EMPTY_NAME = [["a"] * 4, ["a"] * 6, *[["a"] * 5] * 3], [["a"] * 5] * 4 + [["a"] * 4 + [" "]]


@pytest.mark.parametrize("grid", [SEGMENTS, OWN])
def test_five_lists_of_five_names_are_a_grid(grid):
    assert is_grid(grid)


@pytest.mark.parametrize("grid", [[["a"] * 5] * 4, SHORT_ROW, EMPTY_NAME, [["a" * 41] * 5] * 5, "x", [1, 2, 3, 4, 5]])
def test_what_leaves_a_field_without_a_name_is_none(grid):
    assert not is_grid(grid)


def test_a_name_written_into_a_field_is_a_segment(monkeypatch):
    """The grid is drawn on a canvas, which no test can write into reliably: what it gives back is said here."""
    monkeypatch.setattr("streamlit.data_editor", lambda rows, **_look: rows.assign(**{"FM 1": "Fresh"}))
    at = open_page(PAGE, data="shop", show="names")
    assert "Segments now: " in everything_shown(at)
    assert json.loads(at.query_params["names"])[0][:2] == ["Fresh", "New"]


def test_names_of_one_s_own_make_the_segments_and_there_is_a_way_back():
    at = open_page(PAGE, data="shop", names=encode(OWN))
    table = at.dataframe[0].value
    assert table["Segment"].tolist() == ["Stars", "Rest"]
    assert table["Customers"].astype(int).sum() == 496
    assert "- **Stars**: Recency scores 4 to 5, FM scores 1 to 5." in said(at)
    at = open_page(PAGE, data="shop", names=encode(OWN), show="names")
    at.button(key="segments.names.back").click().run()
    assert not at.exception
    assert "**Champions** are" in at.markdown[0].value
    assert "names" not in at.query_params


# -- movement, value --------------------------------------------------------------------------------------------------


def test_who_moved_says_who_came_up_and_who_slipped_and_has_the_people():
    at = open_page(PAGE, data="shop", show="movement", before="2025-10-01")
    assert "Of **357 customers** with a purchase by 1 Oct 2025, **110 (30.8%)** were in the same segment" in said(at)
    assert "**50** of 79 Champions slipped, most to At risk (38)." in said(at)
    at.selectbox(key=MOVERS).set_value({"from_segment": "Champions", "to_segment": "At risk"}).run()
    assert "**38** customers were in Champions on 1 Oct 2025 and in At risk at the end." in said(at)


def test_what_segments_are_expected_to_bring_needs_a_margin_and_adds_up(shop):
    assert "depends on **your gross margin**" in said(shop)
    at = open_page(PAGE, data="shop", margin="0.4")
    table = next(one.value for one in at.dataframe if "Expected value" in one.value)
    counted = at.dataframe[0].value.set_index("Segment")["Customers"]
    assert table.set_index("Segment")["Customers"].to_dict() == counted[counted != "0"].to_dict()
    total = table["Expected value"].str.replace(",", "").astype(float).sum()
    assert f"**{total:,.0f}** at a margin of 40%" in said(at)
    assert table["Interval"].str.contains(" to ").all()


def test_limits_move_expected_value_between_segments_and_make_none():
    at = open_page(PAGE, data="shop", show="limits", limits=encode({"orders": [2, 3, 4, 7]}), margin="0.4")
    table = next(one.value for one in at.dataframe if "Change" in one.value).set_index("Segment")
    change = table["Change"].str.replace(",", "").str.replace("−", "-").astype(float)
    assert change["Champions"] < 0 < change["About to sleep"]
    assert abs(change.sum()) < 5  # each is rounded


def test_a_file_too_small_for_a_model_says_why_there_is_no_value():
    at = go(upload(open_page(), FILES["equal amounts"]), PAGE)
    next(one for one in at.number_input if one.label == "Your gross margin, in %").set_value(40).run()
    assert not at.exception
    assert any("100 customers" in error.value for error in at.error)


# -- states -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", ["movement", "limits"])
@pytest.mark.parametrize("name", FILES)
def test_small_and_odd_files_are_shown(name, show):
    at = upload(open_page(), FILES[name])
    at.session_state["segments.show"] = show
    at = go(at, PAGE)
    assert not at.error
    assert "had bought something by" in at.markdown[0].value


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_scored_is_refused_in_words(name):
    content, message = REFUSED[name]
    at = go(upload(open_page(), content), PAGE)
    assert message in at.error[0].value.replace("\\", "")
    assert "As of" in [one.label for one in at.date_input]  # another day may help


def test_one_day_of_data_has_no_movement():
    at = upload(open_page(), FILES["one day"])
    at.session_state["segments.show"] = "movement"
    assert "Movement needs two days of data." in said(go(at, PAGE))


def test_customers_without_a_purchase_are_people_too():
    at = go(upload(open_page(), file(["1,a,2026-01-01,5", "2,b,2026-01-02,-6"])), PAGE)
    at.selectbox(key=PEOPLE).set_value({"without_purchase": True}).run()
    assert "**1** customer have no purchase, only refunds or free orders." in said(at)
    assert isinstance(at.dataframe[0].value, pd.DataFrame)


def test_on_a_source_of_the_server_the_page_says_the_same(tmp_path, monkeypatch):
    sample("shop_orders").frame.drop(columns="amount_minor").to_parquet(tmp_path / "orders.parquet", index=False)
    monkeypatch.setenv("INSIGHT_SOURCE_TILL_ORDERS", f"{tmp_path}/*.parquet")
    sources.shelf.clear()
    at = open_page()
    at.button(key="source.till").click().run()
    at = go(at, PAGE)
    assert at.markdown[0].value.startswith("**496 customers** had bought something by 31 Dec 2025, for 71,367 in all")
    at.selectbox(key=PEOPLE).set_value({"segment": "Champions"}).run()
    assert not at.exception
    assert "**104** customers are in the segment Champions." in said(at)
    assert "its customers are not listed here" in said(at)
    sources.shelf.clear()
