"""ChannelAttribution: the package that most analysts share conversions with. It simulates the chain; as it comes."""

import ChannelAttribution
import pandas as pd

COLUMNS = {"first": "first_touch_conversions", "last": "last_touch_conversions", "linear": "linear_touch_conversions"}
WHAT = {"var_path": "path", "var_conv": "conversions", "var_value": "value", "sep": ">", "flg_pro": False}


class Engine:
    def read(self, path: str) -> int:
        self.paths = pd.read_parquet(path)
        return len(self.paths)

    def rules(self) -> dict:
        found = ChannelAttribution.heuristic_models(self.paths, **WHAT).set_index("channel_name")
        return {model: found[column].to_dict() for model, column in COLUMNS.items()}

    def markov(self, order: int) -> dict:
        found = ChannelAttribution.markov_model(self.paths, var_null="nulls", order=order, verbose=False, **WHAT)
        return {"markov": found.set_index("channel_name")["total_conversions"].to_dict()}
