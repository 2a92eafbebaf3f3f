"""The Journeys page as a visitor uses it: settings, clean-up, people, groups, links, without a browser."""

import json

import pyarrow as pa
import pytest

from insight import paths, sample
from insight.journeys import paths_members
from tests.app import everything_shown, go, open_page, upload

JOURNEYS = "pages/explore/journeys.py"
ONE_KIND = b"customer_id,event,timestamp\n" + b"".join(b"c%d,visit,2026-01-%02d\n" % (k, k % 9 + 1) for k in range(40))
SHOP_PAGES = b"customer_id,event,timestamp\n" + b"".join(
    b"c%d,/shop/%s/%d?from=mail,2026-01-%02d 10:%02d\n"
    % (k % 60, (b"tea", b"cups", b"pots")[k % 3], k, k % 20 + 1, k % 60)
    for k in range(180)
)


def picture(at):
    """What the Sankey diagram of the page shows: column of its data -> all values."""
    found = {}
    for dataset in at.get("vega_lite_chart")[0].proto.datasets:
        for column, values in pa.ipc.open_stream(dataset.data.data).read_all().to_pydict().items():
            found.setdefault(column, []).extend(values)
    return found


def shown(at):
    """All that the page shows, with the names of events as they are."""
    return everything_shown(at).replace("\\", "")


def reading(at):
    return at.main.markdown[0].value


def click(at, selection, **mark):
    """What the browser sends when a mark is clicked: the mark, and of it what the other selection knows."""
    other = {"position": mark["position"]}
    names = {"bar": "ribbon", "ribbon": "bar"}
    at.session_state["journeys.picture"] = {"selection": {selection: [mark], names[selection]: [other]}}
    return at.run()


def test_the_page_opens_on_a_sentence_and_a_picture():
    at = open_page(JOURNEYS, data="shop")
    assert reading(at).startswith("**99.9%** of 3,990 customers begin with **visit**")
    assert "Each column adds up to 3,990 customers." in picture(at)["note"]
    assert at.query_params == {"data": "shop"}


def test_a_link_restores_every_setting():
    link = {
        "after": "visit", "before": "purchase", "depth": "4", "by": "device", "pair": '["mobile","tablet"]',
        "clean": '{"hide":["search"]}', "unit": "session", "session_gap": "1h", "collapse_repeats": "false", "top": "3",
        "within": "7D", "start": "2025-02-01", "end": "2025-11-30", "level": "0.9", "least": "0.02", "show": "ways",
        "people": '{"position":0,"event":"visit","group":"mobile"}',
    }  # fmt: skip
    at = open_page(JOURNEYS, data="shop", **link)
    assert at.query_params == {"data": "shop", **link}
    settings = {
        "after": "visit", "before": "purchase", "depth": 4, "by": {"column": "device", "values": ["mobile", "tablet"]},
        "clean": {"hide": ["search"]}, "unit": "session", "session_gap": "1h", "collapse_repeats": False, "top": 3,
        "within": "7D", "start": "2025-02-01", "end": "2025-11-30", "level": 0.9,
    }  # fmt: skip
    n = paths(sample("shop_events"), **settings).n_units
    assert reading(at).startswith(f"{n:,} sessions get from **visit** to **purchase**")
    cell = {"position": 0, "event": "visit", "group": "mobile"}
    n = len(paths_members(sample("shop_events"), settings, cell))
    assert f"**{n}** customers did visit, mobile" in shown(at)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("depth", "1"), ("depth", "21"), ("by", '"no such column"'), ("pair", '["a","b","c"]'), ("clean", '{"hid":[]}'),
        ("clean", '{"merge":[{"regex":"(","name":"x"}]}'), ("unit", "visitor"), ("within", "soon"), ("top", "0"),
        ("start", "2031-01-01"), ("least", "0.3"), ("first", '"one"'), ("people", '{"step":2}'), ("session_gap", "-1h"),
        ("origin", "[1]"), ("after", '["visit"]'),
    ],
)  # fmt: skip
def test_what_a_link_cannot_mean_is_said_and_left_out(name, value):
    at = open_page(JOURNEYS, data="shop", **{name: value})
    assert [w.value for w in at.warning] == [
        f"Part of the link could not be used ({name}). The usual settings are shown there."
    ]
    assert at.query_params == {"data": "shop"}


