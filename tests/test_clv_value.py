"""What customers are worth: published hold-outs, twins that walk customer by customer, worlds whose truth is known."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from benchmarks.coverage import forecasts
from insight import (
    BgNbd,
    GammaGamma,
    InsightError,
    MbgNbd,
    ParetoNbd,
    clv_summary,
    customer_value,
    expected_purchases,
    expected_spend,
    fit_bg_nbd,
    fit_gamma_gamma,
    fit_mbg_nbd,
    fit_pareto_nbd,
    probability_alive,
    probability_of_purchase,
    read_orders,
    sample,
)
from insight.clv.backtest import model_error, top_share
from insight.clv.checks import cumulative_expected, tenths
from insight.clv.gamma_gamma import Spending, score
from insight.clv.histories import Histories
from insight.clv.moments import pairs_if_alive, repeat_probabilities
from insight.clv.spend import fit_spend
from insight.clv.uncertainty import Spread
from insight.clv.value_settings import read_settings
from insight.errors import NotEnoughData
from tests.cdnow import CALIBRATION_END, cdnow_orders
from tests.orders import InParts

FITS = {"pareto_nbd": fit_pareto_nbd, "mbg_nbd": fit_mbg_nbd, "bg_nbd": fit_bg_nbd}
BG, MBG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426), MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
PARETO = ParetoNbd(r=0.553397143257, alpha=10.580198543474, s=0.606062497118, beta=11.656223670708)
MODELS = [BG, MBG, PARETO, BgNbd(r=2.0, alpha=0.5, a=3.0, b=0.4), ParetoNbd(r=0.4, alpha=3.0, s=2.5, beta=50.0)]


@pytest.fixture(scope="module")
def cdnow():
    """All 78 weeks; a horizon of 39 weeks puts the one origin of the back-test where the papers have it."""
    return customer_value(cdnow_orders(), margin=0.3, horizon="273D")


@pytest.fixture(scope="module")
def season():
    """Customers who come at random, some of whom leave; free orders, refunds, and customers with refunds only."""
    return shop(SEASON)


def shop(rows):
    """Orders of (customer, number of the day, amount)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    frame["order_date"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(frame["day"], unit="D")
    return read_orders(frame.assign(order_id=np.arange(len(frame)).astype(str)).drop(columns="day"))


def customers(n=300, days=300, seed=0, spend=lambda random, k: random.gamma(4, 5 / random.gamma(3, 0.3), k)):
    random, rows = np.random.default_rng(seed), []
    for number in range(n):
        first = int(random.integers(0, days * 0.7))
        last = min(first + random.exponential(120), days - 1)
        later = np.unique(random.integers(first, last + 1, random.poisson(random.gamma(0.8) * (last - first) / 40)))
        own = np.append(first, later[later > first])
        rows += zip([f"c{number:04}"] * len(own), own.tolist(), spend(random, len(own)).round(2), strict=True)
    return rows


SEASON = [
    *customers(),
    *((f"c{number:04}", 250, amount) for number, amount in ((3, 0.0), (8, -4.5), (9, 0.0), (12, -70.0))),
    *((f"taker {number}", 40 * number, -10.0) for number in range(4)),
    ("c0031", 0, -3.0),  # taken back before anything in these orders was bought
]


def same(one, other, rel=0.0):
    """Assert that two results say the same."""
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, rtol=rel or 1e-12, atol=1e-12, obj=field.name)
        elif isinstance(left, float):
            assert left == pytest.approx(right, rel=rel or 1e-12, nan_ok=True), field.name
        elif field.name == "uncertainty":
            for name in ("slopes", "covariance", "chance"):
                np.testing.assert_allclose(getattr(left, name), getattr(right, name), rtol=rel or 1e-12, atol=1e-12)
        elif field.name != "unit":
            assert left == right, field.name


# -- the hold-out of CDNOW, which everybody has published -------------------------------------------------------------


def test_the_holdout_of_cdnow_is_the_published_one(cdnow):
    """R package BTYD: 4,339 - 2,457 = 1,882 repeat purchases in weeks 40 to 78; forecasts at parameters of 3 digits."""
    table = cdnow.backtest.set_index("model")
    assert table["origin"].unique().tolist() == [CALIBRATION_END]
    assert table["actual"].tolist() == [1882] * 4
    assert table["expected"]["bg_nbd"] == pytest.approx(1653.94, rel=1e-3)
    assert table["expected"]["pareto_nbd"] == pytest.approx(1665.43, rel=1e-3)
    assert table["error"]["pareto_nbd"] == pytest.approx(1665.43 / 1882 - 1, abs=1e-3)


