"""What is said of RFM segments, of moves between them, and of the people behind a number: exact sentences."""

import pytest

from insight import rfm, rfm_movement
from insight.explain import (
    rfm_caption,
    rfm_card,
    rfm_concentration_reading,
    rfm_movement_caption,
    rfm_movement_card,
    rfm_movement_reading,
    rfm_moves_reading,
    rfm_reading,
)
from insight.explain.cells import cell_in_words
from insight.explain.rfm_segments import IDEAS, MEANINGS, segment_idea, segment_meaning
from insight.rfm import SEGMENTS
from insight.rfm.movement import NOBODY_YET
from tests.test_rfm import orders

LIMITS = {"days_since_last": [25, 20, 10, 5], "orders": [2, 3, 4, 5], "revenue": [20, 50, 100, 200]}
TWELVE = "\n".join(
    [
        *(f"top 2{k} 50" for k in range(6)),  # R 5 on day 25, F 5, M 5
        *(f"old {k} 45" for k in range(1, 6)),  # last on day 5: R 2, F 5, M 5
        *(f"one{k} 24 10" for k in range(9)),  # R 5, F 1, M 1
        "gone 1 30",  # 25 days: R 2, F 1, M 2
        "back 3 -8",
    ]
)


def test_the_reading_names_the_best_and_the_good_ones_gone_quiet():
    assert rfm_reading(rfm(orders(TWELVE), thresholds=LIMITS)) == (
        "**12 customers** had bought something by 25 Jan 2026, for 645 in all, refunds taken off. **Champions** are "
        "8.3% of them and brought **46.5%** of the revenue. **1** who bought often and for much has not bought for 21 "
        "days or longer: 34.9% of the revenue.\n\nScores follow limits of your own, so the same behaviour has the same "
        "score in any month. Nobody has the scores: Recency 1, 3, 4; Frequency 2, 3, 4; Monetary value 3, 4. Left out: "
        "1 customer without a purchase (refunds or free orders only)."
    )


def test_who_bought_for_much_some_time_ago_has_not_gone_quiet():
    some_time = LIMITS | {"days_since_last": [30, 25, 21, 5]}  # the last order 21 days ago: recency score 4
    assert "who bought often and for much" not in rfm_reading(rfm(orders(TWELVE), thresholds=some_time))
    middle = LIMITS | {"days_since_last": [30, 21, 20, 5]}
    assert "who bought often and for much" not in rfm_reading(rfm(orders(TWELVE), thresholds=middle))


def test_fifths_are_called_fifths_and_some_limits_are_named():
    table = orders(TWELVE)
    assert "Scores are fifths of the customers: they compare them with each other;" in rfm_reading(rfm(table))
    some = rfm(table, thresholds={"orders": [2, 3, 4, 5]}, monetary="average")
    assert "Scores follow limits of your own for orders; the others are fifths." in rfm_reading(some)
    assert rfm_caption(some) == (
        "12 customers with a purchase · up to 25 Jan 2026 · limits of one’s own: orders · refunds taken off"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ana 1 10", "**1 customer** had bought something by 1 Jan 2026, for 10.00 in all"),
        ("ana 1 10\nben 2 5", "Of 2 customers a fifth says little: look at the list, not at the scores."),
        ("ana 1 10\nana 2 -30", "for −20.00 in all, refunds taken off."),
    ],
)
def test_of_few_or_nothing_no_share_is_told(text, said):
    reading = rfm_reading(rfm(orders(text)))
    assert said in reading
    assert "%" not in reading


def test_what_lies_after_the_last_day_or_before_it_is_said():
    table = orders(TWELVE)
    assert "11 rows after that day are not used." in rfm_reading(rfm(table, as_of="2026-01-23"))
    assert "That day lies 6 days after the last row." in rfm_reading(rfm(table, as_of="2026-01-31"))


def test_the_concentration_is_told_beside_equality():
    ten = orders("\n".join(f"c{k} 1 {10 * k}" for k in range(1, 11)))  # 100 of 550, 190, 400
    assert rfm_concentration_reading(rfm(ten)) == (
        "The **1 customer** with the highest revenue (10%) brought **18.2%** of it; 20% brought 34.5%, half of them "
        "72.7%. If all had brought the same, it would be 10%, 20% and 50%."
    )
    assert rfm_concentration_reading(rfm(orders("ana 1 10\nben 1 30"))) == (
        "The customer with the highest revenue brought 75.0% of it; of 2 customers that says little."
    )
    assert rfm_concentration_reading(rfm(orders("ana 1 10\nana 2 -30"))).startswith("There is no revenue to share")


def test_limits_of_one_s_own_are_told_by_whom_they_move():
    table = orders(TWELVE)
    assert rfm_moves_reading(rfm(table)).startswith(
        "The scores are fifths of the customers. Choose **limits of your own**"
    )
    usual = rfm(table)
    assert rfm_moves_reading(rfm(table, thresholds=usual.thresholds)) == (
        "Your limits take nobody to another segment than fifths of the customers would."
    )
    # by fifths: top R 5, nine of day 24 R 3, old and gone R 1; orders of one 3, top and old 5; so one-time buyers move
    assert rfm_moves_reading(rfm(table, thresholds=LIMITS)) == (
        "Your limits take **11** of 12 customers to another segment than fifths would, with 345 of revenue; the "
        "most, 9, from Need attention to New. Nobody has done anything: only the lines moved."
    )


