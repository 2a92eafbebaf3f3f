"""What the rows of campaigns are taken as, which column says how customers came, and what is said in doubt."""

import pandas as pd
import pytest

from insight import acquisition_payback, cohort_roas, members, read_customers, read_events
from insight.acquisition.costs import ledger_of
from insight.errors import UnknownValue
from insight.explain import acquisition_payback_reading, cohort_roas_reading
from tests.test_acquisition import campaigns_of, orders_of

PLAIN = "order_id,customer_id,order_date,amount"


def dated(*dates, campaign=None):
    names = campaign or ["all"] * len(dates)
    return pd.DataFrame({"date": pd.to_datetime(list(dates)), "campaign": names})


def days_of(ledger):
    """Of each row, how many days it stands for, the first of them and the last."""
    days = pd.Series(ledger.day).groupby(ledger.row)
    return [(len(own), str(own.min().date()), str(own.max().date())) for _row, own in days]


# -- how they came ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["events", "customers"])
def test_the_same_orders_asked_by_another_column_give_the_groups_of_that_column(kind):
    who = [(f"c{k}", "ads" if k % 2 else "mail", "x" if k < 20 else "y") for k in range(40)]
    table = {
        "events": lambda: read_events("\n".join(["customer_id,event,timestamp,channel,campaign", *(
            f"{one},visit,2026-01-01,{channel},{campaign}" for one, channel, campaign in who)]).encode()),
        "customers": lambda: read_customers("\n".join(["customer_id,channel,campaign", *map(",".join, who)]).encode()),
    }[kind]()  # fmt: skip
    orders = orders_of("\n".join(f"{k},c{k},2026-01-02,10" for k in range(40)), PLAIN)
    campaigns = campaigns_of("2026-01-01,ads,x,5\n2026-01-02,ads,x,5\n2026-01-01,mail,y,5\n2026-01-02,mail,y,5\n")
    for analysis, asked in ((cohort_roas, {}), (acquisition_payback, {"horizon": "1D"})):
        for by, names in (("channel", ("ads", "mail")), ("campaign", ("x", "y"))):
            found = analysis(orders, campaigns, **{kind: table}, by=by, margin=0.4, **asked)
            assert found.rows.groupby(by)["n_customers"].max().to_dict() == dict.fromkeys(names, 20)
            assert found.organic == 0
            tables = {"orders": orders, "campaigns": campaigns, kind: table}
            cell = {"acquired_by": names[0]}
            own = members(analysis.__name__, tables, {"margin": 0.4, "by": by, **asked}, cell)
            assert own == sorted(one for one, *values in who if names[0] in values)


# -- what a row stands for --------------------------------------------------------------------------------------------


def year(n=360):
    """Customers of two channels in turn, over 180 days."""
    first = pd.Timestamp("2026-01-01")
    return orders_of("\n".join(
        f"{k},c{k},{first + pd.Timedelta(days=k % 180):%Y-%m-%d},30,{'ads' if k % 2 else 'mail'}" for k in range(n)
    ))  # fmt: skip


@pytest.mark.parametrize(
    "spent",
    [
        "2026-01-01,ads,a,900\n2026-01-02,mail,m,900\n",
        "2026-01-01,ads,a,450\n2026-01-10,ads,b,450\n2026-01-02,mail,m,900\n",
        "2026-01-01,ads,a,450\n2026-01-10,ads,b,450\n2026-01-04,mail,m,900\n",
        "2026-01-01,ads,a,450\n2026-01-01,ads,b,450\n2026-01-01,mail,m,900\n",
        "2026-01-01,ads,a,900\n2026-01-01,mail,m,900\n",
    ],
)
@pytest.mark.parametrize("column", ["channel", "campaign"])
def test_one_row_a_campaign_is_a_total_however_campaigns_are_split_and_compared(spent, column):
    by = {"by": column, "column": "channel", "same": {"ads": "a", "mail": "m"} if column == "campaign" else None}
    found = acquisition_payback(year(), campaigns_of(spent), margin=0.5, horizon="7D", **by)
    assert (found.rows_are, found.last_day) == ("totals", "2026-06-29")
    assert found.total["cac"].tolist() == [5.0]
    assert "are taken as **totals**" in acquisition_payback_reading(found)


