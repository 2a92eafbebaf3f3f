"""A person's way through the Audiences page, in a real browser: a rule, its size, a name for it, and a file."""

import re

from playwright.sync_api import expect

from tests.test_browser import choose, menu, opened, settled, title


def test_from_a_rule_to_its_size_to_a_name_to_a_file(server, visit):
    page = opened(visit(server), "/audiences?data=shop")
    expect(page.get_by_text("67 of 4,000 customers (1.7%) fit")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).nth(1).click()
    expect(page.get_by_text("323 of 4,000 customers (8.1%) fit: did checkout in the last 90 days.")).to_be_visible()
    settled(page)
    choose(page, "Condition on", "New, returning, gone")
    page.wait_for_url(re.compile("status"))
    choose(page, "They are", "Gone quiet: before, but not lately")
    expect(page.get_by_text("fit: bought before, but not in the last 30 days")).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Keep it as").fill("warm")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept: warm")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("It is shown this once")).to_be_visible()
    settled(page)
    with page.expect_download() as begun:
        page.get_by_role("button", name=re.compile("Download audience_spring")).click()
    lines = begun.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0] == "pseudonym,group"
    assert all(re.fullmatch("[0-9a-f]{16},(treatment|holdout)", line) for line in lines[1:])
    menu(page, "Funnel")
    assert title(page) == "Funnel"


def test_a_phone_shows_response_without_scrolling_sideways(server, visit):
    page = opened(visit(server, width=390, height=844), "/audiences?data=shop&show=response&groups=variant")
    expect(page.get_by_text("messages to 1,077 customers were opened").first).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
