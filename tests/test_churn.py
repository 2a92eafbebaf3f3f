"""Churn without a contract: the definition on a few customers, a twin that tries every day, parts, and the people."""

import dataclasses
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import InsightError, churn, members, read_events, read_orders, sample
from insight.churn import churn_finish, churn_tally, merged, with_activity
from insight.errors import NotEnoughData, UnknownValue
from insight.log import prepare_log
from insight.tables.order_log import order_log
from tests.logs import START, log

HISTORIES = st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True), min_size=2, max_size=8)


def orders(days, amount=5.0):
    """Orders of customers on days from 1 January 2026: {"ana": [0, 3]}."""
    rows = [(who, START + pd.Timedelta(days=day), amount) for who, own in days.items() for day in own]
    return read_orders(pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"]))


def longest_first(days, silent, horizon, last):
    """Of one customer, day by day: was there a first silence so long, watched long enough, and did it end in time?"""
    for start, following in zip(days, [*days[1:], None], strict=True):
        if following is None or following - start > silent:  # the first silence longer than that
            watched = start + silent + horizon <= last
            return watched, watched and following is not None and following <= start + silent + horizon
    return False, False


def usual_by_hand(histories, last):
    """The first day by which nine in ten are active again; each of n silences of a customer weighs 1/n."""
    spells = []
    for days in histories:
        ends = [*(b - a for a, b in zip(days, days[1:], strict=False)), None]
        spells += [(last - days[-1] if g is None else g, g is not None, Fraction(1, len(ends))) for g in ends]
    left = Fraction(1)
    for t in range(1, last + 1):
        at_risk = sum(weight for length, _, weight in spells if length >= t)
        ended = sum(weight for length, seen, weight in spells if length == t and seen)
        left *= 1 - (ended / at_risk if at_risk else 0)
        if left <= Fraction(1, 10):
            return t
    return None


# -- the definition ---------------------------------------------------------------------------------------------------


def test_a_customer_is_inactive_when_the_last_active_day_lies_so_many_days_back():
    table = orders({"ana": [0, 20], "ben": [0, 10], "eve": [5, 30]})
    found = churn(table, silent="20D", horizon="5D")
    assert (found.inactive, found.n_customers) == (1, 3)  # on day 30: ana 10 days, ben 20, eve 0
    assert found.inactive_share == pytest.approx(1 / 3)
    assert members("churn", table, {"silent": "20D", "horizon": "5D"}, {"inactive": True}) == ["ben"]


def test_who_came_less_than_so_many_days_ago_cannot_have_been_silent_so_long():
    found = churn(orders({"ana": [0, 20], "ben": [0, 10], "new": [25, 30]}), silent="20D")
    assert (found.n_customers, found.too_new) == (2, 1)


def test_several_orders_of_one_day_are_one_active_day():
    found = churn(orders({"ana": [0, 0.4, 8], "ben": [0, 19]}), silent="5D", horizon="9D")
    assert found.returns["days"].tolist() == [0, 8, 11, 19]
    assert found.returns["returned_share"].tolist() == [0, pytest.approx(1 / 3), pytest.approx(1 / 3), 1]


def test_a_refund_is_no_sign_of_life():
    rows = pd.DataFrame({"customer_id": ["ana", "ana", "ben", "ben"], "amount": [5.0, -5.0, 5.0, 5.0]})
    rows["order_date"] = START + pd.to_timedelta([0, 29, 0, 30], unit="D")
    assert churn(read_orders(rows), silent="15D", horizon="7D").inactive == 1


def test_customers_without_a_purchase_are_counted_aside():
    rows = pd.DataFrame({"customer_id": ["ana", "ben", "ben", "eve"], "amount": [-5.0, 5.0, 5.0, 0.0]})
    rows["order_date"] = START + pd.to_timedelta([1, 0, 20, 3], unit="D")
    assert churn(read_orders(rows), silent="5D", horizon="5D").without_activity == 2


def test_only_the_first_silence_of_a_customer_counts_and_only_when_it_was_watched():
    table = orders({"ana": [0, 12, 40], "ben": [0, 30], "eve": [32, 40]})
    found = churn(table, silent="10D", horizon="5D")
    # ana was first silent for 10 days on day 10 and came back on day 12; her second silence counts for nothing.
    # ben came back 20 days too late. eve never was silent so long.
    assert (found.silent, found.came_back) == (2, 1)


def test_a_silence_that_could_not_be_watched_to_the_end_is_not_counted_at_all():
    table = orders({"ana": [0, 20], "ben": [12]})
    assert churn(table, silent="10D", horizon="7D").silent == 1  # ben: day 12 + 10 + 7 lies after day 20
    assert churn(table, silent="5D", horizon="3D").silent == 2


@given(HISTORIES, st.integers(1, 20), st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_every_number_is_that_of_a_twin_that_looks_day_by_day(histories, silent, horizon):
    histories = [sorted(days) for days in histories]
    histories[0] = sorted({0, 40, *histories[0]})  # the data begins on day 0 and ends on day 40
    names = {f"c{k}": days for k, days in enumerate(histories)}
    given_ = {"silent": f"{silent}D", "horizon": f"{horizon}D"}
    found = churn(orders(names), **given_, period="week")
    twins = [longest_first(days, silent, horizon, 40) for days in histories]
    assert (found.silent, found.came_back) == tuple(sum(column) for column in zip(*twins, strict=True))
    for row in found.periods.itertuples():
        day = (pd.Timestamp(row.day) - START).days
        known = [days for days in histories if days[0] <= day - silent]
        still = [days for days in known if day - max(d for d in days if d <= day) >= silent]
        assert (row.n_customers, row.inactive) == (len(known), len(still))
    by_hand = usual_by_hand(histories, 40)
    assert found.is_percentile == (by_hand is not None)
    if by_hand:
        assert found.proposed_days == by_hand


def test_the_proposed_days_weigh_each_customer_once_however_many_orders_they_have():
    """Nine in ten silences are of one customer and last a day; of the customers, half take 20 days."""
    busy = {"busy": list(range(0, 40))}
    slow = {f"slow{k}": [0, 20, 39] for k in range(3)}
    found = churn(orders(busy | slow), horizon="5D")
    assert found.proposed_days == 20
    assert found.is_percentile
    assert not found.is_capped


def test_the_silences_that_are_still_open_make_the_proposal_longer():
    """Completed gaps alone would say 2 days; that four of six have been silent since day 2 says more."""
    days = {f"c{k}": [0, 2] for k in range(4)} | {"late": [0, 2, 30], "later": [0, 2, 4, 40]}
    found = churn(orders(days), horizon="5D")
    assert not found.is_percentile
    assert found.proposed_days > 2
    assert found.is_capped  # nine in ten of the returns take more than half of the 41 days
    assert found.proposed_days == 20


def test_a_later_day_of_silence_never_has_more_silent_customers():
    found = churn(sample("shop_orders"), horizon="30D")
    watched = found.silences["silent"].to_numpy()
    assert (np.diff(watched) <= 0).all()
    assert len(watched) > 100


def test_more_time_to_wait_brings_more_back():
    short, long = (churn(sample("cdnow_orders"), silent="90D", horizon=h) for h in ("30D", "90D"))
    assert long.came_back_share > short.came_back_share


def test_cdnow_is_counted_as_by_hand_with_pandas():
    """The 23,502 buyers of the file: who has no order in the last 90 days of those who came before these."""
    frame = sample("cdnow_orders").frame.query("amount > 0")
    by = frame.groupby("customer_id")["order_date"]
    last, edge = by.max(), pd.Timestamp("1998-06-30") - pd.Timedelta(days=90)
    found = churn(sample("cdnow_orders"), silent="90D")
    assert found.n_customers == int((by.min() <= edge).sum())
    assert found.inactive == int((last <= edge).sum())


def test_events_may_say_what_counts_as_activity():
    table = log("ana visit 0\nana buy 1\nana visit 19\nben visit 0\nben buy 18")
    assert churn(table, silent="10D", horizon="3D").inactive == 0
    assert churn(table, silent="10D", horizon="3D", activity="buy").inactive == 1


def test_days_are_those_of_the_table():
    times = ["2026-01-01 23:30", "2026-01-02 00:30", "2026-01-20 12:00", "2026-01-01 00:30", "2026-01-30 12:00"]
    rows = pd.DataFrame({"customer_id": ["ana"] * 3 + ["ben"] * 2, "event": "visit", "timestamp": times})
    away = churn(read_events(rows, timezone="America/New_York"), silent="18D", horizon="5D")
    assert away.as_of == "2026-01-30"
    assert away.silences.set_index("days").loc[1, "silent"] == 2  # her second day begins half an hour after midnight


def test_as_of_leaves_later_rows_out_and_counts_them():
    table = orders({"ana": [0, 5, 30], "ben": [0, 18]})
    found = churn(table, silent="10D", horizon="3D", as_of="2026-01-21")
    assert (found.left_out, found.inactive) == (1, 1)
    assert found.as_of == "2026-01-21"


# -- groups -----------------------------------------------------------------------------------------------------------


def test_the_groups_are_the_values_of_the_first_activity_and_add_up():
    found = churn(sample("shop_orders"), silent="60D", by="channel")
    assert found.groups["n_customers"].sum() == found.n_customers
    assert found.groups["inactive"].sum() == found.inactive
    assert found.groups["silent"].sum() == found.silent
    few = churn(sample("shop_orders"), silent="60D", by={"column": "channel", "top": 2})
    assert few.groups["group"].tolist() == [*found.groups["group"][:2], "Other"]
    assert few.groups["n_customers"].sum() == found.n_customers


# -- parts and people -------------------------------------------------------------------------------------------------

MODES = {
    "plain": {},
    "by": {"by": "channel"},
    "top": {"by": {"column": "channel", "top": 2}, "silent": "30D"},
    "as of": {"as_of": "2025-10-15", "horizon": "20D", "period": "week"},
    "events": {"activity": ["add_to_cart", "purchase"], "silent": "45D"},
}


@pytest.mark.parametrize(
    ("kind", "mode"), [("orders", m) for m in MODES if m != "events"] + [("events", m) for m in MODES]
)
def test_parts_of_the_customers_add_up_to_the_whole(kind, mode):
    table, asked = sample(f"shop_{kind}"), MODES[mode]
    facts, given_ = table.facts, asked | {"activity": with_activity(kind, asked.get("activity"))}
    bucket = np.random.default_rng(3).integers(0, 4, 100_000)
    number = table.frame["customer_id"].str[1:].astype(int).to_numpy()
    made = []
    for b in range(4):
        part = table.frame[bucket[number] == b].reset_index(drop=True)
        own = order_log(part, cancelled=False) if kind == "orders" else prepare_log(part, events=facts.events)
        made.append(churn_tally(own, facts, given_))
    whole = churn(table, **asked)
    for order in (made, made[::-1]):
        found = churn_finish(merged(order), facts, given_, kind=kind, activity=asked.get("activity"))
        for field in dataclasses.fields(whole):
            left, right = getattr(found, field.name), getattr(whole, field.name)
            if isinstance(left, pd.DataFrame):
                pd.testing.assert_frame_equal(left, right, check_exact=True, obj=field.name)
            else:
                assert left == right, field.name


def test_the_people_behind_every_number_are_as_many_as_it_says():
    table, asked = sample("shop_orders"), {"silent": "60D", "horizon": "30D", "by": {"column": "channel", "top": 3}}
    found = churn(table, **asked)
    n = {cell: len(members("churn", table, asked, dict([cell]))) for cell in (
        ("inactive", True), ("inactive", False), ("came_back", True), ("came_back", False), ("too_new", True),
    )}  # fmt: skip
    assert n["inactive", True] == found.inactive
    assert n["inactive", False] == found.n_customers - found.inactive
    assert n["came_back", True] == found.came_back
    assert n["came_back", False] == found.silent - found.came_back
    assert n["too_new", True] == found.too_new
    for row in found.groups.itertuples():
        assert len(members("churn", table, asked, {"inactive": True, "group": row.group})) == row.inactive
        assert len(members("churn", table, asked, {"came_back": True, "group": row.group})) == row.came_back


def test_the_people_come_in_ascending_order_whatever_the_order_of_the_rows():
    table = orders({"eve": [0], "ana": [1, 30], "ben": [2], "cas": [40]})
    assert members("churn", table, {"silent": "10D"}, {"inactive": True}) == ["ana", "ben", "eve"]


def test_a_cell_may_name_its_own_days_of_silence():
    table = sample("shop_orders")
    assert members("churn", table, {"silent": "30D"}, {"silent": "60D"}) == members(
        "churn", table, {"silent": "60D"}, {"inactive": True}
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({}, "is written"),
        ({"gone": True}, "gone"),
        ({"inactive": True, "came_back": True}, "names 2"),
        ({"inactive": "yes"}, "True or False"),
        ({"too_new": False}, "must be True"),
        ({"inactive": True, "group": "ads"}, "no groups"),
        ({"silent": "5h"}, "whole days"),
    ],
)
def test_a_cell_that_does_not_exist_is_refused(cell, words):
    with pytest.raises(InsightError, match=words):
        members("churn", sample("shop_orders"), {"silent": "60D"}, cell)


def test_an_unknown_group_lists_the_groups():
    with pytest.raises(UnknownValue, match="direct"):
        members("churn", sample("shop_orders"), {"silent": "60D", "by": "channel"}, {"inactive": True, "group": "ads"})


# -- what is not possible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"silent": "soon"}, "length of time"),
        ({"silent": "36h"}, "whole days"),
        ({"silent": "400D"}, "data covers 365"),
        ({"horizon": "1h"}, "whole days"),
        ({"by": "colour"}, "colour"),
        ({"by": {"column": "channel", "top": 0}}, "at least 1"),
        ({"period": "year"}, "period"),
        ({"level": 2}, "level"),
        ({"activity": ["visit"]}, "leave activity out"),
        ({"as_of": "soon"}, "not a day"),
    ],
)
def test_a_setting_that_is_not_possible_is_refused_with_what_to_write(asked, words):
    with pytest.raises(InsightError, match=words):
        churn(sample("shop_orders"), **asked)


