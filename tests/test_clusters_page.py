"""Clusters, profiles and personas on the Segments page, of purchases, events and a table of customers alone."""

import pytest

from tests.app import go, open_page, upload
from ui.link import encode

SEGMENTS = "pages/decide/segments.py"
PANEL = b"customer_id,plan,age,income\n" + b"".join(
    b"c%03d,%s,%d,%d\n" % (k, (b"free", b"pro")[k % 2], 30 + k % 2 * 25 + k % 7, 20 + k % 2 * 40 + k % 5)
    for k in range(120)
)


def said(at):
    return " ".join(markdown.value for markdown in at.markdown).replace("\\", "")


@pytest.fixture(scope="module")
def shop():
    return open_page(SEGMENTS, data="shop", show="clusters")


def test_clusters_say_how_many_why_and_what_each_is_like(shop):
    assert "**2 clusters** of 260 customers, by Days since the last, Orders, Revenue" in said(shop)
    assert "**One order**, 236 customers (48%, 20% of the revenue)" in said(shop)
    assert "depends on **your gross margin**" in said(shop)
    assert len(shop.get("vega_lite_chart")) == 4  # the map of segments, profile, evidence, places


def test_a_number_of_ones_own_travels_in_the_link_and_is_called_so():
    at = open_page(SEGMENTS, data="shop", show="clusters", k="4", features=encode(["orders", "revenue"]))
    assert "You asked for **4 clusters** of 260 customers, by Orders, Revenue." in said(at)
    assert at.selectbox(key="segments.k").value == 4
    at.selectbox(key="clusters.people.of").set_value("are in cluster 1").run()
    assert not at.exception
    assert "are in cluster 1." in said(at)


def test_the_persona_of_a_segment_has_its_evidence_and_its_people():
    at = open_page(SEGMENTS, data="shop", show="personas", persona="Loyal")
    assert "### Loyal :gray-badge[illustrative]" in said(at)
    assert "illustrative" in at.code[0].value or "Loyal (illustrative)" in " ".join(code.value for code in at.code)
    at.selectbox(key="profile.people.of").set_value("are in Loyal").run()
    assert not at.exception
    assert "**37** customers are in Loyal." in said(at)


def test_a_column_or_an_audience_is_compared_too():
    at = open_page(SEGMENTS, data="shop", show="personas", of="customers", groups="other", group="region")
    assert "**nothing compared here sets one of them clearly apart**" in said(at)
    rule = {"audience": "buyers", "rule": {"did": "purchase"}}
    at = open_page(SEGMENTS, data="shop", show="personas", of="events", groups="other", group=encode(rule))
    assert "### in buyers :gray-badge[illustrative]" in said(at) or "in buyers" in said(at)
    assert not at.error


def test_what_is_to_be_compared_is_asked_for():
    at = open_page(SEGMENTS, data="shop", show="personas", groups="other")
    assert "Choose under “Compare groups” what to compare" in said(at)


def test_a_table_of_customers_alone_has_clusters_and_personas():
    at = go(upload(open_page(), PANEL, "panel.csv"), SEGMENTS)
    assert not at.error
    assert "**2 clusters** of 120 customers, by age, income" in said(at)
    assert "is told from their purchases" in said(at)


def test_too_few_customers_are_said_and_the_page_stands():
    at = go(upload(open_page(), PANEL[:400], "few.csv"), SEGMENTS)
    assert "Clusters need 50 customers" in at.error[0].value
