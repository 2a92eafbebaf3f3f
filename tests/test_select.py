"""Parts of a table: the same as reading a file that holds these rows only."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel, read_events, read_orders
from insight.errors import InsightError, NotEnoughData
from insight.log import prepare_log
from insight.tables.select import select_days, select_rows
from tests.logs import log

LINES = (
    b"order,customer,date,amount,product\n1,ana,2026-01-01,5,tea\n1,ana,2026-01-01,3,cup\n2,ben,2026-01-03,4,tea\n"
    b"3,ana,2026-01-03,2,tea\n"
)


def kept(table, **days):
    return select_days(table, **days).frame


def rows_of(prepared):
    """The log as rows anyone can compare, whatever the codes of customers and events are."""
    rows = pd.DataFrame(
        {
            "customer": prepared.customers[prepared.customer],
            "time": prepared.time,
            "event": np.array(prepared.events, object)[prepared.event],
            "row": prepared.row,
        }
    )
    return rows.sort_values(["customer", "time", "event", "row"]).to_numpy().tolist()


def test_both_ends_are_whole_days():
    events = log("ana a 0\nana b 1\nana c 1.9\nana d 2")
    assert kept(events, start="2026-01-02", end="2026-01-02")["event"].tolist() == ["b", "c"]
    assert kept(events, end="2026-01-01")["event"].tolist() == ["a"]
    assert kept(events, start="2026-01-03")["event"].tolist() == ["d"]


def test_days_are_those_of_the_tables_time_zone():
    content = b"user,event,time\nana,a,2026-01-01T23:30:00Z\nana,b,2026-01-02T12:00:00Z\n"
    paris = read_events(content, timezone="Europe/Paris")
    assert kept(paris, start="2026-01-02")["event"].tolist() == ["a", "b"]
    assert kept(read_events(content), start="2026-01-02")["event"].tolist() == ["b"]


def test_a_part_of_orders_keeps_the_lines_of_its_orders_only():
    part = select_days(read_orders(LINES), start="2026-01-02")
    assert part.frame["order_id"].tolist() == ["2", "3"]
    assert part.lines["product"].tolist() == ["tea", "tea"]


def test_no_row_is_said_and_not_an_empty_table():
    with pytest.raises(NotEnoughData, match=r"No row of .* lies in these days"):
        select_days(log("ana a 0"), start="2027-01-01")


@pytest.mark.parametrize("days", [{"start": "yesterday"}, {"start": "2026-02-01", "end": "2026-01-01"}])
def test_what_are_no_days_is_refused(days):
    with pytest.raises(InsightError, match="start"):
        select_days(log("ana a 0"), **days)


def test_a_part_has_a_fingerprint_of_its_own_that_says_how_it_was_made():
    events = log("ana a 0\nana b 5")
    parts = [select_days(events, start=start) for start in ("2026-01-01", "2026-01-02", "2026-01-02")]
    assert len({events.fingerprint, *(part.fingerprint for part in parts)}) == 3
    again = parts[1].made.function(*parts[1].made.tables, **parts[1].made.settings)
    assert again.fingerprint == parts[1].fingerprint


def test_a_kind_of_event_that_a_part_lacks_is_reached_by_nobody():
    part = select_days(log("ana visit 0\nana buy 5\nben visit 0"), end="2026-01-02")
    assert funnel(part, steps=["visit", "buy"], entries="all").steps["reached"].tolist() == [2, 0]


def test_the_whole_is_not_changed_by_taking_a_part():
    events = log("ana a 0\nben b 5")
    before = rows_of(events.log)
    select_days(events, start="2026-01-03")
    assert rows_of(events.log) == before


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["A", "B", "C"]), st.integers(0, 6), st.booleans()),
        min_size=1,
        max_size=25,
    )
)
def test_the_log_of_a_part_is_the_log_that_sorting_its_rows_gives(rows):
    keep = np.array([row[3] for row in rows])
    events = log("\n".join(f"{customer} {event} {time}" for customer, event, time, _keep in rows))
    if not keep.any():
        return
    part = select_rows(events, keep, select_days, settings={})
    anew = prepare_log(part.frame, events=events.log.events)
    assert rows_of(part.log) == rows_of(anew)
    assert part.log.events == anew.events
    pairs = list(zip(part.log.customer.tolist(), part.log.time.tolist(), strict=True))
    assert part.log.moment.tolist() == pd.factorize(pd.Series(pairs, dtype=object))[0].tolist()
    present = sorted(set(part.frame["event"]))
    if len(present) >= 2:
        asked = {"steps": present[:2], "within": None, "entries": "all"}
        alone = read_events(part.frame[["customer_id", "timestamp", "event"]])
        assert funnel(part, **asked).steps.equals(funnel(alone, **asked).steps)
