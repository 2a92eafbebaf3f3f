"""How segments respond to what they were sent: against a twin that reads every row, and against a known truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import add_traits, contact_pressure, contact_response, members, read_contacts, sample
from insight.charts import (
    contact_pressure_opens,
    contact_pressure_unsub,
    contact_response_groups,
    contact_response_map,
)
from insight.charts.theme import chart_picture
from insight.contacts.messages import messages
from insight.contacts.pressure import held_back, in_week
from insight.contacts.response import ABOVE, BELOW, SCARCE, UNCLEAR, ContactResponse
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.explain import (
    contact_pressure_caption,
    contact_pressure_card,
    contact_pressure_reading,
    contact_response_caption,
    contact_response_card,
    contact_response_reading,
)
from insight.explain.cells import cell_in_words
from insight.intervals import clustered_wilson
from tests.logs import START

COLUMNS = ["customer_id", "outcome", "day", "campaign", "team"]


def contacts(rows):
    """Contacts from lines of `customer outcome day campaign team`, or from tuples."""
    rows = [line.split() for line in rows.strip().splitlines()] if isinstance(rows, str) else rows
    table = pd.DataFrame(
        [[*row, "tea", "red"][: len(COLUMNS)] if len(row) < 5 else row for row in rows], columns=COLUMNS
    )
    table["timestamp"] = START + pd.to_timedelta(table.pop("day").astype(float), unit="D")
    return read_contacts(table)


def many(n, team, opened, campaign="tea", start=0):
    """n customers of a team, sent one message each, of whom the first few opened it."""
    people = [f"{team}{i}" for i in range(start, start + n)]
    rows = [(who, "sent", 0, campaign, team) for who in people]
    return rows + [(who, "open", 1, campaign, team) for who in people[:opened]]


END = [("end", "sent", 60, "tea", "none")]  # so that every window is over; its own is not


# -- what belongs to which message ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "done"),
    [
        ("ana sent 0\nana open 1", [True]),
        ("ana sent 0\nana open 0", [True]),  # a file of columns sent, open, click has one time
        ("ana sent 0\nana sent 2\nana open 3", [False, True]),
        ("ana sent 0\nana open 1\nana open 2", [True]),
        ("ana sent 0\nana open 7", [True]),
        ("ana sent 0\nana open 7.01", [False]),
        ("ana sent 0\nben open 1\nben sent 2", [False, False]),
        ("ana open 0\nana sent 1", [False]),
    ],
)
def test_a_response_belongs_to_the_last_message_before_it(rows, done):
    found = messages(contacts(rows), within="7D", as_of=None)
    assert found.done["open"].tolist() == done


def test_another_campaign_is_another_message():
    found = messages(contacts("ana sent 0 tea red\nana sent 1 mugs red\nana open 2 tea red"), within="7D", as_of=None)
    assert found.done["open"].tolist() == [True, False]


def test_messages_whose_window_is_not_over_are_left_out():
    result = contact_response(
        contacts([*many(12, "red", 3), ("ana", "sent", 20, "tea", "red")]), by="team", within="14D"
    )
    assert (result.messages, result.still_open) == (12, 1)


def test_the_window_ends_with_the_day_and_not_with_the_last_row():
    rows = "ana sent 0\nben sent 7"
    assert messages(contacts(rows), within="7D", as_of=None).over.tolist() == [True, False]
    assert messages(contacts(rows), within="7D", as_of="2026-01-15").over.tolist() == [True, True]


WHAT = st.sampled_from(["sent", "sent", "open", "click"])
WHO, CAMPAIGN = st.sampled_from("abcdefghijklmno"), st.sampled_from(["tea", "mugs"])
ROWS = st.lists(st.tuples(WHO, WHAT, st.integers(0, 30), CAMPAIGN), min_size=8, max_size=60)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, response=st.sampled_from(["open", "click"]))
def test_every_cell_is_that_of_a_twin_that_reads_every_row(rows, response):
    rows = [("a", "sent", 0, "tea"), *rows]
    team = {who: "red" if who < "h" else "blue" for who in "abcdefghijklmnoz"}
    table = contacts([(*row, team[row[0]]) for row in [*rows, ("z", "sent", 60, "tea")]])
    result = contact_response(table, by="team", through="campaign", response=response)
    sent = [list(one) + [False] for one in sorted({(w, c, d, k) for k, (w, o, d, c) in enumerate(rows) if o == "sent"})]
    for who, outcome, day, campaign in rows:
        mine = [one for one in sent if one[:2] == [who, campaign] and one[2] <= day <= one[2] + 7]
        last = [one for one in sent if one[:2] == [who, campaign] and one[2] <= day]
        if outcome == response and last and last[-1] in mine:
            last[-1][4] = True
    for row in result.cells.itertuples():
        own = [one for one in sent if team[one[0]] == row.group and one[1] == row.through]
        assert (row.messages, row.responses) == (len(own), sum(one[4] for one in own))
        assert row.n_customers == len({one[0] for one in own})
        place = {"group": row.group, "through": row.through, "responded": True}
        asked = {"by": "team", "through": "campaign", "response": response}
        assert members("contact_response", table, asked, place) == sorted({one[0] for one in own if one[4]})
    assert result.cells["messages"].sum() == result.groups["messages"].sum() == result.throughs["messages"].sum()
    assert result.messages == len(sent)


# -- rates, index, interval -------------------------------------------------------------------------------------------


def test_index_and_difference_by_hand():
    """20 of 40 reds and 10 of 40 blues open: average 37.5 %, index 133 and 67, difference 25 points."""
    result = contact_response(contacts([*many(40, "red", 20), *many(40, "blue", 10), *END]), by="team")
    assert result.cells[["group", "rate", "index", "difference"]].round(4).to_numpy().tolist() == [
        ["red", 0.5, 133.3333, 0.25], ["blue", 0.25, 66.6667, -0.25],
    ]  # fmt: skip
    assert result.cells["standing"].tolist() == [ABOVE, BELOW]
    assert (result.rate, result.messages, result.n_customers) == (0.375, 80, 80)


def test_the_index_of_a_segment_allows_for_what_it_was_sent():
    """Both teams open 80 % of tea and 10 % of mugs; red was sent more tea."""
    rows = [*many(40, "red", 32, "tea"), *many(20, "red", 2, "mugs", 40)]
    rows += [*many(20, "blue", 16, "tea"), *many(40, "blue", 4, "mugs", 40)]
    result = contact_response(contacts([*rows, *END]), by="team", through="campaign")
    assert result.groups["index"].round(6).tolist() == [100, 100]
    assert result.groups.set_index("group")["rate"].round(3).to_dict() == {"red": 0.567, "blue": 0.333}
    assert result.cells["standing"].tolist() == [UNCLEAR] * 4


def test_messages_of_one_customer_count_as_alike():
    rows = [(f"c{i}", outcome, day, "tea", "red") for i in range(20) for day in range(0, 40, 8)
            for outcome in (["sent", "open"] if i < 10 else ["sent"])]  # fmt: skip
    result = contact_response(contacts([*rows, *END]), by="team")
    low, high = clustered_wilson(np.array([[5]] * 10 + [[0]] * 10), np.array([5] * 20))
    assert (result.ci_low, result.ci_high) == pytest.approx((low[0], high[0]))
    assert result.ci_high - result.ci_low > 0.3  # of 100 independent messages it would be 0.19


def test_few_customers_have_no_rate():
    result = contact_response(contacts([*many(9, "red", 9), *many(40, "blue", 10), *END]), by="team")
    row = result.cells.set_index("group").loc["red"]
    assert np.isnan([row["rate"], row["ci_low"], row["index"], row["difference"]]).all()
    assert (row["responses"], row["standing"]) == (9, SCARCE)


def test_with_more_comparisons_it_takes_more_to_stand_out():
    alone = contact_response(contacts([*many(60, "red", 30), *many(60, "blue", 15), *END]), by="team")
    others = [row for k in range(30) for row in many(40, f"t{k}", 16)]
    among = contact_response(contacts([*many(60, "red", 30), *many(60, "blue", 15), *others, *END]), by="team", top=40)
    assert set(alone.cells["standing"]) == {ABOVE, BELOW}
    assert set(among.cells["standing"]) == {UNCLEAR}


def test_beyond_the_first_groups_all_are_other():
    rows = [row for k, team in enumerate("abcd") for row in many(40 - 5 * k, team, 10)]
    result = contact_response(contacts([*rows, *END]), by="team", top=2)
    assert sorted(result.groups["group"]) == ["Other", "a", "b"]
    assert result.groups["messages"].sum() == 130


def test_a_group_that_is_called_other_is_not_the_others():
    teams = ["Other", *"abcd"]
    rows = [row for k, team in enumerate(teams) for row in many(40 - 5 * k, team, 10 + k, campaign=team)]
    table = contacts([*rows, *END])
    rest = "Other (3 more values)"
    for asked in ({"by": "team"}, {"by": "team", "through": "team"}, {"by": "team", "through": "campaign"}):
        result = contact_response(table, top=2, **asked)
        assert sorted(result.groups["group"]) == ["Other", rest, "a"]
        assert result.groups["group"].iloc[-1] == rest
        assert result.groups["messages"].sum() == result.cells["messages"].sum() == 150
    had = members("contact_response", table, {"by": "team", "top": 2}, {"group": "Other"})
    assert sorted(had) == sorted(f"Other{i}" for i in range(40))
    assert sorted(contact_response(table, by="team", top=4).groups["group"]) == sorted(teams)  # one is not bundled
    named = contact_response(contacts([*many(20, "Other", 9), *many(20, "blue", 1), *END]), by="team")
    assert named.groups["group"].tolist() == ["Other", "blue"]  # by its index, as any other


# -- the shop, whose truth is known -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop():
    return {kind: sample(f"shop_{kind}") for kind in ("contacts", "customers", "orders")}


def test_the_subject_lines_of_the_shop_open_as_they_were_made_to(shop):
    """sample_data/README.md: A is opened by 24 %, B by 29 %."""
    cells = contact_response(shop["contacts"], by="variant").cells.query("through == 'newsletter'").set_index("group")
    assert cells.loc["A", "ci_low"] < 0.2478 < cells.loc["A", "ci_high"]
    assert abs(cells.loc["A", "rate"] - 0.24) < 0.015
    assert abs(cells.loc["B", "rate"] - 0.29) < 0.015
    assert cells["standing"].to_dict() == {"A": BELOW, "B": ABOVE}


def test_age_which_has_no_effect_in_the_shop_is_told_from_nothing(shop):
    known = add_traits(shop["contacts"], shop["customers"])
    for response in ("open", "click"):
        assert set(contact_response(known, by="age_band", response=response).cells["standing"]) <= {UNCLEAR, SCARCE}


def test_segments_are_those_of_rfm_and_everybody_has_one(shop):
    result = contact_response(shop["contacts"], shop["orders"], by={"segments": {}}, top=20)
    assert {"Champions", "(no purchase)"} <= set(result.groups["group"])
    assert result.groups["n_customers"].sum() == result.n_customers == 1_077


# -- people -----------------------------------------------------------------------------------------------------------


def test_members_are_as_many_as_the_cells_say(shop):
    asked = {"by": "variant", "response": "click"}
    result = contact_response(shop["contacts"], **asked)
    for row in result.cells.itertuples():
        place = {"group": row.group, "through": row.through}
        everyone = members("contact_response", shop["contacts"], asked, place)
        did = members("contact_response", shop["contacts"], asked, {**place, "responded": True})
        not_ = members("contact_response", shop["contacts"], asked, {**place, "responded": False})
        assert len(everyone) == row.n_customers
        assert sorted(did + not_) == everyone
        assert min(row.responses, 1) <= len(did) <= row.responses
    assert result.cells["responses"].min() > 0


def test_members_of_a_segment_take_the_orders(shop):
    asked = {"by": {"segments": {}}}
    found = members("contact_response", shop, asked, {"group": "Champions"})
    result = contact_response(shop["contacts"], shop["orders"], **asked).groups.set_index("group")
    assert len(found) == result.loc["Champions", "n_customers"]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [({"group": "green"}, "Choose from: blue, red"), ({"where": 1}, "group, through, responded"),
     ({"responded": "yes"}, "must be True or False")],
)  # fmt: skip
def test_a_cell_that_does_not_exist_is_refused(cell, problem):
    table = contacts([*many(12, "red", 3), *many(12, "blue", 3), *END])
    with pytest.raises(InsightError, match=problem):
        members("contact_response", table, {"by": "team"}, cell)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"by": "colour"}, "Choose from"),
        ({"by": {"segments": 3}}, "neither a column"),
        ({"by": {"segments": {}}}, "need a table of orders"),
        ({"by": "team", "response": "bounce"}, "open, click, unsub"),
        ({"by": "team", "top": 0}, "whole number"),
        ({"by": "team", "within": "90D"}, "No message is old enough"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_what_to_change(asked, problem):
    with pytest.raises(InsightError, match=problem):
        contact_response(contacts([*many(12, "red", 3), *END]), **asked)


def test_a_table_where_nothing_was_sent_has_no_rates():
    with pytest.raises(NotEnoughData, match="No row says that a message was sent"):
        contact_response(contacts("ana open 0\nana click 1"), by="team")


# -- words and pictures, of a result built by hand --------------------------------------------------------------------


def built(standing=(ABOVE, BELOW), **changes):
    cells = pd.DataFrame(
        {
            "group": ["red", "blue"], "through": ["tea", "tea"], "n_customers": [50, 12], "messages": [100, 20],
            "responses": [30, 2], "rate": [0.3, 0.1], "ci_low": [0.2, 0.03], "ci_high": [0.4, 0.3],
            "index": [112.5, 37.5], "difference": [0.2, -0.2], "difference_low": [0.01, -0.3],
            "difference_high": [0.3, -0.01], "standing": list(standing),
        }
    )  # fmt: skip
    throughs = cells[:1].assign(n_customers=60, messages=120, responses=32, rate=0.2667)
    usual = {
        "cells": cells, "groups": cells.drop(columns=["through", "standing"]), "throughs": throughs, "rate": 0.2667,
        "ci_low": 0.2, "ci_high": 0.34, "n_customers": 60, "messages": 120, "still_open": 0, "unmatched": 0,
        "by": "team", "through": "campaign", "response": "open", "within": "7D", "level": 0.95,
    }  # fmt: skip
    return ContactResponse(**usual | changes)


def test_the_reading_names_who_stands_out_and_says_that_it_is_no_effect():
    assert contact_response_reading(built()) == (
        "**26.7%** of 120 messages to 60 customers were opened. Told from the others, allowing for 2 comparisons: "
        "**blue** with 10.0% (3.0–30.0%), index 38; **red** with 30.0% (20.0–40.0%), index 112.\n\n"
        "This is association, not effect: somebody chose who was sent what."
    )


def test_the_reading_says_where_nothing_can_be_told_and_what_was_left_out():
    said = contact_response_reading(built((UNCLEAR, UNCLEAR), still_open=1, unmatched=2))
    assert "No segment can be told from the others." in said
    assert "1 message of the last 7 days is left out: the response may still come." in said
    assert "2 responses follow no message in the data, and are not counted." in said
    assert "No two segments have enough customers" in contact_response_reading(built((SCARCE, SCARCE)))
    assert "it runs both ways" in contact_response_reading(built(by={"segments": {}}))


def test_caption_and_card_carry_the_numbers():
    assert contact_response_caption(built()) == (
        "120 messages to 60 customers · opened within 7 days · by team · and campaign"
    )
    card = contact_response_card(built(response="click"))
    assert card.formula.endswith(r"= 100\, \frac{30 / 100}{32 / 120} = 112")
    assert "**red** at **tea**" in card.sentences[1]


@pytest.mark.parametrize(
    ("settings_", "cell", "words"),
    [
        ({"by": "team"}, {"group": "red"}, "were sent a message (group red of team)"),
        ({"by": "team"}, {"group": "red", "through": "tea", "responded": True},
         "were sent tea and opened one (group red of team)"),
        ({"by": {"segments": {}}, "response": "click"}, {"responded": False}, "were sent a message and clicked none"),
    ],
)  # fmt: skip
def test_a_cell_in_words(settings_, cell, words):
    assert cell_in_words("contact_response", settings_, cell) == words


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("chart", [contact_response_map, contact_response_groups])
def test_charts_compile_and_say_their_numbers(theme, chart):
    drawn = chart(built(), theme=theme, narrow=theme == "dark")
    assert chart_picture(drawn, "svg", theme=theme)
    assert "30.0%" in drawn.description
    assert "blue" in drawn.description


def test_a_map_hatches_the_small_cells():
    rows = contact_response_map(built()).to_dict()
    hatched = [own for own in rows["datasets"].values() if own and "left" in own[0] and "start" in own[0]]
    assert len(hatched[0]) == 3  # three slanted lines: one small cell


def test_the_table_of_contacts_is_asked_for_by_name():
    with pytest.raises(InsightError, match="read_contacts"):
        contact_response(sample("shop_orders"), by="channel")
    with pytest.raises(UnknownValue, match="settings|Choose"):
        members("contact_response", contacts([*many(12, "red", 3), *END]), {"colour": "team"}, {})


# -- how often is too often -------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400)), min_size=1, max_size=40), st.integers(1, 4))
def test_messages_in_a_week_and_a_cap_are_those_of_a_twin(sent, cap):
    hours = sorted({(who, hour) for who, hour in sent})
    table = contacts([(who, "sent", hour / 24, "tea", "red") for who, hour in hours])
    found = messages(table, within="1D", as_of=None)
    load = [sum(w == who and 0 <= hour - h < 168 for w, h in hours) for who, hour in hours]
    assert in_week(found).tolist() == load
    back, let = [], []
    for who, hour in hours:
        lately = [h for w, h in let if w == who and hour - h < 168]
        back.append(len(lately) >= cap)
        let += [] if back[-1] else [(who, hour)]
    assert held_back(found, cap).tolist() == back


def test_the_newsletters_of_the_shop_drive_people_away_the_more_the_closer_they_come(shop):
    """sample_data/README.md: each other newsletter of the last 14 days doubles the chance to leave."""
    result = contact_pressure(shop["contacts"])
    rates = result.rates.query("outcome == 'unsub'").set_index("in_week")
    assert rates.loc["2", "ci_low"] > rates.loc["1", "ci_high"]
    assert rates.loc["3", "rate"] > 2 * rates.loc["2", "rate"] * 0.9
    assert result.rates["messages"].sum() == 3 * (result.messages - result.still_open)
    assert contact_pressure_reading(result).startswith(
        "19,716 messages went to 1,129 customers: **0.34** a customer and week, and at most 7 in 7 days. "
        "After the only one of a week 0.21% (0.1–0.3%) unsubscribe, after one of 4 **2.95% (2.3–3.8%)**."
    )


def test_the_people_of_a_row_are_as_many_as_it_says(shop):
    rates = contact_pressure(shop["contacts"]).rates
    for row in rates[rates["outcome"] == "unsub"].itertuples():
        assert len(members("contact_pressure", shop["contacts"], {}, {"in_week": row.in_week})) == row.n_customers
        left = members("contact_pressure", shop["contacts"], {}, {"in_week": row.in_week, "outcome": "unsub"})
        assert len(left) == row.responses  # nobody unsubscribes twice
    assert rates.loc[rates["outcome"] == "unsub", "responses"].sum() > 100
    for wrong in ({}, {"in_week": "9"}, {"in_week": "1", "outcome": "bounce"}, {"in_week": "1", "who": "ana"}):
        with pytest.raises(InsightError, match="of a cell|A cell is"):
            members("contact_pressure", shop["contacts"], {}, wrong)


def test_pressure_in_words_and_pictures(shop):
    result = contact_pressure(shop["contacts"])
    assert "A cap of 3 in 7 days would have held back 4.8% of the messages;" in contact_pressure_reading(result)
    assert contact_pressure_card(result).formula.endswith("= 0.34")
    assert contact_pressure_caption(result) == "19,716 messages to 1,129 customers · outcomes within 7 days"
    words = cell_in_words("contact_pressure", {}, {"in_week": "3", "outcome": "unsub"})
    assert words == "unsubscribed after a message that was one of 3 in a week"
    for chart, theme in ((contact_pressure_unsub, "light"), (contact_pressure_opens, "dark")):
        drawn = chart(result, theme=theme, narrow=theme == "dark")
        assert chart_picture(drawn, "svg", theme=theme)
        assert drawn.description.startswith("1 in the week ")


def test_hardly_any_messages_say_nothing_of_pressure():
    result = contact_pressure(contacts([*many(12, "red", 3), *END]))
    said = contact_pressure_reading(result)
    assert "cannot be seen" in said
    assert "no cap would hold many back" in said
