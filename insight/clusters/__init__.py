"""Clusters: customers who are alike, the number of groups chosen by evidence, and what each group is like."""

from dataclasses import dataclass

import pandas as pd

from insight.clusters.evidence import APART, CLEARLY, STABLE_LEAST, STABLE_MEAN
from insight.clusters.grouping import FEWEST_CUSTOMERS, grouped, needed
from insight.clusters.known import known_customers, table_kind
from insight.clusters.names import ONE_TIME
from insight.clusters.settings import read_settings
from insight.tables.table import EventLog, Orders

__all__ = ["APART", "CLEARLY", "FEWEST_CUSTOMERS", "ONE_TIME", "STABLE_LEAST", "STABLE_MEAN", "Clusters", "clusters"]


@dataclass(frozen=True, eq=False)
class Clusters:
    """Result of :func:`clusters`.

    customers : one row a customer with a group, in ascending order of the ids; empty where no stable groups were found
        customer_id          str
        cluster              int    1, 2, ... with the most valuable first; 0: bought once, or came on one day only
    profile : one row a group and feature; "feature = value" for each value of a text, as a number of 0 and 1
        cluster, feature, n_customers
        mean, median         float  of the feature in the group; of a text's value the mean is a share
        centre               float  the middle that was fitted: of a feature with logs, back from the mean of the logs
        z_score              float  standard deviations from the mean of all groups, on the scale that was clustered
        index                float  100 x mean / mean of all groups; NA for a feature that can be below 0
    sizes : one row a group
        cluster, n_customers
        share                float  of all customers with a group
        revenue, revenue_share, mean_revenue
                             float  what they brought, its share, and by customer; NA where the table has no orders
    evidence : one row a number of clusters that was tried
        k                    int
        silhouette           float  mean over the customers: 1 far apart, 0 no groups
        stability            float  mean adjusted Rand index of bootstrap samples: 1 the same groups again, 0 chance
        stability_least      float  the lowest of them
        smallest_share       float  share of the smallest group
        is_stable            bool   stability of .8 or more, and none below .6
        is_chosen            bool
    features : one row a column that was clustered
        feature, column      str    its name, and the feature it comes from
        is_log               bool   whether log(1 + x) was taken
        scale_mean, scale_deviation
                             float  what it was scaled by
    places : how many customers of each group lie where, on the two features that tell the groups apart best
        cluster, x, y, n_customers
    place_features : the names of these two
    k : clusters, without the group 0; None where no stable groups were found
    is_forced : k was asked for;  is_stable : it passes all thresholds
    is_separate : whether the silhouette exceeds `reference_silhouette` by .03 or more; else the groups are slices of
        one cloud, useful for sorting but not natural groups
    reference_silhouette : what one cloud without groups reaches with as many clusters; None where k is None
    n_customers : customers with a group, or who were compared;  n_clustered : those that k-means saw
    one_time : customers in group 0
    n_evidence, n_different : customers of the bootstrap samples, and how many of them differ in some feature
    n_missing : customers without a value of some feature, left out;  missing : of each feature that has such
    constant : features left out, since all customers have the same value
    n_outlying : customers with a value that was moved in to five standard deviations
    without_purchase : customers of orders without one, left out;  left_out : rows after `as_of`
    days_beyond : how many days `as_of` lies after the last row
    as_of : the last day of the observed time, None of a table of customers;  currency : of revenue
    kind : "orders", "events" or "customers";  feature_names : the features in use
    seed, features_asked, logged, one_time_asked : the settings, as given
    """

    customers: pd.DataFrame
    profile: pd.DataFrame
    sizes: pd.DataFrame
    evidence: pd.DataFrame
    features: pd.DataFrame
    places: pd.DataFrame
    place_features: list[str]
    k: int | None
    is_forced: bool
    is_stable: bool
    is_separate: bool
    reference_silhouette: float | None
    n_customers: int
    n_clustered: int
    one_time: int
    n_evidence: int
    n_different: int
    n_missing: int
    missing: dict[str, int]
    constant: list[str]
    n_outlying: int
    without_purchase: int
    left_out: int
    days_beyond: int
    as_of: str | None
    currency: str | None
    kind: str
    feature_names: list[str]
    seed: int
    features_asked: list | None
    logged: list | None
    one_time_asked: str


