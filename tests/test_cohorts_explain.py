"""What cohorts say, word for word, in each situation."""

from dataclasses import replace

import pandas as pd
import pytest

from insight import Payback
from insight.explain import (
    cohort_revenue_caption,
    cohort_revenue_card,
    cohort_revenue_reading,
    retention_caption,
    retention_card,
    retention_criteria,
    retention_peers_card,
    retention_peers_reading,
    retention_reading,
)
from insight.explain.cells import cell_in_words
from tests.cohorts import peers_of, retention_of, revenue_of

THREE = {
    "2026-01-01": (100, [25, 20, "9?"]),
    "2026-02-01": (60, [15, "4?", None]),
    "2026-03-01": (40, ["3?", None, None]),
}
COUNTED = (
    "A customer starts with the first purchase. A rate stands only where the period is over for everyone in the cohort."
)
LONG = {f"2026-0{m}-01": (100, [25, 20]) for m in range(1, 4)}


def answer(result):
    return retention_reading(result).split("\n\n")[0]


def notes(result):
    return retention_reading(result).split("\n\n")[1]


# -- retention --------------------------------------------------------------------------------------------------------


def test_usually_a_reading_says_how_many_come_back_how_it_goes_on_and_which_cohort_differs():
    found = retention_of(THREE, {("2026-01-01", 1): (0.0, -0.1, 0.1), ("2026-02-01", 1): (0.2, 0.05, 0.3)})
    assert answer(found) == (
        "**25.0%** of 160 customers bought again in month 1 (95% interval 23.0–27.0%). For month 2 it is **20.0%** of "
        "100. Of 2 cohorts 1 differs clearly from the others in month 1: **Feb 2026** with 25.0% (+20.0 points). Among "
        "so many, chance alone can be it."
    )
    assert notes(found) == COUNTED


def test_several_cohorts_differ_and_chance_makes_one_in_twenty():
    change = {(cohort, 1): (0.1 * k, 0.05, 0.3) for k, cohort in enumerate(LONG, 1)}
    assert answer(retention_of(LONG, change)).endswith(
        "Of 3 cohorts 3 differ clearly from the others in month 1, most of all **Mar 2026** with 25.0% (+30.0 points). "
        "About one in twenty does by chance alone."
    )


def test_no_cohort_differs():
    change = {(cohort, 1): (0.0, -0.1, 0.1) for cohort in LONG}
    assert answer(retention_of(LONG, change)).endswith("Of 3 cohorts none differs clearly from the others in month 1.")


def test_nobody_comes_back():
    found = retention_of({"2026-01-01": (50, [0, 0])})
    assert answer(found) == (
        "**None** of 50 customers bought again in month 1 (95% interval 0–2.0%). For month 2 it is **0%** of 50."
    )


def test_everybody_comes_back():
    found = retention_of({"2026-01-01": (50, [50])}, kind="events")
    assert answer(found) == "**All** 50 customers came back in month 1 (95% interval 98.0–100%)."


def test_too_few_for_a_rate():
    found = retention_of({"2026-01-01": (6, [2])})
    assert answer(found) == "6 customers have lived to the end of month 1, 2 of them are retained: too few for a rate."


def test_a_small_sample_is_called_one():
    found = retention_of({"2026-01-01": (20, [5])})
    assert (
        answer(found) == "**25.0%** of 20 customers bought again in month 1 (95% interval 23.0–27.0%). A small sample."
    )


@pytest.mark.parametrize(
    ("period", "advice"),
    [("month", " Weeks would be over sooner."), ("week", " Days would be over sooner."), ("day", "")],
)
def test_nothing_is_over_yet(period, advice):
    found = retention_of({"2026-04-06": (29, ["3?"])}, period=period)
    assert answer(found) == (
        f"29 customers started, but {period} 1 is not over for any cohort: who comes back is not known yet.{advice}"
    )


def test_nobody_started():
    assert answer(retention_of({})) == "Nobody has a first purchase in these days, so there is no cohort to follow."
    events = retention_of({}, kind="events", cohort={"event": "sign*up"})
    assert answer(events) == "Nobody has a first **sign\\*up** in these days, so there is no cohort to follow."
    guarded = retention_of({}, guard="90D", guarded=12)
    assert answer(guarded) == "The guard leaves nobody: everyone was there in the first 90 days of the data."


