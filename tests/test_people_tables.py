"""Customers, contacts and feedback: one row each, whatever the file looks like."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import InsightError, MissingColumn
from insight.tables import inspect_file, read_contacts, read_customers, read_feedback, sample
from insight.tables.people import one_row_a_customer
from tests.files import noted, patient


def test_a_customer_has_one_row_with_traits_and_consents():
    text = "Client,Country,Newsletter,ad consent,signup date,Age,pet\n"
    text += "007,DE,yes,1,2026-01-05,38,cat\nben,FR,opted out,,,,\n"
    table = read_customers(text.encode())
    assert [str(kind) for kind in table.frame[["consent_email", "signup_date", "age"]].dtypes] == [
        "boolean",
        "datetime64[us]",
        "float64",
    ]
    assert table.frame["customer_id"].tolist() == ["007", "ben"]
    assert table.frame["consent_email"].tolist() == [True, False]
    assert table.frame["consent_ads"].isna().tolist() == [False, True]
    assert table.frame["signup_date"][0] == pd.Timestamp("2026-01-05")
    assert table.frame["pet"].isna().tolist() == [False, True]
    assert (table.kind, table.reader, table.n_rows, table.made) == ("customers", "read_customers", 2, None)
    assert "error" not in set(table.findings["severity"])


@pytest.mark.parametrize(
    ("written", "read"),
    [("yes", True), ("True", True), ("1", True), ("opted in", True), ("да", True), ("כן", True), ("是", True)]
    + [("no", False), ("false", False), ("0", False), ("Opt-out", False), ("нет", False), ("לא", False), ("否", False)],
)
def test_consent_is_read_in_every_usual_spelling(written, read):
    table = read_customers(f"id,country,consent_email\nana,DE,{written}\n".encode())
    assert table.frame["consent_email"].tolist() == [read]


def test_a_consent_that_is_neither_yes_nor_no_is_not_known_and_said():
    table = read_customers(b"id,country,consent_email\nana,DE,maybe\nben,DE,\neve,DE,yes\n")
    assert table.frame["consent_email"].isna().tolist() == [True, True, False]
    assert noted(table) == {"Values that are neither yes nor no": (1, [2])}


def test_a_file_without_any_consent_is_a_note():
    assert "no_consent" in set(read_customers(b"customer_id,country\nana,DE\n").findings["code"])
    assert "no_consent" not in set(sample("shop_customers").findings["code"])


def test_several_rows_of_a_customer_become_one_and_contradictions_are_named():
    text = b"""id,country,age_band,consent_email
