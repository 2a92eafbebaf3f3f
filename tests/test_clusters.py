"""Clusters: planted groups are found, noise gives none, the same groups whatever the order of the rows."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from insight import (
    InsightError,
    capabilities,
    clusters,
    members,
    read_customers,
    read_events,
    read_orders,
    rfm,
    sample,
)
from insight.clusters import evidence, grouping
from insight.clusters.evidence import adjusted_rand, best_of, hashed_sample
from insight.clusters.known import known_customers
from insight.clusters.scaling import logs, scaled, unlogged
from insight.clusters.settings import usual_features
from insight.errors import NotEnoughData, UnknownValue
from tests.cdnow import cdnow_orders
from tests.logs import log
from tests.orders import InParts, order_table

BUYING = ["days_since_last", "orders", "revenue"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Fewer draws and fewer numbers of clusters: what is tested here does not depend on how many."""
    monkeypatch.setattr(evidence, "SAMPLES", 6)
    monkeypatch.setattr(evidence, "MOST", 4)


def planted(sizes=(120, 90, 60), apart=6.0, seed=3):
    """Customers around three points in a plane, and which point each belongs to."""
    rng, truth = np.random.default_rng(seed), np.repeat(np.arange(len(sizes)), sizes)
    middle = apart * np.array([[0, 0], [1, 1], [-1, 1]])[truth]
    points = middle + rng.normal(size=(len(truth), 2))
    frame = pd.DataFrame({"customer_id": [f"c{n:04}" for n in rng.permutation(len(truth))]})
    return frame.assign(visits=points[:, 0], spend=points[:, 1]), truth


def noise(n=400, seed=1):
    """Customers without any groups."""
    points = np.random.default_rng(seed).normal(size=(n, 3))
    return pd.DataFrame(points, columns=["a", "b", "c"]).assign(customer_id=[f"c{k:04}" for k in range(n)])


def assert_equal(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
        else:
            assert left == right, field.name


# -- what is found ----------------------------------------------------------------------------------------------------


def test_planted_groups_are_found_with_their_number():
    frame, truth = planted()
    found = clusters(frame)
    assert (found.k, found.is_stable, found.is_forced) == (3, True, False)
    groups = frame[["customer_id"]].merge(found.customers, on="customer_id")["cluster"]
    assert adjusted_rand_score(truth, groups) > 0.99
    assert sorted(found.sizes["n_customers"]) == [60, 90, 120]


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_has_no_stable_groups_and_that_is_the_answer(seed):
    found = clusters(noise(seed=seed))
    assert (found.k, found.is_stable) == (None, False)
    assert found.customers.empty
    assert found.profile.empty
    assert found.sizes.empty
    assert not found.evidence["is_chosen"].any()


def test_a_number_that_is_asked_for_is_given_and_marked_where_the_evidence_does_not_speak_for_it():
    found = clusters(noise(), k=4)
    assert (found.k, found.is_forced, found.is_stable) == (4, True, False)
    assert found.sizes["n_customers"].sum() == 400
    assert clusters(planted()[0], k=3).is_stable


def test_the_groups_are_the_same_whatever_the_order_of_the_rows():
    frame, _ = planted(apart=2.0)
    assert_equal(clusters(frame, k=3), clusters(frame.sample(frac=1, random_state=1), k=3))


def test_orders_give_the_same_groups_in_any_order_and_in_parts():
    whole = order_table(n=600, customers=120)
    mixed = read_orders(whole.frame.drop(columns="amount_minor").sample(frac=1, random_state=4))
    settings = {"k": 3, "features": [*BUYING, "average_order_value"]}
    assert_equal(clusters(whole, **settings), clusters(mixed, **settings))
    assert_equal(clusters(whole, **settings), clusters(InParts(whole), **settings))


# -- groups, or slices of one cloud -----------------------------------------------------------------------------------


def one_cloud(correlation, n=1000):
    """Customers of one normal distribution in two features that go together."""
    points = np.random.default_rng(1).multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], n)
    return pd.DataFrame(points, columns=["a", "b"]).assign(customer_id=[f"c{k:04}" for k in range(n)])


def one_shop():
    """600 customers whose rates of buying are of one gamma distribution; all spend alike."""
    rng, rows = np.random.default_rng(7), []
    for who in range(600):
        rate, day = rng.gamma(3, 1 / 60), rng.integers(0, 60)
        while day < 365:
            date = pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(day))
            rows.append((str(len(rows)), f"c{who:04}", date, round(float(rng.lognormal(3, 0.5)), 2)))
            day += rng.exponential(1 / rate)
    return read_orders(pd.DataFrame(rows, columns=["order_id", "customer_id", "order_date", "amount"]))


