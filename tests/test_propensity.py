"""Who is likely to come back: figures of a real shop, no look past the day, the same whatever the order of the rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from insight import InsightError, members, propensity, read_orders, sample
from insight.churn.features import Snapshot
from insight.churn.models import auc, brier, calibration, encoding, lift_of_top, shift_to, shifted
from insight.churn.propensity import Tally, merged, propensity_tally
from insight.churn.trial import trial
from insight.errors import NotEnoughData, UnknownValue
from insight.tables.order_log import order_log
from tests.logs import START

CDNOW = {"horizon": "91D", "as_of": "1998-03-31"}  # 13 weeks after 30 Sep and after 30 Dec 1997


@pytest.fixture(scope="module")
def cdnow():
    return propensity(sample("cdnow_orders"), **CDNOW)


def buyers(n=400, days=120, seed=5, leak=False):
    """Orders of customers who buy at rates of their own; with `leak` a column that knows the next order."""
    random = np.random.default_rng(seed)
    rate = random.gamma(0.7, 0.05, n)
    rows = [(f"c{k:03}", START + pd.Timedelta(days=int(d)), 5.0)
            for k in range(n) for d in np.flatnonzero(random.random(days) < max(rate[k], 0.01))]  # fmt: skip
    rows += [("c000", START, 5.0), ("c000", START + pd.Timedelta(days=days - 1), 5.0)]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])
    if leak:  # written down after the fact: how many days on the next order came
        following = frame.groupby("customer_id")["order_date"].shift(-1)
        frame["next_in"] = (following - frame["order_date"]).dt.days.fillna(999)
    return frame


# -- figures ----------------------------------------------------------------------------------------------------------


def test_the_figures_of_cdnow_are_reproduced(cdnow):
    """13 weeks: logistic on log x and log gap AUC .805, Brier .1055 (base .136); boosting .801; recency alone .793;
    the base rate drifts from .178 to .163."""
    found = cdnow.models.set_index("model")
    assert found.loc["logistic", "auc"] == pytest.approx(0.805, abs=0.002)
    assert found.loc["logistic", "brier"] == pytest.approx(0.1055, abs=0.001)
    assert found.loc["boosting", "auc"] == pytest.approx(0.801, abs=0.003)
    assert found.loc["recency", "auc"] == pytest.approx(0.793, abs=0.002)
    assert cdnow.base_brier == pytest.approx(0.136, abs=0.001)
    assert (cdnow.fit_rate, cdnow.test_rate) == (pytest.approx(0.178, abs=0.002), pytest.approx(0.163, abs=0.001))
    assert cdnow.model == "logistic"


def test_more_features_bring_little():
    """All features: AUC .806, Brier .1046."""
    found = propensity(sample("cdnow_orders"), **CDNOW, features="all", model="logistic")
    assert found.auc == pytest.approx(0.806, abs=0.002)
    assert found.brier == pytest.approx(0.1046, abs=0.001)
    assert not found.is_leaking


def test_the_days_of_fit_and_test_leave_their_outcomes_apart(cdnow):
    assert (cdnow.fit_day, cdnow.test_day, cdnow.as_of) == ("1997-09-30", "1997-12-30", "1998-03-31")


def test_the_outcome_is_a_purchase_in_the_days_after(cdnow):
    """Counted again with pandas."""
    frame = sample("cdnow_orders").frame.query("amount > 0")
    day, after = pd.Timestamp("1997-12-30"), pd.Timestamp("1998-03-31")
    known = frame[frame["order_date"] <= day]["customer_id"].unique()
    back = frame[(frame["order_date"] > day) & (frame["order_date"] <= after)]["customer_id"].unique()
    assert cdnow.n_test == len(known)
    assert cdnow.test_rate == pytest.approx(np.isin(known, back).mean())


def test_chances_now_are_moved_to_the_latest_known_share(cdnow):
    assert cdnow.predicted_rate > cdnow.test_rate + 0.01
    chance = cdnow.customers["chance"]
    assert chance.between(0, 1).all()
    assert cdnow.expected / cdnow.n_customers < cdnow.predicted_rate


def test_the_tenths_add_up_and_say_how_often_the_chances_were_right(cdnow):
    tenths = cdnow.deciles
    assert tenths["n_customers"].sum() == cdnow.n_test
    assert tenths["came_back"].sum() == round(cdnow.test_rate * cdnow.n_test)
    assert (tenths["predicted"] * tenths["n_customers"]).sum() / cdnow.n_test == pytest.approx(cdnow.predicted_rate)
    assert tenths["captured_share"].iloc[-1] == 1
    assert tenths["lift"].iloc[0] == pytest.approx(cdnow.lift_top, rel=0.01)


# -- no look ahead ----------------------------------------------------------------------------------------------------


def test_nothing_after_the_day_changes_what_was_told_on_it():
    """The same shop, once to its end and once with everything after the test day shuffled among customers."""
    frame = buyers()
    late = frame["order_date"] > START + pd.Timedelta(days=89)
    mixed = frame.copy()
    mixed.loc[late, "customer_id"] = np.random.default_rng(1).permutation(frame.loc[late, "customer_id"])
    one, other = (propensity(read_orders(f), horizon="30D", model="logistic") for f in (frame, mixed))
    pd.testing.assert_series_equal(one.deciles["predicted"], other.deciles["predicted"])
    assert one.auc > 0.6
    assert other.predicted_rate == one.predicted_rate


def test_a_feature_that_holds_the_answer_is_too_good_and_named_a_leak():
    honest, leaking = (
        propensity(read_orders(buyers(leak=True)), horizon="30D", features=features, model="logistic")
        for features in (["days_silent"], ["days_silent", "next_in"])
    )
    assert not honest.is_leaking
    assert leaking.auc > 0.95
    assert leaking.is_leaking


def test_recency_measured_when_the_outcome_is_known_tells_it_perfectly():
    """The textbook leak: a label measured at the same instant as its features gives an AUC of 1."""
    random = np.random.default_rng(2)
    after = random.integers(0, 60, 300)
    leaking = {"days_silent": after, "active_days": np.ones(300, int)}  # days since the last at the end of the label
    known = Snapshot(np.arange(300).astype(str), leaking, after < 30)
    assert trial(known, known, ("days_silent",), "logistic").models.set_index("model").loc["logistic", "auc"] == 1.0


def test_an_honest_model_is_no_leak(cdnow):
    assert not cdnow.is_leaking


# -- the same whatever the order ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["logistic", "boosting"])
def test_the_order_of_the_rows_changes_nothing(model):
    frame = buyers(300)
    shuffled = frame.sample(frac=1, random_state=3).reset_index(drop=True)
    one, other = (propensity(read_orders(f), horizon="30D", features="all", model=model) for f in (frame, shuffled))
    for name in ("customers", "deciles", "models"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def test_parts_of_the_customers_are_the_same_customers():
    table = sample("shop_orders")
    asked = {"horizon": "60D", "activity": ["purchase"], "as_of": None, "level": 0.95}
    more = {"days": (244, 304, 364), "names": ("revenue", "events", "channel"), "has_amounts": True}
    number = table.frame["customer_id"].str[1:].astype(int).to_numpy()
    bucket = np.random.default_rng(7).integers(0, 3, 100_000)[number]
    logs = [order_log(table.frame[bucket == b].reset_index(drop=True), cancelled=False) for b in range(3)]
    made = merged([propensity_tally(own, table.facts, asked, **more) for own in logs])
    whole: Tally = propensity_tally(table.log, table.facts, asked, **more)
    assert made.left_out == whole.left_out
    for one, other in zip(made.snapshots, whole.snapshots, strict=True):
        one, other = one.sorted(), other.sorted()
        assert one.who.tolist() == other.who.tolist()
        assert {name: own.tolist() for name, own in one.features.items()} == {
            name: own.tolist() for name, own in other.features.items()
        }
        assert (one.returned is None and other.returned is None) or (one.returned == other.returned).all()


def test_features_are_what_was_known_on_the_day():
    rows = pd.DataFrame({"customer_id": ["ana"] * 4 + ["ben"] * 2, "amount": [5.0, 5.0, -5.0, 9.0, 3.0, 3.0]})
    rows["order_date"] = START + pd.to_timedelta([0, 4, 6, 12, 9, 20], unit="D")
    table = read_orders(rows)
    asked = {"horizon": "7D", "activity": ["purchase"], "as_of": None, "level": 0.95}
    made = propensity_tally(table.log, table.facts, asked, days=(10, 13, 20), names=("revenue", "events"),
                            has_amounts=True)  # fmt: skip
    early = made.snapshots[0].sorted()
    assert early.who.tolist() == ["ana", "ben"]
    assert {name: own.tolist() for name, own in early.features.items()} == {
        "active_days": [2, 1], "days_silent": [6, 1], "days_since_first": [10, 1], "revenue": [500, 300],
        "events": [3, 1],
    }  # fmt: skip
    assert early.returned.tolist() == [True, False]


# -- measures ---------------------------------------------------------------------------------------------------------


def test_the_measures_are_those_of_scikit_learn():
    random = np.random.default_rng(0)
    chance, y = random.random(200).round(1), random.random(200) < 0.3
    assert auc(chance, y) == pytest.approx(roc_auc_score(y, chance))
    assert brier(chance, y) == pytest.approx(brier_score_loss(y, chance))


def test_chances_that_are_right_have_slope_one_and_intercept_zero():
    random = np.random.default_rng(1)
    chance = random.uniform(0.05, 0.95, 200_000)
    y = random.random(len(chance)) < chance
    assert calibration(chance, y) == (pytest.approx(1, abs=0.02), pytest.approx(0, abs=0.02))
    slope, _intercept = calibration(shifted(chance, 0) ** 2, y)
    assert slope < 0.9
    _slope, intercept = calibration(shifted(chance, 1), y)
    assert intercept == pytest.approx(-1, abs=0.03)


def test_chances_that_tell_the_outcome_completely_have_no_calibration():
    assert np.isnan(calibration(np.array([0.9, 0.8, 0.1]), np.array([True, True, False]))).all()


def test_equal_chances_share_the_top_tenth():
    assert lift_of_top(np.zeros(50), np.arange(50) < 10, 0.1) == pytest.approx(1)
    assert lift_of_top(np.arange(50), np.arange(50) >= 45, 0.1) == pytest.approx(10)


def test_a_shift_moves_all_chances_to_the_share_and_keeps_their_order():
    chance = np.array([0.1, 0.4, 0.7])
    moved = shifted(chance, shift_to(chance, 0.2))
    assert moved.mean() == pytest.approx(0.2)
    assert (np.diff(moved) > 0).all()


def test_missing_numbers_and_new_texts_find_a_place():
    snapshot = Snapshot(np.array(["a", "b", "c"]),
                        {"age": np.array([30.0, np.nan, 50.0]), "plan": np.array(["x", "y", "x"], object)})  # fmt: skip
    code = encoding(snapshot, ("age", "plan"))
    later = Snapshot(np.array(["d"]), {"age": np.array([np.nan]), "plan": np.array(["z"], object)})
    assert np.isfinite(code.matrix(later)).all()
    assert code.numbers == {"age": 40.0}


# -- people, and what is not possible ---------------------------------------------------------------------------------


def test_the_people_with_the_highest_chances_are_those_of_the_table():
    table, asked = sample("shop_orders"), {"horizon": "90D", "model": "logistic"}
    found = propensity(table, **asked)
    ids = members("propensity", table, asked, {"top": 0.1})
    assert len(ids) == np.ceil(0.1 * found.n_customers)
    chance = found.customers.set_index("customer_id")["chance"]
    assert chance[ids].min() >= chance.drop(ids).max()
    least = members("propensity", table, asked, {"bottom": 0.1})
    assert chance[least].max() <= chance.drop(least).min()


@pytest.mark.parametrize("cell", [{}, {"top": 0}, {"top": True}, {"best": 0.1}, {"top": 0.1, "bottom": 0.1}])
def test_a_cell_that_does_not_exist_is_refused(cell):
    with pytest.raises(InsightError):
        members("propensity", sample("shop_orders"), {"horizon": "90D"}, cell)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"horizon": "200D"}, NotEnoughData, "more than 400 days of data"),
        ({"horizon": "90D", "origin": "2025-11-01"}, InsightError, "must be a day from"),
        ({"model": "magic"}, UnknownValue, "logistic"),
        ({"features": ["colour"]}, UnknownValue, "colour"),
        ({"horizon": "2D"}, NotEnoughData, "came back in the 2 days"),
    ],
)
def test_what_is_missing_is_said_in_numbers(asked, error, words):
    with pytest.raises(error, match=words):
        propensity(sample("shop_orders"), **asked)


def test_too_few_customers_are_said_in_numbers():
    with pytest.raises(NotEnoughData, match="100 customers known on .*; there are"):
        propensity(read_orders(buyers(60)), horizon="30D")


def test_an_earlier_origin_may_be_chosen():
    found = propensity(sample("shop_orders"), horizon="60D", origin="2025-06-30", model="logistic")
    assert (found.fit_day, found.test_day) == ("2025-06-30", "2025-11-01")


def test_revenue_is_shown_as_money_and_not_in_cents():
    frame = buyers(300).assign(amount=12.34)
    found = propensity(read_orders(frame), horizon="30D", features="all", model="logistic").customers
    spent = frame.groupby("customer_id")["amount"].sum()
    assert found["revenue"].to_numpy() == pytest.approx(spent[found["customer_id"]].to_numpy())


def test_a_column_is_read_in_the_row_of_the_last_activity():
    """Two orders on the last day, and after them a refund, which is no activity."""
    rows = pd.DataFrame({"customer_id": ["ana"] * 4 + ["ben"], "amount": [5.0, 5.0, 5.0, -5.0, 5.0]})
    rows["order_date"] = START + pd.to_timedelta([0, 10.1, 10.6, 10.8, 20], unit="D")
    table = read_orders(rows.assign(channel=["mail", "ads", "shop", "desk", "mail"], points=[1, 2, 3, 4, 5]))
    assert last_known(table)["channel"] == ["shop"]
    assert last_known(table)["points"] == [3]


def test_of_several_rows_at_the_last_instant_the_order_of_the_file_does_not_choose():
    rows = pd.DataFrame({"customer_id": ["ana"] * 4 + ["ben"], "amount": 5.0, "points": [1, 3, None, 2, 9]})
    rows["order_date"] = START + pd.to_timedelta([0, 10, 10, 10, 20], unit="D")
    rows["channel"] = ["ads", "shop", None, "mail", "mail"]
    for order in ([0, 1, 2, 3, 4], [3, 2, 1, 0, 4], [2, 1, 4, 3, 0]):
        found = last_known(read_orders(rows.iloc[order].reset_index(drop=True)))
        assert (found["channel"], found["points"]) == (["mail"], [2])


def last_known(table):
    """What is known of ana on day 12: she is the only customer by then."""
    asked = {"horizon": "5D", "activity": ["purchase"], "as_of": None, "level": 0.95}
    made = propensity_tally(table.log, table.facts, asked, days=(12, 12, 12), names=("channel", "points"),
                            has_amounts=True)  # fmt: skip
    return {name: own.tolist() for name, own in made.snapshots[0].features.items()}


def test_amounts_in_several_currencies_are_no_feature():
    orders = pd.DataFrame({"order_id": range(300), "customer_id": [f"c{k % 150}" for k in range(300)],
                           "order_date": pd.date_range("2026-01-01", periods=300, freq="6h"), "amount": 5.0,
                           "currency": ["EUR", "USD"] * 150})  # fmt: skip
    with pytest.raises(InsightError, match="several currencies"):
        propensity(read_orders(orders), horizon="3D", features="all")
