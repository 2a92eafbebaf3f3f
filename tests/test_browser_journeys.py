"""A visitor's way through the Journeys page, in a real browser."""

import re

from playwright.sync_api import expect

from tests.test_browser import keep, menu, opened, settled


def click_picture(page, across, down):
    """Click the picture of paths: `across` as a part of its width, `down` in pixels."""
    box = page.locator(".st-key-journeys-picture").bounding_box()
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down)
    page.wait_for_timeout(150)
    return settled(page)


def test_from_a_ribbon_to_its_people_to_groups_in_one_picture(server, visit):
    page = opened(visit(server, 1440, 1200), "/journeys?data=shop")
    page.get_by_text(re.compile("of 3,990 customers begin with")).wait_for()
    click_picture(page, 0.2, 120)  # the ribbon from visit, in the first column after the start, to product_view
    page.get_by_text("customers went from visit to product_view (Step 2).").wait_for()
    expect(page).to_have_url(re.compile("people="))
    click_picture(page, 0.004, 120)  # the bar of everybody
    page.get_by_text("3,990 customers have a path.").wait_for()
    box = page.get_by_role("combobox", name="The people behind a bar, a ribbon or a path")
    box.click()
    box.fill("went from checkout to purchase (Step 5)")
    page.get_by_role("option", name="went from checkout to purchase (Step 5)").click()
    page.get_by_text(re.compile(r"customers? went from checkout to purchase")).wait_for()
    keep(settled(page), "straight buyers")
    page.get_by_role("combobox", name="Compare groups").click()
    page.get_by_role("option", name="Audience: straight buyers").click()
    page.get_by_text("Clearest difference").wait_for()
    expect(settled(page)).to_have_url(re.compile("by="))
    menu(page, "Glossary")
    menu(page, "Journeys")
    page.get_by_text("Clearest difference").wait_for()


def test_on_a_phone_the_picture_has_fewer_columns_and_nothing_is_wider_than_the_screen(server, visit):
    page = opened(visit(server, 390, 844), "/journeys?data=ecom&show=transitions")
    svg = page.locator(".st-key-journeys-picture svg.marks")
    expect(svg.get_by_text("4 of 6 columns: Start to Step 3; the step matrix has all.")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    widths = page.eval_on_selector_all("[data-testid=stVegaLiteChart]", "all => all.map(one => one.scrollWidth)")
    assert max(widths) <= 390
