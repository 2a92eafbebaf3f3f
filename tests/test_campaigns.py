"""What campaigns cost and returned: by hand, by inverting tests, by published numbers, and where nothing is known."""

from math import exp, lgamma

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from insight import read_campaigns, sample
from insight.campaigns import campaign_results
from insight.campaigns.ranking import campaign_ranking, chances, spread_of_rates, trials_needed
from insight.campaigns.ratios import block_interval, effective_trials, fieller, poisson_limits, total_interval
from insight.campaigns.trend import campaign_trend
from insight.errors import InsightError, UnknownValue
from insight.intervals import wilson

HEAD = b"date,channel,campaign,spend,impressions,clicks,conversions,new_customers,revenue,other_cost\n"
ONE = HEAD + b"2026-01-01,search,spring,1000,50000,800,40,25,3000,200\n"
# tumours among rats in 71 groups: Tarone 1982, as in Gelman et al., Bayesian Data Analysis, table 5.1
TUMOURS = [0] * 14 + [1] * 8 + [2] * 9 + [1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10] + [4] * 7 + [10, 4, 4, 4, 5, 11, 12]
TUMOURS += [5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4]
RATS = [20] * 7 + [19] * 4 + [18, 18, 17] + [20] * 4 + [19, 19, 18, 18, 25, 24, 23] + [20] * 6
RATS += [10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50] + [20] * 7 + [48, 19, 19, 19, 22, 46, 49]
RATS += [20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14]


def campaigns(text):
    return read_campaigns(text)


def row(content, **asked):
    return campaign_results(campaigns(content), **{"margin": 0.4, **asked}).rows.iloc[0]


