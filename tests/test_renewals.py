"""Renewals to expect: counted against ten lines and the published cohort; in words, in a picture, on the page."""

import numpy as np
import pandas as pd
import pytest

from insight import InsightError, contract_renewals, members, read_customers, renewals_of_survivors
from insight.charts import contract_renewals_curve
from insight.clv import contract_survival, fit_bdw, fit_sbg
from insight.explain import contract_renewals_caption, contract_renewals_card, contract_renewals_reading
from insight.explain.cells import cell_in_words
from tests.app import go, open_page, upload
from tests.test_charts import drawn, hovered, texts

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]  # Fader & Hardie 2007, seven years
CLV = "pages/decide/clv.py"


def cohort(survivors=HIGH_END):
    """A table of customers with such a history: who leaves has a length and an end, who stays a length only."""
    lost = np.repeat(range(1, len(survivors)), -np.diff(survivors))
    years = np.append(lost, np.full(survivors[-1], len(survivors) - 1))
    frame = pd.DataFrame({"customer_id": [f"c{k:04}" for k in range(len(years))], "years": years})
    return read_customers(frame.assign(left=["yes"] * len(lost) + ["no"] * survivors[-1]))


SETTINGS = {"tenure": "years", "ended": "left", "period": "month", "horizon": 5}  # of a length in its own unit


def test_a_file_of_the_published_cohort_gives_the_published_parameters():
    found, typed = contract_renewals(cohort(), **SETTINGS), renewals_of_survivors(HIGH_END, period="year", horizon=5)
    for one in (found, typed):
        assert (round(one.alpha, 3), round(one.beta, 3), round(one.c, 3)) == (0.214, 1.427, 1.724)
        assert one.model == "bdw"
        assert one.periods["survival"].head(8).round(3).tolist() == [n / 1000 for n in HIGH_END]
    assert (found.n_customers, found.ended, found.running, found.observed) == (1000, 509, 491, 7)
    pd.testing.assert_frame_equal(found.periods, typed.periods)
    sbg = contract_renewals(cohort(), **SETTINGS, model="sbg")
    assert (round(sbg.alpha, 3), round(sbg.beta, 3), sbg.c) == (0.668, 3.806, 1.0)


def test_payments_are_the_sum_of_what_is_still_there():
    found = renewals_of_survivors(HIGH_END, period="year", horizon=3, annual_discount=0.1, payment=100, margin=0.5)
    share = contract_survival(fit_bdw(HIGH_END), 10)
    by_hand = sum(share[7 + k] / share[7] / 1.1**k for k in (1, 2, 3))
    assert found.expected_payments == pytest.approx(491 * by_hand)
    assert found.value == pytest.approx(491 * by_hand * 50)
    assert found.new_payments == pytest.approx(1 + sum(share[k] / 1.1**k for k in (1, 2, 3)))
    assert found.remaining["n_customers"].tolist() == [0] * 7 + [491]


def test_staggered_contracts_with_dates_are_counted_by_their_nearest_renewal():
    """A contract that ends on the day of its renewal, however long the month, has made the renewals before."""
    rng = np.random.default_rng(5)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, 400), unit="D")
    months = rng.integers(1, 14, 400)
    end = pd.Series([s + pd.DateOffset(months=int(m)) for s, m in zip(start, months, strict=True)])
    end[rng.random(400) < 0.3] = pd.NaT
    last = pd.Timestamp("2025-03-01")
    frame = pd.DataFrame({"customer_id": range(400), "since": start, "until": end.where(end <= last)})
    found = contract_renewals(read_customers(frame), start="since", end="until", as_of="2025-03-01")
    over = end.notna() & (end <= last)
    lost = np.bincount(months[over], minlength=len(found.periods))[: found.observed + 1]
    assert found.periods["lost"].head(found.observed + 1).tolist() == lost.tolist()
    held = ((last - start).days / (365.25 / 12)).astype(int).to_numpy()[~over]
    running = np.bincount(held, minlength=found.observed + 1)
    assert found.remaining["n_customers"].tolist() == running.tolist()
    at_risk = [400 - sum(lost[:t]) - sum(running[:t]) for t in range(found.observed + 1)]
    assert found.periods["at_risk"].head(found.observed + 1).tolist() == at_risk


def test_a_length_in_months_is_counted_in_the_periods_of_the_contract():
    months = cohort().frame.assign(years=lambda own: 12 * own["years"])
    found = contract_renewals(read_customers(months), **SETTINGS | {"period": "year"})
    pd.testing.assert_frame_equal(found.periods, renewals_of_survivors(HIGH_END, period="year", horizon=5).periods)


def test_few_periods_leave_two_numbers():
    found = renewals_of_survivors([200, 150, 120])
    assert (found.model, found.chosen_by) == ("sbg", "default")
    assert found.alpha == fit_sbg([200, 150, 120]).alpha
    with pytest.raises(InsightError, match="take model='sbg'"):
        renewals_of_survivors([200, 150, 120], model="bdw")


