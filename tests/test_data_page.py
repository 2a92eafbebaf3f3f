"""The Data page: what comes in is recognised, said, mended with a click, read in another way, kept, and let go."""

import doctest
import io
import json

import pandas as pd
import pytest

from insight.recipe import read_recipe, recipe
from insight.tables import read_events
from tests.app import EVENTS, FUNNEL, everything_shown, go, open_page, upload
from ui import words
from ui.files import findings
from ui.files.visit import Files

TWICE = b"customer_id,event,timestamp\n" + 2 * b"ana,visit,2026-01-01 10:00\n"
PERSONAL = b"customer_id,event,timestamp,email\n" + b"".join(
    b"c%d,visit,2026-01-%02d 10:00,user%d@example.org\nc%d,buy,2026-01-%02d 11:00,user%d@example.org\n" % (6 * (n,))
    for n in range(1, 20)
)
ORDERS = b"order_id,customer_id,order_date,amount\n1,ana,2026-01-02,10\n2,ben,2026-01-05,20\n3,zoe,2026-01-06,5\n"
PEOPLE = b"customer_id,country,segment\nana,DE,new\nben,FR,loyal\neve,DE,new\n"
LINES = b"order_id,customer_id,order_date,amount,product\n" + (
    b"1,ana,2026-01-02,10,a\n1,ana,2026-01-02,10,b\n2,ben,2026-01-05,20,c\n"
)


def titles(at):
    return [title.value for title in at.title]


def button(at, label):
    (found,) = [one for one in at.button if one.label == label]
    return found


def metrics(at):
    return {metric.label.split(": ")[-1]: metric.value for metric in at.metric}


def visit_of(at):
    return Files(at.session_state["data.memory"])


def key_of(at, kind="events"):
    """How the keys of the inputs begin that correct the file of this kind."""
    return f"data.reading.{visit_of(at).ready[kind].number}"


def table_of(at, kind="events"):
    return at.session_state["data.uploads"][kind][0]


def several(at, *files):
    """The visitor brings several files at once."""
    at.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files]).run()
    assert not at.exception
    return at


@pytest.mark.parametrize("module", [findings, words])
def test_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0


def test_a_clean_file_goes_straight_through():
    at = upload(open_page())
    assert titles(at) == ["mine\\.csv"]
    assert metrics(at) == {"Events": "6", "Customers": "3", "Days": "20", "Quality": "100 of 100"}
    assert not at.error
    assert "nothing looks wrong" in everything_shown(at)


def test_a_file_that_is_no_table_is_refused_in_one_sentence():
    at = upload(open_page(), b"\x89PNG\r\n\x1a\n" + bytes(100), "picture.csv")
    assert len(at.error) == 1
    assert titles(at) == ["What would you like to look at?"]
    assert not at.query_params


def test_a_file_that_is_no_table_is_refused_by_name_and_what_was_open_stays_open():
    at = upload(open_page())
    upload(at, b"%PDF-1.7 \x00\x01", "broken.csv")
    (said,) = (error.value for error in at.error)
    assert said.startswith("broken\\.csv:")
    assert said.endswith("You still look at mine\\.csv.")
    assert titles(at) == ["mine\\.csv"]
    assert any("How mine" in expander.label for expander in at.expander)  # it can still be read in another way
    upload(at)
    assert not at.error


def test_a_file_with_one_kind_of_event_says_what_a_funnel_needs():
    at = upload(open_page(), b"customer_id,event,timestamp\nana,visit,2026-01-01\n")
    assert "one kind of event only" in everything_shown(at)
    assert [one.key for one in at.button if one.label == "Show me"] == ["go.overview", "go.audiences"]


def test_every_question_is_answered_with_a_reason():
    shown = everything_shown(upload(open_page()))
    assert "3 customers and 3 kinds of event" in shown
    assert "Needs an amount column" in shown


def test_columns_that_are_not_recognised_can_be_chosen():
    odd = b"aa,bb,cc\nana,visit,2026-01-01 10:00\nana,buy,2026-01-02 10:00\nben,visit,2026-01-05 10:00\n"
    at = upload(open_page(), odd)
    assert titles(at) == ["How should this file be read?"]
    key = f"data.reading.{visit_of(at).asked.number}"
    at.selectbox(key=f"{key}.kind").set_value("events").run()
    for name, column in {"customer_id": "aa", "event": "bb", "timestamp": "cc"}.items():
        at.selectbox(key=f"{key}.events.{name}").select(column)
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert at.metric[0].value == "3"


def test_a_choice_that_does_not_work_says_why_and_keeps_the_question():
    at = upload(open_page(), b"aa,bb\n1,2\n3,4\n")
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert len(at.error) == 1
    assert titles(at) == ["How should this file be read?"]


