"""Event logs written as a reader would write them on paper."""

import pandas as pd

from insight import read_events

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