def test_the_backtest_is_what_a_fit_at_the_origin_says_customer_by_customer(cdnow):
    """By the public functions and pandas, nothing compressed."""
    before = clv_summary(cdnow_orders(), as_of=CALIBRATION_END)
    customers = before.customers.set_index("customer_id")
    orders = cdnow_orders().frame
    after = orders[orders["order_date"] > CALIBRATION_END]
    days = after.groupby(["customer_id", "order_date"])["amount"].sum().groupby("customer_id").agg(["size", "sum"])
    actual = days.reindex(customers.index, fill_value=0)
    spend = expected_spend(fit_gamma_gamma(before), before).to_numpy()
    foretold = {name: expected_purchases(fit(before), before, horizon="273D").to_numpy() for name, fit in FITS.items()}
    rate = np.where(customers["T"] > 0, customers["frequency"] / customers["T"] * 39, 0)
    revenue = {name: own * spend for name, own in foretold.items()}
    foretold["naive"], revenue["naive"] = rate, rate * customers["monetary_value"].fillna(0).to_numpy()
    for row in cdnow.backtest.itertuples():
        own = foretold[row.model]
        assert row.expected == pytest.approx(own.sum(), rel=1e-9)
        assert row.mae == pytest.approx(np.abs(own - actual["size"]).mean(), rel=1e-9)
        assert row.actual_revenue == pytest.approx(actual["sum"].sum(), rel=1e-12)
        assert row.expected_revenue == pytest.approx(revenue[row.model].sum(), rel=1e-9)
        ranked = actual["sum"].to_numpy()[np.argsort(-revenue[row.model], kind="stable")]
        assert row.top_share == pytest.approx(ranked[:236].sum() / ranked.sum(), abs=2e-3)
        assert row.best_share == pytest.approx(actual["sum"].nlargest(236).sum() / ranked.sum(), abs=1e-3)
    assert cdnow.backtest["mae"].round(3).tolist() == [0.755, 0.765, 0.785, 1.024]


def test_the_model_is_chosen_by_what_it_foretold_and_not_by_its_likelihood(cdnow):
    models = cdnow.models.set_index("model")
    assert models["log_likelihood"].idxmax() == "mbg_nbd"
    assert models["error"].idxmin() == cdnow.model == "pareto_nbd"
    assert (cdnow.chosen_by, cdnow.backtest_days, cdnow.loses_to_naive) == ("backtest", 273, False)
    assert models["chosen"].tolist() == [True, False, False]


def test_tracking_is_the_published_one(cdnow):
    """R package BTYD, cdnowSummary$cu.tracking and bgnbd.ExpectedCumulativeTransactions, which count from midnight."""
    table = cdnow.tracking.set_index("week")
    weeks = [13, 26, 39, 52, 65, 78]
    assert len(table) == 78
    assert table["cumulative_actual"][weeks].tolist() == [828, 1746, 2457, 3183, 3844, 4339]
    assert table["calibration"].sum() == 39
    assert table["day"][39] == CALIBRATION_END
    assert table["actual"].cumsum().tolist() == table["cumulative_actual"].tolist()
    first = clv_summary(cdnow_orders(), unit="1D").customers["T"].astype(int)
    arrivals = np.bincount(545 - first)
    published = {
        BG: [723.633800652, 1738.91607515, 2505.14301387, 3138.55841892, 3685.80470904, 4171.4335823],
        PARETO: [712.299862258, 1742.54295333, 2532.26676715, 3190.45111921, 3763.03088876, 4274.43695514],
    }
    for model, wanted in published.items():
        own = cumulative_expected(model, arrivals, 547, 7.0)
        assert own[np.array(weeks) * 7] == pytest.approx(wanted, rel=1e-8)
    ours = cumulative_expected(fit_pareto_nbd(clv_summary(cdnow_orders(), as_of=CALIBRATION_END)), arrivals, 547, 7.0)
    assert table["cumulative_expected"].to_numpy() == pytest.approx(ours[np.arange(1, 79) * 7 - 1], rel=1e-9)
    assert table["expected"].cumsum().to_numpy() == pytest.approx(table["cumulative_expected"].to_numpy())


def test_customers_by_repeats_are_all_customers(cdnow):
    orders = cdnow_orders().frame
    repeats = orders.groupby("customer_id")["order_date"].nunique() - 1
    table = cdnow.calibration
    assert table["actual"].tolist() == repeats.clip(upper=7).value_counts().sort_index().tolist()
    assert table["expected"].sum() == pytest.approx(2357)
    assert cdnow.holdout["n_customers"].sum() == 2357
    assert cdnow.holdout["n_customers"][0] == 1411
    for name in ("actual", "expected", "naive"):
        wanted = cdnow.backtest.set_index("model")
        total = {"actual": 1882, "expected": wanted["expected"]["pareto_nbd"], "naive": wanted["expected"]["naive"]}[
            name
        ]
        assert (cdnow.holdout[name] * cdnow.holdout["n_customers"]).sum() == pytest.approx(total)
    assert cdnow.lift["cumulative_share"].iloc[-1] == pytest.approx(1)
    assert (cdnow.lift["actual"] * cdnow.lift["n_customers"]).sum() == pytest.approx(
        cdnow.backtest["actual_revenue"][0]
    )


