"""Breakdowns: where the value is read, and each group against the rest."""

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from insight import funnel, members
from insight.funnel.people import funnel_people
from tests.logs import log


def groups(events, value, steps=("A", "B", "C"), **asked):
    by = {"column": "channel", "value": value}
    found = funnel(events, steps=list(steps), **{"within": "5D", "entries": "all", "by": by} | asked).groups
    return {name: own["reached"].tolist() for name, own in found.groupby("group", sort=False)}


ANA = "ana A 0 mail\nana A 8 ads\nana B 9 seo\nana C 10 shop"


@pytest.mark.parametrize(
    ("value", "name"), [("entry", "mail"), ("first", "ads"), ("last", "shop"), (1, "ads"), (2, "seo"), (3, "shop")]
)
def test_a_value_is_read_at_the_first_entry_or_in_the_attempt_that_counts(value, name):
    assert groups(log(ANA), value) == {name: [1, 1, 1]}


@pytest.mark.parametrize(("value", "name"), [("last", "seo"), (3, "(not set)"), ("first", "ads")])
def test_who_did_not_come_by_the_step_has_no_value(value, name):
    assert groups(log(ANA + "\nben C 0"), value, within="1D") == {name: [1, 1, 0]}


def test_the_best_attempt_is_the_fastest_of_the_deepest():
    events = log("ana A 0 slow\nana B 3\nana A 10 fast\nana B 11\nana A 20 late\nana B 21")
    assert groups(events, "first", steps=("A", "B")) == {"fast": [1, 1]}


def test_with_any_order_a_value_is_that_of_a_level():
    events = log("ana B 0 mail\nana A 1 ads\nana C 2 shop")
    assert groups(events, "entry", order="any") == groups(events, "first", order="any") == {"mail": [1, 1, 1]}
    assert groups(events, 2, order="any") == {"ads": [1, 1, 1]}
    assert groups(events, "last", order="any") == {"shop": [1, 1, 1]}


def test_in_an_open_funnel_a_value_is_that_of_the_longest_attempt():
    events = log("ana C 0 seo\nana B 1 mail\nana C 2 shop\nben A 3 ads")
    assert groups(events, "entry", order="open") == {"ads": [1, 0, 0], "seo": [0, 1, 1]}
    assert groups(events, "first", order="open") == {"ads": [1, 0, 0], "mail": [0, 1, 1]}
    assert groups(events, 1, order="open") == {"(not set)": [0, 1, 1], "ads": [1, 0, 0]}


def compared(sizes, **asked):
    """A funnel of groups with so many customers and converters; its groups, one row each."""
    lines = [
        f"{name}{i} A 0 {name}\n{name}{i} {'B' if i < converted else 'A'} 1"
        for name, (n, converted) in sizes.items()
        for i in range(n)
    ]
    settings = {"steps": ["A", "B"], "within": "2D", "entries": "all", "by": "channel"} | asked
    table = funnel(log("\n".join(lines)), **settings).groups
    assert table.groupby("group")[["p_value", "q_value"]].nunique(dropna=False).eq(1).all(axis=None)
    return table.drop_duplicates("group").set_index("group")


def test_each_group_is_tested_against_the_rest_as_statsmodels_does():
    sizes = {"ads": (80, 30), "mail": (120, 30), "seo": (60, 10), "shop": (40, 12)}
    found = compared(sizes)
    expected = {}
    for name, (n, converted) in sizes.items():
        rest = [sum(own[i] for other, own in sizes.items() if other != name) for i in (0, 1)]
        expected[name] = proportions_ztest([converted, rest[1]], [n, rest[0]])[1]
    np.testing.assert_allclose(found.loc[list(sizes), "p_value"], list(expected.values()))
    corrected = multipletests(list(expected.values()), method="fdr_bh")[1]
    np.testing.assert_allclose(found.loc[list(sizes), "q_value"], corrected)
    assert found["q_value"].max() > found["q_value"].min()


def test_too_few_have_no_p_value_and_are_not_corrected_for():
    found = compared({"ads": (80, 30), "mail": (120, 30), "few": (9, 4), "rare": (11, 1)})
    assert found["p_value"].isna().to_dict() == {"mail": False, "ads": False, "few": True, "rare": True}
    tested = found.loc[["ads", "mail"]]
    np.testing.assert_allclose(tested["q_value"], multipletests(tested["p_value"], method="fdr_bh")[1])


