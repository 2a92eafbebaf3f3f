"""Awkward files: each gives the table a person would see in it, or one sentence that says what to do."""

import csv
import gzip
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from insight.errors import InsightError, UnreadableFile
from insight.tables.opening.formats import open_table
from tests.dirty_files import FILES, Reads, Refuses
from tests.files import patient

READABLE = {name: case for name, case in FILES.items() if isinstance(case[1], Reads)}
REFUSED = {name: case for name, case in FILES.items() if isinstance(case[1], Refuses)}


def said(raw):
    return {note["finding"]: (note["severity"], note.get("examples", [])) for note in raw.notes}


@pytest.mark.parametrize("name", READABLE)
def test_a_file_gives_the_table_a_person_sees_in_it(name):
    build, expected = READABLE[name]
    raw = open_table(build())
    assert raw.columns.column_names == expected.columns
    assert raw.columns.num_rows == expected.n_rows
    assert said(raw) == expected.notes
    assert raw.header == expected.header
    cells = [[cell.as_py() for cell in column] for column in raw.columns.columns]
    for at, record in ((0, expected.first), (-1, expected.last)):
        assert record is None or [str(column[at]) if column[at] is not None else None for column in cells] == record
    assert expected.rows is None or raw.every_row_number().tolist() == expected.rows
    for known in ("encoding", "separator", "sheet"):
        assert getattr(expected, known) in (None, getattr(raw, known))


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_in_words_that_say_what_to_do(name):
    build, expected = REFUSED[name]
    with pytest.raises(UnreadableFile) as problem:
        open_table(build())
    assert str(problem.value) == expected.sentence
    assert problem.value.__suppress_context__ or problem.value.__context__ is None


words = st.text(st.sampled_from("aBцЖł漢é5 ,;|\t\"'-."), min_size=1, max_size=8).map(str.strip).filter(bool)
WRITTEN = st.fixed_dictionaries(
    {
        "separator": st.sampled_from(",;\t|"),
        "line_end": st.sampled_from(["\n", "\r\n", "\r"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "packed": st.booleans(),
    }
)


@patient
@given(st.lists(st.lists(words, min_size=3, max_size=3), min_size=1, max_size=20), WRITTEN)
def test_a_table_reads_back_as_the_same_cells_however_it_is_written(rows, written):
    header = ["customer name", "event kind", "comment"]
    file = io.StringIO()
    writer = csv.writer(
        file, delimiter=written["separator"], lineterminator=written["line_end"], quoting=written["quoting"]
    )
    writer.writerows([header, *rows])
    content = file.getvalue().encode(written["encoding"])
    raw = open_table(gzip.compress(content) if written["packed"] else content)
    assert raw.columns.column_names == header
    assert [list(row.values()) for row in raw.columns.to_pylist()] == rows
    assert raw.every_row_number().tolist() == list(range(2, len(rows) + 2))


PAGES = {
    "cp1251": "Иванов Смирнова Кузнецов Попов Соколов Лебедев Козлов Новиков Морозов Петров Волков Соловьёв Васильев",
    "cp1252": "Müller Köhler Schäfer Günther Größer Weiß Jäger Schröder König Krämer Böhm Vögel Förster Bär Löwe",
    "cp1250": "Łukasz Świątek Żółtowska Dąbrowski Kowalczyk Wójcik Woźniak Piątek Zając Król Wróbel Stępień Malinowską",
    "cp1255": "כהן לוי מזרחי פרץ ביטון דהן אברהם פרידמן מלכה אזולאי כץ יוסף דוד עמר אוחיון חדד גבאי",
    "gb18030": "王伟 李娜 张敏 刘洋 陈静 杨洋 赵磊 黄丽 周杰 吴刚 徐明 孙红 朱军 马超 胡燕 林峰 郭涛",
    "cp932": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 さくら ひろし カート",
}


@patient
@given(st.data(), st.sampled_from(sorted(PAGES)))
def test_the_code_page_of_a_country_is_told_from_a_dozen_names(data, encoding):
    names = data.draw(st.permutations(PAGES[encoding].split()))[:12]
    content = "".join(["customer,event,day\n", *(f"{name},visit,2026-01-01\n" for name in names)]).encode(encoding)
    assert open_table(content).columns["customer"].to_pylist() == names


INTACT = {
    name: build() for name, (build, _expected) in FILES.items() if name != "an old workbook with cells at the far end"
}


@patient
@given(st.sampled_from(sorted(INTACT)), st.randoms(use_true_random=False))
def test_a_damaged_file_of_any_format_is_read_or_refused_and_nothing_else(name, chance):
    content = bytearray(INTACT[name])
    assume(content)
    if chance.random() < 0.5:
        del content[chance.randrange(len(content)) :]
    for _change in range(chance.randrange(1, 8)):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)
    with_only_insight_errors(bytes(content))


@patient
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"{", b"[{", b"\xff\xfe", b'"']),
)
def test_bytes_of_any_kind_are_read_or_refused_and_nothing_else(content, start):
    with_only_insight_errors(start + content)


def with_only_insight_errors(content):
    try:
        raw = open_table(content)
    except InsightError:
        return
    assert raw.columns.num_rows > 0
    assert len(raw.every_row_number()) == raw.columns.num_rows
