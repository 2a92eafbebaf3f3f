"""Any clean file is opened; what is no table is refused in one sentence, and bombs before they unfold."""

import csv
import gzip
import io
import json
import random
import re
import zipfile
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from insight.errors import InsightError, UnknownValue, UnreadableFile
from insight.tables import read_events, read_orders
from insight.tables.opening import archive, delimited, json_rows, parquet_columns, workbook, workbook_guard
from insight.tables.opening.formats import open_table
from insight.tables.opening.limits import Limits, limits
from insight.tables.opening.old_workbook import SIGNATURE
from tests.files import events, excel, noted, parquet, patient

EVENTS = b"""user_id,timestamp,event,channel,score
007,2026-01-01 09:00:00,visit,ads,1.5
007,2026-01-01 09:05:00,cart,ads,2
1234567890123456789,2026-01-02 10:00:00,visit,,
"""


def test_the_same_table_reads_equal_from_every_format():
    frame = pd.DataFrame(
        {
            "customer": ["0012", "0012", "9", None],
            "event": ["visit", "cart", "visit", "visit"],
            "time": pd.to_datetime(["2026-01-01 08:26", "2026-01-01 08:27", "2026-01-02 00:00", "2026-01-03 00:00"]),
            "value": [0.1, 12.5, None, 3],
            "pieces": [1, 2, 3, 4],
            "new": [True, False, True, True],
        }
    )
    typed = frame.assign(time=frame["time"].astype(object).map(lambda time: time.to_pydatetime()))
    rows = [list(frame), *typed.astype(object).where(frame.notna(), None).to_numpy().tolist()]
    text = json.loads(frame.assign(time=frame["time"].astype(str)).to_json(orient="records"))
    sources = {
        "csv": frame.to_csv(index=False).encode(),
        "excel": excel(rows),
        "parquet": parquet(frame),
        "json lines": "\n".join(json.dumps(row) for row in text).encode(),
        "json": json.dumps(text).encode(),
        "gzip": gzip.compress(frame.to_csv(index=False, sep=";").encode()),
        "frame": frame,
    }
    expected = read_events(sources["csv"])
    assert expected.frame["customer_id"].tolist() == ["0012", "0012", "9"]
    assert expected.frame["new"].tolist() == ["True", "False", "True"]
    for form, source in sources.items():
        log = read_events(source)
        pd.testing.assert_frame_equal(log.frame, expected.frame, obj=form)
        assert noted(log)["Rows without a customer id"] == (1, [5]), form


cells = st.text("aB0.é€漢🙂 \t\n,;|\"'=-")