# -- money -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "discount"), [("mbg_nbd", 0.0), ("bg_nbd", 0.12), ("pareto_nbd", 0.3)])
def test_value_is_the_sum_over_weeks_customer_by_customer(season, model, discount):
    found = customer_value(season, margin=0.35, horizon="100D", annual_discount=discount, model=model)
    summary = clv_summary(season)
    fitted, spend = FITS[model](summary), expected_spend(fit_gamma_gamma(summary), summary)
    total = 0.0
    for place in range(0, len(summary.customers), 7):
        row = summary.customers.iloc[[place]]
        value, before = 0.0, 0.0
        for end in [*range(7, 100, 7), 100]:
            purchases = float(expected_purchases(fitted, row, horizon=end / 7).iloc[0])
            value += (purchases - before) / (1 + discount) ** (end / 365.25)
            before = purchases
        own = found.customers.iloc[place]
        assert own["customer_id"] == row["customer_id"].iloc[0]
        assert own["expected_purchases"] == pytest.approx(before, rel=1e-9)
        assert own["value"] == pytest.approx(value * spend.iloc[place] * 0.35, rel=1e-9)
        total += own["value"]
    assert found.customers["value"].sum() == pytest.approx(found.total, rel=1e-12)
    assert found.schedule["value"].iloc[-1] == pytest.approx(found.total, rel=1e-9)
    assert found.schedule["expected_purchases"].iloc[-1] == pytest.approx(found.expected_purchases, rel=1e-9)
    assert found.schedule["days"].tolist() == [28, 56, 84, 100]


def test_days_and_weeks_give_the_same_value(season):
    weeks, days = (customer_value(season, margin=0.3, annual_discount=0.1, unit=unit) for unit in ("7D", "1D"))
    assert days.total == pytest.approx(weeks.total, rel=1e-6)
    for name in ("ci_low", "ci_high", "new_customer_value", "new_customer_low", "alive", "model_error"):
        assert getattr(days, name) == pytest.approx(getattr(weeks, name), rel=1e-5), name
    for name in ("value", "expected_purchases", "probability_alive", "expected_spend"):
        np.testing.assert_allclose(days.customers[name], weeks.customers[name], rtol=1e-6)
    np.testing.assert_allclose(days.customers["T"], 7 * weeks.customers["T"])
    np.testing.assert_allclose(days.tracking["expected"], weeks.tracking["expected"], rtol=1e-4)


def test_the_columns_of_a_customer_are_the_summary_and_the_order_book(season):
    found, summary = customer_value(season, margin=0.3), clv_summary(season)
    for name in ("customer_id", "frequency", "recency", "T"):
        assert found.customers[name].tolist() == summary.customers[name].tolist()
    frame = season.frame
    revenue = frame.groupby("customer_id")["amount_minor"].sum() / 100
    orders = frame[frame["amount"] > 0].groupby("customer_id").size()
    assert found.customers["revenue"].tolist() == revenue[found.customers["customer_id"]].tolist()
    assert found.customers["orders"].tolist() == orders.reindex(found.customers["customer_id"], fill_value=0).tolist()
    assert found.historical_revenue == pytest.approx(found.customers["revenue"].sum())
    assert found.historical_total == pytest.approx(found.customers["historical_margin"].sum())
    assert (found.without_purchase, found.refunds) == (summary.without_purchase, summary.refunds)
    assert (found.without_purchase, found.refunds, found.refunded) == (4, 7, 117.5)


def test_a_new_customer_is_the_first_day_and_what_is_expected_after_it(season):
    found, summary = customer_value(season, margin=0.3, horizon="56D", model="mbg_nbd"), clv_summary(season)
    nobody = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0], "monetary_value": [np.nan]})
    purchases = float(expected_purchases(fit_mbg_nbd(summary), nobody, horizon=8)[0])
    spend = float(expected_spend(fit_gamma_gamma(summary), nobody)[0])
    frame = season.frame[season.frame["amount"] >= 0].assign(day=season.frame["order_date"].dt.normalize())
    first = frame.groupby(["customer_id", "day"])["amount"].sum().groupby("customer_id").first()
    assert found.new_customer_purchases == pytest.approx(purchases, rel=1e-9)
    assert found.new_customer_first == pytest.approx(0.3 * first.mean(), rel=1e-9)
    assert found.new_customer_value == pytest.approx(0.3 * (first.mean() + purchases * spend), rel=1e-9)
    assert found.new_customer_low < found.new_customer_value < found.new_customer_high
    assert found.new_customer_high / found.new_customer_low < found.ci_high / found.ci_low * 1.5


def test_value_is_in_proportion_to_margin_and_falls_with_the_discount(season):
    one, half = (customer_value(season, margin=margin, model="mbg_nbd") for margin in (0.8, 0.4))
    assert one.total == pytest.approx(2 * half.total)
    assert one.ci_high == pytest.approx(2 * half.ci_high)
    np.testing.assert_allclose(one.customers["value_high"], 2 * half.customers["value_high"])
    later = customer_value(season, margin=0.4, model="mbg_nbd", annual_discount=0.2)
    assert half.total / 1.2 < later.total < half.total
    assert (later.customers["value"] <= half.customers["value"]).all()


# -- alive, spend, the choice ------------------------------------------------------------------------------------------


