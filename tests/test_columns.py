"""Columns are recognised by name, then by content, and never twice."""

import tomllib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from insight.errors import InsightError, MissingColumn, UnknownValue
from insight.tables import read_events, read_orders
from insight.tables.recognition import contents, headings, platforms
from insight.tables.recognition.columns import TABLES, recognise
from insight.tables.recognition.contents import Content
from insight.tables.recognition.vocabulary import FOLDER, LANGUAGES

SAMPLES = Path(__file__).parents[1] / "sample_data"

EXAMPLES = {"id": "007", "date": "2026-01-31", "time": "09:30", "text": "word", "number": "5", "money": "5.00"}
EXAMPLES["flag"] = "yes"


def found(kind, given=None, **cells):
    """The mapping of a table with these columns; a cell stands for three rows."""
    table = pa.table({name: [str(cell)] * 3 for name, cell in cells.items()})
    return {name: column for name, column in recognise(kind, table, given).columns.items() if column}


@pytest.mark.parametrize("kind", TABLES)
def test_every_name_in_the_vocabulary_is_recognised(kind):
    for column in TABLES[kind]:
        for name in column.names:
            named = [other.name for other in TABLES[kind] if name in other.names]
            mapping = found(kind, **{name: EXAMPLES[column.holds]})
            assert list(mapping.values()) == [name], (kind, column.name, name)
            assert set(mapping) <= {*named, "amount"}, (kind, column.name, name)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_says_what_english_says(code):
    """Each file of the vocabulary has the same parts, and every column that a table needs has a name in it."""
    texts = tomllib.loads((FOLDER / f"{code}.toml").read_text())
    assert set(texts) >= {"nothing", "no_number", "nobody", "yes", "no", "months", "weekdays", "columns"}
    assert (len(texts["months"]), len(texts["weekdays"])) == (12, 7)
    for kind, columns in TABLES.items():
        named = {**texts["columns"]["any"], **texts["columns"][kind]}
        assert {column.name for column in columns if column.required} <= set(named), (code, kind)
        assert set(texts["columns"][kind]) <= {column.name for column in columns}, (code, kind)


@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        ("events", "user_id event_name ts", "customer_id event timestamp"),
        ("events", "User Pseudo-ID|Action|Event Time", "customer_id event timestamp"),
        ("events", "visitor_id activity created_at", "customer_id event timestamp"),
        ("events", "ID пользователя|Событие|Дата и время|Канал", "customer_id event timestamp channel"),
        ("events", "מזהה משתמש|אירוע|תאריך ושעה|מכשיר", "customer_id event timestamp device"),
        ("events", "用户ID|事件名称|事件时间|渠道", "customer_id event timestamp channel"),
        ("orders", "CustomerID InvoiceDate InvoiceNo Total", "customer_id order_date order_id amount"),
        ("orders", "household_id transaction_timestamp sales_value", "customer_id order_date amount"),
        ("orders", "Client|Date|Price paid", "customer_id order_date amount"),
        ("orders", "Клиент|Дата заказа|Сумма, руб.|№ заказа", "customer_id order_date amount order_id"),
        ("orders", 'מספר לקוח|תאריך הזמנה|סה"כ לתשלום (₪)|מספר הזמנה', "customer_id order_date amount order_id"),
        ("orders", "客户编号|订单日期|订单金额（元）|订单编号", "customer_id order_date amount order_id"),
        ("orders", "客戶編號|訂單日期|訂單金額|數量", "customer_id order_date amount quantity"),
        (
            "orders",
            "客户编号 Customer ID|订单日期 Order Date|金额 / Amount|商品 Product",
            "customer_id order_date amount product",
        ),
        ("campaigns", "Day|Campaign name|Amount spent (EUR)", "date campaign spend"),
        ("campaigns", "Дата|Кампания|Расход|Показы|Клики", "date campaign spend impressions clicks"),
        ("campaigns", "תאריך|קמפיין|עלות|חשיפות|הקלקות", "date campaign spend impressions clicks"),
        ("campaigns", "日期|广告系列|花费|展示次数|点击次数", "date campaign spend impressions clicks"),
        ("customers", "customer_id age_band region first_channel consent_email", None),
        ("customers", "Клиент|Пол|Возраст|Город", "customer_id gender age city"),
        ("contacts", "customer_id timestamp channel campaign outcome variant", None),
        ("contacts", "email|sent_at|opened|clicked|unsubscribed", "customer_id timestamp open click unsub"),
        ("feedback", "customer_id timestamp touchpoint score scale text order_id", None),
        ("feedback", "客户编号|评价时间|评分|评论", "customer_id timestamp score text"),
    ],
)
def test_the_names_that_files_write_are_recognised(kind, header, expected):
    holds = {column.name: EXAMPLES[column.holds] for column in TABLES[kind]}
    names = header.split("|") if "|" in header else header.split()
    expected = (expected or header).split()
    mapping = found(kind, **{name: holds[column] for name, column in zip(names, expected, strict=True)})
    assert mapping == dict(zip(expected, names, strict=True))


