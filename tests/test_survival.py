"""How long until something happens: against published tables, statsmodels and a twin that counts by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from insight.errors import InsightError
from insight.survival import kaplan_meier, log_rank, median_interval, median_time, quantile_time, restricted_mean

# Weeks in remission (Freireich et al. 1963, Blood 21:699); the textbooks' example. "+": still in remission.
DRUG = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"

lives = st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(1, 3)), min_size=1, max_size=12)


def arrays(line):
    weeks = line.split()
    return np.array([int(week.rstrip("+")) for week in weeks]), np.array([not week.endswith("+") for week in weeks])


def survival_by_hand(rows, t):
    """The product over the times up to t, in fractions, of the share of those at risk for whom it does not happen."""
    left = Fraction(1)
    for time in sorted({duration for duration, *_ in rows if duration <= t}):
        at_risk = sum(weight for duration, _, weight in rows if duration >= time)
        left *= 1 - Fraction(sum(weight for duration, seen, weight in rows if duration == time and seen), at_risk)
    return left


def test_the_curve_of_the_textbooks_is_reproduced():
    """Kleinbaum & Klein 2012, Survival Analysis, chapter 2, table of group 1."""
    curve = kaplan_meier(*arrays(DRUG))
    fell = curve[curve["events"] > 0]
    assert fell["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert fell["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert fell["survival"].round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert median_time(curve) == 23
    assert median_time(kaplan_meier(*arrays(PLACEBO))) == 8


def test_the_interval_is_that_of_r_with_log_log():
    """survfit(Surv(t, d) ~ 1, conf.type = "log-log") of R at the weeks 6, 7 and 10, as in the books on both."""
    curve = kaplan_meier(*arrays(DRUG)).set_index("time")
    assert curve.loc[[6, 7, 10], "ci_low"].round(3).tolist() == [0.620, 0.563, 0.503]
    assert curve.loc[[6, 7, 10], "ci_high"].round(3).tolist() == [0.952, 0.923, 0.889]


def test_the_log_rank_test_of_the_textbooks_is_reproduced():
    """Kleinbaum & Klein 2012, chapter 2: 16.79 with one degree of freedom; survdiff of R: p = 4.17e-05."""
    (drug, seen), (placebo, all_seen) = arrays(DRUG), arrays(PLACEBO)
    group = ["drug"] * len(drug) + ["placebo"] * len(placebo)
    test = log_rank(np.concatenate([drug, placebo]), np.concatenate([seen, all_seen]), group)
    assert (round(test.statistic, 2), test.degrees_of_freedom) == (16.79, 1)
    assert test.p_value == pytest.approx(4.17e-05, rel=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_a_curve_of_weighted_rows_is_that_of_statsmodels(seed):
    random = np.random.default_rng(seed)
    durations, observed = random.integers(1, 40, 300), random.random(300) < 0.6
    observed[durations == durations.max()] = False  # statsmodels has no interval where nobody is left
    weights = random.integers(1, 4, 300)
    curve, peer = kaplan_meier(durations, observed, weights), SurvfuncRight(durations, observed, freq_weights=weights)
    fell = curve[curve["events"] > 0]
    assert fell["time"].tolist() == peer.surv_times.tolist()
    assert fell["at_risk"].tolist() == peer.n_risk.tolist()
    np.testing.assert_allclose(fell["survival"], peer.surv_prob, rtol=1e-12)
    median = median_interval(kaplan_meier(durations, observed))
    bounds = SurvfuncRight(durations, observed).quantile_ci(0.5, method="cloglog")
    assert (median.ci_low, median.ci_high) == bounds


@pytest.mark.parametrize("seed", range(4))
def test_a_test_of_several_groups_is_that_of_statsmodels(seed):
    random = np.random.default_rng(seed)
    durations, group = random.exponential(20, 200).round(seed), random.integers(0, 2 + seed, 200)
    observed = random.random(200) < 0.7
    test, (statistic, p_value) = log_rank(durations, observed, group), survdiff(durations, observed, group)
    assert test.statistic == pytest.approx(statistic, rel=1e-9)
    assert test.p_value == pytest.approx(p_value, rel=1e-7)
    assert test.degrees_of_freedom == len(set(group)) - 1


@given(lives)
@settings(max_examples=80, deadline=None)
def test_the_curve_is_the_product_of_the_shares_that_are_left(rows):
    durations, observed, weights = (np.array(column) for column in zip(*rows, strict=True))
    for curve in (kaplan_meier(durations, observed, weights), kaplan_meier(durations * 1e6 + 0.0, observed, weights)):
        for (_, point), t in zip(curve.iterrows(), sorted(set(durations.tolist())), strict=True):
            assert point["survival"] == pytest.approx(float(survival_by_hand(rows, t)), abs=1e-12)


@given(lives)
@settings(max_examples=50, deadline=None)
def test_a_row_that_counts_three_times_is_three_rows(rows):
    durations, observed, weights = (np.array(column) for column in zip(*rows, strict=True))
    three = np.repeat(durations, weights), np.repeat(observed, weights)
    assert kaplan_meier(durations, observed, weights).equals(kaplan_meier(*three))


def test_somebody_censored_at_the_time_of_an_event_was_at_risk_of_it():
    curve = kaplan_meier([5, 5], [True, False])
    assert curve["survival"].tolist() == [0.5]
    assert curve[["at_risk", "events", "censored"]].to_numpy().tolist() == [[2, 1, 1]]


def test_a_median_that_is_not_reached_is_not_invented():
    curve = kaplan_meier([1, 2, 3, 4], [True, False, False, False])
    assert np.isnan(median_time(curve))
    assert quantile_time(curve, 0.25) == 1


def test_a_share_reached_exactly_counts_as_reached_whatever_the_rounding():
    curve = kaplan_meier(np.arange(10), np.ones(10, bool))
    assert [quantile_time(curve, share / 10) for share in range(1, 11)] == list(range(10))


def test_weights_that_are_shares_of_a_customer_end_at_nothing():
    curve = kaplan_meier([1, 2, 3], [True] * 3, np.array([1 / 3] * 3))
    assert curve["survival"].iloc[-1] == 0
    assert curve["survival"].iloc[0] == pytest.approx(2 / 3)


def test_there_is_no_interval_before_the_first_event_nor_when_nobody_is_left():
    curve = kaplan_meier([1, 2, 3], [False, True, True])
    assert curve["ci_low"].isna().tolist() == [True, False, True]


def test_the_restricted_mean_is_the_area_under_the_curve():
    """By hand: 2 x 1 + 2 x 0.5; the variance is (1)^2 x 1 / (2 x 1), the area after the event being 1."""
    mean = restricted_mean(kaplan_meier([2, 4], [True, False]), until=4)
    assert mean.value == 3
    assert mean.ci_low == pytest.approx(3 - 1.959964 * 0.5**0.5)
    assert mean.ci_high == 4


def test_the_restricted_mean_of_everybody_seen_to_the_end_is_the_mean():
    durations = np.array([1, 3, 3, 8])
    mean = restricted_mean(kaplan_meier(durations, np.ones(4, bool)), until=8)
    assert mean.value == pytest.approx(durations.mean())
    assert mean.ci_high - mean.value == pytest.approx(1.959964 * durations.std() / 2, rel=1e-6)


def test_the_restricted_mean_of_the_textbooks_drug_is_that_of_r():
    """print(survfit(Surv(t, d) ~ 1), rmean = 35) of R for the drug: 23.3, standard error 2.83."""
    mean = restricted_mean(kaplan_meier(*arrays(DRUG)), until=35)
    assert mean.value == pytest.approx(23.29, abs=0.005)
    assert (mean.value - mean.ci_low) / 1.959964 == pytest.approx(2.83, abs=0.005)


def test_where_nothing_happened_nothing_differs():
    test = log_rank([1, 2, 3], [False] * 3, ["a", "b", "b"])
    assert np.isnan(test.statistic)
    assert np.isnan(test.p_value)


def test_a_group_that_left_before_anything_happened_is_no_degree_of_freedom():
    test = log_rank([1, 5, 6, 7, 8], [False, True, True, True, True], ["gone", "a", "b", "a", "b"])
    assert test.degrees_of_freedom == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([], []), "nobody"),
        (([1, 2], [True]), "one value each"),
        (([1, -2], [True, True]), "at least 0"),
        (([1, np.nan], [True, True]), "none missing"),
        (([1, 2], [True, True], None, 1.5), "level"),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence(arguments, words):
    with pytest.raises(InsightError, match=words):
        kaplan_meier(*arguments)


def test_one_group_cannot_be_compared():
    with pytest.raises(InsightError, match="two groups"):
        log_rank([1, 2], [True, True], ["a", "a"])


def test_a_mean_is_not_restricted_to_a_horizon_nobody_was_followed_to():
    with pytest.raises(InsightError, match="not above 4"):
        restricted_mean(kaplan_meier([2, 4], [True, False]), until=5)
