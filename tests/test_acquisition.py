"""Value after acquisition: by hand, by loops that look at every order, in parts, and where nothing is known."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import (
    acquisition_payback,
    cohort_roas,
    customer_value_by,
    members,
    read_campaigns,
    read_customers,
    read_events,
    read_orders,
    sample,
)
from insight.acquisition.claims import claimed_orders
from insight.acquisition.names import matched
from insight.acquisition.sums import sum_interval
from insight.campaigns.ratios import poisson_limits
from insight.errors import InsightError, UnknownValue
from tests.orders import InParts

DAY = pd.Timedelta(days=1)
FIRST = pd.Timestamp("2026-01-01")
HORIZONS = [0, 3, 10, 25]
CHANNELS = ["ads", "mail", "seo"]


def orders_of(rows, header="order_id,customer_id,order_date,amount,channel"):
    return read_orders(f"{header}\n{rows}".encode())


def campaigns_of(rows, header="date,channel,campaign,spend"):
    return read_campaigns(f"{header}\n{rows}".encode())


def shop(seed=1, n=220, customers=60, days=40):
    """Orders at random, with refunds and free ones, and campaigns of three channels; "seo" has no spend."""
    rng = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {
            "order_id": np.arange(n).astype(str),
            "customer_id": [f"c{k:02}" for k in rng.integers(0, customers, n)],
            "order_date": FIRST + pd.to_timedelta(rng.integers(0, days * 24, n), unit="h"),
            "amount": rng.choice([0, 5, 9.99, 20, 20, 123.45, -7], n),
            "channel": rng.choice(["Ads", "mail", "direct", None], n),
        }
    )
    day = FIRST + pd.to_timedelta(np.repeat(np.arange(2, days - 1), 3), unit="D")
    spend = pd.DataFrame({"date": day, "channel": np.tile(CHANNELS, len(day) // 3), "campaign": "all"})
    spend = spend.assign(spend=rng.integers(1, 9, len(day)) * (spend["channel"] != "seo"), other_cost=0.5)
    return read_orders(orders), read_campaigns(spend)


def ledgers(orders):
    """Of every customer: how they came, the day of the first purchase, and what they paid how many days later."""
    found = []
    for _customer, own in orders.frame.groupby("customer_id"):
        bought = own[own["amount"] > 0].sort_values(["order_date", "channel"], na_position="last")
        if len(bought):
            start, came = bought["order_date"].iloc[0], str(bought["channel"].iloc[0]).lower()
            paid = [((when.normalize() - start.normalize()) // DAY, amount) for when, amount in
                    own[["order_date", "amount"]].to_numpy() if when >= start]  # fmt: skip
            found.append((came, start.normalize(), paid))
    return found


def looped(orders, known, campaigns, channel, horizon):
    """n, revenue and spend of a channel at a horizon: every customer and every order looked at, one by one."""
    last = orders.frame["order_date"].max().normalize()
    begin, cut = campaigns.frame["date"].min(), min(campaigns.frame["date"].max(), last - horizon * DAY)
    own = [paid for came, start, paid in known if came == channel and begin <= start <= cut]
    revenue = sum(amount for paid in own for offset, amount in paid if offset <= horizon)
    rows = campaigns.frame[(campaigns.frame["channel"] == channel) & (campaigns.frame["date"] <= cut)]
    return len(own), revenue, float(rows["spend"].sum())


# -- counting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_that_of_loops_over_all_customers(seed):
    orders, campaigns = shop(seed)
    found = cohort_roas(orders, campaigns, margin=0.4, horizons=HORIZONS).rows.set_index(["channel", "days_after"])
    known = ledgers(orders)
    for channel in CHANNELS:
        for horizon in HORIZONS:
            row = found.loc[channel, horizon]
            assert (row["n_customers"], row["revenue"], row["spend"]) == pytest.approx(
                looped(orders, known, campaigns, channel, horizon)
            )
            if row["spend"]:
                assert row["roas"] == pytest.approx(row["revenue"] / row["spend"])
                assert row["roi"] == pytest.approx(0.4 * row["revenue"] / row["total_cost"] - 1)


def test_the_payback_day_is_the_first_on_which_loops_reach_the_cost():
    orders, campaigns = shop(3, n=500, customers=90)
    found = acquisition_payback(orders, campaigns, margin=0.3, horizon="10D", cost="media")
    end, known = orders.frame["order_date"].max().normalize(), ledgers(orders)
    days = campaigns.frame["date"]
    for row in found.rows.to_dict("records")[:2]:
        n, _revenue, spend = looped(orders, known, campaigns, row["channel"], 0)
        assert row["cac"] == pytest.approx(spend / n)
        won = [(start, paid) for came, start, paid in known
               if came == row["channel"] and days.min() <= start <= days.max()]  # fmt: skip
        so_far, reached, curve = 0.0, None, found.curve[found.curve["channel"] == row["channel"]]
        for day in range(len(curve)):
            followed = [paid for start, paid in won if start + day * DAY <= end]
            so_far += 0.3 * sum(amount for paid in followed for offset, amount in paid if offset == day) / len(followed)
            assert curve["margin_per_customer"].iloc[day] == pytest.approx(so_far)
            assert curve["n_customers"].iloc[day] == len(followed)
            if reached is None and so_far >= row["cac"]:
                reached = day
        assert sum(start + len(curve) * DAY <= end for start, _paid in won) < 10 <= len(followed)
        assert reached is None and row["payback_why"] == "not_reached" or row["payback_day"] == reached


def test_the_parts_of_the_customers_are_the_whole():
    orders, campaigns = shop(4)
    for analysis, asked in ((cohort_roas, {"horizons": HORIZONS}), (acquisition_payback, {"horizon": "10D"})):
        whole = analysis(orders, campaigns, margin=0.4, **asked)
        for n_parts in (3, 20):
            parts = analysis(InParts(orders, n_parts), campaigns, margin=0.4, **asked)
            for field in fields(whole):
                one, other = getattr(whole, field.name), getattr(parts, field.name)
                if isinstance(one, pd.DataFrame):
                    pd.testing.assert_frame_equal(one, other, rtol=1e-12, atol=0)
                else:
                    assert one == other


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 39))
def test_nothing_reaches_beyond_what_is_observed(seed, last):
    orders, campaigns = shop(seed, n=120)
    as_of = (FIRST + last * DAY).strftime("%Y-%m-%d")
    asked = {"margin": 0.4, "horizons": HORIZONS, "as_of": as_of}
    found = cohort_roas(orders, campaigns, **asked)
    known = found.rows[found.rows["last_acquired"] != ""]
    reach = pd.to_datetime(known["last_acquired"]) + pd.to_timedelta(known["days_after"], unit="D")
    assert (reach <= pd.Timestamp(as_of)).all()
    assert (found.rows["last_acquired"] == "").eq(found.rows["roas_why"] == "not_observed").all()
    frame = orders.frame.drop(columns="amount_minor")
    cut = read_orders(frame[frame["order_date"] < pd.Timestamp(as_of) + DAY])
    again = cohort_roas(cut, campaigns, **asked)
    pd.testing.assert_frame_equal(found.rows, again.rows)  # what comes later changes nothing
    sizes = found.rows.pivot(index="channel", columns="days_after", values="n_customers")
    assert (sizes.diff(axis=1).iloc[:, 1:] <= 0).all().all()


def test_the_channels_and_those_without_a_campaign_are_all_customers():
    found = cohort_roas(*shop(), margin=0.4, horizons=HORIZONS)
    at_once = found.rows[found.rows["days_after"] == 0]
    assert at_once["n_customers"].sum() + found.organic == found.n_customers
    for name in ("n_customers", "spend", "total_cost", "revenue"):
        parts = found.rows.groupby("days_after")[name].sum().to_numpy()
        np.testing.assert_allclose(found.total[name], parts)


def test_a_refund_lowers_what_came_in_and_acquires_nobody():
    orders = orders_of("1,ana,2026-01-02,50,ads\n2,ana,2026-01-02,-20,mail\n3,ben,2026-01-02,-5,ads\n"
                       "4,ben,2026-01-03,10,mail\n5,eve,2026-01-02,0,ads\n6,zoe,2026-01-09,1,seo\n")  # fmt: skip
    campaigns = campaigns_of("2026-01-02,ads,a,10\n2026-01-03,mail,b,10\n")
    rows = cohort_roas(orders, campaigns, margin=1, horizons=[0, 1]).rows.set_index(["channel", "days_after"])
    assert rows.loc["ads", 0][["n_customers", "revenue"]].tolist() == [1, 30]
    assert rows.loc["mail", 0][["n_customers", "revenue"]].tolist() == [1, 10]  # the refund came before the purchase


def test_ltv_to_cac_takes_the_margin_before_the_cost_is_taken_off():
    """Of 600 at a margin of 30% 180 are left; less a CAC of 40 that is 140; the ratio is 180 / 40."""
    rows = "".join(f"{k},c{k},2026-01-01,500,ads\n{k + 50},c{k},2026-01-20,100,mail\n" for k in range(12))
    campaigns = campaigns_of("2026-01-01,ads,a,400,80", "date,channel,campaign,spend,other_cost")
    asked = {"margin": 0.3, "horizon": "30D", "as_of": "2026-02-15", "target_profit_share": 0.25}
    row = acquisition_payback(orders_of(rows), campaigns, **asked).rows.iloc[0]
    assert row[["cac", "observed_ltv", "ltv_to_cac", "allowable_cac", "payback_day"]].tolist() == [40, 180, 4.5, 135, 0]
    media = acquisition_payback(orders_of(rows), campaigns, cost="media", **asked).rows.iloc[0]
    assert media["cac"] == pytest.approx(400 / 12)
    late = acquisition_payback(orders_of(rows), campaigns, **asked | {"margin": 0.07}).rows.iloc[0]
    assert late["payback_day"] == 19
    never = acquisition_payback(orders_of(rows), campaigns, **asked | {"margin": 0.06}).rows.iloc[0]
    assert (never["payback_why"], never["payback_day"] == never["payback_day"]) == ("not_reached", False)


# -- intervals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 4, 30])
def test_where_all_spend_the_same_the_limits_are_those_of_a_count(n):
    assert sum_interval(7 * n, 49 * n, 7, 0.9) == pytest.approx([7 * end for end in poisson_limits(n, 0.9)])


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng, held, draws = np.random.default_rng(1), 0, 1000
    for count in rng.poisson(25, draws):
        spent = rng.lognormal(3, 0.8, count)
        low, high = sum_interval(spent.sum(), (spent**2).sum(), spent.max(initial=0), 0.95)
        held += low <= 25 * np.exp(3 + 0.32) <= high
    assert 0.94 <= held / draws <= 0.99


def test_the_interval_is_that_of_customers_drawn_anew():
    rng = np.random.default_rng(2)
    spent = rng.gamma(2, 30, 400)
    drawn = rng.poisson(1, (4000, 400)) @ spent
    found = sum_interval(spent.sum(), (spent**2).sum(), spent.max(), 0.95)
    assert found == pytest.approx(np.quantile(drawn, [0.025, 0.975]), rel=0.02)


# -- the two rankings -------------------------------------------------------------------------------------------------


def turning(n=40):
    """Customers of "ads" pay 30 at once and no more; those of "mail" 10 at once and 90 later."""
    rows = "".join(f"a{k},a{k},2026-01-0{1 + k % 5},30,ads\nm{k},m{k},2026-01-0{1 + k % 5},10,mail\n" for k in range(n))
    rows += "".join(f"l{k},m{k},2026-01-20,90,ads\n" for k in range(n))
    spend = "".join(f"2026-01-0{d},{name},x,{n}\n" for d in range(1, 6) for name in ("ads", "mail"))
    return orders_of(rows + "z,z,2026-03-01,1,seo\n"), campaigns_of(spend)


def test_who_changes_places_beyond_the_intervals_is_told():
    found = cohort_roas(*turning(), margin=0.4, horizons=[0, 30])
    assert found.at == 30
    assert found.ranks[["channel", "first_order_roas", "later_roas"]].values.tolist() == [
        ["ads", 6.0, 6.0], ["mail", 2.0, 20.0]
    ]  # fmt: skip
    assert found.ranks[["first_rank", "later_rank", "move"]].values.tolist() == [[1, 2, "down"], [2, 1, "up"]]
    few = cohort_roas(*turning(3), margin=0.4, horizons=[0, 30])
    assert few.ranks["move"].tolist() == ["cannot_tell", "cannot_tell"]


def test_both_rankings_are_of_the_same_customers_and_spend():
    found = cohort_roas(*shop(), margin=0.4, horizons=HORIZONS, at=10)
    rows = found.rows[found.rows["days_after"] == 10].set_index("channel").loc[found.ranks["channel"]]
    np.testing.assert_array_equal(found.ranks["n_customers"], rows["n_customers"])
    np.testing.assert_allclose(found.ranks["later_roas"], rows["roas"])
    assert "seo" not in set(found.ranks["channel"])  # without spend there is no place


# -- names ------------------------------------------------------------------------------------------------------------


def test_names_that_differ_in_writing_only_are_one_and_others_are_named():
    orders = orders_of("1,ana,2026-01-01,9,Paid Search\n2,ben,2026-01-01,9,direct\n3,eve,2026-01-01,9,newsleter\n")
    campaigns = campaigns_of("2026-01-01,paid_search,a,5\n2026-01-01,newsletter,b,3\n2026-01-01,tv,c,7\n")
    found = cohort_roas(orders, campaigns, margin=0.4, horizons=[0])
    assert found.names[["written_as", "found_in", "n_customers", "counted_as", "suggestion"]].values.tolist() == [
        ["Paid Search", "orders", 1, "paid_search", ""], ["direct", "orders", 1, "", ""],
        ["newsleter", "orders", 1, "", "newsletter"], ["tv", "campaigns", 0, "", ""],
        ["newsletter", "campaigns", 0, "", ""],
    ]  # fmt: skip
    assert found.organic == 2
    same = cohort_roas(orders, campaigns, margin=0.4, horizons=[0], same={"newsleter": "newsletter"})
    assert same.rows.set_index("channel")["n_customers"].to_dict() == {"tv": 0, "paid_search": 1, "newsletter": 1}
    with pytest.raises(UnknownValue, match="newspaper"):
        cohort_roas(orders, campaigns, margin=0.4, same={"newsleter": "newspaper"})


def test_a_name_that_fits_two_campaigns_is_matched_only_when_it_is_one_of_them():
    assert matched(["Ads", "ADS"], ["Ads", "ads"], None) == {"Ads": "Ads"}


def test_names_that_are_not_set_are_never_one_with_each_other():
    orders = orders_of("1,ana,2026-01-01,9,\n2,ben,2026-01-01,9,ads\n")
    campaigns = campaigns_of("2026-01-01,,a,5\n2026-01-01,ads,b,3\n")
    found = cohort_roas(orders, campaigns, margin=0.4, horizons=[0]).rows.set_index("channel")["n_customers"]
    assert found.to_dict() == {"(not set)": 0, "ads": 1}


# -- how they came ----------------------------------------------------------------------------------------------------

EVENTS = b"""customer_id,event,timestamp,channel
ana,visit,2026-01-01 08:00,mail
ana,visit,2026-01-01 09:00,ads
ben,visit,2026-01-03 09:00,ads
eve,visit,2026-01-01 07:00,
eve,visit,2026-01-01 08:30,ads
"""
BOUGHT = "1,ana,2026-01-01 10:00,9\n2,ben,2026-01-02 10:00,9\n3,eve,2026-01-01 10:00,9\n"
SPENT = "2026-01-01,ads,a,5\n2026-01-01,mail,b,5\n2026-01-02,ads,a,5\n"


def test_the_first_touch_that_has_a_value_before_the_purchase_acquires():
    orders = orders_of(BOUGHT, "order_id,customer_id,order_date,amount")
    found = cohort_roas(orders, campaigns_of(SPENT), read_events(EVENTS), margin=0.4, horizons=[0])
    assert found.source == "events"
    assert found.rows.set_index("channel")["n_customers"].to_dict() == {"ads": 1, "mail": 1}
    assert found.organic == 1  # ben's touch came after his purchase
    dated = orders_of(BOUGHT.replace(" 10:00", ""), "order_id,customer_id,order_date,amount")
    assert cohort_roas(dated, campaigns_of(SPENT), read_events(EVENTS), margin=0.4, horizons=[0]).organic == 1


def test_a_table_of_customers_may_say_how_they_came():
    orders = orders_of(BOUGHT, "order_id,customer_id,order_date,amount")
    customers = read_customers(b"customer_id,channel\nana,ads\nben,ads\nzoe,mail\n")
    found = cohort_roas(orders, campaigns_of(SPENT), None, customers, margin=0.4, horizons=[0])
    assert (found.source, found.organic) == ("customers", 1)
    assert found.rows.set_index("channel")["n_customers"].to_dict() == {"ads": 2, "mail": 0}


def test_the_orders_come_before_other_tables_and_another_can_be_asked_for():
    orders, campaigns = orders_of("1,ana,2026-01-01 10:00,9,ads\n"), campaigns_of(SPENT)
    assert cohort_roas(orders, campaigns, read_events(EVENTS), margin=0.4).source == "orders"
    found = cohort_roas(orders, campaigns, read_events(EVENTS), margin=0.4, source="events", horizons=[0])
    assert found.rows.set_index("channel")["n_customers"].to_dict() == {"ads": 0, "mail": 1}
    with pytest.raises(InsightError, match="no such table"):
        cohort_roas(orders, campaigns, margin=0.4, source="events")
    with pytest.raises(InsightError, match="Nothing says through which campaign"):
        cohort_roas(orders, campaigns, margin=0.4, by="campaign")
    named = cohort_roas(orders, campaigns, margin=0.4, by="campaign", column="channel")
    assert named.names["written_as"].tolist()[0] == "ads"


# -- money, and what is impossible ------------------------------------------------------------------------------------


def test_spend_in_another_currency_needs_a_stated_rate():
    orders = orders_of("1,ana,2026-01-01,54 USD,ads\n")
    campaigns = campaigns_of("2026-01-01,ads,a,10,2,EUR\n", "date,channel,campaign,spend,other_cost,currency")
    with pytest.raises(InsightError, match="state the rate of EUR"):
        cohort_roas(orders, campaigns, margin=0.4)
    found = cohort_roas(orders, campaigns, margin=0.4, rates={"EUR": 1.08}, horizons=[0])
    assert found.rows[["spend", "total_cost", "roas"]].values.tolist() == [[10.8, 12.96, 5.0]]
    assert found.currency == "USD"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"horizons": [30, 0]}, "ascending"), ({"horizons": []}, "ascending"), ({"horizons": [0.5]}, "ascending"),
        ({"at": 31}, "at = 31"), ({"margin": 40}, "margin"), ({"as_of": "tomorrow"}, "as_of"),
        ({"as_of": "2025-01-01"}, "as_of"), ({"by": "spend"}, "by = 'spend' is not possible"),
        ({"source": "diary"}, "source = 'diary' is not possible"),
        ({"rates": {"EUR": 0}}, "rates"), ({"same": "a=b"}, "same must say which name"), ({"level": 2}, "level"),
        ({"rows_as": "weeks"}, "rows_as = 'weeks' is not possible"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_refused(asked, words):
    with pytest.raises(InsightError, match=words):
        cohort_roas(*shop(), **{"margin": 0.4, **asked})


@pytest.mark.parametrize(
    "asked",
    [{"margin": None}, {"horizon": "12h"}, {"horizon": "9999D"}, {"cost": "some"}, {"target_profit_share": 1}],
)
def test_payback_refuses_what_cannot_be_meant(asked):
    with pytest.raises(InsightError):
        acquisition_payback(*shop(), **{"margin": 0.4, **asked})


def test_orders_and_campaigns_without_a_common_day_are_refused():
    with pytest.raises(InsightError, match="no day in common"):
        cohort_roas(orders_of("1,a,2026-02-01,9,ads\n"), campaigns_of("2026-01-01,ads,a,5\n"), margin=0.4)


def test_one_customer_nobody_no_spend_and_huge_amounts():
    huge = orders_of("1,ana,2026-01-01,90000000000,ads\n2,ben,2026-01-01,0.01,mail\n")
    rows = cohort_roas(huge, campaigns_of("2026-01-01,ads,a,0.01\n2026-01-01,mail,b,0\n2026-01-01,tv,c,9\n"), margin=1)
    found = rows.rows[rows.rows["days_after"] == 0].set_index("channel")
    assert found.loc["ads", "roas"] == pytest.approx(9e12)
    assert np.isfinite(found.loc["ads", ["roas_low", "roas_high"]].astype(float)).all()
    assert found.loc["mail", "roas_why"] == "no_cost"
    assert found.loc["tv", ["roas", "roas_why"]].tolist() == [0.0, "no_customers"]
    paid = acquisition_payback(huge, campaigns_of("2026-01-01,ads,a,5\n"), margin=0.4)
    assert paid.rows[["payback_why", "ltv_to_cac_why"]].values.tolist() == [["few_customers", "not_observed"]]


# -- who they are -----------------------------------------------------------------------------------------------------


def test_the_people_behind_a_number_are_as_many_as_it_says():
    tables = {kind: sample(f"shop_{kind}") for kind in ("orders", "campaigns")}
    roas = cohort_roas(*tables.values(), margin=0.4)
    for row in roas.rows[roas.rows["roas"].notna()].to_dict("records"):
        cell = {"acquired_by": row["channel"], "days_after": row["days_after"]}
        assert len(members("cohort_roas", tables, {"margin": 0.4}, cell)) == row["n_customers"]
    asked = {"margin": 0.4, "horizon": "180D"}
    for name in ("paid_search", "affiliate"):
        cells = [{"acquired_by": name}, *({"acquired_by": name, "paid_back": back} for back in (True, False))]
        won, paid, not_yet = (members("acquisition_payback", tables, asked, cell) for cell in cells)
        assert sorted(paid + not_yet) == won
        rows = tables["orders"].frame[tables["orders"].frame["customer_id"].isin(paid)]
        row = acquisition_payback(*tables.values(), **asked).rows.set_index("channel").loc[name]
        assert (0.4 * rows.groupby("customer_id")["amount"].sum() >= row["cac"]).all()
    assert len(members("cohort_roas", tables, {"margin": 0.4}, {"acquired_by": "direct"})) == 104
    with pytest.raises(UnknownValue, match="acquired_by"):
        members("cohort_roas", tables, {"margin": 0.4}, {"acquired_by": "zeppelin"})


# -- claims -----------------------------------------------------------------------------------------------------------


def test_more_conversions_than_orders_on_the_same_days_are_double():
    orders = orders_of("1,a,2026-01-01,9,x\n2,b,2026-01-02,9,x\n3,b,2026-01-02,-9,x\n4,c,2026-02-01,9,x\n")
    header = "date,channel,campaign,spend,conversions"
    found = claimed_orders(
        campaigns_of("2025-12-01,x,a,1,99\n2026-01-01,x,a,1,2\n2026-01-02,y,b,1,1\n", header), orders
    )
    assert (found.claimed, found.orders, found.is_double) == (3, 2, True)
    fair = claimed_orders(campaigns_of("2026-01-01,x,a,1,1\n2026-01-02,y,b,1,1\n", header), orders)
    assert not fair.is_double
    assert claimed_orders(campaigns_of("2026-01-01,x,a,1\n"), orders) is None


# -- what a row of the campaigns stands for ---------------------------------------------------------------------------


def test_weeks_are_spread_over_their_days_and_totals_lie_on_their_date():
    orders = orders_of("1,ana,2026-01-05,9,ads\n2,ben,2026-01-17,9,ads\n3,eve,2026-01-18,9,ads\n4,zoe,2026-01-25,9,x\n")
    weeks = campaigns_of("2026-01-05,ads,a,70\n2026-01-12,ads,a,70\n")
    found = cohort_roas(orders, weeks, margin=0.4, horizons=[0, 8, 10])
    assert found.rows_are == "periods"
    assert found.last_day == "2026-01-18"  # the second week ends then, and so does what is known of spend
    assert found.rows[["n_customers", "spend"]].values.tolist() == pytest.approx(
        np.array([[3, 140], [2, 130], [1, 110]])
    )
    totals = campaigns_of("2026-01-05,ads,a,70\n2026-01-12,x,b,30\n")
    found = cohort_roas(orders, totals, margin=0.4, horizons=[0, 10])
    assert (found.rows_are, found.last_day) == ("totals", "2026-01-25")
    assert found.rows[["n_customers", "spend"]].values.tolist() == [[3, 70], [1, 70], [1, 30], [0, 30]]


def test_what_a_model_expects_of_a_new_customer_is_set_against_the_cac():
    orders, campaigns = sample("shop_orders"), sample("shop_campaigns")
    found = acquisition_payback(orders, campaigns, margin=0.4, model="auto")
    row = found.rows.set_index("channel").loc["brand_search"]
    groups = customer_value_by(orders, by="channel", margin=0.4).groups.set_index("group")
    assert row["model_ltv"] == groups.loc["brand_search", "new_customer_value"]
    assert row["model_ltv_to_cac"] == row["model_ltv"] / row["cac"]
    assert (row["allowable_from"], row["allowable_cac"]) == ("model", row["model_ltv"])  # no year is observed yet
    assert found.rows.set_index("channel").loc["display", "model_why"]
    few = acquisition_payback(*turning(3), margin=0.4, model="auto")
    assert "needs" in few.model_note
    with pytest.raises(UnknownValue, match="model"):
        acquisition_payback(orders, campaigns, margin=0.4, model="crystal ball")
