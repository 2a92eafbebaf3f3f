"""What the Customer value page says, from results written by hand: one test a situation, exact words."""

import pytest

from insight.clv.drivers import months_text
from insight.explain import (
    clv_formula_caption,
    clv_formula_card,
    clv_formula_raises,
    clv_formula_reading,
    customer_value_by_caption,
    customer_value_by_card,
    customer_value_by_reading,
    customer_value_caption,
    customer_value_card,
    customer_value_lift,
    customer_value_reading,
    points_worth,
    simple_clv_reading,
    three_values,
    three_values_reading,
)
from insight.explain.cells import cell_in_words
from tests.clv import NAN, backtest, formula_of, groups_of, value_of, year_of

# -- by formula -------------------------------------------------------------------------------------------------------


def test_the_value_its_ratio_and_when_the_cost_is_paid_back():
    assert clv_formula_reading(formula_of()) == (
        "By the formula a new customer brings **180 EUR** of margin in 3 years, at a margin of 30%; less the 40.00 EUR "
        "to acquire them that is **140 EUR**. LTV:CAC is **4.5**. The cost is paid back after about 8 months. To break "
        "even, acquiring one may cost 180 EUR at most.\n\n"
        "Payments are taken at the start of each year, the first one in full. Everybody is taken to stay for all 3 "
        "years. Later money counts like money today: nothing is discounted.\n\n"
        "The file has 1,200 purchases of 300 customers in the 365 days up to 31 Dec 2025: 50.00 EUR an order, 4 orders "
        "of each customer who bought at all. Margin, years and cost are yours: no file of orders can say them."
    )


def test_typed_numbers_read_the_same_without_a_file():
    text = simple_clv_reading(formula_of().simple)
    assert text.startswith(
        "By the formula a new customer brings **180** of margin in 3 years, at a margin of 30%; less"
    )
    assert "The file" not in text


def test_without_a_margin_there_is_revenue_and_no_value():
    text = clv_formula_reading(formula_of(margin=None))
    assert text.startswith(
        "An active customer brings a **revenue** of **200 EUR** a year: 4 orders of 50.00 EUR. What of it is value "
        "depends on your **gross margin**, which is not given.\n\nThe file has"
    )
    assert "LTV" not in text
    short = clv_formula_reading(formula_of(year_of(days=77), margin=None))
    assert short.startswith(
        "An active customer brings a **revenue** of **200 EUR** in the 77 days of the file: 4 orders"
    )
    assert clv_formula_raises(formula_of(margin=None)) == ""


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"acquisition_cost": 200.0}, "and costs 200 EUR to acquire: a loss of **20.00 EUR**, an LTV:CAC of **0.90**. "
                                      "The cost is not paid back in 3 years."),
        ({"acquisition_cost": None}, "at a margin of 30%. To break even, acquiring one may cost 180 EUR at most. Type "
                                     "what acquiring a customer costs to see LTV:CAC"),
        ({"profit_share": 0.25}, "To keep 25% of it as profit: **135 EUR**."),
        ({"payments": "end"}, "Payments are taken at the end of each year: the first is a year away."),
        ({"annual_discount": 0.1}, "Later money counts less, by 10% a year. Without an end it would be 660 EUR."),
        ({"annual_retention": 0.8}, "Of the customers of a year 80% are taken to stay for the next, each year the same "
                                    "share; where customers differ, those who are left stay longer than that."),
        ({"typed": ("orders_per_year",)}, "Typed in place of what the file says: Orders a year."),
        ({"year": year_of(days=90)}, "That is less than a year, so a year would have more orders of each; type the"),
        ({"year": year_of(earlier=50, kept=20)}, "Of 50 customers of the year before, 40.0% bought again in this one: "
                                                 "the nearest to a retention that orders can say."),
        ({"year": year_of(refunds=1, refunded=900.0)}, "1 refund of 900 EUR (1.5% of the revenue) is not taken off: a "
                                                       "margin after refunds would be right."),
        ({"year": year_of(left_out=3)}, "3 rows after the last day of the analysis were left out."),
        ({"year": year_of(purchases=0, active=0)}, "Nobody bought in the 365 days up to 31 Dec 2025."),
    ],
    ids=str,
)  # fmt: skip
def test_what_changes_the_meaning_of_the_formula_is_said(more, words):
    assert words in clv_formula_reading(formula_of(**more))