@pytest.mark.parametrize("make", [lambda: one_cloud(0.7), lambda: one_cloud(0.9), one_shop], ids=[".7", ".9", "shop"])
def test_stable_slices_of_one_long_cloud_are_not_separate(make):
    found = clusters(make())
    silhouette = found.evidence.loc[found.evidence["is_chosen"], "silhouette"].item()
    assert (found.k, found.is_stable, found.is_separate) == (2, True, False)
    assert silhouette == pytest.approx(found.reference_silhouette, abs=0.03)


@pytest.mark.parametrize("apart", [3.0, 6.0])
def test_planted_groups_are_separate_also_where_their_number_is_asked_for(apart):
    assert clusters(planted(apart=apart)[0], k=3).is_separate
    found = clusters(planted(apart=apart)[0])
    assert (found.k, found.is_separate) == (3, True)


def test_the_reference_is_that_of_scikit_learn_on_clouds_drawn_by_hand():
    frame, _ = planted(apart=3.0)
    points = (frame[["visits", "spend"]] / frame[["visits", "spend"]].std(ddof=0)).to_numpy()
    made = []
    for number in range(25):  # other clouds than those of the result: only their distribution is the same
        cloud = np.random.default_rng(number).multivariate_normal([0, 0], np.cov(points.T), len(points))
        made.append(silhouette_score(cloud, KMeans(3, n_init=3, random_state=0).fit(cloud).labels_))
    reference = clusters(frame, k=3, logged=[]).reference_silhouette
    assert np.quantile(made, 0.5) < reference < max(made) + 0.02


def test_without_groups_there_is_no_reference_and_features_that_say_the_same_have_one():
    found = clusters(noise())
    assert (found.reference_silhouette, found.is_separate) == (None, False)
    twice = planted()[0].assign(again=lambda own: own["visits"])
    assert clusters(twice, k=3).is_separate
    assert clusters(twice[["customer_id", "visits"]], k=2).reference_silhouette > 0.5  # halves of a normal line


# -- evidence ---------------------------------------------------------------------------------------------------------


def test_silhouette_and_stability_are_those_of_scikit_learn_on_features_scaled_by_hand():
    customers = rfm(sample("shop_orders")).customers
    customers = customers[customers["orders"] > 1]
    points = np.column_stack([np.log1p(customers[name]) for name in BUYING[:2]])
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    found = clusters(sample("shop_orders"), features=BUYING[:2]).evidence.set_index("k")
    with threadpool_limits(1):
        for k in (2, 3):
            labels = KMeans(k, n_init=10, random_state=0).fit(points).labels_
            assert found.loc[k, "silhouette"] == pytest.approx(silhouette_score(points, labels), abs=1e-9)
            drawn = [np.random.default_rng([0, k, b]).integers(0, len(points), len(points)) for b in range(6)]
            again = [KMeans(k, n_init=3, random_state=0).fit(points[own]).predict(points) for own in drawn]
            index = [adjusted_rand_score(labels, own) for own in again]
            assert found.loc[k, "stability"] == pytest.approx(np.mean(index), abs=1e-9)
            assert found.loc[k, "stability_least"] == pytest.approx(np.min(index), abs=1e-9)


def test_the_adjusted_rand_index_is_that_of_scikit_learn():
    rng = np.random.default_rng(6)
    for groups in (1, 2, 3, 7):
        one, other = rng.integers(0, groups, 60), rng.integers(0, 4, 60)
        mostly = np.where(rng.random(60) < 0.8, one, other)
        for own in (other, mostly, one):
            assert adjusted_rand(one, own) == pytest.approx(adjusted_rand_score(one, own), abs=1e-12)


def test_the_silhouettes_of_cdnow_are_reproduced():
    """All 2,357 customers by log recency, frequency and revenue: .571 .490 .405 .410 for 2 to 5 clusters."""
    found = clusters(cdnow_orders(), one_time="together", k=5).evidence.set_index("k")["silhouette"]
    assert found.loc[2:5].tolist() == pytest.approx([0.571, 0.490, 0.405, 0.410], abs=0.02)


