"""The journeys a person takes, in a real browser on a real server.

Which test keeps which trap of Streamlit out:

1  pages/ and st.navigation: test_a_cold_deep_link_shows_the_whole_app; test_layers: test_no_page_lies_directly_in_pages
2  showSidebarNavigation hides the menu: test_a_cold_deep_link_shows_the_whole_app (the menu is there)
3  a bad chart is a silent blank: settled() waits until every chart has marks
4  caches look at a sample of a large table: test_privacy: test_two_large_files_that_differ_in_one_row_never_share_...
5  caches are shared by all visitors: test_privacy: test_a_visitors_results_are_kept_for_them_and_for_nobody_else
6  a collection of garbage after every run: test_the_heavy_imports_are_frozen
7  bind= puts translated labels into the address: test_layers: test_only_the_session_touches_state_caches_...
8  settings lost on a change of page: test_session: test_choices_survive_leaving_the_page; test_back_and_forward_...
9  visitors who left stay in memory: test_a_visitor_who_left_is_released; test_privacy: test_a_visitor_who_left_...
10 a Material icon as page icon asks a foreign host: `visit` fails on any request to another host
11 what a click on a chart gives: test_from_a_bar_to_its_people_...; 13 partial periods: test_trend
14 K-means: nothing here does that yet
12 two 404s on every deep link are Streamlit's own: `visit` leaves them out, and only them
"""

import contextlib
import io
import json
import re
import time
import urllib.request
import zipfile

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.app import EVENTS, ROOT, SECRET
from tests.conftest import Server

QUOTED = "quoted-0815"
DIRTY = b"""customer_id,event,timestamp
ana,visit,2026-01-01 10:00
ana,visit,2026-01-01 10:00
,visit,2026-01-01 10:00
ben,cart,some day
ben,visit,2026-01-03 11:00
"""
TWO_WAYS = b"customer_id,event,timestamp\nana,visit,03/04/2026\nana,buy,05/04/2026\nben,visit,03/04/2026\n"


