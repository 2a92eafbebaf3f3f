"""Every template is a file that reads as what it says, with nothing to complain about."""

import pytest

import insight.tables as tables
from insight.errors import UnknownValue
from insight.tables import inspect_file
from insight.tables.recognition.columns import TABLES
from insight.tables.templates import EXAMPLES, required_columns, template
from insight.text import exports


def header(kind):
    return template(kind).decode("utf-8-sig").splitlines()[0].split(",")


def test_there_is_a_template_of_every_kind_of_table():
    assert set(EXAMPLES) == set(TABLES)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_template_is_recognised_and_reads_without_a_complaint(kind):
    assert inspect_file(template(kind)).tables[0] == kind
    table = getattr(tables, f"read_{kind}")(template(kind))
    assert len(table.frame) == 3
    assert {name for name, column in table.columns.items() if column} == set(header(kind))
    assert set(table.findings["severity"]) <= {"note"}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_columns_a_table_needs_stand_in_front(kind):
    needed = [names[0] for names in required_columns(kind)]
    assert sorted(header(kind)[: len(needed)]) == sorted(needed)
    assert set(header(kind)) <= {column.name for column in TABLES[kind]}


def test_a_template_opens_in_a_spreadsheet():
    assert template("events").startswith(b"\xef\xbb\xbfcustomer_id,")
    assert template("events").count(b"\r\n") == 4


@pytest.mark.parametrize("of", [template, required_columns])
def test_a_kind_that_does_not_exist_is_refused(of):
    with pytest.raises(UnknownValue):
        of("people")


@pytest.mark.parametrize("tool", exports())
def test_a_way_to_export_is_complete(tool):
    entry = exports()[tool]
    assert {"title", "gives", "steps", "source"} <= set(entry) <= {"title", "gives", "steps", "source", "note", "query"}
    assert set(entry["gives"]) <= set(TABLES)
    assert entry["source"].startswith("https://")
    assert len(entry["steps"].split()) <= 70


def test_every_kind_of_table_comes_out_of_some_tool():
    assert {kind for entry in exports().values() for kind in entry["gives"]} >= set(TABLES) - {"feedback", "paths"}