def test_where_nobody_ever_came_back_no_days_are_proposed():
    table = orders({"ana": [0], "ben": [20]})
    with pytest.raises(NotEnoughData, match='silent="60D"'):
        churn(table)
    assert churn(table, silent="10D").proposed_days is None


def test_too_few_days_are_said_in_numbers():
    with pytest.raises(NotEnoughData, match="14 days of data; there are 6"):
        churn(orders({"ana": [0, 5]}))


def test_where_everybody_is_too_new_that_is_said():
    with pytest.raises(NotEnoughData, match="choose fewer days"):
        churn(log("ana visit 0\nben buy 10\nben buy 20"), silent="12D", activity="buy")


def test_another_table_is_refused_with_the_readers_to_use():
    with pytest.raises(InsightError, match="read_events or read_orders"):
        churn(sample("shop_campaigns"))


# -- the last day, and groups of any name -----------------------------------------------------------------------------


def test_who_appears_only_after_the_last_day_is_not_without_activity():
    table = log("ana buy 0\nana buy 20\nben visit 3\nben buy 30\neve visit 30")
    assert churn(table, silent="5D", activity="buy", as_of="2026-01-21").without_activity == 1  # ben; eve is not known
    assert churn(table, silent="5D", activity="buy").without_activity == 1  # eve; ben has bought


