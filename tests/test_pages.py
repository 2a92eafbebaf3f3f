"""Every page with every sample and with no data: no exception, and words on everything one can touch."""

import pytest

from insight.tables import samples
from tests.app import DATA, ROOT, everything_shown, go, open_page, upload
from ui.link import encode

PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py"))
SAMPLES = [*dict.fromkeys(samples()["dataset"])]
INPUTS = [
    "selectbox",
    "multiselect",
    "segmented_control",
    "slider",
    "text_input",
    "number_input",
    "date_input",
    "toggle",
]


def test_there_are_pages_and_samples():
    assert DATA in PAGES
    assert "shop" in SAMPLES


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("sample", [None, *SAMPLES])
def test_page_opens(page, sample):
    at = open_page(page, **({"data": sample} if sample else {}))
    assert at.title
    for kind in INPUTS:
        for widget in at.get(kind):
            assert widget.label
            assert widget.proto.help, f"{widget.label!r} on {page} does not say what it is for"


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_with_a_file_of_the_visitor(page):
    go(upload(open_page()), page)


def test_the_first_page_asks_one_question_and_offers_every_sample():
    at = open_page()
    assert [title.value for title in at.title] == ["What would you like to look at?"]
    assert [b.key for b in at.button] == [f"sample.{name}" for name in SAMPLES]


def test_a_sample_opens_in_one_click():
    at = open_page()
    at.button(key="sample.shop").click().run()
    assert at.query_params == {"data": "shop"}
    assert at.metric


def test_a_page_without_data_offers_a_sample_in_one_click():
    at = open_page("pages/explore/funnel.py")
    assert not at.query_params
    at.button(key="need.sample").click().run()
    assert not at.exception
    assert at.query_params["data"] == "shop"


NOT_BOUGHT = encode({"all": [{"did": "checkout"}, {"not": {"did": "purchase"}}]})


def test_a_filter_that_leaves_no_order_is_named_where_orders_are_the_conversions():
    at = open_page("pages/decide/attribution.py", data="shop", only=NOT_BOUGHT)
    assert "Nobody in shop\\_orders\\.csv\\.gz fits" in at.error[0].value
    assert any(button.label == "Clear the filter" for button in at.button)


@pytest.mark.parametrize("page", ["campaigns", "audiences"])
def test_a_page_that_does_not_use_the_filter_of_customers_says_so(page):
    said = "The filter of customers is not used here"
    assert said in everything_shown(open_page(f"pages/decide/{page}.py", data="shop", only=NOT_BOUGHT))
    assert said not in everything_shown(open_page(f"pages/decide/{page}.py", data="shop"))


def test_a_file_of_contracts_has_its_renewals_in_front_and_its_value_on_the_data_page():
    at = open_page("pages/decide/clv.py", data="gym")
    assert at.tabs[0].label == "Contracts"
    assert "contracts" in everything_shown(at)
    assert "go.clv" in [button.key for button in open_page(data="gym").button]
