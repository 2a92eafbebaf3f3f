"""What is odd about a file is said with row numbers, and nothing is lost silently."""

import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import UnknownValue, UnreadableFile
from insight.tables import inspect_file, quality_score, read_campaigns, read_events, read_orders
from insight.tables.quality import last_bytes, repeated_rows
from tests.files import column, events, excel, noted, orders, patient


def test_a_clean_file_has_no_findings():
    log = events("ana,visit,2026-01-01 09:00\nben,visit,2026-01-01 09:00\n")
    assert log.findings.empty
    columns = ["finding", "severity", "column", "rows", "examples", "suggestion", "code", "fix"]
    assert list(log.findings) == columns


def test_rows_that_cannot_be_used_are_left_out_counted_and_named():
    log = events(
        "ana,visit,2026-01-01\n,visit,2026-01-01\nana,,2026-01-01\nana,visit,\nana,visit,soon\n,,\n,visit,soon\n"
    )
    assert log.frame.shape == (1, 3)
    assert noted(log) == {
        "Rows without a customer id": (2, [3, 8]),
        "Rows without a time": (1, [5]),
        "Times that cannot be read": (2, [6, 8]),
        "Rows without an event": (1, [4]),
        "Dates without clock times": (0, []),
    }
    assert log.findings["severity"].tolist() == ["error"] * 4 + ["note"]
    assert log.findings["column"].tolist() == ["user", "time", "time", "event", "time"]
    assert log.findings["suggestion"].all()


def test_every_row_is_either_kept_or_counted():
    table = orders("1,ana,2026-01-01,5\n2,ana,2026-01-01,\n3,ana,2026-01-01,five\n4,,soon,5\n")
    assert noted(table) == {
        "Rows without a customer id": (1, [5]),
        "Dates that cannot be read": (1, [5]),
        "Rows without an amount": (1, [3]),
        "Amounts that cannot be read": (1, [4]),
    }
    spends = read_campaigns(b"date,spend,clicks,revenue\n2026-01-01,5,many,1\n2026-01-01,,3,2\n2026-01-01,-5,3,much\n")
    assert noted(spends) == {
        "Rows without a spend": (1, [3]),
        "Values that are no amounts": (1, [4]),
        "Values that are no numbers": (1, [2]),
        "Spends below zero": (1, [4]),
    }
    assert np.isnan(spends.frame["clicks"][0])


def test_quantities_and_prices_that_cannot_be_read_are_told_apart():
    lines = "1,ana,2026-01-01,1,5\n2,ana,2026-01-01,,5\n3,ana,2026-01-01,1,free\n4,ana,2026-01-01,one,\n"
    table = orders(lines, "order,customer,date,quantity,unit_price")
    assert table.frame["order_id"].tolist() == ["1"]
    assert noted(table) == {
        "Rows without a quantity": (1, [3]),
        "Quantities that cannot be read": (1, [5]),
        "Rows without a price": (1, [5]),
        "Prices that cannot be read": (1, [4]),
    }


def test_at_most_five_rows_are_named():
    log = events("ana,visit,2026-01-01 10:00\n" + ",visit,2026-01-01 10:00\n" * 7)
    assert noted(log) == {"Rows without a customer id": (7, [3, 4, 5, 6, 7])}


def test_exact_copies_are_kept_and_said_unless_they_shall_be_dropped():
    text = "ana,visit,2026-01-01 10:00\nben,visit,2026-01-01 10:00\n" + "ana,visit,2026-01-01 10:00\n" * 2
    log = events(text)
    assert len(log.frame) == 4
    assert noted(log) == {"Exact copies of earlier rows": (2, [4, 5])}
    dropped = events(text, fixes=["drop_duplicates"])
    assert dropped.frame["customer_id"].tolist() == ["ana", "ben"]
    assert noted(dropped) == {"Exact copies of earlier rows, left out": (2, [4, 5])}
    assert dropped.settings == {"fixes": ["drop_duplicates"]}
    with pytest.raises(UnknownValue, match="fixes = 'drop'.*drop_duplicates"):
        events(text, fixes=["drop"])


def test_rows_that_differ_in_any_column_are_no_copies():
    log = read_events(b"user,event,time,note\nana,visit,2026-01-01,a\nana,visit,2026-01-01,b\nana,visit,2026-01-01,\n")
    assert "Exact copies of earlier rows" not in noted(log)


