"""Clusters and profiles in words and pictures, of results written by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from insight.charts import clusters_evidence, clusters_map, clusters_profile, profile_index
from insight.charts.theme import palette
from insight.clusters import Clusters
from insight.clusters.profile import Profile
from insight.explain import (
    clusters_caption,
    clusters_card,
    clusters_reading,
    profile_caption,
    profile_card,
    profile_persona,
    profile_reading,
)
from insight.explain.cells import cell_in_words
from insight.explain.profile import persona_warning
from tests.test_charts import LOOKS, bars, drawn, hovered, texts

EVIDENCE = ["k", "silhouette", "stability", "stability_least", "smallest_share", "is_stable", "is_chosen"]


def found(**more):
    """Two clusters and customers with one order, by orders and region, as if computed."""
    profile = [
        (1, "orders", 30, 6.0, 5.0, 5.5, 1.6, 300.0),
        (1, "region = north", 30, 0.5, 0.5, 0.5, 0.0, 100.0),
        (2, "orders", 70, 2.4, 2.0, 2.3, 0.1, 120.0),
        (2, "region = north", 70, 0.2, 0.0, 0.2, -0.6, 40.0),
        (0, "orders", 100, 1.0, 1.0, 1.0, -0.7, 50.0),
        (0, "region = north", 100, 0.7, 1.0, 0.7, 0.4, 140.0),
    ]
    features = [("orders", "orders", True, 1.0, 0.5), ("region = north", "region", False, 0.5, 0.5)]
    usual = {
        "customers": pd.DataFrame({"customer_id": ["ana"], "cluster": [1]}),
        "profile": pd.DataFrame(
            profile, columns=["cluster", "feature", "n_customers", "mean", "median", "centre", "z_score", "index"]
        ),
        "sizes": pd.DataFrame(
            {"cluster": [1, 2, 0], "n_customers": [30, 70, 100], "share": [0.15, 0.35, 0.5],
             "revenue": [900.0, 700.0, 400.0], "revenue_share": [0.45, 0.35, 0.2], "mean_revenue": [30.0, 10.0, 4.0]}
        ),
        "evidence": pd.DataFrame(
            [(2, 0.5, 0.9, 0.7, 0.3, True, True), (3, 0.2, 0.95, 0.9, 0.1, True, False),
             (4, 0.6, 0.5, 0.1, 0.1, False, False)], columns=EVIDENCE
        ),
        "features": pd.DataFrame(features, columns=["feature", "column", "is_log", "scale_mean", "scale_deviation"]),
        "places": pd.DataFrame({"cluster": [1, 2], "x": [5.0, 2.0], "y": [40.0, 10.0], "n_customers": [30, 70]}),
        "place_features": ["orders", "region = north"],
        "k": 2, "is_forced": False, "is_stable": True, "is_separate": True, "reference_silhouette": 0.3,
        "n_customers": 200, "n_clustered": 100, "one_time": 100,
        "n_evidence": 100, "n_different": 90,
        "n_missing": 0, "missing": {}, "constant": [], "n_outlying": 0, "without_purchase": 0,
        "left_out": 0, "days_beyond": 0, "as_of": "2026-06-30", "currency": "EUR", "kind": "orders",
        "feature_names": ["orders", "region"], "seed": 0, "features_asked": None, "logged": None,
        "one_time_asked": "apart",
    }  # fmt: skip
    return Clusters(**usual | more)


def none_found():
    empty = {name: getattr(found(), name)[:0] for name in ("customers", "profile", "sizes", "places")}
    evidence = found().evidence[1:].assign(is_chosen=False)
    return found(
        k=None,
        is_stable=False,
        is_separate=False,
        reference_silhouette=None,
        place_features=[],
        evidence=evidence,
        **empty,
    )


# -- clusters in words ------------------------------------------------------------------------------------------------


def test_the_reading_says_how_many_why_and_what_each_is_like():
    first, groups, notes = clusters_reading(found()).split("\n\n")
    assert first == (
        "**2 clusters** of 100 customers, by Orders, region: of the numbers tried that come out again when customers "
        "are drawn anew (stability 0.90, lowest 0.70), these lie furthest apart (silhouette 0.50; one cloud "
        "without groups reaches 0.30)."
    )
    assert groups.splitlines() == [
        "- **Cluster 1**, 30 customers (15%, 45% of the revenue): Orders higher (median 5).",
        "- **Cluster 2**, 70 customers (35%, 35% of the revenue): less often region \\= north (20%).",
        "- **One order**, 100 customers (50%, 20% of the revenue): Orders lower (median 1); more often "
        "region \\= north (70%).",
    ]
    assert notes == (
        "100 customers who ordered once are so alike that they are kept apart. Each feature counts the same: it is "
        "divided by its standard deviation. Logs, log(1 + x), were taken of Orders. A text counts as one column of 0 "
        "and 1 for each value."
    )


def test_that_there_are_no_groups_is_said_as_an_answer():
    said = clusters_reading(none_found())
    assert said.startswith(
        "**No stable groups were found** among 100 customers, by Orders, region. The number of clusters that lies "
        "furthest apart, 4, has a silhouette of 0.60 and a stability of 0.50 (lowest 0.10). That is an answer: these "
        "customers differ by degrees, not in groups."
    )
    assert clusters_caption(none_found()).startswith("no stable groups · 200 customers")


def test_groups_that_were_asked_for_against_the_evidence_are_called_so():
    said = clusters_reading(found(is_forced=True, is_stable=False))
    assert said.startswith("You asked for **2 clusters** of 100 customers, by Orders, region. **The evidence does not")
    assert clusters_reading(found(is_forced=True)).startswith(
        "You asked for **2 clusters** of 100 customers, by Orders"
    )
    assert "come out again when customers are drawn anew" in clusters_reading(found(is_forced=True))


def test_slices_of_one_cloud_are_called_so_first():
    cut = {"is_separate": False, "reference_silhouette": 0.49}
    why = (
        "They come out again when customers are drawn anew (stability 0.90, lowest 0.70), but so do the parts of any "
        "long cloud: their silhouette is 0.50, and one cloud without groups reaches 0.49."
    )
    assert clusters_reading(found(**cut)).split("\n\n")[0] == (
        "**2 clusters** of 100 customers, by Orders, region. These groups are **slices of one cloud**: useful for "
        f"sorting, not natural groups. {why}"
    )
    assert clusters_reading(found(is_forced=True, **cut)).split("\n\n")[0] == (
        "You asked for **2 clusters** of 100 customers, by Orders, region. These groups are **slices of one cloud**: "
        f"useful for sorting, not natural groups. {why}"
    )
    assert clusters_caption(found(**cut)).startswith("2 clusters · slices of one cloud · 200 customers")
    assert "slices" not in clusters_caption(found(is_stable=False, **cut))  # there is worse to say


def test_everything_that_was_left_out_or_moved_is_said():
    said = clusters_reading(
        found(n_missing=3, missing={"age": 2, "orders": 1}, constant=["plan_b"], n_outlying=2, without_purchase=1,
              n_different=6, left_out=4, n_clustered=90_000, n_evidence=4_000)
    )  # fmt: skip
    for part in (
        "3 customers without a value are left out (age 2, Orders 1).",
        "The same for all, so not used: plan\\_b.",
        "2 customers have a value more than 5 standard deviations out, which counts as if it lay there.",
        "1 customer without a purchase is left out.",
        "These features take 6 different combinations of values only, so clusters are such combinations",
        "4 rows after the last day of the analysis were left out.",
        "The evidence is of a sample of 4,000 customers and the fit of one of 50,000",
    ):
        assert part in said


def test_the_card_and_the_caption_say_what_was_counted():
    card = clusters_card(found())
    assert card.formula.endswith(r"k = 2, \quad \bar s = 0.50, \quad \bar s_\text{cloud} = 0.30")
    assert "Taken: of 2 to 8 clusters with a mean stability of 0.80 or more, none below 0.60" in card.sentences[3]
    assert card.sentences[4] == (
        "Separate: with a silhouette 0.03 or more above that of one cloud, the largest of 9 samples from one normal "
        "distribution with the same covariance. Otherwise they are slices of one cloud."
    )
    assert card.sentences[5] == "Out of: 200 customers, 100 of them clustered."
    assert clusters_caption(found()) == "2 clusters · 200 customers · by Orders, region · as of 30 Jun 2026"


# -- clusters in pictures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_profile_shows_medians_shares_and_sizes(theme, narrow):
    marks = drawn(clusters_profile(found(), theme=theme, narrow=narrow))
    said = texts(marks)
    for part in ["5", "50%", "2", "20%", "1", "70%", "Orders"]:
        assert part in said
    names = ["1", "2", "Once", "15%"] if narrow else ["Cluster 1", "One order", "30 · 15%"]
    assert set(names) <= set(said)
    colours = palette(theme)
    assert len(bars(marks, colours.primary)) == 1  # far above: the full colour
    assert hovered(clusters_profile(found()), "Index, all = 100") == ["300", "100", "120", "40", "50", "140"]


def test_no_groups_are_drawn_as_a_sentence():
    assert texts(drawn(clusters_profile(none_found()))) == ["No stable groups were found: there is nothing to draw."]
    assert texts(drawn(clusters_map(none_found()))) == ["There are no two numbers to draw the groups by."]
    assert "No number of clusters passes all three." in texts(drawn(clusters_evidence(none_found())))


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_evidence_is_drawn_with_its_thresholds_and_the_number_in_use(theme, narrow):
    chart, colours = clusters_evidence(found(), theme=theme, narrow=narrow), palette(theme)
    marks = drawn(chart)
    assert len(bars(marks, colours.track)) == 1
    assert len([m for m in marks if m["mark"] == "symbol" and m.get("fill") == colours.primary]) >= 3
    assert len([m for m in marks if m["mark"] == "rule" and m.get("strokeDash") == [4, 4]]) == 3
    assert {"Silhouette: at least 0.25", "Shaded: the number in use."} <= set(texts(marks))
    assert hovered(chart, "So") == ["possible", "stable, but not apart", "not stable"]


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_evidence_shows_how_far_one_cloud_gets(theme, narrow):
    ink = palette(theme).ink

    def lines_and_words(result):
        marks = drawn(clusters_evidence(result, theme=theme, narrow=narrow))
        rules = [m for m in marks if m["mark"] == "rule" and m.get("stroke") == ink]
        return [round(line["y"]) for line in rules], texts(marks)

    heights, said = lines_and_words(found())
    assert heights == [195]  # 0.3 of the way from 270, which is 0, to 20, which is 1
    assert "Silhouette of one cloud: 0.30" in said
    assert "Not clearly further apart: slices of one cloud." not in said
    heights, said = lines_and_words(found(is_separate=False, reference_silhouette=0.5))
    assert heights == [145]
    assert "Not clearly further apart: slices of one cloud." in said
    assert lines_and_words(none_found())[0] == []


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_map_shows_where_the_clusters_lie(theme, narrow):
    numbers = found().features.assign(column=["orders", "age"], feature=["orders", "age"])
    result = found(
        features=numbers, place_features=["orders", "age"], profile=found().profile.replace("region = north", "age")
    )
    marks = drawn(clusters_map(result, theme=theme, narrow=narrow))
    dots = [m for m in marks if m["mark"] == "symbol" and m.get("opacity") == 0.55]
    assert sorted(dot["size"] for dot in dots) == [pytest.approx(14 + 520 * 30 / 70), 534]
    assert texts(marks).count("1") >= 1
    assert "Cluster 2: 70 customers" in texts(marks)
    assert "Cluster 0" not in " ".join(texts(marks))


# -- profiles ---------------------------------------------------------------------------------------------------------


def described(**more):
    """Two groups, one with a persona of two lines, as if computed."""
    shares = [
        ("north", "pet", "dog", 30.0, 50.0, 0.6, 0.46, 0.72, 0.4, 150.0, 115.0, 180.0, 0.001, 0.002, False),
        ("north", "pet", "cat", 20.0, 50.0, 0.4, 0.28, 0.54, 0.6, 66.7, 47.0, 90.0, 0.001, 0.002, False),
        ("south", "pet", "dog", 10.0, 50.0, 0.2, 0.11, 0.33, 0.4, 50.0, 28.0, 83.0, 0.2, 0.3, False),
        ("south", "pet", "cat", *[float("nan")] * 1, 50.0, *[float("nan")] * 3, 0.6, *[float("nan")] * 5, True),
    ]
    columns = ["group", "trait", "trait_value", "n_customers", "n_known", "share", "ci_low", "ci_high"]
    columns += ["average_share", "index", "index_low", "index_high", "p_value", "q_value", "is_hidden"]
    numbers = [
        ("north", "revenue", 50, 80.0, 70.0, 90.0, 60.0, 100.0, 50.0, 40.0, 0.8, 0.001, 0.002, False),
        ("south", "revenue", 50, 40.0, 30.0, 45.0, 20.0, 60.0, 50.0, -40.0, 0.3, 0.2, 0.3, False),
    ]
    number_columns = ["group", "trait", "n_known", "median", "ci_low", "ci_high", "quartile_low", "quartile_high"]
    number_columns += ["average_median", "difference", "percentile", "p_value", "q_value", "is_hidden"]
    lines = [
        ("north", 1, "revenue", None, 60.0, 100.0, 26.0, 50.0, 0.52, 0.38, 0.65, 173.0, 0.002),
        ("north", 2, "pet", "dog", float("nan"), float("nan"), 30.0, 50.0, 0.6, 0.46, 0.72, 150.0, 0.002),
    ]
    line_columns = ["group", "line", "trait", "trait_value", "quartile_low", "quartile_high", "n_customers", "n_known"]
    line_columns += ["share", "ci_low", "ci_high", "index", "q_value"]
    groups = [("north", 50, 0.5, 15.0, 0.3, 0.19, 0.44, False), ("south", 50, 0.5, *[float("nan")] * 4, False)]
    usual = {
        "shares": pd.DataFrame(shares, columns=columns),
        "numbers": pd.DataFrame(numbers, columns=number_columns),
        "lines": pd.DataFrame(lines, columns=line_columns),
        "groups": pd.DataFrame(
            groups, columns=["group", "n_customers", "group_share", "n_matching", "matching_share", "matching_low",
                             "matching_high", "is_hidden"]
        ),
        "n_customers": 100, "no_group": 0, "without_purchase": 0, "left_out": 0, "days_beyond": 0,
        "as_of": "2026-06-30", "currency": "EUR", "kind": "orders", "ignored": [], "by": "region",
        "traits_asked": None, "minimum": 10, "level": 0.95,
    }  # fmt: skip
    return Profile(**usual | more)


def test_the_reading_of_a_profile_names_what_sets_a_group_apart():
    first, groups, notes = profile_reading(described(ignored=["name"], no_group=2)).split("\n\n")
    assert first == "100 customers in 2 groups, each beside everybody else."
    assert groups == "- **north**: Revenue: 60.00 to 100 EUR (52%, of all 30%); pet: dog (60%, of all 40%)."
    assert "Not compared, with too many different values or one only: name." in notes
    assert "2 customers are in no group." in notes
    assert "A difference is no cause" in notes
    nothing = profile_reading(described(lines=described().lines[:0]))
    assert "**nothing compared here sets one of them clearly apart**" in nothing


def test_a_persona_is_text_with_its_evidence_and_says_how_many_it_fits():
    assert profile_persona(described(), "north").splitlines() == [
        "north (illustrative)",
        "50 customers, 50.0% of all",
        "",
        "- Revenue: 60.00 to 100 EUR. 52.0% of the segment (38.0–65.0%, 26 of 50 customers), index 173",
        "- pet: dog. 60.0% of the segment (46.0–72.0%, 30 of 50 customers), index 150",
        "",
        "Not everybody is like this: 30.0% of the segment (15 customers) match all 2 lines.",
        "Each line is an observed share; index 100 is the average of all customers. Groups by region, 95% intervals.",
    ]


def test_a_persona_that_nearly_nobody_fits_and_one_without_lines_say_so():
    few = described().groups.assign(n_matching=float("nan"), matching_share=float("nan"))
    assert persona_warning(described(groups=few), "north") == (
        "Nearly nobody is like this: fewer than 10 of 50 customers match all 2 lines."
    )
    assert "Nothing that was compared sets this segment clearly apart" in profile_persona(described(), "south")
    hidden = described().groups.assign(is_hidden=True)
    assert "too few to say anything" in profile_persona(described(groups=hidden), "south")
    one = described(lines=described().lines[:1])
    assert persona_warning(one, "north") == "A persona of one line is a share, not a person."


def test_card_and_caption_of_a_profile():
    card = profile_card(described())
    assert card.formula.endswith(r"= 100 \cdot \frac{0.600}{0.400} = 150")
    assert "pet dog in north, 30 of 50 customers; index 115–180" in card.sentences[1]
    assert profile_caption(described()) == "groups by region · 100 customers · as of 30 Jun 2026"
    assert profile_caption(described(by={"segments": {}})).startswith("groups by RFM segments")
    assert profile_caption(described(by={"column": "plan", "top": 3})).startswith("groups by plan")


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_picture_of_a_profile_has_colour_only_where_the_difference_is_clear(theme, narrow):
    chart, colours = profile_index(described(), theme=theme, narrow=narrow), palette(theme)
    marks = drawn(chart)
    assert {"150", "67", "50", "·", "80.00", "40.00", "north", "south"} <= set(texts(marks))
    assert len(bars(marks, colours.track)) == 3  # all of the south, of which nothing is clear
    assert hovered(chart, "In the group")[3] == "fewer than 10 customers, or it would tell such a number"
    assert hovered(chart, "Index")[:3] == ["150 (115–180)", "67 (47–90)", "50 (28–83)"]


def test_a_profile_without_traits_is_a_sentence():
    nothing = {name: getattr(described(), name)[:0] for name in ("shares", "numbers", "lines")}
    assert texts(drawn(profile_index(described(**nothing)))) == ["There is nothing to compare the groups by."]


def test_many_groups_and_values_are_cut_to_what_can_be_read():
    groups, values = [f"group {n}" for n in range(15)], [f"value {n}" for n in range(30)]
    row = described().shares.iloc[0]
    shares = pd.DataFrame([row.to_dict() | {"group": g, "trait_value": v} for g in groups for v in values])
    sizes = pd.DataFrame([described().groups.iloc[0].to_dict() | {"group": g} for g in groups])
    result = replace(described(), shares=shares, groups=sizes, numbers=described().numbers[:0])
    for narrow, columns, rows in ((False, 12, 20), (True, 5, 12)):
        marks = drawn(profile_index(result, narrow=narrow))
        assert texts(marks).count("150") == columns * rows
        assert f"and {15 - columns} more groups below" in texts(marks)


def test_cells_in_words():
    assert cell_in_words("clusters", {}, {"cluster": 2}) == "are in cluster 2"
    assert cell_in_words("clusters", {}, {"cluster": 0}) == "ordered once, or came on one day only"
    assert cell_in_words("clusters", {}, {"missing": True}) == "have no value of some feature"
    by = {"by": {"segments": {}}}
    assert cell_in_words("profile", by, {"group": "Lost"}) == "are in Lost (RFM segments)"
    cell = {"group": "north", "trait": "pet", "trait_value": "dog"}
    assert cell_in_words("profile", {"by": "region"}, cell) == "are in north (region) and have pet dog"
    matching = cell_in_words("profile", by, {"group": "Lost", "matching": True})
    assert matching == "are in Lost (RFM segments) and match all lines of its persona"