def test_of_the_stable_numbers_the_largest_silhouette_is_taken_of_equals_the_larger_number():
    rows = pd.DataFrame({"k": [2, 3, 4, 5], "silhouette": [0.9, 0.4, 0.4, 0.3], "is_stable": [False, True, True, True]})
    assert best_of(rows) == 4
    assert best_of(rows.assign(silhouette=[0.9, 0.24, 0.2, 0.1])) is None
    assert best_of(rows.assign(is_stable=False)) is None


def test_stable_means_a_mean_of_eight_tenths_and_no_draw_below_six(monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 8)
    scores = {2: (0.81, 0.59), 3: (0.79, 0.7), 4: (0.8, 0.6)}
    monkeypatch.setattr(evidence, "_evidence", lambda points, k, seed: (k, 0.5, *scores.get(k, (0.0, 0.0)), 0.1))
    table = evidence.choose(np.arange(40.0)[:, None], np.arange(40).astype(str), None, 0).table.set_index("k")
    assert table.index[table["is_stable"]].tolist() == [4]
    assert table.index[table["is_chosen"]].tolist() == [4]


# -- who is compared --------------------------------------------------------------------------------------------------


def test_who_bought_once_is_a_group_of_their_own():
    found, customers = clusters(sample("shop_orders")), rfm(sample("shop_orders")).customers
    once = set(customers["customer_id"][customers["orders"] == 1])
    assert set(found.customers["customer_id"][found.customers["cluster"] == 0]) == once
    assert found.one_time == len(once)
    assert found.n_clustered == len(customers) - len(once)
    together = clusters(sample("shop_orders"), one_time="together", k=2)
    assert 0 not in set(together.customers["cluster"])


def test_groups_are_numbered_by_what_they_brought():
    found = clusters(sample("shop_orders"), k=4)
    ranked = found.sizes[found.sizes["cluster"] > 0]
    assert ranked["cluster"].tolist() == [1, 2, 3, 4]
    assert ranked["mean_revenue"].is_monotonic_decreasing
    assert found.sizes["revenue"].sum() == pytest.approx(rfm(sample("shop_orders")).revenue)
    by_age = clusters(planted()[0][["spend", "visits", "customer_id"]]).profile.query("feature == 'spend'")
    assert by_age["mean"].is_monotonic_decreasing  # without orders by the first feature


def test_the_profile_is_that_of_pandas():
    found = clusters(sample("shop_orders"), k=3)
    rows = rfm(sample("shop_orders")).customers.merge(found.customers, on="customer_id")
    for row in found.profile.itertuples():
        own = rows[rows["cluster"] == row.cluster][row.feature]
        on_scale = np.sign(rows[row.feature]) * np.log1p(rows[row.feature].abs())
        z = (on_scale[rows["cluster"] == row.cluster].mean() - on_scale.mean()) / on_scale.std(ddof=0)
        assert (row.mean, row.median) == (pytest.approx(own.mean()), pytest.approx(own.median()))
        assert row.z_score == pytest.approx(z, abs=0.03)  # a few values count as if they lay closer
        assert row.n_customers == len(own)


def test_who_lacks_a_value_is_left_out_counted_and_named():
    frame, _ = planted()
    frame.loc[:4, "visits"] = np.nan
    frame.loc[3:6, "spend"] = np.inf
    found = clusters(frame, k=3)
    assert (found.n_missing, found.missing, found.n_customers) == (7, {"visits": 5, "spend": 4}, 263)
    left = members("clusters", sample("shop_customers"), {"features": ["region"], "k": 2}, {"missing": True})
    assert left == []


def test_a_feature_that_is_the_same_for_all_is_not_used():
    found = clusters(planted()[0].assign(shop="main", one=1.0), features=["visits", "spend", "shop", "one"])
    assert (found.constant, found.feature_names) == (["shop", "one"], ["visits", "spend"])


def test_too_few_customers_and_equal_ones_are_refused_with_the_reason():
    frame, _ = planted()
    with pytest.raises(NotEnoughData, match="need 50 customers with a value of every feature; there are 49"):
        clusters(frame[:49])
    with pytest.raises(NotEnoughData, match="alike in these features"):
        clusters(frame.assign(visits=1, spend=2), features=["visits", "spend"])
    with pytest.raises(NotEnoughData, match="beside those who ordered once; there are 3 of 60"):
        clusters(orders_of([*[1] * 57, 2, 2, 3]))
    assert clusters(orders_of([*[1] * 57, 2, 2, 3]), one_time="together", k=2).n_customers == 60