def settled(page):
    """The app is idle, every chart has really painted, and no error box is on the page."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]"
        ".every(chart => chart.querySelector('canvas, svg.marks path, svg.marks text'))",
        timeout=30_000,
    )
    assert page.locator('[data-testid="stException"]').count() == 0
    return page


def opened(page, address):
    page.goto(address)
    page.locator("h1").first.wait_for(timeout=60_000)
    return settled(page)


def open_sample(page, name):
    """By the name of the sample: while a page is still drawn, its first button need not be that of its first card."""
    page.locator(f".st-key-sample-{name} button").click()
    page.get_by_text("You are looking at").wait_for()
    return settled(page)


def bring(page, content, name="mine.csv"):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.wait_for_function(
        "() => document.querySelector('[role=alert]') ||"
        " document.querySelector('h1').innerText !== 'What would you like to look at?'"
    )
    return settled(page)


def menu(page, title):
    before = page.url
    page.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
    page.wait_for_url(lambda url: url != before)
    page.wait_for_timeout(150)
    return settled(page)


def choose(page, label, option):
    """Open a list and take an option. A list closes again when the page is drawn anew, or scrolls, as it opens."""
    box, wanted = page.get_by_role("combobox", name=label), page.get_by_role("option", name=option, exact=True)
    box.scroll_into_view_if_needed()

    page.wait_for_timeout(300)
    for _attempt in range(4):
        box.click()
        with contextlib.suppress(TimeoutError):
            wanted.wait_for(timeout=5_000)
            break
    wanted.click()
    page.wait_for_timeout(150)
    return settled(page)


def keep(page, name):
    """Keep the people that are shown as an audience."""
    page.get_by_role("textbox", name="Keep them as an audience called").fill(name)
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text(f"Kept: {name}").wait_for()
    page.wait_for_timeout(150)
    return settled(page)


def open_the_filter(page):
    page.get_by_text("Filter every page").click()
    page.wait_for_timeout(600)  # it unfolds; a list that opens meanwhile would close again


def click_bar(page, number):
    """Click the bar of a step, counted from 1, near its left end."""
    chart = page.get_by_test_id("stVegaLiteChart").first.bounding_box()
    page.mouse.click(chart["x"] + 30, chart["y"] + 30 + 76 * (number - 1))
    page.wait_for_timeout(150)
    return settled(page)


def until(true, otherwise, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


def title(page):
    return page.locator("h1").first.inner_text()


def test_a_sample_opens_in_one_click(server, visit):
    page = opened(visit(server), "/")
    assert title(page) == "What would you like to look at?"
    open_sample(page, "shop")
    expect(page).to_have_url(re.compile("/\\?data=shop$"))
    expect(page.get_by_test_id("stMetric").first).to_be_visible()


def test_a_page_opened_cold_offers_a_sample_in_one_click(server, visit):
    page = opened(visit(server), "/funnel")
    page.get_by_role("button", name="Open the sample").click()
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    settled(page)
    expect(page).to_have_url(re.compile("data=shop"))


def test_an_uploaded_file_shows_what_was_noticed(server, visit):
    page = bring(opened(visit(server), "/"), DIRTY)
    assert title(page) == "mine.csv"
    page.get_by_text("What we noticed").wait_for()
    expect(page.get_by_text("Left out").first).to_be_visible()
    expect(page.get_by_text(re.compile("rows? 5")).first).to_be_visible()


def test_dates_with_two_readings_are_asked_for_and_answered_with_one_click(server, visit):
    page = bring(opened(visit(server), "/"), TWO_WAYS)
    assert title(page) == "How should this file be read?"
    page.get_by_role("button", name="The day comes first").click()
    page.get_by_text("3 Apr 2026 to 5 Apr 2026").wait_for()
    assert title(page) == "mine.csv"


def test_names_and_values_of_a_file_are_shown_as_they_are(server, visit):
    """No markup of the file's maker runs, loads or shows: not in the file's name, not in a value."""
    events = {b"visit": b"<img src=x onerror=document.title=1>", b"cart": b"![i](http://127.0.0.1:9/i.png) **bold**"}
    events[b"purchase"] = b"https://evil.example/x www.evil.example a@evil.example"
    content = EVENTS
    for name, nasty in events.items():
        content = content.replace(name, nasty)
    page = bring(opened(visit(server), "/"), content, "**my** <b>file.csv")
    assert title(page) == "**my** <b>file.csv"
    expect(page.get_by_test_id("stSidebar").get_by_text("**my** <b>file.csv", exact=True)).to_have_count(1)
    menu(page, "Funnel")
    assert page.title() == "Marketing Insight"
    assert page.locator("main img, main strong:text-is('bold')").count() == 0
    expect(page.get_by_text("evil.example").first).to_be_visible()
    assert page.locator("a[href*=evil]").count() == 0


def test_a_cold_deep_link_shows_the_whole_app(fresh_server, visit):
    """Trap 1. The very first visitor of a server comes by a link, and so does the second."""
    served = fresh_server()
    for _visitor in range(2):
        page = opened(visit(served, alone=True), "/funnel?data=shop&within=1D")
        assert title(page) == "Funnel"
        assert page.get_by_role("dialog").count() == 0  # Streamlit once said "Page not found" here, over the page
        assert page.get_by_role("dialog").count() == 0  # "Page not found", over the right page
        expect(page.get_by_test_id("stSidebar").get_by_test_id("stPageLink").nth(2)).to_be_visible()
        expect(page.get_by_text("You are looking at")).to_have_count(1)
        expect(page).to_have_url(re.compile("/funnel\\?data=shop\\&within=1D$"))
    assert "Traceback" not in served.log()


def test_a_broken_link_opens_with_the_usual_settings_and_one_message(server, visit):
    page = opened(visit(server), f"/funnel?data=shop&within=soon&steps=%5B%22nothing%22%5D&by={'x' * 10_000}")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_text("Part of the link could not be used")).to_have_count(1)
    expect(page).to_have_url(re.compile("/funnel\\?data=shop$"))
    page = opened(visit(server), "/funnel?data=no-such-sample")
    expect(page.get_by_text("names data that does not exist here")).to_have_count(1)


def test_a_link_to_an_upload_asks_for_the_file_and_shows_it_then(server, visit):
    owner = bring(opened(visit(server), "/"), EVENTS)
    menu(owner, "Funnel")
    link = owner.url
    assert "data=upload&file=" in link
    friend = opened(visit(server, alone=True), link)
    expect(friend.get_by_text("This link was made with somebody’s own file")).to_have_count(1)
    friend.get_by_role("button", name="Open a file").click()
    friend.locator("h1", has_text="What would you like").wait_for()
    bring(settled(friend), EVENTS)
    menu(friend, "Funnel")
    expect(friend).to_have_url(link)
    assert friend.get_by_role("alert").count() == 0


def test_back_and_forward_bring_the_settings_back(server, visit):
    """Trap 8. Also across pages, and each page is one press of the button away."""
    page = opened(visit(server), "/funnel?data=shop")
    choose(page, "Compare groups", "channel")
    page.wait_for_url("**/funnel?data=shop&by=channel*")
    page.go_back()
    page.wait_for_url("**/funnel?data=shop")
    page.get_by_role("button", name="Count first attempts").wait_for(state="detached")
    page.go_forward()
    page.get_by_role("button", name="Count first attempts").wait_for()
    menu(settled(page), "Glossary")
    menu(page, "Data")
    page.go_back()
    page.locator("h1", has_text="Glossary").wait_for()
    page.go_back()
    page.locator("h1", has_text="Funnel").wait_for()
    page.get_by_role("button", name="Count first attempts").wait_for()
    expect(page).to_have_url(re.compile("/funnel\\?data=shop\\&by=channel"))
    page.go_forward()
    page.locator("h1", has_text="Glossary").wait_for()


def test_from_a_bar_to_its_people_to_an_audience_to_a_filter_on_every_page(server, visit):
    page = click_bar(opened(visit(server), "/funnel?data=shop"), 3)
    page.get_by_text("reached add_to_cart, but not checkout.").wait_for()
    keep(page, "left the cart")
    open_the_filter(page)
    choose(page, "Customers", "left the cart")
    said = page.get_by_text(re.compile("of 3,990 customers · left the cart"))
    expect(said).to_be_visible()
    menu(page, "Glossary")
    expect(said).to_be_visible()
    assert "only=" in page.url
    page.get_by_role("button", name="Clear the filter").click()
    said.wait_for(state="detached")
    expect(page).to_have_url(re.compile("/glossary\\?data=shop$"))
    menu(page, "Funnel")
    page.get_by_text("of 3,903 customers").wait_for()


def test_audiences_are_put_together_and_deleted(server, visit):
    page = opened(visit(server), '/funnel?data=shop&people={"step":2}')
    for step, name in ((2, "lookers"), (5, "buyers")):
        page.get_by_role("combobox", name="The people behind a bar").click()
        page.get_by_role("option", name=re.compile("^reached (product_view|purchase)$")).nth(step // 4).click()
        page.get_by_text(re.compile("customers reached (product_view|purchase)")).wait_for()
        page.wait_for_timeout(300)
        settled(page)
        keep(page, name)
    open_the_filter(page)
    page.get_by_role("button", name="Audiences").click()
    box = page.get_by_role("dialog")
    box.get_by_role("combobox", name="How").click()
    page.get_by_role("option", name="but not in").click()
    box.get_by_role("textbox", name="Name of the new audience").fill("only looked")
    box.get_by_role("button", name="Keep").click()
    box.get_by_text("only looked", exact=True).wait_for()
    box.get_by_role("button", name="Delete").first.click()
    box.get_by_text("lookers", exact=True).wait_for(state="detached")
    box.get_by_role("button", name="Close").click()
    choose(settled(page), "Customers", "only looked")
    page.get_by_text(re.compile("of 3,990 customers · only looked")).wait_for()


def test_a_cold_link_with_a_filter_shows_what_it_showed(fresh_server, visit):
    page = opened(visit(fresh_server(), alone=True), '/funnel?data=shop&from=2025-03-01&only={"did":"purchase"}')
    expect(page.get_by_text("who did purchase · from 1 Mar 2025 on")).to_be_visible()
    expect(page).to_have_url(re.compile("from=2025-03-01"))


def test_a_definition_shows_the_formula_with_the_visitors_numbers_and_the_code(server, visit):
    page = opened(visit(server), "/funnel?data=shop")
    page.get_by_role("button", name="How is this counted?").click()
    page.get_by_text("Out of: 3,903 customers").wait_for()
    page.locator(".katex", has_text="490").first.wait_for()
    page.get_by_role("button", name="Show the code").click()
    page.get_by_role("dialog").get_by_text("def funnel(").wait_for()


def test_a_step_has_details_that_stay_and_travel_in_the_link(server, visit):
    page = opened(visit(server), "/funnel?data=shop")
    page.get_by_role("button", name="⋯").nth(1).click()
    page.get_by_role("combobox", name="Only where").click()
    page.get_by_role("option", name="channel", exact=True).click()
    settled(page)
    page.get_by_role("textbox", name="Name").fill("looked")
    page.get_by_role("textbox", name="Name").press("Enter")
    page.wait_for_url("**steps=**looked**")
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile("^channel is "))).to_be_visible()
    friend = opened(visit(server, alone=True), page.url)
    expect(friend.get_by_text(re.compile("^channel is "))).to_be_visible()


@pytest.mark.parametrize("show", ["groups", "trend", "peers", "worth", "people"])
def test_every_section_opens_by_its_link(server, visit, show):
    page = opened(visit(server), f"/funnel?data=shop&by=channel&show={show}")
    assert page.get_by_role("alert").count() == 0
    expect(page.locator('[role=tab][aria-selected="true"]')).to_have_count(1)
    expect(page).to_have_url(re.compile(f"show={show}$"))


def test_every_click_on_a_section_opens_it(server, visit):
    """A section's choice once made the next tabs other tabs, and every second click was lost."""
    page = opened(visit(server), "/funnel?data=shop")
    for name in ("Groups", "Over time", "How others count", "Groups"):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
        settled(page)
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def test_the_notebook_of_a_filtered_view_makes_the_filter_again(server, visit):
    page = opened(visit(server), '/funnel?data=shop&to=2025-06-30&only={"did":"purchase"}')
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Notebook", exact=True).click()
    text = download.value.path().read_text()
    assert "select_customers(" in text
    assert "select_days(" in text
    assert "2025-06-30" in text


