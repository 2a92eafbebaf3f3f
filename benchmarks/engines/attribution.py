"""This project, sharing conversions out."""

import pandas as pd

from insight.attribution import attribution, attribution_models

RULES = ["first", "last", "linear"]


class Engine:
    def read(self, path: str) -> int:
        self.paths = pd.read_parquet(path)
        return len(self.paths)

    def rules(self) -> dict:
        found = attribution_models(self.paths, models=RULES).credits
        return {model: _by_channel(own) for model, own in found.groupby("model")}

    def markov(self, order: int) -> dict:
        return {"markov": _by_channel(attribution(self.paths, model="markov", order=order).credits)}

    def every(self) -> dict:
        found = attribution_models(self.paths).credits
        return {model: _by_channel(own) for model, own in found.groupby("model")}


def _by_channel(credits: pd.DataFrame) -> dict[str, float]:
    return dict(zip(credits["channel"], credits["conversions"].tolist(), strict=True))