def test_being_alive_is_never_told_by_bg_nbd():
    found = customer_value(cdnow_orders(), margin=0.3, model="bg_nbd")
    assert (found.model, found.alive_model, found.chosen_by) == ("bg_nbd", "mbg_nbd", "given")
    summary = clv_summary(cdnow_orders())
    wanted = probability_alive(fit_mbg_nbd(summary), summary)
    np.testing.assert_allclose(found.customers["probability_alive"], wanted, rtol=1e-9)
    assert found.customers["probability_alive"][found.customers["frequency"] == 0].max() < 0.5
    assert found.alive == pytest.approx(wanted.sum(), rel=1e-9)
    expected = expected_purchases(fit_bg_nbd(summary), summary, horizon="365D")
    np.testing.assert_allclose(found.customers["expected_purchases"], expected, rtol=1e-9)


def test_spend_without_a_mean_is_held_at_the_mean_of_the_data_and_said():
    table = shop(customers(spend=lambda random, k: np.full(k, 5 * random.pareto(0.7) + 1)))
    found = customer_value(table, margin=0.5)
    assert found.spend_model == "gamma_gamma_of_mean"
    assert any("q is 1 or less" in warning for warning in found.warnings)
    summary = clv_summary(table).customers
    mean = (summary["frequency"] * summary["monetary_value"]).sum() / summary["frequency"].sum()
    spend = found.customers["expected_spend"]
    assert spend[found.customers["frequency"] == 0].to_numpy() == pytest.approx(mean)
    often = summary["frequency"] > 8
    own = summary["monetary_value"][often]
    assert (spend[often] / own).median() == pytest.approx(1, abs=0.1)
    assert (spend[often] - mean).abs().sum() < (own - mean).abs().sum()
    assert 0 < found.ci_low < found.total < found.ci_high < np.inf


def test_the_model_held_at_a_mean_is_the_most_likely_of_those_with_this_mean():
    random = np.random.default_rng(3)
    x = random.integers(1, 12, 400).astype(float)
    spent = random.gamma(2 * x) * 15 / random.gamma(0.8, size=400)
    found = fit_spend(x, spent, np.ones(400))
    mean = spent.sum() / x.sum()
    p, q, v = found.model.parameters.values()
    assert (found.held, p * v / (q - 1)) == (True, pytest.approx(mean, rel=1e-9))

    def likelihood(p, q):
        return score(np.array([p, q, mean * (q - 1) / p]), Spending(x, spent / x, np.ones(400)))[0]

    best = likelihood(p, q)
    for near in (0.98, 1.02):
        assert likelihood(p * near, q) < best
        assert likelihood(p, 1 + (q - 1) * near) < best
    for name in found.model.parameters:  # the error of the mean of all is that of the mean of the data
        assert np.isfinite(found.covariance).all(), name
    slopes = np.array([own[0] for own in found.slopes(np.zeros(1), np.zeros(1))])
    off = ((spent - mean * x) ** 2).sum() / spent.sum() ** 2
    assert slopes @ found.covariance @ slopes == pytest.approx(off * mean**2, rel=1e-4)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_range_of_a_customer_keeps_its_word_where_spend_has_no_finite_mean(seed):
    """200 steady buyers, each with a spend of their own that no Gamma-Gamma model has: a year seen, a year ahead."""
    random, rows = np.random.default_rng(seed), []
    for number in range(200):
        own, day, rate = random.lognormal(3, 2), int(random.integers(0, 60)), random.gamma(2, 1 / 60) + 0.003
        while day < 730:
            rows.append((f"c{number:03}", int(day), round(own * random.lognormal(0, 0.5), 2) + 0.01))
            day += random.exponential(1 / rate)
    found = customer_value(shop([row for row in rows if row[1] < 365]), margin=1, as_of="2025-12-31")
    assert found.spend_model == "gamma_gamma_of_mean"
    later = pd.DataFrame([row for row in rows if row[1] >= 365], columns=["customer_id", "day", "amount"])
    own = found.customers.set_index("customer_id")
    came = later.groupby("customer_id")["amount"].sum().reindex(own.index, fill_value=0)
    inside = (came >= own["value_low"] - 0.01) & (came <= own["value_high"] + 0.01)
    assert 0.75 < inside.mean() < 0.97
    assert 0.75 < inside[own["frequency"] >= 10].mean() < 0.97
    assert found.ci_low < came.sum() < found.ci_high


def test_without_a_model_of_spend_a_customer_has_no_range_unless_all_spend_alike():
    paying = [(who, day, amount if who < "c0025" else 0.0) for who, day, amount in customers()]
    found = customer_value(shop(paying), margin=0.5)
    assert found.spend_model == "mean"
    assert found.customers[["value_low", "value_high"]].isna().all(axis=None)
    assert any("so they have no range" in warning for warning in found.warnings)
    alike = [(who, day, 20.0 if who < "c0025" else 0.0) for who, day, _ in paying]
    same_spend = customer_value(shop(alike), margin=0.5)
    assert same_spend.spend_model == "mean"
    assert same_spend.customers["value_high"].notna().all()