def test_what_raising_a_number_is_worth_is_multiplied_out():
    assert clv_formula_raises(formula_of()) == (
        "- **Now**: 50.00 × 4 × 30% × 3 years = 180 EUR\n"
        "- **Order value** from 50.00 EUR to 55.00 EUR: 55.00 × 4 × 30% × 3 years = 198 EUR, **18.00 EUR** more a "
        "customer\n"
        "- **Orders a year** from 4 to 4.4: 50.00 × 4.4 × 30% × 3 years = 198 EUR, **18.00 EUR** more a customer\n"
        "- **Margin** from 30% to 33%: 50.00 × 4 × 33% × 3 years = 198 EUR, **18.00 EUR** more a customer\n"
        "- **Years** from 3 years to 3.3 years: 50.00 × 4 × 30% × 3.3 years = 198 EUR, **18.00 EUR** more a customer"
    )


def test_of_retention_the_years_that_it_makes_are_multiplied():
    lines = clv_formula_raises(formula_of(annual_retention=0.8).simple).splitlines()
    assert lines[0] == "- **Now**: 50.00 × 4 × 30% × 2.44 years = 146"
    assert lines[4] == (
        "- **Retention a year** from 80% to 88%: 50.00 × 4 × 30% × 2.65 years = 159, **12.86** more a customer"
    )
    assert "Retention" not in clv_formula_raises(formula_of(annual_retention=1.0))  # nothing is above all


@pytest.mark.parametrize(
    ("years", "words"), [(2 / 3, "8 months"), (0.01, "1 month"), (1.0, "12 months"), (0, "1 month")]
)
def test_a_time_is_told_in_months_rounded_up(years, words):
    assert months_text(years) == words


def test_the_caption_and_the_card_of_the_formula():
    assert clv_formula_caption(formula_of()) == (
        "4 orders a year of 50.00 EUR · margin 30% · 3 years · CAC 40.00 EUR · orders to 31 Dec 2025"
    )
    assert "no margin given" in clv_formula_caption(formula_of(margin=None))
    assert clv_formula_card(formula_of()).formula.endswith(
        r"= 50 \cdot 4 \cdot 0.3 \cdot 3 = 180 \qquad \text{LTV:CAC} = \frac{180}{40} = 4.5"
    )
    assert clv_formula_card(formula_of(margin=None)).formula.endswith(r"\text{margin} \cdot \text{years}")


# -- by model ---------------------------------------------------------------------------------------------------------


def test_the_model_says_what_to_expect_who_holds_it_and_how_far_off_it_was():
    assert customer_value_reading(value_of()) == (
        "In the 365 days after 31 Dec 2025, 200 customers can be expected to bring **10,000 EUR** of margin (95% "
        "interval 7,000 to 14,000 EUR), on 300 purchase days. The 20 of them with the highest value hold **40%** of "
        "it.\n\n"
        "**Last time the total was off by −12.0%**: knowing the data up to 30 Jun 2025, the model would have expected "
        "88 purchase days in the 184 days after it, and 100 came; of the revenue it was off by −10.0%. “As often as so "
        "far” would have been off by +50.0% in total, and by 1.20 purchase days a customer (the model by 0.81).\n\n"
        "A **new** customer brings **90.00 EUR** of margin in the first 365 days on average (75.00 to 108 EUR): 25.00 "
        "EUR with the first purchase, the rest with the 2.6 purchase days expected after it.\n\n"
        "Model: MBG/NBD, which came closest in the back-test. About 120 of them are still customers, by MBG/NBD. 90 "
        "bought on one day only. Of those who did so on the same day the model knows the same, so their values are "
        "equal: that is no mistake."
    )


def test_where_the_plain_rate_was_closer_the_model_is_said_to_have_lost():
    lost = value_of(loses_to_naive=True, warnings=("It lost.", "The models do not agree."))
    text = customer_value_reading(lost)
    assert (
        "**The model lost**: “as often as so far” was closer for single customers (off by 1.20 purchase days on "
        "average, the model by 0.81), and by +50.0% in total. Use the order of customers, not the numbers."
    ) in text
    assert text.endswith("The models do not agree.")
    assert "It lost." not in text  # with its numbers already


