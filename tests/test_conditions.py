"""Conditions on columns: what is the same condition, and which numbers can be asked for."""

import pandas as pd
import pytest

from insight import funnel, read_events
from insight.errors import InsightError
from insight.log.conditions import Condition, read_conditions
from tests.logs import log


def coded():
    rows = [("ana", "1"), ("ben", "True"), ("cyd", "1.0")]
    table = pd.DataFrame(rows, columns=["customer_id", "code"])
    table["event"], table["timestamp"] = "visit", pd.Timestamp("2026-01-01")
    return read_events(table).log


def who(prepared, condition):
    found = prepared.arrivals_at(("visit",), read_conditions([condition], ["code"]))
    return prepared.customers[found.customer].tolist()


@pytest.mark.parametrize("values", [(1, True, 1.0), (True, 1.0, 1), (1.0, 1, True)])
def test_one_log_keeps_a_whole_number_a_truth_and_a_fraction_apart(values):
    prepared = coded()
    prepared.frame["code"] = pd.array(["1", "True", "1.0"], dtype="str")
    owner = {int: "ana", bool: "ben", float: "cyd"}
    for value in values:
        assert who(prepared, ["code", "==", value]) == [owner[type(value)]]
        assert who(prepared, ["code", "in", [value, "no"]]) == [owner[type(value)]]


def test_conditions_are_the_same_when_they_are_written_the_same():
    assert Condition("a", "==", 1) == Condition("a", "==", 1)
    assert hash(Condition("a", "in", (1, "x"))) == hash(Condition("a", "in", (1, "x")))
    assert len({Condition("a", "==", value) for value in (1, True, 1.0, "1")}) == 4
    assert Condition("a", "==", 1) != "a"


def priced():
    table = pd.DataFrame({"customer_id": ["ana", "ana"], "event": ["visit", "buy"], "value": [1.0, 2.0]})
    table["timestamp"] = pd.to_datetime(["2026-01-01", "2026-01-02"])
    return read_events(table)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (10**401, "finite"),
        (-(10**401), "finite"),
        ("1" + "0" * 401, "holds numbers"),
        (float("inf"), "finite"),
        (float("nan"), "finite"),
        ("nan", "holds numbers, and 'nan' is none"),
        ("-inf", "holds numbers, and '-inf' is none"),
    ],
)
@pytest.mark.parametrize("how", ["==", ">", "!=", "in"])
def test_a_number_that_is_none_is_refused(value, says, how):
    where = [["value", how, [value] if how == "in" else value]]
    with pytest.raises(InsightError, match=says):
        funnel(priced(), steps=[{"events": "visit", "where": where}, "buy"], entries="all")


@pytest.mark.parametrize("where", [0, "", False, {}])
def test_conditions_that_are_no_list_are_refused_and_not_ignored(where):
    with pytest.raises(InsightError, match="where is a list of conditions"):
        funnel(log("ana visit 0\nana buy 1"), steps=[{"events": "visit", "where": where}, "buy"])
    exclude = {"events": "visit", "where": where}
    with pytest.raises(InsightError, match="where is a list of conditions"):
        funnel(log("ana visit 0\nana buy 1"), steps=["visit", "buy"], exclude=exclude)
