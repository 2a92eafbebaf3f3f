"""Journeys with files of one's own, in a real browser: bring, answer, correct, mend, keep, be refused."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.app import EVENTS
from tests.test_browser import DIRTY, TWO_WAYS, opened, settled, title

TWICE = b"customer_id,event,timestamp\n" + 2 * b"ana,visit,2026-01-01 10:00\n"
PEOPLE = b"customer_id,country\nana,DE\nben,FR\neve,DE\n"
ODD = b"aa,bb,cc\nana,visit,2026-01-01 10:00\nana,buy,2026-01-02 10:00\nben,visit,2026-01-05 10:00\n"


@pytest.fixture
def data_page(server, visit):
    return opened(visit(server), "/")


def bring(page, *files):
    """Drop files on the page: (name, content), ... The upload widget is a new one once they were taken."""
    chooser = page.locator("input[type=file]").first
    fold = page.get_by_text("Bring another file, or look at something else")
    if not chooser.is_visible() and fold.count():
        fold.click()
    widget = page.locator('[class*="st-key-data-upload-"]').first.get_attribute("class")
    upload = [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in files]
    chooser.set_input_files(upload)
    page.wait_for_function(
        "widget => document.querySelector('[class*=\"st-key-data-upload-\"]')?.className !== widget", arg=widget
    )
    return settled(page)


def test_a_file_shows_what_it_is_what_was_noticed_and_what_it_answers(data_page):
    page = bring(data_page, ("mine.csv", DIRTY + b"ben,cart,2026-01-04 09:00\n"))
    assert title(page) == "mine.csv"
    expect(page.get_by_test_id("stMetric").first).to_contain_text("4")
    expect(page.get_by_text("Left out").first).to_be_visible()
    expect(page.get_by_text(re.compile("in row 5")).first).to_be_visible()
    page.locator(".st-key-go-funnel button").click()
    page.locator("h1", has_text="Funnel").wait_for()


def test_a_finding_is_mended_and_the_click_is_taken_back(data_page):
    page = bring(data_page, ("mine.csv", TWICE))
    page.get_by_role("button", name="Leave the copies out").click()
    page.get_by_text("Changed as you asked").wait_for()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("1")
    settled(page).get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Leave the copies out").wait_for()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("2")


def test_the_score_opens_on_its_reasons(data_page):
    page = bring(data_page, ("mine.csv", TWICE))
    page.get_by_role("button", name="Why").click()
    expect(page.get_by_text("11 points")).to_be_visible()


def test_dates_with_two_readings_are_asked_for_and_answered_with_one_click(data_page):
    page = bring(data_page, ("mine.csv", TWO_WAYS))
    assert title(page) == "How should this file be read?"
    page.get_by_role("button", name="The day comes first").click()
    page.get_by_text("3 Apr 2026 to 5 Apr 2026").wait_for()
    assert title(page) == "mine.csv"


def test_columns_are_chosen_by_typing_a_part_of_their_name(data_page):
    page = bring(data_page, ("odd.csv", ODD))
    assert title(page) == "How should this file be read?"
    for label, column in (("Who", "aa"), ("When", "cc"), ("Did what", "bb")):
        page.get_by_role("combobox", name=label, exact=True).fill(column)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Use this file", exact=True).click()
    page.locator("h1", has_text="odd.csv").wait_for()


def test_a_refused_file_leaves_everything_as_it_was(data_page):
    page = bring(data_page, ("mine.csv", EVENTS))
    bring(page, ("broken.pdf.csv", b"%PDF-1.7 \x00\x01"))
    expect(page.get_by_role("alert")).to_contain_text("You still look at mine.csv")
    assert title(page) == "mine.csv"


def test_files_that_belong_together_say_so(data_page):
    page = bring(data_page, ("events.csv", EVENTS), ("people.csv", PEOPLE))
    assert title(page) == "2 files"
    expect(page.get_by_text("3 of 3 customers of the events are in the customers (100%).")).to_be_visible()


def test_a_saved_setup_sets_everything_up_again_in_another_visit(data_page, server, visit):
    page = bring(data_page, ("mine.csv", TWICE))
    page.get_by_role("button", name="Leave the copies out").click()
    page.get_by_text("Changed as you asked").wait_for()
    settled(page).get_by_text("Keep this set-up for next time").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save how this was set up").click()
    saved = download.value.path().read_bytes()
    assert json.loads(saved)["files"]["events"]["settings"]["fixes"] == ["drop_duplicates"]
    other = bring(opened(visit(server, alone=True), "/"), ("set-up.json", saved), ("next.csv", TWICE + TWICE[28:]))
    expect(other.get_by_text("next.csv is read as it was saved.")).to_be_visible()
    expect(other.get_by_test_id("stMetric").first).to_contain_text("1")


def test_a_template_can_be_taken_and_brought_back(data_page):
    data_page.get_by_text("Templates to fill in").click()
    with data_page.expect_download() as download:
        data_page.get_by_role("button", name="Template (CSV)").first.click()
    page = bring(data_page, (download.value.suggested_filename, download.value.path().read_bytes()))
    assert title(page) == "events-template.csv"


def test_a_phone_with_files_never_scrolls_sideways(server, visit):
    page = bring(opened(visit(server, width=390, height=844), "/"), ("mine.csv", DIRTY), ("people.csv", PEOPLE))
    page.get_by_text("How mine.csv was read").click()
    settled(page)
    wide = page.evaluate(
        "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth)"
    )
    assert wide == [0, 0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier_with_files(server, visit, scheme):
    from axe_playwright_python.sync_playwright import Axe

    from tests.test_browser import STREAMLITS_OWN

    page = bring(opened(visit(server, color_scheme=scheme), "/"), ("mine.csv", DIRTY), ("people.csv", PEOPLE))
    page.get_by_text("How mine.csv was read").click()
    found = [
        f"{violation['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
        for violation in Axe().run(settled(page)).response["violations"]
        for node in violation["nodes"]
        if violation["impact"] in ("critical", "serious")
        and STREAMLITS_OWN.get(violation["id"], "-") not in node["html"]
    ]
    assert not found
