"""Every number of a funnel is a set of people: as many of them as the table says, for every cell and every setting."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.funnel.members import funnel_members, people, read_cell
from insight.funnel.settings import read_settings
from insight.funnel.tally import funnel_tally
from insight.log import prepare_log
from insight.members import members
from tests.funnels import ROWS, asked_funnels, table_of
from tests.logs import log


@pytest.fixture
def shop():
    return log("""
        ana visit 0 ads
        ana cart 1 ads
        ana buy 2 mail
        ben visit 3 mail
        ben cart 4 mail
        cyd visit 5
        dan cart 5 ads
        eva visit 19 ads
        zed other 20
    """)


def who(events, cell, **more):
    """The members of a cell of visit -> cart -> buy, as one word each."""
    return " ".join(members("funnel", events, {"steps": ["visit", "cart", "buy"]} | more, cell))


# -- the cells of a funnel --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ({"step": 1}, "ana ben cyd"),
        ({"step": 2}, "ana ben"),
        ({"step": "buy"}, "ana"),
        ({"step": 3, "reached": False}, "ben"),
        ({"step": 2, "reached": False}, "cyd"),
        ({"still_open": True}, "eva"),
        ({"entered": True}, "ana ben cyd eva"),
        ({"step": 2, "reached": True}, "ana ben"),
    ],
)
def test_a_cell_names_its_customers(shop, cell, found):
    assert who(shop, cell) == found


def test_a_cell_may_be_of_one_group(shop):
    by = {"by": "channel"}
    assert who(shop, {"step": 1, "group": "mail"}, **by) == "ben"
    assert who(shop, {"step": 1, "group": "(not set)"}, **by) == "cyd"
    assert who(shop, {"step": 2, "reached": False, "group": "ads"}, **by) == ""
    assert who(shop, {"still_open": True, "group": "ads"}, **by) == "eva"


def test_other_are_the_customers_of_all_small_groups():
    lines = [f"c{v}-{i} visit 0 v{v}" for v in range(4) for i in range(4 - v)]
    events = log("\n".join([*lines, "c0-0 buy 1"]))
    asked = {"steps": ["visit", "buy"], "entries": "all", "by": {"column": "channel", "top": 2}}
    assert members("funnel", events, asked, {"step": 1, "group": "Other"}) == ["c2-0", "c2-1", "c3-0"]


def test_a_step_called_by_a_number_goes_by_its_name():
    events = log("ana 2 0\nana visit 1\nben 2 0")
    assert members("funnel", events, {"steps": ["2", "visit"], "entries": "all"}, {"step": "2"}) == ["ana", "ben"]
    assert members("funnel", events, {"steps": ["2", "visit"], "entries": "all"}, {"step": 2}) == ["ana"]


def test_lost_at_a_step_is_counted_from_the_required_step_before(shop):
    steps = ["visit", {"events": ["cart"], "optional": True}, "buy"]
    assert who(shop, {"step": 3, "reached": False}, steps=steps) == "ben cyd"


def test_the_removed_are_named():
    events = log("ana visit 0\nana call 1\nana buy 2\nben visit 0\nend x 9")
    asked = {"steps": ["visit", "buy"], "exclude": {"events": ["call"], "effect": "remove"}}
    assert members("funnel", events, asked, {"removed": True}) == ["ana"]
    assert members("funnel", events, asked, {"step": 1}) == ["ben"]


def test_levels_of_any_order_are_rows(shop):
    assert who(shop, {"level": 2}, order="any") == "ana ben"
    assert who(shop, {"step": "any 2"}, order="any") == "ana ben"
    assert who(shop, {"level": 2, "reached": False}, order="any") == "cyd dan"


def test_of_an_open_funnel_those_who_entered_at_a_step(shop):
    assert who(shop, {"step": 2, "entered_here": True}, order="open") == "dan"
    assert who(shop, {"step": 2}, order="open") == "ana ben dan"
    assert who(shop, {"step": 2, "entered_here": False}, order="open") == "ana ben dan"


def test_of_sessions_the_customers_who_had_one():
    events = log("ana visit 0\nana buy 1\nana visit 99\nana visit 199\nben visit 0", unit="min")
    asked = {"steps": ["visit", "buy"], "within": "20min", "unit": "session", "entries": "all"}
    assert funnel(events, **asked).steps["reached"].tolist() == [4, 1]
    assert members("funnel", events, asked, {"step": 1}) == ["ana", "ben"]
    assert members("funnel", events, asked, {"step": 2, "reached": False}) == ["ana", "ben"]


def test_the_members_of_a_table_among_others(shop):
    assert members("funnel", {"events": shop}, {"steps": ["visit", "buy"]}, {"step": 2}) == ["ana"]
    with pytest.raises(InsightError, match="funnel needs a table of events; there are orders"):
        members("funnel", {"orders": shop}, {"steps": ["visit", "buy"]}, {"step": 2})
    with pytest.raises(InsightError, match="read_events returns"):
        members("funnel", pd.DataFrame(), {"steps": ["visit", "buy"]}, {"step": 2})


@pytest.mark.parametrize(
    ("cell", "more", "kind", "says"),
    [
        ({"step": 4}, {}, UnknownValue, "Choose from: 1, 2, 3, visit, cart, buy"),
        ({"step": 0}, {}, UnknownValue, "step of a cell"),
        ({"step": True}, {}, UnknownValue, "step of a cell"),
        ({"step": [1]}, {}, UnknownValue, "step of a cell"),
        ({"step": 2.0}, {}, UnknownValue, "step of a cell"),
        ({"step": "car"}, {}, UnknownValue, "Did you mean 'cart'"),
        ({"step": 1, "reached": False}, {}, InsightError, "nobody was lost before it"),
        ({"step": 2, "reached": 1}, {}, InsightError, "must be True or False"),
        ({"stp": 2}, {}, UnknownValue, "Did you mean 'step'"),
        ({}, {}, InsightError, "A cell of a funnel is written"),
        ("step 2", {}, InsightError, "A cell of a funnel is written"),
        ({"reached": True}, {}, InsightError, "names one of step, entered, still_open, removed; .* names 0"),
        ({"step": 2, "still_open": True}, {}, InsightError, "names 2"),
        ({"still_open": False}, {}, InsightError, "still_open = False of a cell must be True"),
        ({"still_open": True, "reached": True}, {}, InsightError, "about no step"),
        ({"removed": True}, {}, InsightError, "Nobody is removed"),
        ({"step": 2, "group": "ads"}, {}, InsightError, "has no groups"),
        ({"step": 2, "group": "add"}, {"by": "channel"}, UnknownValue, "Did you mean 'ads'"),
        ({"level": 2}, {}, UnknownValue, "cell = 'level'"),
        ({"step": 2, "entered_here": True}, {}, UnknownValue, "cell = 'entered_here'"),
        ({"step": 2, "entered_here": True, "reached": False}, {"order": "open"}, InsightError, "leave out one"),
    ],
)
def test_a_cell_that_the_result_does_not_have_says_what_it_has(shop, cell, more, kind, says):
    with pytest.raises(kind, match=says):
        who(shop, cell, **more)


def test_an_analysis_or_a_setting_that_does_not_exist_is_named(shop):
    with pytest.raises(UnknownValue, match="Did you mean 'funnel'"):
        members("funel", shop, {"steps": ["visit", "buy"]}, {"step": 1})
    with pytest.raises(UnknownValue, match="Did you mean 'within'"):
        members("funnel", shop, {"steps": ["visit", "buy"], "with_in": "1D"}, {"step": 1})


# -- as many as the table says ----------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, asked=asked_funnels())
def test_every_number_of_every_funnel_has_as_many_members(rows, asked):
    events = table_of(rows)
    try:
        found = funnel(events, **asked)
    except NotEnoughData:
        return

    def n(cell):
        return len(members("funnel", events, asked, cell))

    customers = asked["unit"] == "customer"
    expected = {}  # cell (as pairs) -> the number in the result
    tables = [((), found.steps)]
    if found.groups is not None:
        tables += [((("group", label),), own.reset_index()) for label, own in found.groups.groupby("group")]
    for group, steps in tables:
        reached = steps["reached"].tolist()
        for k, row in steps.iterrows():
            expected[("step", k + 1), *group] = reached[k]
            if asked["order"] == "any":
                expected[("level", k + 1), *group] = reached[k]
            if asked["order"] == "open":
                expected[("step", k + 1), ("entered_here", True), *group] = row["entered_here"]
            if k:
                before = max(j for j in range(k) if steps["required"][j])
                came = row["from_previous"] if asked["order"] == "open" else reached[k]
                expected[("step", k + 1), ("reached", False), *group] = reached[before] - came
    expected[("entered", True),] = found.entered
    expected[("still_open", True),] = found.still_open
    if "remove" in repr(asked["exclude"]):
        expected[("removed", True),] = found.removed
    for cell, number in expected.items():
        if customers:
            assert n(dict(cell)) == number, cell
        else:
            assert bool(n(dict(cell))) == bool(number), cell
            assert n(dict(cell)) <= number, cell


@settings(max_examples=50, deadline=None)
@given(rows=ROWS, asked=asked_funnels(), step=st.integers(1, 3), reached=st.booleans())
def test_members_of_parts_are_the_members_of_the_whole(rows, asked, step, reached):
    """Each part of the customers is asked alone; only the vocabulary, the end of the data and the labels are of all."""
    events = table_of(rows)
    cell = {"step": min(step, len(asked["steps"])), "reached": reached or step == 1}
    if asked["by"] is not None and (labels := funnel(events, **asked | {"entries": "all"}).groups["group"].tolist()):
        cell["group"] = labels[-1]
    try:
        whole = funnel_members(events, asked, cell)
    except UnknownValue:  # a label of the funnel of everybody that this one has not
        return
    facts = events.log.facts
    checked = read_cell(cell, read_settings(asked, facts), lambda: funnel_tally(events.log, facts, asked))
    found = []
    for part in np.array_split(events.frame["customer_id"].unique(), 3):
        frame = events.frame[events.frame["customer_id"].isin(part)].reset_index(drop=True)
        if len(frame):
            own = prepare_log(frame, events=facts.events)
            found += own.customers[people(own, facts, asked, checked)].tolist()
    assert sorted(found) == whole
