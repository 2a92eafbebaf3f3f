"""Sentences, word for word, from results written by hand: one test a situation."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from insight.explain import (
    funnel_caption,
    funnel_card,
    funnel_peers_caption,
    funnel_peers_card,
    funnel_peers_reading,
    funnel_reading,
    funnel_trend_caption,
    funnel_trend_card,
    funnel_trend_reading,
    funnel_worth_caption,
    funnel_worth_card,
    funnel_worth_reading,
)
from insight.funnel.drops import biggest_drops
from insight.funnel.peers import FunnelPeers
from insight.funnel.value import Value
from tests.logs import funnel_of, trend_of, worth_of

EXPLAIN = sorted((Path(__file__).parents[1] / "insight" / "explain").glob("*.py"))
BEST = "A customer who started more than once counts with the attempt that got furthest."


def funnel_result(reached, names=("visit", "cart", "purchase"), interval=(float("nan"), float("nan")), **more):
    """A funnel as if computed: `reached` by step, `interval` of the last step's overall conversion."""
    n, before = reached[0], [reached[0], *reached[:-1]]
    steps = pd.DataFrame({"step": names, "reached": reached})
    steps["step_conversion"] = [r / b if b else float("nan") for r, b in zip(reached, before, strict=True)]
    steps["overall_conversion"] = [r / n if n else float("nan") for r in reached]
    steps["ci_low"], steps["ci_high"] = interval
    return funnel_of(steps.assign(required=True), **more)


def notes(result):
    return funnel_reading(result).split("\n\n")[-1]


def test_the_answer_comes_first_then_the_biggest_drop():
    names = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]
    result = funnel_result([6000, 3705, 1618, 985, 690], names, interval=(0.1072, 0.1233))
    assert funnel_reading(result) == (
        "**11.5%** of 6,000 customers who did **visit** went on to **purchase** within 7 days "
        "(95% interval 10.7–12.3%). The biggest drop is between **product\\_view** and **add\\_to\\_cart**: "
        "43.7% of 3,705 customers went on, 2,087 did not.\n\n" + BEST
    )


def test_with_two_steps_there_is_no_biggest_of_one():
    result = funnel_result([6000, 690], ["visit", "purchase"], interval=(0.1072, 0.1233))
    assert funnel_reading(result).split("\n\n")[0] == (
        "**11.5%** of 6,000 customers who did **visit** went on to **purchase** within 7 days "
        "(95% interval 10.7–12.3%). 5,310 customers did not go on."
    )


def test_one_who_did_not_go_on_is_one_customer():
    result = funnel_result([40, 39], ["visit", "purchase"], interval=(0.871, 0.996))
    assert funnel_reading(result).split("\n\n")[0].endswith(" 1 customer did not go on.")


def test_without_loss_there_is_no_drop():
    result = funnel_result([40, 40, 40], interval=(0.912, 1.0))
    assert funnel_reading(result) == (
        "**100%** of 40 customers who did **visit** went on to **purchase** within 7 days (95% interval 91.2–100%). "
        "Nobody was lost between the steps.\n\n" + BEST
    )


def test_equal_drops_are_named_together():
    result = funnel_result([400, 200, 100], interval=(0.2101, 0.2946))
    assert funnel_reading(result).split("\n\n")[0] == (
        "**25.0%** of 400 customers who did **visit** went on to **purchase** within 7 days (95% interval 21.0–29.5%). "
        "These drops are equally big, with 50.0% going on at each: **visit** → **cart**, **cart** → **purchase**."
    )


def test_below_ten_customers_there_are_counts_and_no_rates():
    text = funnel_reading(funnel_result([7, 4, 1], interval=(0.026, 0.513)))
    assert text == (
        "**1** of 7 customers who did **visit** went on to **purchase** within 7 days.\n\n"
        "With fewer than 10 customers there are counts and no rates. " + BEST
    )
    assert "%" not in text


def test_one_customer_is_one_customer():
    assert funnel_reading(funnel_result([1, 0, 0])).startswith("**0** of 1 customer who did **visit** went on")


def test_below_thirty_customers_the_sample_is_small():
    result = funnel_result([25, 12, 4], interval=(0.064, 0.347))
    assert funnel_reading(result) == (
        "**16.0%** of 25 customers who did **visit** went on to **purchase** within 7 days (95% interval 6.4–34.7%). "
        "The biggest drop is between **cart** and **purchase**: 33.3% of 12 customers went on, 8 did not.\n\n"
        "This is a small sample, fewer than 30 customers: read the interval, not the rate. " + BEST
    )


@pytest.mark.parametrize(("n", "small"), [(29, True), (30, False)])
def test_thirty_customers_are_enough(n, small):
    assert ("small sample" in notes(funnel_result([n, 20, 10], interval=(0.2, 0.5)))) == small