@pytest.mark.parametrize(
    "wrong", [{"horizon": 0}, {"horizon": 2.5}, {"period": "day"}, {"model": "linear"}, {"margin": 2}, {"payment": -1}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(InsightError):
        renewals_of_survivors(HIGH_END, **wrong)


def test_the_people_are_those_whose_contract_runs_or_is_over():
    table = cohort()
    assert len(members("contract_renewals", table, SETTINGS, {"ended": False})) == 491
    assert len(members("contract_renewals", table, SETTINGS, {"ended": True})) == 509
    assert cell_in_words("contract_renewals", SETTINGS, {"ended": False}) == "have a contract that runs"


def test_the_reading_says_who_stays_and_why_the_old_stay_longer():
    found = renewals_of_survivors(HIGH_END, period="year", horizon=5, payment=100.0, margin=0.3)
    assert contract_renewals_reading(found) == (
        "Of 1,000 contracts 509 have ended and 491 run. After 7 years, the end of the data, **49.1%** were still "
        "there. Of these **82.3%** can be expected to be there 5 years later, by BdW.\n\n"
        "After the payment that it begins with, a new contract can be expected to make 3.4 more in 5 years; one with 7 "
        "renewals 4.4. Loyalty rises with age: those who would leave have left, although the chance of each to "
        "leave grows. All 491 that run: 2,170 payments. That is **65,104** of margin, and 132 of a new contract.\n\n"
        "Model: BdW, for each customer’s chance to leave grows with time (c = 1.72, p < 0.001). Beyond the data "
        "nothing is seen: where line and dots part, trust neither."
    )
    assert contract_renewals_caption(found) == "1,000 contracts · 5 years ahead · BdW"
    assert r"\alpha = 0.21,\ \beta = 1.4" in contract_renewals_card(found).formula


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"model": "sbg"}, "Model: sBG, as chosen (test of c = 1: p < 0.001)."),
        ({"model": "sbg"}, "those who would leave have left; nobody has to change for that."),
        (
            {"survivors": [100000, 81873, 75364, 70722, 67032, 63941, 61269, 58911, 56797]},
            "Model: BdW, for each customer’s chance to leave falls with time",
        ),
        ({"survivors": [1000, 631, 468, 382, 326, 289, 262, 241]}, "nothing speaks for a chance to leave that changes"),
        ({"survivors": [200, 150, 120]}, "Model: sBG; there are too few periods for the three numbers of BdW."),
    ],
    ids=str,
)
def test_which_model_and_why_is_said(settings, words):
    assert words in contract_renewals_reading(renewals_of_survivors(**{"survivors": HIGH_END} | settings))


@pytest.mark.parametrize(("theme", "narrow"), [("light", True), ("dark", False)])
def test_the_picture_has_what_was_seen_and_what_is_told(theme, narrow):
    picture = contract_renewals_curve(renewals_of_survivors(HIGH_END, horizon=5), theme=theme, narrow=narrow)
    marks = drawn(picture)
    assert hovered(picture, "As seen") == ["100%", *(f"{n / 10:.1f}%" for n in HIGH_END[1:]), *["–"] * 5]
    assert hovered(picture, "BdW")[-1] == "40.4%"
    assert "the data end here" in texts(marks)
    short = drawn(contract_renewals_curve(renewals_of_survivors([200, 150, 120])))
    assert "Told by BdW" in texts(marks)
    assert "Told by BdW" not in texts(short)


# -- on the page ------------------------------------------------------------------------------------------------------


def said(at):
    return " ".join(markdown.value for markdown in at.markdown).replace("\\", "")


def test_typed_numbers_of_a_cohort_are_enough():
    at = open_page(CLV, show="contracts")
    at.button(key="clv.survivors.example").click().run()
    assert not at.exception
    assert "Of 1,000 contracts 509 have ended and 491 run." in said(at)
    assert "from insight import renewals_of_survivors" in at.code[0].value
    again = open_page(CLV, show="contracts", survivors="1000, 631, 468, 382", period="year")
    assert "Of 1,000 contracts 618 have ended" in said(again)
    wrong = open_page(CLV, show="contracts", survivors="many, few, none")
    assert "Type three whole numbers or more" in wrong.error[0].value


def test_a_file_of_contracts_is_read_at_once():
    rows = "".join(f"c{k},{k % 24 + 1},{'Yes' if k % 3 else 'No'}\n" for k in range(240))
    at = go(upload(open_page(), ("customer_id,tenure,churn\n" + rows).encode(), "club.csv"), CLV)
    at = open_contracts(at)
    assert "Of 240 contracts 160 have ended and 80 run." in said(at)


def open_contracts(at):
    at.query_params["show"] = "contracts"
    at.switch_page("pages/start/data.py").run()
    at.query_params["show"] = "contracts"
    at.switch_page(CLV).run()
    assert not at.exception
    return at