rows = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None]), st.integers(0, 1)), min_size=1)


@patient
@given(rows)
def test_copies_agree_with_comparing_every_pair(cells):
    table = pa.table({str(place): pa.array(values) for place, values in enumerate(zip(*cells, strict=True))})
    keys = [last_bytes(table["0"]), table["2"].to_numpy()]
    assert repeated_rows(table, keys).tolist() == [row in cells[:at] for at, row in enumerate(cells)]


@patient
@given(st.lists(st.text("aé漢", max_size=12) | st.none(), min_size=1))
def test_equal_texts_have_equal_last_bytes(texts):
    keys = last_bytes(column("sliced", *texts).slice(1)).tolist()
    seen = {}
    assert all(seen.setdefault(text, key) == key for text, key in zip(texts, keys, strict=True))


def test_refunds_and_free_orders_are_counted():
    assert noted(orders("1,ana,2026-01-01,-5\n2,ana,2026-01-01,0\n3,ana,2026-01-01,5\n")) == {
        "Amounts below zero": (1, [2]),
        "Amounts of zero": (1, [3]),
    }


def test_a_total_that_may_be_repeated_on_every_line_is_not_added_up_in_silence():
    repeated = "1,ana,2026-01-01,30,tea\n1,ana,2026-01-01,30,cup\n2,ben,2026-01-01,5,tea\n"
    header = "order,customer,date,amount,product"
    assert noted(orders(repeated, header)) == {"Every line of an order has the same amount": (2, [2, 3])}
    different = "".join(f"{n},ben,2026-01-01,5,tea\n{n},ben,2026-01-01,6,cup\n" for n in (3, 4))
    assert not noted(orders(repeated + different, header))
    lines = "1,ana,2026-01-01,1,$30\n1,ana,2026-01-01,1,$30.5\n"
    assert not noted(orders(lines, "order,customer,date,quantity,unit_price"))


def test_ids_that_a_spreadsheet_has_cut_are_a_warning():
    log = events("1.23457E+12,visit,2026-01-01 10:00\n5,visit,2026-01-01 10:00\n5,,2026-01-01 10:00\n")
    assert noted(log)["Ids whose digits a spreadsheet has cut"] == (1, [2])
    assert log.findings["severity"].tolist() == ["error", "warning"]  # the worst first


def test_columns_nobody_needs_are_named_and_kept():
    log = read_events(b"user,event,time,mood,weather\nana,visit,2026-01-01 10:00,good,7\n")
    assert log.findings["column"].tolist() == ["mood, weather"]
    assert log.frame["weather"].tolist() == [7]


def test_a_column_nobody_asked_for_is_numbers_only_if_that_loses_nothing():
    text = b"user,event,time,zip,pieces,share,sku\na,x,2026-01-01,01067,1,0.5,12345678901234567890\n"
    frame = read_events(text + b"b,x,2026-01-01,7,2,NA,7\n").frame
    assert frame["zip"].tolist() == ["01067", "7"]
    assert frame["pieces"].tolist() == [1, 2]
    assert frame["share"].isna().tolist() == [False, True]
    assert frame["sku"].tolist() == ["12345678901234567890", "7"]


# --- a look into a file --------------------------------------------------------------------------------------------


def test_a_report_says_what_is_in_a_file():
    report = inspect_file(
        gzip.compress(b"user;action;when;x\n" + b"ana;visit;2026-01-01;1\n" * 30 + b"ben;buy;soon;\n"), "log.csv.gz"
    )
    assert (report.name, report.format, report.encoding, report.separator) == ("log.csv.gz", "CSV", "UTF-8", ";")
    assert (report.n_rows, report.n_columns, report.sheets, report.sheet) == (31, 4, [], None)
    assert report.preview.shape == (20, 4)
    assert report.preview.iloc[0].tolist() == ["ana", "visit", "2026-01-01", "1"]
    assert report.guesses["events"] == {"customer_id": "user", "timestamp": "when", "event": "action"}
    assert report.tables == ["events"]
    assert report.missing == {
        "events": [],
        "orders": ["amount"],
        "campaigns": ["spend"],
        "customers": [],
        "contacts": ["outcome"],
        "feedback": ["score"],
        "paths": ["path", "conversions"],
    }
    assert "Times that cannot be read" in set(report.findings["finding"])