@pytest.mark.parametrize(("n", "few"), [(9, True), (10, False)])
def test_ten_customers_are_enough_for_a_rate(n, few):
    assert ("no rates" in notes(funnel_result([n, 8, 5], interval=(0.2, 0.8)))) == few


def test_when_nobody_entered_there_is_one_sentence():
    text = funnel_reading(funnel_result([0, 0, 0], start="2026-07-01"))
    assert text == "Nobody did **visit** in the chosen dates, so there is no rate to show."


def test_where_everyone_stopped_the_funnel_ends():
    result = funnel_result([40, 12, 0], interval=(0.0, 0.0876))
    assert funnel_reading(result).split("\n\n")[0] == (
        "**0%** of 40 customers who did **visit** went on to **purchase** within 7 days (95% interval 0–8.8%). "
        "It ends at **cart** (12 got there): nobody went on to **purchase**."
    )


def test_a_drop_of_a_handful_is_not_the_biggest():
    result = funnel_result([100, 50, 8, 1], ["visit", "cart", "checkout", "purchase"], interval=(0.0018, 0.0545))
    assert biggest_drops(result) == [2]
    assert "between **cart** and **checkout**: 16.0% of 50 customers" in funnel_reading(result)


def test_customers_with_time_left_are_named_beside_the_rate():
    text = notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), still_open=1810))
    assert text == (
        "1,810 more came in less than 7 days before the data ended (30 Jun 2026) and are not counted yet. " + BEST
    )


def test_one_customer_with_time_left_is_one():
    text = notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), still_open=1, within="1h"))
    assert text.startswith(
        "1 more came in less than 1 hour before the data ended (30 Jun 2026) and is not counted yet."
    )


def test_without_a_limit_everyone_counts():
    result = funnel_result([40, 20, 10], interval=(0.142, 0.402), within=None, entries="all")
    assert funnel_reading(result) == (
        "**25.0%** of 40 customers who did **visit** went on to **purchase** with no time limit "
        "(95% interval 14.2–40.2%). These drops are equally big, with 50.0% going on at each: "
        "**visit** → **cart**, **cart** → **purchase**.\n\n"
        "Everyone who entered is counted, also late entries that had little time to go on. " + BEST
    )


def test_days_without_times_are_said():
    assert notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), dates_only=True)) == (
        BEST + " The file has days without clock times, so events of one day count as being in order."
    )


def test_the_first_attempt_is_said():
    text = notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), reentry="first"))
    assert text == "Each customer counts with the first attempt."


def test_groups_by_best_attempts_come_with_a_warning():
    groups = {"by": "channel", "groups": pd.DataFrame()}
    assert notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), **groups)) == (
        BEST + " The more often people try, the better their best attempt: compare groups by the first attempt."
    )
    assert "compare" not in notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), reentry="first", **groups))


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-03-01", "2026-03-31", "Entries from 1 Mar 2026 to 31 Mar 2026 count."),
        ("2026-03-01", None, "Entries from 1 Mar 2026 on count."),
        (None, "2026-03-31", "Entries up to 31 Mar 2026 count."),
    ],
)
def test_a_date_range_is_said(start, end, said):
    assert notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), start=start, end=end)) == f"{said} {BEST}"


@pytest.mark.parametrize(("rows", "said"), [(1, "1 row after"), (1200, "1,200 rows after")])
def test_rows_after_the_last_day_are_counted(rows, said):
    assert said in notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), left_out=rows))


def test_names_from_a_file_cannot_format_the_sentence():
    result = funnel_result([40, 20, 10], ["![x](http://a.b)", "{n} <b>", "a\n\n# b"], interval=(0.14, 0.4))
    text = funnel_reading(result)
    assert "\\!\\[x\\]\\(http\u2060\\:\\/\\/a\\.b\\)" in text
    assert "\\{n\\} \\<b\\>" in text
    assert "a \\# b" in text


@pytest.mark.parametrize("path", EXPLAIN, ids=lambda path: path.stem)
def test_no_sentence_explains_a_cause_or_talks_down(path):
    banned = r"\b(just|simply|obviously|of course|because|(?<!no )causes?|due to|thanks to|leads? to)\b|\bonly \**\{n"
    words = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    assert not [word for word in words if isinstance(word, str) and re.search(banned, word, re.IGNORECASE)]


def test_a_picture_says_what_it_counts():
    result = funnel_result([3903, 2398, 490], ["visit", "cart*", "purchase"], interval=(0.1, 0.14), still_open=87)
    assert funnel_caption(result) == (
        "visit to purchase within 7 days · best attempt · 3,903 customers · 1 Jan 2026 to 30 Jun 2026"
        " · 87 still open, not counted"
    )