def test_at_a_margin_of_one_it_speaks_of_revenue():
    text = customer_value_reading(value_of(margin=1.0))
    assert "**10,000 EUR** of revenue" in text
    assert "What of it is **value** depends on your gross margin." in text
    assert "brings **90.00 EUR** of revenue in" in text
    assert "of margin" not in text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"chosen_by": "given"}, "Model: MBG/NBD, as chosen."),
        ({"chosen_by": "default"}, "Model: MBG/NBD; there is nothing to compare models by."),
        ({"model": "bg_nbd"}, "About 120 of them are still customers, by MBG/NBD."),
        (
            {"spend_model": "mean"},
            "What a purchase brings is taken as the mean of all: Gamma-Gamma could not be fitted.",
        ),
        ({"warnings": ("Too little.",)}, "that is no mistake. Too little."),
        ({"without_purchase": 1}, "1 customer with refunds only is left out."),
        ({"refunds": 2, "refunded": 30.5}, "2 refunds of 30.50 EUR are in no expectation; the revenue so far has them"),
        ({"ci_low": -50.0}, "(95% interval 0 to 14,000 EUR)"),
    ],
    ids=str,
)
def test_what_changes_the_meaning_of_the_model_is_said(more, words):
    assert words in customer_value_reading(value_of(**more))


def test_without_a_back_test_nothing_is_said_of_one():
    text = customer_value_reading(value_of(backtest=backtest().head(0), loses_to_naive=None))
    assert "Last time" not in text
    assert "so far” would" not in text
    assert customer_value_lift(value_of(backtest=backtest().head(0))) == ""


def test_how_well_it_ranks_is_told_beside_the_best_there_could_be():
    assert customer_value_lift(value_of()) == (
        "The tenth of customers that the model put first on 30 Jun 2025 brought **37%** of the revenue after it; the "
        "tenth that turned out the best brought 54%."
    )


def test_the_caption_and_the_card_of_the_model():
    assert customer_value_caption(value_of()) == (
        "value in 365 days · margin 40% · MBG/NBD · 200 customers · 1 Jan 2025 to 31 Dec 2025"
    )
    card = customer_value_card(value_of())
    assert card.formula.endswith(r"\text{sd}^2 = 900^2 + 800^2 + 1{,}200^2")
    assert card.sentences[1] == "Out of: 200 customers, all with a purchase, one-time buyers too."


# -- side by side -----------------------------------------------------------------------------------------------------


def test_the_three_values_stand_side_by_side_and_add_up():
    rows = three_values(value_of(), formula_of(margin=0.4, years=1.0)).to_numpy().tolist()
    assert rows == [
        ["Historical: so far", "everybody who ever bought", "120 EUR", "24,000 EUR"],
        ["By formula: 365 days", "a customer who buys at all", "80.00 EUR", "–"],
        ["By model: first 365 days", "a new customer", "90.00 EUR", "–"],
        ["By model: next 365 days", "those you have", "50.00 EUR", "10,000 EUR"],
        ["Historical and by model", "those you have", "170 EUR", "34,000 EUR"],
    ]


def test_why_they_differ_is_said():
    lower = three_values_reading(value_of(), formula_of(margin=0.4, years=1.0)).splitlines()
    assert lower[0] == (
        "- **Historical** looks back and **the model** ahead: of 200 customers about 120 are still customers, and only "
        "they can bring more."
    )
    assert lower[3].startswith("- The formula is the lower one here: of who came in the course of the year it counts")
    higher = three_values_reading(value_of(), formula_of(margin=0.4, years=2.0)).splitlines()
    assert higher[3] == (
        "- So the formula is the higher one here, by 70.00 EUR a new customer; for the cost of acquiring the model is "
        "the careful number."
    )
    old = formula_of(year_of(earlier=50, kept=20), margin=0.4, years=1.0)
    assert len(three_values_reading(value_of(), old).splitlines()) == 3


def test_what_a_point_is_worth_is_divided_out():
    assert points_worth(value_of()) == (
        "- **One point of margin** more: 10,000 EUR ÷ 40 = **250 EUR** in 365 days.\n"
        "- **One more in a hundred who are still customers**: 2 customers × 10,000 EUR ÷ 120 = 2 × 83.33 EUR = **167 "
        "EUR** in 365 days, if they bought like the others who are."
    )
    assert "margin" not in points_worth(value_of(margin=1.0))


# -- groups -----------------------------------------------------------------------------------------------------------


def test_groups_are_told_by_who_holds_most_and_whose_customers_are_worth_most():
    assert customer_value_by_reading(groups_of()) == (
        "By channel: of the **10,000 EUR** of margin expected in 365 days, **ads** holds most, 60%, with 50% of the "
        "customers. Among groups of 30 or more a customer of **ads** is worth most (60.00 EUR) and one of **mail** "
        "least (37.50 EUR).\n\n"
        "A new customer of **ads** brings 90.00 EUR of margin in the first 365 days (70.00 to 115 EUR); of no other "
        "group can it be told. Acquiring one may cost 90.00 EUR to break even by then if that mean holds; 70.00 is the "
        "careful number.\n\n"
        "Groups were not drawn by lot: that one is worth more does not say why, nor what a customer moved into it "
        "would be worth."
    )


