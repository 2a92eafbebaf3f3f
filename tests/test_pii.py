"""Personal data is found by what it looks like and by its name, and ordinary columns are left in peace."""

import random

import pandas as pd
import pyarrow as pa
import pytest

from insight.tables import read_campaigns, read_customers, read_events, read_feedback, read_orders, sample, samples
from insight.tables.privacy import passes_luhn, personal_data

DRAW = random.Random(4)
NAMES = ["Ana Lima", "Ben O'Neil", "Chloé Roux", "Dmitri Ivanov", "Eva-Maria Groß", "José Díaz"]


def kinds(*cells, name="column 1"):
    """What is found in a column with these cells."""
    return [
        found.what
        for found in personal_data(pa.table({name: pa.array(cells, pa.string()), "other": ["x"] * len(cells)}))
    ]


def card(length=16):
    """A number that passes the check digit."""
    body = "4" + "".join(str(DRAW.randint(0, 9)) for _ in range(length - 2))
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))


@pytest.mark.parametrize(
    ("name", "cells", "what"),
    [
        ("contact", ["ana@example.org", "b.en+shop@mail.example.co.uk", ""], "email"),
        ("E-Mail", ["ana@example.org", "none", "eve@example.org"], "email"),
        ("column 3", ["+49 171 1234567", "+1 (555) 010-9999"], "phone"),
        ("Mobile Number", ["0171 1234567", "030/123456"], "phone"),
        ("телефон", ["8 912 345-67-89"], "phone"),
        ("手机号码", ["13812345678"], "phone"),
        ("טלפון נייד", ["054-1234567"], "phone"),
        ("ref", [card() for _ in range(12)], "card"),
        (
            "ref",
            [f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}" for number in map(lambda _: card(), range(12))],
            "card",
        ),
        ("Card Number", [card(15)], "card"),
        ("host", ["192.168.0.17", "8.8.8.8"], "ip"),
        ("client", ["2001:db8::ff00:42:8329", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"], "ip"),
        ("First Name", ["Ana", "Ben"], "person_name"),
        ("shipping_name", NAMES, "person_name"),
        ("фамилия", ["Иванов", "Петрова"], "person_name"),
        ("姓名", ["王小明", "李雷"], "person_name"),
        ("שם משפחה", ["כהן", "לוי"], "person_name"),
        ("Name", NAMES, "person_name"),
        ("Billing Address 1", ["12 High Street", "Hauptstr. 5"], "address"),
        ("улица", ["Ленина 5"], "address"),
        ("כתובת", ["הרצל 12"], "address"),
        ("地址", ["北京市 长安街1号"], "address"),
        ("date_of_birth", ["1990-05-17", "12/03/1985"], "birth_date"),
        ("дата рождения", ["17.05.1990"], "birth_date"),
    ],
)
def test_personal_data_is_found(name, cells, what):
    assert kinds(*cells, name=name) == [what]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("customer_id", [f"C{n:05}" for n in range(50)]),
        ("customer_id", [str(17850 + n) for n in range(50)]),
        ("order_id", [f"{DRAW.randint(10**15, 10**16 - 1)}" for _ in range(50)]),
        ("order_id", [f"{n:016}" for n in range(4000000000000000, 4000000000000050)]),
        ("order_number", ["112-1234567-7654321", "302-7654321-1234567"]),
        ("amount", ["+12345.50", "9.99", "-120"]),
        ("change", ["+5.2", "+12", "-3"]),
        ("date", ["2026-01-01", "2026-12-31"]),
        ("timestamp", ["2026-01-01 10:20:30.123456", "2026-01-01T10:20:30+02:00"]),
        ("ts", ["1767225600", "1767225601"]),
        ("time", ["10:20:30", "11:21:31"]),
        ("ean", ["4006381333931", "5449000000996"] * 6),
        ("app_version", ["10.2.0.1", "10.2.1.0"]),
        ("name", ["Green tea", "Filter paper", "Hand grinder"] * 4),
        ("name", ["newsletter_may", "newsletter_june"]),
        ("event_name", ["Page View", "Add To Cart"] * 4),
        ("campaign_name", ["Summer Sale", "Winter Sale"]),
        ("product_name", ["Ana Lima", "Ben Roux"]),
        ("page", ["/", "/cart", "https://shop.example/a?b=c"]),
        ("city", ["Berlin", "New York", "Rio de Janeiro"]),
        ("email", ["yes", "no"]),
        ("email_address_ok", ["1", "0"]),
        ("ip", ["north", "south"]),
        ("address", ["yes", "no"]),
        ("PhoneService", ["Yes", "No"]),
        ("phone_brand", ["Nokia 3310", "Pixel 9"]),
        ("hotel", ["10012345", "10012346"]),
        ("age", ["25", "61"]),
        ("birthday_offer", ["yes", "no"]),
        ("hash", ["9f86d081884c7d65", "60303ae22b998861"]),
        ("guid", ["6f9619ff-8b86-d011-b42d-00cf4fc964ff"]),
        ("score", ["1", "5"]),
        ("empty", ["", ""]),
    ],
)
def test_ordinary_columns_are_left_in_peace(name, cells):
    assert kinds(*cells, name=name) == []