def answer(result):
    return funnel_reading(result).split("\n\n")[0]


# -- other ways through a funnel --------------------------------------------------------------------------------------


def test_levels_of_any_order_are_how_many_steps_were_done():
    result = funnel_result([400, 200, 50], ["any 1", "any 2", "any 3"], interval=(0.096, 0.161), order="any")
    assert answer(result) == (
        "**12.5%** of 400 customers who did any of the 3 steps did all of them within 7 days (95% interval 9.6–16.1%). "
        "The biggest drop is between **2 of 3 steps** and **3 of 3 steps**: 25.0% of 200 customers went on, "
        "150 did not."
    )
    assert notes(result) == BEST + " The steps count in any order: each row is how many different ones were done."
    assert funnel_caption(result).startswith("3 steps in any order within 7 days · best attempt · 400 customers")


def open_result(came, here, **more):
    reached = [a + b for a, b in zip(came, here, strict=True)]
    result = funnel_result(reached, interval=(0.25, 0.35), order="open", **more)
    steps = result.steps.assign(entered_here=here, from_previous=came)
    steps["overall_conversion"] = [r / sum(here) for r in reached]
    steps["step_conversion"] = [1.0] + [c / r for c, r in zip(came[1:], reached[:-1], strict=True)]
    result.steps[steps.columns] = steps
    return result


def test_an_open_funnel_says_where_they_entered_and_is_out_of_everyone():
    result = open_result([0, 300, 100], [600, 200, 200])
    assert answer(result) == (
        "**30.0%** of 1,000 customers who entered at any step got to **purchase** within 7 days "
        "(95% interval 25.0–35.0%). The biggest drop is between **cart** and **purchase**: 20.0% of 500 customers went "
        "on, 400 did not. They entered at **visit** 600, **cart** 200, **purchase** 200."
    )
    assert notes(result) == BEST + " Rates are of everyone who entered, at whatever step."
    assert "visit to purchase within 7 days, entered at any step" in funnel_caption(result)


def test_nobody_in_an_open_funnel_did_any_step():
    for order in ("any", "open"):
        empty = funnel_result([0, 0, 0], order=order)
        if order == "open":
            empty.steps["entered_here"] = 0
        assert funnel_reading(empty) == "Nobody did any of the steps in the chosen dates, so there is no rate to show."


def test_below_ten_other_orders_have_counts_too():
    assert answer(funnel_result([7, 4, 1], order="any")) == (
        "**1** of 7 customers who did any of the 3 steps did all of them within 7 days."
    )
    assert answer(open_result([0, 2, 1], [5, 1, 1])).startswith(
        "**2** of 7 customers who entered at any step got to **purchase** within 7 days."
    )


def test_strict_order_is_said():
    result = funnel_result([40, 20, 10], interval=(0.14, 0.4), order="strict")
    assert notes(result) == BEST + " No other event may lie between two steps; repeats of the step before may."
    assert funnel_caption(result).startswith("visit to purchase within 7 days, nothing in between · best attempt")


def test_an_optional_step_loses_nobody():
    result = funnel_result([1000, 200, 600, 150], ["visit", "search", "view", "buy"], interval=(0.13, 0.17))
    result.steps["required"] = [True, False, True, True]
    result.steps["step_conversion"] = [1.0, 0.2, 0.6, 0.25]
    assert answer(result) == (
        "**15.0%** of 1,000 customers who did **visit** went on to **buy** within 7 days (95% interval 13.0–17.0%). "
        "The biggest drop is between **view** and **buy**: 25.0% of 600 customers went on, 450 did not. "
        "**search** is optional: 20.0% of those at **visit** did it."
    )


def test_a_funnel_that_ends_with_an_optional_step_is_read_at_the_last_required_one():
    result = funnel_result([100, 40, 10], ["visit", "buy", "review"], interval=(0.3, 0.5))
    result.steps["required"] = [True, True, False]
    assert answer(result) == (
        "**40.0%** of 100 customers who did **visit** went on to **buy** within 7 days (95% interval 30.0–50.0%). "
        "60 customers did not go on. **review** is optional: 25.0% of those at **buy** did it."
    )


@pytest.mark.parametrize(
    ("exclude", "said"),
    [
        ("call", "No attempt goes on past **call** between **visit** and **purchase**."),
        (
            {"events": ["call", "chat"]},
            "No attempt goes on past **call** / **chat** between **visit** and **purchase**.",
        ),
        ({"events": "call", "between": [2, 3]}, "No attempt goes on past **call** between **cart** and **purchase**."),
        (
            [{"events": ["call"], "effect": "remove"}, "chat"],
            "No attempt goes on past **chat** between **visit** and **purchase**. "
            "Who does **call** between **visit** and **purchase** is taken out of all counts. "
            "So 3 customers are not counted.",
        ),
    ],
)
def test_an_exclusion_is_said(exclude, said):
    removed = 3 if "taken out" in said else 0
    result = funnel_result([40, 20, 10], interval=(0.14, 0.4), exclude=exclude, removed=removed)
    assert notes(result) == f"{BEST} {said}"
    assert ("3 removed" in funnel_caption(result)) == bool(removed)


