"""Results of the journeys package as if computed: whole paths written down, everything else added up from them."""

from itertools import pairwise

import numpy as np
import pandas as pd

from insight.intervals import newcombe
from insight.journeys import ARRIVED, END, MORE, SPECIAL, START, Paths, TimeToEvent, Transitions
from insight.survival import kaplan_meier, log_rank, quantile_time

SHOP = {"visit": 50, "visit > view": 20, "visit > view > cart": 20, "visit > view > cart > buy": 10}
KEYS = {"flow": ["position", "source", "target"], "node": ["position", "event"], "path": ["path"]}
QUANTILES = {"median": 0.5, "p25": 0.25, "p75": 0.75, "p90": 0.9}
SUMS = ["n", "n_first", "n_second"]


def data(**more):
    """What every result says about its data."""
    usual = {
        "left_out": 0, "days_beyond": 0, "data_start": pd.Timestamp("2026-01-01 08:00"),
        "data_end": pd.Timestamp("2026-07-01"), "as_of": "2026-06-30", "dates_only": False, "start": None, "end": None,
        "clean": None,
    }  # fmt: skip
    return usual | more


def paths_by_hand(ways=SHOP, *, depth=5, top=8, after=None, before=None, groups=None, repeated=None, **more):
    """Paths as if computed.

    ways : whole path -> units, or (units of the first group, units of the second)
    repeated : event -> rows that a unit has of it in a row
    """
    both = {path: n if isinstance(n, tuple) else (n, 0) for path, n in ways.items()}
    walks = _walks(both, depth, after, before, top)
    sizes = tuple(int(walks[name].sum()) for name in SUMS[1:])
    tables = {"flow": _flows(walks), "node": _nodes(walks, repeated or {}), "path": _whole(both, depth, repeated or {})}
    for table in tables.values():
        table["share"] = table["n"] / max(sum(sizes), 1)
    usual = {
        "groups": groups, "group_sizes": sizes if groups else None, "n_units": sum(sizes), "n_customers": sum(sizes),
        "n_paths": len(both), "without_anchor": 0, "never_arrived": 0, "still_open": None, "tied": 0, "hidden": 0,
        **data(), "in_sequence": False, "depth": depth, "unit": "customer", "session_gap": "30min", "after": after,
        "before": before, "within": None, "collapse_repeats": True, "top": top, "least_share": 0.0, "top_paths": 1000,
        "by": "device" if groups else None, "level": 0.95,
    }  # fmt: skip
    usual |= {f"{name}s": table.drop(columns=SUMS[1:]) for name, table in tables.items()}
    compared = {name: _compared(table, KEYS[name], sizes) if groups else None for name, table in tables.items()}
    usual |= {f"{name}_differences": table for name, table in compared.items()}
    return Paths(steps=_nodes(_walks(both, depth, after, before, 99), {})[[*KEYS["node"], "n"]], **usual | more)


def _walks(both, depth, after, before, top):
    """One row a path: the node in each column, and how many units go that way."""
    walks = pd.DataFrame([_way(path.split(" > "), depth, after, before) for path in both])
    walks.columns = range(-depth, 1) if before and not after else range(depth + 1)
    walks[SUMS[1:]] = list(both.values())
    walks["n"] = walks["n_first"] + walks["n_second"]
    for position in walks.columns[: depth + 1]:
        kinds = walks.groupby(position)["n"].sum().drop(list(SPECIAL), errors="ignore")
        rest = kinds.sort_values(ascending=False, kind="stable").index[top:]
        if len(rest) > 1:
            walks[position] = walks[position].where(~walks[position].isin(rest), f"Other ({len(rest)} kinds)")
    return walks


def _way(events, depth, after, before):
    if before and not after:
        return [START] * (depth + 1 - len(events)) + events
    if before:
        kept = [*events[: depth - 1], MORE, events[-1]] if len(events) > depth + 1 else events
        return kept + [ARRIVED] * (depth + 1 - len(kept))
    whole = events if after else [START, *events]
    return whole + [END] * (depth + 1 - len(whole))


def _nodes(walks, repeated):
    positions = [name for name in walks.columns if isinstance(name, int)]
    columns = [walks.groupby(at)[SUMS].sum().rename_axis("event").reset_index().assign(position=at) for at in positions]
    nodes = pd.concat(columns, ignore_index=True)
    special, other = nodes["event"].isin(SPECIAL), nodes["event"].str.startswith("Other (")
    times = nodes["event"].map(repeated).fillna(1.0).where(~special, 0)
    nodes["rows"], nodes["repeated"] = (nodes["n"] * times).astype(int), nodes["n"].where(times > 1, 0) // 2
    nodes["is_event"], nodes["last"] = ~special & ~other, np.select([special, other], [2, 1], 0)
    order = ["position", "last", "n"]
    return nodes.sort_values(order, ascending=[True, True, False], kind="stable", ignore_index=True).drop(
        columns="last"
    )


def _flows(walks):
    positions = [name for name in walks.columns if isinstance(name, int)]
    columns = [
        walks.groupby([at, at + 1])[SUMS].sum().rename_axis(["source", "target"]).reset_index().assign(position=at)
        for at in positions[:-1]
    ]
    flows = pd.concat(columns, ignore_index=True)
    flows["source_share"] = flows["n"] / flows.groupby(["position", "source"])["n"].transform("sum")
    return flows.sort_values(["position", "n"], ascending=[True, False], kind="stable", ignore_index=True)