def test_an_upload_never_reaches_another_visitor(server, visit):
    """Two real browsers: not on the page, and not in any message of the server."""
    content = EVENTS.replace(b"ana", SECRET.encode()).replace(b"cart", f"{SECRET}-cart".encode())
    ana, ben, received = visit(server, alone=True), visit(server, alone=True), []
    ben.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    bring(opened(ana, "/"), content, f"{SECRET}.csv")
    menu(ana, "Funnel")
    assert SECRET in ana.content()
    opened(ben, ana.url)
    opened(ben, "/")
    open_sample(ben, "shop")
    menu(ben, "Funnel")
    assert received
    assert not [frame for frame in received if isinstance(frame, bytes) and SECRET.encode() in frame]
    assert SECRET not in ben.content()


def test_forgetting_clears_page_link_and_server(server, visit):
    page = bring(opened(visit(server), "/"), EVENTS.replace(b"ana", SECRET.encode()), f"{SECRET}.csv")
    menu(page, "Funnel")
    page.get_by_role("button", name="Forget my data").click()
    page.get_by_text("Nothing to look at yet").wait_for()
    settled(page)
    expect(page).to_have_url(re.compile("/funnel$"))
    assert SECRET not in page.content()
    menu(page, "Data")
    assert title(page) == "What would you like to look at?"


