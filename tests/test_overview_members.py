"""The people behind an overview are as many as its numbers say, also where the rows lie in parts; and in words."""

from functools import partial

import numpy as np
import pytest

from insight import conversion, members, rate_change, rhythm, sales, sample, traffic
from insight.errors import InsightError, UnknownValue
from insight.explain.cells import cell_in_words
from insight.log import prepare_log
from insight.overview import members as behind
from insight.overview.members import complete, rate_change_members
from insight.overview.traffic import session_groups
from insight.tables.table import concatenated

BY = {"period": "month", "by": "channel", "at": "2025-11-01"}


@pytest.fixture(scope="module")
def shop():
    return {"events": sample("shop_events"), "orders": sample("shop_orders")}


def numbers(result, group=None):
    """The counts of the period that is looked at, and one column of `periods` by name."""
    if group is None:
        return result.periods.set_index("period").loc[result.at]
    own = result.group_periods[result.group_periods["group"] == group]
    return own.set_index("period").loc[result.at]


@pytest.mark.parametrize("group", [None, "email", "direct"])
def test_as_many_visitors_as_the_table_says(shop, group):
    cell = {} if group is None else {"group": group}
    now = numbers(traffic(shop["events"], **BY), group)
    for who in ("visitors", "new_visitors"):
        assert len(members("traffic", shop["events"], BY, {"who": who, **cell})) == now[who] > 0
    bounced = members("traffic", shop["events"], BY, {"who": "bounced", **cell})
    assert 0 < len(bounced) <= now["bounces"]
    assert bounced == sorted(set(bounced))


@pytest.mark.parametrize("group", [None, "email", "direct"])
def test_as_many_buyers_as_the_table_says(shop, group):
    cell = {} if group is None else {"group": group}
    now = numbers(sales(shop["orders"], **BY), group)
    for who in ("buyers", "new_customers", "returning_customers"):
        assert len(members("sales", shop["orders"], BY, {"who": who, **cell})) == now[who] > 0
    assert (
        len(members("sales", shop["orders"], BY, {"who": "refunded"}))
        <= numbers(sales(shop["orders"], **BY))["refunds"]
    )


@pytest.mark.parametrize("group", [None, "email", "direct"])
@pytest.mark.parametrize("goal", [None, "purchase"])
def test_who_converts_and_who_does_not_are_everybody(shop, goal, group):
    asked = {**BY, "goal": goal, "lead": "add_to_cart"}
    cell = {} if group is None else {"group": group}
    now = numbers(conversion(shop["events"], shop["orders"], **asked), group)
    rates = {"visitors": "converted_visitors", "new_visitors": "converted_new", "leads": "converted_leads"}
    for everybody, converted in rates.items():
        lost = converted.replace("converted", "lost")
        won, lost = (members("conversion", shop, asked, {"who": who, **cell}) for who in (converted, lost))
        assert len(won) == now[converted]
        assert len(won) + len(lost) == now[everybody] > 0
        assert not set(won) & set(lost)


def test_the_people_of_a_group_whose_rate_moved(shop):
    asked = {"period": "month", "at": "2025-11-01"}
    found = rate_change(shop["events"], shop["orders"], **asked).effects.set_index("group").loc["email"]
    came = members("rate_change", shop, asked, {"group": "email"})
    before = members("rate_change", shop, asked, {"group": "email", "period": "before"})
    converted = members("rate_change", shop, asked, {"group": "email", "counted": True})
    assert set(converted) < set(came)
    assert 0 < len(before) <= found["n_before"]
    assert len(converted) == pytest.approx(found["rate"] * found["n"], rel=0.2)
    bounced = {**asked, "rate": "bounce_rate"}
    assert set(members("rate_change", shop, bounced, {"group": "email", "counted": True})) < set(came)
    buyers = rate_change_members(shop["orders"], asked, {"group": "email"})
    assert len(buyers) == numbers(sales(shop["orders"], **BY), "email")["buyers"]