def _whole(both, depth, repeated):
    table = pd.DataFrame({"path": list(both), "events": [path.split(" > ") for path in both]})
    table[SUMS[1:]] = list(both.values())
    table["n"], table["steps"] = table["n_first"] + table["n_second"], table["events"].map(len)
    table["ended"] = table["steps"] < depth
    table["loops"] = [[repeated.get(event, 1.0) for event in events] for events in table["events"]]
    return table.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def _compared(table, keys, sizes):
    first, second = table["n_first"], table["n_second"]
    difference, low, high = newcombe(first, sizes[0], second, sizes[1])
    found = table[[*keys, "n_first", "n_second"]].assign(share_first=first / sizes[0], share_second=second / sizes[1])
    return found.assign(difference=difference, ci_low=low, ci_high=high)


def transitions_by_hand(ways, *, between=" ", unit="session", **more):
    """Transitions as if computed. `ways` : events of a session, in order -> sessions, each of a customer of its own."""
    pairs, kinds = {}, {}
    for way, n in ways.items():
        events = way.split(between)
        steps = list(pairwise([START, *events, END]))
        for found, own in ((pairs, steps), (kinds, events)):
            for one in dict.fromkeys(own):
                count, customers = found.get(one, (0, 0))
                found[one] = (count + n * own.count(one), customers + n)
    n_units = sum(ways.values())
    counts = pd.DataFrame(
        [(*pair, *numbers) for pair, numbers in pairs.items()], columns=["from_event", "to_event", "count", "customers"]
    )
    counts["units"] = counts["customers"]
    counts["share"] = counts["count"] / counts.groupby("from_event")["count"].transform("sum")
    table = pd.DataFrame(
        [(event, *numbers) for event, numbers in kinds.items()], columns=["event", "count", "customers"]
    )
    order = {"by": "count", "ascending": False, "kind": "stable", "ignore_index": True}
    usual = {
        "n_units": n_units, "n_customers": n_units, "tied": 0, "hidden": 0, "still_open": None, **data(),
        "in_sequence": False, "session_gap": "30min", "collapse_repeats": True, "unit": unit,
    }  # fmt: skip
    unused = ("start", "end")
    kept = {name: value for name, value in (usual | more).items() if name not in unused}
    return Transitions(
        counts=counts.sort_values(**order),
        kinds=table.assign(rows=table["count"], units=table["customers"]).sort_values(**order),
        **kept,
    )


def times_by_hand(waits, *, origin="visit", target="buy", level=0.95, **more):
    """Times to an event as if computed. `waits` : group -> seconds of each customer, and whether they arrived."""
    curves, groups, marks = [], [], []
    for group, (seconds, arrived) in waits.items():
        curve = kaplan_meier(seconds, arrived, level=level).rename(columns={"time": "seconds", "events": "arrived"})
        curve["arrived_share"] = 1 - curve["survival"]
        curve["ci_low"], curve["ci_high"] = 1 - curve["ci_high"], 1 - curve["ci_low"]
        curve["enough"] = (curve["at_risk"] >= 10) | (curve["censored"].cumsum().shift(fill_value=0) == 0)
        read = curve[curve["enough"]]
        named = read.rename(columns={"seconds": "time"})
        quantiles = {f"{name}_seconds": quantile_time(named, q) for name, q in QUANTILES.items()}
        n, there = len(seconds), int(np.sum(arrived))
        groups.append({"group": group, "n": n, "arrived": there, "censored": n - there, **quantiles})
        for within, length in {"1h": 3600, "1D": 86_400}.items():
            row = read[read["seconds"] <= length].tail(1)
            known = len(row) and (curve["seconds"] >= length).any()
            values = row[["arrived_share", "ci_low", "ci_high"]].iloc[0].tolist() if known else [np.nan] * 3
            at_risk = int((np.array(seconds) >= length).sum())
            marks.append([group, within, length, at_risk, *values])
        curves.append(curve.assign(group=group).drop(columns="survival"))
    all_waits = [(wait, seen, group) for group, own in waits.items() for wait, seen in zip(*own, strict=True)]
    test = log_rank(*zip(*all_waits, strict=True)) if len(waits) > 1 else (np.nan, 0, np.nan)
    columns = ["group", "within", "seconds", "at_risk", "arrived_share", "ci_low", "ci_high"]
    entered = sum(len(own[0]) for own in waits.values())
    usual = {
        "entered": entered, "arrived": sum(row["arrived"] for row in groups), "n_customers": entered, **data(),
        "origin": origin, "target": target, "by": "channel" if len(waits) > 1 else None, "horizons": None,
        "level": level,
        "statistic": test[0], "degrees_of_freedom": test[1], "p_value": test[2],
    }  # fmt: skip
    return TimeToEvent(
        curve=pd.concat(curves, ignore_index=True), groups=pd.DataFrame(groups),
        marks=pd.DataFrame(marks, columns=columns), **usual | more,
    )  # fmt: skip
