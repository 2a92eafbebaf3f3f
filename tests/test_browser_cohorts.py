"""A person's way through the Cohorts page, in a real browser."""

import re

from playwright.sync_api import expect

from tests.test_browser import keep, menu, open_sample, opened, settled


def click_cell(page, text):
    """Click the cell of the grid in which this stands."""
    written = page.locator(".st-key-cohorts-share svg text", has_text=re.compile(f"^{text}$")).first
    written.scroll_into_view_if_needed()
    place = written.bounding_box()
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_timeout(300)
    return settled(page)


def pick(page, label, option):
    """Choose in a select far up the page: a list that is opened while the page scrolls closes again."""
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box.click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).click()
    page.wait_for_timeout(300)
    return settled(page)


def test_from_a_cell_to_its_people_to_an_audience_that_is_compared_with_everyone_else(server, visit):
    page = visit(server)
    page.goto("/")
    open_sample(page, "shop")
    menu(page, "Cohorts")
    page.get_by_text("of 448 customers bought again in month 1").wait_for()
    click_cell(settled(page), "40%")
    page.get_by_text(re.compile("customers started in Sep 2025 and came back")).wait_for()
    keep(page, "loyal autumn")
    pick(page, "Compare groups", "Audience: loyal autumn")
    page.get_by_role("tab", name="Groups").click()
    expect(page.locator(".st-key-cohorts-share")).to_be_visible()
    settled(page)
    assert "loyal%20autumn" in page.url or "loyal+autumn" in page.url
    pick(page, "Who counts as retained", "Active in it or later")
    page.get_by_text("bought again in month 1 or later").wait_for()
    expect(page.get_by_text("These rates go on rising while time passes")).to_be_visible()


def test_a_phone_shows_the_same_cohorts_without_scrolling_sideways(server, visit):
    page = opened(visit(server, width=390, height=844), "/cohorts?data=shop&look=revenue&show=revenue")
    page.get_by_text("A customer brings in").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