@pytest.mark.parametrize(
    ("more", "did"),
    [
        ({"criterion": "on_or_after"}, "bought again in month 1 or later"),
        ({"criterion": "on_or_before"}, "bought again by the end of month 1"),
        ({"criterion": "streak"}, "bought in every period up to month 1"),
        ({"criterion": "streak", "kind": "events"}, "came back in every period up to month 1"),
        ({"kind": "events", "period": "week"}, "came back in week 1"),
        ({"returns": {"where": [["amount", ">", 5]]}}, "came back in month 1"),
    ],
)
def test_each_criterion_is_said_in_its_own_words(more, did):
    assert f"160 customers {did} (" in answer(retention_of(THREE, **more))


def test_a_bracket_names_its_span():
    found = retention_of({"2026-01-01": (100, [None, None, 40])}, criterion="bracket", bracket=[1, 3])
    assert answer(found).startswith("**40.0%** of 100 customers bought again in months 1 to 3 (")


def test_what_goes_on_rising_is_said():
    assert "These rates go on rising while time passes" in answer(retention_of(THREE, criterion="on_or_after"))


def test_recurring_cohorts_count_active_periods_and_have_no_interval():
    found = retention_of(THREE, cohort="recurring")
    assert answer(found).startswith("After **25.0%** of 160 active months the customer bought again in month 1. For")
    assert notes(found).startswith(
        "Customers stand in the cohort of every period in which they are active, so one counts"
    )


def test_settings_that_change_the_meaning_are_said():
    rolling = notes(retention_of(THREE, clock="rolling", dates_only=True))
    assert "Periods are 30 days each, counted from the customer’s own start. The file has days without clock" in rolling
    value = notes(retention_of({"ads": (50, [5])}, cohort={"column": "channel"}))
    assert value == (
        "A customer belongs to the value of **channel** at the first purchase. In each period only those count whose "
        "period is over."
    )
    returns = notes(retention_of(THREE, kind="events", returns=["buy", "renew_"]))
    assert "Only **buy** / **renew\\_** counts as coming back." in returns
    where = notes(retention_of(THREE, kind="events", returns={"events": ["buy"], "where": [["value", ">", 1]]}))
    assert "Only **buy** counts as coming back. Coming back has to meet conditions." in where
    guard = notes(retention_of(THREE, guard="90D", guarded=1))
    assert "1 customer of the first 90 days is left out: perhaps no new customer." in guard


def test_a_mean_of_cohorts_that_lies_elsewhere_is_named():
    found = notes(retention_of({"2026-01-01": (1000, [500]), "2026-02-01": (500, [400])}))
    assert (
        "All cohorts together are pooled, so large ones weigh more; each weighing the same, the smallest of 500 "
        "customers as well, it would be 65.0%." in found
    )


def test_a_first_cohort_far_larger_than_the_others_may_hold_old_customers():
    cohorts = {"2026-01-01": (500, [50])} | {f"2026-0{m}-01": (100, [10]) for m in (2, 3, 4)}
    assert "The first cohort (500) is far larger than the others" in notes(retention_of(cohorts))
    assert "far larger" not in notes(retention_of(cohorts, guard="30D"))


def test_rows_left_out_are_said():
    assert notes(retention_of(THREE, left_out=2)).endswith("2 rows after the last day of the analysis were left out.")


def test_the_other_definitions_stand_in_one_line():
    rates = {"on": 0.25, "on_or_after": 0.5, "on_or_before": 0.25, "streak": 0.25}
    rows = [(name, 1, 160, int(160 * rate), rate) for name, rate in rates.items()]
    found = retention_of(THREE, criteria=rows)
    assert retention_criteria(found, 1) == (
        "In month 1: **25.0%** on the period. The same customers by another definition: 50.0% on or after (default of "
        "Mixpanel, Amplitude)."
    )
    assert retention_criteria(replace(found, criterion="on_or_after"), 1) == (
        "In month 1: **50.0%** on or after. The same customers by another definition: 25.0% on the period (default of "
        "PostHog, GA4), 25.0% on or before, 25.0% in each period until then."
    )
    assert retention_criteria(found, 2) == ""
    same = retention_of(THREE, criteria=[("on", 1, 160, 40, 0.25), ("streak", 1, 160, 40, 0.25)])
    assert retention_criteria(same, 1) == "In month 1: **25.0%** on the period; by every other definition the same."


