"""This project."""

from benchmarks.data import STEPS
from insight import funnel, read_events, read_orders, retention, rfm, transitions
from insight.log import Log

READERS = {"events": read_events, "orders": read_orders}
MOMENT = {"events": "timestamp", "orders": "order_date"}
PREPARED = ("values", "customer_at", "time_at", "starts", "minor", "facts")  # the file's columns, sorted and encoded


class Engine:
    def read(self, kind: str, path: str) -> list:
        table = READERS[kind](path)
        setattr(self, kind, table)
        times = table.frame[MOMENT[kind]]
        return [len(table.frame), str(times.min()), str(times.max())]

    def prepare(self, kind: str) -> None:
        log = getattr(self, kind).log
        if kind == "events":
            log.values("channel")

    def funnel(self, days: int) -> list:
        forget(self.events.log)
        return self.moved(days)

    def moved(self, days: int) -> list:
        found = funnel(self.events, steps=list(STEPS), within=f"{days}D", entries="all")
        return [[number, n] for number, n in enumerate(found.steps["reached"].tolist(), 1)]

    def breakdown(self, days: int) -> list:
        forget(self.events.log)
        found = funnel(self.events, steps=list(STEPS), within=f"{days}D", entries="all", by="channel").groups
        number = found["step"].map({step: number for number, step in enumerate(STEPS, 1)})
        return sorted(map(list, zip(found["group"], number, found["reached"].tolist(), strict=True)))

    def transitions(self) -> list:
        forget(self.events.log)
        counts = transitions(self.events).counts
        return sorted(counts[["from_event", "to_event", "count"]].values.tolist())

    def retention(self) -> list:
        forget(self.events.log)
        cells = retention(self.events).cells
        seen = cells[cells["retained"] > 0]
        return sorted(seen[["cohort", "period", "retained"]].values.tolist())

    def rfm(self) -> list:
        forget(self.orders.log)
        segments = rfm(self.orders).segments
        cents = (segments["revenue"] * 100).round().astype("int64")
        rows = zip(segments["segment"], segments["n_customers"].tolist(), cents.tolist(), strict=True)
        return sorted([name, n, revenue] for name, n, revenue in rows if n)


def forget(log: Log) -> None:
    """Forget what earlier questions left in the log; what is prepared once for all questions stays."""
    with log._lock:
        for key in list(log._memory):
            if key not in PREPARED and key[0] not in PREPARED:
                del log._memory[key]
