"""What an overview says, word for word, from results written by hand: one test a situation."""

from dataclasses import replace

from insight.explain import (
    conversion_card,
    conversion_reading,
    rate_change_caption,
    rate_change_card,
    rate_change_reading,
    rhythm_caption,
    rhythm_card,
    rhythm_reading,
    sales_caption,
    sales_card,
    sales_reading,
    traffic_caption,
    traffic_card,
    traffic_reading,
)
from tests.overview_by_hand import change_of, conversion_of, rhythm_of, row, sales_of, traffic_of

LENGTHS = "Feb 2026 has 28 days, Mar 2026 31."


def test_the_number_comes_first_then_the_change_with_its_interval():
    found = traffic_of([row("visitors", 150, n=150, before=120, change=(0.25, 0.05, 0.49))])
    assert traffic_reading(found) == (
        "**150** visitors came in Mar 2026. That is **25.0% more** than in Feb 2026 (120; 95% interval +5.0% to "
        "+49.0%).\n\n" + LENGTHS
    )
    assert traffic_caption(found) == "Visitors · by month · 4,000 customers · 1 Jan 2026 to 12 Apr 2026"


def test_less_is_said_as_less():
    found = traffic_of([row("sessions", 160, n=150, before=200, change=(-0.2, -0.31, -0.08))])
    assert traffic_reading(found) == (
        "There were **160** sessions in Mar 2026. That is **20.0% less** than in Feb 2026 (200; 95% interval −31.0% to "
        "−8.0%).\n\nA pause of more than 30 minutes begins a new session. " + LENGTHS
    )


def test_a_change_whose_interval_includes_nothing_can_be_chance():
    found = traffic_of([row("bounce_rate", 0.3, (0.24, 0.37), 160, 0.357, (-0.057, -0.16, 0.05))])
    assert traffic_reading(found) == (
        "**30.0%** of 160 sessions bounced in Mar 2026 (95% interval 24.0–37.0%). It was 35.7% in Feb 2026; the change "
        "of −5.7 points has a 95% interval of −16.0 to +5.0 points, which includes 0: it can be chance.\n\n"
        "A pause of more than 30 minutes begins a new session. The interval allows for sessions of one customer being "
        "alike. A bounce is a session with exactly one event, whatever it is."
    )


def test_pages_and_sessions_of_the_file_are_said():
    found = traffic_of([row("bounce_rate", 0.3, (0.24, 0.37), 160)], session_gap=None, page_events="view", before=None)
    assert traffic_reading(found).split("\n\n") == [
        "**30.0%** of 160 sessions bounced in Mar 2026 (95% interval 24.0–37.0%). There is no complete period to "
        "compare it with.",
        "Sessions are those of the file. The interval allows for sessions of one customer being alike. A bounce is a "
        "session with at most one page.",
    ]


def test_of_days_without_clock_times_the_time_on_site_is_unknown():
    found = traffic_of([row("time_on_site_seconds", float("nan"), n=0)], dates_only=True)
    assert traffic_reading(found) == (
        "0 sessions with two events or more in Mar 2026: too few to say more.\n\nThe file has days without clock "
        "times: each day of a customer counts as one session. How long it lasted is unknown."
    )


def test_too_few_have_no_rate_and_few_are_a_small_sample():
    few = traffic_of([row("bounce_rate", 0.5, n=8, before=0.2, change=(0.3, float("nan"), float("nan")))])
    assert traffic_reading(few).split("\n\n")[0] == "8 sessions in Mar 2026: too few to say more."
    small = traffic_of([row("bounce_rate", 0.5, (0.3, 0.7), 20)], before=None)
    assert "(95% interval 30.0–70.0%). This is a small sample, fewer than 30. There is" in traffic_reading(small)
    one = traffic_of([row("visitors", 1, n=1, before=5, change=(-0.8, float("nan"), float("nan")))])
    assert traffic_reading(one).split("\n\n")[0] == (
        "**1** visitor came in Mar 2026. It was 5 in Feb 2026: too few for a comparison."
    )


def test_an_unfinished_period_is_compared_with_nothing():
    found = traffic_of([row("visitors", 40, n=40)], at="2026-04-01", before=None, finished=False)
    assert traffic_reading(found) == (
        "**40** visitors came in Apr 2026. The period is not complete: the data begins or ends in it."
    )


def test_nobody_is_a_number_too():
    found = traffic_of([row("new_visitors", 0, n=0, before=3)])
    found = replace(found, periods=found.periods.assign(new_visitors=[9, 3, 0, 0]))
    assert traffic_reading(found) == (
        "**0** visitors came for the first time in Mar 2026. It was 3 in Feb 2026: too few for a comparison.\n\n"
        "New means first seen in the data, which begins on 1 Jan 2026: who came before that looks new, most of all in "
        "the first periods. " + LENGTHS
    )