def test_a_file_that_cannot_be_used_can_be_left_alone_and_the_others_stay():
    at = upload(upload(open_page()), b"aa,bb\n1,2\n3,4\n", "strange.csv")
    assert titles(at) == ["How should this file be read?"]
    button(at, "Do not use this file").click().run()
    assert titles(at) == ["mine\\.csv"]


def test_a_wrong_guess_can_be_corrected_after_the_file_was_read():
    both = b"customer_id,event,timestamp,what\nana,x,2026-01-01,visit\nana,y,2026-01-02,buy\n"
    at = upload(open_page(), both)
    at.selectbox(key=f"{key_of(at)}.events.event").select("what")
    at.form_submit_button[0].click().run()
    assert not at.exception
    go(at, FUNNEL)
    assert "buy" in str(at.session_state.to_dict()["funnel.steps"])


def test_optional_columns_are_asked_for_only_when_wanted():
    at = upload(open_page(), b"customer_id,event,timestamp,how\nana,x,2026-01-01,ads\nana,y,2026-01-02,ads\n")
    key = key_of(at)
    assert not [one for one in at.selectbox if one.key == f"{key}.events.channel"]
    at.toggle(key=f"{key}.all").set_value(True).run()
    at.selectbox(key=f"{key}.events.channel").select("how")
    at.form_submit_button[0].click().run()
    assert visit_of(at).ready["events"].columns["channel"] == "how"
    at.toggle(key=f"{key}.all").set_value(False).run()
    at.form_submit_button[0].click().run()
    assert visit_of(at).ready["events"].columns["channel"] == "how"


def test_two_thousand_columns_with_odd_names_stay_usable():
    names = [f"**column** {n} <b>" for n in range(2000)]
    header = ",".join(["customer_id", "event", "timestamp", *names])
    rows = [",".join([f"c{n}", "visit" if n % 2 else "buy", f"2026-01-0{n + 1}", *["1"] * 2000]) for n in range(9)]
    at = upload(open_page(), "\n".join([header, *rows]).encode())
    assert at.metric[0].value == "9"
    assert names[-1] in at.selectbox(key=f"{key_of(at)}.events.event").options
    assert len(at.dataframe[0].value.columns) == 40


def test_the_time_zone_of_a_file_can_be_said():
    at = upload(open_page())
    at.selectbox(key=f"{key_of(at)}.timezone").select("Europe/Rome")
    at.form_submit_button[0].click().run()
    assert table_of(at).timezone == "Europe/Rome"


def test_one_of_several_currencies_can_be_kept():
    mixed = b"customer_id,order_date,amount,currency\nana,2026-01-02,10,EUR\nben,2026-01-03,20,USD\n"
    at = upload(open_page(), mixed, "orders.csv")
    at.selectbox(key=f"{key_of(at, 'orders')}.currency").select("EUR")
    at.form_submit_button[0].click().run()
    assert at.metric[0].value == "1"
    assert table_of(at, "orders").currency == "EUR"


def test_a_total_on_every_line_of_an_order_is_counted_once_when_the_visitor_says_so():
    at = upload(open_page(), LINES, "orders.csv")
    assert table_of(at, "orders").frame["amount"].sum() == 40
    at.radio(key=f"{key_of(at, 'orders')}.lines").set_value(True)
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert table_of(at, "orders").frame["amount"].sum() == 30
    assert "total of its order" in everything_shown(at)


def test_a_finding_is_mended_with_one_click_and_the_click_taken_back():
    at = upload(open_page(), TWICE)
    assert at.metric[0].value == "2"
    button(at, "Leave the copies out").click().run()
    assert not at.exception
    assert at.metric[0].value == "1"
    assert "Left out exact copies" in everything_shown(at)
    button(at, "Undo").click().run()
    assert at.metric[0].value == "2"
    assert not [one for one in at.button if one.label == "Undo"]


def test_a_fix_is_part_of_how_the_file_is_read():
    at = upload(open_page(), TWICE)
    button(at, "Leave the copies out").click().run()
    assert table_of(at).settings["fixes"] == ["drop_duplicates"]


def test_the_score_is_said_with_its_reasons():
    at = upload(open_page(), TWICE)
    assert metrics(at)["Quality"] == "89 of 100"
    assert any(one.value.startswith("**−11 points** · Exact copies") for one in at.markdown)


def test_personal_data_becomes_pseudonyms_with_one_click():
    at = upload(open_page(), PERSONAL)
    assert "Some columns look personal" in everything_shown(at)
    button(at, "Replace them by pseudonyms").click().run()
    assert not at.exception
    emails = table_of(at).frame["email"]
    assert emails.str.fullmatch(r"[0-9a-f]{16}").all()
    assert emails.nunique() == 19
    assert "example.org" not in everything_shown(at)