def orders_of(numbers):
    rows = [(f"c{who}", f"2026-01-{day + 1:02}", 5.0 + who) for who, n in enumerate(numbers) for day in range(n)]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])
    return read_orders(frame.assign(order_id=np.arange(len(rows)).astype(str)))


def test_few_different_values_are_no_error():
    frame = pd.DataFrame({"customer_id": [f"c{n}" for n in range(90)], "kids": [0, 1, 2] * 30})
    found = clusters(frame)
    assert found.evidence["k"].tolist() == [2]
    assert clusters(frame, k=5).k is None
    with pytest.raises(NotEnoughData, match="only 2 different customers"):
        clusters(frame.assign(kids=frame["kids"] % 2))


def test_an_outlier_counts_as_if_it_lay_five_deviations_out():
    frame, _ = planted()
    frame["visits"] -= frame["visits"].min() + 20  # below 0: no logs
    frame.loc[0, "visits"] = 1e9
    found = clusters(frame, k=3)
    assert found.n_outlying == 1


# -- features ---------------------------------------------------------------------------------------------------------


def test_each_feature_counts_the_same_a_text_with_many_values_too():
    frame = pd.DataFrame({"age": np.arange(80.0), "region": ["n", "e", "s", "w"] * 20, "member": ["yes", "no"] * 40})
    found = scaled(frame, ["age", "region", "member"], None, np.ones(80, bool))
    by_feature = pd.Series(found.matrix.var(axis=0)).groupby(found.table["column"].to_numpy()).sum()
    assert by_feature.tolist() == pytest.approx([1, 1, 1])
    assert found.columns == ["age", "region = e", "region = n", "region = s", "region = w", "member = yes"]


def test_logs_are_taken_of_what_is_skewed_and_of_what_is_asked_for():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"spend": rng.lognormal(size=200), "age": rng.normal(40, 9, 200), "loss": -rng.lognormal(size=200)}
    )
    everyone = np.ones(200, bool)
    assert scaled(frame, list(frame), None, everyone).table["is_log"].tolist() == [True, False, False]
    assert scaled(frame, list(frame), ["age"], everyone).table["is_log"].tolist() == [False, True, False]
    assert unlogged(logs(frame["loss"].to_numpy())).tolist() == pytest.approx(frame["loss"].tolist())


def test_what_is_known_of_customers_is_counted_as_by_hand():
    events = log("ana visit 0 ads\nana visit 0.2 mail\nana buy 3 mail\nben visit 5 ads\nben visit 9")
    found = known_customers(events, "events", ["active_days", "days_since_last", "visit", "buy", "channel"]).frame
    assert found.values.tolist() == [["ana", 2, 7, 2, 1, "mail"], ["ben", 2, 1, 2, 0, "ads"]]
    early = known_customers(events, "events", ["events", "days_since_last"], "2026-01-05")
    assert early.frame.values.tolist() == [["ana", 3, 2]]
    assert early.left_out == 2


def test_of_equally_common_values_the_first_by_the_alphabet_counts_and_of_numbers_the_mean():
    rows = {"user": list("aabbb"), "time": pd.date_range("2026-01-01", periods=5), "event": "see"}
    events = read_events(pd.DataFrame(rows).assign(plan=["y", "x", None, "z", None], age=[10.1, 10.1, 1, 4, None]))
    found = known_customers(events, "events", ["plan", "age"]).frame
    assert found.values.tolist() == [["a", "x", 10.1], ["b", "z", 2.5]]


def test_events_and_customers_serve_as_well():
    usual = usual_features(sample("shop_events"), "events")
    assert usual == ["days_since_last", "active_days", "product_view", "visit", "add_to_cart", "checkout"]
    found = clusters(sample("shop_events"), features=["active_days", "visit"], k=2)
    assert found.one_time == (found.customers["cluster"] == 0).sum() > 2000
    texts = clusters(sample("shop_customers"), features=["region", "consent_ads"], k=4)
    assert texts.profile.query("feature == 'consent_ads = True'")["mean"].between(0, 1).all()


def test_where_nobody_chooses_a_column_with_many_gaps_is_not_compared():
    frame = planted()[0].assign(rating=lambda own: own["visits"].where(own.index % 2 == 0), name="x")
    assert usual_features(frame, "customers") == ["visits", "spend"]
    assert usual_features(frame[["customer_id"]].assign(plan=["a", "b", "c"] * 90), "customers") == ["plan"]
    with pytest.raises(InsightError, match="nothing to compare them by"):
        clusters(frame[["customer_id", "name"]])