def test_an_exclusion_in_any_order_has_no_steps_to_lie_between():
    result = funnel_result([40, 20, 10], interval=(0.14, 0.4), order="any", exclude={"events": "call"})
    assert "No attempt goes on past **call**." in notes(result)


def test_when_everyone_is_removed_that_is_said():
    result = funnel_result([0, 0, 0], exclude={"events": "call", "effect": "remove"}, removed=12)
    assert funnel_reading(result) == ("Everyone who entered is taken out by an exclusion, so there is no rate to show.")


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("session", "Sessions are counted; the interval allows for those of one customer being alike."),
        (
            {"session_gap": "1h"},
            "A pause of more than 1 hour begins a new session. "
            "The interval allows for sessions of one customer being alike.",
        ),
    ],
)
def test_sessions_are_called_sessions(unit, said):
    result = funnel_result([400, 200, 80], interval=(0.16, 0.24), unit=unit, still_open=1)
    assert funnel_reading(result) == (
        "**20.0%** of 400 sessions with **visit** went on to **purchase** within 7 days (95% interval 16.0–24.0%). "
        "The biggest drop is between **cart** and **purchase**: 40.0% of 200 sessions went on, 120 did not.\n\n"
        "1 more came in less than 7 days before the data ended (30 Jun 2026) and is not counted yet. "
        f"A session with several attempts counts with the one that got furthest. {said}"
    )


# -- groups -----------------------------------------------------------------------------------------------------------


def with_groups(by="channel", **groups):
    """A funnel by group: rate and q-value of each."""
    blocks = [
        pd.DataFrame({"group": name, "overall_conversion": [1.0, rate], "q_value": q, "required": True})
        for name, (rate, q) in groups.items()
    ]
    return funnel_result(
        [400, 100], ["visit", "buy"], interval=(0.2, 0.3), by=by, reentry="first", groups=pd.concat(blocks)
    )


NAN = float("nan")


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"ads": (0.067, 0.012), "mail": (0.2, 0.3)}, "**ads** with 6.7% (q = 0.012) differs from the rest."),
        (
            {"ads": (0.067, 0.05), "mail": (0.2, 0.0001), "x": (0.1, NAN)},
            "These groups differ from the rest: **mail** with 20.0% (q < 0.001), **ads** with 6.7% (q = 0.050).",
        ),
        (
            {f"g{k}": (0.1, 0.001 * k) for k in range(1, 8)},
            "These groups differ from the rest: **g1** with 10.0% (q = 0.001), **g2** with 10.0% (q = 0.002), "
            "**g3** with 10.0% (q = 0.003), **g4** with 10.0% (q = 0.004), **g5** with 10.0% (q = 0.005) and 2 more.",
        ),
        (
            {"ads": (0.1, 0.31), "mail": (0.12, 0.4)},
            "No group differs clearly from the rest (the smallest q = 0.31).",
        ),
        ({"ads": (0.1, NAN), "mail": (0.12, NAN)}, "The groups are too small to tell whether they differ."),
        ({"ads": (0.1, NAN)}, "Everyone is in one group, **ads**."),
    ],
)
def test_groups_are_read_by_their_q_values(groups, said):
    assert funnel_reading(with_groups(**groups)).split("\n\n")[1] == said


def test_groups_of_the_converting_visit_are_not_compared():
    by = {"column": "channel", "value": "last"}
    assert funnel_reading(with_groups(by=by, ads=(0.9, 0.001), mail=(0.1, 0.001))).split("\n\n")[1] == (
        "The groups are read in the attempt itself, which describes it: their rates are not comparable."
    )


# -- over time --------------------------------------------------------------------------------------------------------

NONE = (NAN, NAN, NAN)
COUNTING = (
    "Each customer counts once, with the first attempt, in the period of the first entry: the best of several attempts "
    "would favour older periods, with more time for more tries."
)


def weeks(*last, p=NAN, **more):
    """Two finished weeks (or what is given in their place) between a cut and an unfinished one."""
    first = ("2025-12-29", "partial", "start", 20, 2, (NAN, NAN), NONE)
    open_ = ("2026-01-19", "partial", "", 90, 1, (NAN, NAN), NONE)
    return trend_of([first, *last, open_], p_value=p, **more)