def test_the_people_of_an_hour(shop):
    frame = shop["events"].frame
    there = (frame["timestamp"].dt.day_of_week == 1) & (frame["timestamp"].dt.hour == 9)
    expected = sorted(set(frame["customer_id"][there]))
    assert members("rhythm", shop["events"], {}, {"weekday": "TUE", "hour": 9}) == expected
    assert set(members("rhythm", shop["orders"], {}, {"weekday": "TUE"})) <= set(shop["orders"].frame["customer_id"])
    days = rhythm(sample("cdnow_orders")).cells
    assert days["hour"].isna().all()
    with pytest.raises(UnknownValue, match="hour = 9"):
        members("rhythm", sample("cdnow_orders"), {}, {"weekday": "TUE", "hour": 9})


def test_the_people_in_the_parts_of_a_log_are_those_of_the_whole(shop):
    events, given = shop["events"], complete(traffic, BY)
    facts, groups = events.facts, session_groups(events, events.facts, complete(traffic, BY))
    cell = behind._read_cell({"who": "new_visitors", "group": "email"}, behind.VISITORS, given, facts, groups)
    count = partial(behind._visitors, facts=facts, settings=given, groups=groups, cell=cell)
    bucket = np.random.default_rng(3).integers(0, 4, 10_000)[events.frame["customer_id"].str[1:].astype(int)]
    parts = [prepare_log(events.frame[bucket == b].reset_index(drop=True), events=facts.events) for b in range(4)]
    assert sorted(concatenated([count(part) for part in parts])) == members(
        "traffic", events, BY, {"who": "new_visitors", "group": "email"}
    )


@pytest.mark.parametrize(
    ("name", "cell", "said"),
    [
        ("traffic", {"who": "everybody"}, "who = 'everybody'"),
        ("traffic", {"period": "2025-11-01"}, "A cell names its who"),
        ("traffic", {"who": "visitors", "step": 1}, "cell = 'step'"),
        ("traffic", {"who": "visitors", "group": "tv"}, "group = 'tv'"),
        ("traffic", {"who": "visitors", "period": "2031-01-01"}, "period of a cell = '2031-01-01'"),
        ("conversion", {"who": "lost_leads"}, "Nobody is a lead yet"),
        ("rhythm", {"weekday": "Tuesday"}, "weekday = 'Tuesday'"),
        ("rate_change", {"group": "email", "period": "then"}, "period of a cell = 'then'"),
        ("rate_change", {"group": "email", "counted": True}, "A mean counts everybody"),
    ],
)
def test_a_cell_that_the_result_does_not_have_is_refused(shop, name, cell, said):
    asked = {"traffic": BY, "rate_change": {"rate": "pages_per_session"}}.get(name, {})
    with pytest.raises(InsightError, match=said):
        members(name, shop, asked, cell)


@pytest.mark.parametrize(
    ("name", "asked", "cell", "said"),
    [
        ("traffic", {"period": "month"}, {"who": "visitors", "period": "2025-05-01"}, "came in May 2025"),
        ("traffic", {}, {"who": "bounced"}, "had a session of one page in the last complete week"),
        ("sales", {"period": "day"}, {"who": "buyers", "period": "2025-05-04"}, "bought on 4 May 2025"),
        (
            "sales",
            {"by": "channel", "at": "2025-05-05"},
            {"who": "new_customers", "group": "ads"},
            "bought for the first time in the week of 5 May 2025 (group ads of channel)",
        ),
        ("conversion", {"period": "month", "at": "2025-05-01"}, {"who": "lost_visitors"},
         "came and did not convert in May 2025"),
        ("rate_change", {"period": "month", "at": "2025-05-01"}, {"group": "ads", "counted": True},
         "counted in the rate in May 2025 (group ads of channel)"),
        ("rate_change", {"period": "month", "at": "2025-05-01"}, {"group": "ads", "period": "before"},
         "came or bought in the period before May 2025 (group ads of channel)"),
        ("rhythm", {"measure": "orders"}, {"weekday": "TUE", "hour": 9}, "bought on a Tuesday 09:00–10:00"),
        ("rhythm", {"start": "2025-05-01"}, {"weekday": "SUN"}, "came on a Sunday, 1 May 2025 to …"),
    ],
)  # fmt: skip
def test_the_people_behind_a_number_in_words(name, asked, cell, said):
    assert cell_in_words(name, asked, cell) == said