def test_spend_that_goes_with_frequency_is_said():
    table = shop(customers())
    frame = table.frame.assign(amount=table.frame.groupby("customer_id")["amount"].transform("size") * 10.0)
    related = read_orders(frame[["order_id", "customer_id", "order_date", "amount"]])
    found = customer_value(related, margin=0.5)
    assert found.spend_correlation > 0.8
    assert any("go together" in warning for warning in found.warnings)
    assert abs(customer_value(table, margin=0.5).spend_correlation) < 0.2


def test_a_shop_that_gives_everything_away_is_worth_nothing():
    free = shop(customers(spend=lambda random, k: np.zeros(k)))
    found = customer_value(free, margin=0.5)
    assert (found.total, found.ci_low, found.ci_high, found.new_customer_value) == (0, 0, 0, 0)
    assert found.expected_purchases > 0
    assert found.deciles["value_share"].isna().all()


def test_without_enough_of_the_past_there_is_no_backtest_and_the_interval_is_wider():
    table = shop(customers(days=50))
    found = customer_value(table, margin=0.5, horizon="60D")
    sure = Spread(found.parameter_sd, found.process_sd).interval(found.total, 0.95)
    assert found.ci_low < sure[0] < found.total < sure[1] < found.ci_high
    off = np.sqrt(found.parameter_sd**2 + found.process_sd**2 + (0.1 * found.total) ** 2)
    assert (found.ci_low, found.ci_high) == pytest.approx(quantiles(found.total, off), rel=1e-9)
    assert any("10 % of the total as the standard deviation of that" in warning for warning in found.warnings)
    assert (found.model_error, found.chosen_by, found.loses_to_naive, found.backtest_days) == (
        0.1,
        "default",
        None,
        None,
    )
    assert len(found.backtest) == len(found.holdout) == len(found.lift) == 0
    assert found.models["error"].isna().all()
    assert any("too little of the past" in warning for warning in found.warnings)
    assert any("longer than the data" in warning for warning in found.warnings)
    assert found.tracking["calibration"].all()
    full = customer_value(shop(customers()), margin=0.5, horizon="60D")
    for name in ("backtest", "holdout", "lift"):
        assert getattr(found, name).dtypes.equals(getattr(full, name).dtypes)


def test_a_shorter_backtest_than_the_horizon_is_said():
    found = customer_value(shop(customers()), margin=0.5, horizon="365D")
    assert found.backtest_days == 150
    assert found.model_error >= 0.1
    assert any("only 150 days, not the 365" in warning for warning in found.warnings)


def test_money_that_should_be_looked_at_is_said(cdnow):
    """An order by mistake, taken back the same day; it is in the spend of the past, as no refund is."""
    rows = [*SEASON, ("c0020", 250, 90_000.0), ("c0020", 251, 90_000.0), ("c0020", 251, -170_000.0)]
    said = " ".join(customer_value(shop(rows), margin=0.5).warnings)
    assert "One customer makes up" in said
    assert "Refunds and cancellations come to 8" in said
    calm = " ".join(cdnow.warnings)
    assert "One customer" not in calm
    assert "Refunds" not in calm


def test_refunds_of_who_never_bought_here_make_nothing_bought():
    """Half as much taken back as was bought, all by customers who bought before these orders begin."""
    bought = sum(amount for _, _, amount in customers())
    returned = [(f"r{number}", 5, -round(bought / 200, 2)) for number in range(100)]
    said = " ".join(customer_value(shop(customers() + returned), margin=0.5).warnings)
    assert "Refunds and cancellations come to 50% of what was bought" in said


def test_an_interval_is_that_of_a_gamma_distribution_and_stays_finite_however_wide():
    assert Spread(300.0, 400.0).interval(2000.0, 0.9) == pytest.approx(quantiles(2000.0, 500.0, 0.9))
    assert Spread(3.0, 4.0, 0.1).interval(1000.0, 0.95) == pytest.approx(
        np.array([1000 / 1.2167, 1000 * 1.2167]), rel=0.02
    )  # as on the scale of logarithms where it is narrow: exp(1.96 * 0.1001)
    assert Spread(0.0, 0.0).interval(5.0, 0.95) == (5.0, 5.0)
    assert Spread(3.0, 4.0).interval(0.0, 0.95) == (0.0, 0.0)
    for total, off in ((3.12, 20.0), (0.28, 2.7), (0.236, 1e3), (1e-9, 1e6)):
        low, high = Spread(off, 0.0).interval(total, 0.95)
        assert 0 <= low < total <= high < max(10 * off, 2 * total)


def quantiles(mean, sd, level=0.95):
    return gamma.ppf([(1 - level) / 2, (1 + level) / 2], (mean / sd) ** 2, scale=sd**2 / mean)


def test_long_after_the_last_order_nothing_overflows():
    found = customer_value(sample("shop_orders"), margin=0.4, as_of="2030-01-01", customers=False)
    assert 0 <= found.ci_low < found.total <= found.ci_high < 100


