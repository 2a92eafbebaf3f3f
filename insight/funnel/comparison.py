"""Each group against the rest: is its overall conversion another, or could chance alone make the difference?"""

import numpy as np
from scipy.special import chdtrc, ndtr
from scipy.stats import false_discovery_control

from insight.funnel.tally import Clusters, Tally

TOO_FEW = 10  # customers: with fewer, on either side, there are no rates
EXPECTED = 5  # converters, and others, on either side if both converted alike: with fewer the test does not hold
LEAST_EXPECTED, SMALL_SHARE = 5, 0.2  # Cochran 1954: a chi-square test stands a fifth of cells below five


def against_the_rest(tally: Tally, goal: int) -> tuple[np.ndarray, np.ndarray]:
    r"""The two-sided p-value of each group against all other customers, and it corrected for the number of groups.

    With :math:`x` of :math:`n` customers of the group and :math:`x'` of :math:`n'` others at the goal,

    .. math:: z = \frac{x/n - x'/n'}{\sqrt{\bar p (1 - \bar p)(1/n + 1/n')}}, \qquad \bar p = \frac{x + x'}{n + n'}

    Sessions of one customer are alike, so for them the variance is that of the customers' own sums (linearised).
    NaN where either side has fewer than 10 customers, or fewer than 5 expected to convert, or not to.

    goal : position of the step that counts
    Returns p_value and q_value by group; q is Benjamini and Hochberg's, over the groups that have a p-value.
    Source: Cochran 1954, Biometrics 10:417, for the least expected counts; Benjamini & Hochberg 1995, JRSS B 57:289;
    Rao & Scott 1992, Biometrics 48:577, for rates of clustered data.
    """
    n = tally.counted.astype(float)
    x = (tally.here + tally.came)[:, goal].astype(float)
    rest_n, rest_x = n.sum() - n, x.sum() - x
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = x.sum() / n.sum()
        difference = x / n - rest_x / rest_n
        if tally.clusters is None:
            variance = pooled * (1 - pooled) * (1 / n + 1 / rest_n)
        else:
            variance = _clustered_variance(tally.clusters, goal, pooled, n, rest_n)
        p_value = 2 * ndtr(-np.abs(difference) / np.sqrt(variance))
    fewest = np.minimum(n, rest_n)
    enough = _enough_customers(tally) & (fewest * min(pooled, 1 - pooled) >= EXPECTED)
    p_value = np.where(enough, p_value, np.nan)
    q_value = np.full(len(n), np.nan)
    tested = np.flatnonzero(~np.isnan(p_value))
    if len(tested):
        q_value[tested] = false_discovery_control(p_value[tested], method="bh")
    return p_value, q_value


def _enough_customers(tally: Tally) -> np.ndarray:
    """By group, whether there are people enough in it and among the others; sessions of one customer are one."""
    if tally.clusters is None:
        return np.minimum(tally.counted, tally.counted.sum() - tally.counted) >= TOO_FEW
    own, found = tally.clusters.group, np.zeros(len(tally.counted), bool)
    for group in range(len(found)):
        sides = (tally.clusters.owner[own == group], tally.clusters.owner[own != group])
        found[group] = min(len(np.unique(side)) for side in sides) >= TOO_FEW
    return found


def _clustered_variance(clusters: Clusters, goal: int, pooled: float, n: np.ndarray, rest_n: np.ndarray) -> np.ndarray:
    """The variance of each difference: the squares of what every customer adds to it.

    A customer with y conversions in n sessions has a surplus of y - pooled n; here in the group, and all in all. Only
    sums of whole numbers are taken over the customers: they are the same in any order.
    """
    owner = clusters.owner
    customers = int(owner[-1]) + 1 if len(owner) else 0
    both = np.stack([clusters.reached[:, goal], clusters.counted])

    def by_customer(chosen: np.ndarray) -> np.ndarray:
        found = np.zeros((2, customers), np.int64)
        np.add.at(found, (slice(None), owner[chosen]), both[:, chosen])
        return found

    def products(one: np.ndarray, other: np.ndarray) -> float:
        weights = np.array([1, -pooled])
        return weights @ (one @ other.T) @ weights

    everywhere = by_customer(np.ones(len(owner), bool))
    variance = np.full(len(n), np.nan)
    for group in range(len(n) if customers > 1 else 0):
        here, rest = by_customer(clusters.group == group), 1 / rest_n[group]
        own = 1 / n[group] + rest  # what is in the group counts for it, and not for the rest
        added = own**2 * products(here, here) - 2 * own * rest * products(here, everywhere)
        variance[group] = (added + rest**2 * products(everywhere, everywhere)) * customers / (customers - 1)
    return variance


def one_rate(reached: np.ndarray, entered: np.ndarray) -> tuple[float, float]:
    """The rate of all periods together, and the p-value of the test that it is the rate of each."""
    came = entered > 0
    reached, entered = reached[came], entered[came]
    rate = float(reached.sum() / entered.sum()) if entered.sum() else np.nan
    expected = np.stack([entered * rate, entered * (1 - rate)])
    if len(entered) < 2 or (expected.min(axis=0) < LEAST_EXPECTED).mean() > SMALL_SHARE:
        return rate, np.nan
    statistic = ((reached - expected[0]) ** 2 / expected[0] / (1 - rate)).sum()
    return rate, float(chdtrc(len(entered) - 1, statistic))