def test_where_nobody_is_new_the_last_time_that_somebody_was_is_said():
    told = "The last new ones came in Jan 2026: maybe the file holds only customers of an early time."
    nobody = sales_of([row("new_customers", 0, n=0, before=0)])
    early = nobody.periods.assign(new_customers=[40, 0, 0, 0])
    assert told in sales_reading(replace(nobody, periods=early))
    assert "The last new" not in sales_reading(replace(nobody, periods=early.assign(new_customers=[40, 3, 0, 0])))
    assert "The last new" not in sales_reading(replace(nobody, periods=early.assign(new_customers=0)))


def test_money_has_its_currency_and_refunds_are_said():
    found = sales_of([row("revenue", 3000.0, n=50, before=2380.0, change=(0.26, -0.1, 0.77))])
    assert sales_reading(found) == (
        "Revenue was **3,000 EUR** in Mar 2026. It was 2,380 EUR in Feb 2026; the change of +26.0% has a 95% interval "
        "of −10.0% to +77.0%, which includes 0: it can be chance.\n\n2 refunds of 100 EUR are subtracted. " + LENGTHS
    )
    assert sales_caption(found) == "Revenue · by month · 4,000 customers · 1 Jan 2026 to 12 Apr 2026"


def test_both_comparisons_stand_side_by_side():
    year = (2000.0, 0.5, 0.2, 0.9)
    found = sales_of(
        [row("orders", 60, n=50, before=50, change=(0.2, 0.1, 0.3), year=(40, *year[1:]))],
        year_before="2025-03-01", n_free=2,
    )  # fmt: skip
    assert sales_reading(found) == (
        "There were **60** orders in Mar 2026. That is **20.0% more** than in Feb 2026 (50; 95% interval +10.0% to "
        "+30.0%). That is **50.0% more** than in Mar 2025 (40; 95% interval +20.0% to +90.0%).\n\n2 refunds of 100 EUR "
        "are no orders; they lower revenue. 2 orders of 0 in the data are no purchases. " + LENGTHS
    )


def test_several_times_as_much_is_said_as_a_factor():
    found = sales_of([row("buyers", 50, n=50, before=10, change=(4.0, 1.5, 9.0))])
    assert sales_reading(found).startswith(
        "**50** customers bought in Mar 2026. That is **×5.0 more** than in Feb 2026 (10; 95% interval +150.0% to "
        "×10.0)."
    )


def test_the_other_denominators_stand_beside_the_rate():
    rows = [
        row("per_visitor", 0.2, (0.14, 0.28), 120, 0.15, (0.05, 0.01, 0.09)),
        row("per_session", 0.15, (0.1, 0.21), 160),
        row("per_new_visitor", 0.1, (0.05, 0.19), 80),
    ]
    found = conversion_of(rows, unmatched=3, outside=1)
    assert conversion_reading(found) == (
        "**20.0%** of 120 visitors converted in Mar 2026 (95% interval 14.0–28.0%). Out of others it is 15.0% of 160 "
        "sessions, 10.0% of 80 new visitors. That is **5.0 points more** than in Feb 2026 (15.0%; 95% interval +1.0 to "
        "+9.0 points).\n\nOrders are joined to the events by customer id. 3 of 90 buyers have no events and are in no "
        "rate. 1 order lies in no session: it counts per visitor, not per session."
    )


def test_a_moved_rate_names_mix_rates_and_the_group_that_moved_it_most():
    found = change_of({"email": (400, 600, 0.2, 0.25, 0.005, 0.025), "ads": (600, 400, 0.05, 0.06, 0.003, 0.007)})
    assert rate_change_reading(found) == (
        "**Conversion per session** went from 10.0% (Feb 2026) to 14.0% in Mar 2026: **+4.0 points**. Its 95% interval "
        "is +1.0 points to +7.0 points. It is mostly other rates in the groups (+3.2 points); another mix of them adds "
        "+0.8 points. **email** moved it most (+3.0 points): from 40.0% to 60.0% of the sessions, its rate from "
        "20.0% to 25.0%.\n\nThis is arithmetic: it says where the change is, not what brought it about. Conversion is "
        "split per session: a session is in one group, a visitor may come by several."
    )
    assert rate_change_caption(found) == (
        "Conversion per session · Feb 2026 to Mar 2026 · by channel · 1,000 and 1,000 sessions"
    )


def test_a_reversal_by_the_mix_alone_is_said():
    found = change_of({"email": (10, 600, 0.2, 0.19, 0.05, -0.005), "ads": (990, 400, 0.05, 0.04, 0.0, -0.005)})
    assert "No group’s rate rose, and yet the whole did: that is the mix alone." in rate_change_reading(found)
    assert rate_change_reading(found).endswith("1 group has fewer than 30 sessions in one of the two periods.")
    assert "It is mostly another mix of groups (+5.0 points)" in rate_change_reading(found)


def test_parts_that_do_not_add_up_as_they_are_shown_are_said_to_be_rounded():
    found = change_of({"email": (400, 600, 0.2, 0.25, 0.0176, 0.0268)}, (0.0444, 0.01, 0.08))
    assert "groups (+1.8 points) and other rates in them (+2.7 points). (The numbers are rounded.)" in (
        rate_change_reading(found)
    )
    assert rate_change_card(found).formula.endswith(r"+ (\text{+2.7 points}) \approx \text{+4.4 points}")
    whole = change_of({"email": (400, 600, 0.2, 0.25, 0.018, 0.027)}, (0.045, 0.01, 0.08))
    assert "rounded" not in rate_change_reading(whole)