def test_few_origins_may_have_been_lucky(cdnow):
    """However well they foretold, the error is not taken as nothing, and as 10 % where they were too short."""
    right = cdnow.backtest.assign(expected_revenue=cdnow.backtest["actual_revenue"])
    facts = cdnow_orders().facts
    for horizon, wanted in (("273D", 0.1 / np.sqrt(2)), ("365D", 0.1)):
        asked = read_settings({"margin": 0.3, "horizon": horizon}, facts)
        assert model_error(right, "pareto_nbd", asked) == pytest.approx(wanted)
        assert model_error(right.assign(expected_revenue=0.0), "pareto_nbd", asked) == 0.1  # it foretold nothing
    assert cdnow.model_error > 0.1


def test_the_parameters_share_of_the_error_is_the_delta_method_s(season):
    found = customer_value(season, margin=0.3, horizon="91D", model="mbg_nbd", customers=False)
    summary = clv_summary(season)
    purchases, spend = fit_mbg_nbd(summary), fit_gamma_gamma(summary)

    def total(one, other):
        worth = expected_purchases(one, summary, horizon=13) * expected_spend(other, summary)
        return 0.3 * worth.sum()

    def varied(model, name, factor):
        return type(model)(**model.parameters | {name: getattr(model, name) * factor})

    up, down = np.exp(0.001), np.exp(-0.001)
    one, other = (
        np.array([total(*ends(name, up)) - total(*ends(name, down)) for name in model.parameters]) / 0.002
        for model, ends in (
            (purchases, lambda name, factor: (varied(purchases, name, factor), spend)),
            (spend, lambda name, factor: (purchases, varied(spend, name, factor))),
        )
    )
    variance = one @ purchases.covariance @ one + other @ spend.covariance @ other
    assert found.parameter_sd == pytest.approx(np.sqrt(variance), rel=1e-4)


def test_three_origins_where_there_is_enough_past():
    found = customer_value(shop(customers()), margin=0.5, horizon="80D")
    origins = found.backtest["origin"].unique().tolist()
    assert origins == ["2025-08-08", "2025-06-29", "2025-05-20"]  # the data end at 2025-10-27, steps of 40 days
    per_model = found.backtest.groupby("model")["error"].agg(lambda own: own.abs().mean())
    assert found.model == per_model.drop("naive").idxmin()
    assert found.models.set_index("model")["error"][found.model] == pytest.approx(per_model[found.model])
    own = found.backtest[found.backtest["model"] == found.model]
    off = own["actual_revenue"] / own["expected_revenue"] - 1
    excess = (off**2 - own["revenue_sd"] ** 2).mean()
    assert found.model_error == pytest.approx(max(np.sqrt(max(excess, 0)), 0.05))


def test_a_model_that_loses_to_the_simple_guess_says_so():
    """A shop that closes for a season: the model takes everybody as gone, and they come back as before."""
    random, rows = np.random.default_rng(0), []
    for number in range(200):
        days = np.flatnonzero(random.random(400) < random.gamma(2, 0.02))
        rows += [(f"c{number}", day, 9.0) for day in {number % 60, *days[days > number % 60]} if not 130 < day < 210]
    found = customer_value(shop(rows), margin=0.5, horizon="190D")
    assert found.backtest["origin"].unique().tolist() == ["2025-07-29"]
    assert found.loses_to_naive
    assert "simple guess" in found.warnings[0]


# -- beyond the mean ---------------------------------------------------------------------------------------------------


def futures(model, x, age, t, n=200_000, seed=0):
    """Purchases of living customers with such a history, as the story of the model goes."""
    random = np.random.default_rng(seed)
    rate = random.gamma(model.r + x, 1 / (model.alpha + age), n)
    if isinstance(model, ParetoNbd):
        return random.poisson(
            rate * np.minimum(random.exponential(1 / random.gamma(model.s, 1 / (model.beta + age), n)), t)
        )
    chance = random.beta(model.a, model.b + x + model.chances, n)
    return np.minimum(random.poisson(rate * t), random.geometric(np.maximum(chance, 1e-12)))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{type(model).__name__} {model.r}")
def test_purchases_vary_as_the_story_says(model):
    for x, age in [(0, 30.0), (2, 38.9), (7, 31.0), (26, 39.0)]:
        drawn = futures(model, x, age, 39.0).astype(float)
        pairs = drawn * (drawn - 1)
        h = Histories(np.array([float(x)]), np.zeros(1), np.array([age]), np.ones(1))
        assert pairs_if_alive(model, h, 39.0)[0] == pytest.approx(
            pairs.mean(), abs=4.5 * pairs.std() / len(drawn) ** 0.5
        )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{type(model).__name__} {model.r}")
def test_numbers_of_repeats_have_the_mean_and_the_zero_that_the_model_has(model):
    """The predictions come from other formulas."""
    ages = np.array([0.5, 5.0, 39.0])
    nobody = pd.DataFrame({"frequency": 0, "recency": 0.0, "T": 0.0}, index=range(3))
    found = repeat_probabilities(model, ages, 1500)
    assert found.sum(axis=1) == pytest.approx(1)
    assert (found > -1e-9).all()
    wanted = expected_purchases(model, nobody, horizon=ages).to_numpy()
    assert found @ np.arange(1501) == pytest.approx(wanted, rel=1e-6)
    assert 1 - found[:, 0] == pytest.approx(probability_of_purchase(model, nobody, horizon=ages).to_numpy(), rel=1e-6)


