"""What is said of journeys: exact sentences of results written by hand, a case for each situation."""

from dataclasses import replace

import pytest

from insight.explain import (
    paths_caption,
    paths_card,
    paths_reading,
    time_to_event_caption,
    time_to_event_card,
    time_to_event_reading,
    transitions_caption,
    transitions_card,
    transitions_reading,
)
from insight.explain.cells import cell_in_words
from tests.journeys_by_hand import paths_by_hand, times_by_hand, transitions_by_hand

CUT = {"visit": 50, "visit > view": 50}
AFTER = {"visit": 40, "visit > view": 30, "visit > view > buy": 20, "visit > cart": 10}
TO_BUY = {"visit > cart > buy": 30, "cart > buy": 20, "buy": 10}
WAYS = {"visit > buy": 20, "visit > view > buy": 30}
BOTH = {"visit": (40, 10), "visit > view": (20, 20), "visit > view > cart": (20, 50), "search": (20, 20)}
HOUR = 3600
TIMES = {"origin": "visit", "target": "buy"}
RARE = {f"e{k}": 20 for k in range(30)}


def answer(result):
    """The first paragraph of a reading."""
    return paths_reading(result).split("\n\n")[0]


def notes(result):
    return paths_reading(result).split("\n\n")[-1]


# -- paths ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (
            paths_by_hand(),
            "**100%** of 100 customers begin with **visit**. From **visit**, 50.0% go on to **view**, and 50.0% do "
            "nothing further. All have ended within 5 steps. Of 4 different paths the commonest is **visit** and "
            "nothing more, with 50.0%.",
        ),
        (
            paths_by_hand(CUT, depth=2),
            "**100%** of 100 customers begin with **visit**. From **visit**, 50.0% go on to **view**, and 50.0% do "
            "nothing further. 50.0% go no further within 2 steps. Of 2 different paths the commonest is **visit** and "
            "nothing more, with 50.0%.",
        ),
        (
            paths_by_hand(AFTER, after="visit"),
            "After **visit**, **50.0%** of 100 customers go on to **view** (95% interval 40.4–59.6%). Second is "
            "**cart** with 10.0%. All have ended within 5 steps. Of 4 different paths the commonest is **visit** and "
            "nothing more, with 40.0%.",
        ),
        (
            paths_by_hand(TO_BUY, before="buy", depth=2),
            "**83.3%** of 60 customers come to **buy** from **cart** (95% interval 72.0–90.7%). 50.0% have fewer than "
            "2 steps before it. Of 3 different paths the commonest is **visit** → **cart** → **buy**, with 50.0%.",
        ),
        (
            paths_by_hand(WAYS, after="visit", before="buy"),
            "50 customers get from **visit** to **buy**; most often **view** comes next: 60.0% (95% interval "
            "46.2–72.4%). Second is **buy** with 40.0%. Of 2 different paths the commonest is **visit** → **view** → "
            "**buy**, with 60.0%.",
        ),
        (
            paths_by_hand({"visit > buy": 30, "visit > view > buy": 20}, after="visit", before="buy"),
            "50 customers get from **visit** to **buy**, **60.0%** of them directly (95% interval 46.2–72.4%). Second "
            "is **view** with 40.0%. Of 2 different paths the commonest is **visit** → **buy**, with 60.0%.",
        ),
        (
            paths_by_hand({"visit > buy": 999, "search > buy": 1}),
            "**99.9%** of 1,000 customers begin with **visit** (95% interval 99.4–100.0%). From **visit**, 100% go on "
            "to **buy**. All have ended within 5 steps. Of 2 different paths the commonest is **visit** → **buy** and "
            "nothing more, with 99.9%.",
        ),
        (
            paths_by_hand({"a > b > a": 40}, depth=3),
            "**100%** of 40 customers begin with **a**. From **a**, 100% go on to **b**. All go on for 3 steps or "
            "more. Everybody takes the same path: **a** → **b** → **a**.",
        ),
    ],
    ids=["usual", "cut short", "after", "before", "between", "directly", "nearly all", "one path"],
)  # fmt: skip
def test_the_answer_says_where_most_go_with_n_and_interval(result, said):
    assert answer(result) == said


