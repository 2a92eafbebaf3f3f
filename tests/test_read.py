"""Events, orders and campaigns: what a table holds, and how it is read again."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from insight.errors import InsightError, MissingColumn, NotEnoughData
from insight.tables import read_campaigns, read_events, read_orders
from insight.tables.opening.formats import open_table
from tests.files import events, excel, orders

ROOT = Path(__file__).parents[1]

EVENTS = b"""user_id,timestamp,event,channel,score
007,2026-01-01 09:00:00,visit,ads,1.5
007,2026-01-01 09:05:00,cart,ads,2
1234567890123456789,2026-01-02 10:00:00,visit,,
"""


def test_an_event_log_has_the_canonical_columns_first_and_the_others_as_they_are():
    log = read_events(EVENTS)
    assert list(log.frame) == ["customer_id", "timestamp", "event", "channel", "score"]
    assert [str(kind) for kind in log.frame.dtypes] == ["str", "datetime64[us]", "str", "str", "float64"]
    assert log.frame["customer_id"].tolist() == ["007", "007", "1234567890123456789"]
    assert log.frame["channel"].isna().tolist() == [False, False, True]
    assert log.frame["score"].tolist()[:2] == [1.5, 2]
    assert log.columns == {"customer_id": "user_id", "timestamp": "timestamp", "event": "event", "channel": "channel"}
    assert log.settings == {}
    assert not log.dates_only
    assert log.timezone is None
    assert len(log.log) == 3


def test_missing_columns_are_named_with_what_the_file_has():
    with pytest.raises(MissingColumn, match="No column was found for: timestamp, event. .* The file has: user, page."):
        read_events(b"user,page\nana,home\nben,home\n", columns={"event": None})
    with pytest.raises(MissingColumn, match=r"amount \(or quantity and unit_price\)"):
        read_orders(b"user,date,pieces\nana,2026-01-01,2\n")


def test_a_column_without_a_single_right_value_is_refused():
    with pytest.raises(InsightError, match="No value in the column 'time' can be read as timestamp"):
        events("ana,visit,soon\nben,visit,later\n")
    with pytest.raises(NotEnoughData, match="No row"):
        events("ana,visit,\n,visit,2026-01-01\n")


def test_lines_of_an_order_are_added_up_and_kept():
    text = (
        "7,ana,2026-01-01 10:05,2,1.50,tea,web\n8,ben,2026-01-01,1,4,cup,shop\n7,ana,2026-01-01 10:00,1,2.00,cup,web\n"
    )
    table = orders(text, "order,customer,date,quantity,unit_price,product,channel")
    assert table.frame.to_dict("records") == [
        {
            "order_id": "7",
            "customer_id": "ana",
            "order_date": pd.Timestamp("2026-01-01 10:00"),
            "amount": 5.0,
            "amount_minor": 500,
            "channel": "web",
        },
        {
            "order_id": "8",
            "customer_id": "ben",
            "order_date": pd.Timestamp("2026-01-01"),
            "amount": 4.0,
            "amount_minor": 400,
            "channel": "shop",
        },
    ]
    assert table.lines["product"].tolist() == ["tea", "cup", "cup"]
    assert table.lines["amount"].tolist() == [3.0, 4.0, 2.0]


def test_without_order_ids_each_row_is_an_order_named_by_its_row():
    table = orders("ana,2026-01-01,5\nana,2026-01-01,6\n", "customer,date,amount")
    assert table.frame["order_id"].tolist() == ["2", "3"]
    assert table.lines is None


def test_rows_without_an_order_id_are_orders_of_their_own():
    table = orders("7,ana,2026-01-01,5\n,ana,2026-01-01,6\n,ana,2026-01-01,7\n7,ana,2026-01-01,8\n")
    assert table.frame["amount"].tolist() == [13, 6, 7]
    assert table.frame["order_id"].tolist() == ["7", "row 3", "row 4"]


def test_one_order_id_of_two_customers_is_two_orders():
    table = orders("7,ana,2026-01-01,5\n7,ben,2026-01-01,6\n7,ana,2026-01-01,7\n")
    assert table.frame[["customer_id", "amount"]].to_numpy().tolist() == [["ana", 12.0], ["ben", 6.0]]
    assert "One order id, several customers" in set(table.findings["finding"])


def test_campaigns_share_one_unit_for_all_their_money():
    text = b"date,channel,campaign,cost,clicks,revenue\n2026-01-01,ads,spring,5.125,10,\n2026-01-02,ads,spring,1,,20\n"
    table = read_campaigns(text)
    assert list(table.frame) == [
        "date",
        "channel",
        "campaign",
        "spend",
        "spend_minor",
        "clicks",
        "revenue",
        "revenue_minor",
    ]
    assert table.frame["spend_minor"].tolist() == [5125, 1000]
    assert table.frame["revenue_minor"].isna().tolist() == [True, False]
    assert table.frame["revenue_minor"][1] == 20000
    assert (table.decimals, table.columns["spend"]) == (3, "cost")


def same(again, first):
    pd.testing.assert_frame_equal(again.frame, first.frame)
    assert (again.fingerprint, again.columns, again.settings) == (first.fingerprint, first.columns, first.settings)


@pytest.mark.parametrize(
    ("read", "source", "settings"),
    [
        (read_events, EVENTS, {}),
        (read_events, EVENTS, {"columns": {"event": "channel", "customer_id": "event"}}),
        (read_events, EVENTS, {"columns": {"channel": None}, "timezone": "Asia/Tokyo", "fixes": ["drop_duplicates"]}),
        (read_events, b"user,event,time\nana,visit,13/4/2026\nana,visit,1/2/2026 10:00Z\n", {}),
        (read_orders, b"customer,date,price,x\nana,2026-01-01,5 EUR,1\n", {"currency": "EUR"}),
        (read_campaigns, b"day,cost,value\n2026-01-01,5,1\n", {}),
        (read_events, excel([["x"]], [["user", "event", "time"], ["ana", "visit", "1/13/2026"]]), {}),
    ],
)
def test_reading_again_with_what_a_table_says_gives_the_same_table(read, source, settings):
    first = read(source, **settings)
    same(read(source, columns=first.columns, **first.settings), first)


def test_a_fingerprint_changes_with_the_content_and_with_how_it_is_read():
    prints = {
        read_events(EVENTS).fingerprint,
        read_events(EVENTS.replace(b"cart", b"card")).fingerprint,
        read_events(EVENTS, timezone="UTC").fingerprint,
        read_events(EVENTS, columns={"event": "channel"}).fingerprint,
        read_events(EVENTS, columns={"channel": None}).fingerprint,
        read_events(EVENTS, fixes=["drop_duplicates"]).fingerprint,
    }
    assert len(prints) == 6
    assert all(len(fingerprint) == 64 for fingerprint in prints)


def test_a_setting_that_makes_no_difference_is_not_part_of_the_fingerprint():
    assert read_events(EVENTS, dayfirst=True).fingerprint == read_events(EVENTS).fingerprint
    assert read_events(EVENTS, columns={"variant": None}).fingerprint == read_events(EVENTS).fingerprint


def test_a_frame_is_not_touched_and_keeps_its_fingerprint_in_a_new_process():
    cells = "'user': ['b', 'a', None], 'event': ['x', 'y', 'x'], 'time': pd.to_datetime(['2026-01-01'] * 3)"
    make = f"frame = pd.DataFrame({{{cells}}}, index=[5, 3, 4])"
    code = f"import pandas as pd; from insight.tables import read_events; {make}; print(read_events(frame).fingerprint)"
    scope = {"pd": pd}
    exec(make, scope)
    before = scope["frame"].copy(deep=True)
    first = read_events(scope["frame"])
    pd.testing.assert_frame_equal(scope["frame"], before)
    first.frame["event"] = "changed"
    pd.testing.assert_frame_equal(scope["frame"], before)
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert elsewhere.stdout.strip() == first.fingerprint


def test_frames_that_differ_in_one_cell_or_one_gap_have_different_fingerprints():
    frame = pd.DataFrame({"user": ["a", "b"], "event": ["x", None], "time": ["2026-01-01", "2026-01-02"]})
    changes = [frame, frame.fillna(""), frame.assign(user=["a", "c"]), frame.rename(columns={"user": "client"})]
    assert len({open_table(change).digest for change in changes}) == 4
    assert open_table(frame).digest == open_table(frame.astype("category")).digest


def test_a_named_index_is_a_column_too():
    frame = pd.DataFrame({"event": ["visit"], "time": ["2026-01-01"]}, index=pd.Index(["ana"], name="user"))
    assert read_events(frame).frame["customer_id"].tolist() == ["ana"]
    both = read_events(frame.assign(user="ben"))
    assert both.columns["customer_id"] == "user"
    assert "user (2)" in both.frame