SPIED = """
import gc, pathlib, threading, time

def spy():
    while True:
        gc.collect()
        tables = sum(type(thing).__name__ == "EventLog" for thing in gc.get_objects())
        pathlib.Path(__file__).with_name("tables.txt").write_text(str(tables))
        time.sleep(0.2)

threading.Thread(target=spy, daemon=True).start()
"""


@pytest.fixture(scope="module")
def spied(tmp_path_factory):
    """A server that lets go of visitors after two seconds and writes down how many event logs are in its memory."""
    folder = tmp_path_factory.mktemp("spied")
    (folder / "sitecustomize.py").write_text(SPIED)
    options = ("--server.disconnectedSessionTTL", "2")
    served = Server(folder / "log.txt", ROOT / "app.py", *options, env={"PYTHONPATH": str(folder)})
    served.tables = lambda: int((folder / "tables.txt").read_text() or -1)
    yield served
    served.stop()


def test_a_forgotten_table_leaves_the_memory_of_the_server(spied, visit):
    """Streamlit keeps the callbacks of widgets that are gone; one that knows the table would keep it, too."""
    page = bring(opened(visit(spied), "/"), EVENTS)
    menu(page, "Funnel")
    page.get_by_role("button", name="Add a step").click()
    settled(page)
    menu(page, "Data")
    until(lambda: spied.tables() == 1, "the table is not in memory")
    page.get_by_role("button", name="Forget my data").click()
    page.get_by_text("What would you like to look at?").wait_for()
    until(lambda: spied.tables() == 0, "the table is still in memory")


