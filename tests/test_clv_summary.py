"""The summary of repeat buying: purchase days, refunds, free orders, time zones, parts of the customers."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from insight import InsightError, clv_cells, clv_summary, read_orders
from insight.clv.tally import added_up
from tests.cdnow import CALIBRATION_END, cdnow_orders
from tests.orders import InParts, order_table


def orders(text, **more):
    """Orders from lines of `customer day amount`, days of January 2026."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])
    frame["order_date"] = "2026-01-" + frame["order_date"].str.zfill(2)
    return read_orders(
        frame.assign(order_id=[str(n) for n in range(len(rows))], amount=frame["amount"].astype(float)), **more
    )


def row(text, **settings):
    return clv_summary(orders(text), **{"unit": "1D"} | settings).customers.iloc[0].tolist()[1:]


def assert_equal(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
        else:
            assert left == right, field.name


def test_the_first_day_makes_the_customer_and_the_others_are_repeats():
    assert row("ana 1 10\nana 3 20\nana 7 40\nben 9 1") == [2, 6, 8, 30]


def test_orders_of_one_day_are_one_purchase_day():
    assert row("ana 1 10\nana 1 90\nana 5 20\nana 5 30") == [1, 4, 4, 50]


def test_who_bought_once_has_no_repeat_spend():
    frequency, recency, age, spend = row("ana 1 10\nben 9 1")
    assert [frequency, recency, age] == [0, 0, 8]
    assert np.isnan(spend)


def test_a_free_order_is_a_purchase_day_and_a_refund_is_none():
    assert row("ana 1 10\nana 3 0\nana 5 -10\nana 6 30") == [2, 5, 5, 15]
    found = clv_summary(orders("ana 1 10\nana 5 -10\nben 2 -4"))
    assert (found.n_customers, found.without_purchase, found.refunds, found.refunded) == (1, 1, 2, 14.0)


def test_rows_after_the_end_are_not_used_and_counted():
    found = clv_summary(orders("ana 1 10\nana 3 20\nben 4 5"), as_of="2026-01-02", unit="1D")
    assert found.customers.iloc[0].tolist()[:4] == ["ana", 0, 0, 1]
    assert (found.left_out, found.n_customers, found.without_purchase) == (2, 1, 0)


def test_days_after_the_last_row_count_as_observed():
    found = clv_summary(orders("ana 1 10\nana 3 20"), as_of="2026-01-31", unit="1D")
    assert found.customers.iloc[0].tolist() == ["ana", 1, 2, 30, 20]
    assert found.days_beyond == 28


def test_the_unit_is_only_a_scale():
    text = "ana 1 10\nana 3 20\nana 15 40"
    days, weeks = row(text), row(text, unit="7D")
    assert weeks == [2, 2, 2, 30]
    assert days == [2, 14, 14, 30]


def test_a_day_is_a_day_of_the_table_s_time_zone():
    frame = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "ana", "amount": 5.0})
    frame["order_date"] = ["2026-01-01T23:30:00Z", "2026-01-02T01:00:00Z"]
    assert clv_summary(read_orders(frame, timezone="UTC")).customers["frequency"].tolist() == [1]
    assert clv_summary(read_orders(frame, timezone="Europe/Berlin")).customers["frequency"].tolist() == [0]


def test_a_day_of_23_hours_is_one_day():
    frame = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "ana", "amount": 5.0})
    frame["order_date"] = ["2026-03-28T12:00:00", "2026-03-30T12:00:00"]
    found = clv_summary(read_orders(frame, timezone="Europe/Berlin"), unit="1D").customers
    assert found["recency"].tolist() == [2]


def test_nobody_with_a_purchase_is_said():
    with pytest.raises(InsightError, match="Nobody has a purchase up to 2026-01-02"):
        clv_summary(orders("ana 1 -10\nben 2 -5"))
    with pytest.raises(InsightError, match="Nobody has a purchase up to 2026-01-01"):
        clv_cells(orders("ana 1 -10\nben 2 5"), as_of="2026-01-01")


def test_what_is_not_possible_is_refused():
    table = orders("ana 1 10")
    with pytest.raises(InsightError, match="unit = 'week' is not a length"):
        clv_summary(table, unit="week")
    with pytest.raises(InsightError, match="before the first row"):
        clv_summary(table, as_of="2025-12-31")
    with pytest.raises(InsightError, match="read_orders"):
        clv_summary(table.frame)


def test_amounts_in_several_currencies_are_refused():
    frame = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "ana", "amount": 5.0, "currency": ["EUR", "USD"]})
    with pytest.raises(InsightError, match="several currencies"):
        clv_summary(read_orders(frame.assign(order_date="2026-01-01")))


