"""lifetimes: the package that most analysts fit these models with. As its documentation says, with its own settings."""

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

FITTERS = {
    "bg_nbd": BetaGeoFitter,
    "mbg_nbd": ModifiedBetaGeoFitter,
    "pareto_nbd": ParetoNBDFitter,
    "gamma_gamma": GammaGammaFitter,
}
HISTORY, SPENDING = ["frequency", "recency", "T"], ["frequency", "monetary_value"]


class Engine:
    def __init__(self):
        self.fitted = {}

    def read(self, path: str) -> int:
        self.customers = pd.read_parquet(path)
        return len(self.customers)

    def fit(self, model: str) -> dict:
        np.random.seed(0)  # Pareto/NBD begins at random, and now and then takes twenty times as long
        self.fitted[model] = FITTERS[model]()
        self.fitted[model].fit(*self._columns(model))
        return {name: float(value) for name, value in self.fitted[model].params_.items()}

    def likelihood(self, model: str) -> float:
        """Its own formula at its own parameters. Of Pareto/NBD it takes parameters and gives a sum, else logarithms
        and a mean."""
        fitter, columns = self.fitted[model], [own.to_numpy() for own in self._columns(model)]
        parameters, weight = fitter.params_.to_numpy(), np.ones(len(columns[0]))
        if model == "pareto_nbd":
            return -float(fitter._negative_log_likelihood(parameters, *columns, weight, 0))
        return -float(fitter._negative_log_likelihood(np.log(parameters), *columns, weight, 0)) * len(weight)

    def predict(self, model: str, weeks: int) -> float:
        fitter = self.fitted[model]
        if model == "gamma_gamma":
            spending = [self.customers[name] for name in SPENDING]
            return float(fitter.conditional_expected_average_profit(*spending).mean())
        history = [self.customers[name] for name in HISTORY]
        return float(fitter.conditional_expected_number_of_purchases_up_to_time(weeks, *history).sum())

    def _columns(self, model: str) -> list[pd.Series]:
        if model != "gamma_gamma":
            return [self.customers[name] for name in HISTORY]
        back = self.customers[self.customers["frequency"] > 0]
        return [back[name] for name in SPENDING]