def test_a_value_called_other_stands_beside_the_rest_and_keeps_its_people():
    rows = [("a1", "Other"), ("a2", "Other"), ("b", "ads"), ("c", "mail")]
    table = log("\n".join(f"{who} visit {day} {channel}" for who, channel in rows for day in (0, 20)))
    asked = {"silent": "5D", "by": {"column": "channel", "top": 1}}
    found = churn(table, **asked).groups
    assert found["group"].tolist() == ["Other", "Other (2 more values)"]
    assert found["n_customers"].tolist() == [2, 2]
    for group, people in (("Other", ["a1", "a2"]), ("Other (2 more values)", ["b", "c"])):
        assert members("churn", table, asked, {"inactive": False, "group": group}) == people


def test_a_single_remaining_value_keeps_its_name():
    table = log("\n".join(f"{who} visit {day} {who}" for who in ("ads", "mail") for day in (0, 20)))
    found = churn(table, silent="5D", by={"column": "channel", "top": 1}).groups
    assert found["group"].tolist() == ["ads", "mail"]


def test_a_value_of_nobody_with_activity_is_no_group():
    table = log("ana buy 0 ads\nana buy 20 ads\nben visit 3 mail")
    assert churn(table, silent="5D", activity="buy", by="channel").groups["group"].tolist() == ["ads"]