def test_without_paths_it_says_so():
    nobody = replace(paths_by_hand(), n_units=0)
    assert paths_reading(nobody) == "Nobody has such a path in the chosen dates: there is nothing to show."


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (paths_by_hand({"visit": 4, "visit > buy": 3}), "Of 7 customers the first step was: **visit** 7."),
        (
            paths_by_hand({"visit > buy": 4, "buy": 3}, before="buy"),
            "Of 7 customers the step before was: **visit** 4, **nothing before** 3.",
        ),
        (paths_by_hand({"visit > buy": 5}, after="visit"), "Of 5 customers the first step was: **buy** 5."),
    ],
)
def test_of_few_people_there_are_counts_and_no_rates(result, said):
    assert paths_reading(result) == f"{said}\n\nWith fewer than 10 there are counts and no rates."


def test_a_small_sample_is_named():
    warning = "This is a small sample, fewer than 30: shares may be far off."
    assert warning in paths_reading(paths_by_hand({"visit": 14, "visit > buy": 15}))
    assert warning not in paths_reading(paths_by_hand({"visit": 14, "visit > buy": 16}))


def test_one_kind_of_event_makes_no_ways():
    said = "All that 40 customers do is **visit**: one kind of event makes no ways to compare."
    assert paths_reading(paths_by_hand({"visit": 40})) == said
    again = "Done several times in a row it counts once, and the picture says how often."
    assert paths_reading(paths_by_hand({"visit": 40}, repeated={"visit": 3.0})) == f"{said} {again}"


def test_where_most_is_in_other_it_says_what_to_do():
    assert answer(paths_by_hand(RARE, top=4)) == (
        "86.7% of 600 customers do one of many rare events there, added up as **Other \\(26 kinds\\)**: give more "
        "events a name, or merge names that mean the same. All have ended within 5 steps. Of 30 different paths the "
        "commonest is **e0** and nothing more, with 3.3%."
    )
    later = paths_by_hand({f"a > {event}": n for event, n in RARE.items()}, top=4)
    assert "From **a**, 86.7% go on to one of many rare events." in answer(later)


def test_where_no_two_are_alike_no_path_is_the_commonest():
    result = paths_by_hand({f"a > b > c{k}": 1 for k in range(40)})
    assert answer(result).endswith("No two take the same path over 5 steps.")


def test_an_anchor_with_nothing_beside_it():
    assert paths_reading(paths_by_hand({"buy": 40}, after="buy")) == "None of 40 customers does anything after **buy**."
    first = "For all 40 customers **buy** is the first thing they do."
    assert paths_reading(paths_by_hand({"buy": 40}, before="buy")) == first


def test_sessions_have_no_interval_here_because_those_of_a_customer_are_alike():
    said = answer(paths_by_hand(AFTER, after="visit", unit="session"))
    assert said.startswith("After **visit**, **50.0%** of 100 sessions go on to **view**. Second")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"without_anchor": 140, "after": "visit"}, "140 customers without **visit** are not in it."),
        (
            {"never_arrived": 950, "after": "visit", "before": "buy"},
            "950 customers with **visit** never got to **buy** and are not in it.",
        ),
        ({"still_open": 5}, "5 customers may still go on: the data ends too soon to know."),
        ({"hidden": 1200}, "1,200 rows are hidden by the clean-up."),
        ({"hidden": 1}, "1 row is hidden by the clean-up."),
        ({"start": "2026-02-01"}, "Paths count that begin on 1 Feb 2026 or later."),
        ({"end": "2026-03-01"}, "Paths count that begin up to 1 Mar 2026."),
        ({"start": "2026-02-01", "end": "2026-03-01"}, "Paths count that begin from 1 Feb 2026 to 1 Mar 2026."),
        ({"within": "7D"}, "Only what comes within 7 days belongs to a path."),
        ({"tied": 3}, "3 steps are between events at the very same time; they stand in order of their names."),
        (
            {"tied": 1, "in_sequence": True},
            "1 step is between events at the very same time, in the order of the file’s sequence.",
        ),
        (
            {"tied": 9, "dates_only": True},
            "The file has days without clock times: inside a day, events stand in order of their names.",
        ),
        ({"left_out": 1}, "1 row after the last day of the analysis was left out."),
    ],
)
def test_what_to_know_is_said_and_only_then(more, said):
    ways = WAYS if more.get("before") else AFTER
    assert notes(paths_by_hand(ways, **more)) == said
    assert said not in paths_reading(paths_by_hand(AFTER))


