"""Ids keep every digit, and money is exact."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import InsightError, UnknownValue
from insight.tables import read_events, read_orders
from insight.tables.cells.money import AmountTooLarge, line_totals, money
from insight.tables.cells.values import identifiers
from tests.files import column, events, excel, noted, orders, patient


def test_ids_are_text_and_keep_every_digit():
    frame = events("00123,visit,2026-01-01\n1234567890123456789,visit,2026-01-01\n").frame
    assert frame["customer_id"].tolist() == ["00123", "1234567890123456789"]


def test_whole_numbers_written_with_a_point_lose_it_in_every_format():
    def ids(source):
        return read_events(source).frame["customer_id"].tolist()

    cells = [17850.0, np.nan, 31625220889.0]
    frame = pd.DataFrame({"user": cells, "event": "visit", "time": "2026-01-01"})
    text = "".join(f"{'' if cell != cell else cell},visit,2026-01-01\n" for cell in cells)
    assert ids(frame) == ["17850", "31625220889"]
    assert ids(b"user,event,time\n" + text.encode()) == ["17850", "31625220889"]
    assert ids(excel([list(frame), *frame.where(frame.notna(), None).to_numpy().tolist()])) == ["17850", "31625220889"]


def test_ids_of_another_kind_among_them_keep_the_point():
    frame = events("17850.0,visit,2026-01-01\nA.0,visit,2026-01-01\n").frame
    assert frame["customer_id"].tolist() == ["17850.0", "A.0"]


@pytest.mark.parametrize("nobody", ["", " ", "NULL", "NaN", "None", "N/A", "NA", "-", "null"])
def test_nobody_is_not_a_customer(nobody):
    log = events(f"ana,visit,2026-01-01\n{nobody},visit,2026-01-01\n")
    assert log.frame["customer_id"].tolist() == ["ana"]
    assert noted(log)["Rows without a customer id"] == (1, [3])


@patient
@given(st.lists(st.text("0123456789AZ-_ .é", min_size=1), min_size=1))
def test_every_id_comes_back_as_it_was_unless_all_are_whole_numbers(ids):
    ids = [f"x{number}{text}".strip() for number, text in enumerate(ids)]
    assert identifiers(column(*ids)).to_pylist() == ids


@patient
@given(st.lists(st.integers(0, 10**25).map(str), min_size=1), st.integers(0, 3))
def test_no_digit_of_a_whole_number_is_lost(digits, zeros):
    assert identifiers(column(*[f"{text}.{'0' * zeros}" for text in digits])).to_pylist() == digits


def test_ten_dimes_are_a_dollar():
    table = orders("".join(f"{order},ana,2026-01-01,0.1\n" for order in range(10)))
    assert table.frame["amount_minor"].sum() == 100
    assert (table.decimals, str(table.frame["amount_minor"].dtype), str(table.frame["amount"].dtype)) == (
        2,
        "int64",
        "float64",
    )
    one = orders("1,ana,2026-01-01,0.1\n" * 10).frame
    assert one["amount"].tolist() == [1.0]


def test_decimals_are_the_most_a_column_needs_between_two_and_four():
    assert orders("1,ana,2026-01-01,5\n").frame["amount_minor"].tolist() == [500]
    assert orders("1,ana,2026-01-01,5.1250\n2,ana,2026-01-01,1\n").frame["amount_minor"].tolist() == [5125, 1000]
    table = orders("1,ana,2026-01-01,0.00005\n2,ana,2026-01-01,0.00015\n3,ana,2026-01-01,1\n")
    assert (table.frame["amount_minor"].tolist(), table.decimals) == ([0, 2, 10000], 4)
    assert noted(table)["Amounts with more decimals than are kept"] == (2, [2, 3])


def test_floats_of_a_workbook_or_a_frame_are_taken_as_they_print():
    rows = {"customer": ["ana", "ana"], "date": ["2026-01-01", "2026-01-01"], "amount": [0.1, 1e-7]}
    for source in (pd.DataFrame(rows), excel([list(rows), *zip(*rows.values(), strict=True)])):
        assert read_orders(source).frame["amount_minor"].tolist() == [1000, 0]


def test_a_line_total_is_rounded_once_half_to_even():
    lines = "1,ana,2026-01-01,1,0.125\n1,ana,2026-01-01,3,0.125\n2,ana,2026-01-01,-1,0.375\n"
    table = orders(lines, "order,customer,date,quantity,unit_price")
    assert table.lines["amount_minor"].tolist() == [12, 38, -38]
    assert table.frame["amount_minor"].tolist() == [50, -38]
    assert noted(table)["Line totals with more decimals than are kept"] == (3, [2, 3, 4])


def test_line_totals_that_are_rounded_are_counted():
    table = orders(
        "1,ana,2026-01-01,1,0.125\n" * 2 + "2,ana,2026-01-01,2,0.125\n", "order,customer,date,quantity,unit_price"
    )
    assert table.frame["amount_minor"].tolist() == [24, 25]
    assert noted(table)["Line totals with more decimals than are kept"] == (2, [2, 3])


def test_an_amount_that_cannot_be_kept_exactly_is_refused_with_its_row():
    for amount in ("92233720368547758.08", "1e400", "9" * 40, "99999999999999999999.999"):
        with pytest.raises(InsightError, match="row 3 of 'amount' is too large"):
            orders(f"1,ana,2026-01-01,5\n2,ana,2026-01-01,{amount}\n")
    with pytest.raises(InsightError, match="too large to be added up"):
        orders("1,ana,2026-01-01,92233720368547758.07\n" * 2)
    assert orders("1,ana,2026-01-01,92233720368547758.07\n").frame["amount_minor"].tolist() == [2**63 - 1]


amounts = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=6) | st.decimals(
    -99, 99, places=1
)


@patient
@given(st.lists(amounts, min_size=1))
def test_money_agrees_with_decimal_arithmetic(values):
    found = money(column(*map(str, values)))
    unit = Decimal(1).scaleb(-found.places)
    exact = [value.quantize(unit, ROUND_HALF_EVEN) for value in values]
    assert [Decimal(minor).scaleb(-found.places) for minor in found.minor.tolist()] == exact
    assert found.rounded.tolist() == [value != kept for value, kept in zip(values, exact, strict=True)]
    assert found.floats().tolist() == [float(value) for value in exact]


@patient
@given(st.lists(st.tuples(st.decimals(-999, 999, places=2), st.decimals(0, 9999, places=9)), min_size=1))
def test_line_totals_agree_with_decimal_arithmetic(lines):
    found = line_totals(column(*(str(count) for count, _ in lines)), column(*(str(price) for _, price in lines)))
    exact = [(count * price).quantize(Decimal("0.01"), ROUND_HALF_EVEN) for count, price in lines]
    assert [Decimal(minor).scaleb(-2) for minor in found.minor.tolist()] == exact
    assert found.rounded.tolist() == [
        count * price != total for (count, price), total in zip(lines, exact, strict=True)
    ]


def test_line_totals_stay_exact_where_integers_overflow_and_where_prices_have_many_decimals():
    counts, prices = column("1000000000000", "1", "1"), column("1.12345678", "0.125000000001", "0.125")
    assert line_totals(counts, prices).minor.tolist() == [112345678000000, 13, 12]
    with pytest.raises(AmountTooLarge):
        line_totals(column("1e10"), column("1e10"))


def test_an_amount_is_the_float_nearest_to_its_exact_value():
    assert orders("1,ana,2026-01-01,90071992547409.93\n").frame["amount"].tolist() == [90071992547409.93]


def test_digits_beyond_what_arrow_holds_still_round_once():
    just_above_a_tie = "0.00005000000000000000000000001"
    assert money(column(just_above_a_tie, "1")).minor.tolist() == [1, 10000]
    with pytest.raises(AmountTooLarge):
        money(column("1", "1e19"))


def test_a_currency_comes_from_its_column_or_from_the_amounts():
    table = orders("1,ana,2026-01-01,5,eur\n", "order,customer,date,amount,currency")
    assert (table.currency, table.currencies) == ("EUR", ["EUR"])
    for written, code in (("$5.00", "USD"), ("5 €", "EUR"), ("-£5", "GBP"), ("CHF 5", "CHF")):
        table = orders(f'1,ana,2026-01-01,"{written}"\n')
        assert (table.currency, abs(table.frame["amount"][0])) == (code, 5)
        assert table.frame["currency"].tolist() == [code]
    assert orders("1,ana,2026-01-01,5\n").currency is None


def test_several_currencies_are_read_and_one_of_them_can_be_kept():
    text = "1,ana,2026-01-01,5 EUR\n2,ana,2026-01-01,7 USD\n3,ana,2026-01-01,9\n"
    table = orders(text)
    assert (table.currency, table.currencies, len(table.frame)) == (None, ["EUR", "USD"], 3)
    assert {"Several currencies: EUR, USD", "Rows without a currency"} <= set(table.findings["finding"])
    kept = orders(text, currency="eur")
    assert (kept.currency, kept.currencies, kept.settings) == ("EUR", ["EUR"], {"currency": "EUR"})
    assert kept.frame["order_id"].tolist() == ["1"]
    assert noted(kept) == {"Rows in another currency, or in none, left out": (2, [3, 4])}
    assert orders(text, currency="$").frame["order_id"].tolist() == ["2"]
    silent = orders("1,ana,2026-01-01,5,\n", "order,customer,date,amount,currency", currency="EUR")
    assert (silent.currency, silent.currencies, len(silent.frame)) == ("EUR", ["EUR"], 1)
    with pytest.raises(UnknownValue, match="currency = 'GBP'.*EUR, USD"):
        orders(text, currency="GBP")


def test_lines_of_one_order_in_two_currencies_are_never_added_up():
    table = orders("1,ana,2026-01-01,1 EUR\n1,ana,2026-01-01,2 USD\n2,ben,2026-01-01,4 EUR\n")
    assert table.frame["amount"].tolist() == [1, 2, 4]
    assert table.frame["currency"].tolist() == ["EUR", "USD", "EUR"]
    assert noted(table)["One order, several currencies"] == (2, [2, 3])
    assert table.findings["severity"].tolist() == ["warning", "warning"]
    lines = "1,ana,2026-01-01,1,EUR\n1,ana,2026-01-01,2,\n1,ana,2026-01-01,3,USD\n1,ana,2026-01-01,5,EUR\n"
    table = orders(lines, "order,customer,date,amount,currency")
    assert table.frame["amount"].tolist() == [6, 2, 3]
    assert table.frame["currency"].fillna("").tolist() == ["EUR", "", "USD"]
    one = orders(lines.replace("USD", "EUR"), "order,customer,date,amount,currency")
    assert one.frame[["amount", "currency"]].to_numpy().tolist() == [[11, "EUR"]]
