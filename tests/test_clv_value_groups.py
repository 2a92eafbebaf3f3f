"""The value of groups, and who is behind a value."""

import numpy as np
import pandas as pd
import pytest

from insight import (
    InsightError,
    Orders,
    customer_value,
    customer_value_by,
    customer_value_by_members,
    customer_value_members,
    group_values,
    read_orders,
    rfm,
    select_customers,
)
from insight.clv.group_finish import group_members
from insight.errors import UnknownValue
from tests.orders import InParts
from tests.test_clv_value import SEASON, customers, shop

GIVEN = {"margin": 0.4, "horizon": "120D", "as_of": "2025-10-27"}
ADDED = ("n_customers", "share", "historical_margin", "expected_purchases", "value", "value_share")


def with_channel(rows, timezone=None) -> Orders:
    """Orders with the channel of each, and other channels later than the first."""
    table = shop(rows).frame
    number = table["customer_id"].str[1:].str.extract(r"(\d+)", expand=False).astype(int)
    own = np.array(["ads", "mail", "seo"])[np.minimum(number % 5, 2)]
    table["channel"] = np.where(table.groupby("customer_id")["order_date"].rank(method="first") == 1, own, "seo")
    table.loc[(number % 5 == 4) & (table["channel"] == "seo") & (number < 20), "channel"] = None
    return read_orders(table.drop(columns="amount_minor"), timezone=timezone)


@pytest.fixture(scope="module")
def orders():
    return with_channel(SEASON)


@pytest.fixture(scope="module")
def value(orders):
    return customer_value(orders, **GIVEN)


@pytest.fixture(scope="module")
def by_channel(orders):
    return customer_value_by(orders, by="channel", **GIVEN)


def first_channel(orders):
    """The channel of the first order that is no refund."""
    frame = orders.frame[orders.frame["amount"] >= 0].sort_values(["customer_id", "order_date"], kind="stable")
    return frame.groupby("customer_id")["channel"].agg(lambda own: own.iloc[0]).fillna("(not set)")


def test_groups_are_the_first_order_s_and_add_up_to_the_total(orders, value, by_channel):
    groups = by_channel.groups.set_index("group")
    assert groups["n_customers"].to_dict() == first_channel(orders).value_counts().to_dict()
    assert groups.index.tolist() == groups.sort_values("value", ascending=False).index.tolist()
    wanted = value.customers.groupby(first_channel(orders)[value.customers["customer_id"]].to_numpy())
    for name in ("value", "historical_margin", "expected_purchases"):
        assert groups[name].to_dict() == pytest.approx(wanted[name].sum().to_dict())
    assert groups["probability_alive"].to_dict() == pytest.approx(wanted["probability_alive"].mean().to_dict())
    assert groups["value"].sum() == pytest.approx(value.total, rel=1e-12)
    assert (by_channel.total, by_channel.ci_low, by_channel.ci_high) == (value.total, value.ci_low, value.ci_high)
    assert groups["share"].sum() == pytest.approx(1)
    assert groups["value_share"].sum() == pytest.approx(1)
    assert (groups["value_per_customer"] * groups["n_customers"]).sum() == pytest.approx(value.total)


def test_the_interval_of_a_group_has_the_three_parts_of_the_total(value):
    """One group is everybody; and of two halves drawn by lot chance adds up, and the parameters are shared."""
    everybody = pd.DataFrame({"customer_id": value.customers["customer_id"], "group": "all"})
    one = group_values(value, everybody).groups.iloc[0]
    assert (one["ci_low"], one["ci_high"]) == pytest.approx((value.ci_low, value.ci_high), rel=1e-9)
    half = everybody.assign(group=np.random.default_rng(0).choice(["heads", "tails"], len(everybody)))
    rows = group_values(value, half).groups
    sd = np.log(rows["ci_high"] / rows["ci_low"]) / (2 * 1.96) * rows["value"]
    chance = value.uncertainty.chance
    whole = np.log(value.ci_high / value.ci_low) / (2 * 1.96) * value.total
    assert (sd**2).sum() < whole**2  # they err together
    assert sd.sum() > whole * 0.999
    assert chance.sum() == pytest.approx(value.process_sd**2, rel=1e-9)