def test_two_groups_are_compared_where_the_difference_is_surest():
    paragraphs = paths_reading(paths_by_hand(BOTH, groups=("old", "new"))).split("\n\n")
    assert paragraphs[1] == (
        "**old** (100 customers) against **new** (100 customers). Clearest difference: **no further action** (Step 3), "
        "80.0% against 50.0%: +30.0 points (+16.9 to +41.7 points). 4 of 6 shares differ clearly; about 0.30 would by "
        "chance if the groups were alike."
    )


def test_groups_that_do_not_differ_or_are_too_small():
    same = paths_by_hand({"visit": (50, 50), "visit > buy": (30, 30)}, groups=("a", "b"))
    assert "At no step do they differ by more than chance would make them." in paths_reading(same)
    few = paths_by_hand({"visit": (50, 5), "visit > buy": (30, 3)}, groups=("a", "b"))
    assert "With fewer than 10 in a group there is nothing to compare." in paths_reading(few)
    assert "Clearest" not in paths_reading(few)


def test_names_of_events_cannot_format_the_sentence():
    said = paths_reading(paths_by_hand({"**a**": 30, "**a** > [x](http://y)": 20}))
    assert "begin with **\\*\\*a\\*\\***" in said
    assert "[x](http" not in said


def test_the_caption_says_what_was_counted_in_one_line():
    assert paths_caption(paths_by_hand(BOTH, groups=("old", "new"), clean={"folders": 1})) == (
        "First 5 steps · 200 customers · 1 Jan 2026 to 30 Jun 2026 · each ribbon is one hop · old (100) against new "
        "(100) · names cleaned up"
    )
    assert paths_caption(paths_by_hand(TO_BUY, before="buy")).startswith("5 steps before buy · 60 customers")
    assert paths_caption(paths_by_hand(AFTER, after="visit")).startswith("5 steps after visit · 100 customers")
    assert paths_caption(paths_by_hand(WAYS, after="visit", before="buy")).startswith("From visit to buy · 50")


def test_the_card_fills_the_definition_with_its_own_numbers():
    card = paths_card(paths_by_hand(AFTER, after="visit", without_anchor=7, hidden=1))
    assert card.formula == r"\text{share}_{k,a} = \frac{n_{k,a}}{N} = \frac{50}{100} = 50.0\%"
    assert card.sentences == (
        "Counted: the 5 steps after the first **visit**, one path for each customer.",
        "In the formula: **view** at k = 1.",
        "Out of: N = 100 customers, in every column. Who has no further event stays in “no further action”.",
        "Left out: 7 customers without the anchor; 1 hidden row.",
    )
    grouped = paths_card(paths_by_hand(BOTH, groups=("old", "new")))
    assert grouped.sentences[-2] == (
        "Difference: share of **old** minus share of **new**, for **no further action** +30.0 points (95% interval "
        "+16.9 to +41.7 points, Newcombe’s)."
    )
    assert paths_card(paths_by_hand({"visit": 7})).formula.endswith(r"= \frac{7}{7}")  # of few people no rate


