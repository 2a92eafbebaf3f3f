"""This project on files larger than memory."""

from pathlib import Path

from benchmarks.data import STEPS
from insight import clv_summary, funnel, retention
from insight.sources import open_events, open_orders

OPENERS = {"events": open_events, "orders": open_orders}


class Engine:
    def read(self, kind: str, path: str) -> list:
        table = OPENERS[kind](path, workspace=Path(path).parent)
        setattr(self, kind, table)
        return [table.n_rows, table.n_customers]

    def funnel(self) -> list:
        return funnel(self.events, steps=list(STEPS), within="7D").steps["reached"].tolist()

    def breakdown(self) -> list:
        found = funnel(self.events, steps=list(STEPS), within="7D", by="channel")
        return found.groups["reached"].tolist()

    def retention(self) -> list:
        cells = retention(self.events).cells
        return cells[cells["observed"] == "full"].groupby("period")["retained"].sum().tolist()

    def clv(self) -> list:
        customers = clv_summary(self.orders).customers
        return [len(customers), int(customers["frequency"].sum())]