def week(day, entered, reached, difference=NONE, observed="full"):
    return (day, observed, "", entered, reached, (0.15, 0.26), difference)


BEFORE = week("2026-01-05", 100, 10)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (
            (0.1, 0.012, 0.174),
            "That is **10.0 points more** than the week before (10.0% of 100); the 95% interval of the difference is "
            "+1.2 to +17.4 points.",
        ),
        (
            (-0.1, -0.174, -0.012),
            "That is **10.0 points less** than the week before (10.0% of 100); the 95% interval of the difference is "
            "−17.4 to −1.2 points.",
        ),
        (
            (0.1, -0.012, 0.174),
            "Against the week before (10.0% of 100) the difference has a 95% interval of −1.2 to +17.4 points: it "
            "includes 0, so the data cannot tell whether the rate changed.",
        ),
    ],
)
def test_the_last_finished_week_is_compared_with_the_one_before(difference, said):
    result = weeks(BEFORE, week("2026-01-12", 200, 40, difference), p=0.03)
    assert funnel_trend_reading(result) == (
        "**20.0%** of 200 customers who first did **visit** in the week of 12 Jan 2026 went on to **purchase** within "
        f"7 days (95% interval 15.0–26.0%). {said} Over all 2 finished weeks the rate is 16.7%; they differ more than "
        f"chance would have it (chi-square test, p = 0.030).\n\n{COUNTING} "
        "1 period reaches beyond the days of the data or of the choice, and has no rate. "
        "1 period has customers who still have time, and no rate yet."
    )


def test_weeks_that_do_not_differ_are_said_not_to():
    text = funnel_trend_reading(weeks(BEFORE, week("2026-01-12", 200, 20, (0.0, -0.05, 0.05)), p=0.97))
    assert "they differ no more than chance would have it (chi-square test, p = 0.97)." in text


def test_without_a_test_the_rate_of_all_weeks_stands_alone():
    text = funnel_trend_reading(weeks(BEFORE, week("2026-01-12", 200, 20, (0.0, -0.05, 0.05))))
    assert "Over all 2 finished weeks the rate is 10.0%.\n" in text


@pytest.mark.parametrize(
    ("period", "when", "before", "finished"),
    [
        ("day", "on 12 Jan 2026", "the day before", "2 finished days"),
        ("week", "in the week of 12 Jan 2026", "the week before", "2 finished weeks"),
        ("month", "in Jan 2026", "the month before", "2 finished months"),
    ],
)
def test_periods_are_called_by_their_names(period, when, before, finished):
    text = funnel_trend_reading(weeks(BEFORE, week("2026-01-12", 200, 40, (0.1, 0.01, 0.2)), period=period))
    assert all(words in text for words in (when, before, finished))


def test_after_a_period_that_is_not_finished_there_is_nothing_to_compare():
    text = funnel_trend_reading(weeks(week("2026-01-12", 20, 4)))
    assert text.startswith(
        "**20.0%** of 20 customers who first did **visit** in the week of 12 Jan 2026 went on to **purchase** within "
        "7 days (95% interval 15.0–26.0%). This is a small sample, fewer than 30 customers. There is nothing to "
        "compare it with: the week before is not complete.\n"
    )


def test_a_week_with_a_handful_before_it_is_not_compared():
    text = funnel_trend_reading(weeks(week("2026-01-05", 9, 1), week("2026-01-12", 200, 40, (0.1, 0.01, 0.2))))
    assert "There is nothing to compare it with: too few came the week before (9)." in text


@pytest.mark.parametrize(("n", "said"), [(1, "1 customer first did"), (9, "9 customers first did")])
def test_a_last_week_with_a_handful_has_no_rate(n, said):
    text = funnel_trend_reading(weeks(BEFORE, week("2026-01-12", n, 1)))
    assert text.startswith(
        f"{said} **visit** in the week of 12 Jan 2026, the last finished period: too few for a rate. Over all"
    )


def test_without_a_finished_week_that_is_said():
    assert funnel_trend_reading(weeks()).startswith(
        "No period is finished: one is when it lies in the data and everyone who came in it has had the whole time "
        "(within 7 days of **visit**).\n\n"
    )


def test_a_trend_of_nobody_is_one_sentence():
    nobody = trend_of([("2026-01-05", "partial", "both", 0, 0, (NAN, NAN), NONE)])
    assert funnel_trend_reading(nobody) == "Nobody did **visit** in the chosen dates, so there is no rate to show."


def test_a_trend_says_what_it_counts_under_a_picture():
    assert funnel_trend_caption(weeks(BEFORE)) == (
        "visit to purchase within 7 days · first attempt · by week · 210 customers · 1 Jan 2026 to 30 Jun 2026"
    )


# -- how others would count -------------------------------------------------------------------------------------------