# -- the people behind a number ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("analysis", "settings", "cell", "said"),
    [
        ("paths", {}, {"position": 0, "event": "(start)"}, "have a path, in the paths: First 5 steps"),
        (
            "paths", {"after": "visit"}, {"position": 0, "event": "visit"},
            "did visit, in the paths: 5 steps after visit",
        ),
        (
            "paths", {"depth": 3}, {"position": 2, "event": "(end)"},
            "did nothing further by Step 2, in the paths: First 3 steps",
        ),
        (
            "paths", {"before": "buy"}, {"position": -2, "event": "(start)"},
            "had nothing before, at 2 before, in the paths: 5 steps before buy",
        ),
        (
            "paths", {"before": "buy"}, {"position": -2, "source": "view", "target": "cart"},
            "went from view to cart (2 before), in the paths: 5 steps before buy",
        ),
        (
            "paths", {}, {"position": 1, "source": "view", "target": "cart"},
            "went from view to cart (Step 2), in the paths: First 5 steps",
        ),
        (
            "paths", {}, {"position": 0, "source": "(start)", "target": "view"},
            "began with view (Step 1), in the paths: First 5 steps",
        ),
        (
            "paths", {}, {"position": 2, "source": "(end)", "target": "(end)"},
            "waited there until Step 3, in the paths: First 5 steps",
        ),
        (
            "paths", {"by": {"column": "device", "values": ["a", "b"]}}, {"path": ["visit", "buy"], "group": "a"},
            "took the path visit > buy, in the paths: First 5 steps (group a of device)",
        ),
        (
            "paths", {"after": "visit"}, {"left_out": "without_anchor"},
            "never did visit, in the paths: 5 steps after visit",
        ),
        (
            "paths", {"after": ["visit", "app"], "before": "buy"}, {"left_out": "never_arrived"},
            "did visit / app and never got to buy, in the paths: From visit / app to buy",
        ),
        ("paths", {}, {"still_open": True}, "may still go on, in the paths: First 5 steps"),
        ("transitions", {}, {"from_event": "view", "to_event": "cart"}, "went directly from view to cart"),
        ("transitions", {}, {"from_event": "(start)", "to_event": "cart"}, "began with cart"),
        ("transitions", {}, {"from_event": "cart", "to_event": "(end)"}, "ended after cart"),
        ("transitions", {}, {"event": "cart"}, "did cart"),
        ("time_to_event", TIMES, {"entered": True}, "did visit"),
        ("time_to_event", TIMES, {"arrived": True}, "got from visit to buy"),
        ("time_to_event", TIMES, {"arrived": True, "within": "7D"}, "got from visit to buy within 7 days"),
        (
            "time_to_event", TIMES, {"arrived": False, "within": "7D"},
            "did visit and did not get to buy within 7 days",
        ),
        (
            "time_to_event", TIMES | {"by": "channel"}, {"arrived": False, "group": "ads"},
            "did visit and had not got to buy when the data ended (group ads of channel)",
        ),
    ],
)  # fmt: skip
def test_what_people_did_is_said_in_words(analysis, settings, cell, said):
    assert cell_in_words(analysis, settings, cell) == said


# -- transitions ------------------------------------------------------------------------------------------------------

SESSIONS = {"visit view buy": 30, "visit": 60, "view buy": 10}


def test_transitions_say_what_follows_what_and_where_it_ends():
    assert transitions_reading(transitions_by_hand(SESSIONS)) == (
        "Of 100 sessions, 90.0% begin with **visit**. After **visit** comes **view** 33.3% of the time. After **view** "
        "comes **buy** 100% of the time. Sessions most often end with **visit**: 60 of 100. Most likely to be followed "
        "by nothing is **buy**: 100% of 40 times.\n\nEach step is seen by itself: what came before an event is not "
        "known here. A pause of more than 30 minutes begins a new session."
    )


def test_transitions_of_customers_of_the_file_and_of_few():
    own = transitions_reading(transitions_by_hand(SESSIONS, unit="customer"))
    assert (
        "Most often the last one is **visit**: for 60 of 100. Most likely to be followed by nothing is **buy**" in own
    )
    said = transitions_reading(transitions_by_hand(SESSIONS, session_gap=None, still_open=2, hidden=1))
    assert said.endswith(
        "Sessions are those of the file. 2 sessions may still go on: the data ends too soon to know. 1 row is hidden "
        "by the clean-up."
    )
    few = transitions_reading(transitions_by_hand({"visit buy": 3}))
    assert few.startswith("Of 3 sessions, 3 begin with **visit**.\n\nEach step")


def test_the_card_and_caption_of_transitions():
    result = transitions_by_hand(SESSIONS, left_out=2)
    assert transitions_caption(result) == (
        "What directly follows what · 100 sessions · repeats counted once · 1 Jan 2026 to 30 Jun 2026"
    )
    card = transitions_card(result)
    assert card.formula == r"\text{share}_{ab} = \frac{n_{ab}}{\sum_x n_{ax}} = \frac{40}{40} = 100\%"
    assert card.sentences[1:3] == (
        "In the formula: from **view** to **buy**, of 40 customers.",
        "Out of: 100 sessions.",
    )
    assert card.sentences[-1] == "Left out: 2 rows after the last day."