def test_captions_say_what_was_counted():
    ending = "200 customers · 1 Jan 2026 to 30 Apr 2026"
    assert retention_caption(retention_of(THREE)) == (
        f"Retention by month of the first purchase · on the period · by the calendar · {ending}"
    )
    found = retention_of(THREE, kind="events", cohort={"event": ["sign up", "trial"]}, clock="rolling", period="week")
    assert retention_caption(found).startswith(
        "Retention by week of the first sign up / trial · on the period · from each"
    )
    assert retention_caption(retention_of(THREE, cohort={"column": "channel"})).startswith("Retention by channel ·")
    assert retention_caption(retention_of(THREE, cohort="recurring")).startswith("Retention by month of activity ·")
    assert cohort_revenue_caption(revenue_of(MONEY)).startswith("Revenue per customer by month of the first purchase ·")


def test_a_card_fills_the_formula_with_its_numbers():
    card = retention_card(retention_of(THREE))
    assert card.formula == (r"\text{retention}_{1} = \frac{\sum_c R_{c,1}}{\sum_c N_c} = \frac{40}{160} = 25.0\%")
    assert card.sentences == (
        "Counted: Retention by month of the first purchase; retained is who is active in the period itself.",
        "Out of: 160 customers of 2 cohorts for which month 1 is over.",
        "n = 160; the 95% interval is 23.0–27.0% (Wilson’s).",
        "Left out: 1 cohort whose period is not over.",
    )


def test_a_card_of_few_or_of_nothing_has_no_rate():
    few = retention_card(retention_of({"2026-01-01": (6, [2])}))
    assert few.formula.endswith(r"= \frac{2}{6}")
    assert few.sentences[2:] == ("No interval: n is below 10.", "Nothing was left out.")
    nothing = retention_card(retention_of({"2026-01-01": (6, ["1?"])}))
    assert nothing.formula == r"\text{retention}_k = \frac{\sum_c R_{c,k}}{\sum_c N_c}"


# -- revenue ----------------------------------------------------------------------------------------------------------

MONEY = {"2026-01-01": (60, [(60, 3000.0), (20, 1200.0), (10, 600.0)]), "2026-02-01": (40, [(40, 2000.0), (10, 800.0)])}
PAID = Payback(period=1, earliest=1, latest=2, last_period=2, margin_so_far=32.0, acquisition_cost=26.0, margin=0.4)


def test_revenue_is_said_per_customer_and_with_its_interval():
    said = cohort_revenue_reading(revenue_of(MONEY))
    assert said == (
        "A customer brings in **50.00 EUR** by the end of month 0 (100 customers). By the end of month 2 it is **80.00 "
        "EUR** (95% interval 72.00 to 88.00). Over all of it an order comes to 54.29 EUR on average (140 orders).\n\n"
        "Revenue is what was paid less refunds, of cohorts whose period is over; increments are added up. What "
        "customers cost, and what they will buy after the data end, is not in it."
    )


@pytest.mark.parametrize(
    ("payback", "said"),
    [
        (PAID,
         "At a margin of 40% a cost of 26.00 EUR a customer is paid back by the end of **month 1**; it could be "
         "month 1 to month 2."),
        (replace(PAID, latest=1), "is paid back by the end of **month 1**."),
        (replace(PAID, latest=None), "by the end of **month 1**; it could be month 1, or later than the data."),
        (replace(PAID, period=None, earliest=None, latest=None),
         "is **not paid back** by the end of month 2, the last "
         "that is observed: the margin is 32.00 EUR then."),
    ],
)  # fmt: skip
def test_payback_is_said_with_its_range(payback, said):
    assert said in cohort_revenue_reading(revenue_of(MONEY, payback))


def test_revenue_without_a_finished_period_or_with_few_customers():
    nothing = revenue_of(MONEY)
    nothing = replace(nothing, average=nothing.average.assign(n_customers=0))
    assert cohort_revenue_reading(nothing).startswith("No period is over yet, so there is nothing to add up.")
    few = cohort_revenue_reading(revenue_of({"2026-01-01": (4, [(4, 10.0)])}))
    assert few.startswith("4 customers have come to the end of a period: too few to say what one brings in.")
    assert cohort_revenue_reading(revenue_of({})).startswith("Nobody has a first purchase in these days")