def test_personal_columns_are_left_out_with_one_click():
    at = upload(open_page(), PERSONAL)
    button(at, "Leave them out").click().run()
    assert "email" not in table_of(at).frame
    assert "example.org" not in everything_shown(at)
    button(at, "Undo").click().run()
    assert "email" in table_of(at).frame


def test_the_same_person_has_the_same_pseudonym_in_every_file_of_a_visit():
    events = b"email,event,timestamp\n" + b"".join(b"u%d@x.org,visit,2026-01-%02d\n" % (n, n) for n in range(1, 20))
    people = b"email,country\n" + b"".join(b"u%d@x.org,DE\n" % n for n in range(1, 20))
    at = several(open_page(), ("events.csv", events), ("people.csv", people))
    for _once in range(2):
        next(one for one in at.button if one.label == "Replace them by pseudonyms").click().run()
    tables = {kind: table for kind, (table, _content) in at.session_state["data.uploads"].items()}
    assert set(tables["events"].frame["customer_id"]) == set(tables["customers"].frame["customer_id"])
    assert "@" not in "".join(tables["events"].frame["customer_id"])


def test_the_sheet_with_the_table_is_found_and_another_can_be_chosen():
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        pd.DataFrame({"remark": ["hello"], "by": ["me"]}).to_excel(writer, sheet_name="Notes", index=False)
        pd.read_csv(io.BytesIO(EVENTS)).to_excel(writer, sheet_name="Log", index=False)
        pd.read_csv(io.BytesIO(EVENTS)).head(2).to_excel(writer, sheet_name="Short", index=False)
    at = upload(open_page(), book.getvalue(), "book.xlsx")
    file = visit_of(at).asked or visit_of(at).ready["events"]
    if visit_of(at).asked:
        at.selectbox(key=f"data.reading.{file.number}.sheet").select("Log").run()
    assert at.metric[0].value == "6"
    at.selectbox(key=f"data.reading.{file.number}.sheet").select("Short").run()
    assert not at.exception
    assert at.metric[0].value == "2"


def test_who_turns_to_a_sample_is_not_asked_about_the_file_any_more():
    at = upload(open_page(), b"aa,bb\n1,2\n3,4\n")
    at.button(key="sample.shop").click().run()
    assert titles(at) == ["A small coffee and tea shop"]


def test_a_file_read_as_the_wrong_kind_is_replaced_by_the_right_one():
    both = b"customer_id,event,timestamp,amount\nana,visit,2026-01-01 10:00,5.00\nana,buy,2026-01-02 10:00,7.50\n"
    at = upload(open_page(), both)
    assert "Events" in metrics(at)
    at.selectbox(key=f"{key_of(at)}.kind").set_value("orders").run()
    at.form_submit_button[0].click().run()
    assert not at.exception
    assert "Orders" in metrics(at)
    assert set(at.session_state["data.uploads"]) == {"orders"}


def test_one_file_can_be_used_as_two_kinds_of_table():
    both = b"customer_id,event,timestamp,amount\nana,visit,2026-01-01 10:00,5.00\nana,buy,2026-01-02 10:00,7.50\n"
    at = upload(open_page(), both)
    button(at, "Also use it as: Orders").click().run()
    assert not at.exception
    assert metrics(at) == {"Events": "2", "Orders": "2"}


def test_the_file_is_kept_byte_for_byte_for_the_notebook_that_travels_with_it():
    at = upload(open_page())
    assert at.session_state["data.uploads"]["events"][1] == EVENTS


def test_another_file_of_the_same_kind_replaces_the_first():
    at = upload(upload(open_page()), b"customer_id,event,timestamp\nx,visit,2026-01-01\n", "second.csv")
    assert titles(at) == ["second\\.csv"]
    assert at.metric[0].value == "1"


def test_several_files_come_in_at_once_and_say_how_they_belong_together():
    at = several(open_page(), ("events.csv", EVENTS), ("orders.csv", ORDERS), ("people.csv", PEOPLE))
    assert titles(at) == ["3 files"]
    assert metrics(at) == {"Events": "6", "Orders": "3", "Customers": "3"}
    shown = everything_shown(at)
    assert "3 of 3 customers of the events are in the customers (100%)" in shown
    (warned,) = (warning.value for warning in at.warning)
    assert warned.startswith("2 of 3 customers of the orders are in the customers (66.7%).")


def test_what_a_table_of_customers_says_can_be_compared_on_every_page():
    at = several(open_page(), ("events.csv", EVENTS), ("people.csv", PEOPLE))
    go(at, FUNNEL)
    at.selectbox(key="funnel.by.0").select(("column", "country")).run()
    assert not at.exception
    assert "DE" in everything_shown(at)


