"""What the Churn page says and draws, from results written by hand: one test a situation, exact words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from insight import Churn, InsightError, Propensity, Survival
from insight.charts import (
    churn_groups_dots,
    churn_returns_line,
    churn_trend_line,
    propensity_deciles_bars,
    survival_curve,
    survival_groups,
    survival_periods_bars,
)
from insight.charts.theme import palette
from insight.explain import (
    churn_caption,
    churn_card,
    churn_reading,
    propensity_caption,
    propensity_card,
    propensity_reading,
    survival_caption,
    survival_card,
    survival_reading,
)
from insight.explain.cells import cell_in_words
from insight.intervals import wilson
from insight.survival import kaplan_meier
from tests.test_charts import LOOKS, bars, drawn, hovered, texts

NAN = float("nan")


def rated(table, part, whole, name):
    low, high = wilson(table[part], table[whole])
    return table.assign(**{name: table[part] / table[whole].replace(0, NAN)}, ci_low=low, ci_high=high)


def churn_of(**more):
    """A result as if computed: 400 customers, 100 of them silent for 60 days; 30 of 120 such silences ended."""
    silences = pd.DataFrame({"days": range(1, 91), "silent": np.arange(180, 0, -2), "came_back": np.arange(90, 0, -1)})
    periods = pd.DataFrame({"day": ["2026-04-30", "2026-05-31", "2026-06-30"], "n_customers": [8, 25, 400],
                            "inactive": [2, 5, 100]})  # fmt: skip
    usual = {
        "silences": rated(silences, "came_back", "silent", "came_back_share"),
        "returns": pd.DataFrame({"days": [1, 60], "returned_share": [0.4, 0.9]}),
        "periods": rated(periods, "inactive", "n_customers", "inactive_share"),
        "groups": None, "silent_days": 60, "proposed_days": 60, "is_percentile": True, "is_capped": False,
        "horizon_days": 30, "n_customers": 400, "inactive": 100, "inactive_share": 0.25, "ci_low": 0.21,
        "ci_high": 0.295, "too_new": 12, "silent": 120, "came_back": 30, "came_back_share": 0.25,
        "came_back_low": 0.181, "came_back_high": 0.334,
        "without_activity": 0, "left_out": 0, "days_beyond": 0, "data_start": pd.Timestamp("2026-01-01"),
        "as_of": "2026-06-30", "kind": "orders", "horizon": None, "activity": None, "by": None, "period": "month",
        "level": 0.95,
    }  # fmt: skip
    return Churn(**usual | more)


def grouped_churn():
    rows = pd.DataFrame({"group": ["ads", "mail", "seo"], "n_customers": [200, 192, 8], "inactive": [80, 19, 1],
                         "silent": [60, 55, 5], "came_back": [10, 18, 2]})  # fmt: skip
    rows = rated(rows, "inactive", "n_customers", "inactive_share")
    return churn_of(groups=rows.assign(came_back_share=rows["came_back"] / rows["silent"]), by="channel")


def survival_of(times=(3, 6, 9), ended=(30, 20, 0), left=(0, 10, 40), **more):
    """A result as if computed: how many end at these times, and how many are not followed any longer."""
    observed = np.repeat([True, False], [sum(ended), sum(left)])
    durations = np.concatenate([np.repeat(times, ended), np.repeat(times, left)])
    curve = kaplan_meier(durations, observed).rename(columns={"events": "lost"})
    periods = pd.DataFrame({"period": ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"],
                            "observed": ["full"] * 4 + ["partial"], "active": [0, 100, 80, 90, 70],
                            "lost": [0, 10, 4, 9, 1], "joined": [100, 5, 14, 0, 2]})  # fmt: skip
    full = (periods["observed"] == "full") & (periods["active"] > 0)
    low, high = wilson(periods["lost"], periods["active"].where(full, 0))
    churned = (periods["lost"] / periods["active"]).where(full)
    n = int(sum(ended) + sum(left))
    usual = {
        "curve": curve, "periods": periods.assign(churn=churned, retention=1 - churned, ci_low=low, ci_high=high),
        "groups": None, "group_curves": None, "p_value": NAN, "n_customers": n, "ended": int(sum(ended)),
        "median_time": 6.0, "median_low": 6.0, "median_high": NAN, "mean_until": 9.0, "mean_time": 6.3,
        "mean_low": 5.8, "mean_high": 6.8, "full_periods": 3, "mean_churn": 0.0852, "expected_life": 11.74,
        "left_out": {"without a start": 0, "after the last day": 0, "ended before": 0}, "unit": "day", "dated": True,
        "as_of": "2026-05-20", "kind": "customers", "start": "since", "end": "until", "tenure": None,
        "ended_when": None, "by": None, "period": "month", "level": 0.95,
    }  # fmt: skip
    return Survival(**usual | more)


def grouped_survival():
    one = survival_of()
    curves = pd.concat([one.curve.assign(group=name) for name in ("monthly", "yearly")], ignore_index=True)
    groups = pd.DataFrame({"group": ["monthly", "yearly"], "n_customers": [60, 40], "lost": [40, 10],
                           "median_time": [6.0, NAN], "median_low": [3.0, NAN], "median_high": [9.0, NAN]})  # fmt: skip
    return replace(one, groups=groups, group_curves=curves, p_value=0.0004, by="plan")


def propensity_of(**more):
    """A result as if computed: 1,000 customers in the test, 200 of whom came back."""
    back = np.array([70, 45, 30, 20, 15, 8, 5, 4, 2, 1])
    tenths = pd.DataFrame({"decile": range(1, 11), "n_customers": 100, "came_back": back})
    tenths = rated(tenths, "came_back", "n_customers", "observed_share")
    tenths = tenths.assign(predicted=back / 100 + 0.02, lift=back / 20, captured_share=np.cumsum(back) / 200)
    models = pd.DataFrame({"model": ["logistic", "boosting", "recency"], "auc": [0.81, 0.80, 0.78],
                           "brier": [0.12, 0.121, NAN], "base_brier": 0.16, "slope": [1.02, 0.9, NAN],
                           "intercept": [-0.11, 0.0, NAN], "lift_top": [3.5, 3.4, 3.1],
                           "is_chosen": [True, False, False]})  # fmt: skip
    usual = {
        "deciles": tenths, "models": models, "customers": pd.DataFrame({"customer_id": [], "chance": []}),
        "model": "logistic", "auc": 0.81, "brier": 0.12, "base_brier": 0.16, "slope": 1.02, "intercept": -0.11,
        "lift_top": 3.5, "is_leaking": False, "n_fit": 900, "fit_rate": 0.22, "n_test": 1000, "test_rate": 0.2,
        "predicted_rate": 0.22, "n_customers": 1100, "expected": 205.4, "fit_day": "2025-10-02",
        "test_day": "2025-12-31", "as_of": "2026-03-31", "horizon_days": 90, "left_out": 0, "days_beyond": 0,
        "feature_names": ["active_days", "days_silent"], "kind": "orders", "horizon": "90D", "origin": None,
        "features": "few", "activity": None, "level": 0.95, "model_asked": "auto",
    }  # fmt: skip
    return Propensity(**usual | more)


# -- silences in words ------------------------------------------------------------------------------------------------


def test_the_answer_is_how_many_are_silent_and_how_often_that_is_no_farewell():
    assert churn_reading(churn_of()) == (
        "On 30 Jun 2026 **25.0%** of 400 customers had been silent for 60 days or more (95% interval 21.0–29.5%). That "
        "is not always a farewell: of 120 customers who were ever silent for 60 days, **25.0%** came back within 30 "
        "days more (18.1–33.4%).\n\n"
        "60 days is what the data proposes: the 90th percentile, for 90% are active again so soon after an active day. "
        "12 more came less than 60 days ago and are not counted: they cannot have been silent so long. A purchase "
        "counts as activity; refunds and free orders do not."
    )


def test_where_nobody_is_silent_that_is_the_answer():
    text = churn_reading(churn_of(inactive=0, inactive_share=0.0, ci_low=0.0, ci_high=0.01, too_new=0))
    assert text.startswith("On 30 Jun 2026 none of 400 customers had been silent for 60 days. That is not always")


def test_where_nothing_was_watched_long_enough_false_churn_is_not_known():
    text = churn_reading(churn_of(silent=0, came_back=0, came_back_share=NAN, came_back_low=NAN, came_back_high=NAN))
    assert (
        "Nobody was silent for 60 days so early that 30 days more could be watched: how many come back after so long "
        "is not known. Choose fewer days."
    ) in text


def test_of_fewer_than_ten_customers_there_are_counts_and_no_rates():
    few = churn_of(n_customers=7, inactive=3, inactive_share=3 / 7, silent=5, came_back=1, came_back_share=0.2,
                   too_new=1)  # fmt: skip
    text = churn_reading(few)
    assert text.startswith(
        "On 30 Jun 2026 **3** of 7 customers had been silent for 60 days or more. Of 5 customers who were ever silent "
        "for 60 days, 1 came back within 30 days more.\n\n"
        "With fewer than 10 customers there are counts and no rates."
    )
    assert "1 more came less than 60 days ago and is not counted" in text
    assert "90%" in text  # of the proposal
    assert "42.9%" not in text


def test_a_small_sample_is_said():
    assert "This is a small sample, fewer than 30 customers" in churn_reading(churn_of(n_customers=25, inactive=6))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"silent_days": 90}, "The data proposes 60 days."),
        ({"is_percentile": False}, "60 days is what the data proposes: in this file it never comes to 90% who are "
                                   "active again, so these are the days by which 90% of the returns that were seen had "
                                   "happened."),
        ({"is_percentile": False, "is_capped": True}, "so no percentile can be read. It is half of the observed time, "
                                                      "the most that is proposed."),
        ({"proposed_days": None}, "Nobody ever came back, so the data proposes no number of days."),
        ({"kind": "events"}, "Any event counts as activity."),
        ({"kind": "events", "activity": ["buy*", "rate"]}, "Activity: **buy\\***, **rate**."),
        ({"without_activity": 1}, "1 customer never did any of that."),
        ({"left_out": 3}, "3 rows after the last day of the analysis were left out."),
    ],
    ids=str,
)  # fmt: skip
def test_what_changes_the_meaning_is_said(more, words):
    assert words in churn_reading(churn_of(**more))


def test_groups_are_named_where_there_is_enough_of_them():
    assert churn_reading(grouped_churn()).split("\n\n")[1] == (
        "Among groups of 30 or more, **ads** has most who are silent (40.0%) and **mail** least (9.9%)."
    )
    few = replace(grouped_churn(), groups=grouped_churn().groups.assign(n_customers=20))
    assert "No two groups have 30 customers or more: they cannot be compared." in churn_reading(few)


def test_the_caption_and_the_card_say_what_was_counted():
    assert churn_caption(churn_of()) == (
        "silent for 60 days or more · watched for 30 days more · 400 customers · 1 Jan 2026 to 30 Jun 2026"
    )
    card = churn_card(churn_of())
    assert card.formula.endswith(r"= \frac{100}{400} = 25.0\%")
    assert card.sentences[2] == "n = 400; the 95% interval is 21.0–29.5% (Wilson’s)."
    assert churn_card(churn_of(n_customers=7, inactive=3)).formula.endswith(r"= \frac{3}{7}")


# -- contracts in words -----------------------------------------------------------------------------------------------


def test_contracts_are_told_by_their_median_their_churn_and_what_it_cannot_be():
    assert survival_reading(survival_of()) == (
        "Of 100 contracts, **50** have ended. Half last longer than **6 days**. Churn in Apr 2026: 9 of 90 that were "
        "running when it began, 10.0% (5.4–17.9%).\n\n"
        "Over 3 full periods together churn was 8.52%. Were it the same for everyone and for ever, a contract would "
        "last 12 months on average; it is not, so read the curve."
    )


def test_a_median_has_its_interval_where_the_data_bounds_it():
    assert "Half last longer than **6 days** (95% interval 3 to 9)." in survival_reading(
        survival_of(median_low=3.0, median_high=9.0)
    )


def test_a_median_that_is_not_reached_is_not_known():
    result = survival_of(ended=(10, 5, 0), left=(0, 10, 75), median_time=NAN, median_low=NAN)
    assert (
        "More than half last longer than the data shows: **85.0%** are still there after 9 days (95% interval "
    ) in survival_reading(result)
    assert "A median life is not known." in survival_reading(result)


def test_where_nobody_leaves_no_life_is_made_up():
    result = survival_of(ended=(0, 0, 0), left=(0, 10, 90), median_time=NAN, mean_churn=0.0, expected_life=NAN)
    text = survival_reading(result)
    assert text.startswith("None of 100 contracts has ended.")
    assert "Nothing was lost in a full period, so no length of life follows from the churn." in text


def test_with_fewer_than_three_full_periods_one_over_churn_is_not_given():
    text = survival_reading(survival_of(full_periods=2, expected_life=NAN))
    assert "Fewer than 3 full periods: 1 / churn would be no length of life, so none is given." in text
    assert "would last" not in text


def test_of_fewer_than_ten_contracts_there_are_counts():
    text = survival_reading(survival_of(ended=(1, 1, 0), left=(0, 0, 3)))
    assert "With fewer than 10 contracts there are counts and no rates." in text
    assert "Half last longer" not in text


def test_events_name_what_begins_and_ends_a_contract():
    result = survival_of(kind="events", start="join*", end=["leave", "lapse"],
                         left_out={"without a start": 4, "after the last day": 0, "ended before": 0})  # fmt: skip
    text = survival_reading(result)
    assert text.startswith("Of 100 contracts that began with **join\\***, **50** ended with **leave** / **lapse**.")
    assert text.endswith("Not counted: 4 customers never began.")


def test_what_was_left_out_of_contracts_is_said():
    result = survival_of(left_out={"without a start": 1, "after the last day": 2, "ended before": 1})
    assert survival_reading(result).endswith(
        "Not counted: 1 has no start or length that can be read; 2 begin after the last day; 1 ends before it begins."
    )


def test_lengths_without_dates_are_told_by_age():
    periods = pd.DataFrame({"period": range(4), "observed": "full", "active": [100, 100, 60, 31],
                            "lost": [0, 30, 2, 1], "joined": NAN})  # fmt: skip
    periods = rated(periods, "lost", "active", "churn").assign(retention=lambda t: 1 - t["churn"])
    result = survival_of(periods=periods, dated=False, unit="month", as_of=None, mean_churn=0.113, expected_life=8.8)
    text = survival_reading(result)
    assert "The risk is highest at 1 month: 30 of 100 end there, 30.0% (21.9–39.6%)." in text
    assert "At all ages together churn was 11.30% a month." in text
    assert "a contract would last 9 months on average" in text
    assert survival_caption(result) == "Kaplan-Meier · 100 contracts · 50 ended"


def test_groups_of_contracts_are_compared_and_not_explained():
    assert survival_reading(grouped_survival()).split("\n\n")[1] == (
        "The groups differ by more than chance (log-rank test, p < 0.001). Half of **monthly** last longer than 6 "
        "days. They were not drawn by lot: that a group lasts longer does not say why."
    )
    alike = survival_reading(replace(grouped_survival(), p_value=0.4))
    assert "The groups do not differ by more than chance would make them (log-rank test, p = 0.40)." in alike
    unknown = survival_reading(replace(grouped_survival(), p_value=NAN))
    assert "The groups cannot be told apart: too little has ended." in unknown


def test_the_card_of_contracts_has_its_own_numbers():
    card = survival_card(survival_of())
    assert card.formula.endswith(r"\text{churn} = \frac{9}{90} = 10.0\%")
    assert card.sentences[-1] == "Retention is 1 - churn, of the same contracts."


# -- chances in words -------------------------------------------------------------------------------------------------


def test_chances_are_told_by_how_they_did_in_the_test():
    assert propensity_reading(propensity_of()) == (
        "Of 1,000 customers known on 31 Dec 2025, **20.0%** bought again within 90 days. The tenth with the highest "
        "chances, told on that day, did so **3.5** times as often as all (AUC 0.81; asking only how long ago the last "
        "activity is: 0.78).\n\n"
        "In the 90 days after 31 Mar 2026, about 205 of 1,100 customers can be expected back.\n\n"
        "Their mean squared error (Brier) is 0.120; the same chance for everyone has 0.160. The chances told 22.0% on "
        "average and 20.0% came back, so those of now are moved to that level. A logistic regression on active days so "
        "far, days since the last, fitted to 900 customers as they were known on 2 Oct 2025. A chance is no cause: it "
        "does not say what a mail or a discount would change."
    )


def test_a_leak_is_named_with_what_the_model_looks_at():
    text = propensity_reading(propensity_of(auc=0.99, is_leaking=True, feature_names=["days_silent", "left*"]))
    assert (
        "**An AUC of 0.99 is too good to be true.** Something that the model looks at was written down after the fact "
        "and holds the answer: take it out (days since the last, left\\*)."
    ) in text


def test_a_model_that_is_no_better_than_nothing_says_so():
    text = propensity_reading(propensity_of(brier=0.17, lift_top=1.1, predicted_rate=0.2))
    assert "Who comes back could hardly be told" in text
    assert "The chances were no better than giving everyone the same one (Brier 0.170, 0.160 without a model)" in text
    assert "moved to that level" not in text


def test_the_card_of_chances_keeps_the_days_apart():
    card = propensity_card(propensity_of())
    assert "Calibration: slope 1.02 (1 is right), intercept −0.11 (0 is right)." in card.sentences
    assert not any("Calibration" in said for said in propensity_card(propensity_of(slope=NAN)).sentences)
    assert (
        propensity_caption(propensity_of()) == "back within 90 days · told on 31 Dec 2025 · 1,000 customers · AUC 0.81"
    )


@pytest.mark.parametrize(
    ("analysis", "cell", "said"),
    [
        ("churn", {"inactive": True}, "have been silent for 60 days or more"),
        ("churn", {"inactive": False}, "have not been silent so long (60 days)"),
        ("churn", {"silent": "30D"}, "have been silent for 30 days or more"),
        ("churn", {"came_back": True}, "came back after a first silence (60 days)"),
        ("churn", {"came_back": False}, "did not come back in time after a first silence (60 days)"),
        ("churn", {"too_new": True}, "came too recently to have been silent so long (60 days)"),
        ("churn", {"inactive": True, "group": "ads"}, "have been silent for 60 days or more (group ads of channel)"),
        ("survival", {"ended": True}, "had a contract that is over"),
        ("survival", {"ended": False, "group": "ads"}, "have a contract that still runs (group ads of channel)"),
        ("propensity", {"top": 0.1}, "have the highest chances to come back (the first 10%)"),
        ("propensity", {"bottom": 0.05}, "have the lowest chances to come back (the last 5%)"),
    ],
)
def test_the_people_behind_a_number_in_words(analysis, cell, said):
    assert cell_in_words(analysis, {"silent": "60D", "by": "channel"}, cell) == said


def test_days_left_to_the_data_are_not_made_up():
    assert cell_in_words("churn", {}, {"inactive": True}) == "have been silent unusually long"


# -- pictures ---------------------------------------------------------------------------------------------------------

PICTURES = {
    churn_returns_line: churn_of, churn_trend_line: churn_of, churn_groups_dots: grouped_churn,
    survival_curve: survival_of, survival_groups: grouped_survival, survival_periods_bars: survival_of,
    propensity_deciles_bars: propensity_of,
}  # fmt: skip


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.__name__)
@pytest.mark.parametrize(("theme", "narrow"), [LOOKS[0], LOOKS[3]])
def test_every_picture_draws_and_says_itself_in_words(picture, theme, narrow):
    chart = picture(PICTURES[picture](), theme=theme, narrow=narrow)
    marks = drawn(chart)
    assert len(marks) > 10
    assert "nan" not in " ".join(map(str, texts(marks))).lower()
    assert len(chart.to_dict()["description"]) > 40


def test_the_line_of_false_churn_stands_at_the_chosen_days_and_ends_where_few_are_left():
    chart = churn_returns_line(churn_of())
    assert "60 days" in texts(drawn(chart))
    assert hovered(chart, "Silent for")[-1] == "86 days"  # 10 customers; fewer follow
    assert "The line ends where fewer than 10 customers are left." in texts(drawn(chart))


def test_without_anybody_watched_there_is_a_sentence_and_no_picture():
    nobody = churn_of(silences=churn_of().silences.assign(silent=3))
    assert texts(drawn(churn_returns_line(nobody))) == ["Nobody was followed long enough after a silence."]


def test_days_with_few_customers_have_no_dot_or_a_hollow_one():
    chart = churn_trend_line(churn_of())
    assert hovered(chart, "Share") == ["too few", "20.0% (8.9–39.1%)", "25.0% (21.0–29.5%)"]
    assert "Hollow: a small sample, fewer than 30 customers." in texts(drawn(chart))


def test_groups_with_too_few_have_no_rate():
    said = texts(drawn(churn_groups_dots(grouped_churn())))
    assert "too few" in said
    assert "40.0% (33.5–46.9%)" in said
    with pytest.raises(InsightError, match="by="):
        churn_groups_dots(churn_of())
    with pytest.raises(InsightError, match="by="):
        survival_groups(survival_of())


def test_the_curve_names_its_median_and_how_many_are_at_risk():
    said = texts(drawn(survival_curve(survival_of())))
    assert "half are gone after 6 days" in said
    assert any(line.startswith("At risk: 0: 100") for line in said)
    assert {"0%", "25%", "50%", "75%", "100%"} <= set(said)


def test_too_few_contracts_make_no_curve():
    assert texts(drawn(survival_curve(survival_of(ended=(1, 1, 0), left=(0, 0, 1))))) == [
        "Fewer than 10 contracts: too few for a curve."
    ]


def test_a_bar_stands_for_every_full_period_and_none_for_the_unfinished_one():
    chart = survival_periods_bars(survival_of())
    assert len(bars(drawn(chart), palette("light").primary)) == 3
    assert hovered(chart, "Churn") == [
        "no rate",
        "10.0% (5.5–17.4%)",
        "5.0% (2.0–12.2%)",
        "10.0% (5.4–17.9%)",
        "no rate",
    ]
    assert "The last period is not over: it has no rate yet." in texts(drawn(chart))


def test_each_tenth_has_a_bar_and_the_chance_that_was_told():
    chart = propensity_deciles_bars(propensity_of())
    assert len([bar for bar in bars(drawn(chart), palette("light").primary)]) == 10
    assert hovered(chart, "Mean chance")[:2] == ["72.0%", "47.0%"]
    assert hovered(chart, "Lift")[0] == "3.5"
    assert "Dashed: all customers, 20.0%" in texts(drawn(chart))
