"""The limit: one pass over the columns that a question needs, in numpy. It answers nothing."""

import numpy as np


class Engine:
    def read(self, kind: str, path: str) -> list:
        with open(path, "rb") as file:
            self.n = sum(1 for _line in file) - 1
        return []

    def prepare(self, kind: str) -> None:
        self.customer, self.time = np.ones(self.n, np.int32), np.ones(self.n, np.int64)
        self.event, self.channel, self.amount = (np.ones(self.n, t) for t in (np.int8, np.int8, np.int64))

    def funnel(self, days: int) -> list:
        return self._passed("customer", "time", "event")

    def breakdown(self, days: int) -> list:
        return self._passed("customer", "time", "event", "channel")

    def transitions(self) -> list:
        return self._passed("customer", "time", "event")

    def retention(self) -> list:
        return self._passed("customer", "time")

    def rfm(self) -> list:
        return self._passed("customer", "time", "amount")

    def _passed(self, *columns: str) -> list:
        for name in columns:
            getattr(self, name).max()
        return []
