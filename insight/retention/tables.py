"""The tables of a retention analysis, made of counts: small, once."""

import numpy as np
import pandas as pd

from insight.intervals import newcombe, wilson
from insight.retention.counts import FULL, NONE, PARTIAL, Counts
from insight.retention.settings import Settings

OBSERVED = np.array(["none", "partial", "full"], dtype=object)
CHANGES = ("difference", "difference_low", "difference_high")
OF_AVERAGE = ("simple_mean", "n_cohorts")


def cells_table(counts: Counts, settings: Settings) -> pd.DataFrame:
    """The `cells` table: one row a cohort and period, all groups together, against all other cohorts."""
    own = counts.together
    shape = own.observed.shape
    size, came_back = np.broadcast_to(own.size[0][:, None], shape), own.retained[0]
    full = own.observed == FULL
    everyone = (np.where(full, values, 0).sum(axis=0) for values in (came_back, size))
    columns = _cells(came_back, size, own.observed, own, settings, *everyone, comparable=is_fair(settings))
    columns["still_rising"] = own.rising
    index = {"cohort": np.repeat(own.days, shape[1]), "period": np.tile(own.shown, shape[0])}
    return flat_table(index | columns)


def group_cells_table(counts: Counts, settings: Settings) -> pd.DataFrame:
    """The `group_cells` table: each group in each cohort, against all others of that cohort."""
    shape = counts.retained.shape
    size, seen = np.broadcast_to(counts.size[:, :, None], shape), np.broadcast_to(counts.observed, shape)
    everyone = counts.retained.sum(axis=0), size.sum(axis=0)
    index = pd.MultiIndex.from_product([counts.groups, counts.days, counts.shown], names=["group", "cohort", "period"])
    index = {name: index.get_level_values(name) for name in index.names}
    return flat_table(index | _cells(counts.retained, size, seen, counts, settings, *everyone, comparable=True))


def _cells(
    came_back, size, seen, counts: Counts, settings: Settings, all_back, everyone, *, comparable: bool
) -> dict[str, object]:
    """What every table of cells says. `all_back` of `everyone` were retained, those of the cell itself among them."""
    full = seen == FULL
    rate, low, high = _rates(came_back, np.where(full, size, 0), counts.shown, settings)
    known = full & (counts.shown > 0) & comparable
    change = _differences(came_back, size, all_back, everyone, known, settings)
    return {
        "n_customers": size,
        "retained": pd.arrays.IntegerArray(came_back.ravel(), (seen == NONE).ravel()),
        "retention": rate,
        "ci_low": low,
        "ci_high": high,
        "observed": OBSERVED[seen],
        **change,
    }


def average_table(counts: Counts, settings: Settings) -> pd.DataFrame:
    """The `average` table: all groups and all full cells together."""
    return flat_table(pooled(counts.together, settings))


def groups_table(counts: Counts, settings: Settings) -> pd.DataFrame:
    """The `groups` table: for each group the pooled rates, and the difference to all other groups together."""
    found = {name: values for name, values in pooled(counts, settings).items() if name not in OF_AVERAGE}
    return flat_table(
        {"group": np.repeat(counts.groups, len(counts.shown))} | found | _against_the_rest(counts, settings)
    )


def value_cells(counts: Counts, settings: Settings) -> pd.DataFrame:
    """The `cells` table where the cohorts are the values of a column: of each the pooled rates of its customers.

    At each period only those customers count whose period is over, so there are fewer of them the later it is.
    """
    found = pooled(counts, settings)
    begun = ((counts.size[:, :, None] > 0) & (counts.observed > NONE)).any(axis=1)
    seen = np.select([found["n_customers"] > 0, begun], [FULL, PARTIAL], NONE)
    counted = {name: found[name] for name in ("period", "n_customers", "retained", "retention", "ci_low", "ci_high")}
    counted["retained"] = pd.arrays.IntegerArray(found["retained"].ravel(), (seen != FULL).ravel())
    index = {"cohort": np.repeat(counts.groups, len(counts.shown))}
    rest = {"observed": OBSERVED[seen], "still_rising": found["still_rising"]}
    return flat_table(index | counted | rest | _against_the_rest(counts, settings))


