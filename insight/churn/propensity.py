"""Propensity: who is likely to come back, tested where the answer was not known yet."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.churn import with_activity
from insight.churn.features import Snapshot, joined, read_features, snapshots
from insight.churn.settings import Settings, read_settings
from insight.churn.trial import LEAK, TOP_SHARE, decile_table, trial
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.log import Facts, Log
from insight.tables.table import counted

__all__ = ["LEAK", "TOP_SHARE", "Propensity", "propensity"]

MODELS = ("auto", "logistic", "boosting")
FEWEST_CUSTOMERS, FEWEST_OUTCOMES = 100, 30  # on each of the two days; of either outcome


@dataclass(frozen=True, eq=False)
class Propensity:
    """Result of :func:`propensity`.

    deciles : the customers known on the test day in ten parts by their chance, the highest first
        decile           int    1 is the tenth with the highest chances
        n_customers      int    customers in it
        predicted        float  their mean chance
        came_back        int    of them those who came back in time
        observed_share   float  came_back / n_customers
        ci_low, ci_high  float  its Wilson interval
        lift             float  observed_share / the share of all
        captured_share   float  of all who came back, those in this and the higher deciles
    models : the same test for every model tried, and for the rule that only asks how long ago the last activity is
        model            str    logistic, boosting, recency
        auc              float  chance that who came back was ranked above who did not
        brier            float  mean squared error of the chances (NA for the rule, which gives none)
        base_brier       float  the same, had everyone been given the share of the test
        slope, intercept float  calibration: 1 and 0 are right; a slope below 1 says that chances are too extreme
        lift_top         float  lift of the tenth with the highest chances
        is_chosen        bool   the model that is used
    customers : everyone known on the last day, by customer_id
        customer_id, active_days, days_silent, days_since_first, and other `features` asked for; revenue in the
            currency of the orders, refunds taken off
        chance           float  to come back within the horizon, moved to the latest known share
    model : the chosen one; auc, brier, base_brier, slope, intercept, lift_top : its row
    is_leaking : its AUC is above .95
    n_fit, fit_rate : customers it was fitted on, and their share that came back
    n_test, test_rate, predicted_rate : customers it was tested on, their share, and the mean of their chances
    n_customers, expected : customers scored now, and the sum of their chances
    fit_day, test_day, as_of : the days on which features were taken; outcomes lie in the days after
    horizon_days : how many days
    left_out : rows after `as_of`; days_beyond : days from the last row's to `as_of`
    feature_names : what the model looks at; kind : "orders" or "events"
    horizon, origin, features, activity, level : the settings, as given; model_asked : the setting `model`
    """

    deciles: pd.DataFrame
    models: pd.DataFrame
    customers: pd.DataFrame
    model: str
    auc: float
    brier: float
    base_brier: float
    slope: float
    intercept: float
    lift_top: float
    is_leaking: bool
    n_fit: int
    fit_rate: float
    n_test: int
    test_rate: float
    predicted_rate: float
    n_customers: int
    expected: float
    fit_day: str
    test_day: str
    as_of: str
    horizon_days: int
    left_out: int
    days_beyond: int
    feature_names: list[str]
    kind: str
    horizon: str | None
    origin: str | None
    features: str | list
    activity: str | list | None
    level: float
    model_asked: str


def propensity(
    table,
    *,
    horizon: str | None = None,
    origin: str | None = None,
    features: str | list = "few",
    model: str = "auto",
    activity: list | str | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> Propensity:
    r"""Each customer's chance to come back within a horizon, and how such chances did when they were tested.

    On an early day T the features of everyone known by then are taken, and the outcome in the H days after it; a model
    is fitted. On a later day, at least H days on, its chances are compared with what then happened. Features never
    look past their day, so the test is as blind as the future is. The default model is

    .. math:: \log\frac{p}{1 - p} = \beta_0 + \beta_1 \log x + \beta_2 \log(1 + d)

    with x active days so far and d days since the last. The chances now are those of the tested model, all moved by
    one constant on the log-odds so that their share is that of the latest complete horizon.

    table : Orders (a purchase is activity) or EventLog (any event, or those of `activity`)
    horizon : H, in whole days ("90D"); None for about a quarter of the data, at most 90 days
    origin : the early day; None for two horizons before the end
    features : "few", "all", or a list of "active_days", "days_silent", "days_since_first", "events", "revenue"
        (orders) and columns of the file, as they stand in the row of the last activity
    model : "auto" - boosting only where it is clearly better in the test; "logistic"; "boosting"
    as_of : last complete day; level : of the intervals

    Raises NotEnoughData where fewer than 100 customers are known on either day, or fewer than 30 came back or stayed
    away after it; UnknownValue, InsightError for settings that are not possible; InsightError for `revenue` in several
    currencies.
    Source: Brier 1950, Monthly Weather Review 78:1; Cox 1958, Biometrika 45:562, for the calibration.

    >>> from insight import sample
    >>> result = propensity(sample("cdnow_orders"), horizon="91D", as_of="1998-03-31")
    >>> print(result.model, result.fit_day, result.test_day, f"{result.auc:.2f} {result.lift_top:.1f}")
    logistic 1997-09-30 1997-12-30 0.80 3.6
    """
    found = counted(table, "propensity", "events", "orders")
    if model not in MODELS:
        raise UnknownValue("model", model, MODELS)
    facts, has_amounts = found.facts, found.kind == "orders"
    shared = {"horizon": horizon, "activity": with_activity(found.kind, activity), "as_of": as_of, "level": level}
    asked = read_settings(shared, facts)
    days, names = _days(asked, origin), read_features(features, facts.columns, has_amounts=has_amounts)
    count = partial(propensity_tally, facts=facts, settings=shared, days=days, names=names, has_amounts=has_amounts)
    of_money = has_amounts and "revenue" in names
    if of_money:
        facts.one_currency()
    own = tuple(name for name in names if name in facts.columns)
    tally = found.tally(count, merged, columns=own)
    early, late, now = (one.sorted() for one in tally.snapshots)
    for one, day in ((early, days[0]), (late, days[1])):
        _check_enough(one, asked.days[day], asked.horizon)
    tested = trial(early, late, names, model)
    best = tested.models.set_index("model").loc[tested.chosen]
    chance = tested.chance_of(now)
    return Propensity(
        deciles=decile_table(tested.chance, late, level),
        models=tested.models,
        customers=_customers(now, chance, facts.decimals if of_money else None),
        model=tested.chosen,
        **{name: float(best[name]) for name in ("auc", "brier", "base_brier", "slope", "intercept", "lift_top")},
        is_leaking=bool(best["auc"] > LEAK),
        n_fit=len(early.who),
        fit_rate=float(early.returned.mean()),
        n_test=len(late.who),
        test_rate=float(late.returned.mean()),
        predicted_rate=float(tested.chance.mean()),
        n_customers=len(now.who),
        expected=float(chance.sum()),
        **dict(zip(("fit_day", "test_day", "as_of"), (asked.days[day] for day in days), strict=True)),
        horizon_days=asked.horizon,
        left_out=tally.left_out,
        days_beyond=facts.days_beyond(as_of),
        feature_names=list(names),
        kind=found.kind,
        horizon=horizon,
        origin=origin,
        features=features,
        activity=activity,
        level=level,
        model_asked=model,
    )


@dataclass(frozen=True, eq=False)
class Tally:
    """The customers as they were known on the days of fit, of test and of now; and the rows after the last day."""

    snapshots: list[Snapshot]
    left_out: int


def propensity_tally(
    log: Log,
    facts: Facts,
    settings: dict[str, object],
    *,
    days: tuple[int, int, int],
    names: tuple[str, ...],
    has_amounts: bool,
) -> Tally:
    """What is known of the customers of a log, which may be a part of the whole.

    facts : of the whole log; settings : horizon, activity, as_of, level, as `propensity` has them
    """
    asked = read_settings(settings, facts)
    known = snapshots(log, asked, days, names, has_amounts)
    return Tally(known, int((log.time >= asked.begins[-1]).sum()))


def merged(tallies: list[Tally]) -> Tally:
    """The tally of all customers, given those of disjoint sets of them."""
    return Tally(joined([tally.snapshots for tally in tallies]), sum(tally.left_out for tally in tallies))


def _customers(now: Snapshot, chance: np.ndarray, decimals: int | None) -> pd.DataFrame:
    """What is known of each customer today, and the chance; revenue, where it is an amount, in whole currency."""
    known = dict(now.features)
    if decimals is not None:
        known["revenue"] = known["revenue"] / 10**decimals
    return pd.DataFrame({"customer_id": now.who.astype(str), **known, "chance": chance})


def _days(asked: Settings, origin: str | None) -> tuple[int, int, int]:
    """The day of the fit, the day of the test, and the last day."""
    test = asked.last - asked.horizon
    fit = test - asked.horizon
    if fit < 1:
        raise NotEnoughData(
            f"Chances for {asked.horizon} days need more than {2 * asked.horizon} days of data, to fit and to test; "
            f"there are {len(asked.days)}. Choose a shorter horizon (horizon=...)."
        )
    if origin is None:
        return fit, test, asked.last
    if origin not in asked.days[1 : fit + 1]:
        raise InsightError(
            f"origin = {origin!r} must be a day from {asked.days[1]} to {asked.days[fit]}, so that the {asked.horizon} "
            "days after it are over before the test begins."
        )
    return asked.days.index(origin), test, asked.last


def _check_enough(known: Snapshot, day: str, horizon: int) -> None:
    n, back = len(known.who), int(known.returned.sum())
    if n < FEWEST_CUSTOMERS:
        raise NotEnoughData(f"Chances need {FEWEST_CUSTOMERS} customers known on {day}; there are {n}.")
    for many, did in ((back, "came back"), (n - back, "stayed away")):
        if many < FEWEST_OUTCOMES:
            raise NotEnoughData(
                f"Chances need {FEWEST_OUTCOMES} customers who {did} in the {horizon} days after {day}; "
                f"{many} of {n} did."
            )