@patient
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1))
def test_every_cell_of_a_csv_file_comes_back(rows):
    file = io.StringIO()
    rows.append(["the", "last", "row"])  # a sentence alone in the last row is a remark, and no row
    csv.writer(file, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    trimmed = [[cell.strip() or None for cell in row] for row in rows]
    expected = [row for row in trimmed if any(row)]
    found = open_table(file.getvalue().encode()).columns
    assert [[cell and cell.strip() for cell in row.values()] for row in found.to_pylist()] == expected


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_the_rows(separator):
    text = f"user{separator}event{separator}time\n" + f'"a,b;c|d"{separator}visit{separator}2026-01-01\n' * 3
    assert open_table(text.encode()).separator == separator
    assert read_events(text.encode()).frame["customer_id"].tolist() == ["a,b;c|d"] * 3


def test_a_byte_order_mark_and_other_line_ends_change_nothing():
    plain = b"user,event,time\nana,visit,2026-01-01\nben,visit,2026-01-02\n"
    expected = read_events(plain).frame
    for content in (b"\xef\xbb\xbf" + plain, plain.replace(b"\n", b"\r\n"), plain.replace(b"\n", b"\r"), plain[:-1]):
        pd.testing.assert_frame_equal(read_events(content).frame, expected)
    assert open_table(b"\xef\xbb\xbf" + plain).encoding == "UTF-8 with BOM"


def test_a_cell_may_hold_separators_quotation_marks_and_line_breaks():
    frame = events('"Müller, ""Ana""\nBerlin",visit,2026-01-01\nben,visit,2026-01-01\n').frame
    assert frame["customer_id"].tolist() == ['Müller, "Ana"\nBerlin', "ben"]


def test_a_quotation_mark_inside_a_word_is_a_letter():
    log = events('5" disk,visit,2026-01-01 09:00\nben,visit,2026-01-01 09:00\n')
    assert log.frame["customer_id"].tolist() == ['5" disk', "ben"]
    assert log.findings.empty


def test_a_long_file_is_read_in_blocks_without_cutting_a_cell(monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 200)
    text = "".join(f'"c{row}\n{row}",visit,2026-01-01\n' for row in range(100))
    assert events(text).frame["customer_id"].tolist() == [f"c{row}\n{row}" for row in range(100)]
    with pytest.raises(UnreadableFile, match="longer than"):
        events(text + "c" * 500 + ",visit,2026-01-01\n")


def test_blanks_around_a_value_are_not_part_of_it():
    frame = read_events(" user , event,time\n ana ,visit\t, 2026-01-01\n\u00a0ana,visit,2026-01-02\n".encode()).frame
    assert frame["customer_id"].tolist() == ["ana", "ana"]
    assert frame["event"].tolist() == ["visit", "visit"]


def test_a_path_a_file_object_and_bytes_are_the_same_source(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(EVENTS)
    with path.open("rb") as file:
        tables = [read_events(path), read_events(str(path)), read_events(file), read_events(file), read_events(EVENTS)]
    assert {table.fingerprint for table in tables} == {tables[0].fingerprint}
    assert [table.name for table in tables] == ["log.csv"] * 4 + ["events.csv"]
    assert read_orders(excel([["customer", "date", "amount"], ["ana", "2026-01-01", 5]])).name == "orders.xlsx"


def test_a_workbook_is_read_from_its_first_sheet_with_a_table_or_the_one_named():
    table = [["user", "event", "time"], ["ana", "visit", datetime(2026, 1, 1, 8, 26, 59)]]
    other = [["user", "event", "time"], ["ben", "visit", datetime(2026, 1, 1)]]
    content = excel([["only a title"]], table, other)
    assert read_events(content).settings == {"sheet": "sheet 2"}
    assert read_events(content).frame["timestamp"].tolist() == [pd.Timestamp("2026-01-01 08:26:59")]
    assert read_events(content, sheet=3).frame["customer_id"].tolist() == ["ben"]
    assert read_events(content, sheet=3).fingerprint == read_events(content, sheet="sheet 3").fingerprint
    with pytest.raises(UnknownValue, match="sheet = 'sheet 33' .* mean 'sheet 3'.*sheet 1, sheet 2, sheet 3"):
        read_events(content, sheet="sheet 33")
    with pytest.raises(UnknownValue, match="sheet = 0"):
        read_events(content, sheet=0)
    with pytest.raises(InsightError, match="Excel files only; this is CSV"):
        read_events(EVENTS, sheet=1)


def test_a_table_may_stand_anywhere_in_its_sheet_and_have_blank_rows():
    rows = [["user", "event", "time"], ["ana", "visit", "2026-01-01"], [], [None, "visit", "2026-01-01"]]
    log = read_events(excel(rows, top=4, left=3))
    assert log.frame["customer_id"].tolist() == ["ana"]
    assert noted(log)["Rows without a customer id"] == (1, [7])


def test_blank_lines_are_no_records_but_count_as_rows():
    text = b"\n\nuser,event,time\n\nana,visit,2026-01-01\n\n,visit,2026-01-01\n,,\nben,visit,soon\n\n"
    for content in (text, text.replace(b"\n", b"\r\n"), text.replace(b"ana", b'"a\na"')):
        assert noted(read_events(content))["Rows without a customer id"] == (1, [7])
        assert noted(read_events(content))["Times that cannot be read"] == (1, [9])


def test_a_stray_quotation_mark_that_swallows_rows_is_seen():
    log = events('ana,visit,2026-01-01\nana,"visit,2026-01-02\nben,visit",2026-01-03\nben,visit,2026-01-04\n')
    assert noted(log)["One cell holds what looks like whole rows"] == (1, [3])


def test_nested_parquet_columns_are_left_aside_and_said():
    frame = pd.DataFrame({"user": ["ana"], "event": ["visit"], "time": ["2026-01-01"], "params": [[{"a": 1}]]})
    log = read_events(parquet(frame))
    assert "params" not in log.frame
    assert log.findings["column"][0] == "params"


def test_json_keeps_the_digits_that_are_written_and_unfolds_objects_into_columns():
    lines = b'{"user": 12345678901234567890, "event": "visit", "time": "2026-01-01", "x": {"a": [1.50]}}\n\n'
    frame = read_events(lines + b'{"user": 7, "event": "buy", "time": "2026-01-02", "y": 1}').frame
    assert frame["customer_id"].tolist() == ["12345678901234567890", "7"]
    assert frame["x.a"].tolist()[0] == '["1.50"]'
    assert frame["y"].isna().tolist() == [True, False]


NO_TABLES = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "only a header": (b"user,event,time\n", "no rows"),
    "binary": (bytes(range(256)) * 40, "binary data"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "a web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "not quite UTF-8": (
        "user,event,time\nÄnne,visit,2026-01-01\nMüller,visit,".encode() + b"\xfc",
        "Row 3 is not UTF-8",
    ),
    "a row too long": (b"user,event,time\nana,visit,2026-01-01,x\n", "Row 2 has 4 cells"),
    "an open quotation mark at the end of a row": (
        b'user,event,time\nana,visit,2026-01-01\nana,b,"2026\n\nben,b,c\n',
        "opened in row 3",
    ),
    "an open quotation mark": (
        b'user,event,time\nana,visit,2026-01-01\nana,"visit,2026\n\nben,b,c\n',
        "opened in row 3",
    ),
    "a broken gzip": (gzip.compress(EVENTS)[:-9], "gzip file is damaged"),
    "a zip of something else": (b"PK\x03\x04" + b"\0" * 60, "damaged"),
    "an old workbook of nothing": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
    "a broken parquet": (b"PAR1 and nothing more", "Parquet file is damaged"),
    "broken JSON": (b'{"user": 1}\n{"user": \n', "Line 2 is not one JSON object"),
    "two objects in a line": (b'{"user": 1}\n{"user": 1}, {"user": 2}\n', "Line 2 is not one JSON object"),
    "JSON of another shape": (b"[1, 2]", "Item 1"),
    "JSON that is too deep": (b"[" * 200_000, "nested too deeply"),
}


@pytest.mark.parametrize("case", NO_TABLES)
def test_what_is_no_table_is_refused_in_one_sentence(case):
    content, words = NO_TABLES[case]
    with pytest.raises(UnreadableFile, match=words) as problem:
        read_events(content)
    assert problem.value.__cause__ is None
    assert problem.value.__suppress_context__ or problem.value.__context__ is None


def test_other_sources_are_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="No such file"):
        read_events(tmp_path / "nothing.csv")
    with pytest.raises(InsightError, match="give a path, bytes, a file or a DataFrame"):
        read_events(42)
    with pytest.raises(InsightError, match="binary mode"):
        read_events(io.StringIO("user,event,time\n"))