@pytest.mark.parametrize("model", ["pareto_nbd", "mbg_nbd"])
def test_the_range_of_a_customer_is_that_of_simulated_customers(cdnow, model):
    found = customer_value(cdnow_orders(), margin=0.3, horizon="273D", annual_discount=0.5, model=model)
    summary = clv_summary(cdnow_orders())
    fitted, spend = FITS[model](summary), fit_gamma_gamma(summary)
    random = np.random.default_rng(5)
    rows = found.customers.sort_values(["frequency", "recency", "customer_id"]).iloc[[-1, -40, -400, -900]]
    for own in rows.itertuples():
        z = summary.customers.set_index("customer_id")["monetary_value"][own.customer_id]
        total = 0 if own.frequency == 0 else z * own.frequency
        n = 20_000
        alive = random.random(n) < probability_alive(fitted, summary)[own.Index]
        bought = np.where(alive, futures(fitted, own.frequency, own.T, 39.0, n, seed=own.Index), 0)
        scale = random.gamma(spend.p * own.frequency + spend.q, 1 / (spend.v + total), n)
        worth = 0.3 * random.gamma(np.maximum(spend.p * bought, 1e-9), 1) / scale * (bought > 0)
        low, high = (np.mean(worth <= end) for end in (own.value_low / 0.87, own.value_high / 0.87))  # half of 39 weeks
        if own.value_high > 0:
            assert high == pytest.approx(0.9, abs=0.04)
        if own.value_low > 0:
            assert low == pytest.approx(0.1, abs=0.04)


def test_the_same_history_has_the_same_range(cdnow):
    rows = cdnow.customers
    once = rows[rows["frequency"] == 0].groupby("T")[["value", "value_low", "value_high", "decile"]].nunique()
    assert (once == 1).all(axis=None)
    assert (rows["value_low"] <= rows["value_high"]).all()


@pytest.mark.parametrize("name", ["mbg_nbd", "pareto_nbd"])
def test_intervals_cover_the_truth_of_worlds_where_the_model_is_true(name):
    """Of 30 worlds, 24 or fewer inside 95 % would be the bad luck of one test in 300; the script has more of them."""
    found = pd.DataFrame(forecasts(name, name, 500, 30))
    assert found["both"].sum() > 24
    assert found["parameters"].sum() < found["both"].sum()  # a promise that says nothing of chance is not kept
    assert found["chance"].sum() < found["both"].sum()
    assert found["error"].mean() == pytest.approx(0, abs=0.05)
    assert found["above"].mean() == pytest.approx(0.1, abs=0.012)
    assert found["customers"].mean() > 0.8


# -- tenths and shares -------------------------------------------------------------------------------------------------


def test_tenths_are_of_equal_size_but_for_equal_values(cdnow):
    table, rows = cdnow.deciles, cdnow.customers
    assert table["decile"].tolist() == list(range(1, 11))
    assert table["n_customers"].sum() == 2357
    assert (table["n_customers"] - 235.7).abs().max() < 12
    assert table["value_share"].sum() == pytest.approx(1)
    own = rows.groupby("decile")["value"].agg(["size", "min", "max", "sum"])
    for name, column in (("n_customers", "size"), ("lowest", "min"), ("highest", "max"), ("value", "sum")):
        assert table[name].tolist() == pytest.approx(own[column].tolist(), rel=1e-12)
    assert (table["lowest"].to_numpy()[:-1] > table["highest"].to_numpy()[1:]).all()


def test_equal_values_share_the_tenth_of_their_middle():
    """Half of the customers are alike, between 20 % and 70 % from the top: they are in the fifth tenth."""
    own = tenths(np.array([9.0, 5.0, 1.0]), np.array([20, 50, 30]))
    assert own.tolist() == [1, 5, 9]
    assert tenths(np.arange(100.0), np.ones(100)).tolist() == [10 - number // 10 for number in range(100)]


def test_the_share_of_the_top_is_what_single_customers_bring():
    random = np.random.default_rng(0)
    by, amount = random.random(50), random.random(50)
    ranked = amount[np.argsort(-by)]
    assert top_share(by, amount, np.ones(50)) == pytest.approx(ranked[:5].sum() / amount.sum())
    assert top_share(np.ones(50), amount, np.ones(50)) == pytest.approx(0.1)  # who cannot tell them apart draws lots


# -- parts, order, and what cannot be done -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_parts", "settings"),
    [(None, {"horizon": "90D"}), (4, {"as_of": "2025-08-31", "annual_discount": 0.1, "model": "bg_nbd"})],
)
def test_parts_of_the_customers_add_up_to_the_whole(settings, n_parts):
    season = shop([row for row in SEASON if row[0] < "c0130" or row[0] > "t"])
    same(
        customer_value(InParts(season, n_parts), margin=0.3, **settings), customer_value(season, margin=0.3, **settings)
    )


def test_the_order_of_the_rows_does_not_matter(season):
    frame = season.frame[["order_id", "customer_id", "order_date", "amount"]].sample(frac=1, random_state=0)
    same(customer_value(read_orders(frame), margin=0.3), customer_value(season, margin=0.3))


