"""The Overview page in a real browser: from the sample to a period, a note, and the people of an hour."""

import re

from playwright.sync_api import expect

from tests.test_browser import open_sample, opened, settled


def click_chart(page, where, part, down):
    """Click a chart at this part of its width, so many pixels below its top."""
    chart = page.locator(where).get_by_test_id("stVegaLiteChart")
    chart.scroll_into_view_if_needed()
    chart.click(position={"x": part * chart.bounding_box()["width"], "y": down})


def test_from_a_sample_to_a_number_its_period_a_note_and_the_people_behind_it(server, visit):
    page = open_sample(opened(visit(server), "/"), "shop")
    page.locator(".st-key-go-overview button").click()
    page.get_by_text(re.compile("^Revenue was")).wait_for()
    settled(page)
    page.get_by_role("button", name="Visitors", exact=True).click()
    page.get_by_text(re.compile("visitors came in Dec 2025")).wait_for()
    settled(page)

    click_chart(page, ".st-key-overview-line", 0.55, 120)
    page.get_by_text(re.compile("visitors came in (Jun|Jul) 2025")).wait_for()
    settled(page)
    expect(page).to_have_url(re.compile("at=2025-0[67]-01"))

    page.get_by_text("Notes on the chart", exact=True).click()
    page.get_by_role("textbox", name="What happened").fill("Summer sale")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("Notes on the chart (1)").wait_for()
    settled(page)
    expect(page).to_have_url(re.compile("Summer"))

    page.get_by_role("tab", name="Days and hours").click()
    page.get_by_text(re.compile("^Most sessions fall on")).wait_for()
    settled(page)
    click_chart(page, ".st-key-overview-rhythm-map", 0.5, 45)
    page.get_by_text("customers were there then").wait_for()
    settled(page)
