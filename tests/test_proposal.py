"""The first funnel that is proposed for a log nobody has described."""

from insight.funnel.proposal import proposed_steps, proposed_within
from tests.logs import log


def test_it_begins_where_most_begin_and_ends_at_the_goal():
    events = log("""
        ana home 1
        ana item 2
        ana cart 3
        ana purchase 4
        ben home 1
        ben item 2
        ben cart 3
        ben faq 3
        cyd home 1
        cyd item 1
        cyd faq 2
        dan home 1
    """)
    assert proposed_steps(events.log) == ["home", "item", "cart", "purchase"]


def test_without_a_telling_name_the_goal_is_what_comes_last():
    assert proposed_steps(log("ana b 1\nana a 2\nben b 1\nben c 2\nben a 3").log)[-1] == "a"


def test_a_goal_is_a_word_and_not_a_part_of_one():
    assert proposed_steps(log("ana reorder_page 1\nana thanks 2\nben reorder_page 1\nben thanks 2").log)[-1] == "thanks"


def test_a_log_with_one_kind_of_event_has_no_funnel():
    assert proposed_steps(log("ana visit 1").log) == ["visit"]


def test_the_window_is_a_week_unless_the_data_is_shorter():
    assert proposed_within(log("ana visit 0\nana buy 30").log, ["visit", "buy"]) == "7D"
    assert proposed_within(log("ana visit 0\nana buy 3.5").log, ["visit", "buy"]) == "3D"


def test_the_window_leaves_most_customers_the_time():
    events = log("\n".join(f"c{day} visit {day}" for day in range(10)) + "\nend buy 10.5")
    assert proposed_within(events.log, ["visit", "buy"]) == "3D"


def test_a_goal_without_a_telling_name_is_not_a_rare_one():
    rows = [f"c{i} {event} {time}" for i in range(20) for time, event in enumerate(["home", "item"])]
    assert proposed_steps(log("\n".join([*rows, "c0 zzz 2", "x zzz 1"])).log) == ["home", "item"]


def test_at_most_five_steps_are_proposed():
    events = "\n".join(f"{c} {e} {t}" for c in "xyz" for t, e in enumerate("abcdefgh"))
    assert len(proposed_steps(log(events).log)) == 5