# -- many customers ---------------------------------------------------------------------------------------------------


def test_a_sample_by_hash_depends_on_who_and_not_on_where():
    ids = np.array([f"c{n}" for n in range(500)], dtype=object)
    mixed = np.random.default_rng(2).permutation(ids)
    assert set(ids[hashed_sample(ids, 50)]) == set(mixed[hashed_sample(mixed, 50)])
    assert len(hashed_sample(ids, 50)) == 50
    assert hashed_sample(ids, 500).tolist() == list(range(500))


def test_of_many_customers_a_sample_is_fitted_and_all_are_assigned(monkeypatch):
    frame, truth = planted(sizes=(600, 400, 200))
    monkeypatch.setattr(grouping, "FIT_CUSTOMERS", 300)
    monkeypatch.setattr(evidence, "EVIDENCE_CUSTOMERS", 150)
    found = clusters(frame)
    assert (found.k, found.n_evidence, len(found.customers)) == (3, 150, 1200)
    groups = frame[["customer_id"]].merge(found.customers, on="customer_id")["cluster"]
    assert adjusted_rand_score(truth, groups) > 0.99


# -- people and errors ------------------------------------------------------------------------------------------------


def test_the_people_of_a_cluster_are_as_many_as_the_result_says():
    table, settings = sample("shop_orders"), {"k": 3}
    for row in clusters(table, **settings).sizes.itertuples():
        assert len(members("clusters", table, settings, {"cluster": int(row.cluster)})) == row.n_customers


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"features": ["age"]}, UnknownValue, "age"),
        ({"features": []}, InsightError, "list of names"),
        ({"k": 1}, InsightError, "from 2 to 12"),
        ({"k": 13}, InsightError, "from 2 to 12"),
        ({"k": True}, InsightError, "from 2 to 12"),
        ({"seed": -1}, InsightError, "whole number"),
        ({"one_time": "never"}, UnknownValue, "together"),
        ({"logged": ["product"]}, UnknownValue, "logged"),
        ({"features": ["product"], "logged": "product"}, InsightError, "logged is a list"),
    ],
    ids=str,
)
def test_what_is_not_possible_is_refused(settings, error, says):
    with pytest.raises(error, match=says):
        clusters(sample("shop_orders"), **settings)


def test_tables_that_are_no_customers_are_refused():
    frame, _ = planted()
    with pytest.raises(InsightError, match="column customer_id"):
        clusters(frame.drop(columns="customer_id"))
    with pytest.raises(InsightError, match="several rows"):
        clusters(frame.assign(customer_id="ana"))
    with pytest.raises(InsightError, match="no customer_id"):
        clusters(frame.assign(customer_id=frame["customer_id"].where(frame.index > 3)))
    with pytest.raises(InsightError, match="as_of has no meaning"):
        clusters(frame, as_of="2026-01-01")
    with pytest.raises(InsightError, match="different texts"):
        clusters(frame.assign(name=frame["customer_id"]), features=["name"])
    with pytest.raises(InsightError, match="read_orders"):
        clusters(3)


@pytest.mark.parametrize("cell", [{}, {"cluster": 9}, {"group": 1}, {"missing": False}, None], ids=str)
def test_a_cell_that_does_not_exist_is_refused(cell):
    with pytest.raises(InsightError):
        members("clusters", sample("shop_orders"), {"k": 2}, cell)


def test_a_table_of_customers_leads_to_the_segments_page_where_it_is_large_enough():
    def answer(n):
        rows = "".join(f"c{k},{k % 5},north\n" for k in range(n))
        found = capabilities({"customers": read_customers(("customer_id,kids,region\n" + rows).encode())})
        return found.set_index("analysis").loc["segments", ["possible", "reason"]].tolist()

    assert answer(49) == [False, "Needs 50 customers to compare; you have 49."]
    assert answer(50) == [True, "50 customers to compare."]


def test_a_column_of_two_values_is_no_number_to_take_logs_of():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(200)], "senior": (rng.random(200) < 0.1).astype(int),
                          "visits": rng.poisson(20, 200), "spend": rng.gamma(2, 30, 200)})  # fmt: skip
    found = clusters(read_customers(frame))
    assert "senior" not in found.feature_names
    asked = clusters(read_customers(frame), features=["senior", "spend"], k=2)
    assert asked.features.set_index("feature")["is_log"].to_dict() == {"senior": False, "spend": True}