def test_an_anchor_that_the_clean_up_takes_away_is_let_go_with_a_word():
    at = open_page(JOURNEYS, data="shop", after="search", clean='{"hide":["search"]}')
    said = "There is no event search (any more): paths are counted without it."
    assert [warning.value for warning in at.warning] == [said]
    assert not at.error
    assert at.query_params == {"data": "shop", "clean": '{"hide":["search"]}'}
    assert "begin with" in reading(at)


def test_the_anchors_and_the_depth_change_the_paths():
    at = open_page(JOURNEYS, data="shop")
    at.selectbox(key="journeys.before").set_value("purchase").run()
    assert "come to **purchase** from **checkout**" in reading(at)
    at.slider(key="journeys.depth").set_value(3).run()
    assert at.query_params == {"data": "shop", "before": "purchase", "depth": "3"}
    assert picture(at)["heading"] == ["3 before", "2 before", "1 before", "purchase"]


def test_a_click_on_a_bar_or_a_ribbon_shows_its_people():
    at = open_page(JOURNEYS, data="shop")
    click(at, "bar", position=2, event="search")
    people = paths_members(sample("shop_events"), {}, {"position": 2, "event": "search"})
    assert f"**{len(people)}** customers were at search in Step 2" in shown(at)
    click(at, "ribbon", position=2, source="search", target="product_view")
    people = paths_members(sample("shop_events"), {}, {"position": 2, "source": "search", "target": "product_view"})
    said = shown(at)
    assert f"**{len(people)}** customers went from search to product_view (Step 3)" in said
    assert people[0] in said
    assert json.loads(at.query_params["people"]) == {"position": 2, "source": "search", "target": "product_view"}


def test_every_bar_ribbon_and_path_can_be_chosen_without_a_click():
    at = open_page(JOURNEYS, data="shop", depth="3")
    result = paths(sample("shop_events"), depth=3)
    waiting = (result.flows["source"] == "(end)").sum()
    choices = at.selectbox(key="journeys.people").options
    assert len(choices) == len(set(choices)) == len(result.nodes) + len(result.flows) - waiting + len(result.paths)
    ways = [way for way in choices if way.startswith("took the path")]
    assert ways[0] == "took the path visit ×1.5 → no further action"
    at.selectbox(key="journeys.people").select_index(choices.index(ways[0])).run()
    assert not at.exception
    assert f"**{result.paths['n'].iloc[0]:,}** customers took the path visit" in shown(at)


def test_people_of_another_result_are_let_go():
    at = open_page(JOURNEYS, data="shop", people='{"position":4,"event":"checkout"}')
    assert "were at checkout in Step 4" in shown(at)
    at.slider(key="journeys.depth").set_value(2).run()
    assert "people" not in at.query_params


def test_names_are_cleaned_up_only_after_the_preview():
    at = open_page(JOURNEYS, data="shop")
    before = reading(at)
    at.session_state["journeys.fold.clean"] = True
    at.run()
    assert "The file has 7 kinds of event." in shown(at)
    field = next(field for field in at.text_input if field.key.endswith("merge.0.contains"))
    field.set_value("_").run()
    assert "7 kinds of event become **5**." in shown(at)
    assert reading(at) == before
    next(button for button in at.button if button.key.endswith(".use")).click().run()
    assert not at.exception
    assert json.loads(at.query_params["clean"]) == {"merge": [{"contains": "_", "name": "_"}]}
    assert reading(at) != before
    assert "Event names are cleaned up (7 kinds in the file)" in [fold.label for fold in at.expander]


