"""The trial of the models: fitted on an early day, and asked on a later one about what had not happened yet."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.churn.features import Snapshot
from insight.churn.models import (
    Encoding,
    auc,
    brier,
    calibration,
    chances,
    clearly_better,
    encoding,
    fitted,
    lift_of_top,
    shift_to,
    shifted,
)
from insight.intervals import wilson

RECENCY = "recency"  # the rule that asks how long ago the last activity is, and nothing else
LEAK = 0.95  # an AUC above it is too good: something of the answer is among the features
TOP_SHARE = 0.1  # of the customers whose lift is reported


@dataclass(frozen=True, eq=False)
class Trial:
    """What came of it.

    models : one row a model, as in Propensity; chosen : the name of the one that is used, `fit` the fitted model
    chance : of each customer of the later day, as they were told then
    shift : what has to be added to all log-odds for the mean chance to be the share that came back
    """

    models: pd.DataFrame
    chosen: str
    fit: object
    code: Encoding
    chance: np.ndarray
    shift: float

    def chance_of(self, known: Snapshot) -> np.ndarray:
        """The chances of customers known on another day, moved to the share of the test."""
        return shifted(chances(self.fit, self.code.matrix(known)), self.shift)


def trial(early: Snapshot, late: Snapshot, names: tuple[str, ...], wanted: str) -> Trial:
    """Fit a model on the early day and test it on the late one; "auto" tries both and takes boosting where it is
    clearly better, after each was moved to the same share, which says nothing about customers."""
    code, y = encoding(early, names), late.returned
    asked = ("logistic", "boosting") if wanted == "auto" else (wanted,)
    models = {name: fitted(name, code.matrix(early), early.returned) for name in asked}
    found = {name: chances(own, code.matrix(late)) for name, own in models.items()}
    chosen = wanted
    if wanted == "auto":
        moved = {name: shifted(chance, shift_to(chance, y.mean())) for name, chance in found.items()}
        chosen = "boosting" if clearly_better(moved["boosting"], moved["logistic"], y) else "logistic"
    shift = shift_to(found[chosen], y.mean())
    return Trial(_model_table(found, late, chosen), chosen, models[chosen], code, found[chosen], shift)


def _model_table(found: dict[str, np.ndarray], late: Snapshot, chosen: str) -> pd.DataFrame:
    y, recent = late.returned, -late.features["days_silent"]
    rows = [
        [name, auc(p, y), brier(p, y), *calibration(p, y), lift_of_top(p, y, TOP_SHARE)] for name, p in found.items()
    ]
    rows.append([RECENCY, auc(recent, y), np.nan, np.nan, np.nan, lift_of_top(recent, y, TOP_SHARE)])
    table = pd.DataFrame(rows, columns=["model", "auc", "brier", "slope", "intercept", "lift_top"])
    table.insert(3, "base_brier", float(y.mean() * (1 - y.mean())))
    return table.assign(is_chosen=table["model"] == chosen)


def decile_table(chance: np.ndarray, late: Snapshot, level: float) -> pd.DataFrame:
    """The customers of the test in ten parts by their chance; of equal chances those with the lower ids come first."""
    order = np.argsort(-chance, kind="stable")
    tenth = np.arange(len(order)) * 10 // len(order)
    n = np.bincount(tenth, minlength=10)
    back = np.bincount(tenth, late.returned[order], 10).astype(np.int64)
    low, high = wilson(back, n, level)
    return pd.DataFrame(
        {
            "decile": np.arange(1, 11),
            "n_customers": n,
            "predicted": np.bincount(tenth, chance[order], 10) / n,
            "came_back": back,
            "observed_share": back / n,
            "ci_low": low,
            "ci_high": high,
            "lift": back / n / late.returned.mean(),
            "captured_share": np.cumsum(back) / back.sum(),
        }
    )
