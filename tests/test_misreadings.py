"""What could be read wrongly without a word: each misreading is avoided or said, with its rows."""

import pytest

from insight.errors import MissingColumn
from insight.tables import read_campaigns, read_orders
from tests.files import noted, orders
from tests.test_findings import found

TWO_WAYS = "Numbers that can be read in two ways: thousands, or three decimals"


# --- point or comma ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["", "$"])
def test_a_comma_that_only_semicolons_make_decimal_is_doubted_and_the_other_way_is_offered(sign):
    text = f"order_id;customer_id;date;amount\n1;a;2026-01-01;{sign}1,234\n2;b;2026-01-02;{sign}12,500\n"
    table = read_orders(text.encode())
    assert table.frame["amount"].tolist() == [1.234, 12.5]
    doubt = found(table, "doubtful_decimal_mark")
    assert (doubt.severity, doubt.rows, doubt.examples, doubt.fix) == ("warning", 2, [2, 3], "decimal_point")
    assert doubt.suggestion.startswith("A comma is taken to stand before decimals and a point to group thousands.")
    mended = read_orders(text.encode(), fixes=[doubt.fix])
    assert mended.frame["amount"].tolist() == [1234, 12500]
    assert found(mended, "doubtful_decimal_mark") is None
    assert found(read_orders(text.encode(), fixes=["decimal_comma"]), "doubtful_decimal_mark") is None


@pytest.mark.parametrize("amount", ["1.234", "1.250 KWD"])
def test_a_point_that_semicolons_make_a_separator_of_thousands_is_doubted(amount):
    table = read_orders(f"order_id;customer_id;date;amount\n1;a;2026-01-01;{amount}\n".encode())
    assert table.frame["amount"].tolist() == [float(amount[:5]) * 1000]
    doubt = found(table, "doubtful_decimal_mark")
    assert (doubt.rows, doubt.fix) == (1, "decimal_point")


def test_what_only_other_columns_decide_is_doubted():
    table = orders('1,a,2026-01-01,1.234,"0,50"\n', "order,customer,date,amount,fee")
    assert table.frame["amount"].tolist() == [1234]
    assert found(table, "doubtful_decimal_mark").fix == "decimal_point"


def test_a_column_that_proves_its_own_mark_is_not_doubted():
    table = read_orders(b"order_id;customer_id;date;amount\n1;a;2026-01-01;1.234\n2;b;2026-01-02;1,50\n")
    assert table.frame["amount"].tolist() == [1234, 1.5]
    assert found(table, "doubtful_decimal_mark") is None


# --- rows that are left out ----------------------------------------------------------------------------------------


def test_every_row_without_a_line_total_is_an_error_of_its_own_column():
    text = "1,a,2026-01-01,10%,5\n2,b,2026-01-01,3,0.335\n3,c,2026-01-01,2,5%\n"
    table = orders(text, "order,customer,date,quantity,unit_price")
    assert table.frame["order_id"].tolist() == ["2"]
    said = noted(table)
    assert said["Quantities that cannot be read"] == (1, [2])
    assert said["Prices that cannot be read"] == (1, [4])
    assert found(table, "some_percentages") is None


def test_a_percentage_where_money_is_meant_is_not_said_to_be_read():
    table = read_campaigns(b"date,spend,revenue\n2026-01-01,5,12%\n2026-01-02,6,3\n")
    assert noted(table) == {"Values that are no amounts": (1, [2])}


def test_what_was_decided_about_prices_is_said_once():
    text = "order;customer;date;quantity;unit_price\n1;a;2026-01-01;1.200;1,234\n2;b;2026-01-01;3;2,000\n"
    doubts = read_orders(text.encode()).findings.query("code == 'doubtful_decimal_mark'")
    assert doubts["column"].tolist() == ["quantity", "unit_price"]


# --- totals on each line -------------------------------------------------------------------------------------------


def lines(repeated, differing):
    same = [f"{n},c{n},2026-01-01,{product},3{n}\n" for n in range(repeated) for product in ("tea", "cup", "pot")]
    others = [
        f"x{n},d{n},2026-01-01,{product},{price}\n"
        for n in range(differing)
        for product, price in [("tea", 1), ("cup", 2)]
    ]
    return "".join(same + others)


def test_totals_that_most_orders_repeat_are_said_with_their_share():
    table = orders(lines(9, 1), "order,customer,date,product,amount")
    said = found(table, "repeated_total")
    assert said.finding == "Every line of an order has the same amount, in 90% of the orders of several lines"
    assert (said.severity, said.rows, said.fix) == ("warning", 27, None)


def test_totals_that_all_orders_repeat_are_offered_to_count_once():
    said = found(orders(lines(9, 0), "order,customer,date,product,amount"), "repeated_total")
    assert (said.finding, said.fix) == ("Every line of an order has the same amount", "total_per_order")


def test_equal_prices_in_a_few_orders_are_no_totals():
    assert found(orders(lines(4, 6), "order,customer,date,product,amount"), "repeated_total") is None


# --- currencies ----------------------------------------------------------------------------------------------------


def test_a_sign_that_contradicts_the_column_of_currencies_is_said():
    header = "order,customer,date,amount,currency"
    table = orders(
        "1,a,2026-01-01,£5,USD\n2,b,2026-01-01,$5,EUR\n3,c,2026-01-01,$5,USD\n4,d,2026-01-01,5,USD\n", header
    )
    said = found(table, "other_currency_sign")
    assert (said.severity, said.column, said.rows, said.examples) == ("warning", "amount", 2, [2, 3])


