"""Profiles and personas: shares and medians of pandas, tests of scipy, small cells hidden, nobody invented."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, false_discovery_control, mannwhitneyu

from insight import InsightError, clusters, mark_audience, members, profile, read_events, rfm, sample
from insight.clusters import evidence
from insight.clusters.comparison import median_interval
from insight.clusters.profile_members import profile_members
from insight.errors import NotEnoughData, UnknownValue
from insight.intervals import wilson
from tests.orders import InParts, order_table


@pytest.fixture(scope="module")
def people():
    """600 customers of three plans; who is on the plan "pro" is older, lives in the north and has a dog more often."""
    rng = np.random.default_rng(8)
    plan = rng.choice(["free", "basic", "pro"], 600, p=[0.5, 0.3, 0.2])
    pro = plan == "pro"
    return pd.DataFrame(
        {
            "customer_id": [f"c{n:03}" for n in rng.permutation(600)],
            "plan": plan,
            "region": np.where(rng.random(600) < np.where(pro, 0.7, 0.3), "north", "south"),
            "pet": np.where(rng.random(600) < np.where(pro, 0.6, 0.2), "dog", "none"),
            "age": rng.normal(np.where(pro, 50, 40), 9).round(),
            "shoe": rng.normal(42, 2, 600).round(),
        }
    )


@pytest.fixture(scope="module")
def found(people):
    return profile(people, by="plan")


def of(table, group, trait, value=None):
    rows = table[(table["group"] == group) & (table["trait"] == trait)]
    return (rows if value is None else rows[rows["trait_value"] == value]).iloc[0]


# -- shares and medians -----------------------------------------------------------------------------------------------


def test_shares_and_index_are_those_of_a_crosstab(people, found):
    for trait in ("region", "pet"):
        share = pd.crosstab(people["plan"], people[trait], normalize="index")
        of_all = people[trait].value_counts(normalize=True)
        for group in share.index:
            for value in share.columns:
                row = of(found.shares, group, trait, value)
                assert row["share"] == pytest.approx(share.loc[group, value])
                assert row["average_share"] == pytest.approx(of_all[value])
                assert row["index"] == pytest.approx(100 * share.loc[group, value] / of_all[value])
                ends = [float(end) for end in wilson(row["n_customers"], row["n_known"])]
                assert [row["ci_low"], row["ci_high"]] == pytest.approx(ends)
                assert row["index_low"] == pytest.approx(100 * ends[0] / of_all[value])


def test_the_test_of_a_share_is_the_chi_square_test_of_group_and_everybody_else(people, found):
    table = pd.crosstab(people["plan"] == "pro", people["pet"])
    assert of(found.shares, "pro", "pet", "dog")["p_value"] == pytest.approx(chi2_contingency(table, False).pvalue)


def test_medians_and_their_test_are_those_of_numpy_and_scipy(people, found):
    for group in ("free", "basic", "pro"):
        for trait in ("age", "shoe"):
            own, others = people[people["plan"] == group][trait], people[people["plan"] != group][trait]
            row = of(found.numbers, group, trait)
            assert row["median"] == np.quantile(own, 0.5, method="inverted_cdf")
            assert row["quartile_low"] == np.quantile(own, 0.25, method="inverted_cdf")
            assert row["quartile_high"] == np.quantile(own, 0.75, method="inverted_cdf")
            assert row["difference"] == row["median"] - np.quantile(others, 0.5, method="inverted_cdf")
            assert row["p_value"] == pytest.approx(mannwhitneyu(own, others, method="asymptotic").pvalue)
            below = ((people[trait] < row["median"]).mean() + (people[trait] <= row["median"]).mean()) / 2
            assert row["percentile"] == pytest.approx(below)


def test_q_values_are_corrected_over_all_comparisons(found):
    p = np.concatenate([found.shares["p_value"], found.numbers["p_value"]])
    q = np.concatenate([found.shares["q_value"], found.numbers["q_value"]])
    assert q == pytest.approx(false_discovery_control(p))


def test_the_interval_of_a_median_leaves_out_as_many_as_the_binomial_says():
    """Of 10 values the 2nd to the 9th (97.9 %), of 5 none has 95 %, of 20 the 6th to the 15th (Conover 1999, A3)."""
    assert median_interval(np.arange(1.0, 11), 0.95) == (2, 9)
    assert median_interval(np.arange(1.0, 21), 0.95) == (6, 15)
    assert np.isnan(median_interval(np.arange(1.0, 6), 0.95)).all()


def test_what_is_missing_is_known_of_fewer(people):
    some = people.assign(pet=people["pet"].where(people.index % 2 == 0), age=people["age"].where(people.index > 99))
    row = of(profile(some, by="plan").shares, "pro", "pet", "dog")
    own = some[(some["plan"] == "pro") & some["pet"].notna()]
    assert (row["n_known"], row["n_customers"]) == (len(own), (own["pet"] == "dog").sum())


# -- what groups are --------------------------------------------------------------------------------------------------


def test_segments_are_those_of_rfm_and_clusters_those_of_clusters(monkeypatch):
    monkeypatch.setattr(evidence, "SAMPLES", 2)
    shop = sample("shop_orders")
    sizes = profile(shop, by={"segments": {"monetary": "average"}}).groups.set_index("group")["n_customers"]
    segments = rfm(shop, monetary="average").segments.set_index("segment")["n_customers"]
    assert sizes.to_dict() == segments[segments > 0].to_dict()
    by = {"clusters": {"k": 3, "features": ["orders", "revenue"]}}
    own = clusters(shop, **by["clusters"]).sizes
    assert profile(shop, by=by).groups["n_customers"].tolist() == own["n_customers"].tolist()
    assert profile(shop, by=by).groups["group"].tolist() == ["Cluster 1", "Cluster 2", "Cluster 3", "One order"]


def test_an_audience_is_compared_with_everybody_else():
    events = mark_audience(sample("shop_events"), name="buyers", rule={"did": "purchase"})
    found = profile(events, by="buyers", traits=["purchase", "device"])
    assert found.groups["group"].tolist() == ["not in buyers", "in buyers"]
    assert of(found.numbers, "not in buyers", "purchase")["quartile_high"] == 0
    rows = sample("shop_events").frame
    buyers = rows[rows["event"] == "purchase"]["customer_id"].nunique()
    assert found.groups["n_customers"].tolist() == [4000 - 10 - buyers, buyers]  # ten of the customers never came


def test_a_column_is_what_most_rows_of_a_customer_say_and_the_rest_of_the_values_are_one_group():
    rows = {"user": ["a", "a", "a", "b"], "time": pd.date_range("2026-01-01", periods=4), "event": "see"}
    events = read_events(pd.DataFrame(rows).assign(plan=["x", "y", "y", "z"], pet=["cat", "cat", "dog", None]))
    found = profile(events, by="plan", minimum=1)
    assert found.groups[["group", "n_customers"]].values.tolist() == [["y", 1], ["z", 1]]
    top = profile(sample("shop_customers"), by={"column": "first_channel", "top": 2}).groups
    assert top["group"].tolist() == ["organic_search", "social", "Other"]
    assert top["n_customers"].sum() == 4000


def test_orders_give_the_same_profile_in_parts():
    whole = order_table(n=900, customers=150)
    one, other = (profile(table, by={"segments": {}}, minimum=5) for table in (whole, InParts(whole)))
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        else:
            assert left == right, field.name


# -- small cells ------------------------------------------------------------------------------------------------------


def test_what_is_true_of_fewer_than_ten_is_hidden_and_its_people_are_not_listed(people):
    rare = people.assign(pet=np.where(people.index < 12, "snake", people["pet"]))
    found = profile(rare, by="plan")
    small = pd.crosstab(rare["plan"], rare["pet"]).stack().loc[lambda n: n < 10]
    assert set(small.index.get_level_values("pet")) == {"snake"}
    hidden = found.shares[found.shares["is_hidden"]]
    assert set(small.index) <= set(zip(hidden["group"], hidden["trait_value"], strict=True))
    assert hidden[["n_customers", "share", "ci_low", "index", "p_value", "q_value"]].isna().all(axis=None)
    cell = {"group": hidden["group"].iloc[0], "trait": "pet", "trait_value": "snake"}
    with pytest.raises(InsightError, match="Fewer than 10 customers"):
        profile_members(rare, {"by": "plan"}, cell)


def test_a_small_count_cannot_be_told_by_subtraction_within_its_group():
    """26 of 30 "no" would leave 4 "yes": with one count hidden the next smallest is hidden, too."""
    made = {"a": [("no", 26), ("yes", 4)], "b": [("no", 15), ("yes", 30)], "c": [("no", 20), ("yes", 0)]}
    rows = [(group, answer) for group, own in made.items() for answer, n in own for _ in range(n)]
    pets = ["cat"] * 3 + ["dog"] * 12 + ["fish"] * 15 + ["cat", "dog", "fish"] * 15 + ["cat"] * 2 + ["dog"] * 5
    frame = pd.DataFrame(rows, columns=["plan", "member"]).assign(pet=pets + ["fish"] * 13)
    frame["customer_id"] = [f"c{n:03}" for n in range(len(frame))]
    found = profile(frame, by="plan").shares.set_index(["group", "trait", "trait_value"])
    shown = {cell: int(n) for cell, n in found["n_customers"].dropna().items()}
    assert shown == {
        ("a", "pet", "fish"): 15,  # 3 cats, and so no 12 dogs
        ("b", "member", "no"): 15, ("b", "member", "yes"): 30,
        ("b", "pet", "cat"): 15, ("b", "pet", "dog"): 15, ("b", "pet", "fish"): 15,
        ("c", "member", "no"): 20,  # nobody is no small number of people
        ("c", "pet", "fish"): 13,  # two are hidden as it is
    }  # fmt: skip
    assert found["is_hidden"].tolist() == found["share"].isna().tolist()
    for (group, trait), own in found.groupby(level=[0, 1]):
        rest = own["n_known"].iloc[0] - own["n_customers"].sum()
        assert rest == 0 or own["is_hidden"].sum() > 1, (group, trait)
    cell = {"group": "a", "trait": "member", "trait_value": "no"}
    with pytest.raises(InsightError, match="would tell of fewer than 10 others"):
        profile_members(frame, {"by": "plan"}, cell)


def test_a_group_of_few_has_no_numbers_and_without_a_larger_one_there_is_nothing_to_say(people):
    found = profile(people.assign(plan=np.where(people.index < 9, "test", people["plan"])), by="plan")
    assert found.groups.set_index("group").loc["test", "is_hidden"]
    assert "test" not in set(found.shares["group"])
    assert of(found.shares, "pro", "pet", "dog")["average_share"] == pytest.approx((people["pet"] == "dog").mean())
    kept = people[(people["plan"] == "pro") & (people.index >= 9)]
    assert of(found.shares, "pro", "pet", "dog")["n_customers"] == (kept["pet"] == "dog").sum()
    with pytest.raises(NotEnoughData, match="No group has 10 customers"):
        profile(people[:9], by="plan")


# -- personas ---------------------------------------------------------------------------------------------------------


def test_a_persona_holds_what_sets_the_group_apart_and_nothing_else(found):
    lines = found.lines[found.lines["group"] == "pro"].set_index("trait")
    assert set(lines.index) == {"region", "pet", "age"}  # and no shoe
    assert lines.loc["pet", "trait_value"] == "dog"
    assert lines.loc["region", "trait_value"] == "north"
    assert lines["line"].tolist() == [1, 2, 3]
    assert (lines["index"] >= 110).all()
    assert (lines["q_value"] <= 0.05).all()


def test_a_line_of_numbers_is_the_middle_half_of_the_group(people, found):
    line = of(found.lines, "pro", "age")
    own = people[people["plan"] == "pro"]["age"]
    inside = people["age"].between(line["quartile_low"], line["quartile_high"])
    assert line["share"] == pytest.approx(inside[people["plan"] == "pro"].mean())
    assert line["index"] == pytest.approx(100 * line["share"] / inside.mean())
    assert line["quartile_low"] == np.quantile(own, 0.25, method="inverted_cdf")


def test_how_many_match_all_lines_is_counted_customer_by_customer(people, found):
    lines = found.lines[found.lines["group"] == "pro"]
    matching = 0
    for customer in people[people["plan"] == "pro"].itertuples():
        fits = True
        for line in lines.itertuples():
            own = getattr(customer, line.trait)
            is_text = isinstance(line.trait_value, str)
            fits &= own == line.trait_value if is_text else line.quartile_low <= own <= line.quartile_high
        matching += fits
    row = found.groups.set_index("group").loc["pro"]
    assert row["n_matching"] == matching > 0
    assert row["matching_share"] == pytest.approx(matching / row["n_customers"])


def test_noise_makes_no_persona(people):
    rng = np.random.default_rng(3)
    mixed = people.assign(**{name: rng.permutation(people[name]) for name in ("region", "pet", "age", "shoe")})
    found = profile(mixed, by="plan")
    assert found.lines.empty
    assert found.groups["n_matching"].isna().all()


def test_the_people_behind_a_profile_are_as_many_as_it_says():
    table, settings = sample("shop_orders"), {"by": {"segments": {}}}
    found = profile(table, **settings)
    for row in found.groups.itertuples():
        assert len(members("profile", table, settings, {"group": row.group})) == row.n_customers
    for row in found.shares[~found.shares["is_hidden"]][:3].itertuples():
        cell = {"group": row.group, "trait": row.trait, "trait_value": row.trait_value}
        assert len(members("profile", table, settings, cell)) == row.n_customers
    told = found.groups[found.groups["n_matching"].notna()].iloc[0]
    assert len(members("profile", table, settings, {"group": told["group"], "matching": True})) == told["n_matching"]


# -- what is not possible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"by": "plam"}, UnknownValue, "plan"),
        ({"by": None}, InsightError, "by is a column"),
        ({"by": {"segments": {}}}, InsightError, "table of orders"),
        ({"by": {"segments": []}}, InsightError, "settings of rfm"),
        ({"by": {"column": "plan", "top": 0}}, InsightError, "top = 0"),
        ({"by": "income"}, InsightError, "different numbers"),
        ({"by": "plan", "traits": []}, InsightError, "traits is a list"),
        ({"by": "plan", "traits": ["dog"]}, UnknownValue, "dog"),
        ({"by": "plan", "traits": ["customer_name"]}, InsightError, "2 to 20"),
        ({"by": "plan", "minimum": 0}, InsightError, "minimum = 0"),
        ({"by": "plan", "level": 1}, InsightError, "level = 1"),
        ({"by": {"clusters": {"k": 99}}}, InsightError, "k = 99"),
    ],
    ids=str,
)
def test_settings_that_are_not_possible_are_refused(people, settings, error, says):
    frame = people.assign(income=np.arange(600), customer_name=people["customer_id"])
    with pytest.raises(error, match=says):
        profile(frame, **settings)


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"group": "x"},
        {"group": "south", "trait": "x", "trait_value": "y"},
        {"group": "south", "trait": "age_band", "trait_value": "y"},
        {"group": "south", "matching": False},
    ],
    ids=str,
)
def test_a_cell_that_the_profile_does_not_have_is_refused(cell):
    with pytest.raises(InsightError):
        members("profile", sample("shop_customers"), {"by": "region"}, cell)