def twin(table, as_of):
    """The same, customer by customer, as the definition says it."""
    rows = table.frame.assign(day=table.frame["order_date"].dt.normalize())
    rows = rows[(rows["day"] <= as_of) & (rows["amount_minor"] >= 0)]
    found = []
    for customer, own in rows.groupby("customer_id"):
        spend = own.groupby("day")["amount_minor"].sum()
        days = spend.index
        x = len(days) - 1
        mean = spend.iloc[1:].sum() / 100 / x if x else np.nan
        found.append((customer, x, (days[-1] - days[0]).days / 7, (pd.Timestamp(as_of) - days[0]).days / 7, mean))
    return pd.DataFrame(found, columns=["customer_id", "frequency", "recency", "T", "monetary_value"])


@pytest.mark.parametrize("as_of", ["2026-02-10", "2026-04-30"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_what_the_definition_says_customer_by_customer(seed, as_of):
    table = order_table(seed)
    found = clv_summary(table, as_of=as_of)
    pd.testing.assert_frame_equal(found.customers, twin(table, as_of), check_dtype=False, check_exact=True)
    seen = table.frame["order_date"] < pd.Timestamp(as_of) + pd.Timedelta("1D")
    assert found.left_out == (~seen).sum()
    assert found.refunds == (seen & (table.frame["amount"] < 0)).sum()
    assert found.without_purchase + found.n_customers == table.frame["customer_id"][seen].nunique()


@pytest.mark.parametrize("n_parts", [3, None])
@pytest.mark.parametrize("settings", [{}, {"as_of": "2026-02-10", "unit": "1D"}, {"as_of": "2026-12-31"}])
def test_parts_of_the_customers_add_up_to_the_whole(settings, n_parts):
    table = order_table(4, n=250, customers=40)
    for function in (clv_summary, clv_cells):
        assert_equal(function(InParts(table, n_parts), **settings), function(table, **settings))


def test_parts_add_up_in_a_time_zone_too():
    table = order_table(5, timezone="America/New_York")
    assert_equal(clv_cells(InParts(table)), clv_cells(table))


def test_the_order_of_the_rows_does_not_matter():
    table = order_table(6)
    shuffled = read_orders(
        table.frame[["order_id", "customer_id", "order_date", "amount"]].sample(frac=1, random_state=0)
    )
    pd.testing.assert_frame_equal(clv_summary(shuffled).customers, clv_summary(table).customers, check_exact=True)


@pytest.mark.parametrize("seed", [1, 2])
def test_cells_are_the_summary_counted(seed):
    table = order_table(seed)
    customers, cells = clv_summary(table).customers, clv_cells(table)
    counted = customers.groupby(["frequency", "recency", "T"]).size().reset_index(name="weight")
    pd.testing.assert_frame_equal(cells.histories, counted, check_exact=True)
    back = customers[customers["frequency"] > 0]
    counted = back.groupby(["frequency", "monetary_value"]).size().reset_index(name="weight")
    pd.testing.assert_frame_equal(cells.spending, counted, check_exact=True)


def test_keys_too_wide_for_one_integer_add_up_too():
    rng = np.random.default_rng(0)
    columns = [rng.integers(0, 3, 50) * 2**40, rng.integers(0, 3, 50), rng.integers(1, 9, 50)]
    wide = added_up(*columns)
    narrow = added_up(columns[0] >> 40, *columns[1:])
    assert (wide[0] >> 40).tolist() == narrow[0].tolist()
    assert [own.tolist() for own in wide[1:]] == [own.tolist() for own in narrow[1:]]
    assert wide[-1].sum() == columns[-1].sum()


def test_cdnow_has_the_published_counts():
    """Fader, Hardie & Lee 2005: 2,357 customers; R package BTYD, cdnowSummary$cu.tracking at weeks 39 and 78."""
    calibration = clv_summary(cdnow_orders(), as_of=CALIBRATION_END)
    both = clv_summary(cdnow_orders())
    assert (calibration.n_customers, both.n_customers) == (2357, 2357)
    assert calibration.customers["frequency"].sum() == 2457
    assert both.customers["frequency"].sum() == 4339
    assert (calibration.customers["frequency"] == 0).sum() == 1411
    best = calibration.customers.sort_values("frequency").iloc[-1]
    assert best["frequency"] == 29
    first = calibration.customers.iloc[0]
    assert first[["frequency", "recency", "T", "monetary_value"]].round(2).tolist() == [2, 30.43, 38.86, 22.34]


def test_all_of_cdnow_is_a_small_fit():
    cells = clv_cells(cdnow_orders(), as_of=CALIBRATION_END)
    assert cells.n_customers == cells.histories["weight"].sum() == 2357
    assert len(cells.histories) < 1600
    assert cells.spending["weight"].sum() == 946
