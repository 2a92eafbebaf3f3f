"""The tables of what cohorts bring in, made of a tally: small, once."""

import numpy as np
import pandas as pd

from insight.retention.counts import FULL, NONE, observed_periods
from insight.retention.jackknife import jackknife
from insight.retention.revenue_tally import PARTS, RevenueTally, total
from insight.retention.settings import Settings
from insight.retention.tables import OBSERVED, flat_table

GROUP, COHORT, PERIOD, PART = range(4)  # columns of the places of sums
FEWEST = 10  # customers: of fewer, the parts that are left out say too little about how far the mean is off


def revenue_observed(tally: RevenueTally, settings: Settings) -> np.ndarray:
    """How far each cell (cohort, period) is observed; in period 0 a cohort may still be forming."""
    return observed_periods(tally.oldest.min(axis=0), tally.youngest.max(axis=0), settings)


def revenue_cells(tally: RevenueTally, settings: Settings, unit: float) -> pd.DataFrame:
    """The `cells` table. `unit` : minor units in one unit of the currency."""
    size = tally.size.sum(axis=0)
    seen = revenue_observed(tally, settings)
    there = np.flatnonzero(size.sum(axis=1))
    shown = np.flatnonzero((seen[there] > NONE).any(axis=0))
    shape = (len(settings.days), settings.n_periods, PARTS)
    everything = np.ones(len(tally.sums.orders), bool)
    found = {
        name: _laid_out(tally, name, [COHORT, PERIOD, PART], shape, everything)[there][:, shown]
        for name in ("orders", "revenue", "refunds")
    }
    seen, n = seen[there][:, shown], np.broadcast_to(size[there][:, None, :], found["orders"].shape)
    columns = _columns(found, n, unit, settings, known=seen == FULL)
    for name in ("orders", "revenue", "refunds"):
        columns[name] = np.where(seen > NONE, columns[name], np.nan)
    columns["orders"] = pd.arrays.IntegerArray(found["orders"].sum(axis=-1).ravel(), (seen == NONE).ravel())
    index = {
        "cohort": np.repeat(np.array(settings.days, object)[there], len(shown)),
        "period": np.tile(shown, len(there)),
    }
    return flat_table(index | columns | {"observed": OBSERVED[seen]})


def revenue_average(tally: RevenueTally, settings: Settings, unit: float, *, grouped: bool = False) -> pd.DataFrame:
    """The `average` table: all full cells together; where `grouped`, the `groups` table."""
    full = revenue_observed(tally, settings) == FULL
    begun = (revenue_observed(tally, settings) > NONE)[tally.size.sum(axis=(0, 2)) > 0]
    shown = np.flatnonzero(begun.any(axis=0))
    shape = (len(tally.groups), settings.n_periods, PARTS)
    place = tally.sums.place
    counted = full[place[:, COHORT], place[:, PERIOD]]
    axes = [GROUP, PERIOD, PART]
    found = {name: _laid_out(tally, name, axes, shape, counted) for name in ("orders", "revenue", "refunds")}
    n = np.einsum("gcp,ck->gkp", tally.size, full)
    if not grouped:
        found, n = {name: own.sum(axis=0, keepdims=True) for name, own in found.items()}, n.sum(axis=0, keepdims=True)
    columns = _columns({name: own[:, shown] for name, own in found.items()}, n[:, shown], unit, settings)
    columns["orders"] = columns["orders"].astype(np.int64)
    index = {"group": np.repeat(np.array(tally.groups, object), len(shown))} if grouped else {}
    return flat_table(index | {"period": np.tile(shown, len(n))} | columns)


def _columns(
    found: dict, n: np.ndarray, unit: float, settings: Settings, known: object = True
) -> dict[str, np.ndarray]:
    """What every table says, from sums by part, the last axis; `known` : where it may be said per customer."""
    everyone = n.sum(axis=-1)
    orders, revenue, refunds = (found[name].sum(axis=-1) for name in ("orders", "revenue", "refunds"))
    with np.errstate(invalid="ignore", divide="ignore"):
        per_customer = np.where(known, revenue / everyone / unit, np.nan)
        rest = everyone[..., None] - n
        without = np.cumsum((revenue[..., None] - found["revenue"]) / rest / unit, axis=-2)
        per_order = np.where(known, (revenue + refunds) / orders / unit, np.nan)
        orders_per_customer = np.where(known, orders / everyone, np.nan)
    cumulative = np.cumsum(per_customer, axis=-1)
    enough = everyone >= FEWEST
    low, high = (np.where(enough, end, np.nan) for end in jackknife(cumulative, without, settings.asked["level"]))
    return {
        "n_customers": everyone,
        "orders": orders,
        "revenue": revenue / unit,
        "refunds": refunds / unit,
        "orders_per_customer": orders_per_customer,
        "aov": per_order,
        "revenue_per_customer": per_customer,
        "cumulative_revenue_per_customer": cumulative,
        "ci_low": low,
        "ci_high": high,
    }


def _laid_out(tally: RevenueTally, name: str, axes: list[int], shape: tuple, wanted: np.ndarray) -> np.ndarray:
    """Some of the sums by these numbers of their places."""
    entry = np.ravel_multi_index(tuple(tally.sums.place[wanted][:, axes].T), shape)
    return total(getattr(tally.sums, name)[wanted], entry, int(np.prod(shape))).reshape(shape)