def test_a_workbook_that_unfolds_too_far_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)  # opening it would fail this test
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 5_000_000)
    with pytest.raises(UnreadableFile, match="unfolds to 9[0-9][0-9] times its size"):
        read_events(bomb.getvalue())


def rezipped(content, change):
    """A workbook with changed insides."""
    folded, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in folded.namelist():
            archive.writestr(name, change(folded.read(name)))
    return out.getvalue()


def test_a_workbook_with_one_cell_at_the_far_end_is_refused_before_it_is_opened(monkeypatch):
    content = excel([["user", "event", "time"], ["ana", "visit", "2026-01-01"]])
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)  # opening it would end the process
    with pytest.raises(UnreadableFile, match="row 1,048,576 and column 16,384"):
        read_events(rezipped(content, lambda xml: xml.replace(b'r="A2"', b"r='XFD1048576'")))


def workbook_of(sheet, shared):
    """A workbook with shared texts, as Excel writes it (openpyxl writes each text into its cell)."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    spread = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    package = "http://schemas.openxmlformats.org/package/2006"
    relation = f'<Relationship Id="%s" Type="{office}/%s" Target="%s"/>'
    relations = f'<Relationships xmlns="{package}/relationships">%s</Relationships>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}"/></Types>',
        "_rels/.rels": relations % (relation % ("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{spread}" xmlns:r="{office}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations
        % (relation % ("r1", "worksheet", "hidden/s.xml") + relation % ("r2", "sharedStrings", "sharedStrings.xml")),
        "xl/hidden/s.xml": f'<worksheet xmlns="{spread}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{spread}">{shared}</sst>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, '<?xml version="1.0"?>' + part)
    return file.getvalue()


def test_a_workbook_that_repeats_a_long_text_is_refused_before_it_is_opened(monkeypatch):
    texts = ["user", "event", "time", "ana", "2026-01-01", "x" * 5_000]
    rows = [[0, 1, 2], *[[3, 5, 4]] * 200]
    cells = ["".join(f'<c t="s"><v>{text}</v></c>' for text in row) for row in rows]
    sheet, shared = "".join(f"<row>{row}</row>" for row in cells), "".join(f"<si><t>{text}</t></si>" for text in texts)
    content = workbook_of(sheet, shared)
    assert set(read_events(content).frame["event"].str.len()) == {5_000}
    monkeypatch.setattr(workbook_guard, "limits", lambda: Limits(10**9, 1_100_000))
    assert len(read_events(content).frame) == 200
    monkeypatch.setattr(workbook_guard, "limits", lambda: Limits(10**9, 1_000_000))
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)
    with pytest.raises(UnreadableFile, match="repeats long texts"):
        read_events(content)


def test_cells_that_do_not_say_where_they_are_are_counted(monkeypatch):
    content = excel([["user", "event", "time"], *[["ana", "visit", "2026-01-01"]] * 99])

    def bared(xml):
        return re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml).replace(b"<c ", b"<x:c ").replace(b"<row", b"<x:row")

    monkeypatch.setattr(workbook_guard, "limits", lambda: SimpleNamespace(unpacked=10**9, sheet_cells=250))
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)
    with pytest.raises(UnreadableFile, match=r"row 10. and column 3"):
        read_events(rezipped(content, bared))


def test_a_gzip_file_that_unfolds_too_far_is_refused(monkeypatch):
    content = gzip.compress(b"user,event,time\n" + b"0" * 2_000_000)
    with pytest.raises(UnreadableFile, match="unfolds to .* times its size"):
        read_events(content)
    monkeypatch.setenv("INSIGHT_MAX_UNPACKED_MB", "1")
    with pytest.raises(UnreadableFile, match="more than 1 MB"):
        read_events(content)


def test_a_parquet_file_that_repeats_itself_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(parquet_columns, "UNFOLDED_CELLS", 1000)
    with pytest.raises(UnreadableFile, match="unfolds to more"):
        read_events(parquet(pd.DataFrame({"user": ["ana"] * 2000})))


def test_messages_never_carry_a_cell():
    secret = b"user,event,time\nsecret-name,visit,2026-01-01,secret-more\n"
    with pytest.raises(UnreadableFile) as problem:
        read_events(secret)
    assert "secret" not in str(problem.value)


def parquet_of(table, **settings):
    file = io.BytesIO()
    pq.write_table(table, file, **settings)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["dictionary", "DELTA_BYTE_ARRAY"])
def test_a_small_parquet_file_with_a_long_text_in_every_row_is_refused_before_it_is_unfolded(monkeypatch, encoding):
    monkeypatch.setenv("INSIGHT_MAX_UNPACKED_MB", "10")
    rows, long = 100, pa.array(["x" * 1_000_000])
    repeated = pa.table({"user": pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), long)})
    if encoding == "dictionary":
        content = parquet_of(repeated, compression="zstd", store_schema=False)  # else it is a dictionary anyway
    else:
        plain = repeated.cast(pa.schema({"user": pa.string()}))
        content = parquet_of(plain, compression="zstd", use_dictionary=False, column_encoding={"user": encoding})
    del repeated
    assert len(content) < 1_000
    before, tallest = pa.total_allocated_bytes(), []
    decode = parquet_columns._unfolded_size
    monkeypatch.setattr(
        parquet_columns,
        "_unfolded_size",
        lambda part: tallest.append(pa.total_allocated_bytes() - before) or decode(part),
    )
    with pytest.raises(UnreadableFile, match="unfolds to more"):
        read_events(content)
    assert max(tallest) < 40_000_000  # of 100 MB


def test_parquet_columns_of_every_kind_are_read_as_they_are_written():
    table = pa.table(
        {
            "text": ["a", None],
            "large": pa.array(["b", "c"], pa.large_string()),
            "kind": pa.array(["d", "d"]).dictionary_encode(),
            "list": [["e"], []],
            "number": [1, None],
            "fixed": pa.array([b"f", b"g"], pa.binary(1)),
            "new": [True, False],
        }
    )
    for settings in ({}, {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY"}}):
        raw = open_table(parquet_of(table, row_group_size=1, **settings))
        assert raw.columns.to_pydict() == {
            "text": ["a", None],
            "large": ["b", "c"],
            "kind": ["d", "d"],
            "number": ["1", None],
            "new": ["True", "False"],
        }
        assert [note["column"] for note in raw.notes] == ["list", "fixed"]


@pytest.mark.parametrize("form", ["lines", "array"])
def test_objects_that_share_no_names_are_refused_before_they_become_a_table(monkeypatch, form):
    rows = [{"user": "ana", f"name {row}": 1} for row in range(4_000)]
    content = "\n".join(map(json.dumps, rows)) if form == "lines" else json.dumps(rows)
    monkeypatch.setattr(json_rows, "_cells", None)  # a column made would fail this test
    with pytest.raises(UnreadableFile, match="4,001 in 4,000 objects"):
        read_events(content.encode())
    monkeypatch.setattr(json_rows, "SPARSE_CELLS", 10**9)
    monkeypatch.setattr(json_rows, "COLUMNS", 4_000)
    with pytest.raises(UnreadableFile, match="too many different names"):
        read_events(content.encode())


def test_a_few_gaps_between_json_objects_are_no_reason_to_refuse_them(monkeypatch):
    monkeypatch.setattr(json_rows, "SPARSE_CELLS", 10)
    rows = [{"user": "ana", "event": "visit", "time": "2026-01-01", f"name {row}": 1} for row in range(10)]
    assert len(read_events("\n".join(map(json.dumps, rows)).encode()).frame) == 10


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sheet": 1.5}, "Write its name, or its number"),
        ({"sheet": True}, "Write its name, or its number"),
        ({"sheet": ["a"]}, "Write its name, or its number"),
        ({"timezone": 5}, "timezone = 5 is not possible"),
        ({"timezone": ["UTC"]}, "timezone"),
        ({"timezone": "+25:00"}, "timezone"),
        ({"dayfirst": "yes"}, "Choose from: None, True, False"),
        ({"dayfirst": pd.NA}, "Choose from: None, True, False"),
        ({"currency": ["EUR"]}, 'Write its code, like "EUR"'),
        ({"currency": 5}, 'Write its code, like "EUR"'),
        ({"fixes": "drop_duplicates"}, r"Write fixes=\['drop_duplicates'\]"),
        ({"fixes": {"drop_duplicates": True}}, "is not a list"),
        ({"fixes": [["drop_duplicates"]]}, "Choose from: .*drop_duplicates"),
        ({"columns": ["amount"]}, "must map canonical names"),
        ({"columns": []}, "must map canonical names"),
        ({"columns": {"amount": ["a"]}}, "Choose from: customer, date, amount"),
    ],
)
def test_a_setting_of_the_wrong_type_is_answered_with_what_to_write(settings, words):
    with pytest.raises(InsightError, match=words):
        read_orders(b"customer,date,amount\nana,2026-01-01,5\n", **settings)


def test_the_limits_are_those_of_a_machine_of_ones_own_of_a_host_or_the_ones_written(monkeypatch):
    for variable in ("INSIGHT_HOSTED", "INSIGHT_MAX_PACKED_MB", "INSIGHT_MAX_UNPACKED_MB"):
        monkeypatch.delenv(variable, raising=False)
    assert limits() == Limits(packed=200_000_000, unpacked=1_000_000_000)
    monkeypatch.setenv("INSIGHT_HOSTED", "1")
    assert limits() == Limits(packed=50_000_000, unpacked=200_000_000)
    monkeypatch.setenv("INSIGHT_MAX_PACKED_MB", "7")
    assert limits() == Limits(packed=7_000_000, unpacked=200_000_000)
    for wrong in ("0", "-5", "1.5", "much"):
        monkeypatch.setenv("INSIGHT_MAX_UNPACKED_MB", wrong)
        with pytest.raises(InsightError, match="Write whole megabytes, like INSIGHT_MAX_UNPACKED_MB=100"):
            limits()


def refusal(source):
    with pytest.raises(UnreadableFile) as problem:
        open_table(source)
    return str(problem.value)


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch, tmp_path):
    monkeypatch.setenv("INSIGHT_MAX_UNPACKED_MB", "2")
    monkeypatch.setenv("INSIGHT_MAX_PACKED_MB", "1")
    many = "The file holds more than 2 MB, the most that can be opened here. Bring fewer rows."
    content = b"user,event\n" + b"ana,visit\n" * 250_000
    path = tmp_path / "large.csv"
    path.write_bytes(content)
    bits = gzip.compress(bytes(random.Random(1).choices(b"01", k=2_400_000)))  # to about an eighth
    assert refusal(content) == refusal(bits) == many
    monkeypatch.setattr(Path, "read_bytes", None)  # reading it would fail this test
    assert refusal(path) == many
    with path.open("rb") as file:
        assert refusal(file) == many
    noise = gzip.compress(random.Random(1).randbytes(1_500_000))
    packed = "The packed file has 2 MB; up to 1 MB can be opened here. Bring fewer rows or columns."
    assert refusal(noise) == refusal(b"PAR1" + noise) == refusal(b"PK\x03\x04" + noise) == packed
    assert refusal(SIGNATURE + noise) == packed


def test_a_zip_file_that_says_it_unfolds_too_far_is_refused_before_it_does(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folded:
        folded.writestr("log.csv", b"0" * 5_000_000)
    monkeypatch.setattr(archive, "_pieces", None)  # unfolding it would fail this test
    assert "unfolds to" in refusal(out.getvalue())


def test_an_old_workbook_that_repeats_a_long_text_is_refused_before_it_is_opened(monkeypatch):
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for row in range(200):
        sheet.write(row, 0, "ж" * 5_000 if row else "name")
        sheet.write(row, 1, row or "n")
    content = io.BytesIO()
    book.save(content)
    assert open_table(content).columns.num_rows == 199
    monkeypatch.setattr(workbook, "CalamineWorkbook", None)  # opening it would fail this test
    monkeypatch.setenv("INSIGHT_MAX_UNPACKED_MB", "2")
    assert refusal(content) == "The workbook repeats long texts too often to be read safely. Save the sheet as CSV."


def test_a_panic_of_the_excel_reader_is_a_refusal(monkeypatch):
    panic = type("PanicException", (BaseException,), {})

    def panicking(_file):
        raise panic("unwrap")

    monkeypatch.setattr(workbook.CalamineWorkbook, "from_filelike", panicking, raising=False)
    assert refusal(excel([["user"], ["ana"]])) == workbook.DAMAGED


@pytest.mark.parametrize("form", ["csv", "utf-16", "excel", "parquet", "json", "gzip"])
def test_the_bytes_of_a_caller_are_neither_changed_nor_kept(form):
    frame = pd.DataFrame({"user": ["ana"] * 9, "event": ["visit"] * 9})
    content = {
        "csv": frame.to_csv(index=False).encode(),
        "utf-16": frame.to_csv(index=False).encode("utf-16"),
        "excel": excel([list(frame), *frame.to_numpy().tolist()]),
        "parquet": parquet(frame),
        "json": frame.to_json(orient="records").encode(),
        "gzip": gzip.compress(frame.to_csv(index=False).encode()),
    }[form]
    brought = bytearray(content)
    raw = open_table(brought)
    assert brought == content
    brought.clear()  # a BufferError where somebody still looks into it
    assert raw.columns["user"].to_pylist() == ["ana"] * 9


def test_the_frame_of_a_caller_is_neither_changed_nor_kept():
    frame = pd.DataFrame(
        {"user": ["ana", "ben"], "n": [1.0, 2.0], "time": pd.to_datetime(["2026-01-01", "2026-01-02"])}
    )
    frame["time"] = frame["time"].astype("datetime64[us]")
    before, raw = frame.copy(), open_table(frame)
    pd.testing.assert_frame_equal(frame, before)
    for column in ("n", "time"):
        values = frame[column].to_numpy()
        values.flags.writeable = True
        values[:] = values[::-1].copy()
    assert raw.columns["time"].to_pylist() == [datetime(2026, 1, 1), datetime(2026, 1, 2)]
    assert raw.columns["n"].to_pylist() == ["1", "2"]


def test_a_table_passes_through_unchanged():
    raw = open_table(EVENTS)
    assert open_table(raw) is raw
