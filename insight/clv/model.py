"""What every fitted model has beside its parameters."""

from dataclasses import dataclass, fields

import numpy as np

from insight.clv.fitting import Maximum
from insight.clv.given import is_number
from insight.errors import InsightError


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """A model with known parameters, or a fitted one; then it says of the fit:

    log_likelihood : at the estimates
    n_customers : whose histories were used; left_out : those who could not be (observed for no time at all)
    converged : the maximum was found
    warnings : why not to trust the parameters, in words; none where all is well
    standard_errors : by parameter, from the inverse information; None where the data do not determine them
    covariance : of the logarithms of the parameters, in their order; None likewise
    unit : length of one unit of time, "7D" for weeks; None where the data did not say
    """

    log_likelihood: float | None = None
    n_customers: int | None = None
    left_out: int | None = None
    converged: bool | None = None
    warnings: tuple[str, ...] = ()
    standard_errors: dict[str, float] | None = None
    covariance: np.ndarray | None = None
    unit: str | None = None

    @classmethod
    def names(cls) -> list[str]:
        """The names of the parameters, in order."""
        beside = {own.name for own in fields(Model)}
        return [own.name for own in fields(cls) if own.name not in beside]

    @property
    def parameters(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in self.names()}

    def __post_init__(self) -> None:
        for name, value in self.parameters.items():
            if not is_number(value) or value <= 0:
                raise InsightError(f"{name} = {value!r} of {type(self).__name__} must be a number above zero.")


def fitted(cls: type[Model], found: Maximum, scales: dict[str, float], **about: object) -> Model:
    """The model at a maximum that was found in units of its own.

    scales : by parameter, what it is multiplied with in the units of the data; 1 where nothing is said
    about : log_likelihood in the units of the data, and what else is said of the fit
    """
    scale = np.array([scales.get(name, 1.0) for name in cls.names()])
    parameters = dict(zip(cls.names(), (found.parameters * scale).tolist(), strict=True))
    errors = None
    if found.covariance is not None:  # of a logarithm it is relative
        relative = np.sqrt(np.diag(found.covariance)).tolist()
        errors = {name: value * own for (name, value), own in zip(parameters.items(), relative, strict=True)}
    return cls(
        **parameters,
        converged=found.converged,
        warnings=found.warnings,
        standard_errors=errors,
        covariance=found.covariance,
        **about,
    )