def clusters(
    table,
    *,
    features: list | None = None,
    k: int | str = "auto",
    seed: int = 0,
    one_time: str = "apart",
    logged: list | None = None,
    as_of: str | None = None,
) -> Clusters:
    r"""Groups of customers who are alike, by k-means, if there are groups that come out again.

    Each feature :math:`j` is brought to one scale, counts, days and money as logs, and the groups :math:`C_1 \dots C_k`
    with the centres :math:`\mu_g` make the squared distances as small as possible:

    .. math:: z_{ij} = \frac{\log(1 + x_{ij}) - m_j}{s_j}, \qquad
              \min_{C} \sum_{g=1}^{k} \sum_{i \in C_g} \lVert z_i - \mu_g \rVert^2

    How many: for k = 2 to 8 customers are drawn anew, with replacement, and clustered again. A k is stable where the
    adjusted Rand index of the two groupings is .8 or more on average and never below .6. Of the stable ones the k with
    the largest mean silhouette is taken, of equals the larger one; where none is stable, or the silhouette is below
    .25, no stable groups were found, and that is the answer.

    Stable groups need not be separate: one long cloud is cut across in the same way again and again. So as many
    clusters are made of nine samples of one normal distribution with the same covariance, of 2,000 customers at most;
    the groups are separate where their silhouette exceeds the largest of these by .03 or more. A single cloud that is
    flat rather than normal can pass, too: look where the groups lie.

    table : Orders, EventLog, Customers, or a DataFrame with a column customer_id and one row a customer
    features : what customers are compared by. Orders: days_since_last, orders, revenue (these by default),
        average_order_value; events: days_since_last, active_days, events, and kinds of event by their name; columns
        of the file. A text with few values becomes one column of 0 and 1 a value, together as heavy as one feature
    k : "auto", or a number of clusters from 2 to 12, whatever the evidence
    one_time : "apart" - who has one order, or one active day, is a group of its own: so many are exactly alike that
        they would be found as a cluster again and again; "together"
    logged : the features whose logs are taken; None: counts, days and money, and what is skewed and never below 0
    as_of : last complete day of orders or events; seed : of the random starts and draws

    The same customers give the same groups whatever the order of the rows. Of more than 50,000 customers a sample,
    chosen by a hash of their ids, is fitted, and all are assigned to the nearest centre.

    Raises NotEnoughData for fewer than 50 customers, or where all are alike; UnknownValue, InsightError for settings
    that are not possible.
    Source: MacQueen 1967, 5th Berkeley Symposium 1:281; Rousseeuw 1987, J. Comput. Appl. Math. 20:53, for the
    silhouette; Hubert & Arabie 1985, J. Classification 2:193; Hennig 2007, Comput. Stat. Data Anal. 52:258;
    Tibshirani, Walther & Hastie 2001, JRSS B 63:411, for a reference without groups.

    >>> visits = [n % 2 * 500 + n for n in range(60)]
    >>> people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(60)], "visits": visits})
    >>> clusters(people, k=2).sizes[["cluster", "n_customers"]].values.tolist()
    [[1, 30], [2, 30]]
    """
    given = {"features": features, "k": k, "seed": seed, "one_time": one_time, "logged": logged, "as_of": as_of}
    kind = table_kind(table, "clusters")
    if isinstance(table, EventLog | Orders):  # its profile and its people are asked for next
        return table.log.remember(("clusters", repr(given)), lambda: _clusters(table, kind, given))
    return _clusters(table, kind, given)


def _clusters(table, kind: str, given: dict[str, object]) -> Clusters:
    asked, as_of = read_settings(table, kind, given), given["as_of"]
    known = known_customers(table, kind, needed(asked, kind), as_of)
    found = grouped(known, asked)
    facts = known.facts
    return Clusters(
        **found.tables,
        place_features=found.pair,
        k=found.choice.k,
        is_forced=asked.k is not None,
        is_stable=found.is_stable,
        is_separate=found.choice.is_separate,
        reference_silhouette=found.choice.reference,
        n_customers=len(found.people),
        n_clustered=int((~found.once).sum()),
        one_time=int(found.once.sum()),
        n_evidence=found.choice.n_customers,
        n_different=found.choice.n_different,
        n_missing=len(known.frame) - len(found.people),
        missing={name: n for name in asked.features if (n := int(known.frame[name].isna().sum()))},
        constant=found.constant,
        n_outlying=found.scaled.n_outlying,
        without_purchase=known.without_purchase,
        left_out=known.left_out,
        days_beyond=facts.days_beyond(as_of) if facts else 0,
        as_of=facts.as_of_day(as_of) if facts else None,
        currency=facts.one_currency() if kind == "orders" else None,
        kind=kind,
        feature_names=found.used,
        seed=given["seed"],
        features_asked=given["features"],
        logged=given["logged"],
        one_time_asked=given["one_time"],
    )