def test_a_report_says_what_the_file_can_answer_and_why_not():
    def answer(content):
        answers = inspect_file(content).answers
        return answers[answers["analysis"] == "funnel"].iloc[0].to_dict()

    two = answer(b"user,event,time\nana,visit,2026-01-01\nana,buy,2026-01-01\n")
    assert two == {"analysis": "funnel", "possible": True, "reason": "1 customer and 2 kinds of event."}
    one = answer(b"user,event,time\nana,visit,2026-01-01\n")
    assert one["reason"] == "The file has one kind of event only; it needs two."
    none = answer(b"customer,date,amount\nana,2026-01-01,5\n")
    assert none == {"analysis": "funnel", "possible": False, "reason": "Needs an event column."}


def test_the_best_table_comes_first():
    log = b"user,event,time,value,session\nana,visit,2026-01-01,,1\nana,buy,2026-01-01,5,1\n"
    assert inspect_file(log).tables == ["events", "orders"]
    assert inspect_file(b"order_id,customer_id,order_date,amount,channel\n1,a,2026-01-01,5,x\n").tables == ["orders"]
    assert inspect_file(b"date,channel,campaign,spend,revenue\n2026-01-01,a,b,5,6\n").tables == ["campaigns"]
    assert inspect_file(b"name,colour\nana,red\n").tables == []
    mails = b"user,date,event,campaign\nana,2026-01-01,sent,may\nana,2026-01-02,opened,may\n"
    assert inspect_file(mails).tables == ["contacts", "events"]
    assert inspect_file(b"user,date,event\nana,2026-01-01,open\nana,2026-01-02,click\n").tables == ["events"]
    assert inspect_file(b"customer,date,touchpoint,score\nana,2026-01-01,shop,5\n").tables == ["feedback", "events"]
    assert inspect_file(b"customer_id,country\nana,DE\nben,FR\n").tables == ["customers"]
    assert inspect_file(b"customer_id,shoe_size\nana,38\nben,44\n").tables == ["customers"]
    assert inspect_file(b"customer_id,coupon\nana,a\nana,b\n").tables == []
    assert inspect_file(b"id,shoe_size\nana,38\nben,44\n").tables == []
    with_paint = b"customer,date,amount,paint\n" + b"a,2026-01-01,5,red\nb,2026-01-01,5,blue\n" * 40
    assert inspect_file(with_paint).tables == ["orders"]  # "paint" could be an event, but no name says so


def test_a_column_that_has_the_name_but_not_the_content_is_missing_in_the_report():
    report = inspect_file(b"month,cost\nmay,5\njune,6\n")
    assert (report.tables, report.missing["campaigns"], report.guesses["campaigns"]) == (
        [],
        ["date"],
        {"spend": "cost"},
    )


def test_a_reading_that_must_be_decided_is_a_finding():
    report = inspect_file(b"user,event,time\nana,visit,3/4/2026\n")
    assert report.tables == ["events"]
    assert "Set dayfirst=True" in report.findings["finding"][0]
    assert report.findings["code"].tolist() == ["ambiguous_dates"]
    assert (report.table, report.score) == (None, None)


def test_a_workbook_names_its_sheets():
    table = [["user", "event", "time"], ["ana", "visit", "2026-01-01"]]
    report = inspect_file(excel([["notes"]], table, table), sheet=3)
    assert (report.format, report.sheets, report.sheet) == ("Excel", ["sheet 1", "sheet 2", "sheet 3"], "sheet 3")
    assert inspect_file(excel([["notes"]], table)).sheet == "sheet 2"


def test_a_frame_can_be_looked_into_and_what_is_no_table_cannot():
    frame = pd.DataFrame({"user": ["ana"], "event": ["visit"], "time": pd.to_datetime(["2026-01-01"])})
    assert inspect_file(frame).preview.iloc[0].tolist() == ["ana", "visit", "2026-01-01"]
    with pytest.raises(UnreadableFile, match="empty"):
        inspect_file(b"")


def test_a_sample_of_orders_reads_the_same_from_its_report(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_bytes(b"order_id,customer_id,order_date,amount\n1,a,2026-01-01,5\n")
    report = inspect_file(path)
    assert report.name == report.table.name == "shop.csv"
    path.unlink()
    assert read_orders(report.opened).fingerprint == report.table.fingerprint
    assert report.score.score == quality_score(report.table).score == 100
    assert read_orders(report.opened, columns=report.guesses["orders"]).fingerprint == report.table.fingerprint