def test_the_shipped_tables_are_recognised_by_their_names():
    for name, kind in [("contacts", "contacts"), ("feedback", "feedback"), ("customers", "customers")]:
        header = pd.read_csv(SAMPLES / f"shop_{name}.csv.gz", nrows=3, dtype=str)
        mapping = recognise(kind, pa.Table.from_pandas(header)).columns
        assert set(mapping.values()) == set(header), kind


def test_a_time_of_day_beside_a_date_belongs_to_it():
    mapping = found("events", user="ana", event="visit", date="2026-01-31", time="09:30")
    assert (mapping["timestamp"], mapping["time"]) == ("date", "time")
    assert "time" not in found("events", user="ana", event="visit", date="2026-01-31 08:00", hour="8")
    log = read_events(b"user,event,date,time\nana,a,2026-01-31,09:30\nana,b,2026-01-31,2:05 pm\nana,c,2026-01-31,?\n")
    assert log.frame["timestamp"].dt.strftime("%H:%M").tolist() == ["09:30", "14:05", "00:00"]
    assert "time" not in log.frame


def test_a_cost_of_something_is_no_cost():
    mapping = found("campaigns", **{"Day": "2026-01-31", "Cost / conv.": "5", "Cost": "7", "Conv.": "2"})
    assert (mapping["spend"], mapping["conversions"]) == ("Cost", "Conv.")


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


def test_without_a_row_of_names_the_content_alone_decides():
    rows = "".join(f"u{row % 30},{'visit' if row % 2 else 'buy'},2026-01-{row % 28 + 1:02}\n" for row in range(60))
    assert read_events(rows.encode()).columns == {
        "customer_id": "column 1",
        "timestamp": "column 3",
        "event": "column 2",
    }
    rows = "".join(f"2026-01-{row % 28 + 1:02},{1000 + row % 30},{row / 8}\n" for row in range(60))
    assert read_orders(rows.encode()).columns == {
        "customer_id": "column 2",
        "order_date": "column 1",
        "amount": "column 3",
    }


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
    could_be, folded = Content.could_be, headings.fold
    monkeypatch.setattr(Content, "could_be", lambda self, *meant: seen.append(meant) or could_be(self, *meant))
    monkeypatch.setattr(headings, "fold", lambda name: names.append(name) or folded(name))
    table = pa.table({f"c{place}": ["2026-01-01 10.5"] * 60 for place in range(200)})
    recognise("campaigns", table.set_column(7, "aa", [["2026-01-01"] * 60]).set_column(9, "bb", [["2026-01-02"] * 60]))
    assert sum(canonical == "date" for canonical, _name in seen) < 20
    assert len(names) <= 200 + len(seen) + len(platforms.PLATFORMS) * 20


def test_a_column_without_a_number_is_not_searched_for_amounts(monkeypatch):
    monkeypatch.setattr(contents, "numerals", None)  # reading would fail this test
    assert not Content(pa.chunked_array([["EUR", "many"]])).fits("money")
