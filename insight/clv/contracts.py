"""Contracts: how many customers renew, when those who are left are ever more loyal than those who came."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaln, chdtrc, digamma, hyp2f1

from insight.clv.fitting import FEWEST_CUSTOMERS, maximum
from insight.clv.given import is_number
from insight.clv.model import Model, fitted
from insight.errors import InsightError, NotEnoughData
from insight.language import _, count


@dataclass(frozen=True, eq=False)
class Sbg(Model):
    r"""The shifted beta-geometric model (sBG) of renewals.

    At the end of each period a customer leaves with a probability of his own, which stays the same:

    .. math:: \theta \sim \text{Beta}(\alpha, \beta), \qquad S(t) = \frac{B(\alpha, \beta + t)}{B(\alpha, \beta)}

    alpha, beta : alpha / (alpha + beta) leave in the first period; both small: customers differ much

    Retention rises with time although nobody becomes more loyal: those who would leave have left.
    Source: Fader & Hardie 2007, J. of Interactive Marketing 21:76.

    >>> contract_survival(Sbg(alpha=0.668, beta=3.806), 2).round(3).tolist()
    [1.0, 0.851, 0.747]
    """

    alpha: float
    beta: float


@dataclass(frozen=True, eq=False)
class Bdw(Model):
    r"""The beta-discrete-Weibull model (BdW) of renewals: as `Sbg`, and a customer's own chance to leave may change.

    .. math:: S(t) = \frac{B(\alpha, \beta + t^c)}{B(\alpha, \beta)}

    alpha, beta : as for `Sbg`; c : above 1 chances to leave grow with time, below 1 they fall
    p_value : of a fit, how often a sample of a constant chance (c = 1) would look so different from it

    Source: Fader, Hardie, Liu, Davin & Steenburgh 2018, J. of Interactive Marketing 43:1.

    >>> contract_survival(Bdw(alpha=0.214, beta=1.427, c=1.724), 1).round(3).tolist()
    [1.0, 0.87]
    """

    alpha: float
    beta: float
    c: float
    p_value: float | None = None

    @classmethod
    def names(cls) -> list[str]:
        return ["alpha", "beta", "c"]


def fit_sbg(survivors) -> Sbg:
    r"""The sBG model that makes the numbers of renewals most likely.

    With :math:`d_t` customers lost in period t, and :math:`n_t` who were last seen active after t periods,

    .. math:: \ln L = \sum_t d_t \ln\left[S(t-1) - S(t)\right] + \sum_t n_t \ln S(t)

    survivors : customers still active at the start of period 0, 1, 2, ... as a list; or a DataFrame with cohort,
        period (0, 1, ...), active: cohorts of different age are taken together

    Raises InsightError where the numbers are not possible; NotEnoughData below 100 customers, or where nobody left.
    Source: Fader & Hardie 2007, J. of Interactive Marketing 21:76, appendix B.

    >>> fit_sbg([1000, 631, 468, 382, 326, 289, 262, 241]).alpha.__round__(3)
    0.704
    """
    lost, active = exits(survivors)
    found = maximum(lambda own: _sbg_score(own, lost, active), (1.0, 1.0), lost.sum() + active.sum(), Sbg.names())
    return fitted(Sbg, found, {}, log_likelihood=found.log_likelihood, **_about(lost, active))


def fit_bdw(survivors) -> Bdw:
    """The BdW model that makes the numbers of renewals most likely.

    survivors : as for `fit_sbg`; at least three periods. `p_value` says whether it is better than sBG: the
        likelihood-ratio test of c = 1, with one degree of freedom

    Raises as `fit_sbg`.
    Source: Fader, Hardie, Liu, Davin & Steenburgh 2018, J. of Interactive Marketing 43:1.

    >>> fit_bdw([1000, 869, 743, 653, 593, 551, 517, 491]).c.__round__(2)
    1.72
    """
    lost, active = exits(survivors)
    if len(lost) < 4:
        raise NotEnoughData(_("Three parameters need at least three periods; there are {n}.", n=count(len(lost) - 1)))
    n = lost.sum() + active.sum()
    simple = maximum(lambda own: _sbg_score(own, lost, active), (1.0, 1.0), n, Sbg.names())
    found = maximum(lambda own: score(own, lost, active), (*simple.parameters, 1.0), n, Bdw.names())
    better = max(2 * (found.log_likelihood - simple.log_likelihood), 0.0)
    about = {"log_likelihood": found.log_likelihood, "p_value": float(chdtrc(1, better))}
    return fitted(Bdw, found, {}, **about, **_about(lost, active))


def contract_survival(model: Sbg | Bdw, periods: int) -> np.ndarray:
    """The share of customers still active at the start of period 0, 1, ..., `periods`.

    Raises InsightError for a number of periods that is none. Source: as for the models.

    >>> contract_survival(Sbg(alpha=1, beta=1), 3).round(3).tolist()
    [1.0, 0.5, 0.333, 0.25]
    """
    if isinstance(periods, bool) or not isinstance(periods, int) or periods < 0:
        raise InsightError(f"periods = {periods!r} must be a whole number, 0 or more.")
    return np.exp(_log_survival(_three(model), np.arange(periods + 1.0)))


def contract_retention(model: Sbg | Bdw, periods: int) -> np.ndarray:
    r"""The share of those active in a period who are active in the next: :math:`r_t = S(t) / S(t-1)`, t = 1, 2, ...

    Raises InsightError for a number of periods that is none. Source: as for the models.

    >>> contract_retention(Sbg(alpha=1, beta=1), 3).round(3).tolist()
    [0.5, 0.667, 0.75]
    """
    survival = contract_survival(model, periods)
    return survival[1:] / survival[:-1]


def contract_lifetime(model: Sbg, *, annual_discount: float, renewals: int | None = None) -> float:
    r"""Payments that are expected of a customer, one a period, each discounted to today (with d a period).

    Of a new customer, who pays at the start of each period (DEL), and of one who has renewed n - 1 times and is about
    to be asked for the n-th (DERL), the first of whose payments is not certain:

    .. math:: \sum_{t=0}^\infty \frac{S(t)}{(1+d)^t} = {}_2F_1\!\left(1, \beta; \alpha+\beta; \tfrac{1}{1+d}\right),
        \qquad \sum_{t=n}^\infty \frac{S(t) / S(n-1)}{(1+d)^{t-n}}

    model : Sbg
    annual_discount : d, above zero, where a period is a year
    renewals : n, payments so far; None for a new customer

    Raises InsightError for another model, a rate that is not above zero, or renewals below 1.
    Source: Fader & Hardie 2010, Marketing Science 29:85, equations 6 and 8.

    >>> round(contract_lifetime(Sbg(alpha=1, beta=1), annual_discount=0.1), 3)
    2.638
    """
    if not isinstance(model, Sbg):
        raise InsightError("contract_lifetime takes an Sbg model.")
    if not is_number(annual_discount) or not annual_discount > 0:
        raise InsightError(f"annual_discount = {annual_discount!r} must be a rate above zero.")
    alpha, beta, z = model.alpha, model.beta, 1 / (1 + annual_discount)
    if renewals is None:
        return float(hyp2f1(1, beta, alpha + beta, z))
    if isinstance(renewals, bool) or not isinstance(renewals, int) or renewals < 1:
        raise InsightError(f"renewals = {renewals!r} must be a whole number, 1 or more.")
    n = renewals
    return float((beta + n - 1) / (alpha + beta + n - 1) * hyp2f1(1, beta + n, alpha + beta + n, z))


def exits(survivors) -> tuple[np.ndarray, np.ndarray]:
    """Customers lost in period 1, 2, ..., and last seen active after 0, 1, 2, ... periods; of all cohorts together.

    Both arrays begin with period 0, where nobody is lost.

    >>> [own.tolist() for own in exits([100, 80, 70])]
    [[0.0, 20.0, 10.0], [0.0, 0.0, 70.0]]
    """
    cohorts = _cohorts(survivors)
    length = max(len(own) for own in cohorts)
    lost, active = np.zeros(length), np.zeros(length)
    for own in cohorts:
        lost[1 : len(own)] += own[:-1] - own[1:]
        active[len(own) - 1] += own[-1]
    if lost.sum() + active.sum() < FEWEST_CUSTOMERS:
        message = _("The model needs {fewest} customers; there are {n}.",
                    fewest=FEWEST_CUSTOMERS, n=count(lost.sum() + active.sum()))  # fmt: skip
        raise NotEnoughData(message)
    if not lost.any():
        raise NotEnoughData(_("Nobody has left yet: there is nothing to learn from about leaving."))
    return lost, active


def _cohorts(survivors: object) -> list[np.ndarray]:
    if isinstance(survivors, pd.DataFrame):
        if missing := [name for name in ("cohort", "period", "active") if name not in survivors]:
            raise InsightError(f"survivors needs the columns cohort, period, active; it has no {', '.join(missing)}.")
        cohorts = []
        for name, own in survivors.sort_values("period").groupby("cohort"):
            if own["period"].tolist() != list(range(len(own))):
                raise InsightError(f"The periods of cohort {name} must be 0, 1, 2, ..., each once.")
            cohorts.append(own["active"].to_numpy(np.float64, na_value=np.nan))
    else:
        cohorts = [np.asarray(survivors, np.float64)]
    for own in cohorts:
        if own.ndim != 1 or not len(own) or not (np.isfinite(own) & (own >= 0)).all() or (np.diff(own) > 0).any():
            raise InsightError(f"survivors must be numbers of customers that never grow; {own.tolist()} are not.")
    return cohorts


def _three(model: Sbg | Bdw) -> np.ndarray:
    """alpha, beta, c: sBG is BdW with c = 1."""
    return np.array([*model.parameters.values(), 1.0][:3])


def _log_survival(parameters: np.ndarray, t: np.ndarray) -> np.ndarray:
    alpha, beta, c = parameters
    return betaln(alpha, beta + t**c) - betaln(alpha, beta)


def score(parameters: np.ndarray, lost: np.ndarray, active: np.ndarray) -> tuple[float, np.ndarray]:
    """The log-likelihood and its gradient by alpha, beta, c."""
    alpha, beta, c = parameters
    t = np.arange(len(lost), dtype=float)
    tau = t**c
    log_s = _log_survival(parameters, t)
    slopes = np.array(
        [
            digamma(alpha + beta) - digamma(alpha + beta + tau),
            digamma(beta + tau) - digamma(alpha + beta + tau) - digamma(beta) + digamma(alpha + beta),
            tau * np.log(np.maximum(t, 1)) * (digamma(beta + tau) - digamma(alpha + beta + tau)),
        ]
    )  # of log_s, by each parameter
    kept = np.exp(log_s[1:] - log_s[:-1])  # retention
    left = -np.expm1(log_s[1:] - log_s[:-1])
    log_lost = log_s[:-1] + np.log(left)
    lost_slopes = (slopes[:, :-1] - kept * slopes[:, 1:]) / left
    value = lost[1:] @ log_lost + active @ log_s
    return float(value), lost_slopes @ lost[1:] + slopes @ active


def _sbg_score(parameters: np.ndarray, lost: np.ndarray, active: np.ndarray) -> tuple[float, np.ndarray]:
    value, gradient = score(np.append(parameters, 1.0), lost, active)
    return value, gradient[:2]


def _about(lost: np.ndarray, active: np.ndarray) -> dict[str, object]:
    return {"n_customers": round(lost.sum() + active.sum()), "left_out": 0}
