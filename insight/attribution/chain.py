r"""Attribution by removal from a Markov chain, solved exactly.

A journey walks from its start over its touches to a conversion or to nothing. The states of a chain of order k are
windows of k touches (a shorter path is one state). What the walk does next depends on its state alone; how often it
did is what the paths say. Removing a channel sends every state that contains it to nothing. With :math:`P` the
chance to convert and :math:`P_{-c}` the chance without channel c,

.. math:: \text{removal effect}_c = 1 - \frac{P_{-c}}{P}, \qquad
          \text{credit}_c = \text{conversions} \cdot \frac{\text{removal effect}_c}{\sum_j \text{removal effect}_j}
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from insight.attribution.journeys import Journeys

EXACT = 1e-15  # a step of the iteration that changes less than this, relative to the largest chance, is the last
NEAR = 1e-7  # the same for journeys drawn anew, which chance moves by far more
MOST_STEPS = 100_000
SMALL = 150  # states up to which equations are solved faster than an iteration, which long paths with loops slow down
FEW = 10  # a state that was seen less often is poorly known


@dataclass(frozen=True, eq=False)
class Chain:
    """Windows of touches, path after path, before they are weighted with how often a path was walked.

    order : touches in a window
    state : number of the state of each window; path : the path it belongs to
    begins, ends : whether a window is the first, the last of its path
    contains : by channel (columns), whether a state (row) contains it
    """

    order: int
    state: np.ndarray
    path: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    contains: np.ndarray

    @property
    def n_states(self) -> int:
        return len(self.contains)


def chain_of(journeys: Journeys, order: int) -> Chain:
    """The states that paths walk through."""
    length = journeys.length
    windows = np.maximum(length - order + 1, 1)
    path = np.repeat(np.arange(len(length)), windows)
    place = np.arange(len(path)) - np.repeat(np.cumsum(windows) - windows, windows)
    touch = journeys.start[:-1][path] + place
    span, n = np.minimum(length, order)[path], len(journeys.channels)
    state = journeys.channel[touch]
    columns = [state]
    for k in range(1, order):
        later = journeys.channel[np.minimum(touch + k, len(journeys.channel) - 1)]
        columns.append(np.where(span > k, later, n))  # n: the path is shorter
        state = np.unique(state * (n + 1) + columns[-1], return_inverse=True)[1]  # numbered anew: no overflow
    contains = np.zeros((n if order == 1 else int(state.max(initial=-1)) + 1, n + 1), bool)
    for column in columns:
        contains[state, column] = True
    return Chain(order, state, path, place == 0, place == windows[path] - 1, contains[:, :n])


def removal(chain: Chain, journeys: Journeys, earned: np.ndarray, exact: float = EXACT) -> np.ndarray:
    """The removal effect of each channel on what journeys earned: their conversions, or their value.

    earned : of each path
    """
    walks = journeys.conversions + journeys.nulls
    seen = np.bincount(chain.state, walks[chain.path], chain.n_states)
    begin = np.bincount(chain.state[chain.begins], walks, chain.n_states)
    step = np.flatnonzero(~chain.ends)  # the next window of the same path stands behind it
    out = np.where(seen > 0, seen, 1)
    n, (source, target), weight = chain.n_states, (chain.state[step], chain.state[step + 1]), walks[chain.path[step]]
    reward = np.bincount(chain.state[chain.ends], earned, chain.n_states) / out
    if chain.order == 1:  # few states: a table of all pairs is filled faster than a sparse one
        onwards = np.bincount(source * n + target, weight, n * n).reshape(n, n) / out[:, None]
        return _by_inverse(begin, onwards, reward)
    if n <= SMALL:
        onwards = np.bincount(source * n + target, weight, n * n).reshape(n, n) / out[:, None]
        return _by_equations(begin, onwards, reward, chain.contains)
    onwards = csr_array(csr_array((weight, (source, target)), (n, n)).multiply(1 / out[:, None]))
    return _by_iteration(begin, onwards, reward, chain.contains, exact)


def _by_inverse(begin: np.ndarray, onwards: np.ndarray, reward: np.ndarray) -> np.ndarray:
    """Order 1, where a state is a channel: one inverse gives all removals.

    A walk earns what it earns from c on, times the chance that it ever comes to c; without c it does not.
    """
    visits = np.linalg.inv(np.eye(len(reward)) - onwards)
    earned = visits @ reward
    total = begin @ earned
    ever = (begin @ visits) / np.diag(visits)
    return ever * earned / total if total else np.zeros(len(reward))


def _by_equations(begin: np.ndarray, onwards: np.ndarray, reward: np.ndarray, contains: np.ndarray) -> np.ndarray:
    """Any order, where there are few states: one system of equations with everything, one without each channel."""
    stays = np.vstack([np.ones(len(reward)), ~contains.T])
    earned = [np.linalg.solve(np.eye(len(reward)) - own[:, None] * onwards, own * reward) for own in stays]
    total = np.array(earned) @ begin
    return 1 - total[1:] / total[0] if total[0] else np.zeros(contains.shape[1])


def _by_iteration(
    begin: np.ndarray, onwards: csr_array, reward: np.ndarray, contains: np.ndarray, exact: float
) -> np.ndarray:
    """Any order, by iteration: one column with everything, one without each channel. All terms are positive."""
    stays = np.column_stack([np.ones(len(reward)), ~contains])
    earned = fixed = stays * reward[:, None]
    for _step in range(MOST_STEPS):
        before, earned = earned, fixed + stays * (onwards @ earned)
        if np.abs(earned - before).max(initial=0) <= exact * np.abs(earned).max(initial=0):
            break
    total = begin @ earned
    return 1 - total[1:] / total[0] if total[0] else np.zeros(contains.shape[1])


def shared(total: float, effect: np.ndarray) -> np.ndarray:
    """The total shared in proportion to the removal effects."""
    weight = effect.sum()
    return total * effect / weight if weight else np.zeros(len(effect))


def markov(chain: Chain, journeys: Journeys) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Conversions and value of each channel, and its removal effect on conversions."""
    effect = removal(chain, journeys, journeys.conversions)
    value = np.zeros(len(effect))
    if journeys.value.any():
        value = shared(journeys.value.sum(), removal(chain, journeys, journeys.value))
    return shared(journeys.conversions.sum(), effect), value, effect


def bootstrap(chain: Chain, journeys: Journeys, draws: int, seed: int) -> np.ndarray:
    """Conversions of each channel in data that could as well have come: journeys drawn anew, as Poisson counts.

    Returns draws x channels. The share of the conversions that were there is what is shared out each time.
    """
    rng, total, found = np.random.default_rng(seed), journeys.conversions.sum(), []
    for _draw in range(draws):
        drawn = replace(journeys, conversions=rng.poisson(journeys.conversions), nulls=rng.poisson(journeys.nulls))
        found.append(shared(total, removal(chain, drawn, drawn.conversions, NEAR)))
    return np.array(found).reshape(draws, len(journeys.channels))


def poorly_known(chain: Chain, journeys: Journeys) -> tuple[int, float]:
    """How many states the chain has, and the share of them that were seen fewer than FEW times."""
    seen = np.bincount(chain.state, (journeys.conversions + journeys.nulls)[chain.path], chain.n_states)
    return chain.n_states, float((seen < FEW).mean()) if chain.n_states else 0.0
