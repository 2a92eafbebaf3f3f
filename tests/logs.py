"""Event logs and funnels written as a reader would write them on paper."""

import pandas as pd

from insight import Funnel, FunnelTrend, FunnelWorth, read_events
from insight.funnel.value import Value

START = pd.Timestamp("2026-01-01")
# seven customers whose journeys tell the definitions apart; hours
SEVEN = """
    u1 A0 B1 C2
    u2 A0 X0.5 B1 C2
    u3 B0 A1 C2
    u4 A0 B30
    u5 A0 A30 B31 C32
    u6 A0 B1 B2 C3
    u7 A0 B0 C1
"""


def log(text, unit="D"):
    """An event log from lines of `customer event time`, with times counted in `unit` from 1 January 2026.

    A fourth word is the channel ("-" for none).
    """
    rows = [(line.split() + ["-"])[:4] for line in text.strip().splitlines()]
    table = pd.DataFrame(rows, columns=["customer_id", "event", "timestamp", "channel"])
    table["timestamp"] = START + pd.to_timedelta(table["timestamp"].astype(float), unit=unit)
    table["channel"] = table["channel"].where(table["channel"] != "-")
    return read_events(table)


def journeys(text):
    """A log from lines of `customer` and words such as `A0.5`: event and hour."""
    lines = [line.split() for line in text.strip().splitlines()]
    return log("\n".join(f"{own[0]} {word[0]} {word[1:]}" for own in lines for word in own[1:]), unit="h")


def funnel_of(steps, **more):
    """A funnel as if computed: a hand-made `steps` table, usual settings, and what is said otherwise."""
    n = int(steps["reached"].iloc[0])
    usual = {
        "groups": None,
        "times": pd.DataFrame({"step": [], "seconds": [], "n": []}),
        "n_customers": n,
        "n_units": n,
        "customers": None,
        "entered": n,
        "removed": 0,
        "still_open": 0,
        "longest_within": None,
        "left_out": 0,
        "days_beyond": 0,
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
        "exclude": None,
        "unit": "customer",
        "level": 0.95,
    }
    return Funnel(steps=steps, **usual | more)


def trend_of(periods, **more):
    """A trend as if computed: rows of (period, observed, cut, entered, reached, interval, difference with interval)."""
    columns = ["period", "observed", "cut", "entered", "reached", "ci_low", "ci_high"]
    table = pd.DataFrame([[*row[:5], *row[5]] for row in periods], columns=columns)
    full = table["observed"] == "full"
    table.insert(5, "overall_conversion", (table["reached"] / table["entered"]).where(full))
    table[["difference", "difference_low", "difference_high"]] = [row[6] for row in periods]
    steps = pd.DataFrame({"period": table["period"], "step": "purchase", "reached": table["reached"]})
    first = steps.assign(step="visit", reached=table["entered"])
    usual = {
        "goal": "purchase",
        "overall_conversion": table["reached"][full].sum() / max(table["entered"][full].sum(), 1),
        "p_value": float("nan"),
        "n_customers": int(table["entered"].sum()),
        "entered": int(table["entered"].sum()),
        "removed": 0,
        "left_out": 0,
        "days_beyond": 0,
        "data_start": pd.Timestamp("2026-01-01 08:00"),
        "data_end": pd.Timestamp("2026-06-30 17:00"),
        "as_of": "2026-06-30",
        "dates_only": False,
        "within": "7D",
        "period": "week",
        "order": "ordered",
        "exclude": None,
        "start": None,
        "end": None,
        "week_start": "MON",
        "level": 0.95,
    }
    return FunnelTrend(periods=table, steps=pd.concat([first, steps], ignore_index=True), **usual | more)


def worth_of(steps, first, value=None, **more):
    """What a point is worth as if computed: `steps` as lists of the columns, and what is said otherwise."""
    table = pd.DataFrame(steps)
    usual = {
        "n": int(table["before"].iloc[0]),
        "completions": int(table["reached"].iloc[-1]),
        "dates_only": False,
        "left_out": 0,
        "days_beyond": 0,
        "data_start": pd.Timestamp("2026-01-01 08:00"),
        "as_of": "2026-06-30",
        "still_open": 0,
        "within": "7D",
        "order": "ordered",
        "reentry": "best",
        "entries": "mature",
        "start": None,
        "end": None,
        "exclude": None,
        "points": 1.0,
        "level": 0.95,
    }
    return FunnelWorth(steps=table, first=first, value=value or Value(), **usual | more)