def test_what_a_row_stands_for_can_be_said():
    campaigns = campaigns_of("2026-01-01,ads,a,450\n2026-01-10,ads,a,450\n2026-01-02,mail,m,900\n")
    asked = {"margin": 0.5, "horizon": "7D"}
    days = acquisition_payback(year(), campaigns, **asked)
    assert (days.rows_are, days.last_day, days.days_without_spend) == ("days", "2026-01-10", 7)
    said = acquisition_payback_reading(days)
    assert "The rows of the campaigns are taken as **days**. On 7 of the days nothing was spent." in said
    totals = acquisition_payback(year(), campaigns, rows_as="totals", **asked)
    assert (totals.rows_are, totals.rows_as, totals.total["cac"].item()) == ("totals", "totals", 5.0)
    settings = {"rows_as": "totals", **asked}
    tables = {"orders": year(), "campaigns": campaigns}
    assert len(members("acquisition_payback", tables, settings, {"acquired_by": "ads"})) == 180
    periods = ledger_of(campaigns.frame, "channel", "periods")
    assert days_of(periods)[:2] == [(1, "2026-01-01", "2026-01-01"), (4, "2026-01-10", "2026-01-13")]


@pytest.mark.parametrize(
    ("dates", "rows"),
    [
        (("2025-12-01", "2026-01-01", "2026-02-01"), [
            (31, "2025-12-01", "2025-12-31"), (31, "2026-01-01", "2026-01-31"), (28, "2026-02-01", "2026-02-28")]),
        (("2026-01-01", "2026-03-01", "2026-04-01"), [
            (31, "2026-01-01", "2026-01-31"), (31, "2026-03-01", "2026-03-31"), (30, "2026-04-01", "2026-04-30")]),
        (("2026-01-01", "2026-03-01"), [(31, "2026-01-01", "2026-01-31"), (31, "2026-03-01", "2026-03-31")]),
        (("2026-01-15", "2026-02-15"), [(31, "2026-01-15", "2026-02-14"), (28, "2026-02-15", "2026-03-14")]),
        (("2026-01-31", "2026-02-28"), [(31, "2026-01-01", "2026-01-31"), (28, "2026-02-01", "2026-02-28")]),
        (("2026-01-01", "2026-04-01", "2026-07-01"), [
            (90, "2026-01-01", "2026-03-31"), (91, "2026-04-01", "2026-06-30"), (92, "2026-07-01", "2026-09-30")]),
        (("2026-01-05", "2026-01-12", "2026-01-26"), [
            (7, "2026-01-05", "2026-01-11"), (7, "2026-01-12", "2026-01-18"), (7, "2026-01-26", "2026-02-01")]),
        (("2026-01-05", "2026-01-19", "2026-02-02"), [
            (14, "2026-01-05", "2026-01-18"), (14, "2026-01-19", "2026-02-01"), (14, "2026-02-02", "2026-02-15")]),
    ],
)  # fmt: skip
def test_regular_dates_are_months_or_weeks_and_a_missing_one_belongs_to_none(dates, rows):
    ledger = ledger_of(dated(*dates), "campaign")
    assert (ledger.rows_are, days_of(ledger)) == ("periods", rows)


@pytest.mark.parametrize(
    "dates",
    [
        ("2026-01-05", "2026-01-08", "2026-01-12", "2026-01-15"),  # Mondays and Thursdays
        ("2026-01-01", "2026-01-04"),
        ("2026-01-05", "2026-01-19"),  # two weeks apart, once
        ("2026-01-31", "2026-02-01"),
    ],
)
def test_other_dates_of_one_campaign_are_days(dates):
    assert ledger_of(dated(*dates), "campaign").rows_are == "days"


def test_months_of_the_same_spend_count_in_full():
    first = pd.Timestamp("2025-12-01")
    orders = orders_of("\n".join(f"{k},c{k},{first + pd.Timedelta(days=k % 90):%Y-%m-%d},30,ads" for k in range(180)))
    campaigns = campaigns_of("".join(f"{month}-01,ads,s,100\n" for month in ("2025-12", "2026-01", "2026-02")))
    found = cohort_roas(orders, campaigns, margin=0.4, horizons=[0], as_of="2026-02-28")
    assert found.rows[["spend", "roas"]].values.tolist() == [[pytest.approx(300), pytest.approx(18)]]
    assert found.spend_outside == pytest.approx(0)
    gap = campaigns_of("2025-12-01,ads,s,100\n2026-02-01,ads,s,100\n")
    found = cohort_roas(orders, gap, margin=0.4, horizons=[0], as_of="2026-02-28")
    assert (found.days_without_spend, found.rows["spend"].item()) == (31, pytest.approx(200))
    assert "weeks or months**: their spend is spread evenly over days. On 31 of the days" in cohort_roas_reading(found)


