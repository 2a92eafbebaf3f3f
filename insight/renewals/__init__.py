"""What running contracts will still bring: renewals told ahead by a model in which customers differ."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.churn.survival import survival
from insight.clv.contracts import Bdw, Sbg, contract_survival, fit_bdw, fit_sbg
from insight.clv.given import is_number
from insight.errors import InsightError, UnknownValue
from insight.renewals.counts import LENGTH, MOST, as_cohorts, periods_table, renewals

MODELS = ("auto", "sbg", "bdw")
CHANCE = 0.05  # below it the likelihood-ratio test speaks for a chance to leave that changes
FEWEST_FOR_BDW = 3  # periods observed, for three parameters


@dataclass(frozen=True, eq=False)
class ContractRenewals:
    """Result of :func:`contract_renewals`.

    periods : one row a period since the start, to the last observed one and `horizon` beyond
        period             int    0, 1, ...: renewals made by then
        at_risk            float  contracts known to have made the renewal before, or not to; NA beyond the data
        lost               float  of them those that did not renew; NA likewise
        survival           float  share still there, as seen (Kaplan-Meier); NA likewise
        sbg, bdw           float  the same by the two models; NA where there is none
        projected          float  by the chosen model
        retention          float  of those there a period before, the share still there, by the chosen model
    remaining : running contracts by the renewals they have made, and a new one (0 with nobody in it is kept)
        renewals           int    0, 1, ...
        n_customers        int    contracts that run and have made so many
        expected_payments  float  payments expected of each in the next `horizon` periods, discounted
    expected_payments : of all running contracts together; new_payments : of a new contract, the one it begins with too
    value : expected_payments x payment x margin; new_value : likewise; NA without these
    model : the one that was chosen, "sbg" or "bdw"; chosen_by : "test", "given", or "default" where BdW has too little
    alpha, beta, c : its parameters (c = 1 for sBG); p_value : of the likelihood-ratio test of c = 1; NaN without BdW
    n_customers, ended, running : contracts, those that are over, those that run
    observed : periods that were observed; left_out : why contracts are not counted -> how many
    as_of : the last day; None without dates
    period, horizon, annual_discount, payment, margin : as given
    """

    periods: pd.DataFrame
    remaining: pd.DataFrame
    expected_payments: float
    new_payments: float
    value: float
    new_value: float
    model: str
    chosen_by: str
    alpha: float
    beta: float
    c: float
    p_value: float
    n_customers: int
    ended: int
    running: int
    observed: int
    left_out: dict[str, int]
    as_of: str | None
    period: str
    horizon: int
    annual_discount: float
    payment: float | None
    margin: float | None


def contract_renewals(
    table,
    *,
    start: str | list | None = None,
    end: str | list | None = None,
    tenure: str | None = None,
    ended: str | dict | None = None,
    unit: str = "month",
    as_of: str | None = None,
    period: str = "month",
    horizon: int = 12,
    model: str = "auto",
    annual_discount: float = 0.0,
    payment: float | None = None,
    margin: float | None = None,
) -> ContractRenewals:
    r"""How many contracts will still be there, and how many payments each can be expected to make.

    A contract ends at a renewal: of two dates the nearest whole number of periods is taken, of one that still runs the
    periods it has completed. With S(t) of `Sbg` or `Bdw`, and d the discount of a period, a contract with n renewals

    .. math:: \text{makes} \sum_{k=1}^{H} \frac{S(n + k)}{S(n)} \frac{1}{(1+d)^k} \text{ payments in the next } H
        \text{ periods}

    Which model: BdW where the likelihood-ratio test of c = 1 has p below 0.05, else sBG.

    table, start, end, tenure, ended, unit, as_of : as for `survival`
    period : "week", "month" or "year", from one renewal to the next
    horizon : H, periods to look ahead
    model : "auto", "sbg" or "bdw"
    annual_discount : rate a year; payment : of each period; margin : the share of it that is left

    Raises as `survival`; UnknownValue and InsightError for other settings; NotEnoughData below 100 contracts, or where
    none has ended.
    Source: Fader & Hardie 2007, J. of Interactive Marketing 21:76; Fader et al. 2018, ibid. 43:1.
    """
    given = _checked(period, horizon, annual_discount, payment, margin, model)
    asked = {"start": start, "end": end, "tenure": tenure, "ended": ended, "unit": unit, "as_of": as_of}
    found = survival(table, **asked)
    lost, active = renewals(found, period)
    return _foretold(lost, active, model, given, found.left_out, found.as_of)


def renewals_of_survivors(
    survivors: list[int],
    *,
    period: str = "year",
    horizon: int = 12,
    model: str = "auto",
    annual_discount: float = 0.0,
    payment: float | None = None,
    margin: float | None = None,
) -> ContractRenewals:
    """The same of typed numbers: of one cohort, how many were still there at the start of period 0, 1, 2, ...

    Raises as `contract_renewals`. Source: as there.

    >>> found = renewals_of_survivors([1000, 869, 743, 653, 593, 551, 517, 491], horizon=5)
    >>> found.model, found.periods["projected"].round(3).tolist()[-5:]
    ('bdw', [0.468, 0.448, 0.432, 0.417, 0.404])
    """
    given = _checked(period, horizon, annual_discount, payment, margin, model)
    fit_sbg(survivors)  # what cannot be survivors is refused there
    counts = np.asarray(survivors, float)
    lost = np.append(0.0, counts[:-1] - counts[1:])
    active = np.zeros(len(counts))
    active[-1] = counts[-1]
    return _foretold(lost, active, model, given, {}, None)


def _foretold(
    lost: np.ndarray, active: np.ndarray, model: str, given: dict, left_out: dict, as_of: str | None
) -> ContractRenewals:
    cohorts = as_cohorts(lost, active)
    observed = len(lost) - 1
    sbg = fit_sbg(cohorts)
    bdw = fit_bdw(cohorts) if observed >= FEWEST_FOR_BDW else None
    chosen, why = _chosen(model, bdw)
    own: Sbg | Bdw = bdw if chosen == "bdw" else sbg
    horizon = given["horizon"]
    share = contract_survival(own, observed + horizon)
    rate = (1 + given["annual_discount"]) ** (LENGTH[given["period"]] / 365.25)
    discount = rate ** -np.arange(1.0, horizon + 1)
    each = np.array([(share[n + 1 : n + 1 + horizon] / share[n] * discount).sum() for n in range(observed + 1)])
    expected, new = float(each @ active), 1 + float(each[0])
    worth = math.nan if None in (given["payment"], given["margin"]) else given["payment"] * given["margin"]
    return ContractRenewals(
        periods=periods_table(lost, active, sbg, bdw, share),
        remaining=pd.DataFrame({"renewals": range(observed + 1), "n_customers": active.round().astype(int),
                                "expected_payments": each}),
        expected_payments=expected,
        new_payments=new,
        value=expected * worth,
        new_value=new * worth,
        model=chosen,
        chosen_by=why,
        alpha=own.alpha,
        beta=own.beta,
        c=getattr(own, "c", 1.0),
        p_value=float("nan") if bdw is None else bdw.p_value,
        n_customers=round(lost.sum() + active.sum()),
        ended=round(lost.sum()),
        running=round(active.sum()),
        observed=observed,
        left_out=left_out,
        as_of=as_of,
        **given,
    )  # fmt: skip


def _chosen(model: str, bdw: Bdw | None) -> tuple[str, str]:
    if model == "bdw" and bdw is None:
        raise InsightError(f"BdW has three parameters and needs {FEWEST_FOR_BDW} observed periods: take model='sbg'.")
    if model != "auto":
        return model, "given"
    if bdw is None:
        return "sbg", "default"
    return ("bdw" if bdw.p_value < CHANCE else "sbg"), "test"


def _checked(
    period: str, horizon: int, annual_discount: float, payment: float | None, margin: float | None, model: str
) -> dict[str, object]:
    if model not in MODELS:
        raise UnknownValue("model", model, MODELS)
    if period not in LENGTH:
        raise UnknownValue("period", period, LENGTH)
    if isinstance(horizon, bool) or not isinstance(horizon, int) or not 1 <= horizon <= MOST:
        raise InsightError(f"horizon = {horizon!r} must be a whole number of periods, 1 to {MOST}.")
    numbers = {"annual_discount": (annual_discount, 10), "payment": (payment, math.inf), "margin": (margin, 1)}
    for name, (value, most) in numbers.items():
        if value is None and name != "annual_discount":
            continue
        if not is_number(value) or not 0 <= value <= most:
            raise InsightError(f"{name} = {value!r} must be a number from 0 to {most}.")
    return {"period": period, "horizon": horizon} | {name: value for name, (value, _most) in numbers.items()}