def test_ids_that_differ_in_case_are_mended_in_both_files():
    shouted = PEOPLE.replace(b"ana", b"ANA").replace(b"ben", b"BEN").replace(b"eve", b"EVE")
    at = several(open_page(), ("events.csv", EVENTS), ("people.csv", shouted))
    button(at, "Take ids in lower case").click().run()
    assert not at.exception
    assert "3 of 3 customers of the events are in the customers (100%)" in everything_shown(at)


def test_one_of_several_tables_is_removed_and_the_others_stay():
    at = several(open_page(), ("events.csv", EVENTS), ("people.csv", PEOPLE))
    at.button(key=f"data.remove.{visit_of(at).ready['customers'].number}").click().run()
    assert not at.exception
    assert titles(at) == ["events\\.csv"]
    button(at, "Remove this table").click().run()
    assert titles(at) == ["What would you like to look at?"]


def test_a_sample_can_be_looked_at_between_and_the_file_is_still_there():
    at = upload(open_page())
    at.button(key="sample.shop").click().run()
    assert at.query_params == {"data": "shop"}
    assert not [one for one in at.button if one.key.startswith("data.fix.")]
    at.button(key="mine").click().run()
    assert at.query_params["data"] == "upload"
    assert at.metric[0].value == "6"


def setup_of(content=TWICE, pages=None, **settings):
    return recipe({"events": read_events(content, **settings)}, pages)


def test_a_saved_setup_and_next_weeks_export_cost_one_click():
    odd = TWICE.replace(b"customer_id,event,timestamp", b"aa,bb,cc")
    columns = {"customer_id": "aa", "event": "bb", "timestamp": "cc"}
    saved = setup_of(odd, columns=columns, fixes=["drop_duplicates"])
    at = several(open_page(), ("next.csv", odd + odd[9:]), ("set-up.json", saved))
    assert at.metric[0].value == "1"
    assert any("is read as it was saved" in info.value for info in at.info)
    assert not at.run().info


def test_a_saved_setup_brings_the_settings_of_the_pages_back():
    at = upload(open_page(), setup_of(EVENTS, {"funnel": {"within": "1D"}}), "set-up.json")
    assert any("waits for its files" in info.value for info in at.info)
    upload(at)
    go(at, FUNNEL)
    assert at.select_slider(key="funnel.within").value == "1D"
    assert at.query_params["within"] == "1D"


def test_a_setup_that_does_not_fit_is_said_and_the_file_is_read_as_recognised():
    saved = setup_of(EVENTS.replace(b"customer_id", b"Kunde"), columns={"customer_id": "Kunde"})
    at = several(open_page(), ("mine.csv", EVENTS), ("set-up.json", saved))
    assert at.metric[0].value == "6"
    assert any("has other columns than the saved set-up" in info.value for info in at.info)


def test_a_setup_is_used_for_a_file_that_is_here_already():
    at = upload(open_page(), TWICE)
    upload(at, setup_of(fixes=["drop_duplicates"]), "set-up.json")
    assert at.metric[0].value == "1"


def test_a_broken_setup_is_refused_in_one_sentence():
    broken = {**json.loads(setup_of()), "files": {"events": {"name": "a", "columns": {"nobody": "x"}}}}
    at = upload(upload(open_page()), json.dumps(broken).encode(), "set-up.json")
    (said,) = (error.value for error in at.error)
    assert said.startswith("set\\-up\\.json: This recipe cannot be used")
    assert at.metric[0].value == "6"


def test_what_is_saved_sets_the_same_state_up_again():
    at = upload(open_page(), TWICE)
    button(at, "Leave the copies out").click().run()
    table = table_of(at)
    found = read_recipe(recipe({"events": table}))
    again = several(open_page(), ("mine.csv", TWICE), ("set-up.json", recipe({"events": table})))
    assert found.files["events"].settings["fixes"] == ["drop_duplicates"]
    assert again.session_state["data.uploads"]["events"][0].fingerprint == table.fingerprint


def test_there_is_a_template_of_every_kind_and_a_way_to_export_from_every_tool():
    at = open_page()
    assert len(at.get("download_button")) == 7
    for tool in at.selectbox(key="data.tool").options:
        at.selectbox(key="data.tool").set_value(tool)
    at.run()
    assert not at.exception


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setenv("INSIGHT_MAX_PACKED_MB", "1")
    at = upload(open_page(), EVENTS + b"eve,visit,2026-01-20 08:00\n" * 40_000)
    (said,) = (error.value for error in at.error)
    assert said.startswith("mine\\.csv: The file has more than 1 MB\\.")


def test_the_visit_remembers_nothing_after_forgetting():
    at = several(open_page(), ("mine.csv", EVENTS), ("set-up.json", setup_of(EVENTS)))
    at.button(key="forget").click().run()
    assert not at.exception
    assert not visit_of(at).ready
    assert not visit_of(at).recipe.files
