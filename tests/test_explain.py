"""Sentences, word for word, from results written by hand: one test a situation."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

from insight.explain.funnel import funnel_caption, funnel_reading
from insight.funnel.drops import biggest_drops
from tests.logs import funnel_of

EXPLAIN = sorted((Path(__file__).parents[1] / "insight" / "explain").glob("*.py"))
BEST = "A customer who started more than once counts with the attempt that got furthest."


def funnel_result(reached, names=("visit", "cart", "purchase"), interval=(float("nan"), float("nan")), **more):
    """A funnel as if computed: `reached` by step, `interval` of the last step's overall conversion."""
    n, before = reached[0], [reached[0], *reached[:-1]]
    steps = pd.DataFrame({"step": names, "reached": reached})
    steps["step_conversion"] = [r / b if b else float("nan") for r, b in zip(reached, before, strict=True)]
    steps["overall_conversion"] = [r / n if n else float("nan") for r in reached]
    steps["ci_low"], steps["ci_high"] = interval
    return funnel_of(steps, **more)


def notes(result):
    return funnel_reading(result).split("\n\n")[1]


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
        "With fewer than 10 customers at the first step there are counts and no rates. " + BEST
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
        "1,810 more customers came in less than 7 days before the data ended (30 Jun 2026) and are not counted yet. "
        + BEST
    )


def test_one_customer_with_time_left_is_one():
    text = notes(funnel_result([40, 20, 10], interval=(0.14, 0.4), still_open=1, within="1h"))
    assert text.startswith(
        "1 more customer came in less than 1 hour before the data ended (30 Jun 2026) and is not counted yet."
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
    banned = r"\b(only|just|simply|obviously|of course|because|causes?|due to|thanks to|leads? to|makes?)\b"
    words = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    assert not [word for word in words if isinstance(word, str) and re.search(banned, word, re.IGNORECASE)]


def test_a_picture_says_what_it_counts():
    result = funnel_result([3903, 2398, 490], ["visit", "cart*", "purchase"], interval=(0.1, 0.14), still_open=87)
    assert funnel_caption(result) == (
        "visit to purchase within 7 days · best attempt · 3,903 customers · 1 Jan 2026 to 30 Jun 2026"
        " · 87 still open, not counted"
    )
