"""Every page with every sample and with no data: no exception, and words on everything one can touch."""

import io

import pandas as pd
import pytest

from insight.tables import samples
from tests.app import DATA, EVENTS, ROOT, go, open_page, upload

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


def test_a_clean_file_goes_straight_through():
    at = upload(open_page())
    assert [title.value for title in at.title] == ["mine\\.csv"]
    assert at.metric[0].value == "6"
    assert not at.error


def test_a_file_that_is_no_table_is_refused_in_one_sentence():
    at = upload(open_page(), b"\x89PNG\r\n\x1a\n" + bytes(100), "picture.csv")
    assert len(at.error) == 1
    assert [title.value for title in at.title] == ["What would you like to look at?"]
    assert not at.query_params


def test_a_file_that_is_no_table_is_refused_by_name_and_what_was_open_stays_open():
    at = upload(open_page())
    at.file_uploader[0].upload("broken.csv", b"%PDF-1.7 \x00\x01", "text/csv").run()
    assert not at.exception
    (said,) = (error.value for error in at.error)
    assert said.startswith("broken\\.csv:")
    assert said.endswith("You still look at mine\\.csv.")
    assert at.title[0].value == "mine\\.csv"
    assert any("How mine" in expander.label for expander in at.expander)  # it can still be read in another way
    upload(at)
    assert not at.error


def test_a_file_with_one_kind_of_event_says_what_a_funnel_needs():
    at = upload(open_page(), b"customer_id,event,timestamp\nana,visit,2026-01-01\n")
    assert any("at least two kinds of event" in text.value for text in at.text)
    assert not [button for button in at.button if button.label == "Show me"]


def test_columns_that_are_not_recognised_can_be_chosen():
    odd = b"aa,bb,cc\nana,visit,2026-01-01 10:00\nana,buy,2026-01-02 10:00\nben,visit,2026-01-05 10:00\n"
    at = upload(open_page(), odd)
    assert [title.value for title in at.title] == ["How should this file be read?"]
    kind = "data.reading.1"
    at.segmented_control(key=f"{kind}.kind").set_value("events").run()
    at.selectbox(key=f"{kind}.events.customer_id").select("aa")
    at.selectbox(key=f"{kind}.events.event").select("bb")
    at.selectbox(key=f"{kind}.events.timestamp").select("cc")
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert at.metric[0].value == "3"


def test_a_choice_that_does_not_work_says_why_and_keeps_the_question():
    at = upload(open_page(), b"aa,bb\n1,2\n3,4\n")
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert len(at.error) == 1
    assert [title.value for title in at.title] == ["How should this file be read?"]


def test_a_wrong_guess_can_be_corrected_after_the_file_was_read():
    both = b"customer_id,event,timestamp,what\nana,x,2026-01-01,visit\nana,y,2026-01-02,buy\n"
    at = upload(open_page(), both)
    at.selectbox(key="data.reading.1.events.event").select("what")
    at.form_submit_button[0].click().run()
    assert not at.exception
    go(at, "pages/explore/funnel.py")
    assert "buy" in str(at.session_state.to_dict()["funnel.steps"])


def test_exact_copies_can_be_left_out():
    at = upload(open_page(), b"customer_id,event,timestamp\n" + 2 * b"ana,visit,2026-01-01 10:00\n")
    assert at.metric[0].value == "2"
    at.checkbox[0].check()
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert at.metric[0].value == "1"


def test_the_sheet_with_the_table_is_found_and_another_can_be_chosen():
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        pd.DataFrame({"remark": ["hello"], "by": ["me"]}).to_excel(writer, sheet_name="Notes", index=False)
        pd.read_csv(io.BytesIO(EVENTS)).to_excel(writer, sheet_name="Log", index=False)
        pd.read_csv(io.BytesIO(EVENTS)).head(2).to_excel(writer, sheet_name="Short", index=False)
    at = upload(open_page(), book.getvalue(), "book.xlsx")
    assert at.metric[0].value == "6"
    at.selectbox(key="data.reading.1.sheet").select("Short").run()
    assert not at.exception
    assert at.metric[0].value == "2"


def test_who_turns_to_a_sample_is_not_asked_about_the_file_any_more():
    at = upload(open_page(), b"aa,bb\n1,2\n3,4\n")
    at.button(key="sample.shop").click().run()
    assert [title.value for title in at.title] == ["A small coffee and tea shop"]


def test_a_file_read_as_the_wrong_kind_is_replaced_by_the_right_one():
    both = b"customer_id,event,timestamp,amount\nana,visit,2026-01-01 10:00,5.00\nana,buy,2026-01-02 10:00,7.50\n"
    at = upload(open_page(), both)
    assert at.metric[0].label == "Events"
    at.segmented_control(key="data.reading.1.kind").set_value("orders").run()
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert [metric.label for metric in at.metric] == ["Orders"]


def test_the_file_is_kept_byte_for_byte_for_the_notebook_that_travels_with_it():
    at = upload(open_page())
    assert at.session_state["data.uploads"]["events"][1] == EVENTS


def test_another_file_of_the_same_kind_replaces_the_first():
    at = upload(upload(open_page()), b"customer_id,event,timestamp\nx,visit,2026-01-01\n", "second.csv")
    assert [title.value for title in at.title] == ["second\\.csv"]
    assert at.metric[0].value == "1"


def test_a_sample_can_be_looked_at_between_and_the_file_is_still_there():
    at = upload(open_page())
    at.button(key="sample.shop").click().run()
    assert at.query_params == {"data": "shop"}
    at.button(key="mine").click().run()
    assert at.query_params["data"] == "upload"
    assert at.metric[0].value == "6"