def test_what_is_not_in_revenue_is_said():
    found = revenue_of(MONEY, before_start=1, without_purchase=3, guarded=2)
    found.cells.loc[0, "refunds"] = 12.5
    said = cohort_revenue_reading(found).split("\n\n")[1]
    assert "Refunds of 12.50 EUR are taken off. 1 order or refund before a customer’s start is not counted." in said
    assert "3 customers never bought. 2 customers are left out by the guard." in said


def test_the_card_of_revenue_adds_up_its_increments():
    card = cohort_revenue_card(revenue_of(MONEY))
    assert card.formula.endswith("= 50.00 + 20.00 + 10.00 = 80.00")
    assert card.sentences[1] == "Out of: 100 customers in month 0, 60 customers in month 2."


# -- ways to count ----------------------------------------------------------------------------------------------------

WAYS = [
    ("ours", "", {}, 160, 40),
    ("Mixpanel", "criterion", {}, 160, 80),
    ("PostHog", "", {}, 160, 40),
    ("ours", "criterion", {"criterion": "on_or_after"}, 160, 90),
    ("ours", "clock", {"clock": "rolling"}, 100, 20),
]


def test_other_ways_to_count_are_said_from_the_lowest_to_the_highest():
    said = retention_peers_reading(peers_of(WAYS)).split("\n\n")
    assert said[0] == (
        "Here **25.0%** of 160 customers are retained in month 1. By default the tools would say from 25.0% (PostHog) "
        "to 50.0% (Mixpanel), 25.0 points apart. Of the settings by themselves, one moves it most: **Here, but on or "
        "after**, +31.2 points."
    )
    assert "“Rolling” means on or after in PostHog, in each period until then in GA4 and Adobe" in said[1]


def test_other_ways_that_say_the_same_or_nothing():
    same = retention_peers_reading(peers_of([WAYS[0], WAYS[2]]))
    assert "By default PostHog would say 25.0%. No single setting of theirs moves the rate." in same
    none = retention_peers_reading(peers_of([WAYS[0], ("GA4", "", {}, pd.NA, pd.NA)]))
    assert "The defaults of none of the tools give a rate on this data." in none
    few = retention_peers_reading(peers_of([("ours", "", {}, 4, 1)]))
    assert few.startswith("Fewer than 10 customers have lived to the end of month 1: no rates to compare.")


def test_the_card_of_other_ways_shows_the_one_furthest_away():
    card = retention_peers_card(peers_of(WAYS))
    assert card.formula.endswith(r"= 50.0\% - 25.0\% = +25.0\ \text{points}")
    assert card.sentences[1] == "In the formula: Mixpanel, which is furthest from it, in month 1."


@pytest.mark.parametrize(
    ("analysis", "settings", "cell", "said"),
    [
        ("retention", {}, {"cohort": "2026-02-01"}, "started in Feb 2026"),
        ("retention", {}, {"cohort": "2026-02-01", "period": 3},
         "started in Feb 2026 and came back (on the period, month 3)"),
        ("retention", {"criterion": "streak", "period": "week"},
         {"cohort": "2026-02-02", "period": 1, "retained": False},
         "started in week of 2 Feb 2026 and did not come back (in each period until then, week 1)"),
        ("retention", {"cohort": "recurring"}, {"cohort": "2026-02-01"}, "were active in Feb 2026"),
        ("retention", {"cohort": {"column": "channel"}}, {"cohort": "ads"}, "started with ads as their channel"),
        ("retention", {"by": "channel"}, {"period": 1, "group": "ads"},
         "started and came back (on the period, month 1) (group ads of channel)"),
        ("cohort_revenue", {}, {"cohort": "2026-02-01", "period": 1, "ordered": False},
         "started in Feb 2026 and did not buy in month 1"),
        ("retention_peers", {"at": 2}, {"tool": "GA4"}, "came back in month 2, counted by: GA4"),
        ("retention_peers", {}, {"changed": "criterion", "criterion": "streak", "retained": False},
         "did not come back in month 1, counted by: Here, but in each period until then"),
    ],
)  # fmt: skip
def test_the_people_behind_a_number_in_words(analysis, settings, cell, said):
    assert cell_in_words(analysis, settings, cell) == said
