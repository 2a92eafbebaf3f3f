"""Numbers that others have published, found again. Each test is named after where they stand."""

import numpy as np
import pandas as pd
import pytest

from insight import (
    Bdw,
    BgNbd,
    GammaGamma,
    ParetoNbd,
    Sbg,
    clv_cells,
    clv_summary,
    contract_survival,
    discounted_purchases,
    expected_purchases,
    expected_spend,
    fit_bdw,
    fit_bg_nbd,
    fit_gamma_gamma,
    fit_mbg_nbd,
    fit_pareto_nbd,
    fit_sbg,
    probability_alive,
)
from tests.cdnow import CALIBRATION_END, cdnow_orders

WEEKS = [13, 26, 39, 52, 65, 78]
ACTUAL = [828, 1746, 2457, 3183, 3844, 4339]  # repeat purchase days of the sample: BTYD 2.4.3, cdnowSummary$cu.tracking
BG_2005 = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
PARETO_BTYD = ParetoNbd(r=0.553397143257, alpha=10.580198543474, s=0.606062497118, beta=11.656223670708)
SPEND_2013 = GammaGamma(p=6.25, q=3.74, v=15.44)
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]  # per cent of 1,000 customers after 0 to 7 years
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]


@pytest.fixture(scope="module")
def exact():
    """CDNOW's first 39 weeks, by the day."""
    return clv_summary(cdnow_orders(), as_of=CALIBRATION_END)


@pytest.fixture(scope="module")
def rounded(exact):
    """The same as the file that goes round: weeks and dollars with two decimals."""
    return exact.customers.round(2)


def row(x, t_x, T):
    return pd.DataFrame({"frequency": np.atleast_1d(x), "recency": t_x, "T": T})


def new(n=1):
    return row(np.zeros(n), 0.0, 0.0)


def assert_fit(model, parameters, log_likelihood, *, rel, abs_log_likelihood):
    assert list(model.parameters.values()) == pytest.approx(parameters, rel=rel)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=abs_log_likelihood)
    assert model.converged
    assert not model.warnings


# -- Fader, Hardie & Lee 2005, Marketing Science 24:275 ---------------------------------------------------------------


def test_fader_hardie_lee_2005_table_2_bg_nbd(rounded):
    model = fit_bg_nbd(rounded)
    assert list(model.parameters.values()) == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0006)
    assert_fit(model, [0.242593, 4.413532, 0.792886, 2.425753], -9582.42556, rel=2e-5, abs_log_likelihood=2e-4)


def test_fader_hardie_lee_2005_table_2_pareto_nbd(rounded):
    model = fit_pareto_nbd(rounded)
    assert list(model.parameters.values()) == pytest.approx([0.553, 10.578, 0.606, 11.669], rel=0.001)
    assert_fit(model, [0.553276, 10.577612, 0.606214, 11.667911], -9594.97393, rel=2e-4, abs_log_likelihood=2e-4)


def test_clvtools_bg_nbd_by_the_day(exact):
    """The R package CLVTools, tests/testthat/test_correctness_bgnbd.R."""
    assert_fit(
        fit_bg_nbd(exact), [0.2425945, 4.4136019, 0.7929199, 2.4258881], -9582.429, rel=1e-3, abs_log_likelihood=1e-3
    )


def test_batislam_2007_model_in_lifetimes(rounded):
    """The Python package lifetimes, tests/test_estimation.py: .525, 6.183, .891, 1.614; more digits computed anew."""
    model = fit_mbg_nbd(rounded)
    assert list(model.parameters.values()) == pytest.approx([0.525, 6.183, 0.891, 1.614], abs=0.001)
    assert_fit(model, [0.524838, 6.182992, 0.891356, 1.613999], -9582.13268, rel=2e-5, abs_log_likelihood=2e-4)


def test_hardie_spreadsheet_bg_nbd_conditional_expectation():
    found = expected_purchases(BG_2005, row(2, 30.43, 38.86), horizon=39)
    assert found[0] == pytest.approx(1.226, abs=0.001)


