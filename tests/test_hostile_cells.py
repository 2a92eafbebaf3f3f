"""One cell, however odd or long, neither ends the program nor holds it up."""

import ast
import subprocess
import sys

import pytest

PATIENCE = 20  # seconds for all of a test's readings; a pattern that goes back and forth takes minutes for one
LONG = 120_000  # characters, close to the most that a cell may have
READING = """
import ast, sys
from insight.errors import InsightError
from insight.tables import read_orders
def reading(content):
    try:
        return read_orders(content).frame["amount"].tolist()
    except InsightError as problem:
        return str(problem)
print([reading(content) for content in ast.literal_eval(sys.stdin.read())])
"""
HEADER = "customer_id,date,amount\n"
RECORDS = "a,2026-01-01,5\nb,2026-01-02,7\n"
CELLS = {
    "letters": "a" * LONG,
    "digits": "1" * LONG + "x",
    "points": "1" + "." * LONG + "x",
    "halves of days": "1" + "AM" * (LONG // 2) + "x",
    "halves of days, short": "1" + "AM" * 38 + "x",
    "brackets": "(" * LONG + "x",
    "blanks": "x" + " " * LONG + "x",
    "bracket and blanks": "(" + " " * LONG + "x",
    "date": "2026-01-01" + " " * LONG + "x",
    "date, short": "2026-01-01" + " " * 68 + "x",
    "pairs": "1 " * (LONG // 2) + "x",
}


def readings(*contents):
    """What a program of its own says of files: a crash would take this one along."""
    given = repr([content if isinstance(content, bytes) else content.encode() for content in contents]).encode()
    done = subprocess.run([sys.executable, "-c", READING], input=given, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    return ast.literal_eval(done.stdout.decode())


def test_an_exponent_far_below_zero_does_not_end_the_program():
    tiny = ["1e-999999999", "1E-100000000", "1e-999999999 €"]
    assert readings(*(f"{HEADER}a,2026-01-01,{cell}\nb,2026-01-01,5\n" for cell in tiny)) == [[0, 5]] * 3


def test_amounts_with_exponents_are_exact_and_those_beyond_all_sense_are_refused():
    exact = f"{HEADER}a,2026-01-01,1.25e2\nb,2026-01-01,5E-1\nc,2026-01-01,0e999\n"
    large = f"{HEADER}a,2026-01-01,1e999999999\nb,2026-01-01,5\n"
    amounts, refusal = readings(exact, large)
    assert amounts == [125.0, 0.5, 0.0]
    assert isinstance(refusal, str)


def test_a_tiny_quantity_or_price_does_not_end_the_program():
    content = "customer_id,date,quantity,unit_price\na,2026-01-01,1e-999999999,5\nb,2026-01-01,2,1e-999999999\n"
    assert readings(content) == [[0, 0]]


def test_a_huge_name_of_a_column_holds_nothing_up():
    files = (f"customer_id,date,amount,{name}\na,2026-01-01,5,\nb,2026-01-02,7,\n" for name in CELLS.values())
    assert readings(*files) == [[5, 7]] * len(CELLS)


@pytest.mark.parametrize(
    ("before", "after", "amounts"),
    [
        (HEADER, f",2026-01-01,5\n{RECORDS}", [5, 5, 7]),
        ("customer_id,date,amount,more\na,2026-01-01,5,", "\nb,2026-01-02,7,\n", [5, 7]),
        (f"{HEADER}a,2026-01-01,", f"\n{RECORDS}", [5, 7]),
        (f"{HEADER}a,", f",5\n{RECORDS}", [5, 7]),
        (f"{HEADER}{RECORDS}", ",,\n", [5, 7]),
    ],
    ids=["customer", "other column", "amount", "date", "last row"],
)
def test_a_huge_cell_holds_nothing_up(before, after, amounts):
    assert readings(*(f"{before}{cell}{after}" for cell in CELLS.values())) == [amounts] * len(CELLS)


def test_a_huge_word_in_a_code_page_holds_nothing_up():
    content = f"{HEADER}é,2026-01-01,5\nb{'a' * LONG},2026-01-02,7\n".encode("latin-1")
    assert readings(content) == [[5, 7]]
