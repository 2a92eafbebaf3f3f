"""The settings of clusters, read once."""

from dataclasses import dataclass

import pandas as pd

from insight.clusters.known import MEASURES, known_customers, names_of
from insight.clusters.scaling import MOST_VALUES, read_logged
from insight.errors import InsightError, UnknownValue
from insight.tables.activity import activity

MOST_WANTED = 12  # clusters that may be asked for
MOST_FEATURES = 20
MOSTLY_KNOWN = 0.8  # share of the customers of whom a column must say something, to be compared where nobody chooses
COMMON_KINDS = 4  # of events, that are features where nobody chooses
ONE_TIME = ("apart", "together")
USUAL_OF_ORDERS = ("days_since_last", "orders", "revenue")


@dataclass(frozen=True)
class Settings:
    """The settings of `clusters`, checked.

    k : clusters asked for, None for "auto"
    logged : features whose logs are taken, None by rule
    apart : whether those who bought once, or came on one day only, are a group of their own
    """

    features: tuple[str, ...]
    k: int | None
    seed: int
    logged: tuple[str, ...] | None
    apart: bool
    as_of: str | None


def read_settings(table: object, kind: str, given: dict[str, object]) -> Settings:
    """The settings of `clusters`, as its keyword arguments, checked against a table of this kind.

    Raises UnknownValue for what does not exist, InsightError for what is not possible.
    """
    features = _features(given["features"], table, kind)
    k, seed = given["k"], given["seed"]
    if k != "auto" and (type(k) is not int or not 2 <= k <= MOST_WANTED):
        raise InsightError(f'k = {k!r} is not possible: a number of clusters from 2 to {MOST_WANTED}, or "auto".')
    if type(seed) is not int or seed < 0:
        raise InsightError(f"seed = {seed!r} is not possible: a whole number from 0 up.")
    if given["one_time"] not in ONE_TIME:
        raise UnknownValue("one_time", given["one_time"], ONE_TIME)
    logged = read_logged(given["logged"], list(features))
    return Settings(
        features=features,
        k=None if k == "auto" else k,
        seed=seed,
        logged=None if logged is None else tuple(logged),
        apart=given["one_time"] == "apart" and kind in MEASURES,
        as_of=given["as_of"],
    )


def _features(written: object, table: object, kind: str) -> tuple[str, ...]:
    if written is None:
        return tuple(usual_features(table, kind))
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list | tuple) or not names:
        raise InsightError(f'features is a list of names such as ["orders", "revenue"], or None; not {written!r}.')
    allowed = names_of(table, kind)
    for name in names:
        if name not in allowed:
            raise UnknownValue("features", name, allowed)
    if len(names) > MOST_FEATURES:
        raise InsightError(f"Give {MOST_FEATURES} features at most: with more of them all customers are alike.")
    return tuple(dict.fromkeys(names))


def usual_features(table: object, kind: str) -> list[str]:
    """What customers are compared by where nobody says.

    Of orders recency, frequency and revenue; of events recency, days and how often the commonest kinds happened; of
    customers all numbers of more than two values, and where there is one at most what has few values, too; of these
    columns those that say something of four customers in five, for whoever lacks a value is left out.
    """
    if kind == "orders":
        return list(USUAL_OF_ORDERS)
    if kind == "events":
        kinds = activity(table).kinds
        return ["days_since_last", "active_days", *sorted(kinds, key=lambda kind: (-kinds[kind], kind))[:COMMON_KINDS]]
    known = known_customers(table, kind, names_of(table, kind)).frame.drop(columns="customer_id")
    known = known[[name for name in known if known[name].notna().mean() >= MOSTLY_KNOWN]]
    numbers = [name for name in known if pd.api.types.is_numeric_dtype(known[name]) and known[name].nunique() > 2]
    texts = [name for name in known if name not in numbers and 1 < known[name].nunique() <= MOST_VALUES]
    found = (numbers if len(numbers) > 1 else numbers + texts)[:MOST_FEATURES]
    if not found:
        raise InsightError("No column says something different of different customers: nothing to compare them by.")
    return found