def test_a_visitor_who_left_is_released(spied, visit):
    """Trap 9. With nobody coming after them."""
    page = bring(opened(visit(spied), "/"), EVENTS)
    until(lambda: spied.tables() == 1, "the table is not in memory")
    page.close()
    until(lambda: spied.tables() == 0, "the table is still in memory")


def test_every_answer_tells_the_browser_to_ask_nobody_else(server):
    """Whatever markup a file holds, a browser that shows this app loads nothing from another host."""
    headers = urllib.request.urlopen(server.url).headers
    policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert not {"http:", "https:", "*"} & set(" ".join(policy.values()).split())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_server_keeps_no_second_copy_of_an_upload(server, visit):
    bring(opened(visit(server), "/"), EVENTS)
    assert "UploadedFileManager" not in metrics(server)


def metrics(server):
    return urllib.request.urlopen(f"{server.url}/_stcore/metrics").read().decode()


PLANTED = f'''
import gc, logging, sys, threading, warnings
sys.path.insert(0, {str(ROOT)!r})
import streamlit as st
from ui import session

st.title("Planted")
session.start()
st.text(f"frozen: {{gc.get_freeze_count() > 100_000}}")

def fail():
    raise ValueError("{SECRET}")

@st.fragment
def part():
    if st.button("fragment"):
        fail()

part()
st.button("callback", on_click=fail)
st.download_button("file", fail, on_click="ignore")
if st.button("thread"):
    threading.Thread(target=fail).start()
if st.button("warning"):
    st.vega_lite_chart({{"mark": "point", "data": {{"values": [{{}}]}}, "description": "{QUOTED}"}}, alt="a chart")
    warnings.warn("{SECRET}")
    logging.getLogger("pandas").error("could not read %s", ValueError("{SECRET}"))
if st.button("page"):
    try:
        fail()
    except ValueError as error:
        raise KeyError("{SECRET}") from error
'''
FAKE_RICH = """
class Box: pass
class Panel: pass
class Traceback:
    from_exception = staticmethod(lambda kind, error, *rest, **more: error)
class Console:
    def __init__(self, **more): pass
    def print(self, error): print(repr(error), flush=True)
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A server of a page that fails in every way it can, with `rich` installed, which prints past the log."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "planted.py").write_text(PLANTED)
    (folder / "rich").mkdir()
    for name in ("__init__", "box", "panel", "traceback", "console"):
        (folder / "rich" / f"{name}.py").write_text(FAKE_RICH)
    options = ("--logger.enableRich", "true")
    served = Server(folder / "log.txt", folder / "planted.py", *options, env={"PYTHONPATH": str(folder)})
    yield served
    served.stop()


def test_an_error_shows_its_type_and_place_to_us_and_nothing_of_the_data_to_anybody(planted, visit):
    """The message of an error may hold a cell's value: it reaches neither the visitor's page nor the server's log."""
    page, received = visit(planted), []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    for name in ("fragment", "callback", "thread", "warning", "file", "page"):
        page.goto("/")
        before = planted.log()
        page.get_by_role("button", name=name, exact=True).click()
        until(lambda before=before: planted.log() != before, f"nothing is said of {name}")
    assert not [frame for frame in received if isinstance(frame, bytes) and SECRET.encode() in frame]
    assert SECRET not in page.content()
    assert SECRET not in planted.log()
    assert QUOTED not in planted.log()
    line = PLANTED.splitlines().index(f'    raise ValueError("{SECRET}")') + 1
    for said in ("KeyError at", "ValueError at", "UserWarning at", "vega_charts.py", f"planted.py:{line}"):
        assert said in planted.log()
    assert "could not read ValueError" in planted.log()


