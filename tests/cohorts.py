"""Cohorts as if computed, written as a reader would write them on paper."""

import numpy as np
import pandas as pd

from insight import CohortRevenue, Retention
from insight.retention.peers import RetentionPeers

USUAL = {
    "n_customers": 200,
    "guarded": 0,
    "left_out": 0,
    "days_beyond": 0,
    "data_start": pd.Timestamp("2026-01-01 08:00"),
    "data_end": pd.Timestamp("2026-05-01"),
    "as_of": "2026-04-30",
    "dates_only": False,
    "period": "month",
    "clock": "calendar",
    "cohort": "first",
    "week_start": "MON",
    "guard": None,
    "by": None,
    "level": 0.95,
}
OF_RETENTION = {"kind": "orders", "criterion": "on", "returns": None, "bracket": None}


def cells_of(cohorts, differences=None):
    """Cells of cohorts written as {name: (size, retained by period from 1 on)}; "3?" is partial, None not begun.

    Intervals reach 5 points to either side. differences : {(cohort, period): (difference, low, high)}
    """
    rows = []
    for cohort, (size, back) in cohorts.items():
        for k, written in enumerate([size, *back]):
            partial = isinstance(written, str)
            n = pd.NA if written is None else int(written.removesuffix("?")) if partial else written
            seen = "none" if written is None else "partial" if partial else "full"
            rate = n / size if seen == "full" else np.nan
            change = (differences or {}).get((cohort, k), (np.nan,) * 3)
            limits = (rate - 0.05, rate + 0.05) if k else (np.nan, np.nan)
            rows.append([cohort, k, size, n, rate, *limits, seen, False, *change])
    columns = [
        "cohort",
        "period",
        "n_customers",
        "retained",
        "retention",
        "ci_low",
        "ci_high",
        "observed",
        "still_rising",
    ]
    columns += ["difference", "difference_low", "difference_high"]
    table = pd.DataFrame(rows, columns=columns).astype({"cohort": "str", "observed": "str", "retained": "Int64"})
    return table.assign(ci_low=table["ci_low"].clip(0), ci_high=table["ci_high"].clip(upper=1))


def average_of(cells):
    """Full cells pooled by period."""
    full = cells[cells["observed"] == "full"]
    rows = []
    for k in sorted(cells["period"].unique()):
        own = full[full["period"] == k]
        n, back = int(own["n_customers"].sum()), int(own["retained"].sum())
        rate = back / n if n else np.nan
        limits = (max(rate - 0.02, 0), min(rate + 0.02, 1)) if k and n else (np.nan, np.nan)
        rows.append([k, n, back, rate, *limits, False, own["retention"].mean(), len(own)])
    columns = ["period", "n_customers", "retained", "retention", "ci_low", "ci_high", "still_rising", "simple_mean"]
    return pd.DataFrame(rows, columns=[*columns, "n_cohorts"]).astype({"retained": "Int64"})


def retention_of(cohorts, differences=None, groups=None, criteria=None, **more):
    """A retention as if computed. groups : rows of (group, period, n, retained, difference, low, high)"""
    cells = cells_of(cohorts, differences)
    sizes = [size for size, _back in cohorts.values()]
    table = pd.DataFrame({"cohort": list(cohorts), "n_customers": sizes, "cut": ""}).astype({"cohort": "str"})
    average = average_of(cells)
    if groups is not None:
        columns = ["group", "period", "n_customers", "retained", "difference", "difference_low", "difference_high"]
        groups = pd.DataFrame(groups, columns=columns)
        groups["retention"] = groups["retained"] / groups["n_customers"]
        groups = groups.assign(
            ci_low=groups["retention"] - 0.04, ci_high=groups["retention"] + 0.04, still_rising=False
        )
        more = {"by": "channel", **more}
    named = pd.DataFrame(criteria or [], columns=["criterion", "period", "n_customers", "retained", "retention"])
    tables = {"cells": cells, "average": average, "groups": groups, "group_cells": None, "cohorts": table}
    return Retention(**tables, criteria=named, **USUAL | OF_RETENTION | {"started": sum(sizes)} | more)


def revenue_of(cohorts, payback=None, groups=None, **more):
    """Revenue of cohorts written as {name: (size, [(orders, revenue) by period from 0 on])}; intervals of 10 %."""
    rows = []
    for cohort, (size, periods) in cohorts.items():
        total = 0.0
        for k, (orders, revenue) in enumerate(periods):
            total += revenue / size
            rows.append([cohort, k, size, orders, revenue, 0.0, orders / size, revenue / orders if orders else np.nan,
                         revenue / size, total, 0.9 * total, 1.1 * total, "full"])  # fmt: skip
    columns = ["cohort", "period", "n_customers", "orders", "revenue", "refunds", "orders_per_customer", "aov"]
    columns += ["revenue_per_customer", "cumulative_revenue_per_customer", "ci_low", "ci_high", "observed"]
    cells = pd.DataFrame(rows, columns=columns).astype({"cohort": "str", "orders": "Int64"})
    summed = cells.groupby("period", as_index=False)[["n_customers", "orders", "revenue", "refunds"]].sum()
    each = summed["revenue"] / summed["n_customers"]
    total = each.cumsum()
    average = summed.assign(
        orders=summed["orders"].astype(int), orders_per_customer=summed["orders"] / summed["n_customers"],
        aov=(summed["revenue"] / summed["orders"]).astype(float), revenue_per_customer=each,
        cumulative_revenue_per_customer=total, ci_low=0.9 * total, ci_high=1.1 * total,
    )  # fmt: skip
    sizes = [size for size, _periods in cohorts.values()]
    table = pd.DataFrame({"cohort": list(cohorts), "n_customers": sizes, "cut": ""}).astype({"cohort": "str"})
    usual = {"currency": "EUR", "without_purchase": 0, "before_start": 0, "started": sum(sizes)}
    usual |= {"payback": payback, "margin": payback and payback.margin}
    usual["acquisition_cost"] = payback and payback.acquisition_cost
    return CohortRevenue(cells=cells, average=average, groups=groups, cohorts=table, **USUAL | usual | more)


def peers_of(rows, ours=None, at=1):
    """Ways to count as if computed: rows of (tool, changed, settings, n, retained)."""
    table = pd.DataFrame(rows, columns=["tool", "changed", "settings", "n_customers", "retained"])
    table = table.astype({"n_customers": "Int64", "retained": "Int64"})
    rates = (table["retained"] / table["n_customers"]).astype(float)
    table = table.assign(retention=rates, ci_low=rates - 0.04, ci_high=rates + 0.04, difference=rates - rates[0])
    table = table.assign(source="", note="")
    return RetentionPeers(tools=table, ours=ours or retention_of({"2026-01-01": (100, [25])}), at=at)