def test_hardie_spreadsheet_bg_nbd_expectation():
    unrounded = BgNbd(r=0.242593, alpha=4.413532, a=0.792886, b=2.425753)
    found = expected_purchases(unrounded, new(6), horizon=[0.1429, 1, 3, 31.8571, 32, 78])
    assert found.tolist() == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=0.0005)


# -- the R package BTYD 2.4.3 -----------------------------------------------------------------------------------------


def test_btyd_bg_nbd_customer_1516():
    own = row(26, 30.857142857142858, 31.0)
    assert expected_purchases(BG_2005, own, horizon=52)[0] == pytest.approx(25.7564922154, rel=1e-9)
    assert probability_alive(BG_2005, own)[0] == pytest.approx(0.968851562852, rel=1e-9)


def test_btyd_pareto_nbd_customer_1516():
    own = row(26, 30.857142857142858, 31.0)
    assert expected_purchases(PARETO_BTYD, own, horizon=52)[0] == pytest.approx(25.4541832736, rel=1e-8)
    assert probability_alive(PARETO_BTYD, own)[0] == pytest.approx(0.997873408212, rel=1e-8)
    assert discounted_purchases(PARETO_BTYD, own, discount=0.0027)[0] == pytest.approx(86.0311830421, rel=1e-8)
    assert expected_purchases(PARETO_BTYD, new(), horizon=52)[0] == pytest.approx(1.4731126895, rel=1e-8)


def test_btyd_vignette_increasing_frequency_paradox():
    """Of four customers silent for 19 weeks the most frequent is the least likely to be alive."""
    found = expected_purchases(PARETO_BTYD, row([10, 15, 20, 25], 20.0, 39.0), horizon=52)
    wanted = [0.705967342173, 0.144187797402, 0.0224992824319, 0.00309178961379]
    assert found.tolist() == pytest.approx(wanted, rel=1e-8)


def test_btyd_manual_pareto_nbd_expectation():
    model = ParetoNbd(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    found = expected_purchases(model, new(10), horizon=np.arange(10.0))
    wanted = [0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466]
    wanted += [0.27361274, 0.31335159, 0.35181024, 0.38909211]
    assert found.tolist() == pytest.approx(wanted, abs=1e-8)


def test_btyd_cumulative_repeat_transactions_that_happened():
    found = [clv_summary(cdnow_orders(), as_of=day).customers["frequency"].sum() for day in _ends(WEEKS)]
    assert found == ACTUAL


def _ends(weeks):
    last = pd.Timestamp(CALIBRATION_END)
    return [(last + pd.Timedelta(weeks=week - 39)).strftime("%Y-%m-%d") for week in weeks]


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (BG_2005, [723.633800652, 1738.91607515, 2505.14301387, 3138.55841892, 3685.80470904, 4171.4335823]),
        (PARETO_BTYD, [712.299862258, 1742.54295333, 2532.26676715, 3190.45111921, 3763.03088876, 4274.43695514]),
    ],
    ids=["BG/NBD", "Pareto/NBD"],
)
def test_btyd_expected_cumulative_transactions(exact, model, wanted):
    """BTYD counts weeks from the first day on which anybody came, which is max(T) before the end of the calibration."""
    came = exact.customers["T"].max() - exact.customers["T"].to_numpy()
    found = []
    for week in WEEKS:
        since = np.maximum(week - came, 0)
        found.append(expected_purchases(model, new(len(came)), horizon=since).sum())
    assert found == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize(
    ("model", "wanted"), [(BG_2005, 1653.94125931), (PARETO_BTYD, 1665.42818785)], ids=["BG/NBD", "Pareto/NBD"]
)
def test_btyd_total_of_the_next_39_weeks(exact, model, wanted):
    assert expected_purchases(model, exact, horizon="273D").sum() == pytest.approx(wanted, rel=1e-9)
    assert ACTUAL[-1] - ACTUAL[2] == 1882


