"""Funnels of every kind over small random logs, for what has to hold whatever is asked."""

import pandas as pd
from hypothesis import strategies as st

from insight import read_events
from tests.logs import START

ABC = ["A", "B", "C"]
FIRST = ["A", "B", "C", ["A", "B"], {"events": ["B"], "where": [["channel", "!=", "x"]]}]
STEP = st.sampled_from([*FIRST, {"events": ["C"], "max_gap": "2D"}])
OPTIONAL = st.sampled_from(["A", "B", "D"]).map(lambda event: {"events": [event], "optional": True})
FREE = st.permutations(ABC).map(list)
EXCLUDE = st.sampled_from(
    [
        None,
        {"events": ["D"]},
        {"events": ["D"], "effect": "remove"},
        [{"events": ["D"], "where": [["channel", "==", "x"]]}, {"events": ["C"], "effect": "remove"}],
    ]
)
BREAKDOWNS = [None, "channel", {"column": "channel", "top": 1}, {"column": "channel", "value": "last"}]


@st.composite
def asked_funnels(draw):
    order = draw(st.sampled_from(["ordered", "strict", "any", "open"]))
    steps = draw(FREE if order == "any" else st.lists(STEP, min_size=1, max_size=3))
    if order != "any":
        steps.insert(0, draw(st.sampled_from(FIRST)))
    if order in ("ordered", "strict") and draw(st.booleans()):
        steps.insert(draw(st.integers(1, len(steps))), draw(OPTIONAL))
    within = draw(st.sampled_from([None, "1D", "3D", "5D"]))
    return {
        "steps": steps,
        "order": order,
        "within": within,
        "entries": "all" if within is None else draw(st.sampled_from(["mature", "all"])),
        "reentry": draw(st.sampled_from(["best", "first"])),
        "exclude": draw(EXCLUDE),
        "unit": draw(st.sampled_from(["customer", "customer", {"session_gap": "1D"}])),
        "by": draw(st.sampled_from(BREAKDOWNS)),
        "start": draw(st.sampled_from([None, "2026-01-02"])),
        "as_of": draw(st.sampled_from([None, "2026-01-06"])),
    }


# few customers and days, so that each has many events, and ties
ROW = st.tuples(st.sampled_from("xyz"), st.integers(0, 6), st.sampled_from("ABCD"), st.sampled_from("xyz"))
ROWS = st.lists(ROW, min_size=5, max_size=30)


def table_of(rows):
    rows = [*rows, *(("w", 3, kind, None) for kind in "ABCD")]
    table = pd.DataFrame(rows, columns=["customer_id", "day", "event", "channel"])
    table["timestamp"] = START + pd.to_timedelta(table.pop("day") + 0.5, unit="D")
    return read_events(table)
