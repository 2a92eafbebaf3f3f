"""From what is known of customers to the group of each: who is compared, on what scale, in how many groups."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clusters.evidence import APART, FIT_CUSTOMERS, Choice, choose, hashed_sample, kmeans, one_thread
from insight.clusters.known import Known
from insight.clusters.names import ONE_TIME
from insight.clusters.scaling import Scaled, complete, scaled, usable
from insight.clusters.settings import Settings
from insight.clusters.tables import (
    PLACES,
    PROFILE,
    SIZES,
    in_order,
    places_table,
    profile_table,
    sizes_table,
    telling_pair,
)
from insight.errors import NotEnoughData

FEWEST_CUSTOMERS = 50
ONCE = {"orders": "orders", "events": "active_days"}  # what is 1 for them


@dataclass(frozen=True, eq=False)
class Grouped:
    """Customers and their groups.

    people : who is compared, with what is known of each;  once : those of the group ONE_TIME, who are not clustered
    cluster : the group of each; None where no stable groups were found
    used, constant : features that say something, and those that do not
    """

    people: pd.DataFrame
    once: np.ndarray
    scaled: Scaled
    choice: Choice
    cluster: np.ndarray | None
    used: list[str]
    constant: list[str]

    @property
    def is_stable(self) -> bool:
        """Whether the groups pass all thresholds."""
        chosen = self.choice.table[self.choice.table["is_chosen"]]
        return bool(len(chosen) and chosen["is_stable"].iloc[0] and chosen["silhouette"].iloc[0] >= APART)

    @property
    def pair(self) -> list[str]:
        """The two features of the picture."""
        return [] if self.cluster is None else telling_pair(self.scaled, self.cluster)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the result, by their names."""
        shared = {"evidence": self.choice.table, "features": self.scaled.table}
        if self.cluster is None:
            none = {"profile": PROFILE, "sizes": SIZES, "places": PLACES, "customers": ["customer_id", "cluster"]}
            empty = {name: pd.DataFrame(columns=columns).astype({"cluster": int}) for name, columns in none.items()}
            return shared | empty
        revenue = self.people["revenue"].to_numpy() if "revenue" in self.people else None
        return shared | {
            "customers": self.people[["customer_id"]].assign(cluster=self.cluster),
            "profile": profile_table(self.scaled, self.cluster),
            "sizes": sizes_table(self.cluster, revenue),
            "places": places_table(self.scaled, self.cluster, self.pair),
        }


def needed(asked: Settings, kind: str) -> list[str]:
    """What has to be known of each customer: the features, what tells who came once, and what they are worth."""
    more = [ONCE[kind]] if asked.apart else []
    return [*dict.fromkeys([*asked.features, *more, *(["revenue"] if kind == "orders" else [])])]


def grouped(known: Known, asked: Settings) -> Grouped:
    """The customers in groups. Raises NotEnoughData where there are too few, or all are alike."""
    whole = complete(known.frame, list(asked.features))
    people = known.frame[whole].reset_index(drop=True)
    once = np.zeros(len(people), bool)
    if asked.apart:
        once = (people[ONCE[known.kind]] == 1).to_numpy()
    _check_enough(len(people), int(once.sum()), known.kind)
    used, constant = usable(people[~once], list(asked.features))
    if not used:
        raise NotEnoughData("All customers are alike in these features: there is nothing to tell groups by.")
    on_scale = scaled(people, used, None if asked.logged is None else list(asked.logged), ~once)
    with one_thread():
        choice, cluster = _clustered(on_scale.matrix, people, ~once, asked, known.kind, used)
    return Grouped(people, once, on_scale, choice, cluster, used, constant)


def _check_enough(n: int, once: int, kind: str) -> None:
    if n - once >= FEWEST_CUSTOMERS:
        return
    if not once:
        raise NotEnoughData(f"Clusters need {FEWEST_CUSTOMERS} customers with a value of every feature; there are {n}.")
    did = {"orders": "ordered once", "events": "came on one day only"}[kind]
    raise NotEnoughData(
        f"Clusters need {FEWEST_CUSTOMERS} customers beside those who {did}; there are {n - once} of {n}. "
        'one_time="together" compares all of them.'
    )


def _clustered(
    matrix: np.ndarray, people: pd.DataFrame, compared: np.ndarray, asked: Settings, kind: str, used: list[str]
) -> tuple[Choice, np.ndarray | None]:
    """The number of groups, and the group of each customer."""
    points, ids = matrix[compared], people["customer_id"].to_numpy(object)[compared]
    fit = hashed_sample(ids, FIT_CUSTOMERS)
    choice = choose(points[fit], ids[fit], asked.k, asked.seed)
    if choice.k is None:
        return choice, None
    labels = kmeans(points[fit], choice.k, asked.seed).predict(points)
    cluster = np.full(len(people), ONE_TIME)
    cluster[compared] = in_order(labels, _worth(people, matrix, kind, used)[compared])
    return choice, cluster


def _worth(people: pd.DataFrame, matrix: np.ndarray, kind: str, used: list[str]) -> np.ndarray:
    """What the groups are ordered by: revenue; without orders the first number, or else the first column."""
    if kind == "orders":
        return people["revenue"].to_numpy()
    numbers = [name for name in used if pd.api.types.is_numeric_dtype(people[name])]
    return people[numbers[0]].to_numpy() if numbers else matrix[:, 0]
