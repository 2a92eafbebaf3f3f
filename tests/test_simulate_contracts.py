"""The simulated gym: what its truth says is what its table shows."""

import ast

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import betaln

from insight import fit_sbg, read_customers, survival
from insight.errors import InsightError
from insight.simulate import simulate_contracts

NEVER = 1e-5  # chance that a right simulation fails one comparison


@pytest.fixture(scope="module")
def city():
    """Many members, so that truths show clearly."""
    return simulate_contracts(customers=40_000, seed=3)


def stayed(table, months, end):
    """Of the members who joined so many months before the end: how many there are, and who stayed longer."""
    joined, left = table["start_date"], table["end_date"]
    ages = joined.dt.to_period("M").map(lambda month: month.ordinal)
    known = ages + months < pd.Period(end, "M").ordinal
    own = table[known]
    paid = left[known].dt.to_period("M").map(lambda month: month.ordinal, na_action="ignore") - ages[known]
    return len(own), int((paid.isna() | (paid > months)).sum())


@pytest.mark.parametrize("plan", ["basic", "plus"])
@pytest.mark.parametrize("months", [1, 3, 12, 24])
def test_the_share_that_stays_is_that_of_the_model(city, plan, months):
    alpha, beta = (city.truth["churn"]["plans"][plan][name] for name in ("alpha", "beta"))
    n, still = stayed(city.customers[city.customers["plan"] == plan], months, "2026-01-01")
    low, high = stats.binom.interval(1 - NEVER, n, np.exp(betaln(alpha, beta + months) - betaln(alpha, beta)))
    assert low <= still <= high


def test_the_model_finds_its_parameters_again(city):
    table = city.customers[(city.customers["plan"] == "basic") & (city.customers["start_date"] < "2023-02-01")]
    active = [stayed(table, months, "2026-01-01")[1] for months in range(35)]
    model, truth = fit_sbg([len(table), *active[1:]]), city.truth["churn"]["plans"]["basic"]
    for name in ("alpha", "beta"):
        assert abs(getattr(model, name) - truth[name]) < 4.5 * model.standard_errors[name]


def test_the_plan_matters_and_the_club_does_not(city):
    table = read_customers(city.customers)
    settings = {"start": "start_date", "end": "end_date"}
    assert survival(table, **settings, by="plan").p_value < 1e-9
    assert survival(table, **settings, by="club").p_value > 1e-4


def test_a_contract_ends_on_the_day_of_the_month_on_which_it_began(city):
    ended = city.customers.dropna(subset="end_date")
    assert (ended["start_date"].dt.day == ended["end_date"].dt.day).all()
    assert (ended["end_date"] > ended["start_date"]).all()
    assert ended["end_date"].max() < pd.Timestamp("2026-01-01")


def test_january_brings_most_members(city):
    months = city.customers["start_date"].dt.month.value_counts()
    low, high = stats.binom.interval(1 - NEVER, months[1] + months[7], 2.2 / 2.8)
    assert low <= months[1] <= high
    assert months.idxmax() == 1


def test_the_same_settings_give_the_same_gym_and_another_seed_another():
    one, same, other = (simulate_contracts(customers=50, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.customers, same.customers)
    assert not one.customers.equals(other.customers)
    assert ast.literal_eval(repr(one.truth)) == one.truth


@pytest.mark.parametrize("wrong", [{"customers": 3}, {"months": 1}, {"start": "soon"}])
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(InsightError):
        simulate_contracts(**wrong)
