"""Maximum likelihood: where it is, how sharp it is, and whether the data determine it at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from insight.errors import NotEnoughData
from insight.language import _, count

FEWEST_CUSTOMERS = 100  # below these a fit says more about chance than about the customers
FEWEST_REPEATERS = 30
EDGE = 12.0  # a logarithm of a parameter beyond it has run away
FARTHEST = 14.0  # where it is stopped
FLAT = 1e-6  # curvature in the flattest direction, as a share of that in the steepest
NEWTON_STEPS = 8
CLOSE = 1e-6  # largest slope of the mean log-likelihood at what counts as its maximum


@dataclass(frozen=True, eq=False)
class Maximum:
    """The maximum of a log-likelihood.

    parameters : the estimates; log_likelihood : its value there
    curvature : of the mean log-likelihood there, by logarithms of the parameters (its sign changed)
    covariance : of these logarithms, the inverse information; None where they are not determined
    converged : the slope there is nothing
    warnings : why the estimates are not to be trusted, in words
    """

    parameters: np.ndarray
    log_likelihood: float
    curvature: np.ndarray
    covariance: np.ndarray | None
    converged: bool
    warnings: tuple[str, ...]


def maximum(
    score: Callable[[np.ndarray], tuple[float, np.ndarray]],
    start: Sequence[float],
    n: float,
    names: Sequence[str],
    curvature: np.ndarray | None = None,
) -> Maximum:
    """Climb to the maximum, by logarithms of the parameters, which all are positive.

    score : parameters -> log-likelihood and its gradient
    start : first guess; n : customers, by which both are divided; names : of the parameters, for the warnings
    curvature : where `start` is the maximum of a part of the customers, the curvature there: a few steps are enough

    L-BFGS brings it near; Newton steps make the slope vanish, and the curvature there is the information.
    """

    def mean(theta: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(theta)
        value, gradient = score(parameters)
        return -value / n, -gradient * parameters / n

    theta = np.log(start)
    if curvature is None:
        bounds = [(-FARTHEST, FARTHEST)] * len(start)
        options = {"maxiter": 500, "maxcor": 20, "ftol": 1e-13, "gtol": 1e-7}
        with threadpool_limits(1):  # for matrices this small threads wait for each other longer than they count
            theta = minimize(mean, theta, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    own = _curvature(mean, theta) if curvature is None else curvature
    theta, value, slope = _polished(mean, theta, own)
    converged = bool(np.abs(slope).max() < CLOSE)
    if curvature is not None:
        if not converged:
            return maximum(score, start, n, names)
        own = _curvature(mean, theta)
    warnings = _doubts(theta, own, names)
    if not converged and not warnings:
        warnings = [_("The maximum of the likelihood was not found: these parameters are only near it.")]
    return Maximum(
        parameters=np.exp(theta),
        log_likelihood=float(-value * n),
        curvature=own,
        covariance=None if warnings else np.linalg.inv(own) / n,
        converged=converged,
        warnings=tuple(warnings),
    )


def _polished(mean: Callable, theta: np.ndarray, curvature: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Newton steps with this curvature from near the minimum of `mean`: the place, the value and the slope there."""
    value, slope = mean(theta)
    if np.linalg.eigvalsh(curvature)[0] <= 0:
        return theta, value, slope
    for _step in range(NEWTON_STEPS):
        there = theta - np.linalg.solve(curvature, slope)
        if np.abs(slope).max() < 1e-10 or np.abs(there - theta).max() > 1 or np.abs(there).max() > FARTHEST:
            break
        new_value, new_slope = mean(there)
        if not np.abs(new_slope).max() < np.abs(slope).max():
            break
        theta, value, slope = there, new_value, new_slope
    return theta, value, slope


def _curvature(mean: Callable, theta: np.ndarray, step: float = 1e-4) -> np.ndarray:
    """Second derivatives, as central differences of the exact slope."""
    rows = [(mean(theta + own)[1] - mean(theta - own)[1]) / (2 * step) for own in step * np.eye(len(theta))]
    return (np.array(rows) + np.array(rows).T) / 2


def information(score: Callable, parameters: np.ndarray) -> np.ndarray:
    """The covariance of the logarithms of parameters that the data hardly determine.

    Directions in which the likelihood is flat are left out: along them the predictions hardly change either.
    """
    curvature = _curvature(lambda theta: _by_logarithms(score, theta), np.log(parameters))
    steepness, directions = np.linalg.eigh(curvature)
    kept = steepness > FLAT * max(steepness[-1], 0.0)
    return (directions[:, kept] / steepness[kept]) @ directions[:, kept].T


def _by_logarithms(score: Callable, theta: np.ndarray) -> tuple[float, np.ndarray]:
    value, gradient = score(np.exp(theta))
    return -value, -gradient * np.exp(theta)


def _doubts(theta: np.ndarray, curvature: np.ndarray, names: Sequence[str]) -> list[str]:
    away = [name for name, value in zip(names, theta, strict=True) if abs(value) > EDGE]
    if away:
        return [
            _(
                "The likelihood keeps rising towards the edge ({names}): the data fit a simpler model as well, and "
                "these parameters say nothing by themselves.",
                names=", ".join(away),
            )
        ]
    least, *_rest, most = np.linalg.eigvalsh(curvature)
    if least < FLAT * most:
        return [
            _(
                "The likelihood is all but flat in one direction: other parameters fit these data as well. Trust the "
                "predictions more than the parameters."
            )
        ]
    return []


def check_enough(n_customers: float, n_repeaters: float) -> None:
    """Raises NotEnoughData below 100 customers, or 30 who bought again."""
    if n_customers < FEWEST_CUSTOMERS:
        message = _("The model needs {fewest} customers who have been observed for at least a day; there are {n}.",
                    fewest=FEWEST_CUSTOMERS, n=count(n_customers))  # fmt: skip
        raise NotEnoughData(message)
    if n_repeaters < FEWEST_REPEATERS:
        message = _("The model needs {fewest} customers who bought on more than one day; there are {n}.",
                    fewest=FEWEST_REPEATERS, n=count(n_repeaters))  # fmt: skip
        raise NotEnoughData(message)