def peers_of(*rows, n=1000):
    """Ways to count: (tool, changed, settings, reached at the last step); None where it is not possible."""
    table = pd.DataFrame(rows, columns=["tool", "changed", "settings", "reached_last"])
    table["reached_first"] = pd.array([pd.NA if r[3] is None else n for r in rows], "Int64")
    table["overall_conversion"] = [NAN if r[3] is None else r[3] / n for r in rows]
    table["difference"] = table["overall_conversion"] - table["overall_conversion"][0]
    table["note"] = ["The data ends too soon." if r[3] is None else "" for r in rows]
    steps = funnel_result([n, rows[0][3]], ["visit", "buy"]).steps
    return FunnelPeers(tools=table, ours=funnel_of(steps))


OURS = ("ours", "", {}, 100)
ABOUT = (
    "Each row is a set of settings of the same function, after the tool’s documentation. The tools count everyone so "
    "far: who still has time looks lost there. How a tool joins several ids of one person is not reproduced."
)


def test_the_range_over_tools_comes_first_then_the_setting_that_moves_most():
    result = peers_of(
        OURS, ("PostHog", "within", {}, 120), ("Mixpanel", "reentry", {}, 60), ("GA4", "within", {}, 120),
        ("ours", "reentry", {"reentry": "first"}, 60), ("ours", "within", {"within": "14D"}, 110),
    )  # fmt: skip
    assert funnel_peers_reading(result) == (
        "This funnel has **10.0%** of 1,000 customers at **buy** within 7 days. By default the tools would say from "
        "6.0% (Mixpanel) to 12.0% (PostHog, GA4), 6.0 points apart. Of the settings by themselves, one moves it most: "
        f"**This funnel, first attempt**, −4.0 points.\n\n{ABOUT}"
    )


def test_tools_that_agree_are_said_to():
    same = peers_of(OURS, ("PostHog", "", {}, 100), ("GA4", "", {}, 100), ("ours", "entries", {"entries": "all"}, 100))
    assert "By default PostHog, GA4 would say the same. No single setting of theirs moves this funnel’s rate." in (
        funnel_peers_reading(same)
    )
    apart = peers_of(OURS, ("PostHog", "", {}, 80), ("GA4", "", {}, 80))
    assert "By default PostHog, GA4 would say 8.0%." in funnel_peers_reading(apart)


def test_ways_that_are_not_possible_are_named_with_the_reason():
    text = funnel_peers_reading(
        peers_of(OURS, ("PostHog", "within", {}, None), ("ours", "order", {"order": "strict"}, None))
    )
    assert "The defaults of none of the tools give a rate on this data." in text
    assert (
        "Not possible on this data: PostHog; This funnel, strict order. The first of them: The data ends too soon\\."
    ) in text


def test_a_handful_is_not_compared():
    assert funnel_peers_reading(peers_of(("ours", "", {}, 1), ("PostHog", "", {}, 2), n=9)).startswith(
        "With fewer than 10 customers there are counts and no rates to compare.\n\n"
    )


@pytest.mark.parametrize(
    ("changed", "settings", "name"),
    [
        ("reentry", {"reentry": "best"}, "This funnel, best attempt"),
        ("entries", {"entries": "all"}, "This funnel, everyone so far"),
        ("entries", {"entries": "mature"}, "This funnel, full time only"),
        ("order", {"order": "ordered"}, "This funnel, in order"),
        ("within", {"within": None}, "This funnel, no time limit"),
        ("within", {"within": "14D"}, "This funnel, within 14 days"),
        ("exclude", {"exclude": [{"events": "x", "effect": "remove"}]}, "This funnel, exclusion removes"),
        ("exclude", {"exclude": [{"events": "x", "effect": "drop"}]}, "This funnel, exclusion drops"),
        ("unit", {"unit": "customer"}, "This funnel, by customer"),
    ],
)
def test_each_single_change_has_a_name(changed, settings, name):
    assert f"**{name}**" in funnel_peers_reading(peers_of(OURS, ("ours", changed, settings, 200)))


def test_ways_to_count_say_what_they_count_under_a_picture():
    assert funnel_peers_caption(peers_of(OURS)) == (
        "visit to buy, as others count · 1,000 customers · 1 Jan 2026 to 30 Jun 2026"
    )


# -- what a point would be worth --------------------------------------------------------------------------------------

