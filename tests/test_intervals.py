"""Interval estimates against published numbers."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from insight.errors import InsightError
from insight.intervals import wilson


@pytest.mark.parametrize(
    ("x", "n", "level", "low", "high"),
    [
        (0, 10, 0.95, 0.0, 0.27753279986288926),  # R: prop.test(0, 10, correct=FALSE)
        (0, 10, 0.99, 0.0, 0.398854093304908),
        (10, 10, 0.95, 0.7224672001371107, 1.0),
    ],
)
def test_wilson_as_published(x, n, level, low, high):
    np.testing.assert_allclose(wilson(x, n, level), (low, high), atol=1e-12)


def test_wilson_as_statsmodels_computes_it():
    n = np.array([1, 2, 7, 30, 1000, 10_000_000])
    for share in (0, 0.1, 0.5, 0.93, 1):
        x = np.round(share * n)
        np.testing.assert_allclose(wilson(x, n), proportion_confint(x, n, method="wilson"), atol=1e-12)


def test_nobody_gives_no_interval():
    assert np.isnan(wilson(0, 0)).all()


def test_a_level_outside_0_and_1_is_refused():
    with pytest.raises(InsightError, match="between 0 and 1"):
        wilson(1, 2, level=95)
