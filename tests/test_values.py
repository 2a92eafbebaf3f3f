"""Numbers are read as they were meant, whatever separates their digits; nobody is a customer; yes is yes."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import InsightError
from insight.tables import read_campaigns, read_events, read_orders
from insight.tables.cells.currency_signs import SIGNS, currency_in_name
from insight.tables.cells.money import money
from insight.tables.cells.number_shapes import numerals
from insight.tables.cells.values import flags, identifiers, natural, numbers
from tests.files import column, noted, orders, patient

NOTHING = ["", "NULL", "n/a", "NaN", "-", "--", ".", "(not set)", "нет", "无", "אין", "#N/A", "?"]
ZEROS = "00000000-0000-0000-0000-000000000000"
NOBODY = ["undefined", "(not set)", "Anonymous", "guest", ZEROS, "гость", "אורח", "匿名", "--"]


def read(*cells, hint=None):
    """Cells as plain digits; None where there is no number."""
    return numerals(column(*cells), lambda: hint).plain.to_pylist()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234\u00a0567,89", "1234567.89"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1'234'567.89", "1234567.89"),
        ("1’234’567.89", "1234567.89"),
        ("12,34,567.89", "1234567.89"),
        ("1234567,89", "1234567.89"),
        ("$ 12.50", "12.50"),
        ("12,50 €", "12.50"),
        ("EUR 12.50", "12.50"),
        ("12.50usd", "12.50"),
        ("-$12.50", "-12.50"),
        ("$-12.50", "-12.50"),
        ("($12.50)", "-12.50"),
        ("\u221212.50", "-12.50"),
        ("12.50-", "-12.50"),
        ("+12.50", "12.50"),
        ("1 250 ₽", "1250"),
        ("₪1,250.00", "1250.00"),
        ("1.250,00 руб.", "1250.00"),
        ("¥1,234,567", "1234567"),
        ("１２３．５", "123.5"),
        ("١٢٣٤", "1234"),
        ("\u200e₪ 12.50\u200f", "12.50"),
        ("1.5e3", "1.5e3"),
        (".5", ".5"),
        ("5.", "5"),
    ],
)
def test_a_number_is_read_however_it_is_written(written, plain):
    assert read(written) == [plain]


@pytest.mark.parametrize("written", ["5 pcs", "1.2.3", "1,2,3", "12 34", "--5", "(5", "5)", "-(5)", "inf", "five", "."])
def test_what_is_no_number_is_none(written):
    assert read(written) == [None]
    assert np.isnan(numbers(column(written)).values).all()


def test_point_or_comma_is_decided_once_for_the_whole_column():
    assert read("1.234", "1,5") == ["1234", "1.5"]
    assert read("1.234", "1.5") == ["1.234", "1.5"]
    assert read("1,234", "12345.6") == ["1234", "12345.6"]
    assert read("1.234", "12345.6", hint=",") == ["1.234", "12345.6"]  # what the column says goes before the file
    assert not numerals(column("1.234", "12345.6")).doubtful.any()
    assert read("1.234", "12345") == ["1.234", "12345"]  # else it were 12.345
    assert read("0,125", "2,500") == ["0.125", "2.500"]
    found = numerals(column("1,50", "2,50", "1.75"))
    assert (found.plain.to_pylist(), found.contrary.tolist()) == (["1.50", "2.50", None], [False, False, True])


def test_a_column_that_does_not_tell_follows_the_rest_of_the_file_or_is_doubted():
    assert read("1.234", "5") == ["1.234", "5"]
    assert read("1.234", "5", hint=",") == ["1234", "5"]
    assert read("1,234", "5") == ["1234", "5"]
    assert read("1,234", "5", hint=",") == ["1.234", "5"]
    assert numerals(column("1.234", "5")).doubtful.tolist() == [True, False]
    assert numerals(column("1.234", "5"), lambda: ".").doubtful.tolist() == [True, False]  # the rest may be different


def test_what_was_decided_about_numbers_is_said():
    said = noted(orders("1,ana,2026-01-01,1.234\n2,ana,2026-01-01,5\n"))
    assert said == {"Numbers that can be read in two ways: thousands, or three decimals": (1, [2])}
    table = orders("1,ana,2026-01-01,1.234\n2,ana,2026-01-01,5\n", fixes=["decimal_comma"])
    assert table.frame["amount"].tolist() == [1234, 5]
    assert not noted(table)
    text = "order;customer;date;amount\n1;ana;2026-01-01;1.234\n2;ana;2026-01-01;5\n"
    assert read_orders(text.encode()).frame["amount"].tolist() == [1234, 5]  # semicolons: a comma is the decimal mark
    other = b'order,customer,date,amount,fee\n1,ana,2026-01-01,1.234,"0,50"\n'
    assert read_orders(other).frame["amount"].tolist() == [1234]
    mixed = orders('1,ana,2026-01-01,"1,50"\n2,ana,2026-01-01,"2,50"\n3,ana,2026-01-01,1.75\n')
    assert mixed.frame["amount"].tolist() == [1.5, 2.5]
    assert noted(mixed)["Numbers that only fit a point before the decimals"] == (1, [4])


def test_a_percentage_is_a_rate_and_no_amount():
    assert numbers(column("12 %", "3.5%", "7")).values.tolist() == [0.12, 0.035, 7]
    table = read_campaigns(b"date,spend,conversions\n2026-01-01,5,12%\n2026-01-02,6,3\n")
    assert table.frame["conversions"].tolist() == [0.12, 3]
    assert noted(table) == {"Percentages among numbers without a percent sign": (1, [2])}
    assert not money(column("12%", "x")).valid.any()


@pytest.mark.parametrize("nothing", NOTHING)
def test_there_are_many_ways_to_write_no_number(nothing):
    table = read_campaigns(f"date,spend,clicks\n2026-01-01,5,{nothing}\n2026-01-02,6,3\n".encode())
    assert np.isnan(table.frame["clicks"][0])
    assert not noted(table)


@pytest.mark.parametrize("nobody", NOBODY)
def test_a_word_for_nobody_is_not_a_customer(nobody):
    log = read_events(f"user,event,time\nana,visit,2026-01-01 10:00\n{nobody},visit,2026-01-01 10:00\n".encode())
    assert log.frame["customer_id"].tolist() == ["ana"]


def test_a_customer_may_be_called_0_and_a_channel_none_of_these():
    log = read_events(b"user,event,time,channel\n0,visit,2026-01-01 10:00,guest\n1,visit,2026-01-01 10:00,(not set)\n")
    assert log.frame["customer_id"].tolist() == ["0", "1"]
    assert log.frame["channel"].tolist() == ["guest", "(not set)"]


def test_yes_and_no_in_several_languages():
    cells = ["yes", "Нет", "כן", "否", "TRUE", "0", "2", "2026-01-05 10:00", None, "perhaps"]
    assert flags(column(*cells)).to_pylist() == [True, False, True, False, True, False, True, True, None, None]


def test_the_currency_may_be_in_the_name_of_the_column():
    for name, code in (("amount (EUR)", "EUR"), ("amount_usd", "USD"), ("Сумма, руб.", "RUB"), ("金额（元）", "CNY")):
        table = read_orders(f'order,customer,date,"{name}"\n1,ana,2026-01-01,5\n'.encode())
        assert (table.currency, table.frame["amount"].tolist()) == (code, [5])
    assert currency_in_name("Price (2 pcs)") == ("Price (2 pcs)", None)
    mixed = read_orders(b"order,customer,date,amount (EUR)\n1,ana,2026-01-01,5\n2,ana,2026-01-01,$6\n")
    assert mixed.currencies == ["EUR", "USD"]


# --- whatever is written comes back ----------------------------------------------------------------------------------

STYLES = {  # (thousands, decimals)
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234,5": ("\u00a0", ","),
    "1'234.5": ("'", "."),
    "1234,5": ("", ","),
}
FORMS = ["{}{}", "{1} {0}", "{1}"]  # sign and number
cents = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20)


@patient
@given(
    cents, st.sampled_from(list(STYLES)), st.sampled_from(sorted(SIGNS)), st.sampled_from(["{}{}", "{1} {0}", "{1}"])
)
def test_every_amount_comes_back_from_every_way_to_write_it(values, style, sign, form):
    thousands, decimal = STYLES[style]
    written = []
    for value in values:
        whole, part = divmod(abs(value), 100)
        text = f"{whole:,}".replace(",", thousands) + f"{decimal}{part:02}"
        written.append(("-" if value < 0 else "") + form.format(sign, text))
    found = money(column(*written))
    assert found.minor.tolist() == values
    assert found.valid.all()


@patient
@given(st.lists(st.text("0123456789.,'()%+-eE $€\u00a0\u2212xК", max_size=12) | st.none(), min_size=1))
def test_no_text_breaks_the_reading_of_numbers(cells):
    found = numbers(column(*cells)).values
    assert len(found) == len(cells)
    assert not np.isinf(found).any()
    assert len(identifiers(column(*cells))) == len(natural(column(*cells))) == len(cells)
    amounts = orders_or_refusal(cells)
    assert amounts is None or np.isfinite(amounts).all()


def orders_or_refusal(cells):
    try:
        return money(column(*cells)).floats()
    except ArithmeticError:
        return None


@patient
@given(st.lists(st.text(max_size=8), min_size=1, max_size=6), st.lists(st.text(max_size=8), min_size=1, max_size=6))
def test_no_file_is_answered_with_anything_but_a_table_or_an_insight_error(names, cells):
    header = ",".join('"' + name.replace('"', '""') + '"' for name in ["user", "event", "time", *names])
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in ["ana", "visit", "2026-01-01", *cells])
    with suppress(InsightError):
        assert len(read_events(f"{header}\n{row}\n".encode()).frame) <= 2


@pytest.mark.parametrize("written", ["5²", "10⁻²", "5⁻", "5₂", "5①", "5½", "1_000", "1_000,50"])
def test_raised_and_lowered_signs_and_underscores_make_no_number(written):
    assert read(written, "７", "7,5") == [None, "7", "7.5"]
