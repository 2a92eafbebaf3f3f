"""Every criterion on every clock with every kind of cohort, against counting the slow way; and the people behind it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight import read_events
from insight.log import prepare_log
from insight.retention import retention, retention_finish, retention_tally
from insight.retention.members import retention_members
from insight.retention.tally import merged
from tests.retention_twin import retention_twin

DAY = pd.Timestamp("2026-01-28")  # a Wednesday; months of 31 and of 28 days lie ahead
EVENTS = ["buy", "see"]
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(EVENTS), st.integers(0, 80 * 24)), min_size=1, max_size=40
)
COHORTS = {"first": EVENTS, "recurring": EVENTS, "event": ["buy"]}
CRITERIA = ["on", "on_or_after", "on_or_before", "streak", "bracket"]
CLOCKS = ["calendar", "rolling"]
VARIANTS = [  # of the settings that any criterion, clock and cohort may have beside it
    {"period": "week", "week_start": "THU", "returns": None, "as_of": "2026-03-31"},
    {"period": "week", "week_start": "SUN", "returns": "buy", "as_of": "2026-03-25", "guard": "10D"},
    {"period": "month", "week_start": "MON", "returns": ["see"], "as_of": "2026-05-31"},
]


def settings_of(criterion, clock, kind, variant):
    asked = {"criterion": criterion, "clock": clock, "cohort": {"event": "buy"} if kind == "event" else kind}
    asked |= {"bracket": [2, 4] if criterion == "bracket" else None, "guard": None, **variant}
    return asked | ({"guard": None} if kind == "recurring" else {})


def often_there(seed):
    """Twelve customers who come again and again, pause, and come again."""
    rng = np.random.default_rng(seed)
    rows = [
        (who, str(rng.choice(EVENTS)), int(24 * start + hours))
        for who, start in zip("abcdefghijkl", rng.integers(0, 40, 12), strict=True)
        for hours in np.cumsum(rng.choice([1, 30, 170, 190, 400, 800], rng.integers(1, 14)))
    ]
    return [row for row in rows if row[2] < 120 * 24]


@st.composite
def asked(draw):
    """Any settings together."""
    kind, variant = draw(st.sampled_from([*COHORTS])), draw(st.sampled_from(VARIANTS))
    return settings_of(draw(st.sampled_from(CRITERIA)), draw(st.sampled_from(CLOCKS)), kind, variant)


def table_of(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "event", "timestamp"])
    frame["timestamp"] = DAY + pd.to_timedelta(frame["timestamp"], unit="h")
    kinds = pd.DataFrame({"customer_id": ["z", "z"], "event": EVENTS, "timestamp": DAY})  # so that every event exists
    return read_events(pd.concat([frame, kinds], ignore_index=True).assign(channel=lambda t: t["customer_id"] < "b"))


def twin_of(events, settings):
    cohort = settings["cohort"]
    kind = "event" if isinstance(cohort, dict) else cohort
    returns = EVENTS if settings["returns"] is None else np.atleast_1d(settings["returns"]).tolist()
    rows = list(events.frame[["customer_id", "event", "timestamp"]].itertuples(index=False, name=None))
    return retention_twin(rows, **settings | {"cohort": kind, "starts": COHORTS[kind], "returns": returns})


def assert_is_its_twin(events, settings):
    cells = retention(events, **settings).cells
    later = cells[(cells["period"] > 0) & (cells["observed"] != "none")]
    found = {
        (row.cohort, row.period): (row.n_customers, row.retained, row.observed) for row in later.itertuples(index=False)
    }
    expected = twin_of(events, settings)
    if settings["criterion"] == "bracket":
        expected = {cell: n for cell, n in expected.items() if cell[1] == settings["bracket"][1]}
    assert found == expected
    full = cells["observed"] == "full"
    assert cells["retention"].notna().tolist() == full.tolist()
    assert (cells["retention"][full] == (cells["retained"] / cells["n_customers"])[full]).all()
    assert (cells["retention"][cells["period"] == 0] == 1).all()


@pytest.mark.parametrize("kind", COHORTS)
@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_cell_is_what_counting_the_slow_way_gives(criterion, clock, kind):
    for seed, variant in enumerate(VARIANTS):
        assert_is_its_twin(table_of(often_there(seed)), settings_of(criterion, clock, kind, variant))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, settings=asked())
def test_odd_logs_are_counted_the_same_way(rows, settings):
    assert_is_its_twin(table_of(rows), settings)


@pytest.mark.parametrize("kind", COHORTS)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_number_has_as_many_members(criterion, kind):
    events = table_of(often_there(7))
    for clock, variant in zip(CLOCKS, VARIANTS, strict=False):
        asked = settings_of(criterion, clock, kind, variant)
        found = retention(events, **asked)
        for row in found.cells[found.cells["observed"] != "none"].sample(5, replace=True, random_state=1).itertuples():
            cell = {"cohort": row.cohort, "period": int(row.period)}
            back, gone = (retention_members(events, asked, cell | {"retained": own}) for own in (True, False))
            assert (len(back), len(back) + len(gone)) == (row.retained, row.n_customers)
            assert sorted([*back, *gone]) == retention_members(events, asked, {"cohort": row.cohort})
        if kind != "recurring":
            for row in found.average.head(3).itertuples():
                assert len(retention_members(events, asked, {"period": int(row.period)})) == row.retained


@pytest.mark.parametrize("shape", [{}, {"by": "channel"}, {"cohort": {"column": "channel"}}])
@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("kind", COHORTS)
def test_parts_of_the_customers_add_up_to_the_whole(kind, clock, shape):
    events = table_of(often_there(5))
    asked = settings_of("streak", clock, kind, VARIANTS[0]) | shape
    facts = events.facts
    number = events.frame["customer_id"].map(ord).to_numpy() * 7 % 4
    logs = [
        prepare_log(events.frame[number == k].reset_index(drop=True), events=facts.events) for k in np.unique(number)
    ]
    tallies = [retention_tally(log, facts, asked, "events") for log in logs]
    whole, found = retention(events, **asked), retention_finish(merged(tallies), facts, asked, "events")
    for name in ("cells", "average", "groups", "group_cells", "cohorts", "criteria"):
        if getattr(whole, name) is not None:
            pd.testing.assert_frame_equal(getattr(found, name), getattr(whole, name), check_exact=True, obj=name)
    assert (found.n_customers, found.started, found.guarded) == (whole.n_customers, whole.started, whole.guarded)


@settings(max_examples=12, deadline=None)
@given(rows=ROWS, settings=asked())
def test_groups_are_parts_of_their_cohorts(rows, settings):
    events = table_of(rows)
    whole, found = retention(events, **settings), retention(events, **settings, by="channel")
    own = found.group_cells.groupby(["cohort", "period"], sort=False)[["n_customers", "retained"]].sum(min_count=1)
    cells = whole.cells.set_index(["cohort", "period"])[["n_customers", "retained"]]
    pd.testing.assert_frame_equal(own, cells, check_dtype=False)
    average = found.groups.groupby("period")[["n_customers", "retained"]].sum()
    pd.testing.assert_frame_equal(
        average, whole.average.set_index("period")[["n_customers", "retained"]], check_dtype=False
    )


@settings(max_examples=12, deadline=None)
@given(rows=ROWS, settings=asked())
def test_criteria_are_ordered_and_never_contradict_each_other(rows, settings):
    events = table_of(rows)
    rest = {name: value for name, value in settings.items() if name not in ("criterion", "bracket")}
    found = retention(events, **rest)
    if not found.started:
        return
    wide = found.criteria.pivot(index="period", columns="criterion", values="retained").iloc[1:]
    assert (wide["streak"] <= wide["on"]).all()
    assert (wide["on"] <= wide["on_or_after"]).all()
    assert (wide["on"] <= wide["on_or_before"]).all()


@pytest.mark.parametrize("kind", ["orders", "events"])
def test_a_breakdown_by_something_all_share_is_the_whole(kind):
    events = table_of([("a", "buy", 1), ("b", "see", 900), ("a", "see", 800)])
    table = events.frame.assign(everyone="yes")
    if kind == "orders":
        from insight import read_orders

        table = read_orders(
            table.rename(columns={"timestamp": "order_date"})
            .assign(order_id=range(len(table)), amount=5.0)
            .drop(columns=["event"])
        )
    else:
        table = read_events(table)
    whole, found = retention(table), retention(table, by="everyone")
    shared = ["period", "n_customers", "retained", "retention"]
    pd.testing.assert_frame_equal(found.groups[shared], whole.average[shared])