def test_the_heavy_imports_are_frozen(planted, visit):
    """Trap 6: without this every run of a page would cost every visitor 120 ms."""
    page = visit(planted)
    page.goto("/")
    page.get_by_text("frozen: True").wait_for(timeout=60_000)


PLACES = [
    *("/", "/?data=shop", "/funnel", "/funnel?data=shop", "/glossary?data=shop&from=2025-03-01"),
    *(f"/funnel?data=shop&by=channel&show={show}" for show in ("groups", "trend", "peers", "worth", "people")),
    '/funnel?data=shop&people={"step":2}&only={"did":"purchase"}',
]


def test_a_phone_never_scrolls_sideways(server, visit):
    page = visit(server, width=390, height=844)
    for place in PLACES:
        opened(page, place)
        wide = page.evaluate(
            "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(e => e.scrollWidth - e.clientWidth)"
        )
        assert wide == [0, 0], place


# What axe finds in Streamlit's own parts, which we cannot change: rule -> where. Everything else must be clean.
STREAMLITS_OWN: dict[str, str] = {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(server, visit, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, found = visit(server, color_scheme=scheme), []
    for place in PLACES:
        for violation in Axe().run(opened(page, place)).response["violations"]:
            own = STREAMLITS_OWN.get(violation["id"], "-")
            found += [
                f"{place} {violation['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
                for node in violation["nodes"]
                if violation["impact"] in ("critical", "serious") and own not in node["html"]
            ]
    assert not found


def test_everything_can_be_taken_away(server, visit):
    page = opened(visit(server), "/funnel?data=shop")
    files = {}
    for name in ("Table (CSV)", "Picture (PNG)", "Drawing (SVG)", "Notebook", "Notebook with data"):
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name=name, exact=True).click()
        files[name] = (download.value.suggested_filename, download.value.path().read_bytes())
    assert files["Table (CSV)"][1].startswith(b"\xef\xbb\xbfstep,")
    assert files["Picture (PNG)"][1].startswith(b"\x89PNG")
    assert b"<svg" in files["Drawing (SVG)"][1]
    assert json.loads(files["Notebook"][1])["nbformat"] == 4
    assert "funnel.ipynb" in zipfile.ZipFile(io.BytesIO(files["Notebook with data"][1])).namelist()
    assert all(re.fullmatch(r"funnel_shop_events\.(csv|png|svg|ipynb|zip)", name) for name, _content in files.values())