def pooled(counts: Counts, settings: Settings) -> dict[str, np.ndarray]:
    """Of each group the customers of all cohorts whose cell is full, by period: arrays (groups, periods)."""
    full = counts.observed == FULL
    size = np.where(full, counts.size[:, :, None], 0)
    came_back = np.where(full, counts.retained, 0)
    n, retained, there = size.sum(axis=1), came_back.sum(axis=1), (size > 0).sum(axis=1)
    rate, low, high = _rates(retained, n, counts.shown, settings)
    if settings.recurring:  # the same customers stand in several cohorts: fewer independent ones than are counted
        low, high = np.full(n.shape, np.nan), np.full(n.shape, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        simple = np.where(size > 0, came_back / size, 0).sum(axis=1) / there
    return {
        "period": np.broadcast_to(counts.shown, n.shape),
        "n_customers": n,
        "retained": retained,
        "retention": rate,
        "ci_low": low,
        "ci_high": high,
        "still_rising": (counts.rising & (size > 0)).any(axis=1),
        "simple_mean": simple,
        "n_cohorts": there,
    }


def cohorts_table(size: np.ndarray, groups: list[str], settings: Settings) -> pd.DataFrame:
    """The `cohorts` table: one row a cohort. `size` : customers by group and cohort."""
    if settings.by_value:
        n = size.sum(axis=1)
        return flat_table({"cohort": np.array(groups, object), "n_customers": n, "cut": np.full(len(n), "", object)})
    opens = settings.first_day if settings.opens is None else settings.opens
    early, late = settings.begins[:-1] < opens, settings.begins[1:] > settings.observed
    cut = np.select([early & late, early, late], ["both", "start", "end"], "")
    n = size.sum(axis=0)
    there = n > 0
    return flat_table({"cohort": np.array(settings.days, object)[there], "n_customers": n[there], "cut": cut[there]})


def _against_the_rest(counts: Counts, settings: Settings) -> dict[str, np.ndarray]:
    """Of each group and period the difference to all other groups together, with its interval."""
    full = counts.observed == FULL
    size = np.where(full, counts.size[:, :, None], 0).sum(axis=1)
    came_back = np.where(full, counts.retained, 0).sum(axis=1)
    known = np.broadcast_to(counts.shown > 0, size.shape) & is_fair(settings)
    return _differences(came_back, size, came_back.sum(axis=0), size.sum(axis=0), known, settings)


def is_fair(settings: Settings) -> bool:
    """Whether cohorts can be compared with each other.

    They cannot where the same customers stand on both sides, or where those who came earlier have had more time.
    """
    return not settings.recurring and settings.asked["criterion"] != "on_or_after"


def _differences(came_back, size, all_back, everyone, known: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """A rate minus that of everyone else, with Newcombe's interval; NA where `known` is False."""
    counts = (np.where(known, own, 0) for own in (came_back, size, all_back - came_back, everyone - size))
    return dict(zip(CHANGES, newcombe(*counts, settings.asked["level"]), strict=True))


def _rates(part: np.ndarray, n: np.ndarray, shown: np.ndarray, settings: Settings) -> tuple[np.ndarray, ...]:
    """The rates and their intervals, which period 0 has not: there the rate is 1 by definition."""
    part = np.where(n > 0, part, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = part / n
    low, high = wilson(part, n, settings.asked["level"])
    return rate, np.where(shown > 0, low, np.nan), np.where(shown > 0, high, np.nan)


def flat_table(columns: dict[str, object]) -> pd.DataFrame:
    """The columns side by side; texts as texts, counts that are always known as plain integers."""
    flat = {name: values if getattr(values, "ndim", 1) == 1 else values.ravel() for name, values in columns.items()}
    texts = [name for name, values in flat.items() if values.dtype.kind in "OU"]
    return pd.DataFrame(flat | {name: pd.array(np.asarray(flat[name], object), dtype="str") for name in texts})