MOVED = "\n".join(
    [
        *(f"up{k} 1 10\nup{k} 25 300" for k in range(3)),  # old once, then back with much
        *(f"down{k} 9 250\ndown{k} 10 250" for k in range(5)),
        *(f"low{k} 2 10" for k in range(4)),
        *(f"new{k} 24 10" for k in range(2)),
    ]
)
TWO = {"days_since_last": [20, 10, 8, 5], "orders": [2, 3, 4, 5], "revenue": [20, 50, 100, 200]}


def test_movement_tells_who_stayed_who_came_up_and_who_slipped():
    moved = rfm_movement(orders(MOVED), before="2026-01-10", thresholds=TWO)
    assert rfm_movement_reading(moved) == (
        "Of **12 customers** with a purchase by 10 Jan 2026, **0 (0%)** were in the same segment on 25 Jan 2026, 3 "
        "(25.0%) further up and 9 (75.0%) further down. 2 more bought for the first time in between. **3** came to "
        "Champions. **5** of 5 Champions slipped, most to At risk (5).\n\nThe limits "
        "of the scores are the same on both days, so whoever moved has bought, or has let 15 days pass: who does "
        "nothing goes down. What made them buy, or not, it does not say."
    )
    assert rfm_movement_caption(moved) == (
        "10 Jan 2026 to 25 Jan 2026 · 14 customers with a purchase · the same limits on both days"
    )


def test_a_first_purchase_in_between_can_lead_to_the_best():
    new = "\n".join(f"fast {day} 60" for day in range(20, 25))
    moved = rfm_movement(orders(f"{MOVED}\n{new}"), before="2026-01-10", thresholds=TWO)
    assert "**4** came to Champions, 1 of them with their first purchase." in rfm_movement_reading(moved)


def test_of_few_customers_movement_tells_no_shares():
    moved = rfm_movement(orders("ana 1 10\nben 2 20\nana 9 5"), before="2026-01-03", thresholds=TWO)
    assert "%" not in rfm_movement_reading(moved)
    assert "%" not in rfm_movement_card(moved).formula


def test_the_card_puts_the_largest_tie_into_the_formula():
    card = rfm_card(rfm(orders(TWELVE)))
    assert card.formula.endswith(r"= \left\lceil 5\,\frac{0 + 10/2}{12} \right\rceil = 3")
    assert "In the formula: the 10 customers with 1 order each." in card.sentences
    assert any("Frequency 0 : 0 : 10 : 0 : 2" in sentence for sentence in card.sentences)
    fixed = rfm_card(rfm(orders(TWELVE), thresholds=LIMITS))
    assert fixed.formula.endswith(r"\right\rceil")
    assert any(sentence.startswith("Not by this formula but by limits") for sentence in fixed.sentences)


def test_the_card_of_movement_puts_the_largest_flow_into_the_formula():
    card = rfm_movement_card(rfm_movement(orders(MOVED), before="2026-01-10", thresholds=TWO))
    assert card.formula.endswith(r"= \frac{5}{5}")
    assert "In the formula: from Champions to At risk, the largest flow." in card.sentences


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"segment": "Champions"}, "are in the segment Champions"),
        ({"recency_score": 5, "frequency_monetary_score": 4}, "have recency score 5, FM score 4"),
        ({"segment": "Lost", "monetary_score": 1}, "are in the segment Lost and have monetary score 1"),
        ({"from_segment": "Loyal", "segment": "Lost"}, "are in Lost, and by fifths would be in Loyal"),
        ({"from_segment": "Loyal"}, "would be in Loyal by fifths"),
        ({"top_share": 0.1}, "are among the 10% with the highest revenue"),
        ({"without_purchase": True}, "have no purchase, only refunds or free orders"),
    ],
)
def test_a_cell_is_told_in_words(cell, said):
    assert cell_in_words("rfm", {}, cell) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"from_segment": "Lost"}, "were in Lost on 10 Jan 2026"),
        ({"from_segment": NOBODY_YET}, "first bought after 10 Jan 2026"),
        ({"to_segment": "Lost"}, "were in Lost on 25 Jan 2026"),
        ({"from_segment": "Lost", "to_segment": "New"}, "were in Lost on 10 Jan 2026 and in New on 25 Jan 2026"),
        ({"from_segment": "Lost", "to_segment": "Lost"}, "were in Lost on 10 Jan 2026 and on 25 Jan 2026"),
        ({"from_segment": NOBODY_YET, "to_segment": "New"}, "first bought after 10 Jan 2026 and were in New on 25 Jan "
                                                            "2026"),
    ],
)  # fmt: skip
def test_a_move_is_told_in_words(cell, said):
    assert cell_in_words("rfm_movement", {"before": "2026-01-10", "as_of": "2026-01-25"}, cell) == said


def test_every_usual_segment_has_a_meaning_and_an_idea_and_names_of_one_s_own_have_their_scores():
    usual = {name for row in SEGMENTS for name in row}
    assert set(MEANINGS) == set(IDEAS) == usual
    grid = [["VIP"] * 5, *SEGMENTS[1:]]
    assert segment_meaning("VIP", grid) == "Recency score 5, FM scores 1 to 5."
    assert segment_idea("VIP", grid) == ""
    assert segment_meaning("Lost", grid) == MEANINGS["Lost"]
    assert segment_meaning("Champions", grid) == "Recency score 4, FM scores 4 to 5."  # no more those of always