WORTH = {
    "step": ["view", "cart", "buy"], "before": [1000, 600, 200], "reached": [600, 200, 100],
    "step_conversion": [0.6, 1 / 3, 0.5], "later_conversion": [1 / 6, 0.5, 1.0], "points": [1.0, 1.0, 1.0],
    "extra_completions": [1.7, 3.0, 2.0], "completions_low": [1.4, 2.6, 2.0], "completions_high": [2.0, 3.4, 2.0],
    "extra_revenue": [17.0, 30.0, 20.0], "revenue_low": [12.0, 22.0, 15.0], "revenue_high": [22.0, 38.0, 25.0],
}  # fmt: skip
UNPRICED = WORTH | {name: [NAN] * 3 for name in ("extra_revenue", "revenue_low", "revenue_high")}
CAVEAT = (
    "A point is worth most where the fewest go on. This is arithmetic, not a forecast: it takes the later steps to "
    "convert the newcomers as they convert the others now, and a point is not equally hard to win at every step."
)


def test_the_step_where_a_point_brings_most_is_named_with_the_caveat():
    result = worth_of(WORTH, ["cart"], Value(10.0, 8.0, 12.0, 100, 90, "orders", "EUR"), still_open=2)
    assert funnel_worth_reading(result) == (
        "One more point at **cart** (33.3% → 34.3%) would bring the most: 3.0 more of the 1,000 customers at **buy**, "
        f"worth **30.00 EUR** (95% interval 22.00 EUR to 38.00 EUR). {CAVEAT}\n\n"
        "A completion is worth 10.00 EUR on average: the first order in the time of the attempt, less refunds "
        "(90 of 100 have one). 2 customers who still have time are not in it."
    )


def test_steps_too_close_to_tell_are_named():
    text = funnel_worth_reading(worth_of(UNPRICED, ["cart", "buy"], Value(why="There are no orders.")))
    assert text == (
        "One more point at **cart** (33.3% → 34.3%) would bring the most: 3.0 more of the 1,000 customers at **buy** "
        f"(95% interval 2.6 to 3.4). **buy** is too close to tell which of the two is better. {CAVEAT}\n\n"
        "What a completion is worth is not known: There are no orders."
    )
    three = funnel_worth_reading(worth_of(UNPRICED, ["cart", "buy", "view"]))
    assert "**buy**, **view** are too close to tell which is best." in three


def test_at_the_last_step_nothing_is_uncertain():
    text = funnel_worth_reading(worth_of(UNPRICED, ["buy"], points=5.0))
    assert text.startswith(
        "5 more points at **buy** (50.0% → 51.0%) would bring the most: 2.0 more of the 1,000 customers at **buy**. A "
    )


@pytest.mark.parametrize(("n", "said"), [(1, "1 customer is too few"), (9, "9 customers are too few")])
def test_too_few_customers_for_a_point_are_one_sentence(n, said):
    assert funnel_worth_reading(worth_of(WORTH, [], n=n)) == f"{said} to say what a point would bring."


def test_when_nobody_completes_a_point_is_not_known():
    assert funnel_worth_reading(worth_of(WORTH, [], completions=0)).startswith(
        "Nobody reached **buy**, so what more customers at an earlier step would bring is not known."
    )


def test_when_everyone_goes_on_there_is_nothing_to_add():
    assert funnel_worth_reading(worth_of(WORTH, [])).startswith(
        "Everyone goes on at every step: there is nothing to add."
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            Value(12.5, 11, 14, 80, 70, "value"),
            "A completion is worth 12.50 on average: the value of the last event (70 of 80 have one).",
        ),
        (Value(12.5, 12.5, 12.5, 80, 80, "given"), "A completion is taken to be worth 12.50."),
    ],
)
def test_where_the_amount_comes_from_is_said(value, said):
    assert funnel_worth_reading(worth_of(WORTH, ["cart"], value)).endswith(said)


def test_a_point_says_what_it_counts_under_a_picture():
    assert funnel_worth_caption(worth_of(WORTH, ["cart"])) == (
        "One more point at each step to buy within 7 days · 1,000 customers · 1 Jan 2026 to 30 Jun 2026 · "
        "arithmetic, not a forecast"
    )


# -- definition cards -------------------------------------------------------------------------------------------------


def test_the_card_of_a_funnel_fills_the_formula_with_its_numbers():
    result = funnel_result([6000, 3705, 690], interval=(0.1072, 0.1233), still_open=87, left_out=1, removed=12)
    card = funnel_card(result)
    assert card.title == "Overall conversion"
    assert card.formula == r"\text{overall conversion} = \frac{R_{3}}{R_1} = \frac{690}{6{,}000} = 11.5\%"
    assert card.sentences == (
        "Counted: who did every step from **visit** to **purchase**, in order, within 7 days.",
        "Out of: 6,000 customers with **visit**, for whom the whole time has passed.",
        "n = 6,000; the 95% interval is 10.7–12.3% (Wilson’s).",
        "Left out: 87 customers with time left; 12 customers taken out by an exclusion; 1 row after 30 Jun 2026.",
    )
    assert card.function == "insight.funnel.funnel"


