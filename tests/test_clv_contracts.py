"""Contracts: renewals against direct sums and products, cohorts together, what the data do not determine."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import beta as beta_function
from scipy.stats import beta as beta_distribution

from insight import (
    Bdw,
    InsightError,
    Sbg,
    contract_lifetime,
    contract_retention,
    contract_survival,
    fit_bdw,
    fit_sbg,
)
from insight.clv.contracts import exits, score

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
SBG = Sbg(alpha=0.668, beta=3.806)


def test_survival_is_a_mean_over_customers_who_differ():
    """Brute force: customers with every chance to leave, weighted by the beta distribution, period by period."""
    theta = (np.arange(400_000) + 0.5) / 400_000
    weight = beta_distribution.pdf(theta, 1.3, 3.8)
    wanted = [(weight * (1 - theta) ** t).sum() / weight.sum() for t in range(6)]
    assert contract_survival(Sbg(alpha=1.3, beta=3.8), 5).tolist() == pytest.approx(wanted, rel=1e-5)


def test_retention_rises_though_nobody_becomes_more_loyal():
    found = contract_retention(SBG, 12)
    t = np.arange(1, 13)
    assert found == pytest.approx((3.806 + t - 1) / (0.668 + 3.806 + t - 1))
    assert (np.diff(found) > 0).all()
    assert np.cumprod(found) == pytest.approx(contract_survival(SBG, 12)[1:])


@pytest.mark.parametrize("discount", [0.05, 0.1, 0.5])
def test_a_lifetime_is_the_sum_of_its_payments(discount):
    share = contract_survival(SBG, 1500)
    worth = (1 + discount) ** -np.arange(1501.0)
    assert contract_lifetime(SBG, annual_discount=discount) == pytest.approx((share * worth).sum(), rel=1e-4)
    for n in (1, 2, 7):
        later = (share[n:] / share[n - 1] * worth[: 1501 - n]).sum()
        assert contract_lifetime(SBG, annual_discount=discount, renewals=n) == pytest.approx(later, rel=1e-4)


def test_who_has_stayed_longer_will_stay_longer():
    found = [contract_lifetime(SBG, annual_discount=0.1, renewals=n) for n in (1, 2, 5, 20)]
    assert found == sorted(found)


def test_cohorts_of_different_age_are_taken_together():
    rows = [("a", t, n) for t, n in enumerate([500, 400, 340])] + [("b", t, n) for t, n in enumerate([300, 240])]
    table = pd.DataFrame([*rows, ("c", 0, 200)], columns=["cohort", "period", "active"])
    lost, active = exits(table.sample(frac=1, random_state=0))
    assert lost.tolist() == [0, 160, 60]
    assert active.tolist() == [200, 240, 340]
    model = fit_sbg(table)
    assert model.n_customers == 1000
    best = score(np.array([model.alpha, model.beta, 1]), lost, active)[0]
    assert best == pytest.approx(model.log_likelihood)
    by_hand = sum(
        n * np.log(contract_survival(model, t)[-1] if stays else -np.diff(contract_survival(model, t))[-1])
        for t, n, stays in [(1, 160, False), (2, 60, False), (1, 240, True), (2, 340, True)]
    )
    assert best == pytest.approx(by_hand)


def test_splitting_a_cohort_in_two_changes_nothing():
    halves = [(name, t, n / 2) for name in "ab" for t, n in enumerate(REGULAR)]
    table = pd.DataFrame(halves, columns=["cohort", "period", "active"])
    assert fit_sbg(table).parameters == pytest.approx(fit_sbg(REGULAR).parameters, rel=1e-6)


def test_the_gradient_is_the_slope_of_the_likelihood():
    lost, active = exits(HIGH_END)
    at = np.array([0.7, 2.0, 1.4])
    for own, step in zip(score(at, lost, active)[1], 1e-6 * np.eye(3), strict=True):
        slope = (score(at + step, lost, active)[0] - score(at - step, lost, active)[0]) / 2e-6
        assert own == pytest.approx(slope, rel=1e-6)


def test_a_changing_chance_to_leave_is_told_from_a_constant_one():
    assert fit_bdw(HIGH_END).p_value < 0.001
    constant = (10_000 * contract_survival(Sbg(alpha=1.2, beta=4), 8)).round().tolist()
    found = fit_bdw(constant)
    assert found.p_value > 0.5
    assert found.c == pytest.approx(1, abs=2 * found.standard_errors["c"])


def test_customers_who_are_all_alike_are_said_to_be():
    model = fit_sbg([1024, 512, 256, 128, 64])
    assert "edge" in model.warnings[0]
    assert model.standard_errors is None
    assert contract_survival(model, 2).tolist() == pytest.approx([1, 0.5, 0.25], abs=1e-3)


@pytest.mark.parametrize(
    ("survivors", "message"),
    [
        ([50, 40, 30], "needs 100 customers; there are 50"),
        ([1000, 1000], "Nobody has left"),
        ([1000, 900, 950], "never grow"),
        ([1000, None, 900], "never grow"),
        ([], "never grow"),
        (pd.DataFrame({"cohort": ["a"], "period": [0]}), "has no active"),
        (pd.DataFrame({"cohort": ["a", "a"], "period": [0, 2], "active": [500, 400]}), "periods of cohort a"),
    ],
)
def test_numbers_that_are_no_renewals_are_refused(survivors, message):
    with pytest.raises(InsightError, match=message):
        fit_sbg(survivors)


def test_settings_that_are_not_possible_are_refused():
    with pytest.raises(InsightError, match="at least three periods; there are 2"):
        fit_bdw([1000, 900, 800])
    for more in ({"annual_discount": 0}, {"annual_discount": 0.1, "renewals": 0}):
        with pytest.raises(InsightError):
            contract_lifetime(SBG, **more)
    with pytest.raises(InsightError, match="takes an Sbg"):
        contract_lifetime(Bdw(alpha=1, beta=1, c=2), annual_discount=0.1)
    with pytest.raises(InsightError, match="periods = -1"):
        contract_survival(SBG, -1)


def test_bdw_is_sbg_in_stretched_time():
    found = contract_survival(Bdw(alpha=0.5, beta=2, c=1.7), 6)
    wanted = [beta_function(0.5, 2 + t**1.7) / beta_function(0.5, 2) for t in range(7)]
    assert found.tolist() == pytest.approx(wanted)
