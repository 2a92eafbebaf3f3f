"""The Overview page, as visitors with events, with orders, with both, and with links use it."""

import json

from tests.app import DATA, go, open_page, upload

OVERVIEW = "pages/explore/overview.py"
ORDERS = b"""order_id,customer_id,order_date,amount
1,ana,2026-01-01,10
2,ben,2026-02-03,5
3,ana,2026-03-05,20
"""
MIXED = ORDERS.replace(b",10\n", b",$10\n").replace(b",5\n", b",5 EUR\n")
EVENTS = b"""customer_id,event,timestamp
ana,look,2026-01-01 10:00
ana,more,2026-01-01 10:05
ben,look,2026-01-03 11:00
"""


def names(at):
    """The measures that have a card."""
    return [button.label for button in at.button if button.key.startswith("overview.top.")]


def sentence(at):
    return at.main.markdown[0].value


def picture(at):
    return str(at.get("vega_lite_chart")[0].proto)


def test_with_events_and_orders_both_are_on_the_cards():
    at = open_page(OVERVIEW, data="shop")
    assert names(at) == [
        "Revenue", "Orders", "Average order value", "New customers",
        "Visitors", "Sessions", "Bounce rate", "Conversion per visitor",
    ]  # fmt: skip
    assert sentence(at).startswith("Revenue was **10,023** in Dec 2025.")
    assert at.query_params == {"data": "shop"}


def test_a_click_on_a_card_puts_its_number_into_sentence_picture_and_link():
    at = open_page(OVERVIEW, data="shop")
    at.button(key="overview.top.bounce_rate").click().run()
    assert not at.exception
    assert sentence(at).startswith("**34.9%** of 859 sessions bounced in Dec 2025")
    assert at.query_params == {"data": "shop", "measure": "bounce_rate"}
    assert "Bounce rate" in picture(at)


def test_a_click_on_a_period_looks_at_it():
    at = open_page(OVERVIEW, data="shop")
    at.session_state["overview.line"] = {"selection": {"clicked": [{"first": "2025-06-01"}]}}
    at.run()
    assert not at.exception
    assert sentence(at).startswith("Revenue was **4,876** in Jun 2025.")
    assert at.query_params["at"] == "2025-06-01"


def test_a_link_restores_period_groups_notes_and_tab():
    notes = [["2025-05-11", "New landing page"]]
    asked = {"period": "week", "by": "device", "measure": "visitors", "show": "groups", "notes": json.dumps(notes)}
    at = open_page(OVERVIEW, data="shop", **asked)
    assert sentence(at).startswith("**124** visitors came in the week of 22 Dec 2025.")
    assert "New landing page" in picture(at)
    assert any("**Visitors** by **device**" in markdown.value for markdown in at.markdown)
    assert not at.warning


def test_what_a_link_cannot_mean_is_said_and_the_usual_is_shown():
    at = open_page(OVERVIEW, data="shop", period="year", notes='[["soon","x"]]', by="colour", gap="-3h", at="[1]")
    assert "(period, at, by, gap, notes)" in at.warning[0].value
    assert sentence(at).startswith("Revenue was **10,023** in Dec 2025.")


def test_a_period_that_the_data_does_not_have_becomes_the_last_complete_one():
    at = open_page(OVERVIEW, data="shop", at="2031-01-01")
    assert sentence(at).startswith("Revenue was **10,023** in Dec 2025.")


def test_the_three_denominators_stand_side_by_side():
    at = open_page(OVERVIEW, data="shop", show="conversion")
    side = [button.label for button in at.button if button.key.startswith("overview.side.")]
    assert side == ["Conversion per session", "Conversion per visitor", "Conversion per new visitor"]
    assert any("converted in Dec 2025" in markdown.value for markdown in at.markdown)


def test_why_a_rate_moved_is_arithmetic_of_groups():
    at = open_page(OVERVIEW, data="shop", show="why", rate="average_order_value")
    assert any("**Average order value** went from" in markdown.value for markdown in at.markdown)
    at = open_page(OVERVIEW, data="shop", show="why", compare="year_before")
    assert any("no complete period a year before" in error.value for error in at.error)


def test_a_tab_names_no_rate_in_the_address_that_nobody_chose():
    at = open_page(OVERVIEW, data="shop", show="why")
    assert any("**Conversion per session** went from" in markdown.value for markdown in at.markdown)
    assert "rate" not in at.query_params
    at.selectbox(key="overview.rate").set_value("bounce_rate").run()
    assert any("**Bounce rate** went from" in markdown.value for markdown in at.markdown)
    assert "bounce_rate" in str(at.query_params["rate"])


def test_amounts_are_no_groups_unless_they_are_chosen():
    at = open_page(OVERVIEW, data="cdnow", show="groups")
    assert any("The file has no column to compare by" in markdown.value for markdown in at.markdown)
    assert "rhythm" not in at.query_params
    at = open_page(OVERVIEW, data="cdnow", show="groups", by="quantity")
    assert any("by **quantity**" in markdown.value for markdown in at.markdown)
    assert not at.exception


def test_the_people_of_a_busy_hour_can_be_seen():
    at = open_page(OVERVIEW, data="shop", show="rhythm", rhythm="orders")
    assert any("Most orders fall on **Thursday 20:00–21:00**" in markdown.value for markdown in at.markdown)
    at.selectbox(key="rhythm.people.of").set_value("bought on a Thursday 20:00–21:00").run()
    assert not at.exception
    assert any(markdown.value == "**20** customers bought on a Thursday 20\\:00–21\\:00." for markdown in at.markdown)


def test_orders_alone_are_enough():
    at = go(upload(open_page(), ORDERS), OVERVIEW)
    assert names(at) == [
        "Revenue", "Orders", "Average order value", "Buyers", "New customers", "Returning customers",
        "Orders per buyer",
    ]  # fmt: skip
    assert sentence(at).startswith("Revenue was **0** in the week of 23 Feb 2026.")
    at = open_page(OVERVIEW, data="cdnow", show="conversion")
    assert any("Conversion needs a table of events" in markdown.value for markdown in at.markdown)


def test_events_without_a_telling_name_ask_for_the_conversion():
    at = upload(open_page(), EVENTS)
    at.session_state["overview.show"] = "conversion"
    go(at, OVERVIEW)
    assert "Conversion per visitor" not in names(at)
    assert any("What should visitors do?" in markdown.value for markdown in at.markdown)


def test_several_currencies_are_refused_in_a_sentence():
    at = go(upload(open_page(), MIXED), OVERVIEW)
    assert any("several currencies do not add up" in error.value for error in at.error)


def test_a_note_is_added_and_taken_away():
    at = open_page(OVERVIEW, data="shop", notes='[["2025-05-11","Sale"]]')
    at.session_state["overview.notes.fold"] = True
    at.run()
    assert any("**11 May 2025** Sale" in markdown.value for markdown in at.markdown)
    at.button(key="overview.note.0").click().run()
    assert not at.exception
    assert "notes" not in at.query_params
    assert "Sale" not in picture(at)


def test_the_data_page_leads_here_first():
    at = open_page(DATA, data="shop")
    first = next(button for button in at.button if button.key.startswith("go."))
    assert first.key == "go.overview"
    assert any(markdown.value.startswith("How many came, how many bought") for markdown in at.markdown)


def test_without_data_a_sample_is_one_click_away():
    at = open_page(OVERVIEW)
    at.button(key="need.sample").click().run()
    assert not at.exception
    assert len(names(at)) == 8