@pytest.mark.parametrize("blank", ["", "0"])
def test_days_of_blank_spend_are_days_without_spend(blank):
    orders = orders_of("\n".join(f"{k},c{k},2026-01-0{1 + k % 4},30,ads" for k in range(40)))
    campaigns = campaigns_of("".join(f"2026-01-0{d},ads,a,{10 if d in (1, 4) else blank}\n" for d in range(1, 5)))
    found = cohort_roas(orders, campaigns, margin=0.4, horizons=[0])
    assert (found.rows_are, found.days_without_spend, found.rows["roas"].item()) == ("days", 2, 60.0)
    assert "On 2 of the days nothing was spent." in cohort_roas_reading(found)


# -- payback ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "margin", "spend"), [("0.30", 0.35, "4.20"), ("1.10", 0.7, "30.80")])
def test_a_cost_that_is_reached_to_the_cent_is_paid_back_on_that_day(amount, margin, spend):
    rows = [f"{c}-{d},c{c},2026-01-0{1 + d},{amount},ads" for c in range(10) for d in range(6)]
    orders = orders_of("\n".join([*rows, "z,z,2026-01-20,1,none"]))
    found = acquisition_payback(orders, campaigns_of(f"2026-01-01,ads,s,{spend}\n"), margin=margin, horizon="7D")
    assert found.rows["payback_day"].item() == 3
    cent_more = campaigns_of(f"2026-01-01,ads,s,{float(spend) + 0.01:.2f}\n")
    assert acquisition_payback(orders, cent_more, margin=margin, horizon="7D").rows["payback_day"].item() == 4


@pytest.mark.parametrize(("cost", "blended"), [("media", 2.8), ("all", 4.2)])
def test_the_blended_cac_is_all_cost_over_all_new_customers_though_none_has_a_campaign(cost, blended):
    orders = orders_of("\n".join(f"{k},c{k},2026-01-{1 + k % 28:02},30,direct" for k in range(100)))
    campaigns = campaigns_of(
        "".join(f"2026-01-{d:02},ads,spring,10,5\n" for d in range(1, 29)), "date,channel,campaign,spend,other_cost"
    )
    found = acquisition_payback(orders, campaigns, margin=0.5, horizon="7D", cost=cost)
    assert found.blended_cac == pytest.approx(blended)
    assert f" Cost ÷ all new customers is {blended:.2f}" in acquisition_payback_reading(found)


# -- what it says where it is unsure ----------------------------------------------------------------------------------


def test_a_name_of_a_campaign_that_no_customer_carries_is_told_beside_the_names_they_carry():
    orders = orders_of("\n".join(f"{k},c{k},2026-01-0{1 + k % 5},30,{'fb' if k % 2 else 'mail'}" for k in range(80)))
    campaigns = campaigns_of("".join(f"2026-01-0{d},facebook,a,102\n2026-01-0{d},mail,b,5\n" for d in range(1, 6)))
    said = cohort_roas_reading(cohort_roas(orders, campaigns, margin=0.4, horizons=[0]))
    assert (
        "No customer carries these names of campaigns, with a spend of 510: **facebook**. "
        "Customers carry names that no campaign has: **fb**."
    ) in said
    assert "nobody" not in said


def test_where_no_orders_of_before_are_known_old_customers_may_look_new():
    campaigns = campaigns_of("2026-02-01,ads,a,5\n2026-02-02,ads,a,5\n")
    words = "The orders begin on {}: who bought before that counts as **new** here."
    late = orders_of("1,ana,2026-02-01,9,ads\n2,ben,2026-02-02,9,ads\n")
    found = cohort_roas(late, campaigns, margin=0.4, horizons=[0])
    assert found.data_start == found.first_day == "2026-02-01"
    assert words.format("1 Feb 2026") in cohort_roas_reading(found)
    few = orders_of("1,ana,2026-01-20,9,ads\n2,ben,2026-02-02,9,ads\n")
    assert words.format("20 Jan 2026") in cohort_roas_reading(cohort_roas(few, campaigns, margin=0.4, horizons=[0]))
    early = orders_of("1,ana,2026-01-02,9,ads\n2,ben,2026-02-02,9,ads\n")
    assert "The orders begin" not in cohort_roas_reading(cohort_roas(early, campaigns, margin=0.4, horizons=[0]))


def test_names_said_to_be_the_same_must_be_there_on_both_sides():
    orders, campaigns = orders_of("1,ana,2026-01-01,9,goog\n"), campaigns_of("2026-01-01,ads,a,5\n")
    with pytest.raises(UnknownValue, match="^same = 'google' is not possible.*Choose from: ads"):
        cohort_roas(orders, campaigns, margin=0.4, same={"goog": "google"})
    with pytest.raises(UnknownValue, match="^same = 'typo' is not possible.*Choose from: goog"):
        cohort_roas(orders, campaigns, margin=0.4, same={"typo": "ads"})
