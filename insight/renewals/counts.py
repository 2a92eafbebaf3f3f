"""Contracts by renewals: how many were lost at each, how many run after so many, and the curve of both."""

import numpy as np
import pandas as pd

from insight.churn.survival import Survival
from insight.clv.contracts import Bdw, Sbg, contract_survival

LENGTH = {"week": 7.0, "month": 365.25 / 12, "year": 365.25}  # days
MOST = 240  # periods observed, and periods looked ahead


def renewals(found: Survival, period: str) -> tuple[np.ndarray, np.ndarray]:
    """Contracts lost at renewal 0, 1, 2, ... (none at 0), and running after so many."""
    time = found.curve["time"].to_numpy(float) * (LENGTH | {"day": 1.0})[found.unit] / LENGTH[period]
    over, so_far = np.round(time), np.floor(time + 1e-9)
    over = np.clip(over, 1, MOST).astype(int)
    so_far = np.clip(so_far, 0, MOST).astype(int)
    length = max(over[found.curve["lost"] > 0].max(initial=1), so_far.max(initial=0)) + 1
    lost = np.bincount(over, found.curve["lost"], minlength=length)[:length]
    return lost, np.bincount(so_far, found.curve["censored"], minlength=length)[:length]


def as_cohorts(lost: np.ndarray, active: np.ndarray) -> pd.DataFrame:
    """The same as survivors by cohort: those who left are one, those who run are one for each number of renewals."""
    rows = [("left", period, lost[period + 1 :].sum()) for period in range(len(lost)) if lost.any()]
    for n in np.flatnonzero(active):
        rows += [(f"runs {n}", period, active[n]) for period in range(n + 1)]
    return pd.DataFrame(rows, columns=["cohort", "period", "active"])


def periods_table(lost: np.ndarray, active: np.ndarray, sbg: Sbg, bdw: Bdw | None, share: np.ndarray) -> pd.DataFrame:
    """The `periods` table of `ContractRenewals`. share : survival by the chosen model, beyond the data too."""
    at_risk = (lost + active)[::-1].cumsum()[::-1]
    with np.errstate(invalid="ignore"):
        seen = np.cumprod(np.where(at_risk > 0, 1 - lost / at_risk, np.nan))
    beyond = np.full(len(share) - len(lost), np.nan)
    return pd.DataFrame(
        {
            "period": range(len(share)),
            "at_risk": np.append(at_risk, beyond),
            "lost": np.append(lost, beyond),
            "survival": np.append(seen, beyond),
            "sbg": contract_survival(sbg, len(share) - 1),
            "bdw": np.nan if bdw is None else contract_survival(bdw, len(share) - 1),
            "projected": share,
            "retention": np.append(np.nan, share[1:] / share[:-1]),
        }
    )