def test_equal_outcomes_and_a_single_group_have_no_p_value():
    assert compared({"ads": (80, 80), "mail": (120, 120)})["p_value"].isna().all()
    assert compared({"ads": (80, 30)})[["p_value", "q_value"]].isna().all(axis=None)


def test_other_is_tested_like_a_group():
    sizes = {f"v{k}": (60 - k, 20 + (k > 2) * 9) for k in range(5)}
    found = compared(sizes, by={"column": "channel", "top": 2})
    rest = [sum(own[i] for name, own in sizes.items() if name not in ("v0", "v1")) for i in (0, 1)]
    both = [sum(sizes[name][i] for name in ("v0", "v1")) for i in (0, 1)]
    expected = proportions_ztest([rest[1], both[1]], [rest[0], both[0]])[1]
    assert found.loc["Other", "p_value"] == pytest.approx(expected)


def test_a_funnel_that_ends_with_an_optional_step_is_tested_at_the_last_required():
    maybe = {"events": "C", "optional": True}
    plain, longer = (
        compared({"ads": (80, 30), "mail": (120, 30), "C": (30, 0)}, steps=own, by="channel")
        for own in (["A", "B"], ["A", "B", maybe | {"events": "A"}])
    )
    assert plain["p_value"].tolist() == longer["p_value"].tolist()


def sessions(repeats, sizes):
    lines = [
        f"{name}{i} A {100 * s} {name}\n{name}{i} {'B' if i < converted else 'A'} {100 * s + 1} {name}"
        for name, (n, converted) in sizes.items()
        for i in range(n)
        for s in range(repeats)
    ]
    by = funnel(
        log("\n".join(lines), unit="min"), steps=["A", "B"], within="1h", entries="all", by="channel", unit="session"
    )
    return by.groups.drop_duplicates("group").set_index("group")["p_value"]


def test_repeating_every_session_makes_a_difference_no_more_certain():
    sizes = {"ads": (80, 30), "mail": (120, 30)}
    once, five_times = sessions(1, sizes), sessions(5, sizes)
    np.testing.assert_allclose(once[["ads", "mail"]], five_times[["ads", "mail"]])
    p = 60 / 200
    squares = {n: 30 * (1 - p) ** 2 + (n - 30) * p**2 for n in (80, 120)}  # of each session's surplus
    variance = sum(own / n**2 for n, own in squares.items()) * 200 / 199
    assert once["ads"] == pytest.approx(2 * norm.sf(abs(30 / 80 - 30 / 120) / variance**0.5))


def test_p_values_are_even_where_there_is_no_difference():
    """Clustered sessions, two groups that a customer moves between: a tenth of the p-values are below 0.1."""
    rng, small = np.random.default_rng(5), 0
    for _ in range(150):
        rate = rng.beta(0.6, 1.4, 120)
        lines = []
        for i in range(120):
            for s in range(rng.geometric(0.4)):
                channel, bought = rng.choice(["ads", "mail"]), rng.random() < rate[i]
                lines.append(f"c{i} A {100 * s} {channel}\nc{i} {'B' if bought else 'A'} {100 * s + 1} {channel}")
        found = funnel(
            log("\n".join([*lines, "z B 0"]), unit="min"), steps=["A", "B"], within="1h", entries="all",
            by="channel", unit="session",
        )  # fmt: skip
        small += found.groups["p_value"].iloc[0] < 0.1
    assert 5 <= small <= 27  # 15 expected; one in a thousand lies outside


def test_a_group_in_which_nobody_counts_is_left_out():
    """Whoever came by mail still has time; those groups neither show zeros nor swell another group's people."""
    events = log("ana visit 0 ads\nana buy 1\nben visit 0 ads\ncyd visit 9 mail\ncyd buy 9.5\nend x 10")
    asked = {"steps": ["visit", "buy"], "within": "5D", "by": "channel"}
    found = funnel(events, **asked)
    assert found.groups["group"].unique().tolist() == ["ads"]
    assert found.groups["reached"].tolist() == [2, 1]
    assert found.still_open == 1
    assert members("funnel", events, asked, {"still_open": True, "group": "ads"}) == []
    people = funnel_people(events, asked).set_index("customer_id")["group"]
    assert people.to_dict() == {"ana": "ads", "ben": "ads", "cyd": "mail"}