def test_a_moved_mean_is_in_its_own_unit():
    found = change_of(
        {"all": (40, 60, 50.0, 55.0, 0.0, 5.0)}, (5.0, -1.5, 11.5), of="average_order_value", kind="price",
        unit="orders", currency="EUR", rate_before=50.0, rate=55.0,
    )  # fmt: skip
    assert rate_change_reading(found).split("\n\n")[0] == (
        "**Average order value** went from 50.00 EUR (Feb 2026) to 55.00 EUR in Mar 2026: **+5.00 EUR**. Its 95% "
        "interval is −1.50 EUR to +11.50 EUR and includes 0: all of it can be chance. It is mostly other rates in the "
        "groups (+5.00 EUR); another mix of them adds 0 EUR. Everything is in one group."
    )


def test_the_busiest_hour_and_what_to_trust():
    found = rhythm_of({("MON", 9): 60, ("TUE", 20): 108})
    assert rhythm_reading(found) == (
        "Most sessions fall on **Tuesday 20:00–21:00**: 10.8 in such an hour, against 0.10 in any (×108).\n\n"
        "Of 168 hours one is always first: trust a pattern of several hours more than a single cell. Hours are those "
        "of Europe/Berlin."
    ).replace("Europe/Berlin", "Europe\\/Berlin")
    assert rhythm_caption(found) == "Sessions by weekday and hour · 168 · 1 Jan 2026 to 31 Mar 2026 · Europe/Berlin"


def test_few_nobody_and_unknown_hours_are_said():
    assert "That is too few to tell which hour is busiest" in rhythm_reading(rhythm_of({("MON", 9): 9}))
    assert rhythm_reading(rhythm_of({})) == "Nothing of this happened in these days."
    days = rhythm_of({("MON", None): 70, ("SUN", None): 14}, measure="orders", dates_only=True, timezone=None)
    assert rhythm_reading(days) == (
        "Most orders fall on **Monday**: 7.0 on such a day, against 1.2 on any (×5.8).\n\nThe file has days without "
        "clock times: its hours are unknown."
    )


def test_a_card_fills_the_definition_with_the_numbers():
    found = traffic_card(traffic_of([row("bounce_rate", 0.3, (0.24, 0.37), 160, 0.357, (-0.057, -0.16, 0.05))]))
    assert found.formula == (r"\frac{\text{bounces}}{\text{sessions}} = \frac{\text{48}}{\text{160}} = \text{30.0\%}")
    assert found.sentences == (
        "Counted: sessions with at most one page; pages are events. Sessions are cut at pauses of more than 30 "
        "minutes.",
        "Of: Mar 2026. The data has 4,000 customers.",
        "n = 160 sessions; the 95% interval is 24.0–37.0%, customers being the independent units.",
        "Since Feb 2026: −5.7 points (95% interval −16.0 to +5.0 points).",
        "Nothing was left out.",
    )
    assert found.function == "insight.overview.traffic.traffic"


def test_the_other_cards_say_what_they_count():
    revenue = sales_card(sales_of([row("revenue", 3000.0, n=50, before=2380.0, change=(0.26, -0.1, 0.77))], left_out=7))
    assert revenue.formula == (
        r"\text{revenue} = \sum_i a_i - R = \text{3,100 EUR} - \text{100 EUR} = \text{3,000 EUR}"
    )
    assert revenue.sentences[-2:] == (
        "The interval of a change is how much such a number moves by the chance of who comes alone.",
        "Left out: 7 rows after the last day.",
    )
    rate = conversion_card(conversion_of([row("per_visitor", 0.2, (0.14, 0.28), 120)]))
    assert rate.sentences[:2] == (
        "A conversion is an order above 0.",
        "Counted: visitors with a conversion in the period, out of all visitors of it.",
    )
    moved = rate_change_card(change_of({"email": (400, 600, 0.2, 0.25, 0.008, 0.032)}))
    assert moved.formula.endswith(r"= \text{+0.8 points} + (\text{+3.2 points}) = \text{+4.0 points}")
    hour = rhythm_card(rhythm_of({("TUE", 20): 108}))
    assert hour.formula.endswith(r"= \frac{\text{108}}{\text{10.0}} = \text{10.8}")


def test_too_few_have_no_interval_on_the_card():
    found = traffic_card(traffic_of([row("bounce_rate", 0.3, n=160)]))
    assert "No interval: fewer than 10 customers are behind it." in found.sentences


def test_the_words_of_a_file_are_shown_plainly():
    found = change_of({"**bold**": (400, 600, 0.2, 0.25, 0.008, 0.032), "ads": (600, 400, 0.05, 0.06, 0.0, 0.0)})
    assert r"**\*\*bold\*\*** moved it most" in rate_change_reading(found)
