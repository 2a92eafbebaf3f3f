"""Columns are recognised by name, then by content, and never twice."""

import pandas as pd
import pyarrow as pa
import pytest

from insight.errors import InsightError, MissingColumn, UnknownValue, UnreadableFile
from insight.tables import columns, contents, inspect_file, read_events, read_orders
from insight.tables.columns import TABLES, recognise
from insight.tables.contents import Content

EXAMPLES = {"id": "007", "date": "2026-01-31", "text": "word", "number": "5", "money": "5.00"}


def found(kind, given=None, **cells):
    """The mapping of a table with these columns; a cell stands for three rows."""
    table = pa.table({name: [str(cell)] * 3 for name, cell in cells.items()})
    return recognise(kind, table, given).columns


@pytest.mark.parametrize(
    ("kind", "column", "name"),
    [(kind, column, name) for kind in TABLES for column in TABLES[kind] for name in column.names],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_name_in_the_vocabulary_is_recognised(kind, column, name):
    mapping = found(kind, **{name: EXAMPLES[column.holds]})
    assert mapping == {column.name: name} or (column.name, name) == ("unit_price", "price")


@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        ("events", ["user_id", "event_name", "ts"], ["customer_id", "event", "timestamp"]),
        ("events", ["User Pseudo-ID", "Action", "Event Time"], ["customer_id", "event", "timestamp"]),
        ("events", ["visitor_id", "activity", "created_at"], ["customer_id", "event", "timestamp"]),
        (
            "orders",
            ["CustomerID", "InvoiceDate", "InvoiceNo", "Total"],
            ["customer_id", "order_date", "order_id", "amount"],
        ),
        ("orders", ["household_id", "transaction_timestamp", "sales_value"], ["customer_id", "order_date", "amount"]),
        ("orders", ["Client", "Date", "Price paid"], ["customer_id", "order_date", "amount"]),
        ("campaigns", ["Day", "Campaign name", "Amount spent (EUR)"], ["date", "campaign", "spend"]),
    ],
)
def test_the_names_that_tools_write_are_recognised(kind, header, expected):
    holds = {column.name: EXAMPLES[column.holds] for column in TABLES[kind]}
    mapping = found(kind, **{name: holds[column] for name, column in zip(header, expected, strict=True)})
    assert mapping == dict(zip(expected, header, strict=True)) | {}


def test_a_better_name_wins_and_the_other_column_stays_what_it_is():
    mapping = found("events", user="ana", event="visit", time="2026-01-01", timestamp="2026-01-02", date="2026-01-01")
    assert mapping == {"customer_id": "user", "event": "event", "timestamp": "timestamp"}


def test_a_name_whose_content_does_not_fit_gives_way_to_one_that_does():
    mapping = found("events", user="ana", event="visit", time="09:30", date="2026-01-01", value="high", amount="5")
    assert (mapping["timestamp"], mapping["value"]) == ("date", "amount")


def test_a_price_is_what_was_paid_unless_there_is_a_quantity():
    assert found("orders", price="5")["amount"] == "price"
    assert found("orders", price="5", quantity="2") == {"quantity": "quantity", "unit_price": "price"}


def test_no_column_is_used_twice():
    for kind in TABLES:
        names = [name for column in TABLES[kind] for name in column.names]
        mapping = found(kind, **{name: "2026-01-31" if "date" in name else "5" for name in dict.fromkeys(names)})
        assert len(set(mapping.values())) == len(mapping)


def sixty(**columns):
    return pd.DataFrame({name: [value(row) for row in range(60)] for name, value in columns.items()})


def test_what_no_name_tells_the_content_does_and_it_is_said():
    frame = sixty(
        aa=lambda row: f"2026-01-{row % 28 + 1:02}",
        bb=lambda row: ["open", "close", "buy"][row % 3],
        cc=lambda row: 1000 + row % 40,
        dd=lambda row: row / 8,
    )
    log = read_events(frame)
    assert log.columns == {"customer_id": "cc", "timestamp": "aa", "event": "bb"}
    guessed = log.findings[log.findings["finding"].str.startswith("Taken as")]
    assert sorted(guessed["column"]) == ["aa", "bb", "cc"]
    table = read_orders(frame.drop(columns="bb"))
    assert table.columns == {"customer_id": "cc", "order_date": "aa", "amount": "dd"}