def test_the_interval_of_a_few_customers_is_wide_and_no_more(value):
    """Those with the lowest value: mostly nothing, so the standard deviation is many times the mean."""
    rows = value.customers.sort_values("value", ignore_index=True)
    for n in (1, 3, 10):
        few = rows.assign(group=np.where(rows.index < n, "few", "rest"))[["customer_id", "group"]]
        own = group_values(value, few).groups.set_index("group").loc["few"]
        spread = np.sqrt(value.uncertainty.chance[value.customers["customer_id"].isin(rows["customer_id"][:n])].sum())
        assert spread > own["value"]
        assert 0 <= own["ci_low"] < own["value"] <= own["ci_high"] < own["value"] + 5 * spread


def test_a_new_customer_of_a_group_is_that_of_a_shop_of_this_group_alone(orders, value, by_channel):
    groups = by_channel.groups.set_index("group")
    ids = first_channel(orders)
    own = select_customers(orders, rule={"ids": ids.index[ids == "seo"].tolist()})
    alone = customer_value(own, model=value.model, **GIVEN)
    assert groups["new_customer_value"]["seo"] == pytest.approx(alone.new_customer_value, rel=1e-6)
    assert groups["new_customer_why"]["seo"] == ""
    assert groups["new_customer_low"]["seo"] < alone.new_customer_value < groups["new_customer_high"]["seo"]
    assert groups["new_customer_value"][["ads", "mail"]].isna().all()
    assert groups["new_customer_why"]["ads"].startswith("The model needs 100 customers")


def test_of_several_first_orders_at_one_time_the_alphabetically_first_value_counts():
    """However the file is sorted, and whatever a refund or a later order says."""
    first = shop(SEASON).frame.sort_values(["customer_id", "order_date"], kind="stable")
    first = first[first["amount"] >= 0].groupby("customer_id").head(1).head(150)
    ids = first["customer_id"].tolist()
    rows = [first.assign(channel=name, order_id=first["order_id"] + name) for name in ("mail", "ads")]
    rows.append(first.assign(channel="a refund", order_id=first["order_id"] + "r", amount=-1.0))
    later = first["order_date"] + pd.Timedelta("1D")
    rows.append(first.assign(channel="a later one", order_id=first["order_id"] + "l", order_date=later))
    table = pd.concat(rows).drop(columns="amount_minor")
    for own in (table, table.iloc[::-1]):
        people = group_members(read_orders(own), None, "channel")
        assert sorted(people.ids) == sorted(ids)
        assert set(people.names) == {"ads"}


def test_cohorts_are_the_months_of_the_first_purchase(orders, value):
    found = customer_value_by(orders, by="cohort", **GIVEN)
    frame = orders.frame[orders.frame["amount"] >= 0]
    first = frame.groupby("customer_id")["order_date"].min().dt.strftime("%Y-%m-01")
    assert found.groups.set_index("group")["n_customers"].to_dict() == first.value_counts().to_dict()
    assert found.groups["group"].tolist() == sorted(found.groups["group"])
    assert found.groups["value"].sum() == pytest.approx(value.total)
    assert found.groups["new_customer_why"].str.startswith("The model needs 100 customers").all()


def test_a_group_that_was_observed_too_short_has_no_new_customer(orders):
    late = customer_value_by(orders, by="channel", **GIVEN | {"horizon": "700D"})
    assert late.groups["new_customer_why"].str.contains("less than half of the horizon").all()


def test_small_groups_are_bundled(orders, value):
    found = customer_value_by(orders, by={"column": "channel", "top": 2}, **GIVEN)
    second = first_channel(orders).value_counts().index[1]
    assert set(found.groups["group"]) == {"seo", second, "Other"}
    assert found.groups["value"].sum() == pytest.approx(value.total)


def test_parts_of_the_customers_have_the_groups_of_the_whole():
    table = with_channel([row for row in SEASON if row[0] < "c0140"])
    for by in ("channel", "cohort"):
        one, other = (customer_value_by(own, by=by, margin=0.4, horizon="90D") for own in (InParts(table, 9), table))
        pd.testing.assert_frame_equal(one.groups, other.groups, rtol=1e-12)
    people = [customer_value_members(own, {"margin": 0.4}, {"decile": 1}) for own in (InParts(table), table)]
    assert people[0] == people[1]
    assert people[0]


def test_segments_add_up_and_who_is_in_none_is_a_group(orders, value):
    scored = rfm(orders).customers
    found = group_values(value, scored, column="segment")
    assert found.groups["value"].sum() == pytest.approx(value.total)
    assert found.without_value == 0
    assert found.groups["new_customer_value"].isna().all()
    assert (found.groups["new_customer_why"] != "").all()
    some = pd.concat([scored.iloc[:30], pd.DataFrame({"customer_id": ["nobody"], "segment": ["Lost"]})])
    part = group_values(value, some, column="segment")
    assert part.groups.set_index("group")["n_customers"]["(not set)"] == value.n_customers - 30
    assert part.without_value == 1
    assert part.groups["value"].sum() == pytest.approx(value.total)


