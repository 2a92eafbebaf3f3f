"""From a silence to the people behind it, and the contracts of a file of one's own, in a real browser."""

import re

from playwright.sync_api import expect

from tests.test_browser import choose, keep, opened, settled
from tests.test_browser_data import bring
from tests.test_churn_page import CLUB


def test_from_the_slider_to_the_people_who_are_silent(server, visit):
    page = opened(visit(server), "/churn?data=shop")
    expect(page.get_by_text("bought again within 90 days").first).to_be_visible()
    slider = page.get_by_role("slider", name="Days of silence that count as gone")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("silent=181"))
    expect(page.get_by_text("had been silent for 181 days or more").first).to_be_visible()
    page.wait_for_timeout(500)  # the tabs below are drawn after the sentence; a list that opens meanwhile would close
    settled(page)
    choose(page, "The people behind these numbers", "have been silent for 181 days or more")
    keep(page, "quiet ones")
    page.get_by_role("tab", name="Over time").click()
    page.wait_for_url(re.compile("show=trend"))
    settled(page)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    address = page.url
    opened(page, address)
    expect(page.get_by_text("had been silent for 181 days or more").first).to_be_visible()


def test_the_contracts_of_a_file_are_drawn_without_a_question(server, visit):
    page = bring(opened(visit(server), "/"), ("club.csv", CLUB))
    page.locator(".st-key-go-churn button").click()
    page.locator("h1", has_text="Churn").wait_for()
    settled(page)
    expect(page.get_by_text(re.compile("Of 120 contracts"))).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    choose(page, "Compare groups", "plan")
    expect(page.get_by_text("log-rank test").first).to_be_visible()