def test_rules_that_cannot_be_used_are_refused_in_the_preview():
    at = open_page(JOURNEYS, data="shop")
    at.session_state["journeys.fold.clean"] = True
    at.run()
    hidden = next(field for field in at.multiselect if field.key.endswith(".hide"))
    hidden.set_value(hidden.options).run()
    assert "Every kind of event is hidden" in at.error[0].value
    assert next(button for button in at.button if button.key.endswith(".use")).disabled


def test_very_many_web_paths_are_offered_by_their_folders():
    at = go(upload(open_page(), SHOP_PAGES), JOURNEYS)
    offer = at.button(key="journeys.folders")
    assert offer.label == "Keep 2 folders of web paths: 180 kinds become 3"
    offer.click().run()
    assert not at.exception
    assert "/shop/tea" in picture(at)["event"]
    assert not [button for button in at.button if button.key == "journeys.folders"]


def test_groups_are_compared_in_one_picture():
    at = open_page(JOURNEYS, data="ecom", by="device", pair='["mobile","tablet"]')
    assert "**mobile** (213 customers) against **tablet**" in at.main.markdown[0].value
    assert {"More often: mobile", "More often: tablet"} <= set(picture(at)["note"])


def test_a_kept_audience_is_compared_with_everyone_else():
    audience = {"audience": "buyers", "rule": {"did": "purchase"}}
    at = open_page(JOURNEYS, data="shop", by=json.dumps(audience))
    assert not at.error
    assert "**in buyers** (496 customers) against" in reading(at)


def test_hiding_small_flows_changes_no_number():
    at = open_page(JOURNEYS, data="ecom")
    said, n = reading(at), len(set(picture(at)["ribbon"]))
    at.select_slider(key="journeys.least").set_value(0.05).run()
    assert reading(at) == said
    assert len(set(picture(at)["ribbon"])) < n
    assert at.query_params["least"] == "0.05"


def test_a_deep_path_can_be_drawn_from_any_column():
    at = open_page(JOURNEYS, data="ecom", depth="20")
    slider = next(field for field in at.select_slider if field.label == "Columns drawn from")
    slider.set_value(9).run()
    assert at.query_params["first"] == "9"
    assert picture(at)["heading"] == [f"Step {k}" for k in range(9, 15)]


@pytest.mark.parametrize("show", ["steps", "ways", "transitions", "time"])
def test_every_section_opens_with_its_numbers(show):
    at = open_page(JOURNEYS, data="shop", show=show, by="device")
    assert len(at.get("vega_lite_chart")) == 2
    at.session_state[f"journeys.numbers.{show}"] = True
    at.run()
    assert not at.exception
    assert at.dataframe[-1].value.shape[0] >= 4


def test_the_time_from_one_event_to_another_can_be_asked_for():
    at = open_page(JOURNEYS, data="shop", show="time")
    assert "495 of 3,990 customers with **visit** were seen to get to **purchase**" in shown(at)
    target = next(field for field in at.selectbox if field.key.startswith("journeys.target"))
    target.set_value("product_view").run()
    assert "Half of 3,990 customers get from **visit** to **product_view** within" in shown(at)
    assert at.query_params["target"] == "product_view"


def test_one_kind_of_event_is_a_page_too():
    at = go(upload(open_page(), ONE_KIND), JOURNEYS)
    assert reading(at).startswith("All that 40 customers do is **visit**: one kind of event makes no ways to compare.")
    assert len(at.get("vega_lite_chart")) == 2


def test_one_row_is_a_page_too():
    at = go(upload(open_page(), b"customer_id,event,timestamp\nana,visit,2026-01-01\n"), JOURNEYS)
    assert reading(at).startswith("Of 1 customer the first step was: **visit** 1.")


def test_dates_without_anybody_say_what_to_change():
    at = open_page(JOURNEYS, data="shop", after="payment_error", start="2025-01-01", end="2025-01-01")
    assert len(at.error) == 1
    assert not at.get("vega_lite_chart")


def test_the_data_page_leads_here():
    at = open_page(data="shop")
    at.button(key="go.journeys").click().run()
    assert not at.exception
    assert at.title[0].value == "Journeys"