def test_groups_that_are_no_groups_are_refused(orders, value):
    for wrong in (None, 7, {"top": 3}, {"column": "channel", "top": 0}, {"column": "channel", "most": 1}):
        with pytest.raises(InsightError, match="breakdown"):
            customer_value_by(orders, by=wrong, **GIVEN)
    with pytest.raises(UnknownValue, match="Did you mean 'channel'"):
        customer_value_by(orders, by="chanel", **GIVEN)
    twice = pd.DataFrame({"customer_id": ["c0001", "c0001"], "group": ["a", "b"]})
    for groups, message in ((twice, "name a customer again"), (twice[["group"]], "a table of customer_id and group")):
        with pytest.raises(InsightError, match=message):
            group_values(value, groups)
    without = customer_value(orders, customers=False, **GIVEN)
    with pytest.raises(InsightError, match="with its table of customers"):
        group_values(without, twice)


# -- who they are ------------------------------------------------------------------------------------------------------


def test_there_are_as_many_customers_behind_a_number_as_it_says(orders, value):
    for row in value.deciles.iloc[[4]].itertuples():
        assert len(customer_value_members(orders, GIVEN, {"decile": row.decile})) == row.n_customers
    for row in value.calibration.iloc[[7]].itertuples():
        assert len(customer_value_members(orders, GIVEN, {"repeats": row.repeats})) == row.actual
    customers = value.customers.set_index("customer_id")
    for cell, wanted in (
        (
            {"value_at_least": 40.0, "alive_at_least": 0.5},
            (customers["value"] >= 40) & (customers["probability_alive"] >= 0.5),
        ),
        ({"value_below": 40.0}, customers["value"] < 40),
        ({"alive_below": 0.5, "repeats": "0"}, (customers["probability_alive"] < 0.5) & (customers["frequency"] == 0)),
        ({"decile": 1, "alive_below": 0.9}, (customers["decile"] == 1) & (customers["probability_alive"] < 0.9)),
    ):
        assert wanted.any(), cell
        assert customer_value_members(orders, GIVEN, cell) == customers.index[wanted].tolist()
    gone = customer_value_members(orders, GIVEN, {"without_purchase": True})
    assert gone == [f"taker {number}" for number in range(4)]


def test_the_customers_of_a_group_are_as_many_as_it_says(orders, by_channel):
    settings = GIVEN | {"by": "channel"}
    for row in by_channel.groups.itertuples():
        found = customer_value_by_members(orders, settings, {"group": row.group})
        assert len(found) == row.n_customers
        assert found == sorted(found)
    assert customer_value_by_members(orders, settings, {"group": "ads"}) == sorted(
        first_channel(orders).index[first_channel(orders) == "ads"]
    )


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({}, "is written"),
        ("decile", "is written"),
        ({"decile": 11}, "Choose from: 1, 2"),
        ({"repeats": 0}, "Choose from: 0, 1"),
        ({"tenth": 1}, "Choose from: decile"),
        ({"value_at_least": "much"}, "must be a number"),
        ({"without_purchase": True, "decile": 1}, "has no value"),
    ],
)
def test_a_cell_that_does_not_exist_is_refused(orders, cell, message):
    with pytest.raises(InsightError, match=message):
        customer_value_members(orders, GIVEN, cell)


def test_a_group_that_does_not_exist_is_refused(orders):
    for cell, message in (({"group": "tv"}, "Choose from: "), ({"decile": 1}, "is written"), (None, "is written")):
        with pytest.raises(InsightError, match=message):
            customer_value_by_members(orders, GIVEN | {"by": "channel"}, cell)


def test_the_first_month_is_that_of_the_table_s_time_zone():
    rows = customers(n=200)
    frame = shop(rows).frame.drop(columns="amount_minor")
    frame["order_date"] = frame["order_date"].dt.tz_localize("UTC") + pd.Timedelta("23h")
    for timezone in ("UTC", "Asia/Tokyo"):
        people = group_members(read_orders(frame, timezone=timezone), None, None)
        first = frame.groupby("customer_id")["order_date"].min().dt.tz_convert(timezone)
        assert people.names.tolist() == first[people.ids].dt.strftime("%Y-%m-01").tolist()
