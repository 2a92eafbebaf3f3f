"""The shipped samples: what they are said to be, and rebuilt to the byte from what they are said to come from."""

import gzip
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from insight import sample, samples
from insight.errors import UnknownValue
from insight.simulate import simulate_shop
from sample_data import make

FOLDER = Path(make.__file__).parent
MADE = make.simulated_files()
NAMES = samples()["name"].tolist()


def shipped(name):
    return gzip.decompress((FOLDER / f"{name}.gz").read_bytes())


@pytest.mark.parametrize("name", MADE)
def test_the_shipped_shop_and_gym_are_the_simulated_ones(name):
    assert shipped(name) == MADE[name]


def test_the_samples_are_listed():
    shop = [f"shop_{kind}" for kind in ("events", "orders", "campaigns", "customers", "contacts", "feedback")]
    assert [*shop, "ecom_events", "cdnow_orders", "gym_customers"] == NAMES
    listed = samples()
    columns = "name dataset kind file title teaches rows source licence"
    assert listed.columns.tolist() == columns.split()
    assert not listed.isna().any(axis=None)
    assert listed.groupby("dataset")["title"].nunique().eq(1).all()


@pytest.mark.parametrize("row", list(samples().itertuples(index=False)), ids=NAMES)
def test_a_sample_reads_like_any_file(row):
    table = sample(row.name)
    assert table.kind == row.kind
    assert table.name == row.file
    assert len(table.frame) == row.rows
    assert "error" not in set(table.findings["severity"])


def test_an_unknown_sample_lists_the_known_ones():
    with pytest.raises(UnknownValue, match="Did you mean 'shop_events'") as refused:
        sample("shop_event")
    assert refused.value.allowed == NAMES


def test_the_events_of_the_shop_are_recognised_column_by_column():
    events = sample("shop_events")
    assert all(name == column for name, column in events.columns.items())
    assert set(events.frame.columns) == set(events.columns)


def test_cdnow_is_the_whole_master_list():
    orders = sample("cdnow_orders")
    assert len(orders.frame) == 69_659
    assert orders.frame["customer_id"].nunique() == 23_570
    assert orders.frame["customer_id"].iloc[0] == "00001"
    assert str(orders.frame["order_date"].min())[:10] == "1997-01-01"
    assert str(orders.frame["order_date"].max())[:10] == "1998-06-30"


def test_the_amount_of_cdnow_is_dollars_and_not_multiplied_by_the_discs():
    lines = shipped("cdnow_orders.csv").decode().splitlines()[1:]
    dollars = sum(Decimal(line.split(",")[3]) for line in lines)
    orders = sample("cdnow_orders")
    assert orders.columns["amount"] == "amount"
    assert orders.lines is None
    assert orders.frame["amount_minor"].sum() == 100 * dollars == 250_031_563


def test_the_electronics_store_is_as_its_package_ships_it():
    events = sample("ecom_events").frame
    assert len(events) == 31_106
    assert events["customer_id"].nunique() == 600
    assert events["event"].nunique() == 19
    assert events["session"].nunique() == 3_605


def test_the_weekly_mix_has_four_years_of_mondays():
    header, *weeks = shipped("weekly_mix.csv").decode().splitlines()
    assert header.split(",")[:3] == ['"DATE"', '"revenue"', '"tv_S"']
    assert len(weeks) == 208
    assert (weeks[0][:10], weeks[-1][:10]) == ("2015-11-23", "2019-11-11")


def test_the_list_of_cdnow_becomes_a_table():
    master = (
        " customer_id  date number_of_cds  dollar_value\r\n 00004 19970118  2   29.33\r\n 00004 19971212  2   26.48\r\n"
    )
    assert make.cdnow_orders(master).decode().splitlines() == [
        "customer_id,order_date,quantity,amount",
        "00004,1997-01-18,2,29.33",
        "00004,1997-12-12,2,26.48",
    ]


def test_packing_leaves_no_trace_of_when_and_where():
    packed = make.packed(b"a,b\n1,2\n")
    assert gzip.decompress(packed) == b"a,b\n1,2\n"
    assert packed[3:8] == bytes(5)  # no file name, no time


def test_make_says_which_wheel_is_missing(tmp_path):
    with pytest.raises(SystemExit, match="No wheel of lifetimes"):
        make.package_files(tmp_path)


def test_the_samples_stay_small_and_each_is_described():
    files = sorted(FOLDER.glob("*.gz"))
    assert len(files) == 10
    assert sum(file.stat().st_size for file in files) < 4_000_000
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in files if f"`{file.name}`" not in readme] == []
    for name in MADE:
        header = MADE[name].decode().split("\n", 1)[0].split(",")
        assert [column for column in header if f"`{column}`" not in readme] == [], name
    for package in make.PACKAGES:
        assert package.replace("==", " ") in readme
        assert (FOLDER / "licences" / f"{package.split('==')[0]}.txt").stat().st_size > 500


def test_the_described_truth_is_the_true_one():
    shop, readme = simulate_shop(), (FOLDER / "README.md").read_text(encoding="utf-8")
    truth, bought = shop.truth, shop.orders[shop.orders["amount"] > 0]
    often = bought["customer_id"].value_counts()
    counts = f"{len(often)} of them buy, {(often > 1).sum()} of these buy\nagain: {len(bought):,} orders of"
    assert (
        f"{counts} {bought['amount'].mean():.2f} EUR on average, and {len(shop.orders) - len(bought)} refunds" in readme
    )
    told = truth["attribution"]
    for channel, caused in told["incremental_share"].items():
        lost = told["incremental"][channel]["orders"]
        assert f"| {channel} | {caused:.0%} | {told['last_touch'][channel]} | {lost} |".replace("%", " %") in readme
    rest = sum(told["last_touch"][channel] for channel in ("organic_search", "direct"))
    assert f"remaining {rest} first orders" in readme
    for channel, rates in truth["funnel"]["conversion"].items():
        row = f"| {channel} | " + " | ".join(f"{100 * rates[step]:.0f} %" for step in list(rates)[:3])
        assert row in readme
    churn = truth["churn"]
    assert f"{churn['still_customers']} of the {churn['buyers']} buyers are still customers" in readme
    assert (
        f"{100 * truth['decision']['first_orders_within']['7D']:.0f} % of\n  first orders come within seven days"
        in readme
    )
    for name, days in (
        ("checkout_bug", "7 April to 4 May"),
        ("tracking_gap", "12 and 13 August"),
        ("product_page_test", "1 September to 31 October"),
        ("promo_weekend", "28 to 30 November"),
    ):
        first, last = (pd.Timestamp(truth["incidents"][name][end]) for end in ("first_day", "last_day"))
        assert days in readme
        assert days.startswith(str(first.day))
        assert days.endswith(f"{last.day} {last.month_name()}")