def test_an_address_inside_a_text_is_found_in_any_row():
    texts = ["All fine, thank you for the quick answer."] * 5000 + ["Please write to ana@example.org, I am in a hurry."]
    (found,) = personal_data(pa.table({"text": texts}))
    assert (found.what, found.inside_text, found.cells.nonzero()[0].tolist()) == ("email", True, [5000])
    (found,) = personal_data(pa.table({"text": ["You can call me on +49 171 1234567 after six."]}))
    assert (found.what, found.inside_text) == ("phone", True)
    assert personal_data(pa.table({"text": ["The +10 % offer was @home and at 5+5 pieces."]})) == []


def test_rows_that_are_empty_at_first_hide_nobody():
    assert kinds(*[None] * 5000, *["-"] * 5000, "ana@example.org") == ["email"]


def test_an_id_is_to_be_replaced_and_another_column_left_out():
    log = read_events(b"email,event,time,phone\nana@x.org,visit,2026-01-01,+49 171 1234567\n,visit,2026-01-01,\n")
    found = log.findings.query("code.str.startswith('personal')").set_index("code")
    assert found["severity"].tolist() == ["warning"] * 2
    assert found.loc["personal_email", ["column", "rows", "examples"]].tolist() == ["email", 1, [2]]
    assert found.loc["personal_email", "fix"] == {"fix": "pseudonymise", "columns": ["email"], "key": None}
    assert found.loc["personal_phone", "fix"] == {"fix": "drop_columns", "columns": ["phone"]}


def test_a_date_of_birth_that_the_format_knows_as_a_date_is_found_too():
    frame = pd.DataFrame({"customer_id": ["ana"], "dob": pd.to_datetime(["1990-05-17"]), "country": ["DE"]})
    assert "personal_birth_date" in set(read_customers(frame).findings["code"])


def test_every_kind_of_table_is_looked_at():
    tables = (
        read_orders(b"customer,date,amount,phone\nana,2026-01-01,5,+49 171 1234567\n"),
        read_customers(b"customer_id,country,phone\nana,DE,+49 171 1234567\n"),
        read_feedback(b"date,score,phone\n2026-01-01,5,+49 171 1234567\n"),
        read_campaigns(b"date,spend,phone\n2026-01-01,5,+49 171 1234567\n"),
    )
    assert all("personal_phone" in set(table.findings["code"]) for table in tables)


def test_no_value_of_the_file_stands_in_what_is_said():
    log = read_events(b"user,event,time,first_name\nana@x.org,visit,2026-01-01,Mathilda\n")
    said = " ".join(log.findings[["finding", "suggestion"]].to_numpy().ravel())
    assert "ana@x.org" not in said
    assert "Mathilda" not in said


@pytest.mark.parametrize("name", samples()["name"])
def test_the_samples_hold_nobody(name):
    assert not sample(name).findings["code"].str.startswith("personal").any()


def test_the_check_digit_is_that_of_the_published_examples():
    """79927398713 is the worked example of the Luhn algorithm's usual description; the others are test numbers that
    card companies publish."""
    assert all(map(passes_luhn, ["79927398713", "4111111111111111", "378282246310005", "5555555555554444"]))
    assert [digit for digit in "0123456789" if passes_luhn("7992739871" + digit)] == ["3"]