def test_totals_do_not_need_the_customers(season):
    short, full = (customer_value(season, margin=0.3, customers=customers) for customers in (False, True))
    assert short.customers is None
    assert short.uncertainty is None
    assert (short.total, short.ci_low, short.alive) == (full.total, full.ci_low, full.alive)
    pd.testing.assert_frame_equal(short.deciles, full.deciles)


def test_rows_after_the_end_are_not_used(season):
    frame = season.frame[["order_id", "customer_id", "order_date", "amount"]]
    early = frame[frame["order_date"] < "2025-08-20"]
    one = customer_value(read_orders(early), margin=0.3, as_of="2025-08-19")
    other = customer_value(season, margin=0.3, as_of="2025-08-19")
    assert other.left_out == len(frame) - len(early)
    pd.testing.assert_frame_equal(one.customers, other.customers)
    pd.testing.assert_frame_equal(one.backtest, other.backtest)


def test_the_money_needs_a_margin_and_settings_that_are_possible(season):
    one = customer_value(season, margin=1, customers=False)
    for same_number in (np.int64(1), np.float32(1)):
        assert customer_value(season, margin=same_number, customers=False).total == one.total
    for wrong in (None, 0, -0.2, 1.2, "40 %", True, np.True_, float("nan")):
        with pytest.raises(InsightError, match="margin"):
            customer_value(season, margin=wrong)
    for settings, message in (
        ({"horizon": "1 year"}, "horizon = '1 year' is not a length"),
        ({"horizon": "12h"}, "whole days, at most ten years"),
        ({"horizon": "36500D"}, "whole days, at most ten years"),
        ({"horizon": 365}, "is not a length"),
        ({"annual_discount": -0.1}, "annual_discount = -0.1 must be a number 0 or more"),
        ({"annual_discount": float("inf")}, "annual_discount"),
        ({"level": 1}, "level"),
        ({"level": 0}, "level"),
        ({"model": "bgnbd"}, "Did you mean 'bg_nbd'"),
        ({"as_of": "2020-01-01"}, "before the first row"),
        ({"unit": "week"}, "unit"),
        ({"customers": 1}, "customers"),
    ):
        with pytest.raises(InsightError, match=message):
            customer_value(season, **{"margin": 0.3} | settings)
    with pytest.raises(InsightError, match="read_orders"):
        customer_value(season.frame, margin=0.3)


def test_too_few_are_refused_with_what_is_missing_and_a_way_out():
    many = [(f"c{n:04}", n % 200, 10.0) for n in range(400)]
    for rows, message in (
        ([("ana", 0, 5.0), ("ana", 9, 5.0)], "100 customers .*there are 1"),
        (many, "30 customers who bought on more than one day; there are 0"),
        ([(who, 0, 5.0) for who, _, _ in many], "100 customers who have been observed for at least a day; there are 0"),
        ([*many, *((f"c{n:04}", 250, 5.0) for n in range(29))], "there are 29"),
    ):
        with pytest.raises(NotEnoughData, match=message) as refusal:
            customer_value(shop(rows), margin=0.3)
        assert "simple_clv" in str(refusal.value)


def test_amounts_in_several_currencies_are_refused(season):
    frame = season.frame[["order_id", "customer_id", "order_date", "amount"]]
    table = read_orders(frame.assign(currency=np.where(np.arange(len(frame)) % 2, "EUR", "USD")))
    with pytest.raises(InsightError, match="several currencies"):
        customer_value(table, margin=0.3)


def test_strange_shops_have_finite_values():
    """One who comes every day, customers who never leave, one amount for nearly all, orders by the second."""
    faithful = [(f"f{n}", day, 10.0) for n in range(40) for day in range(0, 700, 7 + n)]
    daily = [("every day", day, 5.0) for day in range(700)]
    once = [(f"o{n}", n * 2, 10.0) for n in range(100)]
    table = shop(faithful + daily + once)
    found = customer_value(table, margin=0.5, annual_discount=0.1)
    for number in (found.total, found.ci_low, found.ci_high, found.new_customer_high, found.process_sd):
        assert np.isfinite(number)
    numbers = found.customers.select_dtypes("number").to_numpy(float)
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()
    seconds = table.frame.assign(
        order_date=table.frame["order_date"] + pd.to_timedelta(np.arange(len(table.frame)) % 80_000, unit="s")
    )
    seconds = read_orders(seconds[["order_id", "customer_id", "order_date", "amount"]])
    timed = customer_value(seconds, margin=0.5, annual_discount=0.1, customers=False)
    assert timed.total == pytest.approx(found.total, rel=1e-9)


def test_spend_is_gamma_gamma_where_it_holds(cdnow):
    assert cdnow.spend_model == "gamma_gamma"
    summary = clv_summary(cdnow_orders())
    wanted = expected_spend(fit_gamma_gamma(summary), summary)
    np.testing.assert_allclose(cdnow.customers["expected_spend"], wanted, rtol=1e-9)
    assert isinstance(fit_gamma_gamma(summary), GammaGamma)
