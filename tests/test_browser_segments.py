"""From a limit to whom it moves, and from a field of the map to its people, in a real browser."""

import contextlib
import re

from playwright.sync_api import TimeoutError, expect

from tests.test_browser import keep, opened, settled


def test_from_a_limit_to_whom_it_moves_and_a_link_that_remembers(server, visit):
    page = opened(visit(server), "/segments?data=shop")
    page.get_by_role("radio", name="Limits of my own").click()
    settled(page)
    slider = page.get_by_role("slider", name="Score 4: at most so many days ago")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("limits=.*66"))
    settled(page)
    page.get_by_role("tab", name="Scores and limits").click()
    page.wait_for_url(re.compile("show=limits"))
    settled(page)
    moved = page.get_by_text("of 496 customers to another segment than fifths would").first
    expect(moved).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    address = page.url
    opened(page, address)
    expect(moved).to_be_visible()


def until(page, address, act):
    """Do it again until the address says so: a page that is still being drawn moves what is clicked."""
    for _attempt in range(4):
        settled(page).wait_for_timeout(800)
        act()
        with contextlib.suppress(TimeoutError):  # a busy machine takes its time; to act twice may undo it
            page.wait_for_url(re.compile(address), timeout=15_000)
            break
    page.wait_for_url(re.compile(address))
    return settled(page)


def test_from_a_field_of_the_map_to_its_people_to_an_audience(server, visit):
    page = opened(visit(server), "/segments?data=shop&show=names")

    def click_the_best_field():
        field = page.locator(".st-key-segments-map").bounding_box()
        page.mouse.click(field["x"] + 0.93 * field["width"], field["y"] + 0.17 * field["height"])

    until(page, "people=", click_the_best_field)
    expect(page.get_by_text("43 customers have recency score 5, FM score 5.")).to_be_visible()
    keep(page, "best field")
