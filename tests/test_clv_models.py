"""Models of repeat buying and of spend: each number beside its definition, and where well-known packages break."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_
from scipy.special import betaln, expit, gammaln

from insight import (
    BgNbd,
    ClvSummary,
    GammaGamma,
    InsightError,
    MbgNbd,
    ParetoNbd,
    clv_summary,
    discounted_purchases,
    expected_purchases,
    expected_spend,
    fit_bg_nbd,
    fit_gamma_gamma,
    fit_mbg_nbd,
    fit_pareto_nbd,
    probability_alive,
    probability_of_purchase,
)
from insight.clv import beta_geometric, gamma_gamma, pareto_nbd
from insight.clv.histories import Histories, histories_of
from tests.cdnow import CALIBRATION_END, cdnow_orders

BG, MBG = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426), MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
PARETO = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
MODELS = [BG, MBG, PARETO, BgNbd(r=2.0, alpha=0.5, a=3.0, b=0.4), ParetoNbd(r=0.4, alpha=3.0, s=2.5, beta=50.0)]
FITS = [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd]
HISTORIES = [(0, 0.0, 0.0), (0, 0.0, 30.0), (1, 2.0, 30.0), (2, 30.43, 38.86), (7, 30.0, 31.0), (26, 20.0, 39.0)]


def rows(*histories, **more):
    return pd.DataFrame(histories, columns=["frequency", "recency", "T"]).assign(**more)


def simulated(seed=3, n=1500, end=60):
    """Histories of a Pareto/NBD world, by the day."""
    rng = np.random.default_rng(seed)
    age = rng.integers(end // 2, end, n).astype(float)
    stays = np.minimum(rng.exponential(1 / rng.gamma(0.8, 1 / 20, n)), age)
    x = rng.poisson(rng.gamma(0.7, 1 / 6, n) * stays)
    last = np.round(stays * rng.random(n) ** (1 / np.maximum(x, 1)), 1)
    return rows(*zip(x, np.where(x > 0, last, 0.0), age, strict=True))


@pytest.fixture(scope="module")
def cdnow():
    return clv_summary(cdnow_orders(), as_of=CALIBRATION_END)


# -- each number beside its definition --------------------------------------------------------------------------------


def twin(model, history, t):
    """By the story the model tells: a grid over the customers there may be, weighted by what this one has done.

    Logarithms (and log-odds) of the two rates, evenly spaced: a sum that converges like an integral of a bell curve.
    Returns the log-likelihood, P(alive), E[purchases in t] and P(a purchase in t).
    """
    x, t_x, T = history
    rate = np.exp(np.arange(-90.0, 9.0, 0.1))[:, None]
    r, alpha = model.r, model.alpha
    prior = np.exp(r * np.log(alpha * rate) - alpha * rate - gammaln(r)) * 0.1
    if isinstance(model, ParetoNbd):
        leave = np.exp(np.arange(-90.0, 9.0, 0.1))[None, :]
        weight = np.exp(model.s * np.log(model.beta * leave) - model.beta * leave - gammaln(model.s)) * 0.1
        stay, go = np.exp(-(rate + leave) * T), np.exp(-(rate + leave) * t_x) - np.exp(-(rate + leave) * T)
        alive, left = rate**x * stay, rate**x * leave / (rate + leave) * go
        bought = rate / leave * -np.expm1(-leave * t)
        none = np.exp(-(rate + leave) * t) + leave / (rate + leave) * -np.expm1(-(rate + leave) * t)
    else:
        odds = np.arange(-90.0, 60.0, 0.1)[None, :]
        p, q = expit(odds), expit(-odds)
        weight = np.exp(model.a * np.log(p) + model.b * np.log(q) - betaln(model.a, model.b)) * 0.1
        chances = x + (1 if isinstance(model, MbgNbd) else 0)
        alive = q**chances * rate**x * np.exp(-rate * T)
        left = p * q ** (chances - 1) * rate**x * np.exp(-rate * t_x) if chances else 0 * alive
        bought = -np.expm1(-rate * p * t) / p
        none = np.exp(-rate * t) + 0 * p
    both = prior * weight
    total = (both * (alive + left)).sum()
    return [
        np.log(total),
        (both * alive).sum() / total,
        (both * alive * bought).sum() / total,
        (both * alive * (1 - none)).sum() / total,
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{type(model).__name__} {model.r}")
@pytest.mark.parametrize("history", HISTORIES)
def test_every_formula_is_what_the_story_of_the_model_says(model, history):
    likelihood, alive, bought, any_bought = twin(model, history, 39.0)
    own = rows(history)
    assert log_likelihoods(model, own)[0] == pytest.approx(likelihood, rel=1e-7, abs=1e-9)
    assert probability_alive(model, own)[0] == pytest.approx(alive, rel=1e-7)
    assert expected_purchases(model, own, horizon=39)[0] == pytest.approx(bought, rel=1e-6)
    assert probability_of_purchase(model, own, horizon=39)[0] == pytest.approx(any_bought, rel=1e-6)


def log_likelihoods(model, table):
    h, parameters = histories_of(table, "test")[0], np.array(list(model.parameters.values()))
    if isinstance(model, ParetoNbd):
        return pareto_nbd.log_likelihoods(parameters, h, pareto_nbd.NODES)[0]
    return beta_geometric.log_likelihoods(parameters, h, model.chances)[0]


@pytest.mark.parametrize("model", MODELS[:3], ids=lambda model: type(model).__name__)
def test_discounted_purchases_are_the_sum_of_many_short_horizons(model):
    own, step = rows((2, 30.43, 38.86)), 0.02
    times = np.arange(0, 3000, step)
    expected = expected_purchases(model, rows(*[(2, 30.43, 38.86)] * len(times)), horizon=times).to_numpy()
    summed = (np.diff(expected) * np.exp(-0.01 * (times[1:] - step / 2))).sum()
    assert discounted_purchases(model, own, discount=0.01)[0] == pytest.approx(summed, rel=1e-6)


SCORES = {
    "BG/NBD": (lambda own, h: beta_geometric.score(own, h, 0), 4),
    "MBG/NBD": (lambda own, h: beta_geometric.score(own, h, 1), 4),
    "Pareto/NBD": (pareto_nbd.score, 4),
    "Gamma-Gamma": (gamma_gamma.score, 3),
}


@pytest.mark.parametrize("name", SCORES)
def test_the_gradient_is_the_slope_of_the_likelihood(name):
    score, k = SCORES[name]
    rng = np.random.default_rng(0)
    x = np.array([0.0, 1, 3, 11])
    h = Histories(x, np.array([0.0, 4, 9, 20]), np.array([10.0, 12, 9.5, 30]), np.array([3.0, 1, 2, 1]))
    data = gamma_gamma.Spending(x[1:], np.array([10.0, 30, 22]), h.n[1:]) if k == 3 else h
    for _ in range(5):
        at = np.exp(rng.normal(0, 1, k))
        found = score(at, data)[1]
        for i, step in enumerate(1e-5 * np.diag(at)):
            slope = (score(at + step, data)[0] - score(at - step, data)[0]) / (2 * step[i])
            assert found[i] == pytest.approx(slope, rel=1e-6, abs=1e-6)


# parameters, history, log-likelihood: by the Python package mpmath with 200 digits and two hypergeometric functions
HARD_ROWS = [
    ((0.553, 10.578, 0.606, 11.669), (2, 30.43, 38.86), -9.554283245150407),
    ((0.001, 1000.0, 1000.0, 0.001), (1, 5.0, 4000.0), -8531.213679491964),
    ((1000.0, 0.001, 0.001, 1000.0), (5000, 4999.0, 5000.0), -17722.480157816663),
    ((0.5, 3.0, 3.0, 3.0), (0, 0.0, 52.0), -0.15414436295119407),
    ((20.0, 0.01, 0.02, 400.0), (40, 1.0, 365.0), 38.51985532844282),
    ((0.05, 800.0, 90.0, 2.0), (3, 900.0, 5000.0), -574.6319137640985),
]


@pytest.mark.parametrize(("parameters", "history", "wanted"), HARD_ROWS)
def test_the_likelihood_of_pareto_nbd_keeps_its_digits(parameters, history, wanted):
    assert log_likelihoods(ParetoNbd(*parameters), rows(history))[0] == pytest.approx(wanted, rel=1e-13, abs=1e-13)
    to_fit = pareto_nbd.log_likelihoods(np.array(parameters), histories_of(rows(history), "test")[0], 16)[0]
    assert to_fit[0] == pytest.approx(wanted, abs=1e-9)


# -- fits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit", FITS)
def test_nothing_near_the_maximum_is_more_likely(fit):
    table = simulated()
    model = fit(table)
    best = log_likelihoods(model, table) @ histories_of(table, "test")[0].n
    assert best == pytest.approx(model.log_likelihood, abs=1e-6)
    for name, value in model.parameters.items():
        for factor in (0.97, 1.03):
            other = type(model)(**model.parameters | {name: value * factor})
            assert log_likelihoods(other, table) @ histories_of(table, "test")[0].n < best


def test_the_parameters_that_made_the_data_are_found():
    model = fit_pareto_nbd(simulated(n=8000))
    for name, truth in {"r": 0.7, "alpha": 6.0, "s": 0.8, "beta": 20.0}.items():
        assert model.parameters[name] == pytest.approx(truth, abs=4 * model.standard_errors[name])


def test_standard_errors_are_the_spread_of_estimates_over_samples():
    models = [fit_mbg_nbd(simulated(seed, n=900)) for seed in range(20)]
    spread = np.std([model.r for model in models])
    assert 0.6 < spread / np.median([model.standard_errors["r"] for model in models]) < 1.5


@pytest.mark.parametrize("fit", FITS)
def test_days_and_weeks_give_the_same_predictions(fit):
    days, weeks = (clv_summary(cdnow_orders(), as_of=CALIBRATION_END, unit=unit) for unit in ("1D", "7D"))
    one, other = fit(days), fit(weeks)
    assert one.alpha == pytest.approx(7 * other.alpha, rel=1e-6)
    for function in (expected_purchases, probability_of_purchase):
        found = function(one, days, horizon="365D"), function(other, weeks, horizon="365D")
        np.testing.assert_allclose(*found, rtol=1e-6)


@pytest.mark.parametrize("fit", FITS)
def test_seconds_are_fitted_as_well_as_weeks(fit):
    table = simulated()
    seconds = table.assign(recency=table["recency"] * 604_800, T=table["T"] * 604_800)
    one, other = fit(seconds), fit(table)
    found = (expected_purchases(one, seconds, horizon=52 * 604_800), expected_purchases(other, table, horizon=52))
    np.testing.assert_allclose(*found, rtol=1e-6)
    x = table["frequency"].sum()
    assert one.log_likelihood == pytest.approx(other.log_likelihood - x * np.log(604_800), abs=1e-3)


@pytest.mark.parametrize("fit", FITS)
def test_weights_are_repetition_and_the_order_of_rows_does_not_matter(fit):
    table = simulated(n=400)
    weight = np.random.default_rng(0).integers(1, 4, len(table))
    weighted = fit(table.assign(weight=weight))
    repeated = fit(table.loc[table.index.repeat(weight)].sample(frac=1, random_state=1))
    assert weighted.parameters == repeated.parameters
    assert weighted.n_customers == repeated.n_customers == weight.sum()


def test_many_histories_are_fitted_as_few():
    """Above a number of histories the climb starts at the maximum of a part of them; it ends in the same place."""
    table = simulated(n=60_000, end=400)
    rng = np.random.default_rng(0)
    table["T"] += rng.random(len(table))  # no two alike
    few = table.sample(20_000, random_state=0)
    for fit in (fit_bg_nbd,):
        many = fit(table)
        assert many.converged
        h = histories_of(table, "test")[0]
        slope = beta_geometric.score(np.array(list(many.parameters.values())), h, 0)[1]
        assert np.abs(slope / len(table)).max() < 1e-7
        assert many.r == pytest.approx(fit(few).r, rel=0.1)


def test_customers_of_the_last_day_are_left_out_of_the_fit_and_counted():
    table = simulated()
    more = pd.concat([table, rows(*[(0, 0.0, 0.0)] * 7)], ignore_index=True)
    one, other = fit_bg_nbd(table), fit_bg_nbd(more)
    assert one.parameters == other.parameters
    assert (other.left_out, other.n_customers) == (7, len(table))
    assert expected_purchases(other, more, horizon=9).iloc[-1] == expected_purchases(one, rows((0, 0, 0)), horizon=9)[0]


def test_standard_errors_of_cdnow_are_those_of_the_ridge(cdnow):
    """s and beta lie on a ridge: the standard error of ln(beta) is .53."""
    model = fit_pareto_nbd(cdnow)
    assert model.standard_errors["beta"] / model.beta == pytest.approx(0.53, abs=0.01)


def test_mean_probability_alive_of_cdnow(cdnow):
    """Nobody who bought once can be lost under BG/NBD; the others know better."""
    found = [probability_alive(fit(cdnow), cdnow).mean() for fit in FITS]
    assert found == pytest.approx([0.81, 0.45, 0.45], abs=0.01)


# -- where it cannot be done ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("table", "message"),
    [
        (rows((3, 4.0, 5.0)), "needs 100 customers .*; there are 1"),
        (rows((0, 0.0, 5.0), weight=500), "needs 30 customers who bought on more than one day; there are 0"),
        (rows((0, 0.0, 0.0), weight=500), "needs 100 customers"),
        (rows((0, 0.0, 5.0), (2, 3.0, 5.0), weight=[90, 29]), "there are 29"),
    ],
)
def test_too_few_are_refused_with_a_reason(fit, table, message):
    with pytest.raises(InsightError, match=message):
        fit(table)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    "table",
    [
        rows((0, 0.0, 10.0), (2, 10.0, 10.0), (5, 10.0, 10.0), weight=50),  # nobody can be seen to have left
        rows((2, 5.0, 10.0), weight=200),  # all alike
        rows((0, 0.0, 30.0), (1, 10.0, 30.0), (3, 25.0, 30.0), (2000, 29.9, 30.0), weight=[80, 20, 20, 1]),
    ],
    ids=["bought on the last day", "all alike", "one with 2,000"],
)
def test_what_the_data_do_not_determine_is_said(fit, table):
    model = fit(table)
    assert model.warnings
    assert model.standard_errors is None
    assert np.isfinite(list(model.parameters.values())).all()
    assert np.isfinite(model.log_likelihood)
    assert np.isfinite(expected_purchases(model, table, horizon=10)).all()


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (rows((1.5, 2, 3)), "frequency must be a whole number"),
        (rows((-1, 2, 3)), "frequency must be a whole number"),
        (rows((1, 4, 3)), "recency must lie between 0 and T. Row 1"),
        (rows((0, 0, 3), (0, 1, 3)), "no later purchase. Row 2"),
        (rows((1, 2, np.nan)), "T must be a number"),
        (rows((1, 2, 3), weight=0), "weight must be above zero"),
        (rows((1, 2, 3)).drop(columns="T"), "this one has no T"),
        (rows((1, "a", 3)), "recency must hold numbers"),
        ("orders", "takes what clv_summary returns"),
    ],
)
def test_values_that_are_no_history_are_refused(own, message):
    with pytest.raises(InsightError, match=message):
        probability_alive(BG, own)


def test_a_parameter_must_be_above_zero():
    for wrong in (0, -1, float("nan"), "a", True):
        with pytest.raises(InsightError, match="alpha = .* of BgNbd must be a number above zero"):
            BgNbd(r=1, alpha=wrong, a=1, b=1)


def test_a_horizon_that_is_not_possible_is_refused():
    own = rows((1, 2, 3))
    for wrong, message in (
        (-1, "0 or more"),
        ("1 year", "not a length"),
        ("365D", "is not known"),
        ([1, 2], "each of 1"),
    ):
        with pytest.raises(InsightError, match=message):
            expected_purchases(PARETO, own if wrong != "1 year" else summary(own), horizon=wrong)
    with pytest.raises(InsightError, match="above zero"):
        discounted_purchases(PARETO, own, discount=0)
    with pytest.raises(InsightError, match="takes a BgNbd, MbgNbd or ParetoNbd model; this is a GammaGamma"):
        expected_purchases(GammaGamma(p=1, q=2, v=3), own, horizon=1)


def summary(table, unit="7D"):
    beside = {"without_purchase": 0, "refunds": 0, "refunded": 0.0, "left_out": 0, "days_beyond": 0, "currency": None}
    return ClvSummary(table, unit, "2026-01-31", len(table), data_start=pd.Timestamp("2026-01-01"), **beside)


def test_a_model_of_weeks_does_not_read_a_summary_of_days():
    model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="7D")
    own = rows((2, 30.43, 38.86))
    one, other = (expected_purchases(model, summary(own), horizon=h)[0] for h in ("1W", 1))
    assert one == other
    with pytest.raises(InsightError, match="units of 7D, the summary in units of 1D"):
        expected_purchases(model, summary(own, "1D"), horizon=1)


# -- where well-known packages break ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [BgNbd, MbgNbd])
def test_nothing_happens_at_a_equal_to_one(cls):
    """The Python package lifetimes 0.11.3 gives -inf at a = 1, and 1.1248 in place of 1.1266 beside it."""
    found = [
        expected_purchases(cls(r=0.243, alpha=4.414, a=a, b=2.426), rows((2, 30.43, 38.86)), horizon=39)[0]
        for a in (1, 1 + 1e-12, 1 - 1e-12, 1 + 1e-5, 1 + 1.01e-4)
    ]
    _, _, wanted, _ = twin(cls(r=0.243, alpha=4.414, a=1, b=2.426), (2, 30.43, 38.86), 39)
    assert found[:3] == pytest.approx([wanted] * 3, rel=1e-7)
    assert found[3:] == pytest.approx([wanted] * 2, rel=2e-4)


def test_nothing_happens_at_s_equal_to_one():
    """The Python package lifetimes 0.11.3 gives NaN at s = 1."""
    found = [
        expected_purchases(ParetoNbd(r=0.553, alpha=10.58, s=s, beta=11.67), rows((2, 30.43, 38.86)), horizon=39)[0]
        for s in (1, 1 + 1e-12, 1 - 1e-9)
    ]
    _, _, wanted, _ = twin(ParetoNbd(r=0.553, alpha=10.58, s=1, beta=11.67), (2, 30.43, 38.86), 39)
    assert found == pytest.approx([wanted] * 3, rel=1e-7)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{type(model).__name__} {model.r}")
def test_two_thousand_purchases_are_a_number(model):
    """The Python package lifetimes 0.11.3 gives NaN for MBG/NBD."""
    own = rows((2000, 38.8, 38.86), (2000, 1.0, 38.86), (5000, 38.86, 38.86))
    for found in (
        expected_purchases(model, own, horizon=39),
        probability_alive(model, own),
        probability_of_purchase(model, own, horizon=39),
        discounted_purchases(model, own, discount=0.01),
    ):
        assert np.isfinite(found).all()
        assert (found >= 0).all()
    assert probability_alive(model, own)[2] > 0.9


HISTORY = any_.tuples(any_.integers(0, 3000), any_.floats(0, 1), any_.floats(0, 5000))
PARAMETER = any_.floats(1e-3, 1e3)


@given(any_.tuples(PARAMETER, PARAMETER, PARAMETER, PARAMETER), HISTORY, any_.floats(0, 1e4))
@settings(max_examples=50, deadline=None)
def test_whatever_the_parameters_a_probability_is_one_and_purchases_grow(parameters, history, t):
    x, share, T = history
    own = rows((x, share * T if x else 0.0, T))
    for cls in (BgNbd, MbgNbd, ParetoNbd):
        model = cls(*parameters)
        alive, buys = probability_alive(model, own)[0], probability_of_purchase(model, own, horizon=t)[0]
        short, long = (expected_purchases(model, own, horizon=h)[0] for h in (t, 2 * t))
        assert 0 <= buys <= alive + 1e-9 <= 1 + 1e-9
        assert -1e-9 <= short <= long * (1 + 1e-6) + 1e-9
        assert buys <= short * (1 + 1e-6) + 1e-9


def test_a_new_customer_is_a_row_of_zeros():
    found = expected_purchases(BG, rows((0, 0, 0)), horizon=1e-9)
    assert found[0] == pytest.approx(1e-9 * BG.r / BG.alpha, rel=1e-4)
    assert probability_alive(PARETO, rows((0, 0, 0)))[0] == 1
    assert probability_alive(MBG, rows((0, 0, 0)))[0] == pytest.approx(MBG.b / (MBG.a + MBG.b))


def test_predictions_stand_at_their_rows():
    table = rows(*HISTORIES, *HISTORIES[::-1])
    table.index = [f"c{n}" for n in range(len(table))]
    found = expected_purchases(PARETO, table, horizon=10)
    assert found.index.equals(table.index)
    assert found.tolist() == found.tolist()[::-1]
    single = [expected_purchases(PARETO, rows(history), horizon=10)[0] for history in HISTORIES]
    assert found.tolist()[: len(HISTORIES)] == single


# -- spend ------------------------------------------------------------------------------------------------------------


def test_expected_spend_lies_between_the_own_mean_and_that_of_everybody():
    model = GammaGamma(p=6.25, q=3.74, v=15.44)
    own = pd.DataFrame({"frequency": [0, 1, 5, 500], "monetary_value": [np.nan, 100.0, 100.0, 100.0]})
    found = expected_spend(model, own).tolist()
    assert found[0] == pytest.approx(6.25 * 15.44 / 2.74)
    assert found == sorted(found)
    assert found[-1] == pytest.approx(100, rel=0.001)


def test_gamma_gamma_is_what_its_story_says():
    """A grid over nu: the mean spend p / nu, weighted by how well it explains x days of z on average."""
    p, q, v, x, z = 2.5, 1.8, 12.0, 3, 20.0
    nu = np.exp(np.arange(-40, 10, 0.01))
    prior = q * np.log(v * nu) - v * nu - gammaln(q)
    weight = np.exp(prior + p * x * np.log(nu) - nu * x * z)
    found = expected_spend(GammaGamma(p=p, q=q, v=v), pd.DataFrame({"frequency": [x], "monetary_value": [z]}))
    assert found[0] == pytest.approx((weight * p / nu).sum() / weight.sum(), rel=1e-9)
    likelihood = gamma_gamma.log_likelihoods(
        np.array([p, q, v]), gamma_gamma.Spending(*(np.array([n]) for n in (x, z, 1)))
    )
    density = (p * x - 1) * np.log(z) + p * x * np.log(x) - gammaln(p * x)
    assert likelihood[0] == pytest.approx(density + np.log(weight.sum() * 0.01), rel=1e-9)


def test_cents_and_euros_give_the_same_model():
    rng = np.random.default_rng(0)
    x = rng.integers(1, 6, 400)
    z = rng.gamma(4 * x, 1 / (x * rng.gamma(3.0, 1 / 30, 400)))
    euros = pd.DataFrame({"frequency": x, "monetary_value": z})
    one, other = fit_gamma_gamma(euros), fit_gamma_gamma(euros.assign(monetary_value=z * 1e5))
    assert other.v == pytest.approx(1e5 * one.v, rel=1e-6)
    assert other.log_likelihood == pytest.approx(one.log_likelihood - 400 * np.log(1e5), abs=1e-4)


def test_spend_that_goes_with_frequency_is_warned_of():
    rng = np.random.default_rng(0)
    x = rng.integers(1, 10, 300)
    related = pd.DataFrame({"frequency": x, "monetary_value": x * rng.gamma(5, 2, 300)})
    model = fit_gamma_gamma(related)
    assert model.correlation == pytest.approx(np.corrcoef(related.T)[0, 1])
    assert "go together" in model.warnings[-1]
    assert not fit_gamma_gamma(related.assign(frequency=rng.permutation(x))).warnings


def test_a_mean_that_is_not_finite_is_refused():
    model = GammaGamma(p=2, q=0.9, v=10)
    assert expected_spend(model, pd.DataFrame({"frequency": [1], "monetary_value": [10.0]}))[0] > 0
    with pytest.raises(InsightError, match="not finite, because q = 0.9"):
        expected_spend(model, pd.DataFrame({"frequency": [0], "monetary_value": [np.nan]}))
    with pytest.raises(InsightError, match="needs 30 customers who came back and spent; there are 3"):
        fit_gamma_gamma(pd.DataFrame({"frequency": [1, 0], "monetary_value": [10.0, 0], "weight": [3, 99]}))
    with pytest.raises(InsightError, match="monetary_value must be 0 or more"):
        fit_gamma_gamma(pd.DataFrame({"frequency": [1], "monetary_value": [-10.0]}))