def test_btyd_gamma_gamma_expected_spend():
    rows = pd.DataFrame({"frequency": [1, 7], "monetary_value": [25.0, 25.0]})
    assert expected_spend(SPEND_2013, rows).tolist() == pytest.approx([28.1145717464, 25.6022800602], abs=1e-8)


# -- Fader & Hardie 2013, note 025 ------------------------------------------------------------------------------------


def test_fader_hardie_2013_gamma_gamma(exact, rounded):
    model = fit_gamma_gamma(rounded)
    assert list(model.parameters.values()) == pytest.approx([6.25, 3.74, 15.44], abs=0.01)
    assert model.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert model.correlation == pytest.approx(0.11, abs=0.005)
    clvtools = fit_gamma_gamma(exact)  # tests/testthat/test_correctness_gg.R, by the cent
    assert_fit(clvtools, [6.25, 3.74, 15.44], -4055.91769, rel=1.5e-3, abs_log_likelihood=1e-4)
    assert clvtools.n_customers == 946


def test_fader_hardie_2013_expected_spend_of_the_first_ten_customers():
    spend = [22.35, 11.77, 0, 0, 0, 73.74, 11.77, 0, 25.55, 0]
    rows = pd.DataFrame({"frequency": [2, 1, 0, 0, 0, 7, 1, 0, 2, 0], "monetary_value": spend})
    found = expected_spend(SPEND_2013, rows)
    assert found.tolist() == pytest.approx(
        [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17], abs=0.1
    )


# -- contracts --------------------------------------------------------------------------------------------------------


def customers(per_cent):
    return [10 * share for share in per_cent]


def test_fader_hardie_2007_high_end():
    model = fit_sbg(customers(HIGH_END))
    assert_fit(model, [0.668, 3.806], -1611.158147, rel=1e-3, abs_log_likelihood=1e-4)
    fitted = [100, 85.06806, 74.68609, 66.97902, 60.99199, 56.18347, 52.22156, 48.89061]
    projected = [46.04389805, 43.57786111, 41.41711631, 39.50538809, 37.79974068]
    assert (100 * contract_survival(model, 12)).tolist() == pytest.approx(fitted + projected, abs=0.005)


def test_fader_hardie_2007_regular():
    model = fit_sbg(customers(REGULAR))
    assert_fit(model, [0.704, 1.182], -1680.265188, rel=1e-3, abs_log_likelihood=1e-4)
    projected = [22.008399, 20.440977, 19.118914, 17.986392, 17.003636]
    assert (100 * contract_survival(model, 12)[8:]).tolist() == pytest.approx(projected, abs=0.005)


def test_foretell_bdw_high_end():
    """The R package foretell 0.3; the model of Fader, Hardie, Liu, Davin & Steenburgh 2018."""
    model = fit_bdw(customers(HIGH_END))
    assert_fit(model, [0.21425, 1.42658, 1.72356], -1605.314213, rel=2e-3, abs_log_likelihood=1e-3)
    projected = [46.77467, 44.83308, 43.15735, 41.69066, 40.39194]
    assert (100 * contract_survival(model, 12)[8:]).tolist() == pytest.approx(projected, abs=0.01)
    assert model.p_value < 0.001  # chances to leave are not constant here


def test_published_parameters_can_be_used_without_data():
    assert contract_survival(Sbg(alpha=0.668, beta=3.806), 1)[1] == pytest.approx(3.806 / 4.474)
    assert contract_survival(Bdw(alpha=0.668, beta=3.806, c=1), 9) == pytest.approx(
        contract_survival(Sbg(alpha=0.668, beta=3.806), 9)
    )


# -- the same by cells ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit", [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd, fit_gamma_gamma])
def test_a_fit_to_cells_is_the_fit_to_customers(exact, fit):
    cells = clv_cells(cdnow_orders(), as_of=CALIBRATION_END)
    one, other = fit(exact), fit(cells)
    assert one.parameters == other.parameters
    assert one.log_likelihood == other.log_likelihood
