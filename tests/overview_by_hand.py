"""Overviews as if computed: hand-made tables, usual settings, and what is said otherwise."""

import numpy as np
import pandas as pd

from insight.overview.conversion import Conversion
from insight.overview.rate_change import TOLD, RateChange
from insight.overview.rhythm import Rhythm
from insight.overview.sales import Sales
from insight.overview.traffic import Traffic
from insight.periods import WEEKDAYS

NA = float("nan")
MONTHS = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]
USUAL = {
    "groups": None,
    "group_periods": None,
    "n_customers": 4000,
    "at": "2026-03-01",
    "before": "2026-02-01",
    "year_before": None,
    "finished": True,
    "left_out": 0,
    "days_beyond": 0,
    "data_start": pd.Timestamp("2026-01-01 08:00"),
    "as_of": "2026-04-12",
    "dates_only": False,
    "timezone": None,
    "period": "month",
    "by": None,
    "notes": [],
    "week_start": "MON",
    "level": 0.95,
}


def periods_of(values, ends=None, n=None, whole=3, starts=MONTHS):
    """The `periods` of one measure: its values, its intervals and out of how many; the last ones are unfinished."""
    table = pd.DataFrame({"period": starts[: len(values)]})
    table["observed"] = ["full"] * whole + ["partial"] * (len(values) - whole)
    table["cut"] = [""] * whole + ["end"] * (len(values) - whole)
    name, of = n[0] if n else values.name, n
    table[name] = list(values)
    if of:
        table[of[1]] = of[2]
        table[[f"{name}_low", f"{name}_high"]] = ends
    return table


def row(measure, value, ci=(NA, NA), n=0, before=NA, change=(NA, NA, NA), year=(NA, NA, NA, NA)):
    """A row of `measures`."""
    names = ["measure", "value", "ci_low", "ci_high", "n", "previous", "change", "change_low", "change_high"]
    names += ["year_before", "year_change", "year_change_low", "year_change_high"]
    return dict(zip(names, [measure, value, *ci, n, before, *change, *year], strict=True))


def traffic_of(rows, periods=None, **more):
    """A Traffic with these `measures`, the first in front."""
    if periods is None:
        periods = pd.DataFrame({"period": MONTHS, "observed": ["full"] * 3 + ["partial"], "cut": ["", "", "", "end"]})
        periods = periods.assign(visitors=[90, 120, 150, 40], sessions=[100, 140, 160, 44], pages=[300, 400, 480, 90])
        periods = periods.assign(bounces=[40, 50, 48, 20], timed_sessions=[60, 90, 112, 24])
        periods = periods.assign(visit_seconds=[6000, 9000, 13_440, 2400])
    usual = {"session_gap": "30min", "page_events": None, "n_sessions": 444}
    return Traffic(periods=periods, measures=pd.DataFrame(rows), measure=rows[0]["measure"], **USUAL | usual | more)


def sales_of(rows, periods=None, **more):
    """The same of Sales."""
    if periods is None:
        periods = pd.DataFrame({"period": MONTHS, "observed": ["full"] * 3 + ["partial"], "cut": ["", "", "", "end"]})
        periods = periods.assign(orders=[40, 50, 60, 9], sold=[2000.0, 2400.0, 3100.0, 400.0], refunds=[0, 1, 2, 0])
        periods = periods.assign(refunded=[0.0, 20.0, 100.0, 0.0], revenue=[2000.0, 2380.0, 3000.0, 400.0])
        periods = periods.assign(buyers=[30, 35, 50, 9])
    usual = {"n_orders": 159, "n_refunds": 3, "n_free": 0, "currency": "EUR"}
    return Sales(periods=periods, measures=pd.DataFrame(rows), measure=rows[0]["measure"], **USUAL | usual | more)


def conversion_of(rows, **more):
    """The same of Conversion."""
    periods = pd.DataFrame({"period": MONTHS, "observed": ["full"] * 3 + ["partial"], "cut": ["", "", "", "end"]})
    periods = periods.assign(sessions=160, converted_sessions=24, visitors=120, converted_visitors=24)
    periods = periods.assign(new_visitors=80, converted_new=8, per_visitor=0.2, per_visitor_low=0.14)
    periods = periods.assign(per_visitor_high=0.28)
    usual = {"origin": "orders", "n_sessions": 640, "n_buyers": 90, "unmatched": 0, "outside": 0}
    usual |= {"session_gap": "30min", "goal": None, "lead": None}
    measures = pd.DataFrame(rows)
    return Conversion(periods=periods, measures=measures, measure=rows[0]["measure"], **USUAL | usual | more)


def change_of(groups, change=(0.04, 0.01, 0.07), **more):
    """A RateChange: group -> (n before, n, rate before, rate, mix effect, rate effect)."""
    table = pd.DataFrame.from_dict(
        groups, orient="index", columns=["n_before", "n", "rate_before", "rate", "mix_effect", "rate_effect"]
    ).rename_axis("group")
    table = table.reset_index()
    for name in ("n_before", "n"):
        table[name.replace("n", "weight", 1)] = table[name] / table[name].sum()
    table["effect"] = table["mix_effect"] + table["rate_effect"]
    usual = {"rate_before": 0.1, "rate": 0.14, "n_before": int(table["n_before"].sum()), "n": int(table["n"].sum())}
    usual |= dict(zip(("difference", "difference_low", "difference_high"), change, strict=True))
    usual |= {"mix_effect": table["mix_effect"].sum(), "rate_effect": table["rate_effect"].sum()}
    usual |= {"of": "per_session", "kind": "share", "unit": "sessions", "currency": None, "compare": "before"}
    settings = {name: USUAL[name] for name in ("before", *TOLD) if name != "by"}
    return RateChange(effects=table, **settings | {"by": "channel"} | usual | more)


def rhythm_of(values, occurrences=10.0, **more):
    """A Rhythm: {(weekday, hour): what happened there}; in the other hours nothing did."""
    days = more.get("dates_only", False)
    keys = [(day, None) for day in WEEKDAYS] if days else [(day, hour) for day in WEEKDAYS for hour in range(24)]
    cells = pd.DataFrame({"weekday": [day for day, _hour in keys]})
    cells["hour"] = pd.array([pd.NA if hour is None else hour for _day, hour in keys], dtype="Int64")
    cells["value"] = np.array([values.get(key, 0) for key in keys], float)
    cells["occurrences"] = occurrences
    cells["per_occurrence"] = cells["value"] / occurrences
    usual = {"n": int(cells["value"].sum()), "measure": "sessions", "currency": None, "data_start": "2026-01-01"}
    usual |= {"data_end": "2026-03-31", "left_out": 0, "dates_only": False, "timezone": "Europe/Berlin"}
    return Rhythm(cells=cells, **usual | {"start": None, "end": None, "session_gap": "30min"} | more)
