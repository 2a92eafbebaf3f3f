"""Rules that share a conversion among the touches of its journey."""

import numpy as np

from insight.attribution.journeys import Journeys
from insight.errors import InsightError

FIRST_AND_LAST = 0.4  # each, of a journey of three touches and more, in the position model


def first(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """All to the first touch."""
    return _all_to(journeys, journeys.start[:-1])


def last(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """All to the last touch."""
    return _all_to(journeys, journeys.start[1:] - 1)


def last_non_direct(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """All to the last touch that is not direct; to the last one where all are."""
    is_direct = np.array([name.casefold() in direct for name in journeys.channels], bool)[journeys.channel]
    touch = np.where(is_direct, -1, np.arange(len(journeys.channel)))
    latest = np.maximum.reduceat(touch, journeys.start[:-1]) if len(touch) else journeys.start[1:] - 1
    return _all_to(journeys, np.where(latest < 0, journeys.start[1:] - 1, latest))


def linear(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """The same to each touch."""
    return _by_weight(journeys, (1 / journeys.length)[journeys.path])


def position(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """40 % to the first touch, 40 % to the last, the rest evenly between; half and half where there are two."""
    n = journeys.length[journeys.path]
    place = np.arange(len(n)) - journeys.start[:-1][journeys.path]
    at_an_end = (place == 0) | (place == n - 1)
    inner = (1 - 2 * FIRST_AND_LAST) / np.maximum(n - 2, 1)
    return _by_weight(journeys, np.where(n <= 2, 1 / n, np.where(at_an_end, FIRST_AND_LAST, inner)))


def time_decay(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """More to later touches: half as much for each half-life before the conversion. Raises without weights."""
    if journeys.decay is None:
        raise InsightError(
            "Time decay needs the time of each touch, and these paths have none: make them with touch_paths, or add "
            "a column decay_weights with one weight a touch."
        )
    by_value = journeys.decay if journeys.decay_value is None else journeys.decay_value
    return _by_weight(journeys, journeys.decay)[0], _by_weight(journeys, by_value)[1]


def shapley(journeys: Journeys, direct: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    r"""The Shapley value of the game in which a set of channels wins the journeys that used no other channel.

    In that game the value has a closed form: each journey gives the same to each of its *different* channels.
    """
    n = len(journeys.channels)
    pairs = np.unique(journeys.path * n + journeys.channel)
    path, channel = pairs // n, pairs % n
    share = 1 / np.bincount(path, minlength=len(journeys.length))[path]
    return tuple(np.bincount(channel, share * own[path], n) for own in (journeys.conversions, journeys.value))


def _all_to(journeys: Journeys, touch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    channel = journeys.channel[touch]
    return tuple(np.bincount(channel, own, len(journeys.channels)) for own in (journeys.conversions, journeys.value))


def _by_weight(journeys: Journeys, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By a weight of each touch; those of a journey add up to 1."""
    path, channel, n = journeys.path, journeys.channel, len(journeys.channels)
    return tuple(np.bincount(channel, weight * own[path], n) for own in (journeys.conversions, journeys.value))


RULES = {
    "first": first,
    "last": last,
    "last_non_direct": last_non_direct,
    "linear": linear,
    "time_decay": time_decay,
    "position": position,
    "shapley": shapley,
}