@pytest.mark.parametrize(("amount", "code"), [("$5", "CAD"), ("¥5", "CNY"), ("5 kr", "NOK"), ("€5", "EUR")])
def test_a_sign_that_several_currencies_share_contradicts_none_of_them(amount, code):
    table = orders(f"1,a,2026-01-01,{amount},{code}\n", "order,customer,date,amount,currency")
    assert found(table, "other_currency_sign") is None


# --- reports of several days ---------------------------------------------------------------------------------------


def test_reports_that_cover_several_days_are_said():
    meta = "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR)\n"
    table = read_campaigns((meta + "a,2026-01-01,2026-01-31,50\nb,2026-01-01,2026-01-01,5\n").encode())
    said = found(table, "several_days_a_row")
    assert said.finding == "Each row covers several days; its numbers are booked on the first"
    assert (said.severity, said.rows, said.examples) == ("warning", 1, [2])


@pytest.mark.parametrize("name", ["Week", "Month"])
def test_weeks_and_months_are_booked_on_their_first_day_with_a_word(name):
    days = ["2026-01-05", "2026-01-12", "2026-01-19"] if name == "Week" else ["2026-01-01", "2026-02-01", "2026-03-01"]
    text = f"Campaign,{name},Cost,Impr.,Clicks\n" + "".join(f"a,{day},5,10,1\n" for day in days)
    assert found(read_campaigns(text.encode()), "several_days_a_row").rows == 3


def test_days_are_no_periods_whatever_their_column_is_called():
    daily = read_campaigns(b"week,spend\n2026-01-05,5\n2026-01-06,6\n")
    assert found(daily, "several_days_a_row") is None
    meta = "Campaign name,Day,Reporting starts,Reporting ends,Amount spent (EUR)\n"
    table = read_campaigns((meta + "a,2026-01-01,2026-01-01,2026-01-31,50\n").encode())
    assert found(table, "several_days_a_row") is None


# --- ids -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nobody", ["(null)", r"\N"])
def test_what_a_database_writes_for_null_is_nobody(nobody):
    table = orders(f"1,{nobody},2026-01-01,5\n2,ana,2026-01-01,{nobody}\n3,ben,2026-01-01,7\n")
    assert table.frame["customer_id"].tolist() == ["ben"]


def test_signs_that_cannot_be_seen_do_not_make_another_customer():
    table = orders(
        "1,ana\u200b,2026-01-01,5\n2,\ufeffana,2026-01-02,6\n3,ana,2026-01-03,7\n4,\uff11\uff12,2026-01-03,7\n"
    )
    assert table.frame["customer_id"].tolist() == ["ana", "ana", "ana", "12"]
    said = found(table, "cleaned_ids")
    assert (said.severity, said.rows, said.examples) == ("note", 3, [2, 3, 5])
    assert found(orders("1,zoë,2026-01-01,5\n"), "cleaned_ids") is None


def test_a_row_without_an_order_id_never_joins_another_order():
    table = orders(",a,2026-01-01,5\nrow 2,a,2026-01-01,6\nrow row 2,a,2026-01-01,7\n")
    assert table.frame["order_id"].tolist() == ["row row row 2", "row 2", "row row 2"]


# --- platforms and files -------------------------------------------------------------------------------------------

PLUGIN = "Order ID,Order Status,Order Date,Customer User ID,Billing Email Address,Order Total Amount\n"


def test_guests_of_woocommerce_are_told_apart_by_their_mail():
    rows = "7,wc-completed,2026-01-01,0,ana@x.org,5\n8,wc-processing,2026-01-02,0,ben@x.org,6\n"
    table = read_orders((PLUGIN + rows + "9,wc-cancelled,2026-01-03,0,ben@x.org,7\n").encode())
    assert table.frame[["order_id", "customer_id", "amount"]].values.tolist() == [
        ["7", "ana@x.org", 5.0],
        ["8", "ben@x.org", 6.0],
    ]
    assert noted(table)["Orders that were never paid, left out: wc-cancelled"] == (1, [4])


def test_guests_that_nothing_tells_apart_are_nobody():
    header = "Order ID,Order Status,Order Date,Customer User ID,Order Total Amount\n"
    table = read_orders((header + "7,wc-completed,2026-01-01,0,5\n8,wc-completed,2026-01-02,31,6\n").encode())
    assert table.frame["customer_id"].tolist() == ["31"]
    assert noted(table)["Customers 0 are guests without an account"] == (1, [2])
    assert noted(table)["Rows without a customer id"] == (1, [2])


def test_what_is_left_after_a_refund_is_written_like_the_other_amounts():
    header = "id;Created date (UTC);Amount;Amount Refunded;Status;Customer ID\n"
    rows = "p1;2026-01-01 10:00:00;20,00;5,00;Paid;a\np2;2026-01-02 10:00:00;7,50;0,00;Paid;b\n"
    table = read_orders((header + rows + "p3;2026-01-03 10:00:00;8,50;0,00;Paid;c\n").encode())
    assert table.frame["amount"].tolist() == [15, 7.5, 8.5]


def test_the_states_of_a_platform_are_told_by_how_they_begin():
    states = ["Completed", "Cancelled by customer", "FAILED (card)", "Pending payment", "Canceled"]
    rows = "".join(f"{n},{state},2026-01-01,0,a{n}@x.org,5\n" for n, state in enumerate(states))
    assert read_orders((PLUGIN + rows).encode()).frame["order_id"].tolist() == ["0"]


def test_a_file_of_one_column_is_told_which_separators_are_known():
    with pytest.raises(
        MissingColumn,
        match="Only one column was found. Columns may be parted by tab, semicolon, vertical bar or comma.",
    ):
        read_orders(b"customer^date^amount\nana^2026-01-01^5\nben^2026-01-02^6\n")