def test_two_columns_that_could_be_meant_are_not_guessed_between():
    frame = sixty(
        user=lambda row: row % 30, aa=lambda row: "2026-01-01", bb=lambda row: "2026-01-02", event=lambda row: "x"
    )
    with pytest.raises(MissingColumn, match="timestamp"):
        read_events(frame)


def test_numbers_are_not_guessed_to_be_dates():
    frame = sixty(
        user=lambda row: row % 30, aa=lambda row: "2026-01-01", bb=lambda row: 20260101, event=lambda row: "x"
    )
    assert read_events(frame).columns["timestamp"] == "aa"


def test_a_file_without_names_is_not_read_with_its_first_record_as_names():
    for content in (b"ana,visit,2026-01-01\nben,buy,2026-01-02\n", b"17,visit,soon\n18,buy,later\n"):
        with pytest.raises(UnreadableFile, match="first row looks like a record"):
            read_events(content)
    assert inspect_file(content).findings["severity"].tolist() == ["error"]


def test_an_explicit_mapping_wins_and_the_rest_is_recognised():
    text = b"user,client,event,page,time\nana,ben,visit,home,2026-01-01\n"
    log = read_events(text, columns={"customer_id": "client", "event": "page"})
    assert log.columns == {"customer_id": "client", "timestamp": "time", "event": "page"}
    assert log.frame.to_dict("records")[0] == {
        "customer_id": "ben",
        "timestamp": pd.Timestamp("2026-01-01"),
        "event": "home",
        "user": "ana",
        "event (file)": "visit",
    }


def test_a_column_can_be_kept_out():
    text = b"user,event,time,source\nana,visit,2026-01-01,ads\n"
    log = read_events(text, columns={"channel": None})
    assert list(log.frame) == ["customer_id", "timestamp", "event", "source"]
    assert log.columns["channel"] is None


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"customer": "user"}, "columns = 'customer'.*Did you mean 'customer_id'.*customer_id, timestamp, event"),
        ({"customer_id": "usr"}, r"columns\['customer_id'\] = 'usr'.*Did you mean 'user'.*user, event, time"),
        ({"customer_id": 3}, r"columns\['customer_id'\] = 3.*user, event, time"),
    ],
)
def test_a_mapping_of_what_does_not_exist_lists_what_does(columns, words):
    with pytest.raises(UnknownValue, match=words):
        read_events(b"user,event,time\nana,visit,2026-01-01\n", columns=columns)


def test_one_column_cannot_be_two_things():
    with pytest.raises(InsightError, match="customer_id and event cannot both be 'user'"):
        read_events(b"user,event,time\nana,visit,2026-01-01\n", columns={"customer_id": "user", "event": "user"})
    with pytest.raises(InsightError, match="must map canonical names"):
        read_events(b"user,event,time\nana,visit,2026-01-01\n", columns=["user"])


def test_a_wide_file_is_looked_into_no_longer_than_it_takes_to_find_two_columns_that_could_be_meant(monkeypatch):
    seen, names = [], []
    could_be, folded = Content.could_be, columns.fold
    monkeypatch.setattr(Content, "could_be", lambda self, *meant: seen.append(meant) or could_be(self, *meant))
    monkeypatch.setattr(columns, "fold", lambda name: names.append(name) or folded(name))
    table = pa.table({f"c{place}": ["2026-01-01 10.5"] * 60 for place in range(200)})
    recognise("campaigns", table.set_column(7, "aa", [["2026-01-01"] * 60]).set_column(9, "bb", [["2026-01-02"] * 60]))
    assert sum(canonical == "date" for canonical, _name in seen) == 10
    assert len(names) <= 200 + len(seen)


def test_a_column_without_a_digit_is_not_searched_for_amounts(monkeypatch):
    monkeypatch.setattr(contents, "unmarked", None)  # searching would fail this test
    assert not Content(pa.chunked_array([["EUR", "many"]])).fits("money")