def daily(n=60, seed=1, campaign="spring"):
    rng = np.random.default_rng(seed)
    spend, clicks = rng.integers(50, 150, n), rng.integers(80, 160, n)
    frame = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=n), "campaign": campaign, "spend": spend})
    frame = frame.assign(impressions=clicks * 40, clicks=clicks, conversions=rng.binomial(clicks, 0.05))
    return frame.assign(revenue=frame["conversions"] * rng.integers(20, 60, n))


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_every_figure_of_one_campaign():
    found = row(ONE)
    expected = {
        "total_cost": 1200, "ctr": 0.016, "cvr": 0.05, "cpc": 1.25, "cpm": 20, "cpa": 25, "cac": 48, "aov": 75,
        "roas": 3, "roi": 0, "profit": 0, "break_even_roas": 3, "days": 1,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_break_even_is_one_over_the_margin_where_media_is_the_only_cost():
    found = row(ONE.replace(b",200\n", b",0\n"))
    assert (found["break_even_roas"], found["roi"]) == pytest.approx((2.5, 0.2))
    assert row(ONE.replace(b",200\n", b",0\n"), margin=1)["roi"] == pytest.approx(found["roas"] - 1)


def test_extra_cost_is_a_share_of_the_spend():
    found = row(ONE, extra_cost=0.1)
    assert (found["total_cost"], found["roas"], found["cac"]) == pytest.approx((1300, 3, 52))
    assert found["profit"] == pytest.approx(-100)


def test_totals_are_sums_over_sums_and_never_means_of_ratios():
    text = ONE + b"2026-01-01,social,summer,10,1000,10,5,5,900,0\n"
    found = campaign_results(campaigns(text), margin=0.4)
    assert found.rows["campaign"].tolist() == ["spring", "summer"]
    assert found.total["roas"][0] == pytest.approx(3900 / 1010)
    assert found.total["roas"][0] != pytest.approx(found.rows["roas"].mean())


def test_any_column_makes_the_rows_and_what_has_no_name_has_a_row_too():
    text = ONE + b"2026-01-02,,autumn,5,10,1,0,0,0,0\n"
    found = campaign_results(campaigns(text), margin=0.4, by="channel")
    assert found.rows["channel"].tolist() == ["search", "(not set)"]
    assert (found.by, found.first_day, found.as_of) == ("channel", "2026-01-01", "2026-01-02")


def test_rows_after_the_last_complete_day_are_left_out_and_counted():
    text = ONE + b"2026-01-02,search,spring,5,10,1,0,0,0,0\n"
    found = campaign_results(campaigns(text), margin=0.4, as_of="2026-01-01")
    assert (found.left_out, found.rows["spend"][0], found.as_of) == (1, 1000, "2026-01-01")
    with pytest.raises(InsightError, match="No row of the campaigns is left"):
        campaign_results(campaigns(text), margin=0.4, as_of="2025-12-31")


# -- where nothing can be said ----------------------------------------------------------------------------------------


def test_an_empty_denominator_is_blank_with_its_reason_and_not_first():
    text = HEAD + b"2026-01-01,mail,free,0,0,0,0,0,500,0\n2026-01-01,search,paid,100,9,3,0,0,0,0\n"
    rows = campaign_results(campaigns(text), margin=0.4).rows
    assert rows["campaign"].tolist() == ["paid", "free"]
    free, paid = rows.iloc[1], rows.iloc[0]
    for name, why in {"roas": "no_cost", "roi": "no_cost", "break_even_roas": "no_cost", "ctr": "no_impressions",
                      "cpc": "no_clicks", "aov": "no_conversions", "cpa": "no_conversions"}.items():  # fmt: skip
        assert np.isnan(free[name])
        assert free[f"{name}_why"] == why
    assert (paid["cpa_why"], paid["cpa_low"]) == ("no_conversions", pytest.approx(100 / 2.9957, rel=1e-4))
    assert np.isnan(paid["cpa_high"])


def test_a_column_that_the_file_lacks_says_so():
    found = row(b"date,campaign,spend,clicks\n2026-01-01,spring,100,9\n")
    assert found["cpc"] == pytest.approx(100 / 9)
    assert {found["roas_why"], found["ctr_why"], found["profit_why"]} == {
        "no_column_revenue", "no_column_impressions"
    }  # fmt: skip


def test_without_a_margin_nothing_is_said_about_profit():
    found = row(ONE, margin=None)
    assert [found[f"{name}_why"] for name in ("roi", "profit", "break_even_roas")] == ["no_margin"] * 3
    assert np.isnan(found[["roi", "profit", "break_even_roas"]].astype(float)).all()
    assert found["roas"] == 3
    with pytest.raises(TypeError, match="margin"):
        campaign_results(campaigns(ONE))


def test_more_conversions_than_clicks_have_a_ratio_and_no_interval():
    found = row(ONE.replace(b"800,40", b"20,40"))
    assert (found["cvr"], found["cvr_why"]) == (2, "more_conversions_than_clicks")


def test_several_currencies_and_impossible_settings_are_refused():
    table = campaigns(b"date,campaign,spend,currency\n2026-01-01,a,1,EUR\n2026-01-01,b,1,USD\n")
    with pytest.raises(InsightError, match="EUR, USD"):
        campaign_results(table, margin=0.4)
    for wrong in ({"margin": 0}, {"margin": 1.2}, {"margin": True}, {"margin": 0.4, "extra_cost": -1}):
        with pytest.raises(InsightError, match="must be a share"):
            campaign_results(campaigns(ONE), **wrong)
    with pytest.raises(UnknownValue, match="by = 'offer'"):
        campaign_results(campaigns(ONE), margin=0.4, by="offer")
    with pytest.raises(InsightError, match="read_campaigns"):
        campaign_results(sample("shop_orders"), margin=0.4)


MIXED = b"date,campaign,spend,conversions,clicks,revenue,other_cost,currency\n2026-01-01,a,100,2,9,300,10,USD\n"
MIXED += b"2026-01-02,a,50,1,9,100,0,EUR\n2026-01-02,b,10,1,9,20,5,GBP\n"


def test_several_currencies_are_one_at_stated_rates():
    found = campaign_results(campaigns(MIXED), margin=0.5, rates={"EUR": 1.2, "GBP": 1.5})
    assert found.currency == "USD"
    assert found.rows[["spend", "revenue", "total_cost"]].values.tolist() == [[160, 420, 170], [15, 30, 22.5]]
    assert found.total["roas"][0] == pytest.approx(450 / 175)
    trend = campaign_trend(campaigns(MIXED), period="day", rates={"EUR": 1.2, "GBP": 1.5}).periods
    assert trend["spend"].tolist() == [100, 75]
    for wrong in (
        {"EUR": 1.2}, {"EUR": 1.2, "GBP": 1.5, "USD": 1}, {"EUR": 0, "GBP": 1}, {"EUR": True, "GBP": 1}, {}, "EUR",
        {"CHF": 1},
    ):  # fmt: skip
        with pytest.raises(InsightError):
            campaign_results(campaigns(MIXED), margin=0.5, rates=wrong)


def test_a_ranking_of_rates_needs_no_currency():
    assert campaign_ranking(campaigns(MIXED)).rows["trials"].tolist() == [18, 9]


@pytest.mark.parametrize("as_of", ["", 0, "tomorrow", "2026-1-1", "2026-02-30", 20260101])
def test_a_last_day_that_is_none_is_refused(as_of):
    for analysis in (campaign_results, campaign_trend):
        with pytest.raises(InsightError, match="as_of"):
            analysis(campaigns(ONE), margin=0.4, as_of=as_of)


# -- intervals --------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=10, max_size=30))
def test_fieller_holds_the_ratios_that_a_t_test_does_not_reject(days):
    y, x = (np.array(own, float) for own in zip(*days, strict=True))
    low, high, why = fieller(y, x, 0.95)
    if why:
        assert stats.ttest_1samp(x, 0).pvalue >= 0.05
        return
    assume(high - low > 1e-6)
    for end in (low, high):
        assert stats.ttest_1samp(y - end * x, 0).pvalue == pytest.approx(0.05, abs=1e-6)
    assert stats.ttest_1samp(y - y.sum() / x.sum() * x, 0).pvalue > 0.05


def test_days_have_intervals_by_fieller_and_fewer_than_ten_have_none():
    frame = daily()
    found = row(frame)
    expected = fieller(frame["revenue"].to_numpy(float), frame["spend"].to_numpy(float), 0.95)
    assert (found["roas_low"], found["roas_high"]) == pytest.approx(expected[:2])
    assert (found["roi_low"] + 1) / 0.4 == pytest.approx(expected[0])
    thousands = fieller(frame["spend"].to_numpy(float), frame["impressions"].to_numpy() / 1000, 0.95)
    assert (found["cpm_low"], found["cpm_high"]) == pytest.approx(thousands[:2])
    few = row(frame[:9])
    assert (few["roas_why"], few["roi_why"], few["profit_why"]) == ("needs_daily_rows",) * 3
    cost, events = frame["spend"][:9].sum(), frame["conversions"][:9].sum()
    low, high = poisson_limits(events, 0.95)
    assert (few["cpa_low"], few["cpa_high"]) == pytest.approx((cost / high, cost / low))


def test_poisson_limits_leave_the_tails_they_promise():
    for n in (1, 4, 250):
        low, high = poisson_limits(n, 0.9)
        assert stats.poisson.sf(n - 1, low) == pytest.approx(0.05)
        assert stats.poisson.cdf(n, high) == pytest.approx(0.05)
    assert stats.poisson.cdf(0, poisson_limits(0, 0.95)[1]) == pytest.approx(0.05)


def test_days_that_are_alike_are_drawn_in_weeks():
    slow = np.repeat(np.random.default_rng(3).normal(50, 10, 12), 7)
    frame = daily(84).assign(revenue=(slow * 10).round(), spend=100)
    found = row(frame)
    low, high, _why = block_interval(frame["revenue"].to_numpy(float), frame["spend"].to_numpy(float), 0.95)
    assert (found["roas_low"], found["roas_high"]) == pytest.approx((low, high))
    narrow = fieller(frame["revenue"].to_numpy(float), frame["spend"].to_numpy(float), 0.95)
    assert high - low > 1.5 * (narrow[1] - narrow[0])


def test_profit_has_the_t_interval_of_the_summed_revenue_less_a_known_cost():
    values = np.array([3.0, -1, 4, 1, -5, 9, 2, -6, 5, 3])
    low, high, _why = total_interval(values, 0.95)
    half = stats.t.ppf(0.975, 9) * values.std(ddof=1) * np.sqrt(10)
    assert (low, high) == pytest.approx((values.sum() - half, values.sum() + half))
    frame = daily()
    found, brought = row(frame, extra_cost=0.1), frame["revenue"].to_numpy(float)
    half = 0.4 * stats.t.ppf(0.975, 59) * brought.std(ddof=1) * np.sqrt(60)
    assert found["profit"] == pytest.approx(0.4 * brought.sum() - 1.1 * frame["spend"].sum())
    assert (found["profit_low"], found["profit_high"]) == pytest.approx(
        (found["profit"] - half, found["profit"] + half)
    )


def test_no_more_than_the_whole_cost_can_be_lost():
    frame = daily(20).assign(revenue=[100] + [0] * 19, other_cost=5)
    found = row(frame)
    assert total_interval(frame["revenue"].to_numpy(float), 0.95)[0] < 0
    assert found["profit_low"] == -found["total_cost"] == -(frame["spend"].sum() + 100)
    assert found["profit_low"] < found["profit"] < found["profit_high"]


def test_a_rate_that_spreads_over_the_days_has_fewer_effective_trials():
    n = np.full(40, 100.0)
    even, spread = np.random.default_rng(1).binomial(100, 0.1, 40), np.tile([2.0, 18.0], 20)
    assert effective_trials(even, n) == 4000
    phi = ((spread - 10) ** 2 / 9).sum() / 39
    assert effective_trials(spread, n) == pytest.approx(4000 / phi)
    frame = daily(40).assign(clicks=100, conversions=spread)
    assert (row(frame)["cvr_low"], row(frame)["cvr_high"]) == pytest.approx(
        tuple(map(float, wilson(400 / phi, 4000 / phi)))
    )


# -- ranking ----------------------------------------------------------------------------------------------------------


def test_the_spread_of_rates_is_that_of_the_rat_tumours_in_the_textbook():
    alpha, beta, spread = spread_of_rates(np.array(TUMOURS, float), np.array(RATS, float))
    assert spread
    assert (alpha, beta) == pytest.approx((2.3416, 14.1148), rel=1e-3)
    assert (TUMOURS[-1] + alpha) / (RATS[-1] + alpha + beta) == pytest.approx(0.20822, rel=1e-3)


def test_rates_that_spread_no_more_than_chance_are_one_rate():
    text = b"date,campaign,spend,clicks,conversions\n" + b"".join(
        b"2026-01-01,c%d,1,1000,%d\n" % (k, 50 + k % 3) for k in range(8)
    )
    found = campaign_ranking(campaigns(text))
    assert found.verdict == "no_difference"
    assert found.rows["shrunk_rate"].round(4).nunique() == 1


def test_the_chance_to_be_best_of_two_is_the_exact_sum():
    """Miller's closed form, and a sum over many draws for three."""

    def beta_function(a, b):
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    (a1, b1), (a2, b2) = (11, 91), (8, 103)
    exact = sum(
        exp(beta_function(a1 + i, b1 + b2) - np.log(b2 + i) - beta_function(1 + i, b2) - beta_function(a1, b1))
        for i in range(a2)
    )
    assert chances(np.array([a1, a2], float), np.array([b1, b2], float))[0][1] == pytest.approx(exact, abs=1e-5)
    a, b = np.array([11.0, 8, 1]), np.array([91.0, 103, 4])
    draws = np.random.default_rng(5).beta(a, b, (400_000, 3))
    best, loss = chances(a, b)
    assert best == pytest.approx(np.bincount(draws.argmax(axis=1)) / len(draws), abs=0.004)
    assert loss == pytest.approx((draws.max(axis=1, keepdims=True) - draws).mean(axis=0), abs=0.001)


def test_a_narrow_rate_among_wide_ones_is_not_lost_between_the_points():
    best, _loss = chances(np.array([1.0, 6e8, 1e6]), np.array([1.0, 4e8, 2e6]))
    assert best.sum() == pytest.approx(1)
    assert best == pytest.approx([0.4, 0.6, 0.0], abs=1e-3)


def test_a_small_campaign_does_not_win_by_luck():
    text = b"date,campaign,spend,clicks,conversions\n2026-01-01,tiny,1,3,2\n" + b"".join(
        b"2026-01-01,c%d,1,2000,%d\n" % (k, n) for k, n in enumerate((90, 100, 110, 120, 130, 140))
    )
    found = campaign_ranking(campaigns(text))
    rows = found.rows.set_index("campaign")
    assert rows.loc["tiny", "rate"] == rows["rate"].max()
    assert found.rows["campaign"][0] != "tiny"
    assert found.verdict in ("leaning", "cannot_tell")
    assert found.more_trials > 0


def test_how_many_more_trials_it_takes():
    assert trials_needed(0.20, 0.25) == pytest.approx(1093.739, abs=1e-2)
    text = b"date,campaign,spend,clicks,conversions\n2026-01-01,a,1,1000,250\n2026-01-01,b,1,1000,240\n"
    found = campaign_ranking(campaigns(text))
    one, other = found.rows["shrunk_rate"]
    assert (found.verdict, found.more_trials) == ("cannot_tell", np.ceil(trials_needed(one, other) - 1000))


def test_one_campaign_none_and_no_trials():
    alone = campaign_ranking(campaigns(ONE))
    assert (alone.verdict, len(alone.rows)) == ("cannot_tell", 1)
    empty = campaign_ranking(campaigns(ONE.replace(b"50000,800,40", b"0,0,0")), rate="ctr")
    assert np.isnan(empty.rows["rate"][0])
    assert empty.rows["shrunk_rate"][0] == 0.5
    with pytest.raises(UnknownValue, match="rate"):
        campaign_ranking(campaigns(ONE), rate="roas")


def test_the_shop_s_campaigns_add_up_to_their_total():
    table = sample("shop_campaigns")
    found = campaign_results(table, margin=0.4)
    minor = table.frame[["spend_minor", "revenue_minor"]].sum() / 100
    assert found.total[["spend", "revenue"]].iloc[0].tolist() == pytest.approx(minor.tolist())
    assert found.rows["profit"].sum() == pytest.approx(found.total["profit"][0])
    known = found.rows[found.rows["roas_why"] == ""]
    assert (known["roas_low"] < known["roas"]).all()
    assert (known["roas"] < known["roas_high"]).all()
    assert campaign_ranking(table).rows["p_best"].sum() == pytest.approx(1)