def test_whose_newcomers_bring_most_is_only_said_where_the_interval_lies_clear_of_the_others():
    """Sides of a coin: 69.33 (56.47 to 85.12) is no more than 59.84 (51.18 to 69.98)."""
    ends = {"new_customer_low": [56.47, 51.18, NAN], "new_customer_high": [85.12, 69.98, NAN]}
    rows = groups_of().groups.assign(new_customer_value=[69.33, 59.84, NAN], **ends)
    text = customer_value_by_reading(groups_of(groups=rows))
    assert "brings most" not in text
    assert (
        "Which group’s new customers bring most cannot be told, as the intervals overlap; the highest mean is that of "
        "**ads**: 69.33 EUR of margin in the first 365 days (56.47 to 85.12 EUR). Acquiring one may cost 69.33 EUR to "
        "break even by then if that mean holds; 56.47 is the careful number."
    ) in text
    rows = rows.assign(new_customer_low=[70.0, 51.18, NAN])
    text = customer_value_by_reading(groups_of(groups=rows))
    assert "A new customer of **ads** brings most: 69.33 EUR of margin in the first 365 days (70.00 to 85.12" in text
    text = customer_value_by_reading(groups_of(groups=rows, margin=1.0))
    assert "brings most: 69.33 EUR of revenue in the first 365 days" in text
    assert "Acquiring" not in text


def test_cohorts_are_called_by_their_month_and_intervals_that_overlap_are_said():
    rows = groups_of().groups.assign(group=["2025-01-01", "2025-02-01", "2025-03-01"], ci_low=1_000.0)
    text = customer_value_by_reading(groups_of(groups=rows, by="cohort"))
    assert text.startswith("By month of the first purchase: of the")
    assert "**Jan 2025** holds most" in text
    assert "Their intervals overlap." in text
    assert "Younger cohorts have had less time to leave" in text


def test_of_groups_too_small_no_customer_and_no_newcomer_is_compared():
    rows = groups_of().groups.assign(n_customers=[20, 10, 5], new_customer_value=NAN)
    text = customer_value_by_reading(groups_of(groups=rows))
    assert "No two groups have 30 customers or more, so single customers are not compared." in text
    assert "What a new customer of each group would bring cannot be told" in text


def test_names_from_the_file_are_no_markup():
    rows = groups_of().groups.assign(group=["**a**", "[b](c)", "d"])
    assert r"**\*\*a\*\*** holds most" in customer_value_by_reading(groups_of(groups=rows))


def test_the_caption_and_the_card_of_groups():
    assert customer_value_by_caption(groups_of()) == (
        "by channel · value in 365 days · margin 40% · MBG/NBD · orders to 31 Dec 2025"
    )
    assert customer_value_by_card(groups_of()).formula.endswith(r"= \frac{6{,}000}{100} = 60.00")


@pytest.mark.parametrize(
    ("analysis", "settings", "cell", "words"),
    [
        ("clv_formula", {}, {"active": True}, "bought in the last year"),
        ("clv_formula", {}, {"kept": False}, "bought in the year before the last, and not again in the last"),
        ("customer_value", {"horizon": "90D"}, {"decile": 1}, "are in tenth 1 by expected value in 90 days"),
        ("customer_value", {}, {"value_at_least": 100.0}, "are expected to be worth 100 or more in 365 days"),
        ("customer_value", {}, {"repeats": "0", "alive_below": 0.5},
         "bought on one day only and are still customers with a probability below 50%"),
        ("customer_value", {}, {"repeats": "7+"}, "came back on 7+ days"),
        ("customer_value", {}, {"without_purchase": True}, "have refunds only, and no purchase"),
        ("customer_value_by", {"by": "channel"}, {"group": "ads"}, "are of group ads of channel, by their first order"),
        ("customer_value_by", {"by": "cohort"}, {"group": "2025-02-01"}, "bought first in Feb 2025"),
    ],
    ids=str,
)  # fmt: skip
def test_the_people_behind_a_number_are_told_in_words(analysis, settings, cell, words):
    assert cell_in_words(analysis, settings, cell) == words


def test_a_model_that_sees_nobody_leave_is_not_believed():
    said = customer_value_reading(value_of(alive=200.0))
    assert "By MBG/NBD **nobody has left** yet, which is hardly so" in said
    assert "are still customers, by" not in said