# -- time -------------------------------------------------------------------------------------------------------------

FORTY = [k * HOUR for k in range(1, 41)]


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        (
            {"": (FORTY, [True] * 30 + [False] * 10)},
            "Half of 40 customers get from **visit** to **buy** within **20 h**. Arrived are 2.5% within 1 hour "
            "(0.4–16.5%), and 60.0% within 1 day (45.4–75.0%).\n\n10 had not arrived when the data ended, and count "
            "for as long as that was observed.",
        ),
        (
            {"": ([HOUR // 2] * 10 + [90 * HOUR] * 90, [True] * 10 + [False] * 90)},
            "10 of 100 customers with **visit** were seen to get to **buy**. The curve does not get to a half, so "
            "there is no median. Arrived are 10.0% within 1 hour (5.5–17.8%), and 10.0% within 1 day (5.5–17.8%).\n\n"
            "90 had not arrived when the data ended, and count for as long as that was observed.",
        ),
        (
            {"": ([HOUR] * 40, [False] * 40)},
            "None of 40 customers with **visit** was seen to get to **buy**.\n\n40 had not arrived when the data "
            "ended, and count for as long as that was observed.",
        ),
        (
            {"": ([HOUR] * 5, [True] * 3 + [False] * 2)},
            "**3** of 5 customers got from **visit** to **buy**.\n\nWith fewer than 10 customers there are counts and "
            "no rates. 2 had not arrived when the data ended, and count for as long as that was observed.",
        ),
        (
            {"": ([HOUR] * 20, [True] * 20)},
            "Half of 20 customers get from **visit** to **buy** within **1 h**. Arrived are 100% within 1 hour.\n\n"
            "This is a small sample, fewer than 30 customers: read the interval.",
        ),
    ],
    ids=["half", "no half", "nobody", "few", "small"],
)
def test_a_median_is_told_only_where_it_is_reached(waits, said):
    assert time_to_event_reading(times_by_hand(waits)) == said


def test_groups_of_times_are_tested_over_the_whole_curve():
    thirty = FORTY[:30]
    late = {"ads": (thirty, [True] * 30), "mail": ([3 * t for t in thirty], [True] * 10 + [False] * 20)}
    assert time_to_event_reading(times_by_hand(late)).split("\n\n")[1] == (
        "**ads** half within 15 h; **mail** 10 of 30, fewer than half. The groups arrive differently (log-rank p < "
        "0.001)."
    )
    same = {"ads": (thirty, [True] * 30), "mail": (thirty, [True] * 30)}
    assert "Such differences are within what chance makes (log-rank p > 0.99)." in time_to_event_reading(
        times_by_hand(same)
    )
    few = {"a": ([HOUR] * 5, [True] * 5), "b": ([HOUR] * 6, [True] * 6)}
    assert "No group has 10 customers: there is nothing to compare." in time_to_event_reading(times_by_hand(few))


def test_nobody_to_wait_for():
    result = replace(times_by_hand({"": (FORTY, [True] * 40)}), entered=0, arrived=0)
    assert time_to_event_reading(result) == ("Nobody has **visit** in the chosen dates: there is no time to measure.")


def test_the_card_and_caption_of_times():
    result = times_by_hand({"": (FORTY, [True] * 30 + [False] * 10)})
    assert time_to_event_caption(result) == (
        "First visit to the next buy · 40 customers · 30 arrived · 1 Jan 2026 to 30 Jun 2026 · Kaplan–Meier, 95% "
        "interval"
    )
    card = time_to_event_card(result)
    assert card.formula.endswith(r"F(\text{1 d}) = 60.0\%")
    assert card.sentences[1:3] == (
        "Out of: 40 customers; 30 arrived, the others are followed to the end of the data (censored).",
        "At 1 day: 95% interval 45.4–75.0%, 17 still observed.",
    )
    assert "F(\\text" not in time_to_event_card(times_by_hand({"": ([HOUR] * 5, [True] * 5)})).formula
