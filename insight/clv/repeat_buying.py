"""Fitting a model of repeat buying to histories, whichever model it is."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from insight.clv.fitting import check_enough, maximum
from insight.clv.histories import Histories, dot, histories_of, weighted_median
from insight.clv.model import Model, fitted

MANY = 50_000  # with more histories the climb begins at the maximum of a part of them
PART = 20_000

Score = Callable[[np.ndarray, Histories], tuple[float, np.ndarray]]


def fit_histories(
    cls: type[Model], score: Score, summary: object, *, start: Sequence[float], times: Sequence[str]
) -> Model:
    """The model that makes the histories most likely.

    score : (parameters, histories) -> log-likelihood and its gradient
    start : first guess, for times in units of the median T
    times : the parameters that are times

    Times are counted in units of the median T while climbing: in seconds they would be too large for any optimiser.
    A density of times in units of c is c times as large for each of the x purchases, which is put right afterwards.
    """
    everybody, unit = histories_of(summary, f"fit_{_snake(cls.__name__)}")
    observed = everybody.where(everybody.T > 0)
    check_enough(observed.n.sum(), observed.n[observed.x > 0].sum())
    scale = weighted_median(observed.T, observed.n)
    histories, n = observed.scaled(scale), float(observed.n.sum())
    curvature = None
    if len(histories) > MANY:
        part = sampled(histories)
        near = maximum(lambda own: score(own, part), start, float(part.n.sum()), cls.names())
        start, curvature = near.parameters, near.curvature
    found = maximum(lambda own: score(own, histories), start, n, cls.names(), curvature)
    return fitted(
        cls,
        found,
        dict.fromkeys(times, scale),
        log_likelihood=found.log_likelihood - dot(observed.n, observed.x) * math.log(scale),
        n_customers=round(n),
        left_out=round(float(everybody.n.sum()) - n),
        unit=unit,
    )


def sampled(histories: Histories) -> Histories:
    """A part of the customers, drawn with the same numbers every time."""
    drawn = np.random.default_rng(0).multinomial(PART, histories.n / histories.n.sum())
    kept = drawn > 0
    part = histories.where(kept)
    return Histories(part.x, part.t_x, part.T, drawn[kept].astype(float))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
