"""What a trend calls its goal, and what it says of other orders, of removed people and of days after the data."""

import pytest

from insight import funnel, funnel_peers, funnel_trend, funnel_worth
from insight.charts.trend import funnel_trend_line
from insight.explain import (
    funnel_peers_reading,
    funnel_reading,
    funnel_trend_caption,
    funnel_trend_card,
    funnel_trend_reading,
    funnel_worth_reading,
)
from tests.logs import log


def bought(last="review"):
    """Twenty come on Monday 5 January, ten of them buy, five go on."""
    lines = [f"c{k:02} visit 4" for k in range(20)] + [f"c{k:02} buy 5" for k in range(10)]
    return log("\n".join([*lines, *(f"c{k:02} {last} 6" for k in range(5)), "end other 40"]))


REVIEW_MAYBE = ["visit", "buy", {"events": ["review"], "optional": True}]


def trend(steps=REVIEW_MAYBE, **asked):
    asked = {"end": "2026-01-11", "start": "2026-01-05", **asked}
    return funnel_trend(bought(), steps=steps, **asked)


def texts(chart):
    return str(chart.to_dict())


def test_the_goal_of_a_trend_is_its_last_required_step():
    result = trend()
    assert (result.goal, result.overall_conversion) == ("buy", 0.5)
    assert "**50.0%** of 20 customers who first did **visit**" in funnel_trend_reading(result)
    assert "went on to **buy** within 7 days" in funnel_trend_reading(result)
    assert funnel_trend_caption(result).startswith("visit to buy within 7 days · ")
    assert "who got from it to **buy** within 7 days" in funnel_trend_card(result).sentences[0]
    assert "Share that reached buy" in texts(funnel_trend_line(result))
    for said in (funnel_trend_reading(result), funnel_trend_caption(result), texts(funnel_trend_line(result))):
        assert "review" not in said


def test_a_trend_in_any_order_is_about_all_steps():
    result = trend(["visit", "buy"], order="any")
    reading = funnel_trend_reading(result)
    assert reading.startswith(
        "**50.0%** of 20 customers who did the first of the 2 steps in the week of 5 Jan 2026 did all of them within "
        "7 days (95% interval "
    )
    assert funnel_trend_caption(result).startswith("2 steps in any order within 7 days · ")
    assert funnel_trend_card(result).sentences[0] == (
        "Counted: customers whose first entry, at any of the 2 steps, lies in the period, and who did all of them "
        "within 7 days."
    )
    assert "Share that reached all 2 steps" in texts(funnel_trend_line(result))
    assert "any 1" not in reading + texts(funnel_trend_line(result))


def test_an_open_trend_is_about_entries_at_any_step():
    result = trend(["visit", "buy"], order="open")
    assert funnel_trend_reading(result).startswith(
        "**50.0%** of 20 customers who first entered, at any step, in the week of 5 Jan 2026 got to **buy** within "
        "7 days (95% interval "
    )
    assert funnel_trend_caption(result).startswith("visit to buy within 7 days, entered at any step · ")
    assert funnel_trend_card(result).sentences[0] == (
        "Counted: customers whose first entry, at any step, lies in the period, and who got from it to **buy** within "
        "7 days."
    )


def test_a_strict_trend_says_so_in_its_caption():
    caption = funnel_trend_caption(trend(["visit", "buy"], order="strict"))
    assert caption.startswith("visit to buy within 7 days, nothing in between · ")


def test_too_few_of_an_open_trend_entered_and_did_not_do_the_first_step():
    events = log("ana visit 4\nben buy 5\nend other 40")
    result = funnel_trend(events, steps=["visit", "buy"], order="open", start="2026-01-05", end="2026-01-11")
    assert funnel_trend_reading(result).startswith(
        "2 customers entered, at any step, in the week of 5 Jan 2026, the last finished period: too few for a rate."
    )


def test_where_everyone_is_removed_nobody_says_that_nobody_came():
    events = log("ana visit 0\nana call 1\nana buy 2\nend other 40")
    asked = {"steps": ["visit", "buy"], "exclude": {"events": ["call"], "effect": "remove"}}
    result = funnel_trend(events, **asked)
    assert (result.entered, result.removed) == (0, 1)
    assert funnel_trend_reading(result).startswith("Everyone who entered is taken out by an exclusion")
    assert "Everyone who entered is taken out by an exclusion." in texts(funnel_trend_line(result))
    assert "Nobody did" not in texts(funnel_trend_line(result))


BEYOND = (
    "The last day of the analysis lies {} after the last row: counted as if nothing more happened.".format
)  # the last row is of 10 February


@pytest.mark.parametrize(("day", "days"), [("2026-02-11", "1 day"), ("2062-01-31", "13,139 days")])
def test_a_last_day_after_the_data_is_said(day, days):
    events, asked = bought(), {"steps": ["visit", "buy"], "as_of": day}
    assert BEYOND(days) in funnel_reading(funnel(events, **asked))
    assert BEYOND(days) in funnel_trend_reading(funnel_trend(events, period="month", **asked))
    assert BEYOND(days) in funnel_peers_reading(funnel_peers(events, **asked))
    assert BEYOND(days) in funnel_worth_reading(funnel_worth(events, **asked))


@pytest.mark.parametrize("day", [None, "2026-02-10", "2026-01-20"])
def test_a_last_day_in_the_data_needs_no_note(day):
    result = funnel(bought(), steps=["visit", "buy"], as_of=day)
    assert result.days_beyond == 0
    assert "as if nothing more" not in funnel_reading(result)
