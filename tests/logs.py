"""Event logs and funnels written as a reader would write them on paper."""

import pandas as pd

from insight import Funnel, read_events

START = pd.Timestamp("2026-01-01")


def log(text, unit="D"):
    """An event log from lines of `customer event time`, with times counted in `unit` from 1 January 2026.

    A fourth word is the channel ("-" for none).
    """
    rows = [(line.split() + ["-"])[:4] for line in text.strip().splitlines()]
    table = pd.DataFrame(rows, columns=["customer_id", "event", "timestamp", "channel"])
    table["timestamp"] = START + pd.to_timedelta(table["timestamp"].astype(float), unit=unit)
    table["channel"] = table["channel"].where(table["channel"] != "-")
    return read_events(table)


def funnel_of(steps, **more):
    """A funnel as if computed: a hand-made `steps` table, usual settings, and what is said otherwise."""
    n = int(steps["reached"].iloc[0])
    usual = {
        "groups": None,
        "times": pd.DataFrame({"step": [], "seconds": [], "n": []}),
        "n_customers": n,
        "entered": n,
        "still_open": 0,
        "longest_within": None,
        "left_out": 0,
        "data_start": pd.Timestamp("2026-01-01 08:00"),
        "data_end": pd.Timestamp("2026-06-30 17:00"),
        "as_of": "2026-06-30",
        "dates_only": False,
        "within": "7D",
        "order": "ordered",
        "reentry": "best",
        "entries": "mature",
        "by": None,
        "start": None,
        "end": None,
        "level": 0.95,
    }
    return Funnel(steps=steps, **usual | more)
