"""The Customer value page: by model, by formula, without a file, with too little; its settings, people and links."""

import pytest

from tests.app import go, open_page, upload
from ui.link import encode

CLV = "pages/decide/clv.py"
FEW = b"customer_id,order_date,amount\n" + b"".join(
    b"c%02d,2026-%02d-%02d,%d\n" % (k % 12, 1 + k % 3, 1 + k % 28, 20 + k) for k in range(20)
)


def said(at):
    return " ".join(markdown.value for markdown in at.markdown).replace("\\", "")


@pytest.fixture(scope="module")
def shop():
    return open_page(CLV, data="shop", margin="0.4")


def test_without_a_margin_the_page_speaks_of_revenue_and_asks_for_it():
    at = open_page(CLV, data="shop")
    assert "of revenue" in at.markdown[0].value
    assert "What of it is **value** depends on your gross margin." in at.markdown[0].value
    at.number_input[0].set_value(40.0).run()
    assert not at.exception
    assert "of margin (95% interval" in at.markdown[0].value
    assert at.query_params["margin"] in ("0.4", ["0.4"])


def test_the_page_opens_on_what_can_be_expected_and_how_far_off_it_was(shop):
    assert shop.markdown[0].value.startswith(
        "In the 365 days after 31 Dec 2025, 496 customers can be expected to bring"
    )
    assert "**Last time the total was off by" in shop.markdown[0].value
    assert "In the back-test" not in shop.markdown[0].value  # the model did not lose
    assert "The tenth of customers that the model put first on" in said(shop)


def test_the_people_of_a_tenth_are_as_many_as_it_says(shop):
    of = shop.selectbox(key="customer_value.people.of")
    of.set_value(next(option for option in of.options if option.startswith("are in tenth 1 "))).run()
    assert not shop.exception
    assert "**50** customers are in tenth 1 by expected value" in said(shop)


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("each", "One-time buyers who came on the same day are equal"),
        ("three", "**Historical** looks back and **the model** ahead"),
        ("groups", "By month of the first purchase: of the"),
        ("calculator", "By the formula a new customer brings"),
    ],
)
def test_every_tab_opens(show, words):
    at = open_page(CLV, data="shop", margin="0.4", cac="40.0", show=show)
    assert words in said(at)


def test_a_customer_is_found_by_a_part_of_the_id():
    at = open_page(CLV, data="shop", margin="0.4", show="each")
    assert len(at.dataframe[0].value) == 496
    at.text_input(key="clv.find").set_value("c0018").run()
    found = at.dataframe[0].value["customer_id"]
    assert len(found)
    assert found.str.startswith("C0018").all()
    at.text_input(key="clv.find").set_value("nobody").run()
    assert "No customer is called so." in [text.value for text in at.text]


def test_groups_are_those_of_a_column_of_the_orders():
    at = open_page(CLV, data="shop", margin="0.4", show="groups", by="channel")
    assert "By channel: of the" in said(at)
    at.selectbox(key="customer_value_by.people.of").set_value("are of email").run()
    assert not at.exception
    assert "customers are of email." in said(at)


def test_the_calculator_starts_at_what_the_orders_say_and_follows_what_is_typed():
    at = open_page(CLV, data="shop", margin="0.4", show="calculator")
    boxes = {box.label: box for box in at.number_input}
    assert (boxes["Order value"].value, boxes["Orders a year"].value) == (61.66, 2.45)
    assert boxes["Cost of acquiring one customer (CAC)"].value is None
    assert "Type what acquiring a customer costs to see LTV:CAC" in said(at)
    boxes["Cost of acquiring one customer (CAC)"].set_value(40.0).run()
    assert "LTV:CAC is **4.5**." in said(at)
    assert "Typed in place" not in said(at)
    next(box for box in at.number_input if box.label == "Orders a year").set_value(4.0).run()
    assert "Typed in place of what the file says: Orders a year." in said(at)
    assert at.query_params["orders"] in ("4.0", ["4.0"])
    again = open_page(CLV, data="shop", margin="0.4", show="calculator", cac="40.0", orders="4.0")
    assert "61.66 × 4 × 40% × 3 years" in said(again)


def test_without_a_file_the_calculator_takes_typed_numbers():
    at = open_page(CLV)
    assert at.markdown[0].value.startswith("What is a new customer worth? Type your **order value**")
    at.button(key="clv.example").click().run()
    assert not at.exception
    assert at.markdown[0].value.startswith("By the formula a new customer brings **180** of margin in 3 years")
    assert "LTV:CAC is **4.5**." in at.markdown[0].value
    assert "from insight import simple_clv" in at.code[0].value
    assert "The page reads order value and frequency from them" in said(at)


def test_a_link_to_the_calculator_needs_no_file():
    at = open_page(CLV, aov="50.0", orders="4.0", margin="0.3", cac="40.0", retention="80")
    assert "50.00 × 4 × 30% × 2.44 years = 146" in said(at)


def test_with_too_few_customers_the_page_says_what_is_missing_and_offers_the_formula():
    at = go(upload(open_page(), FEW, "few.csv"), CLV)
    assert at.info[0].value == "Value by formula only: a model needs 100 customers who bought; you have 12."
    assert "An active customer brings a **revenue** of" in said(at)
    assert [tab.label for tab in at.tabs] == ["Calculator", "Contracts"]
    next(box for box in at.number_input if box.label.startswith("Your gross margin")).set_value(50.0).run()
    assert "By the formula a new customer brings" in said(at)


def test_a_margin_typed_for_campaigns_is_offered_and_not_taken():
    at = open_page("pages/decide/campaigns.py", data="shop", margin="0.35")
    at = go(at, CLV)
    assert "of revenue" in at.markdown[0].value
    next(button for button in at.button if button.label == "Use 35% as on another page").click().run()
    assert not at.exception
    assert "of margin (95% interval" in at.markdown[0].value


def test_settings_of_a_link_that_cannot_be_meant_are_the_usual_ones():
    at = open_page(CLV, data="shop", margin="4", years="-1", by=encode({"column": "nothing"}), horizon="1D")
    assert "margin, horizon, by, years" in at.warning[0].value
    assert "In the 365 days after" in at.markdown[0].value
