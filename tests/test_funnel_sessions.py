"""Sessions as the unit: where they begin, and intervals that know that a customer's sessions are alike."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import binom

from insight import funnel, read_events
from insight.charts.funnel import funnel_bars
from insight.charts.groups import funnel_groups
from insight.explain import funnel_card, funnel_reading
from insight.funnel.drops import n_customers
from insight.intervals import clustered_wilson, wilson
from tests.logs import log

MINUTES = "ana visit 0\nana buy 30\nana visit 61\nben visit 0\nben buy 31"


def counts(events, **asked):
    found = funnel(events, steps=["visit", "buy"], within="1h", entries="all", **asked)
    return found.n_units, found.steps["reached"].tolist()


def test_a_session_ends_with_a_pause_of_more_than_half_an_hour():
    events = log(MINUTES, unit="min")
    assert counts(events) == (2, [2, 2])
    assert counts(events, unit="session") == (4, [3, 1])  # ana 0-30, ana 61, ben 0, ben 31
    assert counts(events, unit={"session_gap": "29min"}) == (5, [3, 0])
    assert counts(events, unit={"session_gap": "1h"}) == (2, [2, 2])


def with_sessions(*rows):
    table = pd.DataFrame(rows, columns=["customer_id", "event", "minute", "session"])
    table["timestamp"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(table.pop("minute"), unit="min")
    return read_events(table)


def test_a_session_of_the_file_is_one_of_a_customer_and_may_pause():
    events = with_sessions(
        ("ana", "visit", 0, "s1"), ("ana", "buy", 59, "s1"), ("ben", "visit", 0, "s1"), ("ben", "buy", 5, "s2")
    )
    assert counts(events, unit="session") == (3, [2, 1])
    assert counts(events, unit={"session_gap": "30min"}) == (3, [2, 1])
    assert counts(events, unit={"session_gap": "1h"}) == (2, [2, 2])


def test_sessions_of_one_customer_may_overlap():
    events = with_sessions(
        ("ana", "visit", 0, "phone"), ("ana", "visit", 1, "desk"), ("ana", "buy", 2, "phone"), ("ana", "buy", 9, "desk")
    )
    assert counts(events, unit="session") == (2, [2, 2])


def test_rows_that_name_no_session_are_cut_at_pauses():
    events = with_sessions(
        ("ana", "visit", 0, None), ("ana", "buy", 9, "s1"), ("ana", "buy", 10, None), ("ana", "buy", 90, None)
    )
    assert counts(events, unit="session") == (3, [1, 1])


def test_a_session_counts_at_its_own_first_entry():
    found = funnel(
        log("ana visit 0 ads\nana visit 60 mail\nana buy 61\nben buy 500", unit="min"),
        steps=["visit", "buy"], within="6h", unit="session", by="channel",
    )  # fmt: skip
    groups = found.groups.groupby("group", sort=False)["reached"].agg(list).to_dict()
    assert groups == {"ads": [1, 0], "mail": [1, 1]}
    assert (found.n_customers, found.n_units) == (2, 3)


def test_equal_sessions_of_a_customer_say_no_more_than_one():
    lines = [
        f"c{i} visit {100 * s}\nc{i} {'buy' if i < 4 else 'visit'} {100 * s + 1}" for i in range(10) for s in range(5)
    ]
    found = funnel(
        log("\n".join(lines), unit="min"), steps=["visit", "buy"], within="1h", entries="all", unit="session"
    )
    assert found.steps["reached"].tolist() == [50, 20]
    low, high = map(float, wilson(0.4 * 9, 9))  # ten customers: the variance is that of nine degrees of freedom
    assert found.steps[["ci_low", "ci_high"]].iloc[1].tolist() == pytest.approx([low, high])


# -- the interval -----------------------------------------------------------------------------------------------------


def visits(rng, customers, alike):
    """Sessions and conversions of each customer, whose own rates scatter around a tenth (intra-class correlation)."""
    n = rng.geometric(0.3, customers)
    rate = rng.beta(0.1 * (1 - alike) / alike, 0.9 * (1 - alike) / alike, customers)
    return rng.binomial(n, rate), n


def test_the_variance_is_that_of_a_regression_with_clustered_errors():
    y, n = visits(np.random.default_rng(1), 300, alike=0.4)
    outcome = np.concatenate([np.repeat([1.0, 0.0], [a, b - a]) for a, b in zip(y, n, strict=True)])
    fit = sm.OLS(outcome, np.ones(len(outcome))).fit(
        cov_type="cluster", cov_kwds={"groups": np.repeat(np.arange(300), n)}
    )
    p, v = fit.params[0], fit.bse[0] ** 2
    effective = p * (1 - p) / v
    low, high = clustered_wilson(y[:, None], n)
    np.testing.assert_allclose([low[0], high[0]], wilson(p * effective, effective), atol=1e-4)


def test_the_interval_holds_the_true_rate_as_often_as_it_says():
    rng, found, plain = np.random.default_rng(7), 0, 0
    for _ in range(1000):
        y, n = visits(rng, 150, alike=0.3)
        low, high = clustered_wilson(y[:, None], n)
        found += low[0] <= 0.1 <= high[0]
        low, high = wilson(y.sum(), n.sum())
        plain += low <= 0.1 <= high
    assert binom.cdf(found, 1000, 0.95) > 0.001
    assert found > 925
    assert plain < 880  # what counting sessions as if they were customers would give


def test_independent_trials_have_the_plain_interval():
    y = np.repeat([1, 0], [30, 70])
    low, high = clustered_wilson(y[:, None], np.ones(100))
    np.testing.assert_allclose([low[0], high[0]], wilson(30 * 0.99, 99), atol=1e-12)


@pytest.mark.parametrize(("y", "of_four"), [(0, 0), (3, 4)])
def test_where_all_are_alike_each_cluster_counts_as_one_trial(y, of_four):
    low, high = clustered_wilson(np.full((4, 1), y), np.full(4, 3))
    np.testing.assert_allclose([low[0], high[0]], wilson(of_four, 4), atol=1e-12)


def test_nobody_gives_no_interval():
    low, high = clustered_wilson(np.zeros((0, 2)), np.zeros(0))
    assert np.isnan([*low, *high]).all()


def test_one_customer_gives_no_interval():
    low, high = clustered_wilson(np.array([[3, 0, 9]]), np.array([9]))
    assert np.isnan([*low, *high]).all()


def many_sessions(customers, each=20):
    """So many customers with twenty sessions each, half of which convert."""
    lines = [
        f"c{i:02} visit {60 * s}\n" + (f"c{i:02} buy {60 * s + 1}" if s % 2 else "")
        for i in range(customers)
        for s in range(each)
    ]
    text = "\n".join(line for part in lines for line in part.splitlines())
    return funnel(log(text, unit="min"), steps=["visit", "buy"], within="10min", entries="all", unit="session")


def test_a_small_sample_is_one_of_few_customers_however_many_their_sessions():
    few, small, enough = (many_sessions(n) for n in (3, 12, 30))
    assert [n_customers(result) for result in (few, small, enough)] == [3, 12, 30]
    assert "**30** of 60 sessions with **visit** went on to **buy**" in funnel_reading(few)
    assert "With fewer than 10 customers there are counts and no rates." in funnel_reading(few)
    assert "This is a small sample, fewer than 30 customers" in funnel_reading(small)
    assert "small sample" not in funnel_reading(enough)
    assert "No interval: they are of fewer than 10 customers." in funnel_card(few).sentences
    assert "50.0" not in funnel_card(few).formula
    pictures = [str(funnel_bars(result).to_dict()) for result in (few, small, enough)]
    assert "Fewer than 10 customers: counts, no rates." in pictures[0]
    assert "Small sample: fewer than 30 customers." in pictures[1]
    assert "Small sample" not in pictures[2]


def test_groups_of_few_customers_are_not_tested_however_many_their_sessions():
    lines = [f"c{i:02} visit {60 * s} {'ads' if i < 5 else 'mail'}" for i in range(20) for s in range(20)]
    lines += [f"c{i:02} buy {60 * s + 1}" for i in range(20) for s in range(20) if (s + i) % 2]
    events = log("\n".join(lines), unit="min")
    asked = {"steps": ["visit", "buy"], "within": "10min", "entries": "all", "by": "channel"}
    found = funnel(events, unit="session", **asked)
    assert found.customers == {None: 20, "mail": 15, "ads": 5}
    assert found.groups["p_value"].isna().all()
    assert "Too few: fewer than 10 customers, no rate." in str(funnel_groups(found).to_dict())
    assert funnel(events, **asked).customers is None
