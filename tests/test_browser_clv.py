"""From the best customers to an audience, and the calculator without a file, in a real browser."""

import re

from playwright.sync_api import expect

from tests.test_browser import keep, opened, settled


def type_into(page, label, text):
    """Type a number and leave the field, which is when the page takes it."""
    box = page.get_by_role("spinbutton", name=label).or_(page.get_by_label(label, exact=True)).first
    box.scroll_into_view_if_needed()
    box.fill(text)
    box.press("Tab")
    page.wait_for_timeout(300)
    return settled(page)


def test_from_a_margin_to_the_best_tenth_to_an_audience(server, visit):
    page = opened(visit(server), "/clv?data=shop")
    expect(page.get_by_text("What of it is value depends on your gross margin.")).to_be_visible()
    type_into(page, "Your gross margin, in %", "40")
    page.wait_for_url(re.compile(r"margin=0\.4"))
    expect(page.get_by_text(re.compile(r"of margin \(95% interval"))).to_be_visible()
    page.get_by_role("tab", name="Groups").click()
    page.wait_for_url(re.compile("show=groups"))
    expect(page.get_by_text("By month of the first purchase: of the")).to_be_visible()
    settled(page)
    box = page.get_by_role("combobox", name="The people behind these numbers").first
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box.click()
    page.get_by_role("option", name=re.compile("are in tenth 1 ")).click()
    settled(page)
    keep(page, "the best")
    opened(page, page.url)
    expect(page.get_by_text(re.compile(r"of margin \(95% interval"))).to_be_visible()


def test_the_calculator_needs_no_file_and_fits_a_phone(server, visit):
    page = opened(visit(server, width=390, height=844), "/clv")
    page.get_by_role("button", name="Try it with an example").click()
    settled(page)
    expect(page.get_by_text("LTV:CAC is 4.5.")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