def test_the_card_of_a_handful_writes_no_rate():
    card = funnel_card(funnel_result([7, 4, 1]))
    assert card.formula == r"\text{overall conversion} = \frac{R_{3}}{R_1} = \frac{1}{7}"
    assert "No interval: n is below 10." in card.sentences
    assert card.sentences[-1] == "Nothing was left out."
    assert funnel_card(funnel_result([0, 0, 0])).formula == r"\text{overall conversion} = \frac{R_{3}}{R_1}"


@pytest.mark.parametrize(
    ("more", "formula", "first", "second"),
    [
        (
            {"order": "any"},
            r"\frac{R_{\ge 3}}{R_{\ge 1}}",
            "Counted: who did all 3 steps, in any order, within 7 days of the earliest.",
            "Out of: 40 customers with any of the steps, for whom the whole time has passed.",
        ),
        (
            {"order": "strict", "entries": "all", "unit": "session"},
            r"\frac{R_{3}}{R_1}",
            "Counted: who did every step from **visit** to **purchase** within 7 days, nothing in between.",
            "Out of: 40 sessions with **visit**, also those who still have time.",
        ),
    ],
)
def test_the_card_knows_the_order_of_steps(more, formula, first, second):
    card = funnel_card(funnel_result([40, 20, 10], interval=(0.14, 0.4), **more))
    assert formula in card.formula
    assert card.sentences[:2] == (first, second)


def test_the_card_of_an_open_funnel_is_out_of_everyone():
    card = funnel_card(open_result([0, 300, 100], [600, 200, 200], entries="all"))
    assert card.formula == r"\text{overall conversion} = \frac{R_{3}}{N} = \frac{300}{1{,}000} = 30.0\%"
    assert card.sentences[:2] == (
        "Counted: who entered at any step and went on from there, step by step, to **purchase** within 7 days.",
        "Out of: 1,000 customers with any of the steps, also those who still have time.",
    )


def test_the_card_of_a_trend_is_that_of_its_last_finished_period():
    card = funnel_trend_card(weeks(BEFORE, week("2026-01-12", 200, 40, (0.1, 0.012, 0.174))))
    assert card.formula == r"\text{overall conversion}_p = \frac{R_p}{E_p} = \frac{40}{200} = 20.0\%"
    assert card.sentences == (
        "Counted: customers whose first **visit** lies in the period, and who got from it to **purchase** within "
        "7 days.",
        "Out of: 200 who came in it (week of 12 Jan 2026).",
        "n = 200; the 95% interval is 15.0–26.0% (Wilson’s).",
        "Since the period before: +10.0 points (95% interval +1.2 to +17.4 points, Newcombe’s).",
        "Left out: 2 periods that are not finished or not whole.",
    )
    assert funnel_trend_card(weeks()).formula == r"\text{overall conversion}_p = \frac{R_p}{E_p}"


def test_the_card_of_other_ways_to_count_shows_the_furthest_tool():
    card = funnel_peers_card(
        peers_of(OURS, ("PostHog", "within", {}, 120), ("Mixpanel", "", {}, 60), ("GA4", "", {}, None))
    )
    assert card.formula == (
        r"\text{difference} = \text{their rate} - \text{this rate} = 6.0\% - 10.0\% = -4.0\ \text{points}"
    )
    assert card.sentences == (
        "Counted: the same steps, by the same function, with each tool’s documented defaults as its settings.",
        "This funnel: 100 of 1,000 customers.",
        "In the formula: Mixpanel, which is furthest from this funnel.",
        "The rates are of mostly the same people: their intervals do not tell whether they differ.",
        "Left out: 1 way that this data cannot be counted in.",
    )


def test_the_card_of_a_point_fills_in_the_step_where_it_brings_most():
    card = funnel_worth_card(worth_of(WORTH, ["cart"]))
    assert card.formula == (
        r"\text{extra completions}_k = \delta \, R_{k-1} \, \frac{R_n}{R_k} = "
        r"0.01 \cdot 600 \cdot \frac{100}{200} = 3.0"
    )
    assert card.sentences[1] == "In the formula: **cart**, where a point brings most."
    assert funnel_worth_card(worth_of(WORTH, [])).formula.endswith(r"\frac{R_n}{R_k}")


@pytest.mark.parametrize(
    "card",
    [
        funnel_card(funnel_result([40, 20, 10])),
        funnel_trend_card(weeks(BEFORE)),
        funnel_peers_card(peers_of(OURS)),
        funnel_worth_card(worth_of(WORTH, ["cart"])),
    ],
    ids=lambda card: card.function,
)
def test_a_card_names_the_function_behind_it(card):
    module, name = card.function.rsplit(".", 1)
    assert callable(getattr(import_module(module), name))
    assert card.source
