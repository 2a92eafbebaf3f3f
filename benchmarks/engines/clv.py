"""This project, fitting models of repeat buying and of spend."""

import pandas as pd

from insight.clv import (
    expected_purchases,
    expected_spend,
    fit_bg_nbd,
    fit_gamma_gamma,
    fit_mbg_nbd,
    fit_pareto_nbd,
)

FITS = {"bg_nbd": fit_bg_nbd, "mbg_nbd": fit_mbg_nbd, "pareto_nbd": fit_pareto_nbd, "gamma_gamma": fit_gamma_gamma}


class Engine:
    def __init__(self):
        self.fitted = {}

    def read(self, path: str) -> int:
        self.customers = pd.read_parquet(path)
        return len(self.customers)

    def fit(self, model: str) -> dict:
        self.fitted[model] = FITS[model](self.customers)
        return self.fitted[model].parameters

    def likelihood(self, model: str) -> float:
        return self.fitted[model].log_likelihood

    def predict(self, model: str, weeks: int) -> float:
        """The purchases of everybody in so many weeks; of the model of spend, the mean spend of everybody."""
        if model == "gamma_gamma":
            return float(expected_spend(self.fitted[model], self.customers).mean())
        return float(expected_purchases(self.fitted[model], self.customers, horizon=weeks).sum())