ana,DE,,yes
ben,FR,25-34,yes
ana,AT,35-44,no
ben,FR,25-34,yes
"""
    table = read_customers(text)
    assert table.frame["customer_id"].tolist() == ["ana", "ben"]
    assert table.frame["country"].tolist() == ["DE", "FR"]
    assert table.frame["age_band"].tolist() == ["35-44", "25-34"]
    assert table.frame["consent_email"].tolist() == [False, True]
    found = table.findings.set_index("code")
    assert found.loc["duplicates", ["rows", "examples"]].tolist() == [1, [5]]
    assert found.loc["same_customer", ["rows", "examples"]].tolist() == [1, [4]]
    conflicts = table.findings.query("code == 'conflicting_rows'")
    assert conflicts["column"].tolist() == ["country", "consent_email"]
    assert conflicts["examples"].tolist() == [[2, 4], [2, 4]]
    assert conflicts["suggestion"].tolist()[1] == "A no counts. Ask those who run the list which answer is right."


customers = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y", None]), st.sampled_from([True, False, None])),
    min_size=1,
)


@patient
@given(customers)
def test_rows_become_one_as_when_they_are_merged_by_hand(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "region", "consent_ads"])
    merged = one_row_a_customer(frame.astype({"region": "str", "consent_ads": "boolean"}))
    expected = {}
    for who, region, consent in rows:
        before = expected.setdefault(who, [None, None])
        before[0] = region if before[0] is None else before[0]
        before[1] = consent if before[1] is None or consent is False else before[1]
    assert merged["customer_id"].tolist() == list(expected)
    for name, place in (("region", 0), ("consent_ads", 1)):
        told = [None if value is pd.NA or value != value else value for value in merged[name].tolist()]
        assert told == [values[place] for values in expected.values()]


def test_what_came_of_a_contact_has_one_word_each():
    text = "user,date,event,campaign\nana,2026-01-01,Delivered,may\nana,2026-01-01,Email Opened,may\n"
    text += "ana,2026-01-02,CLICKED,may\nana,2026-01-02,opt-out,may\nana,2026-01-02,bounce,may\n"
    table = read_contacts(text.encode())
    assert table.frame["outcome"].tolist() == ["sent", "open", "click", "unsub", "bounce"]
    assert noted(table)["Outcomes that are not counted: bounce"] == (1, [6])
    both = read_contacts(b"user,date,event\nana,2026-01-01,sent\nana,2026-01-01,Delivered\nana,2026-01-01,open\n")
    assert both.frame["outcome"].tolist() == ["sent", "delivered", "open"]  # else each mail would count twice


def test_a_row_with_several_outcomes_becomes_several_rows():
    text = b"user,sent_at,opened,clicked,unsubscribed,subject\nana,2026-01-01,1,0,0,A\nben,2026-01-01,yes,yes,no,B\n"
    table = read_contacts(text)
    assert table.frame[["customer_id", "outcome"]].to_numpy().tolist() == [
        ["ana", "sent"],
        ["ana", "open"],
        ["ben", "sent"],
        ["ben", "open"],
        ["ben", "click"],
    ]
    assert str(table.frame["outcome"].dtype) == "str"
    not_sent = read_contacts(b"user,date,sent,open\nana,2026-01-01,0,0\nben,2026-01-01,1,0\n")
    assert not_sent.frame["customer_id"].tolist() == ["ben"]


def test_an_outcome_and_columns_for_others_are_taken_together():
    text = b"user,date,status,opened,clicked\nana,2026-01-01,delivered,1,0\nben,2026-01-01,bounced,0,0\n"
    table = read_contacts(text)
    assert table.frame[["customer_id", "outcome"]].to_numpy().tolist() == [
        ["ana", "sent"],
        ["ana", "open"],
        ["ben", "bounced"],
    ]


def test_answers_without_a_customer_are_kept():
    table = read_feedback(("date,score,user\n" + "2026-01-01,5,\n" * 120 + "2026-01-01,5,ana\n").encode())
    assert table.frame["customer_id"].notna().sum() == 1
    assert len(table.frame) == 121


def test_a_bare_list_of_contacts_is_one_of_messages_that_were_sent():
    assert read_contacts(b"user,date\nana,2026-01-01\n").frame["outcome"].tolist() == ["sent"]


def test_an_answer_needs_a_score_and_a_time_but_no_customer():
    table = read_feedback(
        b"date,score,scale,comment\n2026-01-01,9,0-10,fine\n2026-01-02,six,0-10,\n2026-01-02,12,0-10,\n"
    )
    assert table.frame["score"].tolist() == [9, 12]
    assert table.frame["text"].isna().tolist() == [False, True]
    found = table.findings.set_index("code")
    assert found.loc["outside_scale", ["severity", "rows", "examples"]].tolist() == ["warning", 1, [4]]
    with pytest.raises(MissingColumn, match="score"):
        read_feedback(b"date,comment\n2026-01-01,fine\n")


SOURCES = [
    (read_customers, b"id,country,birthday\nana,DE,13/4/1990\nana,AT,\n", {"fixes": ["lower_ids"]}),
    (read_contacts, b"user,date,opened\nana,2026-01-01 10:00+02:00,1\n", {"timezone": "Asia/Tokyo"}),
    (read_feedback, b"date,score,scale\n13/4/2026,9,0-10\n", {}),
    (read_customers, b"id,signup_date,birth_date\na,25/01/2026,01/30/1990\nb,03/04/2026,03/04/1991\n", {}),
    (read_customers, b"id,signup_date,birth_date\na,2026-01-25 10:00+02:00,1990-01-30\n", {}),
    (read_customers, b"id,signup_date,birth_date\na,25/01/2026,13/04/1990\n", {"timezone": "Asia/Tokyo"}),
]


@pytest.mark.parametrize(("read", "source", "settings"), SOURCES)
def test_reading_again_with_what_a_table_says_gives_the_same_table(read, source, settings):
    first = read(source, **settings)
    again = read(source, columns=first.columns, **first.settings)
    pd.testing.assert_frame_equal(again.frame, first.frame)
    assert (again.fingerprint, again.columns, again.settings) == (first.fingerprint, first.columns, first.settings)
    assert again.findings["finding"].tolist() == first.findings["finding"].tolist()


def test_two_dates_of_a_file_may_have_different_orders_of_day_and_month():
    source = SOURCES[3][1]
    born = {
        order: read_customers(source, **({} if order is None else {"dayfirst": order})) for order in (None, True, False)
    }
    assert born[None].frame["birth_date"].astype(str).tolist() == ["1990-01-30", "1991-03-04"]
    assert born[None].frame["signup_date"].astype(str).tolist() == ["2026-01-25", "2026-04-03"]
    assert born[None].settings == {}
    assert len({table.fingerprint for table in born.values()}) == 3
    said = born[None].findings.query("code == 'day_order'")
    assert said[["column", "finding"]].to_numpy().tolist() == [
        ["signup_date", "03/04 is taken for 3 April"],
        ["birth_date", "03/04 is taken for 4 March"],
    ]


def test_dates_with_and_without_a_time_zone_keep_their_own():
    source = SOURCES[4][1]
    table, given = read_customers(source), read_customers(source, timezone="UTC")
    assert (table.settings, given.settings) == ({}, {"timezone": "UTC"})
    assert table.fingerprint != given.fingerprint
    assert [table.frame[name].dt.tz is None for name in ("signup_date", "birth_date")] == [False, True]


def test_a_score_that_cannot_be_read_is_said_once():
    table = read_feedback(b"date,score\n2026-01-01,9\n2026-01-02,10/10\n2026-01-02,\n")
    said = table.findings[table.findings["column"] == "score"]
    assert said[["finding", "severity", "rows", "examples"]].to_numpy().tolist() == [
        ["Rows without a score", "error", 1, [4]],
        ["Scores that cannot be read", "error", 1, [3]],
    ]


def test_a_score_in_percent_is_the_number_that_stands_there():
    table = read_feedback(b"date,score,scale\n2026-01-01,80%,0-100\n2026-01-02,7,0-100\n2026-01-02,7 %,0-100\n")
    assert table.frame["score"].tolist() == [80, 7, 7]
    assert not set(table.findings["code"]) & {"some_percentages", "outside_scale"}


@pytest.mark.parametrize("kind", ["customers", "contacts", "feedback"])
def test_the_samples_are_told_apart_by_their_content(kind):
    table = sample(f"shop_{kind}")
    assert table.kind == kind
    report = inspect_file(table.frame.rename(columns={"outcome": "action"}))
    assert report.tables[0] == kind


def test_the_shop_sent_mails_to_those_who_agreed():
    contacts, customers = sample("shop_contacts").frame, sample("shop_customers").frame
    assert set(contacts["outcome"]) == {"sent", "open", "click", "unsub"}
    assert set(contacts["customer_id"]) <= set(customers["customer_id"])


def test_a_file_without_customers_is_refused():
    with pytest.raises(InsightError, match="customer_id"):
        read_contacts(b"date,opened\n2026-01-01,1\n")
